"""A model as arrays: linear rows over whole numbers, from which parts are cut at the price of the part.

CP-SAT copies and simplifies a model for each of its solves. Where a neighbourhood of 30 sessions of 1,000 is solved
again and again, that would be most of the work, so the model is laid out once in arrays of numpy, and each part is
cut from the rows that its decisions touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

__all__ = ["FAR", "ByVariable", "Choice", "Entries", "Flat", "Peak", "Whole", "blocks", "distinct", "gather", "narrow"]

Whole: TypeAlias = NDArray[np.int64]
"""Whole numbers in a row."""
Entries: TypeAlias = NDArray[np.integer[Any]]
"""The same, of which a year has some millions: in as few bytes each as will do."""

_BLOCK = 500_000
FAR = 2**60
"""What counts as no bound at all."""


@frozen(eq=False)
class Choice:
    """A variable that equals the greatest of several sums, said by selectors that are not in the model.

    Args:
        selectors: for each sum, the variable that picks it.
        sums: columns, factors and constant of each.
    """

    selectors: tuple[int, ...]
    sums: tuple[tuple[Whole, Whole, int], ...]


@frozen
class Peak:
    """A variable that equals the greatest of several sums, and the rows that say so.

    Args:
        target: the variable.
        direction: -1 where it is the least value that its rows leave to it, 1 where the greatest.
        rows: the rows that are enough to say it, given that direction.
        spare: the other rows.
    """

    target: int
    direction: int
    rows: range
    spare: range


@frozen(eq=False)
class ByVariable:
    """The entries of all rows, variable after variable; a model with other prices or limits shares them.

    Args:
        starts: where the entries of each variable start, and at last where the last one's end.
        rows: their rows.
        factors: their factors.
    """

    starts: Whole
    rows: Entries
    factors: Entries


@frozen(eq=False)
class Flat:
    """A model as arrays: `least <= rows <= most`, bounds of variables, and the weights of what is minimized.

    Args:
        lower: least value by variable.
        upper: greatest value by variable.
        weights: price of one unit by variable.
        starts: where the entries of each row start, and at last where the last row ends.
        columns: variables of all rows, row after row.
        factors: their factors.
        least: what each row is not below.
        most: what each row is not above.
        known: how many of the variables are the model's own; selectors come after.
        choices: what is needed to give the selectors their values.
        heads: the first row of each constraint of the model.
        peaks: the variables that equal the greatest of several sums.
        by_variable: the same entries by variable; left out, they are found out.
    """

    lower: Whole
    upper: Whole
    weights: Whole
    starts: Whole
    columns: Entries
    factors: Entries
    least: Whole
    most: Whole
    known: int
    choices: tuple[Choice, ...] = ()
    heads: Whole = field(factory=lambda: np.zeros(0, dtype=np.int64))
    peaks: tuple[Peak, ...] = ()
    by_variable: ByVariable = field()

    @by_variable.default
    def _turned(self) -> ByVariable:
        order = np.argsort(self.columns, kind="stable")
        counts = np.bincount(self.columns, minlength=len(self.lower))
        of_row = np.repeat(narrow(np.arange(len(self.least))), np.diff(self.starts))
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        return ByVariable(starts, of_row[order], self.factors[order])

    @property
    def row_starts(self) -> Whole:
        """Where the rows of each variable start, and at last where the last one's end."""
        return self.by_variable.starts

    @property
    def rows(self) -> Entries:
        """The rows of all variables, variable after variable."""
        return self.by_variable.rows

    @property
    def row_factors(self) -> Entries:
        """The factor of the variable in each of these rows."""
        return self.by_variable.factors

    def complete(self, values: Sequence[int]) -> Whole:
        """Return the value of every variable, given those of the model's own."""
        found = np.zeros(len(self.lower), dtype=np.int64)
        found[: self.known] = np.asarray(values, dtype=np.int64)[: self.known]
        for choice in self.choices:
            sums = [int(found[columns] @ factors) + constant for columns, factors, constant in choice.sums]
            found[choice.selectors[sums.index(max(sums))]] = 1
        return found

    def activity(self, values: Whole) -> Whole:
        """Return what each row comes to."""
        sums = np.concatenate(([0], np.cumsum(self.factors * values[self.columns])))
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]], dtype=np.int64)

    def cost(self, values: Whole) -> int:
        """Return what is minimized, its constant left out."""
        return int(self.weights @ values)

    def broken(self, values: Whole) -> bool:
        """Return whether values break a row or a bound."""
        activity = self.activity(values)
        return bool(
            np.any(activity < self.least)
            or np.any(activity > self.most)
            or np.any(values < self.lower)
            or np.any(values > self.upper)
        )

    def rows_of(self, variables: Whole) -> Whole:
        """Return the rows in which any of some variables stands, in order."""
        flags = np.zeros(len(self.least), dtype=bool)
        for block in blocks(self.row_starts, variables):
            flags[self.rows[gather(self.row_starts, block)]] = True
        return np.flatnonzero(flags)


def narrow(numbers: Entries) -> Entries:
    """Return whole numbers in four bytes each, where they fit.

    >>> narrow(np.array([1, -2])).dtype
    dtype('int32')
    """
    small = np.iinfo(np.int32)
    if len(numbers) and (numbers.min() <= small.min or numbers.max() > small.max):
        return numbers
    return numbers.astype(np.int32)


def distinct(numbers: Entries, count: int) -> Whole:
    """Return each of some numbers below a count once, in order; by flags, which is quicker than sorting.

    >>> distinct(np.array([3, 1, 3]), 5).tolist()
    [1, 3]
    """
    flags = np.zeros(count, dtype=bool)
    flags[numbers] = True
    return np.flatnonzero(flags)


def blocks(starts: Whole, which: Whole) -> list[Whole]:
    """Part some rows into blocks of so many entries, about: those of a year at once would take up as much as its model.

    Args:
        starts: where the entries of each row start, and at last where the last row ends.
        which: the rows.
    """
    entries = int((starts[which + 1] - starts[which]).sum())
    return np.array_split(which, 1 + entries // _BLOCK)


def gather(starts: Whole, which: Whole) -> Whole:
    """Return the positions of all entries of some rows, row after row.

    Args:
        starts: where the entries of each row start, and at last where the last row ends.
        which: the rows.

    >>> gather(np.array([0, 2, 5, 6]), np.array([0, 2])).tolist()
    [0, 1, 5]
    """
    begin = starts[which]
    sizes = starts[which + 1] - begin
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    found: Whole = np.arange(total) + np.repeat(begin - (ends - sizes), sizes)
    return found
