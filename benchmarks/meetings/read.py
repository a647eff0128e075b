"""Reading meeting-scheduling instances from lines of G, R, M and A."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from benchmarks.meetings.facts import Meeting, Plan
from unsched.errors import Fault, InputError

__all__ = ["read"]

_LARGEST = 2**22
_MOST_GRAINS = 5_000
_DAY = 96
_WIDTH = {"G": 3, "R": 3, "M": 4, "A": 4}


def read(source: str) -> Plan:
    """Read an instance.

    Raises:
        InputError: the file is not of this format; with the line.
    """
    try:
        if Path(source).stat().st_size > _LARGEST:
            raise _wrong(source, 0, f"it is over {_LARGEST} bytes", "one instance.")
        lines = Path(source).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise _wrong(source, 0, f"it cannot be read: {error.strerror}", "a file of meetings.") from None
    rows: dict[str, list[tuple[int, list[str]]]] = {letter: [] for letter in _WIDTH}
    for number, line in enumerate(lines, 1):
        words = line.split()
        if words:
            if _WIDTH.get(words[0]) != len(words):
                raise _wrong(
                    source, number, f"{line[:60]!r} is none of G, R, M and A", "G index day, R id capacity ..."
                )
            rows[words[0]].append((number, words))
    for letter in "GRM":
        if not rows[letter]:
            raise _wrong(source, 0, f"it has no line that starts with {letter}", "at least one.")
    first, days = _grains(source, rows["G"])
    rooms = {name: seats for name, (seats,) in _by_id(source, rows["R"]).items()}
    attending = _attending(source, rows)
    meetings = []
    for name, (grains, seats) in _by_id(source, rows["M"]).items():
        if not 1 < grains <= max(days.values()):
            raise _wrong(source, 0, f"meeting {name!r} takes {grains} grains", "2, to as many as a day has.")
        people = attending.get(name, {})
        required = tuple(one for one, must in people.items() if must)
        meetings.append(Meeting(name, grains, seats, required, tuple(one for one in people if one not in required)))
    return Plan(first, days, rooms, tuple(meetings))


def _grains(source: str, rows: list[tuple[int, list[str]]]) -> tuple[int, dict[int, int]]:
    grains = [(line, _number(source, line, words[1]), _number(source, line, words[2])) for line, words in rows]
    if len(grains) > _MOST_GRAINS:
        raise _wrong(source, grains[-1][0], f"{len(grains)} grains are too many", f"{_MOST_GRAINS} at most.")
    for (_, one, before), (line, other, day) in pairwise(grains):
        if other != one + 1 or day < before:
            raise _wrong(source, line, f"grain {other} of day {day} does not follow the last", "grains in order.")
    days: dict[int, int] = {}
    for line, _, day in grains:
        days[day] = days.get(day, 0) + 1
        if days[day] > _DAY:
            raise _wrong(source, line, f"day {day} has over {_DAY} grains", "24 hours of 15 minutes.")
    return grains[0][1], days


def _by_id(source: str, rows: list[tuple[int, list[str]]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for line, words in rows:
        if words[1] in found:
            raise _wrong(source, line, f"{words[1]!r} comes twice", "leave one out.")
        found[words[1]] = [_number(source, line, word) for word in words[2:]]
    return found


def _attending(source: str, rows: dict[str, list[tuple[int, list[str]]]]) -> dict[str, dict[str, bool]]:
    known = {words[1] for _, words in rows["M"]}
    found: dict[str, dict[str, bool]] = {}
    for line, (_, meeting, person, must) in rows["A"]:
        if meeting not in known or must not in ("0", "1"):
            raise _wrong(source, line, "it is not a meeting, a person, and 1 or 0", "A 0 17 1.")
        if person in found.setdefault(meeting, {}):
            raise _wrong(source, line, f"{person!r} attends {meeting!r} twice", "leave one out.")
        found[meeting][person] = must == "1"
    return found


def _number(source: str, line: int, word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < 7):
        raise _wrong(source, line, f"{word[:40]!r} is no number", "a whole number.")
    return int(word)


def _wrong(source: str, line: int, message: str, remedy: str) -> InputError:
    return InputError([Fault(f"line {line}" if line else "", message, remedy)], source)
