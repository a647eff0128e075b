"""Holding the solver to the rules' own checks: what it is asked about, and who is to blame where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from attrs import frozen

from unsched.domain.interval import Interval
from unsched.errors import DisagreementError
from unsched.rules.base import Preference
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.solver.board import Board

__all__ = ["NOTHING", "Claims", "blame", "costs", "price", "verify"]


def costs(problem: Problem, schedule: Schedule) -> dict[int, int]:
    """Return what a schedule costs, by tier, as the rules count it without the solver.

    Raises:
        InputError: the schedule is not one of this problem.
    """
    found = dict.fromkeys(sorted({rule.tier for rule in problem.all_rules if isinstance(rule, Preference)}), 0)
    for breach in schedule.breaches(problem):
        if isinstance(breach.rule, Preference):
            found[breach.rule.tier] += breach.cost
    return found


def price(board: Board, schedule: Schedule, *, rooms_too: bool = True) -> int | None:
    """Return what a schedule costs on a board, all tiers together, or `None` where the board refuses it.

    Args:
        board: a board, which is changed: its decisions are fixed.
        schedule: the schedule to ask about; sessions that it leaves out are left out.
        rooms_too: whether its rooms are meant too, or only its times.
    """
    problem = board.problem
    for session in problem.sessions:
        booking = schedule.get(session.id)
        if booking is None:
            board.model.add(board.placed(session) == 0)
            continue
        span = Interval(problem.window.minute(booking.start), problem.window.minute(booking.end))
        board.model.add(board.at(session, span) == 1)
        if rooms_too:
            board.model.add(board.uses(session, booking.room) == 1)
    board.model.add_assumptions(list(board.guards.values()))
    if board.costs:
        board.model.minimize(board.total([board.cost(tier) for tier in board.costs]))
    found = run(board.model)
    if not found.proven:
        raise RuntimeError(f"the solver came to no end over a fixed schedule: {found.status}")
    return (found.objective if board.costs else 0) if found.solved else None


@frozen
class Claims:
    """What the solver says of a schedule that it has found.

    Args:
        scales: the tiers that it was improving, each with its scale in the objective.
        cost: what the objective is at most.
        bound: what no schedule goes below.
    """

    scales: Mapping[int, int]
    cost: int
    bound: int


NOTHING = Claims({}, 0, 0)
"""No claim but that the constraints hold."""


def verify(problem: Problem, schedule: Schedule, claims: Claims) -> None:
    """Check a schedule from the solver without it.

    Args:
        problem: the facts and rules.
        schedule: what the solver found.
        claims: what it says of it.

    Raises:
        DisagreementError: it breaks a constraint, or costs more or less than the solver says; the error names the rule.
    """
    for breach in schedule.breaches(problem):
        if breach.hard:
            raise DisagreementError(breach.rule, f"the solver accepts what the check refuses: {breach.text}")
    counted = costs(problem, schedule)
    if not claims.bound <= sum(counted[tier] * scale for tier, scale in claims.scales.items()) <= claims.cost:
        sums = f"the costs {counted} do not agree with what the solver claims: {claims}"
        blame(problem, schedule, sums)


def blame(problem: Problem, schedule: Schedule, complaint: str) -> NoReturn:
    """Raise the error of the preference whose `post` and `check` disagree about a schedule.

    Args:
        problem: the facts and rules.
        schedule: a schedule that keeps all constraints.
        complaint: what is wrong, should no single preference be at fault.

    Raises:
        DisagreementError: always.
    """
    everywhere = frozenset(session.id for session in problem.sessions)
    for rule in problem.all_rules:
        if isinstance(rule, Preference):
            mine = sum(breach.cost for breach in schedule.breaches(problem) if breach.rule == rule)
            posted = price(compile_problem(problem, [rule], in_rooms=everywhere), schedule)
            if posted is None:
                raise DisagreementError(rule, "a preference forbids what all constraints allow")
            if posted != mine:
                raise DisagreementError(rule, f"the solver counts a cost of {posted} where the check counts {mine}")
    raise DisagreementError(None, complaint)
