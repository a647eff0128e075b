"""What the founding case says of rooms, sessions and people, without its rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

__all__ = ["SEATS", "Case", "Meeting", "Place"]

SEATS = ("podium", "table", "side")


@frozen
class Place:
    """A room: its building, seats by class, and booths."""

    building: str
    seats: Mapping[str, int]
    booths: int


@frozen
class Meeting:
    """A session.

    Args:
        minutes: its length.
        body: the body that meets.
        kind: the kind of session.
        lunch: whether it may stand at lunch time.
        regular: whether it may stand in the regular hours.
        days: the dates on which it may stand.
        room: the room that it must have, or `None`.
        booths: how many booths it needs.
        seats: how many seats it needs, by class.
    """

    minutes: int
    body: str
    kind: str
    lunch: bool
    regular: bool
    days: tuple[date, ...]
    room: str | None
    booths: int
    seats: Mapping[str, int]


@frozen
class Case:
    """The case.

    Args:
        days: the dates.
        walk: minutes from one building to another.
        places: the rooms, by name.
        meetings: the sessions, by name.
        sizes: at how many sessions each party can be at once, by name.
        duties: what each party has to be at.
        invitations: what each party is invited to, beyond that.
        walkers: the parties that are persons, and need time to walk.
    """

    days: tuple[date, ...]
    walk: int
    places: Mapping[str, Place]
    meetings: Mapping[str, Meeting]
    sizes: Mapping[str, int]
    duties: Mapping[str, tuple[str, ...]]
    invitations: Mapping[str, tuple[str, ...]]
    walkers: frozenset[str]
