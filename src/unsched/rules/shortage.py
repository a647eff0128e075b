"""Shortage: a room that is smaller for a while."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_count, check_each, check_id, shown, to_tuple
from unsched.domain.interval import touching
from unsched.domain.time import Period
from unsched.domain.venue import SEAT_CLASSES, Seats, said
from unsched.errors import Fault, nearest
from unsched.rules.base import Breach, Constraint
from unsched.rules.rooms import seats_needed

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["Reduced"]

_AS_IT_HAS = Seats()
_CLASSES = (*SEAT_CLASSES, "total", "accessible")


@frozen
class Reduced(Constraint):
    """In some periods a room has only so many seats and booths.

    A session that touches one of the periods stands in the room only if these are enough for it. What is left out
    (`None`) is as the room has it. In all (`total`), a session needs the seats that it needs on the podium, at the
    table and at the side. The amount is the number of seats and booths that are missing.

    Args:
        room: id of the room.
        periods: when it is reduced.
        seats: the seats that are left, by class.
        booths: the interpretation booths that are left.

    Example: a part of the hall is scaffolded until Thursday, and 40 of its 120 places at the table are left.
    """

    kind: ClassVar[str] = "reduced"
    unit: ClassVar[str] = "missing seat or booth"
    narrows: ClassVar[bool] = True

    room: str
    periods: tuple[Period, ...] = field(converter=to_tuple)
    seats: Seats = _AS_IT_HAS
    booths: int | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_id("room", self.room)
        yield from check_each("periods", self.periods, Period)
        if self.periods == ():
            yield Fault("periods", "no period is given", "at least one period.")
        if not isinstance(self.seats, Seats):
            yield Fault("seats", f"{shown(self.seats)} is not Seats", "Seats(table=..., side=...).")
        yield from check_count("booths", self.booths, optional=True, unit="booths")
        if self.seats == _AS_IT_HAS and self.booths is None:
            yield Fault("", "nothing is said to be less", "the seats or the booths that are left.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield an unknown room."""
        if self.room not in problem.rooms_by_id:
            yield Fault("rule.room", f"there is no room {self.room!r}", nearest(self.room, problem.rooms_by_id))

    def post(self, board: Board) -> None:
        """Forbid the room in the periods to each session that needs more."""
        periods = board.problem.window.intervals(self.periods)
        for session in board.problem.sessions:
            missing = self._missing(board.problem, session)
            if missing and self.room in board.rooms(session):
                spans = [span for span in board.spans(session) if touching(periods, span)]
                board.forbid(self, session, spans=spans, rooms=[self.room], amount=missing)

    def _missing(self, problem: Problem, session: Session) -> int:
        need = seats_needed(problem, session)
        need["total"] = sum(need[name] for name in SEAT_CLASSES)
        left = {name: getattr(self.seats, name) for name in _CLASSES}
        short = [need[name] - left[name] for name in _CLASSES if left[name] is not None]
        if self.booths is not None:
            short.append(len(session.languages) - self.booths)
        return sum(max(0, one) for one in short)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Seat each session that stands there meanwhile, class by class."""
        problem = timetable.problem
        periods = problem.window.intervals(self.periods)
        for one in timetable.placed:
            if one.room.id != self.room or not any(one.span.shared(period) for period in periods):
                continue
            session, at_table, at_side = one.session, 0, 0
            for audience in problem.audiences(session):
                coming = audience.required + audience.invited
                at_table = max(at_table, sum(delegation.table_seats for delegation in coming))
                at_side = max(at_side, session.side_seats + sum(delegation.side_seats for delegation in coming))
            wanted = (
                (session.podium_seats, self.seats.podium, "podium seats"),
                (at_table, self.seats.table, "table seats"),
                (at_side, self.seats.side, "side seats"),
                (session.podium_seats + at_table + at_side, self.seats.total, "seats in all"),
                (session.accessible_seats, self.seats.accessible, "accessible seats"),
                (len(session.languages), self.booths, "booths"),
            )
            lacking = [(need, left, what) for need, left, what in wanted if left is not None and need > left]
            if lacking:
                words = ", ".join(f"{need} {what} and has {left}" for need, left, what in lacking)
                text = f"{session.id!r} on {timetable.when(one)} needs {words} in room {self.room!r}."
                yield Breach(self, (session.id,), sum(need - left for need, left, _ in lacking), text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        when = "; ".join(map(str, self.periods))
        return f"Room {self.room!r} has only {said(self.seats, self.booths)}: {when}."
