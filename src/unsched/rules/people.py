"""People: nobody in two places at once, nobody called when away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import field, frozen

from unsched.domain.interval import Interval
from unsched.domain.people import Delegation, Person
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.time import Period
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board

__all__ = ["Available", "InvitedCanAttend", "NoDelegationClash", "NoPersonClash"]


_Kind: TypeAlias = "tuple[int, tuple[Period, ...] | None, tuple[str, ...], tuple[str, ...]]"
"""Size, availability, invitations and duties of a party."""


@frozen
class NoDelegationClash(Constraint):
    """A delegation of size k is required in at most k sessions at once.

    A session that needs a person of the delegation counts as one that it covers.

    Example: a one-person delegation is never needed in two rooms.
    """

    kind: ClassVar[str] = "no-delegation-clash"
    unit: ClassVar[str] = "session too many"
    standard: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Let at most k of a delegation's sessions run together."""
        for delegation in board.problem.delegations:
            sessions = board.problem.duties[delegation.id]
            if len(sessions) > delegation.size:
                board.require(self, board.together(sessions, delegation.size), about=delegation.id)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count, at each start, the sessions that need somebody of the delegation."""
        problem = timetable.problem
        needs: dict[str, list[Session]] = {delegation.id: [] for delegation in problem.delegations}
        for session in problem.sessions:
            names = {delegation.id for delegation in problem.required_delegations(session)}
            names |= {p.delegation for p in problem.required_persons(session) if p.delegation is not None}
            for name in names:
                needs[name].append(session)
        for delegation in problem.delegations:
            for crowd in timetable.crowds(needs[delegation.id], delegation.size):
                names_ = tuple(one.session.id for one in crowd)
                text = (
                    f"{delegation.id!r}, a delegation of {delegation.size}, is needed in {len(crowd)} sessions "
                    f"at once: {', '.join(map(repr, names_))}."
                )
                yield Breach(self, names_, len(crowd) - delegation.size, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A delegation is required in no more sessions at once than it can cover."


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
        """Let one session of a person run at a time, and keep those in different buildings apart."""
        venue = board.problem.venue
        for person in board.problem.persons:
            sessions = board.problem.duties[person.id]
            if len(sessions) < 2:
                continue
            board.require(self, board.together(sessions, 1), about=person.id)
            if venue.walking:
                for index, one in enumerate(sessions):
                    for other in sessions[:index]:
                        board.require(self, board.apart(other, one, venue.walk), about=person.id)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Follow each person through the day."""
        problem = timetable.problem
        needed: dict[str, list[Placed]] = {person.id: [] for person in problem.persons}
        for one in timetable.placed:
            for person in problem.required_persons(one.session):
                needed[person.id].append(one)
        for name, mine in needed.items():
            for index, later in enumerate(mine):
                for earlier in mine[:index]:
                    walk = problem.venue.walk(earlier.room, later.room) or 0
                    if later.span.start < earlier.span.end + walk:
                        pair = (earlier.session.id, later.session.id)
                        text = f"{name!r} is needed in {pair[0]!r} and {pair[1]!r} at once."
                        if later.span.start >= earlier.span.end:
                            text = f"{name!r} needs {walk} minutes to walk from {pair[0]!r} to {pair[1]!r}."
                        yield Breach(self, pair, 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A person is in one place at a time, with time to walk between buildings."


def _needs(problem: Problem, session: Session) -> Iterator[tuple[str, tuple[Period, ...]]]:
    if session.available is not None:
        yield session.id, session.available
    parties: tuple[Delegation | Person, ...] = (
        *problem.required_delegations(session),
        *problem.required_persons(session),
    )
    for party in parties:
        if party.available is not None:
            yield party.id, party.available


@frozen
class Available(Constraint):
    """A session stands while it, its required delegations, its chair and its required persons are available.

    Example: a minister who arrives on Thursday afternoon chairs nothing before.
    """

    kind: ClassVar[str] = "available"
    unit: ClassVar[str] = "session and participant"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Forbid every start at which somebody needed would be away."""
        window = board.problem.window
        for session in board.problem.sessions:
            for name, periods in _needs(board.problem, session):
                present = window.intervals(periods)
                away = [
                    start
                    for start in board.starts(session)
                    if not any(part.holds(Interval(start, start + session.length)) for part in present)
                ]
                board.forbid(self, session, starts=away, about=name)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Ask of each booking who is away for part of it."""
        problem = timetable.problem
        for one in timetable.placed:
            parties: list[Session | Delegation | Person] = [one.session]
            parties += problem.required_delegations(one.session) + problem.required_persons(one.session)
            for party in parties:
                if party.available is not None and _minutes_away(timetable, party.available, one):
                    text = f"{party.id!r} is not available for {one.session.id!r} on {timetable.when(one)}."
                    yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A session stands while all that it requires are available."


def _minutes_away(timetable: Timetable, periods: tuple[Period, ...], one: Placed) -> int:
    present = timetable.problem.window.intervals(periods)
    return one.span.minutes - sum(
        max(0, min(part.end, one.span.end) - max(part.start, one.span.start)) for part in present
    )


@frozen
class InvitedCanAttend(Preference):
    """Those who are invited are free and present.

    The amount is, summed over delegations and persons, the least number of the selected sessions that they are
    invited to and have to miss: because they are away, or because more sessions run at once than they can cover.

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
            invited = tuple(session.id for session in problem.invitations[party.id] if session.id in chosen)
            if invited:
                size = party.size if isinstance(party, Delegation) else 1
                duties = tuple(session.id for session in problem.duties[party.id])
                alike.setdefault((size, party.available, invited, duties), []).append(party)
        for (size, available, invitations, own), parties in alike.items():
            present = None if available is None else problem.window.intervals(available)
            attended = []
            for name in invitations:
                session = problem.session(name)
                spans = [Interval(start, start + session.length) for start in board.starts(session)]
                there = [s.start for s in spans if present is None or any(part.holds(s) for part in present)]
                attended.append(board.attendance(session, there))
            board.attend_at_most(size, [problem.session(name) for name in own], attended)
            for attendance in attended:
                board.prefer(self, board.total([attendance.missed], [len(parties)]))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Walk through each party's days and let go, when too much runs at once, of what ends last."""
        problem = timetable.problem
        selected = {one.session.id for one in timetable.of(problem.select(self.sessions))}
        for party in problem.parties:
            size = party.size if isinstance(party, Delegation) else 1
            possible = tuple(o for o in timetable.of(problem.invitations[party.id]) if o.session.id in selected)
            if not possible:
                continue
            duties = timetable.of(problem.duties[party.id])
            missed = []
            attending: list[Placed] = []
            if party.available is not None:
                missed = [one for one in possible if _minutes_away(timetable, party.available, one)]
                possible = tuple(one for one in possible if one not in missed)
            for begin in sorted({one.span.start for one in (*duties, *possible)}):
                attending = [one for one in attending if one.span.end > begin]
                attending += [one for one in possible if one.span.start == begin]
                attending.sort(key=lambda one: one.span.end)
                room_for = max(0, size - sum(one.span.start <= begin < one.span.end for one in duties))
                missed += attending[room_for:]
                attending = attending[:room_for]
            if missed:
                names = tuple(sorted(one.session.id for one in missed))
                text = f"{party.id!r} has to miss {', '.join(map(repr, names))}."
                yield Breach(self, names, len(names), text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Those invited can attend: {self.sessions}."
