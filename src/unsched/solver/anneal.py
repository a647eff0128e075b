"""Walks side by side, cooled together: simulated annealing of a whole schedule, for as long as there is time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from math import inf, sqrt
from typing import TYPE_CHECKING

from attrs import define

from unsched.solver.walk import Walk

if TYPE_CHECKING:
    from unsched.solver.flat import Whole
    from unsched.solver.improve import Improver
    from unsched.solver.walk import Ground

log = logging.getLogger(__name__)

__all__ = ["Walker", "anneal"]

_ENTRY = 1.5e-8
"""What it takes to look at one entry, in deterministic seconds."""

_STEPS = 5_000
_PAUSE = 0.15
_STAY, _STAY_WARM = 33, 70


@define(eq=False)
class Walker:
    """Who walks on a model, time and again.

    Args:
        ground: what is walked on; `None` where nobody can.
        workers: how many walks there are side by side.
        seed: seed of the first.
        warm: whether the solutions are good already.
    """

    ground: Ground | None
    workers: int
    seed: int
    warm: bool = False
    walks: int = 0

    def improve(
        self,
        search: Improver,
        *,
        seconds: float,
        effort: float,
        over: Callable[[], bool],
        better: Callable[[], object],
    ) -> float:
        """Walk from where a search stands, and let it go on from what is better; return the effort used.

        Args:
            search: what holds the solution.
            seconds: wall seconds to walk, where the effort has no limit.
            effort: deterministic seconds to walk.
            over: whether to stop before that.
            better: called after each gain.
        """
        if self.ground is None:
            return 0.0

        def found(values: Whole, cost: int) -> None:
            if search.offer(values, cost):
                better()

        self.walks += self.workers
        with ThreadPoolExecutor(self.workers, "unsched walk") as threads:
            used = anneal(
                self.ground,
                search.values,
                pool=threads,
                seeds=[self.seed * 1_000 + self.walks + number for number in range(self.workers)],
                seconds=seconds,
                effort=effort,
                over=over,
                found=found,
                warm=self.warm,
            )
        if not used:
            # Who cannot walk from here is not asked again.
            self.ground = None
        return used


def anneal(
    ground: Ground,
    values: Whole,
    *,
    pool: Executor,
    seeds: Sequence[int],
    seconds: float,
    effort: float,
    over: Callable[[], bool],
    found: Callable[[Whole, int], None],
    warm: bool = False,
) -> float:
    """Walk from a solution, ever colder, until nothing is left of what may be spent.

    Args:
        ground: what is walked on.
        values: the solution to begin with.
        pool: threads to walk in.
        seeds: the seed of each walk.
        seconds: wall seconds to walk, where the effort has no limit.
        effort: deterministic seconds to walk; with a limit here, nothing depends on the clock.
        over: whether to stop before that.
        found: called with each better solution, and its cost.
        warm: whether the solution is good already, so that little of it should be given up.

    Returns:
        the deterministic seconds used; 0 where nobody can walk from that solution.
    """
    walks = [Walk(ground, seed, _STAY_WARM if warm else _STAY) for seed in seeds]
    if not all(walk.begin(values) for walk in walks):
        return 0.0
    told = [walk.best for walk in walks]
    if not all(walk.gauge() for walk in walks):
        return 0.0
    cold = walks[0].cold
    hot = sqrt(walks[0].hot * cold) if warm else walks[0].hot
    steps, share = _STEPS, 0.0
    begun = time.monotonic()
    while share < 1 and not over():
        temperature = hot * (cold / hot) ** share
        since = time.monotonic()
        for going in [pool.submit(walk.go, temperature, steps) for walk in walks]:
            going.result()
        for number, walk in enumerate(walks):
            if walk.best < told[number]:
                told[number] = walk.best
                found(walk.solution(), walk.best)
        now = time.monotonic()
        if effort < inf:
            share = sum(walk.work for walk in walks) * _ENTRY / effort
        else:
            share = (now - begun) / seconds
            steps = max(_STEPS // 10, round(steps * min(2.0, _PAUSE / max(1e-3, now - since))))
    log.info("walked from %.1f to %.1f degrees: %s", hot, cold, [walk.best for walk in walks])
    return sum(walk.work for walk in walks) * _ENTRY
