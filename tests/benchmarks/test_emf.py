"""Talks of a camp: read, stated, and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.emf import EmfFamily

from unsched import InputError, solve
from unsched.solver.stop import TimeLimit


def times(*hours: str, day: str = "2020-08-06") -> list[dict[str, str]]:
    """Return periods from words such as "10-13"; past midnight, hours go on counting."""
    found = []
    for one in hours:
        start, end = (int(word) for word in one.split("-"))
        last = f"{day[:-1]}{int(day[-1]) + end // 24}"
        found.append({"start": f"{day} {start:02d}:00:00", "end": f"{last} {end % 24:02d}:00:00"})
    return found


def talk(
    number: int, minutes: int, speakers: list[int], venues: dict[int, list[dict[str, str]]], **more: object
) -> Any:
    allowed = [{"venue": venue, "times": some} for venue, some in venues.items()]
    return {
        "id": number,
        "title": f"T{number}",
        "duration": minutes,
        "speakers": speakers,
        "venue_times": allowed,
        **more,
    }


DAY = times("10-12", "12-14")
TALKS = [
    talk(1, 60, [7], {1: DAY, 2: times("10-12")}),
    talk(2, 90, [7], {1: DAY}),
    talk(3, 150, [8], {2: DAY}),
    talk(4, 20, [8, 9], {1: times("13-14"), 2: times("10-11")}),
]
PLACED = {
    1: (2, "2020-08-06 10:00:00"),
    2: (1, "2020-08-06 11:00:00"),
    3: (2, "2020-08-06 11:00:00"),
    4: (1, "2020-08-06 13:30:00"),
}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def made(talks: object) -> Any:
        path = tmp_path / "camp.json"
        path.write_text(json.dumps({"talks": talks}), encoding="utf-8")
        return EmfFamily().read(str(path))

    return made


def text(**moved: tuple[int, str]) -> str:
    places = {**PLACED, **{int(name[1:]): place for name, place in moved.items()}}
    return "".join(f"{name}\t{venue}\t{start}\n" for name, (venue, start) in places.items())


def placed(**moved: tuple[int, str]) -> list[Any]:
    places = {**PLACED, **{int(name[1:]): place for name, place in moved.items()}}
    return [{**one, "venue": places[one["id"]][0], "time": places[one["id"]][1]} for one in TALKS]


def test_periods_that_touch_are_one(read: Any) -> None:
    [first, *_] = read(TALKS).facts.talks
    assert [len(some) for some in first.venues.values()] == [1, 1]
    assert not EmfFamily().score(read(TALKS).facts, text()).faults


@pytest.mark.parametrize(
    ("moved", "fault"),
    [
        ({"t1": (2, "2020-08-06 11:30:00")}, "1 is in 2 at 2020-08-06 11:30:00"),
        ({"t1": (3, "2020-08-06 10:00:00")}, "1 is in 3"),
        ({"t1": (1, "2020-08-06 09:30:00")}, "1 is in 1"),
        ({"t4": (1, "2020-08-06 13:35:00")}, "4 is in 1"),
        ({"t1": (1, "2020-08-06 12:00:00")}, "in 1 at once"),
        ({"t1": (2, "2020-08-06 10:30:00")}, "in 2 at once"),
        ({"t4": (1, "2020-08-06 13:00:00")}, "8 speaks in 3 and 4 at once"),
        ({"t5": (1, "2020-08-06 13:00:00")}, "'5' is no talk"),
    ],
)
def test_a_broken_solution_says_what_is_wrong(read: Any, moved: dict[str, tuple[int, str]], fault: str) -> None:
    assert any(fault in one for one in EmfFamily().score(read(TALKS).facts, text(**moved)).faults)


def test_a_talk_that_is_missing_or_unreadable_is_a_fault(read: Any) -> None:
    lines = text().splitlines()
    assert EmfFamily().score(read(TALKS).facts, "\n".join(lines[1:])).faults == ("1 is not scheduled",)
    assert EmfFamily().score(read(TALKS).facts, "\n".join([*lines, "a b"])).faults == (
        "line 5: 'a b' is not a talk, a venue and a start",
    )


def test_what_moves_is_counted_by_venue_then_by_minutes(read: Any) -> None:
    facts = read(placed(t1=(1, "2020-08-06 10:40:00"), t4=(1, "2020-08-06 13:10:00"))).facts
    assert EmfFamily().score(facts, text()).levels == (1, 60)


def test_what_is_not_planned_yet_is_planned(read: Any) -> None:
    instance = read(TALKS)
    result = solve(instance.problem, stop=TimeLimit(5), workers=1)
    assert result.schedule is not None
    assert EmfFamily().score(instance.facts, EmfFamily().write(instance, result.schedule)).faults == ()


@pytest.mark.parametrize(
    "moved",
    [
        {},
        {"t1": (1, "2020-08-06 11:00:00")},
        {"t1": (3, "2020-08-06 10:00:00"), "t3": (2, "2020-08-07 10:00:00")},
        {"t4": (2, "2020-08-06 11:10:00"), "t2": (1, "2020-08-06 09:00:00")},
    ],
)
def test_the_least_change_costs_what_the_scorer_counts(read: Any, moved: dict[str, tuple[int, str]]) -> None:
    instance = read(placed(**moved))
    result = solve(instance.problem, stop=TimeLimit(5), workers=1)
    assert result.schedule is not None
    score = EmfFamily().score(instance.facts, EmfFamily().write(instance, result.schedule))
    assert score.faults == ()
    assert score.levels == EmfFamily().levels(instance, result.cost)
    assert (sum(score.levels) > 0) == bool(moved)


def test_a_night_goes_on_past_midnight(read: Any) -> None:
    night = times("22-25")
    instance = read([talk(1, 60, [], {1: night}), talk(2, 110, [], {1: night})])
    result = solve(instance.problem, stop=TimeLimit(5), workers=1)
    assert result.schedule is not None
    assert EmfFamily().score(instance.facts, EmfFamily().write(instance, result.schedule)).faults == ()


@pytest.mark.parametrize(
    ("talks", "place"),
    [
        ([], "talks"),
        ("all", "talks"),
        ([3], "talks[0]"),
        ([{"id": 1}], "talks[0]"),
        ([talk(1, 0, [], {1: DAY})], "talks[0]"),
        ([talk(1, 5000, [], {1: DAY})], "talks[0]"),
        ([talk(1, 60, [], {1: times("12-10")})], "talks[0]"),
        ([talk(1, 60, [], {})], "talks[0]"),
        ([talk(1, 60, [], {1: []})], "talks[0]"),
        ([talk(1, 60, [], {1: DAY}, venue=1)], "talks[0]"),
        ([talk(1, 60, [], {1: DAY}, venue=1, time="noon")], "talks[0]"),
        ([talk(1, 60, [], {1: DAY}, venue=1, time=12)], "talks[0]"),
        ([talk(1, 60, [], {1: DAY}), talk(1, 60, [], {1: DAY})], "talks[1]"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(read: Any, talks: object, place: str) -> None:
    with pytest.raises(InputError) as refused:
        read(talks)
    assert [fault.path for fault in refused.value.faults] == [place]


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(data)
    with pytest.raises(InputError):
        EmfFamily().read(str(path))
