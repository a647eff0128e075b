"""A schedule laid over its problem, in minutes: what rules check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from attrs import field, frozen

from unsched.domain.interval import Interval
from unsched.domain.part import Part
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.domain.session import Session
from unsched.domain.venue import Room
from unsched.errors import Fault, InputError, nearest

__all__ = ["Placed", "Timetable", "misfits"]


@frozen
class Placed:
    """A session where it stands: its room, and its half-open interval in minutes since the window's origin."""

    session: Session
    room: Room
    span: Interval

    def during(self, span: Interval) -> Placed:
        """Return the same for another interval, such as that of a part of the session."""
        return Placed(self.session, self.room, span)


@frozen
class Timetable:
    """The sessions of a schedule that are placed, looked up in its problem.

    Args:
        problem: the facts.
        schedule: the bookings.

    Raises:
        InputError: the schedule books a session or a room that the problem does not have.
    """

    problem: Problem
    schedule: Schedule
    _placed: dict[str, Placed] = field(init=False, repr=False, eq=False)

    @_placed.default
    def _look_up(self) -> dict[str, Placed]:
        placed, faults = {}, []
        rooms, sessions = self.problem.rooms_by_id, self.problem.sessions_by_id
        for index, booking in enumerate(self.schedule.bookings):
            path = f"bookings[{index}]"
            for noun, name, known in (("session", booking.session, sessions), ("room", booking.room, rooms)):
                if name not in known:
                    message = f"problem {self.problem.id!r} has no {noun} {name!r}"
                    faults.append(Fault(f"{path}.{noun}", message, nearest(name, known)))
            span = Interval(self.problem.window.minute(booking.start), self.problem.window.minute(booking.end))
            if booking.session in sessions and booking.room in rooms:
                placed[booking.session] = Placed(sessions[booking.session], rooms[booking.room], span)
        if faults:
            raise InputError(faults, f"the schedule of {self.schedule.problem!r}")
        return placed

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """All placed sessions in order of start."""
        return tuple(sorted(self._placed.values(), key=lambda one: (one.span, one.session.id)))

    def get(self, session: Session) -> Placed | None:
        """Return where a session stands, or `None` where it is not scheduled."""
        return self._placed.get(session.id)

    def of(self, sessions: Iterable[Session]) -> tuple[Placed, ...]:
        """Return those of `sessions` that are placed, in order of start."""
        found = (self._placed.get(session.id) for session in sessions)
        return tuple(sorted((one for one in found if one), key=lambda one: (one.span, one.session.id)))

    def parts(self, parts: Iterable[Part]) -> tuple[Placed, ...]:
        """Return parts of sessions where they stand, each with its own interval, in order of start.

        Those of sessions that are not scheduled are left out, and those that shortening has cut off.
        """
        found = []
        for part in parts:
            one = self._placed.get(part.session.id)
            if one is not None and part.start < one.span.minutes:
                found.append(one.during(part.within(one.span)))
        return tuple(sorted(found, key=lambda one: (one.span, one.session.id)))

    def left_out(self, placed: Iterable[Placed], most: int) -> tuple[Placed, ...]:
        """Return the least number of stays that must go, so that at most `most` run at once: those that end last.

        Args:
            placed: stays, such as those of `of` or `parts`.
            most: how many may run at once, 0 or more.
        """
        running: list[Placed] = []
        gone: list[Placed] = []
        for one in sorted(placed, key=lambda one: (one.span, one.session.id)):
            running = [other for other in running if other.span.end > one.span.start]
            running.append(one)
            if len(running) > most:
                last = max(running, key=lambda other: other.span.end)
                running.remove(last)
                gone.append(last)
        return tuple(gone)

    def overlapping_pairs(self, sessions: Iterable[Session] | None = None) -> Iterator[tuple[Placed, Placed]]:
        """Yield each pair of placed sessions that share a minute, the earlier start first."""
        placed = self.placed if sessions is None else self.of(sessions)
        running: list[Placed] = []
        for later in placed:
            running = [one for one in running if one.span.end > later.span.start]
            for earlier in running:
                yield earlier, later
            running.append(later)

    def crowds(self, sessions: Iterable[Session], more_than: int) -> Iterator[tuple[Placed, ...]]:
        """Yield each largest set of over `more_than` of the sessions that run at one and the same time."""
        crowd: list[Placed] = []
        grown = False
        for one in self.of(sessions):
            if any(other.span.end <= one.span.start for other in crowd):
                # The first to leave a crowd that has grown ends its growth.
                if grown and len(crowd) > more_than:
                    yield tuple(crowd)
                crowd = [other for other in crowd if other.span.end > one.span.start]
            crowd.append(one)
            grown = True
        if len(crowd) > more_than:
            yield tuple(crowd)

    def when(self, placed: Placed) -> str:
        """Return a placed session's start as people read it."""
        return f"{self.problem.window.wall(placed.span.start):%a %d %b %H:%M}"


def misfits(problem: Problem, schedule: Schedule) -> list[Fault]:
    """Return why a schedule is none of a problem's: it answers another, or books what the problem does not have."""
    faults = []
    if schedule.problem != problem.id:
        message = f"the schedule is of problem {schedule.problem!r}, not of {problem.id!r}"
        faults.append(Fault("problem", message, "the schedule or the problem that belongs to it."))
    try:
        Timetable(problem, schedule)
    except InputError as error:
        faults += error.faults
    return faults
