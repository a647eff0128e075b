"""Talks into slots, as ConferenceScheduler states it: each slot has a room, a time and seats; each talk a demand."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.conference.facts import Conference
from benchmarks.conference.score import score
from benchmarks.conference.source import read
from benchmarks.conference.state import state
from benchmarks.family import Family, Instance, Score
from unsched import Schedule

__all__ = ["ConferenceFamily"]


class ConferenceFamily(Family[Conference]):
    """Talks into slots: nobody in two places, and few people who find no seat."""

    summary: ClassVar[str] = (
        "talks into slots of a room and a time, as ConferenceScheduler states it, made up: "
        "talks=100,slots=120,rooms=6,seed=1"
    )

    def read(self, source: str) -> Instance[Conference]:
        """Make a conference from a line."""
        facts = read(source)
        return Instance(source, facts, state(facts))

    def write(self, instance: Instance[Conference], schedule: Schedule) -> str:
        """Return a line for each talk: its name and the number of its slot."""
        places = {(slot.room, slot.start): number for number, slot in enumerate(instance.facts.slots)}
        window = instance.problem.window
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session} {places[one.room, window.minute(one.start)]}\n" for one in bookings)

    def score(self, facts: Conference, solution: str) -> Score:
        """Count those who find no seat."""
        return score(facts, solution)
