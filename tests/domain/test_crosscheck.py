from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import (
    LUNCH,
    Assumption,
    Block,
    Booking,
    Delegation,
    Group,
    InputError,
    Person,
    Problem,
    Room,
    Schedule,
    Select,
    Session,
    Venue,
    Window,
    rules,
)

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])
VENUE = Venue([Room("XXVI"), Room("XII")])
GRID = "or a window with another step."


def problem(*sessions: Session, **fields: object) -> Problem:
    good: dict[str, Any] = {"id": "cstd-2010", "window": WINDOW, "venue": VENUE}
    return Problem(**{**good, "sessions": sessions or [session()], **fields})


def session(minutes: int | None = 180, **fields: object) -> Session:
    good: dict[str, Any] = {"id": "plenary", "title": "Plenary", "minutes": minutes, "kind": "plenary"}
    return Session(**{**good, **fields})


def booking(**fields: str) -> Booking:
    good = {"session": "plenary", "room": "XII", "start": "2010-12-17T10:00Z", "end": "2010-12-17T11:00Z"}
    return Booking(**{**good, **fields})


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"venue": Venue([Room("I"), Room("II"), Room("I", "One")])},
            [("venue.rooms[0].id", "room 'I'"), ("venue.rooms[2].id", "room 'I'")],
        ),
        (
            {"sessions": [session(), session(title="Other")]},
            [("sessions[0].id", "session 'plenary'"), ("sessions[1].id", "session 'plenary'")],
        ),
        (
            {"delegations": [Delegation("CHE")], "persons": [Person("chair")], "groups": [Group("CHE")]},
            [("delegations[0].id", "participant 'CHE'"), ("groups[0].id", "participant 'CHE'")],
        ),
    ],
)
def test_an_id_that_is_there_twice_is_refused(
    refused: Refused, fields: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    remedy = "give one of them another id."
    assert refused(lambda: problem(**fields)) == [(path, f"{what} is there twice", remedy) for path, what in found]


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        (
            {"required": ["CHE", "CHF"]},
            "sessions[0].required[1]",
            "there is no delegation, group or person 'CHF'",
            "'CHE'.",
        ),
        ({"invited": "WEO"}, "sessions[0].invited[0]", "there is no delegation, group or person 'WEO'", "'WEOG'."),
        ({"chair": "reihl"}, "sessions[0].chair", "there is no person 'reihl'", "'riehl'."),
        ({"chair": "CHE"}, "sessions[0].chair", "there is no person 'CHE'", None),
        ({"room": "XXVII"}, "sessions[0].room", "there is no room 'XXVII'", "'XXVI'."),
        ({"blocks": ["regular", "lunch"]}, "sessions[0].blocks[1]", "there is no kind of block 'lunch'", None),
    ],
)
def test_a_session_names_only_what_there_is(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str | None
) -> None:
    facts = {"delegations": [Delegation("CHE", table_seats=0)], "persons": [Person("riehl")], "groups": [Group("WEOG")]}
    assert refused(lambda: problem(session(**fields), **facts)) == [(path, message, remedy)]


def test_delegations_and_persons_name_only_what_there_is(refused: Refused) -> None:
    fields = {
        "delegations": [Delegation("CHE", groups=["WEOG", "WEOC"])],
        "persons": [Person("riehl", delegation="CHF"), Person("guest")],
        "groups": [Group("WEOG")],
    }
    assert refused(lambda: problem(**fields)) == [
        ("delegations[0].groups[1]", "there is no group 'WEOC'", "'WEOG'."),
        ("persons[0].delegation", "there is no delegation 'CHF'", "'CHE'."),
    ]


# -- facts that cannot be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "message", "remedy"),
    [
        (185, "185 minutes are not on the window's 15-minute grid", f"180, {GRID}"),
        (200, "200 minutes are not on the window's 15-minute grid", f"195, {GRID}"),
        (1, "1 minutes are not on the window's 15-minute grid", f"15, {GRID}"),
        (
            None,
            "the length of 'plenary' is not known",
            "an assumption with of = 'session', id = 'plenary', field = 'minutes'.",
        ),
    ],
)
def test_a_length_is_known_and_on_the_grid(refused: Refused, minutes: int | None, message: str, remedy: str) -> None:
    found = refused(lambda: problem(session(minutes, start="2010-12-17T10:00")))
    assert found == [("sessions[0].minutes", message, remedy)]


@pytest.mark.parametrize(
    ("start", "text", "near"),
    [
        ("2010-12-17T10:15", "2010-12-17 10:15", "2010-12-17 10:00."),
        ("2010-12-17T10:00Z", "2010-12-17 11:00", "2010-12-17 10:00."),
        ("2010-12-18T10:00", "2010-12-18 10:00", "2010-12-17 15:00."),
    ],
)
def test_a_fixed_start_is_one_that_the_window_offers(refused: Refused, start: str, text: str, near: str) -> None:
    message = f"'plenary' of 180 minutes cannot start at {text} in the window"
    assert refused(lambda: problem(session(start=start))) == [("sessions[0].start", message, near)]


@pytest.mark.parametrize("start", ["2010-12-17T10:00", "2010-12-17T09:00Z", "2010-12-17T08:30-00:30"])
def test_a_fixed_start_can_say_its_own_offset(start: str) -> None:
    fixed = problem(session(start=start)).session("plenary").start
    assert fixed is not None
    assert WINDOW.wall(WINDOW.minute(fixed)).hour == 10


def test_a_start_has_no_remedy_where_the_session_fits_no_block(refused: Refused) -> None:
    message = "'plenary' of 300 minutes cannot start at 2010-12-17 10:00 in the window"
    assert refused(lambda: problem(session(300, start="2010-12-17T10:00"))) == [("sessions[0].start", message, None)]


