from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import pytest
from attrs import evolve

from unsched import LUNCH, Block, Booking, Problem, Room, Rule, Schedule, Session, Venue, Window
from unsched.domain.timetable import Timetable
from unsched.rules import EndEarly, EverySessionPlaced, FixedPlaces, Pin, WithinWindow

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

BLOCKS = [Block("10:00", "13:00"), Block("13:15", "14:45", LUNCH), Block("15:00", "18:00")]
DAY = Window("Europe/Zurich", ["2010-12-17"], BLOCKS, step=15)
ROOMS = Venue([Room("I"), Room("II")])


def problem(*sessions: Session, rules: list[Rule] | None = None) -> Problem:
    return Problem("p", DAY, ROOMS, sessions, rules=rules or ())


def session(id: str, minutes: int = 180, **fields: Any) -> Session:
    return Session(id, id.upper(), minutes, **fields)


# -- every session ----------------------------------------------------------------------------------------------------


def test_every_session_has_a_booking(breaches: Breaches, impossible: Impossible) -> None:
    facts = problem(session("a"), session("b"))
    assert breaches(EverySessionPlaced(), facts, {"b": "17 10:00 I"}) == [("a", 1, "'a' is not scheduled.")]
    assert EverySessionPlaced().say() == "Every session is scheduled."
    assert "every-session-placed" in impossible(problem(session("long", 240)))


def test_a_session_may_be_left_out_where_that_is_allowed(best: Best) -> None:
    facts = evolve(problem(session("long", 240), session("a")), off=["every-session-placed"], rules=[EndEarly("a")])
    assert "long" not in best(facts)[0]


# -- within the window ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "start", "end", "text"),
    [
        (session("a"), "10:00", "13:00", None),
        (session("a"), "10:00", "12:00", "'a' is booked for 120 minutes and not for 180."),
        (session("a"), "10:15", "13:15", "'a' on Fri 17 Dec 10:15 does not lie in open time."),
        (session("a"), "09:00", "12:00", "'a' on Fri 17 Dec 09:00 does not lie in open time."),
        (session("a", 60), "12:30", "13:30", "'a' on Fri 17 Dec 12:30 does not lie in open time."),
        (session("a", 60), "10:20", "11:20", "'a' on Fri 17 Dec 10:20 does not lie on the 15-minute grid."),
        (session("a", 60), "13:15", "14:15", "'a' on Fri 17 Dec 13:15 does not lie in open time."),
        (session("a", 60, blocks=LUNCH), "13:15", "14:15", None),
        (session("a", 360, within="day"), "10:00", "16:00", None),
        (session("a", 240, within="day"), "10:00", "14:00", "'a' on Fri 17 Dec 10:00 does not lie in open time."),
        (session("a", 60, within="day"), "14:00", "15:00", "'a' on Fri 17 Dec 14:00 does not lie in open time."),
    ],
)
def test_a_session_lies_in_open_time_on_the_grid(one: Session, start: str, end: str, text: str | None) -> None:
    booking = Booking("a", "I", f"2010-12-17T{start}+01:00", f"2010-12-17T{end}+01:00")
    found = list(WithinWindow().check(Timetable(problem(one), Schedule("p", "Europe/Zurich", [booking]))))
    assert [(breach.sessions, breach.amount, breach.text) for breach in found] == ([(("a",), 1, text)] if text else [])


def test_two_things_wrong_with_one_booking_are_two_breaches() -> None:
    booking = Booking("a", "I", "2010-12-17T18:00Z", "2010-12-17T19:00Z")
    found = WithinWindow().check(Timetable(problem(session("a")), Schedule("p", "UTC", [booking])))
    assert [breach.text for breach in found] == [
        "'a' is booked for 60 minutes and not for 180.",
        "'a' on Fri 17 Dec 19:00 does not lie in open time.",
    ]
    assert WithinWindow().say() == "A session lies in open time, on the grid, for a length that it may have."


def test_the_solver_is_offered_nothing_but_open_time(best: Best) -> None:
    places, _ = best(problem(session("lunch", 90, blocks=LUNCH), session("day", 480, within="day")))
    assert {name: place[:8] for name, place in places.items()} == {"lunch": "17 13:15", "day": "17 10:00"}


# -- fixed places -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["2010-12-17T15:00", "2010-12-17T14:00Z"])
def test_a_session_stands_where_its_own_facts_fix_it(best: Best, breaches: Breaches, start: str) -> None:
    facts = problem(session("a", start=start, room="II"))
    assert best(facts)[0] == {"a": "17 15:00 II"}
    assert breaches(FixedPlaces(), facts, {"a": "17 10:00 I"}) == [
        ("a", 1, "'a' is fixed at Fri 17 Dec 15:00, not Fri 17 Dec 10:00."),
        ("a", 1, "'a' is fixed in room 'II', not 'I'."),
    ]
    assert breaches(FixedPlaces(), facts, {"a": "17 15:00 II"}) == []
    assert FixedPlaces().say() == "A session with a fixed start or room has it."


