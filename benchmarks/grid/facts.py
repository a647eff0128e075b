"""What a grid says: rooms, slots of one length, and talks that take one slot in one room each."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Grid", "Talk"]


@frozen
class Talk:
    """What wants a slot and a room.

    Args:
        name: what it is called.
        track: the track that it belongs to.
        seats: how many come.
        speakers: who speaks; nobody speaks in two talks at once.
        listeners: who else was promised to hear it.
        away: numbers of the slots in which it cannot stand, since a speaker is not there yet, or has gone.
    """

    name: str
    track: str
    seats: int
    speakers: tuple[str, ...]
    listeners: tuple[str, ...]
    away: tuple[int, ...]


@frozen
class Grid:
    """A conference on a grid.

    Args:
        rooms: the seats of each room, by its name.
        slots: how many slots there are; they are numbered from 0, and `per_day` of them make a day.
        per_day: slots of a day.
        talks: the talks, no more than rooms times slots.
    """

    rooms: dict[str, int]
    slots: int
    per_day: int
    talks: tuple[Talk, ...]
