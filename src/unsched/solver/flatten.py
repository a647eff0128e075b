"""Laying out a model of CP-SAT in arrays: each of its constraints as rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from unsched.solver.flat import FAR, Choice, Flat, Peak, Whole, narrow

if TYPE_CHECKING:
    from ortools.sat.python import cp_model
    from ortools.sat.python.cp_model_helper import CpModelProto, LinearExpressionProto

__all__ = ["flatten"]

Sum: TypeAlias = "tuple[list[int], list[int], int]"
"""Columns, factors and constant of a sum."""


def flatten(model: cp_model.CpModel) -> Flat:
    """Return a model as arrays.

    Args:
        model: a model of linear rows, clauses, limits on literals, and greatest values.

    Raises:
        NotImplementedError: it has a constraint of another kind.
    """
    proto = model.proto
    rows = _Rows(proto)
    heads = array("q")
    for constraint in proto.constraints:
        heads.append(len(rows.least))
        enforced = constraint.enforcement_literal
        if constraint.has_linear():
            linear = constraint.linear
            domain = linear.domain
            if len(domain) != 2:
                raise NotImplementedError("a row whose values have a hole cannot be laid out in arrays")
            rows.add(linear.vars, linear.coeffs, domain[0], domain[1], enforced)
        elif constraint.has_at_most_one():
            rows.literals(constraint.at_most_one.literals, -FAR, 1, enforced)
        elif constraint.has_exactly_one():
            rows.literals(constraint.exactly_one.literals, 1, 1, enforced)
        elif constraint.has_bool_or():
            rows.literals(constraint.bool_or.literals, 1, FAR, enforced)
        elif constraint.has_bool_and():
            literals = constraint.bool_and.literals
            rows.literals(literals, len(literals), FAR, enforced)
        elif constraint.has_lin_max() and not enforced:
            rows.greatest(_sum(constraint.lin_max.target), [_sum(one) for one in constraint.lin_max.exprs])
        else:
            raise NotImplementedError(f"this constraint cannot be laid out in arrays: {constraint}")
    weights = np.zeros(len(rows.lower), dtype=np.int64)
    if model.has_objective():
        objective = proto.objective
        np.add.at(weights, np.fromiter(objective.vars, np.int64), np.fromiter(objective.coeffs, np.int64))
    return Flat(
        _whole(rows.lower),
        _whole(rows.upper),
        weights,
        _whole(rows.starts),
        narrow(_whole(rows.columns)),
        narrow(_whole(rows.factors)),
        _whole(rows.least),
        _whole(rows.most),
        rows.known,
        tuple(rows.choices),
        _whole(heads),
        tuple(rows.peaks),
    )


class _Rows:
    """Rows in the making."""

    def __init__(self, proto: CpModelProto) -> None:
        self.lower, self.upper = array("q"), array("q")
        for variable in proto.variables:
            domain = variable.domain
            if len(domain) != 2:
                raise NotImplementedError("a variable whose values have a hole cannot be laid out in arrays")
            self.lower.append(domain[0])
            self.upper.append(domain[1])
        self.known = len(self.lower)
        self.starts = array("q", [0])
        self.columns, self.factors = array("q"), array("q")
        self.least, self.most = array("q"), array("q")
        self.choices: list[Choice] = []
        self.peaks: list[Peak] = []

    def add(
        self, columns: Iterable[int], factors: Iterable[int], least: int, most: int, enforced: Iterable[int] = ()
    ) -> None:
        """Add a row, which holds where all of some literals are true."""
        literals = list(enforced)
        if not literals:
            self._append(columns, factors, least, most)
            return
        wide, heavy = list(columns), list(factors)
        low, high = self._reach(wide, heavy)
        at = [one if one >= 0 else -one - 1 for one in literals]
        signs = [1 if one >= 0 else -1 for one in literals]
        positive = signs.count(1)
        # Each literal that is false gives the row back all its freedom.
        if high > most:
            slack = high - most
            self._append(wide + at, heavy + [sign * slack for sign in signs], -FAR, most + positive * slack)
        if low < least:
            slack = least - low
            self._append(wide + at, heavy + [-sign * slack for sign in signs], least - positive * slack, FAR)

    def _append(self, columns: Iterable[int], factors: Iterable[int], least: int, most: int) -> None:
        self.columns.extend(columns)
        self.factors.extend(factors)
        self.starts.append(len(self.columns))
        self.least.append(max(least, -FAR))
        self.most.append(min(most, FAR))

    def literals(self, literals: Sequence[int], least: int, most: int, enforced: Iterable[int] = ()) -> None:
        """Add a row that counts how many literals are true; a negative one is that of another, negated."""
        each = list(literals)
        negated = sum(one < 0 for one in each)
        if negated:
            columns = [one if one >= 0 else -one - 1 for one in each]
            factors = [1 if one >= 0 else -1 for one in each]
            self.add(columns, factors, least - negated, most - negated, enforced)
        else:
            self.add(each, [1] * len(each), least, most, enforced)

    def greatest(self, target: Sum, sums: list[Sum]) -> None:
        """Add that a sum equals the greatest of several sums."""
        if all(self._is_literal(one) for one in (target, *sums)):
            whole, members = target[0][0], [columns[0] for columns, _, _ in sums]
            first = len(self.least)
            self.literals([*members, -whole - 1], 1, FAR)
            for member in members:
                self.literals([whole, -member - 1], 1, FAR)
            # As great as the first row leaves it, it is whether any of them is true.
            self.peaks.append(Peak(whole, 1, range(first, first + 1), range(first + 1, len(self.least))))
            return
        differences = []
        first = len(self.least)
        for columns, factors, constant in sums:
            wide = target[0] + columns
            heavy = target[1] + [-factor for factor in factors]
            over = constant - target[2]
            self._append(wide, heavy, over, FAR)
            differences.append((wide, heavy, over))
        middle = len(self.least)
        selectors = []
        for wide, heavy, over in differences:
            selectors.append(len(self.lower))
            self.lower.append(0)
            self.upper.append(1)
            self.add(wide, heavy, -FAR, over, selectors[-1:])
        self.literals(selectors, 1, 1)
        laid = tuple((_whole(columns), _whole(factors), constant) for columns, factors, constant in sums)
        self.choices.append(Choice(tuple(selectors), laid))
        if target[1] == [1] and not target[2]:
            self.peaks.append(Peak(target[0][0], -1, range(first, middle), range(middle, len(self.least))))

    def _is_literal(self, one: Sum) -> bool:
        columns, factors, constant = one
        if len(columns) != 1 or factors[0] != 1 or constant:
            return False
        return self.lower[columns[0]] >= 0 and self.upper[columns[0]] <= 1

    def _reach(self, columns: list[int], factors: list[int]) -> tuple[int, int]:
        pairs = list(zip(columns, factors, strict=True))
        low = sum(min(factor * self.lower[at], factor * self.upper[at]) for at, factor in pairs)
        high = sum(max(factor * self.lower[at], factor * self.upper[at]) for at, factor in pairs)
        return low, high


def _sum(expression: LinearExpressionProto) -> Sum:
    return list(expression.vars), list(expression.coeffs), expression.offset


def _whole(numbers: Sequence[int]) -> Whole:
    # Not a copy of what is an array already: all rows together can be hundreds of megabytes.
    return np.frombuffer(numbers, np.int64) if isinstance(numbers, array) and numbers else np.array(numbers, np.int64)
