from __future__ import annotations

import json
import time as clock
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from unsched import Assumption, Delegation, InputError, Person, Problem, Room, Schedule, Seats, Session, Venue, Window
from unsched.exchange import convert
from unsched.exchange.convert import dump, load

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject, SearchStrategy


def _faults(data: object) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        load(data, Problem, "a.json")
    assert caught.value.source == "a.json"
    return {fault.path: f"{fault.message}. Maybe {fault.remedy}" for fault in caught.value.faults}


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_every_problem_comes_back_as_it_was(problems: SearchStrategy[Problem], data: DataObject) -> None:
    problem = data.draw(problems)
    plain = dump(problem)
    assert load(plain, Problem) == problem
    assert json.loads(json.dumps(plain)) == plain
    assert load(tomllib.loads(tomli_w.dumps(plain)), Problem) == problem
    assert dump(load(plain, Problem)) == plain


@settings(deadline=None)
@given(data=st.data())
def test_every_schedule_comes_back_as_it_was(schedules: SearchStrategy[Schedule], data: DataObject) -> None:
    schedule = data.draw(schedules)
    plain = dump(schedule)
    assert load(json.loads(json.dumps(plain)), Schedule) == schedule
    assert load(tomllib.loads(tomli_w.dumps(plain)), Schedule) == schedule
    assert dump(load(plain, Schedule)) == plain
    assert next(iter(plain)) == "schema"


def test_what_goes_without_saying_is_left_out(plain: dict[str, Any]) -> None:
    plain["window"] |= {"step": 15, "blocks": [{"start": "10:00", "end": "13:00"}, {"start": "15:00", "end": "18:00"}]}
    plain["sessions"][0] |= {"access": "open", "room": None, "blocks": "regular"}
    plain["title"] = None
    shown = dump(load(plain, Problem))
    assert shown["window"] == {"zone": "Europe/Zurich", "days": ["2010-12-16", "2010-12-17"]}
    assert shown["sessions"][0] == {"id": "panel", "title": "Panel", "minutes": 180, "tags": ["plenary"]}
    assert list(shown) == ["schema", "id", "window", "venue", "sessions", "rules"]


def test_what_is_assumed_is_not_written_as_known() -> None:
    problem = Problem(
        "p",
        Window("UTC", ["2010-12-17"]),
        Venue([Room("XXVI"), Room("XII", seats=Seats(table=9), booths=6)], name="Palais"),
        [Session("wg", "WG")],
        [Delegation("CH", size=2)],
        [Person("chair")],
        assumptions=[
            Assumption("as XII", "room", "XXVI", "seats.table", 150),
            Assumption("as XII", "room", "XXVI", "seats.side", 20),
            Assumption("known", "room", "XII", "booths", 6),
            Assumption("as ever", "session", "wg", "minutes", 60),
            Assumption("as ever", "session", "wg", "start", "2010-12-17T10:00"),
            Assumption("known", "session", "wg", "title", "WG"),
            Assumption("known", "delegation", "CH", "size", 2),
            Assumption("found", "delegation", "CH", "mail", "ch@example.org"),
            Assumption("vice-chair", "person", "chair", "delegation", "CH"),
            Assumption("all is well"),
        ],
    )
    shown = dump(problem)
    assert shown["venue"] == {"rooms": [{"id": "XXVI"}, {"id": "XII", "seats": {"table": 9}}], "name": "Palais"}
    assert shown["sessions"] == [{"id": "wg", "title": "WG"}]
    assert shown["delegations"] == [{"id": "CH", "size": 2}]
    assert shown["persons"] == [{"id": "chair"}]
    assert len(shown["assumptions"]) == 10
    again = load(shown, Problem)
    assert again == problem
    assert again.room("XXVI").seats == Seats(table=150, side=20)
    assert again.session("wg").start == datetime(2010, 12, 17, 10)


def test_a_problem_without_delegations_can_assume_nothing_of_them(plain: dict[str, Any]) -> None:
    plain["assumptions"] = [{"why": "a guess", "of": "delegation", "id": "CH", "field": "name", "value": "Swiss"}]
    assert "there is no delegation 'CH'" in _faults(plain)["assumptions[0].id"]


def test_all_faults_of_a_file_come_at_once(plain: dict[str, Any]) -> None:
    plain["sessions"][0]["minutes"] = "180"
    plain["sessions"][1]["minuets"] = 180
    plain["sessions"][1]["access"] = "governmnets"
    plain["sessions"][2]["start"] = "at noon"
    plain["venue"]["rooms"][0]["seets"] = 3
    plain["rules"][0]["kind"] = "befor"
    plain["organizer"] = {"name": "CSTD"}
    assert _faults(plain) == {
        "sessions[0].minutes": "'180' is not a whole number. Maybe 180, without quotes.",
        "sessions[1].minuets": "the key 'minuets' is not known. Maybe 'minutes'.",
        "sessions[1].access": "'governmnets' is none of 'open', 'members', 'governments'. Maybe 'open'.",
        "sessions[2].start": "'at noon' is not a date and time. Maybe one such as '2010-12-17T10:00'.",
        "venue.rooms[0].seets": "the key 'seets' is not known. Maybe 'seats'.",
        "rules[0].kind": "there is no kind of rule 'befor'. Maybe 'before'.",
        "organizer.mail": "it is missing. Maybe add 'mail'.",
    }


