from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import LUNCH, UN_HOURS, Block, Period, Preference, Problem, Room, Rule, Session, Venue, Window
from unsched.rules import EndEarly, PreferTime

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
MORNING = Period("2010-12-17", "10:00", "13:00")


def problem(names: str, *rules: Rule, minutes: int = 180, rooms: str = "I II", **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    venue = Venue([Room(room) for room in rooms.split()])
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": venue, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


# -- times ------------------------------------------------------------------------------------------------------------


def test_as_many_sessions_as_can_be_lie_in_their_wish(best: Best) -> None:
    wish = PreferTime(["a", "b", "c"], [MORNING], weight=4)
    places, cost = best(problem("abcd", wish))
    assert cost == {1: 4}
    assert sum(places[name].startswith("17 10:00") for name in "abc") == 2


def test_a_heavier_wish_comes_first_and_an_earlier_tier_before_all(best: Best) -> None:
    heavy = problem("ab", PreferTime("a", [MORNING], weight=1), PreferTime("b", [MORNING], weight=2), rooms="I")
    assert best(heavy)[0] == {"b": "17 10:00 I", "a": "17 15:00 I"}
    assert best(heavy)[1] == {1: 1}
    first = PreferTime("a", [MORNING], weight=1, tier=1), PreferTime("b", [MORNING], weight=100, tier=2)
    assert best(problem("ab", *first, rooms="I")) == ({"a": "17 10:00 I", "b": "17 15:00 I"}, {1: 0, 2: 100})


def test_a_session_that_lies_outside_in_part_lies_outside(breaches: Breaches) -> None:
    touching = [Period(None, "10:00", "11:00"), Period("2010-12-17", "11:00", "12:00")]
    wish = PreferTime(["a", "b"], touching)
    facts = problem("abc", wish, minutes=60)
    assert breaches(wish, facts, {"a": "17 10:30 I", "b": "17 11:30 I", "c": "17 15:00 I"}) == [
        ("b", 1, "'b' on Fri 17 Dec 11:30 is outside every day 10:00-11:00; 2010-12-17 11:00-12:00."),
    ]
    assert wish.say() == "Wished for 'a' or 'b': every day 10:00-11:00; 2010-12-17 11:00-12:00."


@pytest.mark.parametrize(
    ("rule", "fields", "path", "message", "remedy"),
    [
        (PreferTime, {"periods": []}, "periods", "no period is wished", "at least one period."),
        (PreferTime, {"periods": MORNING}, "periods", f"{MORNING!r} is not a list", "put it in brackets: [...]."),
        (PreferTime, {"periods": ["10:00"]}, "periods[0]", "'10:00' is not a Period", "a Period(...)."),
        (PreferTime, {"periods": [MORNING], "weight": 0}, "weight", "0 is less than 1", "1 or more."),
        (EndEarly, {"of": "first"}, "of", "'first' is none of 'last', 'each'", "'last'."),
        (EndEarly, {"tier": 0}, "tier", "0 is less than 1", "1 or more."),
        (EndEarly, {"tier": 1.0}, "tier", "1.0 is not a whole number", "a number such as 1."),
        (EndEarly, {"weight": None}, "weight", "None is not a whole number", "a number such as 1."),
        (
            EndEarly,
            {"weight": 1_000_001},
            "weight",
            "1000001 is more than 1000000",
            "an earlier tier, where a rule comes first.",
        ),
    ],
)
def test_a_wrong_wish_names_field_and_value(
    refused: Refused, rule: type[Preference], fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: rule(**{"sessions": "a", **fields})) == [(path, message, remedy)]


# -- an early end -----------------------------------------------------------------------------------------------------


def test_the_last_session_ends_as_early_as_can_be(best: Best) -> None:
    # Four hours in one room: three in the morning, and the first of the afternoon.
    places, cost = best(problem("abcd", EndEarly(), minutes=60, rooms="I"))
    assert max(place[3:8] for place in places.values()) == "15:00"
    assert cost == {1: 240}
    assert best(problem("abcd", EndEarly(), minutes=60))[1] == {1: 120}


def test_each_session_ends_as_early_as_can_be(best: Best) -> None:
    sessions = [Session("long", "Long", 120), Session("short", "Short", 60)]
    places, cost = best(problem("", EndEarly(of="each", weight=2), rooms="I", sessions=sessions))
    assert places == {"short": "17 10:00 I", "long": "17 11:00 I"}
    assert cost == {1: 2 * (60 + 180)}


def test_only_open_minutes_count(breaches: Breaches) -> None:
    blocks = [*UN_HOURS, Block("14:00", "15:30", LUNCH)]
    facts = problem("abc", minutes=60, window=Window("Europe/Zurich", ["2010-12-17"], blocks, step=30))
    places = {"a": "17 10:00 I", "c": "17 14:30 I", "b": "17 12:00 II"}
    assert breaches(EndEarly(), facts, places) == [("c", 270, "'c' ends on Fri 17 Dec 15:30.")]
    assert breaches(EndEarly(["b", "a"]), facts, places) == [("b", 180, "'b' ends on Fri 17 Dec 13:00.")]
    assert breaches(EndEarly(of="each"), facts, places) == [
        ("a", 60, "'a' ends on Fri 17 Dec 11:00."),
        ("b", 180, "'b' ends on Fri 17 Dec 13:00."),
        ("c", 270, "'c' ends on Fri 17 Dec 15:30."),
    ]
    assert breaches(EndEarly(), facts, {}) == []


def test_what_ends_before_the_first_open_minute_costs_nothing(breaches: Breaches) -> None:
    assert breaches(EndEarly(), problem("a", minutes=60), {"a": "17 08:00 I"}) == []


def test_an_early_end_says_itself() -> None:
    assert EndEarly().say() == "An early end of the last of every session."
    assert EndEarly("a", "each").say() == "An early end of each of 'a'."
