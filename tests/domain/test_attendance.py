from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from unsched import (
    Attendance,
    Booking,
    Contact,
    Delegation,
    Group,
    InputError,
    Period,
    Problem,
    Publication,
    Response,
    Room,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
    load_attendance,
    publish,
    save,
    solve,
    with_attendance,
)
from unsched.rules import KeepStart, Quorum

STAMP = datetime(2010, 12, 6, tzinfo=UTC)
MEMBERS = ("brazil", "chile", "egypt")


@pytest.fixture
def problem() -> Problem:
    """A working group of three that needs two of them, beside a briefing."""
    return Problem(
        "p",
        Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=60),
        Venue([Room("I", seats=Seats(9, 99, 99)), Room("II", seats=Seats(9, 99, 99))]),
        [Session("wg", "Working Group", 180, invited="wg"), Session("briefing", "Briefing", 60, invited="brazil")],
        [Delegation(name, groups=["wg"]) for name in MEMBERS],
        groups=[Group("wg")],
        rules=[Quorum("wg", "wg", 2)],
        organizer=Contact("Office", "office@example.org"),
    )


@pytest.fixture
def schedule() -> Schedule:
    """Both on the morning of the first day."""
    return Schedule(
        "p",
        "Europe/Zurich",
        [
            Booking("wg", "I", "2010-12-16T10:00+01:00", "2010-12-16T13:00+01:00"),
            Booking("briefing", "II", "2010-12-16T10:00+01:00", "2010-12-16T11:00+01:00"),
        ],
    )


@pytest.fixture
def published(problem: Problem, schedule: Schedule) -> Publication:
    return publish(problem, schedule, None, stamp=STAMP).publication


def answered(published: Publication, session: str = "wg", **answers: str) -> Attendance:
    uid = next(entry.uid for entry in published.entries if entry.session == session)
    found = [Response(uid, party, answer, 0, STAMP + timedelta(days=1)) for party, answer in answers.items()]
    return Attendance("p").merge(found)


def test_everybody_waits_until_they_answer(published: Publication) -> None:
    table = answered(published, brazil="declined", egypt="tentative").standings(published)
    assert [(one.session, one.party, one.answer) for one in table if one.session == "wg"] == [
        ("wg", "brazil", "declined"),
        ("wg", "chile", "waiting"),
        ("wg", "egypt", "tentative"),
    ]
    assert [str(one) for one in table if one.party == "brazil" and one.session == "wg"] == ["brazil: declined [wg]"]


def test_who_has_declined_is_not_there_at_that_time_and_at_no_other(problem: Problem, published: Publication) -> None:
    found = with_attendance(problem, published, answered(published, brazil="declined", egypt="accepted"))
    brazil, chile, egypt = found.delegations
    assert (chile, egypt) == problem.delegations[1:]
    wall = found.window.minute
    day = found.present(brazil)
    assert day is not None
    assert not any(part.start < wall("2010-12-16T13:00") and wall("2010-12-16T10:00") < part.end for part in day)
    assert any(part.start <= wall("2010-12-16T13:00") and part.end >= wall("2010-12-17T18:00") for part in day)


def test_a_quorum_is_missed_once_enough_have_declined_and_a_new_plan_makes_up_for_it(
    problem: Problem, schedule: Schedule, published: Publication
) -> None:
    one = with_attendance(problem, published, answered(published, brazil="declined"))
    assert [breach.text for breach in schedule.breaches(one) if breach.hard] == []
    two = with_attendance(problem, published, answered(published, brazil="declined", egypt="declined"))
    (breach,) = [breach for breach in schedule.breaches(two) if breach.hard]
    assert "1 of 'wg' can attend 'wg'" in breach.text
    again = solve(evolve(two, published=schedule, rules=[*two.rules, KeepStart()])).schedule
    assert again is not None
    assert [breach for breach in again.breaches(two) if breach.hard] == []
    assert again["wg"].start != schedule["wg"].start
    # Once they are asked again, nothing is known of the new time.
    told = publish(problem, again, published, stamp=STAMP + timedelta(days=2)).publication
    table = answered(published, brazil="declined", egypt="declined").standings(told)
    assert {one.answer for one in table if one.session == "wg"} == {"waiting"}


def test_who_has_accepted_something_else_at_that_time_is_there(problem: Problem, published: Publication) -> None:
    declined = answered(published, brazil="declined").responses
    accepted = answered(published, "briefing", brazil="accepted").responses
    both = Attendance("p").merge([*declined, *accepted])
    assert with_attendance(problem, published, both) == problem


def test_what_was_not_possible_before_is_not_possible_now(problem: Problem, published: Publication) -> None:
    few = [evolve(one, available=[Period(["2010-12-16"])]) for one in problem.delegations]
    found = with_attendance(evolve(problem, delegations=few), published, answered(published, brazil="declined"))
    present = found.present(found.delegations[0])
    assert present is not None
    assert max(part.end for part in present) == found.window.minute("2010-12-17T00:00")


def test_a_session_bound_to_a_time_that_somebody_required_declines_names_both(
    problem: Problem, published: Publication
) -> None:
    sessions = [evolve(one, invited=(), required=["brazil"], start="2010-12-16T10:00") for one in problem.sessions[:1]]
    case = evolve(problem, sessions=sessions, rules=())
    declined = answered(published, brazil="declined")
    made = publish(case, Schedule("p", "Europe/Zurich", [published_booking()]), None, stamp=STAMP).publication
    found = with_attendance(case, made, declined)
    breaches = [one.text for one in Schedule("p", "Europe/Zurich", [published_booking()]).breaches(found) if one.hard]
    assert any("brazil" in text and "wg" in text for text in breaches)


def published_booking() -> Booking:
    return Booking("wg", "I", "2010-12-16T10:00+01:00", "2010-12-16T13:00+01:00")


def test_an_attendance_is_kept_in_a_file(published: Publication, tmp_path: Path) -> None:
    found = answered(published, brazil="declined", egypt="accepted")
    assert load_attendance(save(found, tmp_path / "attendance.json")) == found


def test_files_of_another_problem_are_refused(problem: Problem, published: Publication) -> None:
    with pytest.raises(InputError, match="the attendance is of problem 'q'"):
        Attendance("q").standings(published)
    with pytest.raises(InputError, match="the publication is of problem 'q'"):
        with_attendance(problem, evolve(published, problem="q"), Attendance("q"))


def test_faults_are_named_all_at_once() -> None:
    with pytest.raises(InputError) as error:
        Response("", "a", "perhaps", -1, datetime(2010, 12, 6), comment=3)  # type: ignore[arg-type]
    assert [fault.path for fault in error.value.faults] == ["uid", "answer", "sequence", "stamp", "comment"]
    one = Response("u", "a", "accepted", 0, STAMP)
    with pytest.raises(InputError, match="'a' answers twice"):
        Attendance("p", [one, evolve(one, sequence=1)])
