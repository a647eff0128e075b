"""What a schedule costs as the IETF's generator counts it, from the native solution alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations
from typing import TypeAlias

from benchmarks.family import Score
from benchmarks.ietf.facts import Meeting, Request, Slot

__all__ = ["score"]

_Places: TypeAlias = Mapping[Request, tuple[Slot, str]]
_NEAR = timedelta(minutes=30)


def score(facts: Meeting, solution: str) -> Score:
    """Count a solution: a line a session, its name, the start of its slot and its room, with tabs between."""
    requests, slots = {one.name: one for one in facts.requests}, {slot.start.isoformat(): slot for slot in facts.slots}
    places: dict[Request, tuple[Slot, str]] = {}
    faults: list[str] = []
    for number, line in enumerate(solution.splitlines(), 1):
        words = line.split("\t")
        if not line.strip():
            continue
        slot = slots.get(words[1]) if len(words) == 3 else None
        if slot is None or words[0] not in requests or words[2] not in facts.slots[slot]:
            faults.append(f"line {number}: {line[:60]!r} is not a session, the start of a slot and a room that has it")
        elif requests[words[0]] in places:
            faults.append(f"line {number}: {words[0]!r} stands twice")
        else:
            places[requests[words[0]]] = (slot, words[2])
    faults += [f"{one.name!r} has no slot" for one in facts.requests if one not in places]
    held = Counter(places.values())
    faults += [f"{room} at {slot.start} holds {many} sessions" for (slot, room), many in held.items() if many > 1]
    for one, other in combinations(places, 2):
        if one.group == other.group and places[one][0] == places[other][0]:
            faults.append(f"{one.group!r} meets twice at {places[one][0].start}")
    terms = Counter[str]()
    for name, cost in (*_own(facts, places), *_pairs(facts, places), *_groups(facts, places)):
        terms[name] += cost
    return Score((sum(terms.values()),), dict(terms), tuple(faults))


def _own(facts: Meeting, places: _Places) -> Iterator[tuple[str, int]]:
    prices = facts.prices
    for one, (slot, room) in places.items():
        yield "too short", prices.session_requires_trim * (slot.minutes < one.minutes)
        yield "too small", prices.session_requires_trim * (facts.rooms[room] < one.attendees)
        yield "refused range", prices.timerange * (slot.range in facts.refused_by(one))
        wanted = facts.wanted_beside(one)
        if wanted:
            near = any(
                other.group in wanted and there == room and 0 <= _gap(slot, then) <= _NEAR.total_seconds()
                for other, (then, there) in places.items()
                if other is not one
            )
            yield "not adjacent", prices.wg_adjacent * (not near)


def _gap(one: Slot, other: Slot) -> float:
    """Return the seconds between two slots; negative where they overlap."""
    return (max(one.start, other.start) - min(one.end, other.end)).total_seconds()


def _pairs(facts: Meeting, places: _Places) -> Iterator[tuple[str, int]]:
    for one, other in combinations(places, 2):
        if one.group != other.group and _gap(places[one][0], places[other][0]) < 0:
            yield "conflict", facts.clash(one, other)


def _groups(facts: Meeting, places: _Places) -> Iterator[tuple[str, int]]:
    for group, sessions in facts.groups.items():
        slots = [places[one][0] for one in sessions if one in places]
        if len(slots) < len(sessions) or len(slots) < 2:
            continue
        yield "out of order", facts.prices.sessions_out_of_order * len(slots) * (slots != sorted(slots))
        days = abs((slots[1].start.date() - slots[0].start.date()).days)
        wrong = {"subsequent-days": days != 1, "one-day-seperation": days == 1, None: False}
        yield "time relation", facts.prices.time_relation * len(slots) * wrong[facts.relation_of(group)]
