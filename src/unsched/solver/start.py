"""A first schedule: the most constrained sessions first, a few at a time, each few placed exactly.

The model that says that every session is placed is relaxed: a session that is left out costs more than all else. So
there is a solution from the beginning (nothing stands), and each step adds some sessions as well as they can be
added to what stands. Who finds no place then is let in by neighbourhoods around the places that they could take.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from unsched.solver.improve import Improver
from unsched.solver.matching import NO_ROOMS
from unsched.solver.neighbourhoods import Move, Neighbourhoods
from unsched.solver.part import settle
from unsched.solver.split import moves_by_windows
from unsched.solver.windows import windows

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.places import Places

__all__ = ["construct"]

_AT_ONCE = 24
_TRIES = 500
_MOST_PENALTY = 2**36
_WINDOW = 200
_FEW = 0.2


def construct(
    flat: Flat,
    places: Places,
    *,
    pool: Executor,
    width: int,
    seed: int,
    over: Callable[[], bool],
    begin: Whole | None = None,
    rooms: Mapping[str, str] = NO_ROOMS,
) -> tuple[Whole | None, float, Mapping[str, str]]:
    """Find a schedule that keeps the constraints, and is no bad one.

    Args:
        flat: the model as arrays.
        places: where the sessions are in it.
        pool: where parts are solved.
        width: how many parts are under way at a time.
        seed: seed of the search.
        over: whether to stop.
        begin: where some sessions may stand to begin with.
        rooms: and in which rooms they then fit together.

    Returns:
        a solution, or `None` where none was found; the deterministic seconds used; and rooms of its sessions, as far as
        known.
    """
    relaxed = _relax(flat, places)
    empty = np.zeros(len(flat.lower), dtype=np.int64)
    values = None if begin is None else settle(relaxed, begin, places.follows)
    values = settle(relaxed, empty, places.follows) if values is None else values
    if values is None:
        return None, 0.0, rooms
    chance = random.Random(seed)  # noqa: S311  no secret
    search = Improver(relaxed, places, values, Neighbourhoods(relaxed, places, chance), seed, dict(rooms))
    missing = _missing(search)
    several = windows(places, _WINDOW)
    # Where most stand already, the windows would be decided anew for the sake of a few.
    if len(several) > 1 and len(missing) > _FEW * len(places.names):
        for turn in moves_by_windows(places, several):
            search.run(pool, width, moves=turn, over=over)
    else:
        search.run(pool, 0, moves=_chunks(places, missing), over=over)
    search.run(
        pool,
        width,
        moves=iter(lambda: search.neighbourhoods.let_in(_missing(search), search.standing), None),
        over=_given_up(search, over),
    )
    return (None if flat.broken(search.values) else search.values), search.effort, search.rooms


def _given_up(search: Improver, over: Callable[[], bool]) -> Callable[[], bool]:
    """Return what notices that all have a place, or that a good many tries have brought in nobody."""
    fewest, since = len(search.places.names) + 1, search.parts

    def given_up() -> bool:
        nonlocal fewest, since
        missing = len(_missing(search))
        if missing < fewest:
            fewest, since = missing, search.parts
        return over() or not missing or search.parts - since > _TRIES

    return given_up


def _missing(search: Improver) -> list[str]:
    return [name for name in search.places.board.placings if name not in search.standing.spans]


def _relax(flat: Flat, places: Places) -> Flat:
    """Let sessions be left out, at a price above all others."""
    least, weights = flat.least.copy(), flat.weights.copy()
    reach = np.abs(flat.weights).astype(np.float64) @ np.minimum(flat.upper - flat.lower, 10**9)
    price = int(min(reach + 1, _MOST_PENALTY))
    for name, constraint in places.board.placings.items():
        least[flat.heads[constraint]] = 0
        times = [literal.index for literal in places.board.literals_of_spans[name].values()]
        weights[times] -= price
    return evolve(flat, least=least, weights=weights)


def _chunks(places: Places, missing: list[str]) -> Iterator[Move]:
    """Yield the sessions a few at a time: those with the fewest possible places first."""
    board = places.board
    session = board.problem.sessions_by_id

    def choice(name: str) -> int:
        mine = session[name]
        return sum(board.mask(mine, span).bit_count() for span in board.spans(mine))

    order = sorted(missing, key=lambda name: (choice(name), name))
    for at in range(0, len(order), _AT_ONCE):
        yield Move("first", np.concatenate([places.own[name] for name in order[at : at + _AT_ONCE]]))
