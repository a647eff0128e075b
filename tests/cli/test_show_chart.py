from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main


@pytest.fixture
def facts(week: Callable[..., dict[str, Any]], write: Callable[[str, object], str]) -> str:
    data = week(delegations=[{"id": "egypt"}])
    data["sessions"][0] |= {"required": ["egypt"], "body": "$CSTD$"}
    return write("week.json", data)


@pytest.fixture
def schedule(plan: Callable[..., int], facts: str, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    plan(facts, out)
    capsys.readouterr()
    return str(out / "schedule.json")


@pytest.mark.parametrize("chart", ["rooms", "delegation=egypt", "interpreters", "cost"])
def test_a_chart_is_written_the_same_each_time(
    chart: str, facts: str, schedule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("a.png", "b.png")]
    for file in files:
        assert main(["show", schedule, "--problem", facts, "--png", str(file), "--chart", chart]) == 0
    assert capsys.readouterr().out.splitlines() == [f"Written: {file}" for file in files]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().startswith(b"\x89PNG")


def test_rooms_need_no_problem_and_an_svg_is_written_by_its_name(
    schedule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rooms.svg"
    assert main(["show", schedule, "--png", str(file), "--day", "2010-12-17", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == [str(file)]
    assert b"<svg" in file.read_bytes()


def test_a_problem_with_a_published_schedule_is_enough(
    facts: str, schedule: str, write: Callable[[str, object], str], tmp_path: Path
) -> None:
    data = json.loads(Path(facts).read_text(encoding="utf-8"))
    published = json.loads(Path(schedule).read_text(encoding="utf-8"))
    del published["schema"]
    file = write("published.json", {**data, "published": published})
    assert main(["show", file, "--png", str(tmp_path / "a.png"), "--chart", "cost"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--chart", "rooms"], "$.chart: --chart says what to draw, and nothing is drawn"),
        (["--day", "2010-12-17"], "$.day: --day says what to draw, and nothing is drawn"),
        (["--png", "x.exe"], "$.png: 'x.exe' is no name of a chart"),
        (["--png", "x.png", "--chart", "cost"], "$.problem: the chart 'cost' needs the problem"),
        (["--png", "x.png", "--chart", "room"], "$.chart: 'room' is no chart\n    Maybe 'rooms'."),
        (["--png", "x.png", "--chart", "delegation"], "$.chart: 'delegation' is no chart\n    Maybe delegation=egypt."),
        (["--png", "x.png", "--day", "Friday"], "'Friday' is not a date"),
    ],
)
def test_what_cannot_be_drawn_is_bad_input(
    arguments: list[str],
    said: str,
    schedule: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["show", schedule, *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("x.*"))


def test_who_is_not_there_has_no_chart(
    facts: str, schedule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "a.png")
    assert main(["show", schedule, "--problem", facts, "--png", file, "--chart", "delegation=egpyt"]) == 2
    assert "there is no delegation or person 'egpyt'\n    Maybe 'egypt'." in capsys.readouterr().err


def test_a_problem_alone_has_no_schedule_to_draw_and_takes_no_other_problem(
    facts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", facts, "--png", str(tmp_path / "a.png")]) == 2
    assert "has no schedule to draw" in capsys.readouterr().err
    assert main(["show", facts, "--problem", facts]) == 2
    assert "is a problem already" in capsys.readouterr().err


def test_the_problem_of_another_schedule_is_bad_input(
    schedule: str,
    week: Callable[..., dict[str, Any]],
    write: Callable[[str, object], str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", schedule, "--problem", write("other.json", week(id="other"))]) == 2
    assert "the schedule is of problem 'week', not of 'other'" in capsys.readouterr().err
