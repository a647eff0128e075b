from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import (
    EVERY,
    Booking,
    Delegation,
    Period,
    Person,
    Problem,
    Room,
    Rule,
    Schedule,
    Segment,
    Select,
    Session,
    Venue,
    Window,
)
from unsched.domain.timetable import Timetable
from unsched.rules import Demand, Pin, PreferRoom, PreferTime, Soften
from unsched.rules.spacing import Apart, Neighbour
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
TWO_DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=30)
ROOMS = Venue([Room("I"), Room("II"), Room("III")])
MORNING = [Period(None, "10:00", "13:00")]


def problem(sessions: str | list[Session], *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    given = [Session(name, name.upper(), minutes) for name in sessions] if isinstance(sessions, str) else sessions
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": ROOMS, "sessions": given, "rules": rules}
    return Problem(**{**good, **fields})


def clocks(places: dict[str, str]) -> dict[str, str]:
    return {name: place[3:8] for name, place in places.items()}


# -- apart ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("least", "cost"), [(1, 0), (60, 0), (61, 1)])
def test_sessions_of_one_day_lie_so_far_apart(best: Best, least: int, cost: int) -> None:
    wishes = [PreferTime(name, MORNING) for name in "ab"]
    assert best(problem("ab", Apart(Select(), least), *wishes))[1] == {1: cost}


def test_more_sessions_than_slots_that_do_not_follow_each_other_are_impossible(impossible: Impossible) -> None:
    """An hour each and an hour between: two fit into the morning, and two into the afternoon."""
    assert impossible(problem("abcde", Apart(Select(), 60))) == ["apart", "every-session-placed"]


def test_sessions_on_different_days_are_apart(best: Best, breaches: Breaches) -> None:
    rule = Apart(Select(), 24 * 60)
    facts = problem("ab", rule, window=TWO_DAYS)
    assert len({place[:2] for place in best(facts)[0].values()}) == 2
    assert breaches(rule, facts, {"a": "16 17:00 I", "b": "17 10:00 I"}) == []
    kept = [Session(name, name, 60, available=[Period([day])]) for name, day in zip("ab", TWO_DAYS.days, strict=True)]
    assert best(problem(kept, Soften(rule), window=TWO_DAYS))[1] == {1: 0}


def test_pairs_that_are_too_close_are_named_and_those_left_out_are_not(breaches: Breaches) -> None:
    rule = Apart(Select(), 60)
    facts = problem("abcd", rule)
    stand = {"a": "17 10:00 I", "b": "17 10:30 II", "c": "17 12:00 I"}
    assert breaches(rule, facts, stand) == [
        ("a b", 1, "On Fri 17 Dec 10:30, no time lies between 'a' and 'b': under 60."),
        ("b c", 1, "On Fri 17 Dec 12:00, 30 minutes lie between 'b' and 'c': under 60."),
    ]
    assert breaches(Apart(["a", "c"], 60), facts, stand) == []


def test_at_a_price_each_pair_that_is_too_close_costs_one(best: Best) -> None:
    wishes = [PreferTime(name, [Period(None, "10:00", "11:00")]) for name in "abc"]
    assert best(problem("abc", Soften(Apart(Select(), 60), tier=2), *wishes))[1] == {1: 0, 2: 3}
    assert best(problem("abcde", Soften(Apart(Select(), 60))))[1] == {1: 1}


@pytest.mark.parametrize("per", ["body", "tag"])
def test_only_sessions_with_something_in_common_need_lie_apart(best: Best, breaches: Breaches, per: str) -> None:
    fields: list[dict[str, Any]] = [{"body": "X"}, {"body": "Y", "joint": ["X"]}, {"body": "Y"}, {}]
    if per == "tag":
        fields = [{"tags": ["X"]}, {"tags": ["Y", "X"]}, {"tags": ["Y"]}, {}]
    sessions = [Session(name, name, 60, **some) for name, some in zip("abcd", fields, strict=True)]
    rule = Apart(Select(), 30, per)
    facts = problem(sessions, rule)
    together = dict.fromkeys("abcd", "17 10:00 I")
    assert breaches(rule, facts, together) == [
        ("a b", 1, "On Fri 17 Dec 10:00, no time lies between 'a' and 'b' for 'X': under 30."),
        ("b c", 1, "On Fri 17 Dec 10:00, no time lies between 'b' and 'c' for 'Y': under 30."),
    ]
    wishes = [PreferTime(name, [Period(None, "10:00", "11:00")]) for name in "acd"]
    assert best(problem(sessions, rule, *wishes))[1] == {1: 0}
    assert best(problem(sessions, rule, *wishes, PreferTime("b", [Period(None, "10:00", "11:00")])))[1] == {1: 1}


def test_a_delegation_counts_for_the_segments_in_which_it_has_a_duty(best: Best, breaches: Breaches) -> None:
    """It is free from 10:30 to 11:30, and a session at 10:45 lies a quarter from either segment."""
    opening = [Segment(30, required=["NO"]), Segment(60), Segment(30, required=["NO"])]
    sessions = [Session("a", "A", 120, segments=opening), Session("b", "B", 30, required=["NO"])]
    delegations = [Delegation("NO", table_seats=0), Delegation("SE", table_seats=0)]
    window = Window("Europe/Zurich", ["2010-12-17"], step=15)
    rule = Apart(Select(), 15, "delegation")
    facts = problem(sessions, rule, delegations=delegations, window=window)
    stand = {"a": "17 10:00 I", "b": "17 10:45 II"}
    assert breaches(rule, facts, stand) == []
    assert breaches(Apart(Select(), 16, "delegation"), facts, stand) == [
        ("a b", 1, "On Fri 17 Dec 10:45, 15 minutes lie between 'a' and 'b' for 'NO': under 16."),
    ]
    wishes = PreferTime("a", [Period(None, "10:00", "12:00")]), PreferTime("b", [Period(None, "10:00", "12:00")])
    fields: dict[str, Any] = {"delegations": delegations, "window": window}
    assert best(problem(sessions, rule, *wishes, **fields))[1] == {1: 0}
    assert best(problem(sessions, Apart(Select(), 16, "delegation"), *wishes, **fields))[1] == {1: 1}
    assert best(problem(sessions, Apart(Select(), 16), *wishes, **fields))[1] == {1: 1}


def test_who_has_too_little_time_bears_the_cost_each(best: Best) -> None:
    sessions = [Session(name, name, 60, required=["NO", "SE", "x"]) for name in "ab"]
    people: dict[str, Any] = {
        "delegations": [Delegation("NO", table_seats=0), Delegation("SE", table_seats=0)],
        "persons": [Person("x")],
    }
    wishes = [PreferTime(name, [Period(None, "10:00", "12:00")]) for name in "ab"]
    for per, cost in (("delegation", 2), ("person", 1), (None, 1)):
        facts = problem(sessions, Soften(Apart(Select(), 30, per), tier=2), *wishes, **people)
        assert best(facts)[1] == {1: 0, 2: cost}


def test_who_bears_a_breach_is_named() -> None:
    sessions = [Session(name, name, 60, required=["NO"]) for name in "ab"]
    facts = problem(sessions, delegations=[Delegation("NO", table_seats=0)], persons=[Person("x")])
    window = facts.window
    starts = {"a": window.minute("2010-12-17T10:00"), "b": window.minute("2010-12-17T11:00")}
    bookings = [Booking(name, "I", window.wall(at), window.wall(at + 60)) for name, at in starts.items()]
    schedule = Schedule(facts.id, window.zone, bookings)
    for per, whom in (("delegation", [("NO",)]), ("person", []), (None, [()])):
        found = Apart(Select(), 1, per).check(Timetable(facts, schedule))
        assert [breach.whom for breach in found] == whom


def test_distances_say_themselves() -> None:
    assert Apart("a", 30).say() == "At least 30 minutes between any two on one day: 'a'."
    assert Apart(Select(), 30, "person").say() == (
        "At least 30 minutes between any two of one person on one day: every session."
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"least": 0}, ("least", "0 is less than 1", "1 or more of minutes.")),
        (
            {"least": 5, "per": "room"},
            (
                "per",
                "'room' is none of 'body', 'kind', 'tag', 'delegation', 'person', 'group'",
                "leave it out for all of them together.",
            ),
        ),
    ],
)
def test_a_wrong_distance_names_field_and_value(refused: Refused, fields: dict[str, Any], fault: Any) -> None:
    assert refused(lambda: Apart(Select(), **fields)) == [fault]


