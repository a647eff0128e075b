from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def measured(*arguments: str, **environment: str) -> dict[str, Any]:
    """Run the benchmark in a fresh process."""
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.calendars", *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_the_calendars_of_two_hundred_sessions_and_sixty_delegations_are_measured() -> None:
    found = measured()
    assert found["files"] > 300
    assert found["messages"] > 3000
    # How long and how large is for the benchmark to say: here, other tests run beside it.
    assert 0 < found["seconds_of_messages"] < found["seconds"]
    assert found["peak_mb"] > 0


def test_all_files_are_the_same_whatever_the_hash_seed_the_zone_and_the_locale() -> None:
    size = ("--sessions", "40", "--delegations", "12", "--digest")
    one = measured(*size, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    other = measured(*size, PYTHONHASHSEED="77", TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8", PYTHONUTF8="0")
    assert one == other
    assert {
        "programme.ics",
        "busy/rooms/R0.ics",
        "interpreters/fr.ics",
        "rich/programme.json",
        "publication.json",
    } <= one.keys()
