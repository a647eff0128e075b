"""Any schedule that keeps the constraints: of the model as it is, or else prepared; mended where counting failed."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from attrs import evolve
from ortools.sat.python import cp_model

from unsched.solver.engine import NOTHING_FOUND, Manner, Run, run
from unsched.solver.flatten import flatten
from unsched.solver.places import Places, seat, standing_of
from unsched.solver.start import construct

if TYPE_CHECKING:
    from unsched.solver.board import Board
    from unsched.solver.budget import Budget
    from unsched.solver.crew import Crew

__all__ = ["find_any", "mend"]

_QUICK = 3.0


def find_any(board: Board, crew: Crew, budget: Budget, *, at_once: bool = False) -> Run:
    """Find any solution of a model without an objective; most need no long preparation for that.

    Nobody is told: times that turn out to have no rooms are no schedule.

    Args:
        board: the board of the model.
        crew: who works.
        budget: what may be spent.
        at_once: whether what is not found in a moment is not looked for any longer.
    """
    found = _seek(board, crew, budget, most=_QUICK, manner=Manner.AS_IT_IS)
    if at_once or found.status != cp_model.UNKNOWN or budget.over():
        return found
    return _seek(board, crew, budget)


def mend(board: Board, crew: Crew, budget: Budget, values: Sequence[int]) -> Run:
    """Mend a solution whose sessions cannot all have rooms: who has none is let in anew, such that all have one.

    Args:
        board: the board of a model without an objective.
        crew: who works.
        budget: what may be spent.
        values: the solution.

    Returns:
        a solution, or nothing.
    """
    try:
        flat = flatten(board.model)
    except NotImplementedError:
        return NOTHING_FOUND
    places = Places(board, len(flat.lower))
    standing = standing_of(board, values)
    seated = seat(board, standing)
    begin = places.place({name: standing.spans[name] for name in seated}, standing.rooms)
    with crew.pool() as pool:
        try:
            found, effort, rooms = construct(
                flat, places, pool=pool, width=crew.workers, seed=crew.seed, over=budget.over, begin=begin, rooms=seated
            )
        except Exception as error:  # noqa: BLE001  raised again, unless it is somebody else's executor's
            crew.excuse(error)
            return NOTHING_FOUND
    budget.effort_used += effort
    if found is None:
        return NOTHING_FOUND
    # There is nothing to pay, so that none is better.
    return evolve(NOTHING_FOUND, status=cp_model.OPTIMAL, values=found[: flat.known].tolist(), rooms=rooms)


def _seek(board: Board, crew: Crew, budget: Budget, *, most: float = inf, manner: Manner = Manner.THOROUGH) -> Run:
    found = run(
        board.model,
        # Where the schedule must not depend on the clock, work is limited instead of seconds.
        seconds=budget.seconds_left if budget.repeatable else min(most, budget.seconds_left),
        effort=min(most, budget.effort_left) if budget.repeatable else inf,
        workers=crew.workers,
        seed=crew.seed,
        over=budget.called_off,
        manner=manner,
        alike=True,
    )
    budget.effort_used += found.effort
    budget.interrupted = budget.interrupted or found.interrupted
    return found
