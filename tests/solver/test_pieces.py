"""Pieces share no row, hold each variable once, and together cost what the part costs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small import solution, week

from unsched.solver.part import Part, relax, solve_part
from unsched.solver.pieces import Unproven, pieces, worth_while
from unsched.solver.windows import windows


def part_of(weeks: int, seed: int) -> Part:
    _, flat, _, values = solution(week(3, weeks=weeks, seed=seed))
    part = relax(flat, values, np.ones(len(flat.lower), dtype=bool))
    assert part is not None
    return part


def cost(part: Part) -> int:
    solved = solve_part(part, seed=1, effort=60)
    assert solved.done
    return solved.cost


@pytest.mark.parametrize("seed", range(4))
def test_pieces_cost_together_what_the_part_costs(seed: int) -> None:
    part = part_of(3, seed)
    several = pieces(part)
    assert len(several) > 1
    assert sum(cost(piece) for piece in several) == cost(part)


def test_each_variable_and_each_row_is_in_one_piece() -> None:
    part = part_of(4, 1)
    several = pieces(part)
    assert sorted(np.concatenate([piece.variables for piece in several]).tolist()) == sorted(part.variables.tolist())
    assert sum(len(piece.least) for piece in several) == len(part.least)
    assert sum(len(piece.columns) for piece in several) == len(part.columns)
    for piece in several:
        assert not len(piece.given)
        assert piece.columns.max(initial=0) < len(piece.variables)


def test_what_hangs_together_is_one_piece() -> None:
    _, flat, places, values = solution(week(4, weeks=1))
    assert len(windows(places, 10)) == 1
    part = relax(flat, values, np.ones(len(flat.lower), dtype=bool))
    assert part is not None
    assert len(pieces(part)) == 1


def test_a_piece_is_left_alone_once_twice_as_long_would_take_half_of_the_time() -> None:
    part = part_of(2, 1)
    several = [Unproven(part, 0, 0, 1.0, seconds) for seconds in (0.0, 4.0, 6.0)]
    assert worth_while(several, 20.0) == several[:2]
    assert worth_while(several, math.inf) == several
    assert worth_while(several, 0.0) == []
