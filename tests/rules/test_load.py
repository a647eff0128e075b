from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Block, Delegation, Period, Person, Problem, Room, Rule, Seats, Select, Session, Venue, Window
from unsched.domain.segment import Segment
from unsched.rules import EndEarly, Pin, PreferTime
from unsched.rules.load import AtMostDays, DayLength, Load, Spread
from unsched.rules.severity import Soften

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

# A Friday and the Monday after it: two days, two weeks.
DAYS = Window("Europe/Zurich", ["2010-12-17", "2010-12-20"], step=30)
SEATS = Seats(50, 50, 5)
ROOMS = Venue([Room(name, seats=SEATS) for name in ("I", "II", "III")])
EARLY = EndEarly(of="each")
FRIDAY = Period(["2010-12-17"])
PER = "'body', 'kind', 'tag', 'delegation', 'person', 'group'"


def problem(names: str, *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    good: dict[str, Any] = {"id": "p", "window": DAYS, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


def starts(places: dict[str, str]) -> dict[str, str]:
    return {name: place[:8] for name, place in places.items()}


def days(places: dict[str, str]) -> list[str]:
    return sorted(place[:2] for place in places.values())


# -- load -------------------------------------------------------------------------------------------------------------


def test_a_day_has_at_most_so_many_sessions(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = Load(2)
    assert days(best(problem("abc", rule, EARLY))[0]) == ["17", "17", "20"]
    assert impossible(problem("abcde", rule)) == ["every-session-placed", "load"]
    facts = problem("abcd", rule)
    stand = {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 15:00 I", "d": "20 10:00 I"}
    assert breaches(rule, facts, stand) == [
        ("a b c", 1, "3 sessions on Fri 17 Dec, over 2: 'a', 'b', 'c'."),
    ]
    assert breaches(Load(2, ["a", "b", "d"]), facts, stand) == []
    assert rule.say() == "At most 2 sessions a day: every session."


@pytest.mark.parametrize(("within", "cost"), [("day", 1), ("week", 1), ("window", 3)])
def test_sessions_over_the_cap_have_a_price(best: Best, within: str, cost: int) -> None:
    facts = problem("abcde", Soften(Load(2, within=within)), minutes=30)
    assert best(facts)[1] == {1: cost}


def test_weeks_begin_on_monday(breaches: Breaches) -> None:
    window = Window("Europe/Zurich", ["2010-12-17", "2010-12-19", "2010-12-20"], step=30)
    rule = Load(1, count="sessions", within="week")
    stand = {"a": "17 10:00 I", "b": "19 10:00 I", "c": "20 10:00 I"}
    assert breaches(rule, problem("abc", window=window), stand) == [
        ("a b", 1, "2 sessions in the week of Mon 13 Dec, over 1: 'a', 'b'."),
    ]
    assert rule.say() == "At most 1 sessions a week: every session."


def test_minutes_are_added_up_over_the_whole_window(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = Load(180, count="minutes", within="window")
    assert len(best(problem("abc", rule))[0]) == 3
    assert impossible(problem("abcd", rule)) == ["every-session-placed", "load"]
    facts = problem("abcd", rule)
    stand = {"a": "17 10:00 I", "b": "17 10:00 II", "c": "20 10:00 I", "d": "20 10:00 II"}
    assert breaches(rule, facts, stand) == [("a b c d", 60, "240 minutes, over 180: 'a', 'b', 'c', 'd'.")]
    assert rule.say() == "At most 180 minutes in all: every session."


def test_a_session_is_shortened_to_keep_the_minutes_of_a_day(best: Best) -> None:
    sessions = [Session("a", "A", 120, shortest=60), Session("b", "B", 60)]
    window = Window("Europe/Zurich", ["2010-12-17"], step=30)
    rules = [Load(150, count="minutes"), Pin("a", "2010-12-17T10:00")]
    places, _ = best(problem("", *rules, window=window, sessions=sessions))
    assert set(places) == {"a", "b"}


def test_each_delegation_counts_the_segments_that_it_is_needed_for(best: Best, breaches: Breaches) -> None:
    sessions = [
        Session("a", "A", 120, required=["egypt"], segments=[Segment(30, required=["kenya"])]),
        Session("b", "B", 60, required=["egypt", "kenya"]),
        Session("c", "C", 60),
    ]
    facts: dict[str, Any] = {"sessions": sessions, "delegations": [Delegation("egypt"), Delegation("kenya")]}
    rule = Load(100, per="delegation", count="minutes")
    stand = {"a": "17 10:00 I", "b": "17 15:00 I", "c": "17 10:00 II"}
    assert breaches(rule, problem("", **facts), stand) == [
        ("a b", 80, "180 minutes on Fri 17 Dec for 'egypt', over 100: 'a', 'b'."),
    ]
    assert rule.say() == "At most 100 minutes a day for each delegation: every session."
    # One day has no room for both duties of Egypt, and both have for those of Kenya.
    capped = Load(1, per="delegation")
    places = best(problem("", capped, EARLY, **facts))[0]
    assert places["a"][:2] != places["b"][:2]
    assert places["c"][:2] == "17"


def test_a_session_with_two_segments_of_somebody_counts_once(breaches: Breaches) -> None:
    segments = [Segment(30, required=["egypt"]), Segment(30), Segment(30, required=["egypt"])]
    facts = problem("", sessions=[Session("a", "A", 90, segments=segments)], delegations=[Delegation("egypt")])
    stand = {"a": "17 10:00 I"}
    assert breaches(Load(0, per="delegation"), facts, stand) == [
        ("a", 1, "1 sessions on Fri 17 Dec for 'egypt', over 0: 'a'."),
    ]
    assert breaches(Load(45, per="delegation", count="minutes"), facts, stand) == [
        ("a", 15, "60 minutes on Fri 17 Dec for 'egypt', over 45: 'a'."),
    ]


def test_an_optional_session_is_left_out_rather_than_be_one_too_many(best: Best) -> None:
    sessions = [Session(name, name, 60, optional=name == "c") for name in "abc"]
    assert set(best(problem("", Load(2, within="window"), sessions=sessions))[0]) == {"a", "b"}


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"most": -1}, "most", "-1 is less than 0", "0 or more of sessions or minutes."),
        ({"per": "bodies"}, "per", f"'bodies' is none of {PER}", None),
        ({"count": "hours"}, "count", "'hours' is none of 'sessions', 'minutes'", "'sessions'."),
        ({"within": "month"}, "within", "'month' is none of 'day', 'week', 'window'", "'day'."),
    ],
)
def test_a_wrong_load_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str | None
) -> None:
    [(where, what, advice)] = refused(lambda: Load(**{"most": 3, **fields}))
    assert (where, what) == (path, message)
    assert advice == remedy or remedy is None


