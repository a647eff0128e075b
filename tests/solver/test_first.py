"""Any schedule: from the model as it is, or prepared; and what had no rooms is amended, no more of it than must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from small import week

from unsched import Problem, TimeLimit
from unsched.rules import NotTogether, Pin
from unsched.rules.base import Constraint
from unsched.solver import first
from unsched.solver.board import Board
from unsched.solver.budget import Budget
from unsched.solver.compile import compile_problem
from unsched.solver.crew import Crew
from unsched.solver.engine import Manner, run
from unsched.solver.places import match_standing, standing_of

if TYPE_CHECKING:
    import pytest
    from ortools.sat.python import cp_model


def board_of(problem: Problem, in_rooms: frozenset[str] = frozenset()) -> Board:
    constraints = [rule for rule in problem.all_rules if isinstance(rule, Constraint)]
    return compile_problem(problem, constraints, in_rooms=in_rooms)


def budget() -> Budget:
    return Budget(TimeLimit(60), None)


def test_a_schedule_is_found_of_the_model_as_it_is() -> None:
    board = board_of(week(8))
    found = first.find_any(board, Crew(1, 0, None), budget())
    assert found.solved
    assert isinstance(match_standing(board, standing_of(board, found.values)), dict)


def test_what_is_not_found_soon_is_sought_with_preparation(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def noted(model: cp_model.CpModel, **how: object) -> object:
        seen.append(how["manner"])
        return run(model, **{**how, "seconds": 0.0 if len(seen) == 1 else how["seconds"]})  # type: ignore[arg-type]

    monkeypatch.setattr(first, "run", noted)
    assert first.find_any(board_of(week(8)), Crew(1, 0, None), budget()).solved
    assert seen == [Manner.AS_IT_IS, Manner.THOROUGH]


def test_what_is_amended_keeps_the_times_of_all_others() -> None:
    problem = week(8)
    times = standing_of(board_of(problem), first.find_any(board_of(problem), Crew(1, 0, None), budget()).values).spans
    anew = frozenset({"s0", "s1"})
    board = board_of(problem, anew)
    found = first.amend(board, budget(), times, anew)
    assert found is not None
    standing = standing_of(board, found.values)
    assert {name: span for name, span in standing.spans.items() if name not in anew} == {
        name: span for name, span in times.items() if name not in anew
    }
    assert standing.spans.keys() == times.keys()
    assert set(standing.rooms) == anew


def test_where_the_others_leave_no_place_nothing_is_amended() -> None:
    problem = week(4)
    board = board_of(problem)
    times = standing_of(board, first.find_any(board, Crew(1, 0, None), budget()).values).spans
    start = problem.window.wall(times["s0"].start)
    rules = [*problem.rules, NotTogether(["s0", "s1"]), Pin("s1", start)]
    clash = board_of(evolve(problem, rules=rules), frozenset({"s1"}))
    assert first.amend(clash, budget(), times, frozenset({"s1"})) is None
