from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import Any, TypeAlias

import pytest

from unsched import Block, Booking, Delegation, Group, Period, Problem, Room, Schedule, Segment, Session, Venue, Window
from unsched.domain.timetable import Placed, Timetable
from unsched.rules import Quorum, Soften
from unsched.solver.compile import compile_problem
from unsched.testing import agree, random_schedule

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("UTC", ["2010-12-17"], step=60)
MORNING = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")], step=60)
AFTERNOON = [Period("2010-12-17", "14:00", "24:00")]


def problem(*sessions: Session, delegations: list[Delegation], **fields: Any) -> Problem:
    good: dict[str, Any] = {
        "id": "p",
        "window": DAY,
        "venue": Venue([Room(name) for name in ("I", "II", "III")]),
        "sessions": sessions,
        "groups": [Group("G"), Group("north"), Group("south")],
        "delegations": delegations,
        "off": "seats-enough",
    }
    return Problem(**{**good, **fields})


def session(id: str, minutes: int = 180, **fields: Any) -> Session:
    return Session(id, id.upper(), minutes, **fields)


def member(id: str, *groups: str, **fields: Any) -> Delegation:
    return Delegation(id, groups=["G", *groups], **fields)


# -- who can attend ---------------------------------------------------------------------------------------------------


def test_a_session_stands_when_enough_of_the_group_are_present(best: Best, breaches: Breaches) -> None:
    people = [member("a"), member("b", available=AFTERNOON), Delegation("c")]
    rule = Quorum("s", "G", 2)
    facts = problem(session("s"), delegations=people, rules=[rule])
    assert best(facts)[0]["s"].startswith("17 15:00")
    text = "1 of 'G' can attend 's' on Fri 17 Dec 10:00, and at least 2 have to."
    assert breaches(rule, facts, {"s": "17 10:00 I"}) == [("s", 1, text)]
    assert breaches(rule, facts, {"s": "17 15:00 I"}) == []
    assert rule.say() == "At least 2 of 'G' can attend: 's'."


def test_a_delegation_has_to_be_present_throughout(breaches: Breaches) -> None:
    people = [member("a", arrives="2010-12-17T11:00"), member("b", leaves="2010-12-17T13:00")]
    facts = problem(session("s"), delegations=people)
    rule = Quorum("s", "G", 1)
    assert breaches(Quorum("s", "G", 2), facts, {"s": "17 10:00 I"})[0][1] == 1
    assert breaches(rule, facts, {"s": "17 10:00 I"}) == []
    assert breaches(rule, facts, {"s": "17 15:00 I"}) == []


def test_duties_elsewhere_take_a_place_of_those_that_a_delegation_can_cover(best: Best, impossible: Impossible) -> None:
    elsewhere = session("duty", required=["a", "b"])
    rule = Quorum("s", "G", 2)
    small = [member("a"), member("b", size=2)]
    places, _ = best(problem(session("s"), elsewhere, delegations=small, rules=[rule]))
    assert places["s"][3:8] != places["duty"][3:8]
    assert impossible(problem(session("s"), elsewhere, delegations=small, rules=[rule], window=MORNING)) == [
        "every-session-placed",
        "quorum",
    ]
    large = [member("a", size=2), member("b", size=2)]
    assert best(problem(session("s"), elsewhere, delegations=large, rules=[rule], window=MORNING))[0].keys() == {
        "s",
        "duty",
    }


def test_who_has_a_duty_at_the_session_is_there_whatever_else_it_has_to_do(breaches: Breaches) -> None:
    facts = problem(
        session("s", required="a"),
        session("other", required="a"),
        delegations=[member("a", available=AFTERNOON), member("b")],
    )
    assert breaches(Quorum("s", "G", 2), facts, {"s": "17 10:00 I", "other": "17 10:00 II"}) == []


def test_a_duty_at_a_segment_counts_as_attending_and_takes_only_its_time(breaches: Breaches) -> None:
    parts = [Segment(60, required=["a"]), Segment()]
    facts = problem(session("s", segments=parts), session("t", 60), delegations=[member("a")])
    rule = Quorum(["s", "t"], "G", 1)
    assert breaches(rule, facts, {"s": "17 10:00 I", "t": "17 11:00 II"}) == []
    assert breaches(rule, facts, {"s": "17 10:00 I", "t": "17 10:00 II"}) == [
        ("t", 1, "0 of 'G' can attend 't' on Fri 17 Dec 10:00, and at least 1 have to.")
    ]


