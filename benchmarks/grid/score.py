"""What a schedule of a grid costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.family import Score
from benchmarks.grid.facts import Grid

__all__ = ["score"]


def score(facts: Grid, solution: str) -> Score:
    """Count track clashes and missed talks.

    Of a track, each talk of a slot beyond the first costs 1. Of a listener, each promised talk of a slot beyond the
    first costs 1.

    Args:
        facts: the grid.
        solution: a line for each talk: its name, the number of its slot, its room.
    """
    talks = {talk.name: talk for talk in facts.talks}
    places: dict[str, tuple[int, str]] = {}
    faults: list[str] = []
    for number, line in enumerate(solution.splitlines(), 1):
        words = line.split()
        good = len(words) == 3 and words[0] in talks and words[2] in facts.rooms and words[1].isdecimal()
        if not good or int(words[1]) >= facts.slots:
            faults.append(f"line {number} is not a talk, a slot and a room: {line[:80]!r}")
        elif words[0] in places:
            faults.append(f"{words[0]} is there twice")
        else:
            places[words[0]] = int(words[1]), words[2]
    faults += [f"{name} has no place" for name in talks if name not in places]
    faults += _faults(facts, places)
    tracks = Counter((talk.track, places[talk.name][0]) for talk in facts.talks if talk.name in places)
    heard = Counter(
        (who, places[talk.name][0]) for talk in facts.talks if talk.name in places for who in talk.listeners
    )
    terms = {"track clashes": _beyond_first(tracks), "missed talks": _beyond_first(heard)}
    return Score((sum(terms.values()),), terms, tuple(faults))


def _beyond_first(counts: Counter[tuple[str, int]]) -> int:
    return sum(count - 1 for count in counts.values())


def _faults(facts: Grid, places: dict[str, tuple[int, str]]) -> Iterator[str]:
    taken: dict[tuple[int, str], str] = {}
    speaking: dict[tuple[int, str], str] = {}
    for talk in facts.talks:
        if talk.name not in places:
            continue
        slot, room = places[talk.name]
        if slot in talk.away:
            yield f"{talk.name} is in slot {slot}, when a speaker is away"
        if talk.seats > facts.rooms[room]:
            yield f"{talk.name} needs {talk.seats} seats, and {room} has {facts.rooms[room]}"
        other = taken.setdefault((slot, room), talk.name)
        if other != talk.name:
            yield f"{other} and {talk.name} are both in {room} in slot {slot}"
        for who in talk.speakers:
            other = speaking.setdefault((slot, who), talk.name)
            if other != talk.name:
                yield f"{who} speaks in {other} and {talk.name} in slot {slot}"
