"""Explaining: conflicts that are minimal both ways, all of them, and ways out that are the cheapest there are.

`UNSCHED_IMPOSSIBLE=500 pytest tests/solver/test_explain.py` draws more problems than the suite does.
"""

from __future__ import annotations

import os
import time

import pytest
from attrs import evolve
from drawing import MADE, drawn
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from unsched import (
    Constraint,
    Explanation,
    InputError,
    Period,
    Person,
    Price,
    Problem,
    Room,
    Rule,
    Schedule,
    Session,
    Status,
    Venue,
    Window,
    explain,
    solve,
)
from unsched.rules import AtMostTogether, Before, Outside, Pin, PreferRoom
from unsched.rules.registry import kinds
from unsched.solver.board import Board
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.prices import PriceList
from unsched.solver.probe import Bargain, Prober
from unsched.solver.scope import Members, Scope
from unsched.solver.terms import Guard
from unsched.testing import problems

IMPOSSIBLE = int(os.environ.get("UNSCHED_IMPOSSIBLE", "25"))
HARD = sorted(
    kind for kind, rule in kinds().items() if issubclass(rule, Constraint) and kind not in MADE and rule.softens
)


@st.composite
def crowded(draw: st.DrawFn) -> Problem:
    """Draw a small problem with a few constraints of any kind, which is likely to have no schedule."""
    problem = draw(problems(most_sessions=5, most_rooms=2))
    several = draw(st.lists(st.sampled_from(HARD), max_size=4))
    chosen: list[Rule] = [draw(drawn(problem, kind)) for kind in several]
    try:
        return evolve(problem, rules=list(dict.fromkeys(chosen)))
    except InputError:
        assume(condition=False)
        raise


