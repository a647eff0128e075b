from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from unsched import Assumption, InputError, Problem, Result, Select, Session, Status, Venue, solve
from unsched.palais import REGIONAL_GROUPS, cstd_2010, rooms
from unsched.palais.case_sessions import sessions
from unsched.palais.inter_sessional import ROOMS_USED
from unsched.palais.members import DECIDED, members

GENEVA = ZoneInfo("Europe/Zurich")


@pytest.fixture(scope="module")
def case() -> Problem:
    return cstd_2010()


@pytest.fixture(scope="module")
def result(case: Problem) -> Result:
    return solve(case)


def unassumed(case: Problem, assumptions: list[Assumption]) -> Problem:
    """Build the case from the facts as they are known, under other assumptions than its own."""
    known = {room.id: room for room in rooms(date(2010, 12, 15))}
    venue = Venue([known[name] for name in ROOMS_USED], case.venue.walking)
    return evolve(case, venue=venue, sessions=sessions(), assumptions=assumptions)


def test_it_has_over_20_sessions_on_the_three_days(case: Problem) -> None:
    assert len(case.sessions) >= 20
    assert case.window.zone == "Europe/Zurich"
    assert case.window.days == (date(2010, 12, 15), date(2010, 12, 16), date(2010, 12, 17))
    assert [str(block) for block in case.window.blocks] == ["10:00-13:00", "15:00-18:00", "13:15-14:45 (lunch)"]


def test_it_is_the_same_each_time(case: Problem) -> None:
    assert cstd_2010() == case


def test_the_working_group_is_the_20_of_6_december(case: Problem) -> None:
    assert case.members["cstd-wg"] == members(DECIDED)
    for name in ("wg-first", "wg-second", "consultation-morning", "consultation-afternoon"):
        required = case.required_delegations(case.session(name))
        assert [one.id for one in required] == [*(one.id for one in members(DECIDED)), "cstd-secretariat"]


def test_the_consultation_is_in_room_xxvi_on_17_december(case: Problem) -> None:
    parts = case.select(Select(kinds="consultation"))
    assert [part.room for part in parts] == ["XXVI", "XXVI"]
    for part in parts:
        assert part.available is not None
        assert [period.days for period in part.available] == [(date(2010, 12, 17),)]
        assert len(case.invited_delegations(part)) == 20 + 1  # the stakeholders and Switzerland


def test_every_regional_group_coordinates(case: Problem) -> None:
    coordinations = case.select(Select(kinds="coordination"))
    assert [one.required for one in coordinations] == [(group.id,) for group in REGIONAL_GROUPS]


def test_six_languages_do_not_fit_room_ix(case: Problem) -> None:
    interpreted = case.select(Select(tags="interpreted"))
    booths = case.room("IX").booths
    assert booths is not None
    assert {len(session.languages) for session in interpreted} == {6}
    assert booths < 6


def test_no_room_is_used_that_was_not_as_described_in_2010(case: Problem) -> None:
    for room in case.rooms:
        assert room.valid_from is None or room.valid_from <= date(2010, 12, 15)
        assert room.valid_until is None or room.valid_until > date(2010, 12, 17)


def test_every_mail_address_is_an_office_at_example_org(case: Problem) -> None:
    mails = [one.mail for one in case.delegations] + [one.mail for one in case.persons]
    mails += [one.mail for one in case.groups]
    assert all(mail and mail.endswith("@example.org") for mail in mails)
    assert case.organizer is not None
    assert case.organizer.mail == "cstd@example.org"


def test_without_its_assumptions_it_is_refused_and_room_xxvi_named(case: Problem) -> None:
    with pytest.raises(InputError) as error:
        unassumed(case, [one for one in case.assumptions if one.of != "room"])
    text = str(error.value)
    assert "the table seats of room 'XXVI' are not known" in text
    assert "the booths of room 'XXVI' are not known" in text


def test_the_known_facts_and_the_assumptions_make_the_case(case: Problem) -> None:
    again = unassumed(case, list(case.assumptions))
    assert again.sessions == case.sessions
    assert again.rooms == case.rooms


def test_no_assumed_value_is_idle(case: Problem) -> None:
    values = [one for one in case.assumptions if one.of is not None]
    assert len(values) > 26
    for value in values:
        with pytest.raises(InputError) as error:
            unassumed(case, [one for one in case.assumptions if one is not value])
        assert repr(value.id) in str(error.value)


def test_no_length_of_a_session_is_told_as_a_fact() -> None:
    assert {session.minutes for session in sessions()} == {None}


def test_a_session_without_a_source_is_owned_up_to_in_a_remark(case: Problem) -> None:
    invented = {session.kind for session in case.sessions if session.source is None}
    remarks = " ".join(str(one) for one in case.assumptions if one.of is None)
    assert invented == {"coordination", "drafting", "bureau", "side-event"}
    for words in ("five coordinations", "bureau", "drafting group", "six side events"):
        assert words in remarks


def test_importing_it_does_not_load_the_solver() -> None:
    code = "import sys, unsched.palais; print([m for m in ('ortools', 'icalendar', 'pandas') if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.strip() == "[]"


def test_its_best_schedule_is_proven(case: Problem, result: Result) -> None:
    assert result.status is Status.OPTIMAL
    assert result.schedule is not None
    assert not [breach for breach in result.schedule.breaches(case) if breach.hard]
    assert [(tier.tier, tier.cost, tier.bound) for tier in result.tiers] == [
        (1, 75, 75),
        (2, 4, 4),
        (3, 3, 3),
        (4, 2910, 2910),
    ]


def test_its_best_schedule_keeps_the_order_that_a_planner_expects(case: Problem, result: Result) -> None:
    assert result.schedule is not None
    booked = {booking.session: booking for booking in result.schedule.bookings}
    assert booked["consultation-morning"].start == datetime(2010, 12, 17, 10, tzinfo=GENEVA)
    assert booked["consultation-afternoon"].start == datetime(2010, 12, 17, 15, tzinfo=GENEVA)
    first = booked["wg-first"].start
    assert all(booked[one.id].end <= first for one in case.select(Select(kinds="coordination")))
    report = booked["wg-second"]
    assert booked["drafting-2"].end <= report.start
    assert report.end <= booked["consultation-morning"].start


def test_interpreted_sessions_of_its_best_schedule_have_their_booths(case: Problem, result: Result) -> None:
    def in_room(session: Session) -> str:
        assert result.schedule is not None
        return result.schedule[session.id].room

    used = {in_room(session) for session in case.select(Select(tags="interpreted"))}
    assert "XXVI" in used
    assert not used & {"II", "IX", "E-2"}
