"""Any schedule: from the model as it is, or prepared; and what had no rooms is mended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from attrs import evolve
from small import week

from unsched import Problem, Progress, TimeLimit
from unsched.rules import NotTogether, Pin
from unsched.rules.base import Constraint
from unsched.solver import first
from unsched.solver.board import Board
from unsched.solver.budget import Budget
from unsched.solver.compile import compile_problem
from unsched.solver.crew import Crew
from unsched.solver.engine import Manner, run
from unsched.solver.places import match_standing, seat, standing_of

if TYPE_CHECKING:
    from datetime import datetime

    import pytest
    from ortools.sat.python import cp_model


def board_of(problem: Problem) -> Board:
    constraints = [rule for rule in problem.all_rules if isinstance(rule, Constraint)]
    return compile_problem(problem, constraints)


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


def test_who_has_no_room_is_let_in_anew_and_the_others_stay() -> None:
    problem = week(12)
    board = board_of(problem)
    times = standing_of(board, first.find_any(board, Crew(1, 0, None), budget()).values).spans
    # All that can be where one is, so that most have no room.
    crowd = dict(times)
    for session in problem.sessions:
        here = [span for span in board.spans(session) if span.start == times["s0"].start]
        crowd[session.id] = here[0] if here else times[session.id]
    values = [0] * len(board.model.proto.variables)
    for name, span in crowd.items():
        values[board.literals_of_spans[name][span].index] = 1
    seated = set(seat(board, standing_of(board, values)))
    assert 0 < len(seated) < len(problem.sessions)
    found = first.mend(board, Crew(1, 0, None), budget(), values)
    assert found.solved
    standing = standing_of(board, found.values)
    assert standing.spans.keys() == times.keys()
    assert isinstance(match_standing(board, standing), dict)


def test_nobody_is_told_of_times_before_they_have_rooms() -> None:
    told: list[Progress] = []
    assert first.find_any(board_of(week(8)), Crew(1, 0, None), Budget(TimeLimit(60), told.append)).solved
    assert told == []


def test_where_the_executor_breaks_down_nothing_is_mended() -> None:
    class Broken(ThreadPoolExecutor):
        def submit(self, *args: object, **named: object) -> object:  # type: ignore[override]
            raise RuntimeError("no cluster")

    board = board_of(week(4))
    nothing = [0] * len(board.model.proto.variables)
    with Broken(1) as broken:
        assert not first.mend(board, Crew(1, 0, broken), budget(), nothing).solved
    assert first.mend(board, Crew(1, 0, None), budget(), nothing).solved


def test_what_cannot_be_mended_is_nothing() -> None:
    problem = week(4)
    clash = evolve(problem, rules=[*problem.rules, NotTogether(["s0", "s1"]), Pin(["s0", "s1"], _start(problem))])
    board = board_of(clash)
    over = Budget(TimeLimit(2), None)
    assert not first.mend(board, Crew(1, 0, None), over, [0] * len(board.model.proto.variables)).solved


def _start(problem: Problem) -> datetime:
    board = board_of(problem)
    both = [{span.start for span in board.spans(problem.session(name))} for name in ("s0", "s1")]
    return problem.window.wall(min(both[0] & both[1]))
