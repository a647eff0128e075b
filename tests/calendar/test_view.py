"""What each calendar shows of closed parts, and of what has been published and cancelled."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from unsched import Delegation, Group, InputError, Problem, Schedule, Segment, calendars, publish
from unsched.calendar.lint import lint
from unsched.calendar.names import safe_names
from unsched.testing import problems, random_schedule

FIRST = datetime(2010, 12, 6, 12, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)


def events(data: bytes) -> dict[str, Any]:
    """The events of a calendar by title."""
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(data).events}


@pytest.fixture
def parted(problem: Problem) -> Problem:
    """The consultation is open at first, and then for two governments alone, one of them from Africa."""
    parts = [
        Segment(60, invited=["LT"], title="Statements"),
        Segment(60, "governments", required=["IR", "GH"], title="Sanctions", id="closed"),
    ]
    sessions = [
        evolve(one, segments=parts, required=["EG"]) if one.id == "consultation" else one for one in problem.sessions
    ]
    ghana = Delegation("GH", "Ghana", groups=["African States", "Ghana and friends"])
    groups = [*problem.groups, Group("Ghana and friends")]
    return evolve(problem, sessions=sessions, delegations=[*problem.delegations, ghana], groups=groups)


def test_a_part_is_an_event_of_those_who_are_there_only_then(parted: Problem, schedule: Schedule) -> None:
    found = {path: events(data) for path, data in calendars(parted, schedule).items() if path.startswith("deleg")}
    assert {path: [*titles] for path, titles in found.items()} == {
        "delegations/CH.ics": ["Open consultation"],
        "delegations/EG.ics": ["African States", "Open consultation"],
        "delegations/GH.ics": ["African States", "Sanctions"],
        "delegations/IR.ics": ["Sanctions", "Drafting group"],
        "delegations/LT.ics": ["Statements"],
    }
    part, whole = found["delegations/IR.ics"]["Sanctions"], found["delegations/CH.ics"]["Open consultation"]
    assert part["RELATED-TO"] == whole["UID"] != part["UID"]
    assert (part.start - whole.start, part.end - part.start) == (timedelta(hours=1), timedelta(hours=1))
    assert (part["CLASS"], part["TRANSP"]) == ("CONFIDENTIAL", "OPAQUE")


def test_a_closed_title_is_in_no_calendar_of_others(parted: Problem, schedule: Schedule) -> None:
    files = calendars(parted, schedule)
    names = safe_names(group.id for group in parted.groups)
    ghana = f"groups/{names['Ghana and friends']}.ics"
    with_title = [path for path, data in files.items() if b"Sanctions" in data]
    assert with_title == ["delegations/GH.ics", "delegations/IR.ics", ghana]
    part = events(files["programme.ics"])["Closed part of a session"]
    assert (part["TRANSP"], part["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TRANSPARENT", "FREE")
    # The group has the session as a whole, and so what one of its members does in it is not its affair.
    assert [*events(files[f"groups/{names['African States']}.ics"])] == ["African States", "Open consultation"]
    assert "Closed part of a session" in events(files["bodies/CSTD.ics"])
    assert [*events(files["rooms/XXVI.ics"])] == ["Open consultation"]
    assert b"Closed" not in files["rich/programme.ics"]


def test_an_open_part_says_nothing_of_its_closed_session(parted: Problem, schedule: Schedule) -> None:
    sessions = [
        evolve(one, access="governments", segments=[Segment(60, "open", invited=["LT"])]) if one.segments else one
        for one in parted.sessions
    ]
    case = evolve(parted, sessions=sessions)
    found = calendars(case, schedule)["delegations/LT.ics"]
    assert [*events(found)] == ["Open part of a session"]
    assert b"consultative" not in found
    assert b"CSTD\r\n" not in found.partition(b"BEGIN:VEVENT")[2]


def test_a_group_of_whom_one_is_there_learns_of_a_closed_session_without_its_title(
    parted: Problem, schedule: Schedule
) -> None:
    sessions = [evolve(one, required=["GH"]) if one.id == "drafting" else one for one in parted.sessions]
    files = calendars(evolve(parted, sessions=sessions), schedule)
    names = safe_names(group.id for group in parted.groups)
    assert "Closed meeting" in events(files[f"groups/{names['African States']}.ics"])
    assert "Drafting group" in events(files[f"groups/{names['Ghana and friends']}.ics"])


@settings(max_examples=40, deadline=None)
@given(case=problems(), seed=st.integers(0, 9))
def test_whoever_reads_a_title_in_a_calendar_of_their_own_is_there_whenever_it_is_closed(
    case: Problem, seed: int
) -> None:
    sessions = [
        evolve(
            one,
            title=f"T{number}S",
            segments=[evolve(part, title=f"T{number}P{index}P") for index, part in enumerate(one.segments)],
        )
        for number, one in enumerate(case.sessions)
    ]
    case = evolve(case, sessions=sessions, published=None)
    booked = random_schedule(case, random.Random(seed))  # noqa: S311  no secret
    made = calendars(case, booked, stamp=FIRST)
    groups = {one.id: {d.id for d in case.delegations if one.id in d.groups} for one in case.groups}
    homes = {one.id: one.delegation for one in case.persons}

    def there(names: set[str | None]) -> set[str | None]:
        """Everybody whom names stand for."""
        found = set(names)
        for name in names:
            found |= groups.get(str(name), set())
            found.add(homes.get(str(name)))
        return found

    for folder, parties in (("delegations", case.delegations), ("persons", case.persons)):
        files = safe_names(one.id for one in parties)
        for party in parties:
            text = made[f"{folder}/{files[party.id]}.ics"].decode().replace("\r\n ", "")
            for session in case.sessions:
                always = there({session.chair, *session.co_chairs, *session.required, *session.invited})
                assert (f"{session.title}\r\n" in text) <= (party.id in always or session.access == "open")
                for part in session.segments:
                    if part.title and f"{part.title}\r\n" in text and part.access != "open":
                        assert party.id in always | there({*part.required, *part.invited})
    common = [path for path in made if path.split("/")[0] in {"programme.ics", "rooms", "bodies", "rich"}]
    for session in case.sessions:
        for part in session.segments:
            if part.access != "open":
                assert all(f"{part.title}" not in made[path].decode() for path in common)


def test_with_a_publication_each_event_has_its_own_revision(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST).publication
    moved = [evolve(one, room="IX") if one.session == "drafting" else one for one in schedule]
    later = evolve(schedule, bookings=moved)
    second = publish(problem, later, first, stamp=LATER).publication
    found = events(calendars(problem, later, publication=second)["programme.ics"])
    assert {title: (one["SEQUENCE"], one["DTSTAMP"].dt) for title, one in found.items()} == {
        "Open consultation": (0, FIRST),
        "African States": (0, FIRST),
        "Drafting group": (1, LATER),
    }
    before, after = calendars(problem, schedule, publication=first), calendars(problem, later, publication=second)
    assert before["delegations/EG.ics"] == after["delegations/EG.ics"]
    assert before["delegations/IR.ics"] != after["delegations/IR.ics"]


def test_what_is_cancelled_stays_where_it_was_told(parted: Problem, schedule: Schedule) -> None:
    first = publish(parted, schedule, None, stamp=FIRST).publication
    fewer = evolve(schedule, bookings=[one for one in schedule if one.session == "coordination"])
    # One of the two is no longer in the problem at all.
    case = evolve(parted, sessions=[one for one in parted.sessions if one.id != "drafting"])
    second = publish(case, fewer, first, stamp=LATER).publication
    files = calendars(case, fewer, publication=second)
    names = safe_names(group.id for group in parted.groups)
    told = {
        path: [title for title in events(data) if title.startswith("Cancelled: ")]
        for path, data in files.items()
        if path.endswith(".ics") and not path.startswith(("busy", "rich"))
    }
    assert {path: titles for path, titles in told.items() if titles} == {
        "bodies/CSTD.ics": [
            "Cancelled: Open consultation",
            "Cancelled: Statements",
            "Cancelled: Closed part of a session",
            "Cancelled: Drafting group",
        ],
        "delegations/CH.ics": ["Cancelled: Open consultation"],
        "delegations/EG.ics": ["Cancelled: Open consultation"],
        "delegations/GH.ics": ["Cancelled: Sanctions"],
        "delegations/IR.ics": ["Cancelled: Sanctions", "Cancelled: Drafting group"],
        "delegations/LT.ics": ["Cancelled: Statements"],
        f"groups/{names['African States']}.ics": ["Cancelled: Open consultation"],
        f"groups/{names['Ghana and friends']}.ics": ["Cancelled: Sanctions"],
        "persons/riehl.ics": ["Cancelled: Open consultation"],
        "programme.ics": [
            "Cancelled: Open consultation",
            "Cancelled: Statements",
            "Cancelled: Closed part of a session",
            "Cancelled: Drafting group",
        ],
        "rooms/XII.ics": ["Cancelled: Drafting group"],
        "rooms/XXVI.ics": ["Cancelled: Open consultation"],
    }
    event = events(files["delegations/IR.ics"])["Cancelled: Drafting group"]
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    for path, data in files.items():
        if path.endswith(".ics") and not path.startswith(("busy", "rich")):
            assert [str(one) for one in lint(data, "feed") if "no component" not in one.message] == []
    back = publish(parted, schedule, second, stamp=LATER + timedelta(days=1)).publication
    assert b"Cancelled" not in calendars(parted, schedule, publication=back)["programme.ics"]


def test_what_has_not_been_published_is_refused(problem: Problem, schedule: Schedule) -> None:
    published = publish(problem, schedule, None, stamp=FIRST).publication
    fewer = evolve(schedule, bookings=schedule.bookings[1:])
    with pytest.raises(InputError, match="has been published, and is not scheduled"):
        calendars(problem, fewer, publication=published)
    less = publish(problem, fewer, None, stamp=FIRST).publication
    with pytest.raises(InputError, match="has not been published"):
        calendars(problem, schedule, publication=less)
    moved = evolve(schedule, bookings=[evolve(one, room="IX") for one in schedule])
    with pytest.raises(InputError, match="'drafting' has been published as something else"):
        calendars(problem, moved, publication=published)
    with pytest.raises(InputError, match="it is of problem 'other', not of"):
        calendars(problem, schedule, publication=evolve(published, problem="other"))
