"""The rooms that cost least: where everyone can have one, the times are first improved with everyone in one.

A session that would rather stand in some rooms pays for the others, whoever else stands there. The best times of all
say nothing of that, and their rooms have to be made good afterwards. With the rooms that are wished for, the times can
be nearly as good; and where few wish for the same rooms, they fall apart into many small problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from unsched.rules.roomfit import InRoom
from unsched.solver.board import Board

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.rules.base import Preference

__all__ = ["wished_rooms"]


def wished_rooms(problem: Problem, wishes: Iterable[Preference], scales: Mapping[int, int]) -> tuple[InRoom, ...]:
    """Return rules that keep each session in the rooms that cost it least, as far as it can say so by itself.

    Args:
        problem: the facts and rules.
        wishes: the preferences that are listened to.
        scales: by what the costs of each tier count; those of other tiers do not.
    """
    board = Board(problem)
    for rule in problem.all_rules:
        if rule.narrows:
            rule.post(board)
    prices: dict[int, int] = {}
    for wish in wishes:
        with board.collected() as amounts:
            wish.post(board)
        for amount, weight, _ in amounts:
            flat = cp_model.FlatIntExpr(amount)
            for variable, factor in zip(flat.vars, flat.coeffs, strict=True):
                price = int(factor) * weight * scales.get(wish.tier, 0)
                prices[variable.index] = prices.get(variable.index, 0) + price
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, literals in board.literals_of_rooms.items():
        rooms = board.rooms(problem.session(name))
        paid = {room: prices.get(literals[room].index, 0) if room in literals else 0 for room in rooms}
        best = tuple(room for room, price in paid.items() if price == min(paid.values()))
        if len(best) < len(rooms):
            alike.setdefault(best, []).append(name)
    return tuple(InRoom(names, rooms) for rooms, names in alike.items())
