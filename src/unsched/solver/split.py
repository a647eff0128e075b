"""Windows: a problem split by time or by rooms, each window solved by itself, and what that proves of the whole.

Sessions that can only stand in one week hardly meet those of another; nor do those of tracks that have rooms of their
own. Each window frees all its sessions at once; and the same sessions, looked at as if nobody else were in their way,
give a bound: what the windows cost at least by themselves, the whole costs at least (a Lagrangian bound with all
multipliers 0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import accumulate
from math import inf
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from unsched.solver.flat import distinct, gather
from unsched.solver.neighbourhoods import Move
from unsched.solver.part import relax, solve_part

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.part import Flags
    from unsched.solver.places import Places

__all__ = ["bound_by_windows", "moves_by_windows", "windows", "windows_by_rooms"]

_EFFORT = 4.0
_SHORT = 0.25
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


def windows_by_rooms(places: Places) -> list[tuple[str, ...]]:
    """Return the sessions in windows such that no two of different windows can meet in a room on a day."""
    board = places.board
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


def moves_by_windows(
    places: Places, several: Sequence[Sequence[str]], *, seconds: float = inf, hinted: bool = False
) -> tuple[Iterator[Move], Iterator[Move]]:
    """Return windows as moves, in two turns: every other window, and once those are done, the windows between them.

    Windows next to each other share hours, so that what one came to would no longer fit where the other was changed
    meanwhile.

    Args:
        places: where the sessions are.
        several: the windows.
        seconds: wall seconds for each at most.
        hinted: whether each starts from what stands.
    """

    def turn(first: int) -> Iterator[Move]:
        for names in several[first::2]:
            variables = np.concatenate([places.own[name] for name in names])
            yield Move("window", variables, _EFFORT, seconds, hinted)

    return turn(0), turn(1)


def bound_by_windows(
    flat: Flat,
    places: Places,
    several: Sequence[Sequence[str]],
    values: Whole,
    *,
    pool: Executor,
    seed: int,
    over: Callable[[], bool],
) -> tuple[int, float]:
    """Return what no solution costs less than, and the deterministic seconds used.

    Args:
        flat: the model as arrays.
        places: where the sessions are in it.
        several: the windows; a session is in one at most.
        values: a solution, from which each window starts.
        pool: where the windows are solved.
        seed: seed of the search.
        over: whether to stop; the windows that are left then prove nothing but that costs are not negative.
    """
    window_of = _windows_of_variables(flat, places, several)
    cheapest = np.minimum(flat.weights * flat.lower, flat.weights * flat.upper)
    bound = int(cheapest[window_of < 0].sum())
    under_way = []
    effort = 0.0
    for number in range(len(several)):
        own: Flags = window_of == number
        part, _ = relax(flat, values, own)
        rest = int(cheapest[own].sum())
        if part is None or over():
            bound += rest
            continue
        rest = int(flat.weights[part.given] @ part.gifts)
        least = int(np.minimum(part.weights * part.lower, part.weights * part.upper).sum())
        under_way.append((rest, least, pool.submit(solve_part, part, seed=seed, effort=_EFFORT, hinted=True)))
    for rest, least, future in under_way:
        if over():
            future.cancel()
        solved = None if future.cancelled() else future.result()
        bound += rest + (least if solved is None else max(least, solved.bound))
        effort += 0.0 if solved is None else solved.effort
    return bound, effort


def _windows_of_variables(flat: Flat, places: Places, several: Sequence[Sequence[str]]) -> Whole:
    """Return the window of each variable; -1 where it follows from sessions of several windows, or of none."""
    found = np.full(len(flat.lower), -1, dtype=np.int64)
    for number, names in enumerate(several):
        for name in names:
            found[places.own[name]] = number
    shared = -2
    fresh = np.flatnonzero(found >= 0)
    # A variable that follows belongs where all the variables of its rows belong.
    for _ in range(4):
        rows = flat.rows_of(fresh)
        at = gather(flat.starts, rows)
        of_row = np.repeat(np.arange(len(rows)), flat.starts[rows + 1] - flat.starts[rows])
        columns = flat.columns[at]
        known = found[columns]
        top, bottom = np.full(len(rows), -1, dtype=np.int64), np.full(len(rows), 2**62, dtype=np.int64)
        np.maximum.at(top, of_row[known >= 0], known[known >= 0])
        np.minimum.at(bottom, of_row[known >= 0], known[known >= 0])
        alone = (top == bottom)[of_row]
        follows = places.follows[columns] & (known != shared)
        several_windows = distinct(columns[follows & ~alone], len(found))
        mine = follows & alone & (known == -1)
        found[columns[mine]] = top[of_row[mine]]
        disputed = columns[follows & alone & (known >= 0) & (known != top[of_row])]
        found[disputed] = shared
        found[several_windows] = shared
        fresh = distinct(columns[mine], len(found))
        fresh = fresh[found[fresh] >= 0]
        if not len(fresh):
            break
    found[found < 0] = -1
    return found
