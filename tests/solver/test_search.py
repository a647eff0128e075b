"""The search as a whole: parts, windows, stops and going on, where what counts as large is made small."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from unsched import (
    Cancel,
    Effort,
    Gap,
    InputError,
    NoImprovement,
    Period,
    Person,
    Problem,
    Progress,
    Result,
    Room,
    Rule,
    Schedule,
    SearchState,
    Seats,
    Session,
    Status,
    TimeLimit,
    Venue,
    Window,
    load_state,
    save,
    solve,
)
from unsched.rules import DeclaredConflicts, NotTogether, PreferTime, SameRoom, SeatsEnough, Soften
from unsched.rules.parallel import Conflict
from unsched.solver import climb, start
from unsched.solver import solve as solving
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.improve import Improver


def weeks(count: int, meetings: int, seed: int = 1, *, priced: bool = False) -> Problem:
    """Draw weeks of meetings that each have a week, wishes, people in common, and (at a price) too few seats."""
    chance = random.Random(seed)  # noqa: S311  no secret
    first = date(2010, 1, 4)
    days = [first + timedelta(days=7 * week + day) for week in range(count) for day in range(5)]
    sessions: list[Session] = []
    rules: list[Rule] = []
    for week in range(count):
        mine = days[5 * week : 5 * week + 5]
        for number in range(meetings):
            name = f"w{week}-{number}"
            people = sorted({f"p{chance.randrange(2 * meetings)}" for _ in range(2)})
            sessions.append(
                Session(
                    name,
                    name,
                    chance.choice([60, 90, 180]),
                    tags=[f"t{chance.randrange(5)}"],
                    required=people,
                    side_seats=chance.choice([10, 40, 90]),
                    available=[Period(mine)],
                )
            )
            if chance.random() < 0.7:
                rules.append(PreferTime([name], [Period([chance.choice(mine)], "10:00", "13:00")]))
    pairs = [tuple(sorted(chance.sample([one.id for one in sessions], 2))) for _ in range(3 * len(sessions))]
    rules.append(DeclaredConflicts([Conflict(a, b, 2) for a, b in dict.fromkeys(pairs)]))
    if priced:
        rules += [Soften(SeatsEnough()), SameRoom([one.id for one in sessions[:4]])]
    rooms = [Room(name, seats=Seats(side=seats)) for name, seats in (("A", 100), ("B", 50), ("C", 20))]
    persons = [Person(name) for name in dict.fromkeys(name for one in sessions for name in one.required)]
    window = Window("Europe/Zurich", days, step=30)
    return Problem("weeks", window, Venue(rooms), sessions, persons=persons, rules=rules)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything count as large, so that it is solved in parts."""
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(climb, "_LARGE", 0)
    monkeypatch.setattr(climb, "survey", lambda flat, places: None)


def kept(problem: Problem, result: Result) -> Schedule:
    """Return the schedule, which keeps all constraints and costs what is said."""
    assert result.schedule is not None
    assert not [breach for breach in result.schedule.breaches(problem) if breach.hard]
    assert all(tier.bound <= tier.cost for tier in result.tiers)
    return result.schedule


