from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from unsched import (
    Attendance,
    Booking,
    Contact,
    Delegation,
    InputError,
    Problem,
    Publication,
    Room,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
    publish,
    read_replies,
)
from unsched.calendar.invitation import address_of
from unsched.calendar.mail_parts import calendars_in
from unsched.calendar.replies import Replies

FIRST = datetime(2010, 12, 6, 12, tzinfo=UTC)


@pytest.fixture
def known(problem: Problem, schedule: Schedule) -> Publication:
    """What has been published: the consultation to Switzerland, Egypt and the chair, the drafting group to Iran."""
    mails = {"CH": "ch@example.org", "EG": "EG@Example.org", "IR": "ir+office@example.org"}
    people = [evolve(one, mail=mails.get(one.id)) for one in problem.delegations]
    return publish(evolve(problem, delegations=people), schedule, None, stamp=FIRST).publication


Answer = Callable[..., bytes]


@pytest.fixture
def answer(known: Publication) -> Answer:
    """Make an answer as clients do."""

    def answer(
        who: str = "ATTENDEE;PARTSTAT=DECLINED:mailto:ch@example.org",
        *more: str,
        method: str = "REPLY",
        session: str = "consultation",
        sequence: str = "SEQUENCE:0",
        stamp: str = "DTSTAMP:20101207T090017Z",
        uid: str | None = None,
    ) -> bytes:
        name = next(entry.uid for entry in known.entries if entry.session == session) if uid is None else uid
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{name}", stamp, sequence]
        lines += [who, *more, "END:VEVENT", "END:VCALENDAR", ""]
        return "\r\n".join(lines).encode()

    return answer


def said(found: Replies) -> list[tuple[str, str]]:
    return [(one.party, one.answer) for one in found.responses]


@pytest.mark.parametrize(
    ("status", "means"),
    [
        ("ACCEPTED", "accepted"),
        ("declined", "declined"),
        ("TENTATIVE", "tentative"),
        ("NEEDS-ACTION", "waiting"),
        ("X-MAYBE", "waiting"),
    ],
)
def test_an_answer_is_matched_by_uid_and_attendee(known: Publication, answer: Answer, status: str, means: str) -> None:
    found = read_replies(answer(f"ATTENDEE;PARTSTAT={status}:MAILTO:Ch@example.org"), known)
    assert (said(found), found.findings, found.stale) == ([("CH", means)], (), ())
    assert found.responses[0].stamp == datetime(2010, 12, 7, 9, 0, 17, tzinfo=UTC)


def test_who_has_no_address_answers_by_the_one_in_the_invitation(known: Publication, answer: Answer) -> None:
    entry = next(one for one in known.entries if one.session == "consultation")
    chair = next(one for one in entry.invitees if one.id == "riehl")
    urn = address_of(known.problem, chair)
    assert said(read_replies(answer(f"ATTENDEE;PARTSTAT=ACCEPTED:{urn.upper()}"), known)) == [("riehl", "accepted")]
    email = 'ATTENDEE;PARTSTAT=ACCEPTED;EMAIL="eg@example.org":urn:uuid:0'
    assert said(read_replies(answer(email), known)) == [("EG", "accepted")]


