from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main

Write = Callable[[str, object], str]
Week = Callable[..., dict[str, Any]]


@pytest.fixture
def two_rooms(write: Write, week: Week) -> str:
    rooms = [{"id": name, "seats": {"table": 9, "side": 9}} for name in ("I", "II")]
    people = {"delegations": [{"id": "egypt", "name": "Egypt"}], "persons": [{"id": "chair"}]}
    sessions = [
        {"id": "a", "title": "Opening", "minutes": 180, "required": ["egypt"]},
        {"id": "b", "title": "Closing", "minutes": 60, "chair": "chair"},
    ]
    return write("week.json", week(venue={"rooms": rooms}, sessions=sessions, **people))


@pytest.fixture
def published(write: Write) -> str:
    bookings = [
        {"session": "a", "room": "I", "start": "2010-12-17T10:00+01:00", "end": "2010-12-17T13:00+01:00"},
        {"session": "b", "room": "I", "start": "2010-12-17T15:00+01:00", "end": "2010-12-17T16:00+01:00"},
    ]
    data = {"schema": "unsched/schedule/1", "problem": "week", "zone": "Europe/Zurich", "bookings": bookings}
    return write("published.json", data)


STAMP = ("--effort", "10", "--stamp", "2010-12-10T12:00:00+00:00")


def test_a_lost_room_costs_as_little_as_can_be(
    two_rooms: str, published: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(published).read_bytes()
    lost = "room-lost room=I start=10:00 end=13:00"
    assert main(["repair", two_rooms, published, "--change", lost, "--out", str(out), *STAMP]) == 0
    said = capsys.readouterr().out
    assert "1 session changes: 1 in another room:\n" in said
    assert "Delegations to tell (1):\n  of a: Egypt\n" in said
    assert f"Written to {out}:" in said
    assert Path(published).read_bytes() == before
    schedule = json.loads((out / "schedule.json").read_text())
    assert schedule["revision"] == 1
    assert [(one["session"], one["room"], one["start"]) for one in schedule["bookings"]] == [
        ("a", "II", "2010-12-17T10:00:00+01:00"),
        ("b", "I", "2010-12-17T15:00:00+01:00"),
    ]
    assert json.loads((out / "problem.json").read_text())["venue"]["rooms"][0]["closed"]
    assert (out / "delegations").is_dir()
    assert main(["check", str(out / "problem.json"), str(out / "schedule.json")]) == 0


def test_what_it_found_can_be_had_as_json(
    two_rooms: str, published: str, out: Path, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    changes = write("changes.json", {"schema": "unsched/changes/1", "changes": [{"kind": "room-lost", "room": "II"}]})
    more = ["--changes", changes, "--change", "room-lost room=I start=14:00 end=18:00", "--no-calendars", "--json"]
    assert main(["repair", two_rooms, published, *more, "--out", str(out), *STAMP]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["dropped"], data["taken_up"]) == ("optimal", data["dropped"], [])
    assert len(data["dropped"]) == 1
    assert data["tiers"][0] == {
        "tier": 1,
        "counts": "sessions of priority 0 dropped",
        "cost": 1,
        "bound": 1,
        "proven": True,
    }
    assert data["conflict"]
    assert [one["what"] for one in data["diff"]["changes"]][-1] == "dropped"
    assert sorted(data["files"]) == [str(out / "problem.json"), str(out / "schedule.json")]


def test_what_if_writes_nothing(two_rooms: str, published: str, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--change", "room-lost room=I", "--what-if", "--now", "2010-12-17T11:00", "--freeze", "60"]
    assert main(["repair", two_rooms, published, *more, "--out", str(out), *STAMP]) == 0
    said = capsys.readouterr().out
    assert "rules that what has begun breaks: 1, the least possible" in said
    assert said.rstrip().endswith("Nothing was written.")
    assert not out.exists()


def test_what_is_read_is_never_overwritten(
    two_rooms: str, published: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, source in (("schedule.json", published), ("problem.json", two_rooms)):
        folder = tmp_path / name.removesuffix(".json")
        folder.mkdir()
        moved = Path(source).rename(folder / name)
        files = [str(moved) if one == source else one for one in (two_rooms, published)]
        before = moved.read_bytes()
        assert main(["repair", *files, "--out", str(folder), *STAMP]) == 2
        assert "would replace" in capsys.readouterr().err
        assert moved.read_bytes() == before
        moved.rename(source)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        (["--change", "room-lost room=X", "--change", "session-dropped session=z"], "$.changes[1].session"),
        (["--change", "room-lots", "--change", "absent"], "$.change[1].who: it is missing"),
        (["--now", "noon"], "$.now: 'noon' is not a date and time"),
        (["--freeze", "60"], "$.now: from when on it is frozen cannot be said without it"),
        (["--least", "people,rums"], "'rums' cannot be kept small"),
        (["--changes", "none.toml"], "there is no such file"),
    ],
)
def test_bad_input_is_said_with_its_place(
    two_rooms: str, published: str, out: Path, capsys: pytest.CaptureFixture[str], more: list[str], verdict: str
) -> None:
    assert main(["repair", two_rooms, published, *more, "--out", str(out), *STAMP]) == 2
    assert verdict in capsys.readouterr().err
    assert not out.exists()


def test_files_of_changes_of_several_problems_do_not_go_together(
    two_rooms: str, published: str, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    files = [
        write(f"of-{name}.json", {"schema": "unsched/changes/1", "problem": name, "changes": []})
        for name in ("week", "q")
    ]
    assert main(["repair", two_rooms, published, "--changes", files[0], "--changes", files[1]]) == 2
    assert "the files are of several problems: 'week', 'q'" in capsys.readouterr().err
    assert main(["repair", two_rooms, published, "--changes", files[1]]) == 2
    assert "these are changes of problem 'q', not of 'week'" in capsys.readouterr().err


def test_two_schedules_are_compared(
    two_rooms: str, published: str, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    data = json.loads(Path(published).read_text())
    data["bookings"] = [{**data["bookings"][1], "room": "II"}]
    later = write("later.json", data)
    assert main(["diff", published, later]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2 sessions change: 1 dropped, 1 in another room:")
    assert "to tell" not in said
    assert main(["diff", published, later, "--problem", two_rooms, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["told"]
    assert [(one["who"], one["sessions"]) for one in told] == [("egypt", ["a"]), ("chair", ["b"])]
    assert main(["diff", published, published, "--problem", two_rooms, "--earlier", two_rooms]) == 0
    assert capsys.readouterr().out == "Nothing has changed.\n"
    data["problem"] = "other"
    assert main(["diff", published, write("other.json", data)]) == 2
    assert "one is of problem 'week', the other of 'other'" in capsys.readouterr().err
