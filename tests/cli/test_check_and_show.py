from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main


def test_a_good_schedule_passes_the_check_and_shows_its_prices(
    plan: Callable[..., int], problem: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan(problem, out)
    capsys.readouterr()
    assert main(["check", problem, str(out / "schedule.json")]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Every constraint holds.\n\nPrices paid in tier 1, 840 in all:\n")


def test_a_schedule_that_breaks_a_constraint_fails_the_check(
    write: Callable[[str, object], str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bookings = [
        {"session": "a", "room": "I", "start": "2010-12-17T10:00+01:00", "end": "2010-12-17T13:00+01:00"},
        {"session": "b", "room": "I", "start": "2010-12-17T12:00+01:00", "end": "2010-12-17T13:00+01:00"},
    ]
    schedule = {"schema": "unsched/schedule/1", "problem": "week", "zone": "Europe/Zurich", "bookings": bookings}
    assert main(["check", problem, write("bad.json", schedule)]) == 1
    text = capsys.readouterr().out
    assert text.startswith("1 breach of constraints:\n  'a' and 'b' share room 'I'")
    assert "[one-session-per-room]" in text


def test_the_schedule_of_another_problem_is_bad_input(
    write: Callable[[str, object], str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schedule = write("s.json", {"schema": "unsched/schedule/1", "problem": "year", "zone": "UTC"})
    assert main(["check", problem, schedule]) == 2
    assert "the schedule is of problem 'year', and the problem is 'week'" in capsys.readouterr().err


def test_a_schedule_that_books_an_unknown_room_is_bad_input(
    write: Callable[[str, object], str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    booking = {"session": "a", "room": "II", "start": "2010-12-17T10:00+01:00", "end": "2010-12-17T13:00+01:00"}
    schedule = {"schema": "unsched/schedule/1", "problem": "week", "zone": "UTC", "bookings": [booking]}
    assert main(["check", problem, write("s.json", schedule)]) == 2
    assert "has no room 'II'" in capsys.readouterr().err


def test_show_tells_a_problem_from_a_schedule_and_shows_what_both_assume(
    plan: Callable[..., int],
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    out: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write("week.json", week(assumptions=[{"why": "The bells ring."}]))
    plan(file, out)
    capsys.readouterr()
    assert main(["show", file]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("week\n  1 day, 2010-12-17, Europe/Zurich time")
    assert shown.endswith("\nAssumed: The bells ring.\n")
    assert main(["show", str(out / "schedule.json")]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("week: 2 sessions, Europe/Zurich time\n")
    assert shown.endswith("\nAssumed: The bells ring.\n")


@pytest.mark.parametrize("tag", [{"schema": "unsched/schedule/9"}, {"schema": 1}, {}])
def test_a_file_that_is_neither_is_bad_input(
    write: Callable[[str, object], str], tag: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", write("x.json", tag)]) == 2
    error = capsys.readouterr().err
    assert "$.schema: 'schema' says neither that it is a problem nor that it is a schedule" in error
    assert "Maybe 'unsched/problem/1' or 'unsched/schedule/1'." in error


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"schema": "unsched/problem/1", "id": "x"}, "$.window: it is missing"),
        ({"schema": "unsched/schedule/1", "problem": "x"}, "$.zone: it is missing"),
    ],
)
def test_a_faulty_file_is_told_the_faults_of_what_it_is(
    write: Callable[[str, object], str],
    data: dict[str, str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", write("x.json", data)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["show", str(tmp_path / "none.json")]) == 2
    assert "there is no such file" in capsys.readouterr().err
