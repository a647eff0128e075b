"""Time: wall clocks outside, whole minutes inside.

A `Window` is the only place where the two meet. Outside it people read and write the wall clock of one IANA time
zone; inside, an instant is a whole number of minutes since the window's origin (local midnight before its first
block), counted on a clock that never jumps, so that a night on which the clocks change is as long as it really is.
Every interval is half-open: it holds its start and not its end.
"""

from __future__ import annotations

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from unsched.domain.fact import Fact, check_choice, check_count, check_each, check_id, to_tuple
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

__all__ = ["LUNCH", "REGULAR", "UN_HOURS", "Block", "Interval", "OpenBlock", "Period", "Window", "check_within", "check_zone", "merge", "to_periods"]

REGULAR = "regular"
LUNCH = "lunch"
MAX_DAYS = 3_700
_WITHIN = ("block", "day")


@frozen(order=True)
class Interval:
    """A half-open stretch of minutes `[start, end)`.

    >>> Interval(0, 60).overlaps(Interval(60, 90))
    False
    """

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share at least one minute."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Interval) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the union of intervals as sorted intervals that neither touch nor overlap.

    >>> merge([Interval(5, 9), Interval(0, 5), Interval(20, 30)])
    (Interval(start=0, end=9), Interval(start=20, end=30))
    """
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if interval.end <= interval.start:
            continue
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)


def _to_time(value: str | time) -> time:
    if not isinstance(value, str):
        return value
    if value == "24:00":
        return time(0)
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise InputError([Fault("", f"{value!r} is not a time of day", "a time such as '10:00'.")], "a time") from None


def _to_dates(value: Iterable[str | date]) -> tuple[date, ...]:
    if isinstance(value, str | date):
        value = (value,)
    return tuple(_to_date(item) for item in value)


def _to_some_dates(value: Iterable[str | date] | None) -> tuple[date, ...] | None:
    return None if value is None else _to_dates(value)


def _to_date(value: str | date) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            message = f"{value!r} is not a date"
            raise InputError([Fault("", message, "a date such as '2010-12-17'.")], "a date") from None
    return value


def _check_time(path: str, value: object) -> Iterator[Fault]:
    if not isinstance(value, time) or value.tzinfo is not None or value.second or value.microsecond:
        yield Fault(path, f"{value!r} is not a time of day in whole minutes", "a time such as '10:00'.")


def _check_dates(path: str, values: object) -> Iterator[Fault]:
    yield from check_each(path, values, date)


@frozen
class Period(Fact):
    """Hours on some days, by the wall clock: an availability, opening hours, a wish.

    Args:
        days: the dates meant; `None` means every day.
        start: first minute of the day meant.
        end: first minute no longer meant; an end at or before the start is on the next day, so 00:00 ("24:00" in a
            file) is the end of the day.

    >>> print(Period(["2010-12-17"], "10:00", "13:00"))
    2010-12-17 10:00-13:00
    """

    days: tuple[date, ...] | None = field(default=None, converter=_to_some_dates)
    start: time = field(default=time(0), converter=_to_time)
    end: time = field(default=time(0), converter=_to_time)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this period."""
        if self.days is not None:
            yield from _check_dates("days", self.days)
            if self.days == ():
                yield Fault("days", "an empty list means no day at all", "leave days out to mean every day.")
        yield from _check_time("start", self.start)
        yield from _check_time("end", self.end)

    def __str__(self) -> str:
        days = "every day" if self.days is None else ", ".join(day.isoformat() for day in self.days)
        hours = "" if self.start == self.end == time(0) else f" {self.start:%H:%M}-{_end_text(self.end)}"
        return days + hours


def to_periods(values: Iterable[Period] | None) -> tuple[Period, ...] | None:
    """Make a tuple of periods, or leave `None`, which means always."""
    return None if values is None else to_tuple(values)


