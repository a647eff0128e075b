"""Windows: which sessions are looked at by themselves, because they hardly meet any others, in time or in rooms."""

from __future__ import annotations

from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unsched.solver.board import Board
    from unsched.solver.places import Places

__all__ = ["falls_apart", "windows", "windows_by_rooms"]

_SHORT = 0.25
_SMALL = 60
_DAY = 24 * 60


def windows(places: Places, size: int, first: int | None = None) -> list[tuple[str, ...]]:
    """Return the sessions in windows of about a size, by the middle of the times that each can take.

    A window ends where the next sessions have no time in common with it, if there is such a place near; where most
    sessions can stand anywhere, there is only one window.

    Args:
        places: where the sessions are.
        size: how many sessions a window has, about.
        first: the same of the first window, so that others can overlap those of another call; by default `size`.
    """
    enough = size if first is None else first
    reach: list[tuple[int, int, str]] = []
    for session in places.board.problem.sessions:
        spans = places.board.spans(session)
        if spans:
            reach.append((spans[0].start, max(span.end for span in spans), session.id))
    if not reach:
        return []
    reach.sort(key=lambda one: (one[0] + one[1], one[2]))
    latest = list(accumulate((end for _, end, _ in reach), max))
    earliest = list(accumulate((start for start, _, _ in reversed(reach)), min))[::-1]
    if median(end - start for start, end, _ in reach) > _SHORT * (latest[-1] - earliest[0]):
        return [tuple(name for _, _, name in reach)]
    found: list[list[str]] = [[]]
    for at, (start, end, name) in enumerate(reach):
        apart = at > 0 and earliest[at] >= latest[at - 1]
        other = at > 0 and reach[at - 1][:2] != (start, end)
        if (apart and len(found[-1]) >= enough // 2) or (other and len(found[-1]) >= enough):
            found.append([])
            enough = size
        found[-1].append(name)
    return [tuple(names) for names in found]


def falls_apart(several: Sequence[Sequence[str]]) -> bool:
    """Return whether windows by rooms are several, and all small enough to be solved to their end one by one."""
    return len(several) > 1 and max(map(len, several)) <= _SMALL


def windows_by_rooms(board: Board) -> list[tuple[str, ...]]:
    """Return the sessions in windows such that no two of different windows can meet in a room on a day."""
    above: dict[object, object] = {}

    def top(one: object) -> object:
        while (over := above.setdefault(one, one)) != one:
            above[one] = one = above[over]
        return one

    sessions = [session for session in board.problem.sessions if board.spans(session)]
    for session in sessions:
        rooms: dict[int, int] = {}
        for span in board.spans(session):
            for day in range(span.start // _DAY, (span.end - 1) // _DAY + 1):
                rooms[day] = rooms.get(day, 0) | board.mask(session, span)
        for day, mask in rooms.items():
            for room in range(mask.bit_length()):
                if mask >> room & 1:
                    above[top((day, room))] = top(session.id)
    found: dict[object, list[str]] = {}
    for session in sessions:
        found.setdefault(top(session.id), []).append(session.id)
    return [tuple(names) for names in found.values()]
