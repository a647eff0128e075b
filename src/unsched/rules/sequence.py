"""Sessions that follow each other: directly, and after somebody has coordinated."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_choice, check_count
from unsched.domain.interval import Interval
from unsched.domain.select import Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal, Requirement

__all__ = ["Consecutive", "CoordinatedBefore"]


def _none_over(board: Board, terms: list[Linear]) -> Requirement:
    """Demand that no term is over 0; at a price, that is 1 where one is. No term is ever more than 1."""
    from unsched.solver.terms import Requirement

    return Requirement(tuple(term <= 0 for term in terms), amount=lambda: board.greatest(terms, upper=1))


@frozen
class Consecutive(Constraint):
    """The selected sessions follow each other directly, in the order of the problem.

    Each starts on the local date on which the one before it starts, not before that one ends, and when no more than
    `gap` open minutes of the window have passed since. Only minutes of open blocks count, of whatever kind: where
    nothing is open over lunch, a session at 15:00 follows directly upon one until 13:00. Where a session is not
    scheduled, those before and after it in the order need not follow each other. One unit of cost is a pair, one after
    the other in the order, that does not do so in time.

    Args:
        sessions: which sessions.
        room: "any", or "same" if they stay in one room as well.
        gap: open minutes that may pass between two of them.

    Example: the two halves of a drafting session are held in one room, one after the other.
    """

    kind: ClassVar[str] = "consecutive"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    room: str = "any"
    gap: int = 0

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_choice("room", self.room, ("any", "same"))
        yield from check_count("gap", self.gap, unit="open minutes")

    def post(self, board: Board) -> None:
        """Keep, of each pair of neighbours, the later one off other days, too early starts and too late ones."""
        window = board.problem.window
        day_of, passed = cache(window.day_of), cache(window.open_minutes_before)
        for one, other in pairwise(board.problem.select(self.sessions)):
            first = [(span, board.at(one, span)) for span in board.spans(one)]
            then = [(span, board.at(other, span)) for span in board.spans(other)]
            crowds: list[tuple[list[Literal], list[Literal]]] = []
            for day in dict.fromkeys(day_of(span.start) for span, _ in first):
                here = [at for span, at in first if day_of(span.start) == day]
                crowds.append((here, [at for span, at in then if day_of(span.start) != day]))
            for end in sorted({span.end for span, _ in first}):
                from_here = [at for span, at in first if span.end >= end]
                crowds.append((from_here, [at for span, at in then if span.start < end]))
            for limit in sorted({passed(span.end) + self.gap for span, _ in first}):
                until_here = [at for span, at in first if passed(span.end) + self.gap <= limit]
                crowds.append((until_here, [at for span, at in then if passed(span.start) > limit]))
            terms: list[Linear] = [board.total(a + b) - 1 for a, b in crowds if b]
            if self.room == "same":
                there = board.placed(other)
                terms += [board.uses(one, r) + there - board.uses(other, r) - 1 for r in board.rooms(one)]
            pair = (one.id, other.id)
            board.require(self, _none_over(board, terms), about=", ".join(pair), whom=pair)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look from each session to the next."""
        window = timetable.problem.window
        for first, then in pairwise(timetable.problem.select(self.sessions)):
            one, other = timetable.get(first), timetable.get(then)
            if one is None or other is None:
                continue
            between = Interval(one.span.end, other.span.start)
            idle = sum(block.shared(between) for block in window.open_time)
            text = None
            if window.day_of(one.span.start) != window.day_of(other.span.start):
                text = f"{then.id!r} on {timetable.when(other)} is not on the day of {first.id!r}."
            elif between.minutes < 0:
                text = f"{then.id!r} on {timetable.when(other)} does not start after {first.id!r} ends."
            elif idle > self.gap:
                text = f"{idle} open minutes pass between {first.id!r} and {then.id!r}: over {self.gap}."
            elif self.room == "same" and one.room.id != other.room.id:
                text = f"{first.id!r} is in {one.room.id!r}, and {then.id!r} after it in {other.room.id!r}."
            if text is not None:
                yield Breach(self, (first.id, then.id), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        gap = f", at most {self.gap} open minutes apart" if self.gap else ""
        room = ", in one room" if self.room == "same" else ""
        return f"In a row{gap}{room}: {self.sessions}."


@frozen
class CoordinatedBefore(Constraint):
    """Before each of the selected sessions, one that coordinates for it has ended.

    One unit of cost is a session before which none has. Where each of several groups has to coordinate, write one such
    rule a group.

    Args:
        coordination: the sessions that coordinate; any one of them will do.
        sessions: the sessions that need it beforehand.
        day: "same", if it has to be on the same local date (of the starts), or "any", if at any time before.

    Example: the African Group meets on the morning of each plenary, before it.
    """

    kind: ClassVar[str] = "coordinated-before"
    unit: ClassVar[str] = "session"

    coordination: Select = field(converter=to_select)
    sessions: Select = field(converter=to_select)
    day: str = "same"

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_choice("day", self.day, ("same", "any"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield sessions that would have to coordinate before themselves."""
        before = {session.id for session in problem.select(self.coordination)}
        for session in problem.select(self.sessions):
            if session.id in before:
                yield Fault("rule.sessions", f"{session.id!r} is among the coordination as well", "selections apart.")

    def post(self, board: Board) -> None:
        """Let a session start only when something has ended: one chain of "something has by now" for each day."""
        day_of = cache(board.problem.window.day_of)
        ends: dict[date | None, dict[int, list[Literal]]] = {}
        for session in board.problem.select(self.coordination):
            for span in board.spans(session):
                day = day_of(span.start) if self.day == "same" else None
                ends.setdefault(day, {}).setdefault(span.end, []).append(board.at(session, span))
        chains: dict[date | None, tuple[list[int], list[Literal]]] = {}
        for day, by_end in ends.items():
            minutes, by_now = chains.setdefault(day, (sorted(by_end), []))
            for minute in minutes:
                by_now.append(board.any_of([*by_now[-1:], *by_end[minute]]))
        for session in board.problem.select(self.sessions):
            needs: dict[tuple[date | None, int], list[Literal]] = {}
            for span in board.spans(session):
                day = day_of(span.start) if self.day == "same" else None
                ended = bisect_right(chains[day][0], span.start) if day in chains else 0
                needs.setdefault((day, ended), []).append(board.at(session, span))
            terms = [
                board.total(literals) - (chains[day][1][ended - 1] if ended else 0)
                for (day, ended), literals in needs.items()
            ]
            board.require(self, _none_over(board, terms), about=session.id, whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look back from each session."""
        day_of = timetable.problem.window.day_of
        coordination = timetable.of(timetable.problem.select(self.coordination))
        for one in timetable.of(timetable.problem.select(self.sessions)):
            ended = (other for other in coordination if other.span.end <= one.span.start)
            if not any(self.day == "any" or day_of(o.span.start) == day_of(one.span.start) for o in ended):
                when = "earlier that day" if self.day == "same" else "before"
                text = f"{one.session.id!r} on {timetable.when(one)} has no coordination {when} ({self.coordination})."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        day = ", on the same day" if self.day == "same" else ""
        return f"Before {self.sessions}, there is coordination{day}: {self.coordination}."
