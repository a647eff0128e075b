from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from unsched import (
    load_problem,
    load_schedule,
)
from unsched.cli import main
from unsched.palais import cstd_2010


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "unsched", "demo", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return out, done


def test_the_demo_prints_an_optimal_timetable_its_prices_and_assumptions(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, done = demo
    assert (done.returncode, done.stderr) == (0, "")
    places = [
        done.stdout.index(text)
        for text in (
            "Friday 17 December 2010",
            "optimal: 26 sessions scheduled in",
            "tier 1: cost",
            "Every constraint holds.",
            "Prices paid in tier 1",
            "Assumed: room XXVI: seats.table",
            f"Written to {out}",
        )
    ]
    assert places == sorted(places)
    assert "10:00-13:00  XXVI  Open consultation" in done.stdout


def test_the_demo_writes_problem_schedule_programme_and_a_calendar_for_each_delegation_and_room(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, _ = demo
    problem, schedule = load_problem(out / "problem.json"), load_schedule(out / "schedule.json")
    assert problem == cstd_2010()
    assert schedule.stamp == datetime(2010, 12, 6, 12, tzinfo=UTC)
    assert not any(breach.hard for breach in schedule.breaches(problem))
    assert len(list((out / "delegations").glob("*.ics"))) == len(problem.delegations)
    assert len(list((out / "rooms").glob("*.ics"))) == len(problem.rooms)
    assert b"DTSTAMP:20101206T120000Z" in (out / "programme.ics").read_bytes()


def test_the_demo_writes_the_same_bytes_each_time(
    demo: tuple[Path, subprocess.CompletedProcess[str]], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, done = demo
    assert main(["demo", "--out", str(out), "--quiet"]) == 0
    assert files_in(out) == files_in(first)
    assert capsys.readouterr().out.split("\n\noptimal")[0] == done.stdout.split("\n\noptimal")[0]


def test_a_demo_without_time_finds_nothing_and_says_so(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(out), "--seconds", "1e-6", "--workers", "1"]) == 1
    assert capsys.readouterr().out.startswith("unknown: no schedule in")
    assert not out.exists()
