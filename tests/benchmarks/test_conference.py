"""Talks into slots: what a line makes, what the problem says of it, and what the scorer counts."""

from __future__ import annotations

import random

import pytest
from benchmarks.conference import ConferenceFamily
from benchmarks.conference.facts import Conference, Slot, Talk
from benchmarks.conference.score import score
from benchmarks.conference.source import read
from benchmarks.conference.state import state
from benchmarks.family import Instance
from benchmarks.measure import measure, measure_apart

from unsched import Booking, InputError, Schedule, TimeLimit, solve

TINY = Conference(
    30,
    (Slot("hall", 600, 100), Slot("den", 600, 10), Slot("hall", 630, 100)),
    (Talk("a", 120, clashes=("b",)), Talk("b", 40, clashes=("a",)), Talk("c", 15, away=(630,))),
)


def test_the_scorer_counts_who_finds_no_seat() -> None:
    found = score(TINY, "a 0\nb 2\nc 1\n")
    assert (found.levels, found.faults) == ((20 + 0 + 5,), ())
    assert found.terms == {"people without a seat": 25}


@pytest.mark.parametrize(
    ("solution", "fault"),
    [
        ("a 0\nb 2\n", "talk c has no slot"),
        ("a 0\nb 2\nc 1\na 2\n", "talk a has two slots"),
        ("a 0\nb 2\nc 2\n", "slot 2 has 2 talks: b, c"),
        ("a 0\nb 1\nc 2\n", "talks a and b are at the same time"),
        ("a 0\nb 1\nc 2\n", "talk c is at minute 630, when its speakers are away"),
        ("a 0\nb 2\nc 3\n", "line 3 is not a talk and a slot: 'c 3'"),
        ("a 0\nb 2\nd 1\n", "line 3 is not a talk and a slot: 'd 1'"),
        ("a 0\nb 2\nc -1\n", "line 3 is not a talk and a slot: 'c -1'"),
        ("nonsense", "line 1 is not a talk and a slot: 'nonsense'"),
        ("", "talk a has no slot"),
    ],
)
def test_what_a_solution_breaks_is_named(solution: str, fault: str) -> None:
    assert fault in score(TINY, solution).faults


def test_the_least_cost_of_a_tiny_conference_is_proven() -> None:
    family = ConferenceFamily()
    instance = Instance("tiny", TINY, state(TINY))
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert result.schedule is not None
    found = family.score(TINY, family.write(instance, result.schedule))
    # c has to be at ten, and in the den, since one of a and b, which clash, has the hall then.
    assert (result.status.value, result.cost, found.levels, found.faults) == ("optimal", {1: 25}, (25,), ())


def test_problem_and_scorer_agree_on_random_assignments() -> None:
    facts = read("talks=12,slots=16,rooms=3,seed=5")
    instance = Instance("random", facts, state(facts))
    family, window = ConferenceFamily(), instance.problem.window
    chance = random.Random(1)  # noqa: S311  no secret
    broken = 0
    for _ in range(60):
        places = dict(zip(facts.talks, chance.sample(facts.slots, len(facts.talks)), strict=True))
        bookings = [
            Booking(talk.name, slot.room, window.wall(slot.start), window.wall(slot.start + facts.minutes))
            for talk, slot in places.items()
        ]
        schedule = Schedule(instance.problem.id, window.zone, bookings)
        found = family.score(facts, family.write(instance, schedule))
        breaches = schedule.breaches(instance.problem)
        priced = [breach for breach in breaches if breach.rule.kind == "soften"]
        assert sum(breach.amount for breach in priced) == found.levels[0]
        assert (len(priced) < len(breaches)) == bool(found.faults)
        broken += bool(found.faults)
    assert 0 < broken < 60


def test_a_line_gives_the_same_conference_every_time() -> None:
    facts = read("talks=40,slots=50,rooms=4,seed=3")
    assert facts == read("seed=3, rooms=4, slots=50, talks=40")
    assert facts != read("talks=40,slots=50,rooms=4,seed=4")
    assert (len(facts.talks), len(facts.slots), len({slot.room for slot in facts.slots})) == (40, 50, 4)
    assert len({(slot.room, slot.start) for slot in facts.slots}) == 50
    clashes = {(talk.name, other) for talk in facts.talks for other in talk.clashes}
    assert clashes == {(other, name) for name, other in clashes}


@pytest.mark.parametrize(
    ("line", "message"),
    [("talks=9,slots=8", "9 talks have no room in 8 slots"), ("talks=x", "not a whole number"), ("weeks=1", "weeks")],
)
def test_a_line_that_makes_no_conference_is_refused(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(line)


def test_there_is_always_an_assignment() -> None:
    for seed in range(5):
        record = measure("conference", f"talks=24,slots=24,rooms=4,seed={seed}", seconds=20, workers=1, seed=0)
        assert (record.faults, len(record.cost)) == ((), 1)


def test_a_process_of_its_own_measures_the_same() -> None:
    record = measure_apart("conference", "talks=4,slots=6,rooms=2", seconds=10, workers=1, seed=0)
    assert (record.status, record.faults, record.sessions, record.rooms) == ("optimal", (), 4, 2)
    assert record.trace[-1][1] == record.cost == record.bound
