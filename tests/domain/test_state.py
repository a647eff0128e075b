"""How far a search has come, kept in a file, which may say anything by the time that it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from unsched import Booking, InputError, Problem, Room, Schedule, SearchState, Session, Venue, Window, load_state, save
from unsched.domain.state import TierBound, digest
from unsched.exchange import files

PROBLEM = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), [Session("wg", "Working Group", 60)])
SCHEDULE = Schedule(
    "p", "UTC", [Booking("wg", "I", "2010-12-17T10:00:00+00:00", "2010-12-17T11:00:00+00:00", "Working Group")]
)
STATE = SearchState(digest(PROBLEM), SCHEDULE, [TierBound(1, 7), TierBound(2, 0)])


def test_a_state_is_read_as_it_was_saved(tmp_path: Path) -> None:
    path = save(STATE, tmp_path / "state.json")
    assert load_state(path) == STATE
    assert load_state(save(load_state(path), tmp_path / "again.json")) == STATE
    assert path.read_bytes() == (tmp_path / "again.json").read_bytes()


def test_a_state_without_bounds_or_with_the_greatest_is_read(tmp_path: Path) -> None:
    for bounds in ((), (TierBound(1, 2**62 - 1),)):
        state = evolve(STATE, bounds=bounds)
        assert load_state(save(state, tmp_path / "state.json")) == state


def test_a_digest_tells_problems_apart() -> None:
    other = [
        evolve(PROBLEM, id="q"),
        evolve(PROBLEM, sessions=[Session("wg", "Working Group", 90)]),
        evolve(PROBLEM, venue=Venue([Room("I"), Room("II")])),
        evolve(PROBLEM, off=["room-open"]),
    ]
    assert len({digest(PROBLEM), *map(digest, other)}) == 5
    assert digest(evolve(PROBLEM)) == digest(PROBLEM)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"digest": 3}, "digest"),
        ({"schedule": None}, "schedule"),
        ({"schedule": []}, "schedule"),
        ({"bounds": 3}, "bounds"),
        ({"bounds": [3]}, "bounds[0]"),
        ({"bounds": [{"tier": 1}]}, "bounds[0]"),
        ({"bounds": [{"tier": "1", "bound": 2}]}, "bounds[0].tier"),
        ({"bounds": [{"tier": 1, "bound": -1}]}, "bounds[0].bound"),
        ({"bounds": [{"tier": 1, "bound": True}]}, "bounds[0].bound"),
        ({"bounds": [{"tier": 1, "bound": 1.5}]}, "bounds[0].bound"),
        ({"bounds": [{"tier": 1, "bound": 2**62}]}, "bounds[0].bound"),
        ({"bounds": [{"tier": -1, "bound": 1}]}, "bounds[0].tier"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_state_is_refused_with_its_place(change: dict[str, Any], path: str, tmp_path: Path) -> None:
    file = save(STATE, tmp_path / "state.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(InputError) as caught:
        load_state(file)
    assert any(fault.path.startswith(path) or path in fault.message for fault in caught.value.faults), caught.value


@pytest.mark.parametrize("key", ["digest", "schedule"])
def test_what_is_missing_is_named(key: str, tmp_path: Path) -> None:
    file = save(STATE, tmp_path / "state.json")
    data = json.loads(file.read_text())
    del data[key]
    file.write_text(json.dumps(data))
    with pytest.raises(InputError, match=key):
        load_state(file)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is not JSON"),
        ('{"digest": ', "this is not JSON"),
        ("[" * 100_000, "it is nested too deep"),
        ("[]", "is not a table"),
        ("null", "is not a table"),
        ('{"digest": "a", "digest": "b"}', "digest"),
    ],
)
def test_what_is_no_json_of_a_state_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        load_state(file)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = save(STATE, tmp_path / "state.json")
    with file.open("ab") as end:
        end.truncate(files.MAX_BYTES + 1)
    with pytest.raises(InputError, match="the file has over 20,000,000 bytes"):
        load_state(file)


def test_a_problem_or_a_schedule_is_no_state(tmp_path: Path) -> None:
    for thing in (PROBLEM, SCHEDULE):
        with pytest.raises(InputError):
            load_state(save(thing, tmp_path / "thing.json"))


def test_a_state_is_refused_when_it_is_made_of_what_it_cannot_be() -> None:
    wrong: Any = "no schedule"
    with pytest.raises(InputError, match="is not a Schedule"):
        SearchState("abc", wrong)
    with pytest.raises(InputError, match="is not a bound"):
        TierBound(1, -1)
