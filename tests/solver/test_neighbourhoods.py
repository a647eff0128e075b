"""What is freed together, and how that is learned."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from attrs import evolve
from small import laid_out, solution, week

from unsched import Problem, Session
from unsched.solver.flat import Flat, Whole
from unsched.solver.neighbourhoods import Neighbourhoods
from unsched.solver.places import Places, Standing
from unsched.solver.split import Proof
from unsched.solver.windows import windows_by_rooms

PROBLEM = week(10, priced=True)


def made(problem: Problem = PROBLEM, seed: int = 1) -> tuple[Neighbourhoods, Flat, Places, Whole]:
    _, flat, places, values = solution(problem)
    return Neighbourhoods(flat, places, random.Random(seed)), flat, places, values  # noqa: S311  no secret


def freed(places: Places, variables: Whole) -> set[str]:
    """Return the sessions whose places are all free; none is free by half, but for the rooms that it decides."""
    names = {places.names[number] for number in np.unique(places.owners[variables]).tolist()}
    for name in names:
        mine = set(variables.tolist()) & set(places.own[name].tolist())
        rooms = set(places.in_rooms.get(name, np.zeros(0, dtype=np.int64)).tolist())
        assert mine in (set(places.own[name].tolist()), rooms)
    return names


def only(some: Neighbourhoods, kind: str) -> None:
    for name, record in some.records.items():
        record.worth = float(name == kind)


@pytest.mark.parametrize("kind", ["random", "hours", "instants", "day", "cost", "tag", "people", "rooms", "rooms only"])
def test_each_kind_frees_a_few_sessions(kind: str) -> None:
    some, _, places, values = made()
    only(some, kind)
    some.records[kind].size = 4.0
    standing = places.standing(values)
    counts = set()
    for _ in range(20):
        move = some.propose(standing, values)
        assert move.kind == kind
        assert np.all(places.owners[move.variables] >= 0)
        assert len(np.unique(move.variables)) == len(move.variables)
        names = freed(places, move.variables)
        assert len(names) <= 4
        counts.add(frozenset(names))
    assert len(counts) > 1
    # Few of the sessions have rooms to decide.
    assert max(map(len, counts)) >= (2 if kind == "rooms only" else 4)


def test_kinds_that_mean_nothing_in_a_problem_are_not_tried() -> None:
    plain, _, _, _ = made(week(6))
    assert not {"rooms", "rooms only"} & set(plain.records)
    alone = evolve(week(6), sessions=[evolve(one, tags=[], required=[]) for one in week(6).sessions])
    bare, _, _, _ = made(alone)
    assert not {"tag", "people", "body"} & set(bare.records)


def test_sessions_of_some_hours_stand_next_to_each_other() -> None:
    some, _, places, values = made()
    only(some, "hours")
    some.records["hours"].size = 3.0
    standing = places.standing(values)
    order = sorted(standing.spans, key=lambda name: (standing.spans[name], name))
    for _ in range(10):
        names = freed(places, some.propose(standing, values).variables)
        at = [(order.index(name) - order.index(next(iter(names)))) % len(order) for name in names]
        assert any(sorted((step - shift) % len(order) for step in at) == [0, 1, 2] for shift in range(len(order)))


def test_sessions_of_a_day_are_of_one_day() -> None:
    some, _, places, values = made()
    only(some, "day")
    standing = places.standing(values)
    day_of = PROBLEM.window.day_of
    seen = set()
    for _ in range(10):
        names = freed(places, some.propose(standing, values).variables)
        days = {day_of(standing.spans[name].start) for name in names}
        assert len(days) == 1
        seen |= days
    assert len(seen) == 2


def test_who_is_behind_a_cost_is_freed() -> None:
    some, flat, places, values = made()
    only(some, "cost")
    some.records["cost"].size = 2.0
    standing = places.standing(values)
    paid = np.flatnonzero(flat.weights * values > 0)
    speakers = {name for at in paid.tolist() for name in some._speakers(at, values)}
    assert speakers
    assert all(freed(places, some.propose(standing, values).variables) & speakers for _ in range(10))


def test_who_is_left_out_is_let_in_with_those_in_the_way() -> None:
    some, _, places, values = made()
    spans = dict(places.standing(values).spans)
    del spans["s3"]
    standing = Standing(spans, {})
    helpers = set()
    for _ in range(10):
        names = freed(places, some.let_in(["s3"], standing).variables)
        assert "s3" in names
        helpers |= names - {"s3"}
        reach = {span.start for span in places.board.literals_of_spans["s3"]}
        assert all(spans[name].start in reach for name in names - {"s3"})
    assert helpers


def test_the_same_seed_proposes_the_same() -> None:
    runs = []
    for _ in range(2):
        some, _, places, values = made(seed=5)
        standing = places.standing(values)
        moves = [some.propose(standing, values) for _ in range(20)]
        runs.append([(move.kind, move.variables.tolist()) for move in moves])
    assert runs[0] == runs[1]
    other, _, places, values = made(seed=6)
    move = other.propose(places.standing(values), values)
    assert (move.kind, move.variables.tolist()) != runs[0][0]


def test_what_gains_more_is_tried_more() -> None:
    some, _, places, values = made()
    standing = places.standing(values)
    for _ in range(40):
        for kind in some.records:
            some.learn(kind, gain=0.1 if kind == "hours" else 0.0, effort=0.01, done=True)
    counts = Counter(some.propose(standing, values).kind for _ in range(200))
    assert counts["hours"] > 100
    assert len(counts) > 1, "what gains nothing is still tried now and then"


def test_what_is_soon_done_grows_and_what_is_not_shrinks() -> None:
    some, _, _, _ = made()
    before = some.records["hours"].size
    some.learn("hours", gain=0.0, effort=0.001, done=True)
    grown = some.records["hours"].size
    assert grown > before
    some.learn("hours", gain=0.0, effort=0.3, done=False)
    assert some.records["hours"].size < grown
    for _ in range(100):
        some.learn("hours", gain=0.0, effort=9.0, done=False)
    assert some.records["hours"].size == 3.0
    assert some.records["random"].size == before


def test_a_gain_ends_the_time_without_any() -> None:
    some, _, _, _ = made()
    for _ in range(3):
        some.learn("random", gain=0.0, effort=1.0, done=False)
    assert some.idle == 3
    some.learn("window", gain=0.2, effort=1.0, done=True)
    assert some.idle == 0
    assert "window" not in some.records


def test_the_only_session_can_be_freed() -> None:
    problem = Problem("p", PROBLEM.window, PROBLEM.venue, [Session("only", "Only", 60)])
    _, _, flat, places = laid_out(problem)
    some = Neighbourhoods(flat, places, random.Random(1))  # noqa: S311  no secret
    values = np.zeros(len(flat.lower), dtype=np.int64)
    moves = [some.propose(places.standing(values), values) for _ in range(20)]
    assert {move.kind for move in moves} <= {"random", "hours", "instants", "day", "cost"}
    own = places.own["only"].tolist()
    assert all(move.variables.tolist() in ([], own) for move in moves)
    assert any(move.variables.tolist() == own for move in moves)


@pytest.mark.parametrize("kind", ["random", "hours", "instants", "day", "cost", "tag", "people", "rooms"])
def test_most_is_about_whoever_pays_more_than_is_proven(kind: str) -> None:
    _, flat, places, values = solution(PROBLEM)
    standing = places.standing(values)
    for payer in places.names[:3]:
        where = places.own[payer]
        alone = np.arange(len(values)) == where[values[where] > 0][0]
        dear = evolve(flat, weights=alone.astype(np.int64))
        nothing = np.zeros(2, dtype=np.int64)
        proof = Proof(window_of=np.zeros_like(values), least=nothing, between=np.zeros_like(alone))
        some = Neighbourhoods(dear, places, random.Random(1), proof)  # noqa: S311  no secret
        only(some, kind)
        some.records[kind].size = 3.0
        moves = [freed(places, some.propose(standing, values).variables) for _ in range(40)]
        assert sum(payer in names for names in moves) >= 25


def test_who_can_stand_nowhere_is_in_no_window_and_in_nobody_s_way() -> None:
    problem = week(12, priced=True)
    pinned = [evolve(one, room="ABC"[number % 3], side_seats=1) for number, one in enumerate(problem.sessions)]
    # Too long for any day, and first of all who have its tag.
    nowhere = Session("nowhere", "Nowhere", 24 * 60, optional=True, tags=["t0", "t1", "t2"])
    some, _, places, values = made(evolve(problem, sessions=[nowhere, *pinned]))
    only(some, "windows")
    standing = places.standing(values)
    names = [freed(places, some.propose(standing, values).variables) for _ in range(60)]
    assert any(names)
    assert all("nowhere" not in some for some in names)


def test_where_a_problem_falls_apart_whole_windows_are_freed_in_which_something_is_paid() -> None:
    problem = week(12, priced=True)
    pinned = [evolve(one, room="ABC"[number % 3], side_seats=1) for number, one in enumerate(problem.sessions)]
    some, _, places, values = made(evolve(problem, sessions=pinned))
    several = {frozenset(names) for names in windows_by_rooms(places.board)}
    only(some, "windows")
    standing = places.standing(values)
    seen = set()
    for _ in range(20):
        names = freed(places, some.propose(standing, values).variables)
        mine = {window for window in several if window & names}
        assert frozenset().union(*mine) == names, "no window is freed by half"
        assert len(mine) <= 2
        seen.add(frozenset(names))
    assert len(seen) > 1
