from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Literal
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from programmes import day, document, encoded, event, json_errors, xml, xml_errors

from unsched import Booking, InputError, Person, Problem, Room, Schedule, Seats, Session, Venue, Window
from unsched.exchange.frab import read_frab, rewrite, write_frab_json, write_frab_xml
from unsched.palais import cstd_2010

RICH = document(
    day(
        1,
        "2024-02-03",
        {
            "Janson": [
                event(1, "2024-02-03T10:00:00+01:00", answers=[{"question": 2}], do_not_stream=True),
                event(2, "2024-02-03T10:30:00+01:00", "01:00", feedback_url="https://example.org/f", subtitle=None),
            ],
            "Foyer": [event(3, "2024-02-03T12:00:00+01:00", "01:30", duration=None)],
        },
    ),
    day(2, "2024-02-04", {"Janson": [event(4, "2024-02-04T23:30:00+01:00", "01:00")]}),
    tracks=[{"name": "Main", "color": "#ff0000", "slug": "main"}],
    rooms=[{"name": "Janson", "guid": "00000000-0000-5000-8000-000000000099", "capacity": 1415, "description": "Big"}],
)


def moved(schedule: Schedule, session: str, *, hours: int = 0, room: str | None = None) -> Schedule:
    one = schedule[session]
    by = timedelta(hours=hours)
    there = Booking(session, room or one.room, one.start + by, one.end + by, one.title)
    return schedule.rebooked(there)


def test_xml_over_the_original_is_valid_and_has_everything_that_xml_can_say() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    written = write_frab_xml(found.problem, moved(found.schedule, "2", hours=2, room="Foyer"), data)
    assert xml_errors(written.data) == []
    root = ET.fromstring(written.data)  # noqa: S314  it is ours
    two = root.find("day[@index='1']/room[@name='Foyer']/event[@id='2']")
    assert two is not None
    texts = {name: two.findtext(name) for name in ("date", "start", "duration", "room", "abstract", "slug", "url")}
    assert texts == {
        "date": "2024-02-03T12:30:00+01:00",
        "start": "12:30",
        "duration": "01:00",
        "room": "Foyer",
        "abstract": "About 2.",
        "slug": "demo-2-talk",
        "url": "https://example.org/2",
    }
    assert two.get("guid") == "00000000-0000-5000-8000-000000000002"
    assert two.findtext("recording/license") == "CC BY 4.0"
    assert two.findtext("recording/optout") == "false"
    assert [one.get("href") for one in two.iterfind("links/link")] == ["https://example.org/slides"]
    assert [(one.get("id"), one.text) for one in two.iterfind("persons/person")] == [("1002", "Person 2")]
    track = root.find("conference/track")
    assert track is not None
    assert track.attrib == {"name": "Main", "color": "#ff0000", "slug": "main"}
    room = root.find("day/room[@name='Janson']")
    assert room is not None
    assert room.get("guid") == "00000000-0000-5000-8000-000000000099"


def test_what_xml_cannot_say_is_noted_once_a_kind() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    notes = [str(note) for note in write_frab_xml(found.problem, found.schedule, data).notes]
    assert any("'answers' of an event is left out: the schema has no place for it" in note for note in notes)
    assert any("'do_not_stream' of an event" in note for note in notes)
    assert any("'capacity' of a room" in note for note in notes)
    assert any("an event without a time, a room or a length is left out" in note for note in notes)
    assert len(notes) == len(set(notes))


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_json_over_the_original_is_valid_and_read_back_the_same(form: str, version: Literal[1, 2]) -> None:
    data = encoded(RICH) if form == "json" else xml(RICH)
    found = read_frab(data)
    schedule = moved(found.schedule, "2", hours=2, room="Foyer")
    written = write_frab_json(found.problem, schedule, data, version=version)
    assert json_errors(written.data, version) == []
    again = read_frab(written.data)
    where = [(one.room, one.start, one.end, one.title) for one in again.schedule]
    assert where == [(one.room, one.start, one.end, one.title) for one in schedule]
    if version == 1:
        assert again.schedule.bookings == schedule.bookings


