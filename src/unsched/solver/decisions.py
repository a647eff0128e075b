"""Decisions: when sessions can stand, where, and the literals that decide it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import field, frozen
from ortools.sat.python import cp_model

from unsched.domain.interval import Interval, touching
from unsched.domain.part import Part, whole
from unsched.solver.scope import EVERYTHING, Scope
from unsched.solver.terms import Attendance, Linear, Literal, RoomsAskedError

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.rules.base import Rule

__all__ = ["Decisions"]


@frozen(eq=False)
class Decisions:
    """What is still possible, and a literal for whatever a rule asks about.

    Args:
        problem: the facts.
        guarded: whether each requirement can be switched off by its guard (for explaining), or simply holds.
        in_rooms: sessions that get literals for their rooms whatever the rules ask.
        families: sets of rooms, as bits in the order of the problem, whose sessions are counted besides the usual.
        times_only: whether preferences are heard only as far as they can be without deciding rooms: the model then
            costs no more than the whole one.
        scope: which part of the question is asked: who is heard, and which sessions can stand where.
    """

    problem: Problem
    guarded: bool = False
    in_rooms: frozenset[str] = frozenset()
    families: tuple[int, ...] = ()
    times_only: bool = False
    scope: Scope = EVERYTHING
    model: cp_model.CpModel = field(init=False, factory=cp_model.CpModel)
    literals_of_spans: dict[str, dict[Interval, Literal]] = field(init=False, factory=dict)
    literals_of_rooms: dict[str, dict[str, Literal]] = field(init=False, factory=dict)
    literals_of_places: dict[str, dict[tuple[Interval, str], Literal]] = field(init=False, factory=dict)
    overflow: dict[int, dict[str, dict[str, int]]] = field(init=False, factory=dict)
    left_out: list[Rule] = field(init=False, factory=list)
    _named: dict[int, tuple[str, ...]] = field(init=False, factory=dict)
    _preferring: list[bool] = field(init=False, factory=list)
    _spans: dict[str, dict[Interval, Literal | None]] = field(init=False, factory=dict)
    _masks: dict[str, int] = field(init=False)
    _shut: dict[tuple[str, Interval], int] = field(init=False, factory=dict)

    @_masks.default
    def _all_rooms(self) -> dict[str, int]:
        every = (1 << len(self.problem.rooms)) - 1
        masks = {session.id: every for session in self.problem.sessions}
        for name, (_, room) in self.scope.fixed.items():
            masks[name] = self._bits([room])
        return masks

    # -- what is still possible -------------------------------------------------------------------------------------

    def spans(self, session: Session) -> tuple[Interval, ...]:
        """Return the times, in minutes, that are left to a session; more than one a start if it can be shortened."""
        return tuple(self._left(session))

    def spans_within(self, session: Session, periods: Sequence[Interval]) -> list[Interval]:
        """Return the times that are left to a session and lie wholly inside one of some periods, which do not touch."""
        left = self._spans.get(session.id)
        spans = self.scope.spans(self.problem, session) if left is None else tuple(left)
        found: list[Interval] = []
        if not spans:
            return found
        # Times are in order of start, then of end.
        for period in touching(periods, Interval(spans[0].start, spans[-1].start + 1)):
            first = bisect_left(spans, period.start, key=lambda span: span.start)
            last = bisect_left(spans, period.end, lo=first, key=lambda span: span.start)
            found += [span for span in spans[first:last] if span.end <= period.end]
        return found

    def _left(self, session: Session) -> dict[Interval, Literal | None]:
        """Return the times that are left to a session, and the literals of those that somebody has asked for.

        They are made when they are first asked for, since most times fall away.
        """
        left = self._spans.get(session.id)
        if left is None:
            nobody: dict[Interval, Literal | None] = dict.fromkeys(self.scope.spans(self.problem, session))
            left = self._spans[session.id] = nobody
        return left

    def rooms(self, session: Session) -> tuple[str, ...]:
        """Return the ids of the rooms that are left to a session, at some time."""
        return self.names(self._masks[session.id])

    def mask(self, session: Session, span: Interval) -> int:
        """Return the rooms that a session can use at a time, as bits in the order of the problem."""
        mask = self._masks[session.id]
        return mask & ~self._shut.get((session.id, span), 0) if self._shut else mask

    def rooms_at(self, session: Session, span: Interval) -> tuple[str, ...]:
        """Return the ids of the rooms that a session can use at a time."""
        return self.names(self.mask(session, span))

    def names(self, mask: int) -> tuple[str, ...]:
        """Return the ids of the rooms of a set, which is given as bits in the order of the problem."""
        if mask not in self._named:
            self._named[mask] = tuple(room.id for index, room in enumerate(self.problem.rooms) if mask >> index & 1)
        return self._named[mask]

    def _bits(self, rooms: Iterable[str]) -> int:
        names = set(rooms)
        return sum(1 << index for index, room in enumerate(self.problem.rooms) if room.id in names)

    # -- words: decisions -------------------------------------------------------------------------------------------

    def at(self, session: Session, span: Interval) -> Literal:
        """Return whether a session takes a time; never, where that is not possible."""
        left = self._left(session)
        try:
            found = left[span]
        except KeyError:
            if not isinstance(span, Interval):
                message = f"{span!r} is not an Interval of minutes: board.spans(session) has those that are left"
                raise TypeError(message) from None
            return self.model.new_constant(0)
        if found is None:
            literals = self.literals_of_spans.setdefault(session.id, {})
            found = literals.get(span)
            if found is None:
                found = literals[span] = self.model.new_bool_var(f"{session.id}@{span.start}-{span.end}")
            left[span] = found
        return found

    def any_at(self, session: Session, fits: Callable[[Interval], bool]) -> Linear:
        """Return whether a session takes a time that fits, as 0 or 1."""
        return self.total([self.at(session, span) for span in self._left(session) if fits(span)])

    def placed(self, session: Session) -> Linear:
        """Return whether a session is scheduled at all, as 0 or 1."""
        return self.any_at(session, lambda _: True)

    def active(self, session: Session, minute: int) -> Linear:
        """Return whether a session runs at a minute, as 0 or 1."""
        return self.any_at(session, lambda span: span.start <= minute < span.end)

    def start(self, session: Session) -> Linear:
        """Return the minute at which a session starts; 0 where it is not scheduled."""
        spans = self.spans(session)
        return self.total([self.at(session, span) for span in spans], [span.start for span in spans])

    def on_day(self, session: Session, day: date) -> Linear:
        """Return whether a session starts on a local date, as 0 or 1."""
        day_of = self.problem.window.day_of
        return self.any_at(session, lambda span: day_of(span.start) == day)

    def stays(self, of: Session | Part) -> list[tuple[Interval, Literal]]:
        """Return when a session, or a part of one, can be: each interval, with the literal that puts it there."""
        part = of if isinstance(of, Part) else whole(of)
        found = ((part.within(span), self.at(part.session, span)) for span in self._left(part.session))
        return [(span, literal) for span, literal in found if span.minutes > 0]

    def uses(self, session: Session, room: str) -> Literal:
        """Return whether a session is scheduled in a room; never, where that is not possible."""
        if room not in self.rooms(session):
            return self.model.new_constant(0)
        if self._roomless(session):
            raise RoomsAskedError
        literals = self.literals_of_rooms.setdefault(session.id, {})
        if not literals:
            literals.update({name: self.model.new_bool_var(f"{session.id} in {name}") for name in self.rooms(session)})
        return literals[room]

    def stands(self, session: Session, span: Interval, room: str) -> Literal:
        """Return whether a session takes a time in a room; never, where that is not possible."""
        if span not in self._left(session) or room not in self.rooms_at(session, span):
            return self.model.new_constant(0)
        if self._roomless(session):
            raise RoomsAskedError
        places = self.literals_of_places.setdefault(session.id, {})
        if (span, room) not in places:
            places[span, room] = self.model.new_bool_var("")
        return places[span, room]

    def _roomless(self, session: Session) -> bool:
        """Whether a preference speaks, and the rooms of a session are not decided for any constraint."""
        if not (self.times_only and self._preferring):
            return False
        return session.id not in self.literals_of_rooms and session.id not in self.literals_of_places

    @contextmanager
    def preferring(self) -> Iterator[None]:
        """Hear a preference."""
        self._preferring.append(True)
        try:
            yield
        finally:
            self._preferring.pop()

    def room_of(self, session: Session, values: Sequence[int]) -> str | None:
        """Return the room that a solution decides for a session, or `None` where rooms are matched later."""
        uses = self.literals_of_rooms.get(session.id, {})
        return next((name for name, literal in uses.items() if values[literal.index]), None)

    def attendance(
        self, of: Session | Part, fits: Callable[[Interval], bool] = lambda _: True, *, many: int = 1
    ) -> Attendance:
        """Let somebody decide whether to attend a session, or a part of one, where its time fits.

        Args:
            of: the session, or the part.
            fits: whether a time of it does.
            many: for how many who are alike: then it is a number of them that attends, and one that does not.
        """
        part = of if isinstance(of, Part) else whole(of)
        copies: list[tuple[Interval, Literal]] = []
        stays = self.stays(part)
        for span, literal in stays:
            if fits(span):
                copy = self.model.new_int_var(0, many, "")
                if many == 1:
                    self.model.add_implication(copy, literal)
                else:
                    self.model.add(copy <= many * literal)
                copies.append((span, copy))
        missed = self.model.new_int_var(0, many, "")
        coming = self.total(literal for _, literal in stays)
        self.model.add(self.total([*(copy for _, copy in copies), missed]) == many * coming)
        return Attendance(part, tuple(copies), missed, many)

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

    def all_of(self, terms: Iterable[Linear]) -> Literal:
        """Return a literal that is true where all of several (each 0 or 1) are; only for a cost to push down."""
        several = list(terms)
        found = self.model.new_bool_var("")
        self.model.add(self.total(several) - (len(several) - 1) <= found)
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

    def excess(self, term: Linear, over: int, upper: int) -> Linear:
        """Return by how much a term is over a limit, at least 0, for a cost to push down.

        Args:
            term: a sum of decisions.
            over: the limit.
            upper: what the term does not exceed.
        """
        return self.greatest([term - over], upper=upper - over)

    def running(self, steps: Iterable[Linear], upper: int) -> list[Linear]:
        """Return what all steps so far come to, after each step, as one number each.

        Args:
            steps: sums of decisions, never negative.
            upper: what all of them together do not exceed.
        """
        found: list[Linear] = []
        for step in steps:
            found.append(self.model.new_int_var(0, upper, ""))
            self.model.add(found[-1] == step + (found[-2] if len(found) > 1 else 0))
        return found

    def levels(self, terms: Iterable[Literal], upper: int) -> list[Literal]:
        """Return literals, as many of which are true as terms are, the first ones first; for a cost to push down.

        Args:
            terms: literals.
            upper: how many of them are true at most.
        """
        several = list(terms)
        found = [self.model.new_bool_var("") for _ in range(min(upper, len(several)))]
        if found:
            self.model.add(self.total(several) <= self.total(found))
            for term in several:
                self.model.add_implication(term, found[0])
        for fewer, more in pairwise(found):
            self.model.add_implication(more, fewer)
        return found
