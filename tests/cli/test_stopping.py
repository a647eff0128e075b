from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from unsched import (
    Progress,
    Result,
    solve,
)
from unsched.cli import main

if TYPE_CHECKING:
    from unsched.domain.problem import Problem


@pytest.mark.parametrize(
    ("options", "seconds", "effort"),
    [
        ([], 60, float("inf")),
        (["--seconds", "5"], 5, float("inf")),
        (["--effort", "6"], float("inf"), 6),
        (["--seconds", "5", "--effort", "6"], 5, 6),
    ],
)
def test_limits_of_seconds_and_effort_reach_the_search(
    options: list[str], seconds: float, effort: float, problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def watched(problem: Problem, **options: Any) -> Result:
        seen.append(options["stop"])
        return solve(problem, **options)

    monkeypatch.setattr("unsched.solver.solve.solve", watched)
    assert main(["plan", problem, "--out", str(out), *options]) == 0
    assert (seen[0].seconds, seen[0].effort) == (seconds, effort)


@pytest.mark.parametrize("option", ["--seconds", "--effort"])
def test_a_limit_that_is_no_positive_number_is_bad_input(
    option: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for value in ("0", "-1", "nan", "inf"):
        assert main(["plan", problem, f"{option}={value}"]) == 2
        assert "is not a positive number of seconds" in capsys.readouterr().err


@pytest.mark.parametrize("seed", ["-1", "x", str(2**31)])
def test_a_seed_that_the_solver_cannot_take_is_bad_input(
    seed: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", problem, f"--seed={seed}"]) == 2
    assert "is not a whole number from 0 to 2147483647" in capsys.readouterr().err


class Terminal(io.StringIO):
    gone = False

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.gone:
            raise OSError(5, "Input/output error")
        return super().write(text)


def test_progress_is_shown_on_a_terminal(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    def watched(problem: Problem, **options: Any) -> Result:
        options["on_progress"](Progress(None, 0, 0, 0.5, 1))
        options["on_progress"](Progress(1, 9, 3, 12.25, 2))
        return solve(problem, **{**options, "on_progress": None})

    monkeypatch.setattr("unsched.solver.solve.solve", watched)
    assert plan(problem, out, "--plain") == 0
    assert terminal.getvalue().splitlines() == [
        "    0.5 s  a schedule that keeps every constraint",
        "   12.2 s  tier 1: cost 9, bound 3",
    ]


def test_the_solver_reports_its_progress_to_the_terminal(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert plan(problem, out, "--plain") == 0
    assert "tier 1: cost 840, bound " in terminal.getvalue()


def test_a_live_table_is_drawn_where_the_terminal_can_and_is_gone_in_the_end(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert plan(problem, out) == 0
    assert " schedule" in terminal.getvalue()
    assert "\x1b[?25l" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_without_rich_progress_is_plain_text(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert plan(problem, out) == 0
    assert "tier 1: cost 840, bound " in terminal.getvalue()
    assert "\x1b" not in terminal.getvalue()


def test_quiet_shows_no_progress(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert plan(problem, out, "--quiet") == 0
    assert terminal.getvalue() == ""


def test_a_terminal_that_has_gone_away_does_not_stop_the_search(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    terminal.gone = True
    monkeypatch.setattr(sys, "stderr", terminal)
    seen: list[Progress] = []

    def watched(problem: Problem, **options: Any) -> Result:
        options["on_progress"](Progress(1, 2, 3, 4.0, 5))
        seen.append(Progress(1, 2, 3, 4.0, 5))
        return solve(problem, **options)

    monkeypatch.setattr("unsched.solver.solve.solve", watched)
    assert plan(problem, out) == 0
    assert seen
