"""Words for explanations: who, where and when, in the user's names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from unsched.domain.interval import Interval

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.window import Window

__all__ = ["hours_words", "names_of", "place_words", "when_words"]

_NAMED = 8
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def names_of(names: Iterable[str], most: int = _NAMED) -> str:
    """Return names in quotes, and how many more there are.

    >>> names_of(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    several = list(names)
    shown = ", ".join(map(repr, several[:most]))
    return shown if len(several) <= most else f"{shown} and {len(several) - most} more"


def place_words(problem: Problem, sessions: Sequence[Session], rooms: Sequence[str]) -> str:
    """Return what some sessions need that only some rooms are, in words that go on after "5 sessions"."""
    which = f"{'room' if len(rooms) == 1 else 'rooms'} {names_of(rooms, 4)}"
    inside, outside = set(rooms), [room for room in problem.rooms if room.id not in rooms]
    booths = min(len(session.languages) for session in sessions)
    if outside and booths and all((room.booths or 0) < booths for room in outside):
        return f"need {_number(booths)} booth{'s'[: booths != 1]}, which only {which} {_has(inside)}"
    for feature in sessions[0].features:
        common = all(feature in session.features for session in sessions)
        if outside and common and all(feature not in room.features for room in outside):
            return f"need {feature!r}, which only {which} {_has(inside)}"
    if not outside:
        return f"share {len(rooms)} room{'s'[: len(rooms) != 1]}"
    return f"can only use {which}"


def _has(rooms: set[str]) -> str:
    return "has" if len(rooms) == 1 else "have"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def hours_words(problem: Problem, session: Session, span: Interval, room: str | None) -> str:
    """Return when a session could run on the day of a time, and when a room is open then, as sentences."""
    window = problem.window
    day = window.day_of(span.start)
    blocks = [block.span for block in window.open_blocks if block.kind in session.blocks and block.day == day]
    text = f"On {day:%a %d %b} it can run {_hours(window, blocks)}."
    if room is None:
        return text
    place = problem.room(room)
    hours = blocks if place.hours is None else _common(blocks, window.intervals(place.hours))
    left = _without(hours, window.intervals(place.closed))
    if left == blocks:
        return text
    return f"{text} Room {room!r} is open then {_hours(window, left)}."


def _hours(window: Window, times: Sequence[Interval]) -> str:
    if not times:
        return "at no time"
    return " and ".join(f"{window.wall(time.start):%H:%M}-{window.wall(time.end):%H:%M}" for time in times)


def _common(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    pairs = (Interval(max(a.start, b.start), min(a.end, b.end)) for a in some for b in others)
    return [one for one in pairs if one.start < one.end]


def _without(times: Sequence[Interval], gone: Sequence[Interval]) -> list[Interval]:
    left = list(times)
    for hole in gone:
        parts = ((Interval(a.start, min(a.end, hole.start)), Interval(max(a.start, hole.end), a.end)) for a in left)
        left = [part for both in parts for part in both if part.start < part.end]
    return left


def when_words(window: Window, times: Sequence[Interval]) -> str:
    """Return when some stretches of time are: the hours of few, the days of many."""
    days = list(dict.fromkeys(window.day_of(time.start) for time in times))
    if len(times) <= 2:
        hours = [f"{window.wall(time.start):%a %d %b %H:%M}-{window.wall(time.end):%H:%M}" for time in times]
        return f"on {' and '.join(hours)}"
    if len(days) == len(window.days) and len(days) > 1:
        return "in the whole window"
    if len(days) <= 4:
        return "on " + ", ".join(f"{day:%a %d %b}" for day in days)
    return f"on {len(days)} days from {days[0]:%a %d %b} to {days[-1]:%a %d %b}"
