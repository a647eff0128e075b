"""A conference as a problem of catalogue rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from benchmarks.conference.facts import Conference, Slot
from unsched import Block, Period, Problem, Room, Rule, Seats, Session, Venue, Window
from unsched.rules import NotTogether, SeatsEnough, Soften

__all__ = ["state"]

_FIRST = date(2024, 1, 1)
_DAY = 24 * 60


def state(facts: Conference) -> Problem:
    """State a conference: a block for each time, a session of its length for each talk.

    Standing where seats are short costs one for each seat that lacks.
    """
    starts = sorted({slot.start for slot in facts.slots})
    days: dict[int, list[date]] = {}
    for start in starts:
        days.setdefault(start % _DAY, []).append(_day(start))
    window = Window(
        "UTC",
        sorted({_day(start) for start in starts}),
        [Block(_clock(clock), _clock(clock + facts.minutes), days=on) for clock, on in sorted(days.items())],
        step=facts.minutes,
    )
    rooms: dict[str, list[Slot]] = {}
    for slot in facts.slots:
        rooms.setdefault(slot.room, []).append(slot)
    return Problem(
        "conference",
        window,
        Venue([_room(name, slots, starts, facts.minutes) for name, slots in rooms.items()]),
        [
            Session(
                talk.name,
                talk.name,
                facts.minutes,
                side_seats=talk.demand,
                available=[_period(start, facts.minutes) for start in starts if start not in talk.away]
                if talk.away
                else None,
            )
            for talk in facts.talks
        ],
        rules=[*_apart(facts), Soften(SeatsEnough(), weight=1, tier=1)],
    )


def _room(name: str, slots: Sequence[Slot], starts: Iterable[int], minutes: int) -> Room:
    there = {slot.start for slot in slots}
    closed = [_period(start, minutes) for start in starts if start not in there]
    return Room(name, seats=Seats(side=slots[0].seats), closed=closed)


def _apart(facts: Conference) -> Iterator[Rule]:
    """Keep clashing talks apart, as many of them by one rule as clash with one another."""
    near = {talk.name: set(talk.clashes) for talk in facts.talks}
    done: set[frozenset[str]] = set()
    for name, others in near.items():
        for other in sorted(others):
            if frozenset((name, other)) in done:
                continue
            clique = [name, other]
            common = others & near[other]
            while common:
                clique.append(min(common))
                common &= near[clique[-1]]
            done.update(frozenset((one, two)) for one in clique for two in clique if one != two)
            yield NotTogether(sorted(clique))


def _day(start: int) -> date:
    return _FIRST + timedelta(days=start // _DAY)


def _clock(minute: int) -> str:
    return f"{minute % _DAY // 60:02d}:{minute % 60:02d}"


def _period(start: int, minutes: int) -> Period:
    return Period([_day(start)], _clock(start), _clock(start + minutes))
