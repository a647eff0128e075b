"""The rows of a model as a walk reads them: those of decisions alone before the others, and what is known of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from unsched.solver.implied import implied
from unsched.solver.layout import DECIDED, GIVES, LEAST, MIXED, MOST, SHARED, WIDE

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.formulas import Formulas
    from unsched.solver.ground import Positions

__all__ = ["rows_of"]


def rows_of(flat: Flat, formulas: Formulas, positions: Positions) -> dict[str, Whole]:
    """Return the rows of each variable that say anything, and what there is to know of each row, as `layout` has it.

    Args:
        flat: the model.
        formulas: what follows from where the sessions stand.
        positions: where they can stand.
    """
    heads = _heads(flat, formulas)
    what = heads[:, 2]
    decided = what & (DECIDED | MIXED) == DECIDED
    says = what & ~(SHARED | LEAST | MOST) != 0
    says[implied(flat, np.flatnonzero(decided), positions)] = False
    size = len(flat.lower)
    of = np.repeat(np.arange(size), np.diff(flat.row_starts))
    kept, later = says[flat.rows], ~decided[flat.rows]
    order = np.lexsort((later, of))
    order = order[kept[order]]
    starts = np.concatenate(([0], np.cumsum(np.bincount(of[kept], minlength=size))))
    return {
        "row_starts": starts,
        "splits": starts[:-1] + np.bincount(of[kept & ~later], minlength=size),
        "entries": np.stack([flat.rows[order], flat.row_factors[order]], axis=1).ravel(),
        "heads": heads.ravel(),
    }


def _heads(flat: Flat, formulas: Formulas) -> Whole:
    """Return `WIDE` numbers for each row."""
    height = len(flat.least)
    of_row = np.repeat(np.arange(height), np.diff(flat.starts))
    mixed = np.bincount(of_row[formulas.ranks[flat.columns] >= 0], minlength=height) > 0
    counted = np.where(formulas.counted, np.where(mixed, MIXED, DECIDED), 0)
    first, many = formulas.row_starts[:-1], np.diff(formulas.row_starts)
    single = (many == 1) & ~formulas.shared
    variable, factor = np.zeros((2, height), dtype=np.int64)
    variable[single] = formulas.variables[first[single]]
    factor[single] = formulas.row_factors[first[single]]
    down = formulas.directions[variable] < 0
    side = np.where(single, np.where((factor > 0) == down, LEAST, MOST), 0)
    what = counted + SHARED * formulas.shared + side + (many << GIVES)
    ease = np.where(down, flat.lower[variable], flat.upper[variable])
    return np.stack([flat.least, flat.most, what, first, variable, ease, np.abs(factor)], axis=1).reshape(height, WIDE)
