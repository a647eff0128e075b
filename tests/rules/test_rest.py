from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Block, Delegation, Person, Problem, Room, Rule, Seats, Session, Venue, Window
from unsched.domain.segment import Segment
from unsched.rules import EndEarly, Pin
from unsched.rules.rest import IdleGaps, MealBreak, Rest
from unsched.rules.severity import Soften

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "18:00")], step=30)
ROOMS = Venue([Room(name, seats=Seats(50, 50, 5)) for name in ("I", "II", "III", "IV")])
EARLY = EndEarly(of="each")
PER = "'body', 'kind', 'tag', 'delegation', 'person', 'group'"


def problem(names: str, *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


def pin(name: str, clock: str) -> Rule:
    return Pin(name, f"2010-12-17T{clock}")


def clocks(places: dict[str, str]) -> dict[str, str]:
    return {name: place[3:8] for name, place in places.items()}


# -- idle gaps --------------------------------------------------------------------------------------------------------


def test_a_day_has_no_idle_gap(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = IdleGaps()
    fixed = [pin("a", "10:00"), pin("b", "12:00")]
    assert impossible(problem("ab", rule, *fixed)) == ["every-session-placed", "idle-gaps", "pin"]
    # The third session has to fill the gap, although a longer day would do as well.
    assert clocks(best(problem("abc", rule, *fixed))[0])["c"] == "11:00"
    assert breaches(rule, problem("abcd"), {"a": "17 10:00 I", "b": "17 12:00 I", "c": "17 12:30 II"}) == [
        ("a b c", 1, "1 gap on Fri 17 Dec, over 0: 'a', 'b', 'c'."),
    ]
    assert rule.say() == "At most 0 idle gaps a day: every session."


def test_gaps_over_the_cap_have_a_price(best: Best, breaches: Breaches) -> None:
    fixed = [pin("a", "10:00"), pin("b", "12:00"), pin("c", "14:00"), pin("d", "16:00")]
    assert best(problem("abcd", Soften(IdleGaps(), weight=2), *fixed))[1] == {1: 6}
    assert best(problem("abcd", Soften(IdleGaps(1)), *fixed))[1] == {1: 2}
    assert best(problem("abcde", Soften(IdleGaps(1)), *fixed))[1] == {1: 1}
    stand = {"a": "17 10:00 I", "b": "17 12:00 I", "c": "17 14:00 I", "d": "17 16:00 I"}
    assert breaches(IdleGaps(1), problem("abcd"), stand) == [
        ("a b c d", 2, "3 gaps on Fri 17 Dec, over 1: 'a', 'b', 'c', 'd'."),
    ]


@pytest.mark.parametrize(("longer_than", "cost"), [(29, 1), (30, 0), (45, 0)])
def test_a_short_gap_is_no_gap(best: Best, breaches: Breaches, longer_than: int, cost: int) -> None:
    rule = IdleGaps(longer_than=longer_than)
    assert best(problem("ab", Soften(rule), pin("a", "10:00"), pin("b", "11:30")))[1] == {1: cost}
    assert len(breaches(rule, problem("ab"), {"a": "17 10:00 I", "b": "17 11:30 I"})) == cost
    gaps = f"At most 0 idle gaps a day of over {longer_than} minutes"
    assert rule.say() == f"{gaps}: every session."


def test_a_long_session_bridges_what_lies_beside_it(best: Best) -> None:
    sessions = [Session("a", "A", 60), Session("b", "B", 60), Session("long", "Long", 240)]
    fixed = [pin("a", "10:30"), pin("b", "13:30"), pin("long", "10:00")]
    assert best(problem("", Soften(IdleGaps()), *fixed, sessions=sessions))[1] == {1: 0}


def test_a_night_between_two_days_is_no_gap_and_each_person_has_gaps_of_their_own(breaches: Breaches) -> None:
    window = Window("Europe/Zurich", ["2010-12-17", "2010-12-18"], step=30)
    sessions = [Session("a", "A", 60, chair="x"), Session("b", "B", 60, chair="x"), Session("c", "C", 60, chair="y")]
    facts = problem("", sessions=sessions, persons=[Person("x"), Person("y")], window=window)
    rule = IdleGaps(per="person")
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "18 17:00 I", "c": "17 16:00 I"}) == []
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 17:00 I", "c": "17 12:00 I"}) == [
        ("a b", 1, "1 gap for 'x' on Fri 17 Dec, over 0: 'a', 'b'."),
    ]
    assert IdleGaps(1, per="person").say() == "At most 1 idle gap a day for each person: every session."


# -- rest -------------------------------------------------------------------------------------------------------------


