"""Sessions in relation to each other: before, not together, not too many together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_count
from unsched.domain.select import EVERY, Select, to_select, to_some_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, opening

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["AtMostTogether", "Before", "NotTogether"]


@frozen
class Before(Constraint):
    """Each session of the first selection ends before any of the second starts.

    Args:
        first: the earlier sessions.
        then: the later sessions.
        least: least minutes from the end of the one to the start of the other.
        greatest: greatest such minutes, or `None`.

    Example: the regional groups coordinate before the Working Group first meets.
    """

    kind: ClassVar[str] = "before"
    unit: ClassVar[str] = "pair of sessions"

    first: Select = field(converter=to_select)
    then: Select = field(converter=to_select)
    least: int = 0
    greatest: int | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("least", self.least, unit="minutes")
        yield from check_count("greatest", self.greatest, optional=True, unit="minutes")
        if isinstance(self.greatest, int) and isinstance(self.least, int) and self.greatest < self.least:
            yield Fault("greatest", f"{self.greatest} is less than the least gap of {self.least}", f"{self.least}.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield sessions that would have to stand before themselves."""
        later = {session.id for session in problem.select(self.then)}
        for session in problem.select(self.first):
            if session.id in later:
                yield Fault("rule.then", f"{session.id!r} is in the first selection as well", "selections apart.")

    def post(self, board: Board) -> None:
        """Order each pair."""
        for one in board.problem.select(self.first):
            for other in board.problem.select(self.then):
                order = board.before(one, other, self.least, self.greatest)
                board.require(self, order, about=f"{one.id}, {other.id}")

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Measure the gap of each pair."""
        for one in timetable.of(timetable.problem.select(self.first)):
            for other in timetable.of(timetable.problem.select(self.then)):
                gap = other.span.start - one.span.end
                pair = (one.session.id, other.session.id)
                if gap < self.least:
                    wanted = f"at least {self.least} minutes after" if self.least else "after"
                    text = f"{pair[1]!r} on {timetable.when(other)} does not start {wanted} {pair[0]!r} ends."
                    yield Breach(self, pair, 1, text)
                elif self.greatest is not None and gap > self.greatest:
                    text = f"{pair[1]!r} starts {gap} minutes after {pair[0]!r} ends: over {self.greatest}."
                    yield Breach(self, pair, 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        least = f", at least {self.least} minutes" if self.least else ""
        greatest = "" if self.greatest is None else f", at most {self.greatest} minutes"
        return f"{opening(self.first)} ends before {self.then} starts{least}{greatest}."


@frozen
class NotTogether(Constraint):
    """No two of the selected sessions run at once; or, with `against`, none of them while one of those does.

    Args:
        sessions: which sessions.
        against: the other sessions, or `None` for the same ones.

    Example: nothing of the Commission runs against its plenary.
    """

    kind: ClassVar[str] = "not-together"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    against: Select | None = field(default=None, converter=to_some_select)

    def post(self, board: Board) -> None:
        """Let one of each pair run at a time."""
        mine = board.problem.select(self.sessions)
        if self.against is None:
            board.require(self, board.together(mine, 1), about=", ".join(session.id for session in mine))
            return
        for one in mine:
            for other in board.problem.select(self.against):
                if one.id != other.id:
                    board.require(self, board.together([one, other], 1), about=f"{one.id}, {other.id}")

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look at each pair that overlaps."""
        mine = {session.id for session in timetable.problem.select(self.sessions)}
        others = mine
        if self.against is not None:
            others = {session.id for session in timetable.problem.select(self.against)}
        for a, b in timetable.overlapping_pairs():
            pair = (a.session.id, b.session.id)
            if (pair[0] in mine and pair[1] in others) or (pair[1] in mine and pair[0] in others):
                yield Breach(self, pair, 1, f"{pair[0]!r} and {pair[1]!r} run at once on {timetable.when(b)}.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        if self.against is None:
            return f"No two at once: {self.sessions}."
        return f"Not at once with {self.against}: {self.sessions}."


@frozen
class AtMostTogether(Constraint):
    """At most n of the selected sessions run at once.

    Args:
        most: the cap.
        sessions: which sessions.

    Example: the UNFCCC holds at most six meetings at once, and at most two plenary or contact group meetings.
    """

    kind: ClassVar[str] = "at-most-together"
    unit: ClassVar[str] = "session too many"

    most: int
    sessions: Select = field(default=EVERY, converter=to_select)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("most", self.most, least=1, unit="sessions at once")

    def post(self, board: Board) -> None:
        """Cap the sessions that run together."""
        sessions: tuple[Session, ...] = board.problem.select(self.sessions)
        board.require(self, board.together(sessions, self.most), about=str(self.sessions))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the sessions that run together."""
        for crowd in timetable.crowds(timetable.problem.select(self.sessions), self.most):
            names = tuple(one.session.id for one in crowd)
            text = f"{len(names)} sessions run at once, over {self.most}: {', '.join(map(repr, names))}."
            yield Breach(self, names, len(names) - self.most, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"At most {self.most} at once: {self.sessions}."
