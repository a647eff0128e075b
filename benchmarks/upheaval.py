"""What a knocked-out room, an absent person and three more sessions cost: repaired, against solved from scratch.

An instance is solved for a while, and its schedule taken as published. Then something changes, and two answers are
compared: `repair`, with its proof, and a fresh search for the best schedule of the changed problem, which knows nothing
of what was published. Both have the same seconds. What is counted is how many published sessions stand elsewhere.

- `room`: the room that has the most sessions on a day is lost for that day.
- `person`: the person, or else the delegation, with the most duties in a half day is away for it.
- `sessions`: three sessions more, like the first, the middle and the last of the instance, free of any fixed place.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, time
from time import monotonic

from attrs import asdict, evolve, frozen

from benchmarks.arguments import add_run_arguments, put
from benchmarks.family import FAMILIES, family
from unsched import (
    Absent,
    Amendment,
    Period,
    Problem,
    RoomLost,
    Schedule,
    SessionAdded,
    TimeLimit,
    apply,
    repair,
    solve,
)

__all__ = ["Blow", "add_upheaval", "blows", "changes_of"]

_NOON = time(13)
_HEAD = (
    "| instance | change | sessions | moved by repair | proven least | dropped | people told | seconds "
    "| moved from scratch | seconds |"
)


@frozen
class Blow:
    """One change of one instance, repaired and solved from scratch.

    Args:
        instance: what the instance is called.
        change: "room", "person" or "sessions".
        sessions: how many sessions were published.
        moved: how many of them our repair puts elsewhere; `None` where it finds no schedule.
        status: what is proven of it.
        bound: how many at least have to take another time.
        dropped: how many find no place.
        told: how many delegations and persons have to be told.
        seconds: wall seconds of the repair.
        scratch: how many published sessions a fresh search puts elsewhere; `None` where it finds no schedule.
        scratch_seconds: its wall seconds.
    """

    instance: str
    change: str
    sessions: int
    moved: int | None
    status: str
    bound: int
    dropped: int
    told: int
    seconds: float
    scratch: int | None
    scratch_seconds: float

    def __str__(self) -> str:
        proven = "yes" if self.status == "optimal" else f"no (times: {self.bound} or more)"
        moved, scratch = ("no schedule" if one is None else one for one in (self.moved, self.scratch))
        cells = (self.instance, self.change, self.sessions, moved, proven, self.dropped, self.told)
        times = (f"{self.seconds:.1f}", scratch, f"{self.scratch_seconds:.1f}")
        return f"| {' | '.join(map(str, (*cells, *times)))} |"


def changes_of(problem: Problem, published: Schedule) -> Mapping[str, tuple[Amendment, ...]]:
    """Return what is knocked out of an instance, by name; what it has nothing of is left out."""
    found: dict[str, tuple[Amendment, ...]] = {}
    crowds = Counter((booking.room, booking.start.date()) for booking in published.bookings)
    (room, day), _ = max(crowds.items(), key=lambda one: (one[1], one[0]))
    found["room"] = (RoomLost(room, [Period([day])]),)
    duties: Counter[tuple[bool, str, date, bool]] = Counter()
    for booking in published.bookings:
        session = problem.session(booking.session)
        half = (booking.start.date(), booking.start.time() < _NOON)
        duties.update((True, one.id, *half) for one in problem.required_persons(session))
        duties.update((False, one.id, *half) for one in problem.required_delegations(session))
    if duties:
        _, who, day, morning = max(duties, key=lambda one: (one[0], duties[one], one))
        found["person"] = (Absent(who, [Period([day], "00:00" if morning else _NOON, _NOON if morning else "24:00")]),)
    places = (0, len(problem.sessions) // 2, len(problem.sessions) - 1)
    like = [problem.sessions[place] for place in dict.fromkeys(places)]
    found["sessions"] = tuple(
        SessionAdded(evolve(one, id=f"{one.id} once more", start=None, room=None, optional=False)) for one in like
    )
    return found


def blows(family_name: str, source: str, *, seconds: float, workers: int, seed: int = 0) -> Iterator[Blow]:
    """Yield what each change of an instance comes to.

    Args:
        family_name: the family of the instance.
        source: the instance.
        seconds: wall seconds of each search.
        workers: threads.
        seed: seed of each search.
    """
    instance = family(family_name).read(source)
    stop = TimeLimit(seconds)
    published = solve(instance.problem, stop=stop, workers=workers, seed=seed).schedule
    if published is None:
        return
    for name, some in changes_of(instance.problem, published).items():
        found = repair(instance.problem, published, some, stop=stop, workers=workers, seed=seed)
        begun = monotonic()
        fresh = solve(apply(instance.problem, some), stop=stop, workers=workers, seed=seed, explain=False).schedule
        times = [number for number, text in found.meanings.items() if text == "sessions at another time"]
        yield Blow(
            instance.name,
            name,
            len(published),
            _elsewhere(published, found.schedule),
            found.status.value,
            found.bound.get(times[0], 0) if times else 0,
            len(found.dropped),
            0 if found.diff is None else len(found.diff.told),
            found.seconds,
            _elsewhere(published, fresh),
            monotonic() - begun,
        )


def _elsewhere(published: Schedule, schedule: Schedule | None) -> int | None:
    if schedule is None:
        return None
    both = [(one, schedule[one.session]) for one in published.bookings if one.session in schedule]
    return sum((then.start, then.room) != (now.start, now.room) for then, now in both)


def add_upheaval(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    text = "knock something out of instances of a family: repaired, against solved from scratch"
    command = commands.add_parser("upheaval", help=text, description=text)
    add_run_arguments(command, sorted(FAMILIES))
    command.set_defaults(command=_run)


def _run(arguments: argparse.Namespace) -> int:
    if not arguments.json:
        put(_HEAD)
        put("|" + "---|" * (_HEAD.count("|") - 1))
    good = True
    for source in arguments.source:
        some = blows(arguments.family, source, seconds=arguments.time, workers=arguments.workers, seed=arguments.seed)
        count = 0
        for blow in some:
            count += 1
            good = good and blow.status in ("optimal", "feasible")
            put(json.dumps(asdict(blow)) if arguments.json else str(blow))
        good = good and count > 0
    return 0 if good else 1
