"""Plain data, before anybody gives it a meaning: is it small, shallow and made of what files can hold?

Files are hostile. What passes here can be walked, shown and written again without surprises: no number that takes
minutes to print, no text that no encoding can hold, no nesting that exhausts the stack.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time
from itertools import count
from typing import Any

from unsched.errors import Fault, InputError

__all__ = ["MAX_SHOWN", "Repeating", "check_plain", "place", "shown"]

MAX_DEPTH = 40
MAX_VALUES = 2_000_000
MAX_SHOWN = 80
_BITS = 63


class Repeating(dict[str, Any]):
    """A table in which keys come more than once; `repeated` names them. The last value stands."""

    def __init__(self, pairs: list[tuple[str, Any]], repeated: list[str]) -> None:
        super().__init__(pairs)
        self.repeated = tuple(repeated)


def place(key: str) -> str:
    """Return a key as a step of a path; one that is not a plain word is quoted.

    >>> place("minutes"), place("a.b")
    ('minutes', '["a.b"]')
    """
    return key if key.isidentifier() and len(key) <= MAX_SHOWN else f"[{json.dumps(_cut(key))}]"


def shown(value: object) -> str:
    """Return how a value is named in a message: never long, never over several lines.

    >>> shown("x" * 5), shown([1, 2]), shown(None)
    ("'xxxxx'", 'a list', 'nothing')
    """
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    return repr(_cut(value) if isinstance(value, str) else value)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def check_plain(data: object) -> Iterator[Fault]:
    """Yield a fault for each value that files cannot hold, or that nobody means.

    Raises:
        InputError: there are over 2,000,000 values.
    """
    yield from _check(data, 0, count(1))


def _check(value: object, depth: int, counter: count[int]) -> Iterator[Fault]:
    if next(counter) > MAX_VALUES:
        raise InputError([Fault("", f"there are over {MAX_VALUES:,} values", "a smaller file.")])
    if isinstance(value, dict | list | tuple):
        if depth == MAX_DEPTH:
            yield Fault("", f"it is nested over {MAX_DEPTH} deep", "fewer brackets.")
        elif isinstance(value, dict):
            yield from _check_table(value, depth, counter)
        else:
            for index, item in enumerate(value):
                yield from (fault.under(f"[{index}]") for fault in _check(item, depth + 1, counter))
    elif isinstance(value, str):
        yield from _check_text(value)
    elif isinstance(value, float):
        if not -float("inf") < value < float("inf"):
            yield Fault("", f"{value} is not a finite number", "leave it out where nothing is known.")
    elif isinstance(value, int):
        if value.bit_length() > _BITS:
            yield Fault("", f"a number of {value.bit_length()} bits is over the limit of {_BITS}", "a smaller number.")
    elif value is not None and not isinstance(value, date | time):
        message = f"a value of type {type(value).__name__} is not plain data"
        yield Fault("", message, "tables, lists, texts, numbers, dates and times.")


def _check_table(table: dict[Any, Any], depth: int, counter: count[int]) -> Iterator[Fault]:
    if isinstance(table, Repeating):
        for key in table.repeated:
            yield Fault(place(key), f"the key {shown(key)} comes more than once", "leave all but one out.")
    for key, item in table.items():
        if not isinstance(key, str):
            yield Fault("", f"the key {shown(key)} is not a text", "put it in quotes.")
            continue
        yield from (fault.under(place(key)) for fault in (*_check_text(key), *_check(item, depth + 1, counter)))


def _check_text(text: str) -> Iterator[Fault]:
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        message = f"half a surrogate pair, {text[error.start]!a}, is no character"
        yield Fault("", message, "the whole character, or none.")
