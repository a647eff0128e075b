"""Changes of rooms, people and interpreters: lost, smaller, late, early, away, short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from attrs import evolve, field, frozen

from unsched.domain.change import Amendment, Draft, minus
from unsched.domain.fact import check_count, check_each, check_id, shown, to_tuple
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.time import Period
from unsched.domain.venue import SEAT_CLASSES, Seats, said
from unsched.errors import Fault

__all__ = ["Absent", "ArrivesLate", "LeavesEarly", "RoomLost", "RoomReduced", "TeamShort"]

_AS_IT_HAS = Seats()


def _when(periods: tuple[Period, ...]) -> str:
    return "; ".join(map(str, periods)) or "from now on"


@frozen
class RoomLost(Amendment):
    """A room cannot be used, for a while or for good.

    A session that was fixed in it and now has no time left there may stand elsewhere.

    Args:
        room: id of the room.
        periods: when it is lost; left out, for good.
    """

    kind: ClassVar[str] = "room-lost"

    room: str
    periods: tuple[Period, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from check_id("room", self.room)
        yield from check_each("periods", self.periods, Period)

    def amend(self, draft: Draft) -> None:
        """Close the room."""
        room = draft.room(self.room)
        closed = dict.fromkeys((*room.closed, *(self.periods or (Period(),))))
        draft.rooms[room.id] = evolve(room, closed=tuple(closed))
        draft.tight.append(room.id)

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"Room {self.room!r} is lost: {_when(self.periods)}."


@frozen
class RoomReduced(Amendment):
    """A room has fewer seats or booths, for a while or for good.

    A session that was fixed in it and now has no time left there may stand elsewhere.

    Args:
        room: id of the room.
        seats: the seats that are left, by class; `None` is as it was.
        booths: the interpretation booths that are left; `None` is as it was.
        periods: when it is reduced; left out, for good.
    """

    kind: ClassVar[str] = "room-reduced"

    room: str
    seats: Seats = _AS_IT_HAS
    booths: int | None = None
    periods: tuple[Period, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from check_id("room", self.room)
        if not isinstance(self.seats, Seats):
            yield Fault("seats", f"{shown(self.seats)} is not Seats", "Seats(table=..., side=...).")
        yield from check_count("booths", self.booths, optional=True, unit="booths")
        yield from check_each("periods", self.periods, Period)
        if self.seats == _AS_IT_HAS and self.booths is None:
            yield Fault("", "nothing is said to be less", "the seats or the booths that are left.")

    def amend(self, draft: Draft) -> None:
        """Take the seats and booths away; for a while, by a rule."""
        from unsched.rules.shortage import Reduced

        room = draft.room(self.room)
        draft.tight.append(room.id)
        # What a room has in all, no other rule asks for.
        if self.periods or self.seats.total is not None:
            draft.rules.append(Reduced(self.room, self.periods or (Period(),), self.seats, self.booths))
            return
        named = [name for name in (*SEAT_CLASSES, "accessible") if getattr(self.seats, name) is not None]
        seats = evolve(room.seats, **{name: getattr(self.seats, name) for name in named})
        booths = room.booths if self.booths is None else self.booths
        draft.known_now("room", room.id, *(f"seats.{name}" for name in named))
        if self.booths is not None:
            draft.known_now("room", room.id, "booths")
        draft.rooms[room.id] = evolve(room, seats=seats, booths=booths)

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"Room {self.room!r} has only {said(self.seats, self.booths)}: {_when(self.periods)}."


@frozen
class _OfParty(Amendment):
    """A change of when a delegation or a person is there.

    Args:
        who: id of the delegation or person.
    """

    who: str

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from check_id("who", self.who)


@frozen
class ArrivesLate(_OfParty):
    """A delegation or a person arrives later than was thought.

    Args:
        who: id of the delegation or person.
        at: it cannot be at anything that starts before; by the wall clock of the window, or with an offset.
    """

    kind: ClassVar[str] = "arrives-late"

    at: datetime = field(converter=to_moment)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from super().faults()
        yield from check_moment("at", self.at)

    def amend(self, draft: Draft) -> None:
        """Set when the party arrives."""
        draft.put(evolve(draft.party(self.who), arrives=self.at), "arrives")

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"{self.who!r} arrives at {self.at.isoformat(' ', 'minutes')}."


@frozen
class LeavesEarly(_OfParty):
    """A delegation or a person leaves earlier than was thought.

    Args:
        who: id of the delegation or person.
        at: it cannot be at anything that ends after; by the wall clock of the window, or with an offset.
    """

    kind: ClassVar[str] = "leaves-early"

    at: datetime = field(converter=to_moment)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from super().faults()
        yield from check_moment("at", self.at)

    def amend(self, draft: Draft) -> None:
        """Set when the party leaves."""
        draft.put(evolve(draft.party(self.who), leaves=self.at), "leaves")

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"{self.who!r} leaves at {self.at.isoformat(' ', 'minutes')}."


@frozen
class Absent(_OfParty):
    """A delegation or a person is away for a while.

    Args:
        who: id of the delegation or person.
        periods: when it is away; left out, for good.
    """

    kind: ClassVar[str] = "absent"

    periods: tuple[Period, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from super().faults()
        yield from check_each("periods", self.periods, Period)

    def amend(self, draft: Draft) -> None:
        """Take the periods out of what the party is available for."""
        party = draft.party(self.who)
        left = minus(draft.window, party.available, self.periods) if self.periods else ()
        draft.put(evolve(party, available=left), "available")

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"{self.who!r} is away: {_when(self.periods)}."


@frozen
class TeamShort(Amendment):
    """A team of interpreters is missing, for a while or for good.

    Args:
        team: id of the team.
        periods: when it is missing; left out, for good.
    """

    kind: ClassVar[str] = "team-short"

    team: str
    periods: tuple[Period, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this change by itself."""
        yield from check_id("team", self.team)
        yield from check_each("periods", self.periods, Period)

    def amend(self, draft: Draft) -> None:
        """Take the periods out of what the team is available for."""
        team = draft.team(self.team)
        left = minus(draft.window, team.available, self.periods) if self.periods else ()
        draft.teams[team.id] = evolve(team, available=left)

    def say(self) -> str:
        """Return the change as a sentence."""
        return f"The team {self.team!r} is missing: {_when(self.periods)}."
