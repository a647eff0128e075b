"""The rooms that cost least: where everyone can have one, the times are first improved with everyone in one.

A session that would rather stand in some rooms pays for the others, whoever else stands there. The best times of all
say nothing of that, and their rooms have to be made good afterwards. With the rooms that are wished for, the times can
be nearly as good; and where few wish for the same rooms, they fall apart into many small problems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

from attrs import frozen
from ortools.sat.python import cp_model

from unsched.rules.base import Preference
from unsched.rules.roomfit import InRoom
from unsched.solver.board import Board
from unsched.solver.terms import RoomsAskedError

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.part import Part
    from unsched.domain.session import Session
    from unsched.domain.venue import Room
    from unsched.solver.terms import Linear

__all__ = ["wished_rooms"]


@frozen(eq=False)
class _Each(Board):
    """A board on which each session can be asked for its room, and nothing that would take long to say."""

    def stands(self, session: Session, span: Interval, room: str) -> NoReturn:
        raise RoomsAskedError

    def share_room(self, one: Session, other: Session) -> NoReturn:
        raise RoomsAskedError

    def same_room(self, one: Session, other: Session) -> NoReturn:
        raise RoomsAskedError

    def apart(self, one: Session | Part, other: Session | Part, gap: Callable[[Room, Room], int | None]) -> NoReturn:
        raise RoomsAskedError


def wished_rooms(times: Board) -> tuple[InRoom, ...]:
    """Return rules that keep each session in the rooms that cost it least, as far as it pays for rooms by itself.

    Args:
        times: a board of the times alone: what preferences it has left out, and what it counts of the prices of rooms.

    Returns:
        rules about the sessions that have a wish which the times leave out.
    """
    problem = times.problem
    board = _Each(problem)
    for rule in problem.all_rules:
        if rule.narrows:
            rule.post(board)
    prices: dict[int, dict[int, int]] = {}
    for wish in times.left_out:
        if isinstance(wish, Preference):
            for index, price in _heard(board, wish):
                by_tier = prices.setdefault(index, {})
                by_tier[wish.tier] = by_tier.get(wish.tier, 0) + price
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, literals in board.literals_of_rooms.items():
        if not any(literal.index in prices for literal in literals.values()):
            continue
        # Tier before tier, and what is counted already with what is not.
        paid = {
            room: tuple(
                prices.get(literals[room].index, {}).get(tier, 0)
                + times.overflow.get(tier, {}).get(name, {}).get(room, 0)
                for tier in sorted(times.costs)
            )
            for room in board.rooms(problem.session(name))
        }
        least = min(paid.values())
        best = tuple(room for room, price in paid.items() if price == least)
        if len(best) < len(paid):
            alike.setdefault(best, []).append(name)
    return tuple(InRoom(names, rooms) for rooms, names in alike.items())


def _heard(board: Board, wish: Preference) -> Iterator[tuple[int, int]]:
    """Yield what a preference makes decisions cost by themselves, as far as it can be heard."""
    amounts: list[tuple[Linear, int, tuple[str, ...]]]
    with board.collected() as amounts:
        try:
            wish.post(board)
        except RoomsAskedError:
            return
    for amount, weight, _ in amounts:
        flat = cp_model.FlatIntExpr(board.total([amount]))
        for variable, factor in zip(flat.vars, flat.coeffs, strict=True):
            yield variable.index, int(factor) * weight
