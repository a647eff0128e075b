from __future__ import annotations

import json
import re
from typing import Any

import icalendar
import pytest
from attrs import evolve
from readers import with_javascript

from unsched import Equipment, Problem, Schedule
from unsched.calendar.event import uid
from unsched.calendar.feeds import calendars
from unsched.calendar.jcal import to_jcal
from unsched.rules.order import Before

HOSTILE = 'C:\\New, a; "b"\nBEGIN:VEVENT \\n 🗳️ \u202eجلسة\u202c ' + "é" * 300


@pytest.fixture
def richer(problem: Problem) -> Problem:
    first, *others = problem.sessions
    return evolve(
        problem,
        sessions=[evolve(first, equipment=["captioning"], joint=["IGF"]), *others],
        equipment=[Equipment("captioning", 2, "Captioning kit")],
        rules=[Before(["coordination"], ["drafting", "briefing"], least=30), Before(["coordination"], ["drafting"])],
    )


def parts(data: bytes, kind: str) -> list[dict[str, str]]:
    found = []
    for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
        wanted = [part for part in event.subcomponents if part.name == kind]
        found += [{name: str(value) for name, value in part.items() if name != "UID"} for part in wanted]
    return found


def simplified(component: list[Any]) -> list[Any]:
    """Put properties in one order: RFC 7265 sets none."""
    name, properties, components = component
    return [name, sorted(properties, key=json.dumps), [simplified(one) for one in components]]


def test_places_people_and_services_are_components_of_their_own(richer: Problem, schedule: Schedule) -> None:
    data = calendars(richer, schedule)["rich/programme.ics"]
    assert parts(data, "VLOCATION") == [
        {"NAME": "XII", "DESCRIPTION": "A"},
        {"NAME": "Room XXVI", "DESCRIPTION": "E"},
        {"NAME": "XII", "DESCRIPTION": "A"},
    ]
    people = parts(data, "PARTICIPANT")
    assert people[1] == {"PARTICIPANT-TYPE": "ACTIVE", "SUMMARY": "Vice-Chair", "DESCRIPTION": "Chair"}
    assert [(one["SUMMARY"].replace("\\", ""), one["DESCRIPTION"]) for one in people] == [
        ("African States", "Required"),
        ("Vice-Chair", "Chair"),
        ("African States", "Required"),
        ("Switzerland", "Invited"),
        ("Iran, Islamic Republic of", "Required"),
    ]
    assert [one["NAME"] for one in parts(data, "VRESOURCE")] == [
        "webcast",
        "Captioning kit",
        "Interpretation into English",
        "Interpretation into French",
    ]


def test_what_comes_before_what_is_said_once_with_the_greatest_gap(richer: Problem, schedule: Schedule) -> None:
    text = calendars(richer, schedule)["rich/programme.ics"].decode().replace("\r\n ", "")
    assert [line for line in text.splitlines() if line.startswith("RELATED-TO")] == [
        # The briefing is not scheduled.
        f"RELATED-TO;GAP=PT30M;RELTYPE=FINISHTOSTART:{uid('cstd-2010', 'drafting')}"
    ]
    assert text.count("REFID:CSTD\r\n") == 2
    assert text.count("REFID:IGF\r\n") == 1


def test_no_address_of_a_participant_and_no_method_stand_in_it(richer: Problem, schedule: Schedule) -> None:
    delegations = [evolve(one, mail=f"{one.id}@hidden.example") for one in richer.delegations]
    data = calendars(evolve(richer, delegations=delegations), schedule)["rich/programme.ics"]
    assert b"hidden" not in data
    assert b"METHOD" not in data
    assert b"ATTENDEE" not in data


