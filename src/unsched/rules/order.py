"""Sessions in order: one before another, and how many days lie between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_count, check_each, to_tuple
from unsched.domain.select import Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, named, opening

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Literal

__all__ = ["Before", "DaysApart", "InOrder"]


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

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands of a pair."""
        pair = next(
            (
                (one, other)
                for one in problem.select(self.first)
                for other in problem.select(self.then)
                if about == f"{one.id}, {other.id}"
            ),
            None,
        )
        if pair is None:
            return super().say_about(problem, about)
        first, then = (named(problem, session.id) for session in pair)
        least = f" at least {self.least} minutes" if self.least else ""
        greatest = "" if self.greatest is None else f", at most {self.greatest} minutes"
        return f"{first} ends{least} before {then} starts{greatest}."


@frozen
class InOrder(Constraint):
    """The selected sessions run one after another, in the order in which the problem lists them.

    Each ends before any that is listed after it starts. One unit of cost is the whole sequence: whatever of it is out
    of order, it counts once.

    Args:
        sessions: which sessions; ids say which, not in which order.

    Example: a working group that asked for two slots has its documents in the first and its drafts in the second.
    """

    kind: ClassVar[str] = "in-order"
    unit: ClassVar[str] = "sequence out of order"

    sessions: Select = field(converter=to_select)

    def post(self, board: Board) -> None:
        """Order all pairs, and count them as one."""
        sessions = board.problem.select(self.sessions)
        # Of three, the middle one may be left out: that the first precedes it then says nothing of the last.
        orders = [board.before(one, other) for one, other in combinations(sessions, 2)]
        whom = tuple(session.id for session in sessions)
        if orders:
            board.require(self, board.jointly(*orders), about=str(self.sessions), whom=whom)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Read the sessions as listed, and look for the first that starts before all earlier ones have ended."""
        chosen = timetable.problem.select(self.sessions)
        ended, latest = -1, ""
        placed = {one.session.id: one for one in timetable.of(chosen)}
        for one in (placed[session.id] for session in chosen if session.id in placed):
            if one.span.start < ended:
                text = f"{one.session.id!r} on {timetable.when(one)} starts before {latest!r} has ended."
                whom = tuple(session.id for session in chosen)
                yield Breach(self, (latest, one.session.id), 1, text, whom)
                return
            if one.span.end > ended:
                ended, latest = one.span.end, one.session.id

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"In the order in which they are listed: {self.sessions}."


@frozen
class DaysApart(Constraint):
    """So many days lie between the dates of any two of the selected sessions.

    The day of a session is the local date on which it starts; two sessions of one day are 0 days apart, and those of
    Monday and Tuesday 1. One unit of cost is a pair of sessions whose distance is refused.

    Args:
        sessions: which sessions.
        least: least distance in days.
        greatest: greatest distance in days, or `None`.
        never: distances in days that are refused between those two.

    Example: the second session of a working group is on the day after the first (`least=1, greatest=1`), or on any
    day but that, so that what was decided can be written down (`never=[1]`).
    """

    kind: ClassVar[str] = "days-apart"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    least: int = 0
    greatest: int | None = None
    never: tuple[int, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("least", self.least, unit="days")
        yield from check_count("greatest", self.greatest, optional=True, unit="days")
        yield from check_each("never", self.never, int)
        for index, days in enumerate(self.never if isinstance(self.never, tuple) else ()):
            if isinstance(days, int):
                yield from check_count(f"never[{index}]", days, unit="days")
        if isinstance(self.greatest, int) and isinstance(self.least, int) and self.greatest < self.least:
            yield Fault("greatest", f"{self.greatest} is less than the least, {self.least}", f"{self.least}.")

    def _refuses(self, days: int) -> bool:
        return days < self.least or (self.greatest is not None and days > self.greatest) or days in self.never

    def post(self, board: Board) -> None:
        """Let a day of the one exclude the days of the other that lie at a refused distance."""
        from unsched.solver.terms import Requirement

        sessions = board.problem.select(self.sessions)
        by_day = {session.id: self._by_day(board, session) for session in sessions}
        for one, other in combinations(sessions, 2):
            groups = []
            for day, literals in by_day[one.id].items():
                refused = [
                    literal
                    for then, others in by_day[other.id].items()
                    if self._refuses(abs(then - day))
                    for literal in others
                ]
                if refused:
                    groups.append([*literals, *refused])
            if groups:
                demand = Requirement(at_most_one=tuple(groups))
                board.require(self, demand, about=f"{one.id}, {other.id}", whom=(one.id, other.id))

    def _by_day(self, board: Board, session: Session) -> dict[int, list[Literal]]:
        found: dict[int, list[Literal]] = {}
        for span, literal in board.stays(session):
            found.setdefault(board.problem.window.day_of(span.start).toordinal(), []).append(literal)
        return found

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Subtract the dates of each pair."""
        day_of = timetable.problem.window.day_of
        for one, other in combinations(timetable.of(timetable.problem.select(self.sessions)), 2):
            days = (day_of(other.span.start) - day_of(one.span.start)).days
            few, many = days < self.least, days > (days if self.greatest is None else self.greatest)
            wanted = f"under {self.least}" if few else f"over {self.greatest}" if many else "which is refused"
            if few or many or self.never.count(days):
                pair = (one.session.id, other.session.id)
                found = f"{days} day{'' if days == 1 else 's'}"
                text = f"{pair[1]!r} on {timetable.when(other)} is {found} from {pair[0]!r}: {wanted}."
                yield Breach(self, pair, 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        words = [f"at least {self.least}"] if self.least else []
        words += [] if self.greatest is None else [f"at most {self.greatest}"]
        words += [f"not {days}" for days in self.never]
        return f"Days between any two, {', '.join(words) or 'however many'}: {self.sessions}."