@pytest.mark.usefixtures("in_parts")
class TestParts:
    def test_a_schedule_found_in_parts_keeps_the_rules_and_its_bound(self) -> None:
        seen: list[Progress] = []
        problem = weeks(1, 24)
        result = solve(problem, stop=TimeLimit(6), workers=2, on_progress=seen.append)
        kept(problem, result)
        assert any(progress.source.startswith("neighbourhood") for progress in seen)
        costs = [progress.cost for progress in seen if progress.tier == 1]
        bounds = [progress.bound for progress in seen if progress.tier == 1]
        assert costs == sorted(costs, reverse=True)
        assert bounds == sorted(bounds)

    @pytest.mark.parametrize("workers", [1, 2])
    def test_parts_give_the_same_schedule_for_the_same_effort(self, workers: int) -> None:
        problem = weeks(1, 20, seed=3, priced=True)
        seen: list[Progress] = []
        results = [solve(problem, stop=Effort(0.6), seed=5, workers=workers, on_progress=seen.append) for _ in range(2)]
        kept(problem, results[0])
        assert any(progress.source.startswith("neighbourhood") for progress in seen)
        assert results[0].schedule == results[1].schedule
        assert results[0].tiers == results[1].tiers

    def test_parts_are_solved_on_the_executor_that_is_given(self) -> None:
        class Counting(ThreadPoolExecutor):
            parts = 0

            def submit(self, *args: object, **named: object) -> object:  # type: ignore[override]
                self.parts += 1
                return super().submit(*args, **named)  # type: ignore[arg-type]

        problem = weeks(1, 20)
        with Counting(2) as pool:
            kept(problem, solve(problem, stop=TimeLimit(4), workers=2, executor=pool))
        assert pool.parts > 5

    def test_windows_are_built_and_proven_one_by_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solving, "_MANY", 10)
        monkeypatch.setattr(climb, "_WINDOW", 12)
        monkeypatch.setattr(start, "_WINDOW", 12)
        problem = weeks(6, 12)
        seen: list[Progress] = []
        result = solve(problem, stop=TimeLimit(40), workers=2, on_progress=seen.append)
        kept(problem, result)
        assert result.status is Status.OPTIMAL
        monkeypatch.setattr(solving, "_SMALL", 10**6)
        monkeypatch.setattr(solving, "_MANY", 10**6)
        monkeypatch.setattr(climb, "_LARGE", 10**6)
        assert solve(problem, stop=TimeLimit(60), workers=2).cost == result.cost

    def test_a_few_sessions_at_a_time_find_a_first_schedule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solving, "_MANY", 10)
        problem = weeks(1, 30, seed=2)
        seen: list[Progress] = []
        result = solve(problem, stop=TimeLimit(5), workers=1, on_progress=seen.append)
        assert len(kept(problem, result)) == 30
        assert seen[0].source == "start"


@pytest.mark.parametrize("seed", range(4))
def test_the_times_alone_never_cost_more_than_everything(seed: int) -> None:
    problem = weeks(1, 7, seed=seed, priced=True)
    bounds = []
    for times_only in (True, False):
        board = compile_problem(problem, times_only=times_only)
        board.model.minimize(board.cost(1))
        found = run(board.model)
        assert found.proven
        bounds.append(found.objective)
    assert bounds[0] <= bounds[1]


def test_counting_seats_that_are_short_loses_nothing_where_rooms_are_nested_and_times_are_fixed() -> None:
    window = Window("UTC", ["2010-12-17"], step=60)
    rooms = [Room("A", seats=Seats(side=100)), Room("B", seats=Seats(side=50)), Room("C", seats=Seats(side=20))]
    heads = {"large": 90, "larger": 120, "middle": 60}
    sessions = [Session(name, name, 60, side_seats=some, start="2010-12-17T10:00") for name, some in heads.items()]
    problem = Problem("p", window, Venue(rooms), sessions, rules=[Soften(SeatsEnough(), weight=3)])
    board = compile_problem(problem, times_only=True)
    board.model.minimize(board.cost(1))
    assert run(board.model).objective == 3 * (20 + 40 + 40)
    assert solve(problem).cost == {1: 3 * (20 + 40 + 40)}


