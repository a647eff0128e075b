"""Everyone begins in the rooms that cost least, where all can have theirs."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from unsched import Block, Effort, Period, Problem, Room, Select, Session, Status, Venue, Window, solve
from unsched.rules import InRoom, NotInRoom, PreferRoom, PreferTime, SameRoom, Soften
from unsched.rules.base import Rule
from unsched.solver import solve as solving
from unsched.solver.compile import compile_problem
from unsched.solver.decisions import Decisions
from unsched.solver.wished import wished_rooms

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ["s0", "s1", "s2"]


def wishing(*rules: Rule, hours: int = 4, sessions: Sequence[str] = NAMES) -> Problem:
    """Return sessions of an hour in three rooms."""
    return Problem(
        "wishing",
        Window("UTC", ["2010-12-15"], [Block(time(9), time(9 + hours))], step=60),
        Venue([Room("A"), Room("B"), Room("C")]),
        [Session(name, name, 60) for name in sessions],
        rules=rules,
    )


def wished(problem: Problem) -> dict[str, tuple[str, ...]]:
    found = wished_rooms(compile_problem(problem, times_only=True))
    return {name: tuple(rule.rooms.ids) for rule in found for name in rule.sessions.ids}


def test_who_prefers_a_room_is_kept_in_it() -> None:
    assert wished(wishing(PreferRoom(["s0"], ["A", "B"]), PreferRoom(["s1"], ["C"]))) == {
        "s0": ("A", "B"),
        "s1": ("C",),
    }


def test_of_several_wishes_the_dearest_counts() -> None:
    rules = PreferRoom(["s0"], ["A"], weight=2), PreferRoom(["s0"], ["B", "C"], weight=3)
    assert wished(wishing(*rules)) == {"s0": ("B", "C")}


def test_a_later_tier_decides_only_between_what_costs_an_earlier_one_the_same() -> None:
    first, then = PreferRoom(["s0"], ["A"], tier=1), PreferRoom(["s0"], ["B"], weight=9, tier=2)
    assert wished(wishing(first, then)) == {"s0": ("A",)}
    assert wished(wishing(PreferRoom(["s0"], ["A", "B"], tier=1), then)) == {"s0": ("B",)}


def test_what_is_counted_already_decides_as_well_but_makes_no_wish() -> None:
    counted = Soften(InRoom(NAMES, ["B", "C"]), weight=9)
    assert wished(wishing(counted)) == {}
    assert wished(wishing(counted, PreferRoom(["s0"], ["A", "C"]))) == {"s0": ("C",)}


def test_what_would_take_long_to_say_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def stands(*_: object) -> None:
        pytest.fail("places are decided one by one")

    far = wishing(PreferRoom(["s0"], ["A"]), Soften(NotInRoom(NAMES, ["A"], [Period(None, time(9), time(10))])))
    times = compile_problem(far, times_only=True)
    monkeypatch.setattr(Decisions, "stands", stands)
    assert [rule.rooms.ids for rule in wished_rooms(times)] == [("A",)]


def test_a_room_that_cannot_be_had_is_not_wished_for() -> None:
    assert wished(wishing(PreferRoom(["s0"], ["A"]), InRoom(["s0"], ["B", "C"]))) == {}


def test_what_several_pay_together_keeps_nobody_in_a_room() -> None:
    assert wished(wishing(SameRoom(NAMES), PreferTime(NAMES, [Period(None, time(9), time(10))]))) == {}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_SMALL", 0)
    monkeypatch.setattr(solving, "_SEVERAL", 2)


@pytest.mark.usefixtures("large")
def test_where_all_can_have_what_they_wish_for_that_is_tried_first() -> None:
    early = PreferTime(NAMES, [Period(None, time(9), time(10))], weight=2)
    problem = wishing(PreferRoom(["s0", "s1"], ["A"]), PreferRoom(["s2"], ["B"]), early)
    result = solve(problem, stop=Effort(5))
    # The constraints, the whole, its times, and with the rooms that are wished for the constraints and the times.
    assert result.models == 5
    # Two in the one room, one after the other, or one of them in a room that it did not wish for: that is cheaper.
    assert (result.status, result.tiers[0].cost) == (Status.OPTIMAL, 1)


@pytest.mark.usefixtures("large")
def test_where_wishes_cannot_all_be_granted_the_times_are_improved_as_ever() -> None:
    problem = wishing(PreferRoom(NAMES, ["A"], weight=3), hours=2)
    result = solve(problem, stop=Effort(5))
    assert result.models == 4
    assert (result.status, result.tiers[0].cost) == (Status.OPTIMAL, 3)


@pytest.mark.usefixtures("large")
def test_where_the_whole_is_too_large_wishes_are_granted_and_the_times_prove_what_they_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solving, "_MOST_PLACES", 1)
    early = PreferTime(NAMES, [Period(None, time(9), time(10))], weight=2)
    problem = wishing(PreferRoom(NAMES, ["A"], weight=3), early)
    result = solve(problem, stop=Effort(5))
    assert result.schedule is not None
    assert {booking.room for booking in result.schedule.bookings} == {"A"}
    assert (result.status, result.tiers[0].cost, result.tiers[0].bound) == (Status.FEASIBLE, 4, 0)


def test_a_wish_about_everyone_is_heard_for_each() -> None:
    assert wished(wishing(PreferRoom(Select(), ["B"]))) == dict.fromkeys(NAMES, ("B",))


def test_a_problem_is_left_as_it_is() -> None:
    problem = wishing(PreferRoom(NAMES, ["A"]))
    before = evolve(problem)
    wished(problem)
    assert problem == before
