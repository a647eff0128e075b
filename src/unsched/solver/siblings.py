"""Siblings: sessions that gain by standing in one room, whatever the rule that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from unsched.solver.flat import Flat
    from unsched.solver.places import Places

__all__ = ["siblings"]

_MOST = 32
"""Where one variable follows from the rooms of more sessions than these, it is no family."""


def siblings(flat: Flat, places: Places, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each session those with which it shares something that follows from their rooms.

    Args:
        flat: the model.
        places: where the sessions are in it.
        names: the ids of the sessions.
    """
    numbers = {name: number for number, name in enumerate(names)}
    owners = np.full(len(flat.lower), -1, dtype=np.int64)
    for name, literals in places.in_rooms.items():
        if name in numbers:
            owners[literals] = numbers[name]
    of_row = np.repeat(np.arange(len(flat.least)), np.diff(flat.starts))
    owned = owners[flat.columns] >= 0
    follows = places.follows[flat.columns]
    pairs: set[tuple[int, int]] = set()
    rows_of = of_row[owned], owners[flat.columns[owned]]
    starts = np.searchsorted(rows_of[0], np.arange(len(flat.least) + 1))
    for row, column in zip(of_row[follows].tolist(), flat.columns[follows].tolist(), strict=True):
        first, last = starts[row], starts[row + 1]
        if 0 < last - first <= _MOST:
            pairs.update((column, owner) for owner in rows_of[1][first:last].tolist())
    found: dict[int, dict[int, None]] = {number: {} for number in range(len(names))}
    several = sorted(pairs)
    ends = [at for at in range(1, len(several)) if several[at][0] != several[at - 1][0]]
    for begin, end in pairwise((0, *ends, len(several))):
        family = [owner for _, owner in several[begin:end]]
        if 2 <= len(family) <= _MOST:
            for owner in family:
                found[owner].update((other, None) for other in family if other != owner)
    return {names[number]: tuple(names[other] for other in sorted(mine)) for number, mine in found.items()}