# -- neighbour --------------------------------------------------------------------------------------------------------


def test_no_session_stands_alone_on_its_day(best: Best, breaches: Breaches) -> None:
    rule = Neighbour(Select())
    wishes = [PreferTime("a", [Period(["2010-12-16"])], tier=2), PreferTime("b", [Period(["2010-12-17"])], tier=2)]
    facts = problem("abc", rule, *wishes, window=TWO_DAYS)
    assert best(facts)[1] == {1: 0, 2: 1}
    stand = {"a": "16 17:00 I", "b": "17 10:00 I", "c": "17 11:00 II"}
    assert breaches(rule, facts, stand) == [("a", 1, "'a' on Thu 16 Dec 17:00 has no neighbour.")]
    assert breaches(rule, facts, {**stand, "c": "17 10:30 II"}) == [
        ("a", 1, "'a' on Thu 16 Dec 17:00 has no neighbour."),
        ("b", 1, "'b' on Fri 17 Dec 10:00 has no neighbour."),
        ("c", 1, "'c' on Fri 17 Dec 10:30 has no neighbour."),
    ]


@pytest.mark.parametrize(
    ("within", "open_minutes", "cost"), [(0, False, 2), (119, False, 2), (120, False, 0), (0, True, 0)]
)
def test_a_break_of_the_window_counts_or_not(best: Best, within: int, open_minutes: Any, cost: int) -> None:
    rule = Neighbour(Select(), within=within, open_minutes=open_minutes)
    assert best(problem("ab", rule, minutes=180))[1] == {1: cost}


