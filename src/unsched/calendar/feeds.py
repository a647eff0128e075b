"""Which session goes to which calendar, and the calendars themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from unsched.calendar.duty import duty_feeds
from unsched.calendar.event import UTC_ZONES, Issue, event
from unsched.calendar.freebusy import busy_rooms
from unsched.calendar.head import END, PRODID, REFRESH, check_base_url, head
from unsched.calendar.names import safe_names
from unsched.calendar.rich import rich
from unsched.calendar.series import check_series, series_events
from unsched.calendar.vtimezone import vtimezone
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically

if TYPE_CHECKING:
    from unsched.domain.people import Delegation, Group, Person
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.domain.session import Session

__all__ = ["PRODID", "REFRESH", "calendars", "concerned", "write_calendars"]


def calendars(
    problem: Problem,
    schedule: Schedule,
    *,
    stamp: datetime | None = None,
    base_url: str | None = None,
    series: Sequence[Sequence[str]] = (),
) -> dict[str, bytes]:
    """Return the calendars of a schedule as iCalendar files: the programme, and one for each party and room.

    - `programme.ics`: every session that is scheduled.
    - `delegations/...ics`: the sessions that the delegation is required in or invited to, by itself or through a
      group, and those that a person of the delegation must be at.
    - `groups/...ics`: the sessions that name the group or concern one of its delegations.
    - `persons/...ics`: the sessions that the person chairs, is required in or invited to.
    - `rooms/...ics`: the sessions in the room.
    - `bodies/...ics`: the sessions in which the body meets, alone or with others.
    - `interpreters/...ics` and `teams/...ics`, where the problem has teams: what is interpreted into a language, and
      what a team interprets, by `roster`.
    - `busy/rooms/...ics`: when the room is taken or closed, without a word of what for; see `busy_rooms`.
    - `rich/programme.ics` and `rich/programme.json`: every session with its place, its people and its services as
      components of their own, and the same as jCal; see `rich`.

    Everybody has a calendar, also those with no session as yet: an address to subscribe to must not come and go.
    METHOD is PUBLISH if the problem has an organizer. Without one there is no METHOD at all, since RFC 5546,
    section 3.2.1, asks for an ORGANIZER in what is published. The same arguments give the same bytes, everywhere.

    Args:
        problem: the facts.
        schedule: the bookings; its revision is the SEQUENCE of every event.
        stamp: when this revision was made, with its offset from UTC (DTSTAMP); by default the schedule's own stamp. It
            is never read off a clock, since clients take the latest DTSTAMP for the latest word.
        base_url: the address of the folder on the web where the files will be, for SOURCE; `None` leaves it out.
        series: the ids of the sessions of each series, to stand as one recurring event wherever a feed has all of
            them that are scheduled; `find_series` proposes some. The first id names the series: keep it for ever.

    Returns:
        the content of each file by its name, with "/" between folder and file, in the order of the names.

    Raises:
        InputError: there is no stamp, or the schedule is of another problem, or books a session or a room that the
            problem does not have, or `base_url` is no address, or a series is none.
    """
    issue = Issue(problem, schedule.zone, _check(problem, schedule, stamp, base_url), schedule.revision)
    events: dict[str, bytes] = {booking.session: event(issue, booking).to_ical() for booking in schedule.bookings}
    definition = b"" if schedule.zone in UTC_ZONES else _timezone(problem, schedule)
    files = {}
    # RFC 5545, section 3.6, asks for at least one component, so an empty calendar in UTC defines UTC.
    spare = definition or _timezone(problem, schedule)
    together = {}
    for named, ids in zip(series, check_series(problem, schedule, series), strict=True):
        if len(ids) > 1:
            joined = series_events(issue, schedule, ids, named[0])
            together[ids] = b"".join(one.to_ical() for one in joined)
    for path, title, sessions in _feeds(problem, schedule):
        found = _join(sessions, events, together)
        parts = [head(problem, path, title, base_url), definition if found else spare, *found, END]
        files[path] = b"".join(parts)
    for path, title, tasks in duty_feeds(issue, schedule):
        files[path] = b"".join([head(problem, path, title, base_url), definition if tasks else spare, *tasks, END])
    files |= busy_rooms(issue, schedule)
    files |= rich(issue, schedule, spare, base_url)
    return dict(sorted(files.items()))


def _join(
    sessions: Iterable[str], events: Mapping[str, bytes], together: Mapping[tuple[str, ...], bytes]
) -> list[bytes]:
    """Return the events of sessions, with each series that is there as a whole as one, where its first would be."""
    there = dict.fromkeys(sessions)
    places = {
        session: (ids, data) for ids, data in together.items() if all(id in there for id in ids) for session in ids
    }
    found = []
    for session in there:
        ids, data = places.get(session, ((session,), events[session]))
        if session == ids[0]:
            found.append(data)
    return found


def write_calendars(
    problem: Problem,
    schedule: Schedule,
    folder: str | os.PathLike[str],
    *,
    stamp: datetime | None = None,
    base_url: str | None = None,
    series: Sequence[Sequence[str]] = (),
) -> tuple[Path, ...]:
    """Write the calendars of a schedule to a folder, each file in one step.

    Names are made safe for any file system and stay inside `folder`. Files of an earlier run that are no longer part
    are left alone, since somebody may still subscribe to them; compare with what is returned to find them.

    Args:
        problem: the facts.
        schedule: the bookings.
        folder: where to write; made if it is not there.
        stamp: as in `calendars`.
        base_url: as in `calendars`.
        series: as in `calendars`.

    Returns:
        the files written, in the order of their names.

    Raises:
        InputError: as in `calendars`, or a folder inside `folder` is a link that leads out of it.
        OSError: a file cannot be written.
    """
    files = calendars(problem, schedule, stamp=stamp, base_url=base_url, series=series)
    root = Path(folder)
    inside = root.resolve()
    faults = [
        Fault(name, f"{name!r} is a link that leads out of {str(folder)!r}", "another folder, or no link in it.")
        for name in dict.fromkeys(path.rpartition("/")[0] for path in files)
        if not (root / name).resolve().is_relative_to(inside)
    ]
    if faults:
        raise InputError(faults, "the folder for calendars")
    return tuple(write_atomically(root / path, data) for path, data in files.items())


def concerned(problem: Problem, session: Session) -> frozenset[str]:
    """Return the ids of all delegations, groups and persons whose calendars have a session."""
    must = problem.required_persons(session)
    delegations = {d.id for d in (*problem.required_delegations(session), *problem.invited_delegations(session))}
    delegations.update(person.delegation for person in must if person.delegation)
    persons = {person.id for person in (*must, *problem.invited_persons(session))}
    groups = {group for id in delegations for group in problem.delegations_by_id[id].groups}
    named = {*session.required, *session.invited}
    for segment in session.segments:
        named.update(segment.required, segment.invited)
    return frozenset(named | delegations | persons | groups)


def _check(problem: Problem, schedule: Schedule, stamp: datetime | None, base_url: str | None = None) -> datetime:
    """Return the stamp in UTC, once everything that can be wrong has been looked at."""
    faults = misfits(problem, schedule)
    moment = schedule.stamp if stamp is None else stamp
    if moment is None:
        remedy = "Schedule(stamp=...) or calendars(..., stamp=...), such as 2010-12-06T12:00+00:00."
        faults.append(Fault("stamp", "neither the schedule nor the call says when this revision was made", remedy))
    elif getattr(moment, "tzinfo", None) is None:
        remedy = "one such as 2010-12-06T12:00:00+00:00."
        faults.append(Fault("stamp", f"{moment!r} is not a date and time with an offset", remedy))
    faults += [] if base_url is None else check_base_url(base_url)
    if faults or moment is None:
        raise InputError(faults, f"the calendars of {problem.id!r}")
    return moment.astimezone(UTC)


def _feeds(problem: Problem, schedule: Schedule) -> Iterator[tuple[str, str | None, list[str]]]:
    """Yield each calendar's path, whose it is, and the sessions it has, in order of start."""
    booked = [booking.session for booking in schedule.bookings]
    yield "programme.ics", None, booked
    touched = {session: concerned(problem, problem.session(session)) for session in booked}
    folders: tuple[tuple[str, Iterable[Delegation | Group | Person]], ...] = (
        ("delegations", problem.delegations),
        ("groups", problem.groups),
        ("persons", problem.persons),
    )
    for folder, parties in folders:
        names = safe_names(party.id for party in parties)
        for party in parties:
            sessions = [session for session in booked if party.id in touched[session]]
            yield f"{folder}/{names[party.id]}.ics", party.label, sessions
    names = safe_names(room.id for room in problem.rooms)
    for room in problem.rooms:
        yield f"rooms/{names[room.id]}.ics", room.label, [b.session for b in schedule.bookings if b.room == room.id]
    bodies = {session.id: session.bodies for session in problem.sessions}
    names = safe_names(dict.fromkeys(body for some in bodies.values() for body in some))
    for body, name in names.items():
        yield f"bodies/{name}.ics", body, [session for session in booked if body in bodies[session]]


def _timezone(problem: Problem, schedule: Schedule) -> bytes:
    days = [moment for booking in schedule.bookings for moment in (booking.start, booking.end)] or problem.window.days
    years = [day.year for day in days]
    return vtimezone(schedule.zone, min(years), max(years))
