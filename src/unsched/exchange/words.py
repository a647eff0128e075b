"""Changes as people type them: a kind, and what it needs, in one line."""

from __future__ import annotations

import json
import shlex
from typing import Any, get_args

from unsched.domain.change import Amendment
from unsched.domain.changes import CHANGES
from unsched.errors import Fault, InputError
from unsched.exchange.plain import check_plain
from unsched.exchange.reading import read, table_fields

__all__ = ["MAX_WORDS", "read_change"]

MAX_WORDS = 100_000
_PERIOD = ("days", "start", "end")
_REMEDY = 'one such as "room-lost room=XXVI days=2010-12-17".'


def read_change(text: str) -> Amendment:
    """Return the change that a line says, or that a table in JSON describes.

    A line is a kind and then `key=value`, as in a file of changes; `days`, `start` and `end` make one period, and a dot
    leads into a table (`seats.table=40`). Quotes hold words together, and commas part days.

    Raises:
        InputError: with everything that is wrong.

    >>> print(read_change("room-lost room=XXVI days=2010-12-17 start=10:00 end=13:00").say())
    Room 'XXVI' is lost: 2010-12-17 10:00-13:00.
    >>> read_change('{"kind": "session-dropped", "session": "wg-1"}').session
    'wg-1'
    """
    source = f"the change {text[:100]!r}"
    if len(text) > MAX_WORDS:
        raise InputError([Fault("", f"it has over {MAX_WORDS:,} characters", "a file of changes.")], source)
    try:
        data = _from_json(text) if text.lstrip().startswith("{") else _from_words(text)
        faults = tuple(check_plain(data))
        if faults:
            raise InputError(faults)  # noqa: TRY301  as `read` does
        return _read(data)
    except InputError as error:
        raise InputError(error.faults, source) from None


def _read(data: object) -> Amendment:
    any_kind: Any = Amendment  # the data say which
    found: Amendment = read(data, any_kind)
    return found


def _from_json(text: str) -> Any:  # noqa: ANN401  whatever JSON holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError([Fault("", f"this is not JSON: {error}", _REMEDY)]) from None


def _from_words(text: str) -> dict[str, Any]:
    try:
        kind, *words = shlex.split(text)
    except ValueError:
        raise InputError([Fault("", "it has no kind, or a quote that is never closed", _REMEDY)]) from None
    known = table_fields(CHANGES[kind]) if kind in CHANGES else {}
    data: dict[str, Any] = {"kind": kind}
    faults = []
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            faults.append(Fault("", f"{word!r} is not of the form key=value", _REMEDY))
            continue
        table, at = data, key
        if key in _PERIOD and key not in known and "periods" in known:
            table = data.setdefault("periods", [{}])[0]
        elif "." in key:
            first, _, at = key.partition(".")
            table = data.setdefault(first, {})
        if not isinstance(table, dict) or at in table or (table is data and at in data):
            faults.append(Fault(key, "it is said twice", "one of them."))
            continue
        table[at] = _value(at, value, number=table is not data or _is_number(known.get(at)))
    if faults:
        raise InputError(faults)
    return data


def _is_number(attribute: Any) -> bool:  # noqa: ANN401  an attrs attribute
    kind = getattr(attribute, "type", None)
    return kind is int or int in get_args(kind)


def _value(key: str, value: str, *, number: bool) -> Any:  # noqa: ANN401  a text, a number or a list
    if key == "days":
        return value.split(",")
    return int(value) if number and value.isascii() and value.isdigit() and len(value) < 10 else value
