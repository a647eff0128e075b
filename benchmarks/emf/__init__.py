"""Talks of a camp, which venues take at some times only: planned from nothing, or again with the least change.

Periods of a venue that touch are one. What has no place yet is planned at no cost, since the files state no wishes.
What has one costs, first, each talk that changes its venue, and then each minute by which talks move.
"""

from __future__ import annotations

from typing import ClassVar

from benchmarks.emf.facts import Camp
from benchmarks.emf.read import read
from benchmarks.emf.score import score
from benchmarks.emf.state import state
from benchmarks.family import Family, Instance, Score, stem
from unsched import Schedule

__all__ = ["EmfFamily"]


class EmfFamily(Family[Camp]):
    """Talks of a camp, with what venues take when."""

    summary: ClassVar[str] = "talks with venues and their hours, as slotmachine reads them: .json"

    def read(self, source: str) -> Instance[Camp]:
        """Read the talks of a camp."""
        facts = read(source)
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Camp], schedule: Schedule) -> str:
        """Return a line for each talk: its id, its venue, its start."""
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session}\t{one.room}\t{one.start:%Y-%m-%dT%H:%M}\n" for one in bookings)

    def score(self, facts: Camp, solution: str) -> Score:
        """Count venues that change and minutes moved."""
        return score(facts, solution)
