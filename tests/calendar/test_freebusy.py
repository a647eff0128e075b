from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from unsched import Booking, Period, Problem, Room, Schedule, Session, Venue, Window
from unsched.calendar.feeds import calendars

Periods = list[tuple[str, datetime, datetime]]


def periods(data: bytes) -> Periods:
    (component,) = icalendar.Calendar.from_ical(data).walk("VFREEBUSY")
    values = component.get("FREEBUSY", [])
    values = values if isinstance(values, list) else [values]
    return [(str(value.params["FBTYPE"]), value.start, value.end) for value in values]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_a_room_is_busy_when_a_session_is_in_it_and_says_no_more(problem: Problem, schedule: Schedule) -> None:
    data = calendars(problem, schedule)["busy/rooms/XII.ics"]
    assert periods(data) == [
        ("BUSY", at("2010-12-17T09:00"), at("2010-12-17T10:00")),
        ("BUSY", at("2010-12-17T14:00"), at("2010-12-17T15:00")),
    ]
    text = data.decode()
    assert "DTSTART:20101216T230000Z\r\n" in text
    assert "DTEND:20101217T230000Z\r\n" in text
    assert text.count("BEGIN:") == 2
    for word in ("Drafting", "African", "coordination", "SUMMARY", "TZID", "VALUE=", "ATTENDEE", "VEVENT"):
        assert word not in text


def test_what_is_published_has_an_organizer_and_what_has_none_no_method(problem: Problem, schedule: Schedule) -> None:
    assert b"METHOD:PUBLISH" in calendars(problem, schedule)["busy/rooms/XII.ics"]
    data = calendars(evolve(problem, organizer=None), schedule)["busy/rooms/XII.ics"]
    assert b"METHOD" not in data
    assert b"ORGANIZER" not in data


def test_a_room_that_is_closed_is_unavailable_but_for_the_session_in_it(problem: Problem, schedule: Schedule) -> None:
    hours = [Period(None, "08:00", "12:00")]
    room = Room("XXVI", hours=hours, closed=[Period(["2010-12-17"], "09:00", "09:30")])
    changed = evolve(problem, venue=Venue([room, Room("XII")]), off=["seats-enough", "booths-enough"])
    assert periods(calendars(changed, schedule)["busy/rooms/XXVI.ics"]) == [
        ("BUSY-UNAVAILABLE", at("2010-12-16T23:00"), at("2010-12-17T07:00")),
        ("BUSY-UNAVAILABLE", at("2010-12-17T08:00"), at("2010-12-17T08:30")),
        ("BUSY", at("2010-12-17T09:00"), at("2010-12-17T12:00")),
        ("BUSY-UNAVAILABLE", at("2010-12-17T12:00"), at("2010-12-17T23:00")),
    ]


def test_a_room_that_is_not_valid_yet_or_any_more_is_unavailable_all_day() -> None:
    days = ["2026-10-24", "2026-10-25", "2026-10-26"]
    room = Room("I", valid_from="2026-10-25", valid_until="2026-10-26")
    problem = Problem("p", Window("Europe/Zurich", days), Venue([room]), [Session("a", "A", 60)])
    data = calendars(problem, Schedule("p", "Europe/Zurich", stamp="2026-01-01T00:00+00:00"))["busy/rooms/I.ics"]
    # The clocks go back on the 25th, which has 25 hours.
    assert periods(data) == [
        ("BUSY-UNAVAILABLE", at("2026-10-23T22:00"), at("2026-10-24T22:00")),
        ("BUSY-UNAVAILABLE", at("2026-10-25T23:00"), at("2026-10-26T23:00")),
    ]


def test_sessions_that_follow_each_other_are_one_stretch() -> None:
    sessions = [Session(name, name, 60) for name in "abc"]
    problem = Problem("p", Window("UTC", ["2026-02-20"]), Venue([Room("I")]), sessions)
    start = at("2026-02-20T10:00")
    hours = [(start, 60), (start + timedelta(hours=1), 60), (start + timedelta(minutes=30), 60)]
    bookings = [
        Booking(session.id, "I", begin, begin + timedelta(minutes=length))
        for session, (begin, length) in zip(sessions, hours, strict=True)
    ]
    data = calendars(problem, Schedule("p", "UTC", bookings, stamp=start))["busy/rooms/I.ics"]
    assert periods(data) == [("BUSY", start, start + timedelta(hours=2))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=8))
def test_every_minute_is_busy_exactly_when_a_session_is_there(stays: list[tuple[int, int]]) -> None:
    sessions = [Session(f"s{number}", "S", 60) for number in range(len(stays) + 1)]
    problem = Problem("p", Window("America/New_York", ["2026-11-01"]), Venue([Room("I")]), sessions)
    origin = datetime(2026, 11, 1, 4, tzinfo=UTC)
    bookings = [
        Booking(session.id, "I", origin + timedelta(minutes=start), origin + timedelta(minutes=start + length))
        for session, (start, length) in zip(sessions, stays, strict=False)
    ]
    data = calendars(problem, Schedule("p", "America/New_York", bookings, stamp=origin))["busy/rooms/I.ics"]
    found = periods(data)
    assert all(kind == "BUSY" and start.utcoffset() == timedelta() for kind, start, _ in found)
    taken = {minute for start, length in stays for minute in range(start, start + length)}
    listed = [
        (begin - origin) // timedelta(minutes=1) + number
        for _, begin, end in found
        for number in range((end - begin) // timedelta(minutes=1))
    ]
    assert listed == sorted(taken)
