from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from programmes import json_errors, xml_errors

from unsched import Booking, InputError, Period
from unsched.exchange.frab import read_frab, write_frab_json, write_frab_xml
from unsched.exchange.pretalx import read_pretalx, write_pretalx

EXPORT = Path(__file__).resolve().parents[3] / "examples" / "pretalx.json"


@pytest.fixture
def export() -> dict[str, Any]:
    """What pretalx says of the conference of the example."""
    found: dict[str, Any] = json.loads(EXPORT.read_text(encoding="utf-8"))
    return found


def encoded(data: object) -> bytes:
    return json.dumps(data).encode()


def rows(export: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = export[name]["results"]
    return found


def test_what_is_scheduled_is_the_schedule_and_keeps_every_rule() -> None:
    found = read_pretalx(EXPORT)
    assert (found.problem.id, found.problem.title) == ("harbour-2026", "Harbour Days 2026")
    assert found.problem.window.zone == "Europe/Lisbon"
    assert [one.session for one in found.schedule] == [
        "KEYONE", "TIDE01", "PORT01", "WSTIDE", "TIDE02", "PORT02", "KEYTWO",
    ]  # fmt: skip
    assert [breach.sessions for breach in found.schedule.breaches(found.problem)] == [("PORT03",), ("TIDE03",)]


def test_accepted_submissions_without_a_slot_are_sessions_to_plan() -> None:
    problem = read_pretalx(EXPORT).problem
    waiting = [one.id for one in problem.sessions if problem.published and one.id not in problem.published]
    assert waiting == ["PORT03", "TIDE03"]
    assert problem.session("PORT03").minutes == 30


def test_states_say_what_is_planned_and_what_is_pending_counts_as_done() -> None:
    found = read_pretalx(EXPORT)
    assert [str(note) for note in found.notes] == [
        "submissions: 1 that are 'submitted' are left out",
        "submissions: 1 that are 'rejected' are left out",
    ]
    assert found.problem.session("TIDE03").tags == ("Tides", "language: en", "state: submitted")
    only = read_pretalx(EXPORT, states=["confirmed"])
    assert "PORT02" not in only.problem.sessions_by_id
    with pytest.raises(InputError, match="'maybe' is no state of pretalx"):
        read_pretalx(EXPORT, states=["maybe"])


def test_rooms_have_their_hours_and_seats_and_people_theirs() -> None:
    problem = read_pretalx(EXPORT).problem
    hall = problem.room("Main hall")
    assert hall.seats.total == 300
    assert hall.hours == (
        Period([date(2026, 6, 11)], "09:30", "17:00"),
        Period([date(2026, 6, 12)], "09:30", "16:00"),
    )
    chandra = problem.person("CHANDR")
    assert (chandra.name, chandra.mail) == ("Ravi Chandra", "ravi@example.org")
    assert chandra.available == (
        Period([date(2026, 6, 11)], "12:00", "18:00"),
        Period([date(2026, 6, 12)], "09:00", "13:00"),
    )
    assert problem.person("AMARAL").available is None


def test_a_folder_with_a_file_for_each_answer_says_the_same(export: dict[str, Any], tmp_path: Path) -> None:
    for name, value in export.items():
        content = value
        if name == "submissions":  # two pages
            first, second = value["results"][:5], value["results"][5:]
            content = [{"results": first, "next": "https://example.org/?page=2"}, {"results": second, "next": None}]
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    assert read_pretalx(tmp_path).problem == read_pretalx(EXPORT).problem


def test_a_page_that_is_missing_is_a_fault(export: dict[str, Any]) -> None:
    export["submissions"]["next"] = "https://example.org/?page=2"
    with pytest.raises(InputError, match="there are more pages"):
        read_pretalx(encoded(export))


def test_expanded_answers_and_the_older_form_of_a_slot_are_read(export: dict[str, Any]) -> None:
    slots = {row["id"]: row for row in rows(export, "slots")}
    tracks = {row["id"]: row for row in rows(export, "tracks")}
    people = {row["code"]: row for row in rows(export, "speakers")}
    plain = read_pretalx(EXPORT)
    for row in rows(export, "submissions"):
        row["slots"] = [slots[number] for number in row["slots"]]
        row["track"] = tracks[row["track"]]
        row["speakers"] = [people[code] for code in row["speakers"]]
    del export["slots"], export["tracks"]
    assert read_pretalx(encoded(export)).problem == plain.problem
    for row in rows(export, "submissions"):
        (slot,) = row.pop("slots") or [None]
        room = {11: {"en": "Main hall"}, 12: {"en": "Pier 2"}, 13: "Workshop"}
        row["slot"] = slot and {"start": slot["start"], "end": slot["end"], "room": room.get(slot["room"])}
    assert read_pretalx(encoded(export)).schedule == plain.schedule


def test_the_public_schedule_is_read_as_well() -> None:
    data = {
        "version": "1.0",
        "timezone": "Europe/Lisbon",
        "event_start": "2026-06-11",
        "event_end": "2026-06-12",
        "tracks": [{"id": 21, "name": {"en": "Tides"}, "color": "#1d70b7"}],
        "rooms": [{"id": 11, "name": {"en": "Main hall"}}],
        "speakers": [{"code": "AMARAL", "name": "Inês Amaral"}],
        "talks": [
            {
                "id": 101,
                "code": "KEYONE",
                "title": "Who owns the shore?",
                "speakers": ["AMARAL"],
                "track": 21,
                "start": "2026-06-11T08:30:00+01:00",
                "end": "2026-06-11T09:30:00+01:00",
                "room": 11,
                "duration": 60,
                "state": None,
            }
        ],
    }
    found = read_pretalx(encoded(data))
    assert [(one.session, one.room, f"{one.start:%H:%M}") for one in found.schedule] == [
        ("KEYONE", "Main hall", "08:30")
    ]
    assert found.problem.room("Main hall").hours == (
        Period([date(2026, 6, 11)], "08:30", "18:00"),
        Period([date(2026, 6, 12)], "09:00", "18:00"),
    )
    assert "it is from 09:00 to 18:00" in str(found.notes[0])
    later = read_pretalx(encoded(data), hours=(time(8), time(20)))
    assert [str(block) for block in later.problem.window.blocks] == ["08:00-20:00"]


def test_a_room_that_is_open_all_day_is_open_as_the_others_are(export: dict[str, Any]) -> None:
    rows(export, "rooms")[1]["availabilities"] = [
        {"start": "2026-06-11T00:00:00+01:00", "end": "2026-06-13T00:00:00+01:00", "allDay": True}
    ]
    pier = read_pretalx(encoded(export)).problem.room("Pier 2")
    assert pier.hours == (Period([date(2026, 6, 11), date(2026, 6, 12)], "09:00", "18:00"),)


def test_what_was_published_goes_before_what_people_and_rooms_said(export: dict[str, Any]) -> None:
    rows(export, "speakers")[0]["availabilities"] = [
        {"start": "2026-06-12T09:00:00+01:00", "end": "2026-06-12T18:00:00+01:00"}
    ]
    rows(export, "rooms")[2]["availabilities"] = [
        {"start": "2026-06-11T11:00:00+01:00", "end": "2026-06-11T17:00:00+01:00"}
    ]
    found = read_pretalx(encoded(export))
    assert [breach.sessions for breach in found.schedule.breaches(found.problem)] == [("PORT03",), ("TIDE03",)]
    said = [str(note) for note in found.notes]
    assert "person 'AMARAL': published outside of their hours (1 event): they are there for it" in said
    assert "room 'Workshop': published outside of its hours (1 event): it is open for it" in said


def test_rooms_of_one_name_are_two_rooms(export: dict[str, Any]) -> None:
    rows(export, "rooms")[1]["name"] = "Main hall"
    found = read_pretalx(encoded(export))
    assert [room.id for room in found.problem.rooms] == ["Main hall", "Main hall.2", "Workshop"]
    assert found.schedule["PORT01"].room == "Main hall.2"
    assert json.loads(write_pretalx(found.problem, found.schedule, encoded(export)).data) == []


def test_a_submission_of_several_slots_is_as_many_sessions(export: dict[str, Any]) -> None:
    rows(export, "submissions")[5] |= {"slot_count": 3, "slots": [106, 206]}
    rows(export, "slots").append(
        {"id": 206, "room": 13, "start": "2026-06-11T14:00:00+01:00", "end": "2026-06-11T15:30:00+01:00",
         "submission": "WSTIDE", "schedule": 7, "duration": 90}
    )  # fmt: skip
    found = read_pretalx(encoded(export))
    assert [one.id for one in found.problem.sessions if one.id.startswith("WSTIDE")] == [
        "WSTIDE-106", "WSTIDE-206", "WSTIDE",
    ]  # fmt: skip
    assert "WSTIDE-206" in found.schedule


def test_of_several_schedules_the_last_is_read(export: dict[str, Any]) -> None:
    old = [{**row, "id": row["id"] - 100, "schedule": 6, "room": 12} for row in rows(export, "slots")]
    rows(export, "slots").extend(old)
    for row in rows(export, "submissions"):
        row["slots"] = [number - 100 for number in row["slots"]] + row["slots"]
    found = read_pretalx(encoded(export))
    assert found.schedule == read_pretalx(EXPORT).schedule
    assert "they are of 2 schedules: those of 7, the last one, are read" in [note.message for note in found.notes]


def test_all_faults_come_at_once_each_with_its_place(export: dict[str, Any]) -> None:
    rows(export, "slots")[0]["room"] = 99
    rows(export, "slots")[1]["start"] = "soon"
    rows(export, "submissions")[7]["duration"] = "long"
    rows(export, "slots")[7]["duration"] = None
    rows(export, "slots")[3]["end"] = "2026-06-11T10:00:00+01:00"
    with pytest.raises(InputError) as caught:
        read_pretalx(encoded(export))
    assert [fault.path for fault in caught.value.faults] == [
        "submissions.results[0].slot.room",
        "submissions.results[1].slot.start",
        "submissions.results[3].slot.end",
        "submissions.results[7].duration",
    ]


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"submissions": 7},
        {"submissions": [7]},
        {"submissions": [{"code": "A"}]},
        {"submissions": [{"code": "A", "duration": 30}], "rooms": []},
        {
            "submissions": [{"duration": 30, "slots": [[]], "speakers": [None, 3], "tags": [{}]}],
            "event": 5,
            "rooms": [{}],
        },
        {
            "submissions": [{"code": "A", "duration": 30}],
            "rooms": [{"id": 1, "name": "R", "availabilities": [3, {"start": 1}]}],
            "event": {"date_from": "2026-06-11", "date_to": "9999-12-31"},
        },
    ],
)
def test_nonsense_is_an_input_error_and_nothing_else(data: object) -> None:
    with pytest.raises(InputError):
        read_pretalx(encoded(data))


