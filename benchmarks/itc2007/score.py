"""The cost of a timetable as the ITC-2007 validator counts it, from the native solution alone."""

from __future__ import annotations

from collections import Counter

from benchmarks.family import Score
from benchmarks.itc2007.facts import Timetabling

__all__ = ["score"]

Slot = tuple[int, int]


def score(facts: Timetabling, solution: str) -> Score:
    """Count a solution: a line a lecture, `course room day period`."""
    lectures: list[tuple[str, str, Slot]] = []
    faults: list[str] = []
    for number, line in enumerate(solution.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        good = len(words) == 4 and words[0] in facts.courses and words[1] in facts.rooms
        if not good or not all(word.isascii() and word.isdecimal() and len(word) < 7 for word in words[2:]):
            faults.append(f"line {number}: {line[:60]!r} is not a course, a room, a day and a period")
            continue
        lectures.append((words[0], words[1], (int(words[2]), int(words[3]))))
    faults += _hard(facts, lectures)
    terms = {
        "RoomCapacity": sum(max(0, facts.courses[course].students - facts.rooms[room]) for course, room, _ in lectures),
        "MinWorkingDays": 5 * sum(_missing_days(facts, name, lectures) for name in facts.courses),
        "CurriculumCompactness": 2 * sum(_isolated(members, lectures) for members in facts.curricula.values()),
        "RoomStability": sum(
            max(0, len({room for course, room, _ in lectures if course == name}) - 1) for name in facts.courses
        ),
    }
    return Score((sum(terms.values()),), terms, tuple(faults))


def _hard(facts: Timetabling, lectures: list[tuple[str, str, Slot]]) -> list[str]:
    faults = []
    held = Counter(course for course, _, _ in lectures)
    for name, course in facts.courses.items():
        if held[name] != course.lectures:
            faults.append(f"{name} has {held[name]} lectures and not {course.lectures}")
    for taught, _, (day, period) in lectures:
        if day >= facts.days or period >= facts.periods:
            faults.append(f"{taught}: day {day}, period {period} is not of the week")
        elif (day, period) in facts.shut.get(taught, frozenset()):
            faults.append(f"{taught} cannot be taught on day {day}, period {period}")
    groups = {f"course {name}": {name} for name in facts.courses}
    groups |= {f"curriculum {name}": set(members) for name, members in facts.curricula.items()}
    for name, course in facts.courses.items():
        groups.setdefault(f"teacher {course.teacher}", set()).add(name)
    for what, members in groups.items():
        at = Counter(slot for course, _, slot in lectures if course in members)
        faults += [f"{what} is twice on day {day}, period {period}" for (day, period), many in at.items() if many > 1]
    at_once = Counter((room, slot) for _, room, slot in lectures)
    faults += [f"room {room} holds {many} lectures at {slot}" for (room, slot), many in at_once.items() if many > 1]
    return faults


def _missing_days(facts: Timetabling, name: str, lectures: list[tuple[str, str, Slot]]) -> int:
    days = {day for course, _, (day, _) in lectures if course == name}
    return max(0, facts.courses[name].days - len(days)) if days else 0


def _isolated(members: tuple[str, ...], lectures: list[tuple[str, str, Slot]]) -> int:
    at = [slot for course, _, slot in lectures if course in members]
    used = set(at)
    return sum((day, period - 1) not in used and (day, period + 1) not in used for day, period in at)
