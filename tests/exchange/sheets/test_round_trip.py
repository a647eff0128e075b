"""What is written into sheets is read from them as it was: any problem, any kind of rule, in both kinds of file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from drawing import drawn, turned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unsched import Contact, Delegation, InputError, Problem, Room, Session, Venue, Window, load_problem, rules
from unsched.exchange.sheets.csvfiles import csv_text, read_csv
from unsched.exchange.sheets.drawing import draw_workbook
from unsched.exchange.sheets.example import example
from unsched.exchange.sheets.raw import RawSheet
from unsched.exchange.sheets.reading import read_sheets
from unsched.exchange.sheets.workbook import read_workbook
from unsched.exchange.sheets.writing import WrittenSheet, write_sheets
from unsched.exchange.store import save_problem
from unsched.exchange.toml import toml_text
from unsched.palais import cstd_2010
from unsched.rules.registry import kinds
from unsched.testing import problems

QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))
OFF = [rule.kind for rule in (kind() for kind in kinds().values() if kind.standard)]
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "'=1",
        "''",
        "\t=1",
        "_x000D_",
        "a\r\nb",
        "\x0b",
        "\ufffe",
        "1e5",
        "TRUE",
        " x ",
        "#REF!",
    ]
)


def through_workbook(problem: Problem) -> Problem:
    return read_sheets(read_workbook(draw_workbook(write_sheets(problem)), "p.xlsx"), "p.xlsx")


def through_csv(problem: Problem) -> Problem:
    return read_sheets((as_csv(sheet) for sheet in write_sheets(problem)), "p")


def as_csv(sheet: WrittenSheet) -> RawSheet:
    columns = sheet.layout.columns
    lines: list[list[Any]] = [list(sheet.headings), *([row.get(name) for name in sheet.headings] for row in sheet.rows)]
    if sheet.layout.upright:
        lines = [["what", "value"], *([one.heading, sheet.rows[0].get(one.heading)] for one in columns)]
    return read_csv(csv_text(lines), sheet.layout.file, sheet.layout.by_heading)


@pytest.mark.parametrize("problem", [cstd_2010(), example()], ids=["the founding case", "the example"])
@pytest.mark.parametrize("through", [through_workbook, through_csv])
def test_a_problem_comes_back_from_sheets_as_it_was(problem: Problem, through: Callable[[Problem], Problem]) -> None:
    assert through(problem) == problem


@pytest.mark.parametrize("kind", kinds())
@settings(QUICK, max_examples=1)
@given(data=st.data())
def test_a_rule_of_any_kind_comes_back_from_a_row(kind: str, data: st.DataObject) -> None:
    problem = data.draw(problems())
    rule = data.draw(drawn(problem, kind))
    other = data.draw(turned(rule))
    several = [rule, *([other] if other is not None else []), rules.Off(rule)]
    whole = evolve(problem, rules=list(dict.fromkeys(several)), off=OFF)
    assert through_csv(whole) == whole


@settings(QUICK, max_examples=5)
@given(problem=problems())
def test_a_random_problem_comes_back_from_a_workbook(problem: Problem) -> None:
    assert through_workbook(problem) == problem


@pytest.mark.parametrize("through", [through_workbook, through_csv])
@settings(QUICK, max_examples=8)
@given(texts=st.lists(TEXTS, min_size=5, max_size=5), name=TEXTS.filter(lambda text: text.strip().isprintable()))
def test_any_text_comes_back_from_its_cell(through: Callable[[Problem], Problem], texts: list[str], name: str) -> None:
    problem = Problem(
        name.strip() or "p",
        Window("UTC", ["2010-12-17"]),
        Venue([Room(name.strip() or "I", name=texts[0], source=texts[1])], name=texts[2]),
        [Session("a", texts[3], 60, description=texts[4])],
        [Delegation("d", texts[0])],
        title=texts[1],
        organizer=Contact(texts[2], "a@example.org"),
    )
    assert through(problem) == problem


@pytest.mark.parametrize("days", [["2010-12-17"], ["2010-12-15", "2010-12-17"], ["2010-12-17", "2011-12-17"]])
def test_the_days_of_a_window_come_back(days: list[str]) -> None:
    problem = Problem("p", Window("UTC", days), Venue([Room("I")]), [Session("a", "A", 60)])
    assert through_csv(problem) == problem


def test_what_is_too_long_for_a_cell_goes_on_in_the_next_row_or_is_refused() -> None:
    long = [Session(f"s{n}", "x" * 9_000, 60, tags=[f"tag {m}" for m in range(300)]) for n in range(6)]
    problem = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), long, off=["seats-enough"])
    assert through_workbook(problem) == problem
    wide = evolve(problem, sessions=[evolve(long[0], tags=[f"tag {m:05}" for m in range(4_000)])])
    with pytest.raises(InputError, match="'tags' would have 43,998 characters, and a cell holds 32,767"):
        write_sheets(wide)


@pytest.mark.parametrize("name", ["p.toml", "p.json", "p.xlsx", "p"])
def test_a_problem_is_saved_in_the_form_that_the_name_says_and_read_from_there(name: str, tmp_path: Path) -> None:
    assert load_problem(save_problem(cstd_2010(), tmp_path / name)) == cstd_2010()
    assert load_problem(save_problem(example(), tmp_path / name)) == example()  # in place of what was there


def test_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a problem is not written as '\.yaml'"):
        save_problem(example(), tmp_path / "p.yaml")


@settings(QUICK, max_examples=25)
@given(text=st.text(max_size=20).filter(lambda text: text.isascii() or text.encode(errors="ignore").decode() == text))
def test_any_text_comes_back_from_toml(text: str) -> None:
    import tomllib

    data = {"a": text, "b c": {"d": [{"e": [text], text or "x": {"f": 1.5, "g": True}}], "h": {}}}
    assert tomllib.loads(toml_text(data)) == data


def test_toml_cannot_say_nothing() -> None:
    with pytest.raises(InputError, match=r"\$\.rules\[0\]\.per: there is nothing, on purpose"):
        toml_text({"rules": [{"per": None}]})


def test_the_same_problem_gives_the_same_bytes() -> None:
    first, second = (draw_workbook(write_sheets(cstd_2010())) for _ in range(2))
    assert first == second


def test_sheets_of_a_workbook_hold_no_formula_and_no_link() -> None:
    import openpyxl

    problem = Problem(
        "=1+1",
        Window("UTC", ["2010-12-17"]),
        Venue([Room('=HYPERLINK("http://x")')]),
        [Session("{=1}", "http://x", 60)],
    )
    book = openpyxl.load_workbook(io.BytesIO(draw_workbook(write_sheets(problem))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
