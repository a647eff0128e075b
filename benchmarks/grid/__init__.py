"""Talks of one slot on a grid of rooms and slots: the measured case from which the solver's model was chosen."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.family import Family, Instance, Score
from benchmarks.grid.facts import Grid
from benchmarks.grid.score import score
from benchmarks.grid.source import read
from benchmarks.grid.state import MINUTES, state
from unsched import Schedule

__all__ = ["GridFamily"]


class GridFamily(Family[Grid]):
    """Talks on a grid: few of a track at once, few that a listener misses."""

    summary: ClassVar[str] = "talks on a grid of rooms and slots, made up: sessions=300,rooms=11,slots=30,seed=1"

    def read(self, source: str) -> Instance[Grid]:
        """Make a grid from a line."""
        facts = read(source)
        return Instance(source, facts, state(facts))

    def write(self, instance: Instance[Grid], schedule: Schedule) -> str:
        """Return a line for each talk: its name, the number of its slot, its room."""
        window = instance.problem.window
        slots = {start: slot for slot, start in enumerate(window.starts(MINUTES))}
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session} {slots[window.minute(one.start)]} {one.room}\n" for one in bookings)

    def score(self, facts: Grid, solution: str) -> Score:
        """Count track clashes and missed talks."""
        return score(facts, solution)
