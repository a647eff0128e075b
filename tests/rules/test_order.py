from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import pytest

from unsched import Period, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import Before, DaysApart, EndEarly, InOrder, Pin, PreferTime, Soften

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


# -- in order, days apart --------------------------------------------------------------------------

THREE_DAYS = Window("Europe/Zurich", ["2010-12-15", "2010-12-16", "2010-12-17"], step=60)


def wish(session: str, start: str, end: str, days: list[str] | None = None) -> PreferTime:
    return PreferTime(session, [Period(days, start, end)], weight=10)


def test_sessions_run_in_the_order_in_which_they_are_listed(best: Best) -> None:
    facts = problem("abc", InOrder(["c", "a", "b"]), wish("c", "10:00", "11:00"), EndEarly(of="each"))
    assert clocks(best(facts)[0]) == {"a": "10:00", "b": "11:00", "c": "12:00"}


def test_whatever_is_out_of_order_counts_once(best: Best) -> None:
    early = [wish("c", "10:00", "11:00"), wish("b", "11:00", "12:00"), wish("a", "12:00", "13:00")]
    facts = problem("abc", Soften(InOrder(["a", "b", "c"]), weight=1), *early)
    places, costs = best(facts)
    assert clocks(places) == {"a": "12:00", "b": "11:00", "c": "10:00"}
    assert costs == {1: 1}


def test_a_session_that_is_left_out_does_not_undo_the_order_of_the_others(impossible: Impossible) -> None:
    sessions = [Session(name, name, 60, optional=name == "b") for name in "abc"]
    pins = Pin("a", start="2010-12-17T12:00"), Pin("c", start="2010-12-17T11:00")
    assert "in-order" in impossible(problem("abc", InOrder(["a", "b", "c"]), *pins, sessions=sessions))


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (DaysApart(["a", "b"], 1, 1), "Thu"),
        (DaysApart(["a", "b"], 2), "Fri"),
        (DaysApart(["a", "b"], greatest=0), "Wed"),
        (DaysApart(["a", "b"], least=1, never=[1]), "Fri"),
        (DaysApart(["a", "b"], never=[0, 2]), "Thu"),
    ],
)
def test_days_lie_between_sessions(best: Best, rule: DaysApart, day: str) -> None:
    first = wish("a", "10:00", "11:00", ["2010-12-15"])
    places = best(problem("ab", rule, first, EndEarly(of="each"), window=THREE_DAYS))[0]
    assert (places["a"][:3], places["b"][:3]) == ("15 ", {"Wed": "15 ", "Thu": "16 ", "Fri": "17 "}[day])


def test_each_pair_at_a_refused_distance_counts(best: Best) -> None:
    """Three sessions on one day make three pairs; none of them can leave it."""
    rule = Soften(DaysApart(["a", "b", "c"], 1), weight=5)
    assert best(problem("abc", rule))[1] == {1: 15}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (lambda: DaysApart("a", -1), "least"),
        (lambda: DaysApart("a", 2, 1), "greatest"),
        (lambda: DaysApart("a", never=cast("Any", 1)), "never"),
        (lambda: DaysApart("a", never=["one"]), "never[0]"),
        (lambda: DaysApart("a", never=[-1]), "never[0]"),
    ],
)
def test_numbers_of_days_are_checked(refused: Refused, rule: Callable[[], object], path: str) -> None:
    assert [fault[0] for fault in refused(rule)] == [path]
