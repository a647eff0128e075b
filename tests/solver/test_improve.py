"""A solution is improved part by part, and never made worse."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from small import AtOnce, everything, laid_out, solution, values_of, week

from unsched.solver.crew import first_done
from unsched.solver.flat import Flat, Whole
from unsched.solver.improve import Improver
from unsched.solver.neighbourhoods import Move, Neighbourhoods
from unsched.solver.places import Places, match_standing

PROBLEM = week(8, priced=True)


def made(seed: int = 1) -> tuple[Improver, Flat, Places]:
    _, flat, places, values = solution(PROBLEM)
    chance = random.Random(seed)  # noqa: S311  no secret
    return Improver(flat, places, values, Neighbourhoods(flat, places, chance), seed), flat, places


def after(parts: int) -> Callable[[], bool]:
    """Be over when so many parts have been asked for."""
    asked = iter(range(parts))
    return lambda: next(asked, None) is None


@pytest.mark.parametrize("width", [0, 1, 3])
@pytest.mark.parametrize("make", [AtOnce, lambda: ThreadPoolExecutor(2)], ids=["at once", "threads"])
def test_a_solution_is_never_made_worse_and_stays_one(make: Callable[[], Executor], width: int) -> None:
    search, flat, places = made()
    first, costs = search.cost, []

    def better(kind: str) -> None:
        assert kind in search.neighbourhoods.records
        costs.append(search.cost)
        assert not flat.broken(search.values)
        assert search.cost == flat.cost(search.values)
        assert np.array_equal(search.activity, flat.activity(search.values))
        assert isinstance(match_standing(places.board, search.standing), dict)

    with make() as pool:
        search.run(pool, width, moves=search.neighbourhoods.moves(search), over=after(30), better=better)
    assert costs == sorted(set(costs), reverse=True)
    assert costs[-1] == search.cost < first
    assert not flat.broken(search.values)
    assert search.parts > 0
    assert search.effort > 0


def test_the_same_seed_and_width_come_to_the_same_wherever_parts_are_solved() -> None:
    found = []
    for make in (AtOnce, lambda: ThreadPoolExecutor(1), lambda: ThreadPoolExecutor(3)):
        search, _, _ = made(seed=3)
        with make() as pool:
            search.run(pool, 2, moves=search.neighbourhoods.moves(search), over=after(40))
        found.append((search.values.tolist(), search.effort, search.parts))
    assert found[0] == found[1] == found[2]


class Unready(Future[Any]):
    """A future that nobody should wait for."""

    def result(self, timeout: float | None = None) -> Any:
        assert self.done(), "somebody waits for the slowest"
        return super().result(timeout)


class Slow(AtOnce):
    """An executor whose first part is solved only once a later one is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.first: Future[Any] | None = None
        self.given = Unready()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done = super().submit(fn, *args, **kwargs)
        if self.first is None:
            self.first = done
            return self.given
        if len(self.futures) == 4 and not self.given.done():
            self.given.set_result(self.first.result())
        return done


def test_nobody_waits_for_the_slowest_where_no_order_is_asked_for() -> None:
    search, flat, _ = made()
    search.ordered = False
    pool = Slow()
    # Two parts at a time: taken in their order, the first would be waited for before the third is asked for.
    search.run(pool, 1, moves=search.neighbourhoods.moves(search), over=after(30))
    assert pool.given.done()
    assert not flat.broken(search.values)


def test_who_starts_from_what_cannot_cost_less_is_not_solved() -> None:
    _, flat, places, values = solution(PROBLEM)
    flat = evolve(flat, weights=np.zeros_like(flat.weights))
    search = Improver(flat, places, values, Neighbourhoods(flat, places, random.Random(1)))  # noqa: S311  no secret
    for hinted, parts in ((True, 0), (False, 1)):
        search.run(AtOnce(), 0, moves=iter([Move("all", everything(flat), 1.0, hinted=hinted)]), over=lambda: False)
        assert search.parts == parts


def test_freeing_everything_comes_to_the_optimum() -> None:
    board, _, flat, _ = laid_out(PROBLEM)
    best = flat.cost(values_of(flat, board))
    search, flat, _ = made()
    search.run(AtOnce(), 0, moves=iter([Move("all", everything(flat), 10.0)]), over=lambda: False)
    assert search.cost == best


def test_it_ends_where_no_move_is_left_or_none_decides_anything() -> None:
    search, flat, _ = made()
    values = search.values
    search.run(AtOnce(), 3, moves=iter(()), over=lambda: False)
    nothing = Move("random", np.zeros(0, dtype=np.int64))
    asked = 0

    def moves() -> Iterator[Move]:
        nonlocal asked
        while True:
            asked += 1
            yield nothing

    search.run(AtOnce(), 3, moves=moves(), over=lambda: False)
    assert asked <= 1_000
    assert np.array_equal(search.values, values)
    assert search.parts == 0
    assert not flat.broken(values)


def test_no_more_parts_wait_than_one_beside_those_that_are_worked_on() -> None:
    search, _, _ = made()
    waiting: list[int] = []

    class Counting(AtOnce):
        taken = 0

        def submit(self, *args: object, **named: object) -> object:  # type: ignore[override]
            future = super().submit(*args, **named)  # type: ignore[arg-type]
            waiting.append(len(self.futures) - self.taken)
            result = future.result

            def take(timeout: float | None = None) -> object:
                self.taken += 1
                return result(timeout)

            future.result = take  # type: ignore[method-assign]
            return future

    search.run(Counting(), 2, moves=search.neighbourhoods.moves(search), over=after(40))
    assert max(waiting) == 3


def test_what_is_under_way_when_it_is_over_is_called_off() -> None:
    search, _, _ = made()
    with ThreadPoolExecutor(1) as pool:
        search.run(pool, 3, moves=search.neighbourhoods.moves(search), over=after(4))
        assert pool.submit(int).result(timeout=10) == 0
    assert search.parts >= search.effort >= 0


def test_what_no_longer_fits_is_not_taken_over() -> None:
    search, flat, _ = made()
    values = search.values.copy()
    variables = np.array([literal.index for literal in search.places.board.literals_of_spans["s0"].values()])
    everywhere: Whole = np.ones(len(variables), dtype=np.int64)
    assert not search._adopt(variables, everywhere)
    assert not search._adopt(variables, values[variables])
    dear = np.flatnonzero((flat.weights > 0) & (values < flat.upper))[:1]
    assert not search._adopt(dear, flat.upper[dear])
    assert np.array_equal(search.values, values)
    assert not flat.broken(search.values)


def test_an_error_in_a_part_reaches_the_caller() -> None:
    class Broken(AtOnce):
        def submit(self, *args: object, **named: object) -> object:  # type: ignore[override]
            future: Future[object] = Future()
            future.set_exception(OSError("the machine is gone"))
            return future

    search, flat, _ = made()
    with pytest.raises(OSError, match="the machine is gone"):
        search.run(Broken(), 1, moves=search.neighbourhoods.moves(search), over=after(40))
    assert not flat.broken(search.values)


def test_whoever_is_done_or_called_off_is_not_waited_for() -> None:
    slow, off, done = Future[int](), Future[int](), Future[int]()
    off.cancel()
    done.set_result(1)
    assert first_done([slow, off, done]) is off
    assert first_done([slow, done]) is done
