from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve

from unsched import Booking, Delegation, InputError, Problem, Room, Schedule, Session, Venue, Window, rules
from unsched.domain.actual import Actual, Actuals
from unsched.report.workbook import save_workbook, schedule_csv, schedule_workbook

HOSTILE = ['=HYPERLINK("http://x.example")', "{=1+1}", "http://x.example", "@SUM(A1)", "+1", "-1", "\t=1"]


@pytest.fixture
def problem() -> Problem:
    """Two days, two rooms and four meetings, of two bodies."""
    return Problem(
        "p",
        Window("Europe/Zurich", ["2010-12-16", "2010-12-17"]),
        Venue([Room("I", name="Room I"), Room("II")]),
        [
            Session("a", "Opening", 180, body="CSTD", required="egypt", languages=["en", "fr"]),
            Session("b", "Drafting", 60, body="WG", invited="egypt"),
            Session("c", "Panel", 90, body="CSTD"),
            Session("d", "Closing", 60, kind="plenary"),
            Session("e", "Left over", 60, optional=True),
        ],
        [Delegation("egypt", "Egypt")],
        rules=[rules.PreferRoom("b", "I", weight=2)],
        off=["seats-enough", "booths-enough"],
    )


@pytest.fixture
def schedule() -> Schedule:
    """'b' and 'c' in one room at the same time, which no rule allows."""
    return Schedule(
        "p",
        "Europe/Zurich",
        [
            Booking("a", "I", "2010-12-16T10:00+01:00", "2010-12-16T13:00+01:00", "Opening"),
            Booking("b", "II", "2010-12-16T11:00+01:00", "2010-12-16T12:00+01:00", "Drafting"),
            Booking("c", "II", "2010-12-16T11:30+01:00", "2010-12-16T13:00+01:00", "Panel"),
            Booking("d", "I", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00", "Closing"),
        ],
    )


def opened(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw))


def rows(book: Any, sheet: str) -> list[tuple[object, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def test_each_day_has_a_timetable_of_rooms_and_hours_with_merged_cells(problem: Problem, schedule: Schedule) -> None:
    book = opened(schedule_workbook(problem, schedule))
    assert book.sheetnames == [
        "2010-12-16 Thu", "2010-12-17 Fri", "List", "Delegations", "Breaches", "Standby", "Utilization",
    ]  # fmt: skip
    day = book["2010-12-16 Thu"]
    assert [cell.value for cell in day[2]] == [None, "Room I", "II", "II"]
    assert [row[0].value for row in day.iter_rows(min_row=3, max_row=6)] == [
        "10:00-11:00", "11:00-11:30", "11:30-12:00", "12:00-13:00",
    ]  # fmt: skip
    assert day["B3"].value == "Opening\n10:00-13:00\nCSTD"
    assert sorted(map(str, day.merged_cells.ranges)) == ["B3:B6", "C4:C5", "D5:D6"]


def test_bodies_have_colours_that_stay_from_day_to_day(problem: Problem, schedule: Schedule) -> None:
    book = opened(schedule_workbook(problem, schedule))
    day = book["2010-12-16 Thu"]
    opening, drafting, panel = (day[cell].fill.fgColor.rgb for cell in ("B3", "C4", "D5"))
    assert opening == panel != drafting
    assert book["2010-12-17 Fri"]["B3"].fill.fgColor.rgb not in (opening, drafting)


def test_lists_have_what_concerns_everybody_and_what_is_broken(problem: Problem, schedule: Schedule) -> None:
    book = opened(schedule_workbook(problem, schedule))
    first = rows(book, "List")[1]
    assert first[1:6] == (datetime(2010, 12, 16, 10), datetime(2010, 12, 16, 13), 180, "I", "a")
    assert [(row[0], row[6], row[8]) for row in rows(book, "Delegations")[1:]] == [
        ("egypt", "a", "required"),
        ("egypt", "b", "invited"),
    ]
    broken = [(row[0], row[2], row[5]) for row in rows(book, "Breaches")[1:]]
    assert ("broken", "one-session-per-room", "b, c") in broken
    assert ("price paid", "prefer-room", "b") in broken
    assert rows(book, "Standby")[1:] == [("e", "Left over", 0)]


def test_the_utilization_report_is_there_as_planned_and_with_actual_times(problem: Problem, schedule: Schedule) -> None:
    planned = rows(opened(schedule_workbook(problem, schedule)), "Utilization")
    assert ("all meetings", 4, 390) in [row[:3] for row in planned]
    actual = Actuals([Actual("a", "2010-12-16T10:30", "2010-12-16T13:00")])
    sheet = opened(schedule_workbook(problem, schedule, actual=actual))["Utilization"]
    names = [cell.value for cell in sheet[4]]
    factor = sheet[5][names.index("factor")]
    assert factor.value == pytest.approx(150 / 180)
    assert factor.number_format == "0.0%"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_a_link(problem: Problem, schedule: Schedule, text: str) -> None:
    sessions = [evolve(one, title=text, body=text.strip(), description=text) for one in problem.sessions]
    book = opened(schedule_workbook(evolve(problem, sessions=sessions, rules=()), schedule))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(text in str(cell.value) for cell in cells)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_csv_has_an_apostrophe_before_what_a_spreadsheet_takes_for_a_formula(
    problem: Problem, schedule: Schedule, text: str
) -> None:
    sessions = [evolve(one, title=text) for one in problem.sessions]
    raw = schedule_csv(evolve(problem, sessions=sessions), schedule)
    lines = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert {line["title"] for line in lines} == {f"'{text}"}
    assert (lines[0]["day"], lines[0]["start"], lines[0]["minutes"]) == ("2010-12-16", "10:00", "180")


def test_the_same_schedule_gives_the_same_bytes(problem: Problem, schedule: Schedule) -> None:
    assert schedule_workbook(problem, schedule) == schedule_workbook(problem, schedule)


def test_the_name_says_what_is_written_and_anything_else_is_refused(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    assert save_workbook(problem, schedule, tmp_path / "w.xlsx").read_bytes() == schedule_workbook(problem, schedule)
    assert save_workbook(problem, schedule, tmp_path / "w.csv").read_bytes() == schedule_csv(problem, schedule)
    with pytest.raises(InputError, match=r"a schedule is not written as '\.ods'"):
        save_workbook(problem, schedule, tmp_path / "w.ods")
    with pytest.raises(InputError, match="the schedule is of problem 'p', not of 'q'"):
        schedule_workbook(evolve(problem, id="q"), schedule)