class Oracle:
    """Another way to ask what can hold together: one model with room literals, and a guard for each rule x subject."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def board(self) -> Board:
        rules = [rule for rule in self.problem.all_rules if isinstance(rule, Constraint)]
        return compile_problem(self.problem, rules, guarded=True)

    def possible(self, guards: list[Guard]) -> bool:
        board = self.board()
        board.model.add_assumptions([board.guards[guard] for guard in guards])
        found = run(board.model)
        assert found.proven
        return found.solved

    def least_price(self, prices: PriceList) -> int | None:
        """What it costs at least to relax guards so that all others can hold; `None` where that is not negotiable."""
        board = self.board()
        terms, costs = [], []
        for guard, literal in board.guards.items():
            price = prices.of_guard(self.problem, guard)
            if price is None:
                board.model.add(literal == 1)
            else:
                terms.append(1 - literal)
                costs.append(price)
        board.model.minimize(cp_model.LinearExpr.weighted_sum(terms, costs) if terms else 0)
        found = run(board.model)
        assert found.proven
        return found.objective if found.solved else None


@settings(max_examples=IMPOSSIBLE // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowded())
def test_what_one_model_gives_up_of_everything_is_the_least_there_is(problem: Problem) -> None:
    prices = PriceList.of((), problem)
    prober = Prober(problem, time.monotonic() + 60)
    asked = [(guard, prices.of_guard(problem, guard)) for guard in Oracle(problem).board().guards]
    bargain = Bargain([(guard, price) for guard, price in asked if price is not None])
    scope = Scope(switched=Members.of(guard for guard, _ in bargain.prices))
    found = prober.ask(scope, bargain=bargain)
    least = Oracle(problem).least_price(prices)
    assert (None if not found.possible else sum(dict(bargain.prices)[guard] for guard in found.given_up)) == least
    if found.possible:
        schedule = prober.schedule(found.places)
        assert set(hard_breaches(problem, schedule)) <= {guard.rule for guard in found.given_up}


def hard_breaches(problem: Problem, schedule: Schedule) -> list[Rule]:
    return [breach.rule for breach in schedule.breaches(problem) if breach.hard]


@settings(max_examples=IMPOSSIBLE, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowded())
def test_each_conflict_is_impossible_and_possible_without_any_of_its_members(problem: Problem) -> None:
    found = explain(problem, ways=2, seconds=60)
    oracle = Oracle(problem)
    event(f"{found.status.value}, {len(found.contradictions)} conflicts, {len(found.ways)} ways")
    assert found.status is not Status.UNKNOWN
    assert (found.status is Status.INFEASIBLE) is (not oracle.possible(list(oracle.board().guards)))
    for conflict in found.contradictions:
        assert conflict.minimal
        assert conflict.confirmed
        members = list(conflict.members)
        assert all(str(member).endswith((".", "]")) for member in members)
        assert not oracle.possible(members)
        for member in members:
            assert oracle.possible([other for other in members if other != member])


@settings(max_examples=IMPOSSIBLE, deadline=None, suppress_health_check=list(HealthCheck))
@given(crowded())
def test_the_first_way_out_is_the_cheapest_there_is_and_each_breaks_nothing_but_what_it_relaxes(
    problem: Problem,
) -> None:
    found: Explanation = explain(problem, seconds=60)
    assume(found.status is Status.INFEASIBLE)
    least = Oracle(problem).least_price(PriceList.of((), problem))
    if found.ways and not found.ways[0].proven:
        assert least is not None
        assert found.ways[0].price >= least
    else:
        assert (found.ways[0].price if found.ways else None) == least
    assert [way.price for way in found.ways] == sorted(way.price for way in found.ways)
    members = [{(id(guard.rule), guard.about) for guard in one.members} for one in found.contradictions]
    assert sum(map(len, members)) == len(set[tuple[int, str]]().union(*members)), "no two share a member"
    assert found.complete or found.further
    for way in found.ways:
        assert set(hard_breaches(problem, way.schedule)) <= {guard.rule for guard in way.relaxed}
    sets = [frozenset((guard.rule.kind, guard.about) for guard in way.relaxed) for way in found.ways]
    assert not any(one < other for one in sets for other in sets)


WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=60)


def days(*rules: Rule, rooms: int = 2, **more: object) -> Problem:
    sessions = [Session(name, name.title(), 60) for name in ("one", "two", "three", "four", "five", "six")]
    fields: dict[str, object] = {"sessions": sessions, "rules": rules, **more}
    return Problem("days", WINDOW, Venue([Room(f"R{n}") for n in range(rooms)]), **fields)  # type: ignore[arg-type]


def names_of(found: Explanation) -> list[set[str]]:
    return [
        {guard.about for guard in one.members if guard.rule.kind == "every-session-placed"}
        for one in (*found.contradictions, *found.further)
    ]


class TestConflicts:
    def test_all_independent_conflicts_are_found_with_and_without_arithmetic(self) -> None:
        at = "2010-12-16T10:00"
        found = explain(
            days(Pin("one", at, "R0"), Pin("two", at, "R0"), Before("three", "four"), Before("four", "three"))
        )
        assert found.complete
        assert sorted(map(sorted, names_of(found))) == [["four", "three"], ["one", "two"]]
        assert [bool(one.why) for one in found.contradictions] == [True, False]

    def test_conflicts_that_share_a_member_are_not_called_independent(self) -> None:
        at = "2010-12-16T10:00"
        pins = [Pin(name, at) for name in ("one", "two", "three", "four")]
        found = explain(days(*pins, Before("two", "one"), Before("three", "one"), Before("four", "one"), rooms=4))
        assert len(found.contradictions) == 1
        assert found.further
        assert "1 independent conflict, and " in str(found)
        assert f"{len(found.further)} more that share" in str(found)
        assert len(found.to_dict()["further"]) == len(found.further)

    def test_conflicts_that_share_a_session_are_both_found(self) -> None:
        at = "2010-12-16T10:00"
        pins = [Pin(name, at) for name in ("one", "two", "three")]
        apart = [AtMostTogether(1, ["one", "two"]), AtMostTogether(1, ["one", "three"])]
        found = explain(days(*pins, *apart, rooms=3))
        assert sorted(map(sorted, names_of(found))) == [["one", "three"], ["one", "two"]]
        # To move the one that both are about resolves both.
        assert [guard.about for guard in found.ways[0].relaxed] == ["one"]

    def test_a_demand_for_more_sessions_than_stand_is_told_though_nobody_has_to(self) -> None:
        ids = [f"s{number}" for number in range(5)]
        sessions = [Session(name, name, 180) for name in ids]
        found = explain(days(Before(ids[:2], ids[2:]), rooms=1, sessions=sessions))
        assert found.status is Status.INFEASIBLE
        assert found.contradictions[0].minimal

    def test_a_problem_with_a_schedule_is_told_so_with_one(self) -> None:
        found = explain(days(PreferRoom("one", "R0")))
        assert found.status is Status.FEASIBLE
        assert (found.contradictions, found.ways) == ((), ())
        assert found.schedule is not None
        assert not hard_breaches(days(), found.schedule)
        assert "there is a schedule" in str(found)

    def test_no_time_to_find_anything_claims_nothing(self) -> None:
        found = explain(days(), seconds=1e-6)
        assert (found.status, found.schedule, found.contradictions) == (Status.UNKNOWN, None, ())
        assert "neither a schedule nor a proof" in str(found)

    def test_more_sessions_than_can_be_looked_at_one_by_one_are_told_by_counting(self) -> None:
        many = [Session(f"s{number}", f"S{number}", 60) for number in range(75)]
        found = explain(days(sessions=many, rooms=6), ways=0, seconds=5)
        assert found.status is Status.INFEASIBLE
        assert "75 sessions share 6 rooms; in the whole window there are 72 places" in found.contradictions[0].why
        assert "and 67 more" in str(found.contradictions[0])


class TestWaysOut:
    def case(self) -> Problem:
        """Ms Chair has two hours, and three sessions of an hour."""
        chaired = [Session(name, name.title(), 60, chair="chair") for name in ("one", "two", "three")]
        there = Person("chair", "Ms Chair", available=[Period(["2010-12-16"], "10:00", "12:00")])
        return days(sessions=chaired, persons=[there])

    def test_the_default_prices_ask_for_an_hour_more_before_a_session_is_dropped(self) -> None:
        found = explain(self.case())
        assert [(way.price, way.relaxed[0].rule.kind) for way in found.ways] == [
            (4, "available"),
            *([(12, "every-session-placed")] * 3),
        ]
        # No more is broken than need be.
        assert [breach.rule.kind for breach in found.ways[0].broken] == ["available"]
        assert len(found.ways[1].schedule) == 2

    def test_the_schedule_of_a_way_out_is_improved_by_the_preferences_and_breaks_no_more(self) -> None:
        free = [Session(f"s{number}", "S", 60) for number in range(4)]
        case = self.case()
        wishes = [PreferRoom([one.id for one in free], "R1")]
        found = explain(evolve(case, sessions=[*case.sessions, *free], rules=wishes), ways=1)
        (way,) = found.ways
        assert {way.schedule[one.id].room for one in free} == {"R1"}
        assert [breach.rule.kind for breach in way.broken] == ["available"]

    def test_the_users_prices_come_first_and_a_subject_before_its_kind(self) -> None:
        prices = [
            Price("available", None),
            Price("every-session-placed", 3),
            Price("every-session-placed", 1, about="two"),
        ]
        found = explain(self.case(), prices=prices)
        assert [(way.price, way.relaxed[0].about) for way in found.ways] == [(1, "two"), (3, "one"), (3, "three")]

    def test_where_nothing_is_negotiable_there_is_no_way_out(self) -> None:
        found = explain(self.case(), prices=[Price("available", None), Price("every-session-placed", None)])
        assert found.ways == ()
        assert found.complete
        assert "No way out was found by what is negotiable." in str(found)

    def test_sessions_of_higher_priority_are_dearer_to_drop(self) -> None:
        case = self.case()
        ranked = [evolve(session, priority=place) for place, session in enumerate(case.sessions)]
        found = explain(evolve(case, sessions=ranked), prices=[Price("available", None)])
        assert [(way.price, way.relaxed[0].about) for way in found.ways] == [(10, "three"), (11, "two"), (12, "one")]

    def test_the_schedule_of_a_way_out_is_one_of_the_problem_without_what_is_relaxed(self) -> None:
        shut = Outside("one", [Period()])
        way = explain(days(shut)).ways[0]
        assert [guard.rule for guard in way.relaxed] == [shut]
        assert not hard_breaches(days(), way.schedule)

    def test_the_same_question_has_the_same_answer(self) -> None:
        one, two = (explain(self.case()) for _ in range(2))
        assert (one.contradictions, one.ways) == (two.contradictions, two.ways)


class TestShown:
    def test_it_is_told_as_text_data_and_table(self) -> None:
        at = "2010-12-16T10:00"
        found = explain(days(Pin("one", at, "R0"), Pin("two", at, "R0")))
        text = str(found)
        assert text.startswith("days: there is no schedule: 1 independent conflict (")
        assert "  - 'one' (One) is pinned to Thu 16 Dec at 10:00 and to room 'R0'." in text
        assert "Way out 1, price 2: without this:" in text
        data = found.to_dict()
        assert data["status"] == "infeasible"
        kinds_told = {one["rule"] for one in data["conflicts"][0]["members"]}
        assert kinds_told == {"every-session-placed", "one-session-per-room", "pin"}
        assert data["ways"][0]["schedule"]["problem"] == "days"
        frame = found.to_frame()
        assert list(frame.columns) == ["conflict", "rule", "about", "text"]
        assert len(frame) == 5
        assert "days: there is no schedule: 1 independent conflict" in found._repr_html_()

    def test_a_title_is_never_markup(self) -> None:
        sessions = [Session("a", "<script>alert(1)</script>", 240)]
        assert "<script>" not in explain(days(sessions=sessions))._repr_html_()

    def test_solve_tells_the_same_sentences(self) -> None:
        at = "2010-12-16T10:00"
        case = days(Pin("one", at, "R0"), Pin("two", at, "R0"))
        assert solve(case).conflict == explain(case).contradictions[0].members


class TestBadInput:
    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"problem": None}, "None is not a Problem"),
            ({"ways": -1}, "-1 is not a number of 0 or more"),
            ({"ways": 51}, "51 ways out are over the limit of 50"),
            ({"seconds": 0}, "0 is not a number of seconds"),
            ({"seconds": float("inf")}, "inf is not a number of seconds"),
            ({"workers": 0}, "0 is not a number of 1 or more"),
            ({"seed": 1.5}, "1.5 is not a number of 0 or more"),
            ({"prices": ["pin"]}, "'pin' is not a Price"),
            ({"prices": [Price("pinn", 1)]}, "the problem has no rule 'pinn'"),
            ({"prices": [Price("available", 1, about="chiar")]}, "there is nothing called 'chiar'"),
        ],
    )
    def test_what_cannot_be_is_refused(self, wrong: dict[str, object], message: str) -> None:
        with pytest.raises(InputError, match=message):
            explain(**{"problem": days(), **wrong})  # type: ignore[arg-type]

    @pytest.mark.parametrize("price", [0, 1.5, True, 10**6 + 1])
    def test_a_price_that_is_none_is_refused(self, price: object) -> None:
        with pytest.raises(InputError, match="price"):
            Price("pin", price)  # type: ignore[arg-type]


class TestFarTooMuch:
    def test_there_is_a_way_out_where_many_more_sessions_are_asked_for_than_there_are_hours(self) -> None:
        many = [Session(f"s{number}", f"S{number}", 60, priority=number % 2) for number in range(16)]
        found = explain(days(sessions=many, rooms=1), ways=2)
        assert found.complete
        assert len(found.contradictions) == 1
        # Four have to go: those of the lower priority are cheaper.
        assert found.ways[0].price == 4 * 11
        assert len(found.ways[0].schedule) == 12
        assert found.ways[0].relaxed != found.ways[1].relaxed
        assert "(maybe there is a cheaper one)" in str(found.ways[0])
