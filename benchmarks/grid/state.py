"""A grid as a problem of catalogue rules."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.grid.facts import Grid, Talk
from unsched import Block, Period, Person, Problem, Room, Seats, Select, Session, Venue, Window
from unsched.rules import AtMostTogether, InvitedCanAttend, Soften

__all__ = ["MINUTES", "state"]

MINUTES = 30
_FIRST = date(2024, 1, 1)
_OPENING = 9 * 60


def state(facts: Grid) -> Problem:
    """State a grid: a day for each six slots, and persons who speak or listen.

    That no speaker is in two places, that everybody has a seat and that a room holds one talk are standard rules.
    """
    talks = facts.talks
    tracks = dict.fromkeys(talk.track for talk in talks)
    people = dict.fromkeys(name for talk in talks for name in (*talk.speakers, *talk.listeners))
    return Problem(
        "grid",
        _window(facts),
        Venue([Room(name, seats=Seats(side=seats)) for name, seats in facts.rooms.items()]),
        [_session(facts, talk) for talk in talks],
        persons=[Person(name) for name in people],
        rules=[
            *(Soften(AtMostTogether(1, Select(tags=track)), weight=1, tier=1) for track in tracks),
            InvitedCanAttend(weight=1, tier=1),
        ],
    )


def _window(facts: Grid) -> Window:
    days: dict[int, list[date]] = {}
    for first in range(0, facts.slots, facts.per_day):
        number = min(facts.per_day, facts.slots - first)
        days.setdefault(number, []).append(_day(facts, first))
    every = [day for some in days.values() for day in some]
    return Window("UTC", every, [Block(_clock(0), _clock(n), days=some) for n, some in days.items()], step=MINUTES)


def _session(facts: Grid, talk: Talk) -> Session:
    days = dict.fromkeys(_day(facts, slot) for slot in range(facts.slots) if slot not in talk.away)
    return Session(
        talk.name,
        talk.name,
        MINUTES,
        tags=talk.track,
        required=talk.speakers,
        invited=[name for name in talk.listeners if name not in talk.speakers],
        side_seats=talk.seats,
        available=[Period(days)] if talk.away else None,
    )


def _day(facts: Grid, slot: int) -> date:
    return _FIRST + timedelta(days=slot // facts.per_day)


def _clock(slot: int) -> str:
    minute = _OPENING + slot * MINUTES
    return f"{minute // 60:02d}:{minute % 60:02d}"
