from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Period, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import Consecutive, CoordinatedBefore, EndEarly, PreferRoom, PreferTime, Soften

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
TWO_DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=30)
ROOMS = Venue([Room("I"), Room("II")])
LATE = Period(None, "15:00", "18:00")


def problem(names: str, *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


# -- consecutive ------------------------------------------------------------------------------------------------------


def test_sessions_follow_each_other_directly_in_the_order_of_the_problem(best: Best) -> None:
    wish = PreferTime("b", [Period(None, "11:00", "12:00")])
    places, cost = best(problem("abc", Consecutive(["c", "a", "b"]), wish))
    assert {name: place[3:8] for name, place in places.items()} == {"a": "10:00", "b": "11:00", "c": "12:00"}
    assert cost == {1: 0}


def test_a_closed_lunch_lies_between_adjacent_sessions(best: Best, impossible: Impossible) -> None:
    places, _ = best(problem("ab", Consecutive(Select()), minutes=180))
    assert {name: place[3:8] for name, place in places.items()} == {"a": "10:00", "b": "15:00"}
    assert impossible(problem("abc", Consecutive(Select()), minutes=180)) == ["consecutive", "every-session-placed"]


@pytest.mark.parametrize(("gap", "cost"), [(0, 1), (30, 1), (60, 0)])
def test_so_many_open_minutes_may_pass_in_between(best: Best, gap: int, cost: int) -> None:
    wishes = PreferTime("a", [Period(None, "10:00", "12:00")]), PreferTime("b", [LATE])
    assert best(problem("ab", Consecutive(Select(), gap=gap), *wishes, minutes=120))[1] == {1: cost}


def test_sessions_in_a_row_stay_on_one_day(best: Best, breaches: Breaches) -> None:
    rule = Consecutive(Select())
    wishes = PreferTime("a", [Period(["2010-12-16"], "17:00", "18:00")]), PreferTime("b", [Period(["2010-12-17"])])
    facts = problem("ab", rule, *wishes, window=TWO_DAYS)
    assert best(facts)[1] == {1: 1}
    assert breaches(rule, facts, {"a": "16 17:00 I", "b": "17 10:00 I"}) == [
        ("a b", 1, "'b' on Fri 17 Dec 10:00 is not on the day of 'a'."),
    ]


def test_sessions_in_a_row_may_have_to_stay_in_one_room(best: Best) -> None:
    wishes = PreferRoom("a", "I"), PreferRoom("b", "II")
    assert best(problem("ab", Consecutive(Select()), *wishes))[1] == {1: 0}
    places, cost = best(problem("ab", Consecutive(Select(), "same"), *wishes))
    assert (cost, len({place[9:] for place in places.values()})) == ({1: 1}, 1)
    split = Soften(Consecutive(Select(), "same"), tier=2)
    assert best(problem("ab", split, *wishes))[1] == {1: 0, 2: 1}


def test_each_pair_that_does_not_follow_costs_one(best: Best, breaches: Breaches) -> None:
    rule = Consecutive(Select(), "same", 30)
    facts = problem("abcd", rule)
    stand = {"a": "17 10:00 I", "b": "17 10:30 II", "c": "17 12:30 II", "d": "17 15:00 I"}
    assert breaches(rule, facts, stand) == [
        ("a b", 1, "'b' on Fri 17 Dec 10:30 does not start after 'a' ends."),
        ("b c", 1, "60 open minutes pass between 'b' and 'c': over 30."),
        ("c d", 1, "'c' is in 'II', and 'd' after it in 'I'."),
    ]
    wishes = [PreferTime(name, [Period(None, "10:00", "11:00")]) for name in "ab"]
    assert best(problem("ab", Soften(Consecutive(Select()), tier=2), *wishes))[1] == {1: 0, 2: 1}


def test_a_session_that_is_not_scheduled_leaves_its_neighbours_free(best: Best, breaches: Breaches) -> None:
    rule = Consecutive(Select())
    facts = problem("abc", rule)
    assert breaches(rule, facts, {"a": "17 10:00 I", "c": "17 16:00 I"}) == []
    sessions = [Session("a", "A", 60), Session("b", "B", 600, optional=True), Session("c", "C", 60)]
    free = problem("", rule, PreferTime("c", [Period(None, "10:00", "11:00")]), sessions=sessions)
    assert best(free)[0]["c"].startswith("17 10:00")


def test_a_row_says_itself() -> None:
    assert Consecutive(["a", "b"]).say() == "In a row: 'a' or 'b'."
    assert (
        Consecutive(Select(), "same", 30).say()
        == "In a row, at most 30 open minutes apart, in one room: every session."
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"room": "both"}, ("room", "'both' is none of 'any', 'same'", "'any'.")),
        ({"gap": -1}, ("gap", "-1 is less than 0", "0 or more of open minutes.")),
    ],
)
def test_a_wrong_row_names_field_and_value(refused: Refused, fields: dict[str, Any], fault: tuple[str, ...]) -> None:
    assert refused(lambda: Consecutive(Select(), **fields)) == [fault]


