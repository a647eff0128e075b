"""Where a conference comes from: made up from a line and a seed, or a published programme with a made-up demand."""

from __future__ import annotations

import random
from itertools import combinations

from benchmarks.conference.facts import Conference, Slot, Talk
from benchmarks.conference.published import Published, published
from unsched.errors import Fault, InputError

__all__ = ["read"]

_MINUTES = 30
_TIMES_A_DAY = 12
_OPENING = 9 * 60
_DAY = 24 * 60
_LARGEST = 5_000


def read(source: str) -> Conference:
    """Make a conference from a line such as `talks=100,slots=120,rooms=5,seed=1`, or a published programme's path.

    There is an assignment that breaks nothing: what is drawn never speaks against the one that was drawn first, or
    that was published.

    Raises:
        InputError: the line does not say what it should, or the file is no published programme.
    """
    if "=" not in source:
        return _draw(published(source), random.Random(source.encode().hex()[:0] + "1"))  # noqa: S311  no secret
    numbers = _numbers(source)
    talks, slots, rooms = numbers["talks"], numbers["slots"], numbers["rooms"]
    chance = random.Random(numbers["seed"])  # noqa: S311  no secret
    places = [(f"room-{index % rooms + 1}", _start(index // rooms)) for index in range(slots)]
    taken = sorted(chance.sample(range(slots), talks))
    names = {f"talk-{number + 1:04d}": places[index] for number, index in enumerate(taken)}
    return _draw(Published(_MINUTES, tuple(places), names, _speakers(names, chance)), chance)
