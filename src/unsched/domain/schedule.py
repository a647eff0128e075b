"""The answer: which session stands where and when."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from attrs import field, fields, frozen

from unsched.domain.assumption import Assumption
from unsched.domain.fact import Fact, check_count, check_each, check_id, check_text, to_tuple
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.time import check_zone
from unsched.errors import Fault, UnknownIdError

if TYPE_CHECKING:
    import pandas as pd

    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.rules.base import Breach

__all__ = ["Booking", "Change", "Schedule"]


@frozen
class Booking(Fact):
    """A session's room and time, the half-open interval from `start` to `end`.

    Args:
        session: id of the session.
        room: id of the room.
        start: first instant, with the offset from UTC.
        end: first instant after it, with the offset from UTC.
        title: the session's title, so that a schedule can be read by itself.
    """

    session: str
    room: str
    # Equal if the instant is: in one zone, Python calls both 02:30 of a night in October equal.
    start: datetime = field(converter=to_moment, eq=datetime.timestamp)
    end: datetime = field(converter=to_moment, eq=datetime.timestamp)
    title: str = ""

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this booking by itself."""
        yield from check_id("session", self.session)
        yield from check_id("room", self.room)
        yield from check_text("title", self.title)
        bad = (*check_moment("start", self.start, offset=True), *check_moment("end", self.end, offset=True))
        yield from bad
        if not bad and self.end.timestamp() <= self.start.timestamp():
            yield Fault("end", f"{self.end} is not after the start", "an end after the start.")


@frozen
class Change:
    """How one session differs between two schedules; a side is `None` where the session is not scheduled.

    Args:
        session: id of the session.
        before: its booking in the first schedule.
        after: its booking in the second schedule.
        access: to whom it was open and is now, where that is known and differs.
    """

    session: str
    before: Booking | None
    after: Booking | None
    access: tuple[str, str] | None = None

    @property
    def what(self) -> str:
        """What changed: "added", "dropped", or which of "time", "room" and "access", as in "time and room".

        >>> from unsched import Booking
        >>> one = Booking("a", "I", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00")
        >>> Change("a", one, None).what
        'dropped'
        """
        if self.before is None:
            return "added"
        if self.after is None:
            return "dropped"
        words = []
        if _instants(self.before) != _instants(self.after):
            words.append("time")
        if self.before.room != self.after.room:
            words.append("room")
        if self.access is not None:
            words.append("access")
        return " and ".join(words)

    def __str__(self) -> str:
        sides = [f"{b.start:%Y-%m-%d %H:%M} {b.room}" if b else "-" for b in (self.before, self.after)]
        access = "" if self.access is None else f" ({self.access[0]} -> {self.access[1]})"
        return f"{self.session}: {self.what}, {sides[0]} -> {sides[1]}{access}"


def _instants(booking: Booking) -> tuple[float, float]:
    return booking.start.timestamp(), booking.end.timestamp()


