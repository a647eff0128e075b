"""Reading published programmes: schedule.xml as frab, pentabarf and pretalx write it, and their JSON."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from math import gcd
from pathlib import Path
from typing import Any, TypeAlias

from attrs import evolve
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]  # it has none

from benchmarks.frab.facts import Event, Programme
from unsched.errors import Fault, InputError

__all__ = ["read"]

_LARGEST = 64_000_000
_MOST_EVENTS = 10_000
_MOST_FAULTS = 20
_DAY = 24 * 60
_DURATION = re.compile(r"(\d{1,3}):([0-5]?\d)(?::[0-5]?\d)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_Raw: TypeAlias = "Mapping[str, Any]"


def read(source: str) -> Programme:
    """Read a programme from a file; what ends in `.gz` is unpacked.

    Times are those of the wall clock, as the file writes them, whatever the offset. An event without a length, or
    without a time, takes no place and is left out.

    Raises:
        InputError: there is no such file, or it is no programme; with each event that is wrong.
    """
    data = _bytes(source)
    faults: list[Fault] = []
    events: list[Event] = []
    for path, raw in _from_json(data) if data.lstrip()[:1] == b"{" else _from_xml(data, source):
        if len(events) >= _MOST_EVENTS:
            faults = [Fault("", f"there are over {_MOST_EVENTS} events", "a part of them.")]
            break
        try:
            event = _event(raw)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            faults.append(Fault(path, str(error)[:200]))
        else:
            events += [] if event is None else [event]
    if not events and not faults:
        faults = [Fault("", "there is no event that has a room, a start and a duration", "a published programme.")]
    faults += _long_days(events)
    if faults:
        raise InputError(faults[:_MOST_FAULTS], source)
    return _programme(events)


def _bytes(source: str) -> bytes:
    path = Path(source)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError([Fault("", f"it cannot be read: {error}", "another path.")], source) from None
    if len(data) > _LARGEST:
        raise InputError([Fault("", f"it is over {_LARGEST} bytes", "a programme without attachments.")], source)
    return data


# -- the forms --------------------------------------------------------------------------------------------------------


def _from_xml(data: bytes, source: str) -> Iterator[tuple[str, _Raw]]:
    try:
        root = fromstring(data)
    except (ParseError, ValueError) as error:
        message = f"it is neither JSON nor XML: {error}"
        raise InputError([Fault("", message, "a schedule.xml, or a schedule.json.")], source) from None
    number = 0
    for place, day in enumerate(root.iter("day")):
        for room in day.iter("room"):
            for event in room.findall("event"):
                number += 1
                yield (
                    f"day[{place}].event[{number}]",
                    {
                        **{name: event.findtext(name) for name in ("date", "start", "duration", "title", "track")},
                        "id": event.get("id") or event.get("guid"),
                        "day": place,
                        "day_date": day.get("date"),
                        "room": room.get("name"),
                        "persons": [(one.get("id") or one.get("guid"), one.text) for one in event.iter("person")],
                    },
                )


def _from_json(data: bytes) -> Iterator[tuple[str, _Raw]]:
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError([Fault("", f"it is no JSON: {error}", "a schedule.json.")]) from None
    inner = found.get("schedule", found)
    conference = inner.get("conference", inner) if isinstance(inner, dict) else {}
    days = conference.get("days") if isinstance(conference, dict) else None
    for place, day in enumerate(days if isinstance(days, list) else ()):
        rooms = day.get("rooms") if isinstance(day, dict) else None
        for room, events in (rooms if isinstance(rooms, dict) else {}).items():
            for index, event in enumerate(events if isinstance(events, list) else ()):
                raw = event if isinstance(event, dict) else {}
                persons = raw.get("persons")
                yield (
                    f"schedule.conference.days[{place}].rooms.{room}[{index}]",
                    {
                        **{name: raw.get(name) for name in ("date", "start", "duration", "title", "track")},
                        "id": raw.get("id") or raw.get("guid"),
                        "day": place,
                        "day_date": day.get("date"),
                        "room": room,
                        "persons": [
                            (
                                one.get("id") or one.get("code") or one.get("guid"),
                                one.get("public_name") or one.get("name"),
                            )
                            for one in (persons if isinstance(persons, list) else ())
                            if isinstance(one, dict)
                        ],
                    },
                )


# -- an event ---------------------------------------------------------------------------------------------------------


def _event(raw: _Raw) -> Event | None:
    """Make an event; raise `ValueError` with what is wrong with it."""
    minutes = _minutes(raw["duration"])
    when = _when(raw)
    room = _words(raw["room"])
    if not minutes or when is None or not room:
        return None
    if minutes > _DAY:
        raise ValueError(f"a duration of {minutes} minutes is over a day")
    # Someone who is named without an id is whoever else is of that name.
    persons = dict.fromkeys(_words(name if number is None else number) for number, name in raw["persons"])
    start = when.toordinal() * _DAY + when.hour * 60 + when.minute
    name, title = _words(raw["id"]).replace(" ", "-"), _words(raw["title"])
    track = _words(raw["track"])
    return Event(name, title, raw["day"], room, start, minutes, track, tuple(filter(None, persons)))


def _words(value: object) -> str:
    """Return a text on one line, with single blanks; anything else but a number is nothing."""
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def _minutes(value: object) -> int:
    if value is None or value == "":
        return 0
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no duration such as '00:30'")
    return int(match[1]) * 60 + int(match[2])


def _when(raw: _Raw) -> datetime | None:
    """Return the start by the wall clock: the date-time of the event, or else the day's date and its start."""
    written = _words(raw["date"])
    if "T" in written:
        return datetime.fromisoformat(written).replace(tzinfo=None)
    clock, day = _words(raw["start"]), written or _words(raw["day_date"])
    if not clock or not day:
        return None
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise ValueError(f"{clock!r} is no time such as '10:00'")
    at = datetime.combine(date.fromisoformat(day), datetime.min.time())
    return at + timedelta(hours=int(match[1]), minutes=int(match[2]))


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
