"""Published programmes planned again: rooms, speakers, durations and days as published, and what people ask for.

Each event keeps its day, stands in a room in which its track was published on that day, within the hours of that room,
and nobody speaks in two places. Beyond that it is wished that panels (three persons or more) do not run against each
other, at 20 for each that would have to go; that a speaker has 30 minutes between two events of a date, at 15 for each
pair that has fewer; that events stay in the half of the day in which they were published, and in the room, at 5 each;
and that all can eat: each minute of an event between 12:00 and 13:30 costs 1.
"""

from __future__ import annotations

from typing import ClassVar

from benchmarks.family import Family, Instance, Score, stem
from benchmarks.frab.facts import Programme
from benchmarks.frab.read import read
from benchmarks.frab.score import score
from benchmarks.frab.state import places_of, state
from unsched import Schedule

__all__ = ["FrabFamily"]


class FrabFamily(Family[Programme]):
    """A published programme planned again."""

    summary: ClassVar[str] = "a published programme planned again: schedule.xml or its JSON, as frab and pretalx write"

    def read(self, source: str) -> Instance[Programme]:
        """Read a published programme."""
        facts = read(source)
        return Instance(stem(source), facts, state(facts))

    def write(self, instance: Instance[Programme], schedule: Schedule) -> str:
        """Return a line for each event: its name, its start by the wall clock, its room."""
        rooms = places_of(instance.facts)
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session} {one.start:%Y-%m-%dT%H:%M} {rooms[one.room]}\n" for one in bookings)

    def score(self, facts: Programme, solution: str) -> Score:
        """Count panels at once, short rests, and what left its half of the day or its room."""
        return score(facts, solution)
