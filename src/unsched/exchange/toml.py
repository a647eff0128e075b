"""Plain data as TOML 1.0 that people can go on editing: a table for each fact, and what is inside it on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from unsched.errors import Fault, InputError

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100


def toml_text(data: Mapping[str, Any]) -> str:
    """Return plain data as TOML.

    Raises:
        InputError: there is nothing (`None`) where a value should be, which TOML cannot say.

    >>> print(toml_text({"id": "week", "venue": {"rooms": [{"id": "XXVI", "seats": {"table": 120}}]}}))
    id = "week"
    <BLANKLINE>
    [[venue.rooms]]
    id = "XXVI"
    seats = {table = 120}
    <BLANKLINE>
    """
    return "\n".join(_table("", data)).lstrip("\n") + "\n"


def _table(path: str, table: Mapping[str, Any]) -> Iterator[str]:
    own = {key: value for key, value in table.items() if not _apart(value, path)}
    if path and (own or not table):
        yield f"\n[{path}]"
    yield from (f"{_key(key)} = {_value(value, f'{path}.{key}'.lstrip('.'))}" for key, value in own.items())
    for key, value in table.items():
        if key in own:
            continue
        inner = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            yield from _table(inner, value)
        else:
            for index, row in enumerate(value):
                yield f"\n[[{inner}]]"
                yield from (f"{_key(name)} = {_value(one, f'{inner}[{index}].{name}')}" for name, one in row.items())


def _apart(value: object, path: str) -> bool:
    """Whether a value has a heading of its own: a table, or a list of tables, of the first two levels."""
    if path.count(".") > 0:
        return False
    rows = isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)
    return rows or (isinstance(value, Mapping) and not path)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any, path: str) -> str:  # noqa: ANN401  whatever a file holds
    if value is None:
        message = "there is nothing, on purpose, which TOML cannot say"
        raise InputError([Fault(path, message, "JSON.")], "the problem")
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(one, f'{path}.{key}')}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        parts = [_value(one, f"{path}[{index}]") for index, one in enumerate(value)]
        line = ", ".join(parts)
        return f"[{line}]" if len(line) <= _WIDTH else "[\n    " + ",\n    ".join(parts) + ",\n]"
    return json.dumps(value)  # numbers and truth values are the same in TOML


def _text(text: str) -> str:
    # What JSON escapes, TOML escapes alike; of what it does not, TOML wants one character escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