def test_no_two_components_share_a_uid_and_none_changes(richer: Problem, schedule: Schedule) -> None:
    data = calendars(richer, schedule)["rich/programme.ics"]
    uids = [line for line in data.decode().splitlines() if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == 3 + 3 + 5 + 4
    later = evolve(schedule, revision=9, bookings=schedule.bookings[::-1])
    again = calendars(richer, later)["rich/programme.ics"].decode().splitlines()
    assert [line for line in again if line.startswith("UID:")] == uids


# A tag ends in a full stop: ical.js takes an escaped backslash before a comma for an escaped comma.
@pytest.mark.parametrize("zone", ["Europe/Zurich", "UTC"])
@pytest.mark.parametrize("text", ["plain", HOSTILE, "\\", ",;:"])
def test_the_jcal_twin_says_what_ical_js_makes_of_the_calendar(
    richer: Problem, schedule: Schedule, zone: str, text: str
) -> None:
    first, *others = richer.sessions
    problem = evolve(
        richer,
        sessions=[evolve(first, title=text, description=text, tags=[text.partition("\n")[0] + ".", "b"]), *others],
    )
    found = calendars(problem, evolve(schedule, zone=zone), base_url="https://example.org/a,b")
    twin = json.loads(found["rich/programme.json"])
    theirs = with_javascript({"rich": found["rich/programme.ics"]})["rich"]["ical.js"]["jcal"]
    assert simplified(_typed(twin)) == simplified(_typed(theirs))
    assert found["rich/programme.json"].isascii()


# ical.js knows fewer properties than there are: the value of these is text to it, or unknown, and stands escaped.
NEWER = frozenset({"refid", "participant-type", "refresh-interval", "source", "name", "color", "related-to"})


def _typed(component: list[Any]) -> list[Any]:
    name, properties, components = component
    plain = []
    for one in properties:
        values = [re.sub(r"\\(.)", r"\1", value) for value in one[3:]] if one[2] == "unknown" else one[3:]
        plain.append([*one[:2], "any" if one[0] in NEWER or one[2] == "unknown" else one[2], *values])
    return [name, plain, [_typed(one) for one in components]]


def test_busy_times_and_exceptions_are_jcal_too(richer: Problem, schedule: Schedule) -> None:
    files = calendars(richer, schedule)
    data = files["busy/rooms/XII.ics"]
    theirs = with_javascript({"busy": data})["busy"]["ical.js"]["jcal"]
    assert simplified(json.loads(to_jcal(data))) == simplified(theirs)


def test_icalendar_reads_the_twin_as_the_same_events(richer: Problem, schedule: Schedule) -> None:
    found = calendars(richer, schedule)
    twin = icalendar.Calendar.from_jcal(found["rich/programme.json"].decode())
    read = icalendar.Calendar.from_ical(found["rich/programme.ics"])
    for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "SEQUENCE", "RELATED-TO"):
        assert [e.get(name) for e in twin.walk("VEVENT")] == [e.get(name) for e in read.walk("VEVENT")]
    for name in ("DTSTART", "DTEND", "DTSTAMP"):
        assert [e.decoded(name) for e in twin.walk("VEVENT")] == [e.decoded(name) for e in read.walk("VEVENT")]


def test_hostile_texts_inject_no_component_and_no_line(richer: Problem, schedule: Schedule) -> None:
    evil = "a\r\nEND:VLOCATION\nBEGIN:VALARM\u2028ATTENDEE:mailto:x@a.org\x85"
    first, *others = richer.sessions
    changed = evolve(
        richer,
        sessions=[evolve(first, title=evil, body="B;,\\n", features=["webcast"]), *others],
        delegations=[evolve(one, name=evil) for one in richer.delegations],
        persons=[evolve(one, name=evil) for one in richer.persons],
        equipment=[evolve(one, name=evil) for one in richer.equipment],
        venue=evolve(richer.venue, name=evil, rooms=[evolve(room, name=evil) for room in richer.venue.rooms]),
    )
    kinds = ("VALARM", "VLOCATION", "PARTICIPANT", "VRESOURCE", "VEVENT")
    for problem in (richer, changed):
        data = calendars(problem, schedule)["rich/programme.ics"]
        assert [data.count(f"\r\nBEGIN:{kind}\r\n".encode()) for kind in kinds] == [0, 3, 5, 4, 3]
        assert b"\r\nATTENDEE" not in data
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
