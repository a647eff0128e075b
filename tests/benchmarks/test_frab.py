"""Published programmes planned again: the forms that are read, what the problem says, and what the scorer counts."""

from __future__ import annotations

import gzip
import json
import random
from datetime import date
from pathlib import Path

import pytest
from benchmarks.family import Instance
from benchmarks.frab import FrabFamily
from benchmarks.frab.facts import Event, Programme
from benchmarks.frab.read import read
from benchmarks.frab.score import score
from benchmarks.frab.state import state

from unsched import InputError, TimeLimit, solve
from unsched.testing import random_schedule

XML = """<?xml version="1.0" encoding="UTF-8"?>
<schedule><version>1</version><conference><title>Camp</title></conference>
<day index="1" date="2024-02-03" start="2024-02-03T09:00:00+01:00" end="2024-02-04T04:00:00+01:00">
 <room name="Big  Tent">
  <event id="7" guid="g7"><date>2024-02-03T11:00:00+01:00</date><start>11:00</start><duration>00:30</duration>
   <title>Opening &amp; more</title><track>Main</track>
   <persons><person id="1">Ann</person><person>Bob</person></persons></event>
  <event id="8"><date>2024-02-04T00:30:00+01:00</date><start>00:30</start><duration>01:15:00</duration>
   <title>Night</title><track/></event>
  <event id="9"><date>2024-02-03T12:00:00+01:00</date><duration>00:00</duration><title>Nothing</title></event>
 </room>
 <room name="Den"><event id="7"><start>13:00</start><duration>00:45</duration><title>Again</title></event></room>
</day></schedule>"""

JSON = {
    "schedule": {
        "conference": {
            "days": [
                {
                    "date": "2024-02-03",
                    "rooms": {
                        "Tent": [
                            {
                                "id": 7,
                                "date": "2024-02-03T11:00:00+01:00",
                                "start": "11:00",
                                "duration": "00:30",
                                "title": "Opening",
                                "track": None,
                                "persons": [{"id": 1, "public_name": "Ann"}, {"code": "XY", "public_name": "Bob"}],
                            },
                            {"guid": "a b", "start": "12:00", "duration": "1:00", "persons": [{"name": "Cat"}]},
                        ]
                    },
                }
            ]
        }
    }
}

TINY = Programme(
    date(2024, 2, 3),
    30,
    (
        Event("a", "A", 0, "Tent", 600, 60, "Main", ("ann", "bob", "cat")),
        Event("b", "B", 0, "Tent", 660, 60, "Main", ("ann",)),
        Event("c", "C", 0, "Den", 600, 60, "Main", ("dan", "eve", "fay")),
        Event("d", "D", 0, "Den", 780, 60, "Main", ()),
        Event("e", "E", 0, "Yard", 600, 30, "", ("staff",)),
        Event("f", "F", 0, "Yard", 600, 30, "", ("staff",)),
        Event("g", "G", 1, "Den", 1440 + 720, 120, "Main", ("bob",)),
    ),
)
PUBLISHED = """a 2024-02-03T10:00 Tent
b 2024-02-03T11:00 Tent
c 2024-02-03T10:00 Den
d 2024-02-03T13:00 Den
e 2024-02-03T10:00 Yard
f 2024-02-03T10:00 Yard
g 2024-02-04T12:00 Den
"""


def test_a_schedule_in_xml_is_read(tmp_path: Path) -> None:
    for name, data in (("camp.xml", XML.encode()), ("camp.xml.gz", gzip.compress(XML.encode()))):
        (tmp_path / name).write_bytes(data)
        facts = read(str(tmp_path / name))
        assert (facts.first, facts.step) == (date(2024, 2, 3), 15)
        assert facts.events == (
            Event("7.1", "Opening & more", 0, "Big Tent", 660, 30, "Main", ("1", "Bob")),
            Event("8", "Night", 0, "Big Tent", 1470, 75, "", ()),
            Event("7.2", "Again", 0, "Den", 780, 45, "", ()),
        )
        assert FrabFamily().read(str(tmp_path / name)).name == "camp"


def test_a_schedule_in_json_is_read(tmp_path: Path) -> None:
    (tmp_path / "camp.json").write_text(json.dumps(JSON))
    facts = read(str(tmp_path / "camp.json"))
    assert facts.events == (
        Event("7", "Opening", 0, "Tent", 660, 30, "", ("1", "XY")),
        Event("a-b", "", 0, "Tent", 720, 60, "", ("Cat",)),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is not XML"),
        ("{", "this is not JSON"),
        ('{"a": ' * 100_000, "it is nested too deep"),
        ('{"schedule": [1]}', "there is no day"),
        ('{"schedule": {"conference": {"days": [{"rooms": {"x": []}}, 4]}}}', "there is no event"),
        ("<schedule/>", "there is no day"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><schedule>&b;</schedule>', "it declares a document type"),
        (XML.replace("00:30<", "half<"), r"day\[0\].*event\[0\].*duration: 'half' is not a length such as '00:45'"),
        (XML.replace("00:30<", "25:00<"), r"event\[0\].*: a duration of 1500 minutes is over a day"),
        (XML.replace("2024-02-03T11:00:00+01:00", "2024-02-31T11:00"), r"event\[0\].*: "),
        (XML.replace("13:00", "25:00"), r"event\[0\].*: '25:00' is not a time of day such as '10:00'"),
        (XML.replace("2024-02-04T00:30", "2024-02-05T00:30"), r"day\[0\]: its events take \d+ minutes"),
    ],
)
def test_what_is_no_programme_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "odd.xml").write_text(text)
    with pytest.raises(InputError, match=message):
        read(str(tmp_path / "odd.xml"))


