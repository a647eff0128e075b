from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Block, Delegation, Group, Period, Person, Problem, Room, Segment, Session, Venue, Walk, Window
from unsched.domain.timetable import Timetable
from unsched.rules import Available, Fair, InvitedCanAttend, NoDelegationClash, NoPersonClash, Soften
from unsched.solver.compile import compile_problem
from unsched.testing import agree, random_schedule

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=60)
MORNING = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "13:00")], step=5)
ROOMS = [Room("I"), Room("II"), Room("III")]


def problem(*sessions: Session, **fields: object) -> Problem:
    good: dict[str, Any] = {
        "id": "p",
        "window": DAY,
        "venue": Venue(ROOMS),
        "sessions": sessions,
        "off": "seats-enough",
    }
    return Problem(**{**good, **fields})


def session(id: str, minutes: int = 180, **fields: Any) -> Session:
    return Session(id, id.upper(), minutes, **fields)


# -- delegations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "possible"), [(1, False), (2, True), (3, True)])
def test_a_delegation_of_k_covers_k_sessions_at_once(
    best: Best, impossible: Impossible, size: int, *, possible: bool
) -> None:
    sessions = [session(name, required="CHE") for name in "abc"]
    facts = problem(*sessions, delegations=[Delegation("CHE", size=size)])
    if possible:
        places, _ = best(facts)
        assert max(Counter(place[:8] for place in places.values()).values()) <= size
    else:
        assert impossible(facts) == ["every-session-placed", "no-delegation-clash"]


def test_a_delegation_is_called_by_its_group_and_by_its_persons(best: Best, breaches: Breaches) -> None:
    people = {
        "delegations": [Delegation("CHE", groups="WEOG"), Delegation("BRA")],
        "groups": [Group("WEOG")],
        "persons": [Person("riehl", delegation="CHE"), Person("guest")],
    }
    sessions = session("a", required="WEOG"), session("b", chair="riehl"), session("c", required=["BRA", "guest"])
    facts = problem(*sessions, **people)
    places, _ = best(facts)
    assert places["a"][:8] != places["b"][:8]
    rule = NoDelegationClash()
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 10:00 III"}) == [
        ("a b", 1, "'CHE', a delegation of 1, cannot cover 'a' on Fri 17 Dec 10:00 beside 'b'."),
    ]
    assert rule.say() == "A delegation is required in no more sessions at once than it can cover."


