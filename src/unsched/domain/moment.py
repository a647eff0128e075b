"""Reading dates, times of day and moments as people write them.

What cannot be read is left as it is, so that the fact that holds it can say where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from unsched.domain.fact import check_each, shown
from unsched.errors import Fault

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "check_date",
    "check_dates",
    "check_moment",
    "check_time",
    "to_date",
    "to_dates",
    "to_moment",
    "to_some_dates",
    "to_time",
]

# Before 1973 some zones were not whole minutes from UTC; near the year 9999 arithmetic with dates overflows.
FIRST_YEAR, LAST_YEAR = 1973, 2199


def to_time(value: str | time) -> time:
    """Read a time of day from its ISO 8601 text; "24:00" is the midnight that ends a day.

    >>> to_time("10:00"), to_time("24:00")
    (datetime.time(10, 0), datetime.time(0, 0))
    """
    return time(0) if value == "24:00" else _read(value, time)


def to_date(value: str | date | None) -> date | None:
    """Read a date from its ISO 8601 text, or take that of a date-time."""
    return value.date() if isinstance(value, datetime) else _read(value, date)


def to_dates(value: str | date | Iterable[str | date]) -> tuple[date, ...]:
    """Read several dates; one alone is a list of one.

    >>> to_dates("2010-12-17")
    (datetime.date(2010, 12, 17),)
    """
    if isinstance(value, str | date):
        value = (value,)
    found: Any = tuple(to_date(item) for item in value) if isinstance(value, Iterable) else value
    return found  # type: ignore[no-any-return]


def to_some_dates(value: str | date | Iterable[str | date] | None) -> tuple[date, ...] | None:
    """Read several dates, or leave `None`."""
    return None if value is None else to_dates(value)


def to_moment(value: datetime | str | None) -> datetime | None:
    """Read a date-time from its ISO 8601 text."""
    found: datetime | None = _read(value, datetime)
    return found


def _read(value: object, kind: type[date | time]) -> Any:  # noqa: ANN401  what cannot be read is refused elsewhere
    if isinstance(value, str):
        with suppress(ValueError):
            return kind.fromisoformat(value)
    return value


def check_time(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is a time of day by the wall clock, in whole minutes."""
    if not isinstance(value, time) or value.tzinfo is not None or value.second or value.microsecond:
        yield Fault(path, f"{shown(value)} is not a time of day in whole minutes", "a time such as '10:00'.")


def check_date(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is a date that can be planned for."""
    if not isinstance(value, date):
        yield Fault(path, f"{shown(value)} is not a date", "a date such as '2010-12-17'.")
    else:
        yield from _check_year(path, value)


def check_dates(path: str, values: object, *, unique: bool = True) -> Iterator[Fault]:
    """Yield a fault for each member of a tuple that is not such a date, or (if unique) comes twice."""
    yield from check_each(path, values, unique=unique, check=check_date)


def check_moment(path: str, value: object, *, offset: bool = False, whole: bool = True) -> Iterator[Fault]:
    """Yield a fault unless `value` is a date-time (if `offset`, with one; if `whole`, in whole minutes)."""
    if not isinstance(value, datetime) or (offset and value.tzinfo is None):
        noun, example = "a date and time", "2010-12-17T10:00"
        if offset:
            noun, example = f"{noun} with an offset", f"{example}:00+01:00"
        yield Fault(path, f"{shown(value)} is not {noun}", f"one such as '{example}'.")
    elif whole and (value.second or value.microsecond):
        yield Fault(path, f"{shown(value)} is not in whole minutes", "leave the seconds out.")
    else:
        yield from _check_year(path, value)


def _check_year(path: str, value: date) -> Iterator[Fault]:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        yield Fault(path, f"{shown(value)} is outside the years {FIRST_YEAR} to {LAST_YEAR}", "another year.")
