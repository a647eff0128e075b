"""Weeks at the Palais: what a line makes, what a file keeps, what the problem says, and what the scorer counts."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from benchmarks.family import Instance
from benchmarks.palais import PalaisFamily
from benchmarks.palais.facts import Hall, Meeting, Palais
from benchmarks.palais.halls import HALLS
from benchmarks.palais.saved import save
from benchmarks.palais.score import score
from benchmarks.palais.source import make
from benchmarks.palais.state import state

from unsched import InputError, TimeLimit, palais, solve
from unsched.testing import random_schedule


def _meeting(name: str, **given: object) -> Meeting:
    usual: dict[str, object] = {
        "body": f"body of {name}",
        "branch": "one",
        "kind": "meeting",
        "minutes": 180,
        "seats": 20,
        "languages": (),
        "missions": (),
        "priority": 0,
        "weeks": (0,),
        "week": 0,
        "day": None,
        "half": None,
    }
    return Meeting(name, **{**usual, **given})  # type: ignore[arg-type]


TINY = Palais(
    date(2012, 1, 9),
    2,
    (Hall("Large Hall", 100, 6), Hall("II", 22, 0)),
    {"French": 1},
    1,
    {"one": 2, "two": 1},
    1,
    30,
    (
        _meeting("a", body="x", languages=("French",), half="morning", day="Tuesday"),
        _meeting("b", body="x", languages=("French",), weeks=(0, 1), week=0, minutes=120, priority=1),
        _meeting("c", kind="plenary", branch="two", missions=("m",), seats=100),
        _meeting("d", kind="plenary", branch="two", missions=("m",)),
        _meeting("e", kind="side-event", minutes=90, priority=2),
    ),
)
GOOD = """a 2012-01-10 10:00 Large Hall
b 2012-01-16 15:30 Large Hall
c 2012-01-10 15:00 Large Hall
d 2012-01-11 10:00 II
e 2012-01-11 13:15 II
"""


def test_wishes_that_are_not_met_are_counted_by_priority() -> None:
    found = score(TINY, GOOD)
    # Only b has left the week that was wished for it, at 6 times the weight of its priority.
    assert (found.levels, found.faults) == ((12,), ())
    moved = GOOD.replace("a 2012-01-10 10:00", "a 2012-01-11 15:00")
    assert score(TINY, moved).terms == {"left out": 0, "week": 12, "half": 6, "day": 3}


def test_an_optional_meeting_that_is_left_out_has_its_price() -> None:
    found = score(TINY, GOOD.replace("e 2012-01-11 13:15 II\n", ""))
    assert (found.terms["left out"], found.faults) == (40, ())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("a 2012-01-10 10:00 Large Hall\n", "", "a is not held"),
        ("a 2012-01-10", "a 2012-01-17", "a is on 2012-01-17, which is not in its weeks"),
        ("a 2012-01-10", "a 2012-01-14", "a is on 2012-01-14, which is not in its weeks"),
        ("a 2012-01-10 10:00", "a 2012-01-10 10:30", "a cannot start at 10:30"),
        ("b 2012-01-16 15:30", "b 2012-01-16 15:15", "b cannot start at 15:15"),
        ("d 2012-01-11 10:00", "d 2012-01-11 13:15", "d cannot start at 13:15"),
        ("e 2012-01-11 13:15", "e 2012-01-11 10:00", "e cannot start at 10:00"),
        ("15:00 Large Hall", "15:00 II", "c needs 100 seats, and II has 22"),
        ("10:00 Large Hall", "10:00 II", "a needs 1 booths, and II has 0"),
        ("c 2012-01-10 15:00", "c 2012-01-10 10:00", "room Large Hall has 2 meetings at once on 2012-01-10: a, c"),
        ("b 2012-01-16 15:30", "b 2012-01-10 10:30", "body x has 2 meetings at once on 2012-01-10: a, b"),
        ("b 2012-01-16 15:30", "b 2012-01-10 10:30", "language French has 2 meetings at once on 2012-01-10: a, b"),
        ("b 2012-01-16", "b 2012-01-13", "2 meetings in French in week 0 are more than its teams can serve"),
        ("d 2012-01-11 10:00", "d 2012-01-10 15:00", "mission m has 2 meetings at once on 2012-01-10: c, d"),
        ("d 2012-01-11 10:00", "d 2012-01-10 15:00", "branch two has 2 meetings at once on 2012-01-10: c, d"),
        ("d 2012-01-11 10:00", "d 2012-01-10 15:00", "kind plenary has 2 meetings at once on 2012-01-10: c, d"),
        ("d 2012-01-11", "c 2012-01-11", "c is held twice"),
        ("d 2012-01-11", "d 2012-13-11", "line 4 is not a meeting, a date, a time and a room"),
        ("d 2012-01-11 10:00 II", "d 2012-01-11 10:00 III", "line 4 is not a meeting, a date, a time and a room"),
        ("d 2012-01-11 10:00 II", "nonsense", "line 4 is not a meeting, a date, a time and a room: 'nonsense'"),
    ],
)
def test_what_a_schedule_breaks_is_named(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    assert any(fault in one for one in score(TINY, GOOD.replace(old, new, 1)).faults)


def test_the_least_cost_of_a_tiny_palais_is_proven() -> None:
    family, instance = PalaisFamily(), Instance("tiny", TINY, state(TINY))
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert result.schedule is not None
    found = family.score(TINY, family.write(instance, result.schedule))
    # One team has one meeting a week, so that b has to go to the second week.
    assert (result.status.value, result.cost, found.levels, found.faults) == ("optimal", {1: 12}, (12,), ())


def test_problem_and_scorer_agree_on_schedules_good_and_bad() -> None:
    family, chance = PalaisFamily(), random.Random(1)  # noqa: S311
    few = make("weeks=2,seed=4")
    few = evolve(few, meetings=(*few.meetings[:40], *few.meetings[-20:]))
    for facts, draws in ((TINY, 60), (few, 6)):
        instance = Instance("drawn", facts, state(facts))
        for _ in range(draws):
            schedule = random_schedule(instance.problem, chance)
            breaches = list(schedule.breaches(instance.problem))
            found = family.score(facts, family.write(instance, schedule))
            assert found.levels == (sum(one.cost for one in breaches),)
            assert bool(found.faults) == any(one.hard for one in breaches)


def test_a_week_that_is_drawn_has_a_schedule_without_anything_left_out() -> None:
    family = PalaisFamily()
    instance = family.read("weeks=1,seed=3")
    assert 190 <= len(instance.facts.meetings) <= 210
    result = solve(instance.problem, stop=TimeLimit(20), workers=1)
    assert result.schedule is not None
    found = family.score(instance.facts, family.write(instance, result.schedule))
    assert (found.faults, found.terms["left out"], found.levels) == ((), 0, tuple(result.cost.values()))


def test_a_seed_draws_one_calendar_and_another_seed_another() -> None:
    assert make("weeks=2,seed=1") == make("weeks=2")
    assert make("weeks=2,seed=1") != make("weeks=2,seed=2")


def test_a_calendar_that_was_saved_is_read_again(tmp_path: Path) -> None:
    facts = make("weeks=1,seed=2")
    save(facts, tmp_path / "week.json")
    instance = PalaisFamily().read(str(tmp_path / "week.json"))
    assert (instance.name, instance.facts) == ("week", facts)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weeks": 0}, r"\$\.weeks: 0 is not from 1 to 500"),
        ({"first": "2012-01-10"}, "2012-01-10 is no Monday"),
        ({"meetings": []}, r"\$\.meetings: 0 is not from 1 to"),
        ({"first": "soon"}, "first"),
        ({"halls": 3}, "halls"),
        ({"cost": 3}, "cost"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(change: dict[str, object], message: str, tmp_path: Path) -> None:
    save(TINY, tmp_path / "tiny.json")
    data = {**json.loads((tmp_path / "tiny.json").read_text()), **change}
    (tmp_path / "tiny.json").write_text(json.dumps(data))
    with pytest.raises(InputError, match=message):
        PalaisFamily().read(str(tmp_path / "tiny.json"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "party"}, r"meetings\[0\]\.kind: 'party' is none of plenary, meeting, side-event"),
        ({"weeks": [0, 2]}, r"meetings\[0\]\.weeks"),
        ({"week": 1}, r"meetings\[0\]\.week: 1 is none of 0"),
        ({"name": "a b"}, "'a b' is not one word"),
        ({"minutes": 60}, "60 minutes are too few to interpret"),
        ({"languages": ["Latin"]}, "no team interprets into 'Latin'"),
        ({"minutes": "long"}, "minutes"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(change: dict[str, object], message: str, tmp_path: Path) -> None:
    save(TINY, tmp_path / "tiny.json")
    data = json.loads((tmp_path / "tiny.json").read_text())
    data["meetings"][0] |= change
    (tmp_path / "tiny.json").write_text(json.dumps(data))
    with pytest.raises(InputError, match=message):
        PalaisFamily().read(str(tmp_path / "tiny.json"))


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "\x00"])
def test_a_file_of_another_kind_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(InputError, match="odd"):
        PalaisFamily().read(str(tmp_path / "odd.json"))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"it cannot be read: No such file"):
        PalaisFamily().read("nowhere.json")


def test_rooms_for_which_there_is_a_source_are_as_it_says() -> None:
    known = {room.id: room for room in palais.ROOMS}
    assert len(HALLS) == len({hall.name for hall in HALLS}) == 34
    for hall in HALLS:
        room = known.get(hall.name)
        if room is not None and room.seats.total is not None:
            assert hall.seats == room.seats.total
        if room is not None and room.booths:
            assert hall.booths in (room.booths, 7)
