"""How far a search has come, to go on from later."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count, check_each, check_text, shown, to_tuple
from unsched.domain.schedule import Schedule
from unsched.errors import Fault

if TYPE_CHECKING:
    from unsched.domain.problem import Problem

__all__ = ["SearchState", "TierBound", "digest"]


@frozen
class TierBound(Fact):
    """What a tier is proven to cost at least.

    Args:
        tier: number of the tier.
        bound: no schedule costs less in it, given that the tiers before it cost what they do in the state's schedule.
    """

    tier: int
    bound: int

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this bound by itself."""
        yield from check_count("tier", self.tier)
        # Not `check_count`: a fair share among many is counted in large numbers.
        if isinstance(self.bound, bool) or not isinstance(self.bound, int) or not 0 <= self.bound < 2**62:
            yield Fault("bound", f"{shown(self.bound)} is not a bound", "a whole number that is not negative.")


@frozen
class SearchState(Fact):
    """The best schedule of a search and what is proven of it: `solve(problem, resume=state)` goes on from there.

    Args:
        digest: what tells the problem from any other, and from itself as it was before a change.
        schedule: the best schedule.
        bounds: what is proven, by tier, as far as anything is.
    """

    digest: str
    schedule: Schedule
    bounds: tuple[TierBound, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this state by itself."""
        yield from check_text("digest", self.digest)
        if not isinstance(self.schedule, Schedule):
            yield Fault("schedule", f"{shown(self.schedule)} is not a Schedule", "a Schedule(...).")
        yield from check_each("bounds", self.bounds, TierBound)


def digest(problem: Problem) -> str:
    """Return a text that changes with anything that a problem says."""
    return sha256(repr(problem).encode()).hexdigest()
