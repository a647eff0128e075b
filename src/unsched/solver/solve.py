"""Solving: tier by tier, times first and rooms after, each schedule checked before anyone sees it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from attrs import define, evolve, field
from ortools.sat.python import cp_model

from unsched.domain.fact import shown
from unsched.domain.interval import Interval
from unsched.domain.problem import Problem
from unsched.domain.roster import roster
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.state import SearchState, TierBound, digest
from unsched.errors import Fault, InputError
from unsched.rules.base import Constraint
from unsched.solver.anytime import improve, prove, stroll
from unsched.solver.audit import NOTHING, Claims, blame, costs, verify
from unsched.solver.board import Board
from unsched.solver.budget import Budget
from unsched.solver.climb import WALKED, Start
from unsched.solver.compile import compile_problem
from unsched.solver.crew import Crew
from unsched.solver.descent import NOTHING_KNOWN, Foreknown
from unsched.solver.engine import Run
from unsched.solver.explain import find_conflict
from unsched.solver.first import find_any, mend
from unsched.solver.lessons import Lessons, places_of
from unsched.solver.news import is_far
from unsched.solver.places import match_standing, standing_of, times_of
from unsched.solver.result import Result, Status, TierResult
from unsched.solver.stop import Progress, Stop, TimeLimit
from unsched.solver.tiers import TierGroup, group_tiers
from unsched.solver.walk import warm_up
from unsched.solver.windows import falls_apart, windows_by_rooms
from unsched.solver.wished import wished_rooms

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from datetime import datetime

    from unsched.rules.base import Rule
    from unsched.solver.terms import Guard

__all__ = ["DEFAULT_STOP", "Result", "Status", "TierResult", "solve"]

log = logging.getLogger(__name__)
DEFAULT_STOP = TimeLimit(60)
_SHARE_OF_TIMES, _SHARE_OF_WISHED, _SHARE_OF_PROOF, _SHARE_OF_BUILDING = 0.5, 0.6, 0.25, 0.5
_SHARE_OF_STROLL, _SHARE_OF_FEW = 0.015, 0.1
_FORBIDS = "nothing is possible, where the constraints alone have a schedule"
_SMALL = 9_000
_FEW, _SEVERAL, _MANY = 60, 200, 1_500
_MOST_PLACES = 1_000_000


def solve(
    problem: Problem,
    *,
    stop: Stop = DEFAULT_STOP,
    seed: int = 0,
    workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stamp: datetime | None = None,
    executor: Executor | None = None,
    resume: SearchState | None = None,
    explain: bool = True,
) -> Result:
    """Find the best schedule of a problem, and prove how good it is.

    Constraints all hold. Preferences are satisfied tier by tier: the cost of a tier is brought to its least, and
    held there while the next is improved. Ctrl-C ends the search and returns the best schedule so far.

    Args:
        problem: facts and rules.
        stop: when to stop; `TimeLimit(30) | Effort(10)` stops at whichever comes first. The default is one minute.
        seed: seed of the search. With an `Effort` limit, the same problem, seed and workers give the same schedule; so,
            mostly, does what one worker decides in about a second.
        workers: threads (default: one with an `Effort` limit, else one for each processor that this process may use).
        on_progress: called with a `Progress` at each better schedule and each better bound, in a thread of the solver.
        stamp: when this schedule is made, for its calendars; never read off a clock here.
        executor: where neighbourhoods are solved, `workers` at a time: any `concurrent.futures.Executor`, such as a
            pool of processes, or that of a Dask cluster. The default is threads of this process.
        resume: the state of an earlier search of the same problem, to go on from.
        explain: whether to look for a conflict of rules where there is no schedule.

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
    if not isinstance(problem, Problem):
        raise InputError([Fault("problem", f"{problem!r} is not a Problem", "load_problem(path).")], "solve")
    if not isinstance(stop, Stop):
        raise InputError([Fault("stop", f"{stop!r} does not say when to stop", "TimeLimit(30).")], "solve")
    if workers is None:
        workers = 1 if stop.effort < inf else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError([Fault("workers", f"{workers!r} is not a number of threads", "1 or more.")], "solve")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**31:
        raise InputError([Fault("seed", f"{seed!r} is not a seed", f"a whole number from 0 to {2**31 - 1}.")], "solve")
    if resume is not None and (not isinstance(resume, SearchState) or resume.digest != digest(problem)):
        message = f"{shown(resume)} is not the state of a search for this problem as it is"
        remedy = "result.state, or start anew where the problem has changed."
        raise InputError([Fault("resume", message, remedy)], "solve")
    # A stamp that no schedule can have is refused now, not when the work is done.
    Schedule(problem.id, problem.window.zone, stamp=stamp)
    return _Search(problem, Crew(workers, seed, executor), Budget(stop, on_progress), stamp, resume, explain).run()


