"""Counting what a programme costs, term by term, from its lines alone."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from benchmarks.cosplib.facts import Conference, pair
from benchmarks.family import Score

__all__ = ["HEAD", "score"]

HEAD = ("Session", "Room", "Track", "Time Slot", "Submission")
"""The columns of a native solution: a line for each occupied time slot, counted from 1."""

Cell: TypeAlias = "tuple[str, str]"
"""A session in a room."""
Programme: TypeAlias = "dict[tuple[str, str], dict[int, str]]"
"""The submission of each occupied slot, counted from 0, by session and room."""


def score(conference: Conference, solution: str) -> Score:
    """Count a solution.

    Args:
        conference: the instance.
        solution: lines of comma-separated values, under `HEAD`.
    """
    lines = [line for line in csv.reader(solution.splitlines()) if line]
    faults: list[str] = []
    held: dict[Cell, str] = {}
    programme: Programme = {}
    for number, line in enumerate(lines[1:], 2):
        wrong = _wrong(conference, line, held, programme)
        if wrong:
            faults.append(f"line {number}: {wrong}")
            continue
        sitting, room, track, slot, name = line
        held[sitting, room] = track
        programme.setdefault((sitting, room), {})[int(slot) - 1] = name
    if tuple(lines[0] if lines else ()) != HEAD:
        faults.append(f"the first line is not {','.join(HEAD)}")
    faults += _unfinished(conference, programme)
    weights = conference.weights
    counts = {name: count for name, count in _terms(conference, held, programme).items() if weights.get(name, 0)}
    terms = {name: weights[name] * count for name, count in counts.items()}
    return Score((sum(terms.values()),), terms, tuple(faults))


def _wrong(
    conference: Conference, line: Sequence[str], held: Mapping[Cell, str], programme: Mapping[Cell, Mapping[int, str]]
) -> str:
    if len(line) != len(HEAD):
        return f"{len(line)} values, not {len(HEAD)}"
    sitting, room, track, slot, name = line
    if sitting not in conference.sittings or room not in conference.rooms or track not in conference.tracks:
        return "no such session, room or track"
    if name not in conference.submissions:
        return f"no submission {name!r}"
    if not slot.isascii() or not slot.isdigit() or not 1 <= int(slot) <= conference.sittings[sitting].slots:
        return f"session {sitting!r} has no time slot {slot}"
    if held.get((sitting, room), track) != track:
        return f"room {room!r} holds track {held[sitting, room]!r} in session {sitting!r}"
    if conference.submissions[name].track != track:
        return f"{name!r} is not of track {track!r}"
    if int(slot) - 1 in programme.get((sitting, room), {}):
        return f"time slot {slot} of {sitting!r} in {room!r} is taken"
    return ""


def _unfinished(conference: Conference, programme: Programme) -> list[str]:
    where: dict[str, list[tuple[Cell, int]]] = {}
    for cell, slots in programme.items():
        for slot, name in sorted(slots.items()):
            where.setdefault(name, []).append((cell, slot))
    faults = []
    for one in conference.submissions.values():
        taken = where.get(one.name, [])
        cells = {cell for cell, _ in taken}
        at = [slot for _, slot in taken]
        if len(taken) != one.slots or len(cells) != 1 or at != list(range(at[0], at[0] + one.slots)):
            faults.append(f"{one.name!r} does not have {one.slots} consecutive time slots in one session and room")
    return faults


def _terms(conference: Conference, held: Mapping[Cell, str], programme: Programme) -> dict[str, int]:
    sittings = list(conference.sittings)
    rooms: dict[str, dict[str, str]] = {sitting: {} for sitting in sittings}
    for (sitting, room), track in held.items():
        rooms[sitting][room] = track
    stays = [
        (sitting, room, slot, name) for (sitting, room), slots in programme.items() for slot, name in slots.items()
    ]
    return {
        "Tracks_Sessions|Penalty": sum(conference.track_sitting.get((t, s), 0) for (s, _), t in held.items()),
        "Tracks_Rooms|Penalty": sum(conference.track_room.get((t, r), 0) for (_, r), t in held.items()),
        "Sessions_Rooms|Penalty": sum(conference.sitting_room.get(cell, 0) for cell in held),
        "Similar Tracks": sum(
            conference.similar.get(pair(a, b), 0)
            for by_room in rooms.values()
            for a, b in combinations(by_room.values(), 2)
            if a != b
        ),
        "Number of Rooms per Track": len({(t, r) for (_, r), t in held.items()}) - len(set(held.values())),
        "Parallel Tracks": sum(len(by_room) - len(set(by_room.values())) for by_room in rooms.values()),
        "Consecutive Tracks": _broken(conference, held),
        "Submissions_Timezones": sum(
            conference.hours_penalty(conference.submissions[name], conference.sittings[sitting])
            for sitting, _, _, name in stays
        ),
        "Submissions Order": _disorder(conference, programme),
        "Submissions_Sessions|Penalty": sum(conference.submission_sitting.get((n, s), 0) for s, _, _, n in stays),
        "Submissions_Rooms|Penalty": sum(conference.submission_room.get((n, r), 0) for _, r, _, n in stays),
        "Presenters Conflicts": _apart(conference.shared_presenters, stays),
        "Attendees Conflicts": _apart(conference.shared_attendees, stays),
        "Chairs Conflicts": sum(
            pair(a, b) in conference.shared_chairs
            for by_room in rooms.values()
            for a, b in combinations(by_room.values(), 2)
        ),
        "Presenters Conflicts Timeslot Level": _at_once(conference.shared_presenters, stays),
        "Attendees Conflicts Timeslot Level": _at_once(conference.shared_attendees, stays),
    }


def _broken(conference: Conference, held: Mapping[Cell, str]) -> int:
    """Count the tracks whose sessions do not follow each other without a hole."""
    order = {sitting: at for at, sitting in enumerate(conference.sittings)}
    at: dict[str, set[int]] = {}
    for (sitting, _), track in held.items():
        at.setdefault(track, set()).add(order[sitting])
    return sum(max(some) - min(some) + 1 > len(some) for some in at.values())


def _disorder(conference: Conference, programme: Programme) -> int:
    """Count the ordered submissions that are not at their ordinal, and the pairs of them in one time slot."""
    order = {sitting: at for at, sitting in enumerate(conference.sittings)}
    place = {room: at for at, room in enumerate(conference.rooms)}
    listed: dict[str, dict[str, None]] = {}
    at_once: dict[tuple[str, str, int], int] = {}
    for sitting, room in sorted(programme, key=lambda cell: (order[cell[0]], place[cell[1]])):
        for slot, name in sorted(programme[sitting, room].items()):
            one = conference.submissions[name]
            listed.setdefault(one.track, {})[name] = None
            if one.order:
                at_once[one.track, sitting, slot] = at_once.get((one.track, sitting, slot), 0) + 1
    misplaced = sum(
        conference.submissions[name].order not in (0, number)
        for names in listed.values()
        for number, name in enumerate(names, 1)
    )
    return misplaced + sum(count * (count - 1) // 2 for count in at_once.values())


def _apart(shared: frozenset[tuple[str, str]], stays: Iterable[tuple[str, str, int, str]]) -> int:
    """Count the pairs that stand in one session in different rooms."""
    where = {name: (sitting, room) for sitting, room, _, name in stays}
    return sum(
        one in where and other in where and where[one][0] == where[other][0] and where[one][1] != where[other][1]
        for one, other in shared
    )


def _at_once(shared: frozenset[tuple[str, str]], stays: Iterable[tuple[str, str, int, str]]) -> int:
    """Count the time slots that pairs have in common."""
    when: dict[str, set[tuple[str, int]]] = {}
    for sitting, _, slot, name in stays:
        when.setdefault(name, set()).add((sitting, slot))
    return sum(len(when.get(one, set()) & when.get(other, set())) for one, other in shared)
