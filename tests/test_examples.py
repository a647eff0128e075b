"""The examples run, and show what they say."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

from programmes import xml_errors

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


def test_pretalx_is_read_repaired_and_written_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "pretalx_round_trip.py"))["main"](str(tmp_path / "out"))
    said = capsys.readouterr().out
    assert said.startswith("Harbour Days 2026: 9 sessions, 7 of them scheduled\n")
    assert "  sessions at another time: 1, the least possible\n" in said
    assert "3 sessions change: 2 added, 1 at another time:\n" in said
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["problem.json", "requests.json", "schedule.json", "schedule.xml"]
    assert xml_errors((tmp_path / "out" / "schedule.xml").read_bytes()) == []
    requests = json.loads((tmp_path / "out" / "requests.json").read_text(encoding="utf-8"))
    assert [one["method"] for one in requests] == ["PATCH", "PATCH", "PATCH", "POST"]


def test_the_file_of_changes_is_of_the_founding_case() -> None:
    changes = load_changes(EXAMPLES / "flood.toml")
    assert changes.problem == cstd_2010().id
    assert [one.kind for one in changes] == ["room-lost", "arrives-late"]