def test_a_percent_in_an_address_is_read_as_it_was_written(known: Publication, answer: Answer) -> None:
    who = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ir%2Boffice@example.org"
    assert said(read_replies(answer(who, session="drafting"), known)) == [("IR", "accepted")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "REQUEST"}, "reply.ics, line 1, VCALENDAR: METHOD is 'REQUEST', and this is no answer"),
        ({"method": ""}, "line 1, VCALENDAR: METHOD is missing"),
        ({"uid": "x@y"}, "line 5, VEVENT: nothing has been published under UID 'x@y'"),
        ({"uid": ""}, "line 4, VEVENT: there is no UID"),
        ({"who": "ATTENDEE:mailto:x@y.org"}, "line 8, VEVENT: 'mailto:x@y.org' is not invited to 'consultation'"),
        ({"who": "X-A:b"}, "line 4, VEVENT: there is no ATTENDEE"),
        ({"stamp": "X-A:b"}, "line 4, VEVENT: there is no DTSTAMP"),
        ({"stamp": "DTSTAMP:20101207T090000"}, "line 6, VEVENT: '20101207T090000' is not in UTC"),
        ({"sequence": "SEQUENCE:-1"}, "line 7, VEVENT: '-1' is not a whole number"),
        ({"sequence": "SEQUENCE:7"}, "'CH' answers SEQUENCE 7 of 'consultation', which has never been sent"),
        (
            {"who": 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:x@y.org":mailto:ch@example.org'},
            "line 8, VEVENT: 'CH' sends 'mailto:x@y.org' to 'consultation'",
        ),
        ({"session": "consultation", "who": "RECURRENCE-ID:20101217T090000Z"}, "line 8, VEVENT: it is about one inst"),
    ],
)
def test_a_bad_answer_is_reported_with_file_line_and_component(
    known: Publication, answer: Answer, change: dict[str, str], message: str
) -> None:
    who = change.get("who", "ATTENDEE;PARTSTAT=DECLINED:mailto:ch@example.org")
    rest = {name: value for name, value in change.items() if name != "who"}
    found = read_replies(answer(who, **rest), known, source="reply.ics")
    assert found.responses == ()
    assert message in str(found.findings[0])
    assert str(found.findings[0]).startswith("reply.ics, line ")
    assert "(RFC 5546, " in str(found.findings[0])


def test_two_invitees_in_one_answer_are_nobodys(known: Publication, answer: Answer) -> None:
    both = answer(
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ch@example.org", "ATTENDEE;PARTSTAT=DECLINED:mailto:eg@example.org"
    )
    found = read_replies(both, known)
    assert (found.responses, len(found.findings)) == ((), 1)


def test_an_answer_to_what_is_no_longer_so_is_out_of_date(
    problem: Problem, schedule: Schedule, known: Publication, answer: Answer
) -> None:
    moved = evolve(schedule, bookings=[evolve(one, room="IX") for one in schedule])
    mails = {"CH": "ch@example.org"}
    people = [evolve(one, mail=mails.get(one.id)) for one in problem.delegations]
    later = publish(evolve(problem, delegations=people), moved, known, stamp=FIRST + timedelta(days=1)).publication
    found = read_replies(answer(), later, source="a.ics")
    assert (found.responses, found.findings) == ((), ())
    assert "a.ics, line 4, VEVENT: 'CH' answers SEQUENCE 0 of 'consultation', and 1 is out" in str(found.stale[0])
    assert said(read_replies(answer(sequence="SEQUENCE:1"), later)) == [("CH", "declined")]
    # What was answered before does not count for the new time.
    attendance = Attendance(known.problem).merge(read_replies(answer(), known).responses)
    assert [one.answer for one in attendance.standings(known) if one.party == "CH"] == ["declined"]
    assert [one.answer for one in attendance.standings(later) if one.party == "CH"] == ["waiting"]
    fewer = evolve(schedule, bookings=[one for one in schedule if one.session != "consultation"])
    gone = publish(problem, fewer, known, stamp=FIRST + timedelta(days=1)).publication
    assert "'consultation' has been cancelled" in str(read_replies(answer(), gone).findings[0])


def test_a_counter_proposes_another_time_in_whatever_zone(known: Publication, answer: Answer) -> None:
    tentative = "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ch@example.org"
    for start, end in (
        ("DTSTART;TZID=Europe/Zurich:20101217T150000", "DTEND;TZID=Europe/Zurich:20101217T180000"),
        ("DTSTART:20101217T140000Z", "DURATION:PT3H"),
        ('DTSTART;TZID="W. Europe Standard Time":20101217T150000', "X-NONE:1"),
    ):
        more = (start, end, "COMMENT:After lunch\\, please\\nThank you\x07")
        found = read_replies(answer(tentative, *more, method="COUNTER"), known)
        (one,) = found.responses
        assert (one.answer, one.comment) == ("tentative", "After lunch, please\nThank you")
        assert (one.start, one.end) == (
            datetime(2010, 12, 17, 14, tzinfo=UTC),
            datetime(2010, 12, 17, 17, tzinfo=UTC),
        )
    same = ("DTSTART:20101217T090000Z", "DTEND:20101217T120000Z")
    assert read_replies(answer(tentative, *same, method="COUNTER"), known).responses[0].start is None
    for bad in (("DTSTART:tomorrow", "X-A:b"), ("DTSTART:20101217T090000Z", "DTEND:20101217T080000Z")):
        found = read_replies(answer(tentative, *bad, method="COUNTER"), known)
        assert (said(found), len(found.findings)) == ([("CH", "tentative")], 1)
        assert found.responses[0].start is None


