"""What an assignment of talks to slots costs, by ConferenceScheduler's documented objective."""

from __future__ import annotations

from benchmarks.conference.facts import Conference
from benchmarks.family import Score

__all__ = ["score"]


def score(facts: Conference, solution: str) -> Score:
    """Sum, over the talks, by how many people the demand exceeds the seats of the slot.

    The project's README calls it potential disappointment: "the excess of demand over capacity".

    Args:
        facts: the conference.
        solution: a line for each talk, its name and the number of its slot, from 0.
    """
    talks = {talk.name: talk for talk in facts.talks}
    faults: list[str] = []
    taken: dict[str, int] = {}
    for number, line in enumerate(solution.splitlines(), 1):
        name, _, place = line.strip().rpartition(" ")
        if name not in talks or not place.isdecimal() or int(place) >= len(facts.slots):
            faults.append(f"line {number} is not a talk and a slot: {line[:80]!r}")
        elif name in taken:
            faults.append(f"talk {name} has two slots")
        else:
            taken[name] = int(place)
    faults += [f"talk {name} has no slot" for name in talks if name not in taken]
    users: dict[int, list[str]] = {}
    for name, slot in taken.items():
        users.setdefault(slot, []).append(name)
    faults += [f"slot {slot} has {len(names)} talks: {', '.join(names)}" for slot, names in users.items() if names[1:]]
    start = {name: facts.slots[slot].start for name, slot in taken.items()}
    for name in taken:
        if start[name] in talks[name].away:
            faults.append(f"talk {name} is at minute {start[name]}, when its speakers are away")
        for other in talks[name].clashes:
            if name < other and start.get(other) == start[name]:
                faults.append(f"talks {name} and {other} are at the same time")
    over = sum(max(0, talks[name].demand - facts.slots[slot].seats) for name, slot in taken.items())
    return Score((over,), {"people without a seat": over}, tuple(faults))
