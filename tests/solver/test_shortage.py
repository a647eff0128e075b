"""What counting shows, each with its arithmetic in words."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings

from unsched import (
    Block,
    Constraint,
    Delegation,
    Equipment,
    Period,
    Person,
    Problem,
    Room,
    Session,
    Team,
    Venue,
    Window,
)
from unsched.rules import AtMostTogether, Pin
from unsched.solver.compile import compile_problem
from unsched.solver.probe import Prober
from unsched.solver.scope import Scope
from unsched.solver.shortage import Shortage, find_shortages
from unsched.testing import problems

DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])
SIX = ["ar", "en", "es", "fr", "ru", "zh"]


def found(problem: Problem) -> list[Shortage]:
    return find_shortages(compile_problem(problem, [r for r in problem.all_rules if isinstance(r, Constraint)]))


def text(sessions: list[Session], rooms: list[Room] | None = None, **more: object) -> str:
    """The only shortage of a problem, in words."""
    fields: dict[str, object] = {"venue": Venue(rooms or [Room("XXVI"), Room("VII")]), **more}
    (one,) = found(Problem("p", DAYS, sessions=sessions, **fields))  # type: ignore[arg-type]
    return one.text


def test_a_session_longer_than_every_block() -> None:
    assert text([Session("a", "A", 240)]) == "'a' lasts 240 minutes, and no open time that it may use is as long."


def test_a_session_without_a_place_says_what_excludes_it() -> None:
    session = Session("a", "A", 180, features="webcast", chair="chair")
    chair = Person("chair", "Ms Chair", available=[Period(["2010-12-16"], "10:00", "11:00")])
    said = text([session], [Room("VII"), Room("IX")], persons=[chair])
    assert said == (
        "'a' has no place left. Of 4 times in 2 rooms, that is 8, excluded are "
        "8: 'chair' (Ms Chair) is available only 2010-12-16 10:00-11:00. 8: 'a' (A) needs a room with 'webcast'."
    )


def test_more_sessions_than_turns_in_the_rooms_with_enough_booths() -> None:
    day = [Period(["2010-12-16"])]
    sessions = [Session(f"s{i}", f"S{i}", 180, languages=SIX, available=day) for i in range(7)]
    rooms = [Room("XVII", booths=6), Room("XX", booths=6), Room("IX", booths=5)]
    assert text(sessions, rooms) == (
        "7 sessions need six booths, which only rooms 'XVII', 'XX' have; on Thu 16 Dec 10:00-13:00 and Thu 16 Dec "
        "15:00-18:00 there are 4 places (2 rooms x 2 turns of 180 minutes): "
        "'s0', 's1', 's2', 's3', 's4', 's5', 's6'."
    )


def test_a_feature_that_one_room_has() -> None:
    sessions = [Session(f"s{i}", f"S{i}", 180, features="webcast") for i in range(5)]
    said = text(sessions, [Room("XX", features="webcast"), Room("VII")])
    assert said.startswith("5 sessions need 'webcast', which only room 'XX' has; in the whole window there are 4 turns")


def test_all_rooms_together() -> None:
    said = text([Session(f"s{i}", f"S{i}", 180) for i in range(9)])
    assert said.startswith("9 sessions share 2 rooms; in the whole window there are 8 places")


def test_set_up_counts() -> None:
    window = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")])
    sessions = [Session(f"s{i}", f"S{i}", 60) for i in range(3)]
    (one,) = found(Problem("p", window, Venue([Room("I", setup_minutes=30)]), sessions))
    assert "there are 2 turns of 60 minutes" in one.text


def test_minutes_are_counted_where_turns_do_not_show_it() -> None:
    sessions = [Session("a", "A", 165), Session("b", "B", 165), Session("c", "C", 60)]
    day = Window("Europe/Zurich", ["2010-12-17"])
    (one,) = found(Problem("p", day, Venue([Room("I")]), sessions))
    assert "3 sessions share 1 room of 390 minutes in all" in one.text
    assert "there are 360" in one.text


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"persons": [Person("x", "Ms X")]}, "'x' (Ms X) is in one place at a time. That concerns 3 sessions;"),
        (
            {"delegations": [Delegation("x", size=2, table_seats=0)]},
            "'x', a delegation of 2, covers 2 sessions at once.",
        ),
    ],
)
def test_somebody_pinned_to_more_than_can_be(who: dict[str, object], said: str) -> None:
    sessions = [Session(f"s{i}", f"S{i}", 60, required="x", start="2010-12-17T10:00") for i in range(3)]
    assert text(sessions, [Room(name) for name in "ABC"], **who).startswith(said)
    assert "all of them run on Fri 17 Dec at 10:00, whatever is chosen: 's0', 's1', 's2'" in text(
        sessions, [Room(name) for name in "ABC"], **who
    )


def test_two_pins_in_one_room() -> None:
    sessions = [Session("a", "A", 60), Session("b", "B", 60)]
    said = text(sessions, rules=[Pin(["a", "b"], "2010-12-17T10:00", "VII")])
    assert said == (
        "2 sessions can only use room 'VII'; all of them run on Fri 17 Dec at 10:00, whatever is chosen: 'a', 'b'."
    )


def test_equipment_and_parallel_sessions() -> None:
    kit = [Session(f"s{i}", f"S{i}", 180, equipment="kit") for i in range(5)]
    rooms = [Room(name) for name in "ABC"]
    assert "of equipment 'kit' to borrow at once. That concerns 5 sessions" in text(
        kit, rooms, equipment=[Equipment("kit", 1)]
    )
    plain = [Session(f"s{i}", f"S{i}", 180) for i in range(5)]
    assert "That concerns 5 sessions" in text(plain, rooms, rules=[AtMostTogether(1, [one.id for one in plain])])


def test_a_language_with_too_few_teams() -> None:
    sessions = [Session(f"s{i}", f"S{i}", 180, languages="ar") for i in range(5)]
    said = text(sessions, [Room(name, booths=1) for name in "ABC"], teams=[Team("ar-1", "ar", 3)])
    assert said.startswith("There is 1 team of interpreters for 'ar': Each language of a session has a team")
    assert "That concerns 5 sessions; in the whole window there are 4 turns of 180 minutes: 's0'" in said


def test_what_fits_is_no_shortage() -> None:
    sessions = [Session(f"s{i}", f"S{i}", 180) for i in range(8)]
    assert found(Problem("p", DAYS, Venue([Room("I"), Room("II")]), sessions)) == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(most_sessions=6, most_rooms=2))
def test_what_counting_shows_is_impossible_indeed(problem: Problem) -> None:
    for one in found(problem):
        answer = Prober(problem, time.monotonic() + 60).ask(Scope(present=frozenset(one.sessions)))
        assert answer.possible is False, one.text
