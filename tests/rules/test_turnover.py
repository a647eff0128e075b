from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import (
    Block,
    Delegation,
    Period,
    Person,
    Problem,
    Room,
    Rule,
    Seats,
    Select,
    Session,
    Venue,
    Walk,
    Window,
)
from unsched.domain.segment import Segment
from unsched.rules import DelegationsWalk, Demand, EndEarly, FewLayouts, Soften, Turnaround
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "14:00")], step=30)
TWO_DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], [Block("10:00", "12:00")], step=30)
SEATS = Seats(table=9, side=9)
LAYOUTS = {"t": "theatre", "s": "square", "n": None}


def laid_out(names: str, *rules: Rule, rooms: str = "I", window: Window = DAY, **fields: Any) -> Problem:
    """Sessions of an hour in as many rooms as are named; the first letter of a session's name is its layout."""
    sessions = [Session(name, name, 60, layout=LAYOUTS[name[0]], **fields) for name in names.split()]
    return Problem("p", window, Venue([Room(room) for room in rooms.split()]), sessions, rules=rules)


# -- turnaround -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "end"), [(30, "12:30"), (60, "13:00"), (61, "13:30"), (90, "13:30")])
def test_another_layout_takes_time(best: Best, minutes: int, end: str) -> None:
    places, _ = best(laid_out("t1 s1", Turnaround(minutes), EndEarly()))
    last = max(place[3:8] for place in places.values())
    assert f"{int(last[:2]) + 1}:{last[3:]}" == end


def test_one_layout_and_none_take_no_time(best: Best) -> None:
    same = best(laid_out("t1 t2", Turnaround(60), EndEarly()))
    assert max(place[3:8] for place in same[0].values()) == "11:00"
    none = best(laid_out("t1 n1", Turnaround(60), EndEarly()))
    assert max(place[3:8] for place in none[0].values()) == "11:00"


def test_four_hours_hold_three_sessions_and_one_change(best: Best, impossible: Impossible) -> None:
    places, _ = best(laid_out("t1 s1 t2", Turnaround(60)))
    assert places["s1"][3:8] in {"10:00", "13:00"}
    assert impossible(laid_out("t1 s1 t2 s2", Turnaround(60))) == [
        "every-session-placed",
        "one-session-per-room",
        "turnaround",
    ]


def test_a_session_without_a_layout_may_stand_in_the_gap(best: Best) -> None:
    places, _ = best(laid_out("t1 n1 s1", Turnaround(60), EndEarly()))
    assert places["n1"] == "17 11:00 I"


def test_other_rooms_are_laid_out_by_themselves(best: Best) -> None:
    places, _ = best(laid_out("t1 s1 t2", Turnaround(180), EndEarly(weight=1), rooms="I II"))
    assert places["t1"].split()[2] == places["t2"].split()[2] != places["s1"].split()[2]


@pytest.mark.parametrize(("names", "cost"), [("t1 s1", 0), ("t1 s1 t2", 0), ("t1 s1 t2 s2", 5), ("t1 t2 t3 t4", 0)])
def test_a_change_in_too_little_time_can_have_a_price(best: Best, names: str, cost: int) -> None:
    assert best(laid_out(names, Soften(Turnaround(60), weight=5)))[1] == {1: cost}


def test_only_the_selected_sessions_need_the_time(best: Best) -> None:
    free = laid_out("t1 s1", Turnaround(60, "t1"), EndEarly())
    assert max(place[3:8] for place in best(free)[0].values()) == "11:00"


def test_every_pair_that_is_too_close_in_a_room_is_a_breach(breaches: Breaches) -> None:
    rule = Turnaround(90)
    facts = laid_out("t1 s1 n1 t2", rule, rooms="I II")
    close = {"t1": "17 10:00 I", "n1": "17 11:00 I", "s1": "17 12:00 I", "t2": "17 12:30 I"}
    assert breaches(rule, facts, close) == [
        ("t1 s1", 1, "Room 'I' has 60 minutes from 't1' to 's1': 'theatre' to 'square' takes 90."),
        ("s1 t2", 1, "Room 'I' has 0 minutes from 's1' to 't2': 'square' to 'theatre' takes 90."),
    ]
    assert breaches(rule, facts, {**close, "s1": "17 12:00 II"}) == []
    assert breaches(rule, facts, {"t1": "17 10:00 I", "s1": "17 12:30 I"}) == []
    assert rule.say() == "A room is laid out anew in 90 minutes: every session."


@pytest.mark.parametrize(
    ("minutes", "message", "remedy"),
    [
        (0, "0 is less than 1", "1 or more of minutes."),
        ("60", "'60' is not a whole number of minutes", "a number such as 1."),
    ],
)
def test_a_turnaround_takes_minutes(refused: Refused, minutes: Any, message: str, remedy: str) -> None:
    assert refused(lambda: Turnaround(minutes)) == [("minutes", message, remedy)]


