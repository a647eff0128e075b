"""Real conferences of CoSPLib: tracks into sessions and rooms, submissions into their time slots."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import ClassVar

from benchmarks.cosplib.facts import Conference
from benchmarks.cosplib.read import read
from benchmarks.cosplib.score import HEAD, score
from benchmarks.cosplib.state import day_of, state
from benchmarks.family import Family, Instance, Score, stem
from unsched import Schedule

__all__ = ["CosplibFamily"]


class CosplibFamily(Family[Conference]):
    """Conferences: a track a room and session at most, and a submission in consecutive time slots of its track."""

    summary: ClassVar[str] = "CoSPLib conferences: .xlsx workbooks"
    suffix: ClassVar[str] = ".csv"

    def read(self, source: str) -> Instance[Conference]:
        """Read a workbook."""
        facts = read(Path(source))
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Conference], schedule: Schedule) -> str:
        """Return a line for each occupied time slot: session, room, track, slot, submission."""
        place = {day_of(place): sitting for place, sitting in enumerate(instance.facts.sittings)}
        rooms = {room: at for at, room in enumerate(instance.facts.rooms)}
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(HEAD)
        for booking in sorted(schedule, key=lambda one: (one.start.date(), rooms[one.room], one.start)):
            one = instance.facts.submissions[booking.session]
            first = booking.start.hour * 60 + booking.start.minute
            for slot in range(first, first + one.slots):
                lines.writerow((place[booking.start.date()], booking.room, one.track, slot + 1, one.name))
        return out.getvalue()

    def score(self, facts: Conference, solution: str) -> Score:
        """Count as CoSPLib evaluates a solution: all terms that are switched on."""
        return score(facts, solution)
