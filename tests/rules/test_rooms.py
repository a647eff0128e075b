from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import (
    Assumption,
    Booking,
    Delegation,
    Group,
    Period,
    Problem,
    Room,
    Rule,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
)
from unsched.domain.timetable import Timetable
from unsched.rules import (
    BoothsEnough,
    FeaturesPresent,
    OneSessionPerRoom,
    RoomOpen,
    SeatsEnough,
    Soften,
    ThemedRooms,
)

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
MORNING = Window("Europe/Zurich", ["2010-12-17"], DAY.blocks[:1], step=30)
BIG = Seats(podium=9, table=9, side=9)


def problem(rooms: list[Room], *sessions: Session, **fields: object) -> Problem:
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": Venue(rooms), "sessions": sessions}
    return Problem(**{**good, **fields})


def session(id: str, minutes: int = 180, **fields: Any) -> Session:
    return Session(id, id.upper(), minutes, **fields)


# -- one session a room -----------------------------------------------------------------------------------------------


def test_a_room_holds_one_session_at_a_time(best: Best, impossible: Impossible) -> None:
    two = problem([Room("I")], session("a"), session("b"))
    places, _ = best(two)
    assert sorted(places.values()) == ["17 10:00 I", "17 15:00 I"]
    three = problem([Room("I")], session("a"), session("b"), session("c"))
    assert impossible(three) == ["every-session-placed", "one-session-per-room"]
    assert best(problem([Room("I")], *three.sessions, off=["one-session-per-room"]))[0].keys() == {"a", "b", "c"}


def test_a_room_stands_empty_for_its_set_up_before_each_session(best: Best, impossible: Impossible) -> None:
    sessions = session("a", 90), session("b", 60)
    assert best(problem([Room("I", setup_minutes=30)], *sessions, window=MORNING))[0].keys() == {"a", "b"}
    assert impossible(problem([Room("I", setup_minutes=31)], *sessions, window=MORNING)) == [
        "every-session-placed",
        "one-session-per-room",
    ]


