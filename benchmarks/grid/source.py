"""Making a grid up from a line and a seed."""

from __future__ import annotations

import random

from benchmarks.grid.facts import Grid, Talk
from benchmarks.line import numbers
from unsched.errors import Fault, InputError

__all__ = ["read"]

_USUAL = {"sessions": 300, "rooms": 11, "slots": 30, "seed": 1}
_LARGEST = 5_000
_PER_DAY = 6
_SMALLEST_ROOM, _FACTOR = 24, 1.3
_TRACK = 50
_SPEAKS_AGAIN = 0.35
_TALKS_A_LISTENER, _TALKS_OF_A_LISTENER = 3, 4
_ARRIVES, _LEAVES = 0.15, 0.15


def read(source: str) -> Grid:
    """Make a grid from a line such as `sessions=300,rooms=11,slots=30,seed=1`.

    There is a schedule that breaks nothing: one is drawn first, and nothing that is drawn then speaks against it.

    Raises:
        InputError: the line does not say what it should, or more sessions than there are places.
    """
    told = numbers(source, _USUAL, most=_LARGEST)
    if told["sessions"] > told["rooms"] * told["slots"]:
        message = f"{told['sessions']} sessions do not fit {told['rooms']} rooms x {told['slots']} slots"
        raise InputError([Fault("sessions", message, f"{told['rooms'] * told['slots']} or less.")], "the grid")
    return _draw(told["sessions"], told["rooms"], told["slots"], random.Random(told["seed"]))  # noqa: S311  no secret


def _draw(count: int, rooms: int, slots: int, chance: random.Random) -> Grid:
    seats = {f"room-{number + 1}": round(_SMALLEST_ROOM * _FACTOR ** min(number, 20)) for number in range(rooms)}
    sizes = list(seats.values())
    places = sorted(chance.sample(range(rooms * slots), count), key=lambda _: chance.random())
    when = [place // rooms for place in places]
    tracks = [f"track-{number + 1}" for number in range(max(1, round(count / _TRACK)))]
    liking = [chance.uniform(1, 3) for _ in tracks]
    speakers = _speakers(when, chance)
    listeners = _listeners(when, chance)
    talks = []
    for number, place in enumerate(places):
        away = _away(when[number], slots, chance)
        # As many come as the room holds in which it was put first, or fewer.
        heads = chance.randint(1, sizes[place % rooms])
        track = chance.choices(tracks, liking)[0]
        talks.append(Talk(f"talk-{number + 1:04d}", track, heads, speakers[number], listeners[number], away))
    return Grid(seats, slots, _PER_DAY, tuple(talks))


def _speakers(when: list[int], chance: random.Random) -> list[tuple[str, ...]]:
    """Give each talk one speaker or two, some of whom speak again at another time."""
    busy: list[set[int]] = []
    found = []
    for slot in when:
        mine: dict[int, None] = {}
        for _ in range(1 + (chance.random() < _SPEAKS_AGAIN)):
            who = chance.randrange(len(busy)) if busy and chance.random() < _SPEAKS_AGAIN else len(busy)
            if who < len(busy) and slot in busy[who]:
                who = len(busy)
            if who == len(busy):
                busy.append(set())
            busy[who].add(slot)
            mine[who] = None
        found.append(tuple(f"speaker-{who + 1:04d}" for who in mine))
    return found


def _listeners(when: list[int], chance: random.Random) -> list[tuple[str, ...]]:
    """Promise some talks to each of a number of listeners."""
    found: list[list[str]] = [[] for _ in when]
    for who in range(len(when) // _TALKS_A_LISTENER):
        for number in sorted(chance.sample(range(len(when)), min(_TALKS_OF_A_LISTENER, len(when)))):
            found[number].append(f"listener-{who + 1:04d}")
    return [tuple(names) for names in found]


def _away(slot: int, slots: int, chance: random.Random) -> tuple[int, ...]:
    """Draw the days before which, or after which, a talk cannot stand, without the slot that it was put in first."""
    day, days = slot // _PER_DAY, -(-slots // _PER_DAY)
    first, last = 0, days - 1
    if chance.random() < _ARRIVES:
        first = chance.randint(0, day)
    if chance.random() < _LEAVES:
        last = chance.randint(day, days - 1)
    return tuple(other for other in range(slots) if not first <= other // _PER_DAY <= last)
