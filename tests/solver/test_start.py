"""A first schedule, found a few sessions at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from attrs import evolve
from small import AtOnce, laid_out, solution, week

from unsched import Problem, Room, Session, Venue, Window
from unsched.solver import start
from unsched.solver.flat import Flat
from unsched.solver.places import Places, match_standing
from unsched.solver.start import _chunks, _relax, construct


def after(parts: int = 300) -> Callable[[], bool]:
    """Be over when so many parts have been asked for, so that what is never found does not take for ever."""
    asked = iter(range(parts))
    return lambda: next(asked, None) is None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("priced", [False, True])
def test_a_first_schedule_keeps_the_constraints(seed: int, *, priced: bool) -> None:
    board, _, flat, places = laid_out(week(10, seed, priced=priced))
    values, effort, _ = construct(flat, places, pool=AtOnce(), width=1, seed=seed, over=after())
    assert values is not None
    assert not flat.broken(values)
    assert effort > 0
    standing = places.standing(values)
    assert set(standing.spans) == set(places.names)
    assert isinstance(match_standing(board, standing), dict)


def test_windows_are_built_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "_WINDOW", 5)
    _, _, flat, places = laid_out(week(6, weeks=5))
    pool = AtOnce()
    values, *_ = construct(flat, places, pool=pool, width=2, seed=1, over=after())
    assert values is not None
    assert not flat.broken(values)
    assert len(pool.futures) >= 5


def test_the_same_seed_finds_the_same_wherever_parts_are_solved() -> None:
    _, _, flat, places = laid_out(week(12, priced=True))
    first, *_ = construct(flat, places, pool=AtOnce(), width=2, seed=4, over=after())
    with ThreadPoolExecutor(2) as threads:
        second, *_ = construct(flat, places, pool=threads, width=2, seed=4, over=after())
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_what_is_over_before_it_begins_has_no_schedule() -> None:
    _, _, flat, places = laid_out(week(8))
    assert construct(flat, places, pool=AtOnce(), width=1, seed=1, over=lambda: True)[:2] == (None, 0.0)


def test_where_everybody_stands_already_nothing_is_moved() -> None:
    _, flat, places, values = solution(week(8))
    pool = AtOnce()
    found, *_ = construct(flat, places, pool=pool, width=1, seed=1, over=after(), begin=values)
    assert found is not None
    assert places.standing(found).spans == places.standing(values).spans
    assert pool.futures == []


def test_who_stands_in_part_is_the_beginning() -> None:
    _, flat, places, values = solution(week(8))
    some = values.copy()
    some[places.own["s2"]] = 0
    found, *_ = construct(flat, places, pool=AtOnce(), width=1, seed=1, over=after(), begin=some)
    assert found is not None
    assert not flat.broken(found)


def tight(rooms: int) -> tuple[Flat, Places]:
    window = Window("UTC", ["2010-01-04"], step=60)
    sessions = [Session(f"s{number}", "S", 60, start="2010-01-04T10:00") for number in range(3)]
    _, _, flat, places = laid_out(Problem("p", window, Venue([Room(f"R{n}") for n in range(rooms)]), sessions))
    return flat, places


def test_what_cannot_be_has_no_first_schedule() -> None:
    for rooms, there in ((2, False), (3, True)):
        flat, places = tight(rooms)
        values, *_ = construct(flat, places, pool=AtOnce(), width=1, seed=1, over=after(60))
        assert (values is not None) == there


def test_what_cannot_be_is_given_up_after_many_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to say stop."""
    monkeypatch.setattr(start, "_TRIES", 20)
    flat, places = tight(2)
    pool = AtOnce()
    assert construct(flat, places, pool=pool, width=1, seed=1, over=lambda: False)[0] is None
    assert 20 <= len(pool.futures) < 60


def test_leaving_a_session_out_costs_more_than_all_else() -> None:
    _, flat, places, values = solution(week(8, priced=True))
    relaxed = _relax(flat, places)
    without = values.copy()
    without[places.own["s4"]] = 0
    assert relaxed.cost(without) > relaxed.cost(values)
    nothing = np.zeros(len(flat.lower), dtype=np.int64)
    dearest = int(np.maximum(flat.weights * flat.lower, flat.weights * flat.upper).sum())
    assert relaxed.cost(nothing) - relaxed.cost(without) >= 0
    assert relaxed.cost(without) - relaxed.cost(values) + dearest > flat.cost(values)
    assert flat.broken(nothing)
    assert evolve(flat, least=relaxed.least).broken(nothing) == relaxed.broken(nothing)


def test_the_most_constrained_sessions_come_first() -> None:
    window = Window("UTC", ["2010-01-04"], step=60)
    sessions = [
        Session("free", "Free", 60),
        Session("fixed", "Fixed", 60, start="2010-01-04T15:00"),
        Session("long", "Long", 180),
    ]
    _, _, _, places = laid_out(Problem("p", window, Venue([Room("A")]), sessions))
    (move,) = _chunks(places, list(places.names))
    order = [places.names[number] for number in dict.fromkeys(places.owners[move.variables].tolist())]
    assert order == ["fixed", "long", "free"]
