"""Whoever is killed while publishing or sending, at whatever step, loses nothing and repeats nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from attrs import evolve

from unsched import Booking, Delegation, Problem, Schedule, save

DRIVER = Path(__file__).with_name("killed.py")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be killed at a step is forked")


@pytest.fixture
def folder(problem: Problem, schedule: Schedule, tmp_path: Path) -> Path:
    """A problem and two of its schedules: one moves a session, cancels one and adds one; somebody's address changes."""
    mails = {"CH": "ch@example.org", "EG": "eg@example.org", "IR": "ir@example.org"}
    delegations = [evolve(one, mail=mails.get(one.id)) for one in problem.delegations]
    first = evolve(problem, delegations=delegations)
    new = [evolve(one, mail="new@example.org") if one.id == "EG" else one for one in delegations]
    assert all(isinstance(one, Delegation) for one in new)
    save(first, tmp_path / "problem-1.json")
    save(evolve(first, delegations=new), tmp_path / "problem-2.json")
    save(schedule, tmp_path / "schedule-1.json")
    bookings = [one for one in schedule if one.session != "coordination"]
    moved = [evolve(one, room="IX") if one.session == "drafting" else one for one in bookings]
    added = Booking("briefing", "XII", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00")
    save(evolve(schedule, bookings=[*moved, added]), tmp_path / "schedule-2.json")
    return tmp_path


def test_whoever_is_killed_at_any_step_loses_nothing_and_repeats_at_most_the_mail_in_flight(folder: Path) -> None:
    run = subprocess.run([sys.executable, str(DRIVER), str(folder)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    wanted = found["calm"]["log"]
    assert len(wanted) == len(set(wanted)) == 8
    for revision in ("1", "2"):
        steps = [name for name, _ in found["killed"][revision]]
        assert {"open", "os.mkdir", "os.rename", "os.remove", "os.fsync"} <= set(steps)
        assert len(steps) > 40
    for revision, runs in found["killed"].items():
        for number, (step, after) in enumerate(runs):
            where = f"revision {revision}, step {number} ({step})"
            # The order of the mails, too: nobody learns of a change before the invitation.
            assert list(dict.fromkeys(after["log"])) == wanted, where
            twice = {key: times for key, times in Counter(after["log"]).items() if times > 1}
            assert not twice or (step == "os.fsync" and list(twice.values()) == [2]), where
            assert after["messages"] == found["calm"]["messages"], where
            assert after["states"] == found["calm"]["states"], where
            assert after["left"] == found["calm"]["left"], where
            assert after["entries"] == found["calm"]["entries"], where
