"""Load: how much there may be on a day, in a week or in all, on how many days, and how long a day may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, ClassVar, TypeAlias, TypeVar

from attrs import field, frozen

from unsched.domain.fact import check_choice, check_count
from unsched.domain.gather import bearers, check_per, for_whom, gather
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.part import Part
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Literal

__all__ = ["AtMostDays", "DayLength", "Load", "Spread"]

COUNTS = ("sessions", "minutes")
WITHIN = ("day", "week", "window")

T = TypeVar("T", date, str)

_Takes: TypeAlias = "list[tuple[Literal, list[Interval]]]"
"""The times that a session can take, with the parts of it that then count."""


@frozen
class Load(Constraint):
    """At most so many sessions, or minutes, come on one day, in one week, or in the whole window.

    A session counts on the local day on which it starts, and a week is that of ISO 8601, from Monday to Sunday. With
    `per`, each body, delegation ... is counted by itself. A delegation and a person count what they have to be at, one
    that is needed for a segment only that segment. One unit of cost is one session, or one minute, over the cap.

    Args:
        most: the cap.
        sessions: which sessions.
        per: "body", "kind", "tag", "delegation", "person" or "group", each by itself; `None` is all together.
        count: "sessions", or "minutes": their lengths added up, also of those that run at once.
        within: "day", "week" or "window".

    Example: no delegation is needed in more than three meetings a day; interpreters have at most ten a week.
    """

    kind: ClassVar[str] = "load"
    unit: ClassVar[str] = "session or minute too many"

    most: int
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = None
    count: str = "sessions"
    within: str = "day"

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("most", self.most, unit="sessions or minutes")
        yield from check_per("per", self.per)
        yield from check_choice("count", self.count, COUNTS)
        yield from check_choice("within", self.within, WITHIN)

    def post(self, board: Board) -> None:
        """Cap the weighted sum of what can start in each period."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            for period, sessions in _by(self._period, board, parts).items():
                weighed = [
                    [
                        (literal, sum(one.minutes for one in mine) if self.count == "minutes" else 1)
                        for literal, mine in takes
                    ]
                    for takes in sessions
                ]
                if sum(max(weight for _, weight in takes) for takes in weighed) > self.most:
                    literals = [literal for takes in weighed for literal, _ in takes]
                    weights = [weight for takes in weighed for _, weight in takes]
                    about = f"{name} {period}".strip()
                    whom = bearers(self.per, name)
                    board.require(self, board.total(literals, weights) <= self.most, about=about, whom=whom)

    def _period(self, day: date) -> str:
        if self.within == "window":
            return ""
        return str(day) if self.within == "day" else "{}-W{:02}".format(*day.isocalendar())

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Add up what each group has, day by day or Monday by Monday."""
        first = timetable.problem.window.days[0]
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            found: dict[date, list[Placed]] = {}
            for one in timetable.parts(parts):
                day = timetable.problem.window.day_of(one.span.start)
                monday = day - timedelta(days=day.weekday())
                found.setdefault({"day": day, "week": monday}.get(self.within, first), []).append(one)
            for day, placed in found.items():
                names = _names(placed)
                amount = len(names) if self.count == "sessions" else sum(one.span.minutes for one in placed)
                if amount > self.most:
                    when = {"day": f" on {day:%a %d %b}", "week": f" in the week of {day:%a %d %b}"}.get(
                        self.within, ""
                    )
                    what = f"{amount} {self.count}{when}{for_whom(name)}"
                    text = f"{what}, over {self.most}: {', '.join(map(repr, names))}."
                    yield Breach(self, names, amount - self.most, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        when = {"day": "a day", "week": "a week"}.get(self.within, "in all")
        return f"At most {self.most} {self.count} {when}{_each(self.per)}: {self.sessions}."


@frozen
class Spread(Constraint):
    """The selected sessions are spread over at least so many days.

    A session counts on the local day on which it starts. With `per`, each body, delegation ... is looked at by itself;
    one of which nothing is scheduled misses nothing, and one with fewer sessions than days always misses some. One
    unit of cost is one day that is missing.

    Args:
        days: the least number of days.
        sessions: which sessions.
        per: "body", "kind", "tag", "delegation", "person" or "group", each by itself; `None` is all together.

    Example: the five lectures of a course lie on at least three days.
    """

    kind: ClassVar[str] = "spread"
    unit: ClassVar[str] = "missing day"

    days: int
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = None

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("days", self.days, least=1, unit="days")
        yield from check_per("per", self.per)

    def post(self, board: Board) -> None:
        """Compare the days that are used with those wanted, where any is."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            used = [
                board.any_of([literal for takes in sessions for literal, _ in takes])
                for sessions in _by(_same, board, parts).values()
            ]
            enough = board.total([*used, board.any_of(used)], [*(1 for _ in used), -self.days]) >= 0
            board.require(self, enough, about=name, whom=bearers(self.per, name))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the days of each group."""
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            placed = timetable.parts(parts)
            days = len({timetable.problem.window.day_of(one.span.start) for one in placed})
            if placed and days < self.days:
                names = _names(placed)
                text = f"Spread over {days} of {_days(self.days)}{for_whom(name)}: {', '.join(map(repr, names))}."
                yield Breach(self, names, self.days - days, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Spread over at least {_days(self.days)}{_each(self.per)}: {self.sessions}."


@frozen
class AtMostDays(Constraint):
    """The selected sessions lie on at most so many days.

    A session counts on the local day on which it starts. With `per`, each body, delegation ... is looked at by itself.
    One unit of cost is one day over the cap.

    Args:
        most: the cap.
        sessions: which sessions.
        per: "body", "kind", "tag", "delegation", "person" or "group", each by itself; `None` is all together.

    Example: a delegation without a mission in Geneva has to come for two days at most.
    """

    kind: ClassVar[str] = "at-most-days"
    unit: ClassVar[str] = "day too many"

    most: int
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = None

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("most", self.most, least=1, unit="days")
        yield from check_per("per", self.per)

    def post(self, board: Board) -> None:
        """Cap the days on which any session starts."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            days = _by(_same, board, parts)
            if len(days) > self.most:
                used = [
                    board.greatest([board.total([literal for literal, _ in takes]) for takes in sessions], upper=1)
                    for sessions in days.values()
                ]
                board.require(self, board.total(used) <= self.most, about=name, whom=bearers(self.per, name))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the days of each group."""
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            placed = timetable.parts(parts)
            days = len({timetable.problem.window.day_of(one.span.start) for one in placed})
            if days > self.most:
                names = _names(placed)
                text = f"On {days} days{for_whom(name)}, over {self.most}: {', '.join(map(repr, names))}."
                yield Breach(self, names, days - self.most, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"On at most {_days(self.most)}{_each(self.per)}: {self.sessions}."


@frozen
class DayLength(Constraint):
    """From the first start to the last end of a day there are at most so many minutes.

    What starts on a local day belongs to it wholly, even if it ends after midnight. With `per`, each body, delegation
    ... has days of its own. One unit of cost is one minute by which a day is too long.

    Args:
        most: the greatest number of minutes from the first start to the last end.
        sessions: which sessions.
        per: "body", "kind", "tag", "delegation", "person" or "group", each by itself; `None` is all together.

    Example: a chair who opens at 10:00 is not kept after 16:00: `most = 360`.
    """

    kind: ClassVar[str] = "day-length"
    unit: ClassVar[str] = "minute too many"

    most: int
    sessions: Select = field(default=EVERY, converter=to_select)
    per: str | None = None

    @property
    def anonymous(self) -> bool:
        """Whether it counts for nobody who could bear it."""
        return not bearers(self.per, "it")

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("most", self.most, least=1, unit="minutes")
        yield from check_per("per", self.per)

    def post(self, board: Board) -> None:
        """Measure each day from its earliest possible start to the last end, and back to the first start."""
        for name, parts in gather(board.problem, self.sessions, self.per).items():
            for day, sessions in _by(_same, board, parts).items():
                every = [one for takes in sessions for _, mine in takes for one in mine]
                dawn, dusk = min(one.start for one in every), max(one.end for one in every)
                if dusk - dawn <= self.most:
                    continue
                until, since = [], []
                for takes in sessions:
                    literals = [literal for literal, _ in takes]
                    until.append(board.total(literals, [mine[-1].end - dawn for _, mine in takes]))
                    since.append(board.total(literals, [dusk - mine[0].start for _, mine in takes]))
                # On a day without a session both are 0.
                both = board.greatest(until, upper=dusk - dawn) + board.greatest(since, upper=dusk - dawn)
                limit = both <= self.most + dusk - dawn
                board.require(self, limit, about=f"{name} {day}".strip(), whom=bearers(self.per, name))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Measure the days of each group."""
        for name, parts in gather(timetable.problem, self.sessions, self.per).items():
            days: dict[date, list[Placed]] = {}
            for one in timetable.parts(parts):
                days.setdefault(timetable.problem.window.day_of(one.span.start), []).append(one)
            for day, placed in days.items():
                minutes = max(one.span.end for one in placed) - placed[0].span.start
                if minutes > self.most:
                    names = _names(placed)
                    what = f"{minutes} minutes{for_whom(name)} on {day:%a %d %b}"
                    text = f"{what}, over {self.most}, from first to last: {', '.join(map(repr, names))}."
                    yield Breach(self, names, minutes - self.most, text, bearers(self.per, name))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"A day of at most {self.most} minutes from first to last{_each(self.per)}: {self.sessions}."


def _by(period: Callable[[date], T], board: Board, parts: Iterable[Part]) -> dict[T, list[_Takes]]:
    """Return what can start in each period, in order: for each session, the times at which parts of it do."""
    day_of = cache(board.problem.window.day_of)
    found: dict[T, dict[str, dict[Interval, tuple[Literal, list[Interval]]]]] = {}
    for part in parts:
        for span in board.spans(part.session):
            mine = part.within(span)
            if mine.minutes > 0:
                times = found.setdefault(period(day_of(mine.start)), {}).setdefault(part.session.id, {})
                times.setdefault(span, (board.at(part.session, span), []))[1].append(mine)
    return {when: [list(times.values()) for times in found[when].values()] for when in sorted(found)}


def _same(day: date) -> date:
    return day


def _names(placed: Iterable[Placed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.session.id for one in placed))


def _each(per: str | None) -> str:
    return f" for each {per}" if per else ""


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
