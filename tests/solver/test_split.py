"""Windows hold each session once, and what they cost by themselves is no more than the whole costs."""

from __future__ import annotations

from datetime import time
from itertools import combinations
from math import inf
from time import monotonic

import numpy as np
import pytest
from attrs import evolve
from ortools.sat.python import cp_model
from small import AtOnce, laid_out, solution, values_of, week

from unsched import Block, Period, Person, Problem, Room, Select, Session, TimeLimit, Venue, Window
from unsched.rules import AtMostTogether, PreferTime, Soften
from unsched.solver import by_windows
from unsched.solver.budget import Budget
from unsched.solver.climb import Climb
from unsched.solver.crew import Crew
from unsched.solver.engine import NOTHING_FOUND, Run
from unsched.solver.part import relax, solve_part
from unsched.solver.pieces import Unproven
from unsched.solver.places import Places
from unsched.solver.split import Proof, bound_by_windows, moves_by_windows
from unsched.solver.windows import windows, windows_by_rooms

WEEKS = week(4, weeks=4)
PRICED = week(4, weeks=4, seed=2, priced=True)


def long() -> float:
    return inf


def places_of(meetings: int, weeks: int) -> Places:
    return laid_out(week(meetings, weeks=weeks))[3]


@pytest.mark.parametrize("size", [1, 3, 4, 8, 100])
def test_windows_hold_each_session_once(size: int) -> None:
    _, _, _, places = laid_out(WEEKS)
    several = windows(places, size)
    assert sorted(name for names in several for name in names) == sorted(places.names)
    assert all(several)


def test_windows_end_where_weeks_end() -> None:
    for size, together in ((4, 1), (10, 2)):
        several = windows(places_of(4, 6), size)
        assert len(several) == 6 // together
        for number, names in enumerate(several):
            assert set(names) == {f"s{4 * together * number + at}" for at in range(4 * together)}


def test_sessions_that_can_stand_anywhere_are_in_one_window() -> None:
    assert len(windows(places_of(6, 1), 2)) == 1


def test_windows_that_are_next_to_each_other_are_not_under_way_together() -> None:
    _, _, _, places = laid_out(week(3, weeks=6))
    for several in (windows(places, 3), windows(places, 3)[:5], windows(places, 3)[:2]):
        order = []
        for turn in moves_by_windows(places, several):
            at_once = []
            for move in turn:
                names = {places.names[number] for number in places.owners[move.variables].tolist()}
                at_once.append(next(at for at, some in enumerate(several) if set(some) == names))
            assert all(abs(a - b) > 1 for a, b in combinations(at_once, 2))
            order += at_once
        assert sorted(order) == list(range(len(several)))


def test_a_window_may_take_as_long_as_is_left_when_its_turn_comes() -> None:
    _, _, _, places = laid_out(week(3, weeks=6))
    seconds = iter(range(6, 0, -1))
    turns = moves_by_windows(places, windows(places, 3), left=lambda: float(next(seconds)))
    assert [move.seconds for turn in turns for move in turn] == [6, 5, 4, 3, 2, 1]


def test_windows_can_overlap_those_of_another_call() -> None:
    _, _, _, places = laid_out(week(3, weeks=6))
    ends = {names[-1] for names in windows(places, 12)[:-1]}
    others = {names[-1] for names in windows(places, 12, first=6)[:-1]}
    assert ends
    assert others
    assert not ends & others


@pytest.mark.parametrize("problem", [WEEKS, PRICED], ids=["plain", "priced"])
@pytest.mark.parametrize("size", [2, 4])
def test_windows_never_prove_more_than_the_optimum(problem: object, size: int) -> None:
    board, flat, places, values = solution(problem)  # type: ignore[arg-type]
    best = flat.cost(values_of(flat, board))
    several = windows(places, size)
    assert len(several) > 1
    pool = AtOnce()
    proof = bound_by_windows(flat, places, several, values, pool=pool, width=2, seed=1, left=long)
    assert 0 <= proof.bound <= best
    assert pool.futures
    assert proof.effort > 0


