"""Letting a session stand where it is asked to, so that as few others as can be have to move, and proving it.

It is a repair: the session is pinned, and the schedule as it is counts as published. So what is let go of grows around
what is in its way, and where all that matters has been let go of, there are no fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from attrs import evolve, frozen

from unsched.domain.changes import Changes
from unsched.domain.interval import Interval
from unsched.rules.base import Breach, Constraint, Preference, Rule
from unsched.rules.placing import EverySessionPlaced
from unsched.rules.severity import Soften
from unsched.rules.stability import KeepTime
from unsched.solver.growing import Allowance, grow, held_places
from unsched.solver.restate import Case, Stated

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.probe import Places

__all__ = ["Moved", "move_fewest"]

_STANDS, _PLACES, _TIMES = 1, 2, 3


@frozen(eq=False)
class Moved:
    """Where all stand once a session stands where it is asked to.

    Args:
        places: where.
        fewest: whether it is proven that no fewer others have to move.
    """

    places: Places
    fewest: bool


class _KeepPlace(Preference):
    """The sessions stand when and where they have been published; each that does not counts once."""

    kind: ClassVar[str] = "keep-place"
    unit: ClassVar[str] = "session moved"

    def post(self, board: Board) -> None:
        """Price each session that is not in its place."""
        problem = board.problem
        for booking in () if problem.published is None else problem.published.bookings:
            minute = problem.window.minute
            kept = Interval(minute(booking.start), minute(booking.end))
            stands = board.stands(problem.session(booking.session), kept, booking.room)
            board.prefer(self, board.total([1 - stands]), whom=(booking.session,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each booking with the published one."""
        published = timetable.problem.published
        for booking in () if published is None else published.bookings:
            now = timetable.schedule.get(booking.session)
            if now is None or (now.start, now.end, now.room) != (booking.start, booking.end, booking.room):
                yield Breach(self, (booking.session,), 1, f"{booking.session!r} moves.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Everything stays where it is."


def move_fewest(problem: Problem, schedule: Schedule, session: str, allowance: Allowance) -> Moved | None:
    """Return where all stand with few others moved, or `None` where nothing was found.

    Args:
        problem: the facts and rules, with a rule for what is asked of the session.
        schedule: the schedule as it is, in which the session cannot stand there unless something moves.
        session: id of the session.
        allowance: what may be spent.
    """
    others = evolve(schedule, bookings=[one for one in schedule.bookings if one.session != session])
    if not others.bookings:
        return None
    needed = [name for name in _needed(problem) if name != session]
    kept: list[Rule] = [
        rule for rule in problem.rules if isinstance(rule, Constraint) and not isinstance(rule, EverySessionPlaced)
    ]
    standing = evolve(
        problem,
        sessions=[evolve(one, optional=False) if one.id == session else one for one in problem.sessions],
        published=others,
        rules=[
            *kept,
            *([EverySessionPlaced(needed)] if needed else []),
            Soften(EverySessionPlaced([session]), tier=_STANDS),
            KeepTime(tier=_TIMES),
        ],
        off=tuple(dict.fromkeys((*problem.off, *(rule.kind for rule in problem.all_rules if _is_wish(rule))))),
    )
    stated = evolve(standing, rules=[*standing.rules, _KeepPlace(tier=_PLACES)])
    case = Case(standing, others, Changes(()), (), None, (), None, ())
    asked = Stated(stated, {_STANDS: "", _PLACES: "", _TIMES: ""}, (), (_STANDS,), {})
    held = held_places(case)
    everything = frozenset(held)

    def can_move(costs: object, forced: Sequence[str], in_time: Sequence[str]) -> frozenset[str]:
        del forced, in_time
        # That none has to move is known to be impossible; so one is the least.
        return frozenset() if _few(costs) else everything

    grown = grow(case, asked, held, allowance, can_move)
    if grown is None or grown.costs[_STANDS]:
        return None
    return Moved(grown.places, _few(grown.costs) or (grown.best and everything <= grown.free))


def _few(costs: object) -> bool:
    return isinstance(costs, dict) and not costs[_STANDS] and costs[_PLACES] <= 1


def _is_wish(rule: Rule) -> bool:
    return isinstance(rule, Preference) and rule.standard


def _needed(problem: Problem) -> list[str]:
    """Return ids of the sessions that have to stand."""
    placing = (rule for rule in problem.all_rules if isinstance(rule, EverySessionPlaced))
    named = {one.id for rule in placing for one in problem.select(rule.sessions) if not one.optional}
    return [one.id for one in problem.sessions if one.id in named]
