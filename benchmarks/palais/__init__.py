"""Weeks of meetings at the Palais des Nations, made up: from one week to a year of 10,000 meetings."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.family import Family, Instance, Score, stem
from benchmarks.palais.facts import Palais
from benchmarks.palais.saved import load
from benchmarks.palais.score import score
from benchmarks.palais.source import make
from benchmarks.palais.state import state
from unsched import Schedule

__all__ = ["PalaisFamily"]


class PalaisFamily(Family[Palais]):
    """Meetings of bodies by priority, with interpreters, small missions and wished weeks, days and half days."""

    summary: ClassVar[str] = "weeks at the Palais des Nations, made up: weeks=50,seed=1; or a file saved from that"

    def read(self, source: str) -> Instance[Palais]:
        """Make a calendar from a line, or read a saved one."""
        if "=" in source:
            facts = make(source)
            return Instance(source, facts, state(facts))
        facts = load(source)
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Palais], schedule: Schedule) -> str:
        """Return a line for each meeting that is held: its name, date, start and room."""
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session} {one.start:%Y-%m-%d %H:%M} {one.room}\n" for one in bookings)

    def score(self, facts: Palais, solution: str) -> Score:
        """Count wishes that are not met and optional meetings that are left out."""
        return score(facts, solution)
