"""A programme as a problem of catalogue rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from benchmarks.frab.facts import BESIDE, CLOSE, HALF, LUNCH, REST, ROOM, Event, Programme
from unsched import EVERY, Block, Period, Person, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import Apart, AtMostTogether, AvoidTime, InRoom, PreferRoom, PreferTime, Soften

__all__ = ["places_of", "state"]

_PANEL = "panel"


def state(facts: Programme) -> Problem:
    """State a programme: each conference day is a block of its own, and each room is open as it was published.

    That nobody is in two places, that a room is open and holds one event are standard rules. An open area, in which
    events were published to run at once, is as many rooms.
    """
    days = {day: _clock(facts, start) for day, (start, _) in facts.days.items()}
    panels = {event.name for event in facts.panels}
    speakers = set(facts.speakers)
    rooms = places_of(facts)
    return Problem(
        "frab",
        Window("UTC", sorted({day.date() for day in days.values()}), _blocks(facts), step=facts.step),
        Venue([Room(place, hours=_hours(facts, room)) for place, room in rooms.items()]),
        [
            Session(
                event.name,
                event.title or event.name,
                event.minutes,
                tags=[_track(event), *_half(facts, event), *([_PANEL] if event.name in panels else [])],
                required=[person for person in event.persons if person in speakers],
                room=_only(facts, rooms, event),
                blocks=(_kind(event.day),),
            )
            for event in facts.events
        ],
        persons=[Person(name) for name in facts.speakers],
        rules=tuple(_rules(facts, rooms)),
    )


def places_of(facts: Programme) -> Mapping[str, str]:
    """Return the room by each of its places: the first is called like the room."""
    found = {}
    for room, places in facts.places.items():
        found.update({room if number == 0 else f"{room} / place {number + 1}": room for number in range(places)})
    return found


def _clock(facts: Programme, minute: int) -> datetime:
    return datetime.combine(facts.first, time()) + timedelta(minutes=minute)


def _period(facts: Programme, stretch: tuple[int, int]) -> Period:
    start, end = (_clock(facts, minute) for minute in stretch)
    return Period([start.date()], start.time(), end.time())


def _blocks(facts: Programme) -> Iterator[Block]:
    for day, stretch in facts.days.items():
        start, end = (_clock(facts, minute) for minute in stretch)
        yield Block(start.time(), end.time(), _kind(day), [start.date()])


def _hours(facts: Programme, room: str) -> tuple[Period, ...]:
    return tuple(_period(facts, stretch) for (name, _), stretch in facts.hours.items() if name == room)


def _kind(day: int) -> str:
    return f"day {day + 1}"


def _track(event: Event) -> str:
    return f"{_kind(event.day)}: {event.track or event.room}"


def _half(facts: Programme, event: Event) -> list[str]:
    half = facts.half(event)
    return [] if half is None else [f"{_kind(event.day)}: minutes {half[0]} to {half[1]}"]


def _able(facts: Programme, rooms: Mapping[str, str], event: Event) -> tuple[str, ...]:
    return tuple(place for place, room in rooms.items() if room in facts.rooms[event.name])


def _only(facts: Programme, rooms: Mapping[str, str], event: Event) -> str | None:
    able = _able(facts, rooms, event)
    return able[0] if len(able) == 1 else None


def _rules(facts: Programme, rooms: Mapping[str, str]) -> Iterator[Rule]:
    tracks: dict[str, tuple[str, ...]] = {}
    homes: dict[tuple[str, ...], list[str]] = {}
    halves: dict[str, tuple[int, int]] = {}
    for event in facts.events:
        able = _able(facts, rooms, event)
        if len(able) > 1:
            tracks[_track(event)] = able
        own = tuple(place for place in able if rooms[place] == event.room)
        if len(own) < len(able):
            homes.setdefault(own, []).append(event.name)
        half = facts.half(event)
        if half is not None:
            halves[_half(facts, event)[0]] = half
    lunch = [time(minute // 60, minute % 60) for minute in LUNCH]
    yield AvoidTime(EVERY, [Period(None, *lunch)], weight=1, tier=1)
    for track, able in tracks.items():
        yield InRoom(Select(tags=track), able)
    for own, names in homes.items():
        yield PreferRoom(names, own, weight=ROOM, tier=1)
    for tag, half in halves.items():
        yield PreferTime(Select(tags=tag), [_period(facts, half)], weight=HALF, tier=1)
    if facts.speakers:
        yield Soften(Apart(EVERY, REST, per="person"), weight=CLOSE, tier=1)
    if facts.panels:
        yield Soften(AtMostTogether(1, Select(tags=_PANEL)), weight=BESIDE, tier=1)
