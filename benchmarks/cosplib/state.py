"""A conference as a problem of catalogue rules.

A time slot is a minute. A session of the conference is the block of a day of its own, which begins at midnight, since
nothing depends on how far apart they are; a submission is a session of unsched, and its track a tag.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import TypeVar

from benchmarks.cosplib.facts import Conference
from unsched import Block, Conflict, Period, Preference, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import (
    AvoidTime,
    BlockConflicts,
    DeclaredConflicts,
    KeepThemesOut,
    NotInRoom,
    Ordinals,
    SameRoom,
    Soften,
    ThemedRooms,
    ThemesApart,
    Unbroken,
)

__all__ = ["day_of", "state"]

_FIRST = date(2001, 1, 1)
_DEAREST = 10**6

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def day_of(place: int) -> date:
    """Return the day that a session of the conference has, by its place in the sheet, counted from 0."""
    return _FIRST + timedelta(days=place)


def state(conference: Conference) -> Problem:
    """State an instance: every term of the objective is a rule, or several, with the term's weight."""
    sittings = conference.sittings.values()
    days = [day_of(place) for place in range(len(sittings))]
    lengths: dict[int, list[date]] = {}
    for day, sitting in zip(days, sittings, strict=True):
        lengths.setdefault(sitting.slots, []).append(day)
    blocks = [Block("00:00", _clock(slots), days=some) for slots, some in lengths.items()]
    return Problem(
        conference.name,
        Window("UTC", days, blocks, step=1),
        Venue([Room(name) for name in conference.rooms]),
        [Session(one.name, one.name, one.slots, tags=[one.track]) for one in conference.submissions.values()],
        rules=tuple(_Rules(conference).all()),
    )


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


