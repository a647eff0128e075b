"""Requests that ask: why there is no schedule, why not there, where else, and why there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from attrs import field, frozen

from unsched.domain.fact import to_tuple
from unsched.domain.price import Price
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.embed import results
from unsched.embed.request import Desk, Request, check_workers
from unsched.errors import Fault

__all__ = ["Alternatives", "Explain", "Why", "WhyNot"]


@frozen(kw_only=True)
class Explain(Request):
    """Ask why a problem has no schedule, and what is the least that has to give way.

    Args:
        problem: the problem, as in a file.
        prices: what is negotiable, and at what price.
        ways: how many ways out to look for.
        seconds: wall seconds at most.
        seed: seed of the search.
        workers: threads for what takes longest.
    """

    kind: ClassVar[str] = "explain"
    result: ClassVar[type] = results.Explained

    problem: Problem
    prices: tuple[Price, ...] = field(default=(), converter=to_tuple)
    ways: int = 5
    seconds: float = 60.0
    seed: int = 0
    workers: int = 1

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with how to look."""
        yield from check_workers(self.workers)

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Explain it."""
        from unsched.solver.explain import explain

        found = explain(
            self.problem,
            prices=self.prices,
            ways=self.ways,
            seconds=self.seconds,
            seed=self.seed,
            workers=self.workers,
            stop=desk.cancel,
        )
        return found.to_dict()


@frozen(kw_only=True)
class _Question(Request):
    """A question about a session of a schedule.

    Args:
        problem: the problem, as in a file.
        schedule: the schedule, as in a file.
        session: id of the session.
    """

    problem: Problem
    schedule: Schedule
    session: str


@frozen(kw_only=True)
class WhyNot(_Question):
    """Ask whether a session can stand at another place, at what cost and for whom, or what forbids it.

    Args:
        start: the start asked for, by the wall clock of the window; left out, its own.
        room: id of the room asked for; left out, any.
        moving: whether other sessions may move.
        seconds: wall seconds at most, where others may move.
        seed: seed of the search.
    """

    kind: ClassVar[str] = "why_not"
    result: ClassVar[type] = results.WhyNot

    start: datetime | None = None
    room: str | None = None
    moving: bool = True
    seconds: float = 10.0
    seed: int = 0

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Say whether it can."""
        from unsched.solver.whynot import why_not

        found = why_not(
            self.problem,
            self.schedule,
            self.session,
            start=self.start,
            room=self.room,
            moving=self.moving,
            seconds=self.seconds,
            seed=self.seed,
            stop=desk.cancel,
        )
        schedule = None if found.answer is None else found.answer.schedule.to_dict()
        return {**found.to_dict(), "schedule": schedule}


@frozen(kw_only=True)
class Alternatives(_Question):
    """Ask for the best other places of a session, the cheapest first.

    Args:
        n: how many places.
        moving: how many other sessions may move to make room for it.
        seconds: wall seconds at most.
        seed: seed of the search.
    """

    kind: ClassVar[str] = "alternatives"
    result: ClassVar[type] = results.Alternatives

    n: int = 5
    moving: int = 0
    seconds: float = 10.0
    seed: int = 0

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Find them."""
        from unsched.solver.whynot import alternatives

        found = alternatives(
            self.problem,
            self.schedule,
            self.session,
            self.n,
            moving=self.moving,
            seconds=self.seconds,
            seed=self.seed,
            stop=desk.cancel,
        )
        return found.to_dict()


@frozen(kw_only=True)
class Why(_Question):
    """Ask what holds a session where it is."""

    kind: ClassVar[str] = "why"
    result: ClassVar[type] = results.Why

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Say what does."""
        from unsched.solver.whynot import why

        return why(self.problem, self.schedule, self.session).to_dict()