def test_windows_that_have_nothing_in_common_prove_the_optimum() -> None:
    problem = week(5, weeks=3, seed=3)
    board, flat, places, values = solution(problem)
    several = windows(places, 5)
    whole = bound_by_windows(flat, places, [places.names], values, pool=AtOnce(), width=2, seed=1, left=long).bound
    best = flat.cost(values_of(flat, board))
    assert whole == best
    bound = bound_by_windows(flat, places, several, values, pool=AtOnce(), width=2, seed=1, left=long).bound
    assert bound == best


def test_what_is_over_proves_only_that_costs_are_not_negative() -> None:
    _, flat, places, values = solution(WEEKS)
    least = int(np.minimum(flat.weights * flat.lower, flat.weights * flat.upper).sum())
    pool = AtOnce()
    several = windows(places, 4)
    proof = bound_by_windows(flat, places, several, values, pool=pool, width=2, seed=1, left=lambda: 0.0)
    assert (proof.bound, proof.effort, pool.futures) == (least, 0.0, [])


def test_windows_joined_prove_no_less_and_never_more_than_the_optimum() -> None:
    board, flat, places, values = solution(WEEKS)
    best = flat.cost(values_of(flat, board))
    several = windows(places, 2)
    known: dict[bytes, int] = {}
    pool = AtOnce()
    apart = bound_by_windows(flat, places, several, values, pool=pool, width=1, seed=1, left=long, known=known).bound
    solved = len(pool.futures)
    again = bound_by_windows(flat, places, several, values, pool=pool, width=1, seed=1, left=long, known=known).bound
    assert (again, len(pool.futures)) == (apart, solved), "what is known is not proven again"
    joined = [(*several[0], *several[1]), *several[2:]]
    more = bound_by_windows(flat, places, joined, values, pool=pool, width=1, seed=1, left=long, known=known).bound
    fresh = bound_by_windows(flat, places, joined, values, pool=pool, width=1, seed=1, left=long, known={}).bound
    assert apart <= more == fresh <= best
    assert len(pool.futures) < 2 * solved + len(joined)


# -- by rooms ---------------------------------------------------------------------------------------------------------


def tracks(hours: int, each: int = 2, *, people: bool = False) -> Problem:
    """Return a morning of two tracks, each with a room of its own; the panels should not run at once."""
    sessions = [
        Session(
            f"{room}{number}",
            f"{room}{number}",
            60,
            room=room,
            tags=["panel"] if number == 0 else [],
            required=["chair"] if people and number == 1 else [],
        )
        for room in ("A", "B")
        for number in range(each)
    ]
    return Problem(
        "tracks",
        Window("UTC", ["2010-12-15"], [Block(time(9), time(9 + hours))], step=60),
        Venue([Room("A"), Room("B")]),
        sessions,
        persons=[Person("chair")],
        rules=[Soften(AtMostTogether(1, Select(tags="panel")), weight=20)],
    )


def test_windows_by_rooms_hold_those_who_can_meet_in_a_room() -> None:
    _, _, _, places = laid_out(tracks(3))
    assert windows_by_rooms(places.board) == [("A0", "A1"), ("B0", "B1")]


def test_who_can_stand_in_both_rooms_joins_their_windows() -> None:
    problem = tracks(3)
    both = evolve(problem.sessions[0], id="C", title="C", room=None, tags=())
    _, _, _, places = laid_out(evolve(problem, sessions=[*problem.sessions, both]))
    assert len(windows_by_rooms(places.board)) == 1


def test_one_room_on_two_days_is_two_windows_where_each_session_has_a_day() -> None:
    _, _, _, places = laid_out(week(2, rooms=1, weeks=2, days=1))
    assert windows_by_rooms(places.board) == [("s0", "s1"), ("s2", "s3")]


@pytest.mark.parametrize(("hours", "each", "least"), [(1, 1, 20), (2, 1, 0), (2, 2, 0)])
def test_what_windows_pay_together_counts_once(hours: int, each: int, least: int) -> None:
    board, flat, places, values = solution(tracks(hours, each))
    several = windows_by_rooms(places.board)
    assert len(several) == 2
    bound = bound_by_windows(flat, places, several, values, pool=AtOnce(), width=1, seed=1, left=long).bound
    assert bound == least == flat.cost(values_of(flat, board))


