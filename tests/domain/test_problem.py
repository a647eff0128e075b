from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import pytest
from attrs import define, evolve, frozen

from unsched import (
    EVERY,
    Assumption,
    Breach,
    Constraint,
    Delegation,
    Group,
    Person,
    Problem,
    Room,
    Seats,
    Select,
    Session,
    UnknownIdError,
    Venue,
    Window,
    rules,
)
from unsched.rules.registry import standard_rules

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])
VENUE = Venue([Room("XXVI"), Room("XII")])


def problem(*sessions: Session, **fields: object) -> Problem:
    good: dict[str, Any] = {"id": "cstd-2010", "window": WINDOW, "venue": VENUE}
    return Problem(**{**good, "sessions": sessions or [Session("wg", "WG", 180)], **fields})


STATES = {
    "delegations": [
        Delegation("CHE", groups="WEOG", table_seats=0),
        Delegation("FRA", groups=["WEOG", "EU"], table_seats=0),
        Delegation("BRA", table_seats=0),
    ],
    "groups": [Group("WEOG"), Group("EU"), Group("NGO")],
    "persons": [Person("riehl", delegation="CHE"), Person("guest")],
}


# -- parts by themselves ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"id": 2010}, "id", "2010 is not a string", "'2010'."),
        ({"window": "2010-12-17"}, "window", "'2010-12-17' is not a Window", "a Window(...)."),
        ({"venue": None}, "venue", "None is not a Venue", "a Venue(...)."),
        ({"published": 5}, "published", "5 is not a Schedule", "a Schedule(...)."),
        ({"organizer": "UN"}, "organizer", "'UN' is not a Contact", "a Contact(...)."),
        ({"title": 5}, "title", "5 is not a text", "put it in quotes."),
        ({"sessions": []}, "sessions", "there is no session to schedule", "at least one session."),
        ({"sessions": None}, "sessions", "None is not a list", "put it in brackets: [...]."),
        ({"delegations": ["CHE"]}, "delegations[0]", "'CHE' is not a Delegation", "a Delegation(...)."),
        ({"persons": [5]}, "persons[0]", "5 is not a Person", "a Person(...)."),
        ({"groups": {"WEOG"}}, "groups[0]", "'WEOG' is not a Group", "a Group(...)."),
        ({"rules": [EVERY]}, "rules[0]", f"{EVERY!r} is not a Rule", "a Rule(...)."),
        ({"rules": [rules.SeatsEnough()] * 2}, "rules[1]", "SeatsEnough() comes twice", "leave one out."),
        ({"off": [5]}, "off[0]", "5 is not a string", "'5'."),
        ({"assumptions": ["so"]}, "assumptions[0]", "'so' is not an Assumption", "an Assumption(...)."),
    ],
)
def test_a_wrong_problem_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: problem(**fields)) == [(path, message, remedy)]


class Silent(Constraint):
    """Everything but a class of attrs with a kind."""

    def post(self, board: Board) -> None:
        """Say nothing."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Find nothing."""
        yield from ()

    def say(self) -> str:
        """Say nothing."""
        return "Nothing."


class Bare(Silent):
    """A rule that attrs has not made."""

    kind: ClassVar[str] = "bare"


@frozen
class Kindless(Silent):
    """A rule that no file can name."""


@define
class Shifting(Silent):
    """A rule that can change."""

    kind: ClassVar[str] = "shifting"


@frozen
class Listed(Silent):
    """A rule that holds a list."""

    kind: ClassVar[str] = "listed"
    names: list[str]