def test_nobody_works_too_long_without_a_break(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = Rest(120, 30)
    fixed = [pin("a", "10:00"), pin("b", "11:00")]
    places = best(problem("abc", rule, EARLY, *fixed))[0]
    assert clocks(places)["c"] in ("10:00", "11:00")
    assert clocks(best(problem("abc", rule, *fixed, pin("c", "12:30")))[0])["c"] == "12:30"
    assert impossible(problem("abc", rule, *fixed, pin("c", "12:00"))) == ["every-session-placed", "pin", "rest"]
    assert breaches(rule, problem("abc"), {"a": "17 10:00 I", "b": "17 11:00 I", "c": "17 12:00 I"}) == [
        (
            "a b c",
            1,
            "180 minutes from Fri 17 Dec 10:00 on without a break of 30, over 120: 'a', 'b', 'c'.",
        ),
    ]
    assert breaches(rule, problem("abc"), {"a": "17 10:00 I", "b": "17 11:00 I", "c": "17 12:30 I"}) == []
    assert rule.say() == "A break of 30 minutes after at most 120: every session."


def test_each_block_that_is_too_long_has_a_price(best: Best) -> None:
    fixed = [pin(name, clock) for name, clock in zip("abcd", ("10:00", "11:00", "13:00", "14:00"), strict=True)]
    assert best(problem("abcd", Soften(Rest(90, 30), weight=5), *fixed))[1] == {1: 10}
    # With a break of over an hour asked for, there is only one block.
    assert best(problem("abcd", Soften(Rest(90, 61), weight=5), *fixed))[1] == {1: 5}


def test_a_session_that_is_too_long_by_itself_is_no_breach_until_another_comes_near(
    best: Best, breaches: Breaches
) -> None:
    sessions = [Session("long", "Long", 180), Session("b", "B", 60)]
    rule = Rest(120, 30)
    places = best(problem("", rule, pin("long", "10:00"), EARLY, sessions=sessions))[0]
    assert clocks(places)["b"] == "13:30"
    facts = problem("", sessions=sessions)
    assert breaches(rule, facts, {"long": "17 10:00 I", "b": "17 13:30 I"}) == []
    assert len(breaches(rule, facts, {"long": "17 10:00 I", "b": "17 13:00 I"})) == 1
    assert len(breaches(rule, facts, {"long": "17 10:00 I", "b": "17 10:00 II"})) == 1
    assert len(breaches(rule, facts, {"long": "17 12:00 I", "b": "17 11:00 II"})) == 1


def test_each_person_has_breaks_at_the_segments_without_them(best: Best, breaches: Breaches) -> None:
    segments = [Segment(30), Segment(60, required=["x"])]
    sessions = [Session("a", "A", 60, chair="x"), Session("b", "B", 90, segments=segments), Session("c", "C", 60)]
    rule = Rest(60, 30, per="person")
    people = [Person("x")]
    fixed = [pin("a", "10:00"), pin("b", "11:00")]
    assert best(problem("", Soften(rule), *fixed, sessions=sessions, persons=people))[1] == {1: 0}
    facts = problem("", sessions=sessions, persons=people)
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:30 II", "c": "17 10:00 III"}) == [
        ("a b", 1, "120 minutes for 'x' from Fri 17 Dec 10:00 on without a break of 30, over 60: 'a', 'b'."),
    ]
    assert rule.say() == "A break of 30 minutes after at most 60 for each person: every session."


# -- meal break -------------------------------------------------------------------------------------------------------


def chaired(*minutes: int, **fields: object) -> dict[str, Any]:
    sessions = [Session(name, name.upper(), one, chair="x") for name, one in zip("abcd", minutes, strict=False)]
    return {"sessions": sessions, "persons": [Person("x")], **fields}


