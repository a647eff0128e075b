"""What a new plan of a programme costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations

from attrs import frozen

from benchmarks.family import Score
from benchmarks.frab.facts import BESIDE, CLOSE, HALF, LUNCH, REST, ROOM, Event, Programme

__all__ = ["score"]

_DAY = 24 * 60


@frozen
class _Stands:
    event: Event
    room: str
    start: int

    @property
    def end(self) -> int:
        return self.start + self.event.minutes


def score(facts: Programme, solution: str) -> Score:
    """Count what a plan costs.

    Args:
        facts: the programme as it was published.
        solution: a line for each event: its name, its start as YYYY-MM-DDTHH:MM, its room.
    """
    faults: list[str] = []
    plan = _plan(facts, solution, faults)
    faults += [f"{event.name} has no place" for event in facts.events if event.name not in plan]
    for one in plan.values():
        faults += _faults_of_one(facts, one)
    for room, places in facts.places.items():
        faults += _crowded(f"room {room}", [one for one in plan.values() if one.room == room], places)
    mine: dict[str, list[_Stands]] = {person: [] for person in facts.speakers}
    for one in plan.values():
        for person in one.event.persons:
            if person in mine:
                mine[person].append(one)
    for person, events in mine.items():
        faults += _crowded(f"person {person}", events, 1)
    halves = ((facts.half(one.event), one) for one in plan.values())
    terms = {
        "lunch": sum(_at_lunch(one) for one in plan.values()),
        "half": HALF * sum(half is not None and not half[0] <= one.start <= one.end <= half[1] for half, one in halves),
        "room": ROOM * sum(one.room != one.event.room for one in plan.values() if len(facts.rooms[one.event.name]) > 1),
        "rest": CLOSE * sum(_close(one, other) for own in mine.values() for one, other in combinations(own, 2)),
        "panels": BESIDE * _too_many(plan[event.name] for event in facts.panels if event.name in plan),
    }
    return Score((sum(terms.values()),), terms, tuple(faults))


def _plan(facts: Programme, solution: str, faults: list[str]) -> dict[str, _Stands]:
    events = {event.name: event for event in facts.events}
    found: dict[str, _Stands] = {}
    for number, line in enumerate(solution.splitlines(), 1):
        name, when, room = (*line.split(maxsplit=2), "", "", "")[:3]
        try:
            at = datetime.strptime(when, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  the wall clock, as the programme has it
            start = (at.toordinal() - facts.first.toordinal()) * _DAY + at.hour * 60 + at.minute
            one = _Stands(events[name], room.strip(), start)
        except (KeyError, ValueError):
            faults.append(f"line {number} is not an event, a start and a room: {line[:80]!r}")
            continue
        if name in found:
            faults.append(f"{name} is there twice")
        found[name] = one
    return found


def _faults_of_one(facts: Programme, one: _Stands) -> Iterator[str]:
    name = one.event.name
    if one.room not in facts.rooms[name]:
        yield f"{name} is in {one.room!r}, and its track is not there on its day"
        return
    opens, closes = facts.hours[one.room, one.event.day]
    if not opens <= one.start <= one.end <= closes:
        yield f"{name} is not within the hours of {one.room!r}"
    if (one.start - facts.days[one.event.day][0]) % facts.step:
        yield f"{name} does not start on the grid of {facts.step} minutes"


def _crowded(what: str, some: Iterable[_Stands], most: int) -> Iterator[str]:
    several = tuple(some)
    for one in several:
        running = [other.event.name for other in several if other.start <= one.start < other.end]
        if len(running) > most:
            yield f"{what} has {len(running)} events at once: {', '.join(running)}"


def _at_lunch(one: _Stands) -> int:
    starts = range(one.start // _DAY * _DAY, one.end, _DAY)
    return sum(max(0, min(one.end, day + LUNCH[1]) - max(one.start, day + LUNCH[0])) for day in starts)


def _close(one: _Stands, other: _Stands) -> bool:
    gap = max(one.start, other.start) - min(one.end, other.end)
    return gap < REST and one.start // _DAY == other.start // _DAY


def _too_many(some: Iterable[_Stands]) -> int:
    """Count those that would have to go: all but the most that can stay, which those are that end first."""
    free, gone = 0, 0
    for one in sorted(some, key=lambda one: one.end):
        if one.start < free:
            gone += 1
        else:
            free = one.end
    return gone
