"""Explaining: conflicts that are minimal both ways, all of them, and ways out that are the cheapest there are."""

from __future__ import annotations

import os

from attrs import evolve
from drawing import MADE, drawn
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from unsched import (
    Constraint,
    Explanation,
    InputError,
    Problem,
    Rule,
    Schedule,
    Status,
    explain,
)
from unsched.rules.registry import kinds
from unsched.solver.board import Board
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.prices import PriceList
from unsched.solver.terms import Guard
from unsched.testing import problems

IMPOSSIBLE = int(os.environ.get("UNSCHED_IMPOSSIBLE", "60"))
HARD = sorted(
    kind for kind, rule in kinds().items() if issubclass(rule, Constraint) and kind not in MADE and rule.softens
)


@st.composite
def crowded(draw: st.DrawFn) -> Problem:
    """Draw a small problem with a few constraints of any kind, which is likely to have no schedule."""
    problem = draw(problems(most_sessions=5, most_rooms=2))
    several = draw(st.lists(st.sampled_from(HARD), max_size=4))
    chosen: list[Rule] = [draw(st.composite(drawn)(problem, kind)) for kind in several]
    try:
        return evolve(problem, rules=list(dict.fromkeys(chosen)))
    except InputError:
        assume(condition=False)
        raise


class Oracle:
    """Another way to ask what can hold together: one model with room literals, and a guard for each rule x subject."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def board(self) -> Board:
        rules = [rule for rule in self.problem.all_rules if isinstance(rule, Constraint)]
        return compile_problem(self.problem, rules, guarded=True)

    def possible(self, guards: list[Guard]) -> bool:
        board = self.board()
        board.model.add_assumptions([board.guards[guard] for guard in guards])
        found = run(board.model)
        assert found.proven
        return found.solved

    def least_price(self, prices: PriceList) -> int | None:
        """What it costs at least to relax guards so that all others can hold; `None` where that is not negotiable."""
        board = self.board()
        terms, costs = [], []
        for guard, literal in board.guards.items():
            price = prices.of_guard(self.problem, guard)
            if price is None:
                board.model.add(literal == 1)
            else:
                terms.append(1 - literal)
                costs.append(price)
        board.model.minimize(cp_model.LinearExpr.weighted_sum(terms, costs) if terms else 0)
        found = run(board.model)
        assert found.proven
        return found.objective if found.solved else None


def hard_breaches(problem: Problem, schedule: Schedule) -> list[Rule]:
    return [breach.rule for breach in schedule.breaches(problem) if breach.hard]


@settings(max_examples=IMPOSSIBLE, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowded())
def test_each_conflict_is_impossible_and_possible_without_any_of_its_members(problem: Problem) -> None:
    found = explain(problem, ways=2, seconds=60)
    oracle = Oracle(problem)
    event(f"{found.status.value}, {len(found.contradictions)} conflicts, {len(found.ways)} ways")
    assert found.status is not Status.UNKNOWN
    assert (found.status is Status.INFEASIBLE) is (not oracle.possible(list(oracle.board().guards)))
    for conflict in found.contradictions:
        assert conflict.minimal
        assert conflict.confirmed
        members = list(conflict.members)
        assert all(str(member).endswith((".", "]")) for member in members)
        assert not oracle.possible(members)
        for member in members:
            assert oracle.possible([other for other in members if other != member])


@settings(max_examples=IMPOSSIBLE, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowded())
def test_the_first_way_out_is_the_cheapest_there_is_and_each_breaks_nothing_but_what_it_relaxes(
    problem: Problem,
) -> None:
    found: Explanation = explain(problem, seconds=60)
    assume(found.status is Status.INFEASIBLE)
    least = Oracle(problem).least_price(PriceList.of((), problem))
    assert (found.ways[0].price if found.ways else None) == least
    assert [way.price for way in found.ways] == sorted(way.price for way in found.ways)
    assert found.complete
    for way in found.ways:
        assert set(hard_breaches(problem, way.schedule)) <= {guard.rule for guard in way.relaxed}
    sets = [frozenset((guard.rule.kind, guard.about) for guard in way.relaxed) for way in found.ways]
    assert not any(one < other for one in sets for other in sets)
