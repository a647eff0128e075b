"""The shapes of what is answered, from which its JSON Schema is made; the tests hold what is really sent against it.

Where a field has the class of a problem, a schedule and so on, a document of that kind stands there, as in a file.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from unsched.domain import problem, publication, schedule, state

__all__ = ["Alternatives", "Amended", "Calendars", "Cancelled", "Checked", "Diff", "Error", "Explained", "Hello"]
__all__ += ["Progress", "Published", "Repaired", "Schema", "Solved", "WhatIf", "Why", "WhyNot"]

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class Hello(TypedDict):
    """Who is there.

    Args:
        version: the release of unsched.
        protocols: the protocols that are spoken.
        requests: the kinds of request.
        files: the kinds of document, each with its version.
        rules: the kinds of rule that are installed.
        limits: most bytes of a line; how many requests are done at once; how many may be unanswered.
    """

    version: str
    protocols: list[int]
    requests: list[str]
    files: list[str]
    rules: list[str]
    limits: dict[str, int]


class Cancelled(TypedDict):
    """Whether anything was called off.

    Args:
        found: whether there was a request of that id without an answer.
    """

    found: bool


class Schema(TypedDict):
    """A JSON Schema.

    Args:
        schema: the schema.
    """

    schema: dict[str, Any]


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


class Progress(TypedDict):
    """How far a search has come.

    Args:
        tier: the first tier that is not proven yet; null while any schedule is sought.
        cost: what it costs.
        bound: no schedule costs less in this tier.
        gap: how far the cost may be above the least possible, as a share of the cost.
        seconds: wall seconds since the search began.
        schedules: how many schedules have been found so far.
        source: what found it, or proved the bound; hosts may meet new ones.
        costs: the cost of each tier that is improved at present.
    """

    tier: int | None
    cost: int
    bound: int
    gap: float
    seconds: float
    schedules: int
    source: str
    costs: dict[str, int]


class Solved(TypedDict):
    """What a search came to.

    Args:
        status: optimal and infeasible are proven; feasible may not be the best; unknown is nothing found.
        interrupted: whether the user of the process interrupted it.
        seconds: wall seconds in all.
        tiers: cost and bound by tier, in order.
        conflict: where infeasible, rules and what they are about that cannot all hold.
        schedule: the best schedule, as in a file.
        roster: which team interprets where, if the problem has teams.
        prices: every price that is paid, and why.
        standby: ids of the optional sessions that have no place.
        state: how far it has come, if that was asked for: to be sent back as `resume`.
    """

    status: Status
    interrupted: bool
    seconds: float
    tiers: list[Tier]
    conflict: list[Guard]
    schedule: schedule.Schedule | None
    roster: Roster | None
    prices: list[Breach]
    standby: list[str]
    state: state.SearchState | None


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


class Repair(TypedDict):
    """What a repair comes to, without the problem.

    Args:
        status: as of a search.
        interrupted: whether the user of the process interrupted it.
        seconds: wall seconds in all.
        tiers: what was kept small, first things first, then the preferences.
        conflict: where not everything has a place, rules and what they are about that cannot all hold.
        schedule: the schedule, as in a file.
        roster: which team interprets where, if the problem has teams.
        dropped: ids of the sessions that had a place, or need one, and have none.
        impossible: whether it is proven that not everything can have a place.
        taken_up: ids of the sessions on standby that have got a place.
        diff: what differs from what was published, and who has to be told.
    """

    status: Status
    interrupted: bool
    seconds: float
    tiers: list[RepairTier]
    conflict: list[Guard]
    schedule: schedule.Schedule | None
    roster: Roster | None
    dropped: list[str]
    impossible: bool
    taken_up: list[str]
    diff: Diff | None


class Repaired(TypedDict):
    """What a repair came to.

    Args:
        status: as of a search.
        interrupted: whether the user of the process interrupted it.
        seconds: wall seconds in all.
        tiers: what was kept small, first things first, then the preferences.
        conflict: where not everything has a place, rules and what they are about that cannot all hold.
        schedule: the schedule, as in a file.
        roster: which team interprets where, if the problem has teams.
        dropped: ids of the sessions that had a place, or need one, and have none.
        impossible: whether it is proven that not everything can have a place.
        taken_up: ids of the sessions on standby that have got a place.
        diff: what differs from what was published, and who has to be told.
        problem: the problem once the changes are made, to which the schedule answers from now on.
    """

    status: Status
    interrupted: bool
    seconds: float
    tiers: list[RepairTier]
    conflict: list[Guard]
    schedule: schedule.Schedule | None
    roster: Roster | None
    dropped: list[str]
    impossible: bool
    taken_up: list[str]
    diff: Diff | None
    problem: problem.Problem | None


class WhatIf(TypedDict):
    """What changes would cost.

    Args:
        possible: whether every constraint could be kept without dropping any session.
        before: what the schedule costs as it is, by tier.
        after: what it would cost; empty where there would be none.
        repair: what they would come to.
    """

    possible: bool
    before: dict[str, int]
    after: dict[str, int]
    repair: Repair


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


class Checked(TypedDict):
    """What the rules say of a schedule.

    Args:
        good: whether every constraint holds.
        breaches: constraints that are broken, and prices that are paid.
        costs: what it costs, by tier.
        standby: ids of the optional sessions that have no place.
    """

    good: bool
    breaches: list[Breach]
    costs: dict[str, int]
    standby: list[str]


class Calendars(TypedDict):
    """Calendars to subscribe to.

    Args:
        files: the content of each file, by its name, with "/" between folder and file.
    """

    files: dict[str, str]


class Message(TypedDict):
    """What somebody has to be told.

    Args:
        to: id of the delegation, group or person.
        name: what people call them.
        mail: their address.
        method: "REQUEST" or "CANCEL".
        reason: why they are told.
        session: id of the session.
        segment: id of its part, where it is about one.
        uid: the event's UID.
        sequence: its SEQUENCE.
        title: the event's title.
        location: where it is.
        start: with the offset from UTC.
        end: with the offset from UTC.
        key: what tells this message from every other, for ever.
        calendar: the content of the .ics file.
    """

    to: str
    name: str
    mail: str | None
    method: str
    reason: str
    session: str
    segment: str | None
    uid: str
    sequence: int
    title: str
    location: str
    start: str
    end: str
    key: str
    calendar: str


class Published(TypedDict):
    """What comes of publishing.

    Args:
        publication: what everybody has been told once the messages are out: to be kept, and sent back as `previous`.
        messages: who has to be told what.
        unchanged: of how many events nobody has to be told anything.
    """

    publication: publication.Publication
    messages: list[Message]
    unchanged: int


class Amended(TypedDict):
    """A problem.

    Args:
        problem: the problem, as in a file.
    """

    problem: problem.Problem


class Fault(TypedDict):
    """One thing that is wrong with a request.

    Args:
        path: where, as a path from the parameters.
        message: what is wrong.
        remedy: what might mend it, to be read after "Maybe".
    """

    path: str
    message: str
    remedy: str | None


class Error(TypedDict):
    """What is wrong.

    Args:
        code: "malformed", "version", "duplicate-id", "busy", "bad-input", "cancelled" or "bug"; hosts take one that
            they do not know as they take "bug".
        message: the first that is wrong, as a sentence.
        source: what it is wrong with, in words.
        faults: everything that is wrong.
    """

    code: str
    message: str
    source: str | None
    faults: list[Fault]
