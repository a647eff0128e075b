"""Which session goes to which calendar, and the calendars themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import evolve

from unsched.calendar.duty import duty_feeds
from unsched.calendar.event import UTC_ZONES, Issue
from unsched.calendar.freebusy import busy_rooms
from unsched.calendar.head import END, PRODID, REFRESH, check_base_url, head
from unsched.calendar.names import safe_names
from unsched.calendar.publish import check_published
from unsched.calendar.rich import rich
from unsched.calendar.series import check_series, series_events
from unsched.calendar.view import Sight, concerned, sights
from unsched.calendar.vtimezone import vtimezone
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically

if TYPE_CHECKING:
    from unsched.domain.people import Delegation, Group, Person
    from unsched.domain.problem import Problem
    from unsched.domain.publication import Entry, Publication
    from unsched.domain.schedule import Schedule

__all__ = ["PRODID", "REFRESH", "calendars", "concerned", "write_calendars"]


def calendars(
    problem: Problem,
    schedule: Schedule,
    *,
    stamp: datetime | None = None,
    base_url: str | None = None,
    series: Sequence[Sequence[str]] = (),
    publication: Publication | None = None,
) -> dict[str, bytes]:
    """Return the calendars of a schedule as iCalendar files: the programme, and one for each party and room.

    - `programme.ics`: every session that is scheduled, and its parts that have audiences of their own.
    - `delegations/...ics`: the sessions that the delegation is required in or invited to, by itself or through a
      group, and those that a person of the delegation must be at; or only the part of a session where it is there only
      then, with no word of the rest.
    - `groups/...ics`: the sessions that name the group or concern one of its delegations; what is not open stands there
      without its title where the group is neither named nor there as a whole.
    - `persons/...ics`: the sessions that the person chairs, is required in or invited to, or the part of them.
    - `rooms/...ics`: the sessions in the room.
    - `bodies/...ics`: the sessions in which the body meets, alone or with others, and their parts.
    - `interpreters/...ics` and `teams/...ics`, where the problem has teams: what is interpreted into a language, and
      what a team interprets, by `roster`.
    - `busy/rooms/...ics`: when the room is taken or closed, without a word of what for; see `busy_rooms`.
    - `rich/programme.ics` and `rich/programme.json`: every session with its place, its people and its services as
      components of their own, and the same as jCal; see `rich`.

    Everybody has a calendar, also those with no session as yet: an address to subscribe to must not come and go.
    METHOD is PUBLISH if the problem has an organizer. Without one there is no METHOD at all, since RFC 5546,
    section 3.2.1, asks for an ORGANIZER in what is published. The same arguments give the same bytes, everywhere.

    With a publication, each event has the SEQUENCE and the DTSTAMP that its invitations have: what has not changed
    stays the same, byte for byte. What has been cancelled stays, as STATUS:CANCELLED with the word before its title, in
    the calendars of those who had been told of it.

    Args:
        problem: the facts.
        schedule: the bookings; its revision is the SEQUENCE of every event, without a publication.
        stamp: when this revision was made, with its offset from UTC (DTSTAMP); by default the publication's or the
            schedule's own stamp. It is never read off a clock, since clients take the latest DTSTAMP for the latest
            word.
        base_url: the address of the folder on the web where the files will be, for SOURCE; `None` leaves it out.
        series: the ids of the sessions of each series, to stand as one recurring event wherever a feed has all of
            them that are scheduled; `find_series` proposes some. The first id names the series: keep it for ever.
        publication: what `publish` made of this very schedule; `None` is not published.

    Returns:
        the content of each file by its name, with "/" between folder and file, in the order of the names.

    Raises:
        InputError: there is no stamp, or the schedule is of another problem, or books a session or a room that the
            problem does not have, or `base_url` is no address, or a series is none, or something else than the schedule
            has been published.
    """
    made = _check(problem, schedule, publication.stamp if stamp is None and publication else stamp, base_url)
    if publication is None:
        issue = Issue(problem, schedule.zone, made, schedule.revision)
    else:
        issue = Issue(problem, schedule.zone, made, publication.revision, publication.by_uid)
        check_published(issue, schedule, publication)
    cancelled = [one for one in issue.entries.values() if one.cancelled]
    seen = sights(issue, schedule, cancelled)
    definition = b"" if schedule.zone in UTC_ZONES else _timezone(problem, schedule, cancelled)
    files = {}
    # RFC 5545, section 3.6, asks for at least one component, so an empty calendar in UTC defines UTC.
    spare = definition or _timezone(problem, schedule, cancelled)
    together = {}
    for named, ids in zip(series, check_series(problem, schedule, series), strict=True):
        if len(ids) > 1:
            # A series is an event of its own, which no invitation speaks of.
            joined = series_events(evolve(issue, entries={}), schedule, ids, named[0])
            together[ids] = b"".join(one.to_ical() for one in joined)
    for path, title, events in _feeds(problem, seen):
        found = _join(events, together)
        parts = [head(problem, path, title, base_url), definition if found else spare, *found, END]
        files[path] = b"".join(parts)
    for path, title, tasks in duty_feeds(issue, schedule):
        files[path] = b"".join([head(problem, path, title, base_url), definition if tasks else spare, *tasks, END])
    files |= busy_rooms(issue, schedule)
    files |= rich(issue, schedule, spare, base_url)
    return dict(sorted(files.items()))


def _join(events: Sequence[tuple[Sight, bytes]], together: Mapping[tuple[str, ...], bytes]) -> list[bytes]:
    """Return events, with each series that is there as a whole as one, where its first would be."""
    if not together:
        return [data for _, data in events]
    there = {sight.session for sight, _ in events if sight.whole and sight.standing}
    places = {
        session: (ids, data) for ids, data in together.items() if all(id in there for id in ids) for session in ids
    }
    found = []
    for sight, data in events:
        ids, joined = places.get(sight.session, ((), b"")) if sight.whole and sight.standing else ((), b"")
        if not ids:
            found.append(data)
        elif sight.session == ids[0]:
            found.append(joined)
    return found


def write_calendars(
    problem: Problem,
    schedule: Schedule,
    folder: str | os.PathLike[str],
    *,
    stamp: datetime | None = None,
    base_url: str | None = None,
    series: Sequence[Sequence[str]] = (),
    publication: Publication | None = None,
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
        publication: as in `calendars`.

    Returns:
        the files written, in the order of their names.

    Raises:
        InputError: as in `calendars`, or a folder inside `folder` is a link that leads out of it.
        OSError: a file cannot be written.
    """
    files = calendars(problem, schedule, stamp=stamp, base_url=base_url, series=series, publication=publication)
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


