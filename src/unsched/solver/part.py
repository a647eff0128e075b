"""Parts of a model: cut from the whole around what is freed, and solved exactly, anywhere.

A part is a value: it can be solved in a thread, in another process or on another machine, and the same part, seed
and effort give the same answer wherever that is.
"""

from __future__ import annotations

from math import ceil, inf
from typing import TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from unsched.solver.flat import FAR, Flat, Whole, distinct, gather

__all__ = ["Flags", "Part", "Solved", "cut", "model_of", "relax", "settle", "solve_part"]

Flags: TypeAlias = NDArray[np.bool_]

_ROUNDS, _ROWS = 6, 5_000
_SETTLING = 3.0


@frozen(eq=False)
class Part:
    """A model by itself: some variables of a larger one, the rest of which stands.

    Args:
        variables: the variables in the larger model.
        lower: least value of each.
        upper: greatest value of each.
        weights: price of one unit of each.
        starts: where the entries of each row start, and at last where the last row ends.
        columns: variables of all rows, by their place in `variables`.
        factors: their factors.
        least: what each row is not below.
        most: what each row is not above.
        start: the value of each variable as it is.
        cutoff: what it may cost at most; `None` where its start is no solution.
        given: the freed variables that can only have one value, in the larger model.
        gifts: those values.
    """

    variables: Whole
    lower: Whole
    upper: Whole
    weights: Whole
    starts: Whole
    columns: Whole
    factors: Whole
    least: Whole
    most: Whole
    start: Whole
    cutoff: int | None
    given: Whole
    gifts: Whole

    @property
    def cheapest(self) -> int:
        """What it would cost if each of its variables had the value that is best for it by itself."""
        return int(np.minimum(self.weights * self.lower, self.weights * self.upper).sum())


@frozen
class Solved:
    """What solving a part came to.

    Args:
        values: the value of each of its variables; `None` where nothing as good as its start was found.
        cost: what they cost.
        bound: no solution of the part costs less.
        done: whether the part was searched to its end.
        effort: deterministic seconds used.
        variables: how many variables were left to decide.
    """

    values: Whole | None = field(eq=False)
    cost: int
    bound: int
    done: bool
    effort: float
    variables: int


def cut(flat: Flat, values: Whole, activity: Whole, freed: Whole, *, follows: Flags, most: int = 50_000) -> Part | None:
    """Cut out the part of a model that some freed variables, and those that follow them, make up.

    Args:
        flat: the model.
        values: a solution of it.
        activity: what its rows come to in that solution.
        freed: indices of the variables that are decided anew.
        follows: a flag for each variable: whether it follows from others, and so is freed with them.
        most: how many variables are freed at most; those that would be too many stay as they are.

    Returns:
        the part, or `None` where nothing is left to decide.
    """
    free = np.zeros(len(flat.lower), dtype=bool)
    free[freed] = True
    fresh = freed
    touched = np.zeros(len(flat.least), dtype=bool)
    count = len(freed)
    while len(fresh):
        rows = flat.rows_of(fresh)
        rows = rows[~touched[rows]]
        touched[rows] = True
        near = distinct(flat.columns[gather(flat.starts, rows)], len(flat.lower))
        fresh = near[follows[near] & ~free[near]]
        count += len(fresh)
        if count > most:
            break
        free[fresh] = True
    part = _reduce(flat, values, activity, free, np.flatnonzero(touched), solved=True)
    return part if part is not None and len(part.variables) else None


def relax(flat: Flat, values: Whole, own: Flags) -> Part | None:
    """Cut out some variables as if nothing else were in their way: what that costs at least, the whole does, too.

    Rows that also hold other variables give way by as much as those can come to.

    Args:
        flat: the model.
        values: where to start from.
        own: a flag for each variable: whether it is one of them.

    Returns:
        the part, or `None` where it is infeasible by itself.
    """
    variables = np.flatnonzero(own)
    rows = flat.rows_of(variables)
    at = gather(flat.starts, rows)
    of_row = np.repeat(np.arange(len(rows)), flat.starts[rows + 1] - flat.starts[rows])
    columns, factors = flat.columns[at], flat.factors[at].astype(np.int64)
    foreign = ~own[columns]
    low, high = factors * flat.lower[columns], factors * flat.upper[columns]
    lows = _sums(of_row[foreign], np.minimum(low, high)[foreign], len(rows))
    highs = _sums(of_row[foreign], np.maximum(low, high)[foreign], len(rows))
    least = np.where(flat.least[rows] <= -FAR, -FAR, flat.least[rows] - highs)
    most = np.where(flat.most[rows] >= FAR, FAR, flat.most[rows] - lows)
    mine = ~foreign
    place = np.zeros(len(flat.lower), dtype=np.int64)
    place[variables] = np.arange(len(variables))
    return _shrink(
        flat.weights,
        variables,
        flat.lower[variables],
        flat.upper[variables],
        values[variables],
        of_row[mine],
        place[columns[mine]],
        factors[mine],
        least,
        most,
        cutoff=False,
    )