# -- back ------------------------------------------------------------------------------------------------------------


def test_nothing_has_to_be_sent_where_nothing_changed() -> None:
    found = read_pretalx(EXPORT)
    written = write_pretalx(found.problem, found.schedule, EXPORT)
    assert json.loads(written.data) == []
    assert written.notes == ()


def test_only_slots_that_differ_are_changed_and_a_release_comes_last() -> None:
    found = read_pretalx(EXPORT)
    place = found.schedule["PORT02"]
    kept = [one for one in found.schedule if one.session not in {"PORT02", "KEYTWO"}]
    there = Booking("PORT02", "Main hall", place.start, place.end)
    schedule = evolve(found.schedule, bookings=[*kept, there])
    written = write_pretalx(found.problem, schedule, EXPORT, version="2")
    base = "/api/events/harbour-2026"
    assert json.loads(written.data) == [
        {
            "method": "PATCH",
            "path": f"{base}/slots/105/",
            "data": {"start": "2026-06-12T10:00:00+01:00", "end": "2026-06-12T10:30:00+01:00", "room": 11},
        },
        {"method": "PATCH", "path": f"{base}/slots/107/", "data": {"start": None, "end": None, "room": None}},
        {"method": "POST", "path": f"{base}/schedules/release/", "data": {"version": "2"}},
    ]


