"""A published programme as any tool has it: talks, rooms and speakers, before it is stated as a problem."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["Imported", "Note", "Part", "Place", "Programme", "Span", "Speaker", "Talk", "Written"]

Span: TypeAlias = tuple[datetime, datetime]
"""A half-open stretch of time, both ends with an offset from UTC and in whole minutes."""


@frozen
class Note:
    """Something that was assumed, changed or left out; nothing of the kind happens silently.

    Args:
        place: where in the document; empty is the whole of it.
        message: what.

    >>> print(Note("rooms.Foyer", "two events overlap"))
    rooms.Foyer: two events overlap
    """

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@frozen
class Imported:
    """A document of another tool, read.

    Args:
        problem: its rooms, sessions and persons; `problem.published` is the schedule.
        schedule: what was published: each session where the document has it.
        notes: what was assumed or left out on the way.
    """

    problem: Problem
    schedule: Schedule
    notes: tuple[Note, ...] = ()


@frozen
class Written:
    """A document of another tool, ready to be saved.

    Args:
        data: its bytes.
        notes: what was made up, changed or left out on the way.
    """

    data: bytes
    notes: tuple[Note, ...] = ()


@frozen
class Speaker:
    """Somebody who speaks.

    Args:
        id: what no other speaker is called.
        name: what people read.
        mail: the address, where it is known.
        free: when he or she can; `None` is always.
    """

    id: str
    name: str
    mail: str | None = None
    free: tuple[Span, ...] | None = None


@frozen
class Place:
    """A room.

    Args:
        name: what no other room is called.
        capacity: seats in all.
        hours: when it is open; `None` is from its first event to its last one of each day.
        building: the building it is in.
    """

    name: str
    capacity: int | None = None
    hours: tuple[Span, ...] | None = None
    building: str | None = None


@frozen
class Part:
    """A part of a talk that has speakers of its own; parts follow each other.

    Args:
        id: what no other part of the talk is called.
        title: what people read.
        minutes: its length.
        speakers: ids.
    """

    id: str
    title: str
    minutes: int
    speakers: tuple[str, ...] = ()


@frozen
class Talk:
    """Something that has a length, and perhaps a time and a room.

    Args:
        id: what no other talk is called.
        where: its place in the document.
        title: what people read.
        minutes: its length.
        start: when it begins, with an offset from UTC; `None` is not decided.
        room: the name of its room; `None` is not decided.
        day: which day of the conference it belongs to; `None` is the date on which it begins.
        track: its track.
        kind: its kind, such as "workshop".
        tags: anything else to select it by.
        speakers: ids of who speaks.
        description: a longer text.
        parts: its parts, where these have speakers of their own.
    """

    id: str
    where: str
    title: str
    minutes: int
    start: datetime | None = None
    room: str | None = None
    day: int | None = None
    track: str | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    description: str | None = None
    parts: tuple[Part, ...] = ()


@frozen
class Programme:
    """All that is planned.

    Args:
        id: what the problem will be called.
        title: what people read.
        zone: IANA name of the time zone.
        talks: what has a length.
        rooms: every room that a talk names, in the order of the document.
        speakers: everybody whom a talk names.
        step: minutes between possible starts, where the document says so.
        breaks: when nothing can stand, unless it was published there.
        opening: when anything can stand besides what the talks and the hours of the rooms show.
        notes: what was assumed or left out so far.
    """

    id: str
    title: str
    zone: str
    talks: tuple[Talk, ...]
    rooms: tuple[Place, ...]
    speakers: tuple[Speaker, ...]
    step: int | None = None
    breaks: tuple[Span, ...] = ()
    opening: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
