"""Rest: idle gaps, breaks from work, and meals."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import chain, pairwise
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import field, frozen

from unsched.domain.fact import check_count
from unsched.domain.gather import bearers, check_per, for_whom, gather
from unsched.domain.interval import Interval, merge
from unsched.domain.moment import check_time, to_time
from unsched.domain.select import EVERY, Select, to_select
from unsched.domain.time import Period
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from unsched.domain.part import Part
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal

__all__ = ["IdleGaps", "MealBreak", "Rest"]

_Stay: TypeAlias = "tuple[int, Interval, Literal]"
"""Which of the parts, when it can be, and the literal that puts it there."""


@frozen
class IdleGaps(Constraint):
    """On a day there are at most so many idle gaps between sessions.

    A gap is a stretch of more than `longer_than` minutes in which none of the sessions runs, between two that start on
    the same local day. With `per`, each body, delegation ... has gaps of its own. One unit of cost is one gap over the
    cap, on one day.

    Args:
        most: the cap for each day.
        sessions: which sessions.
        per: "body", "kind", "tag", "delegation", "person" or "group", each by itself; `None` is all together.
        longer_than: minutes that are no gap yet: the lunch break, say.

    Example: a delegate does not wait twice a day: `IdleGaps(1, per="delegation", longer_than=120)`.
    """

    kind: ClassVar[str] = "idle-gaps"
    unit: ClassVar[str] = "gap too many"

    most: int = 0
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = None
    longer_than: int = 0

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("most", self.most, unit="gaps")
        yield from check_per("per", self.per)
        yield from check_count("longer_than", self.longer_than, unit="minutes")

    def post(self, board: Board) -> None:
        """Let at most one stretch without a gap more than that begin on each day."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            days: dict[date, list[_Stay]] = {}
            for stay in _stays(board, parts):
                days.setdefault(board.problem.window.day_of(stay[1].start), []).append(stay)
            for day, stays in sorted(days.items()):
                if len({index for index, _, _ in stays}) > self.most + 1:
                    day_line = _Line(stays)
                    begins = [self._begins(board, day_line, minute) for minute in day_line.starts]
                    about, whom = f"{name} {day}".strip(), bearers(self.per, name)
                    board.require(self, board.total(begins) <= self.most + 1, about=about, whom=whom)

    def _begins(self, board: Board, line: _Line, minute: int) -> Linear:
        """Return whether a stretch begins at a minute: something starts then, and nothing reaches there from before."""
        before = [literal for _, _, literal in line.within(minute - self.longer_than - 1, minute)]
        fresh = board.greatest([1 - board.total(before)], upper=1)
        starting = _by_part(line.starting(minute))
        return board.greatest([board.total(literals) + fresh - 1 for literals in starting], upper=1)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Walk through each day, and count the gaps."""
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            days: dict[date, list[Placed]] = {}
            for one in timetable.parts(parts):
                days.setdefault(timetable.problem.window.day_of(one.span.start), []).append(one)
            for day, placed in days.items():
                busy = merge(one.span for one in placed)
                gaps = sum(then.start - one.end > self.longer_than for one, then in pairwise(busy))
                if gaps > self.most:
                    names = _names(placed)
                    what = f"{gaps} {'gap' if gaps == 1 else 'gaps'}{for_whom(name)} on {day:%a %d %b}"
                    text = f"{what}, over {self.most}: {', '.join(map(repr, names))}."
                    yield Breach(self, names, gaps - self.most, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        longer = f" of over {self.longer_than} minutes" if self.longer_than else ""
        gaps = "gap" if self.most == 1 else "gaps"
        return f"At most {self.most} idle {gaps} a day{longer}{_each(self.per)}: {self.sessions}."


@frozen
class Rest(Constraint):
    """Nobody works for more than so many minutes without a break.

    Sessions with less than `minutes` between them, or none, form a block; a block of two or more must not be longer,
    from its first start to its last end, than `after`. A session that is longer by itself is no breach until another
    comes too near. With `per`, each delegation, person ... has blocks of its own. One unit of cost is one block that
    is too long.

    Args:
        after: the greatest number of minutes from the first start to the last end of a block.
        minutes: the length of a break.
        sessions: which sessions.
        per: "body", "kind", "tag", "delegation", "person" or "group", each by itself; `None` is all together.

    Example: a chair has a quarter of an hour to herself at least every three hours: `Rest(180, 15, per="person")`.
    """

    kind: ClassVar[str] = "rest"
    unit: ClassVar[str] = "block too long"

    after: int
    minutes: int
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = None

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("after", self.after, least=1, unit="minutes")
        yield from check_count("minutes", self.minutes, least=1, unit="minutes")
        yield from check_per("per", self.per)

    def post(self, board: Board) -> None:
        """Ask of each minute whether a block begins there and no break comes in time."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            if len(parts) < 2:
                continue
            line = _Line(_stays(board, parts))
            breaks = {end: 1 - self._at_work(board, line, end) for end in line.ends}
            days: dict[date, list[Linear]] = {}
            for minute in line.starts:
                last = bisect_right(line.ends, minute + self.after)
                in_time = [breaks[end] for end in line.ends[bisect_right(line.ends, minute) : last]]
                day = board.problem.window.day_of(minute)
                days.setdefault(day, []).append(self._too_long(board, line, minute, in_time))
            for day, blocks in days.items():
                about, whom = f"{name} {day}".strip(), bearers(self.per, name)
                board.require(self, board.total(blocks) <= 0, about=about, whom=whom)

    def _at_work(self, board: Board, line: _Line, minute: int) -> Linear:
        """Return whether something runs in the break that could begin at a minute."""
        return _any(board, [literal for _, _, literal in line.within(minute, minute + self.minutes)])

    def _too_long(self, board: Board, line: _Line, minute: int, breaks: list[Linear]) -> Linear:
        """Return whether a block begins at a minute that is too long."""
        before = board.total([literal for _, _, literal in line.within(minute - self.minutes, minute)])
        restless = board.greatest([1 - before - board.total(breaks)], upper=1)
        short = _by_part(stay for stay in line.starting(minute) if stay[1].minutes <= self.after)
        terms = [board.total(literals) + restless - 1 for literals in short]
        for index, one, literal in line.starting(minute):
            if one.minutes > self.after:
                # Too long by itself, which only counts where another part belongs to the same block.
                begins = literal + board.greatest([1 - before], upper=1) - 1
                near = (stay for stay in line.within(one.start, one.end + self.minutes) if stay[0] != index)
                terms += [board.total(others) + begins - 1 for others in _by_part(near)]
        return board.greatest(terms, upper=1)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Walk through the blocks of each group."""
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            blocks: list[list[Placed]] = []
            until = 0
            for one in timetable.parts(parts):
                if blocks and one.span.start < until + self.minutes:
                    blocks[-1].append(one)
                    until = max(until, one.span.end)
                else:
                    blocks.append([one])
                    until = one.span.end
            for block in blocks:
                minutes = max(one.span.end for one in block) - block[0].span.start
                if len(block) > 1 and minutes > self.after:
                    names = _names(block)
                    what = f"{minutes} minutes{for_whom(name)} from {timetable.when(block[0])} on without a break"
                    text = f"{what} of {self.minutes}, over {self.after}: {', '.join(map(repr, names))}."
                    yield Breach(self, names, 1, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"A break of {self.minutes} minutes after at most {self.after}{_each(self.per)}: {self.sessions}."


@frozen
class MealBreak(Constraint):
    """Each day leaves time for a meal: so many minutes free of sessions, between two hours by the wall clock.

    A delegation misses its meal only where all its members are needed at once: one of size 2 is free while it has to
    cover one session. Whoever has no session at that time has time for a meal. Where the clocks change in those hours
    and fewer minutes are left than are asked for, all that are left have to be free. One unit of cost is one meal that
    somebody misses.

    Args:
        start: from when a meal can begin.
        end: when it has to be over; at or before the start is on the next day.
        minutes: how long it takes.
        sessions: which sessions are in its way.
        per: "person" or "delegation": each of them eats; with "body", "kind", "tag" or "group", the sessions of each
            leave time together, and with `None` all of them do.

    Example: every chair has an hour for lunch between 12:00 and 15:00: `MealBreak("12:00", "15:00", 60)`.
    """

    kind: ClassVar[str] = "meal-break"
    unit: ClassVar[str] = "meal missed"

    start: time = field(converter=to_time)
    end: time = field(converter=to_time)
    minutes: int
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = "person"

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        bad = [*check_time("start", self.start), *check_time("end", self.end)]
        bad += check_count("minutes", self.minutes, least=1, unit="minutes")
        yield from bad
        if not bad:
            clock = (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute
            most = clock if clock > 0 else clock + 24 * 60
            if self.minutes > most:
                yield Fault("minutes", f"{self.minutes} is more than the {most} from start to end", f"{most}.")
        yield from check_per("per", self.per)

    def post(self, board: Board) -> None:
        """Leave free one of the stretches that begin with the hours, or with the end of a session."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            most = self._size(board.problem, name) - 1
            line = _Line(_stays(board, parts))
            for day, hours in self._hours(board.problem):
                near = line.within(hours.start, hours.end)
                minutes = min(self.minutes, hours.minutes)
                possible = _sorted([hours.start, *(one.end for _, one, _ in near if one.end <= hours.end - minutes)])
                meals = [Interval(minute, minute + minutes) for minute in possible]
                moments = _sorted([*possible, *(one.start for _, one, _ in near if one.start > hours.start)])
                crowds = {moment: _crowd(near, moment, most) for moment in moments}
                if not all(any(meal.start <= m < meal.end and crowds[m] for m in moments) for meal in meals):
                    continue
                busy = {moment: _any(board, crowd, most) for moment, crowd in crowds.items() if crowd}
                taken = [
                    board.greatest([term for m, term in busy.items() if meal.start <= m < meal.end], upper=1)
                    for meal in meals
                ]
                about, whom = f"{name} {day}".strip(), bearers(self.per, name)
                board.require(self, board.total(taken) <= len(taken) - 1, about=about, whom=whom)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for the longest free stretch of each group on each day."""
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            size = self._size(timetable.problem, name)
            placed = timetable.parts(parts)
            for day, hours in self._hours(timetable.problem):
                busy = _busy((one.span for one in placed), size)
                ends = [hours.start, *(one.end for one in busy)]
                starts = [*(one.start for one in busy), hours.end]
                free = max(
                    min(until, hours.end) - max(since, hours.start) for since, until in zip(ends, starts, strict=True)
                )
                if free < min(self.minutes, hours.minutes):
                    names = _names(one for one in placed if one.span.overlaps(hours))
                    what = f"No {self.minutes} minutes are free{for_whom(name)} on {day:%a %d %b}"
                    text = f"{what} {self._clock()}: {', '.join(map(repr, names))}."
                    yield Breach(self, names, 1, text, bearers(self.per, name))

    def _size(self, problem: Problem, name: str) -> int:
        return problem.delegation(name).size if self.per == "delegation" else 1

    def _hours(self, problem: Problem) -> Iterator[tuple[date, Interval]]:
        for day in problem.window.days:
            for hours in problem.window.intervals([Period([day], self.start, self.end)]):
                yield day, hours

    def _clock(self) -> str:
        return f"between {self.start:%H:%M} and {self.end:%H:%M}"

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"A meal break of {self.minutes} minutes {self._clock()}{_each(self.per)}: {self.sessions}."


def _stays(board: Board, parts: Iterable[Part]) -> Iterator[_Stay]:
    for index, part in enumerate(parts):
        for span, literal in board.stays(part):
            yield index, span, literal


class _Line:
    """What can be when, in order of start."""

    def __init__(self, stays: Iterable[_Stay]) -> None:
        self._stays = sorted(stays, key=lambda stay: (stay[1], stay[0]))
        self._begins = [one.start for _, one, _ in self._stays]
        self._longest = max((one.minutes for _, one, _ in self._stays), default=0)
        self.starts = _sorted(self._begins)
        self.ends = _sorted(one.end for _, one, _ in self._stays)

    def within(self, start: int, end: int) -> list[_Stay]:
        """Return what shares a minute with `[start, end)`."""
        first, last = bisect_right(self._begins, start - self._longest), bisect_left(self._begins, end)
        return [stay for stay in self._stays[first:last] if stay[1].end > start]

    def starting(self, minute: int) -> list[_Stay]:
        """Return what starts at a minute."""
        return self._stays[bisect_left(self._begins, minute) : bisect_right(self._begins, minute)]


def _by_part(stays: Iterable[_Stay]) -> list[list[Literal]]:
    """Return the literals of each part, of which at most one is true."""
    found: dict[int, list[Literal]] = {}
    for index, _, literal in stays:
        found.setdefault(index, []).append(literal)
    return list(found.values())


def _crowd(stays: Iterable[_Stay], moment: int, most: int) -> list[Literal]:
    """Return the literals of what can run at a moment, if that can be more than `most` parts."""
    running = [stay for stay in stays if stay[1].start <= moment < stay[1].end]
    return [literal for _, _, literal in running] if len({index for index, _, _ in running}) > most else []


def _any(board: Board, literals: list[Literal], most: int = 0) -> Linear:
    """Return 1 where more than `most` of several are true; only for a cost to push down."""
    return board.broken(board.jointly(board.total(literals) <= most)) if literals else board.total([])


def _busy(spans: Iterable[Interval], size: int) -> tuple[Interval, ...]:
    """Return when at least `size` of several run at once."""
    every = list(spans)
    bounds = _sorted(chain.from_iterable((one.start, one.end) for one in every))
    pieces = (Interval(start, end) for start, end in pairwise(bounds))
    return merge(piece for piece in pieces if sum(one.holds(piece) for one in every) >= size)


def _sorted(minutes: Iterable[int]) -> list[int]:
    return sorted(set(minutes))


def _names(placed: Iterable[Placed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.session.id for one in placed))


def _each(per: str | None) -> str:
    return f" for each {per}" if per else ""
