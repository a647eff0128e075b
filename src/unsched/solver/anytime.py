"""The ways to work on the cost of a model: all the search that there is, a walk alone, or a proof alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from unsched.solver.climb import WAIT, Climb
from unsched.solver.descent import NOTHING_KNOWN
from unsched.solver.engine import NOTHING_FOUND, Run
from unsched.solver.flatten import flatten
from unsched.solver.places import Places
from unsched.solver.walk import is_warm

if TYPE_CHECKING:
    from unsched.solver.board import Board
    from unsched.solver.budget import Budget
    from unsched.solver.climb import Start
    from unsched.solver.crew import Crew
    from unsched.solver.descent import Foreknown
    from unsched.solver.tiers import TierGroup

__all__ = ["improve", "prove", "stroll"]

log = logging.getLogger(__name__)


def improve(
    board: Board,
    group: TierGroup,
    crew: Crew,
    budget: Budget,
    *,
    share: float,
    starts: Sequence[Start] = (),
    partial: bool = False,
    known: Foreknown = NOTHING_KNOWN,
) -> Run:
    """Bring the common objective of some tiers as low as can be in a share of what is left.

    Args:
        board: the board, with the objective in its model.
        group: the tiers.
        crew: who works.
        budget: what may be spent.
        share: the share of it that may be spent here.
        starts: where the sessions may stand to begin with, and in which rooms as far as known; the first that does.
        partial: whether the model leaves a part of the costs out.
        known: what is known before it begins.
    """
    climb = Climb(
        board,
        group,
        crew,
        budget,
        until=time.monotonic() + budget.seconds_left * share,
        effort=budget.effort_left * share,
        partial=partial,
        known=known,
        best=evolve(NOTHING_FOUND, bound=known.bound),
    )
    budget.content = False
    if not starts and not climb.from_nothing():
        return climb.best
    try:
        flat = flatten(board.model)
    except NotImplementedError as error:
        log.info("no neighbourhoods: %s", error)
        return climb.outright(climb.effort)
    return climb.from_start(flat, Places(board, len(flat.lower)), starts)


def stroll(
    board: Board,
    group: TierGroup,
    crew: Crew,
    budget: Budget,
    *,
    share: float,
    starts: Sequence[Start],
) -> Run:
    """Walk from a schedule for a share of what is left, and do nothing else; arguments as of `improve`."""
    if not (budget.repeatable or is_warm(min(1.0, budget.seconds_left * WAIT))):
        return NOTHING_FOUND
    until = time.monotonic() + budget.seconds_left * share
    climb = Climb(board, group, crew, budget, until=until, effort=budget.effort_left * share)
    budget.content = False
    try:
        flat = flatten(board.model)
    except NotImplementedError:
        return climb.best
    places = Places(board, len(flat.lower))
    climb.begin(flat, places, starts)
    if climb.best.solved:
        climb.stroll(climb.improver(flat, places))
    return climb.best


def prove(
    board: Board,
    group: TierGroup,
    crew: Crew,
    budget: Budget,
    *,
    share: float,
    starts: Sequence[Start],
) -> Run:
    """Prove for a share of what is left what a schedule costs at least, and do nothing else; see `improve`."""
    # Nothing better is found meanwhile: whoever has no more patience than that still gets what comes after it.
    until = time.monotonic() + min(budget.seconds_left * share, budget.stop.patience / 2)
    climb = Climb(board, group, crew, budget, until=until, effort=budget.effort_left * share, partial=True)
    budget.content = False
    try:
        flat = flatten(board.model)
    except NotImplementedError:
        return climb.best
    places = Places(board, len(flat.lower))
    climb.begin(flat, places, starts)
    if climb.best.solved and not climb.best.proven:
        climb.prove(flat, places)
    return climb.best
