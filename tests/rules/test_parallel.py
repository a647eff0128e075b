from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest

from unsched import (
    Booking,
    Conflict,
    Delegation,
    Group,
    Person,
    Problem,
    Room,
    Rule,
    Schedule,
    Select,
    Session,
    Venue,
    Window,
)
from unsched.domain.segment import Segment
from unsched.domain.timetable import Timetable
from unsched.exchange.convert import dump, load
from unsched.rules import AtMostTogether, CrowdsApart, DeclaredConflicts, Demand, NotTogether, Pin, Soften
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
ROOMS = Venue([Room("I"), Room("II"), Room("III")])


def problem(
    names: str, *rules: Rule, minutes: int = 60, of: dict[str, dict[str, Any]] | None = None, **fields: object
) -> Problem:
    sessions = [
        Session(name, name.upper(), **{"minutes": minutes, "tags": f"tag-{name}", **(of or {}).get(name, {})})
        for name in names
    ]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": ROOMS, "sessions": sessions, "rules": rules}
    good["off"] = ["no-delegation-clash", "no-person-clash", "seats-enough"]
    return Problem(**{**good, **fields})


def clocks(places: dict[str, str]) -> dict[str, str]:
    return {name: place[3:8] for name, place in places.items()}


# -- not together -----------------------------------------------------------------------------------------------------


