"""Parts of a model: what is cut out, solved by itself and put back is a solution of the whole."""

from __future__ import annotations

import pickle
import random

import numpy as np
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from small import allowed, everything, laid_out, models, solution, values_of, week

from unsched.solver.engine import run
from unsched.solver.flat import FAR, Flat, Whole
from unsched.solver.flatten import flatten
from unsched.solver.part import Flags, Part, Solved, cut, relax, settle, solve_part

PROBLEM = week(8, priced=True)


def none(flat: Flat) -> Flags:
    return np.zeros(len(flat.lower), dtype=bool)


def solved(part: Part, *, hinted: bool = False) -> Solved:
    return solve_part(part, seed=1, effort=5, hinted=hinted)


def after(values: Whole, part: Part, found: Solved) -> Whole:
    """Put a part back."""
    assert found.values is not None
    changed = values.copy()
    changed[part.variables] = found.values
    return changed


@settings(max_examples=100, deadline=None)
@given(models(), st.data())
def test_a_part_is_solved_as_well_as_it_can_be_while_the_rest_stands(
    model: cp_model.CpModel, data: st.DataObject
) -> None:
    flat = flatten(model)
    possible = [flat.complete(values) for values in allowed(flat)]
    assume(possible)
    values = data.draw(st.sampled_from(possible))
    freed = np.array(sorted(data.draw(st.sets(st.integers(0, flat.known - 1), min_size=1))))
    # What picks the greatest of some sums follows from these.
    follows = np.arange(len(flat.lower)) >= flat.known
    free = follows.copy()
    free[freed] = True
    best = min(flat.cost(other) for other in possible if np.array_equal(other[~free], values[~free]))
    part = cut(flat, values, flat.activity(values), freed, follows=follows)
    if part is None:
        assert best == flat.cost(values)
        return
    found = solved(part)
    changed = after(values, part, found)
    assert found.done
    assert found.bound == found.cost == int(part.weights @ changed[part.variables])
    assert not flat.broken(changed)
    assert flat.cost(changed) == best
    assert np.array_equal(changed[~free], values[~free])


@settings(max_examples=100, deadline=None)
@given(models(), st.data())
def test_what_a_part_costs_by_itself_is_no_more_than_it_costs_in_the_whole(
    model: cp_model.CpModel, data: st.DataObject
) -> None:
    flat = flatten(model)
    own = none(flat)
    own[data.draw(st.lists(st.integers(0, len(own) - 1), min_size=1, unique=True))] = True
    part = relax(flat, np.zeros(len(own), dtype=np.int64), own)
    costs = [int((flat.weights * own) @ flat.complete(values)) for values in allowed(flat)]
    if part is None:
        assert not costs
        return
    found = solved(part)
    assert not costs or int(flat.weights[part.given] @ part.gifts) + found.bound <= min(costs)


def test_what_costs_nothing_is_settled_where_its_row_allows() -> None:
    model = cp_model.CpModel()
    free = model.new_int_var(-3, -1, "")
    model.add_linear_constraint(-2 * free, 0, 4)
    found = settle(flatten(model), np.array([-3]), np.array([True]))
    assert found is not None
    assert found.tolist() in ([-2], [-1])


@settings(max_examples=100, deadline=None)
@given(models(), st.data())
def test_what_follows_is_settled_if_and_only_if_it_can_be(model: cp_model.CpModel, data: st.DataObject) -> None:
    flat = flatten(model)
    values = np.array(
        [data.draw(st.integers(*some)) for some in zip(flat.lower.tolist(), flat.upper.tolist(), strict=True)]
    )
    follows = np.arange(len(values)) >= data.draw(st.integers(0, flat.known))
    stands = [
        flat.cost(other)
        for other in map(flat.complete, allowed(flat))
        if np.array_equal(other[~follows], values[~follows])
    ]
    found = settle(flat, values, follows)
    if found is None:
        assert not stands
        return
    assert not flat.broken(found)
    assert flat.cost(found) == min(stands)
    assert np.array_equal(found[~follows], values[~follows])


def test_a_part_in_which_everything_is_free_is_the_whole() -> None:
    board, flat, places, values = solution(PROBLEM)
    part = cut(flat, values, flat.activity(values), everything(flat), follows=places.follows)
    assert part is not None
    found = solved(part)
    changed = after(values, part, found)
    changed[part.given] = part.gifts
    assert not flat.broken(changed)
    whole = run(board.model)
    assert flat.cost(changed) + board.model.proto.objective.offset == whole.objective < flat.cost(values)


