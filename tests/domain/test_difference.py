from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from attrs import evolve

from unsched import (
    Booking,
    Contact,
    Delegation,
    InputError,
    Person,
    Problem,
    Room,
    Schedule,
    Session,
    SessionDropped,
    Venue,
    Window,
    apply,
    diff,
    publish,
)
from unsched.domain.segment import Segment

WINDOW = Window("Europe/Zurich", ["2010-12-17"], step=60)


def book(**places: str) -> Schedule:
    bookings = []
    for name, place in places.items():
        start, end, room = place.split()
        bookings.append(Booking(name, room, f"2010-12-17T{start}:00+01:00", f"2010-12-17T{end}:00+01:00", name.upper()))
    return Schedule("p", "Europe/Zurich", bookings)


def problem(**access: str) -> Problem:
    people = {"a": ["egypt"], "b": ["egypt", "brazil"], "c": ["brazil", "chair"], "d": ["peru"], "e": ["peru"]}
    sessions = [
        Session(name, name.upper(), 120, shortest=60, invited=invited, access=access.get(name, "open"))
        for name, invited in people.items()
    ]
    delegations = [
        Delegation(name, name.title(), mail=f"{name}@example.org", table_seats=0)
        for name in ("egypt", "brazil", "peru")
    ]
    chair = Person("chair", "The Chair", mail="chair@example.org")
    office = Contact("Office", "office@example.org")
    return Problem("p", WINDOW, Venue([Room("I"), Room("II")]), sessions, delegations, [chair], organizer=office)


BEFORE = book(a="10 12 I", b="10 12 II", c="15 17 I", d="15 17 II")
AFTER = book(a="10 12 I", b="11 13 I", c="15 16 II", e="16 18 I")


def test_each_session_that_differs_is_named_with_what_differs() -> None:
    found = diff(BEFORE, AFTER)
    assert [(one.session, one.what) for one in found] == [
        ("b", "time and room"),
        ("c", "time and room"),
        ("e", "added"),
        ("d", "dropped"),
    ]
    assert (found.added, found.dropped, found.moved, found.rehoused) == (("e",), ("d",), ("b", "c"), ("b", "c"))
    assert (len(found), found.minutes, found.told) == (4, 60, ())


def test_who_has_to_be_told_is_told_of_all_that_is_theirs() -> None:
    told = diff(BEFORE, AFTER, problem()).told
    assert [(one.who, one.name, one.person, one.sessions) for one in told] == [
        ("egypt", "Egypt", False, ("b",)),
        ("brazil", "Brazil", False, ("b", "c")),
        ("peru", "Peru", False, ("e", "d")),
        ("chair", "The Chair", True, ("c",)),
    ]


def test_names_with_commas_are_parted_by_semicolons() -> None:
    facts = problem()
    korea = evolve(facts.delegations[0], name="Korea, Republic of")
    text = str(
        diff(
            BEFORE,
            book(a="11 13 I", b="11 13 II", c="15 17 I", d="15 17 II"),
            evolve(facts, delegations=[korea, *facts.delegations[1:]]),
        )
    )
    assert "  of a, b: Korea, Republic of\n" in text
    both = str(
        diff(
            BEFORE,
            book(b="11 13 II", a="10 12 I", c="15 17 I", d="15 17 II"),
            evolve(facts, delegations=[korea, *facts.delegations[1:]]),
        )
    )
    assert "  of b: Korea, Republic of; Brazil" in both


def test_changed_access_is_a_change_too() -> None:
    before, after = problem(), problem(a="members")
    found = diff(BEFORE, BEFORE, after, before)
    assert [str(one) for one in found] == ["a: access, 2010-12-17 10:00 I -> 2010-12-17 10:00 I (open -> members)"]
    assert (found.reopened, [one.who for one in found.told]) == (("a",), ["egypt"])
    moved = diff(BEFORE, book(a="15 17 II", b="10 12 II", c="15 17 I", d="15 17 II"), after, before)
    assert [one.what for one in moved] == ["time and room and access"]
    parts = [evolve(one, segments=[Segment(60, "governments")]) for one in before.sessions]
    assert diff(BEFORE, BEFORE, evolve(before, sessions=parts), before).reopened == ("a", "b", "c", "d")


