"""A schedule document of frab and its kin, whichever form it was written in: nothing in it is lost but layout.

XML and both kinds of JSON say nearly the same. What only one of them can say is kept in `extra`, as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

__all__ = ["Day", "Document", "Event", "Head", "Link", "Participant", "RoomNote", "Track"]


@frozen
class Link:
    """A link or an attachment."""

    url: str
    title: str = ""
    type: str = ""
    service: str = ""


@frozen
class Participant:
    """Somebody whom an event names.

    Args:
        name: what people read.
        number: the integer id, as it is written; empty is none.
        guid: the UUID; empty is none.
        code: pretalx's code; empty is none.
        extra: what else a JSON document has of the person (biography, avatar, answers ...).
    """

    name: str
    number: str = ""
    guid: str = ""
    code: str = ""
    extra: Mapping[str, Any] = field(factory=dict, hash=False)


@frozen
class Event:
    """An event.

    Texts are as written; what is not there is `None`.

    Args:
        where: its place in the document, with its line where it has lines.
        day: the number of its day in the document, from 0.
        room: the name of its room; empty is none.
        start: when it begins; `None` where no time is given.
        minutes: its length; `None` where none is given.
        number: the integer id, as it is written; empty is none.
        guid: the UUID; empty is none.
        code: pretalx's code of the submission, which can have several events; empty is none.
        texts: title, subtitle, type, language, abstract, description, slug, track, logo, url, feedback_url, origin_url,
            video_download_url, license, recording_url, recording_link, do_not_stream, state; those that are there.
        optout: whether it is not to be recorded.
        persons: who speaks.
        links: links.
        attachments: attachments.
        extra: what else a JSON document has of it.
    """

    where: str
    day: int
    room: str
    start: datetime | None
    minutes: int | None
    number: str = ""
    guid: str = ""
    code: str = ""
    texts: Mapping[str, str] = field(factory=dict, hash=False)
    optout: bool | None = None
    persons: tuple[Participant, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    extra: Mapping[str, Any] = field(factory=dict, hash=False)

    def text(self, name: str) -> str:
        """Return one of the texts; empty where it is not there."""
        return self.texts.get(name, "")


@frozen
class Day:
    """A day of the conference, which may end after midnight.

    Args:
        index: its number, as it is written; `None` is none.
        date: its date.
        start: when it begins.
        end: when it ends.
        rooms: the names of its rooms, in order.
        extra: what else is said of it.
    """

    index: int | None
    date: date | None
    start: datetime | None
    end: datetime | None
    rooms: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(factory=dict, hash=False)


@frozen
class RoomNote:
    """What the document says of a room besides its events.

    Args:
        name: what it is called.
        guid: the UUID; empty is none.
        capacity: seats in all.
        extra: what else a JSON document has of it (description, type, features ...).
    """

    name: str
    guid: str = ""
    capacity: int | None = None
    extra: Mapping[str, Any] = field(factory=dict, hash=False)


@frozen
class Track:
    """A track: its name, and what else is said of it (color, slug ...)."""

    name: str
    extra: Mapping[str, Any] = field(factory=dict, hash=False)


@frozen
class Head:
    """What stands before the days.

    Args:
        version: of the programme, as the organizers call it.
        title: of the conference.
        acronym: of the conference.
        start: its first day or moment, as written; empty is none.
        end: its last day or moment, as written; empty is none.
        zone: name of its time zone, as written; empty is none.
        slot: minutes of the grid; `None` is not said.
        base_url: what relative addresses are relative to; empty is none.
        texts: schedule_url, url, logo, description; those that are there.
        generator: name, version, system, url of the program that wrote it.
        tracks: the tracks that are listed.
        rooms: the rooms that are listed, and those that have a guid.
        extra: what else is said of the conference: of JSON as it is, of XML the texts of elements.
        beside: what else stands beside the conference, likewise.
    """

    version: str = ""
    title: str = ""
    acronym: str = ""
    start: str = ""
    end: str = ""
    zone: str = ""
    slot: int | None = None
    base_url: str = ""
    texts: Mapping[str, str] = field(factory=dict, hash=False)
    generator: Mapping[str, str] = field(factory=dict, hash=False)
    tracks: tuple[Track, ...] = ()
    rooms: tuple[RoomNote, ...] = ()
    extra: Mapping[str, Any] = field(factory=dict, hash=False)
    beside: Mapping[str, Any] = field(factory=dict, hash=False)


@frozen
class Document:
    """A schedule document.

    Args:
        form: what it was written in: "xml", "json" or "json-2".
        head: what stands before the days.
        days: the days, in order.
        events: all events, in the order of the document.
        zone: IANA name of the time zone by which it is read.
    """

    form: str
    head: Head
    days: tuple[Day, ...]
    events: tuple[Event, ...]
    zone: str
