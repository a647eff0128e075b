"""Recurrence rules as they are written (RFC 5545, section 3.3.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

from unsched.calendar.values import Moment, read_moment, read_whole
from unsched.domain.fact import shown

__all__ = ["Rule", "read_rule"]

_DAYS: Final = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_BY_DAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_FREQ: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_RANGES: Final = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (-366, 366),
}
# RFC 5545, section 3.3.10, says where these must not be used.
_BARRED: Final = {
    "BYWEEKNO": frozenset(_FREQ) - {"YEARLY"},
    "BYYEARDAY": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
    "BYMONTHDAY": frozenset({"WEEKLY"}),
}


@frozen
class Rule:
    """A recurrence rule, as it is written.

    Args:
        freq: "SECONDLY" to "YEARLY".
        interval: every how many of them.
        count: how many occurrences, the first included; `None` is no limit.
        until: the last moment at which one may start, or `None`.
        week_start: the day on which weeks begin, Monday being 0.
        by_day: days of the week, each with its number in the month or year (0 is every one).
        by: the other BY parts, by name.
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: Moment | None = None
    week_start: int = 0
    by_day: tuple[tuple[int, int], ...] = ()
    by: Mapping[str, tuple[int, ...]] = field(factory=dict, hash=False)

    @cached_property
    def weekdays(self) -> frozenset[int]:
        """The days of the week that it names."""
        return frozenset(day for _, day in self.by_day)


@lru_cache(maxsize=1_000)
def read_rule(text: str) -> Rule:
    """Return a recurrence rule.

    Raises:
        ValueError: it is none, by RFC 5545.

    >>> read_rule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3").by_day
    ((-1, 4),)
    """
    parts: dict[str, str] = {}
    for part in text.strip().rstrip(";").upper().split(";"):
        name, _, value = part.partition("=")
        if name in parts:
            raise ValueError(f"{name} comes twice in {shown(text)}")
        parts[name.strip()] = value.strip()
    freq = parts.pop("FREQ", "")
    if freq not in _FREQ:
        raise ValueError(f"{shown(text)} has no FREQ, or one that is none of {', '.join(_FREQ)}")
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        raise ValueError(f"{shown(text)} is of another calendar than the Gregorian one")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError(f"{shown(text)} has both COUNT and UNTIL")
    interval = read_whole(parts.pop("INTERVAL", "1"), 1, 10**9)
    count = read_whole(parts.pop("COUNT"), 1, 10**9) if "COUNT" in parts else None
    until = read_moment(parts.pop("UNTIL")) if "UNTIL" in parts else None
    week_start = parts.pop("WKST", "MO")
    if week_start not in _DAYS:
        raise ValueError(f"{shown(week_start)} is no day on which weeks begin")
    days = _read_days(parts.pop("BYDAY"), freq, "BYWEEKNO" in parts) if "BYDAY" in parts else ()
    by = {name: _read_numbers(name, value, freq) for name, value in parts.items()}
    if "BYSETPOS" in by and len(by) == 1 and not days:
        raise ValueError("BYSETPOS needs another BY part")
    return Rule(freq, interval, count, until, _DAYS[week_start], days, MappingProxyType(by))


def _read_days(text: str, freq: str, by_week: bool) -> tuple[tuple[int, int], ...]:  # noqa: FBT001
    days = []
    for value in text.split(","):
        found = _BY_DAY.match(value.strip())
        number = int(found[1] or 0) if found else 0
        if found is None or abs(number) > 53 or (found[1] and not number):
            raise ValueError(f"{shown(value)} is no day of the week, such as MO or -1FR")
        if number and (freq not in {"MONTHLY", "YEARLY"} or by_week):
            raise ValueError(f"BYDAY={value} has a number, which only a month or a year can count")
        days.append((number, _DAYS[found[2]]))
    return tuple(dict.fromkeys(days))


def _read_numbers(name: str, text: str, freq: str) -> tuple[int, ...]:
    if name not in _RANGES:
        raise ValueError(f"{shown(name)} is no part of a recurrence rule")
    if freq in _BARRED.get(name, ()):
        raise ValueError(f"{name} cannot be used where FREQ is {freq}")
    least, most = _RANGES[name]
    numbers = {read_whole(value, least, most) for value in text.split(",")}
    if least < 0 and 0 in numbers:
        raise ValueError(f"{name} counts from 1, or from -1 backwards")
    # A leap second is the second before it.
    return tuple(sorted({min(number, 59) for number in numbers} if name == "BYSECOND" else numbers))
