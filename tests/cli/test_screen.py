from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main


class Terminal(io.TextIOWrapper):
    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


@pytest.fixture
def schedule(plan: Callable[..., int], problem: str, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    plan(problem, out)
    capsys.readouterr()
    return str(out / "schedule.json")


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command on a terminal of 90 columns; returns what that is sent."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "90")

    def run(*arguments: str, encoding: str = "utf-8", is_one: bool = True) -> str:
        terminal = Terminal(encoding)
        with monkeypatch.context() as patched:
            patched.setattr(terminal, "isatty", lambda: is_one)
            patched.setattr(sys, "stdout", terminal)
            assert main(list(arguments)) == 0
        return terminal.shown()

    return run


def test_a_terminal_is_shown_a_timetable_in_the_colours_of_bodies(
    on_terminal: Callable[..., str],
    schedule: str,
    week: Callable[..., dict[str, Any]],
    write: Callable[[str, object], str],
) -> None:
    facts = week()
    facts["sessions"][0]["body"] = "CSTD"
    text = on_terminal("show", schedule, "--problem", write("week.json", facts))
    assert "\x1b[38;" in text
    assert "\N{LEFT HALF BLOCK}" in text


def test_no_color_leaves_colours_out_and_nothing_else(
    on_terminal: Callable[..., str], schedule: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = on_terminal("show", schedule, "--problem", problem)
    assert "38;" not in text
    assert "10:00-13:00" in text


@pytest.mark.parametrize("how", ["plain", "dumb", "no rich", "ascii", "no terminal"])
def test_plain_text_is_what_it_was(
    how: str, on_terminal: Callable[..., str], schedule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    if how == "no rich":
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    plain = ["--plain"] if how == "plain" else []
    encoding = "ascii" if how == "ascii" else "utf-8"
    text = on_terminal("show", schedule, *plain, encoding=encoding, is_one=how != "no terminal")
    head = "week: 2 sessions, Europe/Zurich time\n\nFriday 17 December 2010\n  10:00-13:00  I  Opening [a]"
    assert text.startswith(head)
    assert "\x1b" not in text


def test_json_is_json_on_a_terminal_too(on_terminal: Callable[..., str], schedule: str) -> None:
    assert on_terminal("show", schedule, "--json").startswith("{\n")


def test_a_plan_on_a_terminal_says_all_that_plain_text_says(
    on_terminal: Callable[..., str], problem: str, tmp_path: Path
) -> None:
    text = on_terminal("plan", problem, "--out", str(tmp_path / "again"), "--effort", "10")
    for words in ("Opening", "optimal: 2 sessions", "Every constraint holds.", "360 for end-early", "Written to"):
        assert words in text


def test_a_repair_on_a_terminal_says_what_changes_before_the_timetable(
    on_terminal: Callable[..., str], problem: str, schedule: str, tmp_path: Path
) -> None:
    late = "session-moved session=b start=2010-12-17T16:00"
    out = str(tmp_path / "again")
    text = on_terminal("repair", problem, schedule, "--change", late, "--out", out, "--effort", "10")
    assert text.index("1 session changes") < text.index("\x1b[1mFriday 17 December 2010") < text.index("Written to")
