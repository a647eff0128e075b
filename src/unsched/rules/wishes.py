"""Wishes: times, and an early end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_choice, check_each, to_tuple
from unsched.domain.interval import touching
from unsched.domain.select import EVERY, Select, to_select
from unsched.domain.time import Period
from unsched.errors import Fault
from unsched.rules.base import Breach, Preference

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["EndEarly", "PreferTime"]


@frozen
class PreferTime(Preference):
    """The selected sessions lie inside the wished periods.

    The amount is the number of those that do not lie wholly inside.

    Args:
        sessions: which sessions.
        periods: the wished periods; those that touch or overlap count as one.

    Example: the drafting group would rather meet on 16 December.
    """

    kind: ClassVar[str] = "prefer-time"
    unit: ClassVar[str] = "session"

    sessions: Select = field(converter=to_select, kw_only=False)
    periods: tuple[Period, ...] = field(converter=to_tuple, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("periods", self.periods, Period)
        if self.periods == ():
            yield Fault("periods", "no period is wished", "at least one period.")

    def post(self, board: Board) -> None:
        """Price every start outside the wish."""
        wished = board.problem.window.intervals(self.periods)
        for session in board.problem.select(self.sessions):
            inside = set(board.spans_within(session, wished))
            outside = [board.at(session, span) for span in board.spans(session) if span not in inside]
            board.prefer(self, board.total(outside), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the minutes of each session that lie inside."""
        wished = timetable.problem.window.intervals(self.periods)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            inside = sum(period.shared(one.span) for period in touching(wished, one.span))
            if inside < one.span.minutes:
                text = f"{one.session.id!r} on {timetable.when(one)} is outside {'; '.join(map(str, self.periods))}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Wished for {self.sessions}: {'; '.join(map(str, self.periods))}."


@frozen
class EndEarly(Preference):
    """The selected sessions end early.

    The amount is in open minutes of the window that have passed by the end of the last of them, or, with
    `of = "each"`, by the end of each, added up.

    Args:
        sessions: which sessions.
        of: "last" or "each".

    Example: the delegates of small missions are free again as soon as can be.
    """

    kind: ClassVar[str] = "end-early"
    unit: ClassVar[str] = "open minute"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)
    of: str = field(default="last", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("of", self.of, ("last", "each"))

    def post(self, board: Board) -> None:
        """Price each start by the open time that has passed at its end."""
        window = board.problem.window
        sessions = board.problem.select(self.sessions)
        ends = [
            board.total(
                [board.at(session, span) for span in board.spans(session)],
                [window.open_minutes_before(span.end) for span in board.spans(session)],
            )
            for session in sessions
        ]
        if self.of == "last":
            everybody = tuple(session.id for session in sessions)
            last = board.greatest(ends, upper=sum(span.minutes for span in window.open_time))
            board.prefer(self, last, whom=everybody)
            return
        for session, end in zip(sessions, ends, strict=True):
            board.prefer(self, end, whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Add up the open minutes that lie before the ends."""
        window = timetable.problem.window
        sessions = timetable.problem.select(self.sessions)
        placed = timetable.of(sessions)
        everybody: tuple[str, ...] = ()
        if self.of == "last":
            placed = tuple(sorted(placed, key=lambda one: one.span.end))[-1:]
            everybody = tuple(session.id for session in sessions)
        for one in placed:
            passed = sum(max(0, min(span.end, one.span.end) - span.start) for span in window.open_time)
            if passed:
                text = f"{one.session.id!r} ends on {window.wall(one.span.end):%a %d %b %H:%M}."
                yield Breach(self, (one.session.id,), passed, text, everybody)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"An early end of {'the last' if self.of == 'last' else 'each'} of {self.sessions}."
