"""The checker: each clause by a file that breaks it alone, files of ours that pass, and some broken at random."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinds import kinds, life, with_mails

from unsched import InputError, Problem, Schedule, calendars, publish
from unsched.calendar.checks.clause import CLAUSES
from unsched.calendar.dav.resource import resources
from unsched.calendar.lint import PROFILES, check, lint
from unsched.calendar.mail import mail
from unsched.palais import cstd_2010
from unsched.testing import problems, schedules

Change = tuple[str, str] | Callable[[bytes], bytes]
ATTENDEE = re.compile(rb"ATTENDEE;CN=\"Iran, Islamic Republic of\".*?example.org\r\n", re.DOTALL)
ROOM = re.compile(rb"ATTENDEE;CN=XII.*?\r\n(?! )", re.DOTALL)
ZONE = re.compile(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", re.DOTALL)
EVENT = re.compile(rb"BEGIN:VEVENT.*?END:VEVENT\r\n", re.DOTALL)


def once_more(pattern: re.Pattern[bytes]) -> Callable[[bytes], bytes]:
    return lambda data: pattern.sub(lambda found: found[0] * 2, data, count=1)


def without(pattern: re.Pattern[bytes]) -> Callable[[bytes], bytes]:
    return lambda data: pattern.sub(b"", data)


def in_attendee(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        (found,) = ATTENDEE.findall(data)
        line = found.replace(b"\r\n ", b"").strip()
        assert old in line
        parts = line.replace(old, new)
        folded = b"\r\n ".join(parts[place : place + 70] for place in range(0, len(parts), 70)) + b"\r\n"
        return data.replace(found, folded)

    return change


def reversed_events(data: bytes) -> bytes:
    events = EVENT.findall(data)
    return data.replace(b"".join(events), b"".join(reversed(events)))


def recurring(rule: str, *more: str) -> Callable[[bytes], bytes]:
    """Make the first event recur."""
    lines = "".join(f"{line}\r\n" for line in (f"RRULE:{rule}", *more)).encode()
    return lambda data: data.replace(b"SEQUENCE:", lines + b"SEQUENCE:", 1)


def with_exception(moment: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        event = EVENT.findall(data)[0]
        exception = event.replace(b"SEQUENCE:", f"RECURRENCE-ID{moment}\r\nSEQUENCE:".encode(), 1)
        master = event.replace(b"SEQUENCE:", b"RRULE:FREQ=DAILY;COUNT=3\r\nSEQUENCE:", 1)
        return data.replace(event, master + exception, 1)

    return change


def of_mail(old: str, new: str) -> Callable[[bytes], bytes]:
    """Change the calendar in the text of a mail, which is in base64, and its copy."""

    def change(data: bytes) -> bytes:
        message = message_from_bytes(data, policy=SMTP)
        for part in message.walk():
            if part.get_content_type() in {"text/calendar", "application/ics"}:
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                assert old.encode() in content
                part.set_payload(base64.encodebytes(content.replace(old.encode(), new.encode())).decode())
        return message.as_bytes()

    return change


def of_jcal(path: list[int | str], value: object) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        root = json.loads(data)
        place = root
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return json.dumps(root).encode()

    return change


def with_parts(*places: int) -> Callable[[bytes], bytes]:
    """Keep those of the plain, the HTML and the calendar part of a mail, in another order."""

    def change(data: bytes) -> bytes:
        message = message_from_bytes(data, policy=SMTP)
        alternative = message.get_payload(0)
        assert isinstance(alternative, Message)
        parts = alternative.get_payload()
        assert isinstance(parts, list)
        alternative.set_payload([parts[place] for place in places])
        return message.as_bytes()

    return change


DEEP = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT"
BREAKS: list[tuple[str, str, Change]] = [
    ("line-length", "feed", ("SUMMARY:African States", "SUMMARY:" + "x" * 70)),
    ("line-ending", "feed", ("SUMMARY:African States\r\n", "SUMMARY:African States\n")),
    ("line-ending", "invitation", lambda data: data.removesuffix(b"\r\n")),
    ("control", "feed", ("SUMMARY:African", "SUMMARY:Afri\x07can")),
    ("utf-8", "feed", lambda data: data.replace(b"SUMMARY:African", b"SUMMARY:Afri\xe9can")),
    ("utf-8", "feed", lambda data: data.replace(b"SUMMARY:African", b"SUMMARY:\xc3\r\n \xa9frican")),
    ("content-line", "freebusy", ("DTSTAMP:", "no line at all\r\nDTSTAMP:")),
    ("structure", "feed", ("END:VEVENT\r\nEND:VCALENDAR", "END:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR")),
    ("one-calendar", "invitation", lambda data: data + data),
    ("not-empty", "feed", lambda data: EVENT.sub(b"", ZONE.sub(b"", data))),
    ("registered", "invitation", ("SUMMARY:", "SUMARRY:x\r\nSUMMARY:")),
    ("registered", "invitation", ("DTSTAMP:", "DTSTAMP;ROL=X:")),
    ("registered", "rich", ("BEGIN:VRESOURCE\r\n", "BEGIN:VRESSOURCE\r\nEND:VRESSOURCE\r\nBEGIN:VRESOURCE\r\n")),
    ("prodid", "feed", ("PRODID:-//unsched//unsched//EN\r\n", "")),
    ("version", "feed", ("VERSION:2.0", "VERSION:1.0")),
    ("version", "feed", ("VERSION:2.0\r\n", "")),
    ("calscale", "invitation", ("CALSCALE:GREGORIAN", "CALSCALE:JULIAN")),
    ("uid", "freebusy", lambda data: re.sub(rb"UID:.*\r\n", b"", data)),
    ("dtstamp", "feed", ("DTSTAMP:20101206T120000Z", "DTSTAMP:20101206T120000")),
    ("dtstamp", "feed", ("DTSTAMP:20101206T120000Z\r\n", "")),
    ("dtstart", "invitation", ("DTSTART;TZID=Europe/Zurich:20101217T150000\r\n", "")),
    ("once", "invitation", ("SEQUENCE:0\r\n", "SEQUENCE:0\r\nSEQUENCE:0\r\n")),
    ("text", "feed", ("SUMMARY:African States", "SUMMARY:African; States")),
    ("text", "feed", ("SUMMARY:African States", "SUMMARY:African\\xStates")),
    (
        "date-time",
        "invitation",
        ("DTEND;TZID=Europe/Zurich:20101217T160000", "DTEND;TZID=Europe/Zurich:20101317T160000"),
    ),
    ("value-type", "feed", recurring("FREQ=DAILY;COUNT=2", "RDATE;VALUE=DATE:20101217T100000")),
    ("utc-tzid", "feed", recurring("FREQ=DAILY;COUNT=2", "RDATE;TZID=Europe/Zurich:20101217T100000Z")),
    ("timestamp", "feed", ("SEQUENCE:", "CREATED:20101206T120000\r\nSEQUENCE:")),
    ("duration", "feed", ("X-PUBLISHED-TTL:PT1H", "X-PUBLISHED-TTL:PT1H\r\nX-NOTHING:1\r\nDURATION:1 hour")),
    ("sequence", "invitation", ("SEQUENCE:0", "SEQUENCE:-1")),
    ("status", "invitation", ("STATUS:CONFIRMED", "STATUS:DONE")),
    ("transp", "caldav", ("TRANSP:OPAQUE", "TRANSP:GLASS")),
    ("class", "invitation", ("CLASS:CONFIDENTIAL", "CLASS:SECRET")),
    ("busy-status", "invitation", ("BUSYSTATUS:BUSY", "BUSYSTATUS:FREE")),
    ("busy-status", "cancellation", ("TRANSP:TRANSPARENT", "TRANSP:OPAQUE")),
    ("address", "feed", ("mailto:stdev@example.org", "stdev at example")),
    ("address", "feed", ("mailto:stdev@example.org", "mailto:stdev")),
    ("address", "feed", ("mailto:stdev@example.org", "mailto:stdev@a.org%2Cb")),
    ("common-name", "feed", ('CN="CSTD secretariat"', "CN=\"CSTD ^'secretariat^'\"")),
    ("cutype", "invitation", in_attendee(b"CUTYPE=GROUP", b"CUTYPE=GROUP,CROWD")),
    ("partstat", "invitation", in_attendee(b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=NEEDS-ACTION,MAYBE")),
    ("role", "cancellation", in_attendee(b"ROLE=REQ-PARTICIPANT", b"ROLE=BOSS")),
    ("rsvp", "invitation", in_attendee(b"RSVP=TRUE", b"RSVP=TRUE,YES")),
    ("uri", "feed", ("VALUE=URI:https://", "VALUE=URI:")),
    ("color", "feed", lambda data: re.sub(rb"\nCOLOR:\w+", b"\nCOLOR:seegreen", data)),
    ("refresh", "feed", ("REFRESH-INTERVAL;VALUE=DURATION", "REFRESH-INTERVAL")),
    ("reltype", "feed", ("SEQUENCE:", "RELATED-TO;RELTYPE=COUSIN:1\r\nSEQUENCE:")),
    ("reltype", "feed", ("SEQUENCE:", "RELATED-TO;GAP=soon:1\r\nSEQUENCE:")),
    (
        "end-type",
        "invitation",
        ("DTEND;TZID=Europe/Zurich:20101217T160000", "DTEND;TZID=Europe/Zurich:20101217T140000"),
    ),
    ("end-type", "invitation", ("DTEND;TZID=Europe/Zurich:20101217T160000", "DTEND;VALUE=DATE:20101218")),
    ("end-once", "invitation", ("DTSTAMP:", "DURATION:PT1H\r\nDTSTAMP:")),
    ("zone-defined", "feed", without(ZONE)),
    ("zone-once", "feed", once_more(ZONE)),
    ("zone-parts", "feed", lambda data: ZONE.sub(b"BEGIN:VTIMEZONE\r\nTZID:Europe/Zurich\r\nEND:VTIMEZONE\r\n", data)),
    ("zone-rule", "feed", ("TZOFFSETFROM:+0100\r\n", "")),
    ("zone-rule", "feed", ("DTSTART:20090329T020000", "DTSTART:20090329T020000Z")),
    (
        "zone-covers",
        "feed",
        lambda data: data.replace(b"DTSTART:2009", b"DTSTART:2011"),
    ),
    ("offset", "feed", ("TZOFFSETTO:+0200", "TZOFFSETTO:2 hours")),
    ("rrule", "feed", recurring("FREQ=DAILY;COUNT=2;UNTIL=20101218T090000Z")),
    ("rrule", "feed", recurring("FREQ=DAILY;UNTIL=20101218T100000")),
    ("exception", "feed", recurring("FREQ=DAILY;COUNT=3", "EXDATE:20101218T090000Z")),
    ("exception", "feed", with_exception(":20101218T090000Z")),
    ("exception-master", "feed", ("SEQUENCE:", "RECURRENCE-ID;TZID=Europe/Zurich:20101217T100000\r\nSEQUENCE:")),
    ("uid-once", "feed", once_more(EVENT)),
    ("freebusy-utc", "freebusy", ("20101217T090000Z/20101217T100000Z", "20101217T090000/20101217T100000")),
    ("freebusy-utc", "freebusy", ("20101217T090000Z/20101217T100000Z", "20101217T090000Z/20101217T080000Z")),
    ("fbtype", "freebusy", ("FBTYPE=BUSY", "FBTYPE=TAKEN")),
    ("method", "invitation", ("METHOD:REQUEST\r\n", "METHOD:REPLY\r\n")),
    ("method", "cancellation", ("METHOD:CANCEL", "METHOD:PUBLISH")),
    ("method", "rich", ("VERSION:2.0\r\n", "VERSION:2.0\r\nMETHOD:PUBLISH\r\n")),
    ("no-method", "caldav", ("VERSION:2.0\r\n", "VERSION:2.0\r\nMETHOD:PUBLISH\r\n")),
    ("components", "feed", lambda data: data.replace(b"VEVENT", b"VTODO", 1).replace(b"END:VEVENT", b"END:VTODO", 1)),
    (
        "one-uid",
        "invitation",
        lambda data: EVENT.sub(lambda found: found[0] + found[0].replace(b"UID:", b"UID:x"), data),
    ),
    (
        "one-resource",
        "caldav",
        lambda data: EVENT.sub(lambda found: found[0] + found[0].replace(b"UID:", b"UID:x"), data),
    ),
    ("organizer", "feed", lambda data: re.sub(rb"ORGANIZER.*\r\n", b"", data, count=1)),
    ("organizer", "invitation", lambda data: re.sub(rb"ORGANIZER.*\r\n", b"", data)),
    ("needed", "invitation", ("STATUS:CONFIRMED\r\n", "")),
    ("needed", "update", lambda data: re.sub(rb"LOCATION.*\r\n", b"", data)),
    ("cancel-needed", "cancellation", ("STATUS:CANCELLED", "STATUS:CONFIRMED")),
    ("cancel-needed", "cancellation", ("SEQUENCE:2\r\n", "")),
    ("not-cancelled", "update", ("STATUS:CONFIRMED", "STATUS:CANCELLED")),
    ("one-invitee", "invitation", lambda data: ATTENDEE.sub(lambda a: a[0] + a[0].replace(b"ir@", b"fr@"), data)),
    ("one-invitee", "update", without(ATTENDEE)),
    ("asked", "invitation", in_attendee(b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=ACCEPTED")),
    ("asked", "invitation", in_attendee(b"RSVP=TRUE", b"RSVP=FALSE")),
    ("asked", "invitation", in_attendee(b"ROLE=REQ-PARTICIPANT", b"ROLE=NON-PARTICIPANT")),
    ("room", "invitation", without(ROOM)),
    ("room", "invitation", ("CN=XII;CUTYPE=ROOM", "CUTYPE=RESOURCE")),
    ("room", "update", ("ROLE=NON-PARTICIPANT", "ROLE=REQ-PARTICIPANT")),
    ("no-alarm", "feed", ("END:VEVENT", DEEP)),
    ("no-alarm", "cancellation", ("END:VEVENT", DEEP)),
    ("no-calendar", "invitation", ("VERSION:2.0\r\n", "VERSION:2.0\r\nX-WR-CALNAME:Mine\r\n")),
    ("no-calendar", "caldav", ("VERSION:2.0\r\n", "VERSION:2.0\r\nNAME:Mine\r\n")),
    ("feed-head", "feed", ("X-PUBLISHED-TTL:PT1H\r\n", "")),
    ("feed-head", "rich", ("X-WR-CALNAME:Inter", "X-WR-CALNAME:Outer")),
    ("feed-sequence", "feed", ("SEQUENCE:3\r\n", "")),
    ("feed-order", "feed", reversed_events),
    ("feed-cancelled", "feed", ("STATUS:CONFIRMED", "STATUS:CANCELLED")),
    ("no-attendee", "feed", ("SEQUENCE:", "ATTENDEE:mailto:ch@example.org\r\nSEQUENCE:")),
    ("busy-alone", "freebusy", ("DTSTAMP:", "SUMMARY:Secret\r\nDTSTAMP:")),
    ("busy-alone", "freebusy", ("DTEND:20101217T230000Z\r\n", "")),
    ("schedule-agent", "caldav", (";SCHEDULE-AGENT=CLIENT", "")),
    ("part-uid", "rich", lambda data: re.sub(rb"(BEGIN:VLOCATION\r\n(?:.+\r\n)*?)UID:.*\r\n", rb"\1", data, count=1)),
    ("participant-type", "rich", ("PARTICIPANT-TYPE:ACTIVE\r\n", "")),
    ("part-address", "rich", ("PARTICIPANT-TYPE:ACTIVE", "CALENDAR-ADDRESS:mailto:a@b.org\r\nPARTICIPANT-TYPE:ACTIVE")),
    ("mail-lines", "mail", lambda data: data.replace(b"Subject: ", b"X-Long: " + b"x" * 1000 + b"\r\nSubject: ")),
    ("mail-head", "mail", lambda data: re.sub(rb"Date: .*\r\n", b"", data)),
    ("mail-head", "mail", lambda data: data.replace(b"To: ", b"To: ir@example.org\r\nTo: ", 1)),
    ("mail-parts", "mail", with_parts(0, 2, 1)),
    ("mail-parts", "mail", with_parts(0, 1)),
    ("mail-parts", "mail", lambda data: data.replace(b"multipart/mixed", b"multipart/related")),
    ("mail-method", "mail", lambda data: data.replace(b'method="REQUEST"', b'method="PUBLISH"')),
    ("mail-charset", "mail", lambda data: re.sub(rb'(text/calendar; charset=)"utf-8"', rb'\1"latin-1"', data)),
    ("mail-copy", "mail", lambda data: data.replace(b"invite.ics", b"invite.dat")),
    (
        "mail-copy",
        "mail",
        lambda data: data[: data.rindex(b"QkVHSU4")] + data[data.rindex(b"QkVHSU4") :].replace(b"\r\n", b"AAAA\r\n", 1),
    ),
    ("mail-address", "mail", lambda data: data.replace(b"<ir@example.org>", b"<fr@example.org>")),
    ("mail-address", "mail", lambda data: data.replace(b"<stdev@example.org>", b"<other@example.org>")),
    ("not-cancelled", "mail", of_mail("STATUS:CONFIRMED", "STATUS:CANCELLED")),
    ("jcal", "jcal", of_jcal([2, 1], {"name": "vevent"})),
    ("jcal", "jcal", lambda data: data[:-5]),
    ("jcal-property", "jcal", of_jcal([2, 1, 1, 0, 0], "SUMMARY")),
    ("jcal-property", "jcal", of_jcal([2, 1, 1, 0], ["summary", {}, "text"])),
    ("jcal-property", "jcal", of_jcal([2, 1, 1, 1, 2], "text")),
    ("jcal-value", "jcal", of_jcal([2, 1, 1, 1, 3], "20101217T100000")),
    ("jcal-value", "jcal", of_jcal([2, 1, 1, 5, 3], "three")),
]
# What follows of necessity from what is broken.
AND_SO: dict[str, set[str]] = {
    "content-line": {"not-empty"},  # what has a bad line is left out
    "components": {"one-uid"},
    "jcal-property": {"registered", "dtstart", "date-time"},
    "jcal-value": {"dtstart", "feed-sequence", "end-type", "date-time", "sequence"},
}
SEQUELS = [
    ("after-uid", "UID:", "UID:x"),
    ("after-organizer", "mailto:stdev@", "mailto:other@"),
    ("after-sequence", "SEQUENCE:1", "SEQUENCE:0"),
    ("after-stamp", "DTSTAMP:20101207T120000Z", "DTSTAMP:20101206T120000Z"),
]


NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number) for number in range(3000)
)
NO_FILES = [
    *(b"", b"\0", b"[]", b"[" * 10_000, b"[" * 900 + b"]" * 900, b"\xff\xfe", b"BEGIN:VCALENDAR"),
    b"Subject: x\r\n\r\nhello\r\n",
    NESTED,
]


@pytest.fixture
def good(problem: Problem, schedule: Schedule) -> dict[str, bytes]:
    return kinds(problem, schedule)


@pytest.mark.parametrize("kind", PROFILES)
def test_a_file_of_each_kind_passes(kind: str, good: dict[str, bytes]) -> None:
    check(good[kind], kind)


@pytest.mark.parametrize(("code", "kind", "change"), BREAKS)
def test_a_file_that_breaks_one_clause_is_refused_for_that_clause(
    code: str, kind: str, change: Change, good: dict[str, bytes]
) -> None:
    data = good[kind]
    if isinstance(change, tuple):
        old, new = (text.encode() for text in change)
        assert old in data
        broken = data.replace(old, new, 1)
    else:
        broken = change(data)
    assert broken != data
    codes = {finding.code for finding in lint(broken, kind)}
    assert code in codes
    assert codes - {code} <= AND_SO.get(code, set())
    with pytest.raises(InputError, match="Maybe"):
        check(broken, kind)


def test_every_clause_is_broken_by_some_file_and_has_a_name_of_its_own() -> None:
    assert {code for code, *_ in (*BREAKS, *SEQUELS)} == {clause.code for clause in CLAUSES}
    assert len({clause.code for clause in CLAUSES}) == len(CLAUSES)
    assert all(set(clause.kinds) <= set(PROFILES) for clause in CLAUSES)
    assert all(clause.section.startswith(("RFC ", "MS-", "client")) and clause.text.endswith(".") for clause in CLAUSES)


@pytest.mark.parametrize(("code", "old", "new"), SEQUELS)
def test_an_update_that_a_client_would_not_take_is_refused(
    code: str, old: str, new: str, good: dict[str, bytes]
) -> None:
    update, before = good["update"], good["invitation"]
    check(update, "update", before=before)
    check(good["cancellation"], "cancellation", before=update)
    assert old.encode() in update
    codes = [finding.code for finding in lint(update.replace(old.encode(), new.encode(), 1), "update", before=before)]
    assert codes == [code]


def test_what_is_found_names_line_component_and_section(good: dict[str, bytes]) -> None:
    broken = good["invitation"].replace(b"STATUS:CONFIRMED", b"STATUS:DONE")
    (finding,) = lint(broken, "invitation")
    number = broken.split(b"\r\n").index(b"STATUS:DONE") + 1
    assert finding.place == f"line {number}, VEVENT"
    assert finding.clause == "RFC 5545, 3.8.1.11"


def test_an_unknown_profile_is_refused(good: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match="'feed'"):
        check(good["feed"], "feeed")


@pytest.mark.parametrize("kind", PROFILES)
def test_what_is_no_such_file_at_all_is_refused_and_nothing_else(kind: str) -> None:
    for data in (
        b"",
        b"\0",
        b"[]",
        b"[" * 10_000,
        b"[" * 900 + b"]" * 900,
        NESTED,
        b"\xff\xfe",
        b"BEGIN:VCALENDAR",
        b"Subject: x\r\n\r\nhello\r\n",
    ):
        with pytest.raises(InputError):
            check(data, kind)


# -- mutations --------------------------------------------------------------------------------------------------------

# Lines whose loss leaves a file that is as good: texts and facts that an event may do without.
SPARE = re.compile(
    rb"(DESCRIPTION|CATEGORIES|CLASS|TZNAME|RELATED-TO|REFID|SOURCE|X-|CALSCALE|FREEBUSY|RRULE|NAME:|SUMMARY|LOCATION|"
    rb"TRANSP|STATUS|DTEND|SEQUENCE|ORGANIZER|METHOD|NAME|COLOR)"
)
NEEDED = {
    "invitation": b"METHOD SEQUENCE SUMMARY LOCATION STATUS TRANSP ORGANIZER",
    "update": b"METHOD SEQUENCE SUMMARY LOCATION STATUS TRANSP ORGANIZER",
    "cancellation": b"METHOD SEQUENCE STATUS ORGANIZER TRANSP",
    "feed": b"ORGANIZER SEQUENCE NAME X-WR-CALNAME COLOR X-PUBLISHED-TTL TRANSP?",
    "rich": b"SEQUENCE X-WR-CALNAME COLOR X-PUBLISHED-TTL",
    "freebusy": b"ORGANIZER DTEND",
    "caldav": b"",
}


def logical_lines(data: bytes) -> list[bytes]:
    return [line + b"\r\n" for line in re.split(rb"\r\n(?! )", data.removesuffix(b"\r\n"))]


@pytest.mark.parametrize("kind", list(NEEDED))
def test_no_line_that_is_needed_can_be_left_out_unseen(kind: str, good: dict[str, bytes]) -> None:
    lines = logical_lines(good[kind])
    needed = NEEDED[kind].split()
    inside: list[bytes] = []
    for number, line in enumerate(lines):
        name = re.split(rb"[;:]", line)[0]
        inside += [line[6:].strip()] if name == b"BEGIN" else []
        whole = inside[-1] if inside else b""
        inside = inside[:-1] if name == b"END" else inside
        if SPARE.match(line) and not (name in needed and whole in {b"VEVENT", b"VCALENDAR", b"VFREEBUSY"}):
            continue
        broken = b"".join(lines[:number] + lines[number + 1 :])
        assert lint(broken, kind), line


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data(), kind=st.sampled_from([kind for kind in PROFILES if kind not in {"mail", "jcal"}]))
def test_a_file_with_a_line_that_is_broken_is_refused(data: st.DataObject, kind: str, good: dict[str, bytes]) -> None:
    lines = logical_lines(good[kind])
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    breaks: dict[str, bytes] = {
        "half of its end": line[:-2] + b"\n",
        "no end": line[:-2] + b"\r",
        "no colon": line.replace(b":", b"").replace(b'"', b""),
        "another name": b"Q" + line,
        "a control character": line[:-2] + b"\x01\r\n",
        "no UTF-8": line[:-2] + b"\xfe\r\n",
        "too long": line[:-2] + b"x" * 90 + b"\r\n",
    }
    how = data.draw(st.sampled_from(sorted(breaks)))
    broken = b"".join([*lines[:number], breaks[how], *lines[number + 1 :]])
    assert lint(broken, kind), (how, line)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    kind=st.sampled_from(PROFILES),
    changes=st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=6)), min_size=1, max_size=8),
)
def test_bytes_changed_at_random_raise_nothing_but_input_errors(
    kind: str, changes: list[tuple[int, bytes]], good: dict[str, bytes]
) -> None:
    data = good[kind]
    for at, piece in changes:
        place = at % len(data)
        data = data[:place] + piece + data[place + len(piece) // 2 :]
    lint(data, kind)


# -- all that we write ------------------------------------------------------------------------------------------------


def all_files(problem: Problem, schedule: Schedule) -> list[tuple[str, str, bytes]]:
    """Return the name, the kind and the content of every file that there is of a schedule."""
    found = []
    for name, data in calendars(problem, schedule).items():
        kind = {"busy": "freebusy", "rich": "rich"}.get(name.partition("/")[0], "feed")
        found.append((name, "jcal" if name.endswith(".json") else kind, data))
        if kind == "feed":
            found += [(f"{name} {one.uid}", "caldav", one.data) for one in resources(data).values()]
    return found


def assert_all_pass(files: list[tuple[str, str, bytes]]) -> None:
    for name, kind, data in files:
        assert (name, [str(one) for one in lint(data, kind)]) == (name, [])


def test_every_file_of_a_schedule_passes(problem: Problem, schedule: Schedule) -> None:
    assert_all_pass(all_files(problem, schedule))
    assert_all_pass(all_files(evolve(problem, organizer=None), schedule))


def test_what_everybody_is_told_passes_as_what_it_is_and_after_what_it_was(
    problem: Problem, schedule: Schedule
) -> None:
    invited = with_mails(problem)
    release = publish(invited, schedule, None, stamp=life(invited, schedule)[0].stamp)
    for message in release.messages:
        check(message.calendar, "invitation")
        check(mail(message).as_bytes(), "mail")
        check(mail(message, language="fr").as_bytes(), "mail")
    for session in ("drafting", "consultation"):
        first, second, third = life(invited, schedule, session)
        check(second.calendar, "update", before=first.calendar)
        check(third.calendar, "cancellation", before=second.calendar)
        for message in (second, third):
            check(mail(message).as_bytes(), "mail")


def test_all_files_of_the_founding_case_pass() -> None:
    from unsched import Effort, solve

    problem = cstd_2010()
    schedule = solve(problem, stop=Effort(20), workers=1, stamp=life_stamp()).schedule
    assert schedule is not None
    assert_all_pass(all_files(problem, schedule))
    release = publish(problem, schedule, None, stamp=life_stamp())
    for message in release.messages:
        check(message.calendar, "invitation")
    nothing = evolve(schedule, bookings=[])
    for message in publish(problem, nothing, release.publication, stamp=life_stamp(7)).messages:
        check(message.calendar, "cancellation")


def life_stamp(day: int = 6) -> datetime:
    return datetime(2010, 12, day, 12, tzinfo=UTC)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_all_files_of_random_problems_pass(data: st.DataObject) -> None:
    problem = data.draw(problems())
    schedule = evolve(data.draw(schedules(problem)), stamp=life_stamp())
    assert_all_pass(all_files(problem, schedule))
