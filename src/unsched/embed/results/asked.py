"""Why something is as it is, why it is not otherwise, and what else there could be."""

from __future__ import annotations

from typing import TypedDict

from unsched.domain import schedule
from unsched.embed.results.parts import Broken, Guard, Paid, Place, Status

__all__ = [
    "Alternative",
    "Alternatives",
    "Consequence",
    "Contradiction",
    "Explained",
    "Move",
    "Reason",
    "WayOut",
    "Why",
    "WhyNot",
]


class Contradiction(TypedDict):
    """Rules and facts that cannot all hold.

    Args:
        why: the arithmetic that shows it, or "".
        members: the rules and facts.
        minimal: whether it is known that each is needed.
        confirmed: whether it was confirmed a second time.
    """

    why: str
    members: list[Guard]
    minimal: bool
    confirmed: bool


class WayOut(TypedDict):
    """What to relax, and the schedule that this makes possible.

    Args:
        price: what that costs by the price list.
        proven: whether nothing that helps is cheaper, but for the ways before it.
        relaxed: what is relaxed.
        broken: where the schedule breaks it.
        schedule: a schedule, as in a file.
    """

    price: int
    proven: bool
    relaxed: list[Guard]
    broken: list[Broken]
    schedule: schedule.Schedule


class Explained(TypedDict):
    """Why there is no schedule.

    Args:
        problem: id of the problem.
        status: infeasible where there is none, feasible where there is one after all, or unknown.
        complete: whether any other conflict shares a member with one of these.
        cut: what there was no time for, in words; where there is nothing, the clock has no part in the answer.
        conflicts: conflicts no two of which have a member in common.
        further: conflicts that share a member with one of those.
        ways: ways out, the cheapest first.
        schedule: where there is a schedule, one.
        seconds: wall seconds in all.
        interrupted: whether it was called off.
    """

    problem: str
    status: Status
    complete: bool
    cut: list[str]
    conflicts: list[Contradiction]
    further: list[Contradiction]
    ways: list[WayOut]
    schedule: schedule.Schedule | None
    seconds: float
    interrupted: bool


class Consequence(TypedDict):
    """A rule that gets worse or better, and for whom.

    Args:
        rule: the kind of rule.
        tier: its tier.
        whom: ids of those who bear it.
        cost: by how much it costs more.
        text: what is paid for, or no longer.
    """

    rule: str
    tier: int
    whom: list[str]
    cost: int
    text: str


class Move(TypedDict):
    """A session that moves.

    Args:
        session: its id.
        what: what differs, in words.
        before: where it stood.
        after: where it stands.
    """

    session: str
    what: str
    before: Place | None
    after: Place | None


class Alternative(TypedDict):
    """A session at another place, and what comes of it.

    Args:
        place: where it would stand.
        costs: what the whole schedule would cost, by tier.
        change: by how much that is more than now.
        consequences: which rules get worse or better, and who pays.
        moves: what else moves.
    """

    place: Place
    costs: dict[str, int]
    change: dict[str, int]
    consequences: list[Consequence]
    moves: list[Move]


class Alternatives(TypedDict):
    """The best other places of a session.

    Args:
        session: its id.
        looked_at: how many places there are besides its own.
        complete: whether all of them were looked at.
        cut: what there was no time for, in words; where there is nothing, the clock has no part in the answer.
        alternatives: the places, the cheapest first.
    """

    session: str
    looked_at: int
    complete: bool
    cut: list[str]
    alternatives: list[Alternative]


class WhyNot(TypedDict):
    """Whether a session can stand at a place.

    Args:
        session: its id.
        place: the place, in words.
        possible: whether it can.
        settled: whether that is certain.
        fewest: whether it is proven that no fewer others have to move.
        cut: what there was no time for, in words; where there is nothing, the clock has no part in the answer.
        forbids: what it breaks as long as nothing else moves.
        answer: the session there, and what comes of it.
        conflict: where it is impossible whatever moves, what forbids it.
        schedule: the schedule with the session there, as in a file.
    """

    session: str
    place: str
    possible: bool
    settled: bool
    fewest: bool
    cut: list[str]
    forbids: list[Broken]
    answer: Alternative | None
    conflict: Contradiction | None
    schedule: schedule.Schedule | None


class Reason(TypedDict):
    """Something that keeps a session from other places.

    Args:
        text: a sentence.
        places: how many places it rules out.
        rule: the kind of rule.
    """

    text: str
    places: int
    rule: str


class Why(TypedDict):
    """What holds a session where it is.

    Args:
        session: its id.
        place: where it stands.
        others: how many other places there are.
        excluded: what rules places out whatever else is scheduled.
        taken: what rules places out because of what else is scheduled.
        dearer: how many of the places that are left are dearer.
        free: how many places are left.
        pays: what is paid for it where it stands.
        next: the best other place.
    """

    session: str
    place: Place | None
    others: int
    excluded: list[Reason]
    taken: list[Reason]
    dearer: int
    free: int
    pays: list[Paid]
    next: Alternative | None
