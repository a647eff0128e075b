"""One measurement: an instance read, solved through the public API, written, scored, and put on record."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from benchmarks.family import Score, family
from unsched import Progress, TimeLimit, solve

__all__ = ["Record", "measure"]


@frozen
class Record:
    """What one run came to; costs and bounds are in the family's own scoring.

    Args:
        family: name of the family.
        instance: name of the instance.
        seconds_allowed: the limit of wall seconds.
        workers: threads.
        seed: seed of the search.
        status: what the solve came to.
        cost: the cost by level, counted by the family's scorer from the native solution; empty without a solution.
        bound: no solution costs less, level by level, given the levels before; empty where nothing is known.
        terms: what the cost is made of.
        faults: hard requirements that the solution breaks by the family's own count (none, or it is a bug).
        first: wall seconds to the first schedule, reading left out; `None` without one.
        best: wall seconds to the last better schedule.
        seconds: wall seconds of the solve.
        build: of which were spent on building models.
        read: wall seconds to read the instance and state the problem.
        peak: greatest resident memory of the process, in MB.
        variables: decisions in the last model.
        constraints: constraints in the last model.
    """

    family: str
    instance: str
    seconds_allowed: float
    workers: int
    seed: int
    status: str
    cost: tuple[int, ...]
    bound: tuple[int, ...]
    terms: Mapping[str, int]
    faults: tuple[str, ...]
    first: float | None
    best: float | None
    seconds: float
    build: float
    read: float
    peak: float
    variables: int
    constraints: int

    @property
    def gap(self) -> float | None:
        """How far the cost may be above the least possible, as a share of it, at the first level that is not proven."""
        for cost, bound in zip(self.cost, self.bound, strict=False):
            if cost != bound:
                return (cost - bound) / max(1, abs(cost))
        return 0.0 if self.cost and self.status == "optimal" else None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return asdict(self) | {"gap": self.gap}

    def __str__(self) -> str:
        cost = "/".join(map(str, self.cost)) or "-"
        bound = "/".join(map(str, self.bound)) or "-"
        shown = "" if self.gap is None else f" gap {self.gap:.2%}"
        first, best = (("-" if at is None else f"{at:.2f}") for at in (self.first, self.best))
        wrong = "".join(f"\n    BROKEN: {fault}" for fault in self.faults[:5])
        return (
            f"{self.family} {self.instance}: {self.status} cost {cost} bound {bound}{shown}; first {first} s, "
            f"best {best} s, in all {self.seconds:.2f} s (building {self.build:.2f} s, reading {self.read:.2f} s); "
            f"peak {self.peak:.0f} MB; {self.variables} variables, {self.constraints} constraints{wrong}"
        )


def measure(
    name: str, source: str, *, seconds: float, workers: int, seed: int, solution: Path | None = None
) -> Record:
    """Run one instance in this process.

    Args:
        name: name of the family.
        source: where the instance comes from.
        seconds: wall seconds at most.
        workers: threads.
        seed: seed of the search.
        solution: where to write the native solution; its folder exists.
    """
    kind = family(name)
    begun = time.perf_counter()
    instance = kind.read(source)
    read = time.perf_counter() - begun
    times: list[float] = []

    def note(progress: Progress) -> None:
        times.append(progress.seconds)

    result = solve(instance.problem, stop=TimeLimit(seconds), workers=workers, seed=seed, on_progress=note)
    score = Score(())
    if result.schedule is not None:
        text = kind.write(instance, result.schedule)
        score = kind.score(instance.facts, text)
        if solution is not None:
            solution.write_text(text, encoding="utf-8")
    # Linux counts it in kB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Record(
        name,
        instance.name,
        seconds,
        workers,
        seed,
        result.status.value,
        score.levels,
        kind.levels(instance, result.bound) if result.schedule is not None else (),
        dict(score.terms),
        score.faults,
        times[0] if times else None,
        times[-1] if times else None,
        result.seconds,
        result.build_seconds,
        read,
        peak,
        result.variables,
        result.constraints,
    )
