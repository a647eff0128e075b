"""Growing: a little is let go of at first, and what has to move is found and proven, whatever the size of the whole."""

from __future__ import annotations

import pytest
from attrs import evolve

from unsched import (
    Absent,
    Booking,
    Delegation,
    Effort,
    InputError,
    Period,
    Person,
    Problem,
    Room,
    RoomLost,
    Schedule,
    Session,
    SessionAdded,
    SessionMoved,
    Status,
    Venue,
    Window,
    repair,
)
from unsched.domain.change import Amendment
from unsched.domain.changes import Changes
from unsched.report.changes import repaired
from unsched.rules import PreferRoom
from unsched.solver import nearby
from unsched.solver.affordable import Affordable
from unsched.solver.compile import compile_problem
from unsched.solver.engine import run
from unsched.solver.growing import Allowance, Grown, grow, held_places
from unsched.solver.inway import in_the_way
from unsched.solver.repair import LEAST
from unsched.solver.restate import Case, Stated, make_case, restate
from unsched.solver.scope import Scope
from unsched.solver.timebound import bounds_of_times

WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=60)
HOURS = (10, 11, 12, 15, 16, 17)


def full(rooms: int = 6, *, but: int = 1) -> tuple[Problem, Schedule]:
    """Return two days of sessions of an hour, each with a delegation of its own, in all places but the last few."""
    places = [(day, hour, f"R{room}") for day in (16, 17) for hour in HOURS for room in range(rooms)]
    places = places[: len(places) - but]
    names = [f"s{number}" for number in range(len(places))]
    parties = [Delegation(f"d{number}", table_seats=0) for number in range(len(places))]
    sessions = [Session(name, name, 60, required=party.id) for name, party in zip(names, parties, strict=True)]
    bookings = [
        Booking(name, room, f"2010-12-{day}T{hour}:00+01:00", f"2010-12-{day}T{hour + 1}:00+01:00")
        for name, (day, hour, room) in zip(names, places, strict=True)
    ]
    venue = Venue([Room(f"R{room}") for room in range(rooms)])
    return Problem("p", WINDOW, venue, sessions, parties), Schedule("p", "Europe/Zurich", bookings)


def stated(facts: Problem, published: Schedule, *changes: Amendment) -> tuple[Case, Stated]:
    case = make_case(facts, published, Changes(changes), None, 0, LEAST, ())
    return case, restate(case, drop=True)


def grown(case: Case, asked: Stated) -> Grown:
    held = held_places(case)
    found = grow(case, asked, held, Allowance(60, effort=20.0), lambda *_: frozenset(held))
    assert found is not None
    return found


NEW = SessionAdded(Session("new", "New", 60, start="2010-12-16T10:00", room="R0"))


def test_all_that_is_wrong_with_how_to_search_is_said_at_once() -> None:
    facts, published = full(rooms=1)
    with pytest.raises(InputError) as caught:
        repair(facts, published, NEW, stop=5, seed=-1, workers=0)  # type: ignore[arg-type]
    assert [fault.path for fault in caught.value.faults] == ["stop", "seed", "workers"]


def test_in_the_way_of_a_session_is_what_stands_where_it_could_only_stand() -> None:
    case, asked = stated(*full(), NEW)
    board = compile_problem(asked.problem, scope=Scope(fixed=held_places(case)))
    board.model.add(board.placed(asked.problem.session("new")) == 0)
    board.model.add(board.placed(asked.problem.session("s0")) == 1)
    found = run(board.model, workers=1)
    assert next(iter(in_the_way(board, found.values, ["new"]))) == "s0"


def test_one_session_makes_room_in_a_full_timetable_and_that_is_proven_the_least() -> None:
    facts, published = full(rooms=3)
    found = repair(facts, published, NEW, stop=Effort(20))
    assert found.status is Status.OPTIMAL
    assert not found.dropped
    assert found.diff is not None
    assert [change.session for change in found.diff if change.before] == ["s0"]
    assert {found.meanings[one.tier]: one.cost for one in found.tiers}["sessions at another time"] == 1