@define
class _Search:
    """One call of `solve`, from its first model to its result."""

    problem: Problem
    crew: Crew
    budget: Budget
    stamp: datetime | None
    resume: SearchState | None = None
    explain: bool = True
    build_seconds: float = 0.0
    models: int = 0
    size: tuple[int, int] = (0, 0)
    best: Schedule | None = None
    starts: list[Start] = field(factory=list)
    floor: tuple[int, int] | None = None
    far: bool = False
    tiers: list[TierResult] = field(factory=list)
    lessons: Lessons = field(factory=Lessons)

    def run(self) -> Result:
        if self.problem.published is not None:
            self.starts = [self._start_of(self.problem.published)]
        try:
            status = self._search_in_steps()
        except KeyboardInterrupt:
            self.budget.interrupted = True
            status = self._so_far()
        if self.best is not None:
            self.tiers = self._all_tiers(self.best)
        conflict: tuple[Guard, ...] = ()
        if status is Status.INFEASIBLE and self.explain:
            seconds = min(10.0, max(1.0, self.budget.seconds_left))
            conflict, interrupted = find_conflict(
                self.problem, seconds=seconds, seed=self.crew.seed, stop=self.budget.stop
            )
            self.budget.interrupted = self.budget.interrupted or interrupted
        return Result(
            status,
            self.best,
            tuple(self.tiers),
            conflict,
            seconds=self.budget.seconds,
            interrupted=self.budget.interrupted,
            variables=self.size[0],
            constraints=self.size[1],
            models=self.models,
            state=None if self.best is None else self._state(self.best),
            roster=roster(self.problem, self.best) if self.best is not None and self.problem.teams else None,
            build_seconds=self.build_seconds,
        )

    def _state(self, schedule: Schedule) -> SearchState:
        bounds = [TierBound(tier.tier, max(0, tier.bound)) for tier in self.tiers]
        return SearchState(digest(self.problem), schedule, bounds)

    def _go_on(self, state: SearchState) -> None:
        """Take over the schedule of an earlier search, and what is proven."""
        broken = [breach for breach in state.schedule.breaches(self.problem) if breach.hard]
        if broken:
            faults = [Fault("resume.schedule", breach.text, "the state as it was saved.") for breach in broken[:10]]
            raise InputError(faults, "solve")
        self.best = evolve(state.schedule, stamp=self.stamp)
        self.starts = [self._start_of(state.schedule)]
        if state.bounds:
            self.floor = state.bounds[0].tier, state.bounds[0].bound

    def _start_of(self, schedule: Schedule) -> Start:
        window = self.problem.window
        known = [booking for booking in schedule.bookings if booking.session in self.problem.sessions_by_id]
        times = {one.session: Interval(window.minute(one.start), window.minute(one.end)) for one in known}
        return times, {one.session: one.room for one in known}

    def _search_in_steps(self) -> Status:
        """Solve what is small outright; else find any schedule, then the best times, then the best of all."""
        if self.resume is not None:
            self._go_on(self.resume)
        rules = self.problem.all_rules
        constraints = [rule for rule in rules if isinstance(rule, Constraint)]
        if _FEW <= len(self.problem.sessions) <= _MANY:
            warm_up()
        if len(constraints) == len(rules):
            return self._search(rules, self._compile(rules))
        alone = board = None
        many = len(self.problem.sessions) > _MANY or self.resume is not None
        if len(self.problem.sessions) > _SEVERAL and not many:
            # A schedule first: of what is large, the model of the constraints alone is made before the whole.
            alone = self._compile(constraints)
        if alone is None or self.size[0] <= _SMALL:
            board = self._compile(rules)
        if board is not None and (many or self.size[0] <= _SMALL):
            return self._search_at_once(rules, constraints, board)
        if WALKED <= len(self.problem.sessions) <= _MANY:
            warm_up()
        learned = self.lessons.many
        status = self._search(constraints, self._compile(constraints) if alone is None else alone)
        if self.best is None:
            return status
        if self.budget.over():
            return Status.FEASIBLE
        if alone is not None and board is None and self._too_large(rules, alone):
            return Status.FEASIBLE
        if board is None or self.lessons.many != learned:
            board = self._compile(rules)
        return self._search_times_first(rules, board)

    def _too_large(self, rules: Sequence[Rule], alone: Board) -> bool:
        """Where the whole would take longer to make than there is time, improve the times alone; return whether so.

        Rooms are then as good as these times leave them.
        """
        places = places_of(alone, self.problem.sessions_by_id)
        # Each place is a variable of the whole, and takes about as long to make as those that have been made.
        seconds = self.build_seconds * places / max(1, len(alone.model.proto.variables))
        hurried = not self.budget.repeatable and seconds > _SHARE_OF_BUILDING * self.budget.seconds_left
        if places <= _MOST_PLACES and not hurried:
            return False
        times = self._compile(rules, times_only=True)
        if not (times.left_out or times.overflow):
            return False
        if self._search_wished(rules, times, _SHARE_OF_WISHED):
            self._prove_times(times, share=1.0)
        self._search_times(times, share=1.0)
        return True

    def _search_times_first(self, rules: Sequence[Rule], board: Board) -> Status:
        """Improve the times, where rooms can be left for later, and then the whole."""
        # Windows that share no rooms decide their rooms themselves.
        if not falls_apart(windows_by_rooms(board)):
            times = self._compile(rules, times_only=True)
            if times.left_out or times.overflow:
                self._stroll(board)
                if self._search_wished(rules, times, _SHARE_OF_TIMES):
                    self._prove_times(times, _SHARE_OF_PROOF)
                else:
                    self._search_times(times)
        return Status.FEASIBLE if self.budget.over() else self._search(rules, board)

    def _search_wished(self, rules: Sequence[Rule], times: Board, share: float) -> bool:
        """Improve the times where all have the rooms that they wish for, if all can have them; return whether so."""
        # Two more models take about as long to make as those that have been made.
        hurried = not self.budget.repeatable and self.build_seconds > _SHARE_OF_BUILDING * self.budget.seconds_left
        if hurried or self.budget.over() or self.budget.endless:
            return False
        rooms = wished_rooms(times)
        if not rooms:
            return False
        alone = self._compile([*(rule for rule in rules if isinstance(rule, Constraint)), *rooms])
        found = find_any(alone, self.crew, self.budget, at_once=True)
        seated = self._match(alone, found) if found.solved else ()
        if not isinstance(seated, dict) or self.budget.over():
            return False
        self.starts = [(times_of(alone, found.values), seated)]
        self._improve_times(self._compile([*rules, *rooms], times_only=True), share, Foreknown(narrowed=True))
        if self.best is not None:
            # What has been granted all wishes need not be cheaper than what was known before.
            self.starts = [self._start_of(self.best)]
        return True

    def _search_at_once(self, rules: Sequence[Rule], constraints: Sequence[Rule], board: Board) -> Status:
        """Solve for all rules in one model."""
        status = self._search(rules, board)
        if status is Status.INFEASIBLE:
            # That must be so of the constraints alone, or a preference forbids something.
            status = self._search(constraints, self._compile(constraints))
            if self.best is not None:
                blame(self.problem, self.best, _FORBIDS)
        return status

    def _stroll(self, board: Board) -> None:
        """Make of any schedule a fair one, in little time, before much is spent on the best."""
        if len(self.problem.sessions) < WALKED:
            return
        group = next(group_tiers(board))
        board.model.minimize(group.objective(board))
        share = _SHARE_OF_FEW if len(self.problem.sessions) < _FEW else _SHARE_OF_STROLL
        found = stroll(board, group, self.crew, self.budget, share=share, starts=self.starts)
        if found.solved:
            rooms = self._match(board, found)
            if isinstance(rooms, dict):
                self._keep(board, found.values, rooms, Claims(group.scales, found.objective, found.bound))

    def _search_times(self, board: Board, share: float = _SHARE_OF_TIMES) -> None:
        """Improve the times alone, where preferences about rooms would make the model many times as large."""
        if self.budget.over():
            return
        group, found = self._improve_times(board, share)
        if found.solved:
            # What is left out here makes the whole no easier.
            self.far = is_far(found.objective, found.bound) and not self.budget.repeatable
            self._know(group, found)

    def _prove_times(self, board: Board, share: float) -> None:
        """Prove what the times alone cost at least, for a while."""
        if self.budget.over():
            return
        group = next(group_tiers(board))
        board.model.minimize(group.objective(board))
        found = prove(board, group, self.crew, self.budget, share=share, starts=self.starts)
        self._know(group, found)

    def _know(self, group: TierGroup, found: Run) -> None:
        """Note what times are known to cost at least in their first tier: that holds for the whole."""
        first = min(group.scales)
        bound = group.bounds(max(0, found.bound), group.split(max(0, found.objective)))[first]
        self.floor = first, max(bound, 0 if self.floor is None or self.floor[0] != first else self.floor[1])

    def _improve_times(self, board: Board, share: float, known: Foreknown = NOTHING_KNOWN) -> tuple[TierGroup, Run]:
        """Improve the times of a board that leaves rooms to be matched."""
        group = next(group_tiers(board))
        board.model.minimize(group.objective(board))
        found = improve(
            board, group, self.crew, self.budget, share=share, starts=self.starts, partial=True, known=known
        )
        if found.solved:
            rooms = self._match(board, found)
            if isinstance(rooms, dict):
                self._keep(board, found.values, rooms, NOTHING)
        return group, found

    def _compile(self, rules: Sequence[Rule], *, times_only: bool = False) -> Board:
        begun = time.monotonic()
        board = compile_problem(
            self.problem,
            rules,
            in_rooms=frozenset(self.lessons.in_rooms),
            families=tuple(self.lessons.families),
            times_only=times_only,
        )
        self.build_seconds += time.monotonic() - begun
        self.models += 1
        self.size = len(board.model.proto.variables), len(board.model.proto.constraints)
        log.info("model %d: %d variables, %d constraints", self.models, *self.size)
        return board

    def _search(self, rules: Sequence[Rule], board: Board) -> Status:
        """Solve for some rules, refining the model until the rooms match."""
        status = self._solve_tiers(board)
        while status is None:
            status = self._solve_tiers(self._compile(rules))
        return status

    def _solve_tiers(self, board: Board) -> Status | None:
        """Solve the tiers in order; return `None` where the times that were found have no rooms and it goes on."""
        groups: list[TierGroup | None] = [*group_tiers(board)] or [None]
        if self.floor is not None and board.costs:
            board.model.add(board.cost(self.floor[0]) >= self.floor[1])
        self.tiers.clear()
        self._hint(board)
        proven = True
        for index, group in enumerate(groups):
            if self.budget.interrupted:
                return self._so_far()
            # What was learned of the times is of the first tiers.
            found = self._run(board, group, 1 / (len(groups) - index), first=not index)
            if found.status == cp_model.INFEASIBLE:
                if self.best is not None:
                    blame(self.problem, self.best, _FORBIDS)
                return Status.INFEASIBLE
            if not found.solved:
                return self._so_far()
            found, rooms = self._with_rooms(board, group, found)
            if isinstance(rooms, tuple):
                if self.best is None:
                    # What has no rooms is no schedule: nobody has begun to wait for a better one.
                    self.budget.last_better = None
                if not self.budget.over():
                    self._refine(board, found.values, rooms)
                    return None
                return self._fall_back(board, found.earlier)
            proven = proven and found.proven
            if group is None:
                self._keep(board, found.values, rooms, NOTHING)
                self.budget.tell(None, 0, 0, "start", better=True)
                continue
            schedule = self._keep(board, found.values, rooms, Claims(group.scales, found.objective, found.bound))
            proven = self._close(board, group, found, costs(self.problem, schedule)) and proven
            if self.budget.over() and group is not groups[-1]:
                return Status.FEASIBLE
        return Status.OPTIMAL if proven else Status.FEASIBLE

    def _with_rooms(
        self, board: Board, group: TierGroup | None, found: Run
    ) -> tuple[Run, dict[str, str] | tuple[str, ...]]:
        """Return what was found with its rooms, or with ids of sessions that cannot all have one.

        Where there is nothing to pay, what has no rooms is mended first, which takes less than another model.
        """
        rooms = self._match(board, found)
        if isinstance(rooms, dict) or group is not None or len(self.problem.sessions) < _FEW:
            return found, rooms
        mended = mend(board, self.crew, self.budget, found.values)
        return (mended, self._match(board, mended)) if mended.solved else (found, rooms)

    def _so_far(self) -> Status:
        return Status.UNKNOWN if self.best is None else Status.FEASIBLE

    def _close(self, board: Board, group: TierGroup, found: Run, counted: Mapping[int, int]) -> bool:
        """Record what some tiers came to, and hold them there; return whether that is proven."""
        proven = found.proven
        for tier, bound in group.bounds(found.bound, counted).items():
            proven = proven and bound == counted[tier]
            self.tiers.append(TierResult(tier, counted[tier], bound, proven))
            board.model.add(board.cost(tier) <= counted[tier])
        return proven

    def _run(self, board: Board, group: TierGroup | None, share: float, *, first: bool) -> Run:
        if group is None:
            return find_any(board, self.crew, self.budget)
        board.model.minimize(group.objective(board))
        known = NOTHING_KNOWN
        if first and self.floor is not None:
            tier, bound = self.floor
            known = Foreknown(self.far, warm=True, bound=bound * group.scales.get(tier, 0))
        return improve(
            board,
            group,
            self.crew,
            self.budget,
            share=share,
            starts=self.starts,
            known=known,
        )

    def _all_tiers(self, schedule: Schedule) -> list[TierResult]:
        """Return the tiers; one that was not reached has its cost, and no less than what its times are to cost."""
        counted = costs(self.problem, schedule)
        done = {tier.tier: tier for tier in self.tiers}
        known, bound = self.floor or (0, 0)
        return [
            TierResult(tier, cost, done[tier].bound, done[tier].proven)
            if tier in done
            else TierResult(tier, cost, min(cost, bound) if tier == known else 0, proven=False)
            for tier, cost in counted.items()
        ]

    def _hint(self, board: Board) -> None:
        """Start from the times and rooms known so far."""
        times, rooms = self.starts[0] if self.starts else ({}, {})
        for name, span in times.items():
            session = self.problem.session(name)
            for other in board.spans(session):
                board.model.add_hint(board.at(session, other), other == span)
            for room, literal in board.literals_of_rooms.get(name, {}).items():
                board.model.add_hint(literal, room == rooms.get(name))

    def _match(self, board: Board, found: Run) -> dict[str, str] | tuple[str, ...]:
        return match_standing(board, standing_of(board, found.values), known=found.rooms)

    def _refine(self, board: Board, values: Sequence[int], sessions: tuple[str, ...]) -> None:
        """Learn from times that have no rooms."""
        times = times_of(board, values)
        self.lessons.learn(board, times, sessions)
        self.starts.insert(0, (times, {}))
        log.info("no rooms for %s at these times: another model", ", ".join(sessions))

    def _fall_back(self, board: Board, earlier: Sequence[Sequence[int]]) -> Status:
        """Out of time with times that have no rooms: take the latest earlier solution that has some, if any has."""
        for values in earlier:
            rooms = match_standing(board, standing_of(board, values))
            if not isinstance(rooms, tuple):
                self._keep(board, values, rooms, NOTHING)
                break
        return self._so_far()

    def _keep(self, board: Board, values: Sequence[int], rooms: Mapping[str, str], claims: Claims) -> Schedule:
        """Make a schedule the best so far, once it has been checked against what the solver claims of it."""
        window = self.problem.window
        times = times_of(board, values)
        schedule = Schedule(
            self.problem.id,
            window.zone,
            [
                Booking(
                    name,
                    rooms[name],
                    window.wall(span.start),
                    window.wall(span.end),
                    self.problem.session(name).title,
                )
                for name, span in times.items()
            ],
            stamp=self.stamp,
            assumptions=self.problem.assumptions,
            revision=0 if self.problem.published is None else self.problem.published.revision + 1,
        )
        verify(self.problem, schedule, claims)
        self.starts = [(times, dict(rooms))]
        if self.best is None or not self._is_cheaper(self.best, schedule):
            self.best = schedule
        return schedule

    def _is_cheaper(self, one: Schedule, other: Schedule) -> bool:
        return tuple(costs(self.problem, one).values()) < tuple(costs(self.problem, other).values())
