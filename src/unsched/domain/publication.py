"""The published state: what everybody has been told, kept as a file beside the schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Final

from attrs import field, frozen

from unsched.domain.fact import (
    Fact,
    check_choice,
    check_count,
    check_each,
    check_id,
    check_mail,
    check_text,
    shown,
    to_ids,
    to_tuple,
)
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.people import Contact
from unsched.domain.segment import ACCESS
from unsched.domain.time import check_zone
from unsched.errors import Fault

__all__ = ["Entry", "Invitee", "Publication", "Told"]

ROLES: Final = ("CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT")
STATUSES: Final = ("CONFIRMED", "CANCELLED")


@frozen
class Told(Fact):
    """What somebody has been told about an event.

    Args:
        title: its title.
        location: where it is.
        start: first instant, with the offset from UTC.
        end: first instant after it, with the offset from UTC.
    """

    title: str
    location: str
    start: datetime = field(converter=to_moment, eq=datetime.timestamp)
    end: datetime = field(converter=to_moment, eq=datetime.timestamp)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this by itself."""
        yield from check_text("title", self.title)
        yield from check_text("location", self.location)
        bad = (*check_moment("start", self.start, offset=True), *check_moment("end", self.end, offset=True))
        yield from bad
        if not bad and self.end.timestamp() <= self.start.timestamp():
            yield Fault("end", f"{self.end} is not after the start", "an end after the start.")


@frozen
class Invitee(Fact):
    """Somebody who has been told about an event, and not been removed since.

    Args:
        id: id of the delegation or the person.
        name: what people call them.
        role: "CHAIR", "REQ-PARTICIPANT" or "OPT-PARTICIPANT".
        mail: their address, as it was when they were told.
        group: whether it is a delegation, not a person.
        asked: SEQUENCE of the invitation that they had last; an answer to an earlier one is out of date.
    """

    id: str
    name: str
    role: str
    mail: str | None = None
    group: bool = True
    asked: int = 0

    @property
    def mailbox(self) -> str | None:
        """What tells one mailbox from another: no server in use minds the case of an address."""
        return None if self.mail is None else self.mail.casefold()

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this invitee by itself."""
        yield from check_id("id", self.id)
        yield from check_text("name", self.name)
        yield from check_choice("role", self.role, ROLES)
        yield from check_mail("mail", self.mail, optional=True)
        yield from check_count("asked", self.asked)
        if not isinstance(self.group, bool):
            yield Fault("group", f"{shown(self.group)} is not true or false", "true or false.")


@frozen
class Entry(Fact):
    """One event as it was last published.

    Args:
        uid: its UID.
        session: id of the session.
        room: id of the room.
        sequence: SEQUENCE of what it says now.
        issued: the highest SEQUENCE of any message about it; higher than `sequence` once an invitee has been removed.
        stamp: when it was made to say this, in UTC; DTSTAMP.
        status: "CONFIRMED" or "CANCELLED".
        told: what it says.
        digest: what tells its content from any other content.
        organizer: who issued it: a cancellation must come from whom the invitation came.
        segment: id of the segment, where it is one.
        parent: UID of the session, where it is a segment of it.
        access: "open", "members" or "governments".
        bodies: the bodies that meet in it.
        invitees: who has it in their calendar.
        former: ids of those who had it when it was cancelled.
    """

    uid: str
    session: str
    room: str
    sequence: int
    issued: int
    stamp: datetime = field(converter=to_moment)
    status: str
    told: Told
    digest: str
    organizer: Contact
    segment: str | None = None
    parent: str | None = None
    access: str = "open"
    bodies: tuple[str, ...] = field(default=(), converter=to_ids)
    invitees: tuple[Invitee, ...] = field(default=(), converter=to_tuple)
    former: tuple[str, ...] = field(default=(), converter=to_ids)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this entry by itself."""
        for name in ("uid", "session", "room", "digest"):
            yield from check_id(name, getattr(self, name))
        for name in ("segment", "parent"):
            if getattr(self, name) is not None:
                yield from check_id(name, getattr(self, name))
        counts = (*check_count("sequence", self.sequence), *check_count("issued", self.issued))
        yield from counts
        if not counts and self.issued < self.sequence:
            yield Fault("issued", f"{self.issued} is less than the sequence {self.sequence}", f"{self.sequence}.")
        yield from check_moment("stamp", self.stamp, offset=True, whole=False)
        yield from check_choice("status", self.status, STATUSES)
        if not isinstance(self.told, Told):
            yield Fault("told", f"{shown(self.told)} is not a Told", "a Told(...).")
        if not isinstance(self.organizer, Contact):
            yield Fault("organizer", f"{shown(self.organizer)} is not a Contact", "a Contact(...).")
        yield from check_choice("access", self.access, ACCESS)
        yield from check_each("bodies", self.bodies)
        yield from check_each("invitees", self.invitees, Invitee)
        yield from check_each("former", self.former)

    @property
    def cancelled(self) -> bool:
        """Whether it takes place no more."""
        return self.status == "CANCELLED"


@frozen
class Publication(Fact):
    """What has been published of a problem.

    Args:
        problem: id of the problem.
        zone: IANA name of the time zone in which times are written.
        organizer: who issues the calendars.
        revision: how many publications have changed anything, from 1.
        stamp: when the last of them was made, in UTC.
        schedule: revision of the schedule that was published last.
        entries: the events, by UID; those cancelled stay.
    """

    problem: str
    zone: str
    organizer: Contact
    revision: int
    stamp: datetime = field(converter=to_moment)
    entries: tuple[Entry, ...] = field(default=(), converter=to_tuple)
    schedule: int = 0

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this publication by itself."""
        yield from check_id("problem", self.problem)
        yield from check_zone("zone", self.zone)
        if not isinstance(self.organizer, Contact):
            yield Fault("organizer", f"{shown(self.organizer)} is not a Contact", "a Contact(...).")
        yield from check_count("revision", self.revision, least=1)
        yield from check_moment("stamp", self.stamp, offset=True, whole=False)
        yield from check_count("schedule", self.schedule)
        yield from check_each("entries", self.entries, Entry)
        seen: set[str] = set()
        for index, entry in enumerate(self.entries if isinstance(self.entries, tuple) else ()):
            if isinstance(entry, Entry):
                if entry.uid in seen:
                    yield Fault(f"entries[{index}].uid", f"{entry.uid!r} comes twice", "leave one out.")
                seen.add(entry.uid)

    @cached_property
    def by_uid(self) -> dict[str, Entry]:
        """The events by UID."""
        return {entry.uid: entry for entry in self.entries}
