"""Where a conference comes from: it is made up from a line and its seed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from benchmarks.conference.facts import Conference, Slot, Talk
from benchmarks.line import numbers
from unsched.errors import Fault, InputError

__all__ = ["read"]

_MINUTES = 30
_TIMES_A_DAY = 12
_OPENING = 9 * 60
_DAY = 24 * 60
_USUAL = {"talks": 100, "slots": 120, "rooms": 6, "seed": 1}
_MOST = 5_000
_AWAY = 0.2
_CLASHES = 1.5


def read(source: str) -> Conference:
    """Make a conference from a line such as `talks=100,slots=120,rooms=6,seed=1`.

    Rooms have all slots but the last, which may have fewer; a fifth of the talks has speakers who are away for up to
    half a day; there are one and a half clashes a talk. There is always an assignment that breaks nothing: what is
    drawn never speaks against the one that was drawn first.

    Raises:
        InputError: the line does not say what it should.
    """
    asked = numbers(source, _USUAL, most=_MOST)
    talks, count, rooms = asked["talks"], asked["slots"], asked["rooms"]
    if talks > count:
        fault = Fault("talks", f"{talks} talks have no room in {count} slots", f"talks={count}.")
        raise InputError([fault], f"the line {source[:80]!r}")
    chance = random.Random(asked["seed"])  # noqa: S311  no secret
    seats = sorted((round(30 * chance.lognormvariate(1, 0.8)) for _ in range(rooms)), reverse=True)
    slots = [Slot(f"room-{index % rooms + 1}", _start(index // rooms), seats[index % rooms]) for index in range(count)]
    return Conference(_MINUTES, tuple(slots), tuple(_talks(slots, talks, chance)))


def _start(index: int) -> int:
    day, place = divmod(index, _TIMES_A_DAY)
    # An hour for lunch.
    return day * _DAY + _OPENING + place * _MINUTES + (60 if place >= _TIMES_A_DAY // 2 else 0)


def _talks(slots: Sequence[Slot], count: int, chance: random.Random) -> list[Talk]:
    """Draw talks that can have the slots that are drawn for them here."""
    starts = [slots[place].start for place in chance.sample(range(len(slots)), count)]
    names = [f"talk-{number:04d}" for number in range(1, count + 1)]
    clashes = _clashes(dict(zip(names, starts, strict=True)), chance)
    times = sorted({slot.start for slot in slots})
    return [
        Talk(name, round(30 * chance.lognormvariate(1, 0.8)), _away(start, times, chance), clashes[name])
        for name, start in zip(names, starts, strict=True)
    ]


def _clashes(starts: Mapping[str, int], chance: random.Random) -> dict[str, tuple[str, ...]]:
    apart: dict[str, set[str]] = {name: set() for name in starts}
    names = list(starts)
    for _ in range(round(_CLASHES * len(names))):
        one, other = chance.choice(names), chance.choice(names)
        if starts[one] != starts[other]:
            apart[one].add(other)
            apart[other].add(one)
    return {name: tuple(sorted(others)) for name, others in apart.items()}


def _away(start: int, times: Sequence[int], chance: random.Random) -> tuple[int, ...]:
    """Draw the times at which the speakers are away: a stretch of up to half a day, without the talk's own."""
    if chance.random() >= _AWAY:
        return ()
    first = chance.randrange(len(times))
    stretch = times[first : first + _TIMES_A_DAY // 2]
    return tuple(time for time in stretch if time != start)