def test_the_same_is_written_each_time() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    assert write_frab_xml(found.problem, found.schedule, data) == write_frab_xml(found.problem, found.schedule, data)
    assert write_frab_json(found.problem, found.schedule) == write_frab_json(found.problem, found.schedule)


def test_a_schedule_that_never_was_a_document_becomes_one() -> None:
    problem = cstd_2010()
    first = problem.window.wall(problem.starts(problem.sessions[0])[0])
    one = problem.sessions[0]
    schedule = Schedule(
        problem.id,
        problem.window.zone,
        [Booking(one.id, problem.rooms[0].id, first, first + timedelta(minutes=one.length), one.title)],
    )
    written = write_frab_xml(problem, schedule)
    assert xml_errors(written.data) == []
    assert written.data == write_frab_xml(problem, schedule).data
    root = ET.fromstring(written.data)  # noqa: S314  it is ours
    (found,) = root.iter("event")
    assert found.findtext("title") == one.title
    assert len(root.findall("day")) == len(problem.window.days)
    for version in (1, 2):
        data = write_frab_json(problem, schedule, version=1 if version == 1 else 2).data
        assert json_errors(data, version) == []
        assert [b.start for b in read_frab(data).schedule] == [first]


def test_uuids_and_numbers_follow_from_the_ids() -> None:
    window = Window("Europe/Brussels", ["2024-02-03"])
    times = "2024-02-03T10:00+01:00", "2024-02-03T11:00+01:00"

    def written(*sessions: str) -> dict[str, Any]:
        problem = Problem(
            "p",
            window,
            Venue([Room(f"R{name}", seats=Seats(total=9)) for name in sessions]),
            [Session(name, f"Talk {name}", 60, required=["ann"]) for name in sessions],
            persons=[Person("ann", "Ann")],
        )
        schedule = Schedule("p", window.zone, [Booking(name, f"R{name}", *times) for name in sessions])
        data = json.loads(write_frab_json(problem, schedule).data)
        rooms = data["schedule"]["conference"]["days"][0]["rooms"]
        return {one["title"]: one for events in rooms.values() for one in events}

    both, one = written("a", "17"), written("17")
    assert both["Talk 17"]["guid"] == one["Talk 17"]["guid"]
    assert both["Talk 17"]["id"] == 17
    assert both["Talk a"]["id"] > 10**9
    assert both["Talk a"]["persons"] == both["Talk 17"]["persons"]


def test_a_session_that_is_new_is_made_and_one_that_is_dropped_is_left_out() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    new = Session("extra", "Extra", 30)
    problem = evolve(found.problem, sessions=(*found.problem.sessions, new))
    kept = [one for one in found.schedule if one.session != "1"]
    place = found.schedule["1"]
    schedule = evolve(found.schedule, bookings=[*kept, Booking("extra", place.room, place.start, place.end, "Extra")])
    written = write_frab_xml(problem, schedule, data)
    assert xml_errors(written.data) == []
    titles = [one.findtext("title") for one in ET.fromstring(written.data).iter("event")]  # noqa: S314  it is ours
    assert titles == ["Extra", "Talk 2", "Talk 4"]
    said = [str(note) for note in written.notes]
    assert any("event '1' is not in the schedule: it is left out" in note for note in said)
    assert any("session 'extra' is not in the document: an event is made for it" in note for note in said)


def test_a_day_is_made_for_what_moves_to_one_that_the_document_does_not_have() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    schedule = moved(found.schedule, "1", hours=24 * 4)
    for written in (
        write_frab_xml(found.problem, schedule, data).data,
        write_frab_json(found.problem, schedule, data).data,
        rewrite(data, schedule, found.problem).data,
        rewrite(xml(RICH), schedule, found.problem).data,
    ):
        assert read_frab(written).schedule.bookings == schedule.bookings
    assert xml_errors(write_frab_xml(found.problem, schedule, data).data) == []


