"""What a schedule of a camp is worth, from the native solution alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

from benchmarks.emf.facts import GRID, Camp, Talk
from benchmarks.family import Score

__all__ = ["score"]


def score(facts: Camp, solution: str) -> Score:
    """Count a solution: a line a talk, its id, its venue and its start, with tabs between."""
    talks = {talk.name: talk for talk in facts.talks}
    places: dict[str, tuple[str, datetime]] = {}
    faults = []
    for number, line in enumerate(solution.splitlines(), 1):
        words = line.split("\t")
        try:
            name, venue, start = words[0], words[1], datetime.fromisoformat(words[2])
        except (IndexError, ValueError):
            faults.append(f"line {number}: {line[:60]!r} is not a talk, a venue and a start")
            continue
        if name not in talks or name in places:
            faults.append(f"line {number}: {name[:60]!r} is no talk, or stands twice")
        else:
            places[name] = (venue, start)
    faults += [f"{name} is not scheduled" for name in talks if name not in places]
    for name, (venue, start) in places.items():
        faults += _misplaced(talks[name], venue, start)
    for one, other in combinations(places, 2):
        first, then = (places[name][1] for name in (one, other))
        both = first < then + _long(talks[other]) and then < first + _long(talks[one])
        if both and places[one][0] == places[other][0]:
            faults.append(f"{one} and {other} are in {places[one][0]} at once")
        shared = set(talks[one].speakers) & set(talks[other].speakers)
        if both and shared:
            faults.append(f"{min(shared)} speaks in {one} and {other} at once")
    if not facts.is_scheduled:
        return Score((0,), {}, tuple(faults))
    kept = [(talk, *places[talk.name]) for talk in facts.talks if talk.venue is not None and talk.name in places]
    moved = sum(venue != talk.venue for talk, venue, _ in kept)
    minutes = sum(round(abs((start - talk.time).total_seconds()) / 60) for talk, _, start in kept if talk.time)
    return Score((moved, minutes), {"venues changed": moved, "minutes moved": minutes}, tuple(faults))


def _long(talk: Talk) -> timedelta:
    return timedelta(minutes=talk.minutes)


def _misplaced(talk: Talk, venue: str, start: datetime) -> list[str]:
    open_ = talk.venues.get(venue, ())
    inside = any(first <= start and start + _long(talk) <= last for first, last in open_)
    if not inside or start.minute % GRID:
        return [f"{talk.name} is in {venue} at {start}, where it may not be"]
    return []
