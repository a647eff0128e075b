"""Workbooks of a problem, drawn up for people: headings with notes, drop-downs, and how it all works."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from unsched.domain.assumption import ASSUMABLE
from unsched.domain.segment import ACCESS
from unsched.errors import Fault, InputError
from unsched.exchange.severity import SEVERITIES
from unsched.exchange.sheets.cells import Cell
from unsched.exchange.sheets.notes import meaning
from unsched.exchange.sheets.table import BY_NAME, Column, normal
from unsched.exchange.sheets.writing import WrittenSheet
from unsched.rules.registry import kinds, standard_rules

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["draw_workbook", "new_workbook"]

_EXTRA = "pip install 'unsched[spreadsheets]'"
_LAST = 1_000  # row down to which drop-downs are offered
_MADE = datetime(2010, 12, 6)  # noqa: DTZ001  the same bytes each time: no clock is read
_LANGUAGES = ("Arabic", "Chinese", "English", "French", "Russian", "Spanish")
_ZONES = ("Europe/Zurich", "America/New_York", "Europe/Vienna", "Africa/Nairobi", "UTC")
_KINDS = ("plenary", "panel", "working-group", "coordination", "drafting", "bureau", "consultation", "side-event")
_NUMBERS = ("tiers", "conflict weights")
_PARTICIPANTS = ("Groups", "Delegations", "People")
_READ_ME = (
    ("Plan from this workbook", True),
    ("", False),
    ("Fill in the sheets, save, and run:   unsched plan plan.xlsx", False),
    ("The rows of the template are an example, which can be planned as it is: write your own over them.", False),
    ("Nothing is wrong with empty cells: leave out what nobody knows. What is wrong is told with its cell.", False),
    ("", False),
    ("Every heading has a note that says what stands under it, and many cells have a drop-down.", False),
    ("Ids are yours: short names by which one sheet refers to another, and by which messages speak to you.", False),
    ("Lists in a cell have commas or semicolons between. Dates: 2010-12-17. Lengths: 90 or 1:30.", False),
    ("A column whose heading begins with # is yours; so is any sheet of another name.", False),
    ("Formulas are never worked out here: the values that were there when you saved are read.", False),
    ("", False),
    ("The sheets", True),
)


def new_workbook() -> tuple[Workbook, io.BytesIO]:
    """Return a workbook to be written, in which no text becomes a formula, a link or a number, and its bytes to be.

    Raises:
        InputError: XlsxWriter is not there.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        message = "workbooks need XlsxWriter, which is not installed"
        raise InputError([Fault("", message, f"{_EXTRA}, or CSV files.")], "a workbook") from None
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = Workbook(stream, options)
    book.set_properties({"created": _MADE, "author": "unsched"})
    return book, stream


def draw_workbook(sheets: Iterable[WrittenSheet]) -> bytes:
    """Return the workbook of what was written: the same bytes for the same sheets.

    Raises:
        InputError: XlsxWriter is not there.
    """
    book, stream = new_workbook()
    written = tuple(sheets)
    _read_me(book, written)
    drawing = _Drawing(book, written)
    for sheet in written:
        drawing.draw(sheet)
    drawing.draw_lists()
    book.close()
    return stream.getvalue()


def _read_me(book: Workbook, sheets: Sequence[WrittenSheet]) -> None:
    page = book.add_worksheet("Read me")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.hide_gridlines(2)
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 100)
    row = 0
    for text, heading in _READ_ME:
        page.write_string(row, 0, text, bold if heading else None)
        row += 1
    for sheet in sheets:
        page.write_string(row, 0, sheet.layout.name, bold)
        page.write_string(row, 1, sheet.layout.about, wrap)
        row += 1


