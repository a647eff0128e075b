"""A walk keeps what holds, counts what it costs, and comes the same way again."""

from __future__ import annotations

import hashlib
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from small import laid_out, solution, week

from unsched import (
    Effort,
    FirstSchedule,
    Gap,
    Person,
    Problem,
    Progress,
    Session,
    Status,
    TimeLimit,
    solve,
)
from unsched.rules import InvitedCanAttend, MealBreak, Rest, Soften
from unsched.rules.base import Rule
from unsched.solver import climb, kernel, layout, walk
from unsched.solver import solve as solving
from unsched.solver.anneal import Walker, narrowed
from unsched.solver.budget import Budget
from unsched.solver.crew import Crew
from unsched.solver.engine import run
from unsched.solver.flat import FAR, Flat, Whole
from unsched.solver.ground import Ground
from unsched.solver.improve import Improver
from unsched.solver.kernel import sample
from unsched.solver.layout import AWRY, BROKEN, CHAIN, COST, CURRENT, SESSIONS, SIZE, VALUES
from unsched.solver.neighbourhoods import Neighbourhoods
from unsched.solver.places import Places
from unsched.solver.walk import Walk, survey


def ground(problem: Problem) -> tuple[Ground, Flat, Whole]:
    _, flat, places, values = solution(problem)
    found = survey(flat, places)
    assert found is not None
    return found, flat, values


def standing(one: Walk) -> tuple[Whole, Whole]:
    """Return the positions and values where a walk stands."""
    _, at, _ = one.ground.laid_out
    state = one.state
    return state[at[CURRENT] : at[CURRENT] + at[SESSIONS]], state[at[VALUES] : at[VALUES] + at[SIZE]]


ROUNDABOUT = (Soften(MealBreak("09:00", "12:00", 120)), Soften(Rest(120, 61, per="tag")))
"""What follows here is stopped by rows in which it stands with other factors than one."""


@pytest.mark.parametrize("priced", [False, True], ids=["times", "times and rooms"])
@pytest.mark.parametrize("more", [(), ROUNDABOUT], ids=["as it is", "with more rules"])
@pytest.mark.parametrize("seed", range(3))
def test_wherever_it_goes_it_keeps_the_rows_and_counts_what_they_cost(
    *, priced: bool, more: tuple[Rule, ...], seed: int
) -> None:
    problem = week(10, seed, days=3, priced=priced)
    on, flat, values = ground(evolve(problem, rules=(*problem.rules, *more)))
    one = Walk(on, seed, 33)
    assert one.begin(values)
    for temperature in (50.0, 2.0, 0.1):
        assert one.go(temperature, 400) > 0
        positions, now = standing(one)
        anew = on.state_of(positions)
        assert one.cost == anew[COST] == flat.cost(now)
        at = on.laid_out[1]
        assert np.array_equal(now, anew[at[VALUES] : at[VALUES] + at[SIZE]])
        assert not flat.broken(flat.complete(now.tolist()))
    best = one.solution()
    assert flat.cost(best) == one.best <= flat.cost(values)
    assert not flat.broken(best)
    assert one.work > 0


def test_who_attends_which_of_several_sessions_is_shared_out_so_that_all_rows_hold() -> None:
    problem = week(10)
    parties = [("p1", "p2", f"p{3 + number % 3}") for number in range(10)]
    sessions = [evolve(one, required=(), invited=some) for one, some in zip(problem.sessions, parties, strict=True)]
    persons = [Person(f"p{number}") for number in range(1, 6)]
    on, flat, values = ground(evolve(problem, sessions=sessions, persons=persons, rules=[InvitedCanAttend()]))
    assert np.diff(on.formulas.row_starts)[on.formulas.shared].max() > 3
    at = on.laid_out[1]
    one = Walk(on, 1, 33)
    assert one.begin(values)
    for temperature in (5.0, 0.5):
        assert one.go(temperature, 500) > 0
        positions, now = standing(one)
        assert np.array_equal(now, on.state_of(positions)[at[VALUES] : at[VALUES] + at[SIZE]])
        assert one.cost == flat.cost(now)
        assert not flat.broken(flat.complete(now.tolist()))
    # Whatever is allowed of the decisions leaves something to share out, whoever had what before.
    model, state = on.laid_out[0], one.state
    moved, origins = np.empty(CHAIN, np.int64), np.empty(CHAIN, np.int64)
    allowed = 0
    for session in range(on.laid_out[1][SESSIONS]):
        for _ in range(20):
            before = one.cost
            many = kernel._try(model, state, at, session, moved, origins)
            allowed += many > 0 and not state[BROKEN]
            assert state[BROKEN] or not state[AWRY]
            kernel._restore(model, state, at, moved, origins, many, before)
    assert allowed > 50


