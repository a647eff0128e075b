"""Notice: who has to be told of a change, and until when there can be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_each, to_tuple
from unsched.domain.interval import Interval
from unsched.domain.moment import check_date, check_moment, to_date, to_moment
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault, InputError
from unsched.rules.base import Breach, Constraint, Preference
from unsched.rules.stability import Near

if TYPE_CHECKING:
    from unsched.domain.people import Delegation, Person
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear

__all__ = ["FewTold", "Frozen"]


@frozen
class FewTold(Preference):
    """Few delegations and persons have to be told that something of theirs is no longer as published.

    The amount is the number of those who are required or invited at a published session that takes another time or
    another room, or is left out: each counts once, however many of its sessions change. At short notice each counts as
    often as the most urgent of its changes.

    Args:
        sessions: which sessions.
        today: the date from which notice is counted; with `near` only, and needed there.
        near: how many times as much somebody counts at short notice; of several that apply, the greatest.

    Example: two sessions of one drafting group are moved, rather than one session each of two groups.
    """

    kind: ClassVar[str] = "few-told"
    unit: ClassVar[str] = "party to tell"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)
    today: date | None = field(default=None, converter=to_date, kw_only=False)
    near: tuple[Near, ...] = field(default=(), converter=to_tuple, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        if self.today is not None:
            yield from check_date("today", self.today)
        yield from check_each("near", self.near, Near)
        if self.near and self.today is None:
            yield Fault("today", "what is near cannot be said without a date", "a date such as '2010-12-06'.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nothing has been published."""
        published = problem.published
        if published is None or not any(session.id in published for session in problem.select(self.sessions)):
            yield Fault("rule.sessions", "none of them has been published", "leave the rule out, or give `published`.")

    def post(self, board: Board) -> None:
        """Let each party count as often as the most urgent change among its sessions."""
        problem = board.problem
        sessions_of: dict[str, list[str]] = {}
        changed: dict[str, tuple[int, Linear]] = {}
        for session in problem.select(self.sessions):
            booking = None if problem.published is None else problem.published.get(session.id)
            if booking is None:
                continue
            audience: tuple[Delegation | Person, ...] = (
                *problem.required_delegations(session),
                *problem.invited_delegations(session),
                *problem.required_persons(session),
                *problem.invited_persons(session),
            )
            for party in audience:
                sessions_of.setdefault(party.id, []).append(session.id)
            if audience:
                changed[session.id] = (self._times(problem, booking), self._changed(board, session, booking))
        # Those who are at the same sessions are told of the same changes.
        alike: dict[tuple[str, ...], list[str]] = {}
        for party_id, names in sessions_of.items():
            alike.setdefault(tuple(names), []).append(party_id)
        for together, parties in alike.items():
            terms = [board.total([term], [times]) for times, term in (changed[name] for name in together)]
            told = board.greatest(terms, upper=max(changed[name][0] for name in together))
            for party_id in parties:
                board.prefer(self, board.total([told]), whom=(party_id,))

    def _changed(self, board: Board, session: Session, booking: Booking) -> Linear:
        window = board.problem.window
        kept = Interval(window.minute(booking.start), window.minute(booking.end))
        return 1 - board.stands(session, kept, booking.room)

    def _times(self, problem: Problem, booking: Booking) -> int:
        day = problem.window.day_of(problem.window.minute(booking.start))
        return max(
            (near.times for near in self.near if self.today is not None and (day - self.today).days <= near.days),
            default=1,
        )

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Go through what has changed, and note for each party how urgent it is."""
        problem = timetable.problem
        urgency: dict[str, int] = {}
        why: dict[str, list[str]] = {}
        for session in problem.select(self.sessions):
            then = None if problem.published is None else problem.published.get(session.id)
            now = timetable.schedule.get(session.id)
            if then is None or (now is not None and _place(now) == _place(then)):
                continue
            notice, times = 0, 1
            if self.today is not None:
                notice = (then.start.astimezone(problem.window.tz).date() - self.today).days
                times = max([1, *(near.times for near in self.near if notice <= near.days)])
            for audience in problem.audiences(session):
                parties: list[Delegation | Person] = [*audience.required, *audience.invited]
                for party in (*parties, *audience.required_persons, *audience.invited_persons):
                    urgency[party.id] = max(urgency.get(party.id, 0), times)
                    if session.id not in why.setdefault(party.id, []):
                        why[party.id].append(session.id)
        for name, times in urgency.items():
            near = f", {times} times as much so near" * (times > 1)
            text = f"{name!r} has to be told of {', '.join(map(repr, why[name]))}{near}."
            yield Breach(self, tuple(why[name]), times, text, (name,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        notes = [str(self.sessions), *(f"{near} {self.today}" for near in self.near)]
        return f"Few have to be told of a change: {', '.join(notes)}."


def _place(booking: Booking) -> tuple[float, float, str]:
    return booking.start.timestamp(), booking.end.timestamp(), booking.room


@frozen
class Frozen(Constraint):
    """Before a moment everything is as published, and nothing else starts there.

    A selected session that has been published to start before it keeps its start, its room and, where it can still
    have it, its length; any other starts then or later. The amount is 1 for a session at another time, and 1 for one
    in another room.

    Args:
        until: the moment, by the wall clock of the window or with an offset; what starts at it is free.
        sessions: which sessions.

    Example: today's programme hangs at every door, and what is changed now is changed from tomorrow on.
    """

    kind: ClassVar[str] = "frozen"
    unit: ClassVar[str] = "session moved"
    narrows: ClassVar[bool] = True

    until: datetime = field(converter=to_moment)
    sessions: Select = field(default=EVERY, converter=to_select)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_moment("until", self.until)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a moment that is none in the window's zone."""
        try:
            problem.window.minute(self.until)
        except InputError as error:
            yield from (fault.under("rule.until") for fault in error.faults)

    def post(self, board: Board) -> None:
        """Leave what is frozen only its place, and the others only what comes after."""
        window, published = board.problem.window, board.problem.published
        until = window.minute(self.until)
        for session in board.problem.select(self.sessions):
            booking = None if published is None else published.get(session.id)
            if booking is None or window.minute(booking.start) >= until:
                board.forbid(self, session, spans=[span for span in board.spans(session) if span.start < until])
                continue
            kept = Interval(window.minute(booking.start), window.minute(booking.end))
            as_long = kept.minutes in session.lengths(window.step)
            others = [
                span
                for span in board.spans(session)
                if span.start != kept.start or (as_long and span.minutes != kept.minutes)
            ]
            board.forbid(self, session, spans=others)
            board.keep_rooms(self, session, [booking.room])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each booking with the published one, where either starts before the moment."""
        problem = timetable.problem
        until = problem.window.wall(problem.window.minute(self.until)).timestamp()
        for one in timetable.of(problem.select(self.sessions)):
            name = one.session.id
            now, then = timetable.schedule[name], None if problem.published is None else problem.published.get(name)
            if then is None or then.start.timestamp() >= until:
                if now.start.timestamp() < until:
                    text = f"{name!r} starts on {timetable.when(one)}, where everything stays as published."
                    yield Breach(self, (name,), 1, text)
                continue
            minutes = round((then.end.timestamp() - then.start.timestamp()) / 60)
            least = one.session.length if one.session.shortest is None else one.session.shortest
            cut = (one.session.length - minutes) % problem.window.step
            kept_length = one.span.minutes == minutes or not least <= minutes <= one.session.length or cut
            if now.start.timestamp() != then.start.timestamp() or not kept_length:
                text = f"{name!r} is on {timetable.when(one)} for {one.span.minutes} minutes, not as published."
                yield Breach(self, (name,), 1, text)
            if now.room != then.room:
                yield Breach(self, (name,), 1, f"{name!r} is in room {now.room!r}, not in {then.room!r} as published.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Everything as published before {self.until.isoformat(' ', 'minutes')}: {self.sessions}."