class _Drawing:
    """Draws sheets, and gathers the lists that their drop-downs offer."""

    def __init__(self, book: Workbook, sheets: Sequence[WrittenSheet]) -> None:
        self.book = book
        self.there = {sheet.layout.name: sheet for sheet in sheets}
        self.head: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "bottom": 1}
        )
        self.must: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#B8CCE4", "bottom": 1}
        )
        self.plain: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.grey: Format = book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "top"})
        self.offered: dict[str, Sequence[str]] = {}

    def draw(self, sheet: WrittenSheet) -> None:
        """Draw one sheet."""
        page = self.book.add_worksheet(sheet.layout.name)
        if sheet.layout.upright:
            self._draw_upright(page, sheet)
            return
        columns = [sheet.layout.by_heading[normal(heading)] for heading in sheet.headings]
        for index, column in enumerate(columns):
            self._head(page, sheet, 0, index, column)
            page.set_column(index, index, column.width, self.plain)
            self._offer(page, column, index, 1, _LAST)
        for number, row in enumerate(sheet.rows, start=1):
            for index, column in enumerate(columns):
                _write(page, number, index, row.get(column.heading), self.plain)
        page.freeze_panes(1, 1)

    def _draw_upright(self, page: Worksheet, sheet: WrittenSheet) -> None:
        row = sheet.rows[0] if sheet.rows else {}
        for index, text in enumerate(("what", "value", "# what it is")):
            page.write_string(0, index, text, self.head)
        page.set_column(0, 0, 18)
        page.set_column(1, 1, 56)
        page.set_column(2, 2, 80)
        for number, column in enumerate(sheet.layout.columns, start=1):
            self._head(page, sheet, number, 0, column)
            _write(page, number, 1, row.get(column.heading), self.plain)
            page.write_string(number, 2, meaning(sheet.layout, column), self.grey)
            self._offer(page, column, 1, number, number)
        page.freeze_panes(1, 1)

    def _head(self, page: Worksheet, sheet: WrittenSheet, row: int, index: int, column: Column) -> None:
        page.write_string(row, index, column.heading, self.must if column.required else self.head)
        lines = [meaning(sheet.layout, column), f"A cell: {column.form.about}."]
        lines += ["Required."] if column.required else []
        page.write_comment(row, index, "\n".join(lines), {"author": "unsched", "x_scale": 2, "y_scale": 1.2})

    def _offer(self, page: Worksheet, column: Column, index: int, first: int, last: int) -> None:
        source = self._source(column.offers) if column.offers else None
        if source is not None:
            options: dict[str, Any] = {"validate": "list", "source": source, "ignore_blank": True}
            if column.several:
                options["show_error"] = False
            page.data_validation(first, index, last, index, options)

    def _source(self, name: str) -> str | None:
        if name in BY_NAME:
            return f"={name}!$A$2:$A${_LAST}" if name in self.there else None
        if name not in self.offered:
            self.offered[name] = self._list(name)
        count = len(self.offered[name])
        column = list(self.offered).index(name)
        letter = chr(ord("A") + column)
        return f"=Lists!${letter}$2:${letter}${count + 1}" if count else None

    def _list(self, name: str) -> Sequence[str]:
        fixed: Mapping[str, Iterable[str]] = {
            "access": ACCESS,
            "assumable": ASSUMABLE,
            "conflict weights": ("1", "2", "5", "10", "never"),
            "kinds of rule": kinds(),
            "languages": _LANGUAGES,
            "severities": SEVERITIES,
            "standard rules": (rule.kind for rule in standard_rules()),
            "tiers": map(str, range(1, 10)),
            "within": ("block", "day"),
            "yes or no": ("yes", "no"),
            "zones": _ZONES,
            "session kinds": _KINDS,
            "block kinds": ("regular", "lunch"),
        }
        if name in fixed:
            return tuple(fixed[name])
        ids = (row.get("id") for one in _PARTICIPANTS if one in self.there for row in self.there[one].rows)
        return tuple(str(one) for one in ids if one is not None)

    def draw_lists(self) -> None:
        """Draw the sheet, which is hidden, of what drop-downs offer."""
        page = self.book.add_worksheet("Lists")
        for index, (name, values) in enumerate(self.offered.items()):
            page.write_string(0, index, name, self.head)
            for row, value in enumerate(values, start=1):
                number = name in _NUMBERS and value.isdecimal()
                _write(page, row, index, int(value) if number else value, self.plain)
        page.hide()


def _write(page: Worksheet, row: int, column: int, value: Cell, form: Format) -> None:
    if isinstance(value, bool) or (value is not None and not isinstance(value, int | float)):
        page.write_string(row, column, str(value), form)
    elif value is not None:
        page.write_number(row, column, value, form)
