"""The schedule of a way out, made a fair one: first as little is broken as it was, then the preferences count."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from unsched.rules.base import Preference
from unsched.rules.severity import Soften
from unsched.solver.anytime import improve
from unsched.solver.audit import costs
from unsched.solver.budget import Budget
from unsched.solver.compile import compile_problem
from unsched.solver.crew import Crew
from unsched.solver.places import match_standing, standing_of
from unsched.solver.scope import Members, Scope
from unsched.solver.stop import TimeLimit
from unsched.solver.tiers import group_tiers

if TYPE_CHECKING:
    from unsched.rules.base import Rule
    from unsched.solver.probe import Places, Prober
    from unsched.solver.terms import Guard

__all__ = ["improved"]

_LEAST, _MOST = 0.2, 6.0


def improved(prober: Prober, relaxed: Sequence[Guard], places: Places, *, seconds: float, workers: int = 1) -> Places:
    """Return places that break no more of what is relaxed, and cost no more, than some do.

    Args:
        prober: what the problem has been asked with.
        relaxed: the rules x subjects that need not hold.
        places: where all stand.
        seconds: wall seconds at most; where they are next to none, nothing is improved.
        workers: threads.
    """
    problem = prober.problem
    wishes = [rule for rule in problem.all_rules if isinstance(rule, Preference)]
    seconds = min(seconds, _MOST)
    until = time.monotonic() + seconds
    if not wishes or seconds < _LEAST or prober.left <= 0:
        return places
    rules: list[Rule] = [*prober.rules, *(evolve(rule, tier=rule.tier + 2) for rule in wishes)]
    price = next((Soften(guard.rule) for guard in relaxed if guard.rule.softens), None)
    begun = time.monotonic()
    board = compile_problem(problem, rules, scope=Scope(relaxed=Members.of(relaxed), price=price))
    if time.monotonic() - begun > seconds / 2:
        return places
    budget = Budget(TimeLimit(max(_LEAST, until - time.monotonic())))
    start = {name: span for name, (span, _) in places.items()}, {name: room for name, (_, room) in places.items()}
    best, groups = places, list(group_tiers(board))
    for index, group in enumerate(groups):
        if budget.over():
            break
        board.model.minimize(group.objective(board))
        share = 1 / (len(groups) - index)
        found = improve(board, group, Crew(workers, prober.seed), budget, share=share, starts=[start])
        prober.interrupted = prober.interrupted or budget.interrupted
        if not found.solved:
            break
        standing = standing_of(board, found.values)
        rooms = match_standing(board, standing)
        if not isinstance(rooms, dict):
            break
        now = {name: (span, rooms[name]) for name, span in standing.spans.items()}
        if _costs(prober, now) <= _costs(prober, best):
            best = now
        start = dict(standing.spans), dict(rooms)
        for tier, cost in group.split(found.objective).items():
            board.model.add(board.cost(tier) <= cost)
    return best


def _costs(prober: Prober, places: Places) -> tuple[int, ...]:
    """Return how much is broken, then what each tier of the preferences costs."""
    schedule = prober.schedule(places)
    broken = sum(breach.amount for breach in schedule.breaches(prober.problem) if breach.hard)
    return broken, *costs(prober.problem, schedule).values()