def test_a_fixed_start_that_the_clocks_skip_is_refused(refused: Refused) -> None:
    window = Window("Europe/Zurich", ["2011-03-27"], [Block("00:00", "06:00")])
    message = "2011-03-27 02:30 does not exist in Europe/Zurich: the clocks go forward over it"
    found = refused(lambda: problem(session(60, start="2011-03-27T02:30"), window=window))
    assert found == [("sessions[0].start", message, "2011-03-27 03:30.")]


def test_what_has_been_published_is_of_this_problem(refused: Refused) -> None:
    assert refused(lambda: problem(published=Schedule("other", "UTC", [booking()]))) == [
        (
            "published.problem",
            "it answers problem 'other', and this is 'cstd-2010'",
            "the schedule that was published of this problem.",
        )
    ]


def test_a_session_or_room_that_has_gone_since_it_was_published_is_no_fault() -> None:
    published = Schedule("cstd-2010", "UTC", [booking(session="plenery", room="XI")])
    assert problem(published=published).published == published
    assert problem(published=Schedule("cstd-2010", "UTC", [booking()])).published is not None


def test_an_assumption_about_nothing_is_refused(refused: Refused) -> None:
    assumptions = [Assumption("A remark."), Assumption("so", "room", "XXV", "booths", 5)]
    assert refused(lambda: problem(assumptions=assumptions)) == [
        ("assumptions[1].id", "there is no room 'XXV'", "'XXVI'."),
    ]


# -- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "message", "remedy"),
    [
        ("seats-enouhg", "there is no rule 'seats-enouhg'", "'seats-enough'."),
        ("pin", "'pin' is no standard rule", None),
        ("nonsense", "there is no rule 'nonsense'", None),
    ],
)
def test_only_standard_rules_can_be_off(refused: Refused, off: str, message: str, remedy: str | None) -> None:
    assert refused(lambda: problem(off=["room-open", off])) == [("off[1]", message, remedy)]


@pytest.mark.parametrize(
    ("selector", "path", "message", "remedy"),
    [
        (Select("plenery"), "ids[0]", "nothing has id 'plenery'", "'plenary'."),
        (Select(tags=["web", "opne"]), "tags[1]", "nothing is tagged 'opne'", "'open'."),
        (Select(bodies="CTSD"), "bodies[0]", "nothing is of body 'CTSD'", "'CSTD'."),
        (Select(kinds="side"), "kinds[0]", "nothing is of kind 'side'", None),
        (Select(delegations="CH"), "delegations[0]", "nothing concerns 'CH'", "'CHE'."),
        (Select(groups="WEOC"), "groups[0]", "nothing concerns 'WEOC'", "'WEOG'."),
    ],
)
def test_a_selector_names_only_what_there_is(
    refused: Refused, selector: Select, path: str, message: str, remedy: str | None
) -> None:
    facts = {"delegations": [Delegation("CHE", groups="WEOG", table_seats=0)], "groups": [Group("WEOG")]}
    one = session(tags=["open", "web"], body="CSTD", required="CHE")
    rule = rules.NotTogether(selector)
    found = refused(lambda: problem(one, rules=[rules.AtMostTogether(2), rule], **facts))
    assert found == [(f"rules[1].sessions.{path}", message, remedy)]


def test_a_selector_that_picks_nothing_is_refused(refused: Refused) -> None:
    sessions = session(), session(id="side", kind="side", tags=["web"])
    rule = rules.Before(Select("side"), Select(kinds="plenary", tags="web"))
    message = "session tagged 'web' and of kind 'plenary' picks no session"
    found = refused(lambda: problem(*sessions, rules=[rule]))
    assert found == [("rules[0].then", message, "a selector that is less narrow.")]


def test_the_faults_that_a_rule_finds_stand_under_its_place(refused: Refused) -> None:
    found = refused(lambda: problem(rules=[rules.PreferRoom("plenary", ["XII", "XIV"])]))
    assert found == [("rules[0].rooms.ids[1]", "there is no room 'XIV'", "'XII'.")]


def test_facts_that_a_standard_rule_misses_stand_under_their_own_place(refused: Refused) -> None:
    [first, second] = refused(lambda: problem(session(languages=["en"], room="XII", podium_seats=3)))
    assert first[:2] == (
        "venue.rooms[1].booths",
        "the booths of room 'XII' are not known, and 'plenary' is interpreted",
    )
    assert second[0] == "venue.rooms[1].seats.podium"


# -- all at once ------------------------------------------------------------------------------------------------------


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        problem(
            session(185, required="CHF", chair="nobody"),
            Session("late", "Late", 60, start="2010-12-17T20:00"),
            published=Schedule("p", "UTC", [booking(room="XIV")]),
            rules=[rules.Pin("late", room="XV"), rules.NotTogether(Select(tags="web"))],
            off=["everything"],
            window=Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "13:00"), Block("13:00", "15:00", LUNCH)]),
        )
    assert [fault.path for fault in caught.value.faults] == [
        "sessions[0].required[0]",
        "sessions[0].chair",
        "sessions[0].minutes",
        "sessions[1].start",
        "published.problem",
        "off[0]",
        "rules[0].room",
        "rules[1].sessions.tags[0]",
    ]
    text = str(caught.value)
    assert text.startswith("8 faults in problem 'cstd-2010'\n  $.sessions[0].required[0]: there is no")
    assert "  $.sessions[1].start: 'late' of 60 minutes cannot start at 2010-12-17 20:00 in the window\n" in text
    assert "    Maybe 2010-12-17 12:00.\n" in text
