"""When to stop searching: small rules that combine with `|` (whichever comes first)."""

from __future__ import annotations

import threading
from abc import ABC
from collections.abc import Mapping
from math import inf
from typing import Any

from attrs import field, frozen

from unsched.errors import Fault, InputError

__all__ = ["AnyOf", "Cancel", "Effort", "FirstSchedule", "Gap", "NoImprovement", "Progress", "Stop", "TimeLimit"]


@frozen
class Progress:
    """How far a search has come when it finds a better schedule, or proves a better bound.

    Args:
        tier: the first tier that is not proven yet; `None` while any schedule is sought that keeps the constraints,
            or while only the times are improved, so that costs are not counted in full.
        cost: the tier's cost as the solver counts it.
        bound: no schedule costs less in this tier (given the costs of the tiers before it).
        seconds: wall seconds since the solve began.
        schedules: how many schedules have been found so far, this one included.
        source: what found it: "start", "search", "walk", "bound", "windows", or "neighbourhood" and its kind.
        costs: the cost of each tier that is improved at present.
    """

    tier: int | None
    cost: int
    bound: int
    seconds: float
    schedules: int
    source: str = "search"
    costs: Mapping[int, int] = field(factory=dict)

    @property
    def gap(self) -> float:
        """How far the cost may be above the least possible, as a share of the cost; 1 while no tier is improved.

        >>> Progress(1, 200, 150, 2.5, 7).gap
        0.25
        """
        return 1.0 if self.tier is None else (self.cost - self.bound) / max(1, self.cost)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which JSON can hold.

        >>> Progress(None, 0, 0, 0.25, 1, "start").to_dict()["source"]
        'start'
        """
        return {
            "tier": self.tier,
            "cost": self.cost,
            "bound": self.bound,
            "gap": round(self.gap, 6),
            "seconds": round(self.seconds, 3),
            "schedules": self.schedules,
            "source": self.source,
            "costs": {str(tier): cost for tier, cost in self.costs.items()},
        }


class Stop(ABC):  # noqa: B024  every part of it has a default that never stops
    """When to stop; all that a subclass does not say never stops."""

    __slots__ = ()

    seconds: float = inf
    """Wall seconds for the whole solve."""

    effort: float = inf
    """Deterministic seconds for the whole solve; a limit here makes the search reproducible."""

    patience: float = inf
    """Wall seconds without a better schedule, once there is one."""

    @property
    def cancelled(self) -> bool:
        """Whether somebody has called the search off."""
        return False

    def reached(self, progress: Progress) -> bool:
        """Return whether what has been found is good enough."""
        del progress
        return False

    def __or__(self, other: Stop) -> Stop:
        return AnyOf(self, other)


def _positive(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < inf:
        raise InputError([Fault("seconds", f"{value!r} is not a positive number of seconds", "60.")], name)


@frozen
class TimeLimit(Stop):
    """Stop after some wall seconds; what is found by then may differ from run to run.

    >>> (TimeLimit(30) | Effort(5)).seconds
    30
    """

    seconds: float

    def __attrs_post_init__(self) -> None:
        _positive("TimeLimit", self.seconds)


@frozen
class Effort(Stop):
    """Stop after a deterministic amount of work, about that of as many seconds of one worker.

    Same problem, same seed, same number of workers, same releases of OR-Tools and numba (or none): same schedule.
    """

    effort: float

    def __attrs_post_init__(self) -> None:
        _positive("Effort", self.effort)


@frozen
class FirstSchedule(Stop):
    """Stop at the first schedule of each tier that keeps all constraints."""

    def reached(self, progress: Progress) -> bool:
        """Return that any schedule will do."""
        del progress
        return True


@frozen
class Gap(Stop):
    """Stop once the first tier that is not proven is known to be within a share of the least cost possible.

    >>> Gap(0.02).reached(Progress(1, 100, 99, 2.5, 7))
    True
    """

    share: float

    def __attrs_post_init__(self) -> None:
        share = self.share
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
            raise InputError([Fault("share", f"{share!r} is not a share from 0 to below 1", "0.02.")], "Gap")

    def reached(self, progress: Progress) -> bool:
        """Return whether cost and bound are near enough."""
        return progress.tier is not None and progress.gap <= self.share


@frozen
class NoImprovement(Stop):
    """Stop when no better schedule has been found for some wall seconds, once there is one."""

    patience: float

    def __attrs_post_init__(self) -> None:
        _positive("NoImprovement", self.patience)


class Cancel(Stop):
    """Stop when told to, from any thread; the best schedule so far is the answer.

    >>> cancel = Cancel()
    >>> stop = TimeLimit(60) | cancel
    >>> cancel.cancel()
    >>> stop.cancelled
    True
    """

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether somebody has called the search off."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Call the search off."""
        self._event.set()


class AnyOf(Stop):
    """Stop when any of several says so; made by `|`."""

    __slots__ = ("stops",)

    def __init__(self, *stops: Stop) -> None:
        self.stops = stops

    @property
    def seconds(self) -> float:  # type: ignore[override]  # worked out from the parts
        """The least wall limit."""
        return min(stop.seconds for stop in self.stops)

    @property
    def effort(self) -> float:  # type: ignore[override]  # worked out from the parts
        """The least deterministic limit."""
        return min(stop.effort for stop in self.stops)

    @property
    def patience(self) -> float:  # type: ignore[override]  # worked out from the parts
        """The least patience."""
        return min(stop.patience for stop in self.stops)

    @property
    def cancelled(self) -> bool:
        """Whether any of them is called off."""
        return any(stop.cancelled for stop in self.stops)

    def reached(self, progress: Progress) -> bool:
        """Return whether any of them is content."""
        return any(stop.reached(progress) for stop in self.stops)
