"""Sessions in order: one before another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_count
from unsched.domain.select import Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, opening

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["Before"]


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
                board.require(self, order, about=f"{one.id}, {other.id}", whom=(one.id, other.id))

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
