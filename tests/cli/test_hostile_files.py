from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unsched.cli import main

if TYPE_CHECKING:
    import pytest


HOSTILE = "Plenary\r\n\x1b]0;owned\x07\x9b2J\u202e"


def printable(text: str) -> bool:
    return all(char.isprintable() for line in text.split("\n") for char in line)


def test_hostile_names_send_nothing_to_the_terminal_and_stay_inside_the_folder(
    plan: Callable[..., int],
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    tmp_path: Path,
    out: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "../../$(reboot)<b>"
    sessions = [{"id": name, "title": HOSTILE, "minutes": 60, "required": ["../d"]}]
    rooms = [{"id": "/etc/x", "seats": {"table": 9}}]
    file = write(
        "hostile.json",
        week(
            sessions=sessions,
            venue={"rooms": rooms, "name": HOSTILE},
            delegations=[{"id": "../d"}],
            title=HOSTILE,
            assumptions=[{"why": HOSTILE}],
            off=["seats-enough"],
        ),
    )
    assert plan(file, out) == 0
    assert {path.parts[0] for path in tmp_path.rglob("*.ics") for path in [path.relative_to(tmp_path)]} == {"out"}
    for arguments in (
        ["show", file],
        ["show", str(out / "schedule.json")],
        ["check", file, str(out / "schedule.json")],
    ):
        assert main(arguments) == 0
    text = capsys.readouterr().out
    assert printable(text)
    assert "Plenary  \\x1b]0;owned\\x07\\x9b2J\\u202e" in text


def test_hostile_names_in_faults_send_nothing_to_the_terminal(
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write("h\x9b.json", week(rules=[{"kind": HOSTILE}], **{"\x1b[2J": 1}))
    assert main(["show", file]) == 2
    assert printable(capsys.readouterr().err)
