"""From a problem to sheets: each value in the cell of its column, where that says the same; what has none, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from attrs import field, frozen

from unsched.domain.fact import to_tuple
from unsched.domain.problem import Problem
from unsched.errors import Fault, InputError
from unsched.exchange.convert import dump
from unsched.exchange.plain import check_plain
from unsched.exchange.sheets.cells import JSON, Cell, CellError, Form
from unsched.exchange.sheets.rules import CONFLICTS, write_rule
from unsched.exchange.sheets.table import BY_NAME, MORE, SHEETS, Layout
from unsched.exchange.version import KEY

__all__ = ["MAX_CHARACTERS", "WrittenSheet", "write_sheets"]

MAX_CHARACTERS = 32_767
"""Most characters in a cell of a workbook."""
_PART = 30_000
_MOST_DAYS = 100
_UNSTORABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_OPTIONAL = ("Walking", "Segments", "Interpreters", "Equipment", "Conflicts", "Assumptions", "Published", "More")


@frozen(eq=False)
class WrittenSheet:
    """A sheet to be written: its layout, and its cells by heading, row by row (upright ones: one row with all)."""

    layout: Layout
    rows: Sequence[Mapping[str, Cell]] = field(converter=to_tuple)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of its columns; that for the rest only where something stands under it."""
        used = {name for row in self.rows for name in row}
        return tuple(one.heading for one in self.layout.columns if one.heading != MORE or MORE in used)


def write_sheets(problem: Problem, *, every: bool = False) -> tuple[WrittenSheet, ...]:
    """Return the sheets that say what a problem says, and nothing else, in their order.

    Args:
        problem: what to write.
        every: whether sheets without a row are there too.

    Raises:
        InputError: a text in it is none that a file can hold, or a cell would hold more than 32,767 characters.
    """
    data = deepcopy(dump(problem))
    faults = tuple(check_plain(data))
    if faults:
        raise InputError(faults, problem.id)
    del data[KEY]
    rows: dict[str, list[dict[str, Cell]]] = {layout.name: [] for layout in SHEETS}
    rows["Segments"] = _segments(data["sessions"])
    rows["Conflicts"] = _conflicts(data.get("rules", []))
    rows["Rules"] = [_rule(rule) for rule in data.pop("rules", [])]
    for layout in SHEETS:
        if layout.path and not rows[layout.name]:
            rows[layout.name] = [_row(layout, table) for table in _taken(data, layout.path) or []]
    _shorten_days(data["window"])
    rows["Window"] = [_row(BY_NAME["Window"], data, rest=False)]
    rows["More"] = list(_more(data))
    written = tuple(
        WrittenSheet(layout, rows[layout.name])
        for layout in SHEETS
        if rows[layout.name] or every or layout.name not in _OPTIONAL
    )
    _check_lengths(written, problem.id)
    return written


def fits(form: Form, value: object) -> Cell:
    """Return the cell of a value, or `None` where no cell of that form would be read as that value again."""
    try:
        cell = form.write(value)
        if isinstance(cell, str) and (not cell or cell != cell.strip() or _UNSTORABLE.search(cell)):
            return None
        # In a CSV file, every cell is a text.
        same = _alike(form.read(cell), value) and _alike(form.read(str(cell)), value)
    except (CellError, TypeError, ValueError, AttributeError, KeyError):
        return None
    return cell if same else None


def _alike(one: object, other: object) -> bool:
    """Whether plain data are equal, and of the same types: not 1 and true, not 1 and 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return one == other


def _row(layout: Layout, table: dict[str, Any], *, rest: bool = True) -> dict[str, Cell]:
    """Return the cells of a table, which loses what they say; with `rest`, the rest is a cell as well."""
    row: dict[str, Cell] = {}
    for column in layout.columns:
        value = _at(table, column.key)
        if value is None:
            continue
        cell = fits(column.form, value)
        if cell is not None:
            row[column.heading] = cell
            _taken(table, column.key)
    if rest and table:
        row[MORE] = JSON.write(table)
    return row


def _at(table: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401  whatever a file holds
    found: Any = table
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _taken(table: dict[str, Any], path: str) -> Any:  # noqa: ANN401  whatever a file holds
    """Return what is at a path, and take it out, with the tables that are empty then."""
    head, _, tail = path.partition(".")
    if not tail:
        return table.pop(head, None)
    inner = table.get(head)
    if not isinstance(inner, dict):
        return None
    found = _taken(inner, tail)
    if not inner and found is not None:
        del table[head]
    return found


def _rule(rule: Mapping[str, Any]) -> dict[str, Cell]:
    row, rest = write_rule(rule, fits)
    if rest:
        row[MORE] = JSON.write(rest)
    return row


def _segments(sessions: Iterable[dict[str, Any]]) -> list[dict[str, Cell]]:
    layout = BY_NAME["Segments"]
    rows: list[dict[str, Cell]] = []
    for session in sessions:
        if fits(layout.columns[0].form, session["id"]) is not None:
            rows += [_row(layout, {"session": session["id"], **segment}) for segment in session.pop("segments", [])]
    return rows


def _conflicts(rules: list[dict[str, Any]]) -> list[dict[str, Cell]]:
    """Return the rows of the first table of conflicts, and take them out of its rule; none, where one has no cells."""
    layout = BY_NAME["Conflicts"]
    for rule in rules:
        if rule["kind"] != CONFLICTS or "conflicts" not in rule:
            continue
        rows = []
        for conflict in rule["conflicts"]:
            cells = {name: fits(layout.by_heading[name].form, conflict[name]) for name in conflict}
            if not conflict or None in cells.values():
                return []
            rows.append(cells)
        del rule["conflicts"]
        return rows
    return []


def _shorten_days(window: dict[str, Any]) -> None:
    """Say the days of a window as the first, the last and those that are closed, where that is shorter."""
    days = [date.fromisoformat(day) for day in window["days"]]
    span = (days[-1] - days[0]).days + 1
    open_days = frozenset(days)
    if len(days) == 1 or (span > len(days) and len(days) <= _MOST_DAYS):
        return
    closed = (days[0] + timedelta(days=n) for n in range(span))
    shut = [day.isoformat() for day in closed if day not in open_days]
    if len(shut) <= len(days):
        del window["days"]
        window |= {"first": days[0].isoformat(), "last": days[-1].isoformat()} | ({"closed": shut} if shut else {})


def _more(data: Mapping[str, Any]) -> Iterable[dict[str, Cell]]:
    for key, value in data.items():
        if value == {}:
            continue
        text = str(JSON.write(value))
        for start in range(0, len(text), _PART):
            yield {"key": key, "value": text[start : start + _PART]}


def _check_lengths(sheets: Iterable[WrittenSheet], source: str) -> None:
    faults = [
        Fault(
            f"{sheet.layout.path}[{index}]",
            f"{heading!r} would have {len(cell):,} characters, and a cell holds {MAX_CHARACTERS:,}",
            "a problem file in JSON or TOML.",
        )
        for sheet in sheets
        for index, row in enumerate(sheet.rows)
        for heading, cell in row.items()
        if isinstance(cell, str) and len(cell) > MAX_CHARACTERS
    ]
    if faults:
        raise InputError(faults, source)
