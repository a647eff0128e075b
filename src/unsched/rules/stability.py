"""Stability: what has been published stays, where it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Preference

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["KeepRoom", "KeepStart"]


def _published(problem: Problem, sessions: Select) -> Iterator[tuple[Session, Booking]]:
    if problem.published is not None:
        for session in problem.select(sessions):
            booking = problem.published.get(session.id)
            if booking is not None:
                yield session, booking


def _nothing_published(problem: Problem, sessions: Select) -> Iterator[Fault]:
    if not any(_published(problem, sessions)):
        yield Fault("rule.sessions", "none of them has been published", "leave the rule out, or give `published`.")


@frozen
class KeepStart(Preference):
    """The selected sessions start when they have been published to start.

    The amount is the number of published sessions that start at another time.

    Args:
        sessions: which sessions.

    Example: after a room is lost, as few people as possible have to change their diary.
    """

    kind: ClassVar[str] = "keep-start"
    unit: ClassVar[str] = "session moved"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nothing has been published."""
        yield from _nothing_published(problem, self.sessions)

    def post(self, board: Board) -> None:
        """Price every other start."""
        for session, booking in _published(board.problem, self.sessions):
            kept = board.problem.window.minute(booking.start)
            others = [board.at(session, start) for start in board.starts(session) if start != kept]
            board.prefer(self, board.total(others))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each start with the published one."""
        for session, booking in _published(timetable.problem, self.sessions):
            now = timetable.schedule.get(session.id)
            if now is not None and now.start.timestamp() != booking.start.timestamp():
                window = timetable.problem.window
                before, after = (window.wall(window.minute(moment)) for moment in (booking.start, now.start))
                text = f"{session.id!r} moves from {before:%a %d %b %H:%M} to {after:%a %d %b %H:%M}."
                yield Breach(self, (session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Starts as published: {self.sessions}."


@frozen
class KeepRoom(Preference):
    """The selected sessions stand in the rooms that have been published.

    The amount is the number of published sessions that stand in another room.

    Args:
        sessions: which sessions.

    Example: a new speaker changes the hour, and the room stays what the signs at the door say.
    """

    kind: ClassVar[str] = "keep-room"
    unit: ClassVar[str] = "session in another room"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nothing has been published."""
        yield from _nothing_published(problem, self.sessions)

    def post(self, board: Board) -> None:
        """Price every other room."""
        for session, booking in _published(board.problem, self.sessions):
            others = [board.uses(session, room) for room in board.rooms(session) if room != booking.room]
            board.prefer(self, board.total(others))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each room with the published one."""
        for session, booking in _published(timetable.problem, self.sessions):
            now = timetable.schedule.get(session.id)
            if now is not None and now.room != booking.room:
                yield Breach(self, (session.id,), 1, f"{session.id!r} moves from {booking.room!r} to {now.room!r}.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Rooms as published: {self.sessions}."
