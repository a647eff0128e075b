"""Several changes, and the problem once they are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import evolve, field, frozen

from unsched.domain.change import Amendment, Draft
from unsched.domain.change_places import Absent, ArrivesLate, LeavesEarly, RoomLost, RoomReduced, TeamShort
from unsched.domain.change_sessions import SessionAdded, SessionDropped, SessionMoved, SessionResized
from unsched.domain.fact import Fact, check_each, check_id, shown, to_tuple
from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.session import Session
from unsched.domain.timetable import Timetable
from unsched.errors import Fault, InputError
from unsched.rules.base import Constraint, Rule

__all__ = ["CHANGES", "Changes", "apply", "to_changes"]

_OWN = re.compile(r"(sessions|venue\.rooms|delegations|persons|teams)\[(\d+)\]\.?(.*)", re.DOTALL)
_OF_RULE = re.compile(r"rules\[(\d+)\]")

CHANGES: Mapping[str, type[Amendment]] = MappingProxyType(
    {
        one.kind: one
        for one in (
            Absent,
            ArrivesLate,
            LeavesEarly,
            RoomLost,
            RoomReduced,
            SessionAdded,
            SessionDropped,
            SessionMoved,
            SessionResized,
            TeamShort,
        )
    }
)
"""The kinds of change, as files name them."""


@frozen
class Changes(Fact):
    """Changes of a problem, in order: what a file of changes holds.

    Args:
        changes: what is no longer as it was.
        problem: id of the problem that they are about; `None` is whichever they are made in.
    """

    changes: tuple[Amendment, ...] = field(converter=to_tuple)
    problem: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with these changes by themselves."""
        yield from check_each("changes", self.changes, Amendment, unique=False)
        if self.problem is not None:
            yield from check_id("problem", self.problem)

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Amendment]:
        return iter(self.changes)


def to_changes(changes: Changes | Amendment | Iterable[Amendment]) -> Changes:
    """Return changes as one list; a single one is a list of one.

    Raises:
        InputError: something among them is no change.
    """
    if isinstance(changes, Changes):
        return changes
    if isinstance(changes, Amendment):
        return Changes((changes,))
    if not isinstance(changes, Iterable):
        raise InputError([Fault("changes", f"{shown(changes)} is no change", "RoomLost('XXVI').")], "the changes")
    return Changes(tuple(changes))


def apply(problem: Problem, changes: Changes | Amendment | Iterable[Amendment]) -> Problem:
    """Return a problem as it is once some changes are made, in order; the problem itself stays as it is.

    Args:
        problem: the facts and rules as they were.
        changes: what is no longer so.

    Raises:
        InputError: with every change that cannot be made, by its place in the list.

    >>> from unsched import Period, Room, Session, Venue, Window
    >>> window = Window("Europe/Zurich", ["2010-12-17"])
    >>> problem = Problem("p", window, Venue([Room("VII"), Room("XXVI")]), [Session("wg", "Working Group", 180)])
    >>> print(*apply(problem, RoomLost("XXVI", [Period(["2010-12-17"])])).room("XXVI").closed)
    2010-12-17
    """
    several = to_changes(changes)
    draft = Draft(problem)
    faults: list[Fault] = []
    if several.problem is not None and several.problem != problem.id:
        message = f"these are changes of problem {several.problem!r}, not of {problem.id!r}"
        faults.append(Fault("problem", message, "the changes or the problem that belong together."))
    for number, one in enumerate(several):
        draft.number = number
        try:
            one.amend(draft)
        except InputError as error:
            faults += [fault.under(f"changes[{number}]") for fault in error.faults]
    if faults:
        raise InputError(faults, "the changes")
    after = _release(_problem(draft), draft)
    forbidden = [*_forbidden(after, draft)]
    if forbidden:
        raise InputError(forbidden, "the changes")
    return after


def _problem(draft: Draft) -> Problem:
    """Return the draft as a problem, without the rules that are left with nothing to be about."""
    gone = frozenset(draft.gone)
    pruned = [rule.without(gone) for rule in draft.rules] if gone else draft.rules
    rules: list[Rule] = [rule for rule in pruned if rule is not None]
    while True:
        try:
            return evolve(
                draft.problem,
                venue=evolve(draft.problem.venue, rooms=tuple(draft.rooms.values())),
                sessions=tuple(draft.sessions.values()),
                delegations=tuple(draft.delegations.values()),
                persons=tuple(draft.persons.values()),
                teams=tuple(draft.teams.values()),
                rules=rules,
                assumptions=draft.assumptions,
            )
        except InputError as error:
            idle = {int(found[1]) for fault in error.faults if (found := _OF_RULE.match(fault.path))} if gone else {}
            if not idle:
                raise InputError([_as_of_change(draft, fault) for fault in error.faults], "the changes") from None
            rules = [rule for index, rule in enumerate(rules) if index not in idle]


def _as_of_change(draft: Draft, fault: Fault) -> Fault:
    """Return a fault of the changed problem as one of the change that made it."""
    found = _OWN.match(fault.path)
    if not found:
        return fault
    lists: dict[str, Mapping[str, object]] = {
        "sessions": draft.sessions,
        "venue.rooms": draft.rooms,
        "delegations": draft.delegations,
        "persons": draft.persons,
        "teams": draft.teams,
    }
    name = list(lists[found[1]])[int(found[2])]
    number = draft.touched.get((found[1], name))
    return fault if number is None else Fault(f"changes[{number}].{found[3]}", fault.message, fault.remedy)


def _release(problem: Problem, draft: Draft) -> Problem:
    """Let sessions go that are fixed in a room which has no time left for them."""
    held = (one for one in problem.sessions if one.room in draft.tight and one.id not in draft.decreed)
    free = {session.id for session in held if not _fits(problem, session)}
    if not free:
        return problem
    sessions = [evolve(one, room=None) if one.id in free else one for one in problem.sessions]
    fixed = {("session", name, "room") for name in free}
    assumptions = [one for one in problem.assumptions if (one.of, one.id, one.field) not in fixed]
    return evolve(problem, sessions=sessions, assumptions=assumptions)


def _fits(problem: Problem, session: Session) -> bool:
    """Whether a session can stand where it is fixed, if nothing else were there."""
    return _why_not(problem, session) is None


def _why_not(problem: Problem, session: Session) -> str | None:
    """Return what forbids a session to stand where it is fixed, whatever else there is; `None` where nothing does."""
    rules = [rule for rule in problem.all_rules if isinstance(rule, Constraint) and rule.narrows]
    start = None if session.start is None else problem.window.minute(session.start)
    rooms = [session.room] if session.room is not None else [room.id for room in problem.rooms]
    wall, reason = problem.window.wall, "the window has no time for it"
    for span in problem.spans(session):
        for room in rooms if start is None or span.start == start else ():
            booking = Booking(session.id, room, wall(span.start), wall(span.end))
            timetable = Timetable(problem, Schedule(problem.id, problem.window.zone, [booking]))
            breach = next(
                (one for rule in rules for one in rule.check(timetable) if one.sessions == (session.id,)), None
            )
            if breach is None:
                return None
            reason = breach.text
    return reason


def _forbidden(problem: Problem, draft: Draft) -> Iterator[Fault]:
    """Yield the decrees that put a session where a rule forbids it, whatever else there is."""
    for name, number in draft.decreed.items():
        reason = _why_not(problem, problem.session(name)) if name in problem.sessions_by_id else None
        if reason is not None:
            message = f"{name!r} cannot stand there: {reason}"
            yield Fault(f"changes[{number}]", message, "another place, or a change of what forbids it.")
