"""What a conference workbook says, in the words of CoSPLib."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations

from attrs import field, frozen

__all__ = ["WEIGHTS", "Conference", "Sitting", "Submission", "Zones", "pair"]

WEIGHTS = (
    "Tracks_Sessions|Penalty",
    "Tracks_Rooms|Penalty",
    "Sessions_Rooms|Penalty",
    "Similar Tracks",
    "Number of Rooms per Track",
    "Parallel Tracks",
    "Consecutive Tracks",
    "Submissions_Timezones",
    "Submissions Order",
    "Submissions_Sessions|Penalty",
    "Submissions_Rooms|Penalty",
    "Presenters Conflicts",
    "Attendees Conflicts",
    "Chairs Conflicts",
    "Presenters Conflicts Timeslot Level",
    "Attendees Conflicts Timeslot Level",
)
"""The terms of the objective, as the parameters sheet names their weights; a weight of 0 switches a term off."""

_DAY = 24 * 60


def pair(one: str, other: str) -> tuple[str, str]:
    """Return two names in an order that does not depend on which comes first."""
    return (one, other) if one < other else (other, one)


@frozen
class Sitting:
    """A session of the conference: a stretch of time slots, in every room.

    Args:
        name: its name.
        slots: how many time slots it has.
        start: when it starts by the local clock, in minutes since midnight.
        end: when it ends.
    """

    name: str
    slots: int
    start: int
    end: int


@frozen
class Submission:
    """What is presented.

    Args:
        name: its reference.
        track: the track that it belongs to.
        slots: how many consecutive time slots it takes.
        order: its ordinal in its track; 0 is none.
        offset: the time zone of who presents it, in minutes ahead of GMT.
        presenters: who presents it.
        attendees: who wants to attend it.
    """

    name: str
    track: str
    slots: int
    order: int
    offset: int
    presenters: frozenset[str]
    attendees: frozenset[str]


@frozen
class Zones:
    """Which hours suit presenters, by their own clock, in minutes since midnight; and what others cost.

    Args:
        offset: the time zone of the conference, in minutes ahead of GMT.
        suitable: from when to when is suitable.
        passable: from when to when is less suitable.
        small: the penalty for less suitable hours.
        big: the penalty for all others.
    """

    offset: int
    suitable: tuple[int, int]
    passable: tuple[int, int]
    small: int
    big: int


@frozen(eq=False)
class Conference:
    """A conference. Penalties that are not named are 0.

    Args:
        name: the instance's name.
        weights: the weight of each term of the objective.
        zones: which hours suit whom.
        submissions: by name.
        tracks: the chairs of each track.
        sittings: the sessions, in the order of the sheet.
        rooms: the rooms, in the order of the sheet.
        track_sitting: penalties by track and session.
        track_room: penalties by track and room.
        sitting_room: penalties by session and room.
        similar: penalties by pair of tracks (see `pair`).
        submission_sitting: penalties by submission and session.
        submission_room: penalties by submission and room.
    """

    name: str
    weights: Mapping[str, int]
    zones: Zones
    submissions: Mapping[str, Submission]
    tracks: Mapping[str, frozenset[str]]
    sittings: Mapping[str, Sitting]
    rooms: tuple[str, ...]
    track_sitting: Mapping[tuple[str, str], int] = field(factory=dict)
    track_room: Mapping[tuple[str, str], int] = field(factory=dict)
    sitting_room: Mapping[tuple[str, str], int] = field(factory=dict)
    similar: Mapping[tuple[str, str], int] = field(factory=dict)
    submission_sitting: Mapping[tuple[str, str], int] = field(factory=dict)
    submission_room: Mapping[tuple[str, str], int] = field(factory=dict)

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The submissions of each track."""
        found: dict[str, list[str]] = {track: [] for track in self.tracks}
        for one in self.submissions.values():
            found[one.track].append(one.name)
        return {track: tuple(names) for track, names in found.items()}

    @cached_property
    def shared_presenters(self) -> frozenset[tuple[str, str]]:
        """Pairs of submissions that somebody presents both of."""
        return _meeting({one.name: one.presenters for one in self.submissions.values()})

    @cached_property
    def shared_attendees(self) -> frozenset[tuple[str, str]]:
        """Pairs of submissions of which somebody wants to attend one, and has to do with the other.

        They want to attend it too, present it, or chair its track (then the two are of different tracks).
        """
        found = set(_meeting({one.name: one.attendees for one in self.submissions.values()}))
        busy: dict[str, dict[str, None]] = {}
        chaired: dict[str, dict[str, None]] = {}
        for one in self.submissions.values():
            for person in one.presenters:
                busy.setdefault(person, {})[one.name] = None
            for person in self.tracks[one.track]:
                chaired.setdefault(person, {})[one.name] = None
        for one in self.submissions.values():
            for person in one.attendees:
                found.update(pair(one.name, other) for other in busy.get(person, ()) if other != one.name)
                found.update(
                    pair(one.name, other)
                    for other in chaired.get(person, ())
                    if self.submissions[other].track != one.track
                )
        return frozenset(found)

    @cached_property
    def shared_chairs(self) -> frozenset[tuple[str, str]]:
        """Pairs of tracks in which a chair of one chairs, presents in or attends the other."""
        concerned: dict[str, set[str]] = {track: set(chairs) for track, chairs in self.tracks.items()}
        for one in self.submissions.values():
            concerned[one.track].update(one.presenters | one.attendees)
        return frozenset(
            pair(one, other)
            for one, other in combinations(self.tracks, 2)
            if self.tracks[one] & concerned[other] or self.tracks[other] & concerned[one]
        )

    def hours_penalty(self, submission: Submission, sitting: Sitting) -> int:
        """Return the penalty for the hour of a session by the clock of who presents a submission, the date dropped."""
        zones = self.zones
        start, end = ((at - zones.offset + submission.offset) % _DAY for at in (sitting.start, sitting.end))
        if start < zones.passable[0] or end > zones.passable[1] or end < zones.passable[0]:
            return zones.big
        if zones.passable[0] <= start < zones.suitable[0] or zones.suitable[1] < end <= zones.passable[1]:
            return zones.small
        return 0


def _meeting(people: Mapping[str, frozenset[str]]) -> frozenset[tuple[str, str]]:
    return frozenset(_pairs(people))


def _pairs(people: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    having: dict[str, list[str]] = {}
    for name, persons in people.items():
        for person in persons:
            having.setdefault(person, []).append(name)
    for names in having.values():
        for one, other in combinations(names, 2):
            yield pair(one, other)
