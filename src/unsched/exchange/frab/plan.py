"""A schedule laid over a document: what planning changes is changed, and everything else is as it was."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from attrs import evolve

from unsched.domain.people import Person
from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.session import Session
from unsched.exchange.frab.document import Day, Document, Event, Head, Participant, RoomNote
from unsched.exchange.frab.read import names_of
from unsched.exchange.programme.facts import Note
from unsched.exchange.programme.values import line

__all__ = ["document_of", "planned", "uuid_of"]

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:unsched:frab")
_LANGUAGE = "language: "


def uuid_of(*names: str) -> str:
    """Return a UUID that is the same for the same names: of version 5, RFC 9562, section 5.5.

    >>> uuid_of("igf", "wg-1") == uuid_of("igf", "wg-1") != uuid_of("igf", "wg-2")
    True
    """
    return str(uuid.uuid5(_SPACE, "\0".join(names)))


def document_of(problem: Problem, schedule: Schedule) -> Document:
    """Return a document of a schedule that never was one."""
    days = tuple(_days(problem, schedule))
    head = Head(
        version=str(schedule.revision),
        title=problem.title or problem.id,
        acronym=problem.id,
        start=f"{days[0].date}" if days else "",
        end=f"{days[-1].date}" if days else "",
        zone=schedule.zone,
        slot=problem.window.step,
        rooms=tuple(
            RoomNote(name, uuid_of(problem.id, "room", name), _capacity(problem, name))
            for name in dict.fromkeys(room.label for room in problem.rooms)
        ),
    )
    document = Document("", head, days, (), schedule.zone)
    events = (_made(document, problem, problem.session(one.session), one) for one in schedule.bookings)
    return evolve(document, events=tuple(events))


def planned(
    document: Document, schedule: Schedule, problem: Problem | None = None
) -> tuple[Document, tuple[Event | None, ...], tuple[Note, ...]]:
    """Lay a schedule over a document.

    Args:
        document: the document.
        schedule: where each session stands.
        problem: what the sessions and rooms are; without it, only sessions that the document has can be written, into
            rooms that are called as they were read.

    Returns:
        the document as planned; what became of each of its events, or `None` where it is left out; and notes.
    """
    labels = {} if problem is None else {room.id: room.label for room in problem.rooms}
    known = {name: name for name in (*(room for day in document.days for room in day.rooms), *_rooms(document))}
    notes: list[Note] = []
    days = list(document.days)
    became: list[Event | None] = []
    names = names_of(document)
    for name, event in zip(names, document.events, strict=True):
        booking = schedule.get(name)
        if booking is not None:
            room = labels.get(booking.room) or known.get(booking.room) or re.sub(r" / place \d+$", "", booking.room)
            became.append(_moved(event, booking, room, days, document.zone))
        elif event.start is not None and event.room and event.minutes and event.minutes <= 24 * 60:
            notes.append(Note(event.where, f"event {name!r} is not in the schedule: it is left out"))
            became.append(None)
        else:
            became.append(event)
    new: list[Event] = []
    for booking in schedule.bookings:
        if booking.session in names:
            continue
        if problem is None or booking.session not in problem.sessions_by_id:
            message = f"session {booking.session!r} is not in the document, and nothing is known of it: it is left out"
            notes.append(Note("", message))
            continue
        made = _made(document, problem, problem.session(booking.session), booking)
        new.append(evolve(made, day=_day(booking, None, days, document.zone)))
        notes.append(Note("", f"session {booking.session!r} is not in the document: an event is made for it"))
    kept: dict[str, Event] = {}
    for name, after in zip(names, became, strict=True):
        if after is not None:
            kept.setdefault(name, after)
    return evolve(document, days=tuple(days), events=(*kept.values(), *new)), tuple(became), tuple(notes)


def _rooms(document: Document) -> Iterator[str]:
    yield from (event.room for event in document.events)


def _moved(event: Event, booking: Booking, room: str, days: list[Day], zone: str) -> Event:
    minutes = _minutes(booking)
    same_time = event.start is not None and event.start.timestamp() == booking.start.timestamp()
    if same_time and room == event.room and minutes == event.minutes:
        return event
    return evolve(
        event,
        day=_day(booking, event, days, zone),
        room=room,
        start=event.start if same_time else booking.start.astimezone(_clock(event, zone)),
        minutes=minutes,
    )


def _minutes(booking: Booking) -> int:
    return int(booking.end.timestamp() - booking.start.timestamp()) // 60


def _clock(event: Event, zone: str) -> tzinfo:
    """Return the clock by which an event was written: where its offset was not that of the zone, its own."""
    tz = ZoneInfo(zone)
    if event.start is None or event.start.tzinfo is None:
        return tz
    return tz if event.start.utcoffset() == event.start.astimezone(tz).utcoffset() else event.start.tzinfo


def _day(booking: Booking, event: Event | None, days: list[Day], zone: str) -> int:
    """Return the number of the day on which a booking is written; where there is none, make it."""
    start = booking.start.astimezone(UTC)
    held = [number for number, day in enumerate(days) if day.start and day.end and day.start <= start < day.end]
    if event is not None and event.day in held:
        return event.day
    if held:
        return held[0]
    own = start.astimezone(ZoneInfo(zone)).date()
    for number, day in enumerate(days):
        if day.date == own:
            return number
    days.append(Day(None, own, None, None))
    return len(days) - 1


# -- what never was a document ----------------------------------------------------------------------------------------


def _days(problem: Problem, schedule: Schedule) -> Iterator[Day]:
    window = problem.window
    used = {_window_day(problem, booking) for booking in schedule.bookings}
    dates = sorted({*window.days, *used})
    for number, day in enumerate(dates, start=1):
        blocks = [block.span for block in window.open_blocks if block.day == day]
        mine = [one for one in schedule.bookings if _window_day(problem, one) == day]
        starts = [*(window.wall(span.start) for span in blocks), *(one.start for one in mine)]
        ends = [*(window.wall(span.end) for span in blocks), *(one.end for one in mine)]
        midnight = datetime.combine(day, time(0), window.tz)
        first = min(starts, key=datetime.timestamp, default=midnight)
        last = max(ends, key=datetime.timestamp, default=midnight + timedelta(days=1))
        yield Day(number, day, first, last)


def _window_day(problem: Problem, booking: Booking) -> date:
    minute = problem.window.minute(booking.start)
    held = (block.day for block in problem.window.open_blocks if block.span.start <= minute < block.span.end)
    return next(held, booking.start.date())


def _made(document: Document, problem: Problem, session: Session, booking: Booking) -> Event:
    track = next((tag for tag in session.tags if not tag.startswith(_LANGUAGE)), session.body or "")
    language = next((tag.removeprefix(_LANGUAGE) for tag in session.tags if tag.startswith(_LANGUAGE)), "")
    texts = {
        "title": session.title,
        "type": session.kind or "",
        "track": track,
        "language": language,
        "abstract": session.description or "",
    }
    days = list(document.days)
    return Event(
        "",
        _day(booking, None, days, document.zone),
        problem.room(booking.room).label,
        booking.start.astimezone(ZoneInfo(document.zone)),
        _minutes(booking),
        number=_number(problem.id, session.id),
        guid=uuid_of(problem.id, session.id),
        code=session.id if re.fullmatch(r"[0-9A-Z]{6}", session.id) else "",
        texts=texts,
        persons=tuple(_participants(problem, session)),
    )


def _participants(problem: Problem, session: Session) -> Iterator[Participant]:
    persons: Iterable[Person] = (*problem.required_persons(session), *problem.invited_persons(session))
    for person in persons:
        yield Participant(
            line(person.label), _number(problem.id, "person", person.id), uuid_of(problem.id, "person", person.id)
        )


def _number(*names: str) -> str:
    """Return a whole number for what is called so: the name itself where it is one."""
    if re.fullmatch(r"[1-9]\d{0,8}", names[-1], re.ASCII):
        return names[-1]
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).digest()
    # Above the nine digits of numbers that are kept, and within what 32 bits hold.
    return str(10**9 + int.from_bytes(digest[:8], "big") % 10**9)


def _capacity(problem: Problem, label: str) -> int | None:
    return next((room.seats.total for room in problem.rooms if room.label == label), None)
