"""That sessions are scheduled at all, in open time, and where their place is fixed, there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_id
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault, InputError, nearest
from unsched.rules.base import Breach, Constraint, named, opening

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["EverySessionPlaced", "FixedPlaces", "Pin", "WithinWindow"]


@frozen
class EverySessionPlaced(Constraint):
    """No session is left out, but for those that are optional.

    Args:
        sessions: which sessions.

    Example: with two rooms and three sessions that all need the same hour, there is no schedule.
    """

    kind: ClassVar[str] = "every-session-placed"
    unit: ClassVar[str] = "session left out"
    standard: ClassVar[bool] = True

    sessions: Select = field(default=EVERY, converter=to_select)

    def post(self, board: Board) -> None:
        """Demand a time for each session."""
        for session in board.problem.select(self.sessions):
            if not session.optional:
                board.must_place(self, session)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for sessions without a booking."""
        booked = {booking.session for booking in timetable.schedule.bookings}
        for session in timetable.problem.select(self.sessions):
            if session.id not in booked and not session.optional:
                yield Breach(self, (session.id,), 1, f"{session.id!r} is not scheduled.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Every session is scheduled." if self.sessions == EVERY else f"Scheduled: {self.sessions}."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return that a session is scheduled."""
        session = problem.session(about)
        least = min(session.lengths(problem.window.step))
        return f"{named(problem, about)} is scheduled, for {least} minutes{' or more' * (least < session.length)}."


@frozen
class WithinWindow(Constraint):
    """A session stands in open time, on the grid, for its full length or one to which it may be shortened.

    It lies wholly inside one open block of a kind that it may use, or, where the session says `within = "day"`, from
    inside one block to inside another of the same day. The solver is never offered another start.

    Example: a session of three hours that starts at 10:15 would run past 13:00.
    """

    kind: ClassVar[str] = "within-window"
    unit: ClassVar[str] = "session out of place"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True
    softens: ClassVar[bool] = False

    def post(self, board: Board) -> None:
        """Say nothing: the board offers no time outside the window."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for wrong lengths, and for starts and ends outside the open blocks."""
        window = timetable.problem.window
        for one in timetable.placed:
            session, span = one.session, one.span
            cut = session.length - span.minutes
            most = 0 if session.shortest is None else session.length - session.shortest
            if not 0 <= cut <= most or cut % window.step:
                text = f"{session.id!r} is booked for {span.minutes} minutes and not for {session.length}."
                yield Breach(self, (session.id,), 1, text)
            blocks = [block for block in window.open_blocks if block.kind in session.blocks]
            first = [b for b in blocks if b.span.start <= span.start < b.span.end]
            last = [b for b in blocks if b.span.start < span.end <= b.span.end]
            whole = [
                a for a in first if (a in last if session.within == "block" else any(a.day == b.day for b in last))
            ]
            if not any((span.start - block.span.start) % window.step == 0 for block in whole):
                where = f"on the {window.step}-minute grid" if whole else "in open time"
                yield Breach(self, (session.id,), 1, f"{session.id!r} on {timetable.when(one)} does not lie {where}.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A session lies in open time, on the grid, for a length that it may have."


@frozen
class FixedPlaces(Constraint):
    """A session whose own facts fix its start or room stands there.

    Example: the open consultation has `room = "XXVI"`.
    """

    kind: ClassVar[str] = "fixed-places"
    unit: ClassVar[str] = "session elsewhere"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Forbid every other start and room."""
        for session in board.problem.sessions:
            if session.start is not None:
                board.keep_start(self, session, board.problem.window.minute(session.start))
            if session.room is not None:
                board.keep_rooms(self, session, [session.room])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare the bookings with the fixed start and room."""
        window = timetable.problem.window
        for one in timetable.placed:
            session = one.session
            if session.start is not None and one.span.start != window.minute(session.start):
                fixed = window.wall(window.minute(session.start))
                text = f"{session.id!r} is fixed at {fixed:%a %d %b %H:%M}, not {timetable.when(one)}."
                yield Breach(self, (session.id,), 1, text)
            if session.room is not None and one.room.id != session.room:
                text = f"{session.id!r} is fixed in room {session.room!r}, not {one.room.id!r}."
                yield Breach(self, (session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A session with a fixed start or room has it."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return where a session is fixed."""
        session, window = problem.session(about), problem.window
        at = "" if session.start is None else f" on {window.wall(window.minute(session.start)):%a %d %b at %H:%M}"
        room = "" if session.room is None else f" in room {session.room!r}"
        return f"{named(problem, about)} is fixed{at}{room}."


@frozen
class Pin(Constraint):
    """The selected sessions stand at one start, in one room, or both.

    Args:
        sessions: which sessions.
        start: the start by the wall clock of the window, or `None`.
        room: id of the room, or `None`.

    Example: pin the consultation to 17 December, 10:00, in Room XXVI.
    """

    kind: ClassVar[str] = "pin"
    unit: ClassVar[str] = "session elsewhere"
    narrows: ClassVar[bool] = True

    sessions: Select = field(converter=to_select)
    start: datetime | None = field(default=None, converter=to_moment)
    room: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        if self.start is None and self.room is None:
            yield Fault("start", "neither a start nor a room is given", "give one of them, or both.")
        if self.start is not None:
            yield from check_moment("start", self.start)
        if self.room is not None:
            yield from check_id("room", self.room)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield an unknown room, or a start that the window does not offer."""
        if self.room is not None and self.room not in problem.rooms_by_id:
            message = f"there is no room {self.room!r}"
            yield Fault("rule.room", message, nearest(self.room, problem.rooms_by_id))
        if self.start is None:
            return
        try:
            minute = problem.window.minute(self.start)
        except InputError as error:
            yield from (fault.under("rule.start") for fault in error.faults)
            return
        for session in problem.select(self.sessions):
            possible = problem.starts(session)
            if minute not in possible:
                message = f"{session.id!r} cannot start at {problem.window.wall(minute):%Y-%m-%d %H:%M} in the window"
                yield Fault("rule.start", message, problem.window.nearest_start(minute, possible))

    def post(self, board: Board) -> None:
        """Forbid every other start and room."""
        for session in board.problem.select(self.sessions):
            if self.start is not None:
                board.keep_start(self, session, board.problem.window.minute(self.start))
            if self.room is not None:
                board.keep_rooms(self, session, [self.room])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare the bookings with the pin."""
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if self.start is not None and one.span.start != timetable.problem.window.minute(self.start):
                pinned = timetable.problem.window.wall(timetable.problem.window.minute(self.start))
                text = f"{one.session.id!r} is pinned to {pinned:%a %d %b %H:%M}, not {timetable.when(one)}."
                yield Breach(self, (one.session.id,), 1, text)
            if self.room is not None and one.room.id != self.room:
                text = f"{one.session.id!r} is pinned to room {self.room!r}, not {one.room.id!r}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        words = []
        if self.start is not None:
            words.append(f"starts at {self.start.isoformat(' ', 'minutes')}")
        if self.room is not None:
            words.append(f"stands in room {self.room!r}")
        return f"{opening(self.sessions)} {' and '.join(words)}."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return where a session is pinned."""
        window = problem.window
        at = "" if self.start is None else f" to {window.wall(window.minute(self.start)):%a %d %b at %H:%M}"
        room = "" if self.room is None else f" {'and ' * bool(at)}to room {self.room!r}"
        return f"{named(problem, about)} is pinned{at}{room}."
