"""The founding case: its rules, written down a second time, agree with those of the problem."""

from __future__ import annotations

import random

import pytest
from benchmarks.cstd import CstdFamily

from unsched import Booking, InputError, Preference, Schedule, TimeLimit, solve
from unsched.testing import random_schedule

FAMILY = CstdFamily()
CASE = FAMILY.read("cstd-2010")


def _counted(schedule: Schedule) -> tuple[tuple[int, ...], bool]:
    """Return what the problem's own rules make of a schedule: the cost by tier, and whether it breaks any."""
    costs, broken = dict.fromkeys((1, 2, 3, 4), 0), False
    for breach in schedule.breaches(CASE.problem):
        if isinstance(breach.rule, Preference):
            costs[breach.rule.tier] += breach.cost
        broken = broken or breach.hard
    return tuple(costs.values()), broken


@pytest.fixture(scope="module")
def best() -> str:
    result = solve(CASE.problem, stop=TimeLimit(30), workers=2)
    assert result.schedule is not None
    assert result.status.value == "optimal"
    return FAMILY.write(CASE, result.schedule)


def test_the_best_schedule_costs_what_the_problem_says(best: str) -> None:
    found = FAMILY.score(CASE.facts, best)
    assert (found.levels, found.faults) == ((75, 4, 3, 2910), ())


def test_problem_and_scorer_agree_on_schedules_near_the_best(best: str) -> None:
    chance = random.Random(1)  # noqa: S311
    window, lines = CASE.problem.window, best.splitlines()
    good = 0
    for _ in range(150):
        bookings = []
        drawn = random_schedule(CASE.problem, chance)
        moved = set(chance.sample(sorted(CASE.facts.meetings), chance.randint(0, 2)))
        for line in lines:
            name, day, clock, room = line.split()
            session = CASE.problem.session(name)
            booking = drawn.get(name)
            if name not in moved or booking is None:
                start = window.minute(f"{day}T{clock}")
                booking = Booking(name, room, window.wall(start), window.wall(start + session.length))
            bookings.append(booking)
        schedule = Schedule(CASE.problem.id, window.zone, bookings)
        found = FAMILY.score(CASE.facts, FAMILY.write(CASE, schedule))
        assert (found.levels, bool(found.faults)) == _counted(schedule)
        good += not found.faults
    assert 0 < good < 150


def test_problem_and_scorer_agree_on_schedules_at_random() -> None:
    chance = random.Random(2)  # noqa: S311
    for _ in range(30):
        schedule = random_schedule(CASE.problem, chance)
        found = FAMILY.score(CASE.facts, FAMILY.write(CASE, schedule))
        assert (found.levels, bool(found.faults)) == _counted(schedule)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("wg-first", "line 1 is not a session, a date, a time and a room: 'wg-first'"),
        ("wg-third 2010-12-15 15:00 XX", "line 1 is not a session, a date, a time and a room"),
        ("wg-first 2010-12-15 25:00 XX", "line 1 is not a session, a date, a time and a room"),
        ("wg-first 2010-12-15 15:00 XXI", "line 1 is not a session, a date, a time and a room"),
        ("wg-first 2010-12-15 15:05 XX", "wg-first is at 15:05"),
        ("wg-first 2010-12-18 15:00 XX", "wg-first is on 2010-12-18"),
        ("panel-opening 2010-12-15 11:00 XX", "panel-opening is not at 2010-12-15 10:00"),
        ("consultation-morning 2010-12-17 10:00 XX", "consultation-morning is in XX, not in XXVI"),
        ("wg-first 2010-12-15 15:00 IX", "wg-first has too few booths in IX"),
        ("side-water 2010-12-15 13:15 E-2", "side-water has too few side seats in E-2"),
        ("wg-first 2010-12-15 15:00 XX\nwg-first 2010-12-15 15:00 XX", "wg-first is held twice"),
        ("", "wg-first is not held"),
    ],
)
def test_what_a_schedule_breaks_is_named(line: str, fault: str) -> None:
    assert any(fault in one for one in FAMILY.score(CASE.facts, line).faults)


def test_there_is_no_other_case() -> None:
    with pytest.raises(InputError, match=r"there is one case only, and 'cstd-2011' is not it\n *Maybe cstd-2010\."):
        FAMILY.read("cstd-2011")
