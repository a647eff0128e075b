"""Where: rooms, their seats and equipment, and how far the buildings are apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count, check_each, check_id, check_text, shown, to_ids, to_tuple
from unsched.domain.moment import to_date
from unsched.domain.time import Period, to_periods
from unsched.errors import Fault, nearest

__all__ = ["SEAT_CLASSES", "Room", "Seats", "Venue", "Walk", "said"]

SEAT_CLASSES = ("podium", "table", "side")


@frozen
class Seats(Fact):
    """Seats of a room by class; `None` is unknown and stays unknown.

    Args:
        podium: places on the podium.
        table: places at the table, with microphone.
        side: places at the side or the rear.
        total: places in all, where a source gives only that.
        accessible: of all these, places that can be reached and used with a wheelchair.
    """

    podium: int | None = None
    table: int | None = None
    side: int | None = None
    total: int | None = None
    accessible: int | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with these seats."""
        for name in (*SEAT_CLASSES, "total", "accessible"):
            yield from check_count(name, getattr(self, name), optional=True, unit="seats")
        known = [getattr(self, name) for name in SEAT_CLASSES if isinstance(getattr(self, name), int)]
        if isinstance(self.total, int) and sum(known) > self.total:
            yield Fault("total", f"{self.total} is less than the {sum(known)} seats of the classes", f"{sum(known)}.")


def said(seats: Seats, booths: int | None = None) -> str:
    """Return what is known of seats and booths, in words.

    >>> said(Seats(table=40), booths=2)
    '40 table seats, 2 booths'
    """
    classes = (*SEAT_CLASSES, "total", "accessible")
    known = [(getattr(seats, name), "seats in all" if name == "total" else f"{name} seats") for name in classes]
    return ", ".join(f"{number} {noun}" for number, noun in (*known, (booths, "booths")) if number is not None)


@frozen
class Room(Fact):
    """A room in which sessions can stand.

    Args:
        id: what it is called everywhere, such as "XXVI".
        name: its full name, if it has another.
        building: the building it is in; `None` is unknown.
        seats: seats by class.
        booths: interpretation booths, which are not languages; `None` is unknown.
        features: what it offers ("webcast", "captioning", "accessible").
        hours: when it is open; `None` means whenever the window is.
        closed: when it is out of service.
        valid_from: first date on which it can be used as described; `None` means always.
        valid_until: first date on which it no longer can; `None` means for ever.
        setup_minutes: minutes that it needs, empty, before each session.
        source: where these figures come from.
    """

    id: str
    name: str | None = None
    building: str | None = None
    seats: Seats = Seats()
    booths: int | None = None
    features: tuple[str, ...] = field(default=(), converter=to_ids)
    hours: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    valid_from: date | None = field(default=None, converter=to_date)
    valid_until: date | None = field(default=None, converter=to_date)
    setup_minutes: int = 0
    source: str | None = None
    closed: tuple[Period, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this room by itself."""
        yield from check_id("id", self.id)
        yield from check_text("name", self.name, optional=True)
        if self.building is not None:
            yield from check_id("building", self.building)
        if not isinstance(self.seats, Seats):
            yield Fault("seats", f"{shown(self.seats)} is not Seats", "Seats(table=..., side=...).")
        yield from check_count("booths", self.booths, optional=True, unit="booths")
        yield from check_each("features", self.features)
        if self.hours is not None:
            yield from check_each("hours", self.hours, Period)
        yield from check_each("closed", self.closed, Period)
        for name in ("valid_from", "valid_until"):
            value = getattr(self, name)
            if value is not None and type(value) is not date:
                yield Fault(name, f"{shown(value)} is not a date", "a date such as '2010-12-17'.")
        if type(self.valid_from) is date and type(self.valid_until) is date and self.valid_until <= self.valid_from:
            yield Fault("valid_until", f"{self.valid_until} is not after {self.valid_from}", "a later date.")
        yield from check_count("setup_minutes", self.setup_minutes, unit="minutes")
        yield from check_text("source", self.source, optional=True)

    @property
    def label(self) -> str:
        """What people read: the name, or else the id."""
        return self.name or self.id


@frozen
class Walk(Fact):
    """How long it takes to walk between two buildings, either way.

    Args:
        between: the two buildings.
        minutes: minutes from door to door.
    """

    between: tuple[str, ...] = field(converter=to_ids)
    minutes: int

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this walk."""
        yield from check_each("between", self.between)
        if isinstance(self.between, tuple) and len(self.between) != 2:
            yield Fault("between", f"{len(self.between)} buildings are named", "exactly two.")
        yield from check_count("minutes", self.minutes, unit="minutes")


@frozen
class Venue(Fact):
    """The rooms, and the minutes it takes to walk between their buildings.

    Args:
        rooms: the rooms, each with its own id.
        walking: walking minutes by pair of buildings. Where none is given, walking is left out of account.
        name: what the place is called, such as "Palais des Nations, Geneva".
    """

    rooms: tuple[Room, ...] = field(converter=to_tuple)
    walking: tuple[Walk, ...] = field(default=(), converter=to_tuple)
    name: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this venue."""
        yield from check_each("rooms", self.rooms, Room)
        yield from check_each("walking", self.walking, Walk)
        yield from check_text("name", self.name, optional=True)
        if self.rooms == ():
            yield Fault("rooms", "the venue has no room", "at least one room.")
        rooms = self.rooms if isinstance(self.rooms, tuple) else ()
        buildings = [room.building for room in rooms if isinstance(room, Room) and room.building]
        pairs: dict[frozenset[str], int] = {}
        for index, walk in enumerate(self.walking if isinstance(self.walking, tuple) else ()):
            if not isinstance(walk, Walk):
                continue
            pair = frozenset(walk.between)
            if pair in pairs:
                yield Fault(f"walking[{index}]", f"{' and '.join(walk.between)} come twice", "leave one out.")
            pairs[pair] = walk.minutes
            for building in walk.between:
                if building not in buildings:
                    message = f"no room is in building {building!r}"
                    yield Fault(f"walking[{index}].between", message, nearest(building, buildings))

    @cached_property
    def _walks(self) -> dict[frozenset[str], int]:
        return {frozenset(walk.between): walk.minutes for walk in self.walking}

    def walk(self, one: Room, other: Room) -> int | None:
        """Return the walking minutes from a room to another; 0 in one building, `None` where it is not known.

        >>> a, b = Room("XII", building="A"), Room("XX", building="E")
        >>> Venue([a, b], [Walk(["A", "E"], 10)]).walk(b, a)
        10
        """
        if not self.walking or one.id == other.id or (one.building and one.building == other.building):
            return 0
        return self._walks.get(frozenset((one.building or "", other.building or "")))
