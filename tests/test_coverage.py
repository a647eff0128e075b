"""The page of what other systems can demand: every expression on it builds a problem that has a schedule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve

import unsched
from unsched import (
    Block,
    Delegation,
    Effort,
    FirstSchedule,
    Group,
    Period,
    Person,
    Problem,
    Room,
    Rule,
    Seats,
    Session,
    Status,
    Team,
    Venue,
    Window,
    rules,
    solve,
)
from unsched.rules.registry import kinds

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "coverage.md"
ROWS = [
    (heading, name, here)
    for section in re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8"))[1:]
    for heading in [section.partition("\n")[0]]
    for name, here in re.findall(r"(?m)^\| (.+?) \| (.+) \|$", section)
    if name != "constraint"
]
NOT_SAID: set[str] = set()
# What a system can demand, as its documentation lists it.
COUNTS = {"ITC-2019 distribution constraints": 19, "ITC-2007 track 3: curriculum-based course timetabling": 8}
WORDS = {**vars(unsched), **{name: getattr(unsched, name) for name in unsched.__all__}}
WORDS |= {name: getattr(rules, name) for name in dir(rules)}


def expressions(here: str) -> list[str]:
    """The rules of a cell: code that calls something that begins with a capital letter."""
    return [
        code for code in re.findall(r"`([^`]+)`", here) if re.match(r"[A-Z]\w+\((?!\.\.\.)", code) and "..." not in code
    ]


def facts() -> Problem:
    sessions = [
        Session("a", "A", 60, body="CSTD", kind="plenary", tags=["ml"], required=["CHE", "riehl"], side_seats=3),
        Session("b", "B", 60, body="WG", joint="CSTD", kind="panel", tags=["ml", "ai"], invited=["BRA", "riehl"]),
        Session("c", "C", 60, body="WG", tags="ai", invited=["CHE", "BRA"], languages="fr", shortest=30),
        Session("d", "D", 60, kind="coordination", layout="theatre", tags="or"),
        Session("x", "X", 90, optional=True, priority=1),
        Session("y", "Y", 60, optional=True),
        Session("z", "Z", 60, optional=True),
    ]
    rooms = [Room("I", building="A", booths=2, features="webcast"), Room("II", building="A", booths=2)]
    days = ["2010-12-15", "2010-12-16", "2010-12-17"]
    window = Window("Europe/Zurich", days, [Block("10:00", "13:00"), Block("15:00", "18:00")], step=30)
    return Problem(
        "coverage",
        window,
        Venue([evolve(room, seats=Seats(4, 9, 9, 30, 2)) for room in rooms]),
        sessions,
        [
            Delegation("CHE", groups="G", unwished=[Period("2010-12-15")]),
            Delegation("BRA", groups="G", zone="Asia/Tokyo"),
        ],
        [Person("riehl", wished=[Period("2010-12-16")])],
        [Group("G")],
        teams=[Team("fr-1", "fr", 2), Team("fr-2", "fr", 2)],
    )


@pytest.mark.parametrize(("heading", "name", "here"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_each_row_can_be_said_or_says_that_it_cannot(heading: str, name: str, here: str) -> None:
    if here.startswith("not said"):
        assert name in NOT_SAID, f"{heading}: {name}"
        return
    base = facts()
    found = [eval(code, dict(WORDS)) for code in expressions(here)]  # noqa: S307  our own page
    assert found or "`" in here, f"{heading}: {name} names no rule"
    assert all(isinstance(rule, Rule) for rule in found)
    first = solve(base, stop=FirstSchedule() | Effort(5))
    problem = evolve(base, rules=found, published=first.schedule)
    assert all(any(rule is one for one in problem.all_rules) for rule in found)
    result = solve(problem, stop=Effort(10))
    assert result.status in (Status.OPTIMAL, Status.FEASIBLE), str(result)


def test_the_lists_of_the_competitions_are_whole() -> None:
    found = {heading: sum(row[0] == heading for row in ROWS) for heading in COUNTS}
    assert found == COUNTS


def test_what_cannot_be_said_is_what_the_page_names() -> None:
    assert {name for _, name, here in ROWS if here.startswith("not said")} == NOT_SAID


def test_every_kind_of_rule_that_other_systems_have_is_on_the_page() -> None:
    """The page uses most of the catalogue; what it leaves out is what none of the other systems has."""
    text = PAGE.read_text(encoding="utf-8")
    ours = {rule.__name__ for rule in kinds().values() if rule.__module__.startswith("unsched.")}
    assert len({name for name in ours if f"{name}(" in text}) > len(ours) * 2 // 3
