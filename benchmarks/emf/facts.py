"""What the talks of a camp say, in their own terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from attrs import frozen

__all__ = ["GRID", "Camp", "Stretch", "Talk", "joined"]

Stretch: TypeAlias = tuple[datetime, datetime]
"""A stretch of time: half-open."""

GRID = 10
"""Minutes between possible starts."""


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in order, those that touch or overlap made one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


@frozen
class Talk:
    """A talk.

    Args:
        name: its id.
        title: its title.
        minutes: its length.
        speakers: ids of those who speak.
        venues: when it can be in each venue: stretches that do not touch, in order.
        venue: where it is now, or `None`.
        time: when it starts now, or `None`.
    """

    name: str
    title: str
    minutes: int
    speakers: tuple[str, ...]
    venues: Mapping[str, tuple[Stretch, ...]]
    venue: str | None
    time: datetime | None


@frozen
class Camp:
    """All talks of a camp."""

    talks: tuple[Talk, ...]

    @property
    def is_scheduled(self) -> bool:
        """Whether any talk has a place that it should keep."""
        return any(talk.venue is not None for talk in self.talks)

    @property
    def venues(self) -> tuple[str, ...]:
        """All venues that are named, in the order in which they come."""
        named = ((*talk.venues, *([talk.venue] if talk.venue is not None else [])) for talk in self.talks)
        return tuple(dict.fromkeys(name for names in named for name in names))
