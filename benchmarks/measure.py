"""One measurement: an instance read, solved through the public API, written, scored, and put on record."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from benchmarks.family import Family, Instance, Score, family
from benchmarks.machine import Machine, this_machine, today
from unsched import Progress, TimeLimit, solve
from unsched.solver.stop import Gap

__all__ = ["Record", "measure", "measure_apart", "reached"]

Step = tuple[float, tuple[int, ...]]
"""Wall seconds, and the cost by level that was known by then (the first levels, where no more was told)."""


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
        faults: hard requirements that the solution breaks by the family's own count, or that the problem's costs are
            not the scorer's (none, or it is a bug).
        first: wall seconds to the first schedule, reading left out; `None` without one.
        best: wall seconds to the last better schedule.
        seconds: wall seconds of the solve.
        build: of which were spent on building models.
        read: wall seconds to read the instance and state the problem.
        peak: greatest resident memory of the process, in MB.
        variables: decisions in the last model.
        constraints: constraints in the last model.
        source: what the instance was read from: a file's name, or the line that it was generated from.
        sessions: how many sessions the problem has.
        rooms: how many rooms it has.
        trace: wall seconds and costs of each better schedule; the last is what it came to.
        machine: what it ran on.
        date: the day of the run, as YYYY-MM-DD in UTC.
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
    source: str = ""
    sessions: int = 0
    rooms: int = 0
    trace: tuple[Step, ...] = ()
    machine: Machine = field(factory=Machine)
    date: str = ""

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
    name: str,
    source: str,
    *,
    seconds: float,
    workers: int,
    seed: int,
    gap: float | None = None,
    solution: Path | None = None,
) -> Record:
    """Run one instance in this process.

    Args:
        name: name of the family.
        source: where the instance comes from.
        seconds: wall seconds at most.
        workers: threads.
        seed: seed of the search.
        gap: how near to the bound is near enough to stop; `None` is never before it is proven.
        solution: where to write the native solution; its folder exists.
    """
    kind = family(name)
    begun = time.perf_counter()
    instance = kind.read(source)
    read = time.perf_counter() - begun
    told: list[Progress] = []
    stop = TimeLimit(seconds) if gap is None else TimeLimit(seconds) | Gap(gap)
    result = solve(instance.problem, stop=stop, workers=workers, seed=seed, on_progress=told.append)
    score = Score(())
    if result.schedule is not None:
        text = kind.write(instance, result.schedule)
        score = kind.score(instance.facts, text)
        if solution is not None:
            solution.write_text(text, encoding="utf-8")
    faults = score.faults
    counted = kind.levels(instance, result.cost)
    if result.schedule is not None and counted != score.levels:
        shown = ["/".join(map(str, levels)) for levels in (counted, score.levels)]
        faults = (*faults, f"the problem counts {shown[0]}, and the scorer {shown[1]}")
    better = _better(told)
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
        faults,
        better[0].seconds if better else None,
        better[-1].seconds if better else None,
        result.seconds,
        result.build_seconds,
        read,
        _peak(),
        result.variables,
        result.constraints,
        source=Path(source).name,
        sessions=len(instance.problem.sessions),
        rooms=len(instance.problem.rooms),
        trace=_trace(kind, instance, better, result.cost, score.levels),
        machine=this_machine(),
        date=today(),
    )


def measure_apart(
    name: str,
    source: str,
    *,
    seconds: float,
    workers: int,
    seed: int,
    gap: float | None = None,
    solution: Path | None = None,
) -> Record:
    """Run one instance in a process of its own, so that the peak of memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(
            measure, name, source, seconds=seconds, workers=workers, seed=seed, gap=gap, solution=solution
        ).result()


def reached(trace: Sequence[Step], target: Sequence[int]) -> float | None:
    """Return after how many seconds a cost was no worse than a target; `None` is never.

    What is known of the first levels only counts where these alone are better.

    >>> reached([(0.5, (3,)), (0.9, (1,)), (2.0, (1, 40)), (4.0, (1, 30))], (1, 35))
    4.0
    """
    wanted = tuple(target)
    for seconds, costs in trace:
        known = wanted[: len(costs)]
        if costs < known or (costs == known == wanted):
            return seconds
    return None


def _better(told: Sequence[Progress]) -> list[Progress]:
    """Keep what tells of a better schedule, rather than of a better bound."""
    kept: list[Progress] = []
    for progress in told:
        if progress.schedules > (kept[-1].schedules if kept else 0):
            kept.append(progress)
    return kept


def _trace(
    kind: Family[object],
    instance: Instance[object],
    better: Sequence[Progress],
    final: Mapping[int, int],
    levels: tuple[int, ...],
) -> tuple[Step, ...]:
    """Return what is known of the costs over time.

    A progress tells the costs of the first tier that is not proven and of those that are improved with it. Those before
    it are what they end up as; of those after it nothing is known, but at the last progress, which is of the schedule
    that was scored. Costs that go up
    again later were counted in part only, and are left out.
    """
    tiers = [tier for tier in sorted(final) if tier > 0]
    steps: list[Step] = []
    for progress in better:
        if progress.tier not in tiers:
            continue
        counted = {**progress.costs, progress.tier: progress.cost}
        costs = kind.levels(instance, {**final, **counted})
        # Those before the first that is not proven are known, and those after it as far as they are improved with it.
        known = next(
            (at for at in range(tiers.index(progress.tier), len(tiers)) if tiers[at] not in counted), len(tiers)
        )
        if known < len(tiers) and len(costs) != len(tiers):
            continue  # the levels are made of several tiers, one of which is not known
        steps.append((progress.seconds, costs if known == len(tiers) else costs[:known]))
    if better and levels:
        steps.append((better[-1].seconds, levels))
    falling = steps[-1:]
    for step in reversed(steps[:-1]):
        later = falling[-1][1]
        if step[1][: len(later)] < later[: len(step[1])]:
            break
        if step[1] != later:
            falling.append(step)
        else:
            falling[-1] = step
    return tuple(reversed(falling))


def _peak() -> float:
    """Return the greatest resident memory of this process so far, in MB."""
    # Linux counts it in kB, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