@pytest.mark.parametrize(("within", "start", "cost"), [(30, "12:00", 1), (60, "12:00", 0), (30, "11:30", 0)])
def test_a_neighbour_is_no_further_than_so_many_minutes(breaches: Breaches, within: int, start: str, cost: int) -> None:
    for open_minutes in (False, True):
        rule = Neighbour("b", "a", within, open_minutes=open_minutes)
        stand = {"a": "17 10:00 I", "b": f"17 {start} I"}
        assert len(breaches(rule, problem("ab"), stand)) == cost


def test_the_neighbour_may_have_to_be_in_the_same_room(best: Best, breaches: Breaches) -> None:
    rule = Neighbour("a", "b", 30, room="same")
    wishes = PreferRoom("a", "I", tier=2), PreferRoom("b", "II", tier=2)
    assert best(problem("ab", Neighbour("a", "b", 30), *wishes))[1] == {1: 0, 2: 0}
    places, cost = best(problem("ab", rule, *wishes))
    assert (cost, len({place[9:] for place in places.values()})) == ({1: 0, 2: 1}, 1)
    stand = {"a": "17 10:00 I", "b": "17 11:00 II"}
    assert breaches(rule, problem("ab"), stand) == [("a", 1, "'a' on Fri 17 Dec 10:00 has no neighbour.")]
    assert breaches(rule, problem("ab"), {**stand, "b": "17 11:00 I"}) == []


def test_a_lecture_needs_a_neighbour_of_each_of_its_curricula(best: Best, breaches: Breaches) -> None:
    tags = [["x", "y"], ["x"], ["y"], []]
    sessions = [Session(name, name, 60, tags=some) for name, some in zip("abcd", tags, strict=True)]
    rule = Neighbour(Select(), per="tag")
    facts = problem(sessions, rule)
    places, cost = best(facts)
    assert cost == {1: 0}
    assert {abs(int(clocks(places)[name][:2]) - int(clocks(places)["a"][:2])) for name in "bc"} == {1}
    stand = {"a": "17 10:00 I", "b": "17 11:00 I", "c": "17 12:00 I", "d": "17 16:00 I"}
    assert breaches(rule, facts, stand) == [
        ("a", 1, "'a' on Fri 17 Dec 10:00 has no neighbour for 'y'."),
        ("c", 1, "'c' on Fri 17 Dec 12:00 has no neighbour for 'y'."),
    ]


