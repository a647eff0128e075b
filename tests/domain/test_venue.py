from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import pytest

from unsched import Room, Seats, Venue, Walk

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"table": -1}, "table", "-1 is less than 0", "0 or more of seats."),
        ({"podium": True}, "podium", "True is not a whole number of seats", "a number such as 1."),
        ({"side": "9"}, "side", "'9' is not a whole number of seats", "a number such as 1."),
        ({"podium": 9, "table": 9, "total": 17}, "total", "17 is less than the 18 seats of the classes", "18."),
    ],
)
def test_wrong_seats_name_class_and_number(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Seats(**fields)) == [(path, message, remedy)]


def test_seats_can_be_unknown_and_the_total_larger_than_the_classes_known() -> None:
    assert Seats().table is None
    assert Seats(podium=9, table=100, total=200).side is None
    assert Seats(podium=0, table=0, side=0, total=0).total == 0


def test_a_room_is_read_from_plain_values() -> None:
    room = Room("XXVI", features="webcast", valid_from="2010-12-15", valid_until=datetime(2010, 12, 17, 10, tzinfo=UTC))
    assert room.features == ("webcast",)
    assert (room.valid_from, room.valid_until) == (date(2010, 12, 15), date(2010, 12, 17))
    assert (room.label, Room("XXVI", "Room XXVI").label) == ("XXVI", "Room XXVI")


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"id": 26}, "id", "26 is not a string", "'26'."),
        ({"name": 26}, "name", "26 is not a text", "put it in quotes."),
        ({"building": ""}, "building", "'' is empty or has blanks around it", "a short name without blanks around it."),
        ({"seats": 200}, "seats", "200 is not Seats", "Seats(table=..., side=...)."),
        ({"booths": -1}, "booths", "-1 is less than 0", "0 or more of booths."),
        ({"features": ["webcast", "webcast"]}, "features[1]", "'webcast' comes twice", "leave one out."),
        ({"hours": ["10:00"]}, "hours[0]", "'10:00' is not a Period", "a Period(...)."),
        ({"valid_from": "soon"}, "valid_from", "'soon' is not a date", "a date such as '2010-12-17'."),
        ({"valid_until": 2013}, "valid_until", "2013 is not a date", "a date such as '2010-12-17'."),
        ({"setup_minutes": None}, "setup_minutes", "None is not a whole number of minutes", "a number such as 1."),
        ({"source": 1}, "source", "1 is not a text", "put it in quotes."),
        (
            {"valid_from": "2013-01-01", "valid_until": "2013-01-01"},
            "valid_until",
            "2013-01-01 is not after 2013-01-01",
            "a later date.",
        ),
    ],
)
def test_a_wrong_room_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Room(**{"id": "XXVI", **fields})) == [(path, message, remedy)]


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"between": ["A"]}, "between", "1 buildings are named", "exactly two."),
        ({"between": ["A", "E", "H"]}, "between", "3 buildings are named", "exactly two."),
        ({"between": ["A", "A"]}, "between[1]", "'A' comes twice", "leave one out."),
        ({"between": 2}, "between", "2 is not a list", "put it in brackets: [...]."),
        ({"minutes": 1.5}, "minutes", "1.5 is not a whole number of minutes", "a number such as 1."),
    ],
)
def test_a_wrong_walk_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Walk(**{"between": ["A", "E"], "minutes": 10, **fields})) == [(path, message, remedy)]


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"rooms": []}, "rooms", "the venue has no room", "at least one room."),
        ({"rooms": None}, "rooms", "None is not a list", "put it in brackets: [...]."),
        ({"rooms": ["XII"]}, "rooms[0]", "'XII' is not a Room", "a Room(...)."),
        ({"walking": [10]}, "walking[0]", "10 is not a Walk", "a Walk(...)."),
        ({"walking": None}, "walking", "None is not a list", "put it in brackets: [...]."),
        ({"name": 5}, "name", "5 is not a text", "put it in quotes."),
        (
            {"walking": [Walk(["A", "E"], 10), Walk(["E", "A"], 12)]},
            "walking[1]",
            "E and A come twice",
            "leave one out.",
        ),
        ({"walking": [Walk(["A", "Annex"], 10)]}, "walking[0].between", "no room is in building 'Annex'", None),
        ({"walking": [Walk(["A", "Ea"], 10)]}, "walking[0].between", "no room is in building 'Ea'", "'E'."),
    ],
)
def test_a_wrong_venue_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str | None
) -> None:
    good: dict[str, Any] = {"rooms": [Room("XII", building="A"), Room("XX", building="E")]}
    assert refused(lambda: Venue(**{**good, **fields})) == [(path, message, remedy)]


def test_walking_takes_the_same_time_both_ways_and_none_inside_a_building() -> None:
    a, other_a, e, nowhere = Room("1", building="A"), Room("2", building="A"), Room("3", building="E"), Room("4")
    venue = Venue([a, other_a, e, nowhere, Room("5")], [Walk(["A", "E"], 10)])
    assert venue.walk(a, e) == venue.walk(e, other_a) == 10
    assert venue.walk(a, other_a) == venue.walk(nowhere, nowhere) == 0
    assert venue.walk(a, nowhere) is None
    assert venue.walk(nowhere, venue.rooms[4]) is None


def test_where_no_walking_time_is_given_walking_is_left_out_of_account() -> None:
    a, e = Room("1", building="A"), Room("3", building="E")
    assert Venue([a, e]).walk(a, e) == 0
