"""Curriculum-based course timetabling of the second International Timetabling Competition (ITC-2007, track 3)."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from benchmarks.family import Family, Instance, Score, stem
from benchmarks.itc2007.facts import Timetabling
from benchmarks.itc2007.read import read
from benchmarks.itc2007.score import score
from benchmarks.itc2007.state import lecture, state
from unsched import Schedule

__all__ = ["Itc2007Family"]


class Itc2007Family(Family[Timetabling]):
    """University courses: lectures into periods and rooms, with curricula that never meet."""

    summary: ClassVar[str] = "ITC-2007 course timetabling: .ctt files"
    suffix: ClassVar[str] = ".sol"

    def read(self, source: str) -> Instance[Timetabling]:
        """Read a .ctt file."""
        facts = read(Path(source))
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Timetabling], schedule: Schedule) -> str:
        """Return a line for each lecture: its course, its room, its day, its period."""
        first = instance.problem.window.days[0]
        lines = []
        for course in instance.facts.courses.values():
            for number in range(1, course.lectures + 1):
                booking = schedule.get(lecture(course.name, number))
                if booking is not None:
                    day = (booking.start.date() - first).days
                    lines.append(f"{course.name} {booking.room} {day} {booking.start.hour}")
        return "\n".join(lines) + "\n"

    def score(self, facts: Timetabling, solution: str) -> Score:
        """Count as the validator of the competition does."""
        return score(facts, solution)