def test_a_session_that_can_stand_nowhere_is_walked_around() -> None:
    problem = week(12)
    nowhere = Session("nowhere", "No day is that long", 1_200, optional=True)
    on, _, values = ground(evolve(problem, sessions=(*problem.sessions, nowhere)))
    one = Walk(on, 1, 33)
    assert one.begin(values)
    assert one.go(1.0, 100) > 0


def test_a_walk_that_keeps_nothing_leaves_everything_as_it_was() -> None:
    on, _, values = ground(week(12, priced=True))
    one = Walk(on, 1, 33)
    assert one.begin(values)
    positions, now = (each.copy() for each in standing(one))
    model, at, _ = on.laid_out
    assert len(sample(model, one.state, at, 500))
    again, values_again = standing(one)
    assert one.cost == on.state_of(again)[COST]
    assert np.array_equal(positions, again)
    assert np.array_equal(now, values_again)


def test_a_cold_walk_only_goes_down() -> None:
    on, _, values = ground(week(12, priced=True))
    one = Walk(on, 1, 33)
    assert one.begin(values)
    cost = one.cost
    for _ in range(20):
        one.go(1e-6, 50)
        assert one.cost <= cost
        cost = one.cost


def test_the_same_seed_goes_the_same_way_and_another_does_not() -> None:
    on, _, values = ground(week(12, priced=True))

    def after(seed: int) -> list[int]:
        one = Walk(on, seed, 33)
        assert one.begin(values)
        one.go(5.0, 500)
        return [int(at) for at in standing(one)[0]]

    assert after(1) == after(1)
    assert after(1) != after(2)


def test_it_begins_at_a_solution_and_nowhere_else() -> None:
    on, flat, values = ground(week(6))
    assert not Walk(on, 1, 33).begin(np.zeros_like(values))
    broken = 0
    times = on.places.board.literals_of_spans
    for one, other in combinations(times, 2):
        for span in times[one].keys() & times[other].keys():
            clash = values.copy()
            for name in (one, other):
                clash[[literal.index for literal in times[name].values()]] = 0
                clash[times[name][span].index] = 1
            positions = on.position_of(clash)
            assert positions is not None
            follows = on.solution(positions)
            assert Walk(on, 1, 33).begin(clash) is not flat.broken(follows)
            broken += flat.broken(follows)
    assert broken


def test_there_is_no_walk_without_what_compiles_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, flat, places = laid_out(week(6))
    assert survey(flat, places) is not None
    monkeypatch.setattr(walk, "can_walk", lambda: False)
    assert survey(flat, places) is None
    monkeypatch.setattr(solving, "_SMALL", 0)
    problem = week(8)
    result = solve(problem, stop=TimeLimit(10), workers=2)
    assert result.schedule is not None


def test_siblings_are_those_who_gain_by_standing_in_one_room() -> None:
    on, _, _ = ground(week(6, priced=True))
    starts, members = on.siblings
    families = {name: [on.names[at] for at in members[starts[n] : starts[n + 1]]] for n, name in enumerate(on.names)}
    assert families["s0"] == ["s1", "s2"]
    assert families["s1"] == ["s0", "s2"]
    assert not families["s3"]


def test_what_is_compiled_is_of_this_layout() -> None:
    source = Path(layout.__file__).read_bytes()
    assert hashlib.sha256(source).hexdigest()[:16] == kernel.LAYOUT, "Write the new digest into kernel.py."
    assert FAR == 2**60


