"""Series: the same session each day as one recurring event, with an exception wherever it is not the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from icalendar import Event, vDDDLists, vRecur

from unsched.calendar.event import UTC_ZONES, Issue, event
from unsched.calendar.text import Text
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking, Schedule

__all__ = ["check_series", "find_series", "series_events", "series_uid"]

_MOST_DAYS: Final = 400
_DAY: Final = timedelta(days=1)


def find_series(problem: Problem, schedule: Schedule) -> tuple[tuple[str, ...], ...]:
    """Return the sessions that look like series: alike but for their ids, in one room at one time of day, one a day.

    It is a proposal, to be looked at and passed to `calendars(..., series=...)`. Sessions are alike if they have the
    same title, body, audience, length and all else that an event says of them.

    Args:
        problem: the facts.
        schedule: its schedule.

    Returns:
        the ids of the sessions of each series, two at least, in order of start.
    """
    alike: dict[tuple[object, ...], list[Booking]] = {}
    for booking in schedule.bookings:
        session = problem.session(booking.session)
        same = evolve(session, id="-", start=None, room=None, available=None, source=None, priority=0)
        clock = booking.start.time(), _seconds(booking)
        alike.setdefault((same, booking.room, *clock), []).append(booking)
    days = {key: [booking.start.date() for booking in some] for key, some in alike.items()}
    return tuple(
        tuple(booking.session for booking in some)
        for key, some in alike.items()
        if len(some) > 1 and len(set(days[key])) == len(some)
    )


def check_series(problem: Problem, schedule: Schedule, series: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return series as they can be written: those of their sessions that are scheduled, in order of start.

    Args:
        problem: the facts.
        schedule: its schedule.
        series: the ids of the sessions of each series, on different days by the wall clock.

    Raises:
        InputError: an id is unknown, is in two series or twice in one, or two sessions of one series are on one day,
            by which an exception could not say which of them it takes the place of.
    """
    faults: list[Fault] = []
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for index, ids in enumerate(series):
        path = f"series[{index}]"
        if isinstance(ids, str) or not isinstance(ids, Sequence):
            faults.append(Fault(path, f"{shown(ids)} is not a list of ids", "the ids of the sessions of one series."))
            continue
        days: dict[date, str] = {}
        for place, id in enumerate(ids):
            where = f"{path}[{place}]"
            if not isinstance(id, str) or id not in problem.sessions_by_id:
                remedy = nearest(id, problem.sessions_by_id) if isinstance(id, str) else "the id of a session."
                faults.append(Fault(where, f"problem {problem.id!r} has no session {shown(id)}", remedy))
                continue
            if id in seen:
                faults.append(Fault(where, f"{id!r} is in a series already", "leave it out here."))
            seen.add(id)
            if (booking := schedule.get(id)) is not None:
                other = days.setdefault(booking.start.date(), id)
                if other != id:
                    message = f"{id!r} is on {booking.start.date()}, and so is {other!r}"
                    faults.append(Fault(where, message, "a series for each of the two."))
        members = {id for id in ids if isinstance(id, str)}
        found.append(tuple(booking.session for booking in schedule.bookings if booking.session in members))
    if faults:
        raise InputError(faults, f"the series of {problem.id!r}")
    return tuple(found)


def series_uid(problem: str, session: str) -> str:
    """Return the UID of a series, made of the id of the session that its user names first; the same for ever.

    It is another than the session's own: a client that has the session by itself must not take one for the other.

    >>> from unsched.calendar.event import uid
    >>> series_uid("cstd-2010", "wg-1") == uid("cstd-2010", "wg-1")
    False
    """
    digest = sha256(json.dumps(["series", problem, session, "daily"]).encode()).hexdigest()
    return f"{digest[:32]}@unsched"


@frozen
class _Shape:
    """When a series has its sessions, but for exceptions: a local time of day, a length, and a room."""

    clock: time
    length: timedelta
    room: str