def test_a_duty_that_shortening_has_cut_off_is_none() -> None:
    parts = [Segment(120), Segment(required=["a"])]
    long = session("s", segments=parts, shortest=120)
    facts = problem(long, delegations=[member("a", available=AFTERNOON)])
    rule = Quorum("s", "G", 1)
    window = facts.window
    amounts = {}
    for hours in (2, 3):
        start = window.wall(window.minute("2010-12-17T10:00"))
        end = window.wall(window.minute("2010-12-17T10:00") + 60 * hours)
        schedule = Schedule("p", "UTC", [Booking("s", "I", start, end)])
        amounts[hours] = sum(breach.amount for breach in rule.check(Timetable(facts, schedule)))
        agree(rule, facts, schedule)
    assert amounts == {2: 1, 3: 0}


# -- whom to send where -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("least", "missing"), [(1, 0), (2, 0), (3, 2), (4, 4)])
def test_nobody_counts_at_two_sessions_at_once(breaches: Breaches, best: Best, least: int, missing: int) -> None:
    people = [member(name) for name in "abcd"]
    rule = Quorum(["s", "t"], "G", least)
    facts = problem(session("s"), session("t"), delegations=people, window=MORNING, rules=[Soften(rule, weight=5)])
    found = breaches(rule, facts, {"s": "17 10:00 I", "t": "17 10:00 II"})
    assert sum(amount for _, amount, _ in found) == missing
    assert best(facts)[1] == {1: 5 * missing}
    apart = problem(session("s"), session("t"), delegations=people, rules=[rule])
    places, _ = best(apart)
    assert least <= 2 or places["s"][3:8] != places["t"][3:8]


def test_choices_in_the_morning_leave_those_in_the_afternoon_open(breaches: Breaches) -> None:
    facts = problem(*(session(name) for name in "stuv"), delegations=[member(name) for name in "abc"])
    places = {"s": "17 10:00 I", "t": "17 10:00 II", "u": "17 15:00 I", "v": "17 15:00 II"}
    found = breaches(Quorum(["s", "t", "u", "v"], "G", 2), facts, places)
    assert [sum(n for who, n, _ in found if who in half) for half in ("st", "uv")] == [1, 1]


def test_a_delegation_is_counted_at_as_many_sessions_as_it_can_cover(breaches: Breaches) -> None:
    facts = problem(
        session("s"), session("t"), session("u"), delegations=[member("a", size=2), member("b", size=2), member("c")]
    )
    places = {"s": "17 10:00 I", "t": "17 10:00 II", "u": "17 10:00 III"}
    assert breaches(Quorum(["s", "t"], "G", 2), facts, places) == []
    rule = Quorum(["s", "t", "u"], "G", 2)
    assert [amount for _, amount, _ in breaches(rule, facts, places)] == [1]


def test_those_who_are_alike_may_split_over_time(breaches: Breaches) -> None:
    """Two alike delegations cover two long sessions that overlap, and a short one beside each."""
    facts = problem(
        session("long", 120),
        session("late", 120),
        session("first", 60),
        session("last", 60),
        delegations=[member("a"), member("b")],
    )
    places = {"long": "17 10:00 I", "late": "17 11:00 II", "first": "17 10:00 III", "last": "17 12:00 III"}
    assert breaches(Quorum(["long", "late", "first", "last"], "G", 1), facts, places) == []
    assert sum(n for _, n, _ in breaches(Quorum(["long", "late", "first", "last"], "G", 2), facts, places)) == 4


def test_each_subgroup_has_its_own_quorum(breaches: Breaches, best: Best) -> None:
    people = [
        member("a", "north"),
        member("b", "north"),
        member("c", "south", available=AFTERNOON),
        Delegation("guest", groups=["south"]),
    ]
    rule = Quorum("s", "G", 2, ["north", "south"])
    facts = problem(session("s"), delegations=people, rules=[rule])
    assert best(facts)[0]["s"][3:8] == "15:00"
    text = "0 of 'south' can attend 's' on Fri 17 Dec 10:00, and at least 1 have to."
    assert breaches(rule, facts, {"s": "17 10:00 I"}) == [("s", 1, text)]
    assert rule.say() == "At least 2 of 'G' can attend, and 1 of each of 'north', 'south': 's'."
    both = Quorum("s", "G", 2, ["north"], 2)
    assert breaches(both, facts, {"s": "17 10:00 I"}) == []


def test_a_subgroup_decides_who_is_sent_where(breaches: Breaches) -> None:
    people = [member("a", "north"), member("b", "north"), member("c"), member("d")]
    facts = problem(session("s"), session("t"), delegations=people)
    places = {"s": "17 10:00 I", "t": "17 10:00 II"}
    assert breaches(Quorum(["s", "t"], "G", 2, "north"), facts, places) == []
    assert sum(n for _, n, _ in breaches(Quorum(["s", "t"], "G", 2, "north", 2), facts, places)) == 2