def test_there_is_no_walk_where_numba_does_not_get_on_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    walk.can_walk.cache_clear()
    monkeypatch.setitem(sys.modules, "unsched.solver.kernel", None)
    monkeypatch.delattr("unsched.solver.kernel")
    try:
        assert not walk.can_walk()
    finally:
        walk.can_walk.cache_clear()


def test_nobody_walks_where_nobody_can_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, flat, places = laid_out(week(4))
    monkeypatch.setattr(Ground, "names", ())
    assert survey(flat, places) is None


def test_a_walk_that_is_interrupted_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climb, "WALKED", 0)
    monkeypatch.setattr(climb, "is_warm", lambda *_: True)
    problem = week(16, days=3, priced=True)
    published = solve(problem, stop=FirstSchedule(), workers=1).schedule
    assert published is not None
    seen: list[str] = []

    def stop(told: Progress) -> None:
        seen.append(told.source)
        if told.source == "walk":
            raise KeyboardInterrupt

    result = solve(evolve(problem, published=published), stop=TimeLimit(100), workers=1, on_progress=stop)
    assert "walk" in seen
    assert result.interrupted
    assert result.schedule is not None
    assert not [breach for breach in result.schedule.breaches(problem) if breach.hard]


def test_a_walk_ends_where_nothing_else_sets_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climb, "WALKED", 0)
    monkeypatch.setattr(climb, "is_warm", lambda *_: True)
    monkeypatch.setattr(climb, "_ROUND", 0.3)
    problem = week(16, days=3, priced=True)
    published = solve(problem, stop=FirstSchedule(), workers=1).schedule
    result = solve(evolve(problem, published=published), stop=Gap(0.0), workers=2)
    assert result.status is Status.OPTIMAL


def test_without_a_limit_of_time_a_race_in_which_nobody_gains_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    board, group, flat, places = laid_out(week(6))
    on = climb.Climb(board, group, Crew(1, 1), Budget(Gap(0.0)), until=inf, effort=inf)
    asked: list[str] = []

    def ask(kind: str) -> None:
        asked.append(kind)
        assert len(asked) < 10

    monkeypatch.setattr(climb, "is_warm", lambda *_: True)
    monkeypatch.setattr(climb.Climb, "walk", lambda *_, **__: ask("walk"))
    monkeypatch.setattr(climb.Climb, "_parts", lambda *_, **__: ask("parts"))
    search = Improver(flat, places, np.zeros_like(flat.lower), Neighbourhoods(flat, places, random.Random(1)))  # noqa: S311  no secret
    with ThreadPoolExecutor(1) as pool:
        on._race(search, pool, inf)
    assert set(asked) == {"walk", "parts"}


