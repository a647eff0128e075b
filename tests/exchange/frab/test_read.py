from __future__ import annotations

import gzip
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from programmes import day, document, encoded, event, xml

from unsched import InputError, Period
from unsched.exchange.frab import read_frab

BRUSSELS = ZoneInfo("Europe/Brussels")
TWO_DAYS = document(
    day(
        1,
        "2024-02-03",
        {
            "Janson": [event(1, "2024-02-03T10:00:00+01:00"), event(2, "2024-02-03T10:30:00+01:00", "00:45")],
            "Foyer": [event(3, "2024-02-03T12:00:00+01:00", "01:15", track="Side", type="workshop")],
        },
    ),
    day(2, "2024-02-04", {"Janson": [event(4, "2024-02-05T00:30:00+01:00", "01:00")]}),
)


def notes_of(data: object) -> list[str]:
    return [str(note) for note in read_frab(encoded(data)).notes]


def test_what_was_published_is_the_schedule_and_keeps_every_rule() -> None:
    found = read_frab(encoded(TWO_DAYS))
    assert [(one.session, one.room, f"{one.start:%d %H:%M}-{one.end:%H:%M}") for one in found.schedule] == [
        ("1", "Janson", "03 10:00-10:30"),
        ("2", "Janson", "03 10:30-11:15"),
        ("3", "Foyer", "03 12:00-13:15"),
        ("4", "Janson", "05 00:30-01:30"),
    ]
    assert found.problem.published == found.schedule
    assert found.problem.window.zone == "Europe/Brussels"
    assert not found.schedule.breaches(found.problem)
    assert found.notes == ()


def test_nothing_is_fixed_but_the_hours_of_the_rooms() -> None:
    problem = read_frab(encoded(TWO_DAYS)).problem
    assert {(one.start, one.room) for one in problem.sessions} == {(None, None)}
    hours = {room.id: room.hours for room in problem.rooms}
    assert hours["Foyer"] == (Period([date(2024, 2, 3)], "12:00", "13:15"),)
    assert hours["Janson"] == (
        Period([date(2024, 2, 3)], "10:00", "11:15"),
        Period([date(2024, 2, 5)], "00:30", "01:30"),
    )
    assert problem.window.step == 15


def test_tracks_kinds_languages_and_people_are_there() -> None:
    problem = read_frab(encoded(TWO_DAYS)).problem
    workshop = problem.session("3")
    assert workshop.kind == "workshop"
    assert workshop.tags == ("Side", "language: en")
    assert workshop.required == ("1003",)
    assert workshop.description == "About 3."
    assert problem.person("1003").name == "Person 3"


def test_xml_and_json_are_read_alike() -> None:
    one, other = read_frab(encoded(TWO_DAYS)), read_frab(xml(TWO_DAYS))
    assert one.schedule == other.schedule
    assert one.problem == other.problem


def test_a_file_may_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "schedule.xml.gz"
    path.write_bytes(gzip.compress(xml(TWO_DAYS)))
    assert read_frab(path).schedule == read_frab(xml(TWO_DAYS)).schedule


def test_an_event_after_midnight_is_of_the_night_of_its_day() -> None:
    late = event(1, "2024-02-03T10:00:00+01:00", date=..., start="1:30")
    early = event(2, "2024-02-03T10:00:00+01:00", date=..., start="10:00")
    found = read_frab(encoded(document(day(1, "2024-02-03", {"Bar": [early, late]}))))
    assert [f"{found.schedule[name].start:%d %H:%M}" for name in ("1", "2")] == ["04 01:30", "03 10:00"]
    assert [str(block) for block in found.problem.window.blocks] == ["10:00-02:00"]


def test_day_change_says_the_same_where_days_have_no_hours() -> None:
    text = (
        b"<schedule><conference><acronym>demo</acronym><day_change>09:00:00</day_change>"
        b"<time_zone_name>Europe/Brussels</time_zone_name></conference>"
        b'<day date="2013-02-02" index="1"><room name="Bar"><event id="1"><start>1:30</start><duration>0:30</duration>'
        b"</event></room></day></schedule>"
    )
    assert f"{read_frab(text).schedule['1'].start:%Y-%m-%d %H:%M}" == "2013-02-03 01:30"


