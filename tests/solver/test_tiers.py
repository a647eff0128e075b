"""Tiers solved together stay in order, and their bounds are true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unsched import Effort, Period, Problem, Room, Session, Venue, Window, solve
from unsched.rules import EndEarly, PreferTime
from unsched.solver.compile import compile_problem
from unsched.solver.tiers import MOST, TierGroup, group_tiers

GROUP = TierGroup({1: 1200, 2: 12, 3: 1})
costs = st.tuples(st.integers(0, 50), st.integers(0, 99), st.integers(0, 11)).map(
    lambda some: dict(enumerate(some, start=1))
)


def value(some: dict[int, int]) -> int:
    return sum(some[tier] * scale for tier, scale in GROUP.scales.items())


@given(costs)
def test_the_costs_of_the_tiers_are_told_apart_again(some: dict[int, int]) -> None:
    assert GROUP.split(value(some)) == some


@given(costs, costs)
def test_the_common_objective_orders_schedules_as_the_tiers_do(one: dict[int, int], other: dict[int, int]) -> None:
    assert (value(one) < value(other)) == (tuple(one.values()) < tuple(other.values()))


@given(costs, costs, st.integers(0, 5000))
def test_no_schedule_is_below_a_bound_of_its_tier(best: dict[int, int], found: dict[int, int], slack: int) -> None:
    if tuple(found.values()) < tuple(best.values()):
        best, found = found, best
    bounds = GROUP.bounds(value(best) - slack, found)
    for tier in (1, 2, 3):
        earlier_proven = all(found[t] == best[t] for t in range(1, tier))
        if earlier_proven or bounds[tier]:
            assert bounds[tier] <= best[tier]


def test_tiers_whose_numbers_would_be_too_large_are_solved_one_after_the_other() -> None:
    window = Window("UTC", ["2010-12-17"], step=60)
    sessions = [Session(f"s{i}", f"S{i}", 60) for i in range(3)]
    late = [Period(None, "15:00", "18:00")]
    rules = [
        PreferTime("s0", late, weight=10**6, tier=1),
        EndEarly(weight=10**6, tier=2),
        EndEarly(of="each", weight=10**6, tier=3),
    ]
    problem = Problem("p", window, Venue([Room("I")]), sessions, rules=rules)
    groups = list(group_tiers(compile_problem(problem)))
    assert len(groups) > 1
    assert [tier for group in groups for tier in group.scales] == [1, 2, 3]
    assert all(next(iter(group.scales.values())) < MOST for group in groups)
    result = solve(problem, stop=Effort(10))
    # s0 in the afternoon first, then the last end at 16:00, then the two others from 10:00.
    assert result.cost == {1: 0, 2: 240 * 10**6, 3: (60 + 120 + 240) * 10**6}
    assert result.bound == result.cost
