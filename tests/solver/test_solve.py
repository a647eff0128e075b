"""Solving: each status for what it is, tiers in order, the same answer twice, and no schedule that breaks a rule."""

from __future__ import annotations

import gc
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import evolve, frozen
from ortools.sat.python import cp_model

from unsched import (
    Block,
    Breach,
    Constraint,
    Delegation,
    DisagreementError,
    Effort,
    FirstSchedule,
    InputError,
    Period,
    Preference,
    Problem,
    Progress,
    Result,
    Room,
    Schedule,
    Session,
    Status,
    Team,
    TimeLimit,
    Venue,
    Window,
    solve,
)
from unsched.domain.interval import Interval
from unsched.rules import (
    EndEarly,
    InterpretersEnough,
    InvitedCanAttend,
    KeepStart,
    NotTogether,
    Pin,
    PreferRoom,
    PreferTime,
    SameRoom,
)
from unsched.solver.budget import Budget
from unsched.solver.compile import compile_problem
from unsched.solver.crew import Crew
from unsched.solver.engine import Run
from unsched.solver.explain import find_conflict
from unsched.solver.solve import _Search

if TYPE_CHECKING:
    from unsched import Rule
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

WINDOW = Window("Europe/Zurich", ["2010-12-17"], step=60)


def make(sessions: int = 4, rooms: int = 2, minutes: int = 60, **more: object) -> Problem:
    many = [Session(f"s{i}", f"Session {i}", minutes) for i in range(sessions)]
    fields = {"window": WINDOW, "venue": Venue([Room(f"R{i}") for i in range(rooms)]), "sessions": many, **more}
    return Problem("made", **fields)  # type: ignore[arg-type]


def hard_to_prove(sessions: int = 70) -> Problem:
    """Return a problem that takes far longer than a test to prove: packing with long sessions and many wishes."""
    window = Window.between("UTC", "2010-12-13", "2010-12-17", step=15)
    several = [
        Session(
            f"s{i}", f"S{i}", 45 + 15 * (i * 7 % 5), invited=sorted({f"d{i % 7}", f"d{(i * 3) % 11}", f"d{i * 5 % 13}"})
        )
        for i in range(sessions)
    ]
    delegations = [Delegation(f"d{i}", table_seats=0) for i in range(13)]
    wishes = [PreferTime(f"s{i}", [Period(None, f"{10 + i % 3}:30", "17:15")]) for i in range(sessions)]
    venue = Venue([Room(f"R{i}", setup_minutes=15) for i in range(5)])
    return Problem("hard", window, venue, several, delegations, rules=[InvitedCanAttend(), *wishes])


def short_of_rooms() -> Problem:
    """Return a problem of which counting thinks that it fits into two hours, and which takes three."""
    window = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")], step=60)
    venue = Venue([Room("A"), Room("B", setup_minutes=60)])
    sessions = [Session(name, name.upper(), 60) for name in "abcd"]
    return Problem("p", window, venue, sessions, rules=[EndEarly(of="each")])