def test_who_is_asked_to_a_session_that_stays_or_no_longer_is_told() -> None:
    before = problem()
    sessions = [evolve(one, invited=["brazil"]) if one.id == "a" else one for one in before.sessions]
    found = diff(BEFORE, BEFORE, evolve(before, sessions=sessions), before)
    assert (len(found), [(one.who, one.sessions) for one in found.told]) == (0, [("egypt", ("a",)), ("brazil", ("a",))])


def test_a_session_that_the_problem_no_longer_has_is_told_to_those_who_had_it() -> None:
    later = apply(problem(), SessionDropped("d"))
    found = diff(BEFORE, book(a="10 12 I", b="10 12 II", c="15 17 I"), later, problem())
    assert [(one.who, one.sessions) for one in found.told] == [("peru", ("d",))]


def test_those_who_are_told_are_those_whose_calendars_are_updated() -> None:
    before, after = problem(), apply(problem(a="members"), SessionDropped("d"))
    stamps = (datetime(2010, 12, day, tzinfo=UTC) for day in (1, 2))
    first = publish(before, BEFORE, None, stamp=next(stamps))
    release = publish(after, AFTER, first.publication, stamp=next(stamps))
    found = diff(BEFORE, AFTER, after, before)
    told = {(notice.who, session) for notice in found.told for session in notice.sessions}
    assert told == {(message.to, message.session) for message in release.messages}
    # Of whatever else, nobody's calendar says anything new.
    assert len(release.unchanged) == 0


def test_it_can_be_had_as_text_as_data_and_as_a_frame() -> None:
    found = diff(BEFORE, AFTER, problem(c="members"), problem())
    assert str(found) == (
        "4 sessions change: 1 added, 1 dropped, 2 at another time, 2 in another room, 1 open to others:\n"
        "  B [b]: time and room\n"
        "    was  Friday 17 December 2010 10:00-12:00  II\n"
        "    is   Friday 17 December 2010 11:00-13:00  I\n"
        "  C [c]: time and room and access\n"
        "    was  Friday 17 December 2010 15:00-17:00  I\n"
        "    is   Friday 17 December 2010 15:00-16:00  II\n"
        "    was for open, is for members\n"
        "  E [e]: added\n"
        "    is   Friday 17 December 2010 16:00-18:00  I\n"
        "  D [d]: dropped\n"
        "    was  Friday 17 December 2010 15:00-17:00  II\n"
        "\n"
        "Delegations to tell (3):\n"
        "  of b: Egypt\n"
        "  of b, c: Brazil\n"
        "  of e, d: Peru\n"
        "\n"
        "Persons to tell (1):\n"
        "  of c: The Chair"
    )
    data = json.loads(json.dumps(found.to_dict()))
    assert data["changes"][1] == {
        "session": "c",
        "what": "time and room and access",
        "before": {"room": "I", "start": "2010-12-17T15:00:00+01:00", "end": "2010-12-17T17:00:00+01:00"},
        "after": {"room": "II", "start": "2010-12-17T15:00:00+01:00", "end": "2010-12-17T16:00:00+01:00"},
        "access": ["open", "members"],
    }
    assert data["told"][0] == {"who": "egypt", "name": "Egypt", "person": False, "sessions": ["b"]}
    frame = found.to_frame()
    assert list(frame["told"]) == [["egypt", "brazil"], ["brazil", "chair"], ["peru"], ["peru"]]
    assert list(frame["room_after"])[:3] == ["I", "II", "I"]
    assert list(frame["room_after"].isna()) == [False, False, False, True]
    assert str(frame["start_before"].dt.tz) == "Europe/Zurich"


def test_two_that_are_alike_do_not_differ() -> None:
    assert str(diff(BEFORE, BEFORE, problem())) == "Nothing has changed."


def test_schedules_and_problems_that_do_not_belong_together_are_refused() -> None:
    other = Schedule("q", "Europe/Zurich", BEFORE.bookings)
    with pytest.raises(InputError, match="one is of problem 'p', the other of 'q'"):
        diff(BEFORE, other)
    with pytest.raises(InputError, match="'q', not of 'p'"):
        diff(other, other, problem())
    with pytest.raises(InputError, match="the earlier problem is 'q'"):
        diff(BEFORE, AFTER, problem(), evolve(problem(), id="q"))
