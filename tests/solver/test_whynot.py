"""Answering a request: the same answers as from trying every place, and none that the rules would refuse."""

from __future__ import annotations

import time

import pytest
from attrs import evolve
from drawing import MADE, drawn, turned
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from unsched import (
    Booking,
    Effort,
    InputError,
    Period,
    Person,
    Preference,
    Problem,
    Room,
    Rule,
    Schedule,
    Seats,
    Session,
    UnknownIdError,
    Venue,
    Window,
    alternatives,
    solve,
    why,
    why_not,
)
from unsched.domain.interval import Interval
from unsched.rules import Before, EndEarly, InvitedCanAttend, Pin, PreferRoom, PreferTime
from unsched.rules.registry import kinds
from unsched.solver.answers import Reason, Why, WhyNot
from unsched.solver.explanation import Contradiction
from unsched.solver.probe import Prober
from unsched.solver.scope import Scope
from unsched.solver.terms import Guard
from unsched.solver.trial import Trial
from unsched.testing import problems, random_schedule

WINDOW = Window("Europe/Zurich", ["2010-12-17"], step=60)
VENUE = Venue([Room("I", seats=Seats(table=9)), Room("II", seats=Seats(table=9))])


def moved(problem: Problem, schedule: Schedule, name: str, span: Interval, room: str) -> Schedule:
    """The schedule with a session elsewhere, made in the plainest way."""
    wall = problem.window.wall
    others = [one for one in schedule.bookings if one.session != name]
    here = Booking(name, room, wall(span.start), wall(span.end), problem.session(name).title)
    return evolve(schedule, bookings=[*others, here])


def price(problem: Problem, schedule: Schedule) -> tuple[int, ...]:
    found = [breach for breach in schedule.breaches(problem) if isinstance(breach.rule, Preference)]
    tiers = sorted({rule.tier for rule in problem.all_rules if isinstance(rule, Preference)})
    return tuple(sum(b.cost for b in found if isinstance(b.rule, Preference) and b.rule.tier == t) for t in tiers)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Problem, Schedule, str]:
    """Draw a problem with a few rules of any kind, any schedule of it, and a session."""
    problem = draw(problems(most_sessions=4, most_rooms=3))
    chosen: list[Rule] = []
    for kind in draw(st.lists(st.sampled_from(sorted(kinds().keys() - set(MADE))), max_size=5)):
        rule = draw(drawn(problem, kind))
        chosen.append(draw(turned(rule)) or rule if draw(st.booleans()) else rule)
    try:
        problem = evolve(problem, rules=list(dict.fromkeys(chosen)))
    except InputError:
        assume(condition=False)
    schedule = random_schedule(problem, draw(st.randoms(use_true_random=False)))
    return problem, schedule, draw(st.sampled_from([session.id for session in problem.sessions]))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked())
def test_a_session_tried_elsewhere_breaks_and_pays_what_the_schedule_would(case: tuple[Problem, Schedule, str]) -> None:
    problem, schedule, name = case
    trial = Trial(problem, schedule, problem.session(name))
    for (span, room), excluded in trial.places():
        there = trial.at((span, room))
        found = [breach for rule in problem.all_rules for breach in trial._check(rule, there)]
        wanted = moved(problem, schedule, name, span, room)
        assert found == list(wanted.breaches(problem))
        assert there.schedule == wanted
        if not excluded:
            assert trial.broken(there) == trial.broken(there, excluded=False)
        elif not any(breach.hard for breach in schedule.breaches(problem)):
            assert trial.broken(there)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked())
