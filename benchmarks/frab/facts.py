"""What a published programme says, as far as it is planned again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

from attrs import frozen

__all__ = ["BESIDE", "CLOSE", "HALF", "LUNCH", "PANEL", "REST", "ROOM", "Event", "Programme"]

K = TypeVar("K")

LUNCH = 12 * 60, 13 * 60 + 30
"""From when to when people eat, in minutes of the day; each minute of an event meanwhile costs 1."""
HALF = 5
"""What it costs that an event leaves the half of the day in which it was published."""
ROOM = 5
"""What it costs that an event stands in another room than it was published in."""
REST, CLOSE = 30, 15
"""The least minutes between two events of a person on a date, and what each pair of events costs that has fewer."""
PANEL, BESIDE = 3, 20
"""How many persons make a panel, and what each panel costs that would have to go so that no two run at once."""


@frozen
class Event:
    """What is planned again; minutes are by the wall clock, from midnight before the first date.

    Args:
        name: what it is called, which no other event is.
        title: what people read.
        day: the number of the conference day.
        room: the room in which it was published.
        start: the minute at which it was published to start.
        minutes: its length.
        track: its track; empty where it has none.
        persons: who speaks.
    """

    name: str
    title: str
    day: int
    room: str
    start: int
    minutes: int
    track: str
    persons: tuple[str, ...]

    @property
    def end(self) -> int:
        """The minute at which it was published to end."""
        return self.start + self.minutes


@frozen
class Programme:
    """A programme as it was published.

    Args:
        first: the date from whose midnight minutes are counted.
        step: the greatest number of minutes on whose multiples everything was published.
        events: the events.
    """

    first: date
    step: int
    events: tuple[Event, ...]

    @cached_property
    def days(self) -> Mapping[int, tuple[int, int]]:
        """The first start and the last end of each day."""
        return _stretches((event.day, event) for event in self.events)

    @cached_property
    def hours(self) -> Mapping[tuple[str, int], tuple[int, int]]:
        """The first start and the last end in each room on each day."""
        return _stretches(((event.room, event.day), event) for event in self.events)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """How many events were published to run at once in each room: more than one in an open area only."""
        by_room: dict[str, list[Event]] = {}
        for event in self.events:
            by_room.setdefault(event.room, []).append(event)
        return {room: max(_at_once(events)) for room, events in by_room.items()}

    @cached_property
    def rooms(self) -> Mapping[str, tuple[str, ...]]:
        """The rooms in which each event can stand: those of its track on its day."""
        found: dict[tuple[str, int], dict[str, None]] = {}
        for event in self.events:
            found.setdefault((event.track, event.day), {})[event.room] = None
        return {one.name: tuple(found[one.track, one.day]) if one.track else (one.room,) for one in self.events}

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The persons of several events who were not published to be in two places at once, as a staff can be."""
        mine: dict[str, list[Event]] = {}
        for event in self.events:
            for person in event.persons:
                mine.setdefault(person, []).append(event)
        return tuple(name for name, events in mine.items() if len(events) > 1 and max(_at_once(events)) == 1)

    @cached_property
    def panels(self) -> tuple[Event, ...]:
        """The events of many persons."""
        return tuple(event for event in self.events if len(event.persons) >= PANEL)

    def half(self, event: Event) -> tuple[int, int] | None:
        """Return the half of its day in which an event was published, or `None` where it was in both."""
        start, end = self.days[event.day]
        middle = (start + end) // 2 // self.step * self.step
        halves = ((start, middle), (middle, end))
        return next((half for half in halves if half[0] <= event.start and event.end <= half[1]), None)


def _stretches(events: Iterable[tuple[K, Event]]) -> Mapping[K, tuple[int, int]]:
    found: dict[K, tuple[int, int]] = {}
    for key, event in events:
        start, end = found.get(key, (event.start, event.end))
        found[key] = min(start, event.start), max(end, event.end)
    return found


def _at_once(events: Iterable[Event]) -> Iterable[int]:
    """Yield how many events were published to run when each of them starts."""
    several = tuple(events)
    return (sum(one.start <= event.start < one.end for one in several) for event in several)