def test_a_person_has_time_for_a_meal(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = MealBreak("12:00", "15:00", 60)
    facts = chaired(180, 90)
    fixed = pin("a", "10:00")
    # After the first session, an hour is left before 14:00, and one and a half before 14:30.
    assert clocks(best(problem("", rule, fixed, EARLY, **facts))[0])["b"] == "14:00"
    assert impossible(problem("", rule, fixed, pin("b", "13:30"), **facts)) == [
        "every-session-placed",
        "meal-break",
        "pin",
    ]
    assert best(problem("", Soften(rule, weight=3), fixed, pin("b", "13:30"), **facts))[1] == {1: 3}
    stand = {"a": "17 10:00 I", "b": "17 13:30 I"}
    assert breaches(rule, problem("", **facts), stand) == [
        ("a b", 1, "No 60 minutes are free for 'x' on Fri 17 Dec between 12:00 and 15:00: 'a', 'b'."),
    ]
    assert breaches(rule, problem("", **facts), {"a": "17 10:00 I", "b": "17 14:00 I"}) == []
    assert breaches(rule, problem("", **facts), {}) == []
    assert rule.say() == "A meal break of 60 minutes between 12:00 and 15:00 for each person: every session."


def test_a_meal_can_come_before_between_or_after(best: Best) -> None:
    rule = Soften(MealBreak("12:00", "15:00", 60))
    for clock, cost in (("11:30", 0), ("12:00", 1), ("12:30", 1), ("13:00", 0)):
        assert best(problem("", rule, pin("a", clock), **chaired(150)))[1] == {1: cost}, clock


@pytest.mark.parametrize(("size", "cost"), [(1, 1), (2, 0), (3, 0)])
def test_a_delegation_can_eat_in_turns(best: Best, breaches: Breaches, size: int, cost: int) -> None:
    sessions = [Session(name, name, 180, required=["egypt"]) for name in "ab"]
    facts: dict[str, Any] = {"sessions": sessions, "delegations": [Delegation("egypt", size=size)]}
    rule = MealBreak("12:00", "15:00", 60, per="delegation")
    fixed = [pin("a", "10:00"), pin("b", "13:00")]
    assert best(problem("", Soften(rule), *fixed, **facts))[1] == {1: cost}
    stand = {"a": "17 10:00 I", "b": "17 13:00 I"}
    assert len(breaches(rule, problem("", **facts), stand)) == cost


def test_a_delegation_of_two_misses_its_meal_where_both_are_needed(best: Best, breaches: Breaches) -> None:
    sessions = [
        Session(name, name, minutes, required=["egypt"]) for name, minutes in (("a", 240), ("b", 120), ("c", 60))
    ]
    facts: dict[str, Any] = {"sessions": sessions, "delegations": [Delegation("egypt", size=2)]}
    rule = MealBreak("12:00", "15:00", 90, per="delegation")
    fixed = [pin("a", "11:00"), pin("b", "12:00")]
    # From 12:00 to 14:00 both are needed: an hour is left, which is too short.
    assert best(problem("", Soften(rule), *fixed, **facts))[1] == {1: 1}
    stand = {"a": "17 11:00 I", "b": "17 12:00 II", "c": "17 16:00 I"}
    assert breaches(rule, problem("", **facts), stand) == [
        ("a b", 1, "No 90 minutes are free for 'egypt' on Fri 17 Dec between 12:00 and 15:00: 'a', 'b'."),
    ]
    assert breaches(MealBreak("12:00", "15:00", 60, per="delegation"), problem("", **facts), stand) == []


def test_hours_over_midnight_begin_on_the_evening_of_each_day(breaches: Breaches) -> None:
    rule = MealBreak("23:00", "01:00", 60, per=None)
    assert breaches(rule, problem("a", minutes=90), {"a": "17 23:15 I"}) == [
        ("a", 1, "No 60 minutes are free on Fri 17 Dec between 23:00 and 01:00: 'a'."),
    ]
    assert breaches(rule, problem("a", minutes=60), {"a": "17 23:00 I"}) == []


def test_a_meal_is_as_long_as_the_clocks_leave_it(best: Best) -> None:
    # On 27 March 2011 the clocks went from 02:00 to 03:00: of the two hours after 01:30, one is left.
    window = Window("Europe/Zurich", ["2011-03-27"], [Block("00:00", "06:00")], step=30)
    rule = MealBreak("01:30", "03:30", 90)
    facts = chaired(30, window=window)
    for clock, cost in (("03:30", 0), ("03:00", 1), ("01:30", 1), ("01:00", 0)):
        assert best(problem("", Soften(rule), Pin("a", f"2011-03-27T{clock}"), **facts))[1] == {1: cost}, clock
    # Where they skip all of it, there is no meal to miss.
    skipped = Soften(MealBreak("02:00", "03:00", 60))
    assert best(problem("", skipped, Pin("a", "2011-03-27T01:30"), **facts))[1] == {1: 0}


def test_a_single_session_has_neither_gaps_nor_blocks(best: Best, breaches: Breaches) -> None:
    rules = [IdleGaps(), Rest(60, 30)]
    assert best(problem("a", *rules, minutes=120))[1] == {}
    assert [found for rule in rules for found in breaches(rule, problem("a", minutes=120), {"a": "17 10:00 I"})] == []


# -- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "faults"),
    [
        (lambda: IdleGaps(-1, per="x"), [("most", "-1 is less than 0"), ("per", f"'x' is none of {PER}")]),
        (lambda: IdleGaps(longer_than=-1), [("longer_than", "-1 is less than 0")]),
        (lambda: Rest(0, 0), [("after", "0 is less than 1"), ("minutes", "0 is less than 1")]),
        (lambda: Rest(1, 1, per="x"), [("per", f"'x' is none of {PER}")]),
        (
            lambda: MealBreak("12:00", "15:00", 0, per="x"),
            [("minutes", "0 is less than 1"), ("per", f"'x' is none of {PER}")],
        ),
        (lambda: MealBreak("12:00", "15:00", 181), [("minutes", "181 is more than the 180 from start to end")]),
        (lambda: MealBreak("23:00", "01:00", 121), [("minutes", "121 is more than the 120 from start to end")]),
        (lambda: MealBreak("noon", "15:00", 60), [("start", "'noon' is not a time of day in whole minutes")]),
    ],
)
def test_wrong_arguments_are_all_named(
    refused: Refused, make: Callable[[], object], faults: list[tuple[str, str]]
) -> None:
    assert [(path, message) for path, message, _ in refused(make)] == faults
