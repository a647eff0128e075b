"""Sessions that are alike, or must not be: in their start, hours, day, week or weekday, in their room or building."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache, partial
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_choice
from unsched.domain.select import Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Placed, Timetable
    from unsched.domain.window import Window
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal

__all__ = ["Different", "Same"]

_NOUNS = {
    "start": "start",
    "time-of-day": "time of day",
    "hours": "hours by the clock",
    "day": "day",
    "week": "week",
    "weekday": "weekday",
    "room": "room",
    "building": "building",
}
_TIMES = ("start", "time-of-day", "hours", "day", "week", "weekday")
_CLOCK = 24 * 60


def _value_of(window: Window, of: str) -> Callable[[Interval], int]:
    """Return what numbers a time, for the solver; hours are a number with a bit for each minute of the clock."""

    @cache
    def clock(minute: int) -> int:
        local = window.wall(minute)
        return local.hour * 60 + local.minute

    @cache
    def value(span: Interval) -> int:
        if of == "start":
            return span.start
        if of == "time-of-day":
            return clock(span.start)
        if of == "hours":
            return sum({1 << clock(minute) for minute in range(span.start, span.end)})
        # Day 1 of the calendar, 0001-01-01, is a Monday.
        day = window.day_of(span.start).toordinal() - 1
        return {"day": day, "week": day // 7, "weekday": day % 7}[of]

    return value


def _by_value(board: Board, session: Session, value: Callable[[Interval], int]) -> dict[int, list[Literal]]:
    found: dict[int, list[Literal]] = {}
    for span in board.spans(session):
        found.setdefault(value(span), []).append(board.at(session, span))
    return found


def _begins(several: Iterable[int]) -> list[int]:
    """Return the minutes of the clock at which any of several hours begin; at any other minute, no more of them run."""
    begun = 0
    for hours in several:
        begun |= hours & ~(hours << 1 | hours >> _CLOCK - 1)
    return [minute for minute in range(_CLOCK) if (begun or 1) >> minute & 1]


def _nested(one: int, other: int) -> bool:
    return one | other in (one, other)


def _at_odds(values: Iterable[int], of: str) -> Iterator[list[int]]:
    """Yield sets of values of which sessions that are alike take at most one, and which say that of every such pair."""
    classes: dict[int, list[int]] = {}
    for value in values:
        classes.setdefault(value.bit_count() if of == "hours" else 0, []).append(value)
    yield from classes.values()
    for shorter, longer in combinations(sorted(classes), 2):
        for value in classes[shorter]:
            yield [value, *(other for other in classes[longer] if not _nested(value, other))]


def _seen(timetable: Timetable, of: str) -> Callable[[Placed], Hashable]:
    """Return what of a session's time or place is looked at, for the check; hours are a set of clock minutes."""
    window = timetable.problem.window
    hours = cache(lambda span: frozenset(f"{window.wall(minute):%H:%M}" for minute in range(span.start, span.end)))

    def look(one: Placed) -> Hashable:
        local = window.wall(one.span.start)
        looks: dict[str, Callable[[], Hashable]] = {
            "start": local.timestamp,
            "time-of-day": lambda: f"{local:%H:%M}",
            "hours": lambda: hours(one.span),
            "day": lambda: f"{local:%Y-%m-%d}",
            "week": lambda: f"{local:%G-%V}",
            "weekday": lambda: f"{local:%u}",
            "room": lambda: one.room.id,
            "building": lambda: one.room.building,
        }
        return looks[of]()

    return look


