"""What a plan of meetings costs: hard, medium and soft, from the native solution alone."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from attrs import frozen

from benchmarks.family import Score
from benchmarks.meetings.facts import Meeting, Plan

__all__ = ["score"]


@frozen
class _Placed:
    meeting: Meeting
    room: str
    first: int

    @property
    def end(self) -> int:
        return self.first + self.meeting.grains

    def shared(self, other: _Placed) -> int:
        return max(0, min(self.end, other.end) - max(self.first, other.first))


def score(facts: Plan, solution: str) -> Score:
    """Count a solution: a line a meeting, its id, its room and the number of its first grain."""
    meetings = {one.name: one for one in facts.meetings}
    days = facts.day_of
    placed: dict[str, _Placed] = {}
    faults = []
    for number, line in enumerate(solution.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        good = len(words) == 3 and words[0] in meetings and words[0] not in placed and words[1] in facts.rooms
        if not good or not (words[2].isascii() and words[2].isdecimal() and len(words[2]) < 7):
            faults.append(f"line {number}: {line[:60]!r} is not a meeting, a room and a grain")
        elif int(words[2]) not in days:
            faults.append(f"line {number}: there is no grain {words[2]}")
        else:
            placed[words[0]] = _Placed(meetings[words[0]], words[1], int(words[2]))
    faults += [f"meeting {name} has no place" for name in meetings if name not in placed]
    terms = Counter[str]()
    for one in placed.values():
        terms["overtime"] += one.end if one.end - 1 not in days else 0
        terms["seats missing"] += max(0, one.meeting.seats - facts.rooms[one.room])
        terms["two days"] += one.end - 1 in days and days[one.end - 1] != days[one.first]
        terms["start"] += one.first
    for one, other in combinations(placed.values(), 2):
        terms.update(_pair(facts, one, other))
    hard = sum(terms[name] for name in ("overtime", "seats missing", "two days", "room twice", "required twice"))
    if hard:
        faults.append(f"{hard} hard")
    soft = terms["start"] + terms["at once"] + terms["smaller room first"] - terms["break"]
    return Score((hard, terms["preferred twice"], soft), dict(terms), tuple(faults))


def _pair(facts: Plan, one: _Placed, other: _Placed) -> dict[str, int]:
    shared = one.shared(other)
    early, late = (one, other) if one.first <= other.first else (other, one)
    both = [name for name in one.meeting.people if name in other.meeting.people]
    must = sum(name in one.meeting.required and name in other.meeting.required for name in both)
    apart = early.first != late.first
    return {
        "room twice": shared * (one.room == other.room),
        "required twice": shared * must,
        "preferred twice": shared * (len(both) - must),
        "at once": shared,
        "break": one.room == other.room and apart and late.first <= early.end + 1,
        "smaller room first": apart and facts.rooms[early.room] < facts.rooms[late.room],
    }
