"""Rows of decisions that a walk need not look at: wherever the sessions stand they hold, or another row says as much.

A model says many things twice, since a solver of linear relaxations gains by it. A walk loses: it looks at every row of
a session each time that it moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unsched.solver.flat import gather

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.ground import Positions
    from unsched.solver.part import Flags

__all__ = ["implied"]

_MOST_PAIRS = 4_000_000


def implied(flat: Flat, which: Whole, positions: Positions) -> Whole:
    """Return those of some rows that hold wherever the sessions stand, or because another of them holds.

    Args:
        flat: the model.
        which: rows of decisions alone, in order; in none of them does a decision stand twice.
        positions: where the sessions can stand.
    """
    always = _of_one_session(flat, which, positions)
    packing = np.setdiff1d(which, always)
    return np.concatenate((always, _within_others(flat, packing[_is_packing(flat, packing)])))


def _of_one_session(flat: Flat, which: Whole, positions: Positions) -> Whole:
    """Return the rows that speak of one session alone, and hold at each of its positions."""
    owner, several = _owners(flat, positions)
    fixed = flat.lower == flat.upper
    entries = gather(flat.starts, which)
    of = np.repeat(np.arange(len(which)), np.diff(flat.starts)[which])
    columns = flat.columns[entries]
    owned = np.where(several[columns] | fixed[columns], -1, owner[columns])
    low = np.full(len(which), len(owner), dtype=np.int64)
    np.minimum.at(low, of, owned)
    high = np.full(len(which), -1, dtype=np.int64)
    np.maximum.at(high, of, owned)
    single = (low == high) & (low >= 0)
    keep = single[of]
    # Where each of these literals is true, and to what the row comes there.
    order, starts = _where_true(flat, positions)
    columns, rows, factors = columns[keep], of[keep], flat.factors[entries][keep]
    counts = np.diff(starts)[columns]
    keys = np.repeat(rows, counts) * len(positions.hours) + order[gather(starts, columns)]
    found, inverse = np.unique(keys, return_inverse=True)
    sums = np.bincount(inverse, weights=np.repeat(factors, counts), minlength=len(found))
    rows = found // max(1, len(positions.hours))
    fits = (sums >= flat.least[which[rows]]) & (sums <= flat.most[which[rows]])
    bad = np.bincount(rows[~fits], minlength=len(which)) > 0
    # At the other positions of the session, nothing of the row is true.
    sizes = np.diff(positions.starts)
    all_true = np.bincount(rows, minlength=len(which)) == np.where(single, sizes[np.where(single, low, 0)], -1)
    holds = all_true | ((flat.least[which] <= 0) & (flat.most[which] >= 0))
    kept: Whole = which[single & ~bad & holds]
    return kept


def _owners(flat: Flat, positions: Positions) -> tuple[Whole, Flags]:
    """Return the session of each variable, or -1; and whether it is of several."""
    session = np.repeat(np.arange(len(positions.starts) - 1), np.diff(positions.starts))
    of = np.repeat(session, np.diff(positions.literal_starts))
    owner = np.full(len(flat.lower), -1, dtype=np.int64)
    owner[positions.literals] = of
    several = np.zeros(len(flat.lower), dtype=bool)
    several[positions.literals[owner[positions.literals] != of]] = True
    return owner, several


def _where_true(flat: Flat, positions: Positions) -> tuple[Whole, Whole]:
    """Return the positions at which each variable is true, one variable after the other, and where they start."""
    position = np.repeat(np.arange(len(positions.hours)), np.diff(positions.literal_starts))
    counts = np.bincount(positions.literals, minlength=len(flat.lower))
    order = np.argsort(positions.literals, kind="stable")
    return position[order], np.concatenate(([0], np.cumsum(counts)))


def _is_packing(flat: Flat, which: Whole) -> Flags:
    """Return which rows say that at most one of some decisions is taken."""
    ones = np.concatenate(([0], np.cumsum(flat.factors == 1)))
    all_ones = ones[flat.starts[1:]] - ones[flat.starts[:-1]] == np.diff(flat.starts)
    found: Flags = all_ones[which] & (flat.most[which] == 1) & (flat.least[which] <= 0)
    return found


def _within_others(flat: Flat, which: Whole) -> Whole:
    """Return those of some rows, of which each lets one decision be taken, that another contains."""
    sizes = np.diff(flat.starts)[which]
    columns = flat.columns[gather(flat.starts, which)]
    of = np.repeat(np.arange(len(which)), sizes)
    degrees = np.bincount(columns, minlength=len(flat.lower))
    if int(degrees[columns].sum()) > _MOST_PAIRS:
        return which[:0]
    order = np.argsort(columns, kind="stable")
    starts = np.concatenate(([0], np.cumsum(degrees)))
    others = of[order][gather(starts, columns.astype(np.int64))]
    keys, shared = np.unique(np.repeat(of, degrees[columns]) * len(which) + others, return_counts=True)
    one, other = keys // max(1, len(which)), keys % max(1, len(which))
    within = (shared == sizes[one]) & ((sizes[other] > sizes[one]) | (other < one))
    found: Whole = which[np.unique(one[within])]
    return found