class TestStatus:
    def test_a_problem_without_preferences_is_optimal_with_its_first_schedule(self) -> None:
        result = solve(make())
        assert result.status is Status.OPTIMAL
        assert result.tiers == ()
        assert result.schedule is not None
        assert len(result.schedule) == 4
        assert "there is no preference to satisfy" in str(result)

    def test_more_sessions_than_room_hours_are_infeasible_and_the_conflict_names_the_rooms(self) -> None:
        result = solve(make(sessions=7, rooms=1))
        assert result.status is Status.INFEASIBLE
        assert result.schedule is None
        assert result.tiers == ()
        assert ("one-session-per-room", "R0") in {(guard.rule.kind, guard.about) for guard in result.conflict}
        assert "these cannot all hold" in str(result)
        assert "Room 'R0' holds one session at a time" in str(result)

    def test_a_session_longer_than_every_block_is_infeasible_by_itself(self) -> None:
        result = solve(make(sessions=1, minutes=240))
        assert [(guard.rule.kind, guard.about) for guard in result.conflict] == [("every-session-placed", "s0")]

    def test_a_conflict_has_no_member_that_it_does_not_need(self) -> None:
        rules = [Pin("s0", "2010-12-17T10:00"), Pin("s1", "2010-12-17T10:00"), NotTogether(["s0", "s1"])]
        result = solve(make(rules=rules))
        assert sorted((guard.rule.kind, guard.about) for guard in result.conflict) == [
            ("every-session-placed", "s0"),
            ("every-session-placed", "s1"),
            ("not-together", "s0, s1"),
            ("pin", "s0"),
            ("pin", "s1"),
        ]

    def test_no_time_to_find_anything_is_unknown_and_not_infeasible(self) -> None:
        result = solve(hard_to_prove(), stop=TimeLimit(1e-6))
        assert result.status is Status.UNKNOWN
        assert (result.schedule, result.tiers, result.conflict) == (None, (), ())
        assert str(result).startswith("unknown: no schedule")

    def test_a_schedule_that_is_not_proven_best_is_feasible_with_a_bound_below_its_cost(self) -> None:
        result = solve(hard_to_prove(), stop=FirstSchedule())
        assert result.status is Status.FEASIBLE
        assert result.schedule is not None
        assert 0 <= result.bound[1] < result.cost[1]
        assert not result.tiers[0].proven
        assert 0 < result.tiers[0].gap <= 1

    def test_a_limit_on_workers_that_is_none_is_refused(self) -> None:
        for workers in (0, True, 1.5):
            with pytest.raises(InputError, match="is not a number of threads"):
                solve(make(), workers=workers)  # type: ignore[arg-type]

    @pytest.mark.parametrize("seed", [-1, 2**31, 1.5, None])
    def test_a_seed_that_the_solver_would_not_take_is_refused(self, seed: object) -> None:
        with pytest.raises(InputError, match="is not a seed"):
            solve(make(), seed=seed)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"stop": 30}, "30 does not say when to stop"),
            ({"stamp": datetime(2010, 12, 6)}, "is not a date and time with an offset"),
            ({"problem": None}, "None is not a Problem"),
        ],
    )
    def test_what_is_no_problem_stop_or_stamp_is_refused_before_any_work(
        self, wrong: dict[str, object], message: str
    ) -> None:
        with pytest.raises(InputError, match=message):
            solve(**{"problem": make(), **wrong})  # type: ignore[arg-type]

    def test_a_conflict_that_cannot_be_narrowed_down_in_time_names_all_rules(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nothing = Run(cp_model.UNKNOWN, (), (), 0, 0, 0.0, interrupted=False)
        monkeypatch.setattr("unsched.solver.probe.run", lambda *_, **__: nothing)
        conflict, interrupted = find_conflict(make(sessions=7, rooms=1))
        assert not interrupted
        assert {guard.rule.kind for guard in conflict} == {"every-session-placed", "one-session-per-room"}
        assert {guard.about for guard in conflict} == {""}

    def test_an_interrupted_conflict_says_so_and_names_what_is_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stopped = Run(cp_model.UNKNOWN, (), (), 0, 0, 0.0, interrupted=True)
        monkeypatch.setattr("unsched.solver.probe.run", lambda *_, **__: stopped)
        result = solve(make(sessions=7, rooms=1))
        assert (result.status, result.interrupted) == (Status.INFEASIBLE, True)
        assert {guard.rule.kind for guard in result.conflict} == {"every-session-placed", "one-session-per-room"}


class TestTiers:
    def test_no_gain_in_a_later_tier_pays_for_a_loss_in_an_earlier_one(self) -> None:
        late, early = Period(None, "17:00", "18:00"), Period(None, "10:00", "11:00")
        rules = [PreferTime("s0", [late], tier=1), PreferTime("s0", [early], tier=2, weight=1000)]
        result = solve(make(sessions=1, rules=rules))
        assert result.cost == {1: 0, 2: 1000}
        assert result.bound == {1: 0, 2: 1000}
        assert result.status is Status.OPTIMAL

    def test_weights_compare_inside_a_tier(self) -> None:
        late, early = Period(None, "17:00", "18:00"), Period(None, "10:00", "11:00")
        rules = [PreferTime("s0", [late], weight=2), PreferTime("s0", [early], weight=3)]
        result = solve(make(sessions=1, rules=rules))
        assert result.schedule is not None
        assert result.cost == {1: 2}
        assert result.schedule["s0"].start.hour == 10

    def test_every_tier_that_has_a_preference_is_reported_in_order(self) -> None:
        result = solve(make(rules=[EndEarly(tier=7), SameRoom("s0", tier=2)]))
        assert [tier.tier for tier in result.tiers] == [2, 7]


class TestSchedule:
    def test_it_carries_stamp_revision_titles_and_assumptions_of_the_problem(self) -> None:
        stamp = datetime(2010, 12, 6, 12, tzinfo=UTC)
        first = solve(make(), stamp=stamp).schedule
        assert first is not None
        assert (first.revision, first.stamp, first["s0"].title) == (0, stamp, "Session 0")
        again = solve(make(published=first, rules=[KeepStart()])).schedule
        assert again is not None
        assert again.revision == 1
        assert again.diff(first) == ()

    def test_room_wishes_and_counted_rooms_go_together(self) -> None:
        rules = [PreferRoom("s0", "R1"), EndEarly(tier=2)]
        result = solve(make(sessions=4, rooms=2, rules=rules))
        assert result.schedule is not None
        assert result.schedule["s0"].room == "R1"
        assert result.cost == {1: 0, 2: 120}

    def test_times_that_counting_allows_and_no_rooms_fit_are_solved_again_with_rooms(self) -> None:
        # Counting takes the shorter set-up for both rooms, and would start two sessions at 11:00 as well.
        result = solve(short_of_rooms())
        assert result.status is Status.OPTIMAL
        assert result.cost == {1: 60 + 60 + 120 + 180}
        assert result.models > 1

    def test_rounds_go_on_until_rooms_match(self) -> None:
        # At most two run at once in two rooms, and yet the long one shares either room with a short one.
        window = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")], step=60)
        venue = Venue([Room("A", features="x"), Room("B", features="y"), Room("C", valid_until=date(2000, 1, 1))])
        sessions = [
            Session("first", "First", 60, features="x", start="2010-12-17T10:00"),
            Session("last", "Last", 60, features="y", start="2010-12-17T12:00"),
            Session("long", "Long", 180),
        ]
        result = solve(Problem("p", window, venue, sessions))
        assert result.status is Status.INFEASIBLE
        assert result.models > 1

    def test_out_of_time_with_times_that_no_rooms_fit_nothing_is_claimed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Budget, "over", lambda _: True)
        two_hours = Window("UTC", ["2010-12-17"], [Block("10:00", "12:00")], step=60)
        result = solve(evolve(short_of_rooms(), window=two_hours))
        assert result.status is Status.UNKNOWN
        assert result.schedule is None

    def test_out_of_time_an_earlier_solution_that_has_rooms_is_the_answer(self) -> None:
        problem = short_of_rooms()
        board = compile_problem(problem)

        def at(**hours: int) -> list[int]:
            values = [0] * len(board.model.proto.variables)
            for name, hour in hours.items():
                start = problem.window.minute(f"2010-12-17T{hour}:00")
                session = problem.session(name)
                values[board.at(session, Interval(start, start + session.length)).index] = 1
            return values

        search = _Search(problem, Crew(1, 0), Budget(TimeLimit(60)), None)
        unmatched, matched = at(a=10, b=10, c=11, d=11), at(a=10, b=10, c=11, d=12)
        assert search._fall_back(board, [unmatched, matched]) is Status.FEASIBLE
        assert search.best is not None
        assert [booking.start.hour for booking in search.best] == [10, 10, 11, 12]

    def test_a_progress_is_reported_for_each_better_schedule(self) -> None:
        seen: list[Progress] = []
        result = solve(hard_to_prove(35), stop=Effort(1), on_progress=seen.append)
        assert [progress.schedules for progress in seen] == list(range(1, len(seen) + 1))
        assert result.schedule is not None
        assert seen[0].tier is None
        costs = [progress.cost for progress in seen if progress.tier == 1]
        assert costs == sorted(costs, reverse=True)

    def test_an_error_in_a_callback_reaches_the_caller(self) -> None:
        def fail(_: Progress) -> None:
            raise ZeroDivisionError("in the callback")

        with pytest.raises(ZeroDivisionError, match="in the callback"):
            solve(make(), on_progress=fail)