@frozen
class Block(Fact):
    """A stretch of the day, by the wall clock, in which sessions can stand.

    Args:
        start: first minute of the block.
        end: first minute after it; at or before the start means on the next day ("24:00" is the end of the day).
        kind: which sessions use it: those whose `blocks` name this kind. Most of both are "regular".
        days: the dates on which the block is open; `None` means every day of the window.
    """

    start: time = field(converter=_to_time)
    end: time = field(converter=_to_time)
    kind: str = REGULAR
    days: tuple[date, ...] | None = field(default=None, converter=_to_some_dates)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this block."""
        yield from _check_time("start", self.start)
        yield from _check_time("end", self.end)
        yield from check_id("kind", self.kind)
        if self.days is not None:
            yield from _check_dates("days", self.days)

    def __str__(self) -> str:
        kind = "" if self.kind == REGULAR else f" ({self.kind})"
        return f"{self.start:%H:%M}-{_end_text(self.end)}{kind}"


UN_HOURS: tuple[Block, ...] = (Block("10:00", "13:00"), Block("15:00", "18:00"))
"""The working hours of United Nations meetings; nothing later or at weekends without overtime."""


@frozen
class OpenBlock:
    """A block on one day of a window, in minutes: the half-open interval `span`."""

    day: date
    kind: str
    span: Interval


@frozen
class Window(Fact):
    """When sessions can stand: days, open blocks and a grid, in one IANA time zone.

    Args:
        zone: IANA name of the time zone, such as "Europe/Zurich".
        days: the dates on which blocks are open, in any order.
        blocks: the open blocks of a day (default: the UN hours, 10:00-13:00 and 15:00-18:00).
        step: minutes between possible starts, counted from the start of each block.

    A block bound that the clock skips on a day is read with the offset before the gap, and one that comes twice
    means its first occurrence (RFC 5545, section 3.3.5); a date-time that somebody wrote for one session and that
    does not exist is refused instead.

    >>> window = Window("Europe/Zurich", ["2010-12-17"])
    >>> [str(window.wall(block.span.start)) for block in window.open_blocks]
    ['2010-12-17 10:00:00+01:00', '2010-12-17 15:00:00+01:00']
    >>> len(window.starts(180))
    2
    """

    zone: str
    days: tuple[date, ...] = field(converter=_to_dates)
    blocks: tuple[Block, ...] = field(default=UN_HOURS, converter=to_tuple)
    step: int = 15

    @classmethod
    def between(
        cls,
        zone: str,
        first: date | str,
        last: date | str,
        *,
        closed: Iterable[date | str] = (),
        blocks: Iterable[Block] = UN_HOURS,
        step: int = 15,
    ) -> Window:
        """Make a window of all days from `first` to `last`, both included, but the closed ones.

        >>> Window.between("Europe/Zurich", "2010-12-15", "2010-12-17", closed=["2010-12-16"]).days
        (datetime.date(2010, 12, 15), datetime.date(2010, 12, 17))
        """
        start, end = _to_date(first), _to_date(last)
        if end < start:
            message = f"there is no day from {first} to {last}"
            raise InputError([Fault("last", message, "a last day that is not before the first.")], "Window")
        if (end - start).days >= MAX_DAYS:
            raise InputError([Fault("last", f"{first} to {last} is over {MAX_DAYS} days", "fewer days.")], "Window")
        every = (start + timedelta(days=n) for n in range((end - start).days + 1))
        return cls(zone, _without(every, closed), tuple(blocks), step)

    @classmethod
    def recurring(
        cls,
        zone: str,
        rule: rrule | rruleset | str,
        *,
        closed: Iterable[date | str] = (),
        blocks: Iterable[Block] = UN_HOURS,
        step: int = 15,
    ) -> Window:
        """Make a window of the days on which a recurrence falls, but the closed ones.

        Args:
            zone: IANA name of the time zone.
            rule: a `dateutil.rrule` rule or set, or its text (with DTSTART); it must end (COUNT or UNTIL).
            closed: dates to leave out, such as observances.
            blocks: the open blocks of a day.
            step: minutes between possible starts.

        >>> Window.recurring("Europe/Zurich", "DTSTART:20101201\\nRRULE:FREQ=WEEKLY;COUNT=2;BYDAY=WE,TH").days
        (datetime.date(2010, 12, 1), datetime.date(2010, 12, 2))
        """
        from itertools import islice

        from dateutil.rrule import rrulestr

        if isinstance(rule, str):
            try:
                rule = rrulestr(rule)
            except (ValueError, TypeError) as error:
                fault = Fault("rrule", f"{rule!r} is not a recurrence ({error})", "a rule as in RFC 5545, with DTSTART.")
                raise InputError([fault], "Window") from None
        days: dict[date, None] = {}
        for count, moment in enumerate(islice(rule, 100_001)):
            days[moment.date()] = None
            if len(days) > MAX_DAYS or count == 100_000:
                fault = Fault("rrule", f"the recurrence goes on for over {MAX_DAYS} days", "a rule with COUNT or UNTIL.")
                raise InputError([fault], "Window")
        return cls(zone, _without(days, closed), tuple(blocks), step)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this window."""
        yield from check_zone("zone", self.zone)
        yield from _check_dates("days", self.days)
        if isinstance(self.days, tuple):
            if not self.days:
                yield Fault("days", "the window has no day", "at least one date.")
            if len(self.days) > MAX_DAYS:
                yield Fault("days", f"{len(self.days)} days are over the limit of {MAX_DAYS}", "fewer days.")
        yield from check_each("blocks", self.blocks, Block, unique=False)
        if self.blocks == ():
            yield Fault("blocks", "the window has no block", "leave blocks out to have the UN hours.")
        yield from check_count("step", self.step, least=1, unit="minutes")
        if self.step == 0 or not isinstance(self.blocks, tuple):
            return
        for index, block in enumerate(self.blocks):
            for day in getattr(block, "days", None) or ():
                if isinstance(self.days, tuple) and day not in self.days:
                    yield Fault(f"blocks[{index}].days", f"{day} is not a day of the window", "one of its days.")

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        object.__setattr__(self, "days", tuple(sorted(self.days)))
        clash = _same_kind_overlap(self.open_blocks)
        if clash is not None:
            message = f"two {clash.kind} blocks overlap on {clash.day}"
            raise InputError([Fault("blocks", message, "join them, or give one another kind.")], "Window")

    @cached_property
    def tz(self) -> zoneinfo.ZoneInfo:
        """The time zone."""
        return zoneinfo.ZoneInfo(self.zone)

    @cached_property
    def origin(self) -> datetime:
        """Minute 0 as an instant in UTC: midnight, by the wall clock, before the first day."""
        return self._instant(self.days[0], time(0))

    @cached_property
    def open_blocks(self) -> tuple[OpenBlock, ...]:
        """All open blocks in order of start, in minutes since the origin."""
        found = []
        for day in self.days:
            for block in self.blocks:
                if block.days is None or day in block.days:
                    span = self._span(day, block.start, block.end)
                    if span.minutes > 0:
                        found.append(OpenBlock(day, block.kind, span))
        return tuple(sorted(found, key=lambda block: (block.span, block.kind)))

    @cached_property
    def open_time(self) -> tuple[Interval, ...]:
        """The union of all open blocks, whatever their kind."""
        return merge(block.span for block in self.open_blocks)

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.tz).astimezone(UTC)

    def _span(self, day: date, start: time, end: time) -> Interval:
        last = day if end > start else day + timedelta(days=1)
        return Interval(self._minute(self._instant(day, start)), self._minute(self._instant(last, end)))

    def _minute(self, instant: datetime) -> int:
        return (instant - self.origin) // timedelta(minutes=1)

    def wall(self, minute: int) -> datetime:
        """Return the local date-time, with its offset, at a minute since the origin."""
        return (self.origin + timedelta(minutes=minute)).astimezone(self.tz)

    def minute(self, moment: datetime | str) -> int:
        """Return the minutes from the origin to a date-time.

        Args:
            moment: a date-time or its ISO 8601 text; without an offset it is read in the window's zone.

        Raises:
            InputError: it has seconds, or is a local time that the clocks skip on that day.
        """
        if isinstance(moment, str):
            try:
                moment = datetime.fromisoformat(moment)
            except ValueError:
                message = f"{moment!r} is not a date and time"
                raise InputError([Fault("", message, "one such as '2010-12-17T10:00'.")], "a time") from None
        if moment.second or moment.microsecond:
            raise InputError([Fault("", f"{moment} is not in whole minutes", "leave the seconds out.")], "a time")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.tz)
            back = moment.astimezone(UTC).astimezone(self.tz)
            if back.replace(tzinfo=None) != moment.replace(tzinfo=None):
                message = f"{moment:%Y-%m-%d %H:%M} does not exist in {self.zone}: the clocks go forward over it"
                raise InputError([Fault("", message, f"{back:%Y-%m-%d %H:%M}.")], "a time")
        return self._minute(moment.astimezone(UTC))

    def day_of(self, minute: int) -> date:
        """Return the local date at a minute."""
        return self.wall(minute).date()

    def intervals(self, periods: Iterable[Period]) -> tuple[Interval, ...]:
        """Return the union of periods over the days of the window, in minutes since the origin.

        The day before the first and the day after the last count too, for what reaches over midnight.
        """
        first, last = self.days[0] - timedelta(days=1), self.days[-1] + timedelta(days=1)
        every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return merge(
            self._span(day, period.start, period.end)
            for period in periods
            for day in (every if period.days is None else period.days)
        )

    def open_minutes_before(self, minute: int) -> int:
        """Return how many open minutes of the window have passed at a minute."""
        return sum(min(span.end, minute) - span.start for span in self.open_time if span.start < minute)

    def stretches(self, kinds: tuple[str, ...] = (REGULAR,), within: str = "block") -> tuple[Interval, ...]:
        """Return the intervals inside which a session must lie.

        Args:
            kinds: the kinds of block that it may use.
            within: "block" (wholly inside one block), or "day" (from inside a block to inside another of the same day).
        """
        blocks = [block for block in self.open_blocks if block.kind in kinds]
        if within == "block":
            return tuple(block.span for block in blocks)
        return tuple(
            Interval(min(spans).start, max(span.end for span in spans))
            for day in self.days
            if (spans := [block.span for block in blocks if block.day == day])
        )

    def starts(self, minutes: int, kinds: tuple[str, ...] = (REGULAR,), within: str = "block") -> tuple[int, ...]:
        """Return every start, in minutes since the origin, that a session of a length can have.

        Args:
            minutes: the session's length.
            kinds: the kinds of block that it may use.
            within: "block" or "day", as in `stretches`.
        """
        found: dict[int, None] = {}
        blocks = [block for block in self.open_blocks if block.kind in kinds]
        for stretch in self.stretches(kinds, within):
            for block in blocks:
                if stretch.holds(block.span):
                    for start in range(block.span.start, block.span.end, self.step):
                        end = start + minutes
                        if end <= block.span.end or (within == "day" and _ends_inside(end, stretch, blocks)):
                            found[start] = None
        return tuple(sorted(found))

    def nearest_start(self, minute: int, starts: tuple[int, ...]) -> str | None:
        """Return the possible start that is nearest to a minute, as a local time for a message."""
        if not starts:
            return None
        place = bisect_right(starts, minute)
        near = min(starts[max(place - 1, 0) : place + 1], key=lambda start: abs(start - minute))
        return f"{self.wall(near):%Y-%m-%d %H:%M}."


