from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import (
    EVERY,
    Assumption,
    Delegation,
    Period,
    Problem,
    Room,
    Rule,
    Seats,
    Select,
    SelectRooms,
    Session,
    Venue,
    Window,
)
from unsched.domain.segment import Segment
from unsched.rules import Demand, EndEarly, InRoom, NotInRoom, PreferRoom, SameRoom, SmallestRoom, Soften
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
ONE, TWO, THREE = (
    Room("I", building="A", features="webcast"),
    Room("II", building="E", features=["webcast", "screen"]),
    Room("III", building="E"),
)
WEBCAST_IN_E = SelectRooms(buildings="E", features="webcast")


def problem(names: str, *rules: Rule, minutes: int = 180, rooms: Any = (ONE, TWO, THREE), **fields: Any) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": Venue(rooms), "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


def rooms_of(places: dict[str, str]) -> dict[str, str]:
    return {name: place.split()[2] for name, place in places.items()}


# -- only here, never there -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "rooms"),
    [
        (InRoom("a", "II"), {"II"}),
        (InRoom("a", SelectRooms(buildings="E")), {"II", "III"}),
        (InRoom("a", WEBCAST_IN_E), {"II"}),
        (NotInRoom("a", ["I", "II"]), {"III"}),
        (NotInRoom("a", SelectRooms(features="webcast")), {"III"}),
        (NotInRoom("a", WEBCAST_IN_E), {"I", "III"}),
    ],
)
def test_a_session_stands_only_where_it_may(best: Best, rule: Rule, rooms: set[str]) -> None:
    wishes = [PreferRoom("a", room.id) for room in (ONE, TWO, THREE)]
    assert {rooms_of(best(problem("a", rule, wish))[0])["a"] for wish in wishes} == rooms


def test_too_many_sessions_for_the_rooms_have_no_place(best: Best, impossible: Impossible) -> None:
    assert impossible(problem("abc", InRoom(Select(), "I"))) == [
        "every-session-placed",
        "in-room",
        "one-session-per-room",
    ]
    assert impossible(problem("a", NotInRoom("a", SelectRooms()))) == ["every-session-placed", "not-in-room"]
    assert best(problem("abc", Soften(InRoom(Select(), "I"), weight=4)))[1] == {1: 4}
    assert best(problem("abc", Soften(NotInRoom(Select(), ["II", "III"]), weight=4)))[1] == {1: 4}


