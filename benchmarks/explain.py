"""Conflicts planted at known places in a grid of 300 talks: whether `explain` finds each, and after how long.

`python -m benchmarks.explain` plants each conflict alone, then all together. Then it asks for other places of some
talks of a schedule, and says how long the slowest answer took. Processor seconds are told too: they are the same on a
busy machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from attrs import evolve, frozen

from benchmarks.arguments import put
from benchmarks.family import family
from unsched import (
    Explanation,
    FirstSchedule,
    Period,
    Person,
    Problem,
    Room,
    Rule,
    Session,
    Venue,
    alternatives,
    explain,
    solve,
    why,
    why_not,
)
from unsched.errors import Fault, InputError
from unsched.rules import Before, Pin

__all__ = ["PLANTS", "Planted", "Tried", "main", "plant", "try_all"]

_SLOT = 30
_OPENING = 9 * 60
# What is planted speaks of the first five days.
_DAYS = 5


@frozen
class Planted:
    """A conflict and where it is.

    Args:
        name: what it is called.
        sessions: ids of the sessions that it is among; it is about no others.
        kinds: kinds of rule that any explanation of it has to name.
    """

    name: str
    sessions: tuple[str, ...]
    kinds: frozenset[str]


def _when(problem: Problem, slot: int, per_day: int = 6) -> str:
    day = problem.window.days[slot // per_day]
    minute = _OPENING + slot % per_day * _SLOT
    return f"{day}T{minute // 60:02d}:{minute % 60:02d}"


def _free(session: Session, problem: Problem) -> bool:
    """Whether a talk can stand on any day, and is of one who speaks nowhere else."""
    speaks = [one for one in problem.sessions if set(one.required) & set(session.required)]
    return session.available is None and len(speaks) == 1


def _change(problem: Problem, changed: Mapping[str, Session], *rules: Rule, **more: object) -> Problem:
    sessions = [changed.get(session.id, session) for session in problem.sessions]
    fields: dict[str, object] = {"sessions": sessions, "rules": (*problem.rules, *rules), **more}
    return evolve(problem, **fields)  # type: ignore[arg-type]


def _one_person_pinned_twice(problem: Problem, some: Sequence[Session]) -> Problem:
    a, b = some[:2]
    both = evolve(b, required=(*b.required, a.required[0]), invited=())
    at = _when(problem, 3)
    return _change(problem, {b.id: both}, Pin(a.id, at), Pin(b.id, at))


def _two_pins_in_one_place(problem: Problem, some: Sequence[Session]) -> Problem:
    room, at = problem.rooms[-1].id, _when(problem, 9)
    return _change(problem, {one.id: evolve(one, start=at, room=room) for one in some[:2]})


def _speaker_there_too_briefly(problem: Problem, some: Sequence[Session]) -> Problem:
    day = problem.window.days[1]
    who = Person("brief", available=[Period([day], "09:00", "10:00")])
    changed = {one.id: evolve(one, required=("brief",), invited=()) for one in some[:3]}
    return _change(problem, changed, persons=(*problem.persons, who))


def _room_class_too_small(problem: Problem, some: Sequence[Session]) -> Problem:
    day = problem.window.days[2]
    changed = {one.id: evolve(one, features=("webcast",), available=[Period([day])], side_seats=0) for one in some[:7]}
    rooms = [*problem.rooms[:-1], evolve(problem.rooms[-1], features=("webcast",))]
    return _change(problem, changed, venue=Venue(rooms))


def _circle(problem: Problem, some: Sequence[Session]) -> Problem:
    a, b, c = (one.id for one in some[:3])
    return _change(problem, {}, Before(a, b), Before(b, c), Before(c, a))


def _chain_too_long(problem: Problem, some: Sequence[Session]) -> Problem:
    day = problem.window.days[3]
    names = [one.id for one in some[:7]]
    chain = [Before(one, then) for one, then in itertools.pairwise(names)]
    return _change(problem, {one.id: evolve(one, available=[Period([day])]) for one in some[:7]}, *chain)


def _room_closed(problem: Problem, some: Sequence[Session]) -> Problem:
    shut = Room("annex", closed=[Period([problem.window.days[4]])], seats=problem.rooms[-1].seats)
    changed = {some[0].id: evolve(some[0], room="annex", available=[Period([problem.window.days[4]])])}
    return _change(problem, changed, venue=Venue([*problem.rooms, shut]))


PLANTS: Mapping[str, tuple[int, Callable[[Problem, Sequence[Session]], Problem], frozenset[str]]] = {
    "one person pinned twice": (2, _one_person_pinned_twice, frozenset({"pin", "no-person-clash"})),
    "two pins in one place": (2, _two_pins_in_one_place, frozenset({"fixed-places", "one-session-per-room"})),
    "a speaker there too briefly": (3, _speaker_there_too_briefly, frozenset({"available", "no-person-clash"})),
    "a room class too small": (7, _room_class_too_small, frozenset({"available", "features-present"})),
    "a circle": (3, _circle, frozenset({"before"})),
    "a chain too long for its day": (7, _chain_too_long, frozenset({"before", "available"})),
    "a room closed": (1, _room_closed, frozenset({"room-open", "fixed-places"})),
}
"""What is planted: among how many talks, how, and which kinds of rule it is made of."""


def plant(problem: Problem, names: Sequence[str]) -> tuple[Problem, list[Planted]]:
    """Plant conflicts in a problem, each among talks of its own."""
    days = len(problem.window.days)
    if days < _DAYS:
        raise InputError(
            [Fault("window", f"{days} days are too few to plant conflicts in", f"{_DAYS} or more.")], "the grid"
        )
    free = [session for session in problem.sessions if _free(session, problem)]
    planted: list[Planted] = []
    for name in names:
        count, change, kinds = PLANTS[name]
        if len(free) < count:
            message = f"{len(free)} talks are left that {name!r} could be planted among, and it takes {count}"
            raise InputError([Fault("sessions", message, "a larger grid.")], "the grid")
        some, free = free[:count], free[count:]
        problem = change(problem, [problem.session(one.id) for one in some])
        planted.append(Planted(name, tuple(one.id for one in some), kinds))
    return problem, planted


@frozen
class Tried:
    """What came of it.

    Args:
        planted: what was planted.
        found: which of it was found, as it was planted.
        strange: how many conflicts were named that nobody planted.
        ways: how many ways out there are.
        seconds: wall seconds.
        busy: processor seconds.
        proven: whether all that was named is minimal and was confirmed.
    """

    planted: tuple[str, ...]
    found: tuple[str, ...]
    strange: int
    ways: int
    seconds: float
    busy: float
    proven: bool

    @property
    def good(self) -> bool:
        """Whether everything was found, nothing else, and there is a way out."""
        return self.planted == self.found and not self.strange and self.ways > 0 and self.proven


def judge(planted: Sequence[Planted], found: Explanation, busy: float = 0.0) -> Tried:
    """Compare what was found with what was planted.

    Args:
        planted: what was planted.
        found: what was found.
        busy: the processor seconds that it took.
    """
    about = []
    for one in (*found.contradictions, *found.further):
        placed = {guard.about for guard in one.members if guard.rule.kind == "every-session-placed"}
        about.append((placed, {guard.rule.kind for guard in one.members}))
    hits = [
        tuple(
            number
            for number, (placed, kinds) in enumerate(about)
            if placed and placed <= set(one.sessions) and one.kinds <= kinds
        )
        for one in planted
    ]
    return Tried(
        tuple(one.name for one in planted),
        tuple(one.name for one, hit in zip(planted, hits, strict=True) if hit),
        len(about) - len({number for hit in hits for number in hit}),
        len(found.ways),
        found.seconds,
        busy,
        all(one.minimal and one.confirmed for one in (*found.contradictions, *found.further)),
    )


def try_all(line: str, seconds: float, workers: int) -> list[Tried]:
    """Plant each conflict alone, then all together, and explain."""
    base = family("grid").read(line).problem
    tried = []
    for names in (*((name,) for name in PLANTS), tuple(PLANTS)):
        problem, planted = plant(base, names)
        begun = time.process_time()
        found = explain(problem, seconds=seconds, workers=workers)
        tried.append(judge(planted, found, time.process_time() - begun))
    return tried


def ask_all(line: str, talks: int) -> dict[str, float]:
    """Ask questions about some talks of a schedule; return the processor seconds of the slowest answer to each."""
    problem = family("grid").read(line).problem
    schedule = solve(problem, stop=FirstSchedule()).schedule
    if schedule is None:
        raise InputError([Fault("", "no schedule was found", "a smaller grid.")], line)
    start = problem.window.wall(problem.starts(problem.sessions[0])[0])
    questions: dict[str, Callable[[str], object]] = {
        "why_not": lambda name: why_not(problem, schedule, name, start=start, moving=False),
        "alternatives": lambda name: alternatives(problem, schedule, name),
        "why": lambda name: why(problem, schedule, name),
    }
    # Those who need the fewest seats can go to the most rooms.
    names = [one.id for one in sorted(problem.sessions, key=lambda one: one.side_seats)[:talks]]
    slowest = dict.fromkeys(questions, 0.0)
    for name in names:
        for what, ask in questions.items():
            begun = time.process_time()
            ask(name)
            slowest[what] = max(slowest[what], time.process_time() - begun)
    return slowest


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each try; return 1 where anything planted was not found in time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explain", description=__doc__)
    parser.add_argument("--line", default="sessions=300,rooms=11,slots=30,seed=1", help="the grid")
    parser.add_argument("--seconds", type=float, default=30.0, help="wall seconds for each")
    parser.add_argument("--workers", type=int, default=2, help="threads")
    parser.add_argument("--talks", type=int, default=5, help="talks to ask about")
    parser.add_argument("--json", action="store_true", help="print JSON")
    told = parser.parse_args(arguments)
    tried = try_all(told.line, told.seconds, told.workers)
    for one in tried:
        what = one.planted[0] if len(one.planted) == 1 else f"all {len(one.planted)}"
        words = f"{what}: found {len(one.found)} of {len(one.planted)}, {one.strange} strange, {one.ways} ways out"
        data: dict[str, object] = {
            "planted": one.planted,
            "found": one.found,
            "ways": one.ways,
            "seconds": round(one.seconds, 2),
        }
        data["busy"] = round(one.busy, 2)
        put(json.dumps(data) if told.json else f"{words}, {one.seconds:.1f} s ({one.busy:.1f} s busy)")
    slowest = {what: round(seconds, 2) for what, seconds in ask_all(told.line, told.talks).items()}
    words = ", ".join(f"{what} {seconds} s" for what, seconds in slowest.items())
    put(json.dumps({"slowest": slowest}) if told.json else f"slowest of {told.talks} talks, busy: {words}")
    return 0 if all(one.good for one in tried) else 1


if __name__ == "__main__":
    sys.exit(main())
