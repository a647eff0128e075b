"""What a search tells of, and what it comes to."""

from __future__ import annotations

from typing import TypedDict

from unsched.domain import problem, schedule, state
from unsched.embed.results.parts import Breach, Diff, Guard, RepairTier, Roster, Status, Tier

__all__ = ["Progress", "Repair", "Repaired", "Solved", "WhatIf"]


class Progress(TypedDict):
    """How far a search has come.

    Args:
        tier: the first tier that is not proven yet; null while any schedule is sought.
        cost: what it costs.
        bound: no schedule costs less in this tier.
        gap: how far the cost may be above the least possible, as a share of the cost.
        seconds: wall seconds since the search began.
        schedules: how many schedules have been found so far.
        source: what found it, or proved the bound; hosts may meet new ones.
        costs: the cost of each tier that is improved at present.
    """

    tier: int | None
    cost: int
    bound: int
    gap: float
    seconds: float
    schedules: int
    source: str
    costs: dict[str, int]


class Solved(TypedDict):
    """What a search came to.

    Args:
        status: optimal and infeasible are proven; feasible may not be the best; unknown is nothing found.
        interrupted: whether the user of the process interrupted it.
        seconds: wall seconds in all.
        tiers: cost and bound by tier, in order.
        conflict: where infeasible, rules and what they are about that cannot all hold.
        schedule: the best schedule, as in a file.
        roster: which team interprets where, if the problem has teams.
        prices: every price that is paid, and why.
        standby: ids of the optional sessions that have no place.
        state: how far it has come, if that was asked for: to be sent back as `resume`.
    """

    status: Status
    interrupted: bool
    seconds: float
    tiers: list[Tier]
    conflict: list[Guard]
    schedule: schedule.Schedule | None
    roster: Roster | None
    prices: list[Breach]
    standby: list[str]
    state: state.SearchState | None


class Repair(TypedDict):
    """What a repair comes to, without the problem.

    Args:
        status: as of a search.
        interrupted: whether the user of the process interrupted it.
        seconds: wall seconds in all.
        tiers: what was kept small, first things first, then the preferences.
        conflict: where not everything has a place, rules and what they are about that cannot all hold.
        schedule: the schedule, as in a file.
        roster: which team interprets where, if the problem has teams.
        dropped: ids of the sessions that had a place, or need one, and have none.
        impossible: whether it is proven that not everything can have a place.
        taken_up: ids of the sessions on standby that have got a place.
        diff: what differs from what was published, and who has to be told.
    """

    status: Status
    interrupted: bool
    seconds: float
    tiers: list[RepairTier]
    conflict: list[Guard]
    schedule: schedule.Schedule | None
    roster: Roster | None
    dropped: list[str]
    impossible: bool
    taken_up: list[str]
    diff: Diff | None


class Repaired(TypedDict):
    """What a repair came to.

    Args:
        status: as of a search.
        interrupted: whether the user of the process interrupted it.
        seconds: wall seconds in all.
        tiers: what was kept small, first things first, then the preferences.
        conflict: where not everything has a place, rules and what they are about that cannot all hold.
        schedule: the schedule, as in a file.
        roster: which team interprets where, if the problem has teams.
        dropped: ids of the sessions that had a place, or need one, and have none.
        impossible: whether it is proven that not everything can have a place.
        taken_up: ids of the sessions on standby that have got a place.
        diff: what differs from what was published, and who has to be told.
        problem: the problem once the changes are made, to which the schedule answers from now on.
    """

    status: Status
    interrupted: bool
    seconds: float
    tiers: list[RepairTier]
    conflict: list[Guard]
    schedule: schedule.Schedule | None
    roster: Roster | None
    dropped: list[str]
    impossible: bool
    taken_up: list[str]
    diff: Diff | None
    problem: problem.Problem | None


class WhatIf(TypedDict):
    """What changes would cost.

    Args:
        possible: whether every constraint could be kept without dropping any session.
        before: what the schedule costs as it is, by tier.
        after: what it would cost; empty where there would be none.
        repair: what they would come to.
    """

    possible: bool
    before: dict[str, int]
    after: dict[str, int]
    repair: Repair
