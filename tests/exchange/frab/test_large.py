"""A conference of over 300 sessions, read, re-planned, and written back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from programmes import day, document, encoded, event, json_errors, xml, xml_errors

from unsched import ArrivesLate, Effort, repair
from unsched.exchange.frab import read_frab, rewrite, write_frab_json, write_frab_xml

ROOMS, DAYS, SLOTS = 9, 3, 13
PUBLISHED = os.environ.get("UNSCHED_PUBLISHED")
"""A folder of published programmes, if there is one: `schedule.xml` and `schedule.json`, packed or not."""


def conference() -> bytes:
    """Return 324 talks of 50 minutes in 9 rooms on 3 days; one slot in the middle of each day is free in each room."""
    days = []
    for number in range(DAYS):
        date = f"2024-06-{3 + number:02}"
        rooms = {}
        for room in range(ROOMS):
            events = []
            for slot in range(SLOTS):
                if slot == 3 + room % 6:
                    continue
                minute = 9 * 60 + slot * 50
                identity = 1 + (number * ROOMS + room) * SLOTS + slot
                start = f"{date}T{minute // 60:02}:{minute % 60:02}:00+02:00"
                person = {"id": 5000 + identity % 250, "public_name": f"Speaker {identity % 250}"}
                events.append(event(identity, start, "00:50", track=f"Track {room}", persons=[person]))
            rooms[f"Room {room + 1}"] = events
        hours = {"day_start": f"{date}T09:00:00+02:00", "day_end": f"{date}T20:00:00+02:00"}
        days.append(day(number + 1, date, rooms, **hours))
    return xml(document(*days, timeslot_duration="00:50"))


def test_over_300_sessions_are_read_repaired_and_written_back_valid() -> None:
    data = conference()
    found = read_frab(data, keep=["day", "room"])
    assert len(found.problem.sessions) == 324
    assert not found.schedule.breaches(found.problem)
    first = found.schedule["1"]
    late = ArrivesLate("5001", first.end.replace(tzinfo=None))
    repaired = repair(found.problem, found.schedule, [late], stop=Effort(20))
    assert repaired.schedule is not None
    assert repaired.schedule["1"].start > first.start
    written = write_frab_xml(repaired.problem, repaired.schedule, data)
    assert xml_errors(written.data) == []
    assert read_frab(written.data).schedule.bookings == repaired.schedule.bookings
    assert json_errors(write_frab_json(repaired.problem, repaired.schedule, data).data) == []


@pytest.mark.skipif(not PUBLISHED, reason="UNSCHED_PUBLISHED names no folder of published programmes")
def test_programmes_that_were_published_come_back_as_they_were() -> None:
    files = sorted(one for one in Path(str(PUBLISHED)).iterdir() if one.name.endswith((".xml", ".xml.gz", ".json")))
    assert files
    for file in files:
        if file.name.startswith("schema"):
            continue
        found = read_frab(file)
        assert not [breach for breach in found.schedule.breaches(found.problem) if breach.hard], file
        written = write_frab_xml(found.problem, found.schedule, file).data
        assert xml_errors(written) == [], file
        assert read_frab(written, zone=found.problem.window.zone).schedule.bookings == found.schedule.bookings, file
        for version in (1, 2):
            data = write_frab_json(found.problem, found.schedule, file, version=1 if version == 1 else 2).data
            assert json_errors(data, version) == [], file
        again = rewrite(file, found.schedule, found.problem).data
        if file.name.endswith(".json"):
            assert json.loads(again) == json.loads(file.read_bytes()), file
        assert read_frab(again, zone=found.problem.window.zone).schedule == found.schedule, file


def test_the_data_of_this_test_are_read_alike_in_both_forms() -> None:
    one = event(1, "2024-06-03T09:00:00+02:00")
    data = document(day(1, "2024-06-03", {"A": [one]}))
    assert read_frab(xml(data)).problem == read_frab(encoded(data)).problem
