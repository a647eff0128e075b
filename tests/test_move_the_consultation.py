"""The founding case as it lives: the example is run, and what everybody receives is held against the schedule."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from icalendar import Calendar

from unsched import Release, load_problem, load_publication
from unsched.calendar.lint import lint

EXAMPLE = Path(__file__).parent.parent / "examples" / "move_the_consultation.py"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("founding-case")


@pytest.fixture(scope="module")
def released(out: Path) -> tuple[Release, Release]:
    found: tuple[Release, Release] = runpy.run_path(str(EXAMPLE))["main"](str(out))
    return found


def test_each_delegation_is_told_of_its_own_changes_alone(released: tuple[Release, Release], out: Path) -> None:
    problem = load_problem(out / "problem.json")
    first, second = released
    invited = {
        name: {one.to for one in first.messages if one.session == name}
        for name in ("consultation-morning", "side-regional-forums")
    }
    told = Counter((one.to, one.session, one.method, one.sequence) for one in second.messages)
    moved = {(who, "consultation-morning", "REQUEST", 1) for who in invited["consultation-morning"]}
    cancelled = {(who, "side-regional-forums", "CANCEL", 1) for who in invited["side-regional-forums"]}
    assert told == Counter(moved | cancelled)
    assert "brazil" in invited["consultation-morning"] & invited["side-regional-forums"]
    assert "panel-chair" not in {who for who, *_ in told}
    assert {one.id for one in problem.delegations} <= {one.to for one in first.messages}


def test_each_has_its_own_files_and_they_pass_the_checker(released: tuple[Release, Release], out: Path) -> None:
    for number, release in enumerate(released, start=1):
        files = sorted((out / "messages" / f"{number:06}").rglob("*.ics"))
        assert len(files) == len(release.messages)
        for file in files[:: max(1, len(files) // 40)]:
            kind = "cancellation" if file.name.endswith(".cancel.ics") else "invitation"
            assert [str(one) for one in lint(file.read_bytes(), kind)] == []
    assert sorted(file.name for file in (out / "messages" / "000002" / "brazil").iterdir()) == [
        "consultation-morning.request.ics",
        "side-regional-forums.cancel.ics",
    ]


def test_the_feeds_show_it_moved_and_gone(released: tuple[Release, Release], out: Path) -> None:
    events = {
        str(one["SUMMARY"]): one for one in Calendar.from_ical((out / "delegations" / "brazil.ics").read_bytes()).events
    }
    assert events["Cancelled: Side event: National and regional forums"]["STATUS"] == "CANCELLED"
    moved = events["Open consultation of the Working Group: morning"]
    assert f"{moved.start:%H:%M}" == "10:30"
    assert moved["SEQUENCE"] == 1
    assert events["Open consultation of the Working Group: afternoon"]["SEQUENCE"] == 0
    assert released[1].publication == load_publication(out / "publication.json")


def test_the_example_runs_as_a_program(out: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(EXAMPLE), str(out / "again")], capture_output=True, encoding="utf-8", check=True
    )
    assert run.stdout.startswith("446 invitations to 45 invitees\n53 messages tell ")
