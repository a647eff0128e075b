"""What users would pick instead, as far as PyPI has it: each peer runs in a process of its own, and may be missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from benchmarks.family import Family, Instance

__all__ = ["PEERS", "MissingPeerError", "Peer", "PeerRun", "peers_of", "run_peer"]

_PATIENCE = 120
"""Seconds on top of the limit, for starting, reading, and building the model."""


class MissingPeerError(Exception):
    """A peer cannot run here; the message says what it lacks."""


@frozen
class Peer:
    """One peer on one family.

    Args:
        name: its package on PyPI.
        family: the family that it can be asked.
        module: what it is imported as.
        script: the file, beside this one, that asks it.
        request: what the script is sent of an instance: the source, and the facts.
        java: whether it needs a Java runtime.
        note: how it is asked, where that is not plain.
    """

    name: str
    family: str
    module: str
    script: str
    request: Callable[[str, Any], Mapping[str, object]]
    java: bool = False
    note: str = ""


@frozen
class PeerRun:
    """What a peer came to; costs are in the family's own scoring, by the same scorer as ours.

    Args:
        name: its package.
        version: its release.
        cost: the cost by level; empty without a solution.
        terms: what the cost is made of.
        faults: hard requirements that its solution breaks.
        seconds: wall seconds of its search, with what it builds for that.
        best: wall seconds to its last better solution.
    """

    name: str
    version: str
    cost: tuple[int, ...]
    terms: Mapping[str, int]
    faults: tuple[str, ...]
    seconds: float
    best: float


def _facts(source: str, facts: Any) -> dict[str, object]:  # noqa: ANN401  facts of any family
    del source
    return {"facts": asdict(facts)}


def _text(source: str, facts: object) -> dict[str, object]:
    del facts
    return {"text": Path(source).read_text(encoding="utf-8")}


PEERS: Sequence[Peer] = (
    Peer(
        "conference-scheduler",
        "conference",
        "conference_scheduler",
        "conference_scheduler_talks.py",
        _facts,
        note="asked for its documented objective, which is not the function that it ships (see benchmarks/README.md)",
    ),
    Peer("timefold", "meetings", "timefold", "timefold_meetings.py", _text, java=True, note="in Python"),
)


def peers_of(family: str) -> list[Peer]:
    """Return the peers that can be asked instances of a family."""
    return [peer for peer in PEERS if peer.family == family]


def run_peer(
    peer: Peer,
    kind: Family[object],
    instance: Instance[object],
    source: str,
    *,
    seconds: float,
    workers: int,
    seed: int,
    python: str = sys.executable,
) -> PeerRun:
    """Run a peer on an instance, in another process.

    Args:
        peer: the peer.
        kind: the family.
        instance: the instance.
        source: what it was read from.
        seconds: wall seconds for its search; starting it is not counted.
        workers: threads, where it can have several.
        seed: seed of its search.
        python: the Python that has it.

    Raises:
        MissingPeerError: it is not there, or it did not come to an end.
    """
    _find(peer, python)
    request = {"seconds": seconds, "workers": workers, "seed": seed, **peer.request(source, instance.facts)}
    command = [python, str(Path(__file__).parent / peer.script)]
    try:
        done = subprocess.run(  # noqa: S603  what the user names as Python
            command, input=json.dumps(request), capture_output=True, text=True, check=True, timeout=seconds + _PATIENCE
        )
        answer = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise MissingPeerError(f"{peer.name}: no answer after {seconds + _PATIENCE:.0f} s: skipped") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
        raise MissingPeerError(f"{peer.name}: it failed: {last}: skipped") from None
    except (IndexError, ValueError):
        raise MissingPeerError(f"{peer.name}: what it says is no answer: skipped") from None
    took = float(answer["seconds"])
    if not answer["solution"]:
        return PeerRun(peer.name, answer["version"], (), {}, (), took, took)
    score = kind.score(instance.facts, answer["solution"])
    best = answer["best"] or took
    return PeerRun(peer.name, answer["version"], score.levels, dict(score.terms), score.faults, took, best)


def _find(peer: Peer, python: str) -> None:
    """Make sure that a peer is installed, and can run."""
    look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({peer.module!r}) is None)"
    try:
        there = subprocess.run([python, "-c", look], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        raise MissingPeerError(f"{peer.name}: there is no Python at {python}: skipped") from None
    if not there:
        raise MissingPeerError(f"{peer.name}: not installed: pip install --group peers (or name its Python: --peers)")
    if peer.java and "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise MissingPeerError(f"{peer.name}: needs a Java runtime, 17 or later, and none is found: skipped")
