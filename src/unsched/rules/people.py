"""People: nobody in two places at once, nobody called when away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import field, frozen

from unsched.domain.interval import Interval, touching
from unsched.domain.people import Delegation, Person
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference, named

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board

__all__ = ["Available", "InvitedCanAttend", "NoDelegationClash", "NoPersonClash"]


_Key: TypeAlias = "tuple[str, int, int]"
_Kind: TypeAlias = "tuple[int, tuple[Interval, ...] | None, tuple[_Key, ...], tuple[_Key, ...]]"
"""Size, presence, invitations and duties of a party."""


@frozen
class NoDelegationClash(Constraint):
    """A delegation of size k is required in at most k sessions at once.

    A session that needs a person of the delegation counts as one that it covers, and one that needs the delegation
    for a segment only counts for that long. The amount is the least number of duties that it cannot cover.

    Example: a one-person delegation is never needed in two rooms.
    """

    kind: ClassVar[str] = "no-delegation-clash"
    unit: ClassVar[str] = "session too many"
    standard: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Let at most k of a delegation's duties run together."""
        for delegation in board.problem.delegations:
            duties = board.problem.duties[delegation.id]
            if len(duties) > delegation.size:
                limit = board.together(duties, delegation.size)
                board.require(self, limit, about=delegation.id, whom=(delegation.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Walk through the days of each delegation, and let go what it cannot cover."""
        for delegation in timetable.problem.delegations:
            placed = timetable.parts(timetable.problem.duties[delegation.id])
            for one in timetable.left_out(placed, delegation.size):
                names = tuple(other.session.id for other in placed if other.span.overlaps(one.span))
                others = ", ".join(repr(name) for name in names if name != one.session.id)
                who = f"{delegation.id!r}, a delegation of {delegation.size},"
                text = f"{who} cannot cover {one.session.id!r} on {timetable.when(one)} beside {others}."
                yield Breach(self, names, 1, text, (delegation.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A delegation is required in no more sessions at once than it can cover."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands for a delegation."""
        size = problem.delegation(about).size
        return f"{named(problem, about)}, a delegation of {size}, covers {size} session{'s'[: size != 1]} at once."


@frozen
class NoPersonClash(Constraint):
    """A chair or required person is in one place at a time, with time to walk between buildings.

    Where the venue gives walking times, there is at least that much time between two sessions of a person in
    different buildings. A walking time that is needed and not given is a fault of the input.

    Example: ten minutes from building A to E; a session in A until 11:00 is followed by one in E at 11:10 or later.
    """

    kind: ClassVar[str] = "no-person-clash"
    unit: ClassVar[str] = "pair of sessions"
    standard: ClassVar[bool] = True

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the pairs of buildings whose distance is needed and not known."""
        if not problem.venue.walking or not any(len(problem.duties[p.id]) > 1 for p in problem.persons):
            return
        missing: dict[str, str] = {}
        for index, room in enumerate(problem.rooms):
            for place, other in enumerate(problem.rooms[:index]):
                if problem.venue.walk(room, other) is None:
                    pair = (other, room)
                    ends = " and ".join(repr(one.building) if one.building else f"room {one.id!r}" for one in pair)
                    nowhere = [at for at, one in ((place, other), (index, room)) if not one.building]
                    missing.setdefault(ends, f"venue.rooms[{nowhere[0]}].building" if nowhere else "venue.walking")
        for ends, path in missing.items():
            message = f"the walking time between {ends} is not known, and persons may need it"
            yield Fault(path, message, "name the building, or its walking minutes; none at all leaves walking out.")

    def post(self, board: Board) -> None:
        """Let one duty of a person run at a time, and keep those in different buildings apart."""
        venue = board.problem.venue
        for person in board.problem.persons:
            duties = board.problem.duties[person.id]
            if len(duties) < 2:
                continue
            if not board.at_a_price:
                board.require(self, board.together(duties, 1), about=person.id)
            for index, one in enumerate(duties):
                for other in duties[:index]:
                    if one.session.id == other.session.id:
                        continue
                    apart = board.jointly(*([board.apart(other, one, venue.walk)] if venue.walking else ()))
                    if board.at_a_price:
                        apart = board.jointly(board.overlap(other, one) <= 0, apart)
                    board.require(self, apart, about=person.id, whom=(person.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Follow each person through the day."""
        problem = timetable.problem
        for person in problem.persons:
            mine = timetable.parts(problem.duties[person.id])
            for index, later in enumerate(mine):
                for earlier in mine[:index]:
                    walk = problem.venue.walk(earlier.room, later.room) or 0
                    pair = (earlier.session.id, later.session.id)
                    if later.span.start >= earlier.span.end + walk or pair[0] == pair[1]:
                        continue
                    text = f"{person.id!r} is needed in {pair[0]!r} and {pair[1]!r} at once."
                    if later.span.start >= earlier.span.end:
                        text = f"{person.id!r} needs {walk} minutes to walk from {pair[0]!r} to {pair[1]!r}."
                    yield Breach(self, pair, 1, text, (person.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A person is in one place at a time, with time to walk between buildings."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands for a person."""
        walk = ", with time to walk between buildings" if problem.venue.walking else ""
        return f"{named(problem, about)} is in one place at a time{walk}."


@frozen
class Available(Constraint):
    """A session stands while it, its required delegations, its chair and its required persons are available.

    Whoever is required at a segment only has to be there for that. Arrival and departure count, too.

    Example: a minister who arrives on Thursday afternoon chairs nothing before.
    """

    kind: ClassVar[str] = "available"
    unit: ClassVar[str] = "session and participant"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Forbid every time at which somebody needed would be away."""
        problem = board.problem
        for session in problem.sessions:
            if session.available is not None:
                board.keep_within(self, session, problem.window.intervals(session.available))
        for party in problem.parties:
            present = problem.present(party)
            if present is None:
                continue
            for duty in problem.duties[party.id]:
                away = []
                for span in board.spans(duty.session):
                    mine = duty.within(span)
                    if mine.minutes > 0 and not any(part.holds(mine) for part in touching(present, mine)):
                        away.append(span)
                board.forbid(self, duty.session, spans=away, about=party.id, whom=(party.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Ask of each booking who is away for part of it."""
        problem = timetable.problem
        for one in timetable.placed:
            if one.session.available is not None:
                open_ = problem.window.intervals(one.session.available)
                if sum(part.shared(one.span) for part in touching(open_, one.span)) < one.span.minutes:
                    text = f"{one.session.id!r} is not available on {timetable.when(one)}."
                    yield Breach(self, (one.session.id,), 1, text)
        for party in problem.parties:
            for one in timetable.parts(problem.duties[party.id]):
                if _minutes_away(problem, party, one):
                    text = f"{party.id!r} is not available for {one.session.id!r} on {timetable.when(one)}."
                    yield Breach(self, (one.session.id,), 1, text, (party.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A session stands while all that it requires are available."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return when a session or somebody is available."""
        fact: Session | Delegation | Person | None = problem.sessions_by_id.get(about)
        there: list[str] = []
        if fact is None or fact.available is None:
            party = problem.persons_by_id.get(about) or problem.delegations_by_id.get(about)
            fact = party or fact
            if party is not None and party.arrives is not None:
                there.append(f"from {party.arrives.isoformat(' ', 'minutes')} on")
            if party is not None and party.leaves is not None:
                there.append(f"until {party.leaves.isoformat(' ', 'minutes')}")
        if fact is not None and fact.available is not None:
            there.insert(0, "; ".join(map(str, fact.available)))
        return f"{named(problem, about)} is available only {', '.join(there)}."


def _minutes_away(problem: Problem, party: Delegation | Person, one: Placed) -> int:
    present = problem.present(party)
    if present is None:
        return 0
    return one.span.minutes - sum(part.shared(one.span) for part in touching(present, one.span))


@frozen
class InvitedCanAttend(Preference):
    """Those who are invited are free and present.

    The amount is, summed over delegations and persons, the least number of the selected sessions that they are
    invited to and have to miss: because they are away, or because more sessions run at once than they can cover.
    Each counts as many times as the weight of the party says. Whoever is invited to a segment only has to be free
    for that.

    Args:
        sessions: which invitations count.

    Example: a one-person delegation invited to two parallel side events misses one of them.
    """

    kind: ClassVar[str] = "invited-can-attend"
    unit: ClassVar[str] = "invitation missed"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def post(self, board: Board) -> None:
        """Let each party decide which invitations to follow, as many at once as it can cover beside its duties."""
        problem = board.problem
        # Parties that are alike decide alike, so one of them decides for all.
        alike: dict[_Kind, list[Delegation | Person]] = {}
        chosen = {session.id for session in problem.select(self.sessions)}
        for party in problem.parties:
            invited = tuple(part.key for part in problem.invitations[party.id] if part.session.id in chosen)
            if invited:
                size = party.size if isinstance(party, Delegation) else 1
                duties = tuple(part.key for part in problem.duties[party.id])
                alike.setdefault((size, problem.present(party), invited, duties), []).append(party)
        for (size, present, keys, _), parties in alike.items():
            missed = board.missed(
                size,
                problem.duties[parties[0].id],
                [part for part in problem.invitations[parties[0].id] if part.key in keys],
                lambda span: present is None or any(stretch.holds(span) for stretch in present),  # noqa: B023
            )
            for party in parties:
                board.prefer(self, missed * party.weight, whom=(party.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Walk through each party's days and let go, when too much runs at once, of what ends last."""
        problem = timetable.problem
        selected = {one.session.id for one in timetable.of(problem.select(self.sessions))}
        for party in problem.parties:
            size = party.size if isinstance(party, Delegation) else 1
            possible = tuple(o for o in timetable.parts(problem.invitations[party.id]) if o.session.id in selected)
            if not possible:
                continue
            duties = timetable.parts(problem.duties[party.id])
            attending: list[Placed] = []
            missed = [one for one in possible if _minutes_away(problem, party, one)]
            possible = tuple(one for one in possible if one not in missed)
            for begin in sorted({one.span.start for one in (*duties, *possible)}):
                attending = [one for one in attending if one.span.end > begin]
                attending += [one for one in possible if one.span.start == begin]
                attending.sort(key=lambda one: one.span.end)
                room_for = max(0, size - sum(one.span.start <= begin < one.span.end for one in duties))
                missed += attending[room_for:]
                attending = attending[:room_for]
            if missed:
                names = tuple(sorted({one.session.id for one in missed}))
                text = f"{party.id!r} has to miss {', '.join(map(repr, names))}."
                yield Breach(self, names, len(missed) * party.weight, text, (party.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Those invited can attend: {self.sessions}."
