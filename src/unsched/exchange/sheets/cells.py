"""Single cells: how people write a value in a spreadsheet, and how it is written for them.

A cell holds a text, a number, a truth value, a date or a time, and in CSV always a text. What is read becomes plain
data as a TOML or JSON file has them; everything that could mean two things is refused, with what to write instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from attrs import frozen

from unsched.exchange.plain import shown

__all__ = [
    "DATE",
    "DATES",
    "IDS",
    "JSON",
    "MINUTES",
    "MOMENT",
    "NUMBER",
    "TEXT",
    "TIME",
    "TRUTH",
    "VALUE",
    "WHOLE",
    "WHOLES",
    "Cell",
    "CellError",
    "Form",
    "join_ids",
    "read_date",
    "read_time",
    "split_ids",
    "split_outside_quotes",
]

Cell: TypeAlias = str | int | float | bool | date | time | timedelta | None
"""What a cell can hold."""

_BIG = 10**15
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_OTHER_DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:h.](\d{2})(?::00)?", re.ASCII)
_LENGTH = re.compile(
    r"(?:(\d{1,3})\s*(?:h|hours?|:)\s*)?(?:(\d{1,6})\s*(?:m|min|minutes?)?)?", re.ASCII | re.IGNORECASE
)
_DECIMAL = re.compile(r"[+-]?\d{1,300}(\.\d*)?([eE][+-]?\d{1,2})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_RANGE = re.compile(r"\.\.|\bto\b|\u2013")
_TRUE, _FALSE = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
MAX_RANGE = 3_700


class CellError(ValueError):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(message, remedy)


@frozen(eq=False)
class Form:
    """How the cells of a column are written.

    Args:
        name: what it is called in the reference, such as "ids".
        about: how to write one, for the reference and for notes.
        read: makes plain data of a cell that is not empty, or raises `CellError`.
        write: makes a cell of plain data; what it makes is read again before it is believed.
    """

    name: str
    about: str
    read: Callable[[Cell], Any]
    write: Callable[[Any], Cell]


def _kind(value: Cell) -> str:
    if isinstance(value, datetime):
        return f"the date and time {value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"the date {value.isoformat()}"
    if isinstance(value, time | timedelta):
        return f"the time {value}"
    return shown(value)


# -- texts and numbers ----------------------------------------------------------------------------------------------


def _read_text(value: Cell) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError(f"{_kind(value)} is not a text", "an apostrophe before it, or a cell formatted as text.")
    return str(int(value)) if float(value).is_integer() and abs(value) < _BIG else repr(value)


def _read_whole(value: Cell) -> int:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not float(value).is_integer():
        raise CellError(f"{_kind(value)} is not a whole number", "a whole number such as 1.")
    return int(value)


def _read_number(value: Cell) -> float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError(f"{_kind(value)} is not a number", "a number such as 1.5.")
    return value


def _read_truth(value: Cell) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise CellError(f"{_kind(value)} is neither yes nor no", "'yes' or 'no'.")


def _read_minutes(value: Cell) -> int:
    if isinstance(value, timedelta):
        value = value.total_seconds() / 60
    elif isinstance(value, time):
        value = value.hour * 60 + value.minute + value.second / 60
    if isinstance(value, str):
        found = _LENGTH.fullmatch(value.strip())
        if value.strip() and found and (found[1] is None or found[2] is None or int(found[2]) < 60):
            return int(found[1] or 0) * 60 + int(found[2] or 0)
    elif isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return int(value)
    raise CellError(f"{_kind(value)} is not a length of time", "minutes, such as 90, or hours and minutes: 1:30.")


# -- dates and times ------------------------------------------------------------------------------------------------


def read_date(value: Cell) -> str:
    """Return a date as ISO 8601 text; raise `CellError` where it is none, or could be two.

    >>> read_date("2010-12-15")
    '2010-12-15'
    """
    if isinstance(value, datetime):
        if value.time() != time(0):
            raise CellError(f"{_kind(value)} is not a date alone", f"{value:%Y-%m-%d}.")
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    found = _ISO_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        try:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            raise CellError(f"there is no day {shown(value)}", "a date such as 2010-12-17.") from None
    raise _no_date(value, "")


def _no_date(value: Cell, clock: str) -> CellError:
    other = _OTHER_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if other is None:
        remedy = f"one such as 2010-12-17{clock}, or a cell formatted as a date."
        return CellError(f"{_kind(value)} is not a date{' and time' * bool(clock)}", remedy)
    one, two, three = (int(part) for part in other.groups())
    likely = dict.fromkeys(_dates((three, two, one), (three, one, two), (one, two, three)))
    remedy = f"{' or '.join(f'{day}{clock}' for day in likely)}." if likely else f"a date such as 2010-12-17{clock}."
    why = "can be read in several ways: which is the day?" if len(likely) > 1 else "does not begin with the year"
    return CellError(f"{shown(value)} {why}", remedy)


def _dates(*candidates: tuple[int, int, int]) -> Iterable[str]:
    for year, month, day in candidates:
        if year > 31 and 1 <= month <= 12 and 1 <= day <= 31:
            yield f"{year if year > 99 else 2000 + year}-{month:02}-{day:02}"


def read_time(value: Cell) -> str:
    """Return a time of day as ISO 8601 text; "24:00" is the midnight that ends a day.

    >>> read_time("9:30")
    '09:30'
    """
    if isinstance(value, datetime) and value.year < 1973:  # a time, as some programs store it
        value = value.time()
    if isinstance(value, time) and not value.second and not value.microsecond:
        return f"{value:%H:%M}"
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found and (int(found[1]) < 24 or (found[1], found[2]) == ("24", "00")) and int(found[2]) < 60:
        return f"{int(found[1]):02}:{found[2]}"
    raise CellError(f"{_kind(value)} is not a time of day", "a time such as 10:00.")


def _read_moment(value: Cell) -> str:
    if isinstance(value, datetime):
        # A spreadsheet keeps times as fractions of a day, a little off.
        near = value + timedelta(milliseconds=500)
        return near.replace(microsecond=0).isoformat()
    if isinstance(value, str):
        text = value.strip()
        try:
            if len(text) > 10 and _ISO_DATE.match(text[:10]):
                return datetime.fromisoformat(text).isoformat()
        except ValueError:
            pass
        day, _, clock = text.partition(" ")
        if clock:
            if not _ISO_DATE.fullmatch(day):
                raise _no_date(day, f" {clock}")
            return f"{read_date(day)}T{read_time(clock)}:00"
        if _ISO_DATE.fullmatch(text):
            raise CellError(f"{shown(value)} says no time", f"{text} 10:00.")
    elif isinstance(value, date):
        raise CellError(f"{_kind(value)} says no time", f"{value.isoformat()} 10:00.")
    raise _no_date(value, " 10:00")


def _write_moment(value: str) -> str:
    moment = datetime.fromisoformat(value)
    if moment.second or moment.microsecond:
        return value
    return moment.isoformat(" ", "minutes")


def _read_dates(value: Cell) -> list[str]:
    if not isinstance(value, str):
        return [read_date(value)]
    found: list[str] = []
    for part in re.split(r"[,;\n]", value):
        if not part.strip():
            continue
        ends = [read_date(end) for end in _RANGE.split(part)]
        if len(ends) > 2:
            raise CellError(f"{shown(part)} has more than two ends", "a range such as 2010-12-15 to 2010-12-17.")
        first, last = date.fromisoformat(ends[0]), date.fromisoformat(ends[-1])
        if not 0 <= (last - first).days < MAX_RANGE:
            raise CellError(f"{shown(part)} is no range of days", "the earlier day first, and fewer days.")
        found += [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    return found


# -- lists ----------------------------------------------------------------------------------------------------------


def split_outside_quotes(text: str, marks: str) -> list[str]:
    """Return the parts of a text between marks that stand outside double quotes, trimmed; the quotes stay.

    >>> split_outside_quotes('a; "b; c"', ";")
    ['a', '"b; c"']
    """
    parts, start, quoted = [], 0, False
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char in marks and not quoted:
            parts.append(text[start:place].strip())
            start = place + 1
    if quoted:
        raise CellError("a quote is opened and never closed", "one more quote, or none.")
    return [*parts, text[start:].strip()]


def split_ids(text: str) -> list[str]:
    """Return the ids of a list, between commas, semicolons or line breaks; one in quotes can have these in it.

    >>> split_ids('egypt, "Bonaire, Saba"; brazil')
    ['egypt', 'Bonaire, Saba', 'brazil']
    """
    return [_unquoted(part) for part in split_outside_quotes(text, ",;\n") if part]


def _unquoted(part: str) -> str:
    if part.startswith('"') and part.endswith('"') and len(part) > 1:
        return part[1:-1].replace('""', '"')
    return part


def join_ids(ids: Iterable[str], *, reserved: Callable[[str], bool] = lambda _: False) -> str:
    """Return ids as a list in a cell; those that would be read as something else are put in quotes.

    >>> join_ids(["egypt", "Bonaire, Saba"])
    'egypt, "Bonaire, Saba"'
    """
    return ", ".join(f'"{one.replace(chr(34), chr(34) * 2)}"' if _odd(one) or reserved(one) else one for one in ids)


def _odd(one: str) -> bool:
    return not one or one != one.strip() or any(char in one for char in ',;"\n')


def _read_ids(value: Cell) -> list[str]:
    return split_ids(_read_text(value))


def _read_wholes(value: Cell) -> list[int]:
    return [_read_whole(part) for part in _read_ids(value)]


# -- anything -------------------------------------------------------------------------------------------------------


def _read_json(value: Cell) -> Any:  # noqa: ANN401  whatever JSON holds
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError) as error:
        raise CellError(f"this is not JSON: {error}", "a text in double quotes, a number, [...] or {...}.") from None


def _write_json(value: object) -> str:
    # Escapes of spreadsheets, such as _x000D_, must not come about by accident.
    return json.dumps(value).replace("_x", "\\u005fx")


def _read_value(value: Cell) -> Any:  # noqa: ANN401  a number, a text or a list
    if isinstance(value, str):
        if re.fullmatch(r"[0-9]{1,9}", value):
            return int(value)
        return _read_json(value) if value.startswith("[") else value
    return _read_whole(value)


def _write_value(value: object) -> Cell:
    return value if isinstance(value, int | str) else _write_json(value)


def _same(value: Any) -> Cell:  # noqa: ANN401  what a cell can hold as it is
    return value  # type: ignore[no-any-return]


TEXT = Form("text", "a text", _read_text, _same)
WHOLE = Form("number", "a whole number", _read_whole, _same)
NUMBER = Form("decimal", "a number", _read_number, _same)
TRUTH = Form("yes/no", "yes or no", _read_truth, lambda value: "yes" if value else "no")
MINUTES = Form("minutes", "minutes (90), or hours and minutes (1:30)", _read_minutes, _same)
DATE = Form("date", "a date: 2010-12-17, or a cell formatted as one", read_date, _same)
DATES = Form("dates", "dates with commas between, or 2010-12-15 to 2010-12-17", _read_dates, ", ".join)
TIME = Form("time", "a time of day: 10:00", read_time, _same)
MOMENT = Form("date and time", "2010-12-17 10:00, or a cell formatted as that", _read_moment, _write_moment)
IDS = Form("list", "one or more, with commas or semicolons between", _read_ids, join_ids)
WHOLES = Form("numbers", "whole numbers with commas between", _read_wholes, lambda some: ", ".join(map(str, some)))
VALUE = Form("value", 'a number or a text; a list as ["a", "b"]', _read_value, _write_value)
JSON = Form("JSON", "JSON", _read_json, _write_json)
