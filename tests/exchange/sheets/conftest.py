"""Sheets to read: the example, with some of its cells changed."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from unsched import InputError, Problem
from unsched.exchange.sheets.raw import RawSheet
from unsched.exchange.sheets.reading import read_sheets
from unsched.exchange.sheets.template import template_workbook
from unsched.exchange.sheets.workbook import read_workbook


@pytest.fixture(scope="session")
def template() -> bytes:
    """The template, as it is handed out."""
    return template_workbook()


@pytest.fixture
def changed(template: bytes) -> Callable[[Mapping[str, Any]], bytes]:
    """Return the template with other values in some cells, such as `{"Sessions!C4": "90"}`."""

    def changed(cells: Mapping[str, Any]) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(template))
        for place, value in cells.items():
            name, _, cell = place.partition("!")
            sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
            if cell:
                sheet[cell] = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return changed


@pytest.fixture
def read() -> Callable[[bytes], Problem]:
    """Read the problem of a workbook."""
    return lambda raw: read_sheets(read_workbook(raw, "plan.xlsx"), "plan.xlsx")


@pytest.fixture(scope="session")
def found(template: bytes) -> tuple[RawSheet, ...]:
    """The sheets of the template."""
    return read_workbook(template, "plan.xlsx")


@pytest.fixture
def edited(found: tuple[RawSheet, ...]) -> Callable[[Mapping[str, Any]], Problem]:
    """Read the template with other values in some cells, such as `{"Sessions!C4": "90"}`, or with another sheet."""

    def edited(cells: Mapping[str, Any]) -> Problem:
        sheets = {sheet.name: {number: list(row) for number, row in sheet.rows} for sheet in found}
        for place, value in cells.items():
            name, _, cell = place.partition("!")
            rows = sheets.setdefault(name, {})
            if cell:
                at, number = coordinate_from_string(cell)
                column = column_index_from_string(at)
                row = rows.setdefault(number, [])
                row += [None] * (column - len(row))
                row[column - 1] = value
        return read_sheets((RawSheet(name, sorted(rows.items())) for name, rows in sheets.items()), "plan.xlsx")

    return edited


@pytest.fixture
def faults(edited: Callable[[Mapping[str, Any]], Problem]) -> Callable[[Mapping[str, Any]], list[str]]:
    """Return what is wrong with the template once some cells are changed: each fault in one line."""

    def faults(cells: Mapping[str, Any]) -> list[str]:
        with pytest.raises(InputError) as error:
            edited(cells)
        return [str(fault).replace("\n  Maybe", " Maybe") for fault in error.value.faults]

    return faults
