"""A model in arrays means what it means to CP-SAT."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from small import allowed, laid_out, models, solution, solutions, values_of, week

from unsched import Problem, Room, Session, Venue, Window
from unsched.rules import Before, Soften
from unsched.solver.flat import FAR, Flat, distinct, gather
from unsched.solver.flatten import flatten


@settings(max_examples=150, deadline=None)
@given(models())
def test_arrays_allow_the_solutions_that_cp_sat_allows(model: cp_model.CpModel) -> None:
    assert set(allowed(flatten(model))) == solutions(model)


@settings(max_examples=50, deadline=None)
@given(models())
def test_what_is_minimized_is_the_same_but_for_its_constant(model: cp_model.CpModel) -> None:
    flat = flatten(model)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    costs = [flat.cost(flat.complete(values)) for values in allowed(flat)]
    assert (status == cp_model.INFEASIBLE) == (not costs)
    if costs:
        assert min(costs) + model.proto.objective.offset == pytest.approx(solver.objective_value)


def test_the_model_of_a_problem_is_laid_out_row_by_row() -> None:
    board, flat, _, values = solution(week(8, priced=True))
    assert flat.known == len(board.model.proto.variables)
    assert len(flat.heads) == len(board.model.proto.constraints)
    assert not flat.broken(values)
    assert len(flat.lower) == flat.known + sum(len(choice.selectors) for choice in flat.choices)


def test_a_solution_that_is_spoilt_is_broken() -> None:
    model = cp_model.CpModel()
    x, y = model.new_int_var(0, 5, ""), model.new_int_var(0, 5, "")
    model.add(x + 2 * y <= 9)
    model.add(x - y >= 1)
    flat = flatten(model)
    assert flat.activity(np.array([5, 2])).tolist() == [9, 3]
    assert not flat.broken(np.array([5, 2]))
    for wrong in ([5, 3], [2, 2], [6, 1], [3, -1]):
        assert flat.broken(np.array(wrong))


def test_each_constraint_knows_its_first_row() -> None:
    board, _, flat, places = laid_out(week(5))
    for name, constraint in places.board.placings.items():
        head = flat.heads[constraint]
        mine = flat.columns[flat.starts[head] : flat.starts[head + 1]].tolist()
        assert mine == [literal.index for literal in board.literals_of_spans[name].values()]
        assert (flat.least[head], flat.most[head]) == (1, 1)


def test_the_selector_of_the_first_greatest_sum_is_set() -> None:
    model = cp_model.CpModel()
    x, y, top = (model.new_int_var(0, 9, "") for _ in range(3))
    model.add_max_equality(top, [x, y + 1, 4])
    flat = flatten(model)
    assert flat.complete([7, 6, 7])[3:].tolist() == [1, 0, 0]
    assert flat.complete([1, 2, 4])[3:].tolist() == [0, 0, 1]
    assert not flat.broken(flat.complete([7, 6, 7]))
    assert flat.broken(flat.complete([7, 6, 8]))
    assert flat.broken(flat.complete([7, 7, 7]))


@pytest.mark.parametrize("of", ["at_most_one", "exactly_one"])
def test_a_limit_on_literals_holds_only_where_it_is_enforced(of: str) -> None:
    model = cp_model.CpModel()
    one, other, enforced = (model.new_bool_var("") for _ in range(3))
    getattr(model, f"add_{of}")([one, other]).only_enforce_if(enforced)
    assert set(allowed(flatten(model))) == solutions(model)


def test_an_order_that_has_a_price_can_be_broken_in_arrays_too() -> None:
    sessions = [Session("a", "A", 60, start="2010-01-04T11:00"), Session("b", "B", 60, start="2010-01-04T10:00")]
    window = Window("UTC", ["2010-01-04"], step=60)
    board, _, flat, _ = laid_out(Problem("p", window, Venue([Room("I")]), sessions, rules=[Soften(Before("a", "b"))]))
    assert not flat.broken(values_of(flat, board))


def test_what_has_no_rows_is_refused() -> None:
    model = cp_model.CpModel()
    x, y = model.new_int_var(0, 5, ""), model.new_int_var(0, 5, "")
    model.add_multiplication_equality(y, [x, x])
    with pytest.raises(NotImplementedError, match="cannot be laid out"):
        flatten(model)
    model = cp_model.CpModel()
    model.add(model.new_int_var(0, 5, "") != 3)
    with pytest.raises(NotImplementedError, match="a hole"):
        flatten(model)


rows = st.lists(st.lists(st.integers(0, 4), max_size=4), min_size=1, max_size=6)


@given(rows, st.data())
def test_rows_are_found_by_their_variables(some: list[list[int]], data: st.DataObject) -> None:
    starts = np.cumsum([0, *map(len, some)])
    columns = np.array([column for row in some for column in row], dtype=np.int64)
    edges = np.full(len(some), FAR)
    zeros = np.zeros(5, dtype=np.int64)
    flat = Flat(zeros, zeros + 1, zeros, starts, columns, np.ones_like(columns), -edges, edges, 5)
    asked = data.draw(st.lists(st.integers(0, 4), unique=True))
    wanted = [number for number, row in enumerate(some) if set(row) & set(asked)]
    assert flat.rows_of(np.array(asked, dtype=np.int64)).tolist() == wanted
    which = data.draw(st.lists(st.integers(0, len(some) - 1)))
    entries = gather(starts, np.array(which, dtype=np.int64))
    assert columns[entries].tolist() == [column for number in which for column in some[number]]


@given(st.lists(st.integers(0, 9)))
def test_distinct_numbers_come_once_and_in_order(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, dtype=np.int64), 10).tolist() == sorted(set(numbers))
