"""A problem without the times at which rooms are taken and people are away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve

from unsched.domain.fact import shown
from unsched.domain.interval import Interval, merge
from unsched.domain.people import Delegation, Person
from unsched.domain.time import Period
from unsched.domain.venue import Room
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.window import Window

__all__ = ["Span", "block_times"]

Span = tuple[datetime, datetime]
"""A half-open stretch of time between two instants, each with its offset from UTC."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
P = TypeVar("P", Delegation, Person)


def block_times(
    problem: Problem,
    *,
    rooms: Mapping[str, Iterable[Span]] | None = None,
    parties: Mapping[str, Iterable[Span]] | None = None,
) -> Problem:
    """Return the same problem in which rooms and people have less time.

    A room is out of service (`closed`) while it is taken; a delegation or a person is `available` only in what is left.
    Nothing is taken back: what was not possible before is not possible now. Times count by the minute, and any part of
    a minute takes all of it; where the clocks go back, up to the hour that comes twice may be lost besides, since
    facts speak of the wall clock, which has no name for its second half.

    Args:
        problem: the facts.
        rooms: when each room is taken, by id.
        parties: when each delegation or person is away, by id. A delegation is away as a whole.

    Raises:
        InputError: there is no such room, delegation or person, or a time is none; or the problem is impossible then,
            as where a session is bound to a time and a room that is taken.

    >>> from unsched import Problem, Room, Session, Venue, Window
    >>> problem = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), [Session("a", "A", 60)])
    >>> taken = datetime(2010, 12, 17, 10, tzinfo=UTC), datetime(2010, 12, 17, 13, tzinfo=UTC)
    >>> print(*block_times(problem, rooms={"I": [taken]}).rooms[0].closed)
    2010-12-17 10:00-13:00
    """
    faults: list[Fault] = []
    window = problem.window
    taken = _minutes(window, rooms or {}, "rooms", problem.rooms_by_id, faults)
    people = {**problem.delegations_by_id, **problem.persons_by_id}
    away = _minutes(window, parties or {}, "parties", people, faults)
    if faults:
        raise InputError(faults, f"the busy times of {problem.id!r}")

    def close(room: Room) -> Room:
        return evolve(room, closed=(*room.closed, *_periods(window, taken[room.id], _cover)))

    def keep(party: P) -> P:
        there = (_extent(window),) if party.available is None else window.intervals(party.available)
        left = [part for one in there for part in _less(one, away[party.id])]
        return evolve(party, available=tuple(_periods(window, left, _inside)))

    return evolve(
        problem,
        venue=evolve(problem.venue, rooms=tuple(close(one) if taken.get(one.id) else one for one in problem.rooms)),
        delegations=tuple(keep(one) if away.get(one.id) else one for one in problem.delegations),
        persons=tuple(keep(one) if away.get(one.id) else one for one in problem.persons),
    )


def _minutes(
    window: Window, times: Mapping[str, Iterable[Span]], path: str, known: Mapping[str, object], faults: list[Fault]
) -> dict[str, tuple[Interval, ...]]:
    """Return times in minutes of the window, each id's merged, and note down what is wrong."""
    whole = _extent(window)
    found = {}
    for id, spans in times.items():
        if id not in known:
            faults.append(Fault(path, f"there is none {shown(id)}", nearest(id, known)))
            continue
        mine = []
        for index, span in enumerate(spans):
            try:
                start, end = span
                first, last = (start - window.origin) // _MINUTE, -((window.origin - end) // _MINUTE)
            except (TypeError, ValueError):
                remedy = "a start and an end, each with its offset from UTC."
                faults.append(Fault(f"{path}[{id!r}][{index}]", f"{shown(span)} is not a stretch of time", remedy))
                continue
            if end < start:
                faults.append(Fault(f"{path}[{id!r}][{index}]", f"{end} is before {start}", "the other way round."))
            if end > start and last > whole.start and first < whole.end:
                mine.append(Interval(max(first, whole.start), min(last, whole.end)))
        found[id] = merge(mine)
    return found


def _extent(window: Window) -> Interval:
    """Return the days of the window, with the one before and the one after, for what reaches over midnight."""
    return Interval(_midnight(window, window.days[0] - _DAY), _midnight(window, window.days[-1] + 2 * _DAY))


def _midnight(window: Window, day: date) -> int:
    return (datetime.combine(day, time(0), window.tz).astimezone(UTC) - window.origin) // _MINUTE


def _less(whole: Interval, without: Iterable[Interval]) -> Iterator[Interval]:
    at = whole.start
    for one in without:
        if one.end <= at or one.start >= whole.end:
            continue
        if at < one.start:
            yield Interval(at, one.start)
        at = one.end
    if at < whole.end:
        yield Interval(at, whole.end)


def _periods(
    window: Window, spans: Iterable[Interval], fit: Callable[[Window, Interval], Interval]
) -> Iterator[Period]:
    """Yield stretches of minutes as hours of the wall clock; days with the same hours are one period."""
    days: dict[tuple[time, time], list[date]] = {}
    for span in spans:
        at = span.start
        while at < span.end:
            day = window.day_of(at)
            end = min(span.end, max(_midnight(window, day + _DAY), at + 1))
            part = fit(window, Interval(at, end))
            if part.start < part.end:
                start, stop = window.wall(part.start), window.wall(part.end)
                clock = stop.timetz().replace(tzinfo=None, fold=0) if stop.date() == day else time(0)
                days.setdefault((start.time().replace(fold=0), clock), []).append(day)
            at = end
    for (start_, stop_), some in days.items():
        yield Period(tuple(dict.fromkeys(some)), start_, stop_)


def _cover(window: Window, span: Interval) -> Interval:
    """Return a stretch whose clock times mean at least what was given; of a time that comes twice, the first."""
    start, end = span.start, span.end
    while window.wall(start).fold:
        start -= 1
    while window.wall(end).fold:
        end += 1
    return Interval(start, end)


def _inside(window: Window, span: Interval) -> Interval:
    """Return a stretch whose clock times mean at most what was given."""
    start, end = span.start, span.end
    while window.wall(start).fold and start < end:
        start += 1
    while window.wall(end).fold and start < end:
        end -= 1
    return Interval(start, end)
