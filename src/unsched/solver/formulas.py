"""What follows from where the sessions stand, as formulas: a value for each variable that is no decision of its own.

Of the variables of a model, most say something of where sessions stand: whether two meet, by how many a room is too
small, whether a day is used. Pushed by what they cost, each takes the least (or greatest) value that some rows leave
to it. Where that is so of all of them, one after the other, a model needs no search to know what a schedule costs,
and a local search can try a million small changes a second.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field, frozen

from unsched.solver.flat import FAR

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Peak, Whole
    from unsched.solver.part import Flags

__all__ = ["Formulas", "derive"]

_DOWN, _UP = -1, 1
_SHARES = 200


@frozen(eq=False)
class Formulas:
    """Which rows give which variables their values, and in what order.

    Args:
        ranks: by variable, its place in the order in which they get their values; -1 for a decision.
        order: the variables, by rank.
        directions: by variable, -1 where it takes the least value that its rows leave to it, 1 where the greatest.
        starts: where the entries of each variable start, and at last where the last variable's end.
        rows: the rows that give it its value.
        factors: its factor in each.
        row_starts: where the entries of each row start.
        variables: the variables to which the row gives a value.
        row_factors: their factors in it.
        shared: by row, whether it gives what it has to several variables, in the order of their ranks.
        counted: by row, whether it says more than what the formulas see to.
    """

    ranks: Whole
    order: Whole
    directions: Whole
    starts: Whole
    rows: Whole
    factors: Whole
    row_starts: Whole
    variables: Whole
    row_factors: Whole
    shared: Flags
    counted: Flags


def derive(flat: Flat, follows: Flags) -> Formulas | None:
    """Return what follows from the decisions of a model, or `None` where that takes a search.

    Where a row stops several variables at once, none of which has a price (who attends which of two sessions?), those
    that come first take what they can. Where another row does, it gives none of them a value: it is counted as a row
    that has to hold. So a schedule may cost less than the formulas say, or keep rows that they break, but never the
    reverse.

    Args:
        flat: the model.
        follows: a flag for each variable: whether it follows from others.
    """
    return _Derivation(flat, follows).formulas()


@define(eq=False)
class _Derivation:
    flat: Flat
    follows: Flags
    open: Flags = field(init=False)
    spare: Flags = field(init=False)
    shared: dict[int, frozenset[int]] = field(init=False, factory=dict)
    directions: Whole = field(init=False)
    rows_of: dict[int, list[tuple[int, int]]] = field(init=False, factory=dict)
    members: dict[int, list[tuple[int, int]]] = field(init=False, factory=dict)
    given: dict[int, list[tuple[int, int]]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        flat = self.flat
        self.spare = np.zeros(len(flat.least), dtype=bool)
        self.open = self.follows.copy()
        for choice in flat.choices:
            self.open[list(choice.selectors)] = False
        for peak in self._taken_peaks():
            self.spare[list(peak.spare)] = True
        self.directions = np.where(self.open, -np.sign(flat.weights), 0)
        of_row = np.repeat(np.arange(len(flat.least)), np.diff(flat.starts))
        kept = self.open[flat.columns] & ~self.spare[of_row]
        entries = zip(of_row[kept].tolist(), flat.columns[kept].tolist(), flat.factors[kept].tolist(), strict=True)
        for row, column, factor in entries:
            self.members.setdefault(row, []).append((column, factor))
            self.rows_of.setdefault(column, []).append((row, factor))

    def formulas(self) -> Formulas | None:
        self._peaks()
        self._equal()
        self._push()
        self._give()
        order = self._order()
        return None if order is None else self._laid_out(order)

    def _peaks(self) -> None:
        """Take what is known to be the greatest of some sums for just that, whoever wants it how."""
        for peak in self._taken_peaks():
            own = dict(self.rows_of[peak.target])
            self.given[peak.target] = [(row, own[row]) for row in peak.rows]
            self.directions[peak.target] = peak.direction

    def _taken_peaks(self) -> list[Peak]:
        """Return the peaks that are one variable's only ones, and variables that follow; the other rows say no more."""
        targets = Counter(peak.target for peak in self.flat.peaks)
        return [peak for peak in self.flat.peaks if self.follows[peak.target] and targets[peak.target] == 1]

    def _equal(self) -> None:
        """Let an equality give its value to the one variable in it that has none yet."""
        flat = self.flat
        waiting = [row for row in self.members if flat.least[row] == flat.most[row]]
        taken: set[int] = set()
        while True:
            before = len(self.given)
            for row in waiting:
                unknown = [(column, factor) for column, factor in self.members[row] if column not in self.given]
                if row not in taken and len(unknown) == 1 and abs(unknown[0][1]) == 1:
                    column, factor = unknown[0]
                    self.given[column] = [(row, factor)]
                    self.directions[column] = _DOWN
                    taken.add(row)
            if len(self.given) == before:
                return

    def _sides(self, row: int) -> Iterator[int]:
        if self.flat.most[row] < FAR:
            yield 1
        if self.flat.least[row] > -FAR:
            yield -1

    def _push(self) -> None:
        """Find out which way each variable is pushed: by its own price, or by those whose rows it could ease."""
        pushed: set[tuple[int, int]] = set()
        # Those that are nearest to a price come first.
        todo = deque(column for column in np.flatnonzero(self.directions).tolist() if column not in self.given)
        waiting = sorted(self.members, key=lambda row: -len(self.members[row]))
        at = 0
        while True:
            while todo:
                column = todo.popleft()
                for row, factor in self.rows_of.get(column, ()):
                    for side in self._sides(row):
                        if side * factor * self.directions[column] > 0 and (row, side) not in pushed:
                            pushed.add((row, side))
                            todo += self._ease(row, side)
            # What only constraints speak of: it eases the row that holds the most of its like.
            while at < len(waiting) and not any(self._unpushed(column) for column, _ in self.members[waiting[at]]):
                at += 1
            if at == len(waiting):
                return
            todo += self._ease(waiting[at], next(self._sides(waiting[at]), 1))

    def _unpushed(self, column: int) -> bool:
        return not self.directions[column] and column not in self.given

    def _ease(self, row: int, side: int) -> list[int]:
        found = []
        for column, factor in self.members[row]:
            if self._unpushed(column):
                self.directions[column] = _DOWN if side * factor > 0 else _UP
                found.append(column)
        return found

    def _give(self) -> None:
        """Let each side of a row give its value to the variable that it stops; to several, if it speaks of no other."""
        found: dict[int, dict[int, int]] = {}
        for row, members in self.members.items():
            for side in self._sides(row):
                stopped = [
                    (column, factor)
                    for column, factor in members
                    if column not in self.given and side * factor * self.directions[column] > 0
                ]
                if len(stopped) > 1:
                    if not self._is_shared(row, [column for column, _ in stopped]):
                        continue
                    self.shared[row] = frozenset(column for column, _ in stopped)
                for column, factor in stopped:
                    found.setdefault(column, {})[row] = factor
        for column, rows in found.items():
            self.given[column] = list(rows.items())

    def _is_shared(self, row: int, stopped: list[int]) -> bool:
        """Return whether a row that stops several shares out what it has; one that bounds prices only says less."""
        alone = len(stopped) == len(self.members[row]) and len(list(self._sides(row))) == 1
        return alone and len(stopped) <= _SHARES and not self.flat.weights[stopped].any()

    def _order(self) -> list[int] | None:
        """Return the variables so that each comes after those that its value depends on."""
        columns = np.flatnonzero(self.open).tolist()
        needs: dict[int, set[int]] = {column: set() for column in columns}
        needed: dict[int, list[int]] = {}
        for column in columns:
            for row, _ in self.given.get(column, ()):
                others = self.shared.get(row)
                needs[column].update(
                    other for other, _ in self.members[row] if (other != column if others is None else other < column)
                )
            for other in needs[column]:
                needed.setdefault(other, []).append(column)
        ready = [column for column in columns if not needs[column]]
        for column in ready:
            for other in needed.get(column, ()):
                needs[other].discard(column)
                if not needs[other]:
                    ready.append(other)
        return ready if len(ready) == len(columns) else None

    def _laid_out(self, order: list[int]) -> Formulas:
        size, height = len(self.flat.lower), len(self.flat.least)
        ranks = np.full(size, -1, dtype=np.int64)
        ranks[order] = np.arange(len(order))
        by_row: dict[int, list[tuple[int, int]]] = {}
        for column in sorted(self.given):
            for row, factor in self.given[column]:
                by_row.setdefault(row, []).append((column, factor))
        starts, pairs = _packed({column: self.given.get(column, []) for column in order}, size)
        row_starts, takers = _packed(by_row, height)
        shared = np.zeros(height, dtype=bool)
        shared[list(self.shared)] = True
        return Formulas(
            ranks,
            np.array(order, dtype=np.int64),
            self.directions.astype(np.int64),
            starts,
            np.array([row for row, _ in pairs], dtype=np.int64),
            np.array([factor for _, factor in pairs], dtype=np.int64),
            row_starts,
            np.array([column for column, _ in takers], dtype=np.int64),
            np.array([factor for _, factor in takers], dtype=np.int64),
            shared,
            ~self.spare,
        )


def _packed(lists: Mapping[int, list[tuple[int, int]]], size: int) -> tuple[Whole, list[tuple[int, int]]]:
    """Return lists one after the other, by number, and where each starts."""
    counts = np.zeros(size + 1, dtype=np.int64)
    for number, several in lists.items():
        counts[number + 1] = len(several)
    return np.cumsum(counts), [one for number in sorted(lists) for one in lists[number]]
