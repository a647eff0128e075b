"""Names in cells of what no sheet has: rooms, people, delegations and sessions that are misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from unsched.errors import Fault
from unsched.exchange.sheets.places import Ledger
from unsched.exchange.sheets.rows import Rows
from unsched.exchange.sheets.table import BY_NAME
from unsched.rules.registry import kinds

__all__ = ["unknown_names"]

_NOUNS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Rooms": ("room", ("Rooms",)),
        "Groups": ("group", ("Groups",)),
        "Delegations": ("delegation", ("Delegations",)),
        "People": ("person", ("People",)),
        "Equipment": ("equipment", ("Equipment",)),
        "participants": ("delegation, group or person", ("Groups", "Delegations", "People")),
    }
)


def unknown_names(ledger: Ledger, sheets: Iterable[Rows], data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield names that no sheet has, by the path of their cells.

    A sheet in which an id is missing or cannot be read may have any name, and is not asked.

    Args:
        ledger: the faults that were found so far.
        sheets: the sheets with rows.
        data: what they say.
    """
    ids = {name: _ids(data, name) for name in ("Sessions", *(name for _, some in _NOUNS.values() for name in some))}
    for rows in sheets:
        if rows.layout.name in ("Rules", "Conflicts"):
            continue
        for index, table in enumerate(_tables(data, rows.layout.path)):
            for column in rows.layout.columns:
                noun, places = _NOUNS.get(column.offers or "", ("", ()))
                if noun and isinstance(table, dict) and column.key in table:
                    path = f"{rows.layout.path}[{index}].{column.key}"
                    yield from _unknown(ledger, path, noun, table[column.key], [ids[place] for place in places])
    for index, rule in enumerate(_tables(data, "rules")):
        if not isinstance(rule, dict) or rule.get("kind") not in kinds():
            continue  # what its cells mean is not known
        conflicts = rule.get("conflicts")
        parts = [(f"rules[{index}]", rule)]
        parts += [(f"rules[{index}].conflicts[{place}]", one) for place, one in enumerate(conflicts or ())]
        for path, part in parts:
            for key in ("sessions", "first", "then", "against"):
                if isinstance(part, dict) and isinstance(part.get(key), str | list):
                    yield from _unknown(ledger, f"{path}.{key}", "session", part[key], [ids["Sessions"]])


def _tables(data: Mapping[str, Any], path: str) -> list[Any]:
    found: Any = data
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else []


def _ids(data: Mapping[str, Any], sheet: str) -> frozenset[str] | None:
    names = [table.get("id") for table in _tables(data, BY_NAME[sheet].path) if isinstance(table, dict)]
    return None if any(not isinstance(name, str) for name in names) else frozenset(map(str, names))


def _unknown(
    ledger: Ledger, path: str, noun: str, names: object, known: list[frozenset[str] | None]
) -> Iterator[Fault]:
    if None in known:
        return
    every = frozenset[str]().union(*(some for some in known if some is not None))
    for name in [names] if isinstance(names, str) else names if isinstance(names, list) else []:
        if isinstance(name, str) and name not in every:
            message = f"nothing has id {name!r}" if noun == "session" else f"there is no {noun} {name!r}"
            yield Fault(path, message, ledger.near(name, sorted(every)))
