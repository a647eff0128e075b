from __future__ import annotations

from typing import Any

import pytest

from unsched import (
    Block,
    Booking,
    Delegation,
    Group,
    Period,
    Person,
    Problem,
    Room,
    Schedule,
    Segment,
    Session,
    Venue,
    Window,
)
from unsched.domain.interval import Interval
from unsched.domain.part import Part
from unsched.domain.timetable import Timetable

PEOPLE: dict[str, Any] = {
    "delegations": [
        Delegation("CHE", groups="WEOG"),
        Delegation("BRA", groups="GRULAC"),
        Delegation("FRA", groups="WEOG"),
    ],
    "groups": [Group("WEOG"), Group("GRULAC"), Group("empty")],
    "persons": [Person("riehl", delegation="CHE"), Person("guest")],
}


def problem(*sessions: Session, **fields: Any) -> Problem:
    window = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "13:00")], step=15)
    return Problem("p", window, Venue([Room("I")]), sessions, off="seats-enough", **{**PEOPLE, **fields})


def session(*segments: Segment, **fields: Any) -> Session:
    return Session("s", "S", 180, segments=segments, **fields)


def parts(of: tuple[Part, ...]) -> list[tuple[int, int | None]]:
    return [(part.start, part.minutes) for part in of]


def test_the_audience_of_a_session_without_segments_is_there_throughout() -> None:
    facts = problem(session(required=["WEOG", "guest"], invited=["BRA", "CHE"], chair="riehl"))
    [audience] = facts.audiences(facts.sessions[0])
    assert parts((audience.part,)) == [(0, None)]
    assert [one.id for one in audience.required] == ["CHE", "FRA"]
    assert [one.id for one in audience.invited] == ["BRA"]
    assert [one.id for one in audience.required_persons] == ["riehl", "guest"]
    assert audience.invited_persons == ()


def test_each_segment_adds_its_own_to_those_of_the_session() -> None:
    meeting = session(
        Segment(20, invited="GRULAC"),
        Segment(45, "governments", required=["BRA"], invited="guest"),
        Segment(required="guest"),
        required="CHE",
        co_chairs="riehl",
    )
    facts = problem(meeting)
    first, second, third = facts.audiences(meeting)
    assert [parts((one.part,)) for one in (first, second, third)] == [[(0, 20)], [(20, 45)], [(65, None)]]
    assert [[one.id for one in audience.required] for audience in (first, second, third)] == [
        ["CHE"],
        ["CHE", "BRA"],
        ["CHE"],
    ]
    assert [[one.id for one in audience.invited] for audience in (first, second, third)] == [["BRA"], [], []]
    assert [[one.id for one in audience.required_persons] for audience in (first, second, third)] == [
        ["riehl"],
        ["riehl"],
        ["riehl", "guest"],
    ]
    assert [[one.id for one in audience.invited_persons] for audience in (first, second, third)] == [[], ["guest"], []]


def test_what_the_segments_leave_over_belongs_to_those_of_the_session() -> None:
    meeting = session(Segment(60, required="BRA"), Segment(60, required="FRA"), required="CHE")
    facts = problem(meeting)
    assert parts(tuple(one.part for one in facts.audiences(meeting))) == [(0, 60), (60, 60), (120, None)]
    assert [one.id for one in facts.audiences(meeting)[-1].required] == ["CHE"]
    exact = session(Segment(60), Segment(120))
    assert parts(tuple(one.part for one in problem(exact).audiences(exact))) == [(0, 60), (60, 120)]


@pytest.mark.parametrize(
    ("required", "wanted"),
    [
        (("CHE", "CHE", "CHE"), [(0, None)]),
        (("CHE", "CHE", "BRA"), [(0, 120)]),
        (("BRA", "CHE", "CHE"), [(60, None)]),
        (("CHE", "BRA", "CHE"), [(0, 60), (120, None)]),
        (("WEOG", "riehl", "CHE"), [(0, None)]),
        (("BRA", "riehl", "BRA"), [(60, 60)]),
        (("BRA", "FRA", "BRA"), []),
    ],
)
@pytest.mark.parametrize("last", [None, 60])
def test_duties_at_segments_that_follow_each_other_are_one(
    required: tuple[str, str, str], wanted: list[tuple[int, int | None]], last: int | None
) -> None:
    segments = [Segment(minutes, required=name) for minutes, name in zip((60, 60, last), required, strict=True)]
    facts = problem(session(*segments))
    assert parts(facts.duties["CHE"]) == wanted


def test_duties_of_two_sessions_stay_two() -> None:
    sessions = [Session(name, name, 60, required="CHE", segments=[Segment(30), Segment()]) for name in "ab"]
    assert [part.key for part in problem(*sessions).duties["CHE"]] == [("a", 0, 0), ("b", 0, 0)]