def test_where_nothing_is_freed_there_is_nothing_to_solve() -> None:
    _, flat, places, values = solution(PROBLEM)
    activity = flat.activity(values)
    assert cut(flat, values, activity, np.zeros(0, dtype=np.int64), follows=places.follows) is None


def test_what_follows_from_a_solution_is_settled_as_it_was() -> None:
    board, _, flat, places = laid_out(PROBLEM)
    best = values_of(flat, board)
    bare = np.where(places.follows, 0, best)
    found = settle(flat, bare, places.follows)
    assert found is not None
    assert flat.cost(found) == flat.cost(best)
    assert np.array_equal(found[~places.follows], best[~places.follows])
    assert settle(flat, best, none(flat)) is not None


def test_places_that_cannot_be_are_not_settled() -> None:
    board, flat, places, values = solution(PROBLEM)
    twice = values.copy()
    twice[[literal.index for literal in board.literals_of_spans["s0"].values()]] = 1
    assert settle(flat, twice, places.follows) is None
    assert settle(flat, twice, none(flat)) is None


def test_parts_that_are_freed_one_after_the_other_leave_a_solution_that_never_costs_more() -> None:
    _, flat, places, values = solution(PROBLEM)
    chance = random.Random(2)  # noqa: S311  no secret
    cost = first = flat.cost(values)
    for _ in range(12):
        freed = np.concatenate([places.own[name] for name in chance.sample(places.names, 3)])
        part = cut(flat, values, flat.activity(values), freed, follows=places.follows)
        if part is None:
            continue
        before = values
        values = after(values, part, solved(part))
        others = np.setdiff1d(everything(flat), part.variables)
        assert np.array_equal(values[others], before[others])
        assert not flat.broken(values)
        assert flat.cost(values) <= cost
        cost = flat.cost(values)
    assert cost < first


def test_a_part_that_would_be_too_large_leaves_what_follows_as_it_is() -> None:
    _, flat, places, values = solution(PROBLEM)
    freed = places.own["s0"]
    part = cut(flat, values, flat.activity(values), freed, follows=places.follows, most=0)
    assert part is None or set(part.variables.tolist()) <= set(freed.tolist())


def test_a_part_is_carried_elsewhere_and_its_answer_back() -> None:
    _, flat, places, values = solution(PROBLEM)
    freed = np.concatenate([places.own[name] for name in places.names[:4]])
    part = cut(flat, values, flat.activity(values), freed, follows=places.follows)
    assert part is not None
    here = solved(part)
    there = pickle.loads(pickle.dumps(solved(pickle.loads(pickle.dumps(part)))))  # noqa: S301  our own
    assert there == here
    assert np.array_equal(after(values, part, here), after(values, part, there))


def test_a_part_that_cannot_be_has_no_values_and_no_cost() -> None:
    numbers = np.array([0, 1])
    part = Part(
        numbers,
        np.zeros(2, np.int64),
        np.ones(2, np.int64),
        np.ones(2, np.int64),
        np.array([0, 2, 4]),
        np.array([0, 1, 0, 1]),
        np.array([1, 1, 1, -1]),
        np.array([1, 0]),
        np.array([1, 0]),
        np.zeros(2, np.int64),
        None,
        numbers[:0],
        numbers[:0],
    )
    found = solved(part, hinted=True)
    assert (found.values, found.bound, found.done) == (None, FAR, True)


def test_no_effort_finds_nothing_and_says_so() -> None:
    _, flat, places, values = solution(PROBLEM)
    part = cut(flat, values, flat.activity(values), everything(flat), follows=places.follows)
    assert part is not None
    found = solve_part(part, seed=0, effort=1e-9)
    assert not found.done
    assert found.bound <= int(part.weights @ part.start)


def test_a_search_that_ends_before_it_knows_anything_proves_nothing_of_what_pays() -> None:
    _, flat, _, values = solution(PROBLEM)
    paying = evolve(flat, weights=-np.ones_like(flat.weights))
    part = relax(paying, values, np.ones(len(flat.lower), dtype=bool))
    assert part is not None
    best = solve_part(part, seed=1, effort=60)
    assert best.cost == best.bound < 0
    for seconds in (0.0, 0.001, 0.01):
        assert solve_part(part, seed=1, effort=60, seconds=seconds).bound <= best.cost
