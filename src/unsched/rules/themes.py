"""Themes of a conference: what a room holds from one break to the next, and which themes do not go together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.choose_rooms import SelectRooms, faults_of_rooms, rooms_of, to_rooms
from unsched.domain.fact import check_choice, check_each, check_id, to_ids
from unsched.domain.time import Period, to_periods
from unsched.errors import Fault, nearest
from unsched.rules.base import Breach, Constraint, Preference

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Literal

__all__ = ["KeepThemesOut", "ThemedRooms", "ThemesApart"]

_EACH = ("block", "day")


def stays_of(board: Board, sessions: Iterable[Session], each: str) -> dict[Hashable, dict[str, list[Interval]]]:
    """Return the times that are left to sessions, by the block, or the day, in which they start."""
    window = board.problem.window
    found: dict[Hashable, dict[str, list[Interval]]] = {}
    blocks: dict[tuple[int, tuple[str, ...]], Interval] = {}
    days: dict[int, date] = {}
    for session in sessions:
        for span in board.spans(session):
            stretch: Hashable
            if each == "day":
                if span.start not in days:
                    days[span.start] = window.day_of(span.start)
                stretch = days[span.start]
            else:
                key = (span.start, session.blocks)
                if key not in blocks:
                    fit = (one.span for one in window.open_blocks if one.kind in session.blocks)
                    blocks[key] = next(one for one in fit if one.start <= span.start < one.end)
                stretch = blocks[key]
            found.setdefault(stretch, {}).setdefault(session.id, []).append(span)
    return found


def stretch_of(timetable: Timetable, one: Placed, each: str) -> object:
    """Return the block, or the day, in which a placed session starts; `None` outside all blocks that it may use."""
    window = timetable.problem.window
    if each == "day":
        return window.wall(one.span.start).date()
    for block in window.open_blocks:
        if block.kind in one.session.blocks and block.span.start <= one.span.start < block.span.end:
            return block.span.start, block.span.end
    return None


def _unknown(problem: Problem, path: str, tags: tuple[str, ...], *, many: bool = True) -> Iterator[Fault]:
    known = {tag for session in problem.sessions for tag in session.tags}
    for index, tag in enumerate(tags):
        if tag not in known:
            place = f"{path}[{index}]" if many else path
            yield Fault(place, f"nothing is tagged {tag!r}", nearest(tag, sorted(known)))


def _rooms_held(timetable: Timetable, each: str) -> dict[object, dict[str, dict[str, list[str]]]]:
    """Return the sessions by the block (or day), the tag and the room."""
    found: dict[object, dict[str, dict[str, list[str]]]] = {}
    for one in timetable.placed:
        stretch = stretch_of(timetable, one, each)
        if stretch is not None:
            for tag in one.session.tags:
                held = found.setdefault(stretch, {}).setdefault(tag, {})
                held.setdefault(one.room.id, []).append(one.session.id)
    return found


@frozen
class ThemedRooms(Constraint):
    """A room holds one theme at a time: in each open block, the sessions of at most one of the tags.

    The amount is the number of tags beyond the first, for each room and block (or day). Sessions without any of the
    tags may stand anywhere; one with two of them brings both.

    Args:
        tags: the themes, as sessions are tagged.
        each: "block" or "day".

    Example: from one coffee break to the next, a room is either machine learning or logistics.
    """

    kind: ClassVar[str] = "themed-rooms"
    unit: ClassVar[str] = "theme beyond the first"

    tags: tuple[str, ...] = field(converter=to_ids)
    each: str = "block"

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_each("tags", self.tags)
        if isinstance(self.tags, tuple) and len(self.tags) < 2:
            yield Fault("tags", "one theme is at odds with nothing", "two tags or more.")
        yield from check_choice("each", self.each, _EACH)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield tags that no session has."""
        yield from _unknown(problem, "rule.tags", self.tags)

    def post(self, board: Board) -> None:
        """Let each room take up at most one theme in a block."""
        there: dict[tuple[Hashable, str], list[Literal]] = {}
        themes: dict[str, list[str]] = {}
        for tag in self.tags:
            members = [session for session in board.problem.sessions if tag in session.tags]
            for session in members:
                themes.setdefault(session.id, []).append(tag)
            for stretch, stays in stays_of(board, members, self.each).items():
                for room, taken in board.takes(stays).items():
                    there.setdefault((stretch, room), []).append(taken)
        for (_, room), taken_by in there.items():
            if len(taken_by) > 1:
                board.require(self, board.total(taken_by) <= 1, about=room)
        if not board.at_a_price and not board.guarded:
            board.set_apart({name: frozenset(tags) for name, tags in themes.items()})

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """List the themes of each room and block."""
        found: dict[tuple[object, str], dict[str, list[str]]] = {}
        for stretch, by_tag in _rooms_held(timetable, self.each).items():
            for theme in self.tags:
                for room, names in by_tag.get(theme, {}).items():
                    found.setdefault((stretch, room), {})[theme] = names
        for (_, room), themes in found.items():
            if len(themes) > 1:
                sessions = tuple(dict.fromkeys(name for several in themes.values() for name in several))
                held = " and ".join(map(repr, themes))
                text = f"Room {room!r} holds {held} in one {self.each}: {', '.join(sessions)}."
                yield Breach(self, sessions, len(themes) - 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"In each {self.each}, a room holds one of {', '.join(map(repr, self.tags))}."


@frozen
class KeepThemesOut(Preference):
    """Themes keep out of some rooms, of some hours, or of some rooms at some hours.

    A theme takes up a room in an open block (or on a day) if a session with its tag stands there and starts in the
    periods. The amount is the number of rooms so taken up, added up over the themes and blocks, however many sessions
    a theme has there.

    Args:
        tags: the themes, as sessions are tagged.
        rooms: the rooms: by id, by building, or by what they offer.
        periods: the hours; left out, all.
        each: "block" or "day".

    Example: the poster sessions would rather not take up the lecture hall, and no track the first block of the day.
    """

    kind: ClassVar[str] = "keep-themes-out"
    unit: ClassVar[str] = "room and block taken up"
    anonymous: ClassVar[bool] = True

    tags: tuple[str, ...] = field(converter=to_ids, kw_only=False)
    rooms: SelectRooms = field(default=SelectRooms(), converter=to_rooms, kw_only=False)
    periods: tuple[Period, ...] | None = field(default=None, converter=to_periods, kw_only=False)
    each: str = field(default="block", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("tags", self.tags)
        if self.tags == ():
            yield Fault("tags", "no theme is named", "one tag or more.")
        if self.periods is not None:
            yield from check_each("periods", self.periods, Period)
            if self.periods == ():
                yield Fault("periods", "an empty list means no hour at all", "leave periods out to mean all.")
        yield from check_choice("each", self.each, _EACH)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield tags that no session has, and names of no room."""
        yield from _unknown(problem, "rule.tags", self.tags)
        yield from faults_of_rooms(problem, "rule.rooms", self.rooms)

    def post(self, board: Board) -> None:
        """Price each room that a theme takes up."""
        dear = {room.id for room in rooms_of(board.problem, self.rooms)}
        hours = None if self.periods is None else board.problem.window.intervals(self.periods)
        for tag in self.tags:
            members = [session for session in board.problem.sessions if tag in session.tags]
            for stays in stays_of(board, members, self.each).values():
                dear_stays = {
                    name: [
                        span
                        for span in spans
                        if hours is None or any(hour.start <= span.start < hour.end for hour in hours)
                    ]
                    for name, spans in stays.items()
                }
                taken = board.takes(dear_stays)
                board.prefer(self, board.total([literal for room, literal in taken.items() if room in dear]))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Collect the rooms that each theme takes up."""
        dear = rooms_of(timetable.problem, self.rooms)
        hours = None if self.periods is None else timetable.problem.window.intervals(self.periods)
        taken: dict[tuple[str, object, str], list[str]] = {}
        for one in timetable.placed:
            at = one.span.start
            if one.room not in dear or not (hours is None or any(hour.start <= at < hour.end for hour in hours)):
                continue
            stretch = stretch_of(timetable, one, self.each)
            for tag in self.tags if stretch is not None else ():
                if tag in one.session.tags:
                    taken.setdefault((tag, stretch, one.room.id), []).append(one.session.id)
        for (tag, _, room), names in taken.items():
            text = f"{tag!r} takes up room {room!r} for a {self.each}, with {', '.join(map(repr, names))}."
            yield Breach(self, tuple(names), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        when = "" if self.periods is None else f", {'; '.join(map(str, self.periods))}"
        return f"Better not in {self.rooms}{when}: {', '.join(map(repr, self.tags))}."


@frozen
class ThemesApart(Preference):
    """A theme does not run in the same open block as others, which the same people follow.

    The amount is, for each block (or day) and each of the others, the number of rooms that the theme takes up times
    the number of rooms that the other does.

    Args:
        theme: the theme, as sessions are tagged.
        others: the others.
        each: "block" or "day".

    Example: the track on neural networks does not run against the one on deep learning.
    """

    kind: ClassVar[str] = "themes-apart"
    unit: ClassVar[str] = "pair of rooms"
    anonymous: ClassVar[bool] = True

    theme: str = field(kw_only=False)
    others: tuple[str, ...] = field(converter=to_ids, kw_only=False)
    each: str = field(default="block", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_id("theme", self.theme)
        yield from check_each("others", self.others)
        if self.others == ():
            yield Fault("others", "no other theme is named", "one tag or more.")
        if isinstance(self.others, tuple) and self.theme in self.others:
            yield Fault("others", f"{self.theme!r} cannot be apart from itself", "other tags.")
        yield from check_choice("each", self.each, _EACH)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield tags that no session has."""
        yield from _unknown(problem, "rule.theme", (self.theme,), many=False)
        yield from _unknown(problem, "rule.others", self.others)

    def post(self, board: Board) -> None:
        """Price each pair of rooms."""
        rooms: dict[str, dict[Hashable, list[Literal]]] = {}
        for tag in (self.theme, *self.others):
            members = [session for session in board.problem.sessions if tag in session.tags]
            by_stretch = stays_of(board, members, self.each)
            rooms[tag] = {
                stretch: board.levels(board.takes(stays).values(), upper=len(stays))
                for stretch, stays in by_stretch.items()
            }
        for other in self.others:
            for stretch, mine in rooms[self.theme].items():
                yours = rooms[other].get(stretch, [])
                few, many = (mine, yours) if len(mine) <= len(yours) else (yours, mine)
                for level in few if many else ():
                    both = [many[0] + level - 1, board.total(many) - len(many) * (1 - level)]
                    board.prefer(self, board.greatest(both, upper=len(many)))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the rooms of both in each block."""
        for by_tag in _rooms_held(timetable, self.each).values():
            mine = by_tag.get(self.theme, {})
            for other in self.others:
                yours = by_tag.get(other, {})
                if mine and yours:
                    sessions = tuple(
                        dict.fromkeys(name for held in (mine, yours) for names in held.values() for name in names)
                    )
                    text = f"{self.theme!r} runs in one {self.each} with {other!r}: {', '.join(map(repr, sessions))}."
                    yield Breach(self, sessions, len(mine) * len(yours), text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"{self.theme!r} is not in one {self.each} with {' or '.join(map(repr, self.others))}."
