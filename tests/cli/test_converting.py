from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from programmes import day, document, encoded, event, json_errors, xml, xml_errors

from unsched import load_problem, load_schedule
from unsched.cli import main

EXPORT = Path(__file__).resolve().parents[2] / "examples" / "pretalx.json"
DEMO = document(
    day(1, "2024-02-03", {"Janson": [event(1, "2024-02-03T10:00:00+01:00"), event(2, "2024-02-03T10:30:00+01:00")]})
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a schedule.xml, a schedule.json and what pretalx says."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schedule.xml").write_bytes(xml(DEMO))
    (tmp_path / "schedule.json").write_bytes(encoded(DEMO))
    shutil.copy(EXPORT, tmp_path / "pretalx.json")


def run(*arguments: str) -> int:
    return main(list(arguments))


def test_import_writes_the_problem_and_what_was_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "schedule.xml") == 0
    said = capsys.readouterr().out
    assert said.startswith("demo: 2 sessions, of which 2 are scheduled; 1 rooms, 2 persons; Europe/Brussels time\n")
    assert said.endswith("Written:\n  problem.json\n  published.json\n")
    problem, schedule = load_problem("problem.json"), load_schedule("published.json")
    assert problem.published == schedule
    assert run("check", "problem.json", "published.json") == 0


@pytest.mark.parametrize(
    ("file", "tool"), [("schedule.json", "frab"), ("schedule.xml", "frab"), ("pretalx.json", "pretalx")]
)
def test_the_content_says_which_tool_it_is_of(file: str, tool: str) -> None:
    assert run("import", file, "--out", "guessed.json") == 0
    assert run("import", file, "--from", tool, "--out", "told.json") == 0
    assert Path("guessed.json").read_bytes() == Path("told.json").read_bytes()


def test_what_could_be_of_any_tool_has_to_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("what.json").write_text('{"talks": [], "schedule": {}}', encoding="utf-8")
    Path("else.json").write_text("{}", encoding="utf-8")
    assert run("import", "what.json") == 2
    assert "it could be of frab and pretalx" in capsys.readouterr().err
    assert run("import", "else.json") == 2
    assert "it is of none of the tools that are known" in capsys.readouterr().err
    assert not Path("problem.json").exists()


def test_import_for_machines_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "pretalx.json", "--json", "--keep", "day") == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (said["id"], said["sessions"], said["scheduled"]) == ("harbour-2026", 9, 7)
    assert {"place": "submissions", "message": "1 that are 'rejected' are left out"} in said["notes"]


def test_a_file_that_is_read_is_never_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("schedule.json").read_bytes()
    assert run("import", "schedule.json", "--out", "schedule.json") == 2
    assert run("import", "schedule.xml", "--out", "one.json", "--schedule", "./one.json") == 2
    assert run("import", "schedule.xml") == 0
    for read in ("problem.json", "published.json", "schedule.json"):
        arguments = ("problem.json", "published.json", "--to", "frab-json", "--over", "schedule.json", "--out", read)
        assert run("export", *arguments) == 2
    assert "would replace" in capsys.readouterr().err
    assert Path("schedule.json").read_bytes() == before


def test_export_writes_valid_documents() -> None:
    assert run("import", "schedule.xml") == 0
    for form, check in (("frab-xml", xml_errors), ("frab-json", json_errors)):
        for over in ((), ("--over", "schedule.xml")):
            assert run("export", "problem.json", "published.json", "--to", form, *over, "--out", "new") == 0
            assert check(Path("new").read_bytes()) == []
    assert run("export", "problem.json", "published.json", "--to", "frab-json-2", "--out", "new") == 0
    assert json_errors(Path("new").read_bytes(), 2) == []


def test_export_as_it_is_changes_nothing_where_nothing_moved(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "schedule.json") == 0
    arguments = ("problem.json", "published.json", "--over", "schedule.json", "--as-is", "--out", "new.json")
    assert run("export", *arguments, "--to", "frab-json") == 0
    assert json.loads(Path("new.json").read_text(encoding="utf-8")) == DEMO
    capsys.readouterr()
    assert run("export", *arguments, "--to", "frab-xml") == 2
    assert "it is of the form 'json', and stays so" in capsys.readouterr().err


def test_export_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "pretalx.json") == 0
    capsys.readouterr()
    for more, said in (
        (("--to", "pretalx"), "$.over: nothing says which document is to be changed"),
        (("--to", "indico-json"), "$.over: nothing says which document is to be changed"),
        (("--to", "indico-csv", "--as-is", "--over", "pretalx.json"), "$.as-is: 'indico-csv' has no schema"),
        (("--to", "frab-xml", "--release", "2"), "$.release: only pretalx has releases"),
    ):
        assert run("export", "problem.json", "published.json", *more, "--out", "new") == 2
        assert said in capsys.readouterr().err
    assert not Path("new").exists()


def test_export_to_pretalx_and_indico(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "pretalx.json") == 0
    arguments = ("export", "problem.json", "published.json", "--out", "new", "--json")
    assert run(*arguments, "--to", "pretalx", "--over", "pretalx.json", "--release", "2") == 0
    (release,) = json.loads(Path("new").read_text(encoding="utf-8"))
    assert release["data"] == {"version": "2"}
    assert run(*arguments, "--to", "indico-csv") == 0
    assert Path("new").read_text(encoding="utf-8").startswith("2026-06-11T09:30,60,Who owns the shore?,Inês,Amaral,,")
    capsys.readouterr()


def test_what_was_imported_is_planned_around_the_calendars_of_rooms_and_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def calendar(name: str, start: str, end: str) -> None:
        lines = (
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "UID:1",
            f"DTSTART:{start}",
            f"DTEND:{end}",
            "END:VEVENT",
            "END:VCALENDAR",
        )
        Path(name).write_text("\r\n".join((*lines, "")), encoding="utf-8")

    calendar("hall.ics", "20260611T080000Z", "20260611T160000Z")  # all day in Lisbon
    calendar("amaral.ics", "20260612T080000Z", "20260612T110000Z")
    assert run("import", "pretalx.json") == 0
    busy = ("--busy", "room:Main hall=hall.ics", "--busy", "person:AMARAL=amaral.ics")
    arguments = (
        "plan",
        "problem.json",
        "--out",
        "week",
        "--effort",
        "20",
        "--stamp",
        "2026-06-01T00:00:00Z",
        "--quiet",
    )
    assert run(*arguments, "--no-calendars", *busy) == 0
    schedule = load_schedule("week/schedule.json")
    assert len(schedule) == 9
    assert not [one for one in schedule if one.room == "Main hall" and one.start.day == 11]
    keynote = schedule["KEYONE"]
    assert keynote.start.day == 11 or keynote.start.hour >= 12
    capsys.readouterr()


def test_a_room_whose_name_has_an_equals_sign_can_be_busy(
    write: Callable[[str, object], str], capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = {
        "E=mc2": [event(1, "2024-02-03T10:00:00+01:00")],
        "B": [event(2, "2024-02-03T10:00:00+01:00"), event(3, "2024-02-03T11:00:00+01:00")],
    }
    write("odd.json", document(day(1, "2024-02-03", rooms)))
    Path("a=b.ics").write_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20240203T090000Z\r\nDTEND:20240203T093000Z\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n",
        encoding="utf-8",
    )
    assert run("import", "odd.json") == 0
    arguments = ("--effort", "5", "--quiet", "--no-calendars", "--busy", "room:E=mc2=a=b.ics")
    assert run("plan", "problem.json", "--out", "o", *arguments) == 0
    assert load_schedule("o/schedule.json")["1"].room == "B"
    capsys.readouterr()