def test_a_session_that_is_not_scheduled_needs_no_quorum(breaches: Breaches, best: Best) -> None:
    rule = Quorum("s", "G", 1)
    facts = problem(
        session("s", optional=True), session("t"), delegations=[member("a", available=[Period("2010-12-18")])]
    )
    assert breaches(rule, facts, {"t": "17 10:00 I"}) == []
    agree(rule, facts, Schedule("p", "UTC", []))
    assert best(problem(*facts.sessions, delegations=list(facts.delegations), rules=[rule]))[0].keys() == {"t"}


# -- the search without a solver --------------------------------------------------------------------------------------


def crowded(rng: random.Random, delegations: int, sessions: int) -> Problem:
    window = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")], step=30)
    people = [
        member(
            f"d{n}",
            *rng.sample(["north", "south"], rng.randint(0, 2)),
            size=rng.choice([1, 1, 2]),
            available=rng.choice([None, None, None, [Period("2010-12-17", "10:00", "12:00")]]),
        )
        for n in range(delegations)
    ]
    meetings = [
        session(
            f"s{n}", rng.choice([60, 90, 120]), required=[one.id for one in people if rng.random() < 0.15], shortest=60
        )
        for n in range(sessions)
    ]
    return problem(*meetings, delegations=people, window=window)