def test_no_two_of_a_selection_run_at_once(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = NotTogether(["a", "b"])
    places = clocks(best(problem("abc", rule, minutes=180))[0])
    assert {places["a"], places["b"]} == {"10:00", "15:00"}
    assert impossible(problem("abc", NotTogether(Select()), minutes=180)) == ["every-session-placed", "not-together"]
    facts = problem("abc", rule)
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:30 II", "c": "17 10:00 III"}) == [
        ("a b", 1, "'a' and 'b' run at once on Fri 17 Dec 10:30."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:00 II", "c": "17 10:00 III"}) == []
    assert rule.say() == "No two at once: 'a' or 'b'."


def test_nothing_runs_against_the_plenary_but_all_else_may_run_together(best: Best, breaches: Breaches) -> None:
    rule = NotTogether("a", Select())
    places = clocks(best(problem("abcd", rule, minutes=180))[0])
    assert len({places["b"], places["c"], places["d"]}) == 1
    assert places["a"] != places["b"]
    facts = problem("abc", rule)
    assert breaches(rule, facts, {"b": "17 10:00 I", "c": "17 10:00 II", "a": "17 10:30 III"}) == [
        ("b a", 1, "'b' and 'a' run at once on Fri 17 Dec 10:30."),
        ("c a", 1, "'c' and 'a' run at once on Fri 17 Dec 10:30."),
    ]
    assert rule.say() == "Not at once with every session: 'a'."


# -- at most together -------------------------------------------------------------------------------------------------


def test_at_most_so_many_run_at_once(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    two = AtMostTogether(2)
    places = clocks(best(problem("abcd", two, minutes=180))[0])
    assert sorted(places.values()) == ["10:00", "10:00", "15:00", "15:00"]
    assert impossible(problem("abcde", two, minutes=180)) == ["at-most-together", "every-session-placed"]
    facts = problem("abcd", two)
    stand = {"a": "17 10:00 I", "b": "17 10:30 I", "c": "17 10:30 II", "d": "17 10:30 III"}
    assert breaches(two, facts, stand) == [
        ("a b c d", 1, "'b' is one session too many, over 2 at once: 'a', 'b', 'c', 'd'."),
        ("a b c d", 1, "'c' is one session too many, over 2 at once: 'a', 'b', 'c', 'd'."),
    ]
    assert breaches(AtMostTogether(1, ["b", "c"]), facts, stand) == [
        ("b c", 1, "'b' is one session too many, over 1 at once: 'b', 'c'."),
    ]
    assert two.say() == "At most 2 at once: every session."


@pytest.mark.parametrize("most", [0, True, "2", None])
def test_a_cap_is_a_number_from_one_up(refused: Refused, most: Any) -> None:
    [(path, message, _)] = refused(lambda: AtMostTogether(most))
    wrong = "0 is less than 1" if most == 0 else f"{most!r} is not a whole number of sessions at once"
    assert (path, message) == ("most", wrong)


def test_a_pair_at_once_costs_once_at_a_price(best: Best) -> None:
    """Four sessions of half a day in two halves: two and two, whichever way, are two pairs."""
    soft = Soften(NotTogether(Select()), weight=5)
    assert best(problem("abcd", soft, minutes=180))[1] == {1: 10}
    against = Soften(NotTogether("a", Select()))
    places, cost = best(problem("abcd", against, minutes=180))
    assert cost == {1: 0}
    assert list(clocks(places).values()).count(clocks(places)["a"]) == 1


def test_too_many_at_once_cost_each_that_would_have_to_go(best: Best) -> None:
    assert best(problem("abcde", Soften(AtMostTogether(2)), minutes=180))[1] == {1: 1}
    assert best(problem("abcde", Soften(AtMostTogether(1)), minutes=180))[1] == {1: 3}


# -- not together: sharing --------------------------------------------------------------------------------------------

TRACKS: dict[str, dict[str, Any]] = {
    "a": {"tags": ["net", "law"]},
    "b": {"tags": ["law", "net"]},
    "c": {"tags": "art"},
    "d": {"tags": ()},
}
PARTIES: dict[str, Any] = {
    "delegations": [Delegation("CH", groups="WEOG"), Delegation("FR", groups="WEOG"), Delegation("KE", groups="AG")],
    "groups": [Group("WEOG"), Group("AG")],
    "persons": [Person("chair"), Person("minister", delegation="KE")],
}
AT_ONCE = {"a": "17 10:00 I", "b": "17 10:30 II", "c": "17 10:00 III"}


def test_only_those_of_one_track_are_kept_apart(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    rule = NotTogether(Select(), sharing="tag")
    facts = problem("abcd", rule, minutes=180, of=TRACKS)
    places = clocks(best(facts)[0])
    assert places["a"] != places["b"]
    assert breaches(rule, facts, {**AT_ONCE, "d": "17 10:00 I"}) == [
        ("a b", 1, "'a' and 'b' run at once on Fri 17 Dec 10:30, and share tag 'net', 'law'."),
    ]
    three: dict[str, dict[str, Any]] = {name: {"tags": "net"} for name in "abc"}
    assert impossible(problem("abc", rule, minutes=180, of=three)) == ["every-session-placed", "not-together"]


@pytest.mark.parametrize(
    ("sharing", "of", "shared"),
    [
        ("body", {"a": {"body": "CSTD"}, "b": {"joint": ["CSTD"]}, "c": {"body": "ITU"}}, "'CSTD'"),
        ("kind", {"a": {"kind": "plenary"}, "b": {"kind": "plenary"}, "c": {"kind": "side"}}, "'plenary'"),
        ("tag", TRACKS, "'net', 'law'"),
        ("delegation", {"a": {"required": "CH"}, "b": {"invited": "CH"}, "c": {"required": "FR"}}, "'CH'"),
        ("delegation", {"a": {"required": "KE"}, "b": {"required": "minister"}, "c": {"required": "FR"}}, "'KE'"),
        ("group", {"a": {"required": "CH"}, "b": {"invited": "FR"}, "c": {"required": "KE"}}, "'WEOG'"),
        ("person", {"a": {"chair": "chair"}, "b": {"invited": "chair"}, "c": {"chair": "minister"}}, "'chair'"),
    ],
)
def test_what_two_share_keeps_them_apart(
    best: Best, breaches: Breaches, sharing: str, of: dict[str, dict[str, Any]], shared: str
) -> None:
    text = f"'a' and 'b' run at once on Fri 17 Dec 10:30, and share {sharing} {shared}."
    for rule in (NotTogether(Select(), sharing=sharing), NotTogether("a", ["b", "c"], sharing=sharing)):
        facts = problem("abc", rule, minutes=180, of=of, **PARTIES)
        places = clocks(best(facts)[0])
        assert places["a"] != places["b"]
        assert breaches(rule, facts, AT_ONCE) == [("a b", 1, text)]
        priced = problem("abc", Soften(rule), minutes=180, of=of, **PARTIES)
        assert best(priced)[1] == {1: 0}
        for seed in range(3):
            agree(rule, facts, schedules=2, seed=seed)
            agree(Soften(rule, weight=2), facts, schedules=2, seed=seed)


def test_whoever_is_at_a_segment_only_is_kept_apart_from_that_alone(best: Best, breaches: Breaches) -> None:
    """Switzerland is at the first hour of the one; the other runs against the last two."""
    of: dict[str, dict[str, Any]] = {
        "a": {"minutes": 180, "segments": [Segment(60, required="CH"), Segment()]},
        "b": {"minutes": 120, "required": "CH"},
    }
    rule = NotTogether(Select(), sharing="delegation")
    facts = problem("ab", rule, of=of, **PARTIES)
    assert breaches(rule, facts, {"a": "17 10:00 I", "b": "17 11:00 II"}) == []
    assert len(breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:30 II"})) == 1
    half = Window("Europe/Zurich", ["2010-12-17"], [DAY.blocks[0]], step=30)
    assert clocks(best(problem("ab", rule, of=of, window=half, **PARTIES))[0]) == {"a": "10:00", "b": "11:00"}
    for turned in (rule, Soften(rule), NotTogether("a", "b", sharing="group"), Soften(NotTogether("b", "a", "group"))):
        agree(turned, facts, schedules=10)


def test_a_delegation_at_two_segments_of_one_session_is_not_in_its_own_way(best: Best) -> None:
    of: dict[str, dict[str, Any]] = {
        "a": {"segments": [Segment(30, required=["CH", "FR"]), Segment(required="FR")]},
        "b": {"required": "FR"},
    }
    rule = NotTogether(Select(), sharing="group")
    assert best(problem("ab", rule, of=of, **PARTIES))[1] == {}


def test_a_pair_that_shares_several_values_costs_once(best: Best) -> None:
    of: dict[str, dict[str, Any]] = {name: {"tags": ["x", "y"], "minutes": 180} for name in "abc"}
    assert best(problem("abc", Soften(NotTogether(Select(), sharing="tag")), of=of))[1] == {1: 1}


def test_sharing_says_itself() -> None:
    assert NotTogether(Select(), sharing="tag").say() == "No two at once that share a tag: every session."
    plenary = NotTogether("a", against=Select(), sharing="delegation")
    assert plenary.say() == "Not at once with every session that share a delegation: 'a'."


def test_what_sessions_cannot_share_is_refused(refused: Refused) -> None:
    [(path, message, remedy)] = refused(lambda: NotTogether("a", sharing="room"))
    assert (path, remedy) == ("sharing", "'body'.")
    assert message == "'room' is none of 'body', 'kind', 'tag', 'delegation', 'group', 'person'"


# -- declared conflicts -----------------------------------------------------------------------------------------------


def test_the_dearest_conflicts_are_kept_apart_first(best: Best, breaches: Breaches) -> None:
    """Three half-day sessions in two halves: one pair has to meet, and it is the cheapest."""
    rule = DeclaredConflicts([Conflict("a", "b", 5), Conflict("a", "c", 3), Conflict("b", "c", 2)])
    facts = problem("abc", rule, minutes=180)
    places, cost = best(facts)
    assert (clocks(places)["b"] == clocks(places)["c"], cost) == (True, {1: 2})
    assert breaches(rule, facts, AT_ONCE) == [
        ("a c", 3, "'a' and 'c', declared to conflict, run at once on Fri 17 Dec 10:00."),
        ("a b", 5, "'a' and 'b', declared to conflict, run at once on Fri 17 Dec 10:30."),
        ("c b", 2, "'c' and 'b', declared to conflict, run at once on Fri 17 Dec 10:30."),
    ]
    assert breaches(rule, facts, {"a": "17 10:00 I"}) == []


@pytest.mark.parametrize(("both", "amount"), [("sum", 7), ("greatest", 4)])
def test_rows_that_name_one_pair_add_up_or_the_greatest_counts(
    best: Best, breaches: Breaches, both: str, amount: int
) -> None:
    rows = [Conflict("a", "b", 3), Conflict("b", "a", 4)]
    rule = DeclaredConflicts(rows, both, weight=2)
    half = Window("Europe/Zurich", ["2010-12-17"], [DAY.blocks[0]], step=30)
    facts = problem("ab", rule, minutes=180, window=half)
    assert best(facts)[1] == {1: 2 * amount}
    assert [found[1] for found in breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:00 II"})] == [amount]


def test_a_row_that_names_a_pair_both_ways_counts_once_and_never_a_session_with_itself(breaches: Breaches) -> None:
    rule = DeclaredConflicts([Conflict(["a", "b"], ["b", "a"], 3)])
    facts = problem("abc", rule)
    assert [found[:2] for found in breaches(rule, facts, AT_ONCE)] == [("a b", 3)]
    agree(rule, facts, schedules=20)


def test_two_sessions_of_one_side_do_not_conflict(breaches: Breaches) -> None:
    rule = DeclaredConflicts([Conflict(["a", "b"], "c")])
    facts = problem("abc", rule)
    assert [found[0] for found in breaches(rule, facts, AT_ONCE)] == ["a c", "c b"]


def test_a_conflict_of_a_body_reaches_the_sessions_that_it_joins(best: Best, breaches: Breaches) -> None:
    """As in the IETF, where what a group has declared applies to the sessions that it joins."""
    of: dict[str, dict[str, Any]] = {"a": {"body": "dispatch", "joint": "dnsop"}, "b": {"body": "tls"}}
    rule = DeclaredConflicts([Conflict(Select(bodies="dnsop"), Select(bodies="tls"), 4)])
    facts = problem("ab", rule, minutes=180, of=of)
    assert [found[:2] for found in breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:00 II"})] == [("a b", 4)]
    places, cost = best(facts)
    assert (clocks(places)["a"] != clocks(places)["b"], cost) == (True, {1: 0})


def test_a_table_of_conflicts_can_be_demanded(impossible: Impossible) -> None:
    rule = DeclaredConflicts([Conflict("a", "b"), Conflict("a", "c"), Conflict("b", "c")])
    assert impossible(problem("abc", Demand(rule), minutes=180)) == ["demand", "every-session-placed"]


def test_a_table_of_conflicts_says_itself() -> None:
    rows = [Conflict("a", name) for name in "bcde"]
    first = DeclaredConflicts(rows[:1])
    assert first.say() == "Declared conflicts are kept apart: 'a' against 'b'."
    assert DeclaredConflicts(rows).say() == (
        "Declared conflicts are kept apart: 'a' against 'b'; 'a' against 'c'; 'a' against 'd'; and 1 more."
    )


def test_conflicts_come_back_from_a_file_as_they_were() -> None:
    rule = DeclaredConflicts([Conflict(Select(tags="tag-a"), "b", 3), Conflict("a", ["b", "c"])], "greatest", weight=2)
    facts = problem("abc", rule)
    plain = dump(facts)
    assert plain["rules"] == [
        {
            "kind": "declared-conflicts",
            "weight": 2,
            "conflicts": [
                {"sessions": {"tags": ["tag-a"]}, "against": "b", "weight": 3},
                {"sessions": "a", "against": ["b", "c"]},
            ],
            "both": "greatest",
        }
    ]
    assert load(plain, Problem) == facts


@pytest.mark.parametrize(
    ("make", "path", "message"),
    [
        (lambda: DeclaredConflicts([]), "conflicts", "no conflict is declared"),
        (lambda: DeclaredConflicts(["a"]), "conflicts[0]", "'a' is not a Conflict"),
        (
            lambda: DeclaredConflicts([Conflict("a", "b")], both="most"),
            "both",
            "'most' is none of 'sum', 'greatest'",
        ),
        (lambda: Conflict("a", "b", 0), "weight", "0 is less than 1"),
        (lambda: Conflict("a", "b", 10**6 + 1), "weight", "1000001 is more than 1000000"),
    ],
)
def test_a_wrong_table_of_conflicts_is_refused(
    refused: Refused, make: Callable[[], object], path: str, message: str
) -> None:
    assert [found[:2] for found in refused(make)] == [(path, message)]


def test_rows_that_name_what_is_not_there_are_faults_of_the_problem(refused: Refused) -> None:
    rows = [
        Conflict("a", "b"),
        Conflict("a", "x"),
        Conflict("a", "b", 2),
        Conflict(Select(tags="tag-y"), "b"),
        Conflict("a", "a"),
    ]
    assert refused(lambda: problem("ab", DeclaredConflicts(rows))) == [
        ("rules[0].conflicts[1].against.ids[0]", "nothing has id 'x'", None),
        ("rules[0].conflicts[3].sessions.tags[0]", "nothing is tagged 'tag-y'", "'tag-b'."),
        ("rules[0].conflicts[4].against", "'a' conflicts with nothing but itself", "another session."),
    ]


# -- crowds -----------------------------------------------------------------------------------------------------------


def test_crowds_are_kept_apart_and_the_smallest_torn(best: Best, breaches: Breaches) -> None:
    """Of 300, 200 (half of it by delegations) and 50 in two halves of a day, at least 50 are torn."""
    of: dict[str, dict[str, Any]] = {
        "a": {"side_seats": 300},
        "b": {"side_seats": 100, "required": "CH", "invited": "FR"},
        "c": {"side_seats": 50},
        "d": {},
    }
    many: dict[str, Any] = {
        "delegations": [Delegation("CH", table_seats=50, side_seats=10), Delegation("FR", table_seats=40)],
    }
    rule = CrowdsApart(Select())
    facts = problem("abcd", rule, minutes=180, of=of, **many)
    assert best(facts)[1] == {1: 50}
    assert breaches(rule, facts, {**AT_ONCE, "d": "17 10:00 II"}) == [
        ("a c", 50, "50 are torn between 'a' and 'c' on Fri 17 Dec 10:00."),
        ("a b", 200, "200 are torn between 'a' and 'b' on Fri 17 Dec 10:30."),
        ("c b", 50, "50 are torn between 'c' and 'b' on Fri 17 Dec 10:30."),
    ]
    assert breaches(CrowdsApart(["a", "c"]), facts, {"a": "17 10:00 I"}) == []
    agree(rule, facts, schedules=10)
    assert CrowdsApart(["a", "b"]).say() == "Crowds are not torn: 'a' or 'b'."


def test_a_crowd_of_segments_is_all_who_come_to_any(breaches: Breaches) -> None:
    of: dict[str, dict[str, Any]] = {
        "a": {"segments": [Segment(30, required="CH"), Segment(required="FR", invited="CH")]},
        "b": {"side_seats": 10},
    }
    rule = CrowdsApart(["a", "b"])
    facts = problem("ab", rule, of=of, **PARTIES)
    assert [found[1] for found in breaches(rule, facts, {"a": "17 10:00 I", "b": "17 10:00 II"})] == [2]


def test_the_costs_of_pairs_fall_to_both() -> None:
    facts = problem("ab", of={"a": {"side_seats": 1}, "b": {"side_seats": 1}})
    start = facts.window.wall(600)
    bookings = [Booking(name, room, start, start + timedelta(hours=1)) for name, room in (("a", "I"), ("b", "II"))]
    timetable = Timetable(facts, Schedule("p", "Europe/Zurich", bookings))
    rules: list[Rule] = [CrowdsApart(Select()), NotTogether(Select()), DeclaredConflicts([Conflict("a", "b")])]
    for rule in rules:
        [breach] = rule.check(timetable)
        assert breach.whom == ("a", "b")


@pytest.mark.parametrize(("rooms", "cost"), [(3, 3 * 60), (2, None)])
def test_all_pairs_of_some_sessions_are_counted_by_the_moment(
    best: Best, impossible: Impossible, rooms: int, cost: int | None
) -> None:
    """Three sessions at one hour make three pairs, each for sixty minutes; a fourth that starts later shares thirty."""
    rule = DeclaredConflicts([Conflict(Select(), Select())], per="minute")
    pins = [Pin(name, start="2010-12-17T10:00") for name in "abc"]
    facts = problem("abc", rule, *pins, venue=Venue([Room(str(number)) for number in range(rooms)]))
    if cost is None:
        assert "pin" in impossible(facts)
    else:
        assert best(facts)[1] == {1: cost}
        four = Venue([Room(str(number)) for number in range(4)])
        late = Pin("d", start="2010-12-17T10:30")
        assert best(problem("abcd", rule, *pins, late, venue=four))[1] == {1: cost + 3 * 30}
