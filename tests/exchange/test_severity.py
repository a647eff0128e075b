from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Constraint, InputError, Preference, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.exchange.convert import dump, load
from unsched.exchange.schema import json_schema
from unsched.rules import Demand, EndEarly, NotTogether, Off, Soften

Make: TypeAlias = Callable[..., Problem]


def problem(*rules: Rule) -> Problem:
    window = Window("Europe/Zurich", ["2010-12-17"])
    return Problem(
        "p", window, Venue([Room("I"), Room("II")]), [Session("a", "A", 60), Session("b", "B", 60)], rules=rules
    )


APART = NotTogether(Select())


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        (APART, {"kind": "not-together", "sessions": {}}),
        (Soften(APART), {"kind": "not-together", "sessions": {}, "severity": "should"}),
        (
            Soften(APART, weight=3, tier=2),
            {"kind": "not-together", "sessions": {}, "severity": "should", "weight": 3, "tier": 2},
        ),
        (Off(APART), {"kind": "not-together", "sessions": {}, "severity": "off"}),
        (Demand(EndEarly()), {"kind": "end-early", "severity": "must"}),
        (Demand(EndEarly(weight=2)), {"kind": "end-early", "weight": 2, "severity": "must"}),
        (Off(EndEarly(weight=2)), {"kind": "end-early", "weight": 2, "severity": "off"}),
        (Demand(EndEarly(), 60), {"kind": "demand", "rule": {"kind": "end-early"}, "most": 60}),
        (
            Demand(Soften(APART, weight=3)),
            {"kind": "demand", "rule": {"kind": "not-together", "sessions": {}, "severity": "should", "weight": 3}},
        ),
        (
            Off(Soften(APART)),
            {"kind": "off", "rule": {"kind": "not-together", "sessions": {}, "severity": "should"}},
        ),
    ],
)
def test_a_severity_stands_in_the_table_of_its_rule(rule: Rule, table: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = dump(problem(rule))
    assert data["rules"] == [table]
    assert load(data, Problem).rules == (rule,)
    jsonschema.Draft202012Validator(json_schema(Problem)).validate(data)


@pytest.mark.parametrize(("kind", "severity"), [("not-together", "must"), ("end-early", "should")])
def test_what_a_rule_is_by_itself_goes_without_saying(kind: str, severity: str) -> None:
    data = dump(problem(APART, EndEarly()))
    for table in data["rules"]:
        if table["kind"] == kind:
            table["severity"] = severity
    assert load(data, Problem).rules == (APART, EndEarly())


@pytest.mark.parametrize(
    ("table", "faults"),
    [
        (
            {"kind": "not-together", "sessions": {}, "severity": "shuold"},
            [("rules[0].severity", "'shuold' is none of 'must', 'should', 'off'", "'should'.")],
        ),
        (
            {"kind": "not-together", "sessions": {}, "severity": 1},
            [("rules[0].severity", "1 is none of 'must', 'should', 'off'", "'should'.")],
        ),
        (
            {"kind": "not-together", "sessions": {}, "severity": "should", "weight": 0, "tier": "2"},
            [
                ("rules[0].weight", "0 is less than 1", "1 or more."),
                ("rules[0].tier", "'2' is not a whole number", "a number such as 1."),
            ],
        ),
        (
            {"kind": "not-together", "sessions": {}, "weight": 2},
            [("rules[0].weight", "the key 'weight' is not known", "one of 'sessions', 'against', 'sharing'.")],
        ),
        (
            {"kind": "within-window", "severity": "should"},
            [("rules[0].severity", "'within-window' cannot be broken at a price", "leave it as it is, or off.")],
        ),
        (
            {"kind": "not-together", "severity": "should"},
            [("rules[0].sessions", "it is missing", "add 'sessions'.")],
        ),
    ],
)
def test_a_wrong_severity_names_value_place_and_remedy(
    table: dict[str, Any], faults: list[tuple[str, str, str]]
) -> None:
    data = {**dump(problem()), "rules": [table]}
    with pytest.raises(InputError) as caught:
        load(data, Problem)
    assert [(fault.path, fault.message, fault.remedy) for fault in caught.value.faults] == faults


def test_constraints_and_preferences_are_told_apart() -> None:
    assert issubclass(Demand, Constraint)
    assert issubclass(Off, Constraint)
    assert issubclass(Soften, Preference)