def settle(flat: Flat, values: Whole, follows: Flags, *, seconds: float = inf) -> Whole | None:
    """Give everything that follows from where the sessions stand its best value.

    Args:
        flat: the model.
        values: where the sessions stand; what follows from that is overwritten.
        follows: a flag for each variable: whether it follows from others.
        seconds: wall seconds at most.

    Returns:
        a solution of the model, or `None` where there is none (or none was found in time).
    """
    found = np.where(follows, flat.lower, values)
    part = _reduce(flat, found, flat.activity(found), follows, np.arange(len(flat.least)), solved=False)
    if part is None:
        return None
    found[part.given] = part.gifts
    if len(part.variables):
        solved = solve_part(part, seed=0, effort=_SETTLING, seconds=seconds)
        if solved.values is None:
            return None
        found[part.variables] = solved.values
    return None if flat.broken(found) else found


def _reduce(flat: Flat, values: Whole, activity: Whole, free: Flags, rows: Whole, *, solved: bool) -> Part | None:
    """Put in the values of all that is not free, and leave out what then says nothing more; `None`: it cannot be."""
    at = gather(flat.starts, rows)
    of_row = np.repeat(np.arange(len(rows)), flat.starts[rows + 1] - flat.starts[rows])
    open_ = free[flat.columns[at]]
    at, of_row = at[open_], of_row[open_]
    variables = np.flatnonzero(free)
    place = np.zeros(len(flat.lower), dtype=np.int64)
    place[variables] = np.arange(len(variables))
    columns, factors = place[flat.columns[at]], flat.factors[at].astype(np.int64)
    now = values[variables]
    base = activity[rows] - _sums(of_row, factors * now[columns], len(rows))
    return _shrink(
        flat.weights,
        variables,
        flat.lower[variables],
        flat.upper[variables],
        now,
        of_row,
        columns,
        factors,
        flat.least[rows] - base,
        flat.most[rows] - base,
        cutoff=solved,
    )


def _shrink(  # noqa: PLR0913, PLR0917  the arrays of a model
    weights: Whole,
    variables: Whole,
    lower: Whole,
    upper: Whole,
    now: Whole,
    of_row: Whole,
    columns: Whole,
    factors: Whole,
    least: Whole,
    most: Whole,
    *,
    cutoff: bool,
) -> Part | None:
    """Leave out of rows what can only have one value, and rows that say nothing; `None`: it cannot be."""
    rows = len(least)
    for _ in range(_ROUNDS):
        if not _tighten(of_row, columns, factors, least, most, lower, upper):
            break
    if np.any(lower > upper):
        return None
    fixed = lower == upper
    settled = fixed[columns]
    base = _sums(of_row[settled], (factors * lower[columns])[settled], rows)
    least, most = least - base, most - base
    columns, factors, of_row = columns[~settled], factors[~settled], of_row[~settled]
    lows, highs = _reach(of_row, columns, factors, lower, upper, rows)
    speaks = (lows < least) | (highs > most)
    heard = speaks[of_row]
    columns, factors, of_row = columns[heard], factors[heard], of_row[heard]
    # What no row speaks of any more takes what is best for it by itself; where it has that, it is left out.
    own = weights[variables]
    best = np.where(own > 0, lower, np.where(own < 0, upper, np.clip(now, lower, upper)))
    alone = ~fixed & (np.bincount(columns, minlength=len(variables)) == 0) & ((best == now) | (not cutoff))
    lower, upper = np.where(alone, best, lower), np.where(alone, best, upper)
    fixed |= alone
    left = np.flatnonzero(~fixed)
    again = np.zeros(len(variables), dtype=np.int64)
    again[left] = np.arange(len(left))
    sizes = np.bincount(of_row, minlength=rows)[speaks]
    price = weights[variables[left]]
    return Part(
        variables[left],
        lower[left],
        upper[left],
        price,
        np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        again[columns],
        factors,
        least[speaks],
        most[speaks],
        now[left],
        int(price @ now[left]) if cutoff else None,
        variables[fixed],
        lower[fixed],
    )


def _sums(of_row: Whole, terms: Whole, rows: int) -> Whole:
    found = np.zeros(rows, dtype=np.int64)
    np.add.at(found, of_row, terms)
    return found