class TestReproducible:
    @pytest.mark.parametrize("workers", [1, 2])
    def test_the_same_seed_and_effort_give_the_same_schedule(self, workers: int) -> None:
        results = [solve(hard_to_prove(35), stop=Effort(0.5), seed=7, workers=workers) for _ in range(3)]
        assert results[0].schedule is not None
        assert all(result.schedule == results[0].schedule for result in results)
        assert all(result.tiers == results[0].tiers for result in results)


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Collect no garbage: an interrupt that arrives while hypothesis times a collection is lost in its callback."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class TestInterrupt:
    @pytest.mark.usefixtures("no_collection")
    @pytest.mark.parametrize(("tier", "delay"), [(None, 0.3), (1, 0.5)])
    def test_control_c_returns_the_best_schedule_so_far(self, tier: int | None, delay: float) -> None:
        timers: list[threading.Timer] = []

        def interrupt(progress: Progress) -> None:
            if progress.tier == tier and not timers:
                timers.append(threading.Timer(delay, signal.raise_signal, [signal.SIGINT]))
                timers[0].start()

        # Who runs the tests may ignore the signal.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        begun = time.monotonic()
        try:
            result = solve(hard_to_prove(), stop=TimeLimit(60), on_progress=interrupt)
        finally:
            signal.signal(signal.SIGINT, before)
        assert result.interrupted
        assert result.status is Status.FEASIBLE
        assert result.schedule is not None
        assert "interrupted" in str(result)
        assert time.monotonic() - begun < 30

    def test_solving_in_a_thread_takes_no_signal_handler(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        found: list[Result] = []
        threads = [threading.Thread(target=lambda: found.append(solve(make()))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [result.status for result in found] == [Status.OPTIMAL] * 2
        assert signal.getsignal(signal.SIGINT) is before


@frozen
class Grumpy(Constraint):
    """A faulty rule: it tells the solver nothing, and refuses everything."""

    kind: ClassVar[str] = "grumpy"

    def post(self, board: Board) -> None:
        """Say nothing."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Refuse everything."""
        for one in timetable.placed:
            yield Breach(self, (one.session.id,), 1, "It stands.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Nothing stands."


@frozen
class Overcharge(Preference):
    """A faulty rule: it tells the solver of a price that its check does not find."""

    kind: ClassVar[str] = "overcharge"

    def post(self, board: Board) -> None:
        """Price each session."""
        for session in board.problem.sessions:
            board.prefer(self, board.placed(session))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Find nothing."""
        yield from ()

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Nothing stands."


@frozen
class Forbidding(Overcharge):
    """A faulty rule: a preference that makes everything impossible."""

    kind: ClassVar[str] = "forbidding"

    def post(self, board: Board) -> None:
        """Demand what cannot be."""
        board.prefer(self, board.total([board.placed(session) for session in board.problem.sessions]))
        board.model.add_bool_or([])


@pytest.mark.parametrize(
    ("rule", "kind"), [(Grumpy(), "grumpy"), (Overcharge(), "overcharge"), (Forbidding(), "forbidding")]
)
def test_a_rule_whose_check_disagrees_with_the_solver_is_a_loud_error(rule: Rule, kind: str) -> None:
    with pytest.raises(DisagreementError, match=kind):
        solve(make(rules=[rule]))


def test_a_published_schedule_is_kept_where_it_can_be() -> None:
    first = solve(make(sessions=6, rooms=1)).schedule
    assert first is not None
    lost = Room("R0", hours=[Period(None, "10:00", "12:00"), Period(None, "15:00", "18:00")])
    problem = make(sessions=5, rooms=1, venue=Venue([lost]))
    published = Schedule("made", first.zone, [b for b in first if b.session != "s5"])
    result = solve(evolve(problem, published=published, rules=[KeepStart()]))
    moved = 1 if any(b.start.hour == 12 for b in published) else 0
    assert result.cost == {1: moved}


class TestRoster:
    def test_the_result_says_which_team_works_where_and_why_that_suffices(self) -> None:
        window = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00"), Block("15:00", "18:00")], step=60)
        sessions = [Session(name, name.upper(), 180, languages="fr") for name in ("a", "b")]
        facts = Problem(
            "p", window, Venue([Room("I", booths=1), Room("II", booths=1)]), sessions, teams=[Team("fr-1", "fr", 2)]
        )
        found = solve(facts, stop=Effort(2))
        assert found.roster is not None
        assert [one.session for one in found.roster.of("fr-1")] == [one.session for one in found.schedule or ()]
        assert f"interpreters: {found.roster.why}" in str(found)
        tired = evolve(facts, rules=[InterpretersEnough(per_day=1)])
        assert {guard.rule.kind for guard in solve(tired).conflict} >= {"interpreters-enough"}
        assert solve(tired).roster is None
        assert solve(evolve(facts, teams=[], rules=[])).roster is None


def test_no_conflict_is_looked_for_where_none_is_asked_for() -> None:
    window, venue = Window("UTC", ["2010-12-17"]), Venue([Room("I", closed=[Period()])])
    problem = Problem("p", window, venue, [Session("a", "A", 180)])
    asked, not_asked = (solve(problem, stop=Effort(5), explain=explain) for explain in (True, False))
    assert (asked.status, not_asked.status) == (Status.INFEASIBLE, Status.INFEASIBLE)
    assert asked.conflict
    assert not_asked.conflict == ()
