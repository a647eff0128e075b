"""Why there is no schedule: a set of rules, each about something, that cannot all hold."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from unsched.rules.base import Constraint
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.terms import Guard

if TYPE_CHECKING:
    from unsched.domain.problem import Problem

__all__ = ["find_conflict"]


def find_conflict(problem: Problem, *, seconds: float = 10.0, seed: int = 0) -> tuple[tuple[Guard, ...], bool]:
    """Return rules x subjects that cannot all hold, as few as can be found in the time.

    The model has no objective (with one, the conflict would be everything). A core that the solver names is kept only
    if it is found infeasible again without presolve; then each member is left out once, for good where the rest
    still conflicts.

    Args:
        problem: a problem that is known to have no schedule.
        seconds: wall seconds for shrinking; the set is then a conflict, but maybe not a smallest one.
        seed: seed of the search.

    Returns:
        the conflict (where there was no time to say it more narrowly, all rules), and whether the user interrupted.
    """
    until = time.monotonic() + seconds
    board = compile_problem(problem, [r for r in problem.all_rules if isinstance(r, Constraint)], guarded=True)
    guards = board.guards

    def conflicting(some: Iterable[Guard], *, presolve: bool = True) -> set[int] | None:
        board.model.clear_assumptions()
        board.model.add_assumptions([guards[guard] for guard in some])
        left = max(until - time.monotonic(), 0.5)
        found = run(board.model, seconds=left, seed=seed, presolve=presolve)
        if found.interrupted:
            raise KeyboardInterrupt
        return set(found.core) if found.status == cp_model.INFEASIBLE else None

    everything = tuple(guards)
    kept: list[Guard] = []
    try:
        core = conflicting(everything)
        if core is not None:
            kept = [guard for guard in everything if guards[guard].index in core] or list(everything)
            if conflicting(kept, presolve=False) is None:
                kept = list(everything)
        for guard in tuple(kept):
            if time.monotonic() > until:
                break
            rest = [other for other in kept if other != guard]
            smaller = conflicting(rest) if guard in kept else None
            if smaller is not None:
                kept = [other for other in rest if not smaller or guards[other].index in smaller]
    except KeyboardInterrupt:
        return _narrowest(kept, everything), True
    return _narrowest(kept, everything), False


def _narrowest(kept: list[Guard], everything: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """Return what is left of the conflict; where that is nothing, all rules together are known to be too much."""
    return tuple(kept) or tuple(dict.fromkeys(Guard(guard.rule, "") for guard in everything))
