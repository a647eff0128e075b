"""How little can be changed at all, by the times alone: a bound for a repair, found without deciding any room.

What the times alone cost, the whole costs, too. Their model is a fraction of the whole, and its bound is most often all
there is to prove: that so many have to be told, since so many sessions have to take another time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import fields

from unsched.rules.base import Preference
from unsched.rules.notice import FewTold
from unsched.solver.compile import compile_problem
from unsched.solver.engine import Manner, run
from unsched.solver.scope import Scope

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
    for tier in sorted(board.costs):
        known_cost = grown.costs.get(tier, 0)
        bound = _bound(board, tier, known_cost, allowance) if known_cost else 0
        found[tier] = bound
        if bound < known_cost or allowance.over():
            break
        board.model.add(board.cost(tier) <= known_cost)
    return found


def _bound(board: Board, tier: int, known: int, allowance: Allowance) -> int:
    """Return what a tier costs at least: as much as is known, where it is impossible that it costs less.

    That it is to cost less is said to the solver: where few may move, to move one settles all others, and there is
    little left to search.
    """
    model = board.model.clone()
    model.add(board.cost(tier) < known)
    model.minimize(board.cost(tier))
    found = run(
        model,
        seconds=max(0.0, allowance.left),
        effort=allowance.effort,
        workers=allowance.workers,
        seed=allowance.seed,
        over=allowance.cancelled,
        manner=Manner.LIGHT,
    )
    allowance.effort -= found.effort
    allowance.interrupted = allowance.interrupted or found.interrupted
    if found.proven and not found.solved:
        return known
    return max(0, min(found.bound, known - 1))


def _counts(rule: Rule, stated: Stated) -> bool:
    return not isinstance(rule, Preference) or rule.tier not in stated.wishes


def _in_time(rule: Rule) -> Rule:
    if not isinstance(rule, FewTold):
        return rule
    return _ToldOfTimes(**{one.name: getattr(rule, one.name) for one in fields(FewTold)})
