"""Pieces of a part: what has no row in common is solved one by one, which takes far less than all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, evolve

if TYPE_CHECKING:
    from unsched.solver.flat import Whole
    from unsched.solver.part import Part

__all__ = ["LONGER", "Unproven", "pieces", "worth_while"]

LONGER, _LAST = 2.0, 0.5
"""How much longer than before a piece is proven, to come further; and the share of what is left that this may take."""


@define(eq=False)
class Unproven:
    """A piece that was not solved to its end.

    Args:
        part: the piece.
        window: the number of the window that it is of; -1 where sessions of several windows pay for it together.
        proven: what it costs at least, as far as is known.
        effort: the deterministic seconds that this has taken.
        seconds: the wall seconds of the longest time that it has been gone on with.
    """

    part: Part
    window: int
    proven: int
    effort: float
    seconds: float = 0.0


def pieces(part: Part) -> list[Part]:
    """Return a part in pieces that share no row; what the part gives away already is in none of them.

    Args:
        part: the part.

    Returns:
        the pieces, in the order of their first variables.
    """
    labels = _labels(part)
    found, piece_of = np.unique(labels, return_inverse=True)
    none = part.given[:0]
    if len(found) < 2:
        return [evolve(part, given=none, gifts=none)] if len(labels) else []
    sizes = np.diff(part.starts)
    of_row = np.repeat(np.arange(len(sizes)), sizes)
    row_piece = np.full(len(sizes), -1, dtype=np.int64)
    row_piece[of_row] = piece_of[part.columns]
    place = np.zeros(len(labels), dtype=np.int64)
    several = []
    for number in range(len(found)):
        mine = np.flatnonzero(piece_of == number)
        place[mine] = np.arange(len(mine))
        rows = np.flatnonzero(row_piece == number)
        entries = row_piece[of_row] == number
        several.append(
            evolve(
                part,
                variables=part.variables[mine],
                lower=part.lower[mine],
                upper=part.upper[mine],
                weights=part.weights[mine],
                starts=np.concatenate(([0], np.cumsum(sizes[rows]))).astype(np.int64),
                columns=place[part.columns[entries]],
                factors=part.factors[entries],
                least=part.least[rows],
                most=part.most[rows],
                start=part.start[mine],
                cutoff=None,
                given=none,
                gifts=none,
            )
        )
    return several


def _labels(part: Part) -> Whole:
    """Return a number for each variable, the same for those that rows join."""
    rows = len(part.least)
    of_row = np.repeat(np.arange(rows), np.diff(part.starts))
    labels = np.arange(len(part.lower))
    while True:
        least = np.full(rows, len(labels), dtype=np.int64)
        np.minimum.at(least, of_row, labels[part.columns])
        joined = labels.copy()
        np.minimum.at(joined, part.columns, least[of_row])
        # Whoever has taken over a number follows it to where that leads.
        joined = joined[joined]
        if np.array_equal(joined, labels):
            return labels
        labels = joined


def worth_while(several: Sequence[Unproven], seconds: float) -> list[Unproven]:
    """Return the pieces that can be proven for long enough to come further than before.

    Args:
        several: pieces.
        seconds: the wall seconds that are left.
    """
    return [piece for piece in several if LONGER * piece.seconds < _LAST * seconds]
