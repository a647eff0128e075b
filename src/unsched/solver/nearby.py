"""Looking near what is published first: everything that nothing forces to move is held, and the rest finds a place.

That is a small problem, however large the whole. Where it changes nothing that was published, it is the answer: no
schedule changes less, and all that change as little are among those that it has looked at. Otherwise its schedule is
where the search of the whole begins.
"""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.domain.state import SearchState, digest
from unsched.rules.notice import Frozen
from unsched.solver.restate import Case, Stated
from unsched.solver.result import Result, Status
from unsched.solver.solve import DEFAULT_STOP, solve
from unsched.solver.stop import TimeLimit

if TYPE_CHECKING:
    from unsched.solver.repair import Search

__all__ = ["Clock", "search"]

_LEAST_SECONDS = 1.0


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

    def options(self) -> Search:
        """Return how to search next."""
        stop = self.given.get("stop", DEFAULT_STOP)
        return {**self.given, "stop": stop if stop.seconds == inf else stop | TimeLimit(self.seconds_left)}


def search(case: Case, stated: Stated, clock: Clock) -> Result:
    """Return what a repair comes to.

    Args:
        case: what is repaired.
        stated: the repair as a problem.
        clock: how to search, and for how long.
    """
    problem = stated.problem
    held = _held(case, problem)
    near: Result | None = None
    if held:
        window = problem.window
        end = window.wall(window.open_blocks[-1].span.end + 1)
        near = solve(evolve(problem, rules=[*problem.rules, Frozen(end, held)]), explain=False, **clock.options())
        if near.interrupted or (near.status is Status.OPTIMAL and _unchanged(case, near, stated)):
            return near
    state = None if near is None or near.schedule is None else SearchState(digest(problem), near.schedule)
    return solve(problem, resume=state, explain=False, **clock.options())


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
