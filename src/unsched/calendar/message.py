"""What one invitee is told about one event: an invitation, an update or a cancellation (RFC 5546)."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from unsched.domain.people import Contact

__all__ = ["Message", "Told"]


@frozen
class Told:
    """What an invitee was last told about an event."""

    title: str
    location: str
    start: datetime
    end: datetime


@frozen
class Message:
    """One message to one invitee about one event."""

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
        """Stable and unique for one message."""
        return f"{self.uid}:{self.sequence}:{self.method}:{self.to}"
