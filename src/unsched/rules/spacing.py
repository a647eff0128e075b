"""How close sessions lie on one day: so far apart at least, or next to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import evolve, field, frozen

from unsched.domain.fact import check_choice, check_count, check_truth
from unsched.domain.interval import Interval
from unsched.domain.part import Part, whole
from unsched.domain.select import Select, to_select, to_some_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference
from unsched.solver.cliques import cliques

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal, Requirement

__all__ = ["Apart", "Neighbour"]

_PER = ("body", "tag", "delegation", "person")
_PARTIES = ("delegation", "person")
_SHARED = {
    None: "",
    "body": " of one body",
    "tag": " of one tag",
    "delegation": " that need one delegation",
    "person": " that need one person",
}

_Stays: TypeAlias = "Mapping[str, list[tuple[date, str, Interval, Literal]]]"
"""When and where sessions can be, by id: the day, the room ("" is whichever), the time, and the literal for it."""

_Point: TypeAlias = "tuple[date, str, str, int]"
"""A day, a room ("" is whichever), "start" or "end", and the minute at which something does."""


def _check_per(per: object) -> Iterator[Fault]:
    if per is not None:
        yield from check_choice("per", per, _PER)


def _circles(problem: Problem, per: str | None, chosen: set[str]) -> list[tuple[list[str], list[Part]]]:
    """Return what `post` looks at together: the parts, and who shares them; those who share the same come as one."""
    shared: dict[str, list[Part]] = {}
    if per in _PARTIES:
        parties = problem.delegations if per == "delegation" else problem.persons
        shared = {party.id: [p for p in problem.duties[party.id] if p.session.id in chosen] for party in parties}
    else:
        for session in problem.sessions:
            names = {None: ("",), "body": session.bodies, "tag": session.tags}[per]
            for name in dict.fromkeys(names if session.id in chosen else ()):
                shared.setdefault(name, []).append(whole(session))
    alike: dict[tuple[object, ...], tuple[list[str], list[Part]]] = {}
    for name, parts in shared.items():
        alike.setdefault(tuple((part.key, part.minutes) for part in parts), ([], parts))[0].append(name)
    return list(alike.values())


def _seen(timetable: Timetable, per: str | None, chosen: set[str]) -> Iterator[tuple[str, list[Placed]]]:
    """Yield what `check` looks at together: by each who shares it, what is placed, in order of start."""
    placed = [one for one in timetable.placed if one.session.id in chosen]
    if per is None:
        yield "", placed
    elif per == "body":
        for name in dict.fromkeys(name for one in placed for name in one.session.bodies):
            yield name, [one for one in placed if name in one.session.bodies]
    elif per == "tag":
        for name in dict.fromkeys(name for one in placed for name in one.session.tags):
            yield name, [one for one in placed if name in one.session.tags]
    else:
        for party in timetable.problem.delegations if per == "delegation" else timetable.problem.persons:
            parts = timetable.parts(timetable.problem.duties[party.id])
            yield party.id, [one for one in parts if one.session.id in chosen]


def _counts(amount: Linear) -> Requirement:
    """Demand that an amount, which is what it costs at a price, is 0."""
    from unsched.solver.terms import Requirement

    return Requirement((amount <= 0,), amount=lambda: amount)


@frozen
class Apart(Constraint):
    """Between any two of the selected sessions on one day lie at least so many minutes.

    The order does not matter, and sessions that overlap are not apart. The day is the local date on which each starts.
    One unit of cost is a pair of sessions that is too close; with `per`, it counts for each body, tag, delegation or
    person that it is too close for.

    Args:
        sessions: which sessions.
        least: least minutes from the end of the one to the start of the other, 1 or more.
        per: `None`, for all pairs; "body" or "tag", for the pairs that have one in common; "delegation" or "person",
            for the pairs in which one has a duty, and for the segments in which it has it.

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
        yield from _check_per(self.per)

    def post(self, board: Board) -> None:
        """Lengthen each stay by the pause, and let one of those that then overlap hold at a time."""
        from unsched.solver.terms import Requirement

        day_of = cache(board.problem.window.day_of)
        chosen = {session.id for session in board.problem.select(self.sessions)}
        for names, parts in _circles(board.problem, self.per, chosen):
            if board.at_a_price:
                self._price(board, names, parts, day_of)
                continue
            about = ", ".join(names) if self.per else str(self.sessions)
            board.require(self, Requirement(at_most_one=tuple(self._crowds(board, parts, day_of))), about=about)

    def _price(self, board: Board, names: list[str], parts: list[Part], day_of: Callable[[int], date]) -> None:
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
                whom = (name,) if self.per in _PARTIES else pair
                board.require(self, close, about=", ".join(pair), whom=whom)

    def _crowds(self, board: Board, parts: list[Part], day_of: Callable[[int], date]) -> Iterator[list[Literal]]:
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
        chosen = {session.id for session in timetable.problem.select(self.sessions)}
        for name, stays in _seen(timetable, self.per, chosen):
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
                of = f" of {name!r}" if self.per else ""
                text = (
                    f"On {timetable.when(other)}, {found} between {pair[0]!r} and {pair[1]!r}{of}: under {self.least}."
                )
                yield Breach(self, pair, 1, text, (name,) if self.per in _PARTIES else ())

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"At least {self.least} minutes between any two{_SHARED[self.per]} on one day: {self.sessions}."