# -- spread -----------------------------------------------------------------------------------------------------------


def test_sessions_are_spread_over_days(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = Spread(2)
    assert days(best(problem("abc", rule, EARLY))[0]) == ["17", "17", "20"]
    assert impossible(problem("abc", Spread(3))) == ["every-session-placed", "spread"]
    facts = problem("abc", rule)
    assert breaches(Spread(4), facts, {"a": "17 10:00 I", "b": "17 10:00 II", "c": "20 10:00 I"}) == [
        ("a b c", 2, "Spread over 2 of 4 days: 'a', 'b', 'c'."),
    ]
    assert rule.say() == "Spread over at least 2 days: every session."
    assert Spread(1, per="body").say() == "Spread over at least 1 day for each body: every session."


def test_missing_days_have_a_price(best: Best) -> None:
    assert best(problem("abc", Soften(Spread(5), weight=4)))[1] == {1: 12}


def test_what_is_not_scheduled_misses_no_day(best: Best, breaches: Breaches) -> None:
    rule = Spread(2)
    assert breaches(rule, problem("ab"), {}) == []
    assert breaches(rule, problem("ab"), {"a": "17 10:00 I"}) == [("a", 1, "Spread over 1 of 2 days: 'a'.")]
    sessions = [Session("a", "A", 60, optional=True)]
    assert best(problem("", rule, sessions=sessions))[0] == {}


def test_each_body_is_spread_by_itself(best: Best) -> None:
    sessions = [Session(name, name, 60, body=body) for name, body in (("a", "X"), ("b", "X"), ("c", "Y"), ("d", None))]
    places, cost = best(
        problem("", Soften(Spread(2, per="body"), tier=1), PreferTime(Select(), [FRIDAY], tier=2), sessions=sessions)
    )
    assert cost == {1: 1, 2: 1}
    assert {places["a"][:2], places["b"][:2]} == {"17", "20"}


# -- at most days -----------------------------------------------------------------------------------------------------


def test_sessions_lie_on_few_days(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = AtMostDays(1, ["a", "b"])
    apart = [Pin("a", "2010-12-17T10:00"), Pin("b", "2010-12-20T10:00")]
    assert impossible(problem("abc", rule, *apart)) == ["at-most-days", "every-session-placed", "pin"]
    assert best(problem("abc", Soften(rule), *apart))[1] == {1: 1}
    places = best(problem("abc", rule, apart[1], EARLY))[0]
    assert starts(places) == {"a": "20 10:00", "b": "20 10:00", "c": "17 10:00"}
    assert breaches(rule, problem("abc"), {"a": "17 10:00 I", "b": "20 10:00 I", "c": "17 10:00 II"}) == [
        ("a b", 1, "On 2 days, over 1: 'a', 'b'."),
    ]
    assert breaches(rule, problem("abc"), {"a": "17 10:00 I", "b": "17 10:00 II", "c": "20 10:00 II"}) == []
    assert rule.say() == "On at most 1 day: 'a' or 'b'."
    assert AtMostDays(2, per="person").say() == "On at most 2 days for each person: every session."


def test_each_person_comes_for_few_days(best: Best) -> None:
    sessions = [Session("a", "A", 180, chair="x"), Session("b", "B", 180, chair="y"), Session("c", "C", 180, chair="x")]
    people = [Person("x"), Person("y")]
    facts = problem(
        "", AtMostDays(1, per="person"), Pin("a", "2010-12-20T10:00"), EARLY, sessions=sessions, persons=people
    )
    assert starts(best(facts)[0]) == {"a": "20 10:00", "b": "17 10:00", "c": "20 15:00"}


# -- day length -------------------------------------------------------------------------------------------------------


def test_a_day_is_not_too_long(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = DayLength(120)
    early, late = Pin("a", "2010-12-17T10:00"), Pin("b", "2010-12-17T15:00")
    assert impossible(problem("ab", rule, early, late)) == ["day-length", "every-session-placed", "pin"]
    assert starts(best(problem("ab", rule, late, EARLY))[0])["a"] == "17 15:00"
    assert best(problem("abc", Soften(rule), early, late))[1] == {1: 240}
    assert breaches(rule, problem("abc"), {"a": "17 10:00 I", "b": "17 15:00 I", "c": "20 10:00 I"}) == [
        ("a b", 240, "360 minutes on Fri 17 Dec, over 120, from first to last: 'a', 'b'."),
    ]
    assert breaches(rule, problem("abc"), {"a": "17 10:00 I", "b": "17 11:00 I", "c": "20 17:00 I"}) == []
    assert rule.say() == "A day of at most 120 minutes from first to last: every session."


def test_a_night_belongs_to_the_day_on_which_it_starts(breaches: Breaches) -> None:
    window = Window("Europe/Zurich", ["2010-12-17"], [Block("22:00", "04:00")], step=30)
    facts = problem("abc", window=window, minutes=120)
    stand = {"a": "17 22:00 I", "b": "17 23:30 II", "c": "18 00:30 III"}
    assert breaches(DayLength(180), facts, stand) == [
        ("a b", 30, "210 minutes on Fri 17 Dec, over 180, from first to last: 'a', 'b'."),
    ]


def test_what_shortening_cuts_off_lies_on_no_day(best: Best, breaches: Breaches) -> None:
    segments = [Segment(60), Segment(60, required=["egypt"])]
    sessions = [Session("a", "A", 120, shortest=60, segments=segments), Session("b", "B", 60, required=["egypt"])]
    facts: dict[str, Any] = {"sessions": sessions, "delegations": [Delegation("egypt")], "off": "full-length"}
    fixed = [Pin("a", "2010-12-17T10:00"), Pin("b", "2010-12-20T10:00")]
    # The end of the first session goes, and with it the delegation's other day.
    for rule in (AtMostDays(1, per="delegation"), Load(1, per="delegation", within="window")):
        assert best(problem("", Soften(rule), *fixed, **facts))[1] == {1: 0}
        assert len(breaches(rule, problem("", **facts), {"a": "17 10:00 I", "b": "20 10:00 I"})) == 1
    assert best(problem("", Soften(Spread(2, per="delegation")), *fixed, **facts))[1] == {1: 0}


def test_a_window_that_is_too_short_for_a_breach_needs_no_limit(best: Best) -> None:
    window = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "12:00")], step=30)
    assert best(problem("ab", AtMostDays(1), DayLength(120), Load(2), window=window))[1] == {}


@pytest.mark.parametrize(
    ("make", "path", "message"),
    [
        (lambda: Spread(0), "days", "0 is less than 1"),
        (lambda: Spread(2, per="x"), "per", f"'x' is none of {PER}"),
        (lambda: AtMostDays(0), "most", "0 is less than 1"),
        (lambda: AtMostDays(2, per="x"), "per", f"'x' is none of {PER}"),
        (lambda: DayLength(0), "most", "0 is less than 1"),
        (lambda: DayLength(60, per="x"), "per", f"'x' is none of {PER}"),
    ],
)
def test_a_wrong_number_of_days_or_minutes_is_refused(
    refused: Refused, make: Callable[[], object], path: str, message: str
) -> None:
    assert [(where, what) for where, what, _ in refused(make)] == [(path, message)]
