"""Recurrence rules expanded inside a stretch of time only, whatever they say (RFC 5545, section 3.3.10).

`dateutil.rrule` decides which days of one month or one year a rule means. It cannot be left alone with a stranger's
rule: it walks from DTSTART on, and to the year 9999 where nothing matches. So months, weeks, days and hours are reached
here by arithmetic, and what is done for a rule is paid out of a `Budget`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import product
from typing import Final

from unsched.calendar.recurrence import Rule

__all__ = ["Budget", "occurrences"]

_DAY: Final = 86_400
_LAST_YEAR: Final = 9990


class Budget:
    """How much work may be done, in steps of about a microsecond."""

    def __init__(self, steps: int, parent: Budget | None = None) -> None:
        self.left = steps
        self.parent = parent

    def spend(self, steps: int) -> None:
        """Take some off.

        Raises:
            ValueError: there is nothing left.
        """
        self.left -= steps
        if self.left < 0:
            raise ValueError("it recurs too often to be looked at: the rule would be a burden to any reader")
        if self.parent:
            self.parent.spend(steps)


def occurrences(
    rule: Rule,
    start: datetime,
    first: datetime,
    last: datetime,
    budget: Budget,
    allowed: Callable[[datetime], bool] = lambda _: True,
) -> Iterator[datetime]:
    """Yield the occurrences of a rule in order, by the wall clock, from `first` on and before `last`.

    The start is always the first of them, and counts (RFC 5545, section 3.3.10, COUNT), whether it fits the rule or
    not.

    Args:
        rule: the rule.
        start: DTSTART, by the wall clock.
        first: what comes earlier is left out.
        last: what comes at this moment or later is left out.
        budget: what the work is paid from.
        allowed: whether one is no later than UNTIL.

    Raises:
        ValueError: there are too many, or they are too hard to find.

    >>> from unsched.calendar.recurrence import read_rule
    >>> rule, start = read_rule("FREQ=SECONDLY;INTERVAL=3600"), datetime(1970, 1, 1)
    >>> day = datetime(2010, 12, 17)
    >>> found = list(occurrences(rule, start, day, day + timedelta(hours=3), Budget(10_000)))
    >>> [f"{one:%H:%M}" for one in found]
    ['00:00', '01:00', '02:00']
    """
    if first <= start < last and allowed(start):
        yield start
    left = None if rule.count is None else rule.count - 1
    cycle = _CYCLES[rule.freq](rule, start, budget)
    begin = first if left is None and first > start else start
    number = cycle.number(begin)
    number -= number % cycle.step
    while left is None or left > 0:
        at = cycle.begins(number)
        if at is None or at >= last:
            return
        budget.spend(1)
        days, times = cycle.days(number)
        total = len(days) * len(times)
        positions: Sequence[int] = range(total)
        if "BYSETPOS" in rule.by and rule.freq in _LONG:
            positions = _positions(rule.by["BYSETPOS"], total)
        number += cycle.step
        if not positions:
            continue
        if left is not None and at > start and _at(days, times, positions[-1]) < first:
            left -= len(positions)
            continue
        for position in positions:
            one = _at(days, times, position)
            if one <= start:
                continue
            if one >= last or left == 0 or not allowed(one):
                return
            left = None if left is None else left - 1
            if one >= first:
                budget.spend(1)
                yield one


def _at(days: Sequence[datetime], times: Sequence[int], position: int) -> datetime:
    day, time = divmod(position, len(times))
    return days[day] + timedelta(seconds=times[time])


def _positions(wanted: Sequence[int], total: int) -> list[int]:
    return sorted({place for one in wanted if 0 <= (place := one - 1 if one > 0 else total + one) < total})


class _Cycle(ABC):
    """The periods of a rule, numbered from the one in which it starts."""

    def __init__(self, rule: Rule, start: datetime, budget: Budget) -> None:
        self.rule = rule
        self.start = start
        self.day = datetime(start.year, start.month, start.day)  # noqa: DTZ001  a wall clock
        self.budget = budget
        self.step = rule.interval

    @abstractmethod
    def number(self, moment: datetime) -> int:
        """Return the number of the period that a moment is in, at most."""

    @abstractmethod
    def begins(self, number: int) -> datetime | None:
        """Return when a period begins; `None` is after the end of all time."""

    @abstractmethod
    def days(self, number: int) -> tuple[Sequence[datetime], Sequence[int]]:
        """Return the days of a period, and the seconds of each of them, that the rule means."""

    @cached_property
    def times(self) -> tuple[int, ...]:
        """The seconds of a day that the rule means."""
        hours = self.rule.by.get("BYHOUR", (self.start.hour,))
        found = tuple(3600 * hour + second for hour in hours for second in self.seconds)
        self.budget.spend(len(found) // 10)
        return found

    @cached_property
    def seconds(self) -> tuple[int, ...]:
        """The seconds of an hour that the rule means."""
        minutes = self.rule.by.get("BYMINUTE", (self.start.minute,))
        return tuple(60 * minute + second for minute, second in product(minutes, self.within_minute))

    @cached_property
    def within_minute(self) -> tuple[int, ...]:
        return self.rule.by.get("BYSECOND", (self.start.second,))

    def fits(self, day: datetime) -> bool:
        """Whether a day is none that the rule leaves out."""
        by = self.rule.by
        if "BYMONTH" in by and day.month not in by["BYMONTH"]:
            return False
        if self.rule.by_day and day.weekday() not in self.rule.weekdays:
            return False
        if "BYMONTHDAY" in by and not {day.day, day.day - _month_length(day) - 1} & set(by["BYMONTHDAY"]):
            return False
        if "BYYEARDAY" in by:
            nth = day.timetuple().tm_yday
            return bool({nth, nth - _year_length(day) - 1} & set(by["BYYEARDAY"]))
        return True


def _month_length(day: datetime) -> int:
    after = day.replace(day=28) + timedelta(days=4)
    return (after - timedelta(days=after.day)).day


def _year_length(day: datetime) -> int:
    return (day.replace(year=day.year + 1, month=1, day=1) - day.replace(month=1, day=1)).days


def _later(day: datetime, days: int) -> datetime | None:
    return day + timedelta(days=days) if day.toordinal() + days < _LAST_YEAR * 365 else None


class _Daily(_Cycle):
    def number(self, moment: datetime) -> int:
        return (moment - self.day).days

    def begins(self, number: int) -> datetime | None:
        return _later(self.day, number)

    def days(self, number: int) -> tuple[Sequence[datetime], Sequence[int]]:
        day = self.day + timedelta(days=number)
        return ((day,) if self.fits(day) else ()), self.times


class _Weekly(_Cycle):
    @cached_property
    def week(self) -> datetime:
        return self.day - timedelta(days=(self.day.weekday() - self.rule.week_start) % 7)

    def number(self, moment: datetime) -> int:
        return (moment - self.week).days // 7

    def begins(self, number: int) -> datetime | None:
        return _later(self.week, 7 * number)

    def days(self, number: int) -> tuple[Sequence[datetime], Sequence[int]]:
        week = self.week + timedelta(days=7 * number)
        every = (week + timedelta(days=n) for n in range(7))
        if not self.rule.by_day:
            every = (day for day in every if day.weekday() == self.start.weekday())
        return [day for day in every if self.fits(day)], self.times


class _Monthly(_Cycle):
    def number(self, moment: datetime) -> int:
        return 12 * (moment.year - self.day.year) + moment.month - self.day.month

    def begins(self, number: int) -> datetime | None:
        year, month = divmod(12 * self.day.year + self.day.month - 1 + number, 12)
        return datetime(year, month + 1, 1) if year < _LAST_YEAR else None  # noqa: DTZ001

    def days(self, number: int) -> tuple[Sequence[datetime], Sequence[int]]:
        begins = self.begins(number)
        by = self.rule.by
        if begins is None or ("BYMONTH" in by and begins.month not in by["BYMONTH"]):
            return (), self.times
        if self.rule.by_day or "BYMONTHDAY" in by:
            return self.listed(begins), self.times
        return ((begins.replace(day=self.day.day),) if self.day.day <= _month_length(begins) else ()), self.times

    def listed(self, begins: datetime) -> Sequence[datetime]:
        """Return the days of the period that begins at a moment, as dateutil has them."""
        from dateutil import rrule as du

        self.budget.spend(150 if self.rule.freq == "MONTHLY" else 400)
        by = self.rule.by
        whole = {f"by{name}": by.get(f"BY{name.upper()}") for name in ("month", "monthday", "yearday", "weekno")}
        weekdays = [du.weekday(day, number or None) for number, day in self.rule.by_day]
        if not weekdays and whole["byweekno"] and not whole["bymonthday"] and not whole["byyearday"]:
            weekdays = [du.weekday(self.start.weekday())]
        found = du.rrule(
            getattr(du, self.rule.freq),
            dtstart=begins,
            interval=150_000,  # the period after this one is past the end of time
            wkst=self.rule.week_start,
            bymonth=whole["bymonth"],
            bymonthday=whole["bymonthday"],
            byyearday=whole["byyearday"],
            byweekno=whole["byweekno"],
            byweekday=weekdays or None,
        )
        return list(found)


class _Yearly(_Monthly):
    def number(self, moment: datetime) -> int:
        return moment.year - self.day.year

    def begins(self, number: int) -> datetime | None:
        year = self.day.year + number
        return datetime(year, 1, 1) if year < _LAST_YEAR else None  # noqa: DTZ001

    def days(self, number: int) -> tuple[Sequence[datetime], Sequence[int]]:
        begins = self.begins(number)
        if begins is None:
            return (), self.times
        if self.rule.by_day or any(name in self.rule.by for name in ("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")):
            return self.listed(begins), self.times
        months = self.rule.by.get("BYMONTH", (self.day.month,))
        every = (begins.replace(month=month) for month in months)
        return [one.replace(day=self.day.day) for one in every if self.day.day <= _month_length(one)], self.times


class _Often(_Daily):
    """A rule that recurs more than once a day, looked at day by day; its interval is kept inside the day."""

    unit = 1

    def __init__(self, rule: Rule, start: datetime, budget: Budget) -> None:
        super().__init__(rule, start, budget)
        self.step = 1

    def days(self, number: int) -> tuple[Sequence[datetime], Sequence[int]]:
        day = self.day + timedelta(days=number)
        if not self.fits(day):
            return (), ()
        per_day = _DAY // self.unit
        since = per_day * number - (self.start - self.day).seconds // self.unit
        found: list[int] = []
        inside = self.inside()
        for count in range(-since % self.rule.interval, per_day, self.rule.interval):
            at = count * self.unit
            if at // 3600 in self.hours and (self.unit > 60 or at % 3600 // 60 in self.minutes):
                found += [at + more for more in inside if self.unit > 1 or at % 60 in self.only_seconds]
        self.budget.spend(1 + per_day // self.rule.interval // 4 + len(found) // 8)
        return (day,), found

    @cached_property
    def hours(self) -> frozenset[int]:
        return frozenset(self.rule.by.get("BYHOUR", range(24)))

    @cached_property
    def minutes(self) -> frozenset[int]:
        return frozenset(self.rule.by.get("BYMINUTE", range(60)))

    @cached_property
    def only_seconds(self) -> frozenset[int]:
        return frozenset(self.rule.by.get("BYSECOND", range(60)))

    def inside(self) -> Sequence[int]:
        """Return the seconds of one period that the rule means."""
        every = {3600: self.seconds, 60: self.within_minute, 1: (0,)}[self.unit]
        if "BYSETPOS" not in self.rule.by:
            return every
        return [every[place] for place in _positions(self.rule.by["BYSETPOS"], len(every))]


class _Hourly(_Often):
    unit = 3600


class _Minutely(_Often):
    unit = 60


_CYCLES: Final[dict[str, Callable[[Rule, datetime, Budget], _Cycle]]] = {
    "SECONDLY": _Often,
    "MINUTELY": _Minutely,
    "HOURLY": _Hourly,
    "DAILY": _Daily,
    "WEEKLY": _Weekly,
    "MONTHLY": _Monthly,
    "YEARLY": _Yearly,
}
_LONG: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
