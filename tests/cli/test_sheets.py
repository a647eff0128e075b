from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from unsched import load_problem
from unsched.cli import main
from unsched.exchange.sheets.example import example


@pytest.fixture
def plan_xlsx(tmp_path: Path) -> str:
    """The template, in a file."""
    path = tmp_path / "plan.xlsx"
    assert main(["template", "--out", str(path)]) == 0
    return str(path)


@pytest.fixture
def planned(plan_xlsx: str, out: Path, plan: Callable[..., int]) -> str:
    """A schedule of the template."""
    assert plan(plan_xlsx, out, "--no-calendars") == 0
    return str(out / "schedule.json")


def test_the_template_goes_to_standard_output_as_it_is(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    assert main(["template"]) == 0
    sys.stdout.flush()
    raw = capfdbinary.readouterr().out
    assert openpyxl.load_workbook(io.BytesIO(raw)).sheetnames[:2] == ["Read me", "Rooms"]
    (tmp_path / "plan.xlsx").write_bytes(raw)
    assert load_problem(tmp_path / "plan.xlsx") == example()


def test_a_terminal_gets_no_workbook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["template"]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == [
        "  $.out: a workbook is nothing for a terminal",
        "    Maybe 'unsched template > plan.xlsx', or --out plan.xlsx.",
    ]


def test_the_template_comes_as_csv_as_well_but_not_over_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "plan")
    assert main(["template", "--csv", folder]) == 0
    assert load_problem(folder) == example()
    assert "Written:\n" in capsys.readouterr().out
    assert main(["template", "--csv", folder]) == 2
    assert main(["template", "--csv", folder, "--out", "x.xlsx"]) == 2
    assert main(["template", "--out", str(tmp_path / "x.csv")]) == 2
    err = capsys.readouterr().err
    for message in ("there are CSV files in", "--csv and --out are given together", "is no name of a workbook"):
        assert message in err


def test_a_workbook_is_planned_shown_and_checked_like_any_problem(
    plan_xlsx: str, planned: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["show", plan_xlsx]) == 0
    assert "8 sessions of 16 h in all" in capsys.readouterr().out
    assert main(["check", plan_xlsx, planned]) == 0
    assert "Every constraint holds." in capsys.readouterr().out


def test_a_fault_of_a_workbook_is_told_with_its_cell(plan_xlsx: str, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.load_workbook(plan_xlsx)
    book["Sessions"]["C4"] = "three hours"
    book.save(plan_xlsx)
    capsys.readouterr()
    assert main(["plan", plan_xlsx]) == 2
    assert capsys.readouterr().err == (
        "unsched: 1 fault in plan.xlsx\n  Sessions!C4: 'three hours' is not a length of time\n"
        "    Maybe minutes, such as 90, or hours and minutes: 1:30.\n"
    )


def test_conversion_goes_round_and_never_over_what_is_read(
    plan_xlsx: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = [plan_xlsx, *(str(tmp_path / name) for name in ("a.toml", "a", "b.json", "b.xlsx"))]
    for source, target in pairwise(forms):
        assert main(["convert", source, target]) == 0
    assert load_problem(forms[-1]) == example()
    capsys.readouterr()
    assert main(["convert", "--json", plan_xlsx, forms[1]]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == [forms[1]]
    assert main(["convert", plan_xlsx, plan_xlsx]) == 2
    assert "which is read" in capsys.readouterr().err


def test_a_schedule_is_written_as_a_workbook_and_its_use_is_reported(
    plan_xlsx: str, planned: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actual = tmp_path / "actual.csv"
    actual.write_text("session,began,ended,held\nwg-1,2010-12-15 15:10,2010-12-15 18:00,\nwg-2,,,no\n")
    week = tmp_path / "week.xlsx"
    assert main(["workbook", plan_xlsx, planned, "--actual", str(actual), "--out", str(week)]) == 0
    assert "2010-12-15 Wed" in openpyxl.load_workbook(week).sheetnames
    assert main(["workbook", plan_xlsx, planned, "--out", plan_xlsx]) == 2
    capsys.readouterr()
    assert main(["utilization", plan_xlsx, planned, "--actual", str(actual), "--blocks", "regular"]) == 0
    text = capsys.readouterr().out
    assert "Lost: 0:10 by late starts, 0:00 by early ends, 3:00 not held." in text
    assert main(["utilization", plan_xlsx, planned, "--json", "--benchmark", "75"]) == 0
    assert json.loads(capsys.readouterr().out)["benchmark"] == 0.75
    assert main(["utilization", plan_xlsx, planned, "--benchmark", "most"]) == 2


@pytest.mark.parametrize("command", ["template", "convert", "workbook", "utilization"])
def test_the_help_of_each_command_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"example:\n  unsched {command}" in capsys.readouterr().out
