"""Where sessions stand in a model's variables, and back."""

from __future__ import annotations

import random
from math import inf

import numpy as np
import pytest
from attrs import evolve
from small import laid_out, solution, values_of, week

from unsched import Period, Problem, Room, Session, Venue, Window
from unsched.rules import SameRoom
from unsched.solver.part import cut, solve_part
from unsched.solver.places import Standing, match_standing

PROBLEMS = [week(8), week(8, priced=True)]
SMALL = ["plain", "priced"]


@pytest.mark.parametrize("problem", PROBLEMS, ids=SMALL)
def test_each_variable_places_one_session_or_follows(problem: Problem) -> None:
    board, _, flat, places = laid_out(problem)
    assert places.names == tuple(session.id for session in problem.sessions)
    for number, name in enumerate(places.names):
        mine = {literal.index for literal in board.literals_of_spans[name].values()}
        mine |= {literal.index for literal in board.literals_of_rooms.get(name, {}).values()}
        mine |= {literal.index for literal in board.literals_of_places.get(name, {}).values()}
        assert set(places.own[name].tolist()) == mine
        assert set(np.flatnonzero(places.owners == number).tolist()) == mine
    assert np.array_equal(places.follows, places.owners < 0)
    assert places.follows.sum() + sum(map(len, places.own.values())) == len(flat.lower)


def test_only_sessions_whose_rooms_are_asked_about_have_variables_for_rooms() -> None:
    _, _, _, plain = laid_out(week(6))
    assert plain.in_rooms == {}
    _, _, _, asked = laid_out(evolve(week(6), rules=[SameRoom(["s0", "s1"])]))
    assert list(asked.in_rooms) == ["s0", "s1"]


@pytest.mark.parametrize("problem", PROBLEMS, ids=SMALL)
def test_where_sessions_stand_is_where_they_are_placed(problem: Problem) -> None:
    board, flat, places, values = solution(problem)
    standing = places.standing(values)
    assert set(standing.spans) == set(places.names)
    assert set(standing.rooms) == set(board.literals_of_rooms)
    for name, span in standing.spans.items():
        assert values[board.literals_of_spans[name][span].index] == 1
    placed = places.place(standing.spans, standing.rooms)
    assert np.array_equal(placed[~places.follows], values[~places.follows])
    settled = places.settle(flat, standing.spans, standing.rooms, seconds=inf)
    assert settled is not None
    assert not flat.broken(settled)
    assert vars_of(places.standing(settled)) == vars_of(standing)


def vars_of(standing: Standing) -> tuple[object, ...]:
    return dict(standing.spans), dict(standing.rooms), dict(standing.taken)


def test_rooms_that_are_not_known_are_decided() -> None:
    _, flat, places, values = solution(PROBLEMS[1])
    standing = places.standing(values)
    assert standing.rooms
    settled = places.settle(flat, standing.spans, {}, seconds=inf)
    assert settled is not None
    assert not flat.broken(settled)
    assert places.standing(settled).spans == standing.spans
    assert flat.cost(settled) <= flat.cost(values)


def test_sessions_that_must_stand_are_not_left_out() -> None:
    _, flat, places, values = solution(PROBLEMS[0])
    standing = places.standing(values)
    some = {name: span for name, span in standing.spans.items() if name != "s0"}
    assert places.settle(flat, some, {}, seconds=inf) is None


@pytest.mark.parametrize("problem", PROBLEMS, ids=SMALL)
def test_what_has_moved_is_known_without_looking_at_all(problem: Problem) -> None:
    _, flat, places, values = solution(problem)
    chance = random.Random(4)  # noqa: S311  no secret
    standing, moves = places.standing(values), 0
    for _ in range(10):
        freed = np.concatenate([places.own[name] for name in chance.sample(places.names, 3)])
        part = cut(flat, values, flat.activity(values), freed, follows=places.follows)
        if part is None:
            continue
        found = solve_part(part, seed=chance.randrange(99), effort=1.0)
        assert found.values is not None
        values = values.copy()
        values[part.variables] = found.values
        after = places.moved(standing, values, part.variables)
        assert vars_of(after) == vars_of(places.standing(values))
        assert (after is standing) == (vars_of(after) == vars_of(standing))
        moves += after is not standing
        standing = after
    assert moves


def three_at_once(rooms: int) -> Problem:
    sessions = [Session(f"s{number}", "S", 60, available=[Period(None, "10:00", "12:00")]) for number in range(3)]
    window = Window("UTC", ["2010-01-04"], step=60)
    return Problem("p", window, Venue([Room(f"R{number}") for number in range(rooms)]), sessions)


def test_sessions_that_stand_get_rooms_of_their_own() -> None:
    board, _, flat, places = laid_out(week(8))
    standing = places.standing(values_of(flat, board))
    rooms = match_standing(board, standing)
    assert isinstance(rooms, dict)
    assert set(rooms) == set(standing.spans)
    for name, span in standing.spans.items():
        assert rooms[name] in board.rooms_at(board.problem.session(name), span)
        for other, when in standing.spans.items():
            assert name == other or rooms[name] != rooms[other] or not span.overlaps(when)


def test_sessions_that_cannot_all_have_rooms_are_named() -> None:
    board, _, _, places = laid_out(three_at_once(2))
    early, late = board.spans(board.problem.session("s0"))
    good = Standing({"s0": early, "s1": early, "s2": late}, {})
    bad = Standing({"s0": early, "s1": early, "s2": early}, {})
    assert isinstance(match_standing(board, good), dict)
    found = match_standing(board, bad)
    assert isinstance(found, tuple)
    assert set(found) == {"s0", "s1", "s2"}
    stuck = places.seat(bad, good, {})
    assert isinstance(stuck, tuple)
    assert set(stuck) == {"s0", "s1", "s2"}
    assert places.seat(good, bad, {}) == {"s0": "R0", "s1": "R1", "s2": "R0"}


def test_a_room_that_is_decided_is_taken() -> None:
    board, _, _, _ = laid_out(three_at_once(2))
    early, _ = board.spans(board.problem.session("s0"))
    both = Standing({"s0": early, "s1": early}, {"s0": "R1"})
    assert match_standing(board, both) == {"s0": "R1", "s1": "R0"}
    three = Standing(dict.fromkeys(["s0", "s1", "s2"], early), {"s0": "R1", "s1": "R0"})
    assert match_standing(board, three) == ("s2",)