@pytest.mark.parametrize(
    ("rule", "message", "remedy"),
    [
        (Bare(), "Bare is not an attrs class with a kind", "@frozen above the class, and a kind in it."),
        (Kindless(), "Kindless is not an attrs class with a kind", "@frozen above the class, and a kind in it."),
        (Shifting(), "Shifting() can change (it has no hash)", "a frozen class, with tuples, not lists."),
        (Listed(["a"]), "Listed(names=['a']) can change (it has no hash)", "a frozen class, with tuples, not lists."),
    ],
)
def test_an_unfinished_rule_class_is_refused(refused: Refused, rule: Constraint, message: str, remedy: str) -> None:
    assert refused(lambda: problem(rules=[rule])) == [("rules[0]", message, remedy)]


# -- looking up -------------------------------------------------------------------------------------------------------


def test_everything_is_looked_up_by_id() -> None:
    found = problem(Session("wg", "WG", 180), **STATES)
    assert found.session("wg").title == "WG"
    assert found.room("XII") is found.rooms[1]
    assert found.delegation("BRA").label == "BRA"
    assert found.person("guest").delegation is None
    assert found.group("EU").id == "EU"
    assert str(found) == f"cstd-2010: 1 session, 2 rooms, 3 delegations, {len(found.all_rules)} rules"
    assert str(evolve(found, title="The case")).startswith("The case: ")


