"""Windows: a problem split by time or by rooms, each window solved by itself, and what that proves of the whole.

Sessions that can only stand in one week hardly meet those of another; nor do those of tracks that have rooms of their
own. Each window frees all its sessions at once; and the same sessions, looked at as if nobody else were in their way,
give a bound: what the windows cost at least by themselves, the whole costs at least (a Lagrangian bound with all
multipliers 0).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from math import fsum, inf
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, evolve, field

from unsched.solver.crew import first_done
from unsched.solver.flat import blocks, distinct, gather
from unsched.solver.neighbourhoods import Move
from unsched.solver.part import relax, solve_part
from unsched.solver.pieces import Unproven, pieces

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.part import Flags, Part, Solved
    from unsched.solver.places import Places

__all__ = ["Proof", "bound_by_windows", "moves_by_windows"]

_EFFORT = 4.0
_EFFORT_EACH = 0.016
"""Deterministic seconds that proving a window is worth, for each of its sessions."""
_MOST_BETWEEN = 100_000
_SEVERAL = -2


@define(eq=False)
class Proof:
    """What windows have proven of the whole.

    Args:
        bound: what no solution costs less than, by these windows alone.
        effort: the deterministic seconds used.
        unproven: the pieces that were not proven to their end.
        window_of: the number of the window of each variable; -1 where it is of none.
        least: what the variables of each window cost at least, by its number; at last, what sessions of several windows
            pay together.
        between: a flag for each price that these pay.
    """

    bound: int = 0
    effort: float = 0.0
    unproven: list[Unproven] = field(factory=list)
    window_of: Whole = field(factory=lambda: np.zeros(0, dtype=np.int64))
    least: Whole = field(factory=lambda: np.zeros(1, dtype=np.int64))
    between: Flags = field(factory=lambda: np.zeros(0, dtype=bool))

    def advance(self, piece: Unproven, proven: int) -> None:
        """Take over what a piece is now proven to cost at least."""
        more = max(0, proven - piece.proven)
        piece.proven += more
        self.least[piece.window] += more
        self.bound += more

    def beyond(self, flat: Flat, values: Whole) -> Flags:
        """Return a flag for each variable: whether something is paid for it where more is paid than is proven."""
        costs = flat.weights * values
        own = (self.window_of >= 0) & ~self.between
        paid = np.zeros(len(self.least), dtype=np.int64)
        np.add.at(paid, self.window_of[own], costs[own])
        dear = np.zeros(len(costs), dtype=bool)
        dear[own] = (paid > self.least)[self.window_of[own]]
        if costs[self.between].sum() > self.least[-1]:
            dear |= self.between
        # Of what is in no window, nothing has been proven.
        dear |= (self.window_of < 0) & ~self.between
        return dear & (costs > 0)


def moves_by_windows(
    places: Places,
    several: Sequence[Sequence[str]],
    *,
    each: float = inf,
    left: Callable[[], float] = lambda: inf,
    hinted: bool = False,
) -> tuple[Iterator[Move], Iterator[Move]]:
    """Return windows as moves, in two turns: every other window, and once those are done, the windows between them.

    Windows next to each other share hours, so that what one came to would no longer fit where the other was changed
    meanwhile.

    Args:
        places: where the sessions are.
        several: the windows.
        each: deterministic seconds that a window is worth for each of its sessions, up to those that any is worth.
        left: asked for each window how many wall seconds are left.
        hinted: whether each starts from what stands.
    """

    def turn(first: int) -> Iterator[Move]:
        for names in several[first::2]:
            variables = np.concatenate([places.own[name] for name in names])
            yield Move("window", variables, min(_EFFORT, each * len(names)), left(), hinted)

    return turn(0), turn(1)


def bound_by_windows(
    flat: Flat,
    places: Places,
    several: Sequence[Sequence[str]],
    values: Whole,
    *,
    pool: Executor,
    width: int,
    seed: int,
    left: Callable[[], float],
    known: dict[bytes, int] | None = None,
) -> Proof:
    """Prove what the windows cost at least, as if nobody else were in their way.

    Args:
        flat: the model as arrays.
        places: where the sessions are in it.
        several: the windows; a session is in one at most.
        values: a solution, from which each window starts.
        pool: where the windows are solved.
        width: how many at a time.
        seed: seed of the search.
        left: asked how many wall seconds are left; where none are, a window proves nothing but that costs are not
            negative.
        known: what windows have proven before, by their variables, and afterwards what these have. What sessions of
            several windows pay together is then left out, since that is not the same for other windows.
    """
    window_of = _windows_of_variables(flat, places, several)
    own, between = _between(flat, places, window_of) if known is None else _nobody(flat)
    # A price is counted once: in a window, or among those who stand in several.
    inside = evolve(flat, weights=np.where(between, 0, flat.weights)) if len(own) else flat
    cheapest = np.minimum(inside.weights * flat.lower, inside.weights * flat.upper)
    before: dict[bytes, int] = {} if known is None else known
    keys = []
    asked: deque[tuple[bytes, Flat, Flags]] = deque()
    for number in range(len(several)):
        # By its variables: which follow from it alone depends on where the other windows end.
        key = np.packbits(window_of == number).tobytes()
        keys.append(key)
        if key not in before:
            asked.append((key, inside, window_of == number))
    if len(own):
        among = np.zeros(len(flat.lower), dtype=bool)
        among[own] = True
        # What takes longest comes first, so that nobody waits for it at the end.
        asked.appendleft((b"", evolve(flat, weights=np.where(between, flat.weights, 0)), among))
    under_way: dict[Future[Solved], tuple[bytes, Part]] = {}
    unproven: list[Unproven] = []
    efforts: list[float] = []
    effort_each = max(_EFFORT, _EFFORT_EACH * max(map(len, several), default=0))
    while asked or under_way:
        # A window is cut when its turn comes: all at once would be as large as the model.
        if asked and len(under_way) < width:
            key, model, mine = asked.popleft()
            seconds = left()
            part = relax(model, values, mine) if seconds > 0 else None
            if part is None:
                before[key] = int(np.minimum(model.weights * flat.lower, model.weights * flat.upper)[mine].sum())
                continue
            before[key] = int(model.weights[part.given] @ part.gifts)
            for piece in pieces(part):
                if piece.weights @ piece.start == piece.cheapest:
                    before[key] += piece.cheapest
                    continue
                work = pool.submit(solve_part, piece, seed=seed, effort=effort_each, seconds=seconds, hinted=True)
                under_way[work] = key, piece
            continue
        # What they come to is added up, to the last digit: in which order they come makes no difference.
        future = first_done(under_way)
        key, piece = under_way.pop(future)
        solved = future.result()
        proven = max(piece.cheapest, solved.bound)
        before[key] += proven
        efforts.append(solved.effort)
        if not solved.done and known is None:
            unproven.append(Unproven(piece, keys.index(key) if key else -1, proven, solved.effort))
    least = np.array([before.get(key, 0) for key in (*keys, b"")], dtype=np.int64)
    bound = int(cheapest[window_of < 0].sum() + least.sum())
    return Proof(bound, fsum(efforts), unproven, window_of, least, between)


def _nobody(flat: Flat) -> tuple[Whole, Flags]:
    return np.zeros(0, dtype=np.int64), np.zeros(len(flat.lower), dtype=bool)


def _between(flat: Flat, places: Places, window_of: Whole) -> tuple[Whole, Flags]:
    """Return what decides prices that sessions of several windows pay together, and a flag for each such price.

    Where that is too much for one proof, nothing.
    """
    shared = np.flatnonzero(places.follows & (window_of < 0))
    paid = np.zeros(len(flat.lower), dtype=bool)
    near = distinct(flat.columns[gather(flat.starts, flat.rows_of(shared))], len(flat.lower))
    paid[near[places.follows[near] & (flat.weights[near] != 0)]] = True
    paid[shared[flat.weights[shared] != 0]] = True
    found = np.concatenate((shared, np.flatnonzero(paid)))
    near = distinct(flat.columns[gather(flat.starts, flat.rows_of(found))], len(flat.lower))
    owners = np.unique(places.owners[near])
    own = [places.own[places.names[number]] for number in owners[owners >= 0].tolist()]
    found = distinct(np.concatenate((found, near[places.follows[near]], *own)), len(flat.lower))
    if not paid.any() or len(found) > _MOST_BETWEEN:
        return _nobody(flat)
    return found, paid


def _windows_of_variables(flat: Flat, places: Places, several: Sequence[Sequence[str]]) -> Whole:
    """Return the window of each variable; -1 where it follows from sessions of several windows, or of none."""
    found = np.full(len(flat.lower), -1, dtype=np.int64)
    for number, names in enumerate(several):
        for name in names:
            found[places.own[name]] = number
    fresh = np.flatnonzero(found >= 0)
    # A variable that follows belongs where all the variables of its rows belong.
    for _ in range(4):
        known = found.copy()
        fresh_flags = np.zeros(len(found), dtype=bool)
        for rows in blocks(flat.starts, flat.rows_of(fresh)):
            _spread(flat, places.follows, rows, known, found, fresh_flags)
        fresh = np.flatnonzero(fresh_flags & (found >= 0))
        if not len(fresh):
            break
    found[found < 0] = -1
    return found


def _spread(flat: Flat, follows: Flags, rows: Whole, known: Whole, found: Whole, fresh: Flags) -> None:
    """Let windows reach what follows from them by some rows.

    Args:
        flat: the model as arrays.
        follows: a flag for each variable: whether it follows from others.
        rows: the rows.
        known: the window of each variable as it was; -1 is none yet, -2 several.
        found: the same as it will be.
        fresh: a flag for each variable, set for those that have got one.
    """
    at = gather(flat.starts, rows)
    of_row = np.repeat(np.arange(len(rows)), flat.starts[rows + 1] - flat.starts[rows])
    columns = flat.columns[at]
    now = known[columns]
    top, bottom = np.full(len(rows), -1, dtype=np.int64), np.full(len(rows), 2**62, dtype=np.int64)
    np.maximum.at(top, of_row[now >= 0], now[now >= 0])
    np.minimum.at(bottom, of_row[now >= 0], now[now >= 0])
    alone = (top == bottom)[of_row]
    open_ = follows[columns] & (now != _SEVERAL)
    mine = open_ & alone & (now == -1) & (found[columns] != _SEVERAL)
    found[columns[mine]] = top[of_row[mine]]
    fresh[columns[mine]] = True
    found[columns[open_ & alone & (now >= 0) & (now != top[of_row])]] = _SEVERAL
    found[columns[open_ & ~alone]] = _SEVERAL
