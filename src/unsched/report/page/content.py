"""Everything that the page is made of, before it is a page: who and where, day by day, in the order to be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.calendar.event import UTC_ZONES, Issue
from unsched.calendar.head import END, opening
from unsched.calendar.names import safe_names
from unsched.calendar.publish import check_published
from unsched.calendar.vtimezone import vtimezone
from unsched.report.page.cards import Card, cards
from unsched.report.page.colours import colour_by_of, track_of
from unsched.report.printable import clean

if TYPE_CHECKING:
    from unsched.domain.people import Delegation, Group, Person
    from unsched.domain.problem import Problem
    from unsched.domain.publication import Publication
    from unsched.domain.schedule import Schedule

__all__ = ["Content", "Day", "Named", "Track", "content"]

_LONG_AGO = datetime(1973, 1, 1, tzinfo=UTC)


@frozen
class Named:
    """A room, a delegation, a group or a person to choose from.

    Args:
        id: as the user wrote it.
        label: what people read.
        feed: where its calendar is, from the folder of calendars.
        sort: "room", "delegation", "group" or "person".
        building: the building of a room.
    """

    id: str
    label: str
    feed: str
    sort: str
    building: str | None = None


@frozen
class Track:
    """What sessions are coloured by.

    Args:
        name: what people read.
        colour: number of its colour.
        feed: where its calendar is, if it is a body.
    """

    name: str
    colour: int
    feed: str | None


@frozen
class Day:
    """A day and its sessions, with the number of each in the order of the schedule."""

    date: date
    cards: tuple[tuple[int, Card], ...]


@frozen
class Content:
    """What the page shows.

    Args:
        id: id of the problem.
        title: what the meeting is called.
        venue: where it is.
        zone: IANA name of the venue's time zone.
        revision: of the schedule.
        stamp: when that was made, by the venue's clock.
        days: the days on which something starts.
        rooms: the rooms that are used, in the order of the venue.
        by: what tells sessions apart by colour, one of `COLOUR_BY`.
        tracks: what sessions are coloured by, by name, in the order of the alphabet.
        parties: whoever is at something, by sort, then name.
        assumptions: what the schedule rests on.
        opening: what the file of an event begins with.
        closing: what it ends with.
    """

    id: str
    title: str
    venue: str | None
    zone: str
    revision: int
    stamp: datetime | None
    days: tuple[Day, ...]
    rooms: tuple[Named, ...]
    by: str
    tracks: Mapping[str, Track]
    parties: tuple[Named, ...]
    assumptions: tuple[str, ...]
    opening: str
    closing: str

    @property
    def cards(self) -> tuple[Card, ...]:
        """All sessions, in the order of the schedule."""
        return tuple(card for day in self.days for _, card in day.cards)


def content(
    problem: Problem,
    schedule: Schedule,
    *,
    colour_by: str,
    stamp: datetime | None,
    publication: Publication | None = None,
) -> Content:
    """Return what the page of a schedule shows.

    Args:
        problem: the facts.
        schedule: bookings of sessions and rooms that the problem has.
        colour_by: "auto", or one of `COLOUR_BY`.
        stamp: when the schedule was made, with an offset; without it there are no events.
        publication: what `publish` made of this very schedule; `None` is not published.

    Raises:
        InputError: something else than the schedule has been published.
    """
    booked = [problem.session(booking.session) for booking in schedule.bookings]
    by = colour_by_of(booked) if colour_by == "auto" else colour_by
    named = {session.id: track_of(session, by) for session in booked}
    moment = None if stamp is None else stamp.astimezone(UTC)
    if publication is None:
        issue = Issue(problem, schedule.zone, moment or _LONG_AGO, schedule.revision)
    else:
        issue = Issue(problem, schedule.zone, moment or publication.stamp, publication.revision, publication.by_uid)
        check_published(issue, schedule, publication)
    found = cards(issue, schedule, named, events=moment is not None)
    numbered = groupby(enumerate(found), key=lambda pair: pair[1].start.date())
    return Content(
        id=problem.id,
        title=clean(problem.title or "").strip() or clean(problem.id),
        venue=clean(problem.venue.name) if problem.venue.name else None,
        zone=schedule.zone,
        revision=schedule.revision,
        stamp=None if moment is None else moment.astimezone(ZoneInfo(schedule.zone)),
        days=tuple(Day(day, tuple(some)) for day, some in numbered),
        rooms=_rooms(problem, found),
        by=by,
        tracks=_tracks(problem, found, by),
        parties=_parties(problem, found),
        assumptions=tuple(clean(str(one)) for one in schedule.assumptions),
        opening=_opening(found, schedule.zone),
        closing=END.decode(),
    )


def _rooms(problem: Problem, found: Iterable[Card]) -> tuple[Named, ...]:
    names = safe_names(room.id for room in problem.rooms)
    used = {card.room for card in found}
    return tuple(
        Named(room.id, clean(room.label), _feed("rooms", names[room.id]), "room", _clean(room.building))
        for room in problem.rooms
        if room.id in used
    )


def _tracks(problem: Problem, found: Iterable[Card], by: str) -> dict[str, Track]:
    names = safe_names(dict.fromkeys(body for session in problem.sessions for body in session.bodies))
    tracks = sorted(
        {card.track for card in found if card.track is not None}, key=lambda one: (_folded(clean(one)), one)
    )
    feeds = {track: _feed("bodies", names[track]) if by == "body" else None for track in tracks}
    return {track: Track(clean(track), number, feeds[track]) for number, track in enumerate(tracks)}


def _parties(problem: Problem, found: Iterable[Card]) -> tuple[Named, ...]:
    """Return everybody who is at something: nobody looks for others."""
    there = {id for card in found for id in card.roles}
    sorts: tuple[tuple[str, str, Iterable[Delegation | Group | Person]], ...] = (
        ("delegation", "delegations", problem.delegations),
        ("group", "groups", problem.groups),
        ("person", "persons", problem.persons),
    )
    parties: list[Named] = []
    for sort, folder, listed in sorts:
        some = tuple(listed)
        names = safe_names(one.id for one in some)
        here = [Named(o.id, clean(o.label), _feed(folder, names[o.id]), sort) for o in some if o.id in there]
        parties += sorted(here, key=lambda one: (_folded(one.label), one.id))
    return tuple(parties)


def _folded(text: str) -> str:
    """Return a text without accents and case, to sort by: an Å stands with the A."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _feed(folder: str, name: str) -> str:
    return quote(f"{folder}/{name}.ics")


def _clean(text: str | None) -> str | None:
    return clean(text) if text else None


def _opening(found: Iterable[Card], zone: str) -> str:
    """Return what the file of any one event begins with: the calendar's own lines, and the time zone."""
    years = [moment.year for card in found for moment in (card.start, card.end)]
    definition = b"" if zone in UTC_ZONES or not years else vtimezone(zone, min(years), max(years))
    return (opening() + definition).decode()
