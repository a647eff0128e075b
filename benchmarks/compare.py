"""Peers side by side: the same instance, machine, seconds and seed, and the same scorer."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from attrs import asdict, frozen

from benchmarks.arguments import add_run_arguments, put
from benchmarks.family import family
from benchmarks.measure import Record, measure_apart, reached
from benchmarks.peers import PEERS, MissingPeerError, PeerRun, peers_of, run_peer

__all__ = ["Comparison", "add_compare"]


@frozen
class Comparison:
    """A peer and unsched on one instance.

    Args:
        peer: what the peer came to.
        ours: what we came to.
    """

    peer: PeerRun
    ours: Record

    @property
    def sound(self) -> bool:
        """Whether the peer has a solution that breaks nothing."""
        return bool(self.peer.cost) and not self.peer.faults

    @property
    def reached(self) -> float | None:
        """After how many wall seconds our cost was no worse than what the peer came to; `None` is never.

        Against a peer without a sound solution, any schedule is no worse.
        """
        return reached(self.ours.trace, self.peer.cost) if self.sound else self.ours.first

    @property
    def ratio(self) -> float | None:
        """How many times as long as us the peer took to its final cost; `None` if one of us never has it."""
        at = self.reached
        return self.peer.best / max(at, 0.001) if self.sound and at is not None else None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "peer": asdict(self.peer),
            "ours": self.ours.as_data(),
            "reached": self.reached,
            "ratio": self.ratio,
        }

    def __str__(self) -> str:
        ours, peer = self.ours, self.peer
        cost = "/".join(map(str, peer.cost)) or "no solution"
        broken = f" (breaks {len(peer.faults)} requirements: {peer.faults[0]})" if peer.faults else ""
        at = "never" if self.reached is None else f"{self.reached:.2f} s"
        ratio = "-" if self.ratio is None else f"{self.ratio:.1f}"
        return (
            f"{ours.family} {ours.instance}: {peer.name} {peer.version} cost {cost}{broken} in {peer.seconds:.2f} s, "
            f"its last gain at {peer.best:.2f} s; unsched {ours.status} cost {'/'.join(map(str, ours.cost)) or '-'} "
            f"bound {'/'.join(map(str, ours.bound)) or '-'} in {ours.seconds:.2f} s, "
            f"no worse than the peer after {at}, ratio {ratio}"
        )


def add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `compare`."""
    text = "run peers on the same instances, for as long, one after the other"
    command = commands.add_parser("compare", help=text, description=text)
    add_run_arguments(command, sorted({peer.family for peer in PEERS}))
    command.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="the Python that has the peers")
    command.set_defaults(command=_compare)


def _compare(arguments: argparse.Namespace) -> int:
    kind = family(arguments.family)
    good = True
    for source in arguments.source:
        instance = kind.read(source)
        limits = {"seconds": arguments.time, "workers": arguments.workers, "seed": arguments.seed}
        runs = []
        for peer in peers_of(arguments.family):
            try:
                runs.append(run_peer(peer, kind, instance, source, **limits, python=arguments.peers))
            except MissingPeerError as missing:
                put(str(missing), error=True)
        if not runs:
            continue
        ours = measure_apart(arguments.family, source, **limits)
        good = good and bool(ours.cost) and not ours.faults
        for run in runs:
            compared = Comparison(run, ours)
            put(json.dumps(compared.as_data()) if arguments.json else str(compared))
    return 0 if good else 1
