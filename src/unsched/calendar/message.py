"""Messages: what one invitee is told about one event, when a schedule is published (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from attrs import field, frozen

from unsched.domain.fact import Fact, check_text
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.people import Contact
from unsched.errors import Fault

__all__ = ["Message", "Told"]


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
class Message:
    """One calendar message to one invitee, about one event.

    Args:
        method: "REQUEST" or "CANCEL".
        reason: "new", "changed" or "cancelled"; or, where this invitee alone is told, "added" or "removed".
        to: id of the delegation, group or person who is told.
        name: what people call them.
        mail: their address; `None` where nobody can be mailed, and the file alone is written.
        session: id of the session.
        segment: id of its part, where the event is a part of it.
        uid: the event's UID.
        sequence: its SEQUENCE.
        stamp: when this revision was made, in UTC; DTSTAMP.
        organizer: who issues the calendars.
        title: the event's title; of a cancellation, the last that was told.
        location: where it is, likewise.
        start: its first instant, likewise.
        end: the first instant after it, likewise.
        before: what this invitee was told last; `None` where that is nothing.
        calendar: the file: one VCALENDAR with METHOD, VTIMEZONE and one VEVENT.
    """

    method: str
    reason: str
    to: str
    name: str
    mail: str | None
    session: str
    segment: str | None
    uid: str
    sequence: int
    stamp: datetime
    organizer: Contact
    title: str
    location: str
    start: datetime
    end: datetime
    before: Told | None
    calendar: bytes

    @property
    def key(self) -> str:
        """What tells this message from every other, for ever, and makes a safe file name: 40 hexadecimal digits."""
        # DTSTAMP is part of it: who is removed and added again is told of the same SEQUENCE twice.
        parts = (self.uid, str(self.sequence), self.method, self.to, self.stamp.isoformat())
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]