@pytest.mark.parametrize(
    ("noun", "name", "near"),
    [
        ("session", "vg", "wg"),
        ("room", "XXV", "XXVI"),
        ("delegation", "CH", "CHE"),
        ("person", "reihl", "riehl"),
        ("group", "WEOC", "WEOG"),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest(noun: str, name: str, near: str) -> None:
    found = problem(**STATES)
    with pytest.raises(UnknownIdError) as caught:
        getattr(found, noun)(name)
    assert isinstance(caught.value, KeyError)
    assert (caught.value.noun, caught.value.name) == (noun, name)
    if near == "wg":  # too short to be like it
        assert str(caught.value) == "there is no session 'vg'"
    else:
        assert str(caught.value) == f"there is no {noun} {name!r}\n  Maybe {near!r}."


@pytest.mark.parametrize("name", [None, 5, ["wg"]])
def test_what_is_no_id_is_unknown(name: Any) -> None:
    with pytest.raises(UnknownIdError, match="there is no session"):
        problem().session(name)


# -- who is concerned -------------------------------------------------------------------------------------------------


def test_groups_mean_all_their_delegations_and_nobody_is_both_required_and_invited() -> None:
    found = problem(
        Session("wg", "WG", 60, required=["WEOG", "riehl"], invited=["FRA", "BRA", "EU", "guest"], chair="guest"),
        Session("ngo", "NGO", 60, required=["BRA", "WEOG", "CHE"], invited=["NGO", "riehl", "guest"], chair="riehl"),
        **STATES,
    )
    wg, ngo = found.sessions
    names = [
        [party.id for party in method(session)]
        for session in (wg, ngo)
        for method in (
            found.required_delegations,
            found.invited_delegations,
            found.required_persons,
            found.invited_persons,
        )
    ]
    assert names == [
        ["CHE", "FRA"],
        ["BRA"],
        ["guest", "riehl"],
        [],
        ["BRA", "CHE", "FRA"],
        [],
        ["riehl"],
        ["guest"],
    ]
    assert {group: [d.id for d in members] for group, members in found.members.items()} == {
        "WEOG": ["CHE", "FRA"],
        "EU": ["FRA"],
        "NGO": [],
    }


def test_starts_are_those_that_the_window_offers() -> None:
    found = problem(Session("wg", "WG", 180), Session("day", "Day", 480, within="day"))
    assert [f"{found.window.wall(start):%d %H}" for start in found.starts(found.session("wg"))] == [
        "16 10",
        "16 15",
        "17 10",
        "17 15",
    ]
    assert [f"{found.window.wall(start):%d %H}" for start in found.starts(found.session("day"))] == ["16 10", "17 10"]
    assert found.spans(found.session("wg")) is found.spans(found.session("wg"))


SELECTABLE = (
    Session("a", "A", 60, body="CSTD", kind="plenary", tags=["open", "web"], required=["WEOG"]),
    Session("b", "B", 60, body="CSTD", kind="side", tags=["web"], invited=["FRA"]),
    Session("c", "C", 60, body="WG", kind="side", required=["BRA", "riehl"]),
)


@pytest.mark.parametrize(
    ("selector", "picked"),
    [
        (EVERY, "abc"),
        (Select(["c", "a"]), "ac"),
        (Select(tags="web"), "ab"),
        (Select(tags=["open", "web"]), "ab"),
        (Select(bodies="CSTD", kinds="side"), "b"),
        (Select(bodies=["CSTD", "WG"]), "abc"),
        (Select(delegations="CHE"), "a"),
        (Select(delegations="FRA"), "ab"),
        (Select(groups="EU"), "ab"),
        (Select(groups="WEOG", kinds="side"), "b"),
        (Select("a", kinds="side"), ""),
    ],
)
def test_a_selector_picks_what_matches_every_field(selector: Select, picked: str) -> None:
    assert "".join(session.id for session in problem(*SELECTABLE, **STATES).select(selector)) == picked


# -- rules and assumptions --------------------------------------------------------------------------------------------


def test_the_standard_rules_hold_unless_they_are_off_or_replaced() -> None:
    every = [rule.kind for rule in standard_rules()]
    assert every == sorted(every)
    # Some have nothing to say where nothing is optional, shortened, borrowed or interpreted by teams.
    silent = {"equipment-enough", "full-length", "interpreters-enough", "leave-few-out"}
    kinds = [kind for kind in every if kind not in silent]
    assert [rule.kind for rule in problem().all_rules] == kinds
    cap = rules.AtMostTogether(2)
    found = problem(off=["seats-enough"], rules=[cap, rules.RoomOpen()])
    rest = [kind for kind in kinds if kind not in ("seats-enough", "room-open")]
    assert [rule.kind for rule in found.all_rules] == [*rest, "at-most-together", "room-open"]


def test_what_is_assumed_fills_what_is_unknown_everywhere() -> None:
    assumptions = [
        Assumption("so", "session", "wg", "minutes", 120),
        Assumption("so", "room", "XII", "seats.table", 40),
        Assumption("so", "delegation", "CHE", "mail", "che@example.org"),
        Assumption("so", "person", "guest", "delegation", "BRA"),
        Assumption("A remark."),
    ]
    found = problem(Session("wg", "WG", side_seats=0), assumptions=assumptions, **STATES)
    assert found.session("wg").length == 120
    assert found.room("XII").seats == Seats(table=40)
    assert found.venue.rooms[0] is VENUE.rooms[0]
    assert found.delegation("CHE").mail == "che@example.org"
    assert found.person("guest").delegation == "BRA"
    assert evolve(found, title="again").sessions == found.sessions


def test_problems_are_equal_by_value() -> None:
    assert problem() == problem()
    assert hash(problem(**STATES)) == hash(problem(**STATES))
    assert problem() != problem(off=["room-open"])
    assert problem().window.days[0] == date(2010, 12, 16)


def test_a_standard_rule_holds_for_the_sessions_that_its_own_kind_leaves_to_it() -> None:
    sessions = [evolve(problem().sessions[0], id=name, optional=name == "b", priority=1) for name in "abc"]
    soft = rules.Soften(rules.EverySessionPlaced("a"))
    found = problem(sessions=sessions, rules=[soft, rules.LeaveFewOut("b", weight=5)])
    placed = [rule for rule in found.all_rules if isinstance(rule, rules.EverySessionPlaced)]
    assert placed == [rules.EverySessionPlaced(["b", "c"])]
    assert [rule.kind for rule in found.all_rules].count("leave-few-out") == 1
    every = problem(sessions=sessions, rules=[rules.EverySessionPlaced(["a", "b", "c"])])
    assert [rule.kind for rule in every.all_rules].count("every-session-placed") == 1
