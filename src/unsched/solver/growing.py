"""A repair found by letting go of a little at first: neighbourhoods that grow around what has changed.

Everything stands as published but for the sessions that a change touches, which find the best places there are, or
none. Those that are in their way are let go next, a few, then twice as many, and each time the best is found among all
that is free. The models are small, because what stands has one place; so a small answer comes soon, however large the
whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from unsched.domain.interval import Interval
from unsched.rules.base import Preference
from unsched.rules.choice import LeaveFewOut
from unsched.rules.placing import EverySessionPlaced
from unsched.solver.compile import compile_problem
from unsched.solver.engine import Manner, run
from unsched.solver.inway import in_the_way
from unsched.solver.lessons import Lessons
from unsched.solver.places import match_standing, standing_of
from unsched.solver.scope import Scope
from unsched.solver.tiers import group_tiers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from unsched.domain.schedule import Booking, Schedule
    from unsched.rules.base import Rule
    from unsched.solver.board import Board
    from unsched.solver.probe import Places
    from unsched.solver.restate import Case, Stated

__all__ = ["Allowance", "Grown", "grow", "held_places"]

_FIRST = 6
_OF_EFFORT, _OF_SECONDS = 0.25, 0.5
_STALLED = 2


@define(eq=False)
class Allowance:
    """What may be spent, by the clock or by work.

    Args:
        seconds: wall seconds from now on.
        effort: deterministic seconds.
        seed: seed of each search.
        workers: threads.
        cancelled: asked several times a second whether to stop.
    """

    seconds: float
    effort: float = inf
    seed: int = 0
    workers: int = 1
    cancelled: Callable[[], bool] = bool
    interrupted: bool = False
    until: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.until = monotonic() + self.seconds

    @property
    def left(self) -> float:
        """Wall seconds that are left."""
        return self.until - monotonic()

    def over(self) -> bool:
        """Return whether nothing is left."""
        return self.interrupted or self.left <= 0 or self.effort <= 0 or self.cancelled()


@frozen(eq=False)
class Grown:
    """What came of it.

    Args:
        places: where each session stands.
        costs: what that costs in each tier of the stated repair, but for the wishes.
        free: ids of the sessions that could be moved, of which all was tried.
        best: whether there is nothing better as long as all others stand.
        build: wall seconds that its model took to make.
        size: how many decisions the model had.
        forced: ids of the published sessions that their own place is not left to, whatever else moves.
        in_time: ids of those of them that cannot keep their times.
    """

    places: Places
    costs: Mapping[int, int]
    free: frozenset[str]
    best: bool
    build: float = 0.0
    size: int = 1
    forced: tuple[str, ...] = ()
    in_time: tuple[str, ...] = ()


def held_places(case: Case) -> dict[str, tuple[Interval, str]]:
    """Return the places of the published sessions that no constraint forbids to stay, as things stand."""
    from unsched.domain.schedule import Schedule

    problem = case.problem
    sessions, rooms = problem.sessions_by_id, problem.rooms_by_id
    there = [one for one in case.published.bookings if one.session in sessions and one.room in rooms]
    as_it_was = Schedule(problem.id, problem.window.zone, there)
    broken = {name for breach in as_it_was.breaches(problem) if breach.hard for name in breach.sessions}
    return {one.session: _place(case, one) for one in there if one.session not in broken}


def _place(case: Case, booking: Booking) -> tuple[Interval, str]:
    minute = case.problem.window.minute
    return Interval(minute(booking.start), minute(booking.end)), booking.room


def grow(
    case: Case,
    stated: Stated,
    held: Mapping[str, tuple[Interval, str]],
    allowance: Allowance,
    can_move: Callable[[Mapping[int, int], tuple[str, ...], tuple[str, ...]], frozenset[str]],
) -> Grown | None:
    """Find a repair by letting go of more and more, until nothing better is found or there is nothing left to spend.

    Args:
        case: what is repaired.
        stated: the repair as a problem, in which sessions are dropped at a price.
        held: the places of the sessions that can stay.
        allowance: what may be spent.
        can_move: given costs, the sessions that cannot stay in any answer, and those of them that cannot keep their
            time: of the held sessions, those whose move can be part of an answer that costs no more.

    Returns:
        the best that was found, or `None` where nothing was.
    """
    growth = _Growth(case, stated, held, allowance)
    touched = frozenset(one.id for one in stated.problem.sessions if one.id not in held)
    best = growth.step(held, touched, None)
    if best is not None:
        best = growth.settle_all(best)
    if best is None or allowance.over() or not any(best.costs.values()):
        return best if best is None or any(best.costs.values()) else evolve(best, free=frozenset({*touched, *held}))
    free = touched | growth.elsewhere(best)
    size, idle = _FIRST, 0
    while True:
        movable = can_move(best.costs, growth.forced, growth.in_time)
        if best.best and movable <= best.free:
            return best
        # What could not be tried to its end in its share is tried no larger.
        if idle >= _STALLED or allowance.over():
            return best
        ring = growth.ring(best, free, movable - free)
        # Where nothing is in anybody's way that the rows could tell, anything may be.
        free |= frozenset(ring[:size]) if ring else movable
        size *= 2
        found = growth.step(held, free, best)
        if found is None:
            return evolve(best, best=False)
        idle = 0 if found.best and _vector(found) < _vector(best) else idle + 1
        best = found if _vector(found) <= _vector(best) else evolve(best, best=False)


def _vector(grown: Grown) -> tuple[int, ...]:
    return tuple(cost for _, cost in sorted(grown.costs.items()))


@define(eq=False)
class _Growth:
    """The models of one repair."""

    case: Case
    stated: Stated
    held: Mapping[str, tuple[Interval, str]]
    allowance: Allowance
    lessons: Lessons = field(init=False, factory=Lessons)
    rules: tuple[Rule, ...] = field(init=False)
    forced: tuple[str, ...] = ()
    in_time: tuple[str, ...] = ()
    _last: tuple[Board, Sequence[int]] | None = None

    def __attrs_post_init__(self) -> None:
        wishes = self.stated.wishes
        self.rules = tuple(
            rule
            for rule in self.stated.problem.all_rules
            if not isinstance(rule, Preference) or rule.tier not in wishes
        )

    def settle_all(self, best: Grown) -> Grown:
        """Find places for the sessions that have none and have to: those nearest in their way move, others stand."""
        size, tried = _FIRST, 0
        while self.lost(best) and not self.allowance.over():
            homeless = self.homeless(best)
            ring = self.ring(best, homeless, frozenset(best.places), through=frozenset(best.places))
            if tried >= len(ring):
                # All that is in their way was let go of, and was not enough: the times alone will tell, or the whole.
                break
            free = homeless | frozenset(ring[:size])
            found = self.step(best.places, free, best, others=False)
            if found is not None and _vector(found) < _vector(best):
                best, size, tried = evolve(found, free=best.free | free, best=False), _FIRST, 0
            elif found is None:
                break
            else:
                size, tried = 2 * size, size
        return best

    def step(self, stand: Places, free: frozenset[str], best: Grown | None, *, others: bool = True) -> Grown | None:
        """Find the best while all stands that is not free, or `None` where there is nothing, or no time.

        Args:
            stand: where those stand that are not free.
            free: ids of those that are.
            best: what is known.
            others: whether any other session may have a place.
        """
        fixed = {name: place for name, place in stand.items() if name not in free}
        present = None if others else frozenset({*fixed, *free})
        allowance = self.allowance
        seconds, effort = allowance.left * _OF_SECONDS, allowance.effort * _OF_EFFORT
        until = monotonic() + seconds
        while True:
            begun = monotonic()
            board = self._compile(fixed, present)
            build = monotonic() - begun
            self._hint(board, best)
            values: Sequence[int] = ()
            costs: dict[int, int] = {}
            proven = True
            for group in group_tiers(board):
                board.model.minimize(group.objective(board))
                found = run(
                    board.model,
                    seconds=max(0.0, until - monotonic()),
                    effort=effort,
                    workers=allowance.workers,
                    seed=allowance.seed,
                    over=allowance.cancelled,
                    manner=Manner.LIGHT,
                )
                allowance.effort -= found.effort
                allowance.interrupted = allowance.interrupted or found.interrupted
                proven = proven and found.proven
                if not found.solved:
                    break
                values = found.values
                for tier, cost in group.split(found.objective).items():
                    costs[tier] = cost
                    board.model.add(board.cost(tier) <= cost)
            if not values:
                return None
            standing = standing_of(board, values)
            rooms = match_standing(board, standing)
            if isinstance(rooms, dict):
                if best is None:
                    self._note_forced(board)
                self._last = board, values
                places = {name: (span, rooms[name]) for name, span in standing.spans.items()}
                for tier in board.costs:
                    costs.setdefault(tier, 0)
                size = len(board.model.proto.variables)
                return Grown(places, costs, free, proven, build, size, self.forced, self.in_time)
            if allowance.over() or monotonic() >= until:
                return None
            self.lessons.learn(board, standing.spans, rooms)

    def _note_forced(self, board: Board) -> None:
        """Note the published sessions that their own place is not left to, whatever else moves."""
        problem = self.stated.problem
        forced, in_time = [], []
        for booking in self.case.published.bookings:
            session = problem.sessions_by_id.get(booking.session)
            if session is None or session.id in self.held:
                continue
            span, room = _place(self.case, booking)
            if span.minutes in session.lengths(problem.window.step) and span not in board.spans(session):
                in_time.append(session.id)
                forced.append(session.id)
            elif span not in board.spans(session) or room not in board.rooms_at(session, span):
                forced.append(session.id)
        self.forced, self.in_time = tuple(forced), tuple(in_time)

    def _compile(self, fixed: Places, present: frozenset[str] | None) -> Board:
        return compile_problem(
            self.stated.problem,
            self.rules,
            in_rooms=frozenset(self.lessons.in_rooms),
            families=tuple(self.lessons.families),
            scope=Scope(fixed=fixed, present=present),
        )

    def _hint(self, board: Board, best: Grown | None) -> None:
        places = self.held if best is None else best.places
        for session in self.stated.problem.sessions:
            span, room = places.get(session.id, (None, None))
            for other in board.spans(session):
                board.model.add_hint(board.at(session, other), other == span)
            for name, literal in board.literals_of_rooms.get(session.id, {}).items():
                board.model.add_hint(literal, name == room)

    def lost(self, grown: Grown) -> bool:
        """Return whether a session has no place that has to have one."""
        return any(grown.costs.get(tier) for tier in self.stated.drops)

    def homeless(self, grown: Grown) -> frozenset[str]:
        """Return ids of the sessions that have no place and had one, or have to have one."""
        problem = self.stated.problem
        wanted = [one.session for one in self.case.published.bookings if one.session in problem.sessions_by_id]
        for tier in self.stated.drops:
            plain = (rule.plain for rule in self.stated.rules_of(tier))
            some = (rule.sessions for rule in plain if isinstance(rule, EverySessionPlaced | LeaveFewOut))
            wanted += [session.id for which in some for session in problem.select(which)]
        return frozenset(name for name in wanted if name not in grown.places)

    def elsewhere(self, grown: Grown) -> frozenset[str]:
        """Return ids of the held sessions that are not where they were."""
        return frozenset(name for name, place in self.held.items() if grown.places.get(name) != place)

    def ring(
        self, grown: Grown, free: frozenset[str], among: frozenset[str], *, through: frozenset[str] = frozenset()
    ) -> list[str]:
        """Return those that are in the way, first of what has no place, then of what is not in its own, then of all."""
        if self._last is None:
            return []
        moved = self.elsewhere(grown)
        order = sorted(free)
        homeless = sorted(self.homeless(grown))
        for some in (homeless, [name for name in order if name in moved or name not in self.held], order):
            found = [name for name in in_the_way(*self._last, some, through=through) if name in among]
            if found:
                return found
        return []


def as_schedule(stated: Stated, places: Places) -> Schedule:
    """Return places as a schedule of a stated repair."""
    from unsched.domain.schedule import Booking, Schedule

    problem = stated.problem
    wall = problem.window.wall
    bookings = [
        Booking(name, room, wall(span.start), wall(span.end), problem.session(name).title)
        for name, (span, room) in places.items()
    ]
    revision = 0 if problem.published is None else problem.published.revision + 1
    return Schedule(problem.id, problem.window.zone, bookings, assumptions=problem.assumptions, revision=revision)
