"""What a conference says: slots, and the talks that want one."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Conference", "Slot", "Talk"]


@frozen
class Slot:
    """A room at a time.

    Args:
        room: name of the room.
        start: minutes since midnight of the first day, on which there is a slot.
        seats: how many people find a seat; the same at all times of a room.
    """

    room: str
    start: int
    seats: int


@frozen
class Talk:
    """What wants a slot.

    Args:
        name: what it is called; without blanks.
        demand: how many people would come.
        away: starts at which its speakers are not there.
        clashes: names of the talks that must not run at the same time; each of the two names the other.
    """

    name: str
    demand: int
    away: tuple[int, ...] = ()
    clashes: tuple[str, ...] = ()


@frozen
class Conference:
    """Slots of one length, of which any two are at the same time or not at all at once, and talks that fit them.

    Args:
        minutes: length of each slot, and of each talk.
        slots: the slots, in order of start, then room.
        talks: the talks, no more than the slots.
    """

    minutes: int
    slots: tuple[Slot, ...]
    talks: tuple[Talk, ...]
