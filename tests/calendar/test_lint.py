from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve

from unsched import InputError, Problem, Schedule, publish
from unsched.calendar.feeds import calendars
from unsched.calendar.lint import check, lint

GOOD = (
    "BEGIN:VCALENDAR\r\nPRODID:-//a//EN\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@a\r\n"
    "DTSTAMP:20101206T120000Z\r\nSEQUENCE:0\r\nDTSTART:20101217T090000Z\r\nDTEND:20101217T120000Z\r\n"
    "SUMMARY:Consultation\r\nLOCATION:XXVI\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n"
    "ORGANIZER:mailto:office@example.org\r\nATTENDEE:mailto:ch@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BAD = [
    ("END:VEVENT\r\n", "END:VEVENT\n", "RFC 5545, 3.1"),
    ("SUMMARY:Consultation", "SUMMARY:" + "x" * 80, "RFC 5545, 3.1"),
    ("SUMMARY:Consultation", "SUMMARY:\x07", "RFC 5545, 3.1"),
    ("SUMMARY:Consultation", "SUMMARY:one, two", "RFC 5545, 3.3.11"),
    ("PRODID:-//a//EN\r\n", "", "RFC 5545, 3.7.3"),
    ("VERSION:2.0", "VERSION:1.0", "RFC 5545, 3.7.4"),
    ("UID:1@a\r\n", "", "RFC 5545, 3.8.4.7"),
    ("UID:1@a\r\n", "UID:1@a\r\nUID:2@a\r\n", "RFC 5545, 3.6"),
    ("DTSTAMP:20101206T120000Z", "DTSTAMP:20101206T120000", "RFC 5545, 3.8.7.2"),
    ("DTEND:20101217T120000Z", "DTEND:20101217T080000Z", "RFC 5545, 3.8.2.2"),
    ("DTEND:20101217T120000Z", "DTEND;VALUE=DATE:20101218", "RFC 5545, 3.8.2.2"),
    ("DTEND:20101217T120000Z", "DTEND;TZID=Europe/Zurich:20101217T120000", "RFC 5545, 3.2.19"),
    ("STATUS:CONFIRMED", "STATUS:DONE", "RFC 5545, 3.8.1.11"),
    ("mailto:ch@example.org", "ch", "RFC 5545, 3.3.3"),
    ("mailto:ch@example.org", "mailto:ch", "RFC 5545, 3.3.3"),
    ("ATTENDEE:mailto:ch@example.org\r\n", "", "RFC 5546, 3.2.2"),
    ("METHOD:REQUEST", "METHOD:PUBLISH", "RFC 5546, 3.2.2"),
    ("METHOD:REQUEST\r\n", "METHOD:REQUEST\r\nX-WR-CALNAME:Mine\r\n", "RFC 7986, 5"),
    ("SEQUENCE:0", "SEQUENCE:many", "RFC 5545, 3.3"),
]


def test_a_good_invitation_passes() -> None:
    check(GOOD.encode(), "invitation")


@pytest.mark.parametrize(("old", "new", "clause"), BAD)
def test_one_fault_is_found_with_its_clause(old: str, new: str, clause: str) -> None:
    assert old in GOOD
    data = GOOD.replace(old, new, 1).encode()
    assert clause in [finding.clause for finding in lint(data, "invitation")]
    with pytest.raises(InputError, match="Maybe"):
        check(data, "invitation")


def test_all_calendars_of_a_schedule_pass_as_feeds(problem: Problem, schedule: Schedule) -> None:
    profiles = {"busy": "freebusy", "rich": "rich"}
    for path, data in calendars(problem, schedule).items():
        if path.endswith(".ics"):
            found = lint(data, profiles.get(path.partition("/")[0], "feed"))
            # A feed that nothing stands in as yet is still an address to subscribe to.
            assert (path, [str(one) for one in found if "there is no component" not in one.message]) == (path, [])


def test_what_everybody_is_told_passes_as_what_it_is(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=datetime(2010, 12, 6, tzinfo=UTC))
    later = evolve(schedule, bookings=schedule.bookings[:-1])
    second = publish(problem, later, first.publication, stamp=datetime(2010, 12, 7, tzinfo=UTC))
    profiles = {"REQUEST": "invitation", "CANCEL": "cancellation"}
    told = (*first.messages, *second.messages)
    assert {message.method for message in told} == set(profiles)
    for message in told:
        assert [str(one) for one in lint(message.calendar, profiles[message.method])] == []


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(InputError, match="'feed'"):
        check(GOOD.encode(), "feeed")
