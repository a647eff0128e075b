"""Replaying how a published programme was changed: our moves for the same additions and losses, against those made.

From each revision to the next, sessions are added, lost and given other lengths. The revision before is repaired for
these changes alone, and what has to move is counted beside what the organizers moved. They had reasons of their own,
which no file tells; so theirs are not mistakes, and ours are what the changes that can be seen make necessary.

As a problem: each event keeps its day and stands in a room of its track on that day, within the hours of that room on
that day (as in either revision); a room holds what it held at once; nobody who was not published in two places at once
is in two. There are no wishes but the least change.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from time import monotonic

from attrs import asdict, evolve, frozen

from benchmarks.arguments import add_limits, put
from benchmarks.family import stem
from benchmarks.frab.facts import Event, Programme
from benchmarks.frab.read import read
from unsched import (
    Block,
    Booking,
    Changes,
    Period,
    Person,
    Problem,
    Room,
    Schedule,
    Session,
    SessionAdded,
    SessionDropped,
    SessionResized,
    TimeLimit,
    Venue,
    Window,
    repair,
)

__all__ = ["Step", "add_replay", "replay"]

_HEAD = "| from | to | sessions | added | lost | resized | moved then | moved by us | bound | dropped | seconds |"


@frozen
class Step:
    """One revision to the next: what changed, what the organizers moved, and what we move.

    Args:
        before: the earlier revision.
        after: the later one.
        sessions: how many sessions the later one has.
        added: how many it has more.
        lost: how many of the earlier one are gone.
        resized: how many have another length.
        theirs: how many that are in both stand at another time or in another room in the later one.
        ours: how many of them our repair moves.
        bound: how many at least have to take another time, as far as it is proven.
        dropped: how many find no place.
        status: what is proven of our repair.
        seconds: wall seconds, models included.
    """

    before: str
    after: str
    sessions: int
    added: int
    lost: int
    resized: int
    theirs: int
    ours: int
    bound: int
    dropped: int
    status: str
    seconds: float

    def __str__(self) -> str:
        proof = f"{self.bound}" if self.status == "optimal" else f"{self.bound} (not proven)"
        cells = (self.before, self.after, self.sessions, self.added, self.lost, self.resized, self.theirs, self.ours)
        return f"| {' | '.join(map(str, (*cells, proof, self.dropped, f'{self.seconds:.1f}')))} |"


def replay(sources: Sequence[str], *, seconds: float, workers: int, seed: int = 0) -> Iterator[Step]:
    """Yield each step between successive revisions, which are given in order.

    Args:
        sources: paths of the revisions.
        seconds: wall seconds for each repair.
        workers: threads.
        seed: seed of the search.
    """
    for (one, before), (other, after) in pairwise((source, read(source)) for source in sources):
        begun = monotonic()
        then, now = ({event.name: event for event in programme.events} for programme in (before, after))
        problem, published = _problem(before, after)
        changes = _changes(then, now, before, after)
        stop = TimeLimit(seconds)
        found = repair(
            problem, published, changes, least=("sessions", "rooms", "minutes"), stop=stop, workers=workers, seed=seed
        )
        both = [name for name in then if name in now]
        moved = [name for name in both if (then[name].start, then[name].room) != (now[name].start, now[name].room)]
        ours = [one.session for one in found.diff or () if one.before is not None and one.after is not None]
        times = next(number for number, text in found.meanings.items() if text == "sessions at another time")
        yield Step(
            stem(one),
            stem(other),
            len(now),
            sum(isinstance(change, SessionAdded) for change in changes),
            sum(isinstance(change, SessionDropped) for change in changes),
            sum(isinstance(change, SessionResized) for change in changes),
            len(moved),
            len([name for name in ours if _elsewhere(published, found.schedule, name)]),
            found.bound.get(times, 0),
            len(found.dropped),
            found.status.value,
            monotonic() - begun,
        )


def _elsewhere(published: Schedule, schedule: Schedule | None, name: str) -> bool:
    if schedule is None:
        return False
    return (published[name].start, published[name].room) != (schedule[name].start, schedule[name].room)


def _problem(before: Programme, after: Programme) -> tuple[Problem, Schedule]:
    """Return the earlier revision as a problem with room for what the later one adds, and as a schedule."""
    both = Programme(before.first, min(before.step, after.step), _distinct(before, after))
    days = {day: tuple(_clock(both, minute) for minute in stretch) for day, stretch in both.days.items()}
    places = {room: max(one.places.get(room, 1) for one in (before, after)) for room, _ in both.hours}
    hosts: dict[str, dict[str, None]] = {}
    for event in both.events:
        hosts.setdefault(event.room, {})[_track(event)] = None
    rooms = [
        Room(
            place,
            features=hosts[room],
            hours=[_period(both, span) for (name, _), span in both.hours.items() if name == room],
        )
        for room, number in places.items()
        for place in _places(room, number)
    ]
    persons = _speakers(before, after)
    problem = Problem(
        "replay",
        Window(
            "UTC",
            sorted({start.date() for start, _ in days.values()}),
            [Block(start.time(), end.time(), _kind(day), [start.date()]) for day, (start, end) in days.items()],
            step=both.step,
        ),
        Venue(rooms),
        [_session(event, persons) for event in before.events],
        persons=[Person(name) for name in persons],
    )
    return problem, _published(before, both, places)


def _distinct(before: Programme, after: Programme) -> tuple[Event, ...]:
    """Return the events of both revisions, minutes counted from the midnight of the earlier one."""
    shift = (after.first - before.first).days * 24 * 60
    later = [_shifted(event, shift) for event in after.events]
    return (*before.events, *later)


def _shifted(event: Event, minutes: int) -> Event:
    return evolve(event, start=event.start + minutes)


def _places(room: str, number: int) -> tuple[str, ...]:
    return tuple(room if place == 0 else f"{room} / place {place + 1}" for place in range(number))


def _session(event: Event, persons: Iterable[str]) -> Session:
    required = [name for name in event.persons if name in persons]
    blocks, track = (_kind(event.day),), (_track(event),)
    return Session(
        event.name, event.title or event.name, event.minutes, required=required, blocks=blocks, features=track
    )


def _speakers(before: Programme, after: Programme) -> Mapping[str, None]:
    """Return those who speak more than once in a revision, and were published in two places at once in neither."""
    several = [{name for event in one.events for name in event.persons} for one in (before, after)]
    free = [set(one.speakers) for one in (before, after)]
    counts: list[dict[str, int]] = [{}, {}]
    for count, one in zip(counts, (before, after), strict=True):
        for event in one.events:
            for name in event.persons:
                count[name] = count.get(name, 0) + 1
    good = [
        name
        for name in sorted(several[0] | several[1])
        if any(count.get(name, 0) > 1 for count in counts)
        and all(count.get(name, 0) < 2 or name in mine for count, mine in zip(counts, free, strict=True))
    ]
    return dict.fromkeys(good)


def _changes(then: Mapping[str, Event], now: Mapping[str, Event], before: Programme, after: Programme) -> Changes:
    persons = _speakers(before, after)
    lost = [SessionDropped(name) for name in then if name not in now]
    resized = [
        SessionResized(name, now[name].minutes)
        for name in then
        if name in now and then[name].minutes != now[name].minutes
    ]
    added = [SessionAdded(_session(event, persons)) for name, event in now.items() if name not in then]
    return Changes((*lost, *resized, *added))


def _published(before: Programme, both: Programme, places: Mapping[str, int]) -> Schedule:
    """Return the earlier revision as a schedule; in an open area, each event takes the first place that is free."""
    free: dict[str, int] = {}
    bookings = []
    for event in sorted(before.events, key=lambda event: (event.start, event.name)):
        able = _places(event.room, places[event.room])
        place = next((one for one in able if free.get(one, 0) <= event.start), able[0])
        free[place] = event.end
        start, end = (f"{_clock(both, minute).isoformat()}+00:00" for minute in (event.start, event.end))
        bookings.append(Booking(event.name, place, start, end, event.title))
    return Schedule("replay", "UTC", bookings)


def _clock(facts: Programme, minute: int) -> datetime:
    return datetime.combine(facts.first, time()) + timedelta(minutes=minute)


def _period(facts: Programme, span: tuple[int, int]) -> Period:
    start, end = (_clock(facts, minute) for minute in span)
    return Period([start.date()], start.time(), end.time())


def _track(event: Event) -> str:
    return f"{_kind(event.day)}: {event.track or event.room}"


def _kind(day: int) -> str:
    return f"day {day + 1}"


def add_replay(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    text = "repair each published revision of a programme for what the next one adds and loses"
    command = commands.add_parser("replay", help=text, description=text)
    command.add_argument("source", nargs="+", metavar="FILE", help="revisions, in order")
    add_limits(command, seconds=60)
    command.add_argument("--json", action="store_true", help="print a JSON object a line")
    command.set_defaults(command=_run)


def _run(arguments: argparse.Namespace) -> int:
    if not arguments.json:
        put(_HEAD)
        put("|" + "---|" * (_HEAD.count("|") - 1))
    for step in replay(arguments.source, seconds=arguments.time, workers=arguments.workers, seed=arguments.seed):
        put(json.dumps(asdict(step)) if arguments.json else str(step))
    return 0