# -- few layouts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "rooms", "cost"),
    [
        ("t1 s1", "I", 0),
        ("t1 s1", "I II", 0),
        ("t1 t2 s1", "I", 0),
        ("t1 t2 t3 s1", "I", 1),
        ("t1 t2", "I", 0),
        ("t1 n1 s1 n2", "I", 0),
        ("t1 t2 t3 s1 s2 s3", "I II", 0),
    ],
)
def test_a_room_keeps_its_layout_for_a_day_where_it_can(best: Best, names: str, rooms: str, cost: int) -> None:
    assert best(laid_out(names, FewLayouts(), rooms=rooms, window=TWO_DAYS))[1] == {1: cost}


def test_layouts_beyond_the_first_are_counted_by_room_and_day(breaches: Breaches) -> None:
    rule = FewLayouts(["t1", "s1", "n1", "t2"])
    facts = laid_out("t1 s1 n1 t2 s2", rule, rooms="I II", window=TWO_DAYS)
    stand = {"t1": "16 10:00 I", "s1": "16 11:00 I", "n1": "17 10:00 I", "t2": "17 11:00 I", "s2": "17 11:30 I"}
    assert breaches(rule, facts, stand) == [
        ("t1 s1", 1, "Room 'I' has 2 layouts on Thu 16 Dec: 'theatre', 'square'."),
    ]
    assert breaches(rule, facts, {**stand, "s1": "16 11:00 II"}) == []
    assert FewLayouts().say() == "Few layouts a room and day: every session."


def test_few_layouts_can_be_demanded(best: Best, impossible: Impossible) -> None:
    assert len(best(laid_out("t1 t2 s1", Demand(FewLayouts()), window=TWO_DAYS))[0]) == 3
    assert impossible(laid_out("t1 t2 t3 s1", Demand(FewLayouts()), window=TWO_DAYS)) == [
        "demand",
        "every-session-placed",
        "one-session-per-room",
    ]


# -- delegations on foot ----------------------------------------------------------------------------------------------

WALK = DelegationsWalk()
A_AND_E = [Room("A1", building="A", seats=SEATS), Room("A2", building="A", seats=SEATS)]
A_AND_E += [Room("E1", building="E", seats=SEATS)]


def on_foot(*sessions: Session, rules: Any = (WALK,), walk: int = 30, **fields: Any) -> Problem:
    good: dict[str, Any] = {
        "id": "p",
        "window": DAY,
        "venue": Venue(A_AND_E, [Walk(["A", "E"], walk)]),
        "sessions": sessions,
        "delegations": [Delegation("CHE"), Delegation("FRA", size=2)],
        "rules": rules,
    }
    return Problem(**{**good, **fields})


def duty(name: str, room: str | None, party: str = "CHE", **fields: Any) -> Session:
    return Session(name, name, **{"minutes": 60, "room": room, "required": party, **fields})


@pytest.mark.parametrize(
    ("first", "second", "party", "start"),
    [
        ("A1", "E1", "CHE", "11:30"),
        ("A1", "A2", "CHE", "11:00"),
        ("A1", "E1", "FRA", "10:00"),
    ],
)
def test_a_delegation_of_one_walks_from_duty_to_duty(
    best: Best, first: str, second: str, party: str, start: str
) -> None:
    places, _ = best(on_foot(duty("a", first, party), duty("b", second, party), rules=[DelegationsWalk(), EndEarly()]))
    assert max(place[3:8] for place in places.values()) == start


def test_where_rooms_are_open_the_duties_share_a_building(best: Best) -> None:
    places, cost = best(on_foot(duty("a", "E1"), duty("b", None), rules=[DelegationsWalk(), EndEarly()], walk=90))
    assert cost == {1: 120}
    assert places["b"].endswith(" E1")


def test_the_walk_of_a_person_is_that_of_the_delegation(best: Best) -> None:
    minister = Person("minister", delegation="CHE")
    facts = on_foot(
        duty("a", "A1", "minister"),
        duty("b", "E1"),
        rules=[DelegationsWalk(), EndEarly()],
        persons=[minister],
        off=["no-person-clash"],
    )
    assert max(place[3:8] for place in best(facts)[0].values()) == "11:30"


def test_a_delegation_that_leaves_after_its_segment_has_time_to_walk(best: Best) -> None:
    opening = [Segment(30, required="CHE"), Segment()]
    first = Session("a", "A", 60, room="A1", segments=opening, start="2010-12-17T10:00")
    places, _ = best(on_foot(first, duty("b", "E1"), rules=[DelegationsWalk(), EndEarly("b")]))
    assert places["b"] == "17 11:00 E1"


def test_too_little_time_to_walk_can_have_a_price_for_each_delegation(best: Best, impossible: Impossible) -> None:
    early, late = "2010-12-17T10:00", "2010-12-17T11:00"
    three = [Delegation("CHE"), Delegation("AUT"), Delegation("FRA", size=2)]
    everybody = ["CHE", "AUT", "FRA"]
    pair = duty("a", "A1", everybody, start=early), duty("b", "E1", everybody, start=late)  # type: ignore[arg-type]
    assert best(on_foot(*pair, rules=[Soften(DelegationsWalk(), weight=3)], delegations=three))[1] == {1: 6}
    assert "delegations-walk" in impossible(on_foot(*pair, delegations=three))


