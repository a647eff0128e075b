"""Parts: what somebody is at, a whole session or one segment of it."""

from __future__ import annotations

from attrs import frozen

from unsched.domain.interval import Interval
from unsched.domain.session import Session

__all__ = ["Part", "whole"]


@frozen(eq=False)
class Part:
    """A stretch of a session, wherever the session stands.

    Args:
        session: the session.
        start: minutes from the start of the session to that of the part.
        minutes: its length; `None` is to the end of the session.
    """

    session: Session
    start: int = 0
    minutes: int | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells it from other parts: the id of the session, minutes to its start, and its length (0: the rest)."""
        return self.session.id, self.start, self.minutes or 0

    def within(self, span: Interval) -> Interval:
        """Return when the part is, where the session takes the interval `span`; empty where it has been cut off.

        >>> from unsched import Session
        >>> part = Part(Session("wg", "Working Group", 180), 20, 45)
        >>> part.within(Interval(600, 780)), part.within(Interval(600, 630)).minutes
        (Interval(start=620, end=665), 10)
        """
        if not self.start and self.minutes is None:
            return span
        start = min(span.start + self.start, span.end)
        return Interval(start, span.end if self.minutes is None else min(start + self.minutes, span.end))


def whole(session: Session) -> Part:
    """Return a whole session as a part."""
    return Part(session)
