"""What is counted is learned once; after that, rooms are decided for all who can stand in no others."""

from __future__ import annotations

from datetime import date, time

import pytest

from unsched import Block, Period, Problem, Room, Session, Status, Venue, Window, solve
from unsched.domain.interval import Interval
from unsched.rules import Constraint, InRoom
from unsched.solver.compile import compile_problem
from unsched.solver.lessons import Lessons

DAY = date(2010, 12, 15)


def hours(start: time, end: time) -> list[Period]:
    return [Period([DAY], start, end)]


def crowded(sessions: int, end: time = time(11)) -> Problem:
    """Return hours in two rooms, of which one opens later and one may close earlier; a third is for one session."""
    rooms = [Room("A", hours=hours(time(9), time(10, 30))), Room("B", hours=hours(time(9, 30), end)), Room("C")]
    return Problem(
        "crowded",
        Window("UTC", [DAY], [Block(time(9), time(12))], step=30),
        Venue(rooms),
        [*(Session(f"s{number}", f"s{number}", 60) for number in range(sessions)), Session("own", "own", 60)],
        rules=[InRoom([f"s{number}" for number in range(sessions)], ["A", "B"]), InRoom(["own"], ["C"])],
    )


def test_what_is_not_counted_yet_is_counted() -> None:
    problem = crowded(3)
    board = compile_problem(problem)
    lessons = Lessons()
    # Nobody counts A and C together: no session can use both.
    lessons.learn(board, {"s0": Interval(540, 600), "own": Interval(540, 600)}, ["s0", "own"])
    assert lessons.many == (0, 1)
    assert board.names(next(iter(lessons.families))) == ("A", "C")
    assert next(iter(lessons.families)) in compile_problem(problem, families=tuple(lessons.families)).counted


def test_what_is_counted_already_is_decided_for_all_who_have_no_other_rooms() -> None:
    problem = crowded(4)
    board = compile_problem(problem)
    start = problem.window.minute(problem.window.wall(0)) + 9 * 60
    lessons = Lessons()
    lessons.learn(board, {"s0": Interval(start, start + 60), "s1": Interval(start + 30, start + 90)}, ["s0", "s1"])
    assert lessons.in_rooms == {"s0", "s1", "s2", "s3"}
    assert not lessons.families


def test_where_too_many_would_follow_only_those_are_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unsched.solver.lessons._MOST_PLACES", 13)
    problem = crowded(4)
    start = problem.window.minute(problem.window.wall(0)) + 9 * 60
    lessons = Lessons()
    spans = {"s0": Interval(start, start + 60), "s1": Interval(start + 30, start + 90)}
    lessons.learn(compile_problem(problem), spans, ["s0", "s1"])
    assert lessons.in_rooms == {"s0", "s1"}


@pytest.mark.parametrize(("sessions", "end", "status"), [(3, time(11), "infeasible"), (3, time(11, 30), "optimal")])
def test_sessions_that_fit_at_each_instant_need_not_fit(sessions: int, end: time, status: str) -> None:
    """Three hours in A (9 to 10:30) and B (9:30 to 11): two at any instant, and yet only one in each room."""
    problem = crowded(sessions, end)
    board = compile_problem(problem, [rule for rule in problem.all_rules if isinstance(rule, Constraint)])
    assert board.counted
    result = solve(problem, workers=1)
    assert result.status is Status(status)
    assert result.models <= 4
    if result.schedule is not None:
        assert not result.schedule.breaches(problem)