def draw(rng: random.Random, facts: Problem) -> Quorum:
    both = [name for name in ("north", "south") if facts.members[name]]
    chosen = [one.id for one in facts.sessions][: rng.randint(2, len(facts.sessions))]
    return Quorum(chosen, "G", rng.randint(1, len(facts.members["G"])), rng.choice([[], both]))


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_what_the_solver_finds(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  nothing secret
    facts = crowded(rng, rng.randint(4, 9), rng.randint(3, 6))
    rule = draw(rng, facts)
    for _ in range(2):
        schedule = random_schedule(facts, rng)
        agree(rule, facts, schedule)
        agree(Soften(rule, weight=3), facts, schedule)


def least_missing(rule: Quorum, timetable: Timetable) -> int:
    """Try every set of sessions for every delegation."""
    facts = timetable.problem
    placed = timetable.of(facts.select(rule.sessions))
    names = [rule.group, *rule.of_each]
    reached: set[tuple[int, ...]] = {(0,) * (len(placed) * len(names))}
    for delegation in facts.members[rule.group]:
        duties = timetable.parts(facts.duties[delegation.id])
        options = []
        for chosen in product((False, True), repeat=len(placed)):
            went = [one for one, goes in zip(placed, chosen, strict=True) if goes]
            if all(possible(facts, delegation, one, duties, went) for one in went):
                there = {one.session.id for one in went} | {one.session.id for one in duties}
                counts = [one.session.id in there and name in delegation.groups for one in placed for name in names]
                options.append(tuple(map(int, counts)))
        reached = {tuple(map(sum, zip(sums, more, strict=True))) for sums in reached for more in set(options)}
    wanted = [rule.least if name == rule.group else rule.least_of_each for _ in placed for name in names]
    return min(sum(max(0, need - have) for need, have in zip(wanted, sums, strict=True)) for sums in reached)


def possible(
    facts: Problem, delegation: Delegation, one: Placed, duties: tuple[Placed, ...], went: list[Placed]
) -> bool:
    present = facts.present(delegation)
    if one.session.id in {duty.session.id for duty in duties}:
        return False
    for minute in range(one.span.start, one.span.end):
        if present is not None and not any(stretch.start <= minute < stretch.end for stretch in present):
            return False
        if sum(other.span.start <= minute < other.span.end for other in (*duties, *went)) > delegation.size:
            return False
    return True


@pytest.mark.parametrize("steps", [1, 2000])
@pytest.mark.parametrize("seed", range(40))
def test_the_search_finds_what_trying_everything_finds(monkeypatch: pytest.MonkeyPatch, seed: int, steps: int) -> None:
    """With a good bound and with a poor one, which leaves more to the search."""
    monkeypatch.setattr("unsched.rules.quorum._Bound.steps", steps)
    rng = random.Random(seed)  # noqa: S311  nothing secret
    facts = crowded(rng, rng.randint(2, 5), 4)
    rule = draw(rng, facts)
    timetable = Timetable(facts, random_schedule(facts, rng))
    assert sum(breach.amount for breach in rule.check(timetable)) == least_missing(rule, timetable)


@pytest.mark.parametrize("steps", [1, 2000])
def test_where_the_bound_is_too_low_the_search_goes_on_until_it_is_exact(
    monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr("unsched.rules.quorum._Bound.steps", steps)
    rng = random.Random(587)  # noqa: S311  nothing secret
    facts = crowded(rng, rng.randint(4, 10), rng.randint(4, 7))
    agree(Soften(draw(rng, facts)), facts, random_schedule(facts, rng))


def test_forty_delegations_and_three_hundred_sessions_one_after_another_are_counted_at_once() -> None:
    window = Window("UTC", [f"2010-12-{day:02}" for day in range(1, 31)], [Block("08:00", "18:00")], step=60)
    rng = random.Random(0)  # noqa: S311  nothing secret
    people = [member(f"d{n}", ("north", "south")[n % 2]) for n in range(40)]
    meetings = [session(f"s{n}", 60, required=[one.id for one in people if rng.random() < 0.5]) for n in range(300)]
    facts = problem(*meetings, delegations=people, window=window)
    starts = [window.wall(minute) for minute in facts.starts(meetings[0])]
    hour = starts[1] - starts[0]
    schedule = Schedule("p", "UTC", [Booking(f"s{n}", "I", start, start + hour) for n, start in enumerate(starts)])
    assert (
        list(Quorum([one.id for one in meetings], "G", 40, ["north", "south"], 20).check(Timetable(facts, schedule)))
        == []
    )


def test_parallel_sessions_that_need_more_than_there_are_miss_the_difference(breaches: Breaches) -> None:
    people = [member(f"d{n}", ("north", "south")[n % 2]) for n in range(40)]
    facts = problem(session("s"), session("t"), session("u"), delegations=people)
    places = {"s": "17 10:00 I", "t": "17 10:00 II", "u": "17 10:00 III"}
    rule = Quorum(["s", "t", "u"], "G", 14, ["north", "south"], 7)
    assert sum(amount for _, amount, _ in breaches(rule, facts, places)) == 2 + 1 + 1


# -- what is told to the solver ---------------------------------------------------------------------------------------


def test_those_who_are_alike_decide_in_numbers() -> None:
    many = [member(f"d{n}") for n in range(40)]
    sizes = {}
    for people in (many[:1], many):
        facts = problem(session("s"), session("t"), delegations=people)
        sizes[len(people)] = len(compile_problem(facts, [Quorum(["s", "t"], "G", 1)]).model.proto.variables)
    assert sizes[1] == sizes[40]


# -- what is wrong with it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"group": 5}, [("group", "5 is not a string", "'5'.")]),
        ({"least": 0}, [("least", "0 is less than 1", "1 or more of delegations.")]),
        ({"of_each": ["north", 5]}, [("of_each[1]", "5 is not a string", "'5'.")]),
        ({"of_each": 5}, [("of_each", "5 is not a list", "put it in brackets: [...].")]),
        ({"of_each": ["north", "G"]}, [("of_each[1]", "'G' is the group", "a part of it.")]),
        ({"least_of_each": 0}, [("least_of_each", "0 is less than 1", "1 or more of delegations.")]),
    ],
)
def test_a_wrong_quorum_names_field_and_value(
    refused: Refused, fields: dict[str, Any], faults: list[tuple[str, str, str]]
) -> None:
    assert refused(lambda: Quorum(**{"sessions": "s", "group": "G", "least": 1, **fields})) == faults


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        (Quorum("s", "nroth", 1), [("rules[0].group", "there is no group 'nroth'", "'north'.")]),
        (Quorum("s", "G", 1, "nroth"), [("rules[0].of_each[0]", "there is no group 'nroth'", "'north'.")]),
        (Quorum("s", "G", 3), [("rules[0].least", "3 is more than the 2 delegations of group 'G'", "2 or less.")]),
        (
            Quorum("s", "south", 1),
            [
                (
                    "rules[0].group",
                    "1 is more than the 0 delegations of group 'south'",
                    "groups = ['south'] at its delegations.",
                )
            ],
        ),
        (
            Quorum("s", "G", 2, ["north", "south"], 2),
            [
                (
                    "rules[0].least_of_each",
                    "2 is more than the 1 delegations of subgroup 'north' that are in 'G'",
                    "1 or less.",
                ),
                (
                    "rules[0].of_each[1]",
                    "2 is more than the 0 delegations of subgroup 'south' that are in 'G'",
                    "groups = ['south'] at its delegations.",
                ),
            ],
        ),
    ],
)
def test_groups_that_are_unknown_or_too_small_are_faults(
    refused: Refused, rule: Quorum, faults: list[tuple[str, str, str]]
) -> None:
    people = [member("a", "north"), member("b")]
    assert refused(lambda: problem(session("s"), delegations=people, rules=[rule])) == faults
