"""Walks side by side, cooled together: simulated annealing of a whole schedule, for as long as there is time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from math import inf, sqrt
from typing import TYPE_CHECKING

from attrs import define, field

from unsched.solver.walk import Walk

if TYPE_CHECKING:
    from unsched.solver.flat import Whole
    from unsched.solver.ground import Ground
    from unsched.solver.improve import Improver

log = logging.getLogger(__name__)

__all__ = ["Walker", "anneal"]

_ENTRY = 1.5e-8
"""What it takes to look at one entry, in deterministic seconds."""

_STEPS = 5_000
_FROZEN, _DOWNHILL = 1e-6, 100
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
    party = _Party([Walk(ground, seed, _STAY_WARM if warm else _STAY) for seed in seeds], pool, found)
    if not party.begin(values):
        return 0.0
    clock = _Clock(seconds, effort)
    # Downhill first: at the top, where much is wrong that is easily put right, even large prices would look small.
    left = _DOWNHILL * len(ground.names)
    while left > 0 and clock.share(party.used) < 1 and not over():
        party.go(_FROZEN, min(_STEPS, left))
        left -= _STEPS
    first = party.walks[0]
    if over() or not first.gauge():
        return party.used
    hot = sqrt(first.hot * first.cold) if warm else first.hot
    clock = _Clock(seconds, effort, spent=party.used)
    steps, share = _STEPS, 0.0
    while share < 1 and not over():
        since = time.monotonic()
        party.go(hot * (first.cold / hot) ** share, steps)
        share = clock.share(party.used)
        if effort == inf:
            steps = max(_STEPS // 10, round(steps * min(2.0, _PAUSE / max(1e-3, time.monotonic() - since))))
    log.info("walked from %.1f to %.1f degrees: %s", hot, first.cold, [walk.best for walk in party.walks])
    return party.used


@define(eq=False)
class _Clock:
    """How much of what may be spent has been.

    Args:
        seconds: wall seconds that may be, where the effort has no limit.
        effort: deterministic seconds that may be.
        spent: deterministic seconds that do not count.
    """

    seconds: float
    effort: float
    spent: float = 0.0
    begun: float = field(factory=time.monotonic)

    def share(self, used: float) -> float:
        """Return which share has been spent, given the deterministic seconds used."""
        if self.effort < inf:
            return (used - self.spent) / max(1e-9, self.effort - self.spent)
        return (time.monotonic() - self.begun) / max(1e-9, self.seconds)


@define(eq=False)
class _Party:
    """Walks side by side, and who is told of what they find."""

    walks: list[Walk]
    pool: Executor
    found: Callable[[Whole, int], None]
    told: list[int] = field(factory=list)

    def begin(self, values: Whole) -> bool:
        """Let all begin at a solution; return whether that is possible."""
        if not all(walk.begin(values) for walk in self.walks):
            return False
        self.told = [walk.best for walk in self.walks]
        return True

    def go(self, temperature: float, steps: int) -> None:
        """Let all go so many steps, and tell of what is better."""
        for going in [self.pool.submit(walk.go, temperature, steps) for walk in self.walks]:
            going.result()
        for number, walk in enumerate(self.walks):
            if walk.best < self.told[number]:
                self.told[number] = walk.best
                self.found(walk.solution(), walk.best)

    @property
    def used(self) -> float:
        """Deterministic seconds used."""
        return sum(walk.work for walk in self.walks) * _ENTRY