# -- coordinated before -----------------------------------------------------------------------------------------------


def test_a_group_coordinates_before_the_plenary(best: Best) -> None:
    rule = CoordinatedBefore("g", ["p", "q"])
    places, _ = best(problem("pqg", rule, EndEarly(["p", "q"], "each")))
    assert {name: place[3:8] for name, place in places.items()} == {"g": "10:00", "p": "11:00", "q": "11:00"}


def test_coordination_on_the_day_before_counts_if_any_day_does(best: Best, breaches: Breaches) -> None:
    same, any_day = CoordinatedBefore("g", "p"), CoordinatedBefore("g", "p", "any")
    stand = {"g": "16 10:00 I", "p": "17 10:00 I"}
    wishes = PreferTime("g", [Period(["2010-12-16"])]), PreferTime("p", [Period(["2010-12-17"])])
    facts = problem("pg", same, *wishes, window=TWO_DAYS)
    assert best(facts)[1] == {1: 1}
    assert best(problem("pg", any_day, *wishes, window=TWO_DAYS))[1] == {1: 0}
    assert breaches(any_day, facts, stand) == []
    assert breaches(same, facts, stand) == [
        ("p", 1, "'p' on Fri 17 Dec 10:00 has no coordination earlier that day ('g')."),
    ]
    assert breaches(any_day, facts, {"g": "16 10:00 I", "p": "16 10:30 II"}) == [
        ("p", 1, "'p' on Thu 16 Dec 10:30 has no coordination before ('g')."),
    ]


def test_each_plenary_without_coordination_costs_one(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = CoordinatedBefore("g", ["p", "q"])
    early = [PreferTime(name, [Period(None, "10:00", "13:00")]) for name in "pq"]
    facts = problem("pqg", Soften(rule, tier=2), *early, minutes=180)
    assert best(facts)[1] == {1: 0, 2: 2}
    assert breaches(rule, facts, {"p": "17 15:00 I", "q": "17 15:00 II"}) == [
        ("p", 1, "'p' on Fri 17 Dec 15:00 has no coordination earlier that day ('g')."),
        ("q", 1, "'q' on Fri 17 Dec 15:00 has no coordination earlier that day ('g')."),
    ]
    assert breaches(rule, facts, {"g": "17 10:00 I"}) == []
    chain = CoordinatedBefore("p", "q"), CoordinatedBefore("q", "p")
    assert impossible(problem("pq", *chain)) == ["coordinated-before", "every-session-placed"]


def test_coordination_that_cannot_stand_leaves_no_time_for_the_plenary(impossible: Impossible) -> None:
    sessions = [Session("p", "P", 60), Session("g", "G", 600, optional=True)]
    found = impossible(problem("", CoordinatedBefore("g", "p"), sessions=sessions))
    assert found == ["coordinated-before", "every-session-placed"]


def test_coordination_says_itself() -> None:
    assert CoordinatedBefore("g", "p").say() == "Before 'p', there is coordination, on the same day: 'g'."
    assert CoordinatedBefore("g", "p", "any").say() == "Before 'p', there is coordination: 'g'."


def test_no_session_coordinates_before_itself(refused: Refused) -> None:
    found = refused(lambda: problem("pg", CoordinatedBefore(["p", "g"], "p")))
    assert found == [("rules[0].sessions", "'p' is among the coordination as well", "selections apart.")]
    day = refused(lambda: CoordinatedBefore("g", "p", "next"))
    assert day == [("day", "'next' is none of 'same', 'any'", "'same'.")]
