"""Changes of sessions: added, dropped, of another length, moved by decree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from attrs import evolve, field, frozen

from unsched.domain.change import Amendment, Draft
from unsched.domain.fact import check_count, check_each, check_id, shown, to_tuple
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.people import Delegation, Person
from unsched.domain.session import Session
from unsched.errors import Fault, InputError, nearest

__all__ = ["SessionAdded", "SessionDropped", "SessionMoved", "SessionResized"]


@frozen
class SessionAdded(Amendment):
    """There is one session more.

    Args:
        session: the session.
        delegations: delegations that it names and the problem does not have.
        persons: persons whom it names and the problem does not have.
    """

    kind: ClassVar[str] = "session-added"

    session: Session
    delegations: tuple[Delegation, ...] = field(default=(), converter=to_tuple)
    persons: tuple[Person, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        if not isinstance(self.session, Session):
            yield Fault("session", f"{shown(self.session)} is not a Session", "a Session(...).")
        yield from check_each("delegations", self.delegations, Delegation)
        yield from check_each("persons", self.persons, Person)

    def amend(self, draft: Draft) -> None:
        """Add the session, after those that are there."""
        faults = []
        if self.session.id in draft.sessions or self.session.id in draft.gone:
            message = f"there is a session {self.session.id!r} already"
            faults.append(Fault("session.id", message, "another id: calendars know that one."))
        taken = {**draft.delegations, **draft.persons, **draft.problem.groups_by_id}
        for name, own in (("delegations", self.delegations), ("persons", self.persons)):
            parties: tuple[Delegation | Person, ...] = own
            for index, party in enumerate(parties):
                if party.id in taken:
                    message = f"there is a delegation, person or group {party.id!r} already"
                    faults.append(Fault(f"{name}[{index}].id", message, "leave it out here."))
        if faults:
            raise InputError(faults)
        draft.sessions[self.session.id] = self.session
        draft.touched["sessions", self.session.id] = draft.number
        draft.delegations.update({one.id: one for one in self.delegations})
        draft.persons.update({one.id: one for one in self.persons})

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"Session {self.session.id!r} is added."


@frozen
class _OfSession(Amendment):
    """A change of a session that is there.

    Args:
        session: id of the session.
    """

    session: str

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from check_id("session", self.session)


@frozen
class SessionDropped(_OfSession):
    """A session is no more.

    What rules say of it goes with it, and a rule that is about nothing else.

    Args:
        session: id of the session.
    """

    kind: ClassVar[str] = "session-dropped"
    too_late: ClassVar[str | None] = "starts"

    def amend(self, draft: Draft) -> None:
        """Take the session out, and what is assumed of it."""
        draft.session(self.session)
        del draft.sessions[self.session]
        draft.gone.append(self.session)
        draft.assumptions = [one for one in draft.assumptions if (one.of, one.id) != ("session", self.session)]

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"Session {self.session!r} is dropped."


@frozen
class SessionResized(_OfSession):
    """A session is longer, or shorter, than it was.

    Args:
        session: id of the session.
        minutes: its new length. What it may be shortened to (`shortest`) stays, where that is no longer.
    """

    kind: ClassVar[str] = "session-resized"
    too_late: ClassVar[str | None] = "ends"

    minutes: int

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from super().faults()
        yield from check_count("minutes", self.minutes, least=1, unit="minutes")

    def amend(self, draft: Draft) -> None:
        """Give the session its new length."""
        session = draft.session(self.session)
        shortest = None if session.shortest is None or session.shortest > self.minutes else session.shortest
        draft.known_now("session", self.session, "minutes")
        draft.sessions[self.session] = evolve(session, minutes=self.minutes, shortest=shortest)

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"Session {self.session!r} takes {self.minutes} minutes."


@frozen
class SessionMoved(_OfSession):
    """A session stands at another time, or in another room, by decree.

    A decree goes before the times at which the session was said to be able to stand (`available`). It does not go
    before rules: where none of them would let the session stand there even by itself, it is refused.

    Args:
        session: id of the session.
        start: its start, by the wall clock of the window or with an offset; `None` leaves it open.
        room: id of its room; `None` leaves it open.
    """

    kind: ClassVar[str] = "session-moved"
    too_late: ClassVar[str | None] = "frozen"

    start: datetime | None = field(default=None, converter=to_moment)
    room: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from super().faults()
        if self.start is not None:
            yield from check_moment("start", self.start)
        if self.room is not None:
            yield from check_id("room", self.room)
        if self.start is None and self.room is None:
            yield Fault("", "neither a start nor a room is given", "one of them, or both.")

    def amend(self, draft: Draft) -> None:
        """Fix the session where it is wanted."""
        session = draft.session(self.session)
        if self.room is not None and self.room not in draft.rooms:
            raise InputError([Fault("room", f"there is no room {self.room!r}", nearest(self.room, draft.rooms))])
        if self.start is not None:
            draft.known_now("session", self.session, "start")
            session = evolve(session, start=self.start, available=None)
        if self.room is not None:
            draft.known_now("session", self.session, "room")
            session = evolve(session, room=self.room)
        draft.decreed[session.id] = draft.number
        draft.sessions[self.session] = session

    def say(self) -> str:
        """Return the change as a sentence."""
        words = [] if self.start is None else [f"at {self.start.isoformat(' ', 'minutes')}"]
        words += [] if self.room is None else [f"in room {self.room!r}"]
        return f"Session {self.session!r} stands {' '.join(words)}, by decree."
