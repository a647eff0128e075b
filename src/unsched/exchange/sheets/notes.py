"""What each column means, in words: for the notes of a workbook and for the reference."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from unsched.domain.problem import Problem
from unsched.exchange.schema import json_schema
from unsched.exchange.sheets.table import RULE_COLUMNS, Column, Layout
from unsched.report.kinds import describe
from unsched.rules.registry import kinds

__all__ = ["meaning"]

_FACTS: Mapping[str, str] = {
    "Rooms": "Room",
    "Walking": "Walk",
    "Groups": "Group",
    "Delegations": "Delegation",
    "People": "Person",
    "Sessions": "Session",
    "Segments": "Segment",
    "Interpreters": "Team",
    "Equipment": "Equipment",
    "Assumptions": "Assumption",
    "Published": "Booking",
}
_TABLES = {"seats": "Seats", "window": "Window", "venue": "Venue", "organizer": "Contact"}


@cache
def _shapes() -> dict[str, Any]:
    return json_schema(Problem, {})


def meaning(layout: Layout, column: Column) -> str:
    """Return what a column means, as a sentence."""
    text = column.note or _described(layout, column) or _used(layout, column)
    return f"{text[:1].upper()}{text[1:]}"


def _described(layout: Layout, column: Column) -> str:
    head, _, rest = column.key.rpartition(".")
    if not layout.upright and layout.name not in _FACTS:
        return ""
    fact = _TABLES[head] if head in _TABLES else _FACTS.get(layout.name)
    shape = _shapes() if fact is None else _shapes()["$defs"].get(fact, {})
    for form in (shape, *shape.get("anyOf", ()), *shape.get("oneOf", ())):
        found = form.get("properties", {}).get(rest, {}).get("description")
        if found:
            return str(found).replace("`None`", "empty").replace("`", "")
    return ""


def _used(layout: Layout, column: Column) -> str:
    """Return which kinds of rule have a parameter."""
    if layout.name != "Rules" or column.key not in RULE_COLUMNS:
        return ""
    users = [
        kind
        for kind, rule in kinds().items()
        if any(one.name == column.key for one in describe(rule).parameters) and rule.__module__.startswith("unsched.")
    ]
    if len(users) > 12:
        return f"the parameter {column.key!r} of {len(users)} kinds of rule."
    return f"the parameter {column.key!r} of {', '.join(users)}."
