from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Delegation, Period, Person, Problem, Room, Segment, Session, Venue, Window
from unsched.rules import Demand, PersonalTimes
from unsched.solver.compile import compile_problem

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("UTC", ["2010-12-17"], step=60)
MORNING = [Period("2010-12-17", "10:00", "13:00")]
LATE = [Period("2010-12-17", "12:00", "18:00")]


def problem(*sessions: Session, **fields: Any) -> Problem:
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": Venue([Room("I"), Room("II")]), "sessions": sessions}
    return Problem(**{**good, "off": "seats-enough", **fields})


def session(id: str, minutes: int = 180, **fields: Any) -> Session:
    return Session(id, id.upper(), minutes, **fields)


@pytest.mark.parametrize(
    ("party", "costs"),
    [
        ({"wished": MORNING}, (0, 1)),
        ({"unwished": MORNING}, (1, 0)),
        ({"wished": LATE}, (1, 0)),
        ({"unwished": LATE}, (1, 1)),
        ({"wished": MORNING, "unwished": LATE}, (1, 1)),
        ({"wished": [Period("2010-12-17", "10:00", "12:00"), Period("2010-12-17", "12:00", "13:00")]}, (0, 1)),
        ({"wished": [], "unwished": MORNING}, (1, 0)),
    ],
)
def test_a_duty_costs_one_where_it_touches_an_unwished_time_or_leaves_the_wished_ones(
    breaches: Breaches, best: Best, party: dict[str, Any], costs: tuple[int, int]
) -> None:
    rule = PersonalTimes(weight=7)
    facts = problem(session("s", chair="riehl"), persons=[Person("riehl", **party)], rules=[rule])
    found = [breaches(rule, facts, {"s": f"17 {clock} I"}) for clock in ("10:00", "15:00")]
    assert tuple(sum(amount for _, amount, _ in some) for some in found) == costs
    assert best(facts)[1] == {1: 7 * min(costs)}


def test_a_breach_says_whose_wish_it_is_and_who_bears_it(breaches: Breaches) -> None:
    people = {"persons": [Person("riehl", unwished=LATE)], "delegations": [Delegation("CHE", wished=MORNING)]}
    facts = problem(session("s", chair="riehl", required="CHE"), **people)
    assert breaches(PersonalTimes(), facts, {"s": "17 15:00 I"}) == [
        ("s", 1, "'CHE' is needed at 's' on Fri 17 Dec 15:00, outside the wished times."),
        ("s", 1, "'riehl' is needed at 's' on Fri 17 Dec 15:00, an unwished time."),
    ]
    board = compile_problem(facts, [])
    with board.collected() as amounts:
        PersonalTimes().post(board)
    assert [whom for _, _, whom in amounts] == [("CHE",), ("riehl",)]
    assert PersonalTimes().say() == "The times that people wish: every session."


def test_a_delegation_and_a_person_of_it_count_each_for_themselves(best: Best) -> None:
    people = {
        "persons": [Person("riehl", delegation="CHE", wished=MORNING)],
        "delegations": [Delegation("CHE", unwished=MORNING), Delegation("BRA")],
    }
    facts = problem(session("s", chair="riehl", required="BRA"), rules=[PersonalTimes()], **people)
    assert best(facts)[1] == {1: 1}


def test_only_the_time_of_the_segment_counts(breaches: Breaches) -> None:
    parts = [Segment(60, required=["riehl"]), Segment()]
    facts = problem(session("s", segments=parts), persons=[Person("riehl", unwished=LATE)])
    assert breaches(PersonalTimes(), facts, {"s": "17 10:00 I"}) == []


def test_only_duties_at_the_selected_sessions_count(best: Best) -> None:
    sessions = session("s", chair="riehl", start="2010-12-17T10:00"), session("t", 60, invited="riehl", chair="other")
    people = {"persons": [Person("riehl", unwished=MORNING), Person("other", wished=LATE)]}
    assert best(problem(*sessions, rules=[PersonalTimes(["s", "t"])], **people))[1] == {1: 1}
    places, cost = best(problem(*sessions, rules=[PersonalTimes("t")], **people))
    assert cost == {1: 0}
    assert places["t"][3:8] >= "12:00"


def test_wishes_can_be_demanded(best: Best, impossible: Impossible) -> None:
    people = {"persons": [Person("riehl", wished=MORNING)]}
    rule = Demand(PersonalTimes())
    assert best(problem(session("s", chair="riehl"), rules=[rule], **people))[0]["s"].startswith("17 10:00")
    both = session("s", chair="riehl"), session("t", chair="riehl")
    assert "demand" in impossible(problem(*both, rules=[rule], **people))
    assert best(problem(*both, rules=[Demand(PersonalTimes(), most=1)], **people))[0].keys() == {"s", "t"}


def test_without_any_wish_the_rule_is_a_fault(refused: Refused) -> None:
    facts = {"persons": [Person("riehl")], "delegations": [Delegation("CHE", wished=[])]}
    assert refused(lambda: problem(session("s", chair="riehl"), rules=[PersonalTimes()], **facts)) == [
        (
            "rules[0].sessions",
            "no delegation and no person has wished or unwished times",
            "leave the rule out, or give somebody `wished` or `unwished` times.",
        )
    ]
