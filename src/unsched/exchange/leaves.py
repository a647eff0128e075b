"""Single values of a file: texts, numbers, dates and times, each read strictly as what it is.

JSON has no dates and TOML has; both may write them as ISO 8601 text. Nothing else is turned into anything else: a
number in quotes stays a text, and is refused where a number is wanted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from unsched.errors import Fault, InputError
from unsched.exchange.plain import shown

__all__ = ["LEAVES"]


def _refuse(value: object, noun: str, remedy: str) -> InputError:
    return InputError([Fault("", f"{shown(value)} is not {noun}", remedy)])


def _text(value: object) -> str:
    if type(value) is not str:
        remedy = f"{str(value)!r}, in quotes." if isinstance(value, int | float) else "a text, in quotes."
        raise _refuse(value, "a text", remedy)
    return value


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise _refuse(value, "true or false", "true or false, without quotes.")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        remedy = "a whole number such as 1."
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            remedy = f"{int(value)}, without quotes."
        elif isinstance(value, float) and value.is_integer():
            remedy = f"{int(value)}."
        raise _refuse(value, "a whole number", remedy)
    return value


def _number(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise _refuse(value, "a number", "a number such as 1.5.")
    return value  # type: ignore[return-value]


def _date(value: object) -> date:
    found = _from_iso(value, date)
    if type(found) is not date:
        raise _refuse(value, "a date", "a date such as 2010-12-17.")
    return found


def _time(value: object) -> time:
    found = time(0) if value == "24:00" else _from_iso(value, time)
    if not isinstance(found, time):
        raise _refuse(value, "a time of day", "a time such as '10:00'.")
    return found


def _moment(value: object) -> datetime:
    found = _from_iso(value, datetime)
    if not isinstance(found, datetime):
        raise _refuse(value, "a date and time", "one such as '2010-12-17T10:00'.")
    return found


def _from_iso(value: object, kind: type[date | time]) -> object:
    if not isinstance(value, str):
        return value
    try:
        return kind.fromisoformat(value)
    except ValueError:
        return None


LEAVES: Mapping[type, Callable[[object], Any]] = MappingProxyType(
    {str: _text, bool: _truth, int: _whole, float: _number, date: _date, time: _time, datetime: _moment}
)
"""How a value of each type is read."""
