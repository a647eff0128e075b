"""What a search may still spend, and whom it tells how far it has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

from attrs import define, field

from unsched.solver.stop import Progress, Stop

if TYPE_CHECKING:
    from unsched.solver.tiers import TierGroup

__all__ = ["Budget"]


@define(eq=False)
class Budget:
    """What is left of a stop, from the moment that it is made.

    Args:
        stop: when to stop.
        on_progress: called with each progress.
    """

    stop: Stop
    on_progress: Callable[[Progress], None] | None = None
    begun: float = field(factory=time.monotonic)
    effort_used: float = 0.0
    schedules: int = 0
    interrupted: bool = False
    content: bool = False
    last_better: float | None = None
    least: dict[int, int] | None = None

    @property
    def seconds(self) -> float:
        """Wall seconds spent."""
        return time.monotonic() - self.begun

    @property
    def seconds_left(self) -> float:
        """Wall seconds left."""
        return self.stop.seconds - self.seconds

    @property
    def effort_left(self) -> float:
        """Deterministic seconds left."""
        return self.stop.effort - self.effort_used

    @property
    def endless(self) -> bool:
        """Whether neither time nor effort ends it, so that no share of it comes to an end."""
        return self.stop.seconds == inf and self.stop.effort == inf

    @property
    def repeatable(self) -> bool:
        """Whether what comes out must not depend on the clock, but where the clock alone ends the search."""
        return self.stop.effort < inf

    def called_off(self) -> bool:
        """Return whether anything but a limit says that it is over, or time is up."""
        waited = 0.0 if self.last_better is None else time.monotonic() - self.last_better
        return self.interrupted or self.stop.cancelled or self.seconds_left <= 0 or waited >= self.stop.patience

    def over(self) -> bool:
        """Return whether nothing is left to spend."""
        return self.called_off() or self.effort_left <= 0

    def tell(
        self, group: TierGroup | None, value: int, below: int, source: str, *, better: bool, partial: bool = False
    ) -> bool:
        """Tell how far the search has come; return whether that will do.

        Args:
            group: the tiers that are being improved.
            value: their common objective.
            below: what it does not go below.
            source: what found it.
            better: whether it is a better schedule, or only a better bound.
            partial: whether only a part of the costs is counted so far, which is nobody's business.
        """
        if better and group is not None and not partial and not self._is_less(group.split(value)):
            # What is begun anew may be worse at first than what was reached before, which nobody loses.
            return self.content
        if better:
            self.schedules += 1
            self.last_better = time.monotonic()
        seconds = self.seconds
        progress = Progress(None, 0, 0, seconds, self.schedules, source)
        told = progress
        if group is not None:
            now = group.split(value)
            if not partial and self.least is not None and self.least.keys() == now.keys():
                now = min(now, self.least, key=lambda costs: tuple(costs.values()))
            bounds = group.bounds(below, now)
            tier = next((tier for tier in now if bounds[tier] < now[tier]), max(now))
            progress = Progress(tier, now[tier], bounds[tier], seconds, self.schedules, source, now)
        if self.on_progress is not None:
            self.on_progress(told if partial else progress)
        self.content = group is not None and self.stop.reached(progress)
        return self.content

    def _is_less(self, costs: dict[int, int]) -> bool:
        """Note the costs of a better schedule; return whether no schedule of these tiers has been cheaper."""
        known = self.least
        if known is not None and known.keys() == costs.keys() and tuple(costs.values()) > tuple(known.values()):
            return False
        self.least = costs
        return True
