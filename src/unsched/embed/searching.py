"""Requests that search: solve, repair, and what changes would cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import field, frozen

from unsched.domain.change import Amendment
from unsched.domain.fact import check_count, shown, to_tuple
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.domain.state import SearchState
from unsched.embed import results
from unsched.embed.request import Desk, Request, check_workers
from unsched.errors import Fault
from unsched.exchange.convert import dump
from unsched.rules.stability import Near
from unsched.solver.repair import LEAST, RISING

if TYPE_CHECKING:
    from unsched.solver.repair import Search
    from unsched.solver.stop import Cancel, Stop

__all__ = ["Repair", "Solve", "WhatIf"]

_MOST_PROGRESS: Final = 50


@frozen(kw_only=True)
class Searching(Request):
    """How to search.

    Args:
        seconds: wall seconds at most; 60, or no limit with `effort`.
        effort: work at most, about as many seconds of one worker, but repeatable.
        patience: stop when nothing better has been found for so many seconds.
        gap: stop when the cost is within this share of the least possible; from 0 to below 1.
        first: whether any schedule will do.
        seed: seed of the search.
        workers: threads that search; all processors, or 1 with `effort`.
        stamp: when the schedule is made, with its offset, for its calendars.
        progress: how many progress messages there may be in a second; 0 is none.
    """

    seconds: float | None = None
    effort: float | None = None
    patience: float | None = None
    gap: float | None = None
    first: bool = False
    seed: int = 0
    workers: int | None = None
    stamp: datetime | None = None
    progress: float = 4

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with how to search."""
        for name in ("seconds", "effort", "patience"):
            yield from _check_positive(name, getattr(self, name))
        if self.gap is not None and not 0 <= self.gap < 1:
            yield Fault("gap", f"{shown(self.gap)} is not a share from 0 to below 1", "0.02.")
        yield from check_count("seed", self.seed)
        yield from check_workers(self.workers)
        if not 0 <= self.progress <= _MOST_PROGRESS:
            yield Fault("progress", f"{shown(self.progress)} is not from 0 to {_MOST_PROGRESS}", "4.")

    def stop(self, cancel: Cancel) -> Stop:
        """Return when to stop."""
        from unsched.solver.solve import DEFAULT_STOP
        from unsched.solver.stop import Effort, FirstSchedule, Gap, NoImprovement, TimeLimit

        stops: list[Stop] = [cancel]
        stops += [] if self.seconds is None else [TimeLimit(self.seconds)]
        stops += [] if self.effort is None else [Effort(self.effort)]
        stops += [DEFAULT_STOP] if self.seconds is None and self.effort is None else []
        stops += [] if self.patience is None else [NoImprovement(self.patience)]
        stops += [] if self.gap is None else [Gap(self.gap)]
        stops += [FirstSchedule()] if self.first else []
        return reduce(or_, stops)

    def search(self, desk: Desk) -> Search:
        """Return how to search, as `solve` and `repair` are told it."""
        return {
            "stop": self.stop(desk.cancel),
            "seed": self.seed,
            "workers": self.workers,
            "stamp": self.stamp,
            "on_progress": (lambda now: desk.tell(now, self.progress)) if self.progress else None,
        }


@frozen(kw_only=True)
class Solve(Searching):
    """Find the best schedule of a problem, and prove how good it is.

    Args:
        problem: the problem, as in a file.
        resume: the state of an earlier search of the same problem, to go on from.
        state: whether to answer with the state of the search, to go on from it later.
        explain: whether to look for a conflict of rules where there is no schedule.
    """

    kind: ClassVar[str] = "solve"
    result: ClassVar[type] = results.Solved

    problem: Problem
    resume: SearchState | None = None
    state: bool = False
    explain: bool = True

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Solve it."""
        from unsched.solver.solve import solve

        found = solve(self.problem, **self.search(desk), resume=self.resume, explain=self.explain)
        schedule = found.schedule
        return {
            **found.to_dict(),
            "prices": [] if schedule is None else [one.to_dict() for one in schedule.breaches(self.problem)],
            "standby": [] if schedule is None else [one.id for one in schedule.standby(self.problem)],
            "state": dump(found.state) if self.state and found.state is not None else None,
        }


@frozen(kw_only=True)
class _Changing(Searching):
    """Changes of a schedule that people have.

    Args:
        problem: the problem as it was, as in a file.
        published: the schedule that people have, as in a file.
        changes: what is no longer as it was, each as in a file of changes.
        now: the time from which things can be changed, by the wall clock of the window or with an offset.
        freeze: minutes from `now` on in which nothing moves.
        near: how many times as much a change counts at short notice.
    """

    problem: Problem
    published: Schedule
    changes: tuple[Amendment, ...] = field(default=(), converter=to_tuple)
    now: datetime | None = None
    freeze: int = 0
    near: tuple[Near, ...] = field(default=RISING, converter=to_tuple)


@frozen(kw_only=True)
class Repair(_Changing):
    """Find the schedule nearest to a published one once some changes are made.

    Args:
        least: what is kept small, first things first; a table of prices puts several into one tier.
    """

    kind: ClassVar[str] = "repair"
    result: ClassVar[type] = results.Repaired

    least: tuple[str | dict[str, int], ...] = field(default=LEAST, converter=to_tuple)

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Repair it."""
        from unsched.solver.repair import repair

        found = repair(
            self.problem,
            self.published,
            self.changes,
            now=self.now,
            freeze=self.freeze,
            least=self.least,
            near=self.near,
            **self.search(desk),
        )
        return {**found.to_dict(), "problem": None if found.schedule is None else dump(found.problem)}


@frozen(kw_only=True)
class WhatIf(_Changing):
    """Ask what changes would cost, before they are made."""

    kind: ClassVar[str] = "what_if"
    result: ClassVar[type] = results.WhatIf

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Say what they would cost."""
        from unsched.solver.what_if import what_if

        found = what_if(
            self.problem,
            self.published,
            self.changes,
            now=self.now,
            freeze=self.freeze,
            near=self.near,
            **self.search(desk),
        )
        return found.to_dict()


def _check_positive(path: str, value: object) -> Iterator[Fault]:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9):
        yield Fault(path, f"{shown(value)} is not a positive number", "60.")