def test_keys_and_kinds_that_are_not_known_do_not_hide_what_only_the_whole_problem_tells(plain: dict[str, Any]) -> None:
    plain["window"]["stop"] = 15
    plain["venue"]["rooms"][1]["colour"] = "red"
    plain["sessions"][1]["room"] = "XXVII"
    plain["rules"] = [
        {"kind": "before", "first": "pannel", "then": "wg"},
        {"kind": "befor"},
        {"kind": "prefer-time", "sessions": "wg"},
        7,
        {"kind": "not-together", "sessions": {"tags": ["plenery"]}, "maybe": 1},
    ]
    faults = _faults(plain)
    assert set(faults) == {
        "window.stop",
        "venue.rooms[1].colour",
        "sessions[1].room",
        "rules[0].first.ids[0]",
        "rules[1].kind",
        "rules[2].periods",
        "rules[3]",
        "rules[4].maybe",
        "rules[4].sessions.tags[0]",
    }
    assert faults["rules[4].sessions.tags[0]"] == "nothing is tagged 'plenery'. Maybe 'plenary'."
    assert faults["sessions[1].room"].endswith("Maybe 'XXVI'.")


def test_a_missing_schema_is_one_fault_among_others(plain: dict[str, Any]) -> None:
    del plain["schema"]
    assert list(_faults(plain)) == ["schema"]
    del plain["id"]
    assert _faults(plain) == {
        "schema": "it is missing. Maybe schema = 'unsched/problem/1'.",
        "id": "it is missing. Maybe add 'id'.",
    }


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("unsched/schedule/1", "this is a schedule, and a problem is wanted"),
        ("unsched/problem/2", "version 'unsched/problem/2' cannot be read here, only 'unsched/problem/1'"),
        ("problem", "'problem' is not 'unsched/problem/1'"),
        (1, "1 is not 'unsched/problem/1'"),
    ],
)
def test_another_schema_is_the_only_fault(tag: object, message: str, plain: dict[str, Any]) -> None:
    plain |= {"schema": tag, "sessions": 5}
    assert _faults(plain) == {"schema": f"{message}. Maybe 'unsched/problem/1', if it is a problem."}


def test_a_published_schedule_may_be_a_schedule_file_as_it_is(plain: dict[str, Any]) -> None:
    booking = {"session": "wg", "room": "XII", "start": "2010-12-17T10:00+01:00", "end": "2010-12-17T13:00+01:00"}
    published = {"problem": "cstd-2010", "zone": "Europe/Zurich", "bookings": [booking]}
    plain["published"] = published
    problem = load(plain, Problem)
    assert problem.published is not None
    plain["published"] = {"schema": "unsched/schedule/1", **published}
    assert load(plain, Problem) == problem
    assert "schema" not in dump(problem)["published"]
    plain["published"] = {"schema": "unsched/problem/1", **published}
    assert list(_faults(plain)) == ["published.schema"]
    plain["published"] = {**published, "problem": "another"}
    assert list(_faults(plain)) == ["published.problem"]


@pytest.mark.parametrize("data", [[], "problem", 5, None, date(2010, 12, 17)])
def test_what_is_no_table_is_no_problem(data: object) -> None:
    (message,) = _faults(data).values()
    assert "is not a table. Maybe a table with 'id', 'window', " in message


def test_only_so_many_faults_are_shown(plain: dict[str, Any]) -> None:
    plain["sessions"] = [5] * (convert.MAX_FAULTS + 3)
    with pytest.raises(InputError) as caught:
        load(plain, Problem)
    assert len(caught.value.faults) == convert.MAX_FAULTS + 1
    assert caught.value.faults[-1].message == "and 3 more faults"


def test_data_that_no_file_can_hold_is_refused_before_anything_else(plain: dict[str, Any]) -> None:
    plain["title"] = b"bytes"
    assert list(_faults(plain)) == ["title"]


def test_ten_times_as_many_sessions_do_not_take_a_hundred_times_as_long() -> None:
    def seconds(count: int) -> float:
        problem = Problem(
            "p",
            Window.between("UTC", "2010-12-13", "2010-12-17"),
            Venue([Room(str(number), seats=Seats(table=99)) for number in range(30)]),
            [
                Session(f"s{n}", "T", 60, tags=["a"], required=[f"d{n % 50}"], invited=[f"d{(n + 7) % 50}"])
                for n in range(count)
            ],
            [Delegation(f"d{n}") for n in range(50)],
        )
        plain = dump(problem)
        before = clock.process_time()
        assert load(plain, Problem) == problem
        return clock.process_time() - before

    seconds(10)  # the first reading prepares for all kinds of rules
    assert seconds(2000) < 50 * seconds(200)
