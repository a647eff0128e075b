"""One run of CP-SAT: what one worker soon decides comes out the same with several, and no word is lost between them."""

from __future__ import annotations

from math import inf

import pytest
from ortools.sat.python import cp_model

from unsched import Delegation, Problem, Room, Seats, Session, Venue, Window, solve
from unsched.solver import engine
from unsched.solver.engine import Manner, Run, run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """With how many workers CP-SAT has been asked, one time after the other."""
    asked: list[int] = []
    once = engine._run

    def noted(model: cp_model.CpModel, *, workers: int, **others: object) -> Run:
        asked.append(workers)
        return once(model, workers=workers, **others)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(engine, "_run", noted)
    return asked


def _many_best(size: int = 12) -> cp_model.CpModel:
    """Choose half of some numbers at least: each choice of exactly half costs the same."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var(f"chosen {number}") for number in range(size)]
    model.add(sum(chosen) >= size // 2)
    model.minimize(sum(chosen))
    return model


def _hole(pigeons: int) -> cp_model.CpModel:
    """Let as many pigeons as can sit in one hole fewer than there are; how many that is takes work to prove."""
    model = cp_model.CpModel()
    sits = [[model.new_bool_var("") for _ in range(pigeons - 1)] for _ in range(pigeons)]
    for row in sits:
        model.add(sum(row) <= 1)
    for hole in zip(*sits, strict=True):
        for one in range(pigeons):
            for other in range(one):
                model.add_bool_or(hole[one].negated(), hole[other].negated())
    model.minimize(pigeons - sum(sum(row) for row in sits))
    return model


def test_a_small_problem_has_the_same_schedule_each_time_however_many_workers_there_are() -> None:
    problem = Problem(
        "igf",
        Window("Europe/Zurich", ["2010-12-16", "2010-12-17"]),
        Venue([Room(name, seats=Seats(table=100)) for name in ("XXVI", "XXIV")]),
        [Session(f"wg-{number}", "Working Group", 180, required="brazil") for number in range(2)],
        [Delegation("brazil", "Brazil")],
    )
    schedules = {str(solve(problem, workers=workers).schedule) for workers in (1, 2, 3, 4) for _ in range(5)}
    assert len(schedules) == 1


def test_several_workers_find_what_one_finds_of_many_that_are_as_good(asked: list[int]) -> None:
    alone = run(_many_best())
    assert all(run(_many_best(), workers=3, alike=True).values == alone.values for _ in range(10))
    assert asked == [1] * 11


def test_what_one_worker_does_not_decide_is_gone_on_with_by_all(
    asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_ALONE", 1e-9)
    found = run(_hole(6), workers=2, alike=True)
    assert asked == [1, 2]
    assert (found.proven, found.objective, found.bound) == (True, 1, 1)


@pytest.mark.parametrize(
    ("many", "size", "effort", "alike"),
    [(1, 9_000, inf, True), (2, 1, inf, True), (2, 9_000, 10.0, True), (2, 9_000, inf, False)],
    ids=["one", "large", "effort", "any will do"],
)
def test_one_worker_a_large_model_a_limited_effort_and_who_takes_any_solution_need_one_run(
    *, many: int, size: int, effort: float, alike: bool, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_SMALL", size)
    assert run(_many_best(), workers=many, effort=effort, alike=alike).proven
    assert asked == [many]


def test_whoever_has_enough_while_one_worker_is_at_work_gets_no_second_run(asked: list[int]) -> None:
    found = run(_hole(9), workers=2, alike=True, enough=lambda cost, bound: True, manner=Manner.AS_IT_IS)
    assert (found.solved, found.proven, asked) == (True, False, [1])


def test_of_two_runs_the_better_schedule_the_higher_bound_and_all_effort_are_kept() -> None:
    one = Run(cp_model.FEASIBLE, [1], [], 7, 2, 1.0, interrupted=False)
    other = Run(cp_model.FEASIBLE, [2], [[3]], 5, 1, 2.0, interrupted=True)
    both = one.or_better(other)
    assert (both.values, both.earlier, both.objective, both.bound) == ([2], [[3], [1]], 5, 2)
    assert (both.effort, both.interrupted, both.proven) == (3.0, True, False)
    assert other.or_better(one).values == [2]
    unsolved = Run(cp_model.UNKNOWN, (), (), 0, 4, 1.0, interrupted=True)
    kept = one.or_better(unsolved)
    assert (kept.values, kept.bound, kept.interrupted) == ([1], 4, True)
    assert unsolved.or_better(one).values == [1]
    proven = Run(cp_model.OPTIMAL, [2], (), 7, 7, 1.0, interrupted=False)
    assert one.or_better(proven).proven
    assert one.or_better(proven).values == [1]
    impossible = Run(cp_model.INFEASIBLE, (), (), 0, 0, 1.0, interrupted=False)
    assert unsolved.or_better(impossible).status == cp_model.INFEASIBLE
