"""What follows from where sessions stand, worked out without a search, is what a search finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from small import everything, laid_out, solution, week

from unsched.solver.flat import FAR, Flat, Whole
from unsched.solver.flatten import flatten
from unsched.solver.formulas import Formulas, derive
from unsched.solver.ground import Ground
from unsched.solver.part import settle


def worked_out(flat: Flat, formulas: Formulas, values: Whole) -> Whole:
    """Give each variable that follows its value, straight from what the formulas say; slow and plain."""
    found = values.copy()
    # In a shared row, those that come later have taken nothing yet.
    found[formulas.order] = np.where(formulas.directions < 0, flat.upper, flat.lower)[formulas.order]
    for variable in formulas.order.tolist():
        down = formulas.directions[variable] < 0
        low, high = int(flat.lower[variable]), int(flat.upper[variable])
        for at in range(formulas.starts[variable], formulas.starts[variable + 1]):
            row, factor = int(formulas.rows[at]), int(formulas.factors[at])
            entries = range(flat.starts[row], flat.starts[row + 1])
            rest = sum(int(flat.factors[k] * found[flat.columns[k]]) for k in entries if flat.columns[k] != variable)
            ends = [(int(flat.least[row]) - rest) / factor, (int(flat.most[row]) - rest) / factor]
            if factor < 0:
                ends.reverse()
            if abs(ends[0]) < FAR / 8 and down:
                low = max(low, int(np.ceil(ends[0])))
            if abs(ends[1]) < FAR / 8 and not down:
                high = min(high, int(np.floor(ends[1])))
        best = low if down else high
        found[variable] = min(max(best, int(flat.lower[variable])), int(flat.upper[variable]))
    return found


@pytest.mark.parametrize("priced", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_formulas_cost_what_the_best_values_cost(*, priced: bool, seed: int) -> None:
    _, flat, places, values = solution(week(8, seed, priced=priced))
    formulas = derive(flat, places.follows)
    assert formulas is not None
    found = worked_out(flat, formulas, values)
    assert not flat.broken(flat.complete(found.tolist()))
    best = settle(flat, values, places.follows)
    assert best is not None
    assert flat.cost(found) == flat.cost(best)


def test_the_walk_works_out_what_the_formulas_say() -> None:
    _, flat, places, values = solution(week(8, priced=True))
    formulas = derive(flat, places.follows)
    assert formulas is not None
    ground = Ground(flat, places, formulas)
    positions = ground.position_of(values)
    assert positions is not None
    assert np.array_equal(ground.solution(positions)[: flat.known], worked_out(flat, formulas, values)[: flat.known])


@given(truth=st.lists(st.integers(0, 1), min_size=4, max_size=4), wanted=st.booleans())
def test_whether_any_is_true_follows_whoever_wants_it_how(*, truth: list[int], wanted: bool) -> None:
    model = cp_model.CpModel()
    decided = [model.new_bool_var("") for _ in range(4)]
    anyone = model.new_bool_var("")
    model.add_max_equality(anyone, decided)
    model.minimize(-anyone if wanted else anyone)
    flat = flatten(model)
    formulas = derive(flat, np.array([False] * 4 + [True]))
    assert formulas is not None
    assert worked_out(flat, formulas, np.array([*truth, 0]))[4] == max(truth)


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_the_greatest_of_some_sums_follows(sums: list[int]) -> None:
    model = cp_model.CpModel()
    decided = [model.new_int_var(0, 3, "") for _ in range(3)]
    greatest = model.new_int_var(0, 9, "")
    model.add_max_equality(greatest, [decided[0] + decided[1], 2 * decided[2]])
    model.minimize(greatest)
    flat = flatten(model)
    follows = np.zeros(len(flat.lower), dtype=bool)
    follows[3:] = True
    formulas = derive(flat, follows)
    assert formulas is not None
    found = worked_out(flat, formulas, np.array([*sums, *([0] * (len(flat.lower) - 3))]))
    assert found[3] == max(sums[0] + sums[1], 2 * sums[2])


def test_what_several_prices_could_give_way_to_is_given_to_none_and_counted() -> None:
    model = cp_model.CpModel()
    decided = model.new_bool_var("")
    one, other = model.new_bool_var(""), model.new_bool_var("")
    model.add(one >= decided)
    model.add(one + other >= 1)
    model.minimize(one + 2 * other)
    flat = flatten(model)
    formulas = derive(flat, np.array([False, True, True]))
    assert formulas is not None
    assert formulas.counted.all()
    assert not flat.broken(worked_out(flat, formulas, np.array([1, 0, 0])))
    found = worked_out(flat, formulas, np.array([0, 0, 0]))
    assert found.tolist() == [0, 0, 0]
    assert flat.broken(found)


@given(st.lists(st.integers(0, 1), min_size=3, max_size=3))
def test_who_comes_first_takes_what_a_row_of_alike_has_for_several(wanted: list[int]) -> None:
    model = cp_model.CpModel()
    running = [model.new_bool_var("") for _ in range(3)]
    attended = [model.new_bool_var("") for _ in range(3)]
    missed = [model.new_bool_var("") for _ in range(3)]
    for run_, attend, miss in zip(running, attended, missed, strict=True):
        model.add(attend <= run_)
        model.add(attend + miss >= run_)
    model.add_at_most_one(attended)
    model.minimize(sum(missed))
    flat = flatten(model)
    formulas = derive(flat, np.array([False] * 3 + [True] * 6))
    assert formulas is not None
    found = worked_out(flat, formulas, np.array([*wanted, *([0] * 6)]))
    assert not flat.broken(found)
    assert flat.cost(found) == max(0, sum(wanted) - 1)


def test_what_goes_in_a_circle_takes_a_search() -> None:
    model = cp_model.CpModel()
    one, other = model.new_int_var(0, 9, ""), model.new_int_var(0, 9, "")
    model.add(one >= 2 * other - 1)
    model.add(other >= 2 * one - 1)
    model.minimize(one + other)
    flat = flatten(model)
    assert derive(flat, np.array([True, True])) is None


def test_a_model_of_decisions_alone_has_nothing_to_work_out() -> None:
    _, _, flat, _ = laid_out(week(3))
    formulas = derive(flat, np.zeros(len(everything(flat)), dtype=bool))
    assert formulas is not None
    assert not len(formulas.order)
