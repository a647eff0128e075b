from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from unsched import Problem, solve
from unsched.exchange.sheets.example import example
from unsched.exchange.sheets.notes import meaning
from unsched.exchange.sheets.table import BY_NAME, MORE, SHEETS
from unsched.exchange.sheets.template import template_workbook

NAMES = [
    "Read me", "Rooms", "Walking", "Groups", "Delegations", "People", "Sessions", "Segments", "Interpreters",
    "Equipment", "Conflicts", "Rules", "Window", "Assumptions", "Lists",
]  # fmt: skip


@pytest.fixture(scope="module")
def book(template: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(template))


def offered(book: Any, sheet: str, cell: str) -> str | None:
    for one in book[sheet].data_validations.dataValidation:
        if cell in one.sqref:
            return str(one.formula1)
    return None


def test_the_template_is_a_problem_with_a_schedule(template: bytes, read: Callable[[bytes], Problem]) -> None:
    problem = read(template)
    assert problem == example()
    result = solve(problem)
    assert (result.status.value, result.tiers[0].cost) == ("optimal", 0)


def test_the_template_has_all_sheets_and_the_lists_of_its_drop_downs_are_hidden(book: Any) -> None:
    assert book.sheetnames == NAMES
    assert book["Lists"].sheet_state == "hidden"


def test_each_heading_has_a_note_that_says_what_it_means_and_how_to_write_it(book: Any) -> None:
    for sheet in SHEETS:
        if sheet.name not in book.sheetnames:
            continue
        page = book[sheet.name]
        cells = [row[0] for row in page.iter_rows(min_row=2)] if sheet.upright else list(page[1])
        assert [cell.value for cell in cells] == [one.heading for one in sheet.columns if one.key != MORE]
        for cell in cells:
            column = next(one for one in sheet.columns if one.heading == cell.value)
            assert meaning(sheet, column) in cell.comment.text
            assert column.form.about in cell.comment.text


def test_every_column_has_a_meaning() -> None:
    assert [(sheet.name, one.heading) for sheet in SHEETS for one in sheet.columns if not meaning(sheet, one)] == []


@pytest.mark.parametrize(
    ("sheet", "cell", "source"),
    [
        ("Sessions", "K3", "Rooms!$A$2:$A$1000"),
        ("Sessions", "H3", "People!$A$2:$A$1000"),
        ("People", "C2", "Delegations!$A$2:$A$1000"),
        ("Segments", "A2", "Sessions!$A$2:$A$1000"),
    ],
)
def test_a_drop_down_offers_the_ids_of_another_sheet(book: Any, sheet: str, cell: str, source: str) -> None:
    assert offered(book, sheet, cell) == source


@pytest.mark.parametrize(
    ("sheet", "cell", "values"),
    [
        ("Rules", "B2", ["must", "should", "off"]),
        ("Rules", "C2", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("Sessions", "O2", ["yes", "no"]),
        ("Sessions", "I2", ["Arabic", "Chinese", "English", "French", "Russian", "Spanish"]),
        ("Sessions", "Q2", ["open", "members", "governments"]),
    ],
)
def test_a_drop_down_offers_a_list(book: Any, sheet: str, cell: str, values: list[object]) -> None:
    source = offered(book, sheet, cell)
    assert source is not None
    first, _, last = source.removeprefix("Lists!").replace("$", "").partition(":")
    assert [row[0].value for row in book["Lists"][f"{first}:{last}"]] == values


def test_every_kind_of_rule_is_offered(book: Any) -> None:
    from unsched.rules.registry import kinds

    source = offered(book, "Rules", "A2")
    assert source is not None
    cells = source.removeprefix("Lists!").replace("$", "")
    assert [row[0].value for row in book["Lists"][cells]] == list(kinds())


def test_the_template_is_the_same_each_time_and_empty_if_asked_for(template: bytes) -> None:
    assert template_workbook() == template
    empty = openpyxl.load_workbook(io.BytesIO(template_workbook(empty=True)))
    assert empty.sheetnames == NAMES
    assert [sheet.title for sheet in empty if sheet.max_row > 1] == ["Read me", "Window", "Lists"]
    assert {cell.value for cell in empty["Window"]["B"]} == {"value", None}


def test_no_two_columns_of_a_sheet_are_called_alike() -> None:
    for sheet in BY_NAME.values():
        headings = [one.heading for one in sheet.columns]
        keys = [one.key for one in sheet.columns]
        assert len({*headings}) == len(headings)
        assert len({*keys}) == len(keys)
