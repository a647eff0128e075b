"""The rows of a sheet below its headings, and the tables of a problem file that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from unsched.errors import Fault, nearest
from unsched.exchange.plain import place, shown
from unsched.exchange.sheets.cells import TEXT, Cell, Form
from unsched.exchange.sheets.places import Ledger, Place, put
from unsched.exchange.sheets.raw import Broken, Found, RawSheet
from unsched.exchange.sheets.rules import parameter_form, read_settings
from unsched.exchange.sheets.table import MORE, Column, Layout, normal

__all__ = ["OWN_NOTES", "Row", "Rows"]

OWN_NOTES = "#"
"""What a heading begins with that is none of ours."""


@frozen(eq=False)
class Row:
    """A row: its number, and its cells that are not empty, by heading of their columns."""

    number: int
    cells: Mapping[str, Found]


@frozen(eq=False)
class Rows:
    """The rows of a sheet, read by its headings; what is wrong with these goes into the ledger.

    Args:
        ledger: takes the faults, and where everything stands.
        layout: what the sheet should be.
        sheet: what was found.
    """

    ledger: Ledger
    layout: Layout
    sheet: RawSheet
    order: int = field(init=False)
    columns: dict[str, int] = field(init=False, factory=dict)
    rows: tuple[Row, ...] = field(init=False, default=())
    blamed: list[Place] = field(init=False, factory=list)

    @order.default
    def _find_order(self) -> int:
        return self.ledger.layouts.index(self.layout)

    def __attrs_post_init__(self) -> None:
        if self.sheet.rows:
            used = self._headings(self.sheet.rows[0][1])
            rows = (self._row(number, cells, used) for number, cells in self.sheet.rows[1:])
            object.__setattr__(self, "rows", tuple(row for row in rows if row.cells))

    @property
    def head(self) -> Place:
        """Where its headings are."""
        number = self.sheet.rows[0][0] if self.sheet.rows else 1
        return (self.order, number, 0), self.sheet.place(number)

    def at(self, row: Row, heading: str | None = None) -> Place:
        """Return where a cell of a row is; of a column that is not there, or of none, where the row begins."""
        column = self.columns.get(heading or "")
        if column is None:
            return (self.order, row.number, 0), self.sheet.place(row.number)
        return (self.order, row.number, column), self.sheet.place(row.number, column, heading or "")

    def remember(self, row: Row, path: str) -> None:
        """Remember in which cells of a row the values of a path are."""
        self.ledger.places[path] = self.at(row)
        for column in self.layout.columns:
            # Where a heading is wrong, it is to blame for whatever is missing.
            blamed = self.blamed[0] if self.blamed and column.heading not in self.columns else None
            self.ledger.places[f"{path}.{column.key}"] = blamed or self.at(row, column.heading)

    def _headings(self, cells: Sequence[Found]) -> dict[int, Column | None]:
        used: dict[int, Column | None] = {}
        number = self.sheet.rows[0][0]
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            text = "" if isinstance(cell, Broken) else str(cell)
            column = self.layout.by_heading.get(normal(text))
            used[index] = None
            at = (self.order, number, index), self.sheet.place(number, index)
            if column is not None and column.heading not in self.columns:
                used[index] = column
                self.columns[column.heading] = index
            elif column is not None:
                self.blamed.append(at)
                self.ledger.fault(at, f"the heading {column.heading!r} comes twice", "leave one of them out.")
            elif not text.startswith(OWN_NOTES):
                self.blamed.append(at)
                near = nearest(normal(text), self.layout.by_heading)
                message = f"{shown(text)} is no heading of {self.layout.name}"
                self.ledger.fault(at, message, near or "a heading that begins with #, for notes of your own.")
        for column in self.layout.columns:
            if column.required and column.heading not in self.columns:
                self.blamed.append(self.head)
                message = f"there is no column {column.heading!r}"
                self.ledger.fault(self.head, message, f"a column with the heading {column.heading!r}.")
        return used

    def _row(self, number: int, cells: Sequence[Found], used: Mapping[int, Column | None]) -> Row:
        found: dict[str, Found] = {}
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            if index not in used:
                at = (self.order, number, index), self.sheet.place(number, index)
                what = "something" if isinstance(cell, Broken) else shown(cell)
                self.ledger.fault(at, f"{what} stands under no heading", "a heading above it.")
                continue
            column = used[index]
            if column is not None:
                found[column.heading] = cell
        return Row(number, found)

    def table(self, row: Row, path: str | None = None) -> dict[str, Any]:
        """Return what a row says, as a table of a problem file.

        Args:
            row: the row.
            path: where the table will stand, if that is known yet.
        """
        if path is not None:
            self.remember(row, path)
        table: dict[str, Any] = {}
        for column in self.layout.columns:
            cell = row.cells.get(column.heading)
            if cell is None or column.key == MORE:
                continue
            value = self.ledger.cell(column.form, cell, self.at(row, column.heading))
            if value is not None:
                put(table, column.key, value)
        self._add_rest(row, table, path)
        return table

    def rule(self, row: Row, path: str) -> dict[str, Any]:
        """Return the rule of a row, each parameter read as its kind has it."""
        self.remember(row, path)
        kind = row.cells.get("kind")
        name = None if kind is None else self.ledger.cell(TEXT, kind, self.at(row, "kind"))
        table: dict[str, Any] = {} if name is None else {"kind": name}
        for column in self.layout.columns:
            cell = row.cells.get(column.heading)
            if cell is None or column.heading in ("kind", "settings", MORE):
                continue
            form = parameter_form(str(name), column.key) or TEXT
            value = self.ledger.cell(form, cell, self.at(row, column.heading))
            if value is not None:
                table[column.key] = value
        self._add_settings(row, table, path)
        self._add_rest(row, table, path)
        return table

    def _add_settings(self, row: Row, table: dict[str, Any], path: str) -> None:
        cell, at = row.cells.get("settings"), self.at(row, "settings")
        if cell is None:
            return
        kind = str(table.get("kind"))
        form = Form("settings", "", lambda text: list(read_settings(kind, text)), _same)
        for name, value in self.ledger.cell(form, cell, at) or ():
            if name in table:
                self.ledger.fault(at, f"{name!r} is said twice", "leave one of them out.")
            table[name] = value
            if name not in self.columns:
                self.ledger.places[f"{path}.{name}"] = at

    def _add_rest(self, row: Row, table: dict[str, Any], path: str | None) -> None:
        """Add what stands under "more" to the table of a row."""
        cell, at = row.cells.get(MORE), self.at(row, MORE)
        column = self.layout.by_heading.get(MORE)
        if cell is None or column is None:
            return
        rest = self.ledger.cell(column.form, cell, at)
        if rest is not None and not isinstance(rest, dict):
            self.ledger.fault(at, f"{shown(rest)} is not a table", 'a table in JSON, such as {"size": 2}.')
            return
        for name, value in (rest or {}).items():
            try:
                put(table, name, value, dots=False)
            except KeyError:
                self.ledger.fault(at, f"{shown(name)} has a cell of its own as well", "leave one of them out.")
            else:
                if path is not None:
                    self.ledger.places[Fault(place(name), "").under(path).path] = at


def _same(value: Any) -> Cell:  # noqa: ANN401  never written
    return value  # type: ignore[no-any-return]
