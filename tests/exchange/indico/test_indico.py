from __future__ import annotations

import copy
import csv
import json
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from unsched import Booking, InputError, Period, Person, Problem, Room, Schedule, Session, Venue, Window
from unsched.exchange.indico import read_indico, write_indico_csv, write_indico_json


def at(clock: str, day: str = "2011-06-23", tz: str = "Europe/Zurich") -> dict[str, str]:
    return {"date": day, "time": f"{clock}:00", "tz": tz}


def entry(kind: str, number: int, title: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    letter = {"Session": "s", "Contribution": "c", "Break": "b"}[kind]
    own = {"Session": "sessionSlotId", "Contribution": "contributionId"}.get(kind)
    return {
        "entryType": kind,
        "id": f"{letter}{number + 900}",
        **({own: number} if own else {}),
        "title": title,
        "startDate": at(start),
        "endDate": at(end),
        **more,
    }


def who(name: str, key: str) -> dict[str, str]:
    return {"name": name, "emailHash": key}


TIMETABLE: dict[str, Any] = {
    "results": {
        "137346": {
            "20110623": {
                "s905": entry(
                    "Session", 5, "Morning", "09:00", "10:30", slotTitle="Detectors", room="R1", location="CERN",
                    conveners=[{"name": "Ann Chair", "email": "ann@example.org"}],
                    entries={
                        "c978": entry("Contribution", 78, "=Second", "09:30", "10:30", presenters=[who("Bo Li", "y")]),
                        "c977": entry("Contribution", 77, "First", "09:00", "09:20", presenters=[who("Bo Li", "x")]),
                    },
                ),
                "b913": entry("Break", 13, "Coffee", "10:30", "11:00"),
                "c979": entry(
                    "Contribution", 79, "Plenary", "11:00", "12:00", room="R2", presenters=[who("Bo Li", "x")]
                ),
            },
            "20110624": {},
        }
    }
}  # fmt: skip
EVENT: dict[str, Any] = {
    "_type": "HTTPAPIResult",
    "count": 1,
    "results": [
        {
            "_type": "Conference",
            "id": "137346",
            "title": "Export Test",
            "timezone": "Europe/Zurich",
            "startDate": at("08:00"),
            "endDate": at("18:00", "2011-06-24"),
            "room": None,
            "location": "CERN",
            "sessions": [
                {
                    "_type": "SessionSlot",
                    "id": 5,
                    "title": "Morning: Detectors",
                    "slotTitle": "Detectors",
                    # Indico writes these in UTC.
                    "startDate": at("07:00", tz="UTC"),
                    "endDate": at("08:30", tz="UTC"),
                    "roomFullname": "R1",
                    "room": "R1",
                    "conveners": [{"fullName": "Ann Chair", "email": "ann@example.org"}],
                    "session": {"title": "Morning"},
                    "contributions": [
                        {"id": "1", "db_id": 77, "title": "First", "startDate": at("07:00", tz="UTC"), "duration": 20,
                         "endDate": at("07:20", tz="UTC"), "speakers": [{"fullName": "Bo Li", "emailHash": "x"}]},
                    ],
                }
            ],
            "contributions": [
                {"id": "3", "db_id": 79, "title": "Plenary", "startDate": at("09:00", tz="UTC"), "duration": 60,
                 "endDate": at("10:00", tz="UTC"), "room": "R2", "track": "Physics", "type": "Talk",
                 "speakers": [{"fullName": "Bo Li", "emailHash": "x"}]},
                {"id": "4", "db_id": 80, "title": "Unplaced", "startDate": None, "endDate": None, "duration": 25,
                 "room": None, "speakers": []},
            ],
        }
    ],
}  # fmt: skip


def encoded(data: object) -> bytes:
    return json.dumps(data).encode()


def test_blocks_and_contributions_are_sessions_with_what_is_inside_as_segments() -> None:
    found = read_indico(encoded(TIMETABLE))
    assert [(one.session, one.room, f"{one.start:%H:%M}-{one.end:%H:%M}") for one in found.schedule] == [
        ("s5", "R1", "09:00-10:30"),
        ("c79", "R2", "11:00-12:00"),
    ]
    block = found.problem.session("s5")
    assert block.title == "Morning: Detectors"
    assert block.required == ("Ann Chair",)
    assert [(one.id, one.minutes, one.required) for one in block.segments] == [
        ("c77", 20, ("Bo Li",)),
        ("gap", 10, ()),
        ("c78", 60, ("Bo Li.2",)),  # of the same name, and another address
    ]
    assert not found.schedule.breaches(found.problem)


def test_breaks_close_the_hours_in_which_nothing_stands() -> None:
    found = read_indico(encoded(TIMETABLE))
    assert [str(block) for block in found.problem.window.blocks] == ["09:00-10:30", "11:00-12:00"]
    assert "break 'Coffee': nothing else is planned there" in str(found.notes[0])
    data = copy.deepcopy(TIMETABLE)
    data["results"]["137346"]["20110623"]["c979"]["startDate"] = at("10:45")
    over = read_indico(encoded(data))
    assert [str(block) for block in over.problem.window.blocks] == ["09:00-12:00"]
    assert any("events were published during the break of 2011-06-23 10:30" in str(note) for note in over.notes)


def test_the_export_of_an_event_has_hours_tracks_and_what_is_not_scheduled() -> None:
    found = read_indico(encoded(EVENT))
    assert (found.problem.id, found.problem.title) == ("indico-137346", "Export Test")
    assert [(one.session, one.room, f"{one.start:%H:%M}-{one.end:%H:%M}") for one in found.schedule] == [
        ("s5", "R1", "09:00-10:30"),
        ("c79", "R2", "11:00-12:00"),
    ]
    assert found.problem.session("c79").tags == ("Physics",)
    assert found.problem.session("c79").kind == "Talk"
    assert found.problem.session("s5").tags == ("Morning",)
    assert "c80" not in found.schedule
    assert found.problem.session("c80").minutes == 25
    days = [date(2011, 6, 23), date(2011, 6, 24)]
    assert found.problem.room("R1").hours == (Period(days, "08:00", "18:00"),)
    assert [breach.sessions for breach in found.schedule.breaches(found.problem)] == [("c80",)]


def test_both_exports_call_things_alike() -> None:
    one, other = read_indico(encoded(TIMETABLE)), read_indico(encoded(EVENT))
    assert one.problem.id == other.problem.id
    assert one.schedule == other.schedule


def test_contributions_that_run_at_once_bind_their_speakers_for_the_whole_block() -> None:
    data = copy.deepcopy(TIMETABLE)
    data["results"]["137346"]["20110623"]["s905"]["entries"]["c978"]["startDate"] = at("09:10")
    found = read_indico(encoded(data))
    assert found.problem.session("s5").segments == ()
    assert found.problem.session("s5").required == ("Ann Chair", "Bo Li", "Bo Li.2")
    assert any("run at once" in str(note) for note in found.notes)


def test_what_names_no_room_stands_in_one_that_is_made_for_it() -> None:
    data = copy.deepcopy(TIMETABLE)
    del data["results"]["137346"]["20110623"]["c979"]["room"]
    found = read_indico(encoded(data))
    assert found.schedule["c79"].room == "Venue"
    assert any("'c79' has no room" in str(note) for note in found.notes)


def test_an_export_that_is_written_as_it_was_is_the_same() -> None:
    for data in (TIMETABLE, EVENT):
        found = read_indico(encoded(data))
        written = write_indico_json(found.problem, found.schedule, encoded(data))
        assert json.loads(written.data) == data
        assert written.notes == ()


@pytest.mark.parametrize("data", [TIMETABLE, EVENT], ids=["timetable", "event"])
def test_what_moves_takes_what_is_inside_along_and_nothing_else_changes(data: dict[str, Any]) -> None:
    found = read_indico(encoded(data))
    block, day = found.schedule["s5"], timedelta(days=1)
    schedule = found.schedule.rebooked(Booking("s5", "R2", block.start + day, block.end + day, block.title))
    written = write_indico_json(found.problem, schedule, encoded(data))
    again = read_indico(written.data)
    assert [(one.session, one.room, one.start, one.end) for one in again.schedule] == [
        (one.session, one.room, one.start, one.end) for one in schedule
    ]
    assert again.problem.session("s5").segments == found.problem.session("s5").segments
    after = json.loads(written.data)
    if data is TIMETABLE:
        days = after["results"]["137346"]
        assert list(days["20110624"]) == ["s905"]
        assert days["20110624"]["s905"]["entries"]["c977"]["startDate"] == at("09:00", "2011-06-24")
        assert days["20110623"] == {
            key: value for key, value in data["results"]["137346"]["20110623"].items() if key != "s905"
        }
    else:
        moved = after["results"][0]["sessions"][0]
        assert moved["contributions"][0]["startDate"] == at("07:00", "2011-06-24", tz="UTC")
        assert after["results"][0]["contributions"] == data["results"][0]["contributions"]


def test_what_is_scheduled_anew_and_what_is_not_any_more() -> None:
    found = read_indico(encoded(EVENT))
    place = found.schedule["c79"]
    bookings = [one for one in found.schedule if one.session != "c79"]
    new = Booking("c80", "R2", place.start, place.start + timedelta(minutes=25))
    schedule = evolve(found.schedule, bookings=[*bookings, new])
    written = write_indico_json(found.problem, schedule, encoded(EVENT))
    again = read_indico(written.data)
    assert [one.session for one in again.schedule] == ["s5", "c80"]
    assert [str(note) for note in written.notes] == ["results[0].contributions[0]: 'c79' is not scheduled any more"]


def test_the_csv_has_what_indico_takes_and_says_what_it_leaves_out() -> None:
    found = read_indico(encoded(TIMETABLE))
    written = write_indico_csv(found.problem, found.schedule)
    lines = list(csv.reader(written.data.decode().splitlines()))
    assert lines == [
        ["2011-06-23T09:00", "20", "First", "Bo", "Li", "", ""],
        ["2011-06-23T09:30", "60", " =Second", "Bo", "Li", "", ""],
        ["2011-06-23T11:00", "60", "Plenary", "Bo", "Li", "", ""],
    ]
    assert [note.message for note in written.notes] == [
        "the rooms of 2 sessions are left out: the format has none",
        "2 sessions have a speaker without a mail address, whom Indico leaves out: s5, c79",
    ]


def test_the_csv_of_any_problem_takes_the_speaker_with_an_address() -> None:
    people = [Person("a", "Ann"), Person("b", "Bea Cruz", mail="bea@example.org")]
    problem = Problem(
        "p",
        Window("Europe/Zurich", ["2010-12-17"]),
        Venue([Room("I")]),
        [Session("s", "A talk,\nof two", 60, required=["a", "b"])],
        persons=people,
    )
    schedule = Schedule("p", "Europe/Zurich", [Booking("s", "I", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00")])
    written = write_indico_csv(problem, schedule)
    assert written.data.decode() == '2010-12-17T10:00,60,"A talk, of two",Bea,Cruz,,bea@example.org\n'
    assert "1 sessions have speakers beside the first" in str(written.notes[1])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "this is no export of Indico"),
        ({"results": []}, "this is no export of Indico"),
        ({"results": [{"id": 1}]}, "the event comes without its contributions"),
        ({"results": [{"contributions": []}, {"contributions": []}]}, "it is of 2 events"),
        ({"results": {"1": {"20110623": {"c1": 5}}}}, "5 is no entry"),
        ({"results": {"1": {"20110623": {"c1": {"entryType": "Poster"}}}}}, "'Poster' is no kind of entry"),
        ({"results": {"1": {"20110623": {}}}}, "there is nothing that has a length"),
        ({"results": [{"contributions": [{"id": 1, "startDate": {"date": "x"}, "duration": "y"}]}]}, "2 faults"),
    ],
)
def test_what_is_no_export_is_refused_with_a_reason(data: object, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_indico(encoded(data))
    assert said in str(caught.value)