def test_a_room_in_which_events_overlap_is_as_many_places() -> None:
    rooms = {"Area": [event(1, "2024-02-03T10:00:00+01:00", "02:00"), event(2, "2024-02-03T11:00:00+01:00", "02:00")]}
    found = read_frab(encoded(document(day(1, "2024-02-03", rooms))))
    assert [(room.id, room.label) for room in found.problem.rooms] == [("Area", "Area"), ("Area / place 2", "Area")]
    assert [one.room for one in found.schedule] == ["Area", "Area / place 2"]
    assert not found.schedule.breaches(found.problem)
    assert [str(note) for note in found.notes] == [
        "room 'Area': up to 2 events overlap in it as published: it is read as 2 places"
    ]


def test_somebody_in_two_places_at_once_is_invited_there_and_required_elsewhere() -> None:
    staff = [{"id": 7, "public_name": "Staff"}]
    rooms = {
        "A": [
            event(1, "2024-02-03T10:00:00+01:00", persons=staff),
            event(3, "2024-02-03T12:00:00+01:00", persons=staff),
        ],
        "B": [event(2, "2024-02-03T10:15:00+01:00", persons=staff)],
    }
    found = read_frab(encoded(document(day(1, "2024-02-03", rooms))))
    asked = {one.id: (one.required, one.invited) for one in found.problem.sessions}
    assert asked == {"1": ((), ("7",)), "2": ((), ("7",)), "3": (("7",), ())}
    assert not [breach for breach in found.schedule.breaches(found.problem) if breach.hard]
    assert "person '7': 2 events of theirs overlap as published (1, 2)" in str(found.notes[0])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"duration": "00:00"}, "event '2' has no length: it is not planned"),
        ({"date": ..., "start": ...}, "event '2' has no time: it is not planned"),
        ({"duration": "26:00"}, "'2' takes 1560 minutes, more than a day: it is left out, and stays as it is"),
    ],
)
def test_what_has_no_place_to_plan_is_left_out_and_said(more: dict[str, object], said: str) -> None:
    rooms = {"A": [event(1, "2024-02-03T10:00:00+01:00"), event(2, "2024-02-03T11:00:00+01:00", **more)]}
    data = document(day(1, "2024-02-03", rooms))
    assert [one.id for one in read_frab(encoded(data)).problem.sessions] == ["1"]
    assert any(said in note for note in notes_of(data))


def test_a_room_is_closed_while_something_of_over_a_day_stands_in_it() -> None:
    rooms = {"A": [event(1, "2024-02-03T10:00:00+01:00"), event(2, "2024-02-03T11:00:00+01:00", "26:00")]}
    found = read_frab(encoded(document(day(1, "2024-02-03", rooms))))
    assert found.problem.room("A").closed == (
        Period([date(2024, 2, 3)], "11:00", "11:00"),
        Period([date(2024, 2, 4)], "11:00", "13:00"),
    )


def test_events_are_called_by_what_no_other_has() -> None:
    code = "ABCDEF"
    events = [
        event(1, "2024-02-03T10:00:00+01:00", code=code),
        event(2, "2024-02-03T11:00:00+01:00", code=code),
        event(3, "2024-02-03T12:00:00+01:00", code="GHIJKL"),
        event(3, "2024-02-03T13:00:00+01:00", guid="12345678-1234-5678-1234-567812345678"),
        event(4, "2024-02-03T14:00:00+01:00", id=..., guid=...),
    ]
    found = read_frab(encoded(document(day(1, "2024-02-03", {"A": events}))))
    names = ["1", "2", "GHIJKL", "12345678-1234-5678-1234-567812345678", "event"]
    assert [one.id for one in found.problem.sessions] == names


def test_an_event_that_is_there_twice_is_read_once() -> None:
    one = event(1, "2024-02-03T10:00:00+01:00")
    found = read_frab(encoded(document(day(1, "2024-02-03", {"A": [one, one]}))))
    assert [one.id for one in found.problem.sessions] == ["1"]
    assert "event '1' is there twice, and read once" in str(found.notes[0])


def test_without_a_zone_the_offset_counts_and_a_zone_may_be_given() -> None:
    rooms = {"A": [event(1, "2024-02-03T10:00:00+01:00")]}
    data = document(day(1, "2024-02-03", rooms), time_zone_name=...)
    found = read_frab(encoded(data))
    assert found.problem.window.zone == "Etc/GMT-1"
    assert "no time zone is named: all times are as in Etc/GMT-1" in str(found.notes[0])
    given = read_frab(encoded(data), zone="Europe/Oslo")
    assert given.problem.window.zone == "Europe/Oslo"
    assert given.schedule.bookings == found.schedule.bookings
    assert given.notes == ()


