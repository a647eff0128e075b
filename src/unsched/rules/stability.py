"""Stability: what has been published stays, where it can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from attrs import evolve, field, frozen

from unsched.domain.fact import Fact, check_choice, check_count, check_each, to_tuple
from unsched.domain.moment import check_date, to_date
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Preference

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["KeepDay", "KeepRoom", "KeepStart", "KeepTime", "Near"]

MAX_TIMES = 1_000


@frozen
class Near(Fact):
    """How much more a change counts at short notice.

    Args:
        days: it applies to what has been published for a date no later than so many days after today.
        times: how many times as much the change counts.
    """

    days: int
    times: int

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this by itself."""
        yield from check_count("days", self.days, unit="days")
        yield from check_count("times", self.times, least=1)
        if isinstance(self.times, int) and self.times > MAX_TIMES:
            yield Fault("times", f"{self.times} is more than {MAX_TIMES}", "an earlier tier, where that comes first.")

    def __str__(self) -> str:
        return f"{self.times} times as much up to {self.days} day{'' if self.days == 1 else 's'} after"


@frozen
class _Keep(Preference):
    """What of a published schedule stays as it is.

    Args:
        sessions: which sessions.
        count: "sessions", or "people": a change counts once for each delegation and person, required or invited, that
            has to be told of it, and at least once.
        today: the date from which notice is counted; with `near` only, and needed there.
        near: how many times as much a change counts at short notice; of several that apply, the greatest.
    """

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)
    count: str = field(default="sessions", kw_only=False)
    today: date | None = field(default=None, converter=to_date, kw_only=False)
    near: tuple[Near, ...] = field(default=(), converter=to_tuple, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("count", self.count, ("sessions", "people"))
        if self.today is not None:
            yield from check_date("today", self.today)
        yield from check_each("near", self.near, Near)
        if self.near and self.today is None:
            yield Fault("today", "what is near cannot be said without a date", "a date such as '2010-12-06'.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nothing has been published."""
        if not any(self._published(problem)):
            yield Fault("rule.sessions", "none of them has been published", "leave the rule out, or give `published`.")

    def _published(self, problem: Problem) -> Iterator[tuple[Session, Booking]]:
        if problem.published is not None:
            for session in problem.select(self.sessions):
                booking = problem.published.get(session.id)
                if booking is not None:
                    yield session, booking

    def _units(self, problem: Problem, session: Session, booking: Booking) -> int:
        """Return what a change counts, for `post`; `_breach` has its own count."""
        told = (
            len(problem.required_delegations(session))
            + len(problem.invited_delegations(session))
            + len(problem.required_persons(session))
            + len(problem.invited_persons(session))
        )
        units = max(told, 1) if self.count == "people" else 1
        day = problem.window.day_of(problem.window.minute(booking.start))
        return units * max(
            (near.times for near in self.near if self.today is not None and (day - self.today).days <= near.days),
            default=1,
        )

    def _breach(self, timetable: Timetable, session: Session, booking: Booking, change: str) -> Breach:
        """Return the breach of a change, for `check`."""
        amount, notes = 1, [change]
        if self.count == "people":
            audiences = timetable.problem.audiences(session)
            told = {one.id for audience in audiences for one in (*audience.required, *audience.invited)}
            told |= {one.id for audience in audiences for one in audience.required_persons}
            told |= {one.id for audience in audiences for one in audience.invited_persons}
            amount = len(told) or 1
            notes.append(f"{amount} to tell")
        if self.today is not None:
            notice = (booking.start.astimezone(timetable.problem.window.tz).date() - self.today).days
            times = 1
            for near in self.near:
                times = max(times, near.times) if notice <= near.days else times
            if times > 1:
                amount *= times
                notes.append(f"{times} times as much so near")
        return Breach(self, (session.id,), amount, f"{', '.join(notes)}.")

    def _words(self) -> str:
        notes = [str(self.sessions)]
        if self.count == "people":
            notes.append("counted by those to tell")
        notes += [f"{near} {self.today}" for near in self.near]
        return ", ".join(notes)


@frozen
class KeepStart(_Keep):
    """The selected sessions start when they have been published to start.

    The amount is the number of published sessions that start at another time, or of those who have to be told so. A
    session that is shortened and starts as published has not moved. With `per = "minute"`, a move counts for each
    minute between the two starts.

    Args:
        sessions: which sessions.
        per: "move" or "minute".

    Example: after a room is lost, as few people as possible have to change their diary.
    """

    kind: ClassVar[str] = "keep-start"
    unit: ClassVar[str] = "session moved"

    per: str = field(default="move", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("per", self.per, ("move", "minute"))

    def post(self, board: Board) -> None:
        """Price every other start."""
        for session, booking in self._published(board.problem):
            kept = board.problem.window.minute(booking.start)
            units = self._units(board.problem, session, booking)
            prices = {
                span: units * (abs(span.start - kept) if self.per == "minute" else 1)
                for span in board.spans(session)
                if span.start != kept
            }
            others = [board.at(session, span) for span in prices]
            board.prefer(self, board.total(others, list(prices.values())), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each start with the published one."""
        for session, booking in self._published(timetable.problem):
            now = timetable.schedule.get(session.id)
            if now is not None and now.start.timestamp() != booking.start.timestamp():
                window = timetable.problem.window
                before, after = (window.wall(window.minute(moment)) for moment in (booking.start, now.start))
                change = f"{session.id!r} moves from {before:%a %d %b %H:%M} to {after:%a %d %b %H:%M}"
                breach = self._breach(timetable, session, booking, change)
                seconds = abs(now.start.timestamp() - booking.start.timestamp())
                yield evolve(breach, amount=breach.amount * round(seconds / 60)) if self.per == "minute" else breach

    def say(self) -> str:
        """Return the rule as a sentence."""
        counted = ", minute by minute" if self.per == "minute" else ""
        return f"Starts as published: {self._words()}{counted}."


@frozen
class KeepTime(_Keep):
    """The selected sessions start, and end, when they have been published to.

    The amount is the number of published sessions that take another time, be it later, earlier or shorter, or of those
    who have to be told so. Where a session can no longer have the length that has been published, only its start
    counts.

    Args:
        sessions: which sessions.

    Example: a session that is cut short to make room for another has changed as much as one that is moved.
    """

    kind: ClassVar[str] = "keep-time"
    unit: ClassVar[str] = "session at another time"

    def post(self, board: Board) -> None:
        """Price every other time."""
        window = board.problem.window
        for session, booking in self._published(board.problem):
            start, end = window.minute(booking.start), window.minute(booking.end)
            as_long = end - start in session.lengths(window.step)
            others = [
                board.at(session, span)
                for span in board.spans(session)
                if span.start != start or (as_long and span.end != end)
            ]
            units = self._units(board.problem, session, booking)
            board.prefer(self, board.total(others, [units] * len(others)), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare the instants of each booking with the published ones."""
        window = timetable.problem.window
        for session, booking in self._published(timetable.problem):
            now = timetable.schedule.get(session.id)
            if now is None:
                continue
            before, after = (window.wall(window.minute(one.start)) for one in (booking, now))
            minutes, then = (round((one.end.timestamp() - one.start.timestamp()) / 60) for one in (now, booking))
            least = session.length if session.shortest is None else session.shortest
            possible = least <= then <= session.length and (session.length - then) % window.step == 0
            if before.timestamp() != after.timestamp():
                change = f"{session.id!r} moves from {before:%a %d %b %H:%M} to {after:%a %d %b %H:%M}"
                yield self._breach(timetable, session, booking, change)
            elif possible and minutes != then:
                change = f"{session.id!r} on {before:%a %d %b %H:%M} has {minutes} of its {then} minutes"
                yield self._breach(timetable, session, booking, change)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Times as published: {self._words()}."


@frozen
class KeepDay(_Keep):
    """The selected sessions start on the day for which they have been published.

    The amount is the number of published sessions that start on another local date, or of those who have to be told
    so.

    Args:
        sessions: which sessions.

    Example: another hour of the same day costs little; another day, and the ministers have to change their flights.
    """

    kind: ClassVar[str] = "keep-day"
    unit: ClassVar[str] = "session on another day"

    def post(self, board: Board) -> None:
        """Price every start on another date."""
        window = board.problem.window
        for session, booking in self._published(board.problem):
            kept = window.day_of(window.minute(booking.start))
            others = [board.at(session, span) for span in board.spans(session) if window.day_of(span.start) != kept]
            units = self._units(board.problem, session, booking)
            board.prefer(self, board.total(others, [units] * len(others)), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each date with the published one."""
        zone = timetable.problem.window.tz
        for session, booking in self._published(timetable.problem):
            now = timetable.schedule.get(session.id)
            if now is not None:
                before, after = booking.start.astimezone(zone), now.start.astimezone(zone)
                if before.date() != after.date():
                    change = f"{session.id!r} moves from {before:%a %d %b} to {after:%a %d %b}"
                    yield self._breach(timetable, session, booking, change)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Days as published: {self._words()}."


@frozen
class KeepRoom(_Keep):
    """The selected sessions stand in the rooms that have been published.

    The amount is the number of published sessions that stand in another room, or of those who have to be told so.

    Args:
        sessions: which sessions.

    Example: a new speaker changes the hour, and the room stays what the signs at the door say.
    """

    kind: ClassVar[str] = "keep-room"
    unit: ClassVar[str] = "session in another room"

    def post(self, board: Board) -> None:
        """Price every other room."""
        for session, booking in self._published(board.problem):
            others = [board.uses(session, room) for room in board.rooms(session) if room != booking.room]
            units = self._units(board.problem, session, booking)
            board.prefer(self, board.total(others, [units] * len(others)), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each room with the published one."""
        for session, booking in self._published(timetable.problem):
            now = timetable.schedule.get(session.id)
            if now is not None and now.room != booking.room:
                change = f"{session.id!r} moves from {booking.room!r} to {now.room!r}"
                yield self._breach(timetable, session, booking, change)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Rooms as published: {self._words()}."