def test_a_delegation_covers_what_requires_its_persons() -> None:
    facts = problem(session(Segment(60, required="riehl"), Segment(required="guest")))
    assert {name: parts(duties) for name, duties in facts.duties.items()} == {
        "CHE": [(0, 60)],
        "BRA": [],
        "FRA": [],
        "riehl": [(0, 60)],
        "guest": [(60, None)],
    }


def test_nobody_is_invited_to_what_is_a_duty() -> None:
    meeting = session(Segment(60, required="riehl"), Segment(required="BRA"), invited=["WEOG", "BRA", "riehl"])
    facts = problem(meeting)
    assert {name: parts(invitations) for name, invitations in facts.invitations.items()} == {
        "CHE": [(60, None)],
        "BRA": [(0, 60)],
        "FRA": [(0, None)],
        "riehl": [(60, None)],
        "guest": [],
    }


def test_who_is_concerned_by_a_session_is_concerned_by_any_of_its_segments() -> None:
    meeting = session(
        Segment(60, required="BRA", invited="guest"), Segment(required="guest", invited="BRA"), chair="riehl"
    )
    facts = problem(meeting)
    assert [one.id for one in facts.required_delegations(meeting)] == ["BRA"]
    assert facts.invited_delegations(meeting) == ()
    assert [one.id for one in facts.required_persons(meeting)] == ["riehl", "guest"]
    assert facts.invited_persons(meeting) == ()


def test_a_group_without_delegations_can_be_invited() -> None:
    facts = problem(session(invited="empty"))
    assert all(invitations == () for invitations in facts.invitations.values())


def test_a_shortened_session_cuts_off_its_last_segments() -> None:
    meeting = session(Segment(60, required="BRA"), Segment(60, required="CHE"), Segment(required="FRA"), shortest=60)
    facts = problem(meeting)
    stays = {}
    for minutes in (60, 90, 120, 180):
        begin = facts.window.minute("2010-12-17T10:00")
        booking = Booking("s", "I", facts.window.wall(begin), facts.window.wall(begin + minutes))
        timetable = Timetable(facts, Schedule("p", "Europe/Zurich", [booking]))
        stays[minutes] = [
            [(one.span.start - begin, one.span.end - begin) for one in timetable.parts(facts.duties[name])]
            for name in ("BRA", "CHE", "FRA")
        ]
    assert stays == {
        60: [[(0, 60)], [], []],
        90: [[(0, 60)], [(60, 90)], []],
        120: [[(0, 60)], [(60, 120)], []],
        180: [[(0, 60)], [(60, 120)], [(120, 180)]],
    }


# -- when somebody is there -------------------------------------------------------------------------------------------

MORNING = Period("2010-12-17", "09:00", "12:00")
EVENING = Period("2010-12-17", "16:00", "18:00")


@pytest.mark.parametrize(
    ("fields", "there", "away"),
    [
        ({"available": [MORNING]}, ["09:00", "11:59"], ["08:59", "12:00", "17:00"]),
        ({"arrives": "2010-12-17T11:00"}, ["11:00", "23:00"], ["10:59"]),
        ({"leaves": "2010-12-17T11:00"}, ["00:00", "10:59"], ["11:00"]),
        ({"arrives": "2010-12-17T11:00", "leaves": "2010-12-17T17:00"}, ["11:00", "16:59"], ["10:59", "17:00"]),
        (
            {"available": [MORNING, EVENING], "arrives": "2010-12-17T11:00", "leaves": "2010-12-17T17:00"},
            ["11:00", "11:59", "16:00", "16:59"],
            ["10:59", "12:00", "15:59", "17:00"],
        ),
        ({"available": [MORNING], "arrives": "2010-12-17T12:00"}, [], ["09:00", "11:59", "12:00"]),
        ({"available": []}, [], ["09:00", "12:00"]),
    ],
)
@pytest.mark.parametrize("kind", [Delegation, Person])
def test_a_party_is_present_while_it_is_available_and_has_arrived_and_not_left(
    kind: type[Any], fields: dict[str, Any], there: list[str], away: list[str]
) -> None:
    party = kind("x", **fields)
    facts = problem(session(), **{"persons": [], ("delegations" if kind is Delegation else "persons"): [party]})
    present = facts.present(party)
    assert present is not None
    for clock, wanted in (*((clock, True) for clock in there), *((clock, False) for clock in away)):
        minute = facts.window.minute(f"2010-12-17T{clock}")
        assert any(stretch.holds(Interval(minute, minute + 1)) for stretch in present) is wanted
    assert facts.present(party) is present


def test_a_party_that_says_nothing_is_always_present() -> None:
    facts = problem(session())
    assert [facts.present(party) for party in facts.parties] == [None] * 5