def test_alternatives_are_the_cheapest_of_all_places_that_break_nothing(case: tuple[Problem, Schedule, str]) -> None:
    problem, _, name = case
    schedule = solve(problem, stop=Effort(5)).schedule
    assume(schedule is not None)
    assert schedule is not None
    now = schedule.get(name)
    costs = []
    for span in problem.spans(problem.session(name)):
        for room in problem.rooms:
            there = moved(problem, schedule, name, span, room.id)
            if not any(breach.hard for breach in there.breaches(problem)) and there.get(name) != now:
                costs.append(price(problem, there))
    found = alternatives(problem, schedule, name, 3)
    assert [tuple(one.costs.values()) for one in found] == sorted(costs)[:3]
    assert found.complete
    for one in found:
        assert price(problem, one.schedule) == tuple(one.costs.values())
        assert one.moves == ()
        before, after = price(problem, schedule), price(problem, one.schedule)
        assert tuple(one.change.values()) == tuple(new - old for old, new in zip(before, after, strict=True))
        for tier, cost in one.change.items():
            assert sum(consequence.cost for consequence in one.consequences if consequence.tier == tier) == cost


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(asked(), st.data())
def test_what_is_asked_for_is_possible_if_and_only_if_a_schedule_has_it(
    case: tuple[Problem, Schedule, str], data: st.DataObject
) -> None:
    problem, _, name = case
    schedule = solve(problem, stop=Effort(5)).schedule
    starts = problem.starts(problem.session(name))
    assume(schedule is not None and starts)
    assert schedule is not None
    start = problem.window.wall(data.draw(st.sampled_from(starts)))
    room = data.draw(st.sampled_from([room.id for room in problem.rooms]))
    found = why_not(problem, schedule, name, start=start, room=room)
    pinned = evolve(problem, rules=(*problem.rules, Pin(name, start.isoformat(), room)))
    other = Prober(pinned, time.monotonic() + 60, standing=(name,)).ask(Scope(), presolve=False)
    possible = other.possible
    alone = why_not(problem, schedule, name, start=start, room=room, moving=False)
    assert found.settled
    assert found.possible is possible
    if found.answer is not None:
        there = found.answer.schedule[name]
        assert (there.start, there.room) == (start, room)
        assert not any(breach.hard for breach in found.answer.schedule.breaches(problem))
    if alone.possible:
        assert found.possible
        assert found.answer == alone.answer
    elif not found.possible:
        assert found.conflict is not None
        assert found.forbids


def request_case(*rules: Rule, **more: object) -> Problem:
    sessions = [
        Session("wg", "Working Group", 120, chair="chair", invited="ngo"),
        Session("bureau", "Bureau", 60, chair="chair"),
        Session("side", "Side event", 120, invited="ngo"),
    ]
    persons = [Person("chair", "Ms Chair", available=[Period(start="10:00", end="16:00")]), Person("ngo")]
    fields: dict[str, object] = {"venue": VENUE, "persons": persons, "rules": rules, **more}
    return Problem("day", WINDOW, sessions=sessions, **fields)  # type: ignore[arg-type]


def at(hours: dict[str, tuple[int, str]], problem: Problem) -> Schedule:
    bookings = [
        Booking(
            name,
            room,
            f"2010-12-17T{hour}:00+01:00",
            f"2010-12-17T{hour + problem.session(name).length // 60}:00+01:00",
        )
        for name, (hour, room) in hours.items()
    ]
    return Schedule("day", "Europe/Zurich", bookings)


NOW = {"wg": (10, "I"), "bureau": (12, "I"), "side": (15, "II")}


