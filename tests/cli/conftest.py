from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, object], str]:
    """Write data as a JSON file of a name; returns its path."""

    def write(name: str, data: object) -> str:
        path = tmp_path / name
        path.write_text(json.dumps(data), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def week() -> Callable[..., dict[str, Any]]:
    """Return the data of a problem file of two sessions, and more."""

    def week(**more: object) -> dict[str, Any]:
        sessions = [{"id": "a", "title": "Opening", "minutes": 180}, {"id": "b", "title": "Closing", "minutes": 60}]
        return {
            "schema": "unsched/problem/1",
            "id": "week",
            "window": {"zone": "Europe/Zurich", "days": ["2010-12-17"]},
            "venue": {"rooms": [{"id": "I", "seats": {"table": 9, "side": 9}}]},
            "sessions": sessions,
            "rules": [{"kind": "end-early", "of": "each", "weight": 2}],
            **more,
        }

    return week


@pytest.fixture
def problem(week: Callable[..., dict[str, Any]], write: Callable[[str, object], str]) -> str:
    """A problem file with one best schedule."""
    return write("week.json", week())


@pytest.fixture
def impossible(week: Callable[..., dict[str, Any]], write: Callable[[str, object], str]) -> str:
    """A problem file without a schedule."""
    rules = [{"kind": "pin", "sessions": name, "start": "2010-12-17T10:00"} for name in ("a", "b")]
    return write("impossible.json", week(rules=rules))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "out"


@pytest.fixture
def plan() -> Callable[..., int]:
    """Run `unsched plan` so that it gives the same each time; returns the exit code."""

    def plan(problem: str, out: Path, *more: str) -> int:
        stamp = "2010-12-06T12:00:00+00:00"
        return main(["plan", problem, "--out", str(out), "--effort", "10", "--stamp", stamp, *more])

    return plan