def test_a_document_that_has_nothing_of_the_schedule_is_refused() -> None:
    found = read_frab(encoded(RICH))
    other = encoded(document(day(1, "2024-02-03", {"A": [event(99, "2024-02-03T10:00:00+01:00")]})))
    with pytest.raises(InputError, match="it has none of the sessions of 'demo'"):
        write_frab_xml(found.problem, found.schedule, other)
    with pytest.raises(InputError, match="it has none of the sessions of 'demo'"):
        rewrite(other, found.schedule)


def test_a_document_is_written_by_the_clocks_by_which_it_was_read() -> None:
    data = encoded(document(day(1, "2024-02-03", {"A": [event(1, "2024-02-03T10:00:00Z")]}), time_zone_name=...))
    found = read_frab(data, zone="Europe/London")
    written = write_frab_xml(found.problem, moved(found.schedule, "1", hours=1), data)
    assert b"<time_zone_name>Europe/London</time_zone_name>" in written.data
    assert b"<date>2024-02-03T11:00:00+00:00</date>" in written.data


def test_a_schedule_of_another_problem_is_refused() -> None:
    found = read_frab(encoded(RICH))
    other = evolve(found.schedule, problem="other")
    with pytest.raises(InputError, match="the schedule is of problem 'other'"):
        write_frab_xml(found.problem, other)
    with pytest.raises(InputError, match="the schedule is of problem 'other'"):
        rewrite(encoded(RICH), other, found.problem)


# -- rewriting --------------------------------------------------------------------------------------------------------


def test_a_document_that_is_rewritten_as_it_is_says_what_it_said() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    assert json.loads(rewrite(data, found.schedule, found.problem).data) == json.loads(data)
    text = xml(RICH)
    again = rewrite(text, read_frab(text).schedule).data
    assert ET.canonicalize(again.decode()) == ET.canonicalize(text.decode())


def test_rewriting_changes_time_and_place_of_what_moved_and_nothing_else() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    after = json.loads(rewrite(data, moved(found.schedule, "2", hours=2, room="Foyer"), found.problem).data)
    (two,) = (one for one in after["schedule"]["conference"]["days"][0]["rooms"]["Foyer"] if one["id"] == 2)
    wanted = json.loads(data)
    days = wanted["schedule"]["conference"]["days"]
    event_two = days[0]["rooms"]["Janson"].pop(1)
    event_two |= {"date": "2024-02-03T12:30:00+01:00", "start": "12:30", "room": "Foyer"}
    days[0]["rooms"]["Foyer"].append(event_two)
    assert two == event_two
    assert after == wanted


def test_what_no_schema_knows_stays_in_xml_that_is_rewritten() -> None:
    text = xml(RICH).replace(b"<conference>", b"<!-- by hand --><conference><venue>ULB</venue>")
    text = text.replace(b"<persons>", b"<x:mark xmlns:x='urn:x' a='1'>kept</x:mark><persons>")
    found = read_frab(text)
    after = rewrite(text, moved(found.schedule, "2", hours=2, room="Foyer"), found.problem).data
    assert after.count(b">kept</x:mark>") == text.count(b">kept</x:mark>")
    assert b"<!-- by hand -->" in after
    assert b"<venue>ULB</venue>" in after
    assert read_frab(after).schedule["2"].room == "Foyer"


def test_what_was_not_planned_stays_in_a_document_that_is_rewritten() -> None:
    data = encoded(RICH)
    found = read_frab(data)
    assert "3" not in found.schedule
    after = json.loads(rewrite(data, found.schedule, found.problem).data)
    assert [one["id"] for one in after["schedule"]["conference"]["days"][0]["rooms"]["Foyer"]] == [3]


