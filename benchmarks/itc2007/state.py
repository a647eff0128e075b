"""A course timetabling instance as a problem of catalogue rules, formulation UD2."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.itc2007.facts import Timetabling
from unsched import Block, Period, Person, Problem, Room, Seats, Select, Session, Venue, Window
from unsched.rules import Neighbour, NotTogether, SameRoom, SeatsEnough, Soften, Spread

__all__ = ["lecture", "state"]

_MONDAY = date(2007, 1, 1)


def lecture(course: str, number: int) -> str:
    """Return the id of a lecture of a course, counted from 1."""
    return f"{course}-{number}"


def state(facts: Timetabling) -> Problem:
    """State an instance: a lecture is a session of one period, and a curriculum is a tag of its lectures.

    Lectures of a course, and of a curriculum, are never at once; a teacher is in one place (a standard rule), and a
    room holds one lecture (another). The rest has a price: 1 a student without a seat, 5 a working day that is
    missing, 2 a lecture that stands alone in its curriculum, 1 a room of a course beyond the first.
    """
    courses = facts.courses.values()
    curricula = {name: f"curriculum {name}" for name, members in facts.curricula.items() if members}
    several = [course for course in courses if course.lectures > 1]
    taught = {course.name for course in courses if course.lectures}
    used = {curricula[name]: members for name, members in facts.curricula.items() if taught.intersection(members)}
    return Problem(
        facts.name,
        _window(facts),
        Venue([Room(name, seats=Seats(side=seats)) for name, seats in facts.rooms.items()]),
        [_session(facts, course.name, number) for course in courses for number in range(1, course.lectures + 1)],
        persons=[Person(name) for name in dict.fromkeys(course.teacher for course in courses)],
        rules=[
            *(NotTogether(Select(tags=f"course {course.name}")) for course in several),
            *(NotTogether(Select(tags=tag)) for tag in used),
            Soften(SeatsEnough(), weight=1, tier=1),
            *(
                Soften(Spread(course.days, Select(tags=f"course {course.name}")), weight=5, tier=1)
                for course in courses
                if course.days > 1 and course.lectures
            ),
            *(Neighbour(Select(tags=tag), weight=2, tier=1) for tag in used),
            *(SameRoom(Select(tags=f"course {course.name}"), weight=1, tier=1) for course in several),
        ],
    )


def _session(facts: Timetabling, name: str, number: int) -> Session:
    course = facts.courses[name]
    shut = facts.shut.get(name, frozenset())
    open_ = {day: [period for period in range(facts.periods) if (day, period) not in shut] for day in range(facts.days)}
    return Session(
        lecture(name, number),
        f"{name}, lecture {number}",
        60,
        tags=[
            f"course {name}",
            *(f"curriculum {curriculum}" for curriculum, members in facts.curricula.items() if name in members),
        ],
        required=course.teacher,
        side_seats=course.students,
        available=[_hours(day, period) for day, periods in open_.items() for period in periods] if shut else None,
    )


def _window(facts: Timetabling) -> Window:
    days = [_MONDAY + timedelta(days=day) for day in range(facts.days)]
    return Window("UTC", days, [Block("00:00", f"{facts.periods:02d}:00")], step=60)


def _hours(day: int, period: int) -> Period:
    return Period([_MONDAY + timedelta(days=day)], f"{period:02d}:00", f"{period + 1:02d}:00")