@pytest.mark.parametrize("change", [NEW, RoomLost("R0", [Period(["2010-12-17"], "10:00", "12:00")])])
def test_what_is_bounded_by_its_times_first_comes_to_the_same(
    change: Amendment, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, published = full(rooms=2, but=3)
    facts = evolve(facts, rules=[PreferRoom("s3", "R0")])
    plain = repair(facts, published, change, stop=Effort(20))
    monkeypatch.setattr(nearby, "_EASY", 0)
    bounded = repair(facts, published, change, stop=Effort(20))
    assert bounded.status is plain.status is Status.OPTIMAL
    assert bounded.cost == plain.cost == bounded.bound


def test_only_what_is_in_the_way_is_let_go_of() -> None:
    first = full(rooms=3)[1]
    found = grown(*stated(*full(rooms=3), NEW))
    assert set(found.costs.values()) > {0}
    moved = [name for name, (span, room) in found.places.items() if name in first and first[name].room != room]
    assert len(found.places) == 36
    assert len(moved) <= 1


def test_where_one_place_is_free_and_two_are_needed_one_is_dropped_and_that_is_proven() -> None:
    facts, published = full(rooms=2)
    both = [NEW, SessionAdded(Session("other", "Other", 60))]
    found = repair(facts, published, both, stop=Effort(40))
    assert (len(found.dropped), found.impossible) == (1, True)
    assert "it is proven that not all sessions can stand" in str(found)
    assert found.conflict
    # Where there was no time for the proof, it says so.
    doubtful = evolve(found, impossible=False, conflict=())
    assert "it is not proven that any has to be dropped: more time may find a place for all" in repaired(doubtful)


def test_who_would_cost_more_than_has_been_found_cannot_move() -> None:
    chair = Person("chair")
    sessions = [Session("a", "A", 60, chair="chair"), Session("b", "B", 60, chair="chair"), Session("c", "C", 60)]
    sessions += [Session("d", "D", 60, required="egypt")]
    facts = Problem(
        "p", WINDOW, Venue([Room("I"), Room("II")]), sessions, [Delegation("egypt", table_seats=0)], persons=[chair]
    )
    bookings = [
        Booking(name, room, f"2010-12-16T{hour}:00+01:00", f"2010-12-16T{hour + 1}:00+01:00")
        for name, hour, room in (("a", 10, "I"), ("b", 11, "I"), ("c", 10, "II"), ("d", 12, "I"))
    ]
    away = Absent("chair", [Period(["2010-12-16"], "10:00", "11:00")])
    case, asked = stated(facts, Schedule("p", "Europe/Zurich", bookings), away)
    people, times, minutes, _ = asked.layers
    costs = {tier: 0 for tier in asked.meanings if tier not in asked.wishes} | {people: 1, times: 1, minutes: 60}
    affordable = Affordable(case, asked, ("a",), ("a",))
    # Whoever is told of A is told already of B; but one more session at another time is too many. C has nobody to tell.
    assert affordable.can_move(["b", "c", "d"], costs, {}) == {"b", "c"}
    # In another room, B and C would come after what has been found; at another time, before it.
    assert affordable.can_move(["b", "c", "d"], costs | {times: 0}, {}) == frozenset()
    assert affordable.can_move(["b", "c", "d"], costs | {times: 2}, {}) == {"b", "c"}
    assert affordable.can_move(["b", "c", "d"], costs | {people: 2}, {}) == {"b", "c", "d"}


def test_the_times_alone_prove_how_many_have_to_move() -> None:
    facts, published = full(rooms=2)
    case, asked = stated(facts, published, NEW)
    found = grown(case, asked)
    bounds = bounds_of_times(asked, found, {}, Allowance(60, effort=20.0))
    words = {asked.meanings[tier]: bound for tier, bound in bounds.items()}
    assert words["sessions at another time"] == 1
    assert words["people to tell, beyond those of sessions that are gone or added"] == 1
    assert all(bound <= found.costs[tier] for tier, bound in bounds.items())


def test_a_session_that_may_wait_stands_where_a_decree_puts_it_before_anybody_is_spared() -> None:
    waiting = Session("w", "W", 60, optional=True, priority=9)
    facts, published = full(rooms=2)
    facts = evolve(facts, sessions=[*facts.sessions, waiting])
    found = repair(facts, published, SessionMoved("w", "2010-12-16T10:00", "R0"), stop=Effort(20))
    assert found.schedule is not None
    assert (found.schedule["w"].room, found.schedule["w"].start.hour) == ("R0", 10)
    assert not found.dropped
    costs = {found.meanings[one.tier]: one.cost for one in found.tiers}
    assert costs["sessions at another time"] == 1


def test_where_there_is_no_place_beside_a_session_that_a_decree_puts_somewhere_another_is_dropped() -> None:
    waiting = Session("w", "W", 60, optional=True)
    facts, published = full(rooms=1, but=0)
    facts = evolve(facts, sessions=[*facts.sessions, waiting])
    found = repair(facts, published, SessionMoved("w", "2010-12-16T10:00", "R0"), stop=Effort(20))
    # A decree comes first, whomever it is made for; and that it leaves no place for all is a conflict with it.
    assert (len(found.dropped), found.impossible, found.status) == (1, True, Status.OPTIMAL)
    assert "w" not in found.dropped
    assert "demand" in {guard.rule.kind for guard in found.conflict}


def test_that_those_taken_from_standby_are_told_without_being_counted_is_said() -> None:
    facts, published = full(rooms=2)
    facts = evolve(facts, sessions=[*facts.sessions, Session("w", "W", 60, optional=True, required="d0")])
    found = repair(facts, published, RoomLost("R0", [Period(["2010-12-16"], "12:00", "13:00")]), stop=Effort(20))
    assert "people to tell, beyond those of sessions that are taken up from standby" in found.meanings.values()


def test_the_wishes_count_among_the_least_changes_in_what_has_been_let_go_of() -> None:
    facts, published = full(rooms=3, but=3)
    facts = evolve(facts, rules=[PreferRoom("s0", "R2")])
    found = repair(facts, published, NEW, stop=Effort(20))
    assert found.schedule is not None
    assert found.status is Status.OPTIMAL
    assert {found.meanings[one.tier]: one.cost for one in found.tiers}["sessions in another room"] == 0