class TestWhyNot:
    def test_a_place_that_is_free_says_which_rules_get_worse_and_who_pays(self) -> None:
        problem = request_case(InvitedCanAttend(), PreferTime("side", [Period(None, "15:00", "18:00")], tier=2))
        found = why_not(problem, at(NOW, problem), "side", start="2010-12-17T10:00", room="II")
        assert found.possible
        assert found.answer is not None
        assert dict(found.answer.change) == {1: 1, 2: 1}
        first = found.answer.consequences[0]
        assert (first.tier, first.cost, first.whom) == (1, 1, ("ngo",))
        text = str(found)
        assert "'side' on Fri 17 Dec 10:00 in II is possible, and nothing else moves: cost tier 1 +1, tier 2 +1" in text
        assert "tier 1, +1 for 'ngo': 'ngo' has to miss" in text

    def test_a_place_that_is_taken_says_what_has_to_move(self) -> None:
        problem = request_case()
        found = why_not(problem, at(NOW, problem), "side", start="2010-12-17T10:00", room="I")
        assert found.answer is not None
        assert [change.session for change in found.answer.moves] == ["wg"]
        assert found.answer.schedule["side"].room == "I"
        assert "share room 'I'" in str(found)
        assert "is possible if 1 other session moves" in str(found)

    def test_that_fewer_cannot_move_is_proven_where_two_have_to(self) -> None:
        hall = [Session(name, name, 60) for name in ("a", "b", "c", "d")]
        problem = Problem("day", WINDOW, Venue([Room("I")]), [*hall, Session("long", "Long", 120)])
        schedule = at({"a": (10, "I"), "b": (11, "I"), "c": (12, "I"), "long": (15, "I")}, problem)
        schedule = evolve(schedule, bookings=schedule.bookings)
        found = why_not(
            evolve(problem, sessions=problem.sessions[:3] + problem.sessions[4:]),
            schedule,
            "long",
            start="2010-12-17T10:00",
        )
        assert found.answer is not None
        assert {change.session for change in found.answer.moves} == {"a", "b"}
        assert (found.fewest, found.cut) == (True, ())
        assert found.to_dict()["fewest"] is True

    def test_what_the_clock_has_cut_is_said(self) -> None:
        problem = request_case()
        found = why_not(problem, at(NOW, problem), "side", start="2010-12-17T10:00", room="I")
        doubtful = evolve(found, fewest=False)
        assert "is possible if 1 other session moves (maybe fewer would do)" in str(doubtful)
        assert doubtful.to_dict()["cut"] == ["whether fewer others would have to move"]
        assert found.to_dict()["cut"] == []
        assert evolve(found, answer=None, settled=False).cut == ("whether it is possible where others move",)

    def test_a_fact_that_forbids_it_is_named(self) -> None:
        problem = request_case()
        found = why_not(problem, at(NOW, problem), "bureau", start="2010-12-17T17:00")
        assert not found.possible
        assert found.conflict is not None
        assert [str(guard) for guard in found.conflict.members] == [
            "What is asked for: 'bureau' on Fri 17 Dec 17:00.",
            "'chair' (Ms Chair) is available only every day 10:00-16:00.",
        ]
        assert "is impossible, whatever moves" in str(found)

    def test_a_conflict_of_several_sessions_is_named(self) -> None:
        problem = request_case(Before("bureau", "wg"), Before("wg", "side"))
        schedule = at({"bureau": (10, "I"), "wg": (11, "I"), "side": (15, "II")}, problem)
        found = why_not(problem, schedule, "side", start="2010-12-17T11:00")
        assert found.conflict is not None
        assert {guard.rule.kind for guard in found.conflict.members} == {"pin", "before", "every-session-placed"}

    def test_a_start_outside_open_time_needs_no_search(self) -> None:
        problem = request_case()
        found = why_not(problem, at(NOW, problem), "side", start="2010-12-17T12:00", room="I")
        assert not found.possible
        (only,) = found.forbids
        assert only.text == (
            "'side' on Fri 17 Dec 12:00 does not lie in open time. "
            "On Fri 17 Dec it can run 10:00-13:00 and 15:00-18:00."
        )
        assert found.conflict is not None
        assert [guard.text for guard in found.conflict.members] == [only.text]

    def test_a_start_outside_open_time_names_the_hours_of_the_room_too(self) -> None:
        rooms = Venue([Room("I", hours=[Period(None, "10:00", "12:00")]), Room("II", closed=[Period(["2010-12-17"])])])
        problem = request_case(venue=rooms)
        schedule = at({"wg": (10, "I")}, problem)
        for room, hours in (("I", "10:00-12:00"), ("II", "at no time")):
            found = why_not(problem, schedule, "side", start="2010-12-17T19:00", room=room)
            assert found.forbids[0].text.endswith(f"Room {room!r} is open then {hours}.")

    def test_a_day_outside_the_window_is_bad_input(self) -> None:
        problem = request_case()
        with pytest.raises(InputError) as caught:
            why_not(problem, at(NOW, problem), "side", start="2010-12-25T10:00")
        (fault,) = caught.value.faults
        assert fault.path == "start"
        assert fault.message == "'side' cannot start at 2010-12-25 10:00 in the window"
        assert (fault.remedy or "").startswith("2010-12-17 ")

    @pytest.mark.parametrize("kinds", [1, 2])
    def test_a_conflict_that_is_not_certain_says_so(self, kinds: int) -> None:
        problem = request_case()
        members = tuple(Guard(rule, "side") for rule in problem.all_rules[:kinds])
        doubtful = Contradiction(members, minimal=False, confirmed=False)
        text = str(WhyNot("side", "on Fri 17 Dec 10:00", conflict=doubtful))
        assert "Maybe not all of these are needed" in text
        assert "not confirmed without presolve" in text

    def test_nothing_else_moves_unless_it_may(self) -> None:
        problem = request_case()
        found = why_not(problem, at(NOW, problem), "side", start="2010-12-17T10:00", room="I", moving=False)
        assert (found.possible, found.conflict) == (False, None)
        assert "as long as nothing else moves" in str(found)

    def test_data_says_the_same(self) -> None:
        problem = request_case()
        data = why_not(problem, at(NOW, problem), "side", room="I").to_dict()
        assert (data["session"], data["possible"], data["answer"]["place"]["room"]) == ("side", True, "I")


