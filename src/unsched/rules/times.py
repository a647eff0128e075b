"""Times: inside and outside periods, and all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_each, to_tuple
from unsched.domain.interval import touching
from unsched.domain.select import EVERY, Select, to_select
from unsched.domain.time import Period
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal

__all__ = ["AllAtOnce", "AvoidTime", "Outside", "WholeBlock", "Within"]


def _check_periods(periods: object) -> Iterator[Fault]:
    yield from check_each("periods", periods, Period)
    if periods == ():
        yield Fault("periods", "no period is given", "at least one period.")


@frozen
class Within(Constraint):
    """The selected sessions lie wholly inside one of the periods.

    One unit of cost is a session that does not. It says of many sessions what `available` says of one.

    Args:
        sessions: which sessions.
        periods: the periods; those that touch or overlap count as one.

    Example: side events are held at lunch time, from 13:00 to 15:00, every day.
    """

    kind: ClassVar[str] = "within"
    unit: ClassVar[str] = "session"
    narrows: ClassVar[bool] = True

    sessions: Select = field(converter=to_select)
    periods: tuple[Period, ...] = field(converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from _check_periods(self.periods)

    def post(self, board: Board) -> None:
        """Forbid every time that no period holds."""
        open_ = board.problem.window.intervals(self.periods)
        for session in board.problem.select(self.sessions):
            board.keep_within(self, session, open_)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the minutes of each session that lie inside."""
        open_ = timetable.problem.window.intervals(self.periods)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if sum(period.shared(one.span) for period in touching(open_, one.span)) < one.span.minutes:
                text = f"{one.session.id!r} on {timetable.when(one)} is not inside {'; '.join(map(str, self.periods))}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Only inside {'; '.join(map(str, self.periods))}: {self.sessions}."