def test_each_session_elsewhere_is_a_breach(breaches: Breaches) -> None:
    stand = {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 10:00 III"}
    only, never = InRoom(["a", "b"], WEBCAST_IN_E), NotInRoom(["a", "b"], WEBCAST_IN_E)
    facts = problem("abc", only)
    assert breaches(only, facts, stand) == [
        ("a", 1, "'a' is in 'I', and may only be in a room in building 'E' with 'webcast'."),
    ]
    assert breaches(never, facts, stand) == [
        ("b", 1, "'b' is in 'II', and may not be in a room in building 'E' with 'webcast'."),
    ]
    assert breaches(only, facts, {"c": "17 10:00 III"}) == []
    assert only.say() == "Only in a room in building 'E' with 'webcast': 'a' or 'b'."
    assert never.say() == "Never in a room in building 'E' with 'webcast': 'a' or 'b'."


@pytest.mark.parametrize("kind", [InRoom, NotInRoom, PreferRoom])
def test_rooms_that_are_not_there_are_faults(refused: Refused, kind: type[InRoom | NotInRoom | PreferRoom]) -> None:
    known = kind("a", ["II", "IIII"])
    assert refused(lambda: problem("a", known)) == [("rules[0].rooms.ids[1]", "there is no room 'IIII'", "'III'.")]
    none = kind("a", SelectRooms(buildings="A", features="screen"))
    assert refused(lambda: problem("a", none)) == [
        (
            "rules[0].rooms",
            "no room of the venue is a room in building 'A' with 'screen'",
            "a selector that is less narrow.",
        )
    ]
    assert refused(lambda: kind("a", [])) == [("ids", "an empty list picks no room", "SelectRooms() for every room.")]


# -- rather here ------------------------------------------------------------------------------------------------------


def test_as_many_sessions_as_can_be_stand_in_a_wished_room(best: Best) -> None:
    wish = PreferRoom(["a", "b", "c"], "I", weight=2)
    places, cost = best(problem("abc", wish))
    assert cost == {1: 2}
    assert sorted(rooms_of(places).values()).count("I") == 2
    assert best(problem("abc", PreferRoom(["a", "b", "c"], ["I", "II"])))[1] == {1: 0}
    assert best(problem("abcde", PreferRoom(Select(), SelectRooms(features="webcast"))))[1] == {1: 1}


def test_other_rooms_are_counted(breaches: Breaches) -> None:
    wish = PreferRoom(["a", "b"], ["I", "II"])
    facts = problem("abc", wish)
    assert breaches(wish, facts, {"a": "17 10:00 II", "b": "17 10:00 III", "c": "17 15:00 III"}) == [
        ("b", 1, "'b' is in 'III', not in room 'I' or 'II'."),
    ]
    assert wish.say() == "Wished for 'a' or 'b': room 'I' or 'II'."


# -- as few rooms as can be -------------------------------------------------------------------------------------------


def test_a_body_stays_in_one_room_where_it_can(best: Best) -> None:
    both = problem("abcd", SameRoom(["a", "b"], weight=5), SameRoom(["c", "d"], weight=5), rooms=[ONE, THREE])
    places, cost = best(both)
    rooms = rooms_of(places)
    assert cost == {1: 0}
    assert rooms["a"] == rooms["b"] != rooms["c"]
    fixed = [Session(name, name, 60, room=room) for name, room in (("a", "I"), ("b", "II"), ("c", None))]
    assert best(problem("", SameRoom(Select(), weight=7), sessions=fixed))[1] == {1: 7}
    assert best(problem("abc", SameRoom("a")))[1] == {1: 0}


def test_a_body_stays_in_one_building_where_it_can(best: Best) -> None:
    places, cost = best(problem("abcd", SameRoom(Select(), of="buildings")))
    assert cost == {1: 0}
    assert set(rooms_of(places).values()) == {"II", "III"}
    assert best(problem("abcde", SameRoom(Select(), of="buildings")))[1] == {1: 1}


def test_rooms_and_buildings_beyond_the_first_are_counted(breaches: Breaches) -> None:
    rule, of_buildings = SameRoom(["a", "b", "c"]), SameRoom(["a", "b", "c"], "buildings")
    facts = problem("abcd", rule)
    stand = {"a": "17 10:00 I", "b": "17 10:00 III", "c": "17 15:00 I", "d": "17 10:00 II"}
    assert breaches(rule, facts, stand) == [("a b c", 1, "'a', 'b' or 'c': 2 rooms are used ('I', 'III').")]
    assert breaches(of_buildings, facts, stand) == [
        ("a b c", 1, "'a', 'b' or 'c': 2 buildings are used ('A', 'E')."),
    ]
    [(_, amount, _)] = breaches(rule, facts, {**stand, "c": "17 15:00 II"})
    assert amount == 2
    assert breaches(of_buildings, facts, {"b": "17 10:00 III", "c": "17 15:00 II"}) == []
    assert breaches(rule, facts, {"b": "17 10:00 III"}) == []
    assert rule.say() == "One room for 'a', 'b' or 'c'."
    assert of_buildings.say() == "One building for 'a', 'b' or 'c'."


def test_a_building_that_nobody_knows_is_a_fault_where_it_is_asked_for(refused: Refused, best: Best) -> None:
    rooms = [ONE, Room("tent")]
    fixed = [Session(name, name, 60, room="I") for name in "ab"]
    assert refused(lambda: problem("ab", SameRoom(Select(), "buildings"), rooms=rooms)) == [
        (
            "venue.rooms[1].building",
            "the building of room 'tent' is not known, and 'a' might stand there",
            "an assumption with of = 'room', id = 'tent', field = 'building'.",
        )
    ]
    assert best(problem("ab", SameRoom(Select()), rooms=rooms))[1] == {1: 0}
    assert best(problem("", SameRoom(Select(), "buildings"), rooms=rooms, sessions=fixed))[1] == {1: 0}
    assumed = [Assumption("it stands in the park", "room", "tent", "building", "park")]
    assert best(problem("ab", SameRoom(Select(), "buildings"), rooms=rooms, assumptions=assumed))[1] == {1: 0}


def test_a_choice_that_is_none_is_refused(refused: Refused) -> None:
    assert refused(lambda: SameRoom("a", "floors")) == [("of", "'floors' is none of 'rooms', 'buildings'", "'rooms'.")]
    assert refused(lambda: SmallestRoom("a", "chairs")) == [
        ("seats", "'chairs' is none of 'table', 'podium', 'side', 'total'", "'table'."),
    ]


# -- the smallest room ------------------------------------------------------------------------------------------------

SIZES = [
    Room("small", seats=Seats(podium=2, table=10, side=10)),
    Room("middle", seats=Seats(podium=3, table=20, side=5, total=40)),
    Room("large", seats=Seats(podium=8, table=50, side=90)),
]
PARTIES = [Delegation("CHE", table_seats=8, side_seats=2), Delegation("FRA", table_seats=4)]


def sized(*sessions: Session, rules: Any, rooms: Any = SIZES, **fields: Any) -> Problem:
    return Problem("p", DAY, Venue(rooms), sessions, PARTIES, rules=rules, **fields)


@pytest.mark.parametrize(
    ("needs", "seats", "room", "cost"),
    [
        ({"required": "CHE"}, "table", "small", 2),
        ({"required": "CHE", "invited": "FRA"}, "table", "middle", 8),
        ({"podium_seats": 2}, "podium", "small", 0),
        ({"podium_seats": 4}, "podium", "large", 4),
        ({"side_seats": 3}, "side", "middle", 2),
        ({"side_seats": 3, "required": "CHE"}, "side", "middle", 0),
        ({"side_seats": 4, "required": "CHE"}, "side", "small", 4),
        ({"side_seats": 4, "required": "CHE", "podium_seats": 1}, "total", "small", 7),
        ({"required": ["CHE", "FRA"]}, "total", "middle", 26),
    ],
)
def test_a_session_takes_the_smallest_room_that_holds_it(
    best: Best, needs: dict[str, Any], seats: str, room: str, cost: int
) -> None:
    rule = SmallestRoom(Select(), seats, weight=3)
    places, costs = best(sized(Session("wg", "Working Group", 60, **needs), rules=[rule]))
    assert rooms_of(places) == {"wg": room}
    assert costs == {1: 3 * cost}


def test_the_largest_audience_of_the_segments_is_seated(best: Best) -> None:
    one_by_one = [Segment(30, required="CHE"), Segment(required="FRA")]
    wg = Session("wg", "Working Group", 60, segments=one_by_one)
    places, cost = best(sized(wg, rules=[SmallestRoom("wg")]))
    assert (rooms_of(places), cost) == ({"wg": "small"}, {1: 2})


def test_the_need_of_one_is_weighed_against_that_of_another(best: Best) -> None:
    two = Session("a", "A", 180, required="CHE"), Session("b", "B", 180, start="2010-12-17T10:00")
    fixed = Session("c", "C", 180, start="2010-12-17T10:00", room="large")
    places, cost = best(sized(*two, fixed, rules=[SmallestRoom(["a", "b"])]))
    assert rooms_of(places) == {"a": "small", "b": "small", "c": "large"}
    assert cost == {1: 2 + 10}


def test_a_session_that_fills_every_room_costs_nothing(best: Best) -> None:
    full = Session("wg", "Working Group", 60, side_seats=10, podium_seats=2, required="FRA")
    assert best(sized(full, rules=[SmallestRoom("wg", "side")], rooms=SIZES[:1]))[1] == {1: 0}


def test_empty_seats_are_counted(breaches: Breaches) -> None:
    facts = sized(Session("a", "A", 60, required="CHE"), Session("b", "B", 60, required=["CHE", "FRA"]), rules=[])
    stand = {"a": "17 10:00 large", "b": "17 12:00 small"}
    assert breaches(SmallestRoom(Select()), facts, stand) == [
        ("a", 42, "'a' leaves 42 of 50 table seats of room 'large' empty."),
    ]
    assert breaches(SmallestRoom("a", "total"), facts, {"a": "17 10:00 middle"}) == [
        ("a", 30, "'a' leaves 30 of 40 seats of room 'middle' empty."),
    ]
    assert SmallestRoom("a").say() == "Few empty table seats: 'a'."
    assert SmallestRoom("a", "total").say() == "Few empty seats: 'a'."


@pytest.mark.parametrize(
    ("seats", "kind"), [("table", "table seats"), ("total", "seats in total"), ("podium", "podium seats")]
)
def test_seats_that_nobody_counted_are_a_fault_where_they_are_asked_for(
    refused: Refused, best: Best, seats: str, kind: str
) -> None:
    rooms = [SIZES[0], Room("tent", seats=Seats(side=200))]
    rule = SmallestRoom(Select(), seats)
    assert refused(lambda: sized(Session("a", "A", 60), rules=[rule], rooms=rooms)) == [
        (
            f"venue.rooms[1].seats.{seats}",
            f"the {kind} of room 'tent' are not known, and 'a' might stand there",
            f"an assumption with of = 'room', id = 'tent', field = 'seats.{seats}'.",
        )
    ]
    fixed = Session("a", "A", 60, room="small")
    assert best(sized(fixed, rules=[rule], rooms=rooms))[0]["a"].endswith(" small")
    assumed = [Assumption("paced out", "room", "tent", f"seats.{seats}", 300)]
    facts = sized(Session("a", "A", 60), rules=[rule], rooms=rooms, assumptions=assumed)
    assert best(facts)[0]["a"].endswith(" small")


# -- post and check ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        InRoom(Select(), SelectRooms(["small", "large"])),
        Soften(InRoom(["a", "b"], "small")),
        Soften(NotInRoom(Select(), "small")),
        Demand(PreferRoom(Select(), "small"), most=1),
        Demand(SameRoom(Select())),
        Demand(SameRoom("a")),
        SmallestRoom(Select(), "total"),
        Demand(SmallestRoom(["a", "b"], "side"), most=8),
    ],
    ids=lambda rule: rule.say(),
)
def test_what_is_posted_is_what_is_checked(rule: Rule) -> None:
    sessions = [
        Session("a", "A", 60, required="CHE", optional=True),
        Session("b", "B", 120, shortest=60, side_seats=4),
        Session("c", "C", 60, segments=[Segment(30, required="CHE"), Segment(invited="FRA")]),
    ]
    agree(rule, sized(*sessions, rules=[]), schedules=15)


def test_a_room_may_be_refused_at_some_hours_only(best: Best, breaches: Breaches) -> None:
    rule = NotInRoom(EVERY, "I", [Period(None, "10:00", "12:00")])
    facts = Problem("p", DAY, Venue([Room("I")]), [Session("a", "A", 60)], rules=[rule, EndEarly()])
    assert best(facts)[0] == {"a": "17 12:00 I"}
    assert breaches(rule, facts, {"a": "17 11:30 I"}) == [
        ("a", 1, "'a' is in 'I', and may not be in room 'I' during every day 10:00-12:00.")
    ]
    assert breaches(rule, facts, {"a": "17 12:00 I"}) == []


def test_a_room_refused_at_no_hour_is_a_mistake(refused: Refused) -> None:
    assert [fault[0] for fault in refused(lambda: NotInRoom(EVERY, "I", []))] == ["periods"]
