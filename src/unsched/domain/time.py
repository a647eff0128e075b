"""Hours by the wall clock: periods, and the open blocks of a day."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import date, time

from attrs import field, frozen

from unsched.domain.fact import Fact, check_choice, check_id, shown, to_tuple
from unsched.domain.moment import check_dates, check_time, to_some_dates, to_time
from unsched.errors import Fault, nearest

__all__ = [
    "LUNCH",
    "REGULAR",
    "UN_HOURS",
    "Block",
    "Period",
    "check_within",
    "check_zone",
    "to_periods",
]

REGULAR = "regular"
LUNCH = "lunch"

# Files of a zone database that are no zones, or count leap seconds, or differ from machine to machine.
_NO_ZONE = re.compile(r"(posix|right)/.*|posixrules|localtime|Factory")
_WITHIN = ("block", "day")


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

    days: tuple[date, ...] | None = field(default=None, converter=to_some_dates)
    start: time = field(default=time(0), converter=to_time)
    end: time = field(default=time(0), converter=to_time)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this period."""
        if self.days is not None:
            yield from check_dates("days", self.days)
            if self.days == ():
                yield Fault("days", "an empty list means no day at all", "leave days out to mean every day.")
        yield from check_time("start", self.start)
        yield from check_time("end", self.end)

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

    start: time = field(converter=to_time)
    end: time = field(converter=to_time)
    kind: str = REGULAR
    days: tuple[date, ...] | None = field(default=None, converter=to_some_dates)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this block."""
        yield from check_time("start", self.start)
        yield from check_time("end", self.end)
        yield from check_id("kind", self.kind)
        if self.days is not None:
            yield from check_dates("days", self.days)
            if self.days == ():
                yield Fault("days", "an empty list means no day at all", "leave days out to mean every day.")

    def __str__(self) -> str:
        kind = "" if self.kind == REGULAR else f" ({self.kind})"
        return f"{self.start:%H:%M}-{_end_text(self.end)}{kind}"


UN_HOURS: tuple[Block, ...] = (Block("10:00", "13:00"), Block("15:00", "18:00"))
"""The working hours of United Nations meetings; nothing later or at weekends without overtime."""


def _end_text(end: time) -> str:
    return "24:00" if end == time(0) else f"{end:%H:%M}"


def check_zone(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is the name of an IANA time zone."""
    try:
        known = not _NO_ZONE.fullmatch(value) and zoneinfo.ZoneInfo(value)  # type: ignore[arg-type,call-overload]
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        known = False
    if not known:
        names = zoneinfo.available_timezones()
        remedy = nearest(value, sorted(names)) if isinstance(value, str) else None
        yield Fault(path, f"{shown(value)} is not an IANA time zone", remedy or "a name such as 'Europe/Zurich'.")


def check_within(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` says how far a session may reach: "block" or "day"."""
    yield from check_choice(path, value, _WITHIN)
