from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Block, Period, Problem, Room, Rule, Select, Session, Venue, Window, solve
from unsched.rules import (
    AllAtOnce,
    AvoidTime,
    Demand,
    EndEarly,
    NotTogether,
    Outside,
    PreferTime,
    Soften,
    WholeBlock,
    Within,
)
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

TWO_DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=30)
ROOMS = Venue([Room("I"), Room("II"), Room("III")])
MORNING, AFTERNOON = Period(None, "10:00", "13:00"), Period(None, "15:00", "18:00")
FRIDAY = Period(["2010-12-17"])


def problem(names: str, *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    good: dict[str, Any] = {"id": "p", "window": TWO_DAYS, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


# -- within -----------------------------------------------------------------------------------------------------------


def test_sessions_lie_within_the_periods(best: Best, breaches: Breaches) -> None:
    rule = Within(["a", "b"], [Period(["2010-12-17"], "11:30", "13:00"), AFTERNOON])
    facts = problem("abc", rule, EndEarly(of="each"), minutes=120)
    assert best(facts)[0].items() >= {"a": "16 15:00 I", "b": "16 15:00 II", "c": "16 10:00 I"}.items()
    assert breaches(rule, facts, {"a": "17 11:30 I", "b": "16 14:30 I", "c": "16 10:00 I"}) == [
        ("b", 1, "'b' on Thu 16 Dec 14:30 is not inside 2010-12-17 11:30-13:00; every day 15:00-18:00."),
        ("a", 1, "'a' on Fri 17 Dec 11:30 is not inside 2010-12-17 11:30-13:00; every day 15:00-18:00."),
    ]
    assert breaches(rule, facts, {"a": "17 16:00 I"}) == []
    assert rule.say() == "Only inside 2010-12-17 11:30-13:00; every day 15:00-18:00: 'a' or 'b'."


def test_periods_that_touch_are_one(best: Best, breaches: Breaches) -> None:
    rule = Within("a", [Period(None, "10:30", "11:30"), Period(None, "11:30", "12:30")])
    facts = problem("a", rule, minutes=120)
    assert best(facts)[0]["a"][3:8] == "10:30"
    assert breaches(rule, facts, {"a": "17 10:30 I"}) == []


def test_what_fits_no_period_is_impossible_or_has_a_price(best: Best, impossible: Impossible) -> None:
    rule = Within(Select(), [Period(None, "10:00", "12:00")])
    assert impossible(problem("a", rule, minutes=180)) == ["every-session-placed", "within"]
    assert best(problem("ab", Soften(rule, weight=3, tier=2), minutes=180))[1] == {2: 6}


def test_a_session_can_be_shortened_to_lie_within(best: Best) -> None:
    rule = Within("a", [Period(None, "10:00", "12:00")])
    facts = problem("a", rule, sessions=[Session("a", "A", 180, shortest=120)])
    assert best(facts)[0]["a"][3:8] == "10:00"


# -- outside ----------------------------------------------------------------------------------------------------------


def test_nothing_touches_an_observance(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = Outside(Select(), [Period(["2010-12-16"], "10:30", "17:30"), FRIDAY])
    facts = problem("a", rule, minutes=30, rules=[rule, PreferTime("a", [AFTERNOON])])
    assert best(facts) == ({"a": "16 17:30 I"}, {1: 0})
    assert impossible(problem("a", rule, minutes=60)) == ["every-session-placed", "outside"]
    assert breaches(rule, facts, {"a": "16 17:30 I"}) == []
    assert breaches(rule, problem("ab", rule), {"a": "16 09:30 I", "b": "16 17:00 I"}) == [
        ("b", 1, "'b' on Thu 16 Dec 17:00 touches 2010-12-16 10:30-17:30; 2010-12-17."),
    ]
    assert rule.say() == "Only outside 2010-12-16 10:30-17:30; 2010-12-17: every session."


def test_an_observance_at_a_price_costs_each_session_once(best: Best) -> None:
    rule = Soften(Outside(["a", "b"], [Period(["2010-12-16"]), FRIDAY]), weight=5)
    assert best(problem("abc", rule))[1] == {1: 10}


# -- avoid time -------------------------------------------------------------------------------------------------------


def test_overtime_is_priced_by_the_minute_and_named(best: Best, breaches: Breaches) -> None:
    rule = AvoidTime(Select(), [Period(["2010-12-17"], "12:00", "24:00"), Period(["2010-12-17"], "11:00", "12:30")])
    one_room = {"window": Window("UTC", ["2010-12-17"], step=30), "venue": Venue([Room("I")])}
    facts = problem("ab", rule, minutes=90, **one_room)
    places, cost = best(facts)
    # One of them in the morning from 10:00, half an hour of it dear; the other is dear throughout.
    assert cost == {1: 30 + 90}
    assert "17 10:00 I" in places.values()
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 15:00 I"}) == [
        ("a", 30, "'a' on Fri 17 Dec 10:00 takes 30 minutes of 2010-12-17 12:00-24:00; 2010-12-17 11:00-12:30."),
        ("b", 90, "'b' on Fri 17 Dec 15:00 takes 90 minutes of 2010-12-17 12:00-24:00; 2010-12-17 11:00-12:30."),
    ]
    assert breaches(rule, facts, {"a": "17 09:30 I"}) == []
    assert rule.say() == "Better not in 2010-12-17 12:00-24:00; 2010-12-17 11:00-12:30: every session."


def test_no_overtime_at_all_can_be_demanded(impossible: Impossible, best: Best) -> None:
    rule = AvoidTime(Select(), [Period(None, "11:00", "18:00")], weight=7)
    facts = {"window": Window("UTC", ["2010-12-17"], step=30)}
    assert impossible(problem("a", Demand(rule), minutes=90, **facts)) == ["demand", "every-session-placed"]
    assert best(problem("a", Demand(rule, most=30), minutes=90, **facts))[0] == {"a": "17 10:00 I"}


def test_shortening_a_session_saves_its_overtime(best: Best) -> None:
    rule = AvoidTime("a", [Period(None, "12:30", "24:00")])
    window = Window("UTC", ["2010-12-17"], step=30)
    session = Session("a", "A", 180, shortest=60, start="2010-12-17T10:00")
    # A minute of overtime is dearer than the one step by which the session is cut.
    assert best(problem("a", rule, window=window, sessions=[session])) == ({"a": "17 10:00 I"}, {1: 1})


# -- all at once ------------------------------------------------------------------------------------------------------


def test_all_run_at_one_moment(best: Best, breaches: Breaches) -> None:
    rule = AllAtOnce(["a", "b", "c"])
    wishes = PreferTime("a", [Period(None, "10:00", "11:00")]), PreferTime("b", [Period(None, "11:00", "13:00")])
    places, cost = best(problem("abc", rule, *wishes))
    assert cost == {1: 1}
    begin = [place[:8] for place in places.values()]
    assert max(begin) < min(f"{one[:3]}{int(one[3:5]) + 1:02}{one[5:]}" for one in begin)
    facts = problem("abcd", rule)
    stand = {"a": "17 10:00 I", "b": "17 10:30 II", "c": "17 11:00 III", "d": "16 10:00 I"}
    assert breaches(rule, facts, stand) == [
        ("a c", 1, "'a' on Fri 17 Dec 10:00 and 'c' on Fri 17 Dec 11:00 share no minute."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:30 II"}) == []
    assert rule.say() == "All at once: 'a', 'b' or 'c'."


def test_all_at_once_is_impossible_in_one_room_and_counts_pairs_at_a_price(best: Best, impossible: Impossible) -> None:
    one_room = Venue([Room("I")])
    assert impossible(problem("ab", AllAtOnce(["a", "b"]), venue=one_room)) == [
        "all-at-once",
        "every-session-placed",
        "one-session-per-room",
    ]
    two_rooms = Venue([Room("I"), Room("II")])
    # Of three sessions of equal length in two rooms, one pair can meet, or one session meet both in turn.
    assert best(problem("abc", Soften(AllAtOnce(Select()), weight=2), venue=two_rooms, minutes=180))[1] == {1: 4}
    assert best(problem("abc", Soften(AllAtOnce(Select()), weight=2), venue=two_rooms, minutes=60))[1] == {1: 2}


def test_a_session_that_is_left_out_has_nobody_to_meet(best: Best) -> None:
    sessions = [
        Session("a", "A", 60, start="2010-12-16T10:00"),
        Session("b", "B", 60, start="2010-12-17T10:00", optional=True),
    ]
    assert best(problem("ab", AllAtOnce(Select()), sessions=sessions))[0] == {"a": "16 10:00 I"}


def test_a_moment_for_sessions_that_can_be_shortened_is_found_and_checked_alike() -> None:
    sessions = [Session("a", "A", 120, shortest=30), Session("b", "B", 90, shortest=30), Session("c", "C", 30)]
    window = Window("UTC", ["2010-12-17"], step=30)
    facts = problem("abc", sessions=sessions, window=window)
    agree(AllAtOnce(Select()), facts, schedules=40)
    agree(Soften(AllAtOnce(Select())), facts, schedules=40)


def test_one_session_alone_is_all_at_once(best: Best) -> None:
    assert best(problem("a", AllAtOnce("a"), Soften(AllAtOnce("a"))))[1] == {1: 0}


# -- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [Within, Outside, AvoidTime])
@pytest.mark.parametrize(
    ("periods", "path", "message", "remedy"),
    [
        ([], "periods", "no period is given", "at least one period."),
        (["16 December"], "periods[0]", "'16 December' is not a Period", "a Period(...)."),
        ([FRIDAY, FRIDAY], "periods[1]", f"{FRIDAY!r} comes twice", "leave one out."),
        (5, "periods", "5 is not a list", "put it in brackets: [...]."),
    ],
)
def test_periods_are_periods(
    refused: Refused, rule: Callable[..., Rule], periods: Any, path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: rule("a", periods)) == [(path, message, remedy)]


# -- whole blocks -----------------------------------------------------------------------------------------------------

SLOTS = Window(
    "Europe/Zurich",
    ["2010-12-17"],
    [Block("10:00", "12:00"), Block("13:00", "14:30"), Block("15:00", "16:00", "late")],
    step=30,
)


def test_a_session_is_as_long_as_the_slot_that_it_takes(best: Best, breaches: Breaches) -> None:
    sessions = [Session(name, name, 120, shortest=60) for name in "ab"]
    alone = Venue([Room("I")])
    facts = problem("ab", WholeBlock(), NotTogether(["a", "b"]), sessions=sessions, window=SLOTS, venue=alone)
    assert sorted(place[3:8] for place in best(facts)[0].values()) == ["10:00", "13:00"]
    result = solve(facts, workers=1)
    assert result.schedule is not None
    assert sorted((one.end - one.start).seconds // 60 for one in result.schedule.bookings) == [90, 120]
    assert breaches(WholeBlock(), facts, {"a": "17 10:00 I", "b": "17 13:00 I"}) == [
        ("b", 1, "'b' on Fri 17 Dec 13:00 fills no block.")
    ]


def test_a_slot_of_a_kind_that_a_session_may_not_use_is_none(impossible: Impossible) -> None:
    facts = problem("a", WholeBlock(), minutes=60, window=SLOTS)
    assert "whole-block" in impossible(facts)
    late = [Session("a", "A", 60, blocks=["late"])]
    agree(WholeBlock(), problem("a", sessions=late, window=SLOTS))


def test_part_of_a_slot_can_be_had_at_a_price(best: Best) -> None:
    assert best(problem("ab", Soften(WholeBlock(), weight=3), minutes=60, window=SLOTS))[1] == {1: 6}