def test_two_sessions_fixed_in_one_place_are_impossible(impossible: Impossible) -> None:
    fixed: dict[str, Any] = {"start": "2010-12-17T15:00", "room": "II"}
    kinds = impossible(problem(session("a", **fixed), session("b", **fixed)))
    assert kinds == ["every-session-placed", "fixed-places", "one-session-per-room"]


# -- pins -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pin", "place"),
    [
        (Pin("a", "2010-12-17T15:00"), "17 15:00"),
        (Pin("a", "2010-12-17T14:00Z"), "17 15:00"),
        (Pin("a", room="II"), "II"),
        (Pin("a", "2010-12-17T10:00", "II"), "17 10:00 II"),
    ],
)
def test_a_pin_holds_start_room_or_both(best: Best, pin: Pin, place: str) -> None:
    assert place in best(problem(session("a"), session("b"), rules=[pin]))[0]["a"]


def test_what_is_not_where_it_is_pinned_is_a_breach(breaches: Breaches) -> None:
    pin = Pin(["a", "b"], "2010-12-17T14:00Z", "II")
    facts = problem(session("a"), session("b"), session("c"), rules=[pin])
    assert breaches(pin, facts, {"a": "17 10:00 II", "b": "17 15:00 I", "c": "17 10:00 I"}) == [
        ("a", 1, "'a' is pinned to Fri 17 Dec 15:00, not Fri 17 Dec 10:00."),
        ("b", 1, "'b' is pinned to room 'II', not 'I'."),
    ]


def test_two_pins_of_one_session_are_impossible(impossible: Impossible) -> None:
    pins: list[Rule] = [Pin("a", room="I"), Pin("a", room="II")]
    assert impossible(problem(session("a"), rules=pins)) == ["every-session-placed", "pin"]


@pytest.mark.parametrize(
    ("pin", "text"),
    [
        (Pin("a", "2010-12-17T10:00"), "'a' starts at 2010-12-17 10:00."),
        (Pin("a", "2010-12-17T10:00Z"), "'a' starts at 2010-12-17 10:00+00:00."),
        (Pin(["a", "b"], room="II"), "'a' or 'b' stands in room 'II'."),
        (Pin("a", datetime(2010, 12, 17, 10), "II"), "'a' starts at 2010-12-17 10:00 and stands in room 'II'."),
    ],
)
def test_a_pin_says_itself(pin: Pin, text: str) -> None:
    assert pin.say() == text


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({}, "start", "neither a start nor a room is given", "give one of them, or both."),
        ({"start": "ten"}, "start", "'ten' is not a date and time", "one such as '2010-12-17T10:00'."),
        ({"room": 5}, "room", "5 is not a string", "'5'."),
    ],
)
def test_a_wrong_pin_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Pin("a", **fields)) == [(path, message, remedy)]


@pytest.mark.parametrize(
    ("pin", "found"),
    [
        (Pin("a", room="III"), [("room", "there is no room 'III'", "'II'.")]),
        (
            Pin(["a", "short"], "2010-12-17T11:00"),
            [("start", "'a' cannot start at 2010-12-17 11:00 in the window", "2010-12-17 10:00.")],
        ),
        (
            Pin("a", "2010-12-17T10:00Z"),
            [("start", "'a' cannot start at 2010-12-17 11:00 in the window", "2010-12-17 10:00.")],
        ),
        (
            Pin("a", "2010-12-16T10:00", "IV"),
            [
                ("room", "there is no room 'IV'", "'I'."),
                ("start", "'a' cannot start at 2010-12-16 10:00 in the window", "2010-12-17 10:00."),
            ],
        ),
    ],
)
def test_a_pin_names_only_what_there_is(refused: Refused, pin: Pin, found: list[tuple[str, str, str | None]]) -> None:
    facts = refused(lambda: problem(session("a"), session("short", 60), rules=[pin]))
    assert facts == [(f"rules[0].{path}", message, remedy) for path, message, remedy in found]


def test_a_pin_to_an_hour_that_the_clocks_skip_is_refused(refused: Refused) -> None:
    window = Window("Europe/Zurich", ["2011-03-27"], [Block("00:00", "06:00")])
    pin = Pin("a", "2011-03-27T02:30")
    [found] = refused(lambda: Problem("p", window, ROOMS, [session("a", 60)], rules=[pin]))
    message = "2011-03-27 02:30 does not exist in Europe/Zurich: the clocks go forward over it"
    assert found == ("rules[0].start", message, "2011-03-27 03:30.")
