"""What rules take from sessions before any search, and which rule does."""

from __future__ import annotations

from hypothesis import given

from unsched import Period, Problem, Room, Session, Venue, Window
from unsched.domain.interval import Interval
from unsched.rules import InRoom, NotInRoom, Outside, Soften
from unsched.solver.board import Board
from unsched.solver.compile import exclusions
from unsched.solver.terms import Exclusion
from unsched.testing import problems


def covers(exclusion: Exclusion, span: Interval, room: str) -> bool:
    in_time = exclusion.spans is None or span in exclusion.spans
    return in_time and (exclusion.rooms is None or room in exclusion.rooms)


@given(problems())
def test_what_no_exclusion_covers_is_what_the_solver_chooses_from(problem: Problem) -> None:
    board = Board(problem)
    for rule in problem.all_rules:
        if rule.narrows:
            rule.post(board)
    found = exclusions(problem)
    for session in problem.sessions:
        left = {(span, room) for span in board.spans(session) for room in board.rooms_at(session, span)}
        open_ = {
            (span, room.id)
            for span in problem.spans(session)
            for room in problem.rooms
            if not any(covers(exclusion, span, room.id) for exclusion in found[session.id])
        }
        assert open_ == left


def test_each_exclusion_names_its_rule() -> None:
    window = Window("UTC", ["2010-12-17"], step=60)
    rules = [InRoom("a", "I"), Soften(NotInRoom("a", "I"), weight=1), Outside("b", [Period(None, "10:00", "13:00")])]
    problem = Problem(
        "p", window, Venue([Room("I"), Room("II")]), [Session(name, name, 60) for name in "ab"], rules=rules
    )
    found = exclusions(problem)
    assert [one.guard.rule for one in found["a"]] == [rules[0]]
    assert [one.guard.rule for one in found["b"]] == [rules[2]]
    assert [(one.rooms, one.spans) for one in found["a"]] == [(("II",), None)]
