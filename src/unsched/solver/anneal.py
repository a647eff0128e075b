"""Walks side by side, cooled together: simulated annealing of a whole schedule, for as long as there is time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from math import inf, sqrt
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field

from unsched.solver.walk import Walk

if TYPE_CHECKING:
    from unsched.solver.flat import Whole
    from unsched.solver.ground import Ground
    from unsched.solver.improve import Improver

log = logging.getLogger(__name__)

__all__ = ["Walker", "narrowed"]


_ENTRY = 2.5e-8
"""What it takes to look at one entry, in deterministic seconds."""

_STEPS, _FEWEST = 500, 100
_FROZEN, _DOWNHILL = 1e-6, 100
_PAUSE, _PAUSES = 0.15, 60
_SWEEPS, _WINDOWS, _BEGUN, _DONE, _BEYOND = 5_000, 40, 1 / 3, 1 / 100, 0.85
_STAY, _STAY_WARM = 33, 70


@define(eq=False)
class Walker:
    """Who walks on a model, time and again.

    Args:
        ground: what is walked on; `None` where nobody can.
        workers: how many walks there are side by side.
        seed: seed of the first.
        warm: whether the solutions are good already.
        span: the temperatures between which it is decided what becomes of a walk, once one was long enough to tell.
    """

    ground: Ground | None
    workers: int
    seed: int
    warm: bool = False
    walks: int = 0
    span: tuple[float, float] | None = None

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
        seeds = [self.seed * 1_000 + self.walks + number for number in range(self.workers)]
        walks = [Walk(self.ground, seed, _STAY_WARM if self.warm else _STAY) for seed in seeds]
        with ThreadPoolExecutor(self.workers, "unsched walk") as threads:
            party = _Party(walks, threads, found)
            if not party.begin(search.values):
                # Who cannot walk from here is not asked again.
                self.ground = None
                return 0.0
            self._anneal(party, seconds, effort, over)
        return party.used

    def _anneal(self, party: _Party, seconds: float, effort: float, over: Callable[[], bool]) -> None:
        """Let walks go, ever colder, until nothing is left of what may be spent."""
        first, many = party.walks[0], len(party.walks[0].ground.names)
        clock = _Clock(seconds, effort)
        # Downhill first: at the top, where much is wrong that is easily put right, even large prices would look small.
        left, steps, share = _DOWNHILL * many, _STEPS, 0.0
        while left > 0 and share < 1 and not over():
            party.go(_FROZEN, min(steps, left))
            left -= steps
            before, share = share, clock.share(party.used)
            steps = clock.pace(steps, share - before)
        if over() or not first.gauge():
            return
        hot, cold = self.span or (sqrt(first.hot * first.cold) if self.warm else first.hot, first.cold)
        curve: list[tuple[float, float]] = []
        clock = _Clock(seconds - (time.monotonic() - clock.begun), effort, spent=party.used)
        gone, share = 0, 0.0
        while share < 1 and not over():
            temperature = hot * (cold / hot) ** share
            party.go(temperature, steps)
            curve.append((temperature, party.cost))
            gone += steps
            before, share = share, clock.share(party.used)
            steps = clock.pace(steps, share - before)
        log.info("walked from %.2f to %.2f degrees: %s", hot, cold, [walk.best for walk in party.walks])
        # Where nothing has become dearer than it was at the end, nothing is told.
        told = share >= 1 and gone >= _SWEEPS * many and max(cost for _, cost in curve) > curve[-1][1]
        if told and not (self.span or self.warm):
            self.span = narrowed(curve)


def narrowed(curve: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return between which temperatures cooling brings the cost down: before, all is forgotten; after, nothing moves.

    Args:
        curve: temperatures, falling, and what the schedule cost at each.

    >>> curve = [(100 / 2**step, cost) for step, cost in enumerate([60, 62, 61, 50, 20, 11, 10, 10, 10, 10])]
    >>> narrowed(curve)
    (6.25, 1.328125)
    """
    temperatures, costs = np.array(curve).T
    width = max(1, len(costs) // _WINDOWS)
    costs = np.convolve(costs, np.full(width, 1 / width), "valid")
    top = int(costs.argmax())
    excess = costs[top:] - costs[top:].min()
    hot, cold = (temperatures[top + int(np.argmax(excess <= excess[0] * share))] for share in (_BEGUN, _DONE))
    return float(hot), float(cold * _BEYOND)


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

    def pace(self, steps: int, share: float) -> int:
        """Return how many steps to go next, where so many took such a share: no more than are soon gone.

        >>> _Clock(6.0, inf).pace(1_000, 0.05), _Clock(6.0, inf).pace(1_000, 0.001)
        (333, 2000)
        """
        whole = self.seconds if self.effort == inf else self.effort - self.spent
        soon = min(1 / _PAUSES, _PAUSE / max(1e-9, whole))
        return max(_FEWEST, round(steps * min(2.0, soon / max(1e-9, share))))


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
    def cost(self) -> float:
        """What they cost where they stand, on average."""
        return sum(walk.cost for walk in self.walks) / len(self.walks)

    @property
    def used(self) -> float:
        """Deterministic seconds used."""
        return sum(walk.work for walk in self.walks) * _ENTRY