class _Rules:
    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.weights = conference.weights
        self.periods = {
            name: Period([day_of(place)], "00:00", _clock(sitting.slots))
            for place, (name, sitting) in enumerate(conference.sittings.items())
        }
        self.several = {track: names for track, names in conference.members.items() if len(names) > 1}

    def all(self) -> Iterator[Rule]:
        if len(self.conference.tracks) > 1:
            yield ThemedRooms(tuple(self.conference.tracks))
        yield from self._places()
        yield from self._tracks()
        yield from self._submissions()
        yield from self._conflicts()
        yield from self._order()

    def _priced(self, price: int, rule: type[Preference], *arguments: object, **named: object) -> Iterator[Rule]:
        """Yield a rule at a price; several, no two of them the same, where that is more than a weight can be."""
        most = _DEAREST
        while price:
            weight = min(price, most)
            yield rule(*arguments, **named, weight=weight)  # type: ignore[arg-type]
            price, most = price - weight, most - 1

    def _places(self) -> Iterator[Rule]:
        """Price the rooms that tracks take up in sessions."""
        conference, weights = self.conference, self.weights
        tracks = conference.tracks
        by_sitting = _grouped(
            ((track, weights["Tracks_Sessions|Penalty"] * penalty), self.periods[sitting])
            for (track, sitting), penalty in conference.track_sitting.items()
            if track in tracks
        )
        for (track, price), periods in by_sitting.items():
            yield from self._priced(price, KeepThemesOut, [track], periods=periods)
        by_room = _grouped(
            ((track, weights["Tracks_Rooms|Penalty"] * penalty), room)
            for (track, room), penalty in conference.track_room.items()
            if track in tracks
        )
        for (track, price), rooms in by_room.items():
            yield from self._priced(price, KeepThemesOut, [track], rooms)
        by_cell = _grouped(
            ((room, weights["Sessions_Rooms|Penalty"] * penalty), self.periods[sitting])
            for (sitting, room), penalty in conference.sitting_room.items()
        )
        for (room, price), periods in by_cell.items():
            yield from self._priced(price, KeepThemesOut, tuple(tracks), room, periods)

    def _tracks(self) -> Iterator[Rule]:
        conference, weights = self.conference, self.weights
        apart: dict[tuple[str, str], int] = {}
        for pair, penalty in conference.similar.items():
            apart[pair] = weights["Similar Tracks"] * penalty
        for pair in conference.shared_chairs:
            apart[pair] = apart.get(pair, 0) + weights["Chairs Conflicts"]
        there = ((pair, price) for pair, price in sorted(apart.items()) if {*pair} <= conference.tracks.keys())
        for (track, price), others in _grouped(((one, price), other) for (one, other), price in there).items():
            yield from self._priced(price, ThemesApart, track, others)
        for track in self.several:
            mine = Select(tags=track)
            yield from self._priced(weights["Number of Rooms per Track"], SameRoom, mine)
            yield from self._priced(weights["Parallel Tracks"], SameRoom, mine, each="block")
            yield from self._priced(weights["Consecutive Tracks"], Unbroken, mine)

    def _submissions(self) -> Iterator[Rule]:
        """Price the hours of submissions slot by slot, and their rooms as often as they have slots."""
        conference, weights = self.conference, self.weights
        dear: dict[str, dict[int, list[Period]]] = {}
        for one in conference.submissions.values():
            for sitting in conference.sittings.values():
                price = weights["Submissions_Sessions|Penalty"] * conference.submission_sitting.get(
                    (one.name, sitting.name), 0
                ) + weights["Submissions_Timezones"] * conference.hours_penalty(one, sitting)
                if price:
                    dear.setdefault(one.name, {}).setdefault(price, []).append(self.periods[sitting.name])
        hours = _grouped(((price, tuple(some)), name) for name, by in dear.items() for price, some in by.items())
        for (price, periods), names in hours.items():
            yield from self._priced(price, AvoidTime, names, periods)
        by_price = _grouped(
            ((name, weights["Submissions_Rooms|Penalty"] * penalty * conference.submissions[name].slots), room)
            for (name, room), penalty in conference.submission_room.items()
        )
        alike = _grouped(((price, tuple(some)), name) for (name, price), some in by_price.items())
        for (price, rooms), names in alike.items():
            yield from self._priced(price, Soften, NotInRoom(names, rooms))

    def _conflicts(self) -> Iterator[Rule]:
        conference, weights = self.conference, self.weights
        terms = (
            ("Presenters Conflicts", conference.shared_presenters),
            ("Attendees Conflicts", conference.shared_attendees),
        )
        in_blocks: dict[tuple[str, str], int] = {}
        at_once: dict[tuple[str, str], int] = {}
        for name, pairs in terms:
            for pair in sorted(pairs):
                in_blocks[pair] = in_blocks.get(pair, 0) + weights[name]
                at_once[pair] = at_once.get(pair, 0) + weights[f"{name} Timeslot Level"]
        yield from _declared(BlockConflicts, in_blocks)
        yield from _declared(DeclaredConflicts, at_once, per="minute")

    def _order(self) -> Iterator[Rule]:
        conference = self.conference
        weight = self.weights["Submissions Order"]
        ordered = _grouped((one.track, one) for one in conference.submissions.values() if one.order)
        at_once: dict[tuple[str, str], int] = {}
        for track, some in ordered.items():
            names = [one.name for one in some]
            yield from self._priced(weight, Ordinals, names, [one.order for one in some], Select(tags=track))
            at_once |= {(one, other): weight for at, one in enumerate(names) for other in names[:at]}
        yield from _declared(DeclaredConflicts, at_once, per="minute")


def _declared(
    rule: Callable[..., Preference], prices: Mapping[tuple[str, str], int], **named: object
) -> Iterator[Rule]:
    rows = []
    for (one, other), price in prices.items():
        left = price
        while left:
            rows.append(Conflict(one, other, min(left, _DEAREST)))
            left -= rows[-1].weight
    if rows:
        yield rule(rows, **named)
