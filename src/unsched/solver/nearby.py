"""Repairing: a little is let go of first, then it is proven how little can be, then the whole has the last word.

1. Neighbourhoods grow around what a change touches, until every session that has to stand has a place.
2. With that, most sessions cannot move in any answer that is as good; those that can are all that is left to decide.
3. The times alone bound what has to change.
4. What is left is solved with its wishes, from what has been found, which is never given up for anything worse.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from unsched.domain.problem import Problem
from unsched.domain.roster import roster
from unsched.domain.state import SearchState, TierBound, digest
from unsched.rules.notice import Frozen
from unsched.rules.severity import Demand
from unsched.solver.affordable import Affordable
from unsched.solver.audit import costs as costs_of
from unsched.solver.growing import Allowance, Grown, as_schedule, grow, held_places
from unsched.solver.restate import Case, Stated, restate
from unsched.solver.result import Result, Status, TierResult
from unsched.solver.solve import DEFAULT_STOP, solve
from unsched.solver.stop import TimeLimit
from unsched.solver.timebound import bounds_of_times

if TYPE_CHECKING:
    from unsched.domain.schedule import Schedule
    from unsched.rules.base import Rule
    from unsched.solver.probe import Places
    from unsched.solver.repair import Search
    from unsched.solver.stop import Stop

__all__ = ["Clock", "Found", "search"]

_LEAST_SECONDS = 0.5
_GROWING, _BOUNDING, _NEAR = 0.5, 0.4, 0.3
_WITHOUT_DROPS = 0.6
_SLOWER = 4.0
"""How much longer a large model may take for each of its decisions than a small one."""
_EASY = 12_000
"""How many places there may be to choose from, where the whole is solved without any bound of its times first."""


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
        return max(_LEAST_SECONDS, self.given.get("stop", DEFAULT_STOP).seconds - self.seconds)

    def has(self, seconds: float) -> bool:
        """Return whether so many wall seconds are left."""
        return self.seconds + seconds <= self.given.get("stop", DEFAULT_STOP).seconds

    def options(self, share: float = 1, *, spare: float = 0.0) -> Search:
        """Return how to search next, in a share of the seconds that are left, but for some that are spared."""
        stop = self.given.get("stop", DEFAULT_STOP)
        seconds = max(_LEAST_SECONDS, (self.seconds_left - spare) * share)
        return {**self.given, "stop": stop if stop.seconds == inf else stop | TimeLimit(seconds)}

    def allowance(self, share: float) -> Allowance:
        """Return what a share of what is left comes to, for searches that are not those of `solve`."""
        stop = self.given.get("stop", DEFAULT_STOP)
        return Allowance(
            self.seconds_left * share,
            stop.effort * share,
            self.given.get("seed", 0),
            self._workers(stop),
            lambda: stop.cancelled,
        )

    def _workers(self, stop: Stop) -> int:
        """Return how many threads `solve` would take."""
        workers = self.given.get("workers")
        if workers is not None:
            return workers
        if stop.effort < inf:
            return 1
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4


@frozen
class Found:
    """What a repair comes to.

    Args:
        result: the result.
        stated: the repair as a problem, whose tiers it has.
        impossible: whether it is proven that not all sessions that have to stand can.
    """

    result: Result
    stated: Stated
    impossible: bool = False


def search(case: Case, clock: Clock) -> Found:
    """Return what a repair comes to.

    Args:
        case: what is repaired.
        clock: how to search, and for how long.
    """
    held = held_places(case)
    can_drop = bool(case.droppable or case.invited)
    stated = restate(case, drop=can_drop)
    grown: Grown | None = None
    bounds: dict[int, int] = {}
    allowance = clock.allowance(_GROWING)
    if held:

        def can_move(costs: Mapping[int, int], forced: tuple[str, ...], in_time: tuple[str, ...]) -> frozenset[str]:
            return Affordable(case, stated, forced, in_time).can_move(held, costs, {})

        grown = grow(case, stated, held, allowance, can_move)
    if grown is None:
        return _from_scratch(case, clock)
    affordable = Affordable(case, stated, grown.forced, grown.in_time)
    movable = affordable.can_move(held, grown.costs, bounds)
    if grown.best and movable <= grown.free:
        bounds = dict(grown.costs)
    elif not allowance.interrupted and _places(stated, held, movable) > _EASY and clock.has(_to_build(grown, stated)):
        allowance = clock.allowance(_BOUNDING)
        fixed = {name: place for name, place in held.items() if name not in movable}
        bounds = bounds_of_times(stated, grown, fixed, allowance)
    movable = affordable.can_move(held, grown.costs, bounds)
    lost = any(grown.costs.get(tier) for tier in stated.drops)
    last = _Last(case, stated, grown, held, movable, bounds)
    if can_drop and not lost:
        last = last.without_drops()
    if allowance.interrupted:
        return Found(last.as_it_is(interrupted=True), last.stated)
    result = last.run(clock)
    return Found(result, last.stated, any(result.bound.get(tier, 0) for tier in last.stated.drops))


def _to_build(grown: Grown, stated: Stated, rooms: int = 1) -> float:
    """Return about how many wall seconds a model of all times would take to make, and to be read by the solver."""
    size = sum(len(stated.problem.spans(session)) for session in stated.problem.sessions) * rooms
    return _SLOWER * size * grown.build / grown.size


def _places(stated: Stated, held: Places, movable: frozenset[str]) -> int:
    """Return how many places there are to choose from."""
    problem = stated.problem
    free = (session for session in problem.sessions if session.id in movable or session.id not in held)
    return sum(len(problem.spans(session)) for session in free) * len(problem.rooms)


def _from_scratch(case: Case, clock: Clock) -> Found:
    """Search the whole, where nothing could be held: all together first, then with drops."""
    stated = restate(case)
    can_drop = bool(case.droppable or case.invited)
    options = clock.options(_WITHOUT_DROPS if can_drop else 1)
    result = solve(stated.problem, explain=False, **options)
    impossible = result.status is Status.INFEASIBLE and not result.interrupted
    if result.schedule is None and not result.interrupted and can_drop:
        stated = restate(case, drop=True)
        result = solve(stated.problem, explain=False, **clock.options())
    return Found(result, stated, impossible)


@frozen(eq=False)
class _Last:
    """The last search, of all that can still move in an answer as good as what has been found.

    Args:
        case: what is repaired.
        stated: the repair as a problem.
        grown: what has been found.
        held: the places of the sessions that can stay.
        movable: of these, the ones that can move.
        bounds: what each tier is proven to cost at least.
    """

    case: Case
    stated: Stated
    grown: Grown
    held: Places
    movable: frozenset[str]
    bounds: Mapping[int, int]

    def without_drops(self) -> _Last:
        """Return the same of a repair in which no session is dropped that has to stand."""
        stated = restate(self.case)
        kept = [tier for tier in self.stated.meanings if tier not in self.stated.drops]
        number = dict(zip(kept, stated.meanings, strict=True))
        costs = {number[tier]: cost for tier, cost in self.grown.costs.items() if tier in number}
        bounds = {number[tier]: bound for tier, bound in self.bounds.items() if tier in number}
        return evolve(self, stated=stated, grown=evolve(self.grown, costs=costs), bounds=bounds)

    def run(self, clock: Clock) -> Result:
        """Return the best repair that is found in the time."""
        schedule = as_schedule(self.stated, self.grown.places)
        changed = self._changed()
        many = _places(self.stated, self.held, self.movable)
        whole = self.movable <= changed
        few = _places(self.stated, self.held, changed)
        near: Result | None = None
        spare = 0.0
        if not clock.has(2 * self.grown.build):
            return self.as_it_is()
        if not whole and many > max(_EASY, 3 * few):
            near = self._solve(schedule, changed, clock.options(_NEAR), proven=False)
            schedule = near.schedule or schedule
            pace = near.build_seconds / max(1, near.models * few)
            # A model may have to be made again, once it has been found that rooms do not match.
            spare = many * pace
            if near.interrupted or not clock.has(2 * spare):
                return self._proven(near)
        found = self._solve(schedule, self.movable, clock.options(spare=spare), proven=True)
        return self._proven(found if near is None or found.schedule is not None else near)

    def _changed(self) -> frozenset[str]:
        """Return ids of the held sessions that have moved in what has been found."""
        return frozenset(name for name, place in self.held.items() if self.grown.places.get(name) != place)

    def _solve(self, schedule: Schedule, free: frozenset[str], options: Search, *, proven: bool) -> Result:
        """Solve what is left where only some of the held sessions can move; `proven`: no others have to be asked."""
        problem = self.stated.problem
        fixed = [session.id for session in problem.sessions if session.id in self.held and session.id not in free]
        end = problem.window.wall(problem.window.open_blocks[-1].span.end + 1)
        rules: list[Rule] = [Frozen(end, fixed)] if fixed else []
        rules += self._demands()
        smaller: Problem = evolve(problem, rules=[*problem.rules, *rules])
        first = next(iter(self.stated.meanings))
        bound = self.bounds.get(first, 0)
        state = SearchState(digest(smaller), schedule, [TierBound(first, bound)] if bound else [])
        found = solve(smaller, resume=state, explain=False, **options)
        if proven or found.schedule is None:
            return found
        tiers = tuple(evolve(tier, bound=0, proven=False) for tier in found.tiers)
        return evolve(found, status=Status.FEASIBLE, tiers=tiers)

    def _demands(self) -> list[Rule]:
        """Return that what is proven to be the least is not exceeded, as rules."""
        found: list[Rule] = []
        for tier, bound in self.bounds.items():
            rules = self.stated.rules_of(tier)
            if tier in self.stated.wishes or bound != self.grown.costs.get(tier):
                break
            if len(rules) == 1 and tier in self.stated.layers:
                found.append(Demand(rules[0], bound // rules[0].weight))
        return found

    def _proven(self, result: Result) -> Result:
        """Put in what is proven of each tier by other means than its own search."""
        if result.schedule is None:
            return result
        tiers: list[TierResult] = []
        whole = True
        for tier in result.tiers:
            bound = max(tier.bound, self.bounds.get(tier.tier, 0) if whole else 0)
            tiers.append(TierResult(tier.tier, tier.cost, bound, proven=whole and bound == tier.cost))
            whole = tiers[-1].proven
        return evolve(result, tiers=tuple(tiers), status=Status.OPTIMAL if whole else Status.FEASIBLE)

    def as_it_is(self, *, interrupted: bool = False) -> Result:
        """Return what has been found as a result."""
        problem = self.stated.problem
        schedule = as_schedule(self.stated, self.grown.places)
        tiers = tuple(TierResult(tier, cost, 0, proven=False) for tier, cost in costs_of(problem, schedule).items())
        found = Result(
            Status.FEASIBLE,
            schedule,
            tiers,
            (),
            seconds=0.0,
            interrupted=interrupted,
            roster=roster(problem, schedule) if problem.teams else None,
        )
        return self._proven(found)
