"""The words of the board, each in a rule of our own that says the same thing to the solver and in its check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from attrs import frozen

from unsched import (
    Breach,
    Constraint,
    Delegation,
    Effort,
    Preference,
    Problem,
    Room,
    Rule,
    Schedule,
    Session,
    Status,
    Venue,
    Walk,
    Window,
    solve,
)
from unsched.domain.interval import Interval
from unsched.rules import Demand, NoPersonClash, OneSessionPerRoom, SameRoom, Soften
from unsched.solver.compile import compile_problem
from unsched.testing import agree

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

WINDOW = Window.between("Europe/Zurich", "2010-12-16", "2010-12-17", step=60)


@pytest.fixture
def problem() -> Problem:
    sessions = [Session("a", "A", 60), Session("b", "B", 120), Session("c", "C", 180)]
    return Problem("p", WINDOW, Venue([Room("I"), Room("II")]), sessions)


@frozen
class QuietHour(Constraint):
    """Nothing runs at 16:00 on the first day (the word `active`)."""

    kind: ClassVar[str] = "quiet-hour"

    def post(self, board: Board) -> None:
        hour = board.problem.window.minute("2010-12-16T16:00")
        for session in board.problem.sessions:
            board.require(self, board.active(session, hour) == 0, about=session.id)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        for one in timetable.placed:
            start, end = (timetable.problem.window.wall(minute) for minute in (one.span.start, one.span.end))
            if start.day == 16 and start.hour <= 16 < end.hour:
                yield Breach(self, (one.session.id,), 1, "It runs at 16:00.")

    def say(self) -> str:
        return "Nothing runs at 16:00 on the first day."


@frozen
class LateDay(Preference):
    """Each session on the first day costs its place in the list (the words `on_day` and `total`)."""

    kind: ClassVar[str] = "late-day"

    def post(self, board: Board) -> None:
        for place, session in enumerate(board.problem.sessions, start=1):
            board.prefer(self, place * board.on_day(session, board.problem.window.days[0]))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        ids = [session.id for session in timetable.problem.sessions]
        for booking in timetable.schedule.bookings:
            if booking.start.day == 16:
                yield Breach(self, (booking.session,), ids.index(booking.session) + 1, "It is early.")

    def say(self) -> str:
        return "Late in the window."


@frozen
class EarlyStart(Preference):
    """The start of the latest session, in hours, costs (the words `start` and `greatest`)."""

    kind: ClassVar[str] = "early-start"

    def post(self, board: Board) -> None:
        board.prefer(self, board.greatest([board.start(session) for session in board.problem.sessions], upper=3000))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        if timetable.placed:
            yield Breach(self, (), timetable.placed[-1].span.start, "It starts.")

    def say(self) -> str:
        return "An early start."


@frozen
class RoomsShared(Constraint):
    """Somebody uses room I, if anybody stands anywhere (the words `uses`, `any_of` and `placed`)."""

    kind: ClassVar[str] = "rooms-shared"

    def post(self, board: Board) -> None:
        used = board.any_of([board.uses(session, "I") for session in board.problem.sessions])
        for session in board.problem.sessions:
            board.require(self, board.placed(session) <= used)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        rooms = [booking.room for booking in timetable.schedule]
        if rooms and "I" not in rooms:
            yield Breach(self, (), 1, "Nobody uses room I.")

    def say(self) -> str:
        return "Somebody uses room I."


@frozen
class LateWord(Constraint):
    """Forbids only after other rules have made their decisions (`forbid` from a rule that does not narrow)."""

    kind: ClassVar[str] = "late-word"

    def post(self, board: Board) -> None:
        first, second, third = board.problem.sessions
        board.require(self, board.uses(second, "II") + board.at(first, board.spans(first)[0]) <= 2)
        board.forbid(self, first, spans=[board.spans(first)[0]])
        board.forbid(self, second, rooms=["II"])
        board.forbid(self, third, spans=[board.spans(third)[1]], rooms=["I"])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        starts = {session.id: timetable.problem.starts(session) for session in timetable.problem.sessions}
        for one in timetable.placed:
            at, name = one.span.start, one.session.id
            third = name == "c" and at == starts["c"][1] and one.room.id == "I"
            if third or (name == "a" and at == starts["a"][0]) or (name == "b" and one.room.id == "II"):
                yield Breach(self, (name,), 1, "It is not to be there.")

    def say(self) -> str:
        return "Some places are not to be had."


@pytest.mark.parametrize("rule", [QuietHour(), LateDay(weight=3), EarlyStart(), RoomsShared(), LateWord()])
def test_a_rule_made_of_the_words_of_the_board_agrees_with_its_check(rule: Rule, problem: Problem) -> None:
    agree(rule, problem, schedules=60, seed=1)


def test_a_session_whose_rooms_no_rule_asks_about_gets_no_literals_for_rooms(problem: Problem) -> None:
    board = compile_problem(problem)
    assert board.literals_of_rooms == {}
    assert len(board.model.proto.variables) == sum(len(problem.starts(session)) for session in problem.sessions)


def test_only_the_sessions_whose_rooms_a_rule_asks_about_get_literals_for_rooms(problem: Problem) -> None:
    board = compile_problem(problem, [OneSessionPerRoom(), SameRoom(["a", "b"])])
    assert sorted(board.literals_of_rooms) == ["a", "b"]


def test_walking_that_cannot_matter_asks_about_no_rooms() -> None:
    rooms = [Room("I", building="A"), Room("II", building="A"), Room("III", building="E", features="far")]
    sessions = [Session("a", "A", 60, required="d"), Session("b", "B", 60, required="d")]
    problem = Problem("p", WINDOW, Venue(rooms[:2]), sessions, [Delegation("d", table_seats=0)])
    assert compile_problem(problem, [NoPersonClash()]).literals_of_rooms == {}
    far = Problem("p", WINDOW, Venue(rooms, [Walk(["A", "E"], 10)]), sessions, [Delegation("d", table_seats=0)])
    assert compile_problem(far, [NoPersonClash()]).literals_of_rooms == {}


def test_a_start_or_room_that_is_not_possible_is_never_true(problem: Problem) -> None:
    board = compile_problem(problem)
    session = problem.sessions[0]
    board.model.add(board.at(session, Interval(-5, 0)) + board.uses(session, "nowhere") >= 1)
    assert board.model.validate() == ""
    assert solve(problem).status is Status.OPTIMAL


def test_the_same_problem_compiles_to_the_same_model(problem: Problem) -> None:
    rules = [*problem.all_rules, SameRoom(["a", "c"]), EarlyStart()]
    assert str(compile_problem(problem, rules).model.proto) == str(compile_problem(problem, rules).model.proto)


def test_rules_of_our_own_are_solved_and_audited_like_any_other(problem: Problem) -> None:
    mine = Problem("p", WINDOW, problem.venue, problem.sessions, rules=[QuietHour(), LateDay(), EarlyStart(tier=2)])
    result = solve(mine, stop=Effort(20))
    assert result.status is Status.OPTIMAL
    assert isinstance(result.schedule, Schedule)
    # All on the second day: the three hours in one room, the one and the two after each other in the other.
    assert result.cost == {1: 0, 2: WINDOW.minute("2010-12-17T11:00")}


def test_a_time_is_an_interval_and_no_number(problem: Problem) -> None:
    board = compile_problem(problem)
    start: Any = board.spans(problem.session("a"))[0].start
    with pytest.raises(TypeError, match="is not an Interval of minutes"):
        board.at(problem.session("a"), start)
    assert board.stands(problem.session("a"), Interval(-5, 55), "I").proto.domain[1] == 0


@frozen
class HowMany(Constraint):
    """The sessions that stand, weighed, come to a number between two bounds (a comparison at a price)."""

    kind: ClassVar[str] = "how-many"

    least: int
    most: int

    def post(self, board: Board) -> None:
        sessions = board.problem.sessions
        number = board.total([board.placed(session) for session in sessions], [1, 2, -3])
        board.require(self, number >= self.least)
        board.require(self, number <= self.most)
        board.require(self, number + 10 >= self.least + 10)
        board.require(self, 1 <= 1)  # noqa: PLR0133  a comparison of numbers is settled at once

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        weights = {"a": 1, "b": 2, "c": -3}
        number = sum(weights[one.session.id] for one in timetable.placed)
        names = tuple(weights)
        if number < self.least:
            yield Breach(self, names, 2 * (self.least - number), "Too few.")
        if number > self.most:
            yield Breach(self, names, number - self.most, "Too many.")

    def say(self) -> str:
        return "So many."


@pytest.mark.parametrize(("least", "most"), [(1, 2), (-3, -1), (-9, 9), (0, 0), (4, 9)])
def test_a_comparison_at_a_price_costs_what_is_missing(problem: Problem, least: int, most: int) -> None:
    agree(HowMany(least, most), problem, schedules=20)
    agree(Soften(HowMany(least, most), weight=3), problem, schedules=20)
    agree(Demand(Soften(HowMany(least, most)), 2), problem, schedules=20)
