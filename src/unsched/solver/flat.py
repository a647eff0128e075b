"""A model as arrays: linear rows over whole numbers, from which parts are cut at the price of the part.

CP-SAT copies and simplifies a model for each of its solves. Where a neighbourhood of 30 sessions of 1,000 is solved
again and again, that would be most of the work, so the model is laid out once in arrays of numpy, and each part is
cut from the rows that its decisions touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ortools.sat.python import cp_model
    from ortools.sat.python.cp_model_helper import CpModelProto, LinearExpressionProto

__all__ = ["FAR", "Flat", "Whole", "distinct", "flatten", "gather"]

Whole: TypeAlias = NDArray[np.int64]
"""Whole numbers in a row."""

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
    """

    lower: Whole
    upper: Whole
    weights: Whole
    starts: Whole
    columns: Whole
    factors: Whole
    least: Whole
    most: Whole
    known: int
    choices: tuple[Choice, ...] = ()
    heads: tuple[int, ...] = ()
    row_starts: Whole = field(init=False)
    rows: Whole = field(init=False)
    row_factors: Whole = field(init=False)

    def __attrs_post_init__(self) -> None:
        order = np.argsort(self.columns, kind="stable")
        counts = np.bincount(self.columns, minlength=len(self.lower))
        of_row = np.repeat(np.arange(len(self.least)), np.diff(self.starts))
        object.__setattr__(self, "row_starts", np.concatenate(([0], np.cumsum(counts))).astype(np.int64))
        object.__setattr__(self, "rows", of_row[order])
        object.__setattr__(self, "row_factors", self.factors[order])

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
        return distinct(self.rows[gather(self.row_starts, variables)], len(self.least))


def distinct(numbers: Whole, count: int) -> Whole:
    """Return each of some numbers below a count once, in order; by flags, which is quicker than sorting.

    >>> distinct(np.array([3, 1, 3]), 5).tolist()
    [1, 3]
    """
    flags = np.zeros(count, dtype=bool)
    flags[numbers] = True
    return np.flatnonzero(flags)


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


class _Rows:
    """Rows in the making."""

    def __init__(self, proto: CpModelProto) -> None:
        domains = [one.domain for one in proto.variables]
        self.lower = [domain[0] for domain in domains]
        self.upper = [domain[len(domain) - 1] for domain in domains]
        self.known = len(domains)
        self.columns: list[Whole] = []
        self.factors: list[Whole] = []
        self.least: list[int] = []
        self.most: list[int] = []
        self.choices: list[Choice] = []

    def add(self, columns: Whole, factors: Whole, least: int, most: int, enforced: Sequence[int] = ()) -> None:
        """Add a row, which holds where all of some literals are true."""
        if not enforced:
            self._append(columns, factors, least, most)
            return
        low, high = self._reach(columns, factors)
        # Each literal that is false gives the row back all its freedom.
        at = np.fromiter((one if one >= 0 else -one - 1 for one in enforced), np.int64, len(enforced))
        signs = np.fromiter((1 if one >= 0 else -1 for one in enforced), np.int64, len(enforced))
        wide = np.concatenate((columns, at))
        positive = int((signs > 0).sum())
        if high > most:
            slack = high - most
            self._append(wide, np.concatenate((factors, signs * slack)), -FAR, most + positive * slack)
        if low < least:
            slack = least - low
            self._append(wide, np.concatenate((factors, -signs * slack)), least - positive * slack, FAR)

    def _append(self, columns: Whole, factors: Whole, least: int, most: int) -> None:
        self.columns.append(columns)
        self.factors.append(factors)
        self.least.append(max(least, -FAR))
        self.most.append(min(most, FAR))

    def literals(self, literals: Sequence[int], least: int, most: int, enforced: Sequence[int] = ()) -> None:
        """Add a row that counts how many literals are true; a negative one is that of another, negated."""
        columns = np.fromiter((one if one >= 0 else -one - 1 for one in literals), np.int64, len(literals))
        factors = np.fromiter((1 if one >= 0 else -1 for one in literals), np.int64, len(literals))
        negated = int((factors < 0).sum())
        self.add(columns, factors, least - negated, most - negated, enforced)

    def greatest(self, target: tuple[Whole, Whole, int], sums: list[tuple[Whole, Whole, int]]) -> None:
        """Add that a sum equals the greatest of several sums."""
        several = (target, *sums)
        if all(
            len(columns) == 1 and factors[0] == 1 and not constant for columns, factors, constant in several
        ) and all(self.lower[columns[0]] >= 0 and self.upper[columns[0]] <= 1 for columns, _, _ in several):
            members = [int(columns[0]) for columns, _, _ in sums]
            self.literals([*members, -int(target[0][0]) - 1], 1, FAR)
            for member in members:
                self.literals([int(target[0][0]), -member - 1], 1, FAR)
            return
        differences = []
        for columns, factors, constant in sums:
            wide = np.concatenate((target[0], columns))
            heavy = np.concatenate((target[1], -factors))
            over = constant - target[2]
            self._append(wide, heavy, over, FAR)
            differences.append((wide, heavy, over))
        selectors = []
        for wide, heavy, over in differences:
            selector = len(self.lower)
            self.lower.append(0)
            self.upper.append(1)
            selectors.append(selector)
            self.add(wide, heavy, -FAR, over, [selector])
        self._append(np.array(selectors), np.ones(len(selectors), dtype=np.int64), 1, 1)
        self.choices.append(Choice(tuple(selectors), tuple(sums)))

    def _is_literal(self, one: tuple[Whole, Whole, int]) -> bool:
        columns, factors, constant = one
        if len(columns) != 1 or factors[0] != 1 or constant:
            return False
        return bool(self.lower[columns[0]] >= 0 and self.upper[columns[0]] <= 1)

    def _reach(self, columns: Whole, factors: Whole) -> tuple[int, int]:
        pairs = list(zip(columns.tolist(), factors.tolist(), strict=True))
        low = sum(min(factor * self.lower[at], factor * self.upper[at]) for at, factor in pairs)
        high = sum(max(factor * self.lower[at], factor * self.upper[at]) for at, factor in pairs)
        return low, high


