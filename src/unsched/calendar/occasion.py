"""Occasions: what stands in calendars as one event, a session or a segment of it with an audience of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from unsched.calendar.event import uid
from unsched.domain.audience import audiences_of
from unsched.domain.part import Part
from unsched.domain.people import Delegation, Person

if TYPE_CHECKING:
    from unsched.domain.audience import Audience
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking, Schedule
    from unsched.domain.session import Session

__all__ = ["Guest", "Occasion", "occasions", "occasions_of", "segment_uid"]

_CLOSED_TITLE = "Open part of a session"


@frozen
class Guest:
    """Somebody who is invited to an occasion.

    Args:
        party: the delegation or the person.
        role: "CHAIR", "REQ-PARTICIPANT" or "OPT-PARTICIPANT" (RFC 5545, section 3.2.16).
    """

    party: Delegation | Person
    role: str


@frozen(eq=False)
class Occasion:
    """What stands in calendars as one event.

    Args:
        session: what its texts are made of: the session, or what of it may be told to the guests of the segment.
        segment: id of the segment in its session; `None` for the session itself.
        uid: the event's UID.
        parent: the UID of the session, where this is a segment of it.
        room: id of the room.
        start: first instant.
        end: first instant after it.
        guests: who is invited, each once: chairs first, then those required, then those invited.
    """

    session: Session
    segment: str | None
    uid: str
    parent: str | None
    room: str
    start: datetime
    end: datetime
    guests: tuple[Guest, ...]


def segment_uid(problem: str, session: str, segment: str) -> str:
    """Return the UID of a segment, the same for ever (RFC 7986, section 5.3)."""
    return f"{sha256(json.dumps([problem, session, segment]).encode()).hexdigest()[:32]}@unsched"


def occasions(problem: Problem, schedule: Schedule) -> tuple[Occasion, ...]:
    """Return the events of a schedule, in order of start, then UID.

    The event of a session is for those who are there throughout. A segment that names participants, or to which access
    differs, is an event of its own, for those alone who are not at the whole session.
    """
    found = (one for booking in schedule.bookings for one in occasions_of(problem, booking))
    return tuple(sorted(found, key=lambda one: (one.start.timestamp(), one.uid)))


def occasions_of(problem: Problem, booking: Booking) -> Iterator[Occasion]:
    """Yield the event of a booked session, then those of its segments that are events of their own."""
    session = problem.session(booking.session)
    name = uid(problem.id, session.id)
    throughout = evolve(session, segments=())
    whole = _guests(audiences_of(problem, throughout)[0], session)
    yield Occasion(throughout, None, name, None, booking.room, booking.start, booking.end, whole)
    known = {guest.party.id for guest in whole}
    at = 0
    parts = zip(session.segments, session.segment_ids, problem.audiences(session), strict=False)
    for index, (segment, key, audience) in enumerate(parts):
        start, end = _times(booking, Part(session, at, segment.minutes))
        at += segment.minutes or 0
        own = segment.required or segment.invited or segment.access != session.access
        if own and start.timestamp() < end.timestamp():
            guests = tuple(guest for guest in _guests(audience, session) if guest.party.id not in known)
            own_uid = segment_uid(problem.id, session.id, key)
            yield Occasion(_told_of(session, index), key, own_uid, name, booking.room, start, end, guests)


def _times(booking: Booking, part: Part) -> tuple[datetime, datetime]:
    # Added as instants: wall clocks may change on the way.
    tz, begin = booking.start.tzinfo, booking.start.timestamp()
    start = datetime.fromtimestamp(begin + part.start * 60, tz)
    end = booking.end
    if part.minutes is not None:
        end = min(datetime.fromtimestamp(begin + (part.start + part.minutes) * 60, tz), end, key=datetime.timestamp)
    return start, end


def _told_of(session: Session, index: int) -> Session:
    """Return what may be told of a segment: nothing of a session that is closed to its guests."""
    segment = session.segments[index]
    alike = session.access in ("open", segment.access)
    title = segment.title or (session.title if alike else _CLOSED_TITLE)
    return evolve(
        session,
        title=title,
        access=segment.access,
        required=segment.required,
        invited=segment.invited,
        chair=session.chair if alike else None,
        co_chairs=session.co_chairs if alike else (),
        body=session.body if alike else None,
        kind=session.kind if alike else None,
        tags=session.tags if alike else (),
        description=None,
        segments=(),
    )


def _guests(audience: Audience, session: Session) -> tuple[Guest, ...]:
    chairs = {*((session.chair,) if session.chair else ()), *session.co_chairs}
    must: tuple[Delegation | Person, ...] = (*audience.required_persons, *audience.required)
    may: tuple[Delegation | Person, ...] = (*audience.invited, *audience.invited_persons)
    listed = [Guest(one, "CHAIR" if one.id in chairs else "REQ-PARTICIPANT") for one in must]
    listed += [Guest(one, "OPT-PARTICIPANT") for one in may]
    return tuple({guest.party.id: guest for guest in reversed(listed)}.values())[::-1]
