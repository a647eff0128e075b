"""Personal times: when delegations and persons would rather meet, or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Preference

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["PersonalTimes"]


@frozen
class PersonalTimes(Preference):
    """Chairs, speakers and delegations meet at the times that they wish, and not at those that they do not.

    The amount is the number of duties (of a delegation or a person, at a session or at a segment of it) that touch
    an unwished time of that party, or do not lie wholly inside its wished times, if it has any. Both at once count
    once. Periods of a party that touch or overlap count as one.

    Args:
        sessions: which duties count: those at these sessions.

    Example: a chair who would rather not meet after lunch chairs the first meeting of the morning.
    """

    kind: ClassVar[str] = "personal-times"
    unit: ClassVar[str] = "duty at an unwished time"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nobody wishes anything."""
        if not any(party.wished or party.unwished for party in problem.parties):
            message = "no delegation and no person has wished or unwished times"
            yield Fault("rule.sessions", message, "leave the rule out, or give somebody `wished` or `unwished` times.")

    def post(self, board: Board) -> None:
        """Price the times that put a duty where its party would rather not be."""
        problem = board.problem
        chosen = {session.id for session in problem.select(self.sessions)}
        for party in problem.parties:
            wished = problem.window.intervals(party.wished or ())
            unwished = problem.window.intervals(party.unwished or ())
            if not party.wished and not party.unwished:
                continue
            for duty in problem.duties[party.id]:
                if duty.session.id not in chosen:
                    continue
                bad = [
                    literal
                    for span, literal in board.stays(duty)
                    if any(stretch.overlaps(span) for stretch in unwished)
                    or (party.wished and not any(stretch.holds(span) for stretch in wished))
                ]
                board.prefer(self, board.total(bad), whom=(party.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the minutes of each duty that lie in wished and unwished times."""
        problem = timetable.problem
        chosen = {session.id for session in problem.select(self.sessions)}
        for party in problem.parties:
            for one in timetable.parts(problem.duties[party.id]):
                if one.session.id not in chosen:
                    continue
                against, outside = (
                    sum(stretch.shared(one.span) for stretch in problem.window.intervals(periods or ()))
                    for periods in (party.unwished, party.wished)
                )
                when = f"{party.id!r} is needed at {one.session.id!r} on {timetable.when(one)}"
                if against:
                    yield Breach(self, (one.session.id,), 1, f"{when}, an unwished time.", (party.id,))
                elif party.wished and outside < one.span.minutes:
                    yield Breach(self, (one.session.id,), 1, f"{when}, outside the wished times.", (party.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"The times that people wish: {self.sessions}."
