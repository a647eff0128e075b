"""What several results are made of."""

from __future__ import annotations

from typing import Literal, TypedDict

__all__ = [
    "Assignment",
    "Breach",
    "Broken",
    "Change",
    "Diff",
    "Guard",
    "Notice",
    "Paid",
    "Place",
    "RepairTier",
    "Roster",
    "Status",
    "Tier",
    "Uninterpreted",
]

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class Guard(TypedDict):
    """A rule as applied to one subject.

    Args:
        rule: the kind of rule.
        about: the session, room, person ... that it is applied to.
        text: what it demands there, as a sentence.
    """

    rule: str
    about: str
    text: str


class Breach(TypedDict):
    """A place where a schedule falls short of a rule.

    Args:
        rule: the kind of rule.
        hard: whether the rule must hold.
        tier: the tier of a preference.
        sessions: ids of the sessions concerned.
        whom: ids of those who bear it, where that is not the sessions.
        amount: by how much.
        cost: what that costs; 0 for a rule that must hold.
        text: a sentence.
    """

    rule: str
    hard: bool
    tier: int | None
    sessions: list[str]
    whom: list[str]
    amount: int
    cost: int
    text: str


class Broken(TypedDict):
    """A constraint that is broken.

    Args:
        rule: the kind of rule.
        sessions: ids of the sessions concerned.
        text: a sentence.
    """

    rule: str
    sessions: list[str]
    text: str


class Paid(TypedDict):
    """A price that is paid.

    Args:
        rule: the kind of rule.
        cost: what it costs.
        text: a sentence.
    """

    rule: str
    cost: int
    text: str


class Place(TypedDict):
    """A room and a time, from `start` to before `end`.

    Args:
        room: id of the room.
        start: with the offset from UTC.
        end: with the offset from UTC.
    """

    room: str
    start: str
    end: str


class Tier(TypedDict):
    """What a tier costs, and the bound below which no schedule gets.

    Args:
        tier: its number.
        cost: what it costs.
        bound: the least that it can cost, given the tiers before it.
        proven: whether both are the same by proof.
    """

    tier: int
    cost: int
    bound: int
    proven: bool


class RepairTier(TypedDict):
    """What a tier of a repair costs.

    Args:
        counts: what it counts, in words.
        tier: its number.
        cost: what it costs.
        bound: the least that it can cost, given the tiers before it.
        proven: whether both are the same by proof.
    """

    counts: str
    tier: int
    cost: int
    bound: int
    proven: bool


class Assignment(TypedDict):
    """A team of interpreters at a session.

    Args:
        session: id of the session.
        language: the language into which it interprets.
        team: id of the team.
        start: with the offset from UTC.
        end: with the offset from UTC.
    """

    session: str
    language: str
    team: str
    start: str
    end: str


class Uninterpreted(TypedDict):
    """A session without a team in a language.

    Args:
        session: id of the session.
        language: the language.
    """

    session: str
    language: str


class Roster(TypedDict):
    """Which team works at which session.

    Args:
        teams: ids of all teams.
        assignments: who works where.
        without: sessions that have no team in a language.
        why: why no roster does better.
    """

    teams: list[str]
    assignments: list[Assignment]
    without: list[Uninterpreted]
    why: str


class Change(TypedDict):
    """A session that is no longer as it was.

    Args:
        session: its id.
        what: what differs, in words: "time", "room", "time and room", "added", "dropped", "access".
        before: where it stood.
        after: where it stands.
        access: to whom it was open, and to whom it is, where that differs.
    """

    session: str
    what: str
    before: Place | None
    after: Place | None
    access: list[str] | None


class Notice(TypedDict):
    """Somebody who has to be told.

    Args:
        who: id of the delegation or person.
        name: what people call them.
        person: whether it is a person.
        sessions: ids of the sessions that are no longer as they knew them.
    """

    who: str
    name: str
    person: bool
    sessions: list[str]


class Diff(TypedDict):
    """What differs between two schedules.

    Args:
        changes: the sessions that differ.
        told: who has to be told of it.
    """

    changes: list[Change]
    told: list[Notice]
