from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest

from unsched import (
    Assumption,
    Booking,
    Change,
    InputError,
    Problem,
    Room,
    Schedule,
    Session,
    UnknownIdError,
    Venue,
    Window,
    rules,
)

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


def booking(
    session: str = "wg", room: str = "XXVI", start: str = "10:00", end: str = "13:00", day: int = 17
) -> Booking:
    return Booking(session, room, f"2010-12-{day}T{start}+01:00", f"2010-12-{day}T{end}+01:00")


def schedule(*bookings: Booking) -> Schedule:
    return Schedule("cstd-2010", "Europe/Zurich", bookings)


# -- bookings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"session": 1}, "session", "1 is not a string", "'1'."),
        ({"room": ""}, "room", "'' is empty or has blanks around it", "a short name without blanks around it."),
        ({"title": None}, "title", "None is not a text", "a text."),
        ({"start": None}, "start", "None is not a date and time with an offset", None),
        ({"start": "ten"}, "start", "'ten' is not a date and time with an offset", None),
        ({"end": "2010-12-17T13:00"}, "end", "2010-12-17T13:00:00 is not a date and time with an offset", None),
        ({"end": "2010-12-17T13:00:30Z"}, "end", "2010-12-17T13:00:30+00:00 is not in whole minutes", None),
        (
            {"end": "2010-12-17T10:00+01:00"},
            "end",
            "2010-12-17 10:00:00+01:00 is not after the start",
            "an end after the start.",
        ),
    ],
)
def test_a_wrong_booking_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str | None
) -> None:
    good = {"session": "wg", "room": "XXVI", "start": "2010-12-17T10:00+01:00", "end": "2010-12-17T13:00+01:00"}
    [found] = refused(lambda: Booking(**{**good, **fields}))
    assert found[:2] == (path, message)
    assert found[2] == (remedy or found[2])


def test_a_booking_over_the_change_ends_after_it_starts_though_the_clock_shows_less(refused: Refused) -> None:
    times = "2010-10-31T02:45+02:00", "2010-10-31T02:15+01:00"
    [one] = Schedule("p", "Europe/Zurich", [Booking("wg", "I", *times)])
    assert one.end.timestamp() - one.start.timestamp() == 30 * 60
    assert (one.start.hour, one.start.fold, one.end.hour, one.end.fold) == (2, 0, 2, 1)
    [(path, _, _)] = refused(lambda: Booking("wg", "I", times[1], times[0]))
    assert path == "end"


def test_bookings_are_equal_when_their_instants_are() -> None:
    first = Schedule("p", "Europe/Zurich", [Booking("wg", "I", "2010-10-31T02:00+02:00", "2010-10-31T02:30+02:00")])
    second = Schedule("p", "Europe/Zurich", [Booking("wg", "I", "2010-10-31T02:00+01:00", "2010-10-31T02:30+01:00")])
    assert f"{first['wg'].start:%H:%M}" == f"{second['wg'].start:%H:%M}" == "02:00"
    assert first != second
    assert first["wg"] != second["wg"]
    assert [change.what for change in first.diff(second)] == ["time"]
    elsewhere = Schedule("p", "UTC", first.bookings)
    assert elsewhere["wg"] == first["wg"]
    assert hash(elsewhere["wg"]) == hash(first["wg"])


# -- schedules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"problem": None}, "problem", "None is not a string"),
        ({"zone": "Zurich"}, "zone", "'Zurich' is not an IANA time zone"),
        ({"bookings": None}, "bookings", "None is not a list"),
        ({"bookings": ["wg"]}, "bookings[0]", "'wg' is not a Booking"),
        (
            {"bookings": [booking(), booking("a"), booking(room="XII")]},
            "bookings[2].session",
            "session 'wg' is booked twice",
        ),
        ({"revision": -1}, "revision", "-1 is less than 0"),
        ({"stamp": "2010-12-06"}, "stamp", "2010-12-06T00:00:00 is not a date and time with an offset"),
        ({"stamp": "0001-01-01T00:00+01:00"}, "stamp", "0001-01-01T00:00:00+01:00 is outside the years 1973 to 2199"),
        ({"assumptions": [1]}, "assumptions[0]", "1 is not an Assumption"),
    ],
)
def test_a_wrong_schedule_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str
) -> None:
    found = refused(lambda: Schedule(**{"problem": "p", "zone": "UTC", **fields}))
    assert [fault[:2] for fault in found] == [(path, message)]


def test_the_same_booking_twice_is_twice_too_many(refused: Refused) -> None:
    found = refused(lambda: schedule(booking(), booking()))
    assert [path for path, _, _ in found] == ["bookings[1]", "bookings[1].session"]


def test_bookings_are_ordered_by_start_then_room_then_session_and_read_in_the_zone() -> None:
    late = Booking("z", "A", "2010-12-17T14:00Z", "2010-12-17T15:00Z")
    found = schedule(late, booking("c", "B"), booking("b", "B"), booking("d", "A"), booking("a", "Z", day=16))
    assert [one.session for one in found] == ["a", "d", "b", "c", "z"]
    assert str(found["z"].start) == "2010-12-17 15:00:00+01:00"
    assert found == schedule(*reversed(found.bookings))
    assert copy.deepcopy(found) == found


def test_a_schedule_is_looked_up_by_session() -> None:
    found = schedule(booking("plenary"), booking("wg", "XII"))
    assert len(found) == len(list(found)) == 2
    assert "wg" in found
    assert "side" not in found
    assert found["wg"].room == "XII"
    assert found.get("wg") == found["wg"]
    assert found.get("side") is None
    with pytest.raises(UnknownIdError, match=r"no booking of session 'plenery'\n  Maybe 'plenary'\."):
        found["plenery"]


