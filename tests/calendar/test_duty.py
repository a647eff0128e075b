from __future__ import annotations

import icalendar
import pytest
from attrs import evolve

from unsched import Period, Problem, Schedule, Team
from unsched.calendar.duty import duty_uid
from unsched.calendar.event import uid
from unsched.calendar.feeds import calendars
from unsched.domain.roster import roster


@pytest.fixture
def interpreted(problem: Problem) -> Problem:
    evening = [Period(["2010-12-17"], "20:00", "22:00")]
    teams = [
        Team("fr-1", "French"),
        Team("fr-2", "French"),
        Team("ru-1", "Russian"),
        Team("en-1", "English", 2, evening),
    ]
    return evolve(problem, teams=teams)


def titles(data: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(data).walk("VEVENT")]


def test_each_language_and_each_team_has_a_calendar(interpreted: Problem, schedule: Schedule) -> None:
    found = calendars(interpreted, schedule)
    folders = ("interpreters/", "teams/")
    assert {name: titles(data) for name, data in found.items() if name.startswith(folders)} == {
        "interpreters/English.ics": ["Open consultation (English: no team)"],
        "interpreters/French.ics": ["Open consultation (French: fr-1)"],
        "interpreters/Russian.ics": [],
        "teams/en-1.ics": [],
        "teams/fr-1.ics": ["Open consultation (French: fr-1)"],
        "teams/fr-2.ics": [],
        "teams/ru-1.ics": [],
    }


def test_the_calendars_are_the_roster(interpreted: Problem, schedule: Schedule) -> None:
    found = calendars(interpreted, schedule)
    listed = roster(interpreted, schedule)
    for team in listed.teams:
        events = icalendar.Calendar.from_ical(found[f"teams/{team}.ics"]).walk("VEVENT")
        wanted = [(one.start, one.end, uid(interpreted.id, one.session)) for one in listed.of(team)]
        assert [(e.decoded("DTSTART"), e.decoded("DTEND"), e["RELATED-TO"]) for e in events] == wanted


def test_a_duty_without_a_team_takes_nobodys_time(interpreted: Problem, schedule: Schedule) -> None:
    found = calendars(interpreted, schedule)
    assert b"STATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\n" in found["interpreters/English.ics"]
    assert b"STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n" in found["interpreters/French.ics"]


def test_a_duty_is_another_event_than_its_session_and_keeps_its_uid_when_teams_change(
    interpreted: Problem, schedule: Schedule
) -> None:
    own = duty_uid(interpreted.id, "consultation", "French")
    assert own != uid(interpreted.id, "consultation") != duty_uid(interpreted.id, "consultation", "English")
    others = evolve(interpreted, teams=[Team("fr-9", "French"), Team("en-1", "English")])
    for problem in (interpreted, others):
        assert f"UID:{own}\r\n".encode() in calendars(problem, schedule)["interpreters/French.ics"]


def test_interpreters_are_told_nothing_of_who_comes(interpreted: Problem, schedule: Schedule) -> None:
    text = calendars(interpreted, schedule)["interpreters/French.ics"].decode().replace("\r\n ", "")
    for word in ("Switzerland", "African", "Vice-Chair", "ATTENDEE", "consultative"):
        assert word not in text


def test_without_teams_there_are_no_rosters(problem: Problem, schedule: Schedule) -> None:
    assert not [name for name in calendars(problem, schedule) if name.startswith(("interpreters", "teams"))]


def test_hostile_names_of_languages_and_teams_inject_nothing(problem: Problem, schedule: Schedule) -> None:
    evil, tongue = "a;b,c\\n END:VCALENDAR ../x", "x:y\\nEND:VCALENDAR"
    consultation, *others = problem.sessions
    changed = evolve(problem, teams=[Team(evil, tongue)], sessions=[evolve(consultation, languages=[tongue]), *others])
    found = {n: d for n, d in calendars(changed, schedule).items() if n.startswith(("interpreters", "teams"))}
    assert len(found) == 2
    for name, data in found.items():
        assert ".." not in name
        assert data.count(b"\r\nBEGIN:VEVENT\r\n") == data.count(b"\r\nEND:VCALENDAR\r\n") == 1
        assert titles(data) == [f"Open consultation ({tongue}: {evil})"]