def test_the_least_number_of_duties_goes(breaches: Breaches) -> None:
    sessions = [
        session(name, minutes, required="CHE") for name, minutes in zip("abcd", (180, 60, 120, 60), strict=True)
    ]
    facts = problem(*sessions, delegations=[Delegation("CHE", size=2)])
    places = {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 11:00 II", "d": "17 11:00 III"}
    assert breaches(NoDelegationClash(), facts, places) == [
        ("b a d c", 1, "'CHE', a delegation of 2, cannot cover 'a' on Fri 17 Dec 10:00 beside 'b', 'd', 'c'."),
    ]
    whole = problem(*sessions, delegations=[Delegation("CHE", size=1)])
    assert [amount for _, amount, _ in breaches(NoDelegationClash(), whole, places)] == [1, 1]


# -- persons ----------------------------------------------------------------------------------------------------------


def test_a_person_is_in_one_place_at_a_time(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    people = {"persons": [Person("riehl"), Person("guest")]}
    two = session("a", chair="riehl"), session("b", required="riehl")
    places, _ = best(problem(*two, **people))
    assert places["a"][:8] != places["b"][:8]
    three = problem(*two, session("c", chair="riehl", required="guest"), **people)
    assert impossible(three) == ["every-session-placed", "no-person-clash"]
    rule = NoPersonClash()
    assert breaches(rule, three, {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 15:00 III"}) == [
        ("a b", 1, "'riehl' is needed in 'a' and 'b' at once."),
    ]
    assert rule.say() == "A person is in one place at a time, with time to walk between buildings."


FAR = Venue([Room("A1", building="A"), Room("A2", building="A"), Room("E1", building="E")], [Walk(["A", "E"], 10)])


@pytest.mark.parametrize(("minutes", "possible"), [(85, True), (90, False)])
def test_a_person_has_the_time_to_walk(best: Best, impossible: Impossible, minutes: int, *, possible: bool) -> None:
    """Three hours hold two sessions of 85 minutes and ten minutes to walk, but not two of 90."""
    sessions = session("a", minutes, chair="riehl", room="A1"), session("b", minutes, chair="riehl", room="E1")
    facts = problem(*sessions, window=MORNING, venue=FAR, persons=[Person("riehl")])
    if possible:
        assert sorted(place[3:8] for place in best(facts)[0].values()) == ["10:00", "11:35"]
    else:
        kinds = impossible(facts)
        assert "no-person-clash" in kinds
        assert set(kinds) == {"every-session-placed", "fixed-places", "no-person-clash"}
        near = problem(
            *(session(n, 90, chair="riehl") for n in "ab"), window=MORNING, venue=FAR, persons=[Person("riehl")]
        )
        places, _ = best(near)
        assert {place[9] for place in places.values()} in ({"A"}, {"E"})


def test_too_short_a_walk_is_a_breach_and_none_is_needed_inside_a_building(breaches: Breaches) -> None:
    sessions = session("a", 60, chair="riehl"), session("b", 60, chair="riehl")
    facts = problem(*sessions, window=MORNING, venue=FAR, persons=[Person("riehl")])
    assert breaches(NoPersonClash(), facts, {"a": "17 10:00 A1", "b": "17 11:05 E1"}) == [
        ("a b", 1, "'riehl' needs 10 minutes to walk from 'a' to 'b'."),
    ]
    assert breaches(NoPersonClash(), facts, {"a": "17 10:00 A1", "b": "17 11:10 E1"}) == []
    assert breaches(NoPersonClash(), facts, {"a": "17 10:00 A1", "b": "17 11:00 A2"}) == []


def test_walking_times_that_are_needed_and_not_known_are_a_fault(refused: Refused, best: Best) -> None:
    rooms = [
        Room("far"),
        Room("A1", building="A"),
        Room("E1", building="E"),
        Room("H1", building="H"),
        Room("A2", building="A"),
    ]
    venue = Venue(rooms, [Walk(["A", "E"], 10)])
    people = {"persons": [Person("riehl")]}
    both = session("a", chair="riehl"), session("b", chair="riehl")
    remedy = "name the building, or its walking minutes; none at all leaves walking out."
    ends = [
        ("venue.rooms[0].building", "room 'far' and 'A'"),
        ("venue.rooms[0].building", "room 'far' and 'E'"),
        ("venue.rooms[0].building", "room 'far' and 'H'"),
        ("venue.walking", "'A' and 'H'"),
        ("venue.walking", "'E' and 'H'"),
        ("venue.walking", "'H' and 'A'"),
    ]
    found = refused(lambda: problem(*both, venue=venue, **people))
    assert found == [
        (path, f"the walking time between {pair} is not known, and persons may need it", remedy) for path, pair in ends
    ]
    assert best(problem(both[0], session("c"), venue=venue, **people))[0].keys() == {"a", "c"}
    assert best(problem(*both, venue=Venue(rooms), **people))[0].keys() == {"a", "b"}


# -- availability -----------------------------------------------------------------------------------------------------

AFTERNOON = [Period("2010-12-17", "14:00", "24:00")]


@pytest.mark.parametrize(
    "fields",
    [
        {"sessions": [session("a", available=AFTERNOON)]},
        {"sessions": [session("a", required="CHE")], "delegations": [Delegation("CHE", available=AFTERNOON)]},
        {"sessions": [session("a", chair="riehl")], "persons": [Person("riehl", available=AFTERNOON)]},
        {"sessions": [session("a", required="riehl")], "persons": [Person("riehl", available=AFTERNOON)]},
        {
            "sessions": [session("a", required="WEOG")],
            "groups": [Group("WEOG")],
            "delegations": [Delegation("CHE", groups="WEOG", available=AFTERNOON)],
        },
    ],
)
def test_a_session_stands_while_all_that_it_requires_are_there(
    best: Best, breaches: Breaches, fields: dict[str, object]
) -> None:
    facts = problem(**fields)
    assert best(facts)[0]["a"].startswith("17 15:00")
    [(name, amount, text)] = breaches(Available(), facts, {"a": "17 10:00 I"})
    assert (name, amount) == ("a", 1)
    assert "is not available" in text
    assert text.endswith("on Fri 17 Dec 10:00.")
    assert breaches(Available(), facts, {"a": "17 15:00 I"}) == []


def test_those_who_are_only_invited_need_not_be_there(best: Best) -> None:
    people = {"delegations": [Delegation("CHE", available=[Period("2010-12-16")])]}
    assert best(problem(session("a", invited="CHE"), **people))[0].keys() == {"a"}


def test_each_of_those_away_is_a_breach(breaches: Breaches, impossible: Impossible) -> None:
    people = {
        "delegations": [Delegation("CHE", available=AFTERNOON)],
        "persons": [Person("riehl", available=[Period(None, "10:00", "12:59")])],
    }
    facts = problem(session("a", required="CHE", chair="riehl"), **people)
    assert breaches(Available(), facts, {"a": "17 10:00 I"}) == [
        ("a", 1, "'CHE' is not available for 'a' on Fri 17 Dec 10:00."),
        ("a", 1, "'riehl' is not available for 'a' on Fri 17 Dec 10:00."),
    ]
    assert impossible(facts) == ["available", "every-session-placed"]
    assert Available().say() == "A session stands while all that it requires are available."


# -- invitations ------------------------------------------------------------------------------------------------------


def test_invitations_are_missed_where_more_run_at_once_than_can_be_covered(best: Best, breaches: Breaches) -> None:
    people = {"delegations": [Delegation("one"), Delegation("two", size=2)]}
    sessions = [session(name, invited=["one", "two"]) for name in "abc"]
    rule = InvitedCanAttend(weight=3)
    facts = problem(*sessions, rules=[rule], **people)
    assert best(facts)[1] == {1: 3}
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 10:00 III"}) == [
        ("b c", 2, "'one' has to miss 'b', 'c'."),
        ("c", 1, "'two' has to miss 'c'."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 15:00 II"}) == []
    assert rule.say() == "Those invited can attend: every session."


def test_duties_come_before_invitations_and_absence_before_both(best: Best, breaches: Breaches) -> None:
    people = {
        "delegations": [Delegation("CHE"), Delegation("late", available=AFTERNOON)],
        "persons": [Person("riehl", delegation="CHE")],
    }
    sessions = session("duty", chair="riehl"), session("a", invited=["CHE", "late"]), session("b", invited="riehl")
    rule = InvitedCanAttend(["a", "b"])
    facts = problem(*sessions, rules=[rule], **people)
    places, cost = best(facts)
    assert cost == {1: 0}
    assert (places["duty"][3:8], places["a"][3:8], places["b"][3:8]) == ("10:00", "15:00", "15:00")
    assert breaches(rule, facts, {"duty": "17 10:00 I", "a": "17 10:00 II", "b": "17 10:00 III"}) == [
        ("a", 1, "'CHE' has to miss 'a'."),
        ("a", 1, "'late' has to miss 'a'."),
        ("b", 1, "'riehl' has to miss 'b'."),
    ]


def test_as_few_invitations_as_can_be_are_missed(breaches: Breaches) -> None:
    sessions = [
        session(name, minutes, invited="CHE") for name, minutes in (("long", 180), ("a", 60), ("b", 60), ("c", 60))
    ]
    facts = problem(*sessions, rules=[InvitedCanAttend()], delegations=[Delegation("CHE")])
    places = {"long": "17 10:00 I", "a": "17 10:00 II", "b": "17 11:00 II", "c": "17 12:00 II"}
    assert breaches(InvitedCanAttend(), facts, places) == [("long", 1, "'CHE' has to miss 'long'.")]


def test_only_the_selected_invitations_count(best: Best) -> None:
    sessions = (
        session("a", invited="CHE", start="2010-12-17T10:00"),
        session("b", invited="CHE", start="2010-12-17T10:00"),
    )
    people = {"delegations": [Delegation("CHE"), Delegation("BRA")]}
    assert best(problem(*sessions, rules=[InvitedCanAttend("a")], **people))[1] == {1: 0}
    assert best(problem(*sessions, rules=[InvitedCanAttend(["a", "b"], tier=2)], **people))[1] == {2: 1}


@pytest.mark.parametrize(("weights", "kept"), [((1, 3), "b"), ((3, 1), "a")])
def test_an_invitation_missed_costs_the_weight_of_the_party(
    best: Best, breaches: Breaches, weights: tuple[int, int], kept: str
) -> None:
    """There is one room, and both parties leave at noon: the session of the weightier one stands in the morning."""
    people = [
        Delegation(name, weight=weight, leaves="2010-12-17T13:00")
        for name, weight in zip(("one", "two"), weights, strict=True)
    ]
    rule = InvitedCanAttend(weight=10)
    sessions = session("a", invited="one"), session("b", invited="two")
    facts = problem(*sessions, rules=[rule], venue=Venue([Room("I")]), delegations=people)
    places, cost = best(facts)
    assert cost == {1: 10 * min(weights)}
    assert places[kept].startswith("17 10:00")
    late = {"a": "17 15:00 I", "b": "17 15:00 I"}
    assert [amount for _, amount, _ in breaches(rule, facts, late)] == list(weights)


def test_each_party_bears_its_own_misses_however_alike_they_are() -> None:
    people = [Delegation("one"), Delegation("two"), Delegation("three", weight=2)]
    facts = problem(*(session(name, invited=[one.id for one in people]) for name in "ab"), delegations=people)
    board = compile_problem(facts, [])
    with board.collected() as amounts:
        InvitedCanAttend().post(board)
    assert [whom for _, _, whom in amounts] == [("one",), ("two",), ("three",)]
    schedule = random_schedule(facts, random.Random(1))  # noqa: S311  nothing secret
    agree(Fair([InvitedCanAttend()]), facts, schedule)
    found = list(InvitedCanAttend().check(Timetable(facts, schedule)))
    assert {breach.whom for breach in found} <= {("one",), ("two",), ("three",)}


# -- segments ---------------------------------------------------------------------------------------------------------

GOVERNMENTS = [Segment(60), Segment(60, "governments", required=["CHE"]), Segment()]


def test_who_is_required_at_a_segment_is_free_for_another_session_during_the_others(
    best: Best, impossible: Impossible, breaches: Breaches
) -> None:
    people = {"delegations": [Delegation("CHE")]}
    long, window = (
        session("long", segments=GOVERNMENTS),
        Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")], step=60),
    )
    short = session("short", 60, required="CHE")
    places, _ = best(problem(long, short, window=window, **people))
    assert places["short"][3:8] in ("10:00", "12:00")
    facts = problem(long, session("short", 120, required="CHE"), window=window, **people)
    assert impossible(facts) == ["every-session-placed", "no-delegation-clash"]
    facts = problem(long, short, window=window, **people)
    for clock, amounts in (("10:00", []), ("11:00", [1]), ("12:00", [])):
        found = breaches(NoDelegationClash(), facts, {"long": "17 10:00 I", "short": f"17 {clock} II"})
        assert [amount for _, amount, _ in found] == amounts


def test_a_person_of_a_segment_is_in_one_place_at_a_time_and_away_during_the_others(breaches: Breaches) -> None:
    parts = [Segment(60, required=["riehl"]), Segment()]
    sessions = session("a", segments=parts), session("b", 60, chair="riehl")
    facts = problem(*sessions, persons=[Person("riehl", leaves="2010-12-17T12:00")])
    for rule in (NoPersonClash(), Available()):
        assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:00 II"}) == []
    assert len(breaches(NoPersonClash(), facts, {"a": "17 10:00 I", "b": "17 10:00 II"})) == 1
    assert len(breaches(Available(), facts, {"a": "17 11:00 I", "b": "17 12:00 II"})) == 1


def test_who_is_invited_to_a_segment_misses_only_what_runs_against_it(breaches: Breaches) -> None:
    parts = [Segment(60, invited=["CHE"]), Segment(60), Segment(60, invited=["CHE"])]
    facts = problem(session("a", segments=parts), session("b", 60, required="CHE"), delegations=[Delegation("CHE")])
    missed = {
        clock: [
            amount for _, amount, _ in breaches(InvitedCanAttend(), facts, {"a": "17 10:00 I", "b": f"17 {clock} II"})
        ]
        for clock in ("10:00", "11:00", "12:00")
    }
    assert missed == {"10:00": [1], "11:00": [], "12:00": [1]}


def test_two_segments_of_one_session_are_no_clash_at_a_price(best: Best) -> None:
    parts = [Segment(60, required=["riehl"]), Segment(60), Segment(60, required=["riehl"])]
    facts = problem(session("a", segments=parts), persons=[Person("riehl")], rules=[Soften(NoPersonClash())])
    assert best(facts)[1] == {1: 0}


@pytest.mark.parametrize("venue", [Venue(ROOMS), FAR])
def test_each_pair_of_sessions_that_clash_can_be_priced(best: Best, venue: Venue) -> None:
    """Three chaired sessions in two blocks: two of them run at once, whatever is done."""
    facts = problem(
        *(session(name, chair="riehl") for name in "abc"),
        persons=[Person("riehl")],
        venue=venue,
        rules=[Soften(NoPersonClash(), weight=4)],
    )
    assert best(facts)[1] == {1: 4}


# -- arrival, departure, co-chairs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "clock"),
    [
        ({"arrives": "2010-12-17T13:30"}, "15:00"),
        ({"arrives": "2010-12-17T15:00"}, "15:00"),
        ({"leaves": "2010-12-17T13:00"}, "10:00"),
        ({"leaves": "2010-12-17T17:59"}, "10:00"),
        ({"arrives": "2010-12-17T09:00", "leaves": "2010-12-17T14:00"}, "10:00"),
        ({"arrives": "2010-12-17T11:00", "available": [Period("2010-12-17", "08:00", "18:00")]}, "15:00"),
    ],
)
def test_nobody_is_called_before_arrival_or_after_departure(best: Best, fields: dict[str, Any], clock: str) -> None:
    assert best(problem(session("a", chair="riehl"), persons=[Person("riehl", **fields)]))[0]["a"][3:8] == clock
    assert best(problem(session("a", required="CHE"), delegations=[Delegation("CHE", **fields)]))[0]["a"][3:8] == clock


def test_nobody_comes_to_what_is_over_before_arrival(impossible: Impossible) -> None:
    people = {"persons": [Person("riehl", arrives="2010-12-17T10:30", leaves="2010-12-17T17:30")]}
    assert impossible(problem(session("a", chair="riehl"), **people)) == ["available", "every-session-placed"]


def test_co_chairs_are_in_one_place_at_a_time_and_have_to_be_there(best: Best, impossible: Impossible) -> None:
    sessions = session("a", chair="one", co_chairs=["two"]), session("b", co_chairs="two")
    people = [Person("one"), Person("two")]
    places, _ = best(problem(*sessions, persons=people))
    assert places["a"][3:8] != places["b"][3:8]
    away = [Person("one"), Person("two", available=AFTERNOON)]
    assert best(problem(sessions[0], persons=away))[0]["a"].startswith("17 15:00")
    assert impossible(problem(*sessions, persons=away)) == ["available", "every-session-placed", "no-person-clash"]


# -- invitations where times fall into slots --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "duties", "missed"),
    [
        (1, 0, 3),  # five invitations, two slots
        (2, 0, 1),
        (1, 1, 4),  # a duty takes one of the slots
        (1, 3, 4),  # so do more duties than can be covered, which is another rule's matter
    ],
)
def test_in_slots_the_least_number_of_invitations_is_missed(best: Best, size: int, duties: int, missed: int) -> None:
    facts = problem(
        *(session(f"duty-{number}", required="CHE") for number in range(duties)),
        *(session(name, invited="CHE") for name in "abcde"),
        venue=Venue([Room(f"room-{number}") for number in range(4)]),
        delegations=[Delegation("CHE", size=size)],
        rules=[InvitedCanAttend()],
        off=["seats-enough", "no-delegation-clash"],
    )
    assert best(facts)[1] == {1: missed}


def test_in_slots_who_is_away_misses_what_stands_then(best: Best) -> None:
    facts = problem(
        *(session(name, invited="CHE") for name in "abc"),
        venue=Venue([Room("I"), Room("II")]),
        delegations=[Delegation("CHE", available=AFTERNOON, weight=5)],
        rules=[InvitedCanAttend()],
    )
    # One of the three can be followed, in the afternoon, whatever else stands where.
    assert best(facts)[1] == {1: 10}


def test_in_slots_what_is_too_many_takes_one_number_a_slot() -> None:
    """Nobody decides for himself which of ten sessions in two slots to follow: it is enough to count."""
    sessions = [session(f"s{number}", invited="CHE") for number in range(10)]
    facts = problem(*sessions, delegations=[Delegation("CHE")], rules=[InvitedCanAttend()])
    places = sum(len(facts.spans(one)) for one in facts.sessions)
    assert len(compile_problem(facts).model.proto.variables) == places + 2


@pytest.mark.parametrize("seed", range(20))
def test_in_slots_the_solver_and_the_check_agree_on_who_misses_what(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    names = ["CHE", "FRA", "riehl"]
    facts = problem(
        *(
            session(f"s{number}", required=chance.sample(names[:2], chance.randint(0, 2)), invited=names[2:])
            for number in range(chance.randint(2, 5))
        ),
        *(session(f"t{number}", invited=chance.sample(names, chance.randint(1, 3))) for number in range(3)),
        delegations=[Delegation("CHE", size=chance.randint(1, 2)), Delegation("FRA", available=AFTERNOON)],
        persons=[Person("riehl", delegation="CHE")],
    )
    agree(InvitedCanAttend(), facts, schedules=5, seed=seed)
    agree(Soften(NoDelegationClash()), facts, schedules=5, seed=seed)
