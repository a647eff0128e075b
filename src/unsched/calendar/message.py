"""Messages: what one invitee is told about one event, when a schedule is published (RFC 5546)."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from attrs import frozen

from unsched.domain.people import Contact
from unsched.domain.publication import Told

__all__ = ["Message"]

_STAMP: Final = re.compile(rb"^DTSTAMP:[^\r\n]*\r?\n", re.MULTILINE)


@frozen
class Message:
    """One calendar message to one invitee, about one event.

    Args:
        method: "REQUEST" or "CANCEL".
        reason: "new", "changed" or "cancelled"; or, where this invitee alone is told, "added", "removed" or
            "readdressed" (they go on being invited, at another address).
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
        revision: number of the publication that it is part of.
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
    revision: int = 1

    @property
    def key(self) -> str:
        """What tells this message from every other, for ever: 40 hexadecimal digits.

        When it was made is no part of it: who publishes again after a crash, at another time, makes the same message.
        What it says is a part, so that one that says something else is never taken for one that has been sent.
        """
        said = _STAMP.sub(b"", self.calendar, count=1)
        parts = (self.uid, str(self.sequence), self.method, self.to, self.mail or "", str(self.revision))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass") + said).hexdigest()[:40]
