"""Capacity: the time of rooms, booths and interpreters that is on offer, and how much of it is taken, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

from unsched.domain.interval import Interval, merge, touching
from unsched.report.meetings import Sitting

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.venue import Room

__all__ = ["Capacity", "capacities", "total"]

Spans = tuple[Interval, ...]


@frozen
class Capacity:
    """The time of one thing on one day.

    Args:
        name: id of the room, or name of the language.
        day: the day; `None` is all of them.
        offered: minutes on offer inside the open blocks; with several booths or teams, of all of them together. `None`
            is unknown, as where there are no teams.
        planned: minutes of what is on offer that are planned.
        outside: minutes that are planned besides, outside of what is on offer.
        used: minutes of what is on offer that were used; `None` where nobody knows how meetings went.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = ("name", "day", "offered", "planned", "outside", "used", "share", "factor")
    AFTERWARDS: ClassVar[tuple[str, ...]] = ("used", "factor")

    name: str
    day: date | None
    offered: int | None
    planned: int
    outside: int
    used: int | None

    @property
    def share(self) -> float | None:
        """What is planned of what is on offer."""
        return self.planned / self.offered if self.offered else None

    @property
    def factor(self) -> float | None:
        """What was used of what is on offer."""
        return self.used / self.offered if self.offered and self.used is not None else None


def total(name: str, rows: Iterable[Capacity]) -> Capacity:
    """Return several as one, over all days."""
    some = tuple(rows)
    offered = [row.offered for row in some]
    used = [row.used for row in some]
    return Capacity(
        name,
        None,
        None if None in offered or not some else sum(one or 0 for one in offered),
        sum(row.planned for row in some),
        sum(row.outside for row in some),
        None if None in used or not some else sum(one or 0 for one in used),
    )


def capacities(
    problem: Problem, sittings: Sequence[Sitting], kinds: tuple[str, ...] | None, *, known: bool
) -> tuple[tuple[Capacity, ...], tuple[Capacity, ...], tuple[Capacity, ...]]:
    """Return the time of rooms, of booths and of languages, each day by day.

    Args:
        problem: the facts.
        sittings: the meetings.
        kinds: the kinds of open block that are on offer, or `None` for all.
        known: whether it is known how meetings went.
    """
    days = {day: merge(spans) for day, spans in _open(problem, kinds).items()}
    rooms: list[Capacity] = []
    booths: list[Capacity] = []
    for room in problem.rooms:
        there = _room_time(problem, room)
        planned = _by_day(one for one in sittings if one.room == room)
        # What was held on another day than planned is used there.
        held = [one for one in sittings if one.held is not None and one.where == room]
        for day, spans in days.items():
            offered = _both(spans, there(day))
            rooms.append(_room(room, day, offered, planned.get(day, ()), held if known else None))
            if room.booths is not None:
                booths.append(_booths(room, day, offered, planned.get(day, ()), held if known else None))
    return tuple(rooms), tuple(booths), tuple(_languages(problem, sittings, days, known=known))


def _open(problem: Problem, kinds: tuple[str, ...] | None) -> dict[date, list[Interval]]:
    days: dict[date, list[Interval]] = {day: [] for day in problem.window.days}
    for block in problem.window.open_blocks:
        if kinds is None or block.kind in kinds:
            days[block.day].append(block.span)
    return days


def _room_time(problem: Problem, room: Room) -> Callable[[date], Spans]:
    window = problem.window
    whole = (Interval(-(10**9), 10**9),)
    hours = whole if room.hours is None else window.intervals(room.hours)
    there = _without(hours, window.intervals(room.closed))

    def on(day: date) -> Spans:
        gone = (room.valid_from and day < room.valid_from) or (room.valid_until and day >= room.valid_until)
        return () if gone else there

    return on


def _both(one: Spans, other: Spans) -> Spans:
    return merge(
        Interval(max(part.start, span.start), min(part.end, span.end)) for span in one for part in touching(other, span)
    )


def _without(spans: Spans, gone: Spans) -> Spans:
    found: list[Interval] = []
    for span in spans:
        start = span.start
        for hole in touching(gone, span):
            found.append(Interval(start, hole.start))
            start = hole.end
        found.append(Interval(start, span.end))
    return merge(found)


def _minutes(spans: Iterable[Interval]) -> int:
    return sum(span.minutes for span in spans)


def _by_day(sittings: Iterable[Sitting]) -> dict[date, list[Sitting]]:
    found: dict[date, list[Sitting]] = {}
    for one in sittings:
        found.setdefault(one.day, []).append(one)
    return found


def _room(
    room: Room, day: date, offered: Spans, sittings: Iterable[Sitting], held: Sequence[Sitting] | None
) -> Capacity:
    planned = merge(one.planned for one in sittings if one.planned is not None)
    inside = _minutes(_both(planned, offered))
    used = None
    if held is not None:
        used = _minutes(_both(merge(_times(held, offered)), offered))
    return Capacity(room.id, day, _minutes(offered), inside, _minutes(planned) - inside, used)


def _booths(
    room: Room, day: date, offered: Spans, sittings: Iterable[Sitting], held: Sequence[Sitting] | None
) -> Capacity:
    planned = inside = 0
    for one in sittings:
        if one.planned is not None:
            planned += one.planned.minutes * len(one.session.languages)
            inside += _shared(one.planned, offered) * len(one.session.languages)
    used = None
    if held is not None:
        used = sum(_shared(one.held, offered) * len(one.session.languages) for one in held if one.held is not None)
    return Capacity(room.id, day, _minutes(offered) * (room.booths or 0), inside, planned - inside, used)


def _times(held: Iterable[Sitting], offered: Spans) -> Iterator[Interval]:
    """Yield when meetings were held, if that was anywhere near what is on offer."""
    if offered:
        whole = Interval(offered[0].start, offered[-1].end)
        yield from (one.held for one in held if one.held is not None and one.held.overlaps(whole))


def _languages(
    problem: Problem, sittings: Sequence[Sitting], days: dict[date, Spans], *, known: bool
) -> Iterator[Capacity]:
    names = dict.fromkeys(language for one in sittings for language in one.session.languages)
    names |= dict.fromkeys(team.language for team in problem.teams)
    for language in names:
        teams = [
            None if team.available is None else problem.window.intervals(team.available)
            for team in problem.teams
            if team.language == language
        ]
        some = [one for one in sittings if language in one.session.languages]
        by_day = _by_day(some)
        for day, spans in days.items():
            offered = sum(_minutes(spans if free is None else _both(spans, free)) for free in teams)
            times = [one.planned for one in by_day.get(day, ()) if one.planned is not None]
            planned, inside = _minutes(times), sum(_shared(span, spans) for span in times)
            used = sum(_shared(one.held, spans) for one in some if one.held is not None)
            whole = offered if problem.teams else None
            yield Capacity(language, day, whole, inside, planned - inside, used if known else None)


def _shared(span: Interval, spans: Spans) -> int:
    return sum(span.shared(part) for part in touching(spans, span))
