"""What a meeting-scheduling instance says, in its own terms."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

__all__ = ["GRAIN", "Meeting", "Plan"]

GRAIN = 15
"""Minutes of a grain."""


@frozen
class Meeting:
    """A meeting.

    Args:
        name: its id.
        grains: its length.
        seats: the seats that it needs.
        required: ids of persons who have to come.
        preferred: ids of persons who should be able to.
    """

    name: str
    grains: int
    seats: int
    required: tuple[str, ...]
    preferred: tuple[str, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """All who attend."""
        return (*self.required, *self.preferred)


@frozen
class Plan:
    """An instance.

    Args:
        first: the number of the first grain.
        days: how many grains each day has, by the number of the day; the grains of a day follow those of the last.
        rooms: the seats of each room.
        meetings: the meetings.
    """

    first: int
    days: Mapping[int, int]
    rooms: Mapping[str, int]
    meetings: tuple[Meeting, ...]

    @property
    def day_of(self) -> Mapping[int, int]:
        """The day of each grain, by the number of the grain."""
        each = [day for day, grains in self.days.items() for _ in range(grains)]
        return {self.first + place: day for place, day in enumerate(each)}