def test_a_place_of_an_open_area_is_written_as_its_room() -> None:
    rooms = {"Area": [event(1, "2024-02-03T10:00:00+01:00"), event(2, "2024-02-03T10:00:00+01:00")]}
    data = encoded(document(day(1, "2024-02-03", rooms)))
    found = read_frab(data)
    schedule = moved(found.schedule, "2", hours=1)
    assert schedule["2"].room == "Area / place 2"
    for after in (rewrite(data, schedule), rewrite(data, schedule, found.problem)):
        days = json.loads(after.data)["schedule"]["conference"]["days"]
        assert [one["start"] for one in days[0]["rooms"]["Area"]] == ["10:00", "11:00"]
    written = write_frab_xml(found.problem, schedule, data).data
    assert xml_errors(written) == []
    assert [one.get("name") for one in ET.fromstring(written).iter("room") if one.get("name")] == ["Area"]  # noqa: S314


def test_what_moves_keeps_the_clock_by_which_it_was_written() -> None:
    rooms = {"A": [event(1, "2024-02-03T10:00:00+01:00")]}
    data = encoded(document(day(1, "2024-02-03", rooms), time_zone_name="UTC"))
    found = read_frab(data)
    after = json.loads(rewrite(data, moved(found.schedule, "1", hours=1), found.problem).data)
    (one,) = after["schedule"]["conference"]["days"][0]["rooms"]["A"]
    assert (one["date"], one["start"]) == ("2024-02-03T11:00:00+01:00", "11:00")


def forms() -> dict[str, bytes]:
    """Return the same programme, of one day, in each form."""
    one = event(1, "2024-02-03T10:00:00+01:00", code="AAAAAA")
    two = event(2, "2024-02-03T10:30:00+01:00", code="BBBBBB")
    rooms = {"Janson": [one, two], "Foyer": [event(3, "2024-02-03T12:00:00+01:00", code="CCCCCC")]}
    data = encoded(document(day(1, "2024-02-03", rooms)))
    found = read_frab(data)
    newer = write_frab_json(found.problem, found.schedule, data, version=2).data
    return {"json": data, "xml": xml(json.loads(data)), "json-2": newer}


@pytest.mark.parametrize("form", ["json", "xml", "json-2"])
def test_every_form_is_rewritten_with_what_moved_shrank_went_and_came_to_another_day(form: str) -> None:
    data = forms()[form]
    found = read_frab(data)
    place = found.schedule["AAAAAA"]
    longer = timedelta(minutes=15)
    bookings = [
        Booking("AAAAAA", "Foyer", place.start, place.end + longer, place.title),
        moved(found.schedule, "CCCCCC", hours=72, room="Janson")["CCCCCC"],
    ]
    schedule = evolve(found.schedule, bookings=bookings)
    written = rewrite(data, schedule, found.problem, form=form)
    assert read_frab(written.data).schedule.bookings == schedule.bookings
    assert [note.message for note in written.notes] == ["event 'BBBBBB' is not in the schedule: it is left out"]
    assert b"Talk 2" not in written.data
    assert written.data.count(b"About 1.") == data.count(b"About 1.")


def test_a_session_that_is_new_is_left_out_of_what_is_rewritten() -> None:
    data = forms()["json"]
    found = read_frab(data)
    place = found.schedule["CCCCCC"]
    new = Booking("extra", "Foyer", place.end, place.end + timedelta(minutes=30))
    schedule = evolve(found.schedule, bookings=[*found.schedule, new])
    problem = evolve(found.problem, sessions=(*found.problem.sessions, Session("extra", "Extra", 30)))
    written = rewrite(data, schedule, problem)
    assert json.loads(written.data) == json.loads(data)
    assert ["it is left out" in note.message for note in written.notes] == [True]
    assert ["it is left out" in note.message for note in rewrite(data, schedule).notes] == [True]
