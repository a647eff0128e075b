"""Solving: tier by tier, times first and rooms after, each schedule checked before anyone sees it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from attrs import define, field
from ortools.sat.python import cp_model

from unsched.domain.schedule import Booking, Schedule
from unsched.domain.time import Interval
from unsched.errors import DisagreementError, Fault, InputError
from unsched.solver.board import Board
from unsched.solver.compile import compile_problem
from unsched.solver.conflict import find_conflict
from unsched.solver.engine import Run, run
from unsched.solver.matching import Stay, match_rooms
from unsched.solver.result import Result, Status, TierResult
from unsched.solver.stop import Progress, Stop, TimeLimit

if TYPE_CHECKING:
    from datetime import datetime

    from unsched.domain.problem import Problem

__all__ = ["DEFAULT_STOP", "Result", "Status", "TierResult", "costs", "solve"]

log = logging.getLogger(__name__)
DEFAULT_STOP = TimeLimit(60)


def solve(
    problem: Problem,
    *,
    stop: Stop = DEFAULT_STOP,
    seed: int = 0,
    workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stamp: datetime | None = None,
) -> Result:
    """Find the best schedule of a problem, and prove how good it is.

    Constraints all hold. Preferences are satisfied tier by tier: the cost of a tier is brought to its least, and
    held there while the next is improved. Ctrl-C ends the search and returns the best schedule so far.

    Args:
        problem: facts and rules.
        stop: when to stop; `TimeLimit(30) | Effort(10)` stops at whichever comes first. The default is one minute.
        seed: seed of the search. With an `Effort` limit, the same problem, seed and workers give the same schedule.
        workers: threads (default: one with an `Effort` limit, else one for each processor that this process may use).
        on_progress: called with a `Progress` at each better schedule, in a thread of the solver.
        stamp: when this schedule is made, for its calendars; never read off a clock here.

    Returns:
        the result, with a status that says optimal, feasible, infeasible or unknown.

    Raises:
        DisagreementError: a rule's `post` and `check` disagree (a bug, never a fault of the input).

    >>> from unsched import Problem, Room, Session, Venue, Window
    >>> window = Window("Europe/Zurich", ["2010-12-17"])
    >>> result = solve(Problem("tiny", window, Venue([Room("XXVI")]), [Session("wg", "Working Group", 180)]))
    >>> result.status.value
    'optimal'
    """
    if workers is None:
        workers = 1 if stop.effort < inf else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError([Fault("workers", f"{workers!r} is not a number of threads", "1 or more.")], "solve")
    return _Search(problem, stop, seed, workers, on_progress, stamp).run()


def costs(problem: Problem, schedule: Schedule) -> dict[int, int]:
    """Return what a schedule costs, by tier, as the rules count it without the solver.

    Raises:
        InputError: the schedule is not one of this problem.
    """
    tiers = {getattr(rule, "tier", None) for rule in problem.all_rules} - {None}
    found = {tier: 0 for tier in sorted(tiers)}
    for breach in schedule.breaches(problem):
        if not breach.hard:
            found[breach.rule.tier] += breach.cost  # type: ignore[attr-defined]  # a preference has a tier
    return found


@define
class _Search:
    """One call of `solve`, from its first model to its result."""

    problem: Problem
    stop: Stop
    seed: int
    workers: int
    on_progress: Callable[[Progress], None] | None
    stamp: datetime | None
    begun: float = field(factory=time.monotonic)
    effort_used: float = 0.0
    schedules: int = 0
    rounds: int = 0
    interrupted: bool = False
    best: Schedule | None = None
    starts: Mapping[str, int] = field(factory=dict)
    tiers: list[TierResult] = field(factory=list)
    in_rooms: set[str] = field(factory=set)
    families: dict[int, None] = field(factory=dict)

    def run(self) -> Result:
        if self.problem.published is not None:
            window = self.problem.window
            self.starts = {b.session: window.minute(b.start) for b in self.problem.published.bookings}
        while True:
            self.rounds += 1
            board = compile_problem(
                self.problem, in_rooms=frozenset(self.in_rooms), families=tuple(self.families)
            )
            log.info("round %d: %d variables", self.rounds, len(board.model.proto.variables))
            status = self._solve_tiers(board)
            if status is not None:
                return self._result(status, board)

    def _result(self, status: Status, board: Board) -> Result:
        conflict = ()
        if status is Status.INFEASIBLE:
            conflict = find_conflict(self.problem, seconds=min(10.0, max(1.0, self._seconds_left())), seed=self.seed)
            self.tiers.clear()
        if self.best is not None:
            self._verify(self.best)
        return Result(
            status,
            self.best,
            tuple(self.tiers),
            conflict,
            time.monotonic() - self.begun,
            self.interrupted,
            len(board.model.proto.variables),
            len(board.model.proto.constraints),
            self.rounds,
        )

    def _seconds_left(self) -> float:
        return self.stop.seconds - (time.monotonic() - self.begun)

    def _over(self) -> bool:
        return self.interrupted or self._seconds_left() <= 0 or self.effort_used >= self.stop.effort

    def _solve_tiers(self, board: Board) -> Status | None:
        """Solve the tiers in order; return `None` where the times that were found have no rooms and it goes on."""
        tiers = sorted(board.costs)
        self.tiers.clear()
        self._hint(board)
        proven = True
        for index, tier in enumerate(tiers or [0]):
            cost = board.cost(tier) if tiers else None
            if cost is not None:
                board.model.minimize(cost)
            share = 1 / (len(tiers or [0]) - index)
            found = run(
                board.model,
                seconds=self._seconds_left() * share,
                effort=(self.stop.effort - self.effort_used) * share,
                workers=self.workers,
                seed=self.seed,
                enough=lambda cost, bound, tier=tier: self._enough(tier, cost, bound),  # type: ignore[misc]
            )
            self.effort_used += found.effort
            self.interrupted = self.interrupted or found.interrupted
            if found.status == cp_model.INFEASIBLE:
                return Status.INFEASIBLE
            if not found.solved:
                proven = False
                break
            rooms = self._match(board, found.values)
            if isinstance(rooms, tuple):
                if not self._over():
                    self._refine(board, found.values, rooms)
                    return None
                proven = False
                if not self._fall_back(board, found.earlier):
                    break
            else:
                self._keep(board, found.values, rooms)
                proven = proven and found.proven
            if cost is not None:
                value = self._cost_now(tier)
                self.tiers.append(TierResult(tier, value, min(found.bound, value), found.proven and proven))
                if self._over() and not proven:
                    break
                board.model.clear_objective()
                board.model.add(cost <= value)
                board.model.clear_hints()
                board.model.proto.solution_hint.vars.extend(range(len(found.values)))
                board.model.proto.solution_hint.values.extend(found.values)
        return self._status(tiers, proven=proven)

    def _status(self, tiers: Sequence[int], *, proven: bool) -> Status:
        if self.best is None:
            return Status.UNKNOWN
        counted = costs(self.problem, self.best)
        done = {tier.tier: tier for tier in self.tiers}
        # A tier that was not reached is reported as it stands, with the only bound that is certain.
        self.tiers = [
            TierResult(t, counted[t], done[t].bound if t in done else 0, t in done and done[t].proven) for t in tiers
        ]
        return Status.OPTIMAL if proven and all(tier.proven for tier in self.tiers) else Status.FEASIBLE

    def _enough(self, tier: int, cost: int, bound: int) -> bool:
        self.schedules += 1
        progress = Progress(tier, cost, bound, time.monotonic() - self.begun, self.schedules)
        if self.on_progress is not None:
            self.on_progress(progress)
        return self.stop.reached(progress)

    def _hint(self, board: Board) -> None:
        for session in self.problem.sessions:
            if session.id in self.starts:
                for start in board.starts(session):
                    board.model.add_hint(board.at(session, start), start == self.starts[session.id])

    def _times(self, board: Board, values: Sequence[int]) -> dict[str, int]:
        return {
            session.id: start
            for session in self.problem.sessions
            for start in board.starts(session)
            if values[board.at(session, start).index]
        }

    def _match(self, board: Board, values: Sequence[int]) -> dict[str, str] | tuple[str, ...]:
        times = self._times(board, values)
        decided: dict[str, str] = {}
        taken: list[tuple[str, Interval]] = []
        stays: list[Stay] = []
        for name, start in times.items():
            session = self.problem.session(name)
            span = Interval(start, start + session.length)
            room = board.room_of(session, values)
            if room is None:
                stays.append(Stay(name, span, board.rooms_at(session, start)))
            else:
                decided[name] = room
                taken.append((room, span))
        found = match_rooms(stays, board.leads, taken)
        return found if isinstance(found, tuple) else {**decided, **found}

    def _refine(self, board: Board, values: Sequence[int], sessions: tuple[str, ...]) -> None:
        """Learn from times that have no rooms: count one more set of rooms, or decide these rooms in the model."""
        times = self._times(board, values)
        family = 0
        for name in sessions:
            family |= board.mask(self.problem.session(name), times[name])
        if family in self.families or set(sessions) & self.in_rooms:
            self.in_rooms.update(sessions)
        else:
            self.families[family] = None
        self.starts = times
        log.info("no rooms for %s at these times: another round", ", ".join(sessions))

    def _fall_back(self, board: Board, earlier: Sequence[Sequence[int]]) -> bool:
        """Out of time with times that have no rooms: take the latest earlier solution that has some."""
        for values in earlier:
            rooms = self._match(board, values)
            if not isinstance(rooms, tuple):
                self._keep(board, values, rooms)
                return True
        return False

    def _keep(self, board: Board, values: Sequence[int], rooms: Mapping[str, str]) -> None:
        window = self.problem.window
        self.starts = self._times(board, values)
        self.best = Schedule(
            self.problem.id,
            window.zone,
            [
                Booking(
                    name,
                    rooms[name],
                    window.wall(start),
                    window.wall(start + self.problem.session(name).length),
                    self.problem.session(name).title,
                )
                for name, start in self.starts.items()
            ],
            stamp=self.stamp,
            assumptions=self.problem.assumptions,
            revision=0 if self.problem.published is None else self.problem.published.revision + 1,
        )

    def _cost_now(self, tier: int) -> int:
        return 0 if self.best is None else costs(self.problem, self.best)[tier]

    def _verify(self, schedule: Schedule) -> None:
        """Raise `DisagreementError` unless the rules' own checks find what the solver says."""
        for breach in schedule.breaches(self.problem):
            if breach.hard:
                raise DisagreementError(breach.rule, f"the solver accepts what the check refuses: {breach.text}")
        for tier in self.tiers:
            if tier.cost < tier.bound:
                message = f"tier {tier.tier} costs {tier.cost}, below the solver's bound of {tier.bound}"
                raise DisagreementError(None, message)
