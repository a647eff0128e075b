from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import with_ical, with_ical_js, with_icalendar, with_node_ical

from unsched import Booking, Delegation, InputError, Problem, Room, Schedule, Seats, Session, Venue, Window
from unsched.calendar.event import uid
from unsched.calendar.feeds import calendars
from unsched.calendar.series import find_series, series_uid

MONDAY = date(2026, 10, 19)


def daily(zone: str, stays: list[tuple[int, int, int, str] | None], first: date = MONDAY) -> tuple[Problem, Schedule]:
    """Make one session a day: the minute of the day, its length and its room, or none."""
    days = [first + number * timedelta(days=1) for number in range(len(stays))]
    sessions = [
        Session(f"wg-{number}", "Drafting", 60, description="Changed" if stay and stay[2] else "As ever")
        for number, stay in enumerate(stays)
    ]
    seats = Seats(table=9, side=0)
    problem = Problem("p", Window(zone, days), Venue([Room("I", seats=seats), Room("II", seats=seats)]), sessions)
    bookings = []
    for session, day, stay in zip(sessions, days, stays, strict=True):
        if stay is not None:
            minute, length, _, room = stay
            clock = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(zone))
            bookings.append(Booking(session.id, room, clock, clock + timedelta(minutes=length)))
    return problem, Schedule("p", zone, bookings, stamp="2026-01-01T00:00+00:00")


def events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_a_series_is_one_event_with_a_rule() -> None:
    problem, schedule = daily("Europe/Zurich", [(600, 180, 0, "I")] * 5)
    ids = [session.id for session in problem.sessions]
    (event,) = events(calendars(problem, schedule, series=[ids])["programme.ics"])
    assert event["UID"] == series_uid("p", "wg-0")
    assert event["RRULE"].to_ical() == b"FREQ=DAILY;COUNT=5"
    assert event.decoded("DTSTART") == datetime(2026, 10, 19, 10, tzinfo=ZoneInfo("Europe/Zurich"))
    assert "EXDATE" not in event


def test_days_off_and_days_that_differ_are_exceptions() -> None:
    stays = [(600, 180, 0, "I"), (600, 180, 0, "II"), None, (660, 180, 0, "I"), (600, 180, 1, "I"), (600, 180, 0, "I")]
    problem, schedule = daily("Europe/Zurich", stays)
    data = calendars(problem, schedule, series=[[session.id for session in problem.sessions]])["programme.ics"]
    master, *others = events(data)
    assert b"EXDATE;TZID=Europe/Zurich:20261021T100000\r\n" in data
    assert [one["RECURRENCE-ID"].dt.day for one in others] == [20, 22, 23]
    assert {one["UID"] for one in others} == {master["UID"]}
    assert all("RRULE" not in one for one in others)


def test_without_being_asked_for_there_is_no_series() -> None:
    problem, schedule = daily("Europe/Zurich", [(600, 180, 0, "I")] * 5)
    assert b"RRULE:FREQ=DAILY" not in b"".join(calendars(problem, schedule).values())


def test_a_feed_that_has_only_some_of_a_series_has_them_apart() -> None:
    problem, schedule = daily("Europe/Zurich", [(600, 180, 0, "I")] * 3)
    first, *others = problem.sessions
    problem = evolve(problem, sessions=[evolve(first, invited=["CH"]), *others], delegations=[Delegation("CH")])
    found = calendars(problem, schedule, series=[[session.id for session in problem.sessions]])
    assert [event["UID"] for event in events(found["delegations/CH.ics"])] == [uid("p", "wg-0")]
    assert len(events(found["rooms/I.ics"])) == 2


def test_sessions_of_a_series_that_are_not_scheduled_are_no_matter() -> None:
    problem, schedule = daily("Europe/Zurich", [(600, 180, 0, "I"), None, None])
    found = calendars(problem, schedule, series=[["wg-2", "wg-0"]])
    assert [event["UID"] for event in events(found["programme.ics"])] == [uid("p", "wg-0")]


stay = st.none() | st.tuples(
    st.sampled_from([300, 300, 300, 540, 1380]), st.sampled_from([60, 60, 90]), st.integers(0, 1), st.sampled_from("I")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(stay, min_size=2, max_size=10), st.sampled_from(["Europe/Zurich", "America/New_York"]))
