"""The cheapest ways out: which rules and facts to relax, so that every contradiction is resolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from unsched.solver.terms import Guard

__all__ = ["NOT_NEGOTIABLE", "Key", "cheapest", "key"]

NOT_NEGOTIABLE = 10**9
Key = tuple[int, str]
_SCALE, _OFTEN = 100_000, 1_000


def key(guard: Guard) -> Key:
    """Return what tells a rule x subject from others, at no cost, in one problem."""
    return id(guard.rule), guard.about


def cheapest(
    conflicts: Sequence[Sequence[Guard]],
    prices: dict[Key, int],
    refused: Iterable[Sequence[Guard]],
    seen: Counter[str],
    seed: int = 0,
) -> tuple[Guard, ...] | None:
    """Return the cheapest rules x subjects of which each conflict has one, or `None` where there are none.

    Of sets of one price, those of kinds of rule that have been offered less often come first.

    Args:
        conflicts: sets of rules x subjects that cannot all hold.
        prices: what it costs to relax each.
        refused: sets that are not looked for again, nor any that contain one.
        seen: how often each kind of rule has been offered.
        seed: seed of the search.
    """
    guards = {key(guard): guard for members in conflicts for guard in members}
    model = cp_model.CpModel()
    chosen = {one: model.new_bool_var("") for one in guards}
    for members in conflicts:
        model.add_bool_or([chosen[key(guard)] for guard in members])
    for members in refused:
        model.add_bool_or([~chosen[key(guard)] for guard in members])
    costs = [
        _SCALE * prices[one] + _OFTEN * min(50, seen[guard.rule.kind]) + min(place, _OFTEN - 1)
        for place, (one, guard) in enumerate(guards.items())
    ]
    model.minimize(cp_model.LinearExpr.weighted_sum(list(chosen.values()), costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_deterministic_time = 10.0
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return tuple(guard for one, guard in guards.items() if solver.value(chosen[one]))