@pytest.mark.parametrize(("hours", "each"), [(1, 1), (2, 2)])
def test_nothing_is_paid_beyond_what_is_proven_to_be_least(hours: int, each: int) -> None:
    board, flat, places, values = solution(tracks(hours, each))
    proof = bound_by_windows(
        flat, places, windows_by_rooms(places.board), values, pool=AtOnce(), width=1, seed=1, left=long
    )
    assert not proof.beyond(flat, values_of(flat, board)).any()


def test_who_pays_more_than_is_proven_is_known() -> None:
    problem = tracks(3)
    late = [PreferTime(["A1"], [Period(None, time(11), time(12))], weight=3)]
    priced = evolve(problem, rules=[*problem.rules, *late])
    board, flat, places, _ = solution(priced)
    hours = {"A0": 0, "A1": 1, "B0": 0, "B1": 1}
    spans = {name: board.spans(problem.session(name))[hour] for name, hour in hours.items()}
    values = places.settle(flat, spans, {}, seconds=10)
    assert values is not None
    several = windows_by_rooms(places.board)
    proof = bound_by_windows(flat, places, several, values, pool=AtOnce(), width=1, seed=1, left=long)
    beyond = np.flatnonzero(proof.beyond(flat, values))
    assert proof.bound == 0
    assert flat.cost(values) == 23 == int(flat.weights[beyond] @ values[beyond])


def test_what_a_piece_comes_to_counts_for_its_window_and_for_nothing_else_that_is_known() -> None:
    board, group, flat, _ = laid_out(week(4))
    priced = evolve(flat, weights=np.ones_like(flat.weights))
    part = relax(priced, values_of(flat, board), np.ones(len(flat.lower), dtype=bool))
    assert part is not None
    piece = Unproven(part, 1, 2, 0.0)
    on = Climb(board, group, Crew(1, 1), Budget(TimeLimit(60)), until=monotonic() + 60, effort=inf)
    on.best = evolve(on.best, status=cp_model.FEASIBLE, objective=1_000, bound=100)
    on.proof = Proof(bound=70, unproven=[piece], least=np.array([5, 7, 58]))
    found = on._piece(piece, lambda: False)
    cost = solve_part(part, seed=1, effort=60).cost
    assert piece.proven == cost > 2
    assert found.bound == 70 + cost - 2
    assert on.proof.least.tolist() == [5, 7 + cost - 2, 58]
    assert on._next_piece() is None, "it is proven"


def test_an_interrupt_while_a_piece_is_proven_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    board, group, flat, _ = laid_out(week(4))
    part = relax(flat, values_of(flat, board), np.ones(len(flat.lower), dtype=bool))
    assert part is not None
    on = Climb(board, group, Crew(1, 1), Budget(TimeLimit(60)), until=monotonic() + 60, effort=inf)
    monkeypatch.setattr(by_windows, "run", lambda *_, **__: evolve(NOTHING_FOUND, interrupted=True))
    on._piece(Unproven(part, 0, 0, 0.0), lambda: False)
    assert on.budget.over()


def test_what_is_too_large_for_one_proof_is_not_proven_whole_once_no_piece_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board, group, flat, places = laid_out(PRICED)
    on = Climb(board, group, Crew(1, 1), Budget(TimeLimit(60)), until=monotonic() + 60, effort=inf)
    on.best = evolve(on.best, status=cp_model.FEASIBLE, values=values_of(flat, board).tolist())
    search = on.improver(flat, places)
    asked: list[Run] = []

    def whole_of(*_: object, **__: object) -> Run:
        asked.append(NOTHING_FOUND)
        return NOTHING_FOUND

    monkeypatch.setattr(Climb, "_whole", whole_of)
    for whole, proofs in ((False, 0), (True, 1)):
        on.whole = whole
        on._prove_beside(search, AtOnce(), monotonic())
        assert len(asked) == proofs


@pytest.mark.parametrize("seed", range(4))
def test_windows_by_rooms_never_prove_more_than_the_optimum(seed: int) -> None:
    problem = week(6, seed)
    pinned = [evolve(one, room="ABC"[number % 3], side_seats=1) for number, one in enumerate(problem.sessions)]
    board, flat, places, values = solution(evolve(problem, sessions=pinned))
    several = windows_by_rooms(places.board)
    assert len(several) > 1
    bound = bound_by_windows(flat, places, several, values, pool=AtOnce(), width=2, seed=1, left=long).bound
    assert 0 <= bound <= flat.cost(values_of(flat, board))