def test_a_delegation_stays_from_its_first_segment_to_its_last(best: Best, breaches: Breaches) -> None:
    """It is at the first session until 11:00 only, and the second starts then."""
    segments = [Segment(30, required=["NO"]), Segment(30, required=["NO"]), Segment(60)]
    late = [Segment(30, required=["NO"]), Segment(30), Segment(60, required=["NO"])]
    delegations = [Delegation("NO", table_seats=0), Delegation("SE", table_seats=0)]
    facts = problem(
        [Session("a", "A", 120, segments=segments), Session("b", "B", 60, required=["NO"])], delegations=delegations
    )
    rule = Neighbour(Select(), per="delegation")
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:00 II"}) == []
    assert len(breaches(rule, facts, {"a": "17 10:00 I", "b": "17 12:00 II"})) == 2
    assert best(problem(list(facts.sessions), rule, delegations=delegations))[1] == {1: 0}
    other = problem([Session("a", "A", 120, segments=late), facts.session("b")], delegations=delegations)
    assert len(breaches(rule, other, {"a": "17 10:00 I", "b": "17 10:30 II"})) == 2
    assert breaches(rule, other, {"a": "17 10:00 I", "b": "17 12:00 II"}) == []


def test_segments_that_shortening_cuts_off_are_nobodys_stay() -> None:
    cut = [Segment(60), Segment(30, required=["NO"]), Segment(required=["NO", "x"])]
    sessions = [
        Session("a", "A", 120, shortest=30, segments=cut),
        Session("b", "B", 60, required=["NO", "x"], shortest=30),
        Session("c", "C", 60, required=["SE"]),
    ]
    people: dict[str, Any] = {
        "delegations": [Delegation("NO", table_seats=0), Delegation("SE", table_seats=0)],
        "persons": [Person("x")],
    }
    facts = problem(sessions, **people)
    for per in ("delegation", "person", "body"):
        for rule in (Apart(Select(), 45, per), Soften(Apart(Select(), 45, per)), Neighbour(Select(), per=per)):
            agree(rule, facts, schedules=12)


def test_that_none_stands_alone_can_be_demanded(best: Best, impossible: Impossible) -> None:
    assert best(problem("ab", Demand(Neighbour(Select()))))[1] == {}
    assert impossible(problem("a", Demand(Neighbour(Select())))) == ["demand", "every-session-placed"]


def test_neighbours_say_themselves() -> None:
    assert Neighbour("a").say() == "Next to another without a break: 'a'."
    assert Neighbour("a", open_minutes=True).say() == "Next to another: 'a'."
    assert Neighbour("a", "b", 30, open_minutes=True, room="same", per="tag").say() == (
        "Next to one among 'b' of one tag within 30 open minutes in the same room: 'a'."
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"within": None}, ("within", "None is not a whole number of minutes", "a number such as 1.")),
        ({"open_minutes": 1}, ("open_minutes", "1 is not true or false", "true or false.")),
        ({"room": "other"}, ("room", "'other' is none of 'any', 'same'", "'any'.")),
        (
            {"per": 3},
            (
                "per",
                "3 is none of 'body', 'kind', 'tag', 'delegation', 'person', 'group'",
                "leave it out for all of them together.",
            ),
        ),
        ({"weight": 0}, ("weight", "0 is less than 1", "1 or more.")),
    ],
)
def test_a_wrong_neighbour_names_field_and_value(refused: Refused, fields: dict[str, Any], fault: Any) -> None:
    assert refused(lambda: Neighbour(Select(), **fields)) == [fault]


@pytest.mark.parametrize(("side", "alone"), [("either", []), ("before", ["a"]), ("after", ["b"])])
def test_a_neighbour_may_have_to_be_on_one_side(breaches: Breaches, side: str, alone: list[str]) -> None:
    found = breaches(Neighbour(EVERY, side=side), problem("ab"), {"a": "17 10:00 I", "b": "17 11:00 II"})
    assert [one[0] for one in found] == alone


@pytest.mark.parametrize(("overnight", "cost"), [(False, 2), (True, 0)])
def test_first_thing_in_the_morning_may_follow_the_last_of_the_day(best: Best, overnight: Any, cost: int) -> None:
    rule = Neighbour(EVERY, open_minutes=True, overnight=overnight)
    last, first = Pin("a", start="2010-12-16T17:00"), Pin("b", start="2010-12-17T10:00")
    assert best(problem("ab", rule, last, first, window=TWO_DAYS))[1] == {1: cost}