def test_a_slot_without_a_number_and_a_room_that_pretalx_does_not_have_are_told(export: dict[str, Any]) -> None:
    for row in rows(export, "submissions"):
        row["slots"] = []
    found = read_pretalx(EXPORT)
    del export["slots"]
    written = write_pretalx(found.problem, found.schedule, encoded(export))
    assert json.loads(written.data) == []
    assert "'KEYONE' is to change, and its slot has no number" in str(written.notes[0])
    rows(export, "rooms")[0]["name"] = "Elsewhere"
    written = write_pretalx(found.problem, found.schedule, encoded(export))
    assert "room 'Main hall' is not in pretalx: 'KEYONE' cannot be moved there" in str(written.notes[0])


def test_an_event_whose_name_is_no_part_of_an_address_is_refused(export: dict[str, Any]) -> None:
    found = read_pretalx(EXPORT)
    export["event"]["slug"] = "../../users"
    with pytest.raises(InputError, match="is no short form of an event"):
        write_pretalx(found.problem, found.schedule, encoded(export))


def test_it_can_be_published_as_a_schedule_document_with_the_codes_of_pretalx() -> None:
    found = read_pretalx(EXPORT)
    written = write_frab_xml(found.problem, found.schedule)
    assert xml_errors(written.data) == []
    assert b'code="KEYONE"' in written.data
    assert json_errors(write_frab_json(found.problem, found.schedule).data) == []
    again = read_frab(written.data)
    assert [(one.session, one.room, one.start) for one in again.schedule] == [
        (one.session, one.room, one.start) for one in found.schedule
    ]