def test_another_program_expands_a_series_to_the_separate_events(
    stays: list[tuple[int, int, int, str] | None], zone: str
) -> None:
    # The clocks go back on 25 October in Zurich, and on 1 November in New York.
    problem, schedule = daily(zone, stays, date(2026, 10, 28) if zone == "America/New_York" else date(2026, 10, 21))
    ids = [session.id for session in problem.sessions]
    apart = with_icalendar(calendars(problem, schedule)["programme.ics"])
    data = calendars(problem, schedule, series=[ids])["programme.ics"]
    together = with_ical(data) if schedule.bookings else []
    assert [(one.start, one.end, one.title, one.location, one.description) for one in together] == [
        (one.start, one.end, one.title, one.location, one.description) for one in apart
    ]


def test_series_in_utc_are_expanded_to_the_separate_events_too() -> None:
    # Not by ical, which overlooks a RECURRENCE-ID in UTC and shows both.
    stays = [(600, 60, 0, "I"), (660, 60, 0, "I"), None, (600, 60, 1, "I"), (600, 60, 0, "I")]
    problem, schedule = daily("UTC", stays)
    apart = with_icalendar(calendars(problem, schedule)["programme.ics"])
    data = calendars(problem, schedule, series=[[session.id for session in problem.sessions]])["programme.ics"]
    for read in (with_ical_js, with_node_ical):
        assert [(one.start, one.end, one.description) for one in read(data)] == [
            (one.start, one.end, one.description) for one in apart
        ]


def test_series_are_found_only_where_sessions_are_alike() -> None:
    problem, schedule = daily(
        "Europe/Zurich",
        [(600, 180, 0, "I"), (600, 180, 0, "I"), (600, 90, 0, "I"), (600, 180, 1, "I"), (600, 180, 0, "II")],
    )
    assert find_series(problem, schedule) == (("wg-0", "wg-1"),)
    twice = [*schedule.bookings[1:], evolve(schedule.bookings[1], session="wg-0")]
    assert find_series(problem, evolve(schedule, bookings=twice)) == ()


@pytest.mark.parametrize(
    ("series", "path", "message"),
    [
        ([["wg-0", "wg-9"]], "series[0][1]", "has no session 'wg-9'"),
        ([["wg-0", "wg-1"], ["wg-1"]], "series[1][0]", "'wg-1' is in a series already"),
        (["wg-0"], "series[0]", "'wg-0' is not a list of ids"),
        ([["wg-0", 7]], "series[0][1]", "has no session 7"),
    ],
)
def test_what_is_no_series_is_refused(series: Any, path: str, message: str) -> None:
    problem, schedule = daily("Europe/Zurich", [(600, 180, 0, "I")] * 3)
    with pytest.raises(InputError, match="series of 'p'") as caught:
        calendars(problem, schedule, series=series)
    assert [fault.path for fault in caught.value.faults] == [path]
    assert message in str(caught.value)


def test_two_sessions_of_a_series_are_never_on_one_day() -> None:
    problem, schedule = daily("Europe/Zurich", [(600, 60, 0, "I")] * 2)
    one, other = schedule.bookings
    moved = Booking(other.session, "I", one.start + timedelta(hours=2), one.end + timedelta(hours=2))
    with pytest.raises(InputError, match="'wg-1' is on 2026-10-19, and so is 'wg-0'"):
        calendars(problem, evolve(schedule, bookings=[one, moved]), series=[["wg-0", "wg-1"]])


def test_a_time_of_day_that_the_clocks_skip_or_show_twice_is_no_series() -> None:
    problem, schedule = daily("Europe/Zurich", [(150, 60, 0, "I")] * 8)
    with pytest.raises(InputError, match="the clocks change on 2026-10-25 while the series of 'wg-0'"):
        calendars(problem, schedule, series=[[session.id for session in problem.sessions]])


def test_a_series_of_years_is_refused_rather_than_written_out() -> None:
    sessions = [Session("a", "A", 60), Session("b", "A", 60)]
    problem = Problem("p", Window("UTC", ["2026-01-01", "2036-01-01"]), Venue([Room("I")]), sessions)
    starts = [datetime(year, 1, 1, 10, tzinfo=UTC) for year in (2026, 2036)]
    bookings = [
        Booking(session.id, "I", start, start + timedelta(hours=1))
        for session, start in zip(sessions, starts, strict=True)
    ]
    with pytest.raises(InputError, match="takes 3653 days, over 400"):
        calendars(problem, Schedule("p", "UTC", bookings, stamp=starts[0]), series=[["a", "b"]])
