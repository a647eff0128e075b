"""What is told of a search as it goes on, and what the lack of news says."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

from attrs import define

if TYPE_CHECKING:
    from unsched.solver.budget import Budget
    from unsched.solver.tiers import TierGroup

__all__ = ["STANDSTILL", "News", "is_far"]

STANDSTILL = 3.0
"""After how many wall seconds without news, at least, a search has come to a standstill."""

_TRIAL = 4.0
_FALLING = 0.8
_NEAR = 0.1


@define(eq=False)
class News:
    """What is known of the cost of some tiers, each better cost and each better bound told once.

    Args:
        group: the tiers.
        budget: who is told, and says when that will do.
        partial: whether the model leaves a part of the costs out.
        known: the best cost and the best bound so far.
        heard: whether there has been any word since this was last set back.
    """

    group: TierGroup
    budget: Budget
    partial: bool = False
    known: tuple[int, int] | None = None
    heard: bool = False

    def tell(self, cost: int, bound: int, source: str) -> bool:
        """Tell of what is better than all before; return whether that will do."""
        self.heard = True
        known = self.known
        now = (cost, bound) if known is None else (min(known[0], cost), max(known[1], bound))
        if now == known:
            return self.budget.content
        self.known = now
        better = known is None or cost < known[0]
        return self.budget.tell(self.group, *now, source if better else "bound", better=better, partial=self.partial)

    def hopeless(self) -> Callable[[], bool]:
        """Return what notices that the whole will not be solved outright, as far as that can be seen."""
        if self.budget.repeatable:
            return lambda: False
        self.heard = False
        still = self.standstill()
        until = time.monotonic() + _TRIAL
        seen = inf

        def hopeless() -> bool:
            nonlocal until, seen
            now = time.monotonic()
            cost, bound = self.known or (0, 0)
            # Simplifying the model first is no standstill.
            if not self.heard or self.known is None:
                until = now + _TRIAL
            elif cost < _FALLING * seen:
                until, seen = max(until, now + _TRIAL / 2), cost
            return still() or (is_far(cost, bound) and now > until)

        return hopeless

    def standstill(self) -> Callable[[], bool]:
        """Return what notices that neither cost nor bound has moved for a good while."""
        begun = last = time.monotonic()
        seen = self.known

        def still() -> bool:
            nonlocal last, seen
            now = time.monotonic()
            if seen != self.known or not self.heard:
                last, seen = now, self.known
            return now - last > max(STANDSTILL, 0.3 * (last - begun))

        return still


def is_far(cost: int, bound: int) -> bool:
    """Return whether a cost is so far from its bound that no proof is near."""
    return cost - bound > _NEAR * abs(cost)
