"""Segments: stretches of a session that have audiences of their own."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from unsched.domain.fact import Fact, check_choice, check_count, check_each, check_id, check_text, to_ids
from unsched.errors import Fault

__all__ = ["ACCESS", "Segment"]

ACCESS = ("open", "members", "governments")


@frozen
class Segment(Fact):
    """A stretch of a session with an audience of its own; segments follow each other from the session's start.

    On 17 December 2010 the consultation opened at 10:05, heard governments only from 10:20 on, and reopened at 11:05:
    three segments of one session.

    Args:
        minutes: its length; `None`, for the last one only, is what is left of the session.
        access: "open", "members" or "governments".
        required: participants without whom it cannot stand, besides those of the session.
        invited: participants who should be able to come, besides those of the session.
        title: what people read, if it has a title of its own.
        id: what it is called in its session, for ever: the UID of its event is made of it. By default its number, from
            "1", which changes when a segment is put in before it: give ids to segments that people are invited to.
    """

    minutes: int | None = None
    access: str = "open"
    required: tuple[str, ...] = field(default=(), converter=to_ids)
    invited: tuple[str, ...] = field(default=(), converter=to_ids)
    title: str | None = None
    id: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this segment by itself."""
        yield from check_count("minutes", self.minutes, least=1, optional=True, unit="minutes")
        yield from check_choice("access", self.access, ACCESS)
        for name in ("required", "invited"):
            yield from check_each(name, getattr(self, name))
        yield from check_text("title", self.title, optional=True)
        if self.id is not None:
            yield from check_id("id", self.id)
        if isinstance(self.required, tuple) and isinstance(self.invited, tuple):
            for both in self.invited:
                if both in self.required:
                    yield Fault("invited", f"{both!r} is required as well", "leave it out here.")
