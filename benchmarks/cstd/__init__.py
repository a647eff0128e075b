"""The founding case: the CSTD's inter-sessional panel and its Working Group, 15-17 December 2010."""

from __future__ import annotations

from typing import ClassVar

from benchmarks.cstd.facts import Case
from benchmarks.cstd.score import score
from benchmarks.cstd.state import facts_of
from benchmarks.family import Family, Instance, Score
from unsched import Schedule, palais
from unsched.errors import Fault, InputError

__all__ = ["CstdFamily"]

_NAME = "cstd-2010"


class CstdFamily(Family[Case]):
    """The founding case, in four levels: invitations missed, times, rooms, early ends."""

    summary: ClassVar[str] = f"the founding case, which is called {_NAME}"

    def read(self, source: str) -> Instance[Case]:
        """Return the case.

        Raises:
            InputError: another is asked for.
        """
        if source != _NAME:
            raise InputError([Fault("", f"there is one case only, and {source[:80]!r} is not it", f"{_NAME}.")], "cstd")
        problem = palais.cstd_2010()
        return Instance(_NAME, facts_of(problem), problem)

    def write(self, instance: Instance[Case], schedule: Schedule) -> str:
        """Return a line for each session: its name, date, start and room."""
        bookings = sorted(schedule.bookings, key=lambda booking: booking.session)
        return "".join(f"{one.session} {one.start:%Y-%m-%d %H:%M} {one.room}\n" for one in bookings)

    def score(self, facts: Case, solution: str) -> Score:
        """Count the four levels."""
        return score(facts, solution)
