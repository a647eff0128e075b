"""What a calendar of the Palais says: rooms, teams, bodies and their meetings, week by week."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

__all__ = ["DAYS", "HALVES", "HOURS", "LEFT_OUT", "LUNCH", "WEIGHTS", "WISHES", "Hall", "Meeting", "Palais"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HALVES = ("morning", "afternoon")
HOURS = {"morning": (10 * 60, 13 * 60), "afternoon": (15 * 60, 18 * 60), "lunch": (13 * 60 + 15, 14 * 60 + 45)}
LUNCH = "lunch"

WEIGHTS = {0: 3, 1: 2, 2: 1}
"""How much the wishes for a meeting of a priority count."""
WISHES = {"week": 6, "half": 2, "day": 1}
"""What a wish costs that is not met, times the weight."""
LEFT_OUT = 40
"""What an optional meeting costs that is not held."""


@frozen
class Hall:
    """A room.

    Args:
        name: what it is called.
        seats: seats in all.
        booths: booths for interpreters.
    """

    name: str
    seats: int
    booths: int


@frozen
class Meeting:
    """What wants a room at some time.

    Args:
        name: what it is called.
        body: who meets; no body meets twice at once.
        branch: the branch of the secretariat that serves it.
        kind: "plenary", "meeting" or "side-event"; side events are at lunch time, the others outside it.
        minutes: its length.
        seats: how many come.
        languages: languages that it is interpreted into.
        missions: small missions that must be there.
        priority: 0 for calendar bodies, 1 for others, 2 for what is held subject to availability: that may be left out.
        weeks: numbers of the weeks in which it can stand.
        week: the one of these that is wished.
        day: the weekday that is wished, or `None`.
        half: the half of the day that is wished, or `None`.
    """

    name: str
    body: str
    branch: str
    kind: str
    minutes: int
    seats: int
    languages: tuple[str, ...]
    missions: tuple[str, ...]
    priority: int
    weeks: tuple[int, ...]
    week: int
    day: str | None
    half: str | None


@frozen
class Palais:
    """Some weeks of meetings.

    Args:
        first: the Monday of week 0.
        weeks: how many weeks there are.
        halls: the rooms.
        teams: teams of interpreters for each language.
        per_week: the most meetings of a team in a week.
        branches: how many meetings at once each branch of the secretariat can serve.
        plenaries: the most plenary meetings at once.
        step: minutes between possible starts, from the opening of each half day.
        meetings: the meetings.
    """

    first: date
    weeks: int
    halls: tuple[Hall, ...]
    teams: dict[str, int]
    per_week: int
    branches: dict[str, int]
    plenaries: int
    step: int
    meetings: tuple[Meeting, ...]

    def days(self, week: int) -> tuple[date, ...]:
        """Return the working days of a week."""
        return tuple(self.first + timedelta(days=7 * week + place) for place in range(len(DAYS)))