def _ends_inside(end: int, stretch: Interval, blocks: list[OpenBlock]) -> bool:
    return end <= stretch.end and any(block.span.start < end <= block.span.end for block in blocks)


def _end_text(end: time) -> str:
    return "24:00" if end == time(0) else f"{end:%H:%M}"


def _without(days: Iterable[date], closed: Iterable[date | str]) -> tuple[date, ...]:
    shut = {_to_date(day) for day in closed}
    return tuple(day for day in days if day not in shut)


def _same_kind_overlap(blocks: tuple[OpenBlock, ...]) -> OpenBlock | None:
    last: dict[str, OpenBlock] = {}
    for block in blocks:
        before = last.get(block.kind)
        if before is not None and before.span.overlaps(block.span):
            return block
        last[block.kind] = block
    return None


def check_zone(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is the name of an IANA time zone."""
    try:
        zoneinfo.ZoneInfo(value)  # type: ignore[arg-type]
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        names = zoneinfo.available_timezones()
        remedy = nearest(value, sorted(names)) if isinstance(value, str) else None
        yield Fault(path, f"{value!r} is not an IANA time zone", remedy or "a name such as 'Europe/Zurich'.")


def check_within(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` says how far a session may reach: "block" or "day"."""
    yield from check_choice(path, value, _WITHIN)