def flatten(model: cp_model.CpModel) -> Flat:
    """Return a model as arrays.

    Args:
        model: a model of linear rows, clauses, limits on literals, and greatest values.

    Raises:
        NotImplementedError: it has a constraint of another kind.
    """
    proto = model.proto
    rows = _Rows(proto)
    heads = []
    for constraint in proto.constraints:
        heads.append(len(rows.least))
        enforced = list(constraint.enforcement_literal)
        if constraint.has_linear():
            linear = constraint.linear
            count = len(linear.vars)
            domain = list(linear.domain)
            if len(domain) != 2:
                raise NotImplementedError("a row whose values have a hole cannot be laid out in arrays")
            columns = np.fromiter(linear.vars, np.int64, count)
            rows.add(columns, np.fromiter(linear.coeffs, np.int64, count), domain[0], domain[1], enforced)
        elif constraint.has_at_most_one():
            rows.literals(list(constraint.at_most_one.literals), -FAR, 1)
        elif constraint.has_exactly_one():
            rows.literals(list(constraint.exactly_one.literals), 1, 1)
        elif constraint.has_bool_or():
            rows.literals(list(constraint.bool_or.literals), 1, FAR, enforced)
        elif constraint.has_bool_and():
            literals = list(constraint.bool_and.literals)
            rows.literals(literals, len(literals), FAR, enforced)
        elif constraint.has_lin_max():
            rows.greatest(_sum(constraint.lin_max.target), [_sum(one) for one in constraint.lin_max.exprs])
        else:
            raise NotImplementedError(f"this constraint cannot be laid out in arrays: {constraint}")
    weights = np.zeros(len(rows.lower), dtype=np.int64)
    if model.has_objective():
        objective = proto.objective
        np.add.at(weights, np.fromiter(objective.vars, np.int64), np.fromiter(objective.coeffs, np.int64))
    sizes = np.fromiter(map(len, rows.columns), np.int64, len(rows.columns))
    return Flat(
        np.array(rows.lower, dtype=np.int64),
        np.array(rows.upper, dtype=np.int64),
        weights,
        np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        np.concatenate(rows.columns) if rows.columns else np.zeros(0, dtype=np.int64),
        np.concatenate(rows.factors) if rows.factors else np.zeros(0, dtype=np.int64),
        np.array(rows.least, dtype=np.int64),
        np.array(rows.most, dtype=np.int64),
        rows.known,
        tuple(rows.choices),
        tuple(heads),
    )


def _sum(expression: LinearExpressionProto) -> tuple[Whole, Whole, int]:
    columns, factors = np.fromiter(expression.vars, np.int64), np.fromiter(expression.coeffs, np.int64)
    return columns, factors, expression.offset
