"""Rooms taken up in stretches of time: what ties them to the sessions, and what they leave open to each.

If so many sessions of a cell run at an instant, they take up so many rooms. Where sessions start and end inside their
cell, and are alone in the rooms that they take up, that is exact: intervals can be coloured with as many colours as
run at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from unsched.domain.interval import Interval
from unsched.solver.cliques import crowds

if TYPE_CHECKING:
    from unsched.solver.board import Board
    from unsched.solver.terms import Literal

__all__ = ["Taken", "left_by_cells", "link_cells", "taken_up", "uncounted"]

Taken: TypeAlias = "Mapping[int, int]"
"""The rooms that each cell takes up, as bits in the order of the problem, by the number of the cell."""

_Stays: TypeAlias = "dict[tuple[int, int], list[tuple[str, Literal]]]"


def uncounted(board: Board) -> set[str]:
    """Return the sessions of cells whose rooms have to be decided, since some of these hold several at a time."""
    limited = board.leads
    names = {name for cell in board.cells.values() for name in cell.stays}
    return {name for name in names if any(room not in limited for room in board.rooms(board.problem.session(name)))}


def link_cells(board: Board, stands: Mapping[str, Mapping[tuple[Interval, str], Literal]]) -> None:
    """Tie the rooms that cells take up to where their sessions stand.

    Args:
        board: the board, after all rules have spoken.
        stands: for the sessions whose rooms are decided in the model, the literals by time and room.
    """
    bits = {room.id: 1 << index for index, room in enumerate(board.problem.rooms)}
    limited = sum(bits[name] for name in board.leads)
    for number, cell in enumerate(board.cells.values()):
        by_mask: dict[int, _Stays] = {}
        for name, spans in cell.stays.items():
            session = board.problem.session(name)
            for span in spans:
                board.cells_at.setdefault((name, span), []).append(number)
                stays = by_mask.setdefault(board.mask(session, span), {})
                stays.setdefault((span.start, span.end), []).append((name, board.at(session, span)))
            for room, literal in cell.rooms.items() if name in stands else ():
                here = [stands[name][span, room] for span in spans if (span, room) in stands[name]]
                board.model.add(board.total(here) <= literal)
        union = 0
        for mask in by_mask:
            union |= mask
        for family in dict.fromkeys((*by_mask, union)):
            inside: _Stays = {}
            for mask, stays in by_mask.items():
                for times, some in stays.items() if not mask & ~family else ():
                    inside.setdefault(times, []).extend(some)
            _count(
                board,
                inside,
                [literal for room, literal in cell.rooms.items() if bits[room] & family],
                exclusive=not family & ~limited,
            )


def _count(board: Board, stays: _Stays, rooms: Sequence[Literal], *, exclusive: bool) -> None:
    """Let sessions that stand in some rooms take up one, and as many as run at once if each holds one at a time."""
    taken = board.total(rooms)
    by_name: dict[str, list[Interval]] = {}
    for times, some in stays.items():
        for name, _ in some:
            by_name.setdefault(name, []).append(Interval(*times))
    for name, spans in by_name.items():
        board.model.add(board.takes_one(board.problem.session(name), spans) <= taken)
    if exclusive and len(by_name) > 1:
        for group in crowds(stays):
            if len({name for name, _ in group}) > 1:
                board.model.add(board.total([literal for _, literal in group]) <= taken)


def taken_up(board: Board, values: Sequence[int]) -> dict[int, int]:
    """Return which rooms each cell takes up in a solution."""
    bits = {room.id: 1 << index for index, room in enumerate(board.problem.rooms)}
    return {
        number: sum(bits[room] for room, literal in cell.rooms.items() if values[literal.index])
        for number, cell in enumerate(board.cells.values())
    }


def left_by_cells(board: Board, name: str, span: Interval, taken: Taken) -> int:
    """Return the rooms, as bits, that are left to a session at a time by the cells that it is in then."""
    mask = board.mask(board.problem.session(name), span)
    for number in board.cells_at.get((name, span), ()):
        mask &= taken[number]
    return mask