def series_events(issue: Issue, schedule: Schedule, ids: Sequence[str], name: str) -> tuple[Event, ...]:
    """Return one VEVENT with an RRULE (RFC 5545, section 3.8.5.3), then one for each exception (section 3.8.4.4).

    The rule is FREQ=DAILY, from the first session to the last, in the time of day, length and room that most of them
    have, with the text that most of those have. EXDATE takes out days without a session. A session that differs in
    anything, be it a word, has a VEVENT with the RECURRENCE-ID of its day. So another program that expands the rule
    finds the very instants and texts that separate events would have.

    Args:
        issue: what all events have in common.
        schedule: the bookings, in the zone of the issue.
        ids: scheduled sessions, each on a day of its own, in order of start, as `check_series` returns them.
        name: the id of the session that the series was named by first; its UID is made of it.

    Raises:
        InputError: the series takes over a year, or the clocks change while it has its time of day, on which readers
            do not agree.
    """
    bookings = [schedule[id] for id in ids]
    shapes = [_Shape(one.start.time(), timedelta(seconds=_seconds(one)), one.room) for one in bookings]
    shape = max(dict.fromkeys(shapes), key=shapes.count)
    first, last = bookings[0].start.date(), bookings[-1].start.date()
    _require_plain(issue, name, shape, first, last)
    slots = [datetime.combine(first + number * _DAY, shape.clock) for number in range((last - first).days + 1)]
    by_day = {booking.start.date(): booking for booking in bookings}
    own = series_uid(issue.problem.id, name)

    def stand(booking: Booking, slot: datetime) -> Event:
        begin = slot.replace(tzinfo=ZoneInfo(issue.zone))
        return _event(issue, evolve(booking, start=begin, end=begin + shape.length), own)

    alike = [booking for booking, one in zip(bookings, shapes, strict=True) if one == shape]
    texts = [stand(booking, slots[0]).to_ical() for booking in alike]
    pattern = alike[texts.index(max(dict.fromkeys(texts), key=texts.count))]
    master = stand(pattern, slots[0])
    master.add("RRULE", vRecur({"FREQ": ["DAILY"], "COUNT": [len(slots)]}))
    exceptions = []
    for slot in slots:
        booking = by_day.get(slot.date())
        if booking is None:
            _add_moment(master, "EXDATE", slot, issue.zone)
            continue
        exception = _event(issue, booking, own)
        if exception != stand(pattern, slot):
            _add_moment(exception, "RECURRENCE-ID", slot, issue.zone)
            exceptions.append(exception)
    return (master, *exceptions)


def _event(issue: Issue, booking: Booking, own: str) -> Event:
    vevent = event(issue, booking)
    vevent["UID"] = Text(own)
    return vevent


def _require_plain(issue: Issue, name: str, shape: _Shape, first: date, last: date) -> None:
    """Raise an `InputError` where days are too many to write out, or a local time is skipped or comes twice."""
    faults = []
    days = (last - first).days + 1
    if days > _MOST_DAYS:
        message = f"the series of {name!r} takes {days} days, over {_MOST_DAYS}"
        faults.append(Fault("series", message, "two series."))
        days = 0
    tz = ZoneInfo(issue.zone)
    for number in range(days):
        begin = datetime.combine(first + number * _DAY, shape.clock)
        offsets = {(begin + part).replace(tzinfo=tz, fold=fold).utcoffset() for part in _ends(shape) for fold in (0, 1)}
        if len(offsets) > 1:
            message = (
                f"the clocks change on {begin.date()} while the series of {name!r} has its time, {shape.clock:%H:%M}"
            )
            faults.append(Fault("series", message, "a series before that day and one after it."))
    if faults:
        raise InputError(faults, f"the series of {issue.problem.id!r}")


def _ends(shape: _Shape) -> tuple[timedelta, timedelta]:
    return timedelta(), shape.length


def _add_moment(vevent: Event, name: str, slot: datetime, zone: str) -> None:
    if zone in UTC_ZONES:
        vevent.add(name, slot.replace(tzinfo=UTC))
    elif name == "EXDATE":
        # icalendar makes a list of it; one line for each day is what every client reads.
        vevent.add(name, vDDDLists([slot]), {"TZID": zone})
    else:
        vevent.add(name, slot, {"TZID": zone})


def _seconds(booking: Booking) -> float:
    return booking.end.timestamp() - booking.start.timestamp()
