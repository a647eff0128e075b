from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from unsched import (
    DisagreementError,
    Result,
    Status,
    load_schedule,
    solve,
)
from unsched.cli import main

if TYPE_CHECKING:
    from unsched.domain.problem import Problem


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_plan_prints_timetable_and_proof_and_writes_schedule_and_calendars(
    plan: Callable[..., int], problem: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(problem, out) == 0
    text = capsys.readouterr().out
    assert text.startswith("week: 2 sessions, Europe/Zurich time\n\nFriday 17 December 2010\n  10:00-")
    assert "\noptimal: 2 sessions scheduled in" in text
    assert "  tier 1: cost 840, bound 840 (optimal)\n" in text
    assert "Prices paid in tier 1, 840 in all:" in text
    files = "  programme.ics\n  schedule.json\n  timetable.html\n"
    assert f"Written to {out}:\n{files}  {Path('busy', 'rooms')}{os.sep} (1 file)\n" in text
    assert f"  rich{os.sep} (2 files)\n  rooms{os.sep} (1 file)\n" in text
    schedule = load_schedule(out / "schedule.json")
    assert schedule.stamp == datetime(2010, 12, 6, 12, tzinfo=UTC)
    assert list(files_in(out)) == [
        str(Path("busy", "rooms", "I.ics")),
        "programme.ics",
        str(Path("rich", "programme.ics")),
        str(Path("rich", "programme.json")),
        str(Path("rooms", "I.ics")),
        "schedule.json",
        "timetable.html",
    ]


def test_the_same_plan_gives_the_same_bytes(plan: Callable[..., int], problem: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        assert plan(problem, tmp_path / name, "--seed", "7", "--workers", "1") == 0
    assert files_in(tmp_path / "one") == files_in(tmp_path / "other")


def test_a_plan_reads_toml(plan: Callable[..., int], tmp_path: Path, out: Path) -> None:
    file = tmp_path / "week.toml"
    file.write_text(
        'schema = "unsched/problem/1"\nid = "week"\nwindow = { zone = "UTC", days = [2010-12-17] }\n'
        'venue = { rooms = [{ id = "I" }] }\nsessions = [{ id = "a", title = "A", minutes = 60 }]\n',
        encoding="utf-8",
    )
    assert plan(str(file), out) == 0


def test_without_calendars_only_the_schedule_is_written(plan: Callable[..., int], problem: str, out: Path) -> None:
    assert plan(problem, out, "--no-calendars") == 0
    assert list(files_in(out)) == ["schedule.json"]


def test_json_is_one_object_with_the_schedule_and_its_proof(
    plan: Callable[..., int], problem: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(problem, out, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["interrupted"], data["conflict"]) == ("optimal", False, [])
    assert data["tiers"] == [{"tier": 1, "cost": 840, "bound": 840, "proven": True}]
    assert [price["cost"] for price in data["prices"]] == [360, 480]
    assert data["schedule"] == json.loads((out / "schedule.json").read_text(encoding="utf-8"))
    assert str(out / "schedule.json") in data["files"]


def test_an_infeasible_plan_names_the_conflict_and_leaves_older_files_as_they_were(
    plan: Callable[..., int], problem: str, impossible: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(problem, out) == 0
    before = files_in(out)
    capsys.readouterr()
    assert plan(impossible, out) == 1
    text = capsys.readouterr().out
    assert text.startswith("infeasible: no schedule in")
    assert "these cannot all hold:" in text
    assert "'b' (Closing) is pinned to Fri 17 Dec at 10:00." in text
    assert "Nothing was written." in text
    assert files_in(out) == before


def test_an_infeasible_plan_makes_no_folder(
    plan: Callable[..., int], impossible: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(impossible, out, "--json") == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["schedule"], data["files"]) == ("infeasible", None, [])
    assert any("'a' (Opening) is pinned to Fri 17 Dec at 10:00." in sentence for sentence in data["conflict"])
    assert not out.exists()


def test_a_plan_that_runs_out_of_effort_says_unknown(
    problem: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", problem, "--out", str(out), "--effort", "1e-9", "--seconds", "1e-9"]) == 1
    assert capsys.readouterr().out.startswith("unknown: no schedule in")


def test_an_interrupted_search_still_writes_its_best_and_says_so(
    plan: Callable[..., int],
    problem: str,
    out: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(problem: Problem, **options: Any) -> Result:
        return evolve(solve(problem, **options), interrupted=True, status=Status.FEASIBLE)

    monkeypatch.setattr("unsched.solver.solve.solve", interrupted)
    assert plan(problem, out) == 0
    text = capsys.readouterr().out
    assert "feasible: 2 sessions scheduled" in text
    assert "the search was interrupted: this is the best schedule so far" in text
    assert (out / "schedule.json").exists()


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "unsched: interrupted\n"),
        (DisagreementError(None, "they differ"), 3, "unsched: the sum of all rules: they differ."),
        (ZeroDivisionError("by \x1bzero"), 3, "ZeroDivisionError: by \\x1bzero"),
        (OSError("no \x1bplace"), 2, "unsched: no \\x1bplace\n"),
    ],
)
def test_each_failure_has_its_exit_code_and_is_said_on_stderr(
    plan: Callable[..., int],
    failure: BaseException,
    code: int,
    said: str,
    problem: str,
    out: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> Result:
        raise failure

    monkeypatch.setattr("unsched.solver.solve.solve", fail)
    assert plan(problem, out) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert ("Traceback" in captured.err) == isinstance(failure, ZeroDivisionError)


def test_a_file_that_cannot_be_replaced_is_one_line_on_stderr(
    plan: Callable[..., int], problem: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "schedule.json" / "inside").mkdir(parents=True)
    assert plan(problem, out) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith(f"unsched: {out / 'schedule.json'}: ")


@pytest.mark.parametrize("name", ["file", "file/below", "link/below"])
def test_a_folder_that_cannot_be_is_found_out_before_the_search(
    plan: Callable[..., int],
    name: str,
    problem: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    monkeypatch.delattr("unsched.solver.solve._Search.run")
    assert plan(problem, tmp_path / name) == 2
    assert "nothing can be written to" in capsys.readouterr().err


def test_a_plan_does_not_write_over_its_own_problem(
    plan: Callable[..., int],
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write("schedule.json", week())
    before = files_in(tmp_path)
    assert plan(file, tmp_path) == 2
    assert "would replace" in capsys.readouterr().err
    assert files_in(tmp_path) == before


def test_all_faults_of_a_problem_are_told_at_once_with_their_remedies(
    plan: Callable[..., int],
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    out: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write("bad.json", week(rules=[{"kind": "bfore"}], titel="x"))
    assert plan(file, out) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "2 faults in bad.json" in captured.err
    assert "Maybe 'before'." in captured.err
    assert "Maybe 'title'." in captured.err
    assert "Traceback" not in captured.err


def test_what_is_left_out_is_on_standby(
    plan: Callable[..., int],
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    out: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = week(rules=[])
    data["sessions"] += [
        {"id": "c", "title": "Side event", "minutes": 180, "optional": True, "priority": 2},
        {"id": "d", "title": "Caucus", "minutes": 120, "optional": True, "priority": 1},
    ]
    file = write("week.json", data)
    assert plan(file, out) == 0
    assert "\n\n1 session on standby:\n  priority 2  Side event [c]\n\noptimal:" in capsys.readouterr().out
    assert plan(file, out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["standby"] == ["c"]
