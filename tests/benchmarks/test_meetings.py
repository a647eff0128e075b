"""Timefold's meeting scheduling: read, stated, and counted level by level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.meetings import MeetingsFamily

from unsched import InputError, solve
from unsched.solver.stop import TimeLimit

GRAINS = [*(f"G {index} 0" for index in range(1, 9)), *(f"G {index} 1" for index in range(9, 15))]
ROOMS = ["R Hall 30", "R Nook 5"]
MEETINGS = ["M a 2 4", "M b 3 9", "M c 2 2"]
ATTEND = ["A a 1 1", "A b 1 1", "A c 1 0", "A a 2 0", "A b 2 0", "A c 3 1"]
LINES = [*GRAINS, *ROOMS, *MEETINGS, *ATTEND]


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def made(lines: list[str]) -> Any:
        path = tmp_path / "small.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return MeetingsFamily().read(str(path))

    return made


def levels(facts: Any, solution: str) -> tuple[tuple[int, ...], dict[str, int]]:
    found = MeetingsFamily().score(facts, solution.replace(", ", "\n"))
    return found.levels, {name: cost for name, cost in found.terms.items() if cost and name != "start"}


@pytest.mark.parametrize(
    ("solution", "expected", "terms"),
    [
        ("b Hall 1, a Hall 4, c Nook 6", (0, 0, 10), {"break": 1}),
        ("b Hall 1, a Hall 5, c Nook 7", (0, 0, 12), {"break": 1}),
        ("b Hall 1, a Nook 4, c Nook 9", (0, 0, 14), {}),
        ("b Hall 1, a Hall 4, c Nook 5", (0, 1, 10), {"break": 1, "at once": 1, "preferred twice": 1}),
        ("b Hall 4, a Nook 1, c Nook 9", (0, 0, 15), {"smaller room first": 1}),
        ("b Hall 1, a Hall 7, c Hall 9", (0, 0, 16), {"break": 1}),
    ],
)
def test_each_level_is_counted_as_timefold_does(
    read: Any, solution: str, expected: tuple[int, ...], terms: dict[str, int]
) -> None:
    assert levels(read(LINES).facts, solution) == (expected, terms)


@pytest.mark.parametrize(
    ("solution", "term", "cost", "hard"),
    [
        ("b Hall 1, a Hall 3, c Nook 9", "room twice", 1, 2),
        ("b Hall 1, a Nook 2, c Nook 9", "required twice", 2, 2),
        ("b Nook 1, a Nook 4, c Nook 9", "seats missing", 4, 4),
        ("b Hall 1, a Hall 6, c Nook 8", "two days", 1, 1),
        ("b Hall 7, a Nook 1, c Nook 4", "two days", 1, 1),
        ("b Hall 13, a Nook 1, c Nook 4", "overtime", 16, 16),
    ],
)
def test_what_is_hard_is_a_fault(read: Any, solution: str, term: str, cost: int, hard: int) -> None:
    facts = read(LINES).facts
    found, parts = levels(facts, solution)
    assert parts[term] == cost
    assert found[0] == hard
    assert MeetingsFamily().score(facts, solution.replace(", ", "\n")).faults == (f"{found[0]} hard",)


@pytest.mark.parametrize("line", ["a Hall", "z Hall 1", "a Attic 1", "a Hall one", "a Hall 15", "a Hall " + "9" * 5000])
def test_a_broken_line_is_a_fault(read: Any, line: str) -> None:
    faults = MeetingsFamily().score(read(LINES).facts, f"b Hall 1\nc Nook 9\n{line}").faults
    assert faults[0].startswith("line 3")
    assert faults[1] == "meeting a has no place"


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        [*GRAINS, "R Hall 30", *MEETINGS, *ATTEND],
        [*GRAINS, "R Hall 30", "R Den 30", "R Nook 5", *MEETINGS, "M d 4 1", "M e 5 20", *ATTEND, "A d 3 0", "A e 2 1"],
        [*GRAINS, *ROOMS, "M a 6 1", "M b 2 1", "M c 6 1", "M d 4 1", *ATTEND],
        [*GRAINS[:8], *ROOMS, "M a 4 1", "M b 4 1", "M c 4 1", "M d 4 1", "A a 1 0", "A b 1 0", "A c 1 0", "A d 1 1"],
        [*GRAINS, *ROOMS, "M a 4 1"],
    ],
)
def test_the_problem_costs_what_the_scorer_counts(read: Any, lines: list[str]) -> None:
    family = MeetingsFamily()
    instance = read(lines)
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert result.schedule is not None
    score = family.score(instance.facts, family.write(instance, result.schedule))
    assert score.faults == ()
    assert score.levels == family.levels(instance, result.cost)
    assert all(bound <= cost for bound, cost in zip(family.levels(instance, result.bound), score.levels, strict=True))


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["hello"], "line 1"),
        (["G 1"], "line 1"),
        (ROOMS, ""),
        ([*GRAINS, *MEETINGS], ""),
        (["G 1 0", "G 3 0"], ""),
        (["G 1 0", "G 3 0", *ROOMS, *MEETINGS], "line 2"),
        (["G 1 1", "G 2 0", *ROOMS, *MEETINGS], "line 2"),
        ([*(f"G {index} 0" for index in range(97)), *ROOMS, *MEETINGS], "line 97"),
        ([*GRAINS, *ROOMS, "R Hall 3", *MEETINGS], "line 17"),
        ([*GRAINS, *ROOMS, "M a 1 4"], ""),
        ([*GRAINS, *ROOMS, "M a 9 4"], ""),
        ([*GRAINS, *ROOMS, "M a two 4"], "line 17"),
        ([*LINES, "A z 1 1"], "line 26"),
        ([*LINES, "A a 1 1"], "line 26"),
        ([*LINES, "A a 9 2"], "line 26"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_line(read: Any, lines: list[str], place: str) -> None:
    with pytest.raises(InputError) as refused:
        read(lines)
    assert [fault.path for fault in refused.value.faults] == [place]


def test_a_day_that_fills_the_clock_begins_at_midnight(read: Any) -> None:
    lines = [*(f"G {index} 0" for index in range(96)), *ROOMS, "M a 96 4"]
    instance = read(lines)
    result = solve(instance.problem, stop=TimeLimit(5), workers=1)
    assert result.schedule is not None
    assert MeetingsFamily().write(instance, result.schedule).split()[2] == "0"