class TestAnnealing:
    def made(self, seed: int = 1) -> tuple[Improver, Ground, Flat, Places]:
        on, flat, values = ground(week(14, priced=True))
        chance = random.Random(seed)  # noqa: S311  no secret
        return Improver(flat, on.places, values, Neighbourhoods(flat, on.places, chance), seed), on, flat, on.places

    def test_walks_side_by_side_come_to_the_optimum(self) -> None:
        search, on, flat, _ = self.made()
        best = run(on.places.board.model)
        assert best.proven
        told: list[int] = []
        used = Walker(on, workers=2, seed=1).improve(
            search, seconds=inf, effort=1.0, over=lambda: False, better=lambda: told.append(search.cost)
        )
        assert 1.0 <= used < 1.1
        offset = round(on.places.board.model.proto.objective.offset)
        assert search.cost + offset == best.objective
        assert told == sorted(set(told), reverse=True)
        assert not flat.broken(search.values)

    @pytest.mark.parametrize("warm", [False, True])
    def test_the_same_effort_comes_to_the_same(self, *, warm: bool) -> None:
        found = []
        for _ in range(2):
            search, on, _, _ = self.made()
            Walker(on, workers=2, seed=3, warm=warm).improve(
                search, seconds=inf, effort=0.05, over=lambda: False, better=lambda: None
            )
            found.append(search.values.tolist())
        assert found[0] == found[1]

    def test_it_stops_when_it_is_told_to(self) -> None:
        used = []
        for many in (0, 1, 4):
            search, on, _, _ = self.made()
            asked: list[bool] = []

            def over(most: int = many, asked: list[bool] = asked) -> bool:
                asked.append(len(asked) >= most)
                return asked[-1]

            walker = Walker(on, workers=1, seed=1)
            used.append(walker.improve(search, seconds=60.0, effort=inf, over=over, better=lambda: None))
            # Once before each stretch, and once more between the first descent and the rest.
            assert many < len(asked) <= many + 2
        assert used == sorted(set(used))

    def test_a_walk_that_was_long_enough_tells_between_which_temperatures_to_go(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        search, on, _, _ = self.made()
        walker = Walker(on, workers=2, seed=1)
        improve: dict[str, Any] = {"seconds": inf, "over": lambda: False, "better": lambda: None}
        walker.improve(search, **improve, effort=0.01)
        assert walker.span is None
        monkeypatch.setattr("unsched.solver.anneal._SWEEPS", 100)
        search.replace(self.made()[0].values)
        walker.improve(search, **improve, effort=1.0)
        assert walker.span is not None
        hot, cold = walker.span
        one = Walk(on, 1, 33)
        assert one.begin(search.values)
        assert one.gauge()
        assert one.cold / 2 < cold < hot <= one.hot

    @given(st.lists(st.integers(0, 1_000), min_size=1, max_size=200))
    def test_whatever_the_costs_it_ends_colder_than_it_begins(self, costs: list[int]) -> None:
        temperatures = [8.0 * 0.97**step for step in range(len(costs))]
        hot, cold = narrowed(list(zip(temperatures, costs, strict=True)))
        assert temperatures[0] >= hot > cold >= temperatures[-1] / 2

    def test_who_cannot_walk_from_here_is_not_asked_again(self) -> None:
        search, on, _, _ = self.made()
        walker = Walker(on, workers=1, seed=1)
        search.values = np.zeros_like(search.values)
        told: list[Any] = []
        improve: dict[str, Any] = {"seconds": 1.0, "effort": inf, "over": lambda: False}
        assert walker.improve(search, **improve, better=lambda: told.append(1)) == 0
        assert walker.ground is None
        assert walker.improve(search, **improve, better=lambda: told.append(1)) == 0
        assert not told


@pytest.mark.parametrize("workers", [1, 2])
def test_a_search_with_walks_is_the_same_for_the_same_effort(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(climb, "_LARGE", 0)
    monkeypatch.setattr(climb, "WALKED", 0)
    monkeypatch.setattr(solving, "WALKED", 0)
    problem = week(16, days=3, priced=True)
    seen: list[str] = []
    results = [
        solve(problem, stop=Effort(1.0), seed=5, workers=workers, on_progress=lambda told: seen.append(told.source))
        for _ in range(2)
    ]
    assert "walk" in seen
    assert results[0].schedule == results[1].schedule
    assert results[0].tiers == results[1].tiers
    assert results[0].schedule is not None
    assert not [breach for breach in results[0].schedule.breaches(problem) if breach.hard]


def test_walks_and_parts_take_turns_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(climb, "_LARGE", 0)
    monkeypatch.setattr(climb, "WALKED", 0)
    monkeypatch.setattr(climb, "is_warm", lambda *_: True)
    monkeypatch.setattr(climb, "_ROUND", 0.2)
    asked: list[float] = []
    plain = Walker.improve

    def counted(*given: Any, **named: Any) -> float:
        asked.append(named["seconds"])
        return plain(*given, **named)

    monkeypatch.setattr(Walker, "improve", counted)
    problem = week(24, days=3, priced=True)
    result = solve(problem, stop=TimeLimit(6), workers=2)
    assert result.schedule is not None
    assert not [breach for breach in result.schedule.breaches(problem) if breach.hard]
    assert asked
