"""The answer of a solve: what was found, how good it is, and how good anything could be."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from unsched.domain.roster import Roster
from unsched.domain.schedule import Schedule
from unsched.domain.state import SearchState
from unsched.solver.terms import Guard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result", "Status", "TierResult"]


class Status(Enum):
    """What a solve came to; the four are never confused."""

    OPTIMAL = "optimal"
    """The schedule keeps every constraint, and no schedule is better."""
    FEASIBLE = "feasible"
    """The schedule keeps every constraint; a better one may exist."""
    INFEASIBLE = "infeasible"
    """It is proven that no schedule keeps every constraint."""
    UNKNOWN = "unknown"
    """Nothing was found and nothing was proven before the search stopped."""


@frozen
class TierResult:
    """Cost of one tier, and the proven bound below which no schedule gets.

    Args:
        tier: number of the tier.
        cost: weight x amount, summed over the tier's rules.
        bound: the least cost possible, given the costs of the tiers before it.
        proven: whether cost and bound are equal by proof.
    """

    tier: int
    cost: int
    bound: int
    proven: bool

    @property
    def gap(self) -> float:
        """How far the cost may be above the least possible, as a share of the cost (0 is optimal).

        >>> TierResult(1, 10, 8, False).gap
        0.2
        """
        return 0.0 if self.proven else (self.cost - self.bound) / max(1, self.cost)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which JSON can hold."""
        return {"tier": self.tier, "cost": self.cost, "bound": self.bound, "proven": self.proven}

    def __str__(self) -> str:
        proof = "optimal" if self.proven else f"gap {self.gap:.1%}"
        return f"tier {self.tier}: cost {self.cost}, bound {self.bound} ({proof})"


@frozen
class Result:
    """What `solve` returns.

    Args:
        status: optimal, feasible, infeasible or unknown.
        schedule: the best schedule found, or `None`; it has been checked without the solver.
        tiers: cost and bound by tier, in order; empty where the problem has no preference or no schedule.
        conflict: where infeasible, rules and what they are about that cannot all hold.
        seconds: wall seconds in all.
        interrupted: whether the user interrupted the search.
        variables: decisions in the last model.
        constraints: constraints in the last model.
        models: how many models were built: one for any schedule, one for the best, and one more each time that rooms
            could not be matched to times.
        roster: which team of interpreters works at which session, and why that suffices; `None` where the problem has
            no teams, or there is no schedule.
        state: how far it has come, to go on from with `solve(problem, resume=state)`; `None` without a schedule.
        build_seconds: wall seconds spent on building models, of all the seconds.
    """

    status: Status
    schedule: Schedule | None
    tiers: tuple[TierResult, ...]
    conflict: tuple[Guard, ...]
    seconds: float
    interrupted: bool = False
    variables: int = 0
    constraints: int = 0
    models: int = 0
    roster: Roster | None = None
    state: SearchState | None = None
    build_seconds: float = 0.0

    @property
    def cost(self) -> dict[int, int]:
        """The cost by tier."""
        return {tier.tier: tier.cost for tier in self.tiers}

    @property
    def bound(self) -> dict[int, int]:
        """The bound by tier."""
        return {tier.tier: tier.bound for tier in self.tiers}

    def to_frame(self) -> pd.DataFrame:
        """Return the tiers as a pandas DataFrame: tier, cost, bound, gap, proven."""
        from unsched.report.tables import tiers_frame

        return tiers_frame(self.tiers)

    def _repr_html_(self) -> str:
        from unsched.report.notebook import result_html

        return result_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which JSON can hold: all but its state, which `dump` makes plain."""
        return {
            "status": self.status.value,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "tiers": [tier.to_dict() for tier in self.tiers],
            "conflict": [guard.to_dict() for guard in self.conflict],
            "schedule": None if self.schedule is None else self.schedule.to_dict(),
            "roster": None if self.roster is None else self.roster.to_dict(),
        }

    def __str__(self) -> str:
        count = "no schedule" if self.schedule is None else f"{len(self.schedule)} sessions scheduled"
        lines = [f"{self.status.value}: {count} in {self.seconds:.2f} s" + (", interrupted" * self.interrupted)]
        if self.schedule is not None and not self.tiers:
            lines.append("  every constraint holds; there is no preference to satisfy")
        lines += [f"  {tier}" for tier in self.tiers]
        if self.roster is not None:
            lines.append(f"  interpreters: {self.roster.why}")
        if self.conflict:
            lines.append("  these cannot all hold:")
            lines += [f"    {guard}" for guard in self.conflict]
        return "\n".join(lines)
