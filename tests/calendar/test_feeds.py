from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import ics  # type: ignore[import-untyped]
import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from unsched import Booking, Contact, Delegation, InputError, Problem, Room, Schedule, Session, Venue, Window
from unsched.calendar.feeds import calendars, concerned, write_calendars
from unsched.calendar.text import Text, one_line, plain

HOSTILE = (
    "Ouverture, 1; C:\\New\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT\nEND:VCALENDAR\rATTENDEE:mailto:x@a.org\x00\x1b"
    '\u2028BEGIN:VALARM\x85X-A:1 \\n \\N \\, \\; "quoted" ^n ^\' \u202eجلسة عامة\u202c 🗳️🇨🇭 e\u0301 '
) + "é" * 3000
TEXTS = st.text(st.characters(exclude_categories=[]), max_size=80) | st.text(
    st.sampled_from('\\nN,;:"^ \t\r\n\x00\x85\u2028é🗳️'), max_size=200
)


def read(data: bytes) -> icalendar.Calendar:
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


def titles(data: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in read(data).walk("VEVENT")]


def assert_well_formed(data: bytes, components: list[str]) -> None:
    """Count components line by line, as the simplest reader there is would find them."""
    assert data.endswith(b"\r\n")
    assert data.count(b"\r") == data.count(b"\n") == data.count(b"\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.decode().replace("\r\n ", "").removesuffix("\r\n")
    assert len(text.splitlines()) == len(text.split("\r\n"))
    assert [line[6:] for line in text.split("\r\n") if line.startswith("BEGIN:")] == components
    assert [component.name for component in read(data).walk()] == components


def feeds(files: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """Leave out the files that are no feeds: busy times and the rich programme, which have tests of their own."""
    return [(name, data) for name, data in files.items() if not name.startswith(("busy/", "rich/"))]


def hostile(problem: Problem, text: str) -> Problem:
    """Put one text wherever people write freely."""
    first, *others = problem.sessions
    return evolve(
        problem,
        title=text,
        organizer=Contact(text, "stdev@example.org"),
        sessions=[evolve(first, title=text, description=text), *others],
        delegations=[evolve(delegation, name=text) for delegation in problem.delegations],
        venue=evolve(problem.venue, name=text, rooms=[evolve(room, name=text) for room in problem.rooms]),
    )


# -- which session goes where ------------------------------------------------------------------------------------------


def test_there_is_a_file_for_everybody_and_each_room_in_order(problem: Problem, schedule: Schedule) -> None:
    suffix = hashlib.sha256(b"African States").hexdigest()[:8]
    nobody = hashlib.sha256(b"Nobody yet").hexdigest()[:8]
    assert list(calendars(problem, schedule)) == [
        "bodies/CSTD.ics",
        "busy/rooms/IX.ics",
        "busy/rooms/XII.ics",
        "busy/rooms/XXVI.ics",
        "delegations/CH.ics",
        "delegations/EG.ics",
        "delegations/IR.ics",
        "delegations/LT.ics",
        f"groups/African-States-{suffix}.ics",
        f"groups/Nobody-yet-{nobody}.ics",
        "persons/guest.ics",
        "persons/riehl.ics",
        "persons/speaker.ics",
        "programme.ics",
        "rich/programme.ics",
        "rich/programme.json",
        "rooms/IX.ics",
        "rooms/XII.ics",
        "rooms/XXVI.ics",
    ]


def test_each_calendar_has_what_concerns_its_reader_in_order_of_start(problem: Problem, schedule: Schedule) -> None:
    late = Booking("briefing", "IX", "2010-12-17T17:00+01:00", "2010-12-17T18:00+01:00")
    found = calendars(problem, evolve(schedule, bookings=[late, *schedule.bookings]))
    plenary, drafting, coordination, briefing = "Open consultation", "Drafting group", "African States", "Briefing"
    assert {name.split("-")[0].removesuffix(".ics"): titles(data) for name, data in feeds(found)} == {
        "bodies/CSTD": [plenary, drafting],
        "delegations/CH": [plenary],
        "delegations/EG": [coordination, plenary],
        "delegations/IR": [drafting],
        "delegations/LT": [briefing],
        "groups/African": [coordination, plenary],
        "groups/Nobody": [],
        "persons/guest": [briefing],
        "persons/riehl": [plenary],
        "persons/speaker": [briefing],
        "programme": [coordination, plenary, drafting, briefing],
        "rooms/IX": [briefing],
        "rooms/XII": [coordination, drafting],
        "rooms/XXVI": [plenary],
    }


def test_a_chair_takes_the_delegation_along(problem: Problem) -> None:
    session = Session("a", "A", 60, chair="riehl", invited=["EG"])
    assert concerned(evolve(problem, sessions=[session]), session) == {"riehl", "CH", "EG", "African States"}


def test_a_group_without_a_member_has_the_sessions_that_name_it(problem: Problem) -> None:
    session = Session("a", "A", 60, invited=["Nobody yet"])
    assert concerned(evolve(problem, sessions=[session]), session) == {"Nobody yet"}


def test_a_session_that_is_not_scheduled_is_in_no_calendar(problem: Problem, schedule: Schedule) -> None:
    assert not [name for name, data in calendars(problem, schedule).items() if b"Briefing" in data]


def test_one_session_is_the_same_event_in_every_calendar(problem: Problem, schedule: Schedule) -> None:
    found = calendars(problem, schedule)
    events = {
        event.to_ical()
        for _, data in feeds(found)
        for event in read(data).walk("VEVENT")
        if event["SUMMARY"] == "Open consultation"
    }
    assert len(events) == 1
    uids = [event["UID"] for event in read(found["programme.ics"]).walk("VEVENT")]
    assert len(set(uids)) == len(uids) == 3


# -- the calendar itself -----------------------------------------------------------------------------------------------


def test_a_calendar_says_what_it_is_and_nothing_of_the_moment(problem: Problem, schedule: Schedule) -> None:
    text = calendars(problem, schedule)["delegations/CH.ics"].decode()
    assert text.partition("BEGIN:VTIMEZONE")[0].splitlines() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//unsched//unsched//EN",
        "METHOD:PUBLISH",
        "NAME:Switzerland - Inter-sessional panel",
        "X-WR-CALNAME:Switzerland - Inter-sessional panel",
        "COLOR:maroon",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-APPLE-CALENDAR-COLOR:#800000",
        "X-PUBLISHED-TTL:PT1H",
    ]
    assert "ATTENDEE" not in text
    assert "VALARM" not in text
    assert "DTSTAMP:20101206T120000Z\r\n" in text


def test_without_an_organizer_nothing_is_published_as_a_method(problem: Problem, schedule: Schedule) -> None:
    for data in calendars(evolve(problem, organizer=None), schedule).values():
        assert b"METHOD" not in data
        assert b"ORGANIZER" not in data


def test_a_problem_without_a_title_is_called_by_its_id(problem: Problem, schedule: Schedule) -> None:
    found = calendars(evolve(problem, title=None), schedule)
    assert read(found["programme.ics"])["NAME"] == "cstd-2010"
    assert read(found["delegations/LT.ics"])["X-WR-CALNAME"] == "LT - cstd-2010"


def test_a_stamp_given_goes_before_that_of_the_schedule(problem: Problem, schedule: Schedule) -> None:
    zone = datetime.fromisoformat("2010-12-08T10:30:15.999+01:00")
    for one in (schedule, evolve(schedule, stamp=None)):
        assert b"DTSTAMP:20101208T093015Z\r\n" in calendars(problem, one, stamp=zone)["programme.ics"]


def test_the_zone_is_defined_for_the_years_of_the_schedule_alone(problem: Problem) -> None:
    window = Window("Africa/Casablanca", ["2010-12-17", "2026-02-20"])
    booking = Booking("consultation", "XXVI", "2026-02-20T10:00+00:00", "2026-02-20T13:00+00:00")
    schedule = Schedule("cstd-2010", "Africa/Casablanca", [booking], stamp="2026-01-01T00:00+00:00")
    assert b"DTSTART:2010" not in calendars(evolve(problem, window=window), schedule)["programme.ics"]


def test_an_empty_schedule_still_makes_valid_calendars(problem: Problem, schedule: Schedule) -> None:
    for _, data in feeds(calendars(problem, evolve(schedule, bookings=[]))):
        assert_well_formed(data, ["VCALENDAR", "VTIMEZONE", "DAYLIGHT", "STANDARD"])


def test_times_in_utc_need_no_zone_but_an_empty_calendar_needs_a_component(
    problem: Problem, schedule: Schedule
) -> None:
    found = calendars(problem, evolve(schedule, zone="UTC"))
    assert_well_formed(found["rooms/XXVI.ics"], ["VCALENDAR", "VEVENT"])
    assert b"DTSTART:20101217T090000Z" in found["rooms/XXVI.ics"]
    assert_well_formed(found["rooms/IX.ics"], ["VCALENDAR", "VTIMEZONE", "STANDARD"])


@pytest.mark.parametrize("zone", ["Europe/Zurich", "Africa/Casablanca", "America/New_York", "Asia/Kolkata", "Etc/UTC"])
def test_every_reader_finds_the_same_instants_all_year_round(zone: str) -> None:
    first = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    starts = [first + number * timedelta(hours=151) for number in range(58)]
    starts += [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in range(4)]
    starts += [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in range(4, 8)]
    sessions = [Session(f"s{number}", "S", 60) for number in range(len(starts))]
    problem = Problem("p", Window(zone, ["2026-06-01"]), Venue([Room("I")]), sessions)
    bookings = [
        Booking(s.id, "I", start, start + timedelta(hours=1)) for s, start in zip(sessions, starts, strict=True)
    ]
    data = calendars(problem, Schedule("p", zone, bookings, stamp=first))["programme.ics"]
    wanted = sorted((start, start + timedelta(hours=1)) for start in starts)
    events = read(data).walk("VEVENT")
    found = [(event.decoded("DTSTART").astimezone(UTC), event.decoded("DTEND").astimezone(UTC)) for event in events]
    assert found == wanted
    others = ics.Calendar(data.decode()).events
    assert (
        sorted((event.begin.datetime.astimezone(UTC), event.end.datetime.astimezone(UTC)) for event in others) == wanted
    )


# -- hostile texts --------------------------------------------------------------------------------------------------

PARTS = ["VCALENDAR", "VTIMEZONE", "DAYLIGHT", "STANDARD"]


def test_a_hostile_text_comes_back_and_injects_nothing(problem: Problem, schedule: Schedule) -> None:
    found = calendars(hostile(problem, HOSTILE), schedule)
    for name, data in feeds(found):
        events = sum(line == b"BEGIN:VEVENT" for line in data.split(b"\r\n"))
        assert events == len(ics.Calendar(data.decode()).events) == (3 if name == "programme.ics" else events)
        assert_well_formed(data, [*PARTS, *["VEVENT"] * events])
    calendar = read(found["rooms/XXVI.ics"])
    (event,) = calendar.walk("VEVENT")
    title = one_line(HOSTILE)
    assert event["SUMMARY"] == title
    assert "C:\\New BEGIN:VEVENT UID:evil" in title
    assert title.endswith('"quoted" ^n ^\' \u202eجلسة عامة\u202c 🗳️🇨🇭 e\u0301 ' + "é" * 3000)
    assert event["LOCATION"] == f"{title}, building E, {title}"
    assert str(event["DESCRIPTION"]).startswith(plain(HOSTILE) + "\n\nBody: CSTD\n")
    assert event["ORGANIZER"].params["CN"] == title.replace('"', "'").replace("\\", "/")
    # icalendar knows neither of the two, and hands them out as they are written.
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == Text(f"{title} - {title}").to_ical().decode()
    assert "UID" not in calendar


def test_another_reader_finds_the_hostile_text_too(problem: Problem, schedule: Schedule) -> None:
    # ics takes the backslash of "C:\New" and the n after it for a line break, although RFC 5545 says otherwise.
    text = HOSTILE.replace("\\", "/")
    (event,) = ics.Calendar(calendars(hostile(problem, text), schedule)["rooms/XXVI.ics"].decode()).events
    assert event.name == one_line(text)
    assert event.description.startswith(plain(text) + "\n\nBody: CSTD\n")
    assert event.location == f"{one_line(text)}, building E, {one_line(text)}"
    assert event.organizer.email == "stdev@example.org"
    assert event.categories == {"CSTD", "plenary", "wg", "igf"}


@settings(max_examples=40, deadline=None)
@given(TEXTS)
@example("\\")
@example(" " * 300)
def test_any_text_comes_back_and_injects_nothing(text: str) -> None:
    session = Session("a", text, 60, description=text)
    venue = Venue([Room("I", text)], name=text)
    problem = Problem(
        "p", Window("UTC", ["2010-12-17"]), venue, [session], title=text, organizer=Contact(text, "a@example.org")
    )
    booking = Booking("a", "I", "2010-12-17T10:00+00:00", "2010-12-17T11:00+00:00")
    data = calendars(problem, Schedule("p", "UTC", [booking], stamp=booking.start))["programme.ics"]
    assert_well_formed(data, ["VCALENDAR", "VEVENT"])
    (event,) = read(data).walk("VEVENT")
    assert event["ORGANIZER"] == "mailto:a@example.org"
    assert event["SUMMARY"] == (one_line(text) or "a")
    assert str(event["DESCRIPTION"]).startswith(plain(text).strip())


def test_hostile_ids_are_as_harmless_as_hostile_titles() -> None:
    ids = ["../../x", "BEGIN:VEVENT", "a;b,c\\n", "con", "x\u2028END:VCALENDAR\u2028x", "A", "a", "🗳️" * 50, "a\ud800"]
    problem = Problem(
        "../p",
        Window("UTC", ["2010-12-17"]),
        Venue([Room(id, building=id) for id in ids]),
        [Session(id, "", 60, body=id, kind=id, tags=[id], features=[], invited=ids) for id in ids],
        delegations=[Delegation(id) for id in ids],
        off=["seats-enough", "features-present"],
    )
    bookings = [Booking(id, id, "2010-12-17T10:00+00:00", "2010-12-17T11:00+00:00") for id in ids]
    found = calendars(problem, Schedule("../p", "UTC", bookings, stamp=bookings[0].start))
    assert len({name.casefold() for name in found}) == len(found) == 3 + 4 * len(ids)
    assert all(".." not in name and name.count("/") <= 2 for name in found)
    for name, data in feeds(found):
        assert name.count("/") <= 1
        assert_well_formed(data, ["VCALENDAR", *["VEVENT"] * (1 if name.startswith(("rooms", "bodies")) else len(ids))])
    assert len({event["UID"] for event in read(found["programme.ics"]).walk("VEVENT")}) == len(ids)


# -- the same bytes ----------------------------------------------------------------------------------------------------

PROGRAM = """
import hashlib
from unsched import *
groups = [f"g{n}" for n in range(9)]
problem = Problem("p", Window("Africa/Casablanca", ["2026-02-20"]), Venue([Room("I", seats=Seats(table=999, side=0))]),
    [Session("a", "A", 60, required=groups, tags=groups, languages=()), Session("b", "B", 60, invited=groups)],
    [Delegation(f"d{n}", groups=groups[n % 4 :]) for n in range(20)], [], [Group(g) for g in groups],
    title="T", organizer=Contact("O, o", "o@example.org"))
schedule = Schedule("p", "Africa/Casablanca", [
    Booking("b", "I", "2026-02-20T10:00+00:00", "2026-02-20T11:00+00:00"),
    Booking("a", "I", "2026-02-20T12:00+00:00", "2026-02-20T13:00+00:00")], stamp="2026-01-01T00:00+00:00")
for name, data in calendars(problem, schedule).items():
    print(name, hashlib.sha256(data).hexdigest())
"""


def test_the_same_input_makes_the_same_bytes_whatever_the_hash_seed_and_the_local_zone() -> None:
    names = "Problem, Window, Venue, Room, Seats, Session, Delegation, Group, Contact, Schedule, Booking, calendars"
    program = PROGRAM.replace("import *", f"import {names}")
    outputs = []
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"), ("4242", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        outputs.append(run.stdout)
    assert outputs[0].count("\n") == 34
    assert outputs[0] == outputs[1] == outputs[2]


def test_the_order_of_the_bookings_does_not_matter(problem: Problem, schedule: Schedule) -> None:
    assert calendars(problem, evolve(schedule, bookings=schedule.bookings[::-1])) == calendars(problem, schedule)


# -- faults ------------------------------------------------------------------------------------------------------------


def test_without_a_stamp_there_is_a_fault_with_a_remedy(problem: Problem, schedule: Schedule) -> None:
    with pytest.raises(InputError) as caught:
        calendars(problem, evolve(schedule, stamp=None))
    assert str(caught.value).splitlines() == [
        "1 fault in the calendars of 'cstd-2010'",
        "  $.stamp: neither the schedule nor the call says when this revision was made",
        "    Maybe Schedule(stamp=...) or calendars(..., stamp=...), such as 2010-12-06T12:00+00:00.",
    ]


@pytest.mark.parametrize("stamp", [datetime(2010, 12, 6), "2010-12-06"])
def test_a_stamp_must_be_an_instant(problem: Problem, schedule: Schedule, stamp: datetime) -> None:
    with pytest.raises(InputError, match="is not a date and time with an offset"):
        calendars(problem, schedule, stamp=stamp)


def test_all_faults_are_told_at_once(problem: Problem) -> None:
    booking = Booking("draftin", "XXV", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00")
    with pytest.raises(InputError) as caught:
        calendars(problem, Schedule("cstd-2011", "Europe/Zurich", [booking]))
    assert [fault.path for fault in caught.value.faults] == [
        "problem",
        "bookings[0].session",
        "bookings[0].room",
        "stamp",
    ]


# -- writing -----------------------------------------------------------------------------------------------------------


def test_the_files_written_are_the_calendars(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    wanted = calendars(problem, schedule)
    paths = write_calendars(problem, schedule, str(tmp_path / "out"))
    assert [path.relative_to(tmp_path / "out").as_posix() for path in paths] == list(wanted)
    assert [path.read_bytes() for path in paths] == list(wanted.values())
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == len(wanted)


def test_a_file_of_an_earlier_run_is_left_alone(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    old = tmp_path / "rooms" / "VII.ics"
    old.parent.mkdir()
    old.write_bytes(b"old")
    stamp = datetime(2011, 1, 1, tzinfo=UTC)
    assert old not in write_calendars(problem, schedule, tmp_path, stamp=stamp)
    assert old.read_bytes() == b"old"
    assert b"DTSTAMP:20110101T000000Z" in (tmp_path / "programme.ics").read_bytes()


def test_a_folder_that_leads_elsewhere_is_a_fault_before_anything_is_written(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    (out / "rooms").symlink_to(elsewhere)
    with pytest.raises(InputError, match="'rooms' is a link that leads out of"):
        write_calendars(problem, schedule, out)
    assert list(elsewhere.iterdir()) == []
    assert [path.name for path in out.iterdir()] == ["rooms"]


def test_a_link_to_the_folder_itself_is_followed(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert write_calendars(problem, schedule, tmp_path / "out")
    assert (tmp_path / "real" / "rooms" / "IX.ics").is_file()
