"""Talks on a grid: what a line makes, what the problem says of it, and what the scorer counts."""

from __future__ import annotations

import random

import pytest
from benchmarks.family import Instance
from benchmarks.grid import GridFamily
from benchmarks.grid.facts import Grid, Talk
from benchmarks.grid.score import score
from benchmarks.grid.source import read
from benchmarks.grid.state import state

from unsched import InputError, TimeLimit, solve
from unsched.testing import random_schedule

LINE = "sessions=20,rooms=3,slots=8,seed=2"
TINY = Grid(
    {"small": 10, "large": 50},
    2,
    6,
    (
        Talk("a", "red", 40, ("ann",), ("tom",), (1,)),
        Talk("b", "red", 5, ("ann", "bob"), (), ()),
        Talk("c", "red", 5, (), ("tom",), ()),
    ),
)


def test_clashes_of_tracks_and_missed_talks_are_counted() -> None:
    found = score(TINY, "a 0 large\nb 1 small\nc 0 small\n")
    assert (found.levels, found.terms, found.faults) == ((2,), {"track clashes": 1, "missed talks": 1}, ())


@pytest.mark.parametrize(
    ("solution", "fault"),
    [
        ("a 0 large\nb 1 small\n", "c has no place"),
        ("a 0 large\nb 1 small\nc 1 small\n", "b and c are both in small in slot 1"),
        ("a 0 small\nb 1 small\nc 1 large\n", "a needs 40 seats, and small has 10"),
        ("a 0 large\nb 0 small\nc 1 small\n", "ann speaks in a and b in slot 0"),
        ("a 1 large\nb 0 small\nc 0 large\n", "a is in slot 1, when a speaker is away"),
        ("a 0 large\na 0 large\nb 1 small\nc 1 large\n", "a is there twice"),
        ("a 2 large\n", "line 1 is not a talk, a slot and a room: 'a 2 large'"),
        ("a x large\n", "line 1 is not a talk, a slot and a room: 'a x large'"),
        ("a 0 cellar\n", "line 1 is not a talk, a slot and a room: 'a 0 cellar'"),
        ("\n", "line 1 is not a talk, a slot and a room: ''"),
    ],
)
def test_what_a_schedule_breaks_is_named(solution: str, fault: str) -> None:
    assert fault in score(TINY, solution).faults


def test_the_least_cost_of_a_tiny_grid_is_proven() -> None:
    family, instance = GridFamily(), Instance("tiny", TINY, state(TINY))
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert result.schedule is not None
    found = family.score(TINY, family.write(instance, result.schedule))
    # Three talks of a track in two slots: one of them clashes, and where c goes with b, nothing is missed.
    assert (result.status.value, result.cost, found.levels, found.faults) == ("optimal", {1: 1}, (1,), ())


def test_problem_and_scorer_agree_on_schedules_good_and_bad() -> None:
    family = GridFamily()
    instance = family.read(LINE)
    chance = random.Random(1)  # noqa: S311
    for _ in range(20):
        schedule = random_schedule(instance.problem, chance)
        breaches = list(schedule.breaches(instance.problem))
        found = family.score(instance.facts, family.write(instance, schedule))
        assert found.levels == (sum(one.cost for one in breaches),)
        assert bool(found.faults) == any(one.hard for one in breaches)


def test_a_grid_that_is_drawn_has_a_schedule() -> None:
    family = GridFamily()
    instance = family.read(LINE)
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert result.schedule is not None
    found = family.score(instance.facts, family.write(instance, result.schedule))
    assert (found.faults, found.levels) == ((), tuple(result.cost.values()))


def test_a_seed_draws_one_grid_and_another_seed_another() -> None:
    assert read(LINE) == read(LINE)
    assert read(LINE) != read(LINE.replace("seed=2", "seed=3"))
    assert len(read(LINE).talks) == 20


def test_the_last_day_has_the_slots_that_are_left() -> None:
    instance = GridFamily().read(LINE)
    assert len(instance.problem.window.starts(30)) == 8


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sessions=20,rooms=3,slots=6", "20 sessions do not fit 3 rooms x 6 slots"),
        ("session=20", "'session' is not a number that such a line gives"),
        ("sessions=-1", "'-1' is not a whole number"),
        ("sessions=0", "sessions = 0 is not from 1 to 5000"),
        ("sessions=99999999", "sessions = 99999999 is not from 1 to 5000"),
        ("seed=1,seed=2", "seed comes twice"),
    ],
)
def test_a_line_that_says_something_else_is_refused(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        GridFamily().read(line)
