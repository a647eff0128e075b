"""The board: the vocabulary in which rules speak to CP-SAT, and the only place that decides on a representation.

Times come first: a literal for each session and start that is left after the narrowing rules. Rooms enter the model
as counting limits (`unsched.solver.counting`); only a session of which a rule asks in which room it stands gets
literals for its rooms. Whatever is chosen, rules say the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen
from ortools.sat.python import cp_model

from unsched.solver.cliques import cliques
from unsched.solver.terms import Attendance, Exclusion, Guard, Linear, Literal, Requirement, Row

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.venue import Room
    from unsched.rules.base import Constraint, Preference, Rule

__all__ = ["Board"]


@frozen(eq=False)
class Board:
    """A model under construction.

    Args:
        problem: the facts.
        guarded: whether each requirement can be switched off by its guard (for explaining), or simply holds.
        in_rooms: sessions that get literals for their rooms whatever the rules ask.
        families: sets of rooms, as bits in the order of the problem, whose sessions are counted besides the usual.
    """

    problem: Problem
    guarded: bool = False
    in_rooms: frozenset[str] = frozenset()
    families: tuple[int, ...] = ()
    model: cp_model.CpModel = field(init=False, factory=cp_model.CpModel)
    guards: dict[Guard, Literal] = field(init=False, factory=dict)
    exclusions: list[Exclusion] = field(init=False, factory=list)
    costs: dict[int, list[tuple[Linear, int]]] = field(init=False, factory=dict)
    limited_rooms: dict[str, tuple[Rule, int]] = field(init=False, factory=dict)
    literals_of_starts: dict[str, dict[int, Literal]] = field(init=False, factory=dict)
    literals_of_rooms: dict[str, dict[str, Literal]] = field(init=False, factory=dict)
    musts: dict[str, Rule] = field(init=False, factory=dict)
    _starts: dict[str, dict[int, None]] = field(init=False)
    _masks: dict[str, int] = field(init=False)
    _shut: dict[tuple[str, int], int] = field(init=False, factory=dict)
    _caps: list[tuple[frozenset[str], int]] = field(init=False, factory=list)

    @_starts.default
    def _offered(self) -> dict[str, dict[int, None]]:
        return {session.id: dict.fromkeys(self.problem.starts(session)) for session in self.problem.sessions}

    @_masks.default
    def _all_rooms(self) -> dict[str, int]:
        every = (1 << len(self.problem.rooms)) - 1
        return {session.id: every for session in self.problem.sessions}

    # -- what is still possible -------------------------------------------------------------------------------------

    def starts(self, session: Session) -> tuple[int, ...]:
        """Return the starts, in minutes, that are left to a session."""
        return tuple(self._starts[session.id])

    def rooms(self, session: Session) -> tuple[str, ...]:
        """Return the ids of the rooms that are left to a session, at some start."""
        return self._ids(self._masks[session.id])

    def mask(self, session: Session, start: int) -> int:
        """Return the rooms that a session can use at a start, as bits in the order of the problem."""
        return self._masks[session.id] & ~self._shut.get((session.id, start), 0)

    def rooms_at(self, session: Session, start: int) -> tuple[str, ...]:
        """Return the ids of the rooms that a session can use at a start."""
        return self._ids(self.mask(session, start))

    def _ids(self, mask: int) -> tuple[str, ...]:
        return tuple(room.id for index, room in enumerate(self.problem.rooms) if mask >> index & 1)

    def _bits(self, rooms: Iterable[str]) -> int:
        names = set(rooms)
        return sum(1 << index for index, room in enumerate(self.problem.rooms) if room.id in names)

    # -- words: decisions -------------------------------------------------------------------------------------------

    def at(self, session: Session, start: int) -> Literal:
        """Return whether a session starts at a minute; never, where that is not possible."""
        if start not in self._starts[session.id]:
            return self.model.new_constant(0)
        literals = self.literals_of_starts.setdefault(session.id, {})
        if start not in literals:
            literals[start] = self.model.new_bool_var(f"{session.id}@{start}")
        return literals[start]

    def _all_at(self, session: Session) -> list[Literal]:
        return [self.at(session, start) for start in self._starts[session.id]]

    def placed(self, session: Session) -> Linear:
        """Return whether a session is scheduled at all, as 0 or 1."""
        return self.total(self._all_at(session))

    def active(self, session: Session, minute: int) -> Linear:
        """Return whether a session runs at a minute, as 0 or 1."""
        return self.total([self.at(session, t) for t in self._starts[session.id] if t <= minute < t + session.length])

    def start(self, session: Session) -> Linear:
        """Return the minute at which a session starts; 0 where it is not scheduled."""
        starts = self.starts(session)
        return self.total([self.at(session, start) for start in starts], starts)

    def on_day(self, session: Session, day: date) -> Linear:
        """Return whether a session starts on a local date, as 0 or 1."""
        day_of = self.problem.window.day_of
        return self.total([self.at(session, start) for start in self._starts[session.id] if day_of(start) == day])

    def uses(self, session: Session, room: str) -> Literal:
        """Return whether a session is scheduled in a room; never, where that is not possible."""
        if room not in self.rooms(session):
            return self.model.new_constant(0)
        literals = self.literals_of_rooms.setdefault(session.id, {})
        if not literals:
            literals.update({name: self.model.new_bool_var(f"{session.id} in {name}") for name in self.rooms(session)})
        return literals[room]

    def room_of(self, session: Session, values: Sequence[int]) -> str | None:
        """Return the room that a solution decides for a session, or `None` where rooms are matched later."""
        uses = self.literals_of_rooms.get(session.id, {})
        return next((name for name, literal in uses.items() if values[literal.index]), None)

    def attendance(self, session: Session, starts: Iterable[int]) -> Attendance:
        """Let somebody decide whether to attend a session, if it starts at one of the minutes given."""
        copies: dict[int, Literal] = {}
        for start in starts:
            copies[start] = self.model.new_bool_var("")
            self.model.add_implication(copies[start], self.at(session, start))
        missed = self.model.new_bool_var("")
        self.model.add(self.total([*copies.values(), missed]) == self.placed(session))
        return Attendance(session, copies, missed)

    # -- words: sums ------------------------------------------------------------------------------------------------

    def total(self, terms: Iterable[Linear], weights: Iterable[int] | None = None) -> Linear:
        """Return the sum of terms, each times its weight if weights are given."""
        several = list(terms)
        if not several:
            return cp_model.LinearExpr.constant(0)
        if weights is None:
            return cp_model.LinearExpr.sum(several)
        return cp_model.LinearExpr.weighted_sum(several, list(weights))

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """Return a literal that is true if and only if any of several is."""
        several = list(literals)
        if not several:
            return self.model.new_constant(0)
        if len(several) == 1:
            return several[0]
        found = self.model.new_bool_var("")
        self.model.add_max_equality(found, several)
        return found

    def greatest(self, terms: Iterable[Linear], upper: int) -> Linear:
        """Return a number of at least 0 and at least each of the terms, for a cost to push down.

        Args:
            terms: sums of decisions.
            upper: what none of them exceeds.
        """
        found = self.model.new_int_var(0, max(upper, 0), "")
        for term in terms:
            self.model.add(found >= term)
        return found

    # -- words: requirements ----------------------------------------------------------------------------------------

    def together(self, sessions: Iterable[Session], most: int) -> Requirement:
        """Demand that at most so many of the sessions run at once."""
        listed = tuple(sessions)
        spans = [
            (start, start + session.length, (session.id, self.at(session, start)))
            for session in listed
            for start in self._starts[session.id]
        ]
        crowds = (group for group in cliques(spans) if len({name for name, _ in group}) > most)
        groups = [[literal for _, literal in group] for group in crowds]
        cap = (frozenset(session.id for session in listed), most)
        if most == 1:
            return Requirement(at_most_one=tuple(groups), cap=cap)
        return Requirement(tuple(self.total(group) <= most for group in groups), cap=cap)

    def before(self, first: Session, then: Session, least: int = 0, greatest: int | None = None) -> Requirement:
        """Demand that, where both are scheduled, one ends before the other starts.

        Args:
            first: the earlier session.
            then: the later session.
            least: least minutes between them.
            greatest: greatest minutes between them, or `None`.
        """
        early = [(start, self.at(first, start)) for start in self._starts[first.id]]
        late = [(start, self.at(then, start)) for start in self._starts[then.id]]
        groups = []
        for start, _ in early:
            soonest = start + first.length + least
            from_here = [literal for t, literal in early if t >= start]
            too_soon = [literal for t, literal in late if t < soonest]
            if too_soon:
                groups.append(from_here + too_soon)
            if greatest is not None:
                until_here = [literal for t, literal in early if t <= start]
                too_late = [literal for t, literal in late if t > start + first.length + greatest]
                if too_late:
                    groups.append(until_here + too_late)
        return Requirement(at_most_one=tuple(groups))

    def apart(self, one: Session, other: Session, gap: Callable[[Room, Room], int | None]) -> Requirement:
        """Demand a gap of minutes between two sessions that depends on the rooms in which they stand.

        Args:
            one: a session.
            other: another session.
            gap: the minutes between two rooms; 0 or `None` demands nothing.
        """
        mine = [self.problem.room(name) for name in self.rooms(one)]
        yours = [self.problem.room(name) for name in self.rooms(other)]
        gaps = {(a.id, b.id): gap(a, b) or 0 for a in mine for b in yours}
        if not any(gaps.values()):
            return Requirement()
        rows: list[Row] = []
        for my_class in _alike(mine, lambda a: tuple(gaps[a.id, b.id] for b in yours)):
            for your_class in _alike(yours, lambda b: tuple(gaps[a.id, b.id] for a in mine)):
                minutes = gaps[my_class[0].id, your_class[0].id]
                if not minutes:
                    continue
                here = self.total([self.uses(one, room.id) for room in my_class])
                there = self.total([self.uses(other, room.id) for room in your_class])
                for start in self._starts[one.id]:
                    first, last = start - other.length - minutes, start + one.length + minutes
                    near = [self.at(other, t) for t in self._starts[other.id] if first < t < last]
                    if near:
                        rows.append(self.total([self.at(one, start), *near]) + here + there <= 3)
        return Requirement(tuple(rows))

    def attend_at_most(self, most: int, duties: Iterable[Session], attended: Iterable[Attendance]) -> None:
        """Let somebody attend, beside the sessions that are duties, no more than so many at once.

        Where duties alone are too many, nothing else is attended; that they are too many is another rule's matter.
        """
        own = tuple(duties)
        names = frozenset(session.id for session in own)
        kept = any(names <= capped and cap <= most for capped, cap in self._caps)
        spans: list[tuple[int, int, tuple[str, bool, Literal]]] = [
            (start, start + session.length, (session.id, True, self.at(session, start)))
            for session in own
            for start in self._starts[session.id]
        ]
        for attendance in attended:
            length = attendance.session.length
            copies = attendance.at.items()
            spans += [(start, start + length, (attendance.session.id, False, copy)) for start, copy in copies]
        for group in cliques(spans):
            if all(duty for _, duty, _ in group) or len({name for name, _, _ in group}) <= most:
                continue
            terms: list[Linear] = [literal for _, _, literal in group]
            busy = [literal for _, duty, literal in group if duty]
            if not kept and len({name for name, duty, _ in group if duty}) > most:
                excess = self.model.new_int_var(0, len(own), "")
                self.model.add_max_equality(excess, [0, self.total(busy) - most])
                self.model.add(self.total(terms) <= most + excess)
            elif most == 1:
                self.model.add_at_most_one(literal for _, _, literal in group)
            else:
                self.model.add(self.total(terms) <= most)

    # -- saying it --------------------------------------------------------------------------------------------------

    def forbid(
        self,
        rule: Constraint,
        session: Session,
        *,
        starts: Iterable[int] | None = None,
        rooms: Iterable[str] | None = None,
        about: str | None = None,
    ) -> None:
        """Forbid starts, rooms, or (with both) these rooms at these starts to a session.

        Args:
            rule: the rule that says so.
            session: the session.
            starts: starts in minutes; left out, all.
            rooms: ids of rooms; left out, all.
            about: whom or what the rule is applied to (default: the session).
        """
        times = None if starts is None else tuple(starts)
        names = None if rooms is None else tuple(rooms)
        if times == () or names == ():
            return
        if self.guarded:
            subject = session.id if about is None else about
            self.exclusions.append(Exclusion(Guard(rule, subject), session.id, times, names))
        elif names is None:
            for start in self._starts[session.id].copy() if times is None else times:
                self._starts[session.id].pop(start, None)
        elif times is None:
            self._masks[session.id] &= ~self._bits(names)
        else:
            bits = self._bits(names)
            for start in times:
                self._shut[session.id, start] = self._shut.get((session.id, start), 0) | bits

    def keep_start(self, rule: Constraint, session: Session, start: int) -> None:
        """Forbid every other start to a session."""
        self.forbid(rule, session, starts=[t for t in self._starts[session.id] if t != start])

    def keep_rooms(self, rule: Constraint, session: Session, rooms: Iterable[str]) -> None:
        """Forbid every other room to a session."""
        kept = set(rooms)
        self.forbid(rule, session, rooms=[room.id for room in self.problem.rooms if room.id not in kept])

    def require(self, rule: Constraint, requirement: Requirement | Row, *, about: str = "") -> None:
        """Demand something for a rule.

        Args:
            rule: the rule that says so.
            requirement: one of the board's requirements, or a comparison of sums (`board.total(...) <= 2`).
            about: whom or what the rule is applied to, in the user's names.
        """
        if not isinstance(requirement, Requirement):
            requirement = Requirement((requirement,))
        if requirement.cap is not None and not self.guarded:
            self._caps.append(requirement.cap)
        for row in requirement.rows:
            self.under(rule, about, self.model.add(row))
        for literals in requirement.at_most_one:
            self.under(rule, about, self.model.add_at_most_one(literals))

    def must_place(self, rule: Constraint, session: Session) -> None:
        """Demand that a session is scheduled."""
        self.musts[session.id] = rule

    def one_at_a_time(self, rule: Constraint, room: Room, *, lead: int = 0) -> None:
        """Demand that a room holds one session at a time, and stands empty for `lead` minutes before each."""
        self.limited_rooms[room.id] = (rule, lead)

    def prefer(self, rule: Preference, amount: Linear) -> None:
        """Let a rule pay its weight for each unit of an amount, which is never negative."""
        self.costs.setdefault(rule.tier, []).append((amount, rule.weight))

    def under(self, rule: Rule, about: str, constraint: cp_model.Constraint) -> None:
        """Let a constraint hold under the guard of a rule x subject, or for good where there are no guards."""
        if self.guarded:
            constraint.only_enforce_if(self._guard(Guard(rule, about)))

    def _guard(self, guard: Guard) -> Literal:
        if guard not in self.guards:
            self.guards[guard] = self.model.new_bool_var(f"guard {len(self.guards)}")
        return self.guards[guard]

    # -- finishing --------------------------------------------------------------------------------------------------

    @property
    def leads(self) -> dict[str, int]:
        """The rooms that hold one session at a time, each with the minutes that it stands empty before."""
        return {name: lead for name, (_, lead) in self.limited_rooms.items()}

    def settle(self) -> None:
        """Drop the starts at which no room is left."""
        for session in self.problem.sessions:
            for start in self.starts(session):
                if not self.mask(session, start):
                    del self._starts[session.id][start]

    def hint(self, values: Sequence[int]) -> None:
        """Start the next search from a solution of this model."""
        self.model.proto.clear_solution_hint()
        self.model.proto.solution_hint.vars.extend(range(len(values)))
        self.model.proto.solution_hint.values.extend(values)

    def cost(self, tier: int) -> Linear:
        """Return the cost of a tier as a sum of decisions."""
        return self.total([amount for amount, _ in self.costs[tier]], [weight for _, weight in self.costs[tier]])


def _alike(rooms: list[Room], key: Callable[[Room], tuple[int, ...]]) -> list[list[Room]]:
    classes: dict[tuple[int, ...], list[Room]] = {}
    for room in rooms:
        classes.setdefault(key(room), []).append(room)
    return list(classes.values())
