"""The rich programme: places, people and services as components of their own, and what comes before what.

RFC 9073 has VLOCATION, PARTICIPANT and VRESOURCE, RFC 9253 has GAP and REFID. Most clients of today leave out what they
do not know, and some refuse it: so it stands in a file of its own, and again as jCal (RFC 7265).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from icalendar import Component

from unsched.calendar.event import UTC_ZONES, Issue, event, uid
from unsched.calendar.head import END, head
from unsched.calendar.jcal import to_jcal
from unsched.calendar.text import Text, one_line
from unsched.rules.order import Before

if TYPE_CHECKING:
    from unsched.domain.schedule import Booking, Schedule

__all__ = ["part_uid", "rich", "rich_event"]

_PATH: Final = "rich/programme.ics"


class _Part(Component):
    """A component of RFC 9073, which icalendar has no class of."""

    def __init__(self, name: str, uid: str) -> None:
        super().__init__()
        self.name = name  # type: ignore[misc]  # a class for each of three names would say no more
        self.add("UID", Text(uid))


def part_uid(problem: str, session: str, kind: str, id: str) -> str:
    """Return the UID of a part of a session's event: its place, somebody who takes part, something that is needed.

    RFC 9073 asks for one on each; it is of the event, so that no two components of a file share it.

    >>> part_uid("p", "wg", "VLOCATION", "XXVI") == part_uid("p", "wg", "VRESOURCE", "XXVI")
    False
    """
    digest = sha256(json.dumps(["part", problem, session, kind, id]).encode()).hexdigest()
    return f"{digest[:32]}@unsched"


def rich(issue: Issue, schedule: Schedule, definition: bytes, base_url: str | None = None) -> dict[str, bytes]:
    """Return the rich programme as iCalendar and as jCal, by the names of their files.

    No mail address stands in it: a PARTICIPANT has a name, and no CALENDAR-ADDRESS.

    Args:
        issue: what all events have in common.
        schedule: the bookings.
        definition: the VTIMEZONE; empty in UTC.
        base_url: the address that the files are found under; `None` leaves SOURCE out.
    """
    later = _followers(issue, schedule)
    events = [rich_event(issue, booking, later.get(booking.session, {})).to_ical() for booking in schedule.bookings]
    zone = definition if issue.zone not in UTC_ZONES or not events else b""
    data = b"".join([head(issue.problem, _PATH, None, base_url, method=False), zone, *events, END])
    return {_PATH: data, "rich/programme.json": to_jcal(data)}


def rich_event(issue: Issue, booking: Booking, later: dict[str, int]) -> Component:
    """Return the VEVENT of a booking with all its parts.

    Args:
        issue: what all events have in common.
        booking: the session's room and time.
        later: sessions that must not start before it ends, and the least minutes between.
    """
    problem, session = issue.problem, issue.problem.session(booking.session)
    vevent = event(issue, booking)
    for other, minutes in later.items():
        parameters = {"RELTYPE": "FINISHTOSTART"} | ({"GAP": f"PT{minutes}M"} if minutes else {})
        vevent.add("RELATED-TO", Text(uid(problem.id, other)), parameters)
    for body in dict.fromkeys(session.bodies):
        vevent.add("REFID", Text(one_line(body)))
    for part in _parts(issue, booking):
        vevent.add_component(part)
    return vevent


def _parts(issue: Issue, booking: Booking) -> Iterator[_Part]:
    problem, session = issue.problem, issue.problem.session(booking.session)
    room = problem.room(booking.room)
    yield _part(issue, booking, "VLOCATION", room.id, {"NAME": room.label, "DESCRIPTION": room.building})
    chairs = (*((session.chair,) if session.chair else ()), *session.co_chairs)
    for id in dict.fromkeys(chairs):
        role = "Chair" if id == session.chair else "Co-chair"
        facts = {"PARTICIPANT-TYPE": "ACTIVE", "SUMMARY": issue.labels[id], "DESCRIPTION": role}
        yield _part(issue, booking, "PARTICIPANT", id, facts)
    for names, role in ((session.required, "Required"), (session.invited, "Invited")):
        for id in names:
            if id not in chairs:
                facts = {"PARTICIPANT-TYPE": "ACTIVE", "SUMMARY": issue.labels[id], "DESCRIPTION": role}
                yield _part(issue, booking, "PARTICIPANT", id, facts)
    labels = {one.id: one.name or one.id for one in problem.equipment}
    for id in dict.fromkeys((*session.features, *session.equipment)):
        yield _part(issue, booking, "VRESOURCE", id, {"NAME": labels.get(id, id)})
    for language in session.languages:
        facts = {"NAME": f"Interpretation into {language}"}
        yield _part(issue, booking, "VRESOURCE", f"interpretation {language}", facts)


def _part(issue: Issue, booking: Booking, kind: str, id: str, facts: dict[str, str] | dict[str, str | None]) -> _Part:
    part = _Part(kind, part_uid(issue.problem.id, booking.session, kind, id))
    for name, text in facts.items():
        if text and (line := one_line(text)):
            part.add(name, Text(line))
    return part


def _followers(issue: Issue, schedule: Schedule) -> dict[str, dict[str, int]]:
    """Return the sessions that some rule puts after each session, with the least minutes between, both scheduled."""
    problem = issue.problem
    found: dict[str, dict[str, int]] = {}
    for rule in problem.all_rules:
        plain = rule.plain
        if not isinstance(plain, Before):
            continue
        for one in problem.select(plain.first):
            for other in problem.select(plain.then):
                if one.id in schedule and other.id in schedule:
                    mine = found.setdefault(one.id, {})
                    mine[other.id] = max(mine.get(other.id, 0), plain.least)
    return found