@frozen
class Same(Constraint):
    """The selected sessions that are scheduled are alike in their time.

    One unit of cost is a pair of scheduled sessions that are not. A session over midnight counts by its start, for
    the day, the week and the weekday too.

    Args:
        sessions: which sessions.
        of: what is the same: "start" (the minute), "time-of-day" (the start by the wall clock, on whatever day),
            "hours" (by the clock, on whatever day, all of the shorter lies inside the longer), "day" (the local
            date), "week" (from Monday to Sunday) or "weekday".

    Example: the Working Group meets at the same time of day throughout.
    """

    kind: ClassVar[str] = "same"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    of: str

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_choice("of", self.of, _TIMES)

    def post(self, board: Board) -> None:
        """Let no two values that are at odds be taken; at a price, look at each pair."""
        sessions = board.problem.select(self.sessions)
        value = _value_of(board.problem.window, self.of)
        takes = [_by_value(board, session, value) for session in sessions]
        if board.at_a_price:
            self._price(board, sessions, takes)
            return
        takers: dict[int, list[Linear]] = {}
        for mine in takes:
            for number, literals in mine.items():
                takers.setdefault(number, []).append(board.total(literals))
        taken = {number: board.greatest(sums, upper=1) for number, sums in takers.items()}
        for group in _at_odds(taken, self.of):
            if len(group) > 1:
                board.require(self, board.total([taken[number] for number in group]) <= 1)

    def _price(self, board: Board, sessions: tuple[Session, ...], takes: list[dict[int, list[Literal]]]) -> None:
        taken = [{number: board.any_of(literals) for number, literals in mine.items()} for mine in takes]
        there = [board.greatest([board.placed(session)], upper=1) for session in sessions]
        every = dict.fromkeys(number for mine in takes for number in mine)
        alike = {n: [m for m in every if _nested(n, m)] if self.of == "hours" else [n] for n in every}
        for one, other in combinations(range(len(sessions)), 2):
            mine, yours = taken[one], taken[other]
            differ = [
                literal + there[other] - board.total([yours[m] for m in alike[n] if m in yours]) - 1
                for n, literal in mine.items()
            ]
            unlike = board.greatest(differ, upper=1)
            pair = (sessions[one].id, sessions[other].id)
            board.require(self, board.jointly(amount=partial(board.total, [unlike])), whom=pair)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look at each pair."""
        look = _seen(timetable, self.of)
        placed = [(one, look(one)) for one in timetable.of(timetable.problem.select(self.sessions))]
        for (one, mine), (other, yours) in combinations(placed, 2):
            if mine == yours:
                continue
            if isinstance(mine, frozenset) and isinstance(yours, frozenset) and (mine <= yours or mine >= yours):
                continue
            names = (one.session.id, other.session.id)
            pair = f"{names[0]!r} on {timetable.when(one)} and {names[1]!r} on {timetable.when(other)}"
            yield Breach(self, names, 1, f"{pair} do not share the {_NOUNS[self.of]}.", names)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"The same {_NOUNS[self.of]}: {self.sessions}."


@frozen
class Different(Constraint):
    """No two of the selected sessions are alike in their time, or in their place.

    One unit of cost is a pair of scheduled sessions that are. A session over midnight counts by its start, for the
    day, the week and the weekday too. A building that nobody knows is a fault of the input, unless the problem states
    an assumption.

    Args:
        sessions: which sessions.
        of: what is different: "start" (the minute), "time-of-day" (the start by the wall clock, on whatever day),
            "hours" (by the clock, on whatever day, the two do not overlap), "day" (the local date), "week" (from
            Monday to Sunday), "weekday", "room" or "building".

    Example: the meetings of a drafting group are on different days.
    """

    kind: ClassVar[str] = "different"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    of: str

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_choice("of", self.of, (*_TIMES, "room", "building"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the rooms whose building is asked for and not known."""
        sessions = problem.select(self.sessions) if self.of == "building" else ()
        for index, room in enumerate(problem.rooms):
            user = next((one for one in sessions if one.room in (None, room.id)), None)
            if room.building is None and user is not None:
                message = f"the building of room {room.id!r} is not known, and {user.id!r} has to be in another"
                remedy = f"an assumption with of = 'room', id = {room.id!r}, field = 'building'."
                yield Fault(f"venue.rooms[{index}].building", message, remedy)

    def post(self, board: Board) -> None:
        """Let each day, room ... be taken once; at a price, look at each pair that can meet there."""
        sessions = board.problem.select(self.sessions)
        slots = self._slots(board, sessions)
        if not board.at_a_price:
            for users in slots.values():
                if len(users) > 1:
                    board.require(self, board.total([one for literals in users.values() for one in literals]) <= 1)
            return
        shared: dict[tuple[str, str], list[Linear]] = {}
        crowds: list[Linear] = []
        for users in slots.values():
            takes = {name: board.greatest([board.total(literals)], upper=1) for name, literals in users.items()}
            for pair in combinations(takes, 2):
                shared.setdefault(pair, []).append(takes[pair[0]] + takes[pair[1]] - 1)
            # n sessions in a slot are n(n-1)/2 pairs: the greatest of lines, each of which is right for two such n.
            count = board.total(takes.values())
            lines = [n * count - n * (n + 1) // 2 for n in range(1, len(takes))]
            crowds.append(board.greatest(lines, upper=len(takes) * (len(takes) - 1) // 2))
        clashes = {pair: board.greatest(terms, upper=1) for pair, terms in shared.items()}
        for pair, clash in clashes.items():
            board.require(self, board.jointly(amount=partial(board.total, [clash])), whom=pair)
        if self.of != "hours":
            # This is so in every schedule: said to the solver, it proves far more than the pairs by themselves.
            board.greatest([board.total(crowds) - board.total(clashes.values())], upper=0)

    def _slots(self, board: Board, sessions: tuple[Session, ...]) -> dict[Hashable, dict[str, list[Literal]]]:
        """Return, for each thing that at most one session may take, the literals of each session that take it."""
        slots: dict[Hashable, dict[str, list[Literal]]] = {}
        if self.of in ("room", "building"):
            for session in sessions:
                for name in board.rooms(session):
                    place = name if self.of == "room" else board.problem.room(name).building
                    if place is not None:
                        slots.setdefault(place, {}).setdefault(session.id, []).append(board.uses(session, name))
            return slots
        value = _value_of(board.problem.window, self.of)
        takes = {session.id: _by_value(board, session, value) for session in sessions}
        begins = _begins(hours for mine in takes.values() for hours in mine) if self.of == "hours" else ()
        for name, mine in takes.items():
            for number, literals in mine.items():
                for slot in [minute for minute in begins if number >> minute & 1] if self.of == "hours" else [number]:
                    slots.setdefault(slot, {}).setdefault(name, []).extend(literals)
        return slots

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look at each pair."""
        look = _seen(timetable, self.of)
        placed = [(one, look(one)) for one in timetable.of(timetable.problem.select(self.sessions))]
        for (one, mine), (other, yours) in combinations(placed, 2):
            alike = mine is not None and mine == yours
            if isinstance(mine, frozenset) and isinstance(yours, frozenset):
                alike = bool(mine & yours)
            if alike:
                names = (one.session.id, other.session.id)
                pair = f"{names[0]!r} on {timetable.when(one)} and {names[1]!r} on {timetable.when(other)}"
                yield Breach(self, names, 1, f"{pair} share the {_NOUNS[self.of]}.", names)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Never twice the same {_NOUNS[self.of]}: {self.sessions}."