class TestWhyUnscheduled:
    def test_what_is_not_scheduled_has_places_and_not_other_places(self) -> None:
        problem = request_case()
        problem = evolve(problem, sessions=[*problem.sessions, Session("new", "New", 60, optional=True)])
        found = why(problem, at(NOW, problem), "new")
        text = str(found)
        assert f"is not scheduled; there are {found.others} places." in text
        assert f"\n{found.free} places are free.\nThe best: " in text
        assert "other place" not in text
        assert "dearer" not in text

    def test_a_single_reason_more_is_in_the_singular(self) -> None:
        reasons = tuple(Reason(f"Reason {number}.", 1, "kind") for number in range(9))
        assert "  and 1 more reason\n" in str(Why("a", None, 9, reasons, (), 0, (), None))


class TestAlternatives:
    def test_others_move_to_make_room(self) -> None:
        hall = Venue([Room("I")])
        wish = PreferTime("side", [Period(None, "10:00", "12:00")])
        problem = request_case(wish, venue=hall, persons=[Person("chair"), Person("ngo")])
        schedule = at({"wg": (10, "I"), "bureau": (12, "I"), "side": (15, "I")}, problem)
        assert [one.place.start.hour for one in alternatives(problem, schedule, "side")] == [16]
        found = alternatives(problem, schedule, "side", 1, moving=2)
        assert found[0].place.start.hour == 10
        assert dict(found[0].change) == {1: -1}
        assert {change.session for change in found[0].moves} <= {"wg", "bureau"}
        assert len(found.to_frame()) == 1

    def test_a_session_that_is_not_scheduled_yet_is_offered_places(self) -> None:
        problem = request_case()
        problem = evolve(problem, sessions=[*problem.sessions, Session("new", "New", 60, optional=True)])
        found = alternatives(problem, at(NOW, problem), "new", 2)
        assert len(found) == 2
        assert all("new" in one.schedule for one in found)


class TestWhy:
    def test_it_counts_what_rules_other_places_out_and_names_the_next_best(self) -> None:
        problem = request_case(PreferRoom("wg", "I"), EndEarly(of="each", tier=2))
        found = why(problem, at(NOW, problem), "wg")
        text = str(found)
        assert text.startswith("'wg' stands on Fri 17 Dec 10:00-12:00 in I; there are 7 other places.")
        assert [(one.places, one.rule) for one in found.excluded] == [(4, "available")]
        assert {one.rule for one in found.taken} == {"no-person-clash", "one-session-per-room"}
        assert found.next is not None
        assert found.next.place.room == "II"
        assert [one.rule.kind for one in found.pays] == ["end-early"]
        assert found.to_dict()["others"] == 7


class TestBadInput:
    def test_an_unknown_session_or_room_is_named_with_the_nearest(self) -> None:
        problem = request_case()
        with pytest.raises(UnknownIdError, match="there is no session 'sid'"):
            why(problem, at(NOW, problem), "sid")
        with pytest.raises(UnknownIdError, match="there is no room 'III'"):
            why_not(problem, at(NOW, problem), "wg", room="III")

    def test_the_schedule_of_another_problem_is_refused(self) -> None:
        problem = request_case()
        other = evolve(at(NOW, problem), problem="year")
        for ask in (why, alternatives):
            with pytest.raises(InputError, match="the schedule is of problem 'year', not of 'day'"):
                ask(problem, other, "wg")

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({}, "neither a start nor a room is asked for"),
            ({"start": "tomorrow"}, "is not a date and time"),
            ({"room": "I", "seconds": 0}, "is not a number of seconds"),
        ],
    )
    def test_a_question_that_asks_nothing_is_refused(self, wrong: dict[str, object], message: str) -> None:
        problem = request_case()
        with pytest.raises(InputError, match=message):
            why_not(problem, at(NOW, problem), "wg", **wrong)  # type: ignore[arg-type]

    def test_numbers_that_are_none_are_refused(self) -> None:
        problem = request_case()
        with pytest.raises(InputError, match="0 is not a number from 1"):
            alternatives(problem, at(NOW, problem), "wg", 0)
        with pytest.raises(InputError, match="-1 is not a number from 0"):
            alternatives(problem, at(NOW, problem), "wg", moving=-1)
        with pytest.raises(InputError, match="None is not a Problem"):
            why(None, at(NOW, problem), "wg")  # type: ignore[arg-type]
