"""The talks of a camp as a problem of catalogue rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import gcd

from benchmarks.emf.facts import GRID, Camp, Stretch, Talk, joined
from unsched import Block, Booking, Period, Person, Problem, Room, Rule, Schedule, Session, Venue, Window
from unsched.rules import InRoom, KeepRoom, KeepStart, NotInRoom

__all__ = ["state"]


def state(facts: Camp) -> Problem:
    """State a camp: a talk is available when any venue takes it, and in none of them at any other time.

    That nobody speaks in two places and that a venue holds one talk are standard rules.
    """
    open_ = joined(stretch for talk in facts.talks for some in talk.venues.values() for stretch in some)
    window = Window("UTC", sorted({start.date() for start, _ in _days(open_)}), list(_blocks(open_)), step=_step(open_))
    return Problem(
        "emf",
        window,
        Venue([Room(name) for name in facts.venues]),
        [
            Session(
                talk.name,
                talk.title,
                talk.minutes,
                required=talk.speakers,
                available=_periods(joined(stretch for some in talk.venues.values() for stretch in some)),
            )
            for talk in facts.talks
        ],
        persons=[Person(name) for name in dict.fromkeys(name for talk in facts.talks for name in talk.speakers)],
        rules=tuple(_rules(facts, open_)),
        published=_published(facts, window),
    )


def _days(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield stretches, cut into pieces of a day at most."""
    for start, end in stretches:
        at = start
        while at < end:
            then = min(end, at + timedelta(days=1))
            yield at, then
            at = then


def _blocks(open_: Iterable[Stretch]) -> Iterator[Block]:
    for start, end in _days(open_):
        yield Block(start.time(), end.time(), days=[start.date()])


def _step(open_: Iterable[Stretch]) -> int:
    """Return the grid, made finer where stretches start beside it."""
    return gcd(GRID, *(start.hour * 60 + start.minute for start, _ in open_))


def _periods(stretches: Iterable[Stretch]) -> tuple[Period, ...]:
    return tuple(Period([start.date()], start.time(), end.time()) for start, end in _days(stretches))


def _rules(facts: Camp, open_: tuple[Stretch, ...]) -> Iterator[Rule]:
    rooms: dict[tuple[str, ...], list[str]] = {}
    shut: dict[tuple[str, tuple[Stretch, ...]], list[str]] = {}
    for talk in facts.talks:
        rooms.setdefault(tuple(talk.venues), []).append(talk.name)
        anywhere = joined(stretch for some in talk.venues.values() for stretch in some)
        for venue, some in talk.venues.items():
            if some != anywhere:
                shut.setdefault((venue, tuple(_without(open_, some))), []).append(talk.name)
    for venues, names in rooms.items():
        if set(venues) != set(facts.venues):
            yield InRoom(names, venues)
    for (venue, stretches), names in shut.items():
        yield NotInRoom(names, [venue], _periods(stretches))
    if facts.is_scheduled:
        yield KeepRoom(weight=1, tier=1)
        yield KeepStart(per="minute", weight=1, tier=2)


def _without(open_: Iterable[Stretch], some: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield what of the open time lies outside some stretches."""
    for start, end in open_:
        at: datetime = start
        for first, last in some:
            if at < min(first, end):
                yield at, min(first, end)
            at = max(at, last)
        if at < end:
            yield at, end


def _published(facts: Camp, window: Window) -> Schedule | None:
    if not facts.is_scheduled:
        return None
    bookings = [
        _booking(talk, talk.venue, talk.time, window)
        for talk in facts.talks
        if talk.venue is not None and talk.time is not None
    ]
    return Schedule("emf", "UTC", bookings)


def _booking(talk: Talk, venue: str, time: datetime, window: Window) -> Booking:
    start = window.wall(window.minute(time))
    return Booking(talk.name, venue, start, start + timedelta(minutes=talk.minutes))
