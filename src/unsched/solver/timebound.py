"""How little can be changed at all, by the times alone: a bound for a repair, found without deciding any room.

What the times alone cost, the whole costs, too. Their model is a fraction of the whole, and its bound is most often all
there is to prove: that so many have to be told, since so many sessions have to take another time.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING

from attrs import evolve, fields

from unsched.rules.base import Preference
from unsched.rules.notice import FewTold
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.scope import Scope
from unsched.solver.tiers import group_tiers

if TYPE_CHECKING:
    from unsched.domain.schedule import Booking
    from unsched.domain.session import Session
    from unsched.rules.base import Rule
    from unsched.solver.board import Board
    from unsched.solver.growing import Allowance, Grown
    from unsched.solver.probe import Places
    from unsched.solver.restate import Stated
    from unsched.solver.terms import Linear

__all__ = ["bounds_of_times"]


class _ToldOfTimes(FewTold):
    """Those who have to be told that something takes another time; who is told of rooms alone is not counted."""

    def _changed(self, board: Board, session: Session, booking: Booking) -> Linear:
        from unsched.domain.interval import Interval

        window = board.problem.window
        kept = Interval(window.minute(booking.start), window.minute(booking.end))
        return 1 - board.at(session, kept)


def bounds_of_times(stated: Stated, grown: Grown, fixed: Places, allowance: Allowance) -> dict[int, int]:
    """Return what each tier before the wishes costs at least, given that those before it cost what they do in a repair.

    Args:
        stated: the repair as a problem.
        grown: the repair that is known.
        fixed: the places of sessions that stand in any that is as good.
        allowance: what may be spent.
    """
    rules = [_in_time(rule) for rule in stated.problem.all_rules if _counts(rule, stated)]
    board = compile_problem(stated.problem, rules, times_only=True, scope=Scope(fixed=fixed))
    for session in stated.problem.sessions:
        known = grown.places.get(session.id)
        for span in board.spans(session):
            board.model.add_hint(board.at(session, span), known is not None and known[0] == span)
    found: dict[int, int] = {}
    for group in group_tiers(board):
        if allowance.over():
            break
        objective = group.objective(board)
        target = sum(scale * grown.costs.get(tier, 0) for tier, scale in group.scales.items())
        board.model.minimize(objective)
        one = run(
            board.model,
            seconds=allowance.left,
            effort=allowance.effort,
            workers=allowance.workers,
            seed=allowance.seed,
            over=allowance.cancelled,
            enough=lambda cost, bound, target=target: bound >= target,  # type: ignore[misc]  # bound early
            quick=True,
        )
        allowance.effort -= one.effort
        allowance.interrupted = allowance.interrupted or one.interrupted
        known_costs = {tier: grown.costs.get(tier, 0) for tier in group.scales}
        bounds = group.bounds(min(one.bound, target), known_costs)
        found.update(bounds)
        if bounds != known_costs:
            break
        for tier, cost in known_costs.items():
            board.model.add(board.cost(tier) <= cost)
    return found


def _counts(rule: Rule, stated: Stated) -> bool:
    return not isinstance(rule, Preference) or rule.tier not in stated.wishes


def _in_time(rule: Rule) -> Rule:
    if not isinstance(rule, FewTold):
        return rule
    return _ToldOfTimes(**{one.name: getattr(rule, one.name) for one in fields(FewTold)})
