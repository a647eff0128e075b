"""The examples run, and show what they say."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

from unsched import load_changes
from unsched.palais import cstd_2010

if TYPE_CHECKING:
    import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def test_the_flooded_room_costs_three_sessions_and_is_proven_to(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "flooded_room.py"), run_name="__main__")
    said = capsys.readouterr().out
    assert said.startswith("optimal: 26 sessions scheduled")
    assert "  sessions at another time, weighted by notice: 2, the least possible\n" in said
    assert "3 sessions change: 1 at another time, 3 in another room:\n" in said
    assert "  of side-water: A minister of agriculture" in said


def test_the_file_of_changes_is_of_the_founding_case() -> None:
    changes = load_changes(EXAMPLES / "flood.toml")
    assert changes.problem == cstd_2010().id
    assert [one.kind for one in changes] == ["room-lost", "arrives-late"]