@frozen
class Outside(Constraint):
    """The selected sessions do not touch any of the periods.

    One unit of cost is a session that does.

    Args:
        sessions: which sessions.
        periods: the periods.

    Example: nothing is held on the afternoon of a religious observance, or during the reception of the host.
    """

    kind: ClassVar[str] = "outside"
    unit: ClassVar[str] = "session"
    narrows: ClassVar[bool] = True

    sessions: Select = field(converter=to_select)
    periods: tuple[Period, ...] = field(converter=to_tuple)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from _check_periods(self.periods)

    def post(self, board: Board) -> None:
        """Forbid every time that overlaps a period."""
        shut = board.problem.window.intervals(self.periods)
        for session in board.problem.select(self.sessions):
            board.forbid(self, session, spans=[span for span in board.spans(session) if touching(shut, span)])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count the minutes of each session that lie in the periods."""
        shut = timetable.problem.window.intervals(self.periods)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if sum(period.shared(one.span) for period in shut):
                text = f"{one.session.id!r} on {timetable.when(one)} touches {'; '.join(map(str, self.periods))}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Only outside {'; '.join(map(str, self.periods))}: {self.sessions}."


@frozen
class WholeBlock(Constraint):
    """The selected sessions take a whole open block each: they start when it starts, and end when it ends.

    So a window whose blocks are slots of several lengths is filled slot by slot. A session is as long as its slot: let
    its length be that of the longest, and `shortest` that of the shortest. One unit of cost is a session that takes
    part of a block, or of several.

    Args:
        sessions: which sessions.

    Example: the slots of a day are of 120, 90 and 60 minutes, and a working group has the one it gets to itself.
    """

    kind: ClassVar[str] = "whole-block"
    unit: ClassVar[str] = "session"
    narrows: ClassVar[bool] = True

    sessions: Select = field(default=EVERY, converter=to_select)

    def post(self, board: Board) -> None:
        """Forbid every time that is not that of a block."""
        slots: dict[str, set[Interval]] = {}
        for block in board.problem.window.open_blocks:
            slots.setdefault(block.kind, set()).add(block.span)
        for session in board.problem.select(self.sessions):
            whole = set().union(*(slots.get(kind, ()) for kind in session.blocks))
            board.forbid(self, session, spans=[span for span in board.spans(session) if span not in whole])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare start and end with those of the blocks that a session may use."""
        blocks = timetable.problem.window.open_blocks
        for one in timetable.of(timetable.problem.select(self.sessions)):
            mine = [block.span for block in blocks if block.kind in one.session.blocks]
            if not any(one.span.start == span.start and one.span.end == span.end for span in mine):
                yield Breach(self, (one.session.id,), 1, f"{one.session.id!r} on {timetable.when(one)} fills no block.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"A whole open block each: {self.sessions}."


@frozen
class AvoidTime(Preference):
    """The selected sessions keep out of the periods, minute by minute.

    The amount is in minutes of those sessions that lie in the periods, each minute of a session once. Such time is
    never used silently: each session that uses some is named, with its minutes.

    Args:
        sessions: which sessions.
        periods: the periods.

    Example: the evening is open to sessions, and each of their minutes of overtime is paid for.
    """

    kind: ClassVar[str] = "avoid-time"
    unit: ClassVar[str] = "minute"

    sessions: Select = field(converter=to_select, kw_only=False)
    periods: tuple[Period, ...] = field(converter=to_tuple, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from _check_periods(self.periods)

    def post(self, board: Board) -> None:
        """Price each time by the minutes that it shares with the periods."""
        dear = board.problem.window.intervals(self.periods)
        minutes = cache(lambda span: sum(span.shared(period) for period in touching(dear, span)))
        for session in board.problem.select(self.sessions):
            amount = board.weigh(session, {span: minutes(span) for span in board.spans(session)})
            board.prefer(self, amount, whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Cut each session at the bounds of the periods, and add up what lies inside."""
        dear = timetable.problem.window.intervals(self.periods)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            inside = sum(max(0, min(p.end, one.span.end) - max(p.start, one.span.start)) for p in dear)
            if inside:
                names = "; ".join(map(str, self.periods))
                text = f"{one.session.id!r} on {timetable.when(one)} takes {inside} minutes of {names}."
                yield Breach(self, (one.session.id,), inside, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Better not in {'; '.join(map(str, self.periods))}: {self.sessions}."


@frozen
class AllAtOnce(Constraint):
    """Every two of the selected sessions that are scheduled share at least one minute.

    One unit of cost is a pair of scheduled sessions that share none. Where none does, there is a moment at which all
    of them run.

    Args:
        sessions: which sessions.

    Example: the regional groups meet at the same hour, so that nobody hears of another's position first.
    """

    kind: ClassVar[str] = "all-at-once"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)

    def post(self, board: Board) -> None:
        """Let no session start after another has ended; at a price, look at each pair."""
        sessions = board.problem.select(self.sessions)
        stays = [board.stays(session) for session in sessions]
        last = max((span.start for mine in stays for span, _ in mine), default=0)
        moments = sorted({span.end for mine in stays for span, _ in mine if span.end <= last})
        ended = [_come(board, [(span.end, literal) for span, literal in mine], moments) for mine in stays]
        backwards = [-moment for moment in reversed(moments)]
        ahead = [_come(board, [(-span.start, literal) for span, literal in mine], backwards)[::-1] for mine in stays]
        if board.at_a_price:
            for one, other in combinations(range(len(sessions)), 2):
                missed = [
                    over + left - 1
                    for first, then in ((one, other), (other, one))
                    for over, left in zip(ended[first], ahead[then], strict=True)
                    if over is not None and left is not None
                ]
                apart = board.greatest(missed, upper=1)
                pair = (sessions[one].id, sessions[other].id)
                board.require(self, board.jointly(amount=partial(board.total, [apart])), whom=pair)
            return
        for gone, left in zip(zip(*ended, strict=True), zip(*ahead, strict=True), strict=True):
            any_gone = board.greatest([one for one in gone if one is not None], upper=1)
            for one in left:
                if one is not None:
                    board.require(self, any_gone + one <= 1)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare the hours of each pair."""
        for one, other in combinations(timetable.of(timetable.problem.select(self.sessions)), 2):
            if not one.span.shared(other.span):
                names = (one.session.id, other.session.id)
                pair = f"{names[0]!r} on {timetable.when(one)} and {names[1]!r} on {timetable.when(other)}"
                yield Breach(self, names, 1, f"{pair} share no minute.", names)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"All at once: {self.sessions}."


def _come(board: Board, events: Iterable[tuple[int, Literal]], moments: Iterable[int]) -> list[Linear | None]:
    """Return for each moment, in order, a number that is at least 1 if an event has come by then; `None` for never.

    Each builds on the one before, so that all together are no longer than the events.
    """
    left = sorted(events, key=lambda event: event[0], reverse=True)
    found: list[Linear | None] = []
    so_far: list[Linear] = []
    for moment in moments:
        come: list[Linear] = []
        while left and left[-1][0] <= moment:
            come.append(left.pop()[1])
        if come:
            so_far = [board.greatest([board.total(so_far + come)], upper=1)]
        found.append(so_far[0] if so_far else None)
    return found
