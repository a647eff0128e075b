"""What the page shows of each session, and to whom it matters: exactly what the calendar of everything tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from unsched.calendar.occasion import occasions_of
from unsched.calendar.view import sights
from unsched.domain.audience import audiences_of
from unsched.report.printable import clean, clean_lines

if TYPE_CHECKING:
    from unsched.calendar.event import Issue
    from unsched.calendar.view import Sight
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking, Schedule
    from unsched.domain.session import Session

__all__ = ["Card", "Piece", "cards"]


@frozen
class Piece:
    """A part of a session that has a time and a title of its own.

    Args:
        start: its first instant.
        end: the first instant after it.
        title: what it is called; `None` where it is closed, and nothing of it is told.
        readers: ids of those who are there and not at the whole session; nobody where it is closed.
    """

    start: datetime
    end: datetime
    title: str | None
    readers: frozenset[str] = frozenset()


@frozen
class Card:
    """What the page shows of one session; texts are clean, and as yet no markup.

    Args:
        id: the session's id, as the user wrote it.
        room: id of the room.
        start: its first instant.
        end: the first instant after it.
        title: its title.
        track: what it is coloured by.
        kind: its kind, where that is not what it is coloured by.
        access: "open", "members" or "governments".
        languages: what it is interpreted into.
        provided: what the room offers for it.
        chairs: who is in the chair.
        required: who must be there, as the session names them.
        invited: who is invited, as the session names them.
        description: its description, line by line.
        pieces: its parts.
        roles: by id of each delegation, group and person whose it is: "c" in the chair, "r" required, "i" invited.
        event: its VEVENT; empty where nobody says when it was made.
    """

    id: str
    room: str
    start: datetime
    end: datetime
    title: str
    track: str | None
    kind: str | None
    access: str
    languages: tuple[str, ...]
    provided: tuple[str, ...]
    chairs: tuple[str, ...]
    required: tuple[str, ...]
    invited: tuple[str, ...]
    description: tuple[str, ...]
    pieces: tuple[Piece, ...]
    roles: Mapping[str, str]
    event: str = ""


def cards(issue: Issue, schedule: Schedule, tracks: Mapping[str, str | None], *, events: bool) -> tuple[Card, ...]:
    """Return the cards of a schedule, in its order.

    What is closed is treated as in `programme.ics`: a session that is not open is announced with its title, and a
    part that is not open as no more than that. Who is at a closed part alone is not told.

    Args:
        issue: what all events have in common.
        schedule: the bookings.
        tracks: what each session is coloured by, by id.
        events: whether each gets its event.
    """
    seen: dict[str, list[Sight]] = {}
    for sight in sights(issue, schedule):
        seen.setdefault(sight.session, []).append(sight)
    return tuple(_card(issue, booking, seen[booking.session], tracks, events=events) for booking in schedule.bookings)


def _card(
    issue: Issue, booking: Booking, seen: Sequence[Sight], tracks: Mapping[str, str | None], *, events: bool
) -> Card:
    problem, session = issue.problem, issue.problem.session(booking.session)
    whole = next(one for one in seen if one.whole)
    pieces = tuple(_pieces(problem, booking, seen)) if session.segments else ()
    track = tracks[session.id]
    chairs = tuple(dict.fromkeys(((session.chair,) if session.chair else ()) + session.co_chairs))
    return Card(
        id=session.id,
        room=booking.room,
        start=booking.start,
        end=booking.end,
        title=clean(session.title).strip() or clean(session.id),
        track=track,
        kind=session.kind if session.kind != track else None,
        access=session.access,
        languages=session.languages,
        provided=session.features,
        chairs=_labels(issue, chairs),
        required=_labels(issue, (one for one in session.required if one not in chairs)),
        invited=_labels(issue, session.invited),
        description=_paragraphs(session.description),
        pieces=pieces,
        roles=_roles(problem, session, frozenset(chairs), whole.readers, pieces),
        event=whole.public.decode() if events else "",
    )


def _labels(issue: Issue, ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean(issue.labels[id]) for id in ids)


def _paragraphs(text: str | None) -> tuple[str, ...]:
    lines = (line.strip() for line in clean_lines((text or "").replace("\r\n", "\n")).split("\n"))
    return tuple(line for line in lines if line)


def _pieces(problem: Problem, booking: Booking, seen: Sequence[Sight]) -> Iterator[Piece]:
    """Yield the parts that are told of: those with an audience of their own, and those with a title."""
    session = problem.session(booking.session)
    own = {one.segment: one for one in occasions_of(problem, booking) if one.segment is not None}
    readers = {one.start: one.readers for one in seen if not one.whole and not one.closed}
    begin, at, tz = booking.start.timestamp(), 0, booking.start.tzinfo
    for segment, key in zip(session.segments, session.segment_ids, strict=True):
        occasion = own.get(key)
        start = datetime.fromtimestamp(begin + at * 60, tz)
        at += segment.minutes or 0
        end = booking.end if segment.minutes is None else datetime.fromtimestamp(begin + at * 60, tz)
        if occasion is not None:
            closed = occasion.session.access != "open"
            title = None if closed else clean(occasion.session.title)
            yield Piece(occasion.start, occasion.end, title, readers.get(occasion.start.timestamp(), frozenset()))
        elif segment.title and start.timestamp() < booking.end.timestamp():
            yield Piece(start, min(end, booking.end, key=datetime.timestamp), clean(segment.title))


def _roles(
    problem: Problem, session: Session, chairs: frozenset[str], readers: frozenset[str], pieces: Sequence[Piece]
) -> dict[str, str]:
    audience = audiences_of(problem, evolve(session, segments=()) if session.segments else session)[0]
    must = frozenset(audience.needed) | frozenset(session.required)
    roles = {id: "c" if id in chairs else "r" if id in must else "i" for id in sorted(readers)}
    for piece in pieces:
        roles |= {id: "i" for id in sorted(piece.readers) if id not in roles}
    return roles
