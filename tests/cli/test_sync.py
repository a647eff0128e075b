from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from davserver import PASSWORD, USER, Radicale, radicale
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from unsched.cli import main
from unsched.commands.syncing import KINDS
from unsched.exchange.output import output_schema

pytest.importorskip("caldav", reason="the extra caldav is not installed")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Radicale]:
    monkeypatch.setenv("UNSCHED_CALDAV_USER", USER)
    monkeypatch.setenv("UNSCHED_CALDAV_PASSWORD", PASSWORD)
    with radicale(tmp_path / "server") as here:
        yield here


@pytest.fixture
def planned(problem: str, out: Path, plan: Callable[..., int]) -> Path:
    assert plan(problem, out) == 0
    return out


def test_kinds_are_those_of_the_library() -> None:
    from unsched.calendar.dav import sync

    assert sync.KINDS == KINDS


def test_what_would_be_done_is_shown_then_done_then_nothing_is(
    planned: Path, server: Radicale, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["sync", server.url, "--from", str(planned), "--feeds", "rooms", "--feeds", "programme"]
    capsys.readouterr()
    assert main([*command, "--dry-run"]) == 0
    assert "rooms/I.ics: to make" in capsys.readouterr().out
    assert server.writes == []
    assert main(command) == 0
    assert "2 made" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"schema": "unsched/sync/1", "url": server.url, "unchanged": 4, "steps": []}
    Draft202012Validator(output_schema()).validate(found)
    assert (planned / "caldav.json").is_file()


def test_a_conflict_is_shown_with_what_resolves_it_and_the_exit_code_says_so(
    planned: Path, server: Radicale, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["sync", server.url, "--from", str(planned), "--feeds", "rooms"]
    assert main(command) == 0
    (place,) = {
        path for method, path, _ in server.asked if method == "PUT" and b"Opening" in server.ask("GET", path)[1]
    }
    data = server.ask("GET", place)[1]
    server.ask("PUT", place, data.replace(b"Opening", b"Closing"))
    capsys.readouterr()
    assert main(command) == 1
    shown = capsys.readouterr().out
    assert "somebody else has changed it" in shown
    uid = shown.partition("[")[2].partition("]")[0]
    assert main([*command, "--take-ours", uid]) == 0
    assert b"Opening" in server.ask("GET", place)[1]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["https://u:secret@dav.example.org/"], "password in it"),
        (["http://dav.example.org/"], "in the clear"),
        (["http://127.0.0.1:9/", "--timeout", "0"], "timeout"),
        (["http://127.0.0.1:9/", "--from", "nowhere"], "no feed"),
    ],
)
def test_what_is_wrong_is_bad_input_and_no_secret_is_printed(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sync", *arguments]) == 2
    shown = capsys.readouterr().err
    assert why in shown
    assert "secret" not in shown


def test_a_bad_password_and_a_server_that_is_not_there_are_said_in_a_line(
    planned: Path, server: Radicale, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNSCHED_CALDAV_PASSWORD", "wrong-but-secret")
    for url in (server.url, "http://127.0.0.1:9/office/"):
        capsys.readouterr()
        assert main(["sync", url, "--from", str(planned)]) == 2
        shown = capsys.readouterr().err
        assert "PROPFIND" in shown
        assert "Traceback" not in shown
        assert "wrong-but-secret" not in shown


def test_a_file_that_is_no_feed_of_ours_is_refused_before_anything_is_sent(
    planned: Path, server: Radicale, capsys: pytest.CaptureFixture[str]
) -> None:
    (planned / "rooms" / "other.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert main(["sync", server.url, "--from", str(planned)]) == 2
    assert "rooms/other.ics" in capsys.readouterr().err
    assert server.asked == []


# -- planning around calendars of others ------------------------------------------------------------------------------

EVENT = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20101217T090000Z\r\nDTEND:20101217T120000Z\r\n"
    "END:VEVENT\r\n{more}END:VCALENDAR\r\n"
)


def test_a_plan_goes_around_the_busy_times_of_a_room(
    problem: str, out: Path, tmp_path: Path, plan: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "i.ics"
    broken = "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:whenever\r\nEND:VEVENT\r\n"
    file.write_bytes(EVENT.format(more=broken).encode())
    # Four hours of sessions, and only three are left.
    assert plan(problem, out, "--busy", f"room:I={file}") == 1
    assert "Left out" in (shown := capsys.readouterr().out)
    assert "i.ics, line 7, VEVENT" in shown
    file.write_bytes(EVENT.format(more="").replace("T120000Z", "T091500Z").encode())
    assert plan(problem, out, "--busy", f"I={file}") == 0
    data = json.loads((out / "schedule.json").read_text())
    assert "2010-12-17T10:00" not in json.dumps(data["bookings"])


def test_a_calendar_on_a_server_counts_as_well(
    problem: str, out: Path, plan: Callable[..., int], server: Radicale
) -> None:
    assert server.ask("MKCALENDAR", f"/{USER}/i/")[0] == 201
    assert server.ask("PUT", f"/{USER}/i/1.ics", EVENT.format(more="").encode())[0] == 201
    assert plan(problem, out, "--busy", f"room:I={server.url}i/") == 1
    assert plan(problem, out, "--busy", f"room:I={server.url}nowhere/") == 2


@pytest.mark.parametrize("option", ["room:I", "=a.ics", "room:II=a.ics", "I=http://dav.example.org/"])
def test_an_option_that_names_nobody_or_nothing_is_bad_input(
    option: str, problem: str, out: Path, plan: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(problem, out, "--busy", option) == 2
    assert "fault" in capsys.readouterr().err
