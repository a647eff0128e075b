"""The session requests of an IETF meeting, scored as the IETF's own generator does.

A session takes one slot of one room, and those of one group are never at once. Area, AD and BOF terms are left out,
since public files lack their data, and so are costs that no schedule avoids: what is cut because no slot is long
enough and no room large enough for all, and a neighbour that does not meet.
"""

from __future__ import annotations

from typing import ClassVar

from benchmarks.family import Family, Instance, Score, stem
from benchmarks.ietf.facts import Meeting
from benchmarks.ietf.read import read
from benchmarks.ietf.score import score
from benchmarks.ietf.state import state
from unsched import Schedule

__all__ = ["IetfFamily"]


class IetfFamily(Family[Meeting]):
    """The session requests of an IETF meeting."""

    summary: ClassVar[str] = "session requests of an IETF meeting: .json"

    def read(self, source: str) -> Instance[Meeting]:
        """Read the requests of a meeting."""
        facts = read(source)
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Meeting], schedule: Schedule) -> str:
        """Return a line for each session: its name, the start of its slot, its room."""
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session}\t{one.start:%Y-%m-%dT%H:%M:%S}\t{one.room}\n" for one in bookings)

    def score(self, facts: Meeting, solution: str) -> Score:
        """Count as the generator does."""
        return score(facts, solution)