def test_a_refresh_asks_to_be_told_again(known: Publication, answer: Answer) -> None:
    found = read_replies(answer("ATTENDEE:mailto:ch@example.org", method="REFRESH"), known)
    assert [who for _, who in found.again] == ["CH"]
    assert found.responses == ()


def test_one_mailbox_answers_for_all_who_share_it(problem: Problem, schedule: Schedule, answer: Answer) -> None:
    people = [evolve(one, mail="both@example.org") for one in problem.delegations]
    known = publish(evolve(problem, delegations=people), schedule, None, stamp=FIRST).publication
    found = read_replies(answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:both@example.org"), known)
    assert sorted(said(found)) == [("CH", "accepted"), ("EG", "accepted")]


def test_the_latest_answer_counts_whatever_comes_first(known: Publication, answer: Answer) -> None:
    late = read_replies(
        answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ch@example.org", stamp="DTSTAMP:20101208T090000Z"), known
    )
    early = read_replies(answer(), known)
    for order in ((late, early), (early, late), (late, early, late)):
        attendance = Attendance(known.problem)
        for one in order:
            attendance = attendance.merge(one.responses)
        assert [one.answer for one in attendance.responses] == ["accepted"]


def test_a_mail_is_read_by_its_calendar_once(known: Publication, answer: Answer, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Declined"
    mail.set_content("No.")
    text = answer().decode()
    mail.add_alternative(text, subtype="calendar", params={"method": "REPLY"})
    mail.add_attachment(answer(), maintype="application", subtype="ics", filename="reply.ics")
    path = tmp_path / "reply.eml"
    path.write_bytes(mail.as_bytes())
    found = read_replies(path, known)
    assert (said(found), found.findings) == ([("CH", "declined")], ())
    with pytest.raises(InputError, match="neither a calendar nor a mail"):
        read_replies(b"Subject: Hello\r\n\r\nHow are you?", known)
    with pytest.raises(InputError, match="there is no such file"):
        read_replies(tmp_path / "none.ics", known)


def test_a_mail_nested_without_end_or_of_too_many_parts_is_refused_in_time() -> None:
    start = time.monotonic()
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number) for number in range(20_000)
    )
    wide = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\na\r\n" * 5_000
    for data in (deep, wide):
        with pytest.raises(InputError):
            list(calendars_in(data, "a.eml"))
    assert time.monotonic() - start < 30


def sample() -> tuple[Publication, bytes]:
    problem = Problem(
        "p",
        Window("UTC", ["2010-12-17"]),
        Venue([Room("I", seats=Seats(9, 9, 9))]),
        [Session("a", "A", 60, required="ch")],
        [Delegation("ch", mail="ch@example.org")],
        organizer=Contact("Office", "office@example.org"),
    )
    booked = Schedule("p", "UTC", [Booking("a", "I", "2010-12-17T10:00+00:00", "2010-12-17T11:00+00:00")])
    release = publish(problem, booked, None, stamp=FIRST)
    (message,) = release.messages
    return release.publication, message.calendar.replace(b"METHOD:REQUEST", b"METHOD:COUNTER")


PUBLICATION, COUNTER = sample()


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_is_in_a_file_it_is_read_or_refused(data: st.DataObject) -> None:
    cut = bytearray(COUNTER)
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(cut)))
        cut[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    try:
        found = read_replies(bytes(cut), PUBLICATION)
    except InputError:
        return
    assert {one.party for one in found.responses} <= {"ch"}
    assert all(one.line >= 0 and one.message for one in found.findings)
