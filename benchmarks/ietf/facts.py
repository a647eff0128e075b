"""What the session requests of an IETF meeting say, in their own terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from attrs import frozen

__all__ = ["Meeting", "Prices", "Request", "Slot"]

_NOON, _TEA = time(12, 30), time(15, 30)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@frozen(order=True)
class Slot:
    """A stretch of time that takes one session in each of its rooms; half-open."""

    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def range(self) -> str:
        """The day and part of it in which it starts, as requests name them, such as "monday-afternoon-early"."""
        clock = self.start.time()
        part = "morning" if clock < _NOON else "afternoon-early" if clock < _TEA else "afternoon-late"
        return f"{_DAYS[self.start.weekday()]}-{part}"


@frozen
class Request:
    """A session that a group asks for.

    Args:
        name: what it is called here: its group, and its number where the group has several.
        group: the group.
        minutes: how long a slot it needs, cut to what exists.
        attendees: how many come, cut to what exists; 0 is not known.
        joint: groups that meet with it.
    """

    name: str
    group: str
    minutes: int
    attendees: int
    joint: tuple[str, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """All groups whose wishes count for it."""
        return (self.group, *self.joint)


@frozen
class Prices:
    """What is paid for each kind of thing that goes wrong."""

    bethere: int
    timerange: int
    time_relation: int
    wg_adjacent: int
    session_requires_trim: int
    sessions_out_of_order: int


@frozen
class Meeting:
    """The requests of a meeting.

    Args:
        name: what the file calls the meeting.
        rooms: the capacity of each room.
        slots: the rooms of each slot; no two slots overlap.
        requests: the sessions, those of a group in the order in which it wants them.
        conflicts: what a group pays for each session of another at once, by the two.
        people: ids of the persons that a group cannot do without, by group.
        refused: the ranges of time that a group refuses.
        relation: "subsequent-days" or "one-day-seperation" (sic), by group.
        adjacent: the groups that a group would stand next to, by group.
        prices: the prices.
    """

    name: str
    rooms: Mapping[str, int]
    slots: Mapping[Slot, tuple[str, ...]]
    requests: tuple[Request, ...]
    conflicts: Mapping[tuple[str, str], int]
    people: Mapping[str, frozenset[str]]
    refused: Mapping[str, frozenset[str]]
    relation: Mapping[str, str]
    adjacent: Mapping[str, frozenset[str]]
    prices: Prices

    @property
    def groups(self) -> Mapping[str, tuple[Request, ...]]:
        """The sessions of each group, in the order in which it wants them."""
        found: dict[str, list[Request]] = {}
        for request in self.requests:
            found.setdefault(request.group, []).append(request)
        return {group: tuple(some) for group, some in found.items()}

    def refused_by(self, request: Request) -> frozenset[str]:
        """Return the ranges of time that a session should not start in."""
        return frozenset().union(*(self.refused.get(group, frozenset()) for group in request.groups))

    def wanted_beside(self, request: Request) -> frozenset[str]:
        """Return the groups that a session would stand next to, of those that meet."""
        wanted = frozenset().union(*(self.adjacent.get(group, frozenset()) for group in request.groups))
        return wanted & {other.group for other in self.requests}

    def clash(self, one: Request, other: Request) -> int:
        """Return what it costs that two sessions of different groups are at once, both ways together."""
        declared = sum(
            self.conflicts.get((group, then.group), 0)
            for first, then in ((one, other), (other, one))
            for group in first.groups
        )
        return declared + 2 * self.prices.bethere * len(self._people(one) & self._people(other))

    def _people(self, request: Request) -> frozenset[str]:
        return frozenset().union(*(self.people.get(group, frozenset()) for group in request.groups))

    def relation_of(self, group: str) -> str | None:
        """Return how the days of a group's first two sessions should lie, or `None`."""
        sessions = self.groups[group]
        words = [self.relation[name] for name in sessions[0].groups if name in self.relation]
        return words[-1] if words and len(sessions) > 1 else None

    def pairs(self) -> Iterator[tuple[Request, Request, int]]:
        """Yield each pair of sessions that should not be at once, with what it costs."""
        for index, one in enumerate(self.requests):
            for other in self.requests[index + 1 :]:
                cost = self.clash(one, other)
                if cost and one.group != other.group:
                    yield one, other, cost
