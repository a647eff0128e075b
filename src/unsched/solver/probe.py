"""Asking again and again whether something is possible: parts of a problem, each as a model of its own.

Rules hold for good in each of these models, and are not switched by guards: so the solver's presolve and its linear
relaxation see all of them, rooms are counted, and a part of a few sessions is answered in milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, field, frozen
from ortools.sat.python import cp_model

from unsched.domain.schedule import Booking, Schedule
from unsched.errors import DisagreementError
from unsched.rules.base import Constraint
from unsched.solver.compile import compile_problem
from unsched.solver.engine import Run, run
from unsched.solver.lessons import Lessons
from unsched.solver.places import match_standing, standing_of
from unsched.solver.tiers import group_tiers

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.rules.base import Rule
    from unsched.solver.board import Board
    from unsched.solver.scope import Scope
    from unsched.solver.stop import Stop
    from unsched.solver.terms import Guard, Linear

__all__ = ["Answer", "Bargain", "Places", "Prober"]

Places: TypeAlias = "Mapping[str, tuple[Interval, str]]"
"""The time and the room of each session that is scheduled, by id."""

_CONTENT_AFTER = 1.0


@frozen(eq=False)
class Answer:
    """What came of asking once.

    Args:
        possible: whether there is a schedule; `None` is not known.
        places: where the sessions stand in one.
        core: where there is none, ids of sessions that cannot all be placed, as far as that was asked.
        spoken: the rules x subjects that had anything to say.
        musts: those of them that demand that a session is placed.
        given_up: of what was switched, what does not hold.
        proven: whether there is no better schedule, where one was looked for.
    """

    possible: bool | None
    places: Places = field(factory=dict)
    core: tuple[str, ...] = ()
    spoken: tuple[Guard, ...] = ()
    musts: tuple[Guard, ...] = ()
    given_up: tuple[Guard, ...] = ()
    proven: bool = False


@frozen(eq=False)
class Bargain:
    """What can be given up, and at what price; as little as possible is.

    Args:
        prices: rules x subjects, each with its price.
        refused: sets of them that are not given up together.
    """

    prices: Sequence[tuple[Guard, int]]
    refused: Sequence[Sequence[Guard]] = ()


@define(eq=False)
class Prober:
    """Asks whether parts of a problem are possible, until time is up.

    Args:
        problem: the facts.
        until: when time is up, by `time.monotonic`.
        seed: seed of the search.
        rules: the rules that are asked about; left out, the constraints of the problem.
        standing: ids of sessions that stand in any case, optional or not, where they can stand at all.
        stop: what may call it off; its limits are not heard, since `until` says when time is up.
    """

    problem: Problem
    until: float
    seed: int = 0
    rules: tuple[Rule, ...] = ()
    standing: tuple[str, ...] = ()
    stop: Stop | None = None
    asked: int = 0
    interrupted: bool = False
    _lessons: Lessons = field(init=False, factory=Lessons)

    def __attrs_post_init__(self) -> None:
        if not self.rules:
            self.rules = tuple(rule for rule in self.problem.all_rules if isinstance(rule, Constraint))

    @property
    def left(self) -> float:
        """Wall seconds left."""
        return 0.0 if self.called_off() else self.until - time.monotonic()

    def called_off(self) -> bool:
        """Return whether the user has interrupted it, or somebody has called it off."""
        return self.interrupted or (self.stop is not None and self.stop.cancelled)

    def ask(
        self,
        scope: Scope,
        *,
        near: Places | None = None,
        bargain: Bargain | None = None,
        seconds: float | None = None,
        presolve: bool = True,
        workers: int = 1,
    ) -> Answer:
        """Ask whether a part of the problem is possible.

        Args:
            scope: the part.
            near: places to keep to as far as that is possible: few sessions move in time, then few change rooms.
            bargain: what can be given up: what the scope switches, with prices.
            seconds: wall seconds at most, if not all that are left.
            presolve: whether the solver may simplify the model first.
            workers: threads.
        """
        until = self.until if seconds is None else min(self.until, time.monotonic() + seconds)
        board = self._compile(scope, near, bargain)
        while True:
            self.asked += 1
            left = until - time.monotonic()
            if left <= 0 or self.called_off():
                return Answer(None)
            found = self._run(board, left, presolve=presolve, workers=workers)
            spoken = tuple(board.spoken.values())
            musts = tuple(board.spoken[id(rule), name] for name, rule in board.musts.items())
            if found.interrupted:
                self.interrupted = True
                return Answer(None, spoken=spoken, musts=musts)
            if found.status == cp_model.INFEASIBLE:
                core = set(found.core)
                names = (guard.about for guard, literal in board.guards.items() if literal.index in core)
                return Answer(possible=False, core=tuple(names), spoken=spoken, musts=musts)
            if not found.solved:
                return Answer(None, spoken=spoken, musts=musts)
            standing = standing_of(board, found.values)
            rooms = match_standing(board, standing, prices=self._prices(near))
            if isinstance(rooms, dict):
                places = {name: (span, rooms[name]) for name, span in standing.spans.items()}
                return Answer(
                    possible=True,
                    places=places,
                    spoken=spoken,
                    musts=musts,
                    given_up=tuple(g for g, literal in board.guards.items() if not found.values[literal.index]),
                    proven=found.proven,
                )
            self._lessons.learn(board, standing.spans, rooms)
            board = self._compile(scope, near, bargain)

    def _prices(self, near: Places | None) -> Mapping[str, Mapping[str, int]] | None:
        if near is None:
            return None
        names = [room.id for room in self.problem.rooms]
        return {name: {other: 1 for other in names if other != room} for name, (_, room) in near.items()}

    def _compile(self, scope: Scope, near: Places | None = None, bargain: Bargain | None = None) -> Board:
        board = compile_problem(
            self.problem,
            self.rules,
            in_rooms=frozenset(self._lessons.in_rooms),
            families=tuple(self._lessons.families),
            scope=scope,
        )
        for name in self.standing:
            if scope.has(name):
                session = self.problem.session(name)
                board.model.add_bool_or([board.at(session, span) for span in board.spans(session)])
        if scope.asks:
            board.model.add_assumptions(list(board.guards.values()))
        if bargain is not None:
            literals = {(id(guard.rule), guard.about): literal for guard, literal in board.guards.items()}
            for some in bargain.refused:
                board.model.add_bool_or([literals[id(guard.rule), guard.about] for guard in some])
            priced = [
                (1 - literals[id(guard.rule), guard.about], price)
                for guard, price in bargain.prices
                if (id(guard.rule), guard.about) in literals
            ]
            board.model.minimize(board.total([term for term, _ in priced], [price for _, price in priced]))
        elif near is not None:
            self._keep_near(board, near)
        elif board.costs:
            # Where the first tiers are one objective, no cost of a later one is counted against an earlier one.
            group = next(group_tiers(board))
            board.model.minimize(group.objective(board))
        return board

    def _keep_near(self, board: Board, near: Places) -> None:
        moved: list[Linear] = []
        weights: list[int] = []
        for name, (span, room) in near.items():
            session = self.problem.session(name)
            if name in board.scope.fixed or span not in board.spans(session):
                continue
            for other in board.spans(session):
                board.model.add_hint(board.at(session, other), other == span)
            moved.append(1 - board.at(session, span))
            weights.append(2)
            if room in board.literals_of_rooms.get(name, {}):
                moved.append(1 - board.uses(session, room))
                weights.append(1)
        if moved:
            board.model.minimize(board.total(moved, weights))

    def _run(self, board: Board, seconds: float, *, presolve: bool, workers: int) -> Run:
        first: list[float] = []

        def enough(cost: int, bound: int) -> bool:
            del cost, bound
            first.append(time.monotonic())
            return False

        return run(
            board.model,
            seconds=seconds,
            seed=self.seed,
            presolve=presolve,
            workers=workers,
            enough=enough,
            # Where damage is to be small, the least is soon found or not worth the wait.
            over=lambda: self.called_off() or (bool(first) and time.monotonic() - first[0] > _CONTENT_AFTER),
        )

    def verified(self, places: Places, relaxed: Iterable[Guard] = ()) -> Schedule:
        """Return places as a schedule, once the rules themselves have found that it breaks only what is relaxed.

        Raises:
            DisagreementError: it breaks another constraint.
        """
        schedule = self.schedule(places)
        allowed = {id(guard.rule) for guard in relaxed}
        for breach in schedule.breaches(self.problem):
            if breach.hard and id(breach.rule) not in allowed:
                raise DisagreementError(breach.rule, f"the solver accepts what the check refuses: {breach.text}")
        return schedule

    def schedule(self, places: Places) -> Schedule:
        """Return places as a schedule."""
        window = self.problem.window
        return Schedule(
            self.problem.id,
            window.zone,
            [
                Booking(name, room, window.wall(span.start), window.wall(span.end), self.problem.session(name).title)
                for name, (span, room) in places.items()
            ],
            assumptions=self.problem.assumptions,
            revision=0 if self.problem.published is None else self.problem.published.revision + 1,
        )
