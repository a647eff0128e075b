"""Choosing sessions or rooms in a cell: `wg-1, wg-2`, `tags: plenary; bodies: CSTD`, or `all`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from attrs import fields

from unsched.domain.select import Select
from unsched.exchange.plain import shown
from unsched.exchange.sheets.cells import IDS, TEXT, WHOLES, Cell, CellError, Form, join_ids, split_outside_quotes

__all__ = ["SESSIONS", "selector_form"]

_ALL = ("all", "every", "*")
_SINGULAR = {"bodies": "body", "priorities": "priority"}


@cache
def selector_form(kind: type) -> Form:
    """Return how cells choose what a class selects.

    >>> form = selector_form(Select)
    >>> form.read("wg-1, wg-2"), form.read("tag: plenary; bodies: CSTD, WG"), form.read("all")
    (['wg-1', 'wg-2'], {'tags': ['plenary'], 'bodies': ['CSTD', 'WG']}, {})
    """
    keys = [attribute.name for attribute in fields(kind)]
    named = {name: key for key in keys for name in (key, _SINGULAR.get(key, key.removesuffix("s")))}

    def name_of(part: str) -> str | None:
        head, colon, _ = part.partition(":")
        return named.get(head.strip().casefold()) if colon else None

    def read(value: Cell) -> Any:  # noqa: ANN401  an id, a list of ids or a table
        text = TEXT.read(value)
        if text.strip().casefold() in _ALL:
            return {}
        parts = [part for part in split_outside_quotes(text, ";\n") if part]
        if not any(map(name_of, parts)):
            ids = IDS.read(text)
            return ids[0] if len(ids) == 1 else ids
        table: dict[str, Any] = {}
        for part in parts:
            key = name_of(part)
            if key is None or key in table:
                raise CellError(
                    f"{shown(part)} does not say what is chosen by" if key is None else f"{key!r} is said twice",
                    f"{keys[1]}: ...; with one of {', '.join(keys)} before each colon.",
                )
            table[key] = (WHOLES if key == "priorities" else IDS).read(part.partition(":")[2].strip())
        return table

    def write(value: str | list[str] | Mapping[str, Any]) -> str:
        if isinstance(value, Mapping):
            parts = (
                f"{key}: {WHOLES.write(some) if key == 'priorities' else join_ids(some)}" for key, some in value.items()
            )
            return "; ".join(parts) or _ALL[0]
        ids = [value] if isinstance(value, str) else value
        return join_ids(ids, reserved=lambda one: one.casefold() in _ALL or name_of(one) is not None)

    noun = "sessions" if kind is Select else "rooms"
    about = f"ids of {noun}; or {keys[1]}: ...; {keys[2]}: ... ({', '.join(keys)}); or all"
    return Form(f"which {noun}", about, read, write)


SESSIONS = selector_form(Select)
"""How cells choose sessions."""