def _feeds(problem: Problem, seen: Sequence[Sight]) -> Iterator[tuple[str, str | None, list[tuple[Sight, bytes]]]]:
    """Yield each calendar's path, whose it is, and the events it has, in order of start."""
    yield "programme.ics", None, [(one, one.public) for one in seen]
    folders: tuple[tuple[str, Iterable[Delegation | Group | Person]], ...] = (
        ("delegations", problem.delegations),
        ("groups", problem.groups),
        ("persons", problem.persons),
    )
    for folder, parties in folders:
        names = safe_names(party.id for party in parties)
        for party in parties:
            events = [(one, one.seen_by(party.id)) for one in seen if party.id in one.readers]
            yield f"{folder}/{names[party.id]}.ics", party.label, events
    names = safe_names(room.id for room in problem.rooms)
    for room in problem.rooms:
        # A room is taken once, whoever is in it.
        events = [(one, one.told) for one in seen if one.whole and one.room == room.id]
        yield f"rooms/{names[room.id]}.ics", room.label, events
    names = safe_names(dict.fromkeys(body for session in problem.sessions for body in session.bodies))
    for body, name in names.items():
        yield f"bodies/{name}.ics", body, [(one, one.public) for one in seen if body in one.bodies]


def _timezone(problem: Problem, schedule: Schedule, cancelled: Iterable[Entry]) -> bytes:
    tz = ZoneInfo(schedule.zone)
    stays = [(one.start, one.end) for one in schedule.bookings] + [(one.told.start, one.told.end) for one in cancelled]
    years = [moment.astimezone(tz).year for stay in stays for moment in stay]
    years = years or [day.year for day in problem.window.days]
    return vtimezone(schedule.zone, min(years), max(years))
