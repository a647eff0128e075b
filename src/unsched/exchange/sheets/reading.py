"""From sheets to a problem: cells to plain data, that to facts and rules, and what is wrong back to its cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from unsched.domain.problem import Problem
from unsched.errors import Fault, InputError, nearest
from unsched.exchange.convert import MAX_FAULTS, load
from unsched.exchange.plain import shown
from unsched.exchange.sheets.cells import TEXT, Cell, CellError, Form
from unsched.exchange.sheets.raw import Broken, CellFault, Found, RawSheet
from unsched.exchange.sheets.rules import CONFLICTS, SESSIONS, parameter_form, read_settings
from unsched.exchange.sheets.table import MORE, SHEETS, Column, Layout, normal
from unsched.exchange.version import KEY, TAGS

__all__ = ["read_sheets"]

_IGNORED = ("read me", "lists")
_OWN_NOTES = "#"
_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[[^\[\]]*\])$")
_NEVER = "never"


def read_sheets(sheets: Iterable[RawSheet], source: str) -> Problem:
    """Return the problem that sheets describe.

    Args:
        sheets: the sheets that were found, in any order; those that are not known are left alone, unless their names
            look like mistakes.
        source: what to call them all in messages.

    Raises:
        InputError: with everything that is wrong, each fault with its cell.
    """
    reader = _Reader()
    data = reader.data_of(sheets)
    problem = None
    try:
        problem = load(data, Problem, source)
    except InputError as error:
        reader.take(error.faults)
    if problem is None or reader.faults:
        raise InputError(reader.sorted(), source)
    return problem


class _Reader:
    """Reads all sheets; knows for each path of the data in which cell it stands."""

    def __init__(self) -> None:
        self.faults: dict[tuple[int, int, int, str, str], CellFault] = {}
        self.places: dict[str, tuple[tuple[int, int, int], str]] = {}
        self.bad: set[str] = set()
        self.data: dict[str, Any] = {KEY: TAGS[Problem]}

    # -- faults -----------------------------------------------------------------------------------------------------

    def fault(self, key: tuple[int, int, int], place: str, message: str, remedy: str | None) -> None:
        """Keep a fault that was found in a cell."""
        self.bad.add(place)
        self.faults.setdefault((*key, place, message), CellFault(place, message, remedy))

    def take(self, faults: Iterable[Fault]) -> None:
        """Keep faults of the data, where the cell itself has none."""
        known = frozenset(self.bad)
        for fault in faults:
            key, place = self._place(fault.path)
            if place not in known:
                self.faults.setdefault((*key, place, fault.message), CellFault(place, fault.message, fault.remedy))

    def _place(self, path: str) -> tuple[tuple[int, int, int], str]:
        step = path
        while step:
            if step in self.places:
                return self.places[step]
            shorter = _LAST_STEP.sub("", step)
            if shorter == step:
                break
            step = shorter
        for index, layout in enumerate(SHEETS):
            root = layout.path.partition(".")[0]
            if root and (path == layout.path or path.startswith((f"{layout.path}[", f"{layout.path}."))):
                return (index, 0, 0), layout.name
        if path.startswith("window") or path in ("id", "title", "venue"):
            return (len(SHEETS), 0, 0), "Rooms" if path == "venue" else "Window"
        return (len(SHEETS), 0, 0), path

    def sorted(self) -> list[Fault]:
        """Return all faults, sheet by sheet and row by row."""
        every: list[Fault] = [self.faults[key] for key in sorted(self.faults)]
        rest = len(every) - MAX_FAULTS
        if rest > 0:
            every = [*every[:MAX_FAULTS], CellFault("", f"and {rest} more faults", "mend these first.")]
        return every

    # -- sheets -----------------------------------------------------------------------------------------------------

    def data_of(self, sheets: Iterable[RawSheet]) -> dict[str, Any]:
        """Return what all sheets say, as in a problem file."""
        known = {normal(layout.name): layout for layout in SHEETS}
        found: dict[str, RawSheet] = {}
        for sheet in sheets:
            name = normal(sheet.title)
            layout = known.get(name)
            if layout is None:
                near = nearest(name, known) if name not in _IGNORED else None
                if near is not None:
                    near = repr(known[near[1:-2]].name)
                    message = f"{shown(sheet.name)} is no sheet that is read here"
                    self.fault((len(SHEETS), 0, 0), sheet.name, message, f"{near}, or a name that is less like it.")
            elif layout.name in found:
                message = f"the sheet {layout.name!r} comes twice"
                self.fault((SHEETS.index(layout), 0, 0), sheet.name, message, "leave one of them out.")
            else:
                found[layout.name] = sheet
        if not found:
            self.fault((0, 0, 0), "", "there is no sheet that is read here", "the sheets of 'unsched template'.")
        for layout in SHEETS:
            if layout.name in found:
                self._sheet(layout, found[layout.name])
        self._publish()
        return self.data

    def _sheet(self, layout: Layout, sheet: RawSheet) -> None:
        if layout.upright:
            self._upright(layout, sheet)
            return
        rows = _Rows(self, layout, sheet)
        if layout.name == "More":
            self._more(rows)
        elif layout.name == "Conflicts":
            self._conflicts = rows
        elif layout.name == "Rules":
            self._rules(rows)
        elif layout.of is not None:
            self._parts(rows)
        else:
            tables = [rows.table(row, f"{layout.path}[{index}]") for index, row in enumerate(rows.rows)]
            if tables:
                _put(self.data, layout.path, tables)

    def _upright(self, layout: Layout, sheet: RawSheet) -> None:
        order = SHEETS.index(layout)
        seen: set[str] = set()
        for number, cells in sheet.rows:
            name = cells[0]
            if isinstance(name, Broken) or not isinstance(name, str) or name.startswith(_OWN_NOTES):
                if name is not None and not isinstance(name, str):
                    self.fault((order, number, 0), sheet.place(number), "this is no name of a value", "a text.")
                continue
            column = layout.by_heading.get(normal(name))
            value = cells[1] if len(cells) > 1 else None
            if column is None:
                if not (number == sheet.rows[0][0] and normal(name) in ("what", "value", "key")):
                    near = nearest(normal(name), layout.by_heading) or "a name that begins with #, for your own notes."
                    self.fault((order, number, 0), sheet.place(number), f"{shown(name)} is no value of it", near)
                continue
            place = sheet.place(number, 1, column.heading)
            if column.key in seen:
                self.fault((order, number, 0), place, f"{column.heading!r} comes twice", "leave one of them out.")
                continue
            seen.add(column.key)
            self.places[column.key] = ((order, number, 1), place)
            if value is not None:
                read = self.cell(column.form, value, (order, number, 1), place)
                if read is not None:
                    _put(self.data, column.key, read)

    def cell(self, form: Form, value: Found, key: tuple[int, int, int], place: str) -> Any:  # noqa: ANN401
        """Return what a cell says, or `None` where it cannot be read."""
        try:
            if isinstance(value, Broken):
                raise CellError(value.message, value.remedy)  # noqa: TRY301  as a form does
            return form.read(value)
        except CellError as error:
            self.fault(key, place, error.message, error.remedy)
            return None

    # -- sheets of their own kind -----------------------------------------------------------------------------------

    _conflicts: _Rows | None = None

    def _rules(self, rows: _Rows) -> None:
        rules: list[dict[str, Any]] = []
        for index, row in enumerate(rows.rows):
            rules.append(rows.rule(row, f"rules[{index}]"))
        self.data["rules"] = rules
        if self._conflicts is not None:
            self._add_conflicts(self._conflicts, rules)
            self._conflicts = None

    def _add_conflicts(self, rows: _Rows, rules: list[dict[str, Any]]) -> None:
        tables: list[tuple[_Row, dict[str, Any]]] = []
        for row in rows.rows:
            table = rows.table(row, "", {"sessions": SESSIONS, "against": SESSIONS})
            weight = table.get("weight")
            if isinstance(weight, str) and weight.casefold() == _NEVER:
                del table["weight"]
                rows.places(row, f"rules[{len(rules)}]")
                rules.append({"kind": "not-together", **table})
            else:
                tables.append((row, table))
        if not tables:
            return
        waiting = (n for n, rule in enumerate(rules) if rule.get("kind") == CONFLICTS and "conflicts" not in rule)
        index = next(waiting, len(rules))
        if index == len(rules):
            rules.append({"kind": CONFLICTS})
            self.places[f"rules[{index}]"] = (rows.key(rows.heading_row, 0), rows.sheet.place(rows.heading_row))
        rules[index]["conflicts"] = [table for _, table in tables]
        for place, (row, _) in enumerate(tables):
            rows.places(row, f"rules[{index}].conflicts[{place}]")

    def _parts(self, rows: _Rows) -> None:
        sessions = self.data.get("sessions", [])
        by_id = {one["id"]: index for index, one in enumerate(sessions) if isinstance(one.get("id"), str)}
        for row in rows.rows:
            table = rows.table(row, "")
            name = table.pop("session", None)
            if name not in by_id:
                if name is not None:
                    key, place = rows.place(row, "session")
                    self.fault(key, place, f"there is no session {shown(name)}", nearest(name, by_id))
                continue
            parts = sessions[by_id[name]].setdefault("segments", [])
            rows.places(row, f"sessions[{by_id[name]}].segments[{len(parts)}]")
            parts.append(table)

    def _more(self, rows: _Rows) -> None:
        texts: dict[str, list[str]] = {}
        at: dict[str, _Row] = {}
        for row in rows.rows:
            key, value = row.cells.get("key"), row.cells.get("value")
            if isinstance(key, str) and value is not None:
                at.setdefault(key, row)
                texts.setdefault(key, []).append(self.cell(TEXT, value, *rows.place(row, "value")) or "")
        for key, parts in texts.items():
            sort_key, place = rows.place(at[key], "value")
            try:
                value = json.loads("".join(parts))
                _put(self.data, key, value)
            except (ValueError, RecursionError) as error:
                self.fault(sort_key, place, f"this is not JSON: {error}", "a value in JSON.")
            except KeyError:
                self.fault(sort_key, place, f"{key!r} is said elsewhere as well", "leave one of them out.")
            else:
                self.places.setdefault(key, (sort_key, place))

    def _publish(self) -> None:
        if self._conflicts is not None:
            self.data["rules"] = rules = list[dict[str, Any]]()
            self._add_conflicts(self._conflicts, rules)
        published = self.data.get("published")
        if not isinstance(published, dict):
            return
        zone = self.data.get("window", {}).get("zone")
        published.setdefault("problem", self.data.get("id"))
        published.setdefault("zone", zone)
        for booking in published.get("bookings", ()):
            for key in ("start", "end"):
                if isinstance(booking, dict) and isinstance(booking.get(key), str):
                    booking[key] = _with_offset(booking[key], zone)


def _with_offset(moment: str, zone: object) -> str:
    try:
        found = datetime.fromisoformat(moment)
        return found.replace(tzinfo=ZoneInfo(str(zone))).isoformat() if found.tzinfo is None else moment
    except (ValueError, LookupError, OSError):
        return moment


def _put(data: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401  whatever a file holds
    """Put a value at a path; tables are joined, and anything else there is a `KeyError`."""
    *steps, last = path.split(".")
    for step in steps:
        data = data.setdefault(step, {})
        if not isinstance(data, dict):
            raise KeyError(path)
    there = data.get(last)
    if isinstance(there, dict) and isinstance(value, dict):
        for key, inner in value.items():
            _put(there, key, inner) if "." not in key else there.update({key: inner})
    elif last in data:
        raise KeyError(path)
    else:
        data[last] = value


class _Row:
    """A row: its number, and its cells that are not empty, by heading of their columns."""

    def __init__(self, number: int, cells: Mapping[str, Found]) -> None:
        self.number = number
        self.cells = cells


class _Rows:
    """The rows of a sheet below its headings."""

    def __init__(self, reader: _Reader, layout: Layout, sheet: RawSheet) -> None:
        self.reader = reader
        self.layout = layout
        self.sheet = sheet
        self.order = SHEETS.index(layout)
        self.columns: dict[str, int] = {}
        self.rows: list[_Row] = []
        self.heading_row = sheet.rows[0][0] if sheet.rows else 1
        if sheet.rows:
            used = self._headings(sheet.rows[0][1])
            self.rows = [self._row(number, cells, used) for number, cells in sheet.rows[1:]]
            self.rows = [row for row in self.rows if row.cells]

    def key(self, row: int, column: int) -> tuple[int, int, int]:
        """Return by what faults of a cell are sorted."""
        return self.order, row, column

    def place(self, row: _Row, heading: str) -> tuple[tuple[int, int, int], str]:
        """Return where the cell of a row under a heading is; of a column that is not there, the sheet's headings."""
        column = self.columns.get(heading)
        if column is None:
            return self.key(self.heading_row, 0), self.sheet.place(self.heading_row)
        return self.key(row.number, column), self.sheet.place(row.number, column, heading)

    def places(self, row: _Row, path: str) -> None:
        """Say in which cells of a row the values of a path are."""
        self.reader.places[path] = (self.key(row.number, 0), self.sheet.place(row.number))
        for column in self.layout.columns:
            self.reader.places[f"{path}.{column.key}"] = (
                self.place(row, column.heading)
                if column.heading in self.columns or column.required
                else (self.key(row.number, 0), self.sheet.place(row.number))
            )

    def _headings(self, cells: Sequence[Found]) -> dict[int, Column | None]:
        used: dict[int, Column | None] = {}
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            place = self.sheet.place(self.heading_row, index)
            text = str(cell) if not isinstance(cell, Broken) else ""
            if text.startswith(_OWN_NOTES):
                used[index] = None
                continue
            column = self.layout.by_heading.get(normal(text))
            if column is None:
                near = nearest(normal(text), self.layout.by_heading)
                remedy = near or "a heading that begins with #, for your own notes."
                message = f"{shown(text)} is no heading of {self.layout.name}"
                self.reader.fault(self.key(self.heading_row, index), place, message, remedy)
                used[index] = None
            elif column.heading in self.columns:
                message = f"the heading {column.heading!r} comes twice"
                self.reader.fault(self.key(self.heading_row, index), place, message, "leave one of them out.")
                used[index] = None
            else:
                used[index] = column
                self.columns[column.heading] = index
        for column in self.layout.columns:
            if column.required and column.heading not in self.columns:
                place, key = self.sheet.place(self.heading_row), self.key(self.heading_row, 0)
                message = f"there is no column {column.heading!r}"
                self.reader.fault(key, place, message, f"a column with the heading {column.heading!r}.")
        return used

    def _row(self, number: int, cells: Sequence[Found], used: Mapping[int, Column | None]) -> _Row:
        found: dict[str, Found] = {}
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            if index not in used:
                place = self.sheet.place(number, index)
                what = "" if isinstance(cell, Broken) else f"{shown(cell)} "
                self.reader.fault(self.key(number, index), place, f"{what}stands under no heading", "a heading above.")
                continue
            column = used[index]
            if column is not None:
                found[column.heading] = cell
        return _Row(number, found)

    def table(self, row: _Row, path: str, forms: Mapping[str, Form] | None = None) -> dict[str, Any]:
        """Return what a row says, as a table of a problem file; with a path, remember where it is said."""
        if path:
            self.places(row, path)
        table: dict[str, Any] = {}
        for column in self.layout.columns:
            cell = row.cells.get(column.heading)
            if cell is None:
                continue
            key, place = self.place(row, column.heading)
            form = (forms or {}).get(column.heading, column.form)
            value = self.reader.cell(form, cell, key, place)
            if column.key == MORE:
                self.add_rest(table, value, path, key, place)
            elif value is not None:
                _put(table, column.key, value)
        return table

    def add_rest(
        self, table: dict[str, Any], rest: object, path: str, key: tuple[int, int, int], place: str
    ) -> None:
        """Add what stands under "more" to the table of a row."""
        if rest is None:
            return
        if not isinstance(rest, dict):
            self.reader.fault(key, place, f"{shown(rest)} is not a table", 'a table in JSON, such as {"size": 2}.')
            return
        for name, value in rest.items():
            try:
                _put({} if "." in name else table, name, value)
            except KeyError:
                message = f"{shown(name)} has a column as well"
                self.reader.fault(key, place, message, "leave one of them out.")
            else:
                if "." in name:
                    table[name] = value  # refused with its name, as in a problem file
                self.reader.places.setdefault(f"{path}.{name}", (key, place))

    def rule(self, row: _Row, path: str) -> dict[str, Any]:
        """Return the rule of a row."""
        self.places(row, path)
        table: dict[str, Any] = {}
        kind = row.cells.get("kind")
        name = self.reader.cell(TEXT, kind, *self.place(row, "kind")) if kind is not None else None
        if name is not None:
            table["kind"] = name
        for column in self.layout.columns:
            cell = row.cells.get(column.heading)
            if cell is None or column.heading in ("kind", "settings", MORE):
                continue
            form = parameter_form(str(name), column.key) or TEXT
            value = self.reader.cell(form, cell, *self.place(row, column.heading))
            if value is not None:
                table[column.key] = value
        settings = row.cells.get("settings")
        if settings is not None:
            key, place = self.place(row, "settings")
            form = Form("settings", "", lambda cell: list(read_settings(str(name), cell)), _unchanged)
            for setting, value in self.reader.cell(form, settings, key, place) or ():
                if setting in table:
                    message = f"{setting!r} is said twice"
                    self.reader.fault(key, place, message, "leave one of them out.")
                table[setting] = value
                self.reader.places.setdefault(f"{path}.{setting}", (key, place))
        rest = row.cells.get(MORE)
        if rest is not None:
            key, place = self.place(row, MORE)
            more = next(column for column in self.layout.columns if column.key == MORE)
            self.add_rest(table, self.reader.cell(more.form, rest, key, place), path, key, place)
        return table


def _unchanged(value: Any) -> Cell:  # noqa: ANN401  never written
    return value  # type: ignore[no-any-return]


