"""What a walk need not look at says nothing that the rest does not say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import solution, week

from unsched.solver import implied as module
from unsched.solver.flat import FAR, Flat
from unsched.solver.ground import Positions
from unsched.solver.implied import implied
from unsched.solver.walk import survey


def rows(size: int, *each: tuple[list[int], list[int], int, int]) -> Flat:
    """Return rows of decisions: their variables, factors, and what they are not below or above."""
    starts = np.cumsum([0, *(len(columns) for columns, _, _, _ in each)])
    columns = np.array([column for several, _, _, _ in each for column in several], dtype=np.int64)
    factors = np.array([factor for _, several, _, _ in each for factor in several], dtype=np.int64)
    least, most = np.array([row[2:] for row in each], dtype=np.int64).T
    zeros = np.zeros(size, dtype=np.int64)
    return Flat(zeros, zeros + 1, zeros, starts, columns, factors, least, most, size)


def stands(*sessions: list[list[int]]) -> Positions:
    """Return the positions of sessions, given the variables that are true at each."""
    every = [literals for session in sessions for literals in session]
    none = np.zeros(len(every), dtype=np.int64)
    return Positions(
        np.cumsum([0, *map(len, sessions)]),
        none,
        none,
        np.cumsum([0, *map(len, every)]),
        np.array([literal for literals in every for literal in literals], dtype=np.int64),
        1,
    )


TWO = stands([[0], [1]], [[2], [3]])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (([0, 1], [1, 1], 1, 1), False),
        (([0], [1], 0, 1), False),
        (([0], [1], 1, FAR), True),
        (([0, 1], [1, 2], 1, 2), False),
        (([0, 1], [1, 2], 1, 1), True),
        (([0, 2], [1, 1], 0, 1), True),
    ],
    ids=["one position", "may be", "has to be", "between", "not that one", "of two sessions"],
)
def test_a_row_of_one_session_says_nothing_if_it_holds_wherever_that_stands(
    row: tuple[list[int], list[int], int, int], *, says: bool
) -> None:
    assert implied(rows(4, row), np.array([0]), TWO).tolist() == ([] if says else [0])


def test_a_session_that_may_be_left_out_does_not_have_to_stand_anywhere() -> None:
    optional = stands([[0], [1], []], [[2], [3]])
    assert implied(rows(4, ([0, 1], [1, 1], 1, 1)), np.array([0]), optional).tolist() == []
    assert implied(rows(4, ([0, 1], [1, 1], 0, 1)), np.array([0]), optional).tolist() == [0]


def test_a_session_has_one_place_whatever_says_so() -> None:
    # At a time (0, 1) and in a room (2, 3), together as 4 to 7.
    both = stands([[0, 2, 4], [0, 3, 5], [1, 2, 6], [1, 3, 7]])
    linked = rows(8, ([0, 4, 5], [-1, 1, 1], 0, 0), ([2, 4, 6], [-1, 1, 1], 0, 0), ([0, 4], [-1, 1], 0, 0))
    assert implied(linked, np.arange(3), both).tolist() == [0, 1]


def test_of_rows_that_contain_each_other_one_is_left() -> None:
    several = stands(*([[number], []] for number in range(4)))
    sets = [[0, 1], [0, 1, 2], [2, 3], [0, 1, 2], [1, 0]]
    flat = rows(4, *((columns, [1] * len(columns), -FAR, 1) for columns in sets))
    assert sorted(implied(flat, np.arange(5), several)) == [0, 3, 4]
    loose = rows(4, ([0, 1], [1, 1], -FAR, 1), ([0, 1, 2], [1, 1, 1], -FAR, 2))
    assert implied(loose, np.arange(2), several).tolist() == []


def test_a_row_of_nothing_is_left_as_it_is() -> None:
    assert implied(rows(4, ([], [], 0, 1), ([0], [1], 0, 1)), np.arange(2), TWO).tolist() == [1]


def test_where_there_are_too_many_pairs_none_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_PAIRS", 3)
    several = stands(*([[number], []] for number in range(4)))
    flat = rows(4, ([0, 1], [1, 1], -FAR, 1), ([0, 1, 2], [1, 1, 1], -FAR, 1))
    assert implied(flat, np.arange(2), several).tolist() == []


@settings(deadline=None)  # what is compiled takes a moment the first time
@given(st.integers(0, 5), st.booleans(), st.data())
def test_wherever_the_other_rows_hold_it_holds(seed: int, priced: bool, data: st.DataObject) -> None:  # noqa: FBT001
    _, flat, places, values = solution(week(6, seed, priced=priced))
    on = survey(flat, places)
    assert on is not None
    free = on.formulas.ranks[flat.columns] < 0
    alone = np.flatnonzero(np.add.reduceat(free, flat.starts[:-1]) == np.diff(flat.starts))
    spared = implied(flat, alone, on.positions)
    stood = on.position_of(values)
    assert stood is not None
    starts = on.positions.starts
    for number in data.draw(st.lists(st.integers(0, len(starts) - 2), max_size=2)):
        stood[number] = data.draw(st.integers(int(starts[number]), int(starts[number + 1]) - 1))
    values = on.solution(stood)
    activity = flat.activity(values)
    holds = (activity >= flat.least) & (activity <= flat.most)
    others = np.setdiff1d(alone, spared)
    assert len(spared)
    assert holds[spared].all() or not holds[others].all()
