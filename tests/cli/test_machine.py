"""What commands print with `--json` is one JSON object of the shape that is documented, and so is what goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from unsched.cli import main
from unsched.exchange.output import OUTPUTS, output_schema

VALID = Draft202012Validator(output_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)

Say = Callable[..., dict[str, Any]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command with `--json`; returns what it prints to standard output, which is of a documented shape."""

    def say(*arguments: object, code: int = 0, valid: bool = True) -> dict[str, Any]:
        capsys.readouterr()
        found = main([*map(str, arguments), "--json"])
        printed = capsys.readouterr()
        assert found == code, printed.err
        assert printed.err == ""
        data: dict[str, Any] = json.loads(printed.out)
        if valid:
            VALID.validate(data)
        return data

    return say


@pytest.fixture
def failing(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command with `--json` that fails; returns what it prints to standard error."""

    def failing(*arguments: object, code: int = 2) -> dict[str, Any]:
        capsys.readouterr()
        assert main([*map(str, arguments), "--json"]) == code
        printed = capsys.readouterr()
        assert printed.out == ""
        data: dict[str, Any] = json.loads(printed.err)
        VALID.validate(data)
        assert data["schema"] == "unsched/error/1"
        error: dict[str, Any] = data["error"]
        assert error["exit_code"] == code
        return error

    return failing


@pytest.fixture
def schedule(plan: Callable[..., int], problem: str, out: Path) -> str:
    """A schedule of the problem, as a file."""
    plan(problem, out)
    return str(out / "schedule.json")


def test_the_schema_is_a_schema_and_tells_shapes_apart_by_their_tag() -> None:
    Draft202012Validator.check_schema(output_schema())
    for name in OUTPUTS:
        assert output_schema()["$defs"][name]["properties"]["schema"] == {"const": f"unsched/{name}/1"}


def test_every_command_can_be_asked_for_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    commands = re.findall(r"^    ([a-z][a-z-]*) ", capsys.readouterr().out, re.MULTILINE)
    assert {"demo", "plan", "check", "show", "rules", "schema", "sync"} <= {*commands}
    commands.remove("serve")  # which says nothing but JSON
    for command in commands:
        assert main([command, "--help"]) == 0
        assert "--json" in capsys.readouterr().out, command


def test_plan_says_everything(say: Say, problem: str, out: Path) -> None:
    data = say("plan", problem, "--out", out, "--effort", 10)
    assert (data["schema"], data["status"], data["left_out"]) == ("unsched/plan/1", "optimal", [])
    assert data["prices"][0]["cost"] == 360


def test_plan_without_a_schedule_says_what_cannot_all_hold(say: Say, impossible: str, out: Path) -> None:
    data = say("plan", impossible, "--out", out, "--effort", 10, code=1)
    assert (data["status"], data["schedule"]) == ("infeasible", None)
    assert data["conflict"]


def test_plan_says_what_of_others_calendars_it_could_not_read(
    say: Say, problem: str, out: Path, tmp_path: Path
) -> None:
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20101206T120000Z",
        "DTSTART:nonsense", "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    (tmp_path / "busy.ics").write_bytes("\r\n".join(lines).encode())
    data = say("plan", problem, "--out", out, "--effort", 10, "--busy", f"room:I={tmp_path / 'busy.ics'}")
    assert any("nonsense" in line for line in data["left_out"]), data["left_out"]


def test_check_says_what_is_broken_and_what_is_paid(
    say: Say, problem: str, schedule: str, write: Callable[[str, object], str]
) -> None:
    data = say("check", problem, schedule)
    assert (data["holds"], data["costs"]) == (True, {"1": 840})
    assert {one["rule"] for one in data["breaches"]} == {"end-early"}
    booked = json.loads(Path(schedule).read_text(encoding="utf-8"))
    for booking in booked["bookings"]:
        booking |= {"start": "2010-12-17T10:00:00+01:00", "end": "2010-12-17T13:00:00+01:00"}
    data = say("check", problem, write("bad.json", booked), code=1)
    assert data["holds"] is False
    assert data["breaches"][0]["hard"] is True
    assert data["breaches"][0]["tier"] is None


def test_show_says_the_file_again(say: Say, problem: str, schedule: str) -> None:
    assert say("show", problem, valid=False)["schema"] == "unsched/problem/1"
    assert say("show", schedule, valid=False) == json.loads(Path(schedule).read_text(encoding="utf-8"))


def test_questions_are_answered(say: Say, problem: str, schedule: str, impossible: str) -> None:
    assert say("why", problem, schedule, "a")["schema"] == "unsched/why/1"
    assert say("alternatives", problem, schedule, "b")["alternatives"]
    say("why-not", problem, schedule, "a", "--start", "2010-12-17T15:00")
    say("why-not", problem, schedule, "a", "--start", "2010-12-17T12:00", "--no-moving", code=1)
    assert say("explain", impossible, code=1)["conflicts"]
    say("explain", problem)


def test_diff_and_repair_are_told(say: Say, problem: str, schedule: str, tmp_path: Path) -> None:
    late = "session-moved session=b start=2010-12-17T16:00"
    data = say("repair", problem, schedule, "--change", late, "--out", tmp_path / "again", "--effort", 10)
    assert data["schema"] == "unsched/repair/1"
    found = say(
        "diff", schedule, tmp_path / "again" / "schedule.json", "--problem", tmp_path / "again" / "problem.json"
    )
    assert [one["session"] for one in found["changes"]] == ["b"]


def test_the_demo_says_what_a_plan_says(say: Say, out: Path, monkeypatch: pytest.MonkeyPatch, problem: str) -> None:
    from unsched import load_problem

    monkeypatch.setattr("unsched.palais.cstd_2010", lambda: load_problem(problem))
    assert say("demo", "--out", out)["status"] == "optimal"


def test_rules_are_listed_and_one_is_explained(say: Say) -> None:
    every = say("rules")["rules"]
    assert len(every) > 40
    assert say("rules", "before")["rules"] == [one for one in every if one["kind"] == "before"]


def test_a_schema_is_json_anyway(say: Say) -> None:
    assert say("schema", "output", valid=False) == output_schema()
    assert say("schema", valid=False)["title"] == "unsched problem"


def test_publishing_sending_and_answers_are_told(
    say: Say, week: Callable[..., dict[str, Any]], write: Callable[[str, object], str], out: Path
) -> None:
    people = {
        "organizer": {"name": "Office", "mail": "office@example.org"},
        "delegations": [{"id": "egypt", "mail": "egypt@example.org"}],
    }
    facts = week(**people)
    facts["sessions"][0]["required"] = ["egypt"]
    problem = write("told.json", facts)
    say("plan", problem, "--out", out, "--effort", 10)
    stamp = "2010-12-06T12:00:00+00:00"
    data = say("publish", problem, out / "schedule.json", "--out", out, "--stamp", stamp)
    assert [one["to"] for one in data["messages"]] == ["egypt"]
    assert len(say("send", "--out", out, "--dry-run")["outcomes"]) == 1
    assert say("replies", "--state", out / "publication.json")["attendance"][0]["answer"] == "waiting"


# -- what goes wrong ------------------------------------------------------------------------------------------------


def test_all_faults_of_a_file_are_listed_with_path_and_remedy(
    failing: Say, week: Callable[..., dict[str, Any]], write: Callable[[str, object], str]
) -> None:
    bad = week(off=["nonsense"])
    bad["sessions"][0]["room"] = "II"
    error = failing("check", write("bad.json", bad), "schedule.json")
    assert error["source"].endswith("bad.json")
    assert ("sessions[0].room", "there is no room 'II'") in {(one["path"], one["message"]) for one in error["faults"]}
    assert len(error["faults"]) == 2
    assert {"path", "message", "remedy"} == error["faults"][0].keys()


def test_a_wrong_call_an_unknown_session_and_a_missing_file_are_errors_of_the_same_shape(
    failing: Say, problem: str, schedule: str, tmp_path: Path
) -> None:
    assert failing("plan")["faults"][0]["message"] == "the following arguments are required: FILE"
    assert failing("plan", problem, "--seed", "x")["faults"][0]["message"].startswith("argument --seed: 'x' is not")
    assert failing("why", problem, schedule, "c")["faults"][0]["message"] == "there is no session 'c'"
    assert "there is no such file" in failing("check", tmp_path / "none.json", schedule)["message"]
    assert failing("bogus")["faults"]


def test_a_place_that_cannot_be_written_is_an_error_of_the_same_shape(
    failing: Say, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert failing("plan", problem, "--out", tmp_path / "file" / "out")["faults"][0]["path"] == "out"


def test_a_bug_is_an_error_of_the_same_shape(failing: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("unsched.rules.registry.kinds", broken)
    error = failing("rules", code=3)
    assert error["faults"] == []
    assert "This is a bug" in error["message"]


def test_control_characters_in_titles_leave_json_whole(
    say: Say, week: Callable[..., dict[str, Any]], write: Callable[[str, object], str]
) -> None:
    title = "a\x7fb\x9b\u202ec\x1b[2J会議"
    assert say("show", write("p.json", week(title=title)), valid=False)["title"] == title


def test_spreadsheets_and_pages_say_what_they_have_written(
    say: Say, problem: str, schedule: str, tmp_path: Path
) -> None:
    page, book, csv = tmp_path / "page.html", tmp_path / "book.xlsx", tmp_path / "csv"
    for command in (
        ("page", problem, schedule, "--out", page),
        ("workbook", problem, schedule, "--out", book),
        ("convert", problem, csv),
        ("template", "--out", tmp_path / "plan.xlsx"),
    ):
        assert say(*command)["files"]
    assert page.exists()
    assert book.exists()
    assert (csv / "sessions.csv").exists()
    assert say("utilization", problem, schedule)["benchmark"] == 0.8


def test_a_page_for_machines_needs_a_file(failing: Say, problem: str, schedule: str) -> None:
    assert "one text" in failing("page", problem, schedule)["message"]


def test_documents_of_other_tools_say_what_they_came_to(say: Say, tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[2] / "examples" / "pretalx.json"
    problem, schedule, over = (tmp_path / name for name in ("problem.json", "published.json", "frab.json"))
    found = say("import", source, "--out", problem, "--schedule", schedule)
    assert found["sessions"] == len(json.loads(problem.read_text(encoding="utf-8"))["sessions"])
    written = say("export", problem, schedule, "--to", "frab-json", "--out", over)
    assert written["bytes"] == over.stat().st_size
