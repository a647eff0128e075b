from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Period, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import Before, EndEarly, PreferTime

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
ROOMS = Venue([Room("I"), Room("II"), Room("III")])


def problem(names: str, *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes, tags=f"tag-{name}") for name in names]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


def clocks(places: dict[str, str]) -> dict[str, str]:
    return {name: place[3:8] for name, place in places.items()}


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        (Before("a", "b"), "11:00"),
        (Before("a", "b", 30), "11:30"),
        (Before("a", "b", 60, 60), "12:00"),
        (Before("a", "b", 61), "15:00"),
        (Before("a", "b", 241), "15:30"),
    ],
)
def test_a_session_ends_before_another_starts(best: Best, rule: Before, start: str) -> None:
    # Both as early as can be: the gap alone decides.
    places, _ = best(problem("ab", rule, EndEarly(of="each")))
    assert clocks(places) == {"a": "10:00", "b": start}


@pytest.mark.parametrize(("greatest", "cost"), [(90, 1), (119, 1), (120, 0), (None, 0)])
def test_a_greatest_gap_holds_sessions_together(best: Best, greatest: int | None, cost: int) -> None:
    """Two hours of lunch lie between the morning that the one wishes for and the afternoon that the other does."""
    wishes = PreferTime("a", [Period(None, "10:00", "13:00")]), PreferTime("b", [Period(None, "15:00", "18:00")])
    assert best(problem("ab", Before("a", "b", 0, greatest), *wishes, minutes=90))[1] == {1: cost}


def test_an_order_that_bites_its_tail_is_impossible(impossible: Impossible) -> None:
    assert "before" in impossible(problem("ab", Before("a", "b"), Before(Select(tags="tag-b"), "a")))


def test_each_of_the_first_stands_before_each_of_the_second(best: Best, breaches: Breaches) -> None:
    rule = Before(["a", "b"], Select(tags=["tag-c", "tag-d"]), least=30)
    facts = problem("abcd", rule)
    places = clocks(best(facts)[0])
    assert max(places["a"], places["b"]) < min(places["c"], places["d"])
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:00 I", "c": "17 12:00 I", "d": "17 12:30 I"}) == [
        ("b c", 1, "'c' on Fri 17 Dec 12:00 does not start at least 30 minutes after 'b' ends."),
    ]
    assert breaches(rule, facts, {"b": "17 11:00 I"}) == []


def test_a_gap_that_is_too_short_or_too_long_is_a_breach(breaches: Breaches) -> None:
    rule = Before("a", "b", 0, 30)
    facts = problem("ab", rule)
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:30 II"}) == [
        ("a b", 1, "'b' on Fri 17 Dec 10:30 does not start after 'a' ends."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 12:00 II"}) == [
        ("a b", 1, "'b' starts 60 minutes after 'a' ends: over 30."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:30 II"}) == []


def test_an_order_says_itself() -> None:
    assert Before("a", "b").say() == "'a' ends before 'b' starts."
    assert Before(["a", "c"], "b", 30, 60).say() == (
        "'a' or 'c' ends before 'b' starts, at least 30 minutes, at most 60 minutes."
    )


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"least": -5}, "least", "-5 is less than 0", "0 or more of minutes."),
        ({"least": None}, "least", "None is not a whole number of minutes", "a number such as 1."),
        ({"greatest": 1.5}, "greatest", "1.5 is not a whole number of minutes", "a number such as 1."),
        ({"least": 30, "greatest": 15}, "greatest", "15 is less than the least gap of 30", "30."),
        ({"first": []}, "ids", "an empty list picks no session", "Select() for every session."),
    ],
)
def test_a_wrong_gap_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Before(**{"first": "a", "then": "b", **fields})) == [(path, message, remedy)]


def test_no_session_stands_before_itself(refused: Refused) -> None:
    found = refused(lambda: problem("abc", Before(["a", "b"], Select(tags=["tag-b", "tag-c"]))))
    assert found == [("rules[0].then", "'b' is in the first selection as well", "selections apart.")]