def test_a_moment_counts_and_not_the_zone_that_contradicts_it() -> None:
    data = document(day(1, "2024-02-03", {"A": [event(1, "2024-02-03T10:00:00+01:00")]}), time_zone_name="UTC")
    found = read_frab(encoded(data))
    assert found.schedule["1"].start == datetime(2024, 2, 3, 10, tzinfo=BRUSSELS)
    assert "1 events are written with another offset than UTC has then" in str(found.notes[0])


def test_the_night_on_which_the_clocks_go_back_is_as_long_as_it_is() -> None:
    rooms = {
        "A": [
            event(1, "2024-10-27T01:30:00+02:00", "01:00"),
            event(2, "2024-10-27T02:30:00+02:00", "01:00"),
            event(3, "2024-10-27T02:30:00+01:00", "01:00"),
        ]
    }
    hours = {"day_start": "2024-10-26T22:00:00+02:00", "day_end": "2024-10-27T06:00:00+01:00"}
    found = read_frab(encoded(document(day(1, "2024-10-26", rooms, **hours))))
    lengths = [one.end.timestamp() - one.start.timestamp() for one in found.schedule]
    assert lengths == [3600.0] * 3
    assert not found.schedule.breaches(found.problem)


def test_a_programme_that_never_closes_has_blocks_that_overlap() -> None:
    start = datetime(2024, 2, 3, 10, tzinfo=BRUSSELS)
    shifts = [
        event(number, (start + timedelta(hours=4 * number)).isoformat(), "04:30", persons=[]) for number in range(14)
    ]
    found = read_frab(encoded(document(day(1, "2024-02-03", {"Bar": shifts}))))
    assert {block.kind for block in found.problem.window.blocks} == {"regular", "overnight"}
    assert len(found.schedule) == 14
    assert not found.schedule.breaches(found.problem)


@pytest.mark.parametrize("keep", ["day", "room", "track"])
def test_what_is_kept_of_the_published_schedule_is_kept_by_it(keep: str) -> None:
    found = read_frab(encoded(TWO_DAYS), keep=[keep])
    assert not found.schedule.breaches(found.problem)
    free = read_frab(encoded(TWO_DAYS)).problem
    assert found.problem != free
    if keep == "room":
        assert [one.room for one in found.problem.sessions] == ["Janson", "Janson", "Foyer", "Janson"]


def test_the_newer_json_says_room_track_and_end_in_its_own_way() -> None:
    room = {"guid": "00000000-0000-5000-8000-000000000001", "name": "Janson", "slug": "janson"}
    data = {
        "schedule": {
            "version": "1",
            "conference": {
                "acronym": "demo",
                "title": "Demo",
                "time_zone_name": "Europe/Brussels",
                "rooms": [room],
                "days": [
                    {
                        "index": 1,
                        "date": "2024-02-03",
                        "start": "2024-02-03T10:00:00+01:00",
                        "end": "2024-02-04T04:00:00+01:00",
                    }
                ],
            },
            "events": [
                {
                    "guid": "00000000-0000-5000-8000-000000000002",
                    "title": "Welcome",
                    "start": "2024-02-03T10:00:00+01:00",
                    "end": "2024-02-03T10:25:00+01:00",
                    "room": {"guid": room["guid"]},
                    "track": {"slug": "main"},
                    "type": "TALK",
                    "participants": [{"guid": "00000000-0000-5000-8000-000000000003", "name": "Ann"}],
                }
            ],
        }
    }
    found = read_frab(encoded(data))
    (session,) = found.problem.sessions
    assert (session.tags, session.kind, session.minutes) == (("main",), "TALK", 25)
    assert found.schedule[session.id].room == "Janson"
    assert [one.label for one in found.problem.persons] == ["Ann"]


def test_texts_that_are_longer_than_a_problem_may_have_are_cut_and_said() -> None:
    data = document(day(1, "2024-02-03", {"A": [event(1, "2024-02-03T10:00:00+01:00", abstract="word " * 5_000)]}))
    found = read_frab(encoded(data))
    assert len(found.problem.session("1").description or "") == 10_000
    assert "are cut in the problem; the document keeps them" in str(found.notes[0])


def test_an_unknown_thing_to_keep_is_refused() -> None:
    with pytest.raises(InputError, match=r"'colour' is none of 'day', 'room', 'track'"):
        read_frab(encoded(TWO_DAYS), keep=["colour"])