def test_a_file_that_is_not_there_or_cut_off_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.xml.gz").write_bytes(gzip.compress(XML.encode())[:40])
    for name, said in (("odd.xml.gz", "it is cut off"), ("nowhere.xml", "there is no such file")):
        with pytest.raises(InputError, match=said):
            read(str(tmp_path / name))


def test_what_was_published_keeps_what_must_hold() -> None:
    found = score(TINY, PUBLISHED)
    # a and c are panels at once; ann has no rest between a and b; d and g lie in the lunch break for 30 and 90 minutes.
    assert found.terms == {"lunch": 30 + 90, "half": 0, "room": 0, "rest": 15, "panels": 20}
    assert (found.levels, found.faults) == ((155,), ())


def test_a_plan_that_leaves_halves_and_rooms_pays_for_it() -> None:
    plan = PUBLISHED.replace("c 2024-02-03T10:00", "c 2024-02-03T13:00").replace(
        "d 2024-02-03T13:00", "d 2024-02-03T11:00"
    )
    assert score(TINY, plan).terms == {"lunch": 30 + 90, "half": 10, "room": 0, "rest": 15, "panels": 0}
    plan = plan.replace("d 2024-02-03T11:00 Den", "d 2024-02-03T11:00 Tent").replace(
        "b 2024-02-03T11:00 Tent", "b 2024-02-03T11:00 Den"
    )
    assert score(TINY, plan).terms["room"] == 10


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("a 2024-02-03T10:00 Tent\n", "", "a has no place"),
        ("b 2024-02-03T11:00", "a 2024-02-03T11:00", "a is there twice"),
        ("b 2024-02-03T11:00", "b 2024-02-03T10:30", "room Tent has 2 events at once: a, b"),
        ("b 2024-02-03T11:00 Tent", "b 2024-02-03T10:30 Den", "person ann has 2 events at once: a, b"),
        ("b 2024-02-03T11:00", "b 2024-02-03T11:30", "b is not within the hours of 'Tent'"),
        ("b 2024-02-03T11:00", "b 2024-02-04T11:00", "b is not within the hours of 'Tent'"),
        ("b 2024-02-03T11:00", "b 2024-02-03T10:45", "b does not start on the grid of 30 minutes"),
        ("g 2024-02-04T12:00 Den", "g 2024-02-04T12:00 Tent", "g is in 'Tent', and its track is not there on its day"),
        ("g 2024-02-04T12:00", "g 2024-02-04", "line 7 is not an event, a start and a room"),
        ("g 2024-02-04T12:00 Den", "nonsense", "line 7 is not an event, a start and a room: 'nonsense'"),
    ],
)
def test_what_a_plan_breaks_is_named(old: str, new: str, fault: str) -> None:
    assert old in PUBLISHED
    assert any(fault in one for one in score(TINY, PUBLISHED.replace(old, new)).faults)


def test_an_open_area_holds_as_many_events_as_were_published_there_at_once() -> None:
    assert TINY.places == {"Tent": 1, "Den": 1, "Yard": 2}
    assert [room.id for room in state(TINY).rooms] == ["Tent", "Den", "Yard", "Yard / place 2"]


def test_who_was_published_in_two_places_at_once_is_nobody_in_particular() -> None:
    assert TINY.speakers == ("ann", "bob")


def test_problem_and_scorer_agree_on_plans_good_and_bad() -> None:
    family, chance = FrabFamily(), random.Random(1)  # noqa: S311
    instance = Instance("tiny", TINY, state(TINY))
    good = 0
    for _ in range(400):
        schedule = random_schedule(instance.problem, chance)
        breaches = list(schedule.breaches(instance.problem))
        found = family.score(TINY, family.write(instance, schedule))
        assert found.levels == (sum(one.cost for one in breaches),)
        # Two in one place of an open area may well be in its two places.
        broken = [one for one in breaches if one.hard and "share room 'Yard" not in one.text]
        assert bool(found.faults) == bool(broken)
        good += not broken
    assert good < 400


def test_the_least_cost_of_a_tiny_programme_is_proven() -> None:
    family, instance = FrabFamily(), Instance("tiny", TINY, state(TINY))
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert result.schedule is not None
    found = family.score(TINY, family.write(instance, result.schedule))
    assert (result.status.value, found.faults, found.levels) == ("optimal", (), (result.cost[1],))
    # g lies 90 minutes in the lunch break; d goes to the morning, c after a, and ann has no rest.
    assert found.levels == (90 + 5 + 15,)
