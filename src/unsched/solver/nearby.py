"""Looking near what is published first: everything that nothing forces to move is held, and the rest finds a place.

That is a small problem, however large the whole. Where it changes nothing that was published, it is the answer: no
schedule changes less, and all that change as little are among those that it has looked at. Where there is no such
place, the times alone are asked which sessions have to give way, and those and what runs beside them are set free.
What is found so is where the search of the whole begins, which proves it or finds better.
"""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.state import SearchState, TierBound, digest
from unsched.rules.base import Preference, Rule
from unsched.rules.notice import Frozen
from unsched.rules.severity import Demand
from unsched.rules.stability import KeepTime
from unsched.solver.restate import Case, Stated
from unsched.solver.result import Result, Status
from unsched.solver.solve import DEFAULT_STOP, solve
from unsched.solver.stop import TimeLimit

if TYPE_CHECKING:
    from unsched.solver.repair import Search

__all__ = ["Clock", "search"]

_LEAST_SECONDS = 2.0
_SHARE = 0.4


@frozen
class Clock:
    """How several searches share one limit of time.

    Args:
        given: how to search, as it was asked for.
    """

    given: Search
    begun: float = field(init=False, factory=monotonic)

    @property
    def seconds(self) -> float:
        """Wall seconds since the first search began."""
        return monotonic() - self.begun

    @property
    def seconds_left(self) -> float:
        """Wall seconds that are left, a little at least."""
        limit = self.given.get("stop", DEFAULT_STOP).seconds
        return max(_LEAST_SECONDS, limit - self.seconds)

    def options(self, share: float = 1) -> Search:
        """Return how to search next, in a share of the seconds that are left."""
        stop = self.given.get("stop", DEFAULT_STOP)
        return {**self.given, "stop": stop if stop.seconds == inf else stop | TimeLimit(self.seconds_left * share)}


def search(case: Case, stated: Stated, clock: Clock, *, share: float = 1, impossible: bool = False) -> Result:
    """Return what a repair comes to.

    Args:
        case: what is repaired.
        stated: the repair as a problem.
        clock: how to search, and for how long.
        share: which share of the seconds that are left it may use.
        impossible: whether it is proven that not all sessions that have to stand can.
    """
    problem = stated.problem
    held = _held(case, problem)
    near: Result | None = None
    if held:
        near = _hold(problem, held, clock.options(share))
        if near.interrupted or (near.status is Status.OPTIMAL and _unchanged(case, near, stated)):
            return near
        if near.schedule is None:
            times = solve(_times_alone(stated), explain=False, **clock.options(share * _SHARE))
            if times.interrupted or times.status is Status.INFEASIBLE:
                return times
            if times.schedule is not None:
                stays, far = _staying(case, held, times.schedule)
                near = _hold(problem, far, clock.options(share * _SHARE), in_time=stays)
    state = None
    if near is not None and near.schedule is not None:
        # Where one must go, and all are of one priority, there is no need to find that out again.
        least = [TierBound(1, 1)] if impossible and stated.drops == (1,) else ()
        state = SearchState(digest(problem), near.schedule, least)
    return solve(problem, resume=state, explain=False, **clock.options(share))


def _hold(problem: Problem, held: tuple[str, ...], options: Search, in_time: tuple[str, ...] = ()) -> Result:
    """Return what comes of it where some published sessions stay as they are, and others at their times."""
    window = problem.window
    end = window.wall(window.open_blocks[-1].span.end + 1)
    rules: list[Rule] = [Frozen(end, held)] if held else []
    rules += [Demand(KeepTime(in_time))] if in_time else []
    return solve(evolve(problem, rules=[*problem.rules, *rules]), explain=False, **options)


def _times_alone(stated: Stated) -> Problem:
    """Return a repair of which only what is dropped and what takes another time counts: rooms need not be decided."""
    problem = stated.problem
    wishes = [rule for rule in problem.all_rules if isinstance(rule, Preference)]
    counted = [rule for rule in wishes if rule.tier in stated.drops]
    last = max(stated.drops, default=0)
    kept = [rule for rule in problem.rules if not isinstance(rule, Preference)]
    off = dict.fromkeys((*problem.off, *(rule.kind for rule in wishes if rule.standard)))
    return evolve(problem, rules=[*kept, *counted, KeepTime(tier=last + 1)], off=tuple(off))


def _staying(case: Case, held: tuple[str, ...], schedule: Schedule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return those of some sessions that keep their time in a schedule, and of them those beside none that does not."""
    when = {one.session: _when(one) for one in case.published.bookings}
    stays = [name for name in held if name in schedule and _when(schedule[name]) == when[name]]
    there = dict.fromkeys(stays)
    others = [_when(one) for one in schedule.bookings if one.session not in there]
    far = [name for name in stays if not any(start < when[name][1] and when[name][0] < end for start, end in others)]
    return tuple(stays), tuple(far)


def _when(booking: Booking) -> tuple[float, float]:
    return booking.start.timestamp(), booking.end.timestamp()


def _held(case: Case, problem: Problem) -> tuple[str, ...]:
    """Return the published sessions that no constraint forbids to stay, as things stand."""
    sessions, rooms = problem.sessions_by_id, problem.rooms_by_id
    there = [one for one in case.published.bookings if one.session in sessions and one.room in rooms]
    as_it_was = Schedule(problem.id, problem.window.zone, there)
    broken = {name for breach in as_it_was.breaches(problem) if breach.hard for name in breach.sessions}
    return tuple(one.session for one in there if one.session not in broken)


def _unchanged(case: Case, near: Result, stated: Stated) -> bool:
    """Whether every published session is proven to stay just where it is: where both times and rooms are counted."""
    counted = {name for layer in case.least for name, _ in layer}
    return {"sessions", "rooms"} <= counted and not any(one.cost for one in near.tiers if one.tier not in stated.wishes)
