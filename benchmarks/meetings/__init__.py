"""Meetings of people in rooms, on days of 15-minute grains: Timefold's meeting-scheduling problem.

The levels are hard (which is stated as what has to hold, so that a plan that has any is none), medium, and soft.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from benchmarks.family import Family, Instance, Score, stem
from benchmarks.meetings.facts import Plan
from benchmarks.meetings.read import read
from benchmarks.meetings.score import score
from benchmarks.meetings.state import grain_of, levels_of, state
from unsched import Schedule

__all__ = ["MeetingsFamily"]


class MeetingsFamily(Family[Plan]):
    """Timefold's meeting-scheduling problem."""

    summary: ClassVar[str] = "Timefold's meeting scheduling: lines of G, R, M and A"

    def read(self, source: str) -> Instance[Plan]:
        """Read an instance."""
        facts = read(source)
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Plan], schedule: Schedule) -> str:
        """Return a line for each meeting: its id, its room, its first grain."""
        lines = []
        for one in instance.facts.meetings:
            booking = schedule.get(f"m{one.name}")
            if booking is not None:
                lines.append(f"{one.name} {booking.room} {grain_of(instance.facts, booking.start)}\n")
        return "".join(lines)

    def score(self, facts: Plan, solution: str) -> Score:
        """Count as Timefold's constraints do."""
        return score(facts, solution)

    def levels(self, instance: Instance[Plan], costs: Mapping[int, int]) -> tuple[int, ...]:
        """Return costs by tier as hard, medium and soft."""
        return levels_of(instance.facts, costs)
