"""What we write, read back by programs that we did not write: the instants, UIDs, SEQUENCE and texts are what we meant.

`tests/shared/readers.py` says what each reader is. Limits of a reader are said where they are allowed for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from attrs import evolve
from readers import (
    Desktop,
    Seen,
    Server,
    from_javascript,
    with_both_of_javascript,
    with_ical,
    with_icalendar,
    with_ics,
    with_javascript,
    with_khal,
    with_node_ical,
    with_radicale,
    with_recurring,
    with_vobject,
)
from readers import with_ical_js as with_ical_js_alone

from unsched import Booking, Contact, Period, Problem, Room, Schedule, Session, Team, Venue, Window
from unsched.calendar.checks.jcal import read_jcal
from unsched.calendar.event import uid
from unsched.calendar.feeds import calendars
from unsched.calendar.text import one_line, plain
from unsched.calendar.values import unescape

LONG = "é" * 2000 + " 🗳️🇨🇭 \u202eجلسة عامة\u202c"
HOSTILE = f'Ouverture, 1; a \\, \\; "quoted" ^n ^\' BEGIN:VEVENT\nUID:evil\n\nEND:VCALENDAR {LONG}'
NEW = "C:\\New \\n \\N"
FIRST, LAST = "2010-12-01", "2010-12-31"


def simple(data: bytes, folder: Path) -> dict[str, list[Seen]]:
    """Read with all readers of feeds."""
    return {
        "ics": with_ics(data),
        "vobject": with_vobject(data),
        "ical": with_ical(data),
        **with_both_of_javascript(data),
        "radicale": with_radicale(data, folder / "radicale"),
        "khal": with_khal(data, folder / "khal", FIRST, LAST),
    }


# ics and khal hand out no SEQUENCE.
WITHOUT_SEQUENCE = frozenset({"ics", "khal"})
# These take the backslash and the n of an escaped "C:\New" for a line break (khal by icalendar, when it imports).
TAKE_BACKSLASHES = frozenset({"ics", "node-ical", "khal"})


def assert_same(found: list[Seen], wanted: list[Seen], reader: str) -> None:
    if reader in WITHOUT_SEQUENCE:
        wanted = [evolve(one, sequence=None) for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert (reader, one.start, one.end, one.uid) == (reader, other.start, other.end, other.uid)
        assert (reader, one.title) == (reader, other.title)
        assert (reader, one.location) == (reader, other.location)
        assert (reader, one.description) == (reader, other.description)
        assert (reader, one.sequence) == (reader, other.sequence)


def with_texts(problem: Problem, text: str) -> Problem:
    first, *others = problem.sessions
    return evolve(
        problem,
        title=text,
        organizer=Contact(text, "stdev@example.org"),
        sessions=[evolve(first, title=text, description=text), *others],
        venue=evolve(problem.venue, name=text),
    )


def meant(problem: Problem, schedule: Schedule, description: str) -> list[Seen]:
    """Say what the readers have to find, from the facts and not from what was written."""
    found = []
    for booking in schedule.bookings:
        session = problem.session(booking.session)
        place = {"XII": "XII, building A, ", "XXVI": "Room XXVI, building E, "}[booking.room]
        found.append(
            Seen(
                booking.start.astimezone(UTC),
                booking.end.astimezone(UTC),
                uid(problem.id, session.id),
                one_line(session.title),
                place + one_line(problem.venue.name or ""),
                description if session.description else "",
                schedule.revision,
            )
        )
    return sorted(found)


@pytest.mark.parametrize("zone", ["Europe/Zurich", "Africa/Casablanca", "UTC"])
def test_every_reader_finds_what_was_meant_in_a_feed(
    problem: Problem, schedule: Schedule, tmp_path: Path, zone: str
) -> None:
    changed, booked = with_texts(problem, HOSTILE), evolve(schedule, zone=zone)
    wanted = meant(changed, booked, plain(HOSTILE))
    assert len(wanted) == 3
    for reader, found in simple(calendars(changed, booked)["programme.ics"], tmp_path).items():
        shortened = [
            # What follows the description itself is told by the tests of events.
            evolve(one, description=one.description[: len(other.description)])
            for one, other in zip(found, wanted, strict=True)
        ]
        assert_same(shortened, wanted, reader)


def test_a_backslash_before_an_n_stays_what_it_is_to_readers_that_follow_the_rfc(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    changed = with_texts(problem, NEW)
    for reader, found in simple(calendars(changed, schedule)["rooms/XXVI.ics"], tmp_path).items():
        (one,) = found
        if reader in TAKE_BACKSLASHES:
            # A limit of theirs; where the day comes that they have none, this says so.
            assert one.title != NEW, reader
        else:
            assert (one.title, one.description[: len(NEW)]) == (NEW, NEW), reader


@pytest.fixture
def interpreted(problem: Problem) -> Problem:
    return evolve(problem, teams=[Team("fr-1", "French"), Team("en-1", "English")])


def test_every_kind_of_feed_is_the_same_to_all_readers(
    interpreted: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    files = calendars(interpreted, schedule, base_url="https://example.org/a,b")
    kinds = {name.split("/")[0] for name in files if name.endswith(".ics")}
    assert kinds == {
        "bodies",
        "busy",
        "delegations",
        "groups",
        "interpreters",
        "persons",
        "programme.ics",
        "rich",
        "rooms",
        "teams",
    }
    chosen = ["bodies/CSTD", "delegations/CH", "interpreters/French", "persons/riehl", "rich/programme", "rooms/XII"]
    for number, name in enumerate([*chosen, "teams/fr-1"]):
        data = files[f"{name}.ics"]
        wanted = with_icalendar(data)
        assert wanted
        for reader, found in simple(data, tmp_path / str(number)).items():
            assert_same(found, wanted, f"{reader} of {name}" if reader not in WITHOUT_SEQUENCE else reader)


def test_a_feed_without_a_session_is_read_without_a_fault(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    data = calendars(problem, schedule)["rooms/IX.ics"]
    assert [with_ics(data), with_vobject(data), with_ical(data)] == [[], [], []]
    assert not any(with_both_of_javascript(data).values())
    assert Server(tmp_path).put("/user/empty.ics/", data) == 201


@pytest.mark.parametrize("zone", ["Europe/Zurich", "Africa/Casablanca", "America/New_York", "Asia/Kolkata"])
def test_every_reader_finds_the_same_instants_around_each_change_of_the_clocks(zone: str, tmp_path: Path) -> None:
    tz = ZoneInfo(zone)
    day = datetime(2026, 1, 1, 11, 30, tzinfo=UTC)
    moments = [day + number * timedelta(hours=151) for number in range(58)]
    changes = [
        day + timedelta(hours=number)
        for number in range(365 * 24)
        if (day + timedelta(hours=number)).astimezone(tz).utcoffset()
        != (day + timedelta(hours=number + 1)).astimezone(tz).utcoffset()
    ]
    moments += [change + timedelta(hours=part) for change in changes for part in (-2, -1, 0, 1, 2, 3)]
    sessions = [Session(f"s{number}", "S", 60) for number in range(len(moments))]
    problem = Problem("p", Window(zone, ["2026-06-01"]), Venue([Room("I")]), sessions)
    bookings = [
        Booking(session.id, "I", moment, moment + timedelta(minutes=30))
        for session, moment in zip(sessions, moments, strict=True)
    ]
    data = calendars(problem, Schedule("p", zone, bookings, stamp=day))["programme.ics"]
    wanted = sorted((moment, moment + timedelta(minutes=30)) for moment in moments)
    readers = {
        "ics": with_ics(data),
        "vobject": with_vobject(data),
        "ical": with_ical(data),
        **with_both_of_javascript(data),
        "radicale": with_radicale(data, tmp_path),
    }
    if zone == "Africa/Casablanca":
        # Its changes have no RRULE. ics (in some releases) takes the offset before a change for the
        # first hour after it, and vobject has the clocks go back once more in September; dateutil, which both rest on,
        # does neither (test_vtimezone.py).
        until, skipped = datetime(2026, 9, 1, tzinfo=UTC), changes[0] + timedelta(hours=2)
        assert [(one.start, one.end) for one in readers.pop("vobject") if one.start < until] == [
            pair for pair in wanted if pair[0] < until
        ]
        starts = {one.start for one in readers.pop("ics")}
        assert {pair[0] for pair in wanted} - starts <= {skipped}
    for reader, found in readers.items():
        assert (reader, [(one.start, one.end) for one in found]) == (reader, wanted)


# -- busy times -------------------------------------------------------------------------------------------------------


def test_every_reader_of_busy_times_finds_the_same_periods(problem: Problem, schedule: Schedule) -> None:
    import vobject  # type: ignore[import-untyped]
    from ical.calendar_stream import IcsCalendarStream

    room = evolve(problem.rooms[1], hours=[Period(None, "08:00", "19:00")])
    changed = evolve(problem, venue=evolve(problem.venue, rooms=[problem.rooms[0], room, problem.rooms[2]]))
    data = calendars(changed, schedule)["busy/rooms/XII.ics"]
    wanted = [
        ("BUSY-UNAVAILABLE", "2010-12-16T23:00", "2010-12-17T07:00"),
        ("BUSY", "2010-12-17T09:00", "2010-12-17T10:00"),
        ("BUSY", "2010-12-17T14:00", "2010-12-17T15:00"),
        ("BUSY-UNAVAILABLE", "2010-12-17T18:00", "2010-12-17T23:00"),
    ]
    found: dict[str, list[tuple[str, datetime, datetime]]] = {}
    for reader, result in with_javascript({"one": data})["one"].items():
        found[reader] = [
            (one["kind"], datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))
            for one in result["busy"]
        ]
    component: Any = icalendar.Calendar.from_ical(data).walk("VFREEBUSY")[0]
    found["icalendar"] = [(value.params["FBTYPE"], value.start, value.end) for value in component["FREEBUSY"]]
    stream: Any = IcsCalendarStream.calendar_from_ics(data.decode()).freebusy[0]
    found["ical"] = [(str(one.free_busy_type.value), one.start, one.end) for one in stream.freebusy]
    found["vobject"] = [
        (line.params["FBTYPE"][0], start, end if isinstance(end, datetime) else start + end)
        for line in vobject.readOne(data.decode()).vfreebusy.freebusy_list
        for start, end in line.value
    ]
    for reader, periods in found.items():
        listed = [
            (kind, f"{start.astimezone(UTC):%Y-%m-%dT%H:%M}", f"{end.astimezone(UTC):%Y-%m-%dT%H:%M}")
            for kind, start, end in periods
        ]
        assert (reader, sorted(listed, key=lambda one: one[1])) == (reader, wanted)
    assert len(found) == 6
    # ics has no busy times; it reads the file all the same.
    assert with_ics(data) == []


def test_a_server_makes_the_same_busy_times_of_the_feed_of_a_room(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    # Radicale keeps no VFREEBUSY: it makes its own of the events (RFC 4791, section 7.10), which is a check of ours.
    files = calendars(problem, schedule)
    server = Server(tmp_path)
    assert server.put("/user/room.ics/", files["rooms/XII.ics"]) == 201
    window = (datetime(2010, 12, 16, 23, tzinfo=UTC), datetime(2010, 12, 17, 23, tzinfo=UTC))
    ours: Any = icalendar.Calendar.from_ical(files["busy/rooms/XII.ics"]).walk("VFREEBUSY")[0]
    assert server.busy("/user/room.ics/", *window) == [(one.start, one.end) for one in ours["FREEBUSY"]]


# -- jCal -------------------------------------------------------------------------------------------------------------


def test_jcal_is_the_same_calendar_to_who_reads_it(problem: Problem, schedule: Schedule) -> None:
    # Few programs read jCal at all: of those that the tests can run, these.
    files = calendars(with_texts(problem, HOSTILE), schedule)
    data, wanted = files["rich/programme.json"], with_icalendar(files["rich/programme.ics"])
    calendar = icalendar.Calendar.from_jcal(json.loads(data))
    assert with_icalendar(calendar.to_ical()) == wanted
    assert from_javascript(with_javascript({"one": data})["one"]["ical.js"]["events"]) == wanted
    own, findings = read_jcal(data)
    assert own is not None
    assert findings == ()
    events = [one for one in own.components if one.name == "VEVENT"]
    assert sorted(unescape(one.text("SUMMARY")) for one in events) == sorted(one.title for one in wanted)


# -- series -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["ical", "ical.js", "node-ical", "khal", "radicale", "recurring"])
def test_who_expands_a_series_finds_the_separate_events(reader: str, tmp_path: Path) -> None:
    tz = ZoneInfo("Europe/Zurich")
    days = [datetime(2026, 10, 19, 9, tzinfo=tz) + number * timedelta(days=1) for number in range(14)]
    sessions = [Session(f"wg-{number}", "Drafting", 90, description=f"Day {number == 6}") for number in range(14)]
    problem = Problem(
        "p",
        Window("Europe/Zurich", [day.date() for day in days]),
        Venue([Room("I"), Room("II")]),
        sessions,
        organizer=Contact("Office", "office@example.org"),
    )
    bookings = []
    for number, (session, day) in enumerate(zip(sessions, days, strict=True)):
        if day.weekday() == 6:
            continue  # on Sunday 25 October, when the clocks go back, nobody meets
        start = day + timedelta(hours=2) if number == 10 else day
        bookings.append(Booking(session.id, "II" if number == 2 else "I", start, start + timedelta(minutes=90)))
    schedule = Schedule("p", "Europe/Zurich", bookings, stamp="2026-01-01T00:00+00:00")
    apart = with_icalendar(calendars(problem, schedule)["programme.ics"])
    data = calendars(problem, schedule, series=[[session.id for session in sessions]])["programme.ics"]
    assert data.count(b"BEGIN:VEVENT") == 3
    expand: dict[str, Callable[[], list[Seen]]] = {
        "ical": lambda: with_ical(data),
        "ical.js": lambda: with_ical_js_alone(data),
        "node-ical": lambda: with_node_ical(data),
        "khal": lambda: with_khal(data, tmp_path, "2026-10-01", "2026-11-30"),
        "radicale": lambda: expanded(data, tmp_path),
        "recurring": lambda: with_recurring(data, "2026-10-01", "2026-11-30"),
    }
    found = expand[reader]()

    def said(one: Seen) -> tuple[object, ...]:
        return one.start, one.end, one.title, one.location, one.description

    assert [said(one) for one in found] == [said(one) for one in apart]
    assert len({one.uid for one in found}) == 1


def expanded(data: bytes, folder: Path) -> list[Seen]:
    server = Server(folder)
    assert server.put("/user/series.ics/", data) == 201
    return server.expand("/user/series.ics/", datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC))


# -- readers that keep a state ----------------------------------------------------------------------------------------


def test_a_session_that_moves_moves_in_a_calendar_that_has_it_already(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    first, second = Desktop(tmp_path / "khal"), Server(tmp_path / "radicale")
    later = evolve(
        schedule,
        revision=4,
        stamp=datetime(2010, 12, 8, tzinfo=UTC),
        bookings=[
            Booking("consultation", "XII", "2010-12-17T15:00+01:00", "2010-12-17T18:00+01:00"),
            *(booking for booking in schedule.bookings if booking.session == "drafting"),
        ],
    )
    for state in (schedule, later):
        data = calendars(problem, state)["delegations/CH.ics"]
        wanted = with_icalendar(data)
        first.take(data)
        assert second.put("/user/ch.ics/", data) == 201
        shown = first.list(FIRST, LAST)
        assert [(one["uid"], one["start-long-full"], one["location"]) for one in shown] == [
            (one.uid, f"{one.start:%Y-%m-%d %H:%M}", one.location) for one in wanted
        ]
        assert with_vobject(second.get("/user/ch.ics/")) == wanted