def _reach(of_row: Whole, columns: Whole, factors: Whole, lower: Whole, upper: Whole, rows: int) -> tuple[Whole, Whole]:
    low, high = factors * lower[columns], factors * upper[columns]
    return _sums(of_row, np.minimum(low, high), rows), _sums(of_row, np.maximum(low, high), rows)


def _tighten(
    of_row: Whole, columns: Whole, factors: Whole, least: Whole, most: Whole, lower: Whole, upper: Whole
) -> bool:
    """Take from the bounds, in place, what no row leaves possible; return whether there was anything to take."""
    lows, highs = _reach(of_row, columns, factors, lower, upper, len(least))
    # How much an entry may rise above its least, and fall below its greatest, before its row breaks.
    above, below = (most - lows)[of_row], (highs - least)[of_row]
    size = np.abs(factors)
    wide = size * (upper - lower)[columns]
    tight = (wide > above) | (wide > below)
    if not tight.any():
        return False
    up, down = above[tight] // size[tight], below[tight] // size[tight]
    which, rising = columns[tight], factors[tight] > 0
    least_now, most_now = lower[which], upper[which]
    np.minimum.at(upper, which, least_now + np.where(rising, up, down))
    np.maximum.at(lower, which, most_now - np.where(rising, down, up))
    return True


def solve_part(
    part: Part, *, seed: int, effort: float, seconds: float = inf, hinted: bool = False, workers: int = 1
) -> Solved:
    """Solve a part: find something that costs no more than its start.

    Args:
        part: the part.
        seed: seed of the search.
        effort: deterministic seconds at most.
        seconds: wall seconds at most.
        hinted: whether to start from the solution that it has; else any other as good will do, which keeps the
            search from standing still.
        workers: threads.
    """
    model = model_of(part, hinted=hinted)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = workers
    parameters.random_seed = seed
    parameters.catch_sigint_signal = False
    parameters.linearization_level = 2
    if effort < inf:
        parameters.max_deterministic_time = effort
    # What is left of a part is simple already: 0.034 s in place of 0.080 s for 40 lectures of comp02 (ITC-2007).
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    parameters.max_presolve_iterations = 1
    if seconds < inf:
        parameters.max_time_in_seconds = max(seconds, 0.0)
    status = solver.solve(model)
    used = solver.response_proto.deterministic_time
    solved = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    done = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    below = solver.best_objective_bound
    bound = part.cheapest + ceil(max(below - max(1e-6, abs(below) * 2**-40), -FAR))
    if not solved:
        return Solved(None, FAR, FAR if done else bound, done, used, len(part.start))
    values = np.fromiter(solver.response_proto.solution, np.int64, len(part.start))
    found = int(part.weights @ values)
    bound = found if status == cp_model.OPTIMAL else bound
    return Solved(values, found, bound, done, used, len(part.start))


def model_of(part: Part, *, hinted: bool) -> cp_model.CpModel:
    """Return a part as a model, whose objective is what it costs beyond the cheapest that its variables could be.

    Args:
        part: the part.
        hinted: whether the solution that it has is a hint.
    """
    model = cp_model.CpModel()
    proto = model.proto
    bounds = zip(part.lower.tolist(), part.upper.tolist(), strict=True)
    for low, high in bounds:
        proto.variables.add().domain.extend((low, high))
    ends = part.starts.tolist()
    leasts, mosts = part.least.tolist(), part.most.tolist()
    # Some rows at a time: as numbers of Python, the entries of a year's window take up more than its model.
    for first in range(0, len(leasts), _ROWS):
        last = min(first + _ROWS, len(leasts))
        base = ends[first]
        columns, factors = part.columns[base : ends[last]].tolist(), part.factors[base : ends[last]].tolist()
        for row in range(first, last):
            begin, end = ends[row] - base, ends[row + 1] - base
            linear = proto.constraints.add().linear
            linear.vars.extend(columns[begin:end])
            linear.coeffs.extend(factors[begin:end])
            linear.domain.extend((leasts[row], mosts[row]))
    priced = np.flatnonzero(part.weights)
    objective = proto.objective
    objective.vars.extend(priced.tolist())
    objective.coeffs.extend(part.weights[priced].tolist())
    # A search that ends before it has a bound says 0, which is right where nothing can cost less.
    objective.offset = -part.cheapest
    if part.cutoff is not None:
        objective.domain.extend((-FAR, part.cutoff))
    if hinted:
        proto.solution_hint.vars.extend(range(len(part.start)))
        proto.solution_hint.values.extend(part.start.tolist())
    return model
