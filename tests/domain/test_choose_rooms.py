from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Problem, Room, SelectRooms, Session, Venue, Window
from unsched.domain.choose_rooms import faults_of_rooms, rooms_of, to_rooms

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

PROBLEM = Problem(
    "p",
    Window("Europe/Zurich", ["2010-12-17"]),
    Venue(
        [
            Room("XII", building="A", features="webcast"),
            Room("XX", building="E", features=["webcast", "screen"]),
            Room("XXVI", building="E", features="captioning"),
            Room("tent"),
        ]
    ),
    [Session("wg", "Working Group", 60)],
)


@pytest.mark.parametrize(
    ("selector", "text", "picked"),
    [
        (SelectRooms(), "any room", "XII XX XXVI tent"),
        (SelectRooms("XX"), "room 'XX'", "XX"),
        (SelectRooms(["tent", "XII"]), "room 'tent' or 'XII'", "XII tent"),
        (SelectRooms(buildings="E"), "a room in building 'E'", "XX XXVI"),
        (SelectRooms(buildings=["A", "E"]), "a room in building 'A' or 'E'", "XII XX XXVI"),
        (SelectRooms(features="webcast"), "a room with 'webcast'", "XII XX"),
        (SelectRooms(features=["captioning", "screen"]), "a room with 'captioning' or 'screen'", "XX XXVI"),
        (SelectRooms(buildings="E", features="webcast"), "a room in building 'E' with 'webcast'", "XX"),
        (SelectRooms(["XII", "XXVI"], "E"), "a room among 'XII' or 'XXVI' in building 'E'", "XXVI"),
    ],
)
def test_a_selector_of_rooms_says_itself_and_picks(selector: SelectRooms, text: str, picked: str) -> None:
    assert str(selector) == text
    assert " ".join(room.id for room in rooms_of(PROBLEM, selector)) == picked
    assert list(faults_of_rooms(PROBLEM, "rule.rooms", selector)) == []


def test_a_selector_of_rooms_knows_the_fields_that_restrict() -> None:
    assert SelectRooms().given == {}
    assert SelectRooms("a", features=["webcast"]).given == {"ids": ("a",), "features": ("webcast",)}


def test_ids_make_a_selector_of_rooms() -> None:
    assert to_rooms("a") == to_rooms(["a"]) == to_rooms(iter("a")) == SelectRooms("a")
    every = SelectRooms()
    assert to_rooms(every) is every


@pytest.mark.parametrize(
    ("value", "path", "message", "remedy"),
    [
        ([], "ids", "an empty list picks no room", "SelectRooms() for every room."),
        (None, "ids", "None is not a list", "put it in brackets: [...]."),
        ([1], "ids[0]", "1 is not a string", "'1'."),
        (["a", "a"], "ids[1]", "'a' comes twice", "leave one out."),
    ],
)
def test_what_picks_no_rooms_by_mistake_is_refused(
    refused: Refused, value: Any, path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: to_rooms(value)) == [(path, message, remedy)]


def test_each_field_of_a_selector_of_rooms_is_checked(refused: Refused) -> None:
    fields: dict[str, Any] = {name: [5] for name in ("ids", "buildings", "features")}
    assert refused(lambda: SelectRooms(**fields)) == [(f"{name}[0]", "5 is not a string", "'5'.") for name in fields]


def test_names_of_nothing_are_faults_with_the_nearest_name() -> None:
    selector = SelectRooms(["XII", "XXVII"], ["E", "F"], ["web-cast", "booth"])
    found = [(fault.path, fault.message, fault.remedy) for fault in faults_of_rooms(PROBLEM, "rule.rooms", selector)]
    assert found == [
        ("rule.rooms.ids[1]", "there is no room 'XXVII'", "'XXVI'."),
        ("rule.rooms.buildings[1]", "no room is in building 'F'", None),
        ("rule.rooms.features[0]", "no room offers 'web-cast'", "'webcast'."),
        ("rule.rooms.features[1]", "no room offers 'booth'", None),
    ]


def test_a_selector_that_picks_no_room_is_a_fault() -> None:
    [fault] = faults_of_rooms(PROBLEM, "rule.rooms", SelectRooms(buildings="A", features="captioning"))
    assert (fault.path, fault.remedy) == ("rule.rooms", "a selector that is less narrow.")
    assert fault.message == "no room of the venue is a room in building 'A' with 'captioning'"
