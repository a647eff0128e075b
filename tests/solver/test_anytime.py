"""Improving while time lasts: from whatever start, with whatever crew, it ends with a solution and a true bound."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from math import inf
from typing import Any

import pytest
from small import AtOnce, laid_out, week

from unsched import Effort, Progress, TimeLimit, solve
from unsched.solver import climb
from unsched.solver import solve as solving
from unsched.solver.anytime import improve
from unsched.solver.budget import Budget
from unsched.solver.crew import Crew
from unsched.solver.engine import run

PROBLEM = week(8, priced=True)


def optimum() -> int:
    board = laid_out(PROBLEM)[0]
    found = run(board.model)
    assert found.proven
    return found.objective


@pytest.mark.parametrize("large", [0, 10**6], ids=["in parts", "outright"])
@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_small_comes_to_its_optimum(large: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climb, "_LARGE", large)
    board, group, flat, _ = laid_out(PROBLEM)
    found = improve(board, group, Crew(workers, 1), Budget(Effort(4)), share=1.0)
    assert found.proven
    assert found.objective == found.bound == optimum()
    assert not flat.broken(flat.complete(found.values))


def test_a_start_is_where_it_begins() -> None:
    board, group, flat, places = laid_out(PROBLEM)
    found = improve(board, group, Crew(1, 1), Budget(Effort(20)), share=1.0)
    standing = places.standing(flat.complete(found.values))
    told: list[Progress] = []
    budget = Budget(Effort(20), told.append)
    again, group, _, _ = laid_out(PROBLEM)
    found = improve(again, group, Crew(1, 1), budget, share=1.0, starts=[({}, {}), (standing.spans, standing.rooms)])
    assert told[0].source == "start"
    assert told[0].cost == found.objective == optimum()


def test_nothing_to_spend_finds_nothing() -> None:
    board, group, _, _ = laid_out(PROBLEM)
    budget = Budget(TimeLimit(60))
    budget.begun -= 61
    found = improve(board, group, Crew(1, 1), budget, share=1.0)
    assert (found.solved, found.proven) == (False, False)
    assert found.bound <= optimum()


def test_what_cannot_be_is_found_out() -> None:
    board, group, _, _ = laid_out(PROBLEM)
    board.model.add(sum(literal for literal in board.literals_of_spans["s0"].values()) == 0)
    found = improve(board, group, Crew(1, 1), Budget(Effort(20)), share=1.0)
    assert (found.solved, found.proven) == (False, True)


def test_what_cannot_be_laid_out_is_solved_outright() -> None:
    board, group, _, _ = laid_out(PROBLEM)
    number = board.model.new_int_var(0, 5, "")
    board.model.add(number != 3)
    found = improve(board, group, Crew(1, 1), Budget(TimeLimit(20)), share=1.0)
    assert found.proven
    assert found.objective == optimum()


def test_a_crew_makes_threads_or_takes_what_it_is_given() -> None:
    mine = AtOnce()
    with Crew(2, 1, mine).pool() as pool:
        assert pool is mine
    with Crew(2, 1).pool() as pool:
        assert isinstance(pool, ThreadPoolExecutor)
        assert pool.submit(int).result(timeout=10) == 0
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(int)


def test_a_share_is_all_that_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climb, "_LARGE", 0)
    board, group, _, _ = laid_out(week(12, priced=True, seed=1))
    budget = Budget(Effort(0.4))
    improve(board, group, Crew(1, 1), budget, share=0.5)
    assert 0 < budget.effort_used < 0.4
    assert budget.seconds_left == inf


class Breaking(AtOnce):
    """Solves a few parts, and breaks down."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def submit(self, *args: Any, **named: Any) -> Future[Any]:
        self.left -= 1
        if self.left < 0:
            raise BrokenExecutor("the cluster is gone")
        return super().submit(*args, **named)


@pytest.mark.parametrize("after", [0, 3, 12])
def test_what_has_been_found_is_not_lost_with_the_executor(
    after: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(climb, "_LARGE", 0)
    monkeypatch.setattr(climb, "survey", lambda flat, places: None)
    problem = week(16, days=3, priced=True)
    result = solve(problem, stop=Effort(0.5), seed=5, workers=2, executor=Breaking(after))
    assert result.schedule is not None
    assert not [breach for breach in result.schedule.breaches(problem) if breach.hard]
    assert "the cluster is gone" in caplog.text
