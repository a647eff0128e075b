"""Rules in rows: the kind says how the cells of its parameters are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, get_args

from unsched.domain.time import Period
from unsched.exchange.plain import shown
from unsched.exchange.reading import SELECTORS, is_choice, is_list, is_union, table_fields
from unsched.exchange.severity import KEY as SEVERITY
from unsched.exchange.severity import PRICE
from unsched.exchange.sheets import cells
from unsched.exchange.sheets.cells import Cell, CellError, Form
from unsched.exchange.sheets.hours import PERIODS
from unsched.exchange.sheets.selecting import selector_form
from unsched.exchange.sheets.table import RULE_COLUMNS
from unsched.rules.registry import kinds

__all__ = ["CONFLICTS", "parameter_form", "read_settings", "write_rule"]

CONFLICTS = "declared-conflicts"
"""The kind of rule whose table is a sheet of its own."""

_SIMPLE: Mapping[object, Form] = MappingProxyType(
    {
        str: cells.TEXT,
        bool: cells.TRUTH,
        int: cells.WHOLE,
        float: cells.NUMBER,
        date: cells.DATE,
        time: cells.TIME,
        datetime: cells.MOMENT,
    }
)
_LISTS: Mapping[object, Form] = MappingProxyType(
    {str: cells.IDS, int: cells.WHOLES, date: cells.DATES, Period: PERIODS}
)
_SETTING = re.compile(r"([A-Za-z_]\w*)\s*=(.*)", re.DOTALL)


def parameter_form(kind: str, name: str) -> Form | None:
    """Return how a parameter of a kind of rule stands in a cell, or `None` where the kind has no such parameter.

    >>> parameter_form("before", "then").read("wg-1, wg-2")
    ['wg-1', 'wg-2']
    """
    return _forms(kind).get(name)


@cache
def _forms(kind: str) -> Mapping[str, Form]:
    rule = kinds().get(kind)
    if rule is None:
        return {}
    forms = {name: _form(attribute.type) for name, attribute in table_fields(rule).items()}
    if "minutes" in forms:
        forms["minutes"] = cells.MINUTES
    return forms | {SEVERITY: cells.TEXT} | dict.fromkeys(PRICE, cells.WHOLE)


def _form(kind: Any) -> Form:  # noqa: ANN401  a type with arguments is no `type`
    if is_union(kind):
        others = [one for one in get_args(kind) if one is not NoneType]
        return _form(others[0]) if len(others) == 1 else cells.JSON
    if is_list(kind):
        return _LISTS.get(get_args(kind)[0], cells.JSON)
    if is_choice(kind):
        return cells.VALUE
    if kind in SELECTORS:
        return selector_form(kind)
    return _SIMPLE.get(kind, cells.JSON)


def read_settings(kind: str, value: Cell) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of settings such as `least = 30; per = day`.

    Raises:
        CellError: a part has no name, or a value cannot be read as what the kind wants.
    """
    for part in _settings(cells.TEXT.read(value)):
        found = _SETTING.fullmatch(part)
        if found is None:
            raise CellError(f"{shown(part)} is not of the form name = value", "one such as 'least = 30; per = day'.")
        name, text = found[1], found[2].strip()
        form = parameter_form(kind, name) or cells.TEXT
        try:
            yield name, form.read(text)
        except CellError as error:
            raise CellError(f"{name}: {error.message}", error.remedy) from None


def _settings(text: str) -> list[str]:
    """Return the parts that begin with a name; a semicolon before anything else belongs to a value, as in periods."""
    parts: list[list[str]] = []
    mark = ""
    for piece in re.split(r"([;\n])", text):
        if piece in (";", "\n"):
            mark = piece
        elif not parts or _SETTING.match(piece.lstrip()):
            parts.append([piece])
        else:
            parts[-1] += [mark, piece]
    return ["".join(part).strip() for part in parts]


def write_rule(rule: Mapping[str, Any], fits: Callable[[Form, Any], Cell]) -> tuple[dict[str, Cell], dict[str, Any]]:
    """Return the cells of a rule by heading, and what has to stand under "more".

    Args:
        rule: the rule as in a problem file.
        fits: makes a cell of a value, or `None` where the cell would be read as another value.
    """
    kind = str(rule["kind"])
    row: dict[str, Cell] = {"kind": kind}
    settings: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in rule.items():
        if name == "kind":
            continue
        form = parameter_form(kind, name)
        cell = None if form is None else fits(form, value)
        if cell is None:
            rest[name] = value
        elif name in RULE_COLUMNS or name in (SEVERITY, *PRICE):
            row[name] = cell
        else:
            settings[name] = value
    if settings:
        text = "; ".join(f"{name} = {_forms(kind)[name].write(value)}" for name, value in settings.items())
        as_text = fits(Form("settings", "", lambda cell: dict(read_settings(kind, cell)), lambda _: text), settings)
        if as_text is None:
            rest |= settings
        else:
            row["settings"] = as_text
    return row, rest
