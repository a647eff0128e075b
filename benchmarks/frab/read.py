"""Reading published programmes: schedule.xml as frab, pentabarf and pretalx write it, and their JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from math import gcd

from attrs import evolve

from benchmarks.frab.facts import Event, Programme
from unsched.errors import Fault, InputError
from unsched.exchange.frab import document, load

__all__ = ["read"]

_MOST_FAULTS = 20
_DAY = 24 * 60


def read(source: str) -> Programme:
    """Read a programme from a file; what is packed by gzip is unpacked.

    Times are those of the wall clock, as the file writes them, whatever the offset. An event without a length, or
    without a time, takes no place and is left out.

    Raises:
        InputError: there is no such file, or it is no programme; with each event that is wrong.
    """
    faults: list[Fault] = []
    events: list[Event] = []
    for one in load(source).document.events:
        if (one.minutes or 0) > _DAY:
            faults.append(Fault(one.where, f"a duration of {one.minutes} minutes is over a day"))
        elif one.minutes and one.start is not None and one.room:
            events.append(_event(one))
    if not events and not faults:
        faults = [Fault("", "there is no event that has a room, a start and a duration", "a published programme.")]
    faults += _long_days(events)
    if faults:
        raise InputError(faults[:_MOST_FAULTS], source)
    return _programme(events)


def _event(one: document.Event) -> Event:
    # Someone who is named without an id is whoever else is of that name.
    persons = dict.fromkeys(person.number or person.code or person.guid or person.name for person in one.persons)
    when = one.start
    start = 0 if when is None else when.toordinal() * _DAY + when.hour * 60 + when.minute
    name = (one.number or one.guid).replace(" ", "-")
    title, track = (" ".join(one.text(text).split()) for text in ("title", "track"))
    return Event(name, title, one.day, one.room, start, one.minutes or 0, track, tuple(filter(None, persons)))


# -- the programme ----------------------------------------------------------------------------------------------------


def _long_days(events: list[Event]) -> Iterator[Fault]:
    for day, (start, end) in Programme(date.min, 1, tuple(events)).days.items():
        if end - start > _DAY:
            message = f"its events take {end - start} minutes from the first start to the last end, over a day"
            yield Fault(f"day[{day}]", message, "events on the days on which they are.")


def _programme(events: list[Event]) -> Programme:
    origin = min(event.start for event in events) // _DAY
    counts = Counter(event.name for event in events)
    seen: Counter[str] = Counter()
    named = []
    for event in events:
        name = event.name or "event"
        seen[name] += 1
        # What comes on several days, or has no number, is told apart by the order of the file.
        several = counts[event.name] > 1 or not event.name
        unique = f"{name}.{seen[name]}" if several else name
        named.append(evolve(event, name=unique, start=event.start - origin * _DAY))
    opening = min(event.start for event in named)
    step = gcd(*(event.minutes for event in named), *(event.start - opening for event in named))
    return Programme(date.fromordinal(origin), step, tuple(named))
