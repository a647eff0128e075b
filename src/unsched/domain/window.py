"""The window: the only place where wall clocks and minutes meet.

Outside it people read and write the wall clock of one IANA time zone; inside, an instant is a whole number of minutes
since the window's origin (local midnight before its first block), counted on a clock that never jumps, so that a night
on which the clocks change is as long as it really is. Every interval is half-open: it holds its start and not its end.
"""

from __future__ import annotations

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count, check_each, shown, to_tuple
from unsched.domain.interval import Interval, merge
from unsched.domain.moment import (
    check_date,
    check_dates,
    check_moment,
    to_date,
    to_dates,
    to_moment,
)
from unsched.domain.time import REGULAR, UN_HOURS, Block, Period, check_zone
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

__all__ = ["OpenBlock", "Window"]

MAX_DAYS = 3_700
MAX_MOMENTS = 100_000


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
    days: tuple[date, ...] = field(converter=to_dates)
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
        start, end = to_date(first), to_date(last)
        faults = (*check_date("first", start), *check_date("last", end))
        if faults or start is None or end is None:
            raise InputError(faults, "Window")
        if end < start:
            message = f"there is no day from {first} to {last}"
            raise InputError([Fault("last", message, "a last day that is not before the first.")], "Window")
        if (end - start).days >= MAX_DAYS:
            raise InputError([Fault("last", f"{first} to {last} is over {MAX_DAYS} days", "fewer days.")], "Window")
        every = (start + timedelta(days=n) for n in range((end - start).days + 1))
        return cls(zone, _without(every, closed), blocks, step)

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
        r"""Make a window of the days on which a recurrence falls, but the closed ones.

        Args:
            zone: IANA name of the time zone.
            rule: a `dateutil.rrule` rule or set, or its text (with DTSTART); it must end (COUNT or UNTIL). Moments
                with an offset count on their day in the zone.
            closed: dates to leave out, such as observances.
            blocks: the open blocks of a day.
            step: minutes between possible starts.

        >>> Window.recurring("Europe/Zurich", "DTSTART:20101201\nRRULE:FREQ=WEEKLY;COUNT=2;BYDAY=WE,TH").days
        (datetime.date(2010, 12, 1), datetime.date(2010, 12, 2))
        """
        faults = tuple(check_zone("zone", zone))
        if faults:
            raise InputError(faults, "Window")
        tz = zoneinfo.ZoneInfo(zone)
        days: dict[date, None] = {}
        for count, moment in enumerate(_moments(rule)):
            days[(moment.astimezone(tz) if moment.tzinfo else moment).date()] = None
            if len(days) > MAX_DAYS or count == MAX_MOMENTS:
                fault = Fault(
                    "rrule", f"the recurrence goes on for over {MAX_DAYS} days", "a rule with COUNT or UNTIL."
                )
                raise InputError([fault], "Window")
        return cls(zone, _without(days, closed), blocks, step)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this window."""
        yield from check_zone("zone", self.zone)
        yield from check_dates("days", self.days)
        if isinstance(self.days, tuple):
            if not self.days:
                yield Fault("days", "the window has no day", "at least one date.")
            if len(self.days) > MAX_DAYS:
                yield Fault("days", f"{len(self.days)} days are over the limit of {MAX_DAYS}", "fewer days.")
        yield from check_each("blocks", self.blocks, Block, unique=False)
        if self.blocks == ():
            yield Fault("blocks", "the window has no block", "leave blocks out to have the UN hours.")
        yield from check_count("step", self.step, least=1, unit="minutes")
        if not isinstance(self.blocks, tuple) or not isinstance(self.days, tuple):
            return
        for index, block in enumerate(self.blocks):
            for day in getattr(block, "days", None) or ():
                if day not in self.days:
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
        found = to_moment(moment)
        faults = tuple(check_moment("", found))
        if faults or found is None:
            raise InputError(faults, "a time")
        if found.tzinfo is None:
            found = found.replace(tzinfo=self.tz)
        instant = found.astimezone(UTC)
        back = instant.astimezone(found.tzinfo)
        if back.replace(tzinfo=None) != found.replace(tzinfo=None):
            message = f"{found:%Y-%m-%d %H:%M} does not exist in {found.tzinfo}: the clocks go forward over it"
            raise InputError([Fault("", message, f"{back:%Y-%m-%d %H:%M}.")], "a time")
        return self._minute(instant)

    def day_of(self, minute: int) -> date:
        """Return the local date at a minute."""
        return self.wall(minute).date()

    def intervals(self, periods: Iterable[Period]) -> tuple[Interval, ...]:
        """Return the union of periods over the days of the window, in minutes since the origin.

        The day before the first and the day after the last count too, for what reaches over midnight.
        """
        meant = tuple(periods)
        if meant not in self._intervals:
            first, last = self.days[0] - timedelta(days=1), self.days[-1] + timedelta(days=1)
            every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            self._intervals[meant] = merge(
                self._span(day, period.start, period.end)
                for period in meant
                for day in (every if period.days is None else period.days)
            )
        return self._intervals[meant]

    @cached_property
    def _intervals(self) -> dict[tuple[Period, ...], tuple[Interval, ...]]:
        return {}

    def open_minutes_before(self, minute: int) -> int:
        """Return how many open minutes of the window have passed at a minute."""
        return sum(min(span.end, minute) - span.start for span in self.open_time if span.start < minute)

    def starts(self, minutes: int, kinds: tuple[str, ...] = (REGULAR,), within: str = "block") -> tuple[int, ...]:
        """Return every start, in minutes since the origin, that a session of a length can have.

        Args:
            minutes: the session's length.
            kinds: the kinds of block that it may use.
            within: "block" (it lies wholly inside one block), or "day" (from inside a block to inside another of the
                same day).
        """
        blocks = [block for block in self.open_blocks if block.kind in kinds]
        groups: dict[date | int, list[Interval]] = {}
        for index, block in enumerate(blocks):
            groups.setdefault(block.day if within == "day" else index, []).append(block.span)
        found: dict[int, None] = {}
        for spans in groups.values():
            for span in spans:
                for start in range(span.start, span.end, self.step):
                    if any(other.start < start + minutes <= other.end for other in spans):
                        found[start] = None
        return tuple(sorted(found))

    def nearest_start(self, minute: int, starts: tuple[int, ...]) -> str | None:
        """Return the possible start that is nearest to a minute, as a local time for a message."""
        if not starts:
            return None
        place = bisect_right(starts, minute)
        near = min(starts[max(place - 1, 0) : place + 1], key=lambda start: abs(start - minute))
        return f"{self.wall(near):%Y-%m-%d %H:%M}."


def _without(days: Iterable[date], closed: Iterable[date | str]) -> tuple[date, ...]:
    shut = to_dates(closed)
    faults = tuple(check_dates("closed", shut, unique=False))
    if faults:
        raise InputError(faults, "Window")
    shut_days = frozenset(shut)
    return tuple(day for day in days if day not in shut_days)


def _moments(rule: object) -> Iterator[datetime]:
    """Yield the moments of a recurrence, but no more than one too many; or refuse it."""
    from dateutil.rrule import rrulebase, rrulestr

    if isinstance(rule, str) and "DTSTART" not in rule.upper():
        why = "it has no DTSTART"  # dateutil would begin today
    elif not isinstance(rule, str | rrulebase):
        why = f"it is of type {type(rule).__name__}"
    else:
        try:
            yield from islice(rrulestr(rule) if isinstance(rule, str) else rule, MAX_MOMENTS + 1)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            why = str(error)
        else:
            return
    fault = Fault("rrule", f"{shown(rule)} is not a recurrence ({why})", "a rule as in RFC 5545, with DTSTART.")
    raise InputError([fault], "Window")


def _same_kind_overlap(blocks: tuple[OpenBlock, ...]) -> OpenBlock | None:
    last: dict[str, OpenBlock] = {}
    for block in blocks:
        before = last.get(block.kind)
        if before is not None and before.span.overlaps(block.span):
            return block
        last[block.kind] = block
    return None