@frozen
class Neighbour(Preference):
    """Each of the selected sessions has another directly before or after it.

    A neighbour starts on the same local date, does not overlap, and is no more than `within` minutes away. The amount
    is the number of scheduled sessions without one; with `per`, a session counts once for each of its bodies, tags,
    delegations or persons for which it has none.

    Args:
        sessions: which sessions.
        to: what counts as a neighbour; `None` is another of the selected sessions.
        within: greatest minutes from the end of the one to the start of the other.
        open_minutes: whether only minutes of open blocks count, so that a break of the window keeps nobody apart.
        room: "any", or "same" if the neighbour has to be in the same room.
        per: `None`; "body" or "tag", if the two must have one in common; "delegation" or "person", if one must have a
            duty in both. Its stay in a session then lasts from the first segment in which it has a duty to the last.

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

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_count("within", self.within, unit="minutes")
        yield from check_truth("open_minutes", self.open_minutes)
        yield from check_choice("room", self.room, ("any", "same"))
        yield from _check_per(self.per)

    def _chosen(self, problem: Problem) -> tuple[set[str], set[str]]:
        mine = {session.id for session in problem.select(self.sessions)}
        return mine, mine if self.to is None else {session.id for session in problem.select(self.to)}

    def post(self, board: Board) -> None:
        """Price each time of a session, unless something ends just before it or starts just after it."""
        mine, theirs = self._chosen(board.problem)
        for names, parts in _circles(board.problem, self.per, mine | theirs):
            by_session: dict[str, list[Part]] = {}
            for part in parts:
                by_session.setdefault(part.session.id, []).append(part)
            stays = {name: list(self._stays(board, own)) for name, own in by_session.items()}
            for name, alone in self._alone(board, stays, mine, theirs):
                for party in names:
                    board.prefer(self, alone, whom=(party if self.per in _PARTIES else name,))

    def _stays(self, board: Board, parts: list[Part]) -> Iterator[tuple[date, str, Interval, Literal]]:
        session, day_of = parts[0].session, board.problem.window.day_of
        for span in board.spans(session):
            inside = [stay for stay in (part.within(span) for part in parts) if stay.minutes > 0]
            if not inside:
                continue
            stay = Interval(inside[0].start, inside[-1].end)
            day = day_of(stay.start)
            if self.room == "any":
                yield day, "", stay, board.at(session, span)
            else:
                yield from (
                    (day, room, stay, board.stands(session, span, room)) for room in board.rooms_at(session, span)
                )

    def _alone(self, board: Board, stays: _Stays, mine: set[str], theirs: set[str]) -> Iterator[tuple[str, Linear]]:
        points: dict[_Point, list[Literal]] = {}
        minutes: dict[tuple[date, str, str], dict[int, None]] = {}
        for day, room, stay, literal in (place for name in stays if name in theirs for place in stays[name]):
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

        @cache
        def happens(point: _Point) -> Literal:
            return board.any_of(points[point])

        for name in (name for name in stays if name in mine):
            alike: dict[tuple[_Point, ...], list[Literal]] = {}
            for day, room, stay, literal in stays[name]:
                beside = (*near(day, room, "end", stay.start), *near(day, room, "start", stay.end))
                alike.setdefault(beside, []).append(literal)
            # Its own other times may be among those beside it; they are 0 where one of these literals is 1.
            terms = [board.total(own) - board.total(map(happens, beside)) for beside, own in alike.items()]
            yield name, board.greatest(terms, upper=1)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look around each session on its day."""
        day_of = timetable.problem.window.day_of
        mine, theirs = self._chosen(timetable.problem)
        for name, placed in _seen(timetable, self.per, mine | theirs):
            stays: dict[str, Placed] = {}
            for one in placed:
                begin = stays.get(one.session.id, one).span.start
                stays[one.session.id] = evolve(one, span=Interval(begin, one.span.end))
            by_day: dict[date, list[Placed]] = {}
            for one in stays.values():
                by_day.setdefault(day_of(one.span.start), []).append(one)
            for one in (one for of_a_day in by_day.values() for one in of_a_day if one.session.id in mine):
                others = (other for other in by_day[day_of(one.span.start)] if other.session.id in theirs)
                if not any(self._beside(timetable, one, other) for other in others):
                    of = f" of {name!r}" if self.per else ""
                    text = f"{one.session.id!r} on {timetable.when(one)} has no neighbour{of}."
                    yield Breach(self, (one.session.id,), 1, text, (name,) if self.per in _PARTIES else ())

    def _beside(self, timetable: Timetable, one: Placed, other: Placed) -> bool:
        if self.room == "same" and one.room.id != other.room.id:
            return False
        gap = one.span.gap(other.span)
        if gap > 0 and self.open_minutes:
            between = Interval(min(one.span.end, other.span.end), max(one.span.start, other.span.start))
            gap = sum(block.shared(between) for block in timetable.problem.window.open_time)
        return 0 <= gap <= self.within

    def say(self) -> str:
        """Return the rule as a sentence."""
        to = "another" if self.to is None else f"one among {self.to}"
        words = f"{'open ' if self.open_minutes else ''}minutes"
        within = (
            f" within {self.within} {words}" if self.within else " without a break" if not self.open_minutes else ""
        )
        room = " in the same room" if self.room == "same" else ""
        return f"Next to {to}{_SHARED[self.per]}{within}{room}: {self.sessions}."
