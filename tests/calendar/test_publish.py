from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from icalendar import Calendar

from unsched import Booking, Contact, InputError, Problem, Schedule, Segment
from unsched.calendar.occasion import occasions
from unsched.calendar.publish import Release, publish
from unsched.calendar.release import read_messages, write_release
from unsched.exchange.files import load_publication

FIRST = datetime(2010, 12, 6, 12, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)


def moved(schedule: Schedule, session: str, minutes: int) -> Schedule:
    by = timedelta(minutes=minutes)
    return evolve(
        schedule,
        bookings=[
            Booking(b.session, b.room, b.start + by, b.end + by) if b.session == session else b for b in schedule
        ],
    )


def without(schedule: Schedule, session: str) -> Schedule:
    return evolve(schedule, bookings=[b for b in schedule if b.session != session])


def test_publishing_twice_tells_nobody_anything_again(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    assert first.messages
    again = publish(problem, schedule, first.publication, stamp=LATER)
    assert again.messages == ()
    assert again.publication == first.publication


def test_a_move_reaches_its_invitees_alone_with_the_next_sequence(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(problem, moved(schedule, "drafting", 60), first.publication, stamp=LATER)
    assert [(m.to, m.method, m.reason, m.sequence) for m in second.messages] == [("IR", "REQUEST", "changed", 1)]
    event = Calendar.from_ical(second.messages[0].calendar).events[0]
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC) == datetime(2010, 12, 17, 15, tzinfo=UTC)
    assert second.messages[0].before is not None
    assert second.messages[0].before.start.astimezone(UTC) == datetime(2010, 12, 17, 14, tzinfo=UTC)


def test_cancelled_and_back_keeps_the_uid_and_raises_the_sequence(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(problem, without(schedule, "drafting"), first.publication, stamp=LATER)
    third = publish(problem, schedule, second.publication, stamp=LATER + timedelta(days=1))
    told = [*second.messages, *third.messages]
    assert [(m.to, m.method, m.reason, m.sequence) for m in told] == [
        ("IR", "CANCEL", "cancelled", 1),
        ("IR", "REQUEST", "new", 2),
    ]
    assert told[0].uid == told[1].uid == next(m.uid for m in first.messages if m.session == "drafting")


def test_who_is_removed_and_added_is_told_alone(problem: Problem, schedule: Schedule) -> None:
    sessions = [evolve(s, required=["CH"]) if s.id == "drafting" else s for s in problem.sessions]
    changed = evolve(problem, sessions=sessions)
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(changed, schedule, first.publication, stamp=LATER)
    assert [(m.to, m.method, m.reason) for m in second.messages] == [
        ("IR", "CANCEL", "removed"),
        ("CH", "REQUEST", "added"),
    ]
    third = publish(problem, schedule, second.publication, stamp=LATER + timedelta(days=1))
    back = next(m for m in third.messages if m.to == "IR")
    assert back.sequence > second.messages[0].sequence


def test_who_is_removed_by_a_change_comes_back_with_more_than_the_cancellation_had(
    problem: Problem, schedule: Schedule
) -> None:
    both = with_session(problem, "drafting", required=["IR", "CH"])
    first = publish(both, schedule, None, stamp=FIRST)
    later = moved(schedule, "drafting", 60)
    second = publish(problem, later, first.publication, stamp=LATER)
    assert [(m.to, m.method, m.sequence) for m in second.messages] == [("CH", "CANCEL", 2), ("IR", "REQUEST", 1)]
    third = publish(both, later, second.publication, stamp=LATER + timedelta(days=1))
    assert [(m.to, m.method, m.sequence) for m in third.messages] == [("CH", "REQUEST", 3)]


def test_an_older_stamp_and_a_missing_organizer_are_refused(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=LATER)
    with pytest.raises(InputError, match="before the last publication"):
        publish(problem, schedule, first.publication, stamp=FIRST)
    with pytest.raises(InputError, match="has no organizer"):
        publish(evolve(problem, organizer=None), schedule, None, stamp=FIRST)


def test_a_closed_part_is_known_to_its_own_guests_alone(problem: Problem, schedule: Schedule) -> None:
    parts = [Segment(60, invited=["LT"]), Segment(60, "governments", required=["IR"], title="Sanctions")]
    sessions = [evolve(s, segments=parts) if s.id == "consultation" else s for s in problem.sessions]
    case = evolve(problem, sessions=sessions)
    assert [one.segment for one in occasions(case, schedule) if one.session.id == "consultation"].count("2") == 1
    messages = publish(case, schedule, None, stamp=FIRST).messages
    assert {m.to for m in messages if b"Sanctions" in m.calendar} == {"IR"}
    assert any(m.to == "LT" and m.segment == "1" for m in messages)


def test_a_release_is_written_once_and_never_over_another(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    first = publish(problem, schedule, None, stamp=FIRST)
    files = write_release(first, tmp_path, state)
    assert [file.read_bytes() for file in files] == [m.calendar for m in first.messages]
    stored = load_publication(state)
    assert stored == first.publication
    assert write_release(publish(problem, schedule, stored, stamp=LATER), tmp_path, state) == ()
    with pytest.raises(InputError, match="holds revision 1"):
        write_release(first, tmp_path, state)


def told(release: Release) -> list[tuple[str, str | None, str, str, int]]:
    return [(m.to, m.mail, m.method, m.reason, m.sequence) for m in release.messages]


def with_mail(problem: Problem, **mails: str | None) -> Problem:
    people = [evolve(one, mail=mails.get(one.id, one.mail)) for one in problem.delegations]
    return evolve(problem, delegations=people)


def with_session(problem: Problem, name: str, **more: Any) -> Problem:
    return evolve(problem, sessions=[evolve(one, **more) if one.id == name else one for one in problem.sessions])


def test_a_new_address_is_invited_and_the_old_one_gets_a_cancellation(problem: Problem, schedule: Schedule) -> None:
    first = publish(with_mail(problem, IR="old@example.org"), schedule, None, stamp=FIRST)
    second = publish(with_mail(problem, IR="new@example.org"), schedule, first.publication, stamp=LATER)
    assert told(second) == [
        ("IR", "old@example.org", "CANCEL", "readdressed", 1),
        ("IR", "new@example.org", "REQUEST", "added", 1),
    ]
    assert b"old@example.org" in second.messages[0].calendar
    again = publish(with_mail(problem, IR="NEW@example.org"), schedule, second.publication, stamp=LATER)
    assert again.messages == ()


def test_who_gets_an_address_is_invited_there_and_who_loses_it_is_told(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(with_mail(problem, IR="ir@example.org"), schedule, first.publication, stamp=LATER)
    assert told(second) == [("IR", "ir@example.org", "REQUEST", "added", 0)]
    third = publish(problem, schedule, second.publication, stamp=LATER + timedelta(days=1))
    assert told(third) == [("IR", "ir@example.org", "CANCEL", "readdressed", 1), ("IR", None, "REQUEST", "added", 1)]


def test_a_shared_mailbox_keeps_the_meeting_while_somebody_there_is_invited(
    problem: Problem, schedule: Schedule
) -> None:
    case = with_mail(problem, IR="both@example.org", CH="both@example.org")
    first = publish(with_session(case, "drafting", required=["IR", "CH"]), schedule, None, stamp=FIRST)
    second = publish(with_session(case, "drafting", required=["CH"]), schedule, first.publication, stamp=LATER)
    assert told(second) == []
    assert [one.id for one in next(e for e in second.publication.entries if e.session == "drafting").invitees] == ["CH"]
    third = publish(case, without(schedule, "drafting"), second.publication, stamp=LATER + timedelta(days=1))
    assert told(third) == [("CH", "both@example.org", "CANCEL", "cancelled", 1)]


def test_who_takes_over_as_organizer_asks_again_about_what_is_not_over(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    name = evolve(problem, organizer=Contact("Another name", "STDEV@example.org"))
    assert publish(name, schedule, first.publication, stamp=LATER).messages == ()
    other = evolve(problem, organizer=Contact("Bureau", "bureau@example.org"))
    # At 12:00 UTC, the consultation is just over, and the drafting group of the afternoon is not.
    second = publish(other, schedule, first.publication, stamp=datetime(2010, 12, 17, 12, tzinfo=UTC))
    assert told(second) == [("IR", None, "REQUEST", "changed", 1)]
    assert b"bureau@example.org" in second.messages[0].calendar


def test_a_cancellation_comes_from_whom_the_invitation_came(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    other = evolve(problem, organizer=Contact("Bureau", "bureau@example.org"))
    second = publish(other, without(schedule, "drafting"), first.publication, stamp=LATER)
    cancelled = next(m for m in second.messages if m.method == "CANCEL")
    assert Calendar.from_ical(cancelled.calendar).events[0]["ORGANIZER"] == "mailto:stdev@example.org"
    assert cancelled.organizer == other.organizer


def test_another_name_of_the_zone_is_no_news_and_cancels_at_the_right_time(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    write_release(first, tmp_path, tmp_path / "state.json")
    stored = load_publication(tmp_path / "state.json")
    for zone in ("Europe/Berlin", "Europe/London", "UTC"):
        other = evolve(schedule, zone=zone)
        assert publish(problem, other, stored, stamp=LATER).messages == ()
        (message,) = publish(problem, without(other, "drafting"), stored, stamp=LATER).messages
        start = Calendar.from_ical(message.calendar).events[0].start
        assert isinstance(start, datetime)
        assert start.astimezone(UTC) == datetime(2010, 12, 17, 14, tzinfo=UTC)


def test_another_name_of_an_invitee_is_no_news_and_another_role_is(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    named = evolve(problem, delegations=[evolve(one, name=f"The {one.label}") for one in problem.delegations])
    assert publish(named, schedule, first.publication, stamp=LATER).publication == first.publication
    optional = with_session(problem, "drafting", required=(), invited=["IR"])
    second = publish(optional, schedule, first.publication, stamp=LATER)
    assert told(second) == [("IR", None, "REQUEST", "changed", 0)]
    back = publish(problem, schedule, second.publication, stamp=LATER + timedelta(days=1))
    assert len({m.key for m in (*first.messages, *second.messages, *back.messages) if m.session == "drafting"}) == 3


def test_a_schedule_older_than_what_is_published_is_refused(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, evolve(schedule, revision=4), None, stamp=FIRST)
    with pytest.raises(InputError, match="the schedule is revision 3, and revision 4 has been published"):
        publish(problem, schedule, first.publication, stamp=LATER)


def test_a_segment_with_an_id_stays_itself_when_one_is_put_in_before_it(problem: Problem, schedule: Schedule) -> None:
    closed = Segment(60, "governments", required=["IR"], title="Sanctions", id="closed")
    case = with_session(problem, "consultation", segments=[Segment(60, invited=["LT"], id="1"), closed])
    first = publish(case, schedule, None, stamp=FIRST)
    assert {m.segment for m in first.messages} == {None, "1", "closed"}
    number = with_session(problem, "consultation", segments=[Segment(60, invited=["LT"]), closed])
    assert publish(number, schedule, first.publication, stamp=LATER).messages == ()
    more = [Segment(30, id="opening"), Segment(60, invited=["LT"], id="1"), closed]
    second = publish(with_session(problem, "consultation", segments=more), schedule, first.publication, stamp=LATER)
    assert told(second) == [("LT", None, "REQUEST", "changed", 1), ("IR", None, "REQUEST", "changed", 1)]


def test_messages_are_read_back_by_revision_and_only_what_is_published(
    problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    first = publish(problem, schedule, None, stamp=FIRST)
    write_release(first, tmp_path, state)
    second = publish(problem, without(schedule, "drafting"), first.publication, stamp=LATER)
    files = write_release(second, tmp_path, state)
    assert [str(file.relative_to(tmp_path / "messages")) for file in files] == ["000002/IR/drafting.cancel.ics"]
    found = dict(read_messages(tmp_path, second.publication))
    assert found == {1: first.messages, 2: second.messages}
    assert dict(read_messages(tmp_path, first.publication)) == {1: first.messages}
    assert dict(read_messages(tmp_path, second.publication, 1)) == {2: second.messages}
    with pytest.raises(InputError, match="the messages of revision 1 are not in"):
        list(read_messages(tmp_path / "elsewhere", second.publication))
    other = evolve(first.publication, entries=[])
    with pytest.raises(InputError, match="it is not of revision 1"):
        list(read_messages(tmp_path, other))
