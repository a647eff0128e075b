"""Curriculum-based course timetabling: how files are read, what the scorer counts, what the problem says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from attrs import evolve
from benchmarks.family import Instance
from benchmarks.itc2007 import Itc2007Family
from benchmarks.itc2007.facts import Course, Timetabling
from benchmarks.itc2007.read import read
from benchmarks.itc2007.score import score
from benchmarks.itc2007.state import state

from unsched import Effort, InputError, Schedule, Status, TimeLimit, solve
from unsched.testing import random_schedule

FILE = """Name: Toy
Courses: 3
Rooms: 2
Days: 2
Periods_per_day: 3
Curricula: 2
Constraints: 2

COURSES:
Art Ann 2 2 30
Bio Bob 2 1 60
Law Ann 1 1 10

ROOMS:
big\t50
den 20

CURRICULA:
first  2 Art Bio
later  1 Law

UNAVAILABILITY_CONSTRAINTS:
Bio 0 0
Bio 1 2

END.
"""
TOY = Timetabling(
    "Toy",
    2,
    3,
    {
        "Art": Course("Art", "Ann", 2, 2, 30),
        "Bio": Course("Bio", "Bob", 2, 1, 60),
        "Law": Course("Law", "Ann", 1, 1, 10),
    },
    {"big": 50, "den": 20},
    {"first": ("Art", "Bio"), "later": ("Law",)},
    {"Bio": frozenset({(0, 0), (1, 2)})},
)
# Art then Bio on the first day; Bio, Art on the second, and Law alone.
GOOD = """Art big 0 0
Bio big 0 1
Bio big 1 0
Art big 1 1
Law den 0 2
"""
NOTHING = {"RoomCapacity": 0, "MinWorkingDays": 0, "CurriculumCompactness": 0, "RoomStability": 0}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "toy.ctt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, FILE)
    assert read(path) == TOY
    instance = Itc2007Family().read(str(path))
    assert (instance.name, instance.facts) == ("toy", TOY)
    assert [one.id for one in instance.problem.sessions] == ["Art-1", "Art-2", "Bio-1", "Bio-2", "Law-1"]


def test_line_ends_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    path.write_bytes(FILE.replace("\n", "\r\n\r\n").encode())
    assert read(path) == TOY


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (FILE, "", "", "it ends too early"),
        ("END.", "", "", None),
        ("Name: Toy", "Name: Toy one", "line 1", "'Name: Toy one' stands where Name: should"),
        ("Rooms: 2\n", "", "line 3", "'Days: 2' stands where Rooms: should"),
        ("Days: 2", "Days: two", "line 4", "Days is 'two'"),
        ("Days: 2", "Days: ٢", "line 4", "Days is '٢'"),
        ("Days: 2", "Days: -2", "line 4", "Days is '-2'"),
        ("Days: 2", "Days: 2.0", "line 4", "Days is '2.0'"),
        ("Days: 2", "Days: 10001", "line 4", "Days is 10001"),
        ("Days: 2", "Days: 1000000", "line 4", "Days is '1000000'"),
        ("Courses: 3", "Courses: 4", "line 15", "'big 50' stands where ROOMS: should"),
        ("Courses: 3", "Courses: 2", "line 12", "'Law Ann 1 1 10' stands where ROOMS: should"),
        ("COURSES:", "COURSE:", "line 9", "'COURSE:' stands where COURSES: should"),
        ("Law Ann 1 1 10", "Law Ann 1 1", "line 12", "it has 4 columns and not 5"),
        ("Law Ann 1 1 10", "Law Ann 1 1 many", "line 12", "a number of the course is 'many'"),
        ("Law Ann 1 1 10", "Art Ann 1 1 10", "line 12", "'Art' comes twice"),
        ("den 20", "den 20 3", "line 16", "it has 3 columns and not 2"),
        ("den 20", "big 20", "line 16", "'big' comes twice"),
        ("den 20", "den 1e9", "line 16", "the capacity is '1e9'"),
        ("later  1 Law", "later", "line 20", "it is not a curriculum of courses that are there"),
        ("later  1 Law", "later  2 Law", "line 20", "it is not a curriculum of courses that are there"),
        ("later  1 Law", "later  1 Zoo", "line 20", "it is not a curriculum of courses that are there"),
        ("later  1 Law", "first  1 Law", "line 20", "'first' comes twice"),
        ("Bio 1 2", "Bio 2 2", "line 24", "day 2, period 2 is not of the week"),
        ("Bio 1 2", "Bio 1 3", "line 24", "day 1, period 3 is not of the week"),
        ("Periods_per_day: 3", "Periods_per_day: 25", "line 5", "there are 25 periods a day"),
        ("Law Ann 1 1 10", "Law Ann 9999 1 10", "", "10003 lectures are too many"),
        ("Bio 1 2", "Bio 1", "line 24", "it is not a course with a day and a period"),
        ("Bio 1 2", "Zoo 1 2", "line 24", "it is not a course with a day and a period"),
        ("Bio 1 2", "Bio x 2", "line 24", "the day is 'x'"),
        ("Bio 1 2", "Bio 1 -2", "line 24", "the period is '-2'"),
        ("Constraints: 2", "Constraints: 3", "line 26", "it is not a course with a day and a period"),
        ("Constraints: 2", "Constraints: 4", "", "it ends too early"),
    ],
)
def test_what_is_no_instance_is_refused_with_its_line(
    old: str, new: str, place: str, message: str | None, tmp_path: Path
) -> None:
    assert FILE.count(old) == 1
    path = written(tmp_path, FILE.replace(old, new))
    if message is None:
        assert read(path) == TOY
        return
    with pytest.raises(InputError) as caught:
        read(path)
    fault = caught.value.faults[0]
    assert (fault.path, message in fault.message) == (place, True), str(caught.value)
    assert fault.remedy
    assert "toy.ctt" in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, FILE)
    with path.open("ab") as file:
        file.truncate(2**22 + 1)
    with pytest.raises(InputError, match="it is larger than 4194304 bytes"):
        read(path)


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.ctt", tmp_path):
        with pytest.raises(InputError, match="it cannot be read"):
            read(path)


def test_bytes_that_are_no_text_are_read_as_a_wrong_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.ctt"
    path.write_bytes(random.Random(1).randbytes(5000))  # noqa: S311  no secret
    with pytest.raises(InputError, match="stands where Name: should"):
        read(path)


def test_a_good_solution_costs_its_seats_alone() -> None:
    found = score(TOY, GOOD)
    # 10 students of Bio stand, twice, and Law is alone in its curriculum.
    assert found.terms == NOTHING | {"RoomCapacity": 20, "CurriculumCompactness": 2}
    assert (found.levels, found.faults) == ((22,), ())


@pytest.mark.parametrize(
    ("changes", "terms"),
    [
        # 10 students more for Art in den, 40 for each lecture of Bio there; each course is then in two rooms.
        ({"Art big 0 0": "Art den 0 0"}, {"RoomCapacity": 30, "RoomStability": 1}),
        ({"Bio big 0 1": "Bio den 0 1"}, {"RoomCapacity": 10 + 40, "RoomStability": 1}),
        (
            {"Bio big 0 1": "Bio den 0 1", "Bio big 1 0": "Bio den 1 0"},
            {"RoomCapacity": 80, "RoomStability": 0},
        ),
        # Both lectures of Art on one day: a day is missing, and a Bio stands alone.
        ({"Art big 0 0": "Art big 1 2"}, {"MinWorkingDays": 5, "CurriculumCompactness": 2 + 2}),
        # Art at the end of the first day is still next to Bio; at its start, and Bio at its end, neither is.
        ({"Art big 0 0": "Art den 0 2", "Law den 0 2": "Law den 0 0"}, {"RoomCapacity": 30, "RoomStability": 1}),
        ({"Bio big 0 1": "Bio big 0 2", "Law den 0 2": "Law den 0 1"}, {"CurriculumCompactness": 2 + 2 + 2}),
    ],
)
def test_each_term_is_counted(changes: dict[str, str], terms: dict[str, int]) -> None:
    solution = GOOD
    for old, new in changes.items():
        assert solution.count(old) == 1
        solution = solution.replace(old, new)
    found = score(TOY, solution)
    assert found.faults == ()
    assert found.terms == NOTHING | {"RoomCapacity": 20, "CurriculumCompactness": 2} | terms
    assert found.levels == (sum(found.terms.values()),)


def test_the_last_period_of_a_day_is_not_next_to_the_first_of_the_next() -> None:
    facts = evolve(TOY, courses={"Art": Course("Art", "Ann", 2, 1, 9)}, curricula={"only": ("Art",)}, shut={})
    assert score(facts, "Art den 0 2\nArt den 1 0\n").terms["CurriculumCompactness"] == 4
    assert score(facts, "Art den 0 1\nArt den 0 2\n").terms["CurriculumCompactness"] == 0


def test_a_lecture_alone_counts_in_each_of_its_curricula() -> None:
    facts = evolve(TOY, curricula={"one": ("Law",), "two": ("Law", "Bio"), "three": ("Art",)})
    # Law is alone in the first; next to Bio in the second; each Art is alone in the third, and the second Bio in the
    # second.
    assert score(facts, GOOD).terms["CurriculumCompactness"] == 2 * (1 + 1 + 2)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Art big 0 0\n", "", "Art has 1 lectures and not 2"),
        ("Law den 0 2\n", "Law den 0 2\nLaw den 1 2\n", "Law has 2 lectures and not 1"),
        ("Art big 0 0", "Art big 2 0", "Art: day 2, period 0 is not of the week"),
        ("Art big 0 0", "Art big 0 3", "Art: day 0, period 3 is not of the week"),
        ("Bio big 1 0", "Bio big 1 2", "Bio cannot be taught on day 1, period 2"),
        ("Art big 0 0", "Art den 1 1", "course Art is twice on day 1, period 1"),
        ("Art big 0 0", "Art den 0 1", "curriculum first is twice on day 0, period 1"),
        ("Law den 0 2", "Law den 0 0", "teacher Ann is twice on day 0, period 0"),
        ("Law den 0 2", "Law big 0 1", "room big holds 2 lectures at (0, 1)"),
        ("Law den 0 2", "Law den 0", "line 5: 'Law den 0' is not a course, a room, a day and a period"),
        ("Law den 0 2", "Law den 0 2 1", "line 5: 'Law den 0 2 1' is not a course"),
        ("Law den 0 2", "Zoo den 0 2", "line 5: 'Zoo den 0 2' is not a course"),
        ("Law den 0 2", "Law hut 0 2", "line 5: 'Law hut 0 2' is not a course"),
        ("Law den 0 2", "Law den -1 2", "line 5: 'Law den -1 2' is not a course"),
        ("Law den 0 2", "Law den " + "9" * 5000 + " 0", "line 5: 'Law den 999"),
        ("Law den 0 2", "Law den 0 1.5", "line 5: 'Law den 0 1.5' is not a course"),
    ],
)
def test_what_a_solution_breaks_is_named(old: str, new: str, fault: str) -> None:
    assert GOOD.count(old) == 1
    found = score(TOY, GOOD.replace(old, new))
    assert any(one.startswith(fault) for one in found.faults), found.faults


def test_no_solution_at_all_lacks_every_lecture() -> None:
    assert len(score(TOY, "\n").faults) == 3


def drawn(seed: int) -> Timetabling:
    """Draw a few courses, with hours at which some cannot be taught, and rooms that are too small for others."""
    chance = random.Random(seed)  # noqa: S311  no secret
    names = [f"c{number}" for number in range(4)]
    courses = {
        name: Course(
            name,
            f"t{chance.randrange(3)}",
            chance.randint(1, 2),
            chance.randint(1, 3),
            chance.choice([10, 30, 55]),
        )
        for name in names
    }
    curricula = {f"q{number}": tuple(chance.sample(names, chance.randint(1, 2))) for number in range(2)}
    slots = list(product(range(2), range(4)))
    shut = {name: frozenset(chance.sample(slots, 2)) for name in chance.sample(names, 2)}
    return Timetabling(f"drawn {seed}", 2, 4, courses, {"big": 50, "mid": 30, "den": 12}, curricula, shut)


def plans(facts: Timetabling, seed: int) -> Iterator[tuple[Instance[Timetabling], Schedule]]:
    instance = Instance(facts.name, facts, state(facts))
    chance = random.Random(seed)  # noqa: S311  no secret
    for _ in range(60):
        yield instance, random_schedule(instance.problem, chance)


@pytest.mark.parametrize("seed", range(4))
def test_problem_and_scorer_agree_on_plans_good_and_bad(seed: int) -> None:
    family = Itc2007Family()
    costs = set()
    for instance, schedule in plans(drawn(seed), seed):
        complete = len(schedule) == len(instance.problem.sessions)
        breaches = list(schedule.breaches(instance.problem))
        found = family.score(instance.facts, family.write(instance, schedule))
        assert bool(found.faults) == any(one.hard for one in breaches)
        if complete:
            costs.add(sum(one.cost for one in breaches))
            assert found.levels == (sum(one.cost for one in breaches if not one.hard),)
    assert len(costs) > 5


@pytest.mark.parametrize("seed", range(5))
def test_what_a_solve_costs_is_what_the_scorer_counts(seed: int) -> None:
    family, facts = Itc2007Family(), drawn(seed)
    instance = Instance(facts.name, facts, state(facts))
    result = solve(instance.problem, stop=Effort(3), seed=seed)
    assert result.status is Status.OPTIMAL
    assert result.schedule is not None
    found = family.score(facts, family.write(instance, result.schedule))
    assert found.faults == ()
    assert found.levels == family.levels(instance, result.cost) == family.levels(instance, result.bound)


def every_solution(facts: Timetabling) -> Iterator[str]:
    slots = [f"{room} {day} {at}" for room in facts.rooms for day in range(facts.days) for at in range(facts.periods)]
    names = [course.name for course in facts.courses.values() for _ in range(course.lectures)]
    for places in product(slots, repeat=len(names)):
        yield "\n".join(f"{name} {place}" for name, place in zip(names, places, strict=True))


def test_the_least_cost_is_that_of_the_best_of_all_solutions() -> None:
    facts = Timetabling(
        "tiny",
        2,
        2,
        {"a": Course("a", "t", 2, 2, 25), "b": Course("b", "u", 2, 1, 15)},
        {"big": 20, "den": 10},
        {"q": ("a", "b"), "r": ("b",)},
        {"a": frozenset({(0, 0)})},
    )
    scores = [score(facts, solution) for solution in every_solution(facts)]
    least = min(one.levels for one in scores if not one.faults)
    result = solve(state(facts), stop=TimeLimit(10), workers=1)
    assert result.status is Status.OPTIMAL
    assert (result.cost[1],) == least
    assert 0 < least[0] < max(one.levels for one in scores if not one.faults)[0]
