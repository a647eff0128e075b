"""Reading the text files of ITC-2007, track 3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from benchmarks.itc2007.facts import Course, Timetabling
from unsched.errors import Fault, InputError

__all__ = ["read"]

_MOST_BYTES = 2**22
_MOST_ROWS, _MOST_LECTURES, _MOST_PERIODS = 10_000, 10_000, 24
_HEADS = ("Name", "Courses", "Rooms", "Days", "Periods_per_day", "Curricula", "Constraints")
_SECTIONS = {
    "COURSES": "Courses",
    "ROOMS": "Rooms",
    "CURRICULA": "Curricula",
    "UNAVAILABILITY_CONSTRAINTS": "Constraints",
}

T = TypeVar("T")


def read(path: Path) -> Timetabling:
    """Read an instance.

    Raises:
        InputError: the file is not of this format; with the line.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _wrong(path, 0, f"it is larger than {_MOST_BYTES} bytes", "a .ctt file of ITC-2007.")
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise _wrong(path, 0, f"it cannot be read: {error.strerror}", "a .ctt file of ITC-2007.") from None
    return _Reader(path, lines).read()


class _Reader:
    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self.lines = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip()]
        self.at = 0

    def read(self) -> Timetabling:
        found = {name: self._head(name) for name in _HEADS}
        number = {name: self._number(*found[name], name) for name in _HEADS[1:]}
        if not 0 < number["Periods_per_day"] <= _MOST_PERIODS:
            line, word = found["Periods_per_day"]
            raise self._bad(line, f"there are {word} periods a day", f"1 to {_MOST_PERIODS}.")
        rows = {name: list(self._section(name, number[count])) for name, count in _SECTIONS.items()}
        courses = self._by_id(rows["COURSES"], 5, self._course)
        rooms = self._by_id(rows["ROOMS"], 2, lambda line, words: self._number(line, words[1], "the capacity"))
        lectures = sum(course.lectures for course in courses.values())
        if lectures > _MOST_LECTURES:
            raise self._bad(0, f"{lectures} lectures are too many", f"{_MOST_LECTURES} at most.")
        curricula: dict[str, tuple[str, ...]] = {}
        for line, words in rows["CURRICULA"]:
            members = tuple(words[2:])
            if len(words) < 2 or str(len(members)) != words[1] or any(name not in courses for name in members):
                raise self._bad(line, "it is not a curriculum of courses that are there", "q000 2 c0001 c0002.")
            if words[0] in curricula:
                raise self._bad(line, f"{words[0]!r} comes twice", "leave one out.")
            curricula[words[0]] = members
        shut: dict[str, set[tuple[int, int]]] = {}
        for line, words in rows["UNAVAILABILITY_CONSTRAINTS"]:
            if len(words) != 3 or words[0] not in courses:
                raise self._bad(line, "it is not a course with a day and a period", "c0001 4 0.")
            day, period = self._number(line, words[1], "the day"), self._number(line, words[2], "the period")
            if day >= number["Days"] or period >= number["Periods_per_day"]:
                raise self._bad(line, f"day {day}, period {period} is not of the week", "days and periods from 0.")
            shut.setdefault(words[0], set()).add((day, period))
        frozen = {name: frozenset(some) for name, some in shut.items()}
        days, periods = number["Days"], number["Periods_per_day"]
        return Timetabling(found["Name"][1], days, periods, courses, rooms, curricula, frozen)

    def _head(self, name: str) -> tuple[int, str]:
        line, words = self._next()
        if len(words) != 2 or words[0] != f"{name}:":
            raise self._bad(line, f"{' '.join(words)[:60]!r} stands where {name}: should", f"{name}: and its value.")
        return line, words[1]

    def _section(self, name: str, count: int) -> Iterator[tuple[int, list[str]]]:
        line, words = self._next()
        if words != [f"{name}:"]:
            raise self._bad(line, f"{' '.join(words)[:60]!r} stands where {name}: should", f"{name}:")
        for _ in range(count):
            yield self._next()

    def _next(self) -> tuple[int, list[str]]:
        if self.at >= len(self.lines):
            raise self._bad(0, "it ends too early", "the whole file.")
        self.at += 1
        return self.lines[self.at - 1]

    def _by_id(
        self, rows: list[tuple[int, list[str]]], width: int, make: Callable[[int, list[str]], T]
    ) -> dict[str, T]:
        found: dict[str, T] = {}
        for line, words in rows:
            if len(words) != width:
                raise self._bad(line, f"it has {len(words)} columns and not {width}", "the columns of the format.")
            if words[0] in found:
                raise self._bad(line, f"{words[0]!r} comes twice", "leave one out.")
            found[words[0]] = make(line, words)
        return found

    def _course(self, line: int, words: list[str]) -> Course:
        numbers = [self._number(line, word, "a number of the course") for word in words[2:]]
        return Course(words[0], words[1], *numbers)

    def _number(self, line: int, word: str, what: str) -> int:
        if not (word.isascii() and word.isdecimal() and len(word) < 7):
            raise self._bad(line, f"{what} is {word[:40]!r}", "a whole number.")
        if what in _HEADS and int(word) > _MOST_ROWS:
            raise self._bad(line, f"{what} is {word}", f"{_MOST_ROWS} at most.")
        return int(word)

    def _bad(self, line: int, message: str, remedy: str) -> InputError:
        return _wrong(self.path, line, message, remedy)


def _wrong(path: Path, line: int, message: str, remedy: str) -> InputError:
    return InputError([Fault(f"line {line}" if line else "", message, remedy)], str(path))