@pytest.mark.parametrize("name", [None, 5, ["wg"]])
def test_what_is_no_id_is_no_booking(name: Any) -> None:
    with pytest.raises(KeyError, match="there is no booking of session"):
        schedule(booking())[name]


def test_an_empty_schedule_is_a_schedule() -> None:
    assert len(schedule()) == 0
    assert schedule().diff(schedule()) == ()


# -- differences ------------------------------------------------------------------------------------------------------


def test_a_difference_names_what_moves_what_is_added_and_what_is_dropped() -> None:
    before = schedule(booking("a"), booking("b", "XII"), booking("c", "XX"), booking("d", "IX"), booking("gone", "VII"))
    after = schedule(
        booking("new", "XVI", "15:00", "18:00"),
        booking("a"),
        booking("b", "XIX"),
        booking("c", "XX", "10:30", "13:00"),
        booking("d", "IV", "11:00", "13:00"),
    )
    assert [str(change) for change in before.diff(after)] == [
        "b: room, 2010-12-17 10:00 XII -> 2010-12-17 10:00 XIX",
        "c: time, 2010-12-17 10:00 XX -> 2010-12-17 10:30 XX",
        "d: time and room, 2010-12-17 10:00 IX -> 2010-12-17 11:00 IV",
        "new: added, - -> 2010-12-17 15:00 XVI",
        "gone: dropped, 2010-12-17 10:00 VII -> -",
    ]
    assert before.diff(before) == ()


def test_a_later_end_is_a_change_of_time_and_a_new_title_is_none() -> None:
    longer = booking(end="13:30")
    titled = Booking("wg", "XXVI", booking().start, booking().end, "Working Group")
    assert Change("wg", booking(), longer).what == "time"
    assert Change("wg", booking(), titled).what == ""
    assert schedule(booking()).diff(schedule(titled)) == ()


# -- out --------------------------------------------------------------------------------------------------------------


def test_a_frame_has_a_row_a_booking_with_times_in_the_zone() -> None:
    frame = schedule(
        booking(), Booking("b", "XII", "2010-10-31T02:30+02:00", "2010-10-31T02:30+01:00", "Both")
    ).to_frame()
    assert list(frame.columns) == ["session", "title", "room", "start", "end", "minutes"]
    assert list(frame["minutes"]) == [60, 180]
    assert list(frame["title"]) == ["Both", ""]
    assert [str(start) for start in frame["start"]] == ["2010-10-31 02:30:00+02:00", "2010-12-17 10:00:00+01:00"]
    assert str(frame["end"][0]) == "2010-10-31 02:30:00+01:00"


@pytest.mark.parametrize("bookings", [(), (booking(),)])
def test_a_frame_has_the_same_types_with_and_without_bookings(bookings: tuple[Booking, ...]) -> None:
    types = schedule(*bookings).to_frame().dtypes
    assert types["minutes"] == "int64"
    assert str(types["start"]).endswith("Europe/Zurich]")
    assert types["start"] == types["end"]


def test_a_schedule_is_written_as_plain_data_as_text_and_as_a_table() -> None:
    found = Schedule("p", "UTC", [booking()], stamp="2010-12-06T12:00:05Z", assumptions=[Assumption("So.")])
    plain = found.to_dict()
    assert plain["bookings"][0]["session"] == "wg"
    assert found.stamp == datetime(2010, 12, 6, 12, 0, 5, tzinfo=UTC)
    assert "XXVI" in str(found)
    assert "XXVI" in found._repr_html_()


# -- breaches ---------------------------------------------------------------------------------------------------------


def test_breaches_come_in_the_order_of_the_rules_hard_ones_and_prices_paid() -> None:
    window = Window("Europe/Zurich", ["2010-12-17"])
    problem = Problem(
        "cstd-2010",
        window,
        Venue([Room("XXVI"), Room("XII")]),
        [Session("wg", "WG", 180), Session("side", "Side", 180), Session("late", "Late", 180)],
        rules=[rules.PreferRoom("wg", "XII", weight=3)],
    )
    found = schedule(booking(), booking("side")).breaches(problem)
    assert [(breach.rule.kind, breach.hard, breach.cost, breach.text) for breach in found] == [
        ("every-session-placed", True, 0, "'late' is not scheduled."),
        ("one-session-per-room", True, 0, "'side' and 'wg' share room 'XXVI' on Fri 17 Dec 10:00."),
        ("prefer-room", False, 3, "'wg' is in 'XXVI', not in room 'XII'."),
    ]
    assert [str(breach) for breach in found][1:] == [found[1].text, "'wg' is in 'XXVI', not in room 'XII'. (cost 3)"]
    good = schedule(booking("wg", "XII"), booking("side"), booking("late", "XII", "15:00", "18:00"))
    assert good.breaches(problem) == ()


def test_a_schedule_is_asked_about_its_own_problem_only() -> None:
    problem = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), [Session("a", "A", 60)])
    with pytest.raises(InputError, match="the schedule of 'cstd-2010'"):
        schedule(booking()).breaches(problem)


def test_what_is_optional_and_not_scheduled_waits_by_priority_then_in_the_order_of_the_problem() -> None:
    sessions = [
        Session("late", "Late", 60, priority=2, optional=True),
        Session("must", "Must", 60),
        Session("one", "One", 60, priority=1, optional=True),
        Session("placed", "Placed", 60, optional=True),
        Session("two", "Two", 60, priority=1, optional=True),
    ]
    facts = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), sessions)
    schedule = Schedule("p", "UTC", [Booking("placed", "I", "2010-12-17T10:00Z", "2010-12-17T11:00Z")])
    assert [session.id for session in schedule.standby(facts)] == ["one", "two", "late"]