def test_sharing_a_room_and_too_short_a_set_up_are_breaches(breaches: Breaches) -> None:
    rule = OneSessionPerRoom()
    facts = problem([Room("I", setup_minutes=30), Room("II")], session("a", 60), session("b", 60), session("c", 60))
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:30 I", "c": "17 10:00 II"}) == [
        ("a b", 1, "'a' and 'b' share room 'I' on Fri 17 Dec 10:30."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:00 I", "c": "17 12:30 I"}) == [
        ("a b", 1, "'b' starts 0 minutes after 'a' in room 'I', which needs 30."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 II", "b": "17 11:00 II"}) == []
    assert rule.say() == "A room holds one session at a time, with its set-up time before each."


# -- seats ------------------------------------------------------------------------------------------------------------

STATES = [Delegation(f"S{n}", groups="all", table_seats=1, side_seats=1) for n in range(20)]


@pytest.mark.parametrize(
    ("seats", "needs", "missing"),
    [
        (Seats(table=20, side=25, podium=3), {}, []),
        (Seats(table=18, side=25, podium=3), {}, [("wg", 2, "'wg' needs 20 table seats; room 'I' has 18.")]),
        (Seats(table=20, side=24, podium=3), {}, [("wg", 1, "'wg' needs 25 side seats; room 'I' has 24.")]),
        (Seats(table=20, side=25, podium=0), {}, [("wg", 3, "'wg' needs 3 podium seats; room 'I' has 0.")]),
        (Seats(table=20, side=20, podium=0), {"side_seats": 0, "podium_seats": 0}, []),
    ],
)
def test_a_room_has_a_seat_of_each_class_for_all_who_come(
    best: Best, impossible: Impossible, breaches: Breaches, seats: Seats, needs: dict[str, Any], missing: Any
) -> None:
    # Half are required as a group's members, half are invited by name: all of them sit.
    states = [*STATES[:10], *(Delegation(d.id, side_seats=1) for d in STATES[10:])]
    one = Session(
        "wg",
        "WG",
        180,
        required="all",
        invited=[d.id for d in STATES[8:]],
        **{"side_seats": 5, "podium_seats": 3, **needs},
    )
    facts = problem([Room("I", seats=seats)], one, delegations=states, groups=[Group("all")])
    assert breaches(SeatsEnough(), facts, {"wg": "17 10:00 I"}) == missing
    if missing:
        assert impossible(facts) == ["every-session-placed", "seats-enough"]
    else:
        assert best(facts)[0].keys() == {"wg"}


def test_the_room_that_is_large_enough_is_found(best: Best) -> None:
    rooms = [
        Room("small", seats=Seats(table=1)),
        Room("large", seats=Seats(table=2)),
        Room("tiny", seats=Seats(table=0)),
    ]
    states = [Delegation("A"), Delegation("B")]
    places, _ = best(problem(rooms, session("wg", required=["A", "B"]), delegations=states))
    assert places["wg"].endswith("large")


def test_seats_that_nobody_knows_are_a_fault_where_they_are_needed(refused: Refused, best: Best) -> None:
    rooms = [Room("I", seats=BIG), Room("II", seats=Seats(podium=5, total=100)), Room("III")]
    wg = session("wg", required="A", side_seats=1)
    fixed = session("fixed", required="A", podium_seats=1, room="II")
    states = [Delegation("A")]
    needed = "an assumption with of = 'room', id = {!r}, field = 'seats.{}'."
    assert refused(lambda: problem(rooms, wg, fixed, delegations=states)) == [
        (
            "venue.rooms[1].seats.table",
            "the table seats of room 'II' are not known, and 'wg' needs some",
            needed.format("II", "table"),
        ),
        (
            "venue.rooms[2].seats.table",
            "the table seats of room 'III' are not known, and 'wg' needs some",
            needed.format("III", "table"),
        ),
        (
            "venue.rooms[1].seats.side",
            "the side seats of room 'II' are not known, and 'wg' needs some",
            needed.format("II", "side"),
        ),
        (
            "venue.rooms[2].seats.side",
            "the side seats of room 'III' are not known, and 'wg' needs some",
            needed.format("III", "side"),
        ),
    ]
    assumed = [
        Assumption("so", "room", name, f"seats.{kind}", 0) for name in ("II", "III") for kind in ("table", "side")
    ]
    places, _ = best(problem(rooms, wg, delegations=states, assumptions=assumed))
    assert places["wg"].endswith(" I")
    unasked = session("unasked", room="I", required="A")
    assert best(problem(rooms, unasked, delegations=states))[0].keys() == {"unasked"}


def test_a_room_of_unknown_seats_has_none_that_count(breaches: Breaches) -> None:
    facts = problem([Room("I", seats=BIG), Room("II")], session("wg", side_seats=2, room="I"))
    assert breaches(SeatsEnough(), facts, {"wg": "17 10:00 II"}) == [
        ("wg", 2, "'wg' needs 2 side seats; room 'II' has an unknown number."),
    ]
    assert SeatsEnough().say() == "A room has enough seats of each class for its session."


# -- booths and features ----------------------------------------------------------------------------------------------

SIX = ["ar", "zh", "en", "fr", "ru", "es"]


def test_six_languages_do_not_fit_five_booths(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    wg = session("wg", languages=SIX)
    assert impossible(problem([Room("IX", booths=5)], wg)) == ["booths-enough", "every-session-placed"]
    both = problem([Room("IX", booths=5), Room("VII", booths=6)], wg)
    assert best(both)[0]["wg"].endswith("VII")
    assert breaches(BoothsEnough(), both, {"wg": "17 10:00 IX"}) == [
        ("wg", 1, "'wg' has no booth for es in room 'IX'."),
    ]
    assert breaches(BoothsEnough(), both, {"wg": "17 10:00 VII"}) == []
    assert BoothsEnough().say() == "A room has a booth for each language that its session is interpreted into."


def test_booths_that_nobody_counted_are_a_fault_where_they_are_needed(refused: Refused, best: Best) -> None:
    rooms = [Room("IX", booths=5), Room("VII")]
    remedy = "an assumption with of = 'room', id = 'VII', field = 'booths'."
    message = "the booths of room 'VII' are not known, and 'wg' is interpreted"
    found = refused(lambda: problem(rooms, session("wg", languages="en")))
    assert found == [("venue.rooms[1].booths", message, remedy)]
    assert best(problem(rooms, session("wg", languages="en", room="IX")))[0].keys() == {"wg"}
    assert best(problem(rooms, session("wg")))[0].keys() == {"wg"}


def test_missing_booths_are_counted_by_language(breaches: Breaches) -> None:
    facts = problem([Room("IX", booths=5), Room("none")], session("wg", languages=SIX, room="IX"))
    [(_, amount, text)] = breaches(BoothsEnough(), facts, {"wg": "17 10:00 none"})
    assert (amount, text) == (6, "'wg' has no booth for ar, zh, en, fr, ru, es in room 'none'.")


def test_a_room_has_every_feature_of_its_session(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rooms = [Room("I", features="webcast"), Room("II", features=["captioning", "webcast", "screen"])]
    wg = session("wg", features=["webcast", "captioning"])
    assert best(problem(rooms, wg))[0]["wg"].endswith("II")
    assert impossible(problem(rooms[:1], wg)) == ["every-session-placed", "features-present"]
    facts = problem([*rooms, Room("III")], wg, session("plain"))
    assert breaches(FeaturesPresent(), facts, {"wg": "17 10:00 III", "plain": "17 10:00 III"}) == [
        ("wg", 1, "'wg' requires 'webcast', which room 'III' lacks."),
        ("wg", 1, "'wg' requires 'captioning', which room 'III' lacks."),
    ]
    assert FeaturesPresent().say() == "A room offers every feature that its session requires."


# -- open rooms -------------------------------------------------------------------------------------------------------


def test_a_room_is_used_only_while_it_is_open(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    room = Room("I", hours=[Period(None, "10:30", "13:00"), Period("2010-12-17", "13:00", "16:00")])
    assert best(problem([room], session("a", 150)))[0] == {"a": "17 10:30 I"}
    assert impossible(problem([room], session("a"))) == ["every-session-placed", "room-open"]
    facts = problem([room], session("a"))
    assert breaches(RoomOpen(), facts, {"a": "17 10:00 I"}) == [
        ("a", 1, "Room 'I' is shut for some of 'a' (Fri 17 Dec 10:00)."),
    ]
    assert breaches(RoomOpen(), facts, {"a": "17 15:00 I"}) == [
        ("a", 1, "Room 'I' is shut for some of 'a' (Fri 17 Dec 15:00)."),
    ]
    assert breaches(RoomOpen(), facts, {"a": "17 13:00 I"}) == []
    assert RoomOpen().say() == "A room is used only while it is open, and while it is there at all."


TWO_DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=30)


@pytest.mark.parametrize(
    ("validity", "days"),
    [
        ({"valid_from": "2010-12-17"}, "17"),
        ({"valid_until": "2010-12-17"}, "16"),
        ({"valid_from": "2010-12-16", "valid_until": "2010-12-18"}, "16 17"),
    ],
)
def test_a_room_is_there_from_its_first_date_until_the_day_before_its_last(
    best: Best, breaches: Breaches, validity: dict[str, Any], days: str
) -> None:
    facts = problem([Room("I", **validity)], session("a"), session("b"), window=TWO_DAYS)
    assert {place[:2] for place in best(facts)[0].values()} <= set(days.split())
    for day in ("16", "17"):
        name = {"16": "Thu 16", "17": "Fri 17"}[day]
        text = f"Room 'I' is not there for 'a' on {name} Dec 10:00."
        assert breaches(RoomOpen(), facts, {"a": f"{day} 10:00 I"}) == ([] if day in days else [("a", 1, text)])


def test_a_room_that_is_gone_holds_nothing(impossible: Impossible) -> None:
    assert impossible(problem([Room("XIV", valid_until="2007-01-01")], session("a"))) == [
        "every-session-placed",
        "room-open",
    ]


def test_the_date_is_that_of_the_window_in_whatever_zone_a_schedule_is_written() -> None:
    window = Window("Asia/Tokyo", ["2010-12-17"], step=30)
    facts = problem([Room("I", valid_from="2010-12-17", valid_until="2010-12-18")], session("a"), window=window)
    booking = Booking("a", "I", "2010-12-17T10:00+09:00", "2010-12-17T13:00+09:00")
    for zone in ("Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"):
        assert not list(RoomOpen().check(Timetable(facts, Schedule("p", zone, [booking]))))


# -- one theme --------------------------------------------------------------------------------------------------------


def themes(*rules: Rule) -> Problem:
    window = Window("Europe/Zurich", ["2010-12-17"], step=60)
    tags = {"a": "ml", "b": "ml", "c": "ai", "d": ()}
    talks = [Session(name, name.upper(), 60, tags=tag) for name, tag in tags.items()]
    return Problem("p", window, Venue([Room("I")]), talks, rules=rules)


def test_a_room_holds_one_theme_in_each_block(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = ThemedRooms(["ml", "ai"])
    halves = {name: int(place[3:5]) < 13 for name, place in best(themes(rule))[0].items()}
    assert halves["a"] == halves["b"] != halves["c"]
    assert "themed-rooms" in impossible(themes(ThemedRooms(["ml", "ai"], "day")))
    places = {"a": "17 10:00 I", "c": "17 11:00 I", "b": "17 15:00 I", "d": "17 12:00 I"}
    assert breaches(rule, themes(), places) == [("a c", 1, "Room 'I' holds 'ml' and 'ai' in one block: a, c.")]
    assert best(themes(Soften(ThemedRooms(["ml", "ai"], "day"), weight=4)))[1] == {1: 4}
    assert rule.say() == "In each block, a room holds one of 'ml', 'ai'."


def test_a_theme_is_a_tag_that_some_session_has(refused: Refused) -> None:
    assert refused(lambda: ThemedRooms("ml")) == [("tags", "one theme is at odds with nothing", "two tags or more.")]
    assert refused(lambda: ThemedRooms(["ml", "ai"], "week")) == [
        ("each", "'week' is none of 'block', 'day'", "'block'."),
    ]
    found = refused(lambda: themes(ThemedRooms(["ml", "mll"])))
    assert found == [("rules[0].tags[1]", "nothing is tagged 'mll'", "'ml'.")]