def test_each_delegation_that_cannot_walk_in_time_is_named(breaches: Breaches) -> None:
    facts = on_foot(duty("a", None), duty("b", None), duty("c", None, "FRA"))
    rule = DelegationsWalk()
    assert breaches(rule, facts, {"a": "17 10:00 A1", "b": "17 11:00 E1", "c": "17 12:00 A1"}) == [
        ("a b", 1, "'CHE' needs 30 minutes to walk from 'a' to 'b', not 0."),
    ]
    for apart in ("17 11:00 A2", "17 11:30 E1", "17 10:30 E1"):  # the last is a clash, which is another rule's matter
        assert breaches(rule, facts, {"a": "17 10:00 A1", "b": apart}) == []
    assert breaches(DelegationsWalk("a"), facts, {"a": "17 10:00 A1", "b": "17 11:00 E1"}) == []
    assert rule.say() == "A delegation of one has time to walk between buildings: every session."


def test_a_walk_that_nobody_knows_is_a_fault_where_it_is_needed(refused: Refused) -> None:
    rooms = [*A_AND_E, Room("C1", building="C", seats=SEATS), Room("tent", seats=SEATS)]
    venue = Venue(rooms, [Walk(["A", "E"], 10)])
    remedy = "name the building, or its walking minutes; none at all leaves walking out."
    found = refused(lambda: on_foot(duty("a", None), duty("b", None), venue=venue))
    pairs = [
        ("A and C", False),
        ("A and room 'tent'", True),
        ("E and C", False),
        ("E and room 'tent'", True),
        ("C and room 'tent'", True),
    ]
    assert found == [
        (
            "venue.rooms[4].building" if room else "venue.walking",
            f"the walking time between {pair} is not known, and delegations may need it",
            remedy,
        )
        for pair, room in pairs
    ]


def test_a_walk_that_nobody_needs_may_stay_unknown(best: Best) -> None:
    rooms = [*A_AND_E, Room("tent", seats=SEATS)]
    venue = Venue(rooms, [Walk(["A", "E"], 10)])
    for sessions in ([duty("a", None)], [duty("a", None, "FRA"), duty("b", None, "FRA")]):
        assert len(best(on_foot(*sessions, venue=venue))[0]) == len(sessions)
    assert len(best(on_foot(duty("a", None), duty("b", None), venue=Venue(rooms)))[0]) == 2


def test_two_duties_in_one_session_are_no_walk_apart(best: Best) -> None:
    thrice = [Segment(30, required="CHE"), Segment(30), Segment(required="CHE")]
    facts = on_foot(Session("a", "A", 90, segments=thrice), duty("b", "E1"))
    assert len(best(facts)[0]) == 2


# -- what cannot come near --------------------------------------------------------------------------------------------


def test_sessions_that_never_meet_need_no_time_between(best: Best) -> None:
    """One stands in the morning and one in the afternoon, and some rooms are shut for a while."""
    morning, noon, afternoon = (
        Period(None, start, end) for start, end in (("10:00", "11:00"), ("11:00", "13:00"), ("13:00", "14:00"))
    )
    rooms = [
        Room("A1", building="A", seats=SEATS, hours=[morning, afternoon]),
        Room("E1", building="E", seats=SEATS, hours=[noon, afternoon]),
        Room("E2", building="E", seats=SEATS),
    ]
    sessions = [
        duty("a", None, layout="theatre", available=[morning]),
        duty("b", None, layout="square", available=[afternoon]),
        duty("c", "E2", "FRA", layout="square"),
    ]
    rules = [WALK, Turnaround(60), FewLayouts()]
    places, cost = best(on_foot(*sessions, rules=rules, venue=Venue(rooms, [Walk(["A", "E"], 90)])))
    assert {name: place[3:8] for name, place in places.items() if name in "ab"} == {"a": "10:00", "b": "13:00"}
    assert cost == {1: 0}


# -- post and check ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "rule",
    [
        DelegationsWalk(),
        Soften(DelegationsWalk(Select(["a", "b", "c"]))),
        Turnaround(45),
        Soften(Turnaround(90)),
        FewLayouts(),
        Demand(FewLayouts(), most=1),
    ],
    ids=lambda rule: rule.say(),
)
def test_what_is_posted_is_what_is_checked(rule: Rule, seed: int) -> None:
    sessions = [
        duty("a", None, layout="theatre"),
        duty("b", None, layout="square", minutes=90, shortest=60),
        duty("c", None, layout="theatre", optional=True),
        duty("d", "E1", "FRA", layout="square"),
        Session("e", "E", 90, layout="round", segments=[Segment(30, required="CHE"), Segment(required="AUT")]),
    ]
    three = [Delegation("CHE"), Delegation("AUT"), Delegation("FRA", size=2)]
    walking = [Walk(["A", "E"], 45), Walk(["A", "C"], 40), Walk(["C", "E"], 75)]
    venue = Venue([*A_AND_E, Room("C1", building="C", seats=SEATS)], walking)
    agree(rule, on_foot(*sessions, rules=(), venue=venue, delegations=three), schedules=12, seed=seed)
