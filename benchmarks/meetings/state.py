"""A meeting-scheduling instance as a problem of catalogue rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from benchmarks.meetings.facts import GRAIN, Plan
from unsched import EVERY, Block, Person, Problem, Room, Rule, Seats, Session, Venue, Window
from unsched.rules import Conflict, DeclaredConflicts, EndEarly, LargeRoomsFirst, Neighbour

__all__ = ["grain_of", "levels_of", "state"]

_FIRST = date(2024, 1, 1)
_OPENING = time(8)
_MORNING = (24 - _OPENING.hour) * 60 // GRAIN
"""How many grains a day has, at most, from the opening to midnight."""


def state(facts: Plan) -> Problem:
    """State an instance: each day is an open block, and what is soft is counted in minutes.

    That a room holds one meeting and has its seats, and that no one who is required is in two, are standard rules. All
    who attend a meeting make pairs of meetings that should not be at once. A break between two meetings is earned by a
    meeting that another follows in its room within a grain; here, one that none follows pays for it.
    """
    opening = _opening(facts)
    return Problem(
        "meetings",
        Window("UTC", [_date(facts, day) for day in facts.days], list(_blocks(facts, opening)), step=GRAIN),
        Venue([Room(name, seats=Seats(side=seats)) for name, seats in facts.rooms.items()]),
        [
            Session(
                f"m{one.name}", f"Meeting {one.name}", one.grains * GRAIN, required=one.required, side_seats=one.seats
            )
            for one in facts.meetings
        ],
        persons=[Person(name) for name in dict.fromkeys(name for one in facts.meetings for name in one.required)],
        rules=tuple(_rules(facts)),
    )


def _opening(facts: Plan) -> time:
    return _OPENING if max(facts.days.values()) <= _MORNING else time()


def _date(facts: Plan, day: int) -> date:
    return _FIRST + timedelta(days=day - min(facts.days))


def _blocks(facts: Plan, opening: time) -> Iterator[Block]:
    by_length: dict[int, list[date]] = {}
    for day, grains in facts.days.items():
        by_length.setdefault(grains, []).append(_date(facts, day))
    for grains, days in by_length.items():
        end = datetime.combine(_FIRST, opening) + timedelta(minutes=grains * GRAIN)
        yield Block(opening, "24:00" if end.date() > _FIRST else end.time(), days=days)


def _rules(facts: Plan) -> Iterator[Rule]:
    meetings: dict[str, list[str]] = {}
    for one in facts.meetings:
        for person in one.people:
            meetings.setdefault(person, []).append(f"m{one.name}")
    rows = [Conflict(names, names) for names in meetings.values() if len(names) > 1]
    if rows:
        yield DeclaredConflicts(rows, per="minute", tier=1)
    yield EndEarly(of="each", tier=2)
    if len(facts.meetings) > 1:
        yield DeclaredConflicts([Conflict(EVERY, EVERY)], per="minute", tier=2)
        yield Neighbour(
            EVERY,
            within=GRAIN,
            open_minutes=True,
            room="same",
            side="after",
            overnight=True,
            weight=GRAIN,
            tier=2,
        )
        yield LargeRoomsFirst(EVERY, "side", weight=GRAIN, tier=2)


def levels_of(facts: Plan, costs: Mapping[int, int]) -> tuple[int, ...]:
    """Return costs by tier as hard, medium and soft: in grains, from the first start, with what breaks earn."""
    several = len(facts.meetings) if len(facts.meetings) > 1 else 0
    soft = sum(facts.first - one.grains for one in facts.meetings) - several
    return 0, -(-costs.get(1, 0) // GRAIN), -(-costs.get(2, 0) // GRAIN) + soft


def grain_of(facts: Plan, start: datetime) -> int:
    """Return the number of the grain that starts at a moment by the wall clock."""
    day = (start.date() - _FIRST).days + min(facts.days)
    before = sum(grains for other, grains in facts.days.items() if other < day)
    opening = _opening(facts)
    minutes = (start.hour - opening.hour) * 60 + start.minute - opening.minute
    return facts.first + before + minutes // GRAIN