@frozen
class Schedule(Fact):
    """Bookings, in order of start, then room, then session.

    Args:
        problem: id of the problem that it answers.
        zone: IANA name of the time zone in which people read it.
        bookings: at most one for each session.
        revision: how many times it has been published before; the SEQUENCE of its calendars.
        stamp: when this revision was made, in UTC; the DTSTAMP of its calendars. It is never read off a clock here.
        assumptions: what it rests on that is not known.
    """

    problem: str
    zone: str
    bookings: tuple[Booking, ...] = field(default=(), converter=to_tuple)
    revision: int = 0
    stamp: datetime | None = field(default=None, converter=to_moment)
    assumptions: tuple[Assumption, ...] = field(default=(), converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this schedule by itself."""
        yield from check_id("problem", self.problem)
        yield from check_zone("zone", self.zone)
        yield from check_each("bookings", self.bookings, Booking)
        yield from check_count("revision", self.revision)
        if self.stamp is not None:
            yield from check_moment("stamp", self.stamp, offset=True, whole=False)
        yield from check_each("assumptions", self.assumptions, Assumption)
        seen: set[str] = set()
        for index, booking in enumerate(self.bookings if isinstance(self.bookings, tuple) else ()):
            if isinstance(booking, Booking):
                if booking.session in seen:
                    message = f"session {booking.session!r} is booked twice"
                    yield Fault(f"bookings[{index}].session", message, "leave one booking out.")
                seen.add(booking.session)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        tz = ZoneInfo(self.zone)
        local = [
            Booking(b.session, b.room, b.start.astimezone(tz), b.end.astimezone(tz), b.title) for b in self.bookings
        ]
        local.sort(key=lambda booking: (booking.start.timestamp(), booking.room, booking.session))
        object.__setattr__(self, "bookings", tuple(local))

    def __len__(self) -> int:
        return len(self.bookings)

    def __iter__(self) -> Iterator[Booking]:
        return iter(self.bookings)

    @cached_property
    def _by_session(self) -> dict[str, Booking]:
        return {booking.session: booking for booking in self.bookings}

    def __contains__(self, session: object) -> bool:
        return session in self._by_session

    def __getitem__(self, session: str) -> Booking:
        """Return the booking of a session.

        Raises:
            UnknownIdError: the session is not scheduled.
        """
        try:
            return self._by_session[session]
        except (KeyError, TypeError):
            raise UnknownIdError("booking of session", session, self._by_session) from None

    def get(self, session: str) -> Booking | None:
        """Return the booking of a session, or `None` where it is not scheduled."""
        return self._by_session.get(session)

    def rebooked(self, booking: Booking) -> Schedule:
        """Return the same schedule with one session at another place, or placed at all, and nothing else changed.

        Many places can be tried that way: the other bookings are not looked at again.

        >>> times = "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00"
        >>> schedule = Schedule("p", "UTC", [Booking("a", "I", *times)])
        >>> [one.room for one in schedule.rebooked(Booking("a", "II", *times))]
        ['II']
        """
        tz = ZoneInfo(self.zone)
        here = Booking(
            booking.session, booking.room, booking.start.astimezone(tz), booking.end.astimezone(tz), booking.title
        )
        others = [one for one in self.bookings if one.session != booking.session]
        insort(others, here, key=lambda one: (one.start.timestamp(), one.room, one.session))
        found = object.__new__(type(self))
        for attribute in fields(type(self)):
            object.__setattr__(found, attribute.name, getattr(self, attribute.name))
        object.__setattr__(found, "bookings", tuple(others))
        return found

    def diff(self, other: Schedule) -> tuple[Change, ...]:
        """Return what changes from this schedule to another, in the other's order, dropped sessions last.

        `unsched.diff` says as well who has to be told.
        """
        changes = [Change(after.session, self.get(after.session), after) for after in other.bookings]
        changes += [Change(b.session, b, None) for b in self.bookings if b.session not in other]
        return tuple(change for change in changes if change.what)

    def standby(self, problem: Problem) -> tuple[Session, ...]:
        """Return the optional sessions that are not scheduled, by priority, then in the order of the problem.

        Alternatives of which a rule says which one stands wait for nothing, and are left out.
        """
        waiting = (session for session in problem.sessions if session.optional and session.id not in self)
        apart = problem.alternatives
        return tuple(sorted((one for one in waiting if one.id not in apart), key=lambda one: one.priority))

    def breaches(self, problem: Problem) -> tuple[Breach, ...]:
        """Return every breach of the problem's rules, in the order of the rules; the solver has no part in it.

        Broken constraints are those with `hard`; the others are prices paid.

        Raises:
            InputError: the schedule books a session or a room that the problem does not have.
        """
        from unsched.domain.timetable import Timetable

        timetable = Timetable(problem, self)
        return tuple(breach for rule in problem.all_rules for breach in rule.check(timetable))

    def to_frame(self) -> pd.DataFrame:
        """Return the bookings as a pandas DataFrame: session, title, room, start, end, minutes."""
        from unsched.report.tables import bookings_frame

        return bookings_frame(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the schedule as plain data, as in a schedule file."""
        from unsched.exchange.convert import dump

        return dump(self)

    def __str__(self) -> str:
        from unsched.report.text import timetable

        return timetable(self)

    def _repr_html_(self) -> str:
        from unsched.report.html import table

        return table(self)
