"""When to stop searching: small rules that combine with `|` (whichever comes first)."""

from __future__ import annotations

from abc import ABC
from math import inf

from attrs import frozen

from unsched.errors import Fault, InputError

__all__ = ["AnyOf", "Effort", "FirstSchedule", "Progress", "Stop", "TimeLimit"]


@frozen
class Progress:
    """How far a search has come when it finds a better schedule.

    Args:
        tier: the tier that is being improved; `None` while any schedule is sought that keeps the constraints.
        cost: the tier's cost as the solver counts it.
        bound: no schedule costs less in this tier (given the costs of the tiers before it).
        seconds: wall seconds since the solve began.
        schedules: how many schedules have been found so far, this one included.
    """

    tier: int | None
    cost: int
    bound: int
    seconds: float
    schedules: int


class Stop(ABC):  # noqa: B024  every part of it has a default that never stops
    """When to stop; all that a subclass does not say never stops."""

    __slots__ = ()

    seconds: float = inf
    """Wall seconds for the whole solve."""

    effort: float = inf
    """Deterministic seconds for the whole solve; a limit here makes the search reproducible."""

    def reached(self, progress: Progress) -> bool:
        """Return whether a schedule just found is good enough."""
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

    Same problem, same seed, same number of workers and same release of OR-Tools: same schedule.
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

    def reached(self, progress: Progress) -> bool:
        """Return whether any of them is content."""
        return any(stop.reached(progress) for stop in self.stops)
