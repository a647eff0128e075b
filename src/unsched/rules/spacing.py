"""How close sessions lie on one day: so far apart at least, or next to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import field, frozen

from unsched.domain.fact import check_choice, check_count, check_truth
from unsched.domain.gather import bearers, check_per, for_whom, gather
from unsched.domain.interval import Interval
from unsched.domain.part import Part
from unsched.domain.select import Select, to_select, to_some_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference
from unsched.solver.cliques import cliques

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal, Requirement

__all__ = ["Apart", "Neighbour"]

_Stays: TypeAlias = "Mapping[str, list[tuple[date, str, Interval, Literal]]]"
"""When and where sessions can be, by id: the day, the room ("" is whichever), the time, and the literal for it."""

_Point: TypeAlias = "tuple[date, str, str, int]"
"""A day, a room ("" is whichever), "start" or "end", and the minute at which something does."""


_ANY_DAY = date.min
"""Stands for all dates."""


def _shape(parts: Iterable[Part]) -> tuple[object, ...]:
    """Return what those who have the same to attend have in common."""
    return tuple((part.key, part.minutes) for part in parts)


def _counts(amount: Linear) -> Requirement:
    """Demand that an amount, which is what it costs at a price, is 0."""
    from unsched.solver.terms import Requirement

    return Requirement((amount <= 0,), amount=lambda: amount)


@frozen
class Apart(Constraint):
    """Between any two of the selected sessions on one day lie at least so many minutes.

    The order does not matter, and sessions that overlap are not apart. The day is the local date on which each starts.
    One unit of cost is a pair of sessions that is too close; with `per`, it counts for each body, delegation ...
    that it is too close for.

    Args:
        sessions: which sessions.
        least: least minutes from the end of the one to the start of the other, 1 or more.
        per: `None`, for all pairs; "body", "kind", "tag" or "group", for the pairs that have one in common;
            "delegation" or "person", for the pairs in which one has a duty, and for the segments in which it has it.

    Example: a delegation is required in slots that do not follow each other, with an hour between them at least.
    """

    kind: ClassVar[str] = "apart"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    least: int
    per: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("least", self.least, least=1, unit="minutes")
        yield from check_per("per", self.per)

    def post(self, board: Board) -> None:
        """Lengthen each stay by the pause, and let one of those that then overlap hold at a time."""
        from unsched.solver.terms import Requirement

        day_of = cache(board.problem.window.day_of)
        alike: dict[tuple[object, ...], tuple[list[str], tuple[Part, ...]]] = {}
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            alike.setdefault(_shape(parts), ([], parts))[0].append(name)
        for names, parts in alike.values():
            if board.at_a_price:
                self._price(board, names, parts, day_of)
                continue
            about = ", ".join(names) if self.per else str(self.sessions)
            board.require(self, Requirement(at_most_one=tuple(self._crowds(board, parts, day_of))), about=about)

    def _price(self, board: Board, names: list[str], parts: Iterable[Part], day_of: Callable[[int], date]) -> None:
        by_session: dict[str, list[Part]] = {}
        for part in parts:
            by_session.setdefault(part.session.id, []).append(part)
        for pair in combinations(by_session, 2):
            both = [*by_session[pair[0]], *by_session[pair[1]]]
            terms = [board.total(crowd) - 1 for crowd in self._crowds(board, both, day_of)]
            if not terms:
                continue
            close = _counts(board.greatest(terms, upper=1))
            for name in names:
                board.require(self, close, about=", ".join(pair), whom=bearers(self.per, name) or pair)

    def _crowds(self, board: Board, parts: Iterable[Part], day_of: Callable[[int], date]) -> Iterator[list[Literal]]:
        by_day: dict[date, list[tuple[int, int, tuple[str, Interval]]]] = {}
        for part in parts:
            for span in board.spans(part.session):
                stay = part.within(span)
                if stay.minutes > 0:
                    entry = (stay.start, stay.end + self.least, (part.session.id, span))
                    by_day.setdefault(day_of(stay.start), []).append(entry)
        for entries in by_day.values():
            for crowd in cliques(entries):
                if len({name for name, _ in crowd}) > 1:
                    # Two parts of one session come and go together: one literal, which must not count twice.
                    yield [board.at(board.problem.session(name), span) for name, span in dict.fromkeys(crowd)]

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Measure the pause between any two on one day."""
        day_of = timetable.problem.window.day_of
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            stays = timetable.parts(parts)
            close: dict[frozenset[str], tuple[Placed, Placed]] = {}
            for index, one in enumerate(stays):
                for other in islice(stays, index + 1, None):
                    if other.span.start >= one.span.end + self.least:
                        break
                    if other.session.id != one.session.id and day_of(other.span.start) == day_of(one.span.start):
                        close.setdefault(frozenset((one.session.id, other.session.id)), (one, other))
            for one, other in close.values():
                pair = (one.session.id, other.session.id)
                gap = one.span.gap(other.span)
                found = f"{gap} minutes lie" if gap >= 0 else "no time lies"
                where = f"between {pair[0]!r} and {pair[1]!r}{for_whom(name)}"
                text = f"On {timetable.when(other)}, {found} {where}: under {self.least}."
                yield Breach(self, pair, 1, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        common = f" of one {self.per}" if self.per else ""
        return f"At least {self.least} minutes between any two{common} on one day: {self.sessions}."


@frozen
class Neighbour(Preference):
    """Each of the selected sessions has another directly before or after it, or on one side of it.

    A neighbour starts on the same local date (unless `overnight`), does not overlap, and is no more than `within`
    minutes away. The amount is the number of scheduled sessions without one; with `per`, a session counts once for each
    of its bodies, delegations ... for which it has none.

    Args:
        sessions: which sessions.
        to: what counts as a neighbour; `None` is another of the selected sessions.
        within: greatest minutes from the end of the one to the start of the other.
        open_minutes: whether only minutes of open blocks count, so that a break of the window keeps nobody apart.
        room: "any", or "same" if the neighbour has to be in the same room.
        overnight: whether a neighbour can be on another date; with `open_minutes`, first thing in the morning.
        side: "either", "before" (something ends just before it) or "after" (something starts just after it).
        per: `None`; "body", "kind", "tag" or "group", if the two must have one in common; "delegation" or "person", if
            one must have a duty in both. Its stay in a session then lasts from the first segment in which it has a duty
            to the last.

    Example: a delegation travels for no session that stands alone on its day.
    """

    kind: ClassVar[str] = "neighbour"
    unit: ClassVar[str] = "session alone"

    sessions: Select = field(converter=to_select, kw_only=False)
    to: Select | None = field(default=None, converter=to_some_select, kw_only=False)
    within: int = field(default=0, kw_only=False)
    open_minutes: bool = field(default=False, kw_only=False)
    room: str = field(default="any", kw_only=False)
    per: str | None = field(default=None, kw_only=False)
    side: str = field(default="either")
    overnight: bool = field(default=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_count("within", self.within, unit="minutes")
        yield from check_truth("open_minutes", self.open_minutes)
        yield from check_truth("overnight", self.overnight)
        yield from check_choice("room", self.room, ("any", "same"))
        yield from check_per("per", self.per)
        yield from check_choice("side", self.side, ("either", "before", "after"))

    def _circles(self, problem: Problem) -> Iterator[tuple[str, tuple[Part, ...], tuple[Part, ...]]]:
        mine = gather(problem, self.sessions, self.per)
        theirs = mine if self.to is None else gather(problem, self.to, self.per)
        return ((name, parts, theirs.get(name, ())) for name, parts in mine.items())

    def post(self, board: Board) -> None:
        """Price each time of a session, unless something ends just before it or starts just after it."""
        alike: dict[tuple[object, ...], tuple[list[str], tuple[Part, ...], tuple[Part, ...]]] = {}
        for name, mine, theirs in self._circles(board.problem):
            alike.setdefault((_shape(mine), _shape(theirs)), ([], mine, theirs))[0].append(name)
        for names, mine, theirs in alike.values():
            whole = len({part.session.id for part in mine}) == len(mine)
            if self.to is None and whole and board.in_turn(mine) and not board.bearers_asked:
                board.prefer(self, len(names) * self._alone_in_turn(board, self._stays(board, mine)))
                continue
            for session, alone in self._alone(board, self._stays(board, mine), self._stays(board, theirs)):
                for name in names:
                    board.prefer(self, alone, whom=bearers(self.per, name) or (session,))

    def _stays(self, board: Board, parts: Iterable[Part]) -> _Stays:
        by_session: dict[str, list[Part]] = {}
        for part in parts:
            by_session.setdefault(part.session.id, []).append(part)
        return {name: list(self._places(board, own)) for name, own in by_session.items()}

    def _places(self, board: Board, parts: list[Part]) -> Iterator[tuple[date, str, Interval, Literal]]:
        session, day_of = parts[0].session, board.problem.window.day_of
        for span in board.spans(session):
            inside = [stay for stay in (part.within(span) for part in parts) if stay.minutes > 0]
            if not inside:
                continue
            stay = Interval(inside[0].start, inside[-1].end)
            day = _ANY_DAY if self.overnight else day_of(stay.start)
            if self.room == "any":
                yield day, "", stay, board.at(session, span)
            else:
                yield from (
                    (day, room, stay, board.stands(session, span, room)) for room in board.rooms_at(session, span)
                )

    def _alone_in_turn(self, board: Board, mine: _Stays) -> Linear:
        """Return how many are alone, of sessions that never run at once: one comparison a time, whoever takes it."""
        points, near = self._points(board, mine)
        alike: dict[tuple[date, str, Interval], list[Literal]] = {}
        for day, room, stay, literal in (place for places in mine.values() for place in places):
            alike.setdefault((day, room, stay), []).append(literal)
        alone = []
        for (day, room, stay), literals in alike.items():
            beside = self._beside_of(near, day, room, stay)
            others = [literal for point in beside for literal in points[point]]
            alone.append(board.greatest([board.total(literals) - board.total(others)], upper=1))
        return board.total(alone)

    def _beside_of(
        self, near: Callable[[date, str, str, int], tuple[_Point, ...]], day: date, room: str, stay: Interval
    ) -> tuple[_Point, ...]:
        """Return where something ends just before a stay or starts just after it, on the sides that count."""
        ended = () if self.side == "after" else near(day, room, "end", stay.start)
        return ended if self.side == "before" else (*ended, *near(day, room, "start", stay.end))

    def _points(
        self, board: Board, theirs: _Stays
    ) -> tuple[dict[_Point, list[Literal]], Callable[[date, str, str, int], tuple[_Point, ...]]]:
        """Return where stays end and start, and what tells which of those are near a minute."""
        points: dict[_Point, list[Literal]] = {}
        minutes: dict[tuple[date, str, str], dict[int, None]] = {}
        for day, room, stay, literal in (place for places in theirs.values() for place in places):
            for side, minute in (("end", stay.end), ("start", stay.start)):
                points.setdefault((day, room, side, minute), []).append(literal)
                minutes.setdefault((day, room, side), {})[minute] = None
        passed = cache(board.problem.window.open_minutes_before)

        @cache
        def near(day: date, room: str, side: str, minute: int) -> tuple[_Point, ...]:
            found = []
            for other in minutes.get((day, room, side), ()):
                first, then = (other, minute) if side == "end" else (minute, other)
                between = passed(then) - passed(first) if self.open_minutes else then - first
                if first <= then and between <= self.within:
                    found.append((day, room, side, other))
            return tuple(found)

        return points, near

    def _alone(self, board: Board, mine: _Stays, theirs: _Stays) -> Iterator[tuple[str, Linear]]:
        points, near = self._points(board, theirs)

        @cache
        def happens(point: _Point) -> Literal:
            return board.any_of(points[point])

        for name, places in mine.items():
            alike: dict[tuple[_Point, ...], list[Literal]] = {}
            for day, room, stay, literal in places:
                beside = self._beside_of(near, day, room, stay)
                alike.setdefault(beside, []).append(literal)
            # Its own other times may be among those beside it; they are 0 where one of these literals is 1.
            terms = [board.total(own) - board.total(map(happens, beside)) for beside, own in alike.items()]
            yield name, board.greatest(terms, upper=1)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look around each session on its day."""
        day_of = timetable.problem.window.day_of
        for name, mine, theirs in self._circles(timetable.problem):
            by_day: dict[date, list[Placed]] = {}
            for other in self._from_first_to_last(timetable, theirs):
                by_day.setdefault(_ANY_DAY if self.overnight else day_of(other.span.start), []).append(other)
            for one in self._from_first_to_last(timetable, mine):
                others = by_day.get(_ANY_DAY if self.overnight else day_of(one.span.start), ())
                if not any(self._beside(timetable, one, other) for other in others):
                    text = f"{one.session.id!r} on {timetable.when(one)} has no neighbour{for_whom(name)}."
                    yield Breach(self, (one.session.id,), 1, text, bearers(self.per, name))

    def _from_first_to_last(self, timetable: Timetable, parts: Iterable[Part]) -> Iterable[Placed]:
        stays: dict[str, Placed] = {}
        for one in timetable.parts(parts):
            begin = stays.get(one.session.id, one).span.start
            stays[one.session.id] = one.during(Interval(begin, one.span.end))
        return stays.values()

    def _beside(self, timetable: Timetable, one: Placed, other: Placed) -> bool:
        if self.room == "same" and one.room.id != other.room.id:
            return False
        if self.side != "either" and (other.span.start > one.span.start) != (self.side == "after"):
            return False
        gap = one.span.gap(other.span)
        if gap > 0 and self.open_minutes:
            between = Interval(min(one.span.end, other.span.end), max(one.span.start, other.span.start))
            gap = sum(block.shared(between) for block in timetable.problem.window.open_time)
        return 0 <= gap <= self.within

    def say(self) -> str:
        """Return the rule as a sentence."""
        common = f" of one {self.per}" if self.per else ""
        to = "another" if self.to is None else f"one among {self.to}"
        words = f"{'open ' if self.open_minutes else ''}minutes"
        within = (
            f" within {self.within} {words}" if self.within else " without a break" if not self.open_minutes else ""
        )
        room = " in the same room" if self.room == "same" else ""
        side = {"before": "Just after", "after": "Just before"}.get(self.side, "Next to")
        return f"{side} {to}{common}{within}{room}: {self.sessions}."
