"""What a file of the curriculum-based course timetabling of ITC-2007 says, in its own terms."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

__all__ = ["Course", "Timetabling"]


@frozen
class Course:
    """A course.

    Args:
        name: its id.
        teacher: id of who gives it.
        lectures: how many lectures it has.
        days: over how many days they should be spread.
        students: how many attend.
    """

    name: str
    teacher: str
    lectures: int
    days: int
    students: int


@frozen
class Timetabling:
    """An instance.

    Args:
        name: what the file calls itself.
        days: days of the week.
        periods: periods of a day.
        courses: the courses, by id.
        rooms: the seats of each room, by id.
        curricula: the ids of the courses of each curriculum, by its id.
        shut: the periods at which a course cannot be taught: day and period of the day, from 0.
    """

    name: str
    days: int
    periods: int
    courses: Mapping[str, Course]
    rooms: Mapping[str, int]
    curricula: Mapping[str, tuple[str, ...]]
    shut: Mapping[str, frozenset[tuple[int, int]]]
