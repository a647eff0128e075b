"""The requests of an IETF meeting: read, stated, and counted as the IETF's generator counts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from benchmarks.ietf import IetfFamily

from unsched import InputError, solve
from unsched.solver.stop import TimeLimit

if TYPE_CHECKING:
    from benchmarks.ietf.facts import Meeting

PRICES = {
    "chair_conflict": 1000,
    "tech_overlap": 10,
    "key_participant": 100,
    "bethere": 7,
    "timerange": 5000,
    "time_relation": 20,
    "wg_adjacent": 30,
    "session_requires_trim": 300,
    "sessions_out_of_order": 400,
}


def slot(day: int, clock: str, minutes: int, room: str, kind: str = "regular") -> dict[str, Any]:
    return {"type": kind, "name": "", "start": f"2019-11-{day}T{clock}:00", "minutes": minutes, "room": room}


def session(group: str, minutes: int = 60, attendees: int | None = 10, joint: object = ()) -> dict[str, Any]:
    return {"group": group, "requested_minutes": minutes, "attendees": attendees, "joint_with": joint}


def wish(source: str, kind: str, **more: object) -> dict[str, Any]:
    return {"source": source, "kind": kind, **more}


def small(**changes: object) -> dict[str, Any]:
    """Two days of a long and a short slot, in a large and a small room; the small one is shut on one evening."""
    slots = [
        slot(day, clock, minutes, room)
        for day in (18, 19)
        for clock, minutes in (("10:00", 120), ("12:30", 60))
        for room in ("Large", "Small")
        if (day, clock, room) != (19, "12:30", "Small")
    ]
    return {
        "meeting": "small",
        "rooms": [
            {"name": "Large", "capacity": 100},
            {"name": "Small", "capacity": 20},
            {"name": "Foyer", "capacity": None},
        ],
        "timeslots": [
            *slots,
            slot(18, "10:00", 60, "Foyer"),
            slot(17, "10:00", 60, "Large"),
            slot(18, "8:00", 9, "X", "reg"),
        ],
        "sessions": [
            session("aa"),
            session("aa"),
            session("bb", 120, 50),
            session("cc", 60, None, ["dd", "d e"]),
            session("ee"),
        ],
        "constraints": [],
        "penalties": PRICES,
        **changes,
    }


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def made(**changes: object) -> Any:
        path = tmp_path / "small.json"
        path.write_text(json.dumps(small(**changes)), encoding="utf-8")
        return IetfFamily().read(str(path))

    return made


MON, NOON, TUE, LATE = "2019-11-18T10:00:00", "2019-11-18T12:30:00", "2019-11-19T10:00:00", "2019-11-19T12:30:00"
GOOD = {
    "aa-1": (MON, "Small"),
    "aa-2": (TUE, "Small"),
    "bb": (TUE, "Large"),
    "cc": (MON, "Large"),
    "ee": (NOON, "Small"),
}


def text(**moved: tuple[str, str]) -> str:
    places = {**GOOD, **{name.replace("_", "-"): place for name, place in moved.items()}}
    return "".join(f"{name}\t{start}\t{room}\n" for name, (start, room) in places.items())


def terms(facts: Meeting, solution: str) -> dict[str, int]:
    found = IetfFamily().score(facts, solution)
    assert not found.faults
    assert found.levels == (sum(found.terms.values()),)
    return {name: cost for name, cost in found.terms.items() if cost}


def test_only_regular_slots_of_rooms_with_a_capacity_are_taken_and_no_sunday(read: Any) -> None:
    facts = read().facts
    assert facts.rooms == {"Large": 100, "Small": 20}
    assert [len(rooms) for rooms in facts.slots.values()] == [2, 2, 2, 1]
    assert [one.name for one in facts.requests] == ["aa-1", "aa-2", "bb", "cc", "ee"]


def test_what_is_longer_than_all_slots_is_cut_the_longest_first(read: Any) -> None:
    sessions = [
        session("aa", 150, 500),
        session("bb", 120, 90),
        *(session(name, 120, 20) for name in ("cc", "dd", "ee")),
    ]
    requests = read(sessions=sessions).facts.requests
    assert [one.minutes for one in requests] == [120, 120, 120, 120, 60]
    assert [one.attendees for one in requests] == [100, 90, 20, 20, 20]


@pytest.mark.parametrize(
    ("constraints", "moved", "cost"),
    [
        ([], {}, {}),
        ([], {"bb": (NOON, "Large")}, {"too short": 300}),
        ([], {"bb": (TUE, "Small"), "aa_2": (TUE, "Large")}, {"too small": 300}),
        ([], {"aa_1": (TUE, "Small"), "aa_2": (MON, "Small")}, {"out of order": 800}),
        ([wish("aa", "chair_conflict", target="bb")], {}, {"conflict": 1000}),
        ([wish("aa", "chair_conflict", target="bb"), wish("bb", "tech_overlap", target="aa")], {}, {"conflict": 1010}),
        ([wish("dd", "key_participant", target="aa")], {}, {"conflict": 100}),
        ([wish("aa", "tech_overlap", target="dd")], {}, {}),
        ([wish("aa", "bethere", person=5), wish("dd", "bethere", person=5)], {}, {"conflict": 14}),
        ([wish("ee", "timerange", timeranges=["monday-afternoon-early"])], {}, {"refused range": 5000}),
        ([wish("ee", "timerange", timeranges=["monday-morning"])], {}, {}),
        ([wish("aa", "time_relation", time_relation="subsequent-days")], {}, {}),
        ([wish("aa", "time_relation", time_relation="one-day-seperation")], {}, {"time relation": 40}),
        (
            [wish("aa", "time_relation", time_relation="subsequent-days")],
            {"aa_2": (NOON, "Large")},
            {"time relation": 40},
        ),
        ([wish("ee", "wg_adjacent", target="aa")], {}, {}),
        ([wish("ee", "wg_adjacent", target="cc")], {}, {"not adjacent": 30}),
        ([wish("ee", "wg_adjacent", target="nobody")], {}, {}),
    ],
)
def test_each_term_costs_what_the_generator_counts(
    read: Any, constraints: list[object], moved: dict[str, tuple[str, str]], cost: dict[str, int]
) -> None:
    assert terms(read(constraints=constraints).facts, text(**moved)) == cost


@pytest.mark.parametrize(
    ("moved", "fault"),
    [
        ({"ee": (MON, "Small")}, "Small at 2019-11-18 10:00:00 holds 2 sessions"),
        ({"ee": (LATE, "Small")}, "line 5"),
        ({"ee": ("2019-11-18T10:10:00", "Small")}, "line 5"),
        ({"aa_2": (MON, "Large"), "cc": (TUE, "Small")}, "'aa' meets twice"),
        ({"zz": (NOON, "Large")}, "line 6"),
    ],
)
def test_a_broken_solution_says_what_is_wrong(read: Any, moved: dict[str, tuple[str, str]], fault: str) -> None:
    faults = IetfFamily().score(read().facts, text(**moved)).faults
    assert fault in faults[0]
    assert all("has no slot" in more for more in faults[1:])


def test_a_session_without_a_slot_and_one_with_two_are_faults(read: Any) -> None:
    lines = text().splitlines()
    faults = (
        IetfFamily()
        .score(read().facts, "\n".join([*lines[1:], lines[1].replace(TUE, LATE).replace("Small", "Large")]))
        .faults
    )
    assert faults == ("line 5: 'aa-2' stands twice", "'aa-1' has no slot")


EVERYTHING = [
    wish("aa", "chair_conflict", target="bb"),
    wish("bb", "tech_overlap", target="cc"),
    wish("ee", "key_participant", target="aa"),
    wish("dd", "bethere", person=5),
    wish("ee", "bethere", person=5),
    wish("bb", "timerange", timeranges=["monday-morning", "tuesday-morning"]),
    wish("cc", "timerange", timeranges=["monday-morning"]),
    wish("aa", "time_relation", time_relation="subsequent-days"),
    wish("ee", "wg_adjacent", target="bb"),
    wish("bb", "wg_adjacent", target="ee"),
]


@pytest.mark.parametrize("less", range(len(EVERYTHING)))
def test_the_problem_costs_what_the_scorer_counts(read: Any, less: int) -> None:
    instance = read(constraints=EVERYTHING[:less] + EVERYTHING[less + 1 :])
    result = solve(instance.problem, stop=TimeLimit(5), workers=1, seed=less)
    schedule = result.schedule
    assert schedule is not None
    score = IetfFamily().score(instance.facts, IetfFamily().write(instance, schedule))
    assert not score.faults
    assert score.levels == IetfFamily().levels(instance, result.cost)
    assert score.levels[0] > 0


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"rooms": 3}, "rooms", "not a list"),
        ({"rooms": [{"name": "Large"}]}, "rooms[0]", "lacks capacity"),
        ({"rooms": [{"name": "Large", "capacity": "many"}]}, "rooms", "whole number"),
        ({"timeslots": []}, "timeslots", "no regular slot"),
        ({"timeslots": [slot(18, "ten", 60, "Large")]}, "timeslots[0].start", "no date"),
        ({"timeslots": [slot(18, "10:00", 0, "Large")]}, "timeslots[0].minutes", "no length"),
        ({"timeslots": [slot(18, "23:30", 60, "Large")]}, "timeslots[0]", "past midnight"),
        ({"timeslots": [slot(18, "10:00", 60, "Large")] * 2}, "timeslots[1]", "twice"),
        ({"timeslots": [slot(18, "10:00", 60, "Large"), slot(18, "10:30", 60, "Small")]}, "timeslots", "overlap"),
        ({"sessions": []}, "sessions", "no regular session"),
        ({"sessions": [session("aa")] * 9}, "sessions", "9 sessions are more"),
        ({"sessions": [session("aa", -1)]}, "sessions[0]", "no number"),
        ({"sessions": [session("aa", joint=4)]}, "sessions[0].joint_with", "no list"),
        ({"sessions": [session("aa"), session("aa"), session("aa-1")]}, "sessions", "'aa-1'"),
        ({"penalties": {}}, "penalties.bethere", "None"),
        ({"constraints": [wish("aa", "hates", target="bb")]}, "constraints[0]", "'hates'"),
        ({"constraints": [wish("aa", "time_relation", time_relation="never")]}, "constraints[0]", "time_relation"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    read: Any, changes: dict[str, object], place: str, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        read(**changes)
    assert [fault.path for fault in refused.value.faults] == [place]
    assert message in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(data)
    with pytest.raises(InputError):
        IetfFamily().read(str(path))