class TestStops:
    def test_a_search_is_called_off_from_another_thread(self) -> None:
        cancel = Cancel()
        problem = weeks(3, 30, seed=4)

        def call_off(_: Progress) -> None:
            threading.Timer(0.2, cancel.cancel).start()

        result = solve(problem, stop=TimeLimit(60) | cancel, on_progress=call_off)
        kept(problem, result)
        assert result.seconds < 30

    def test_a_gap_or_no_improvement_ends_a_search(self) -> None:
        problem = weeks(2, 30, seed=5)
        loose = solve(problem, stop=TimeLimit(60) | Gap(0.9))
        assert kept(problem, loose) is not None
        impatient = solve(problem, stop=TimeLimit(60) | NoImprovement(0.5))
        assert kept(problem, impatient) is not None
        assert impatient.seconds < 50

    def test_a_gap_is_a_share(self) -> None:
        for wrong in (1, -0.1, True, "2 %"):
            with pytest.raises(InputError, match="share"):
                Gap(wrong)  # type: ignore[arg-type]


class TestGoingOn:
    def test_a_search_goes_on_from_its_state(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        problem = weeks(1, 12)
        result = solve(problem)
        assert result.state is not None
        path = save(result.state, tmp_path_factory.mktemp("state") / "x.json")
        state = load_state(path)
        assert state == result.state
        again = solve(problem, resume=state)
        assert again.status is Status.OPTIMAL
        assert again.cost == result.cost

    def test_the_state_of_another_problem_is_refused(self) -> None:
        state = solve(weeks(1, 5)).state
        with pytest.raises(InputError, match="not the state of a search for this problem"):
            solve(weeks(1, 5, seed=2), resume=state)

    def test_a_state_whose_schedule_breaks_a_rule_is_refused(self) -> None:
        problem = weeks(1, 5)
        state = solve(problem).state
        assert state is not None
        empty = SearchState(state.digest, Schedule("weeks", "Europe/Zurich"))
        with pytest.raises(InputError, match=r"resume\.schedule"):
            solve(problem, resume=empty)

    def test_sessions_that_never_run_at_once_are_kept_so_in_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solving, "_SMALL", 0)
        monkeypatch.setattr(climb, "_LARGE", 0)
        drawn = weeks(1, 10)
        problem = Problem(
            "turns",
            drawn.window,
            drawn.venue,
            drawn.sessions,
            persons=drawn.persons,
            rules=[*drawn.rules, NotTogether([one.id for one in drawn.sessions])],
        )
        kept(problem, solve(problem, stop=TimeLimit(3)))


def test_what_is_not_large_is_solved_by_short_windows_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(climb, "_SHORT_WINDOW", 12)
    monkeypatch.setattr(climb, "falls_apart", lambda board: False)
    monkeypatch.setattr(climb.Climb, "outright", lambda self, effort: self.best)
    sizes: list[int] = []
    by_windows = climb.Climb._by_windows

    def noted(self: climb.Climb, search: Improver, pool: Executor, several: Sequence[Sequence[str]], size: int) -> None:
        sizes.extend([size] * (len(several) > 1))
        by_windows(self, search, pool, several, size)

    monkeypatch.setattr(climb.Climb, "_by_windows", noted)
    problem = weeks(6, 12, priced=True)
    result = solve(problem, stop=Effort(15))
    kept(problem, result)
    assert set(sizes) == {12}
    assert result.tiers[0].bound > 0


def test_where_the_whole_is_too_large_rooms_are_as_good_as_the_times_leave_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(solving, "_SEVERAL", 10)
    monkeypatch.setattr(solving, "_MOST_PLACES", 100)
    problem = weeks(1, 20, priced=True)
    result = solve(problem, stop=Effort(5))
    kept(problem, result)
    assert result.status is Status.FEASIBLE
    # The constraints, and the times.
    assert result.models == 2
    assert 0 < result.tiers[0].bound <= result.tiers[0].cost


def test_a_whole_that_would_take_most_of_the_time_to_make_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(solving, "_SEVERAL", 10)
    monkeypatch.setattr(solving, "_SHARE_OF_BUILDING", 0)
    problem = weeks(1, 20, priced=True)
    result = solve(problem, stop=TimeLimit(2))
    kept(problem, result)
    assert result.status is Status.FEASIBLE
    assert result.models == 2
