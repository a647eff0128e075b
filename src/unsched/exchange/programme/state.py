"""A programme stated as a problem: what was published is a schedule of it, and what may move is free to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, timedelta
from math import gcd
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.segment import Segment
from unsched.domain.select import Select
from unsched.domain.session import Session
from unsched.domain.venue import Room, Seats, Venue
from unsched.domain.window import Window
from unsched.errors import Fault, InputError
from unsched.exchange.programme.facts import Imported, Note, Place, Programme, Span, Talk
from unsched.exchange.programme.hours import Opening, joined, opening_of, periods_of, without
from unsched.exchange.programme.people import MAX_TITLE, Placed, counted, overlapping, persons_of
from unsched.exchange.programme.values import Names, clip

if TYPE_CHECKING:
    from unsched.rules.base import Rule

__all__ = ["KEEP", "state"]

KEEP: Final = ("day", "room", "track")
"""What can be kept of what was published: the day, the room, the rooms of the track."""

K = TypeVar("K")

_QUARTER: Final = 15
_LONGEST: Final = 24 * 60


def state(programme: Programme, *, keep: Iterable[str] = (), source: str = "the document") -> Imported:
    """State a programme as a problem with a published schedule that keeps all its rules.

    - A session stands wherever the rooms are open: each from its first to its last event of each day, unless the
      programme says otherwise.
    - A room in which events overlap as published is as many rooms as that takes, each of the same name for people.
    - Somebody whose events overlap as published is invited to those, and required at the others.

    Args:
        programme: all that is planned.
        keep: what else is kept, of `KEEP`: each session's "day", its "room", or the rooms of its "track".
        source: what the document is called.

    Raises:
        InputError: there is nothing to plan; or `keep` names something else.
    """
    wanted = tuple(keep)
    faults = [
        Fault("keep", f"{one!r} is none of {', '.join(map(repr, KEEP))}", "'day'.") for one in wanted if one not in KEEP
    ]
    if faults:
        raise InputError(faults, "the arguments")
    tz = ZoneInfo(programme.zone)
    notes = list(programme.notes)
    talks, long = _plannable(programme, notes)
    if not talks:
        raise InputError([Fault("", "there is nothing that has a length", "a programme with events.")], source)
    days = _days(talks, tz)
    groups = _hulls((days[talk.id], span) for talk in talks if (span := _span(talk)) is not None)
    placed, places = _placed(talks, programme, notes)
    rooms, homes = _rooms(programme, placed, places, long, days, tz, notes)
    opening = _opening(programme, groups, placed, tz, notes)
    unfit = {one.talk.id for one in placed if not opening.holds(one.span)}
    message = "fits into no block of a day: it is read without a time"
    notes += [Note(one.talk.where, f"{one.talk.id!r} {message}") for one in placed if one.talk.id in unfit]
    placed = tuple(one for one in placed if one.talk.id not in unfit)
    step = _step(programme, talks, placed, opening)
    busy = overlapping(placed, notes)
    sessions = tuple(
        _session(talk, busy, opening, _kept(talk, wanted, days, groups, homes, tz), notes) for talk in talks
    )
    schedule = Schedule(
        programme.id,
        programme.zone,
        [Booking(one.talk.id, one.room, *one.span, title=clip(one.talk.title, MAX_TITLE)) for one in placed],
    )
    problem = Problem(
        programme.id,
        Window(programme.zone, opening.days, opening.blocks, step),
        Venue(rooms),
        sessions,
        persons=tuple(persons_of(programme.speakers, talks, placed, busy, tz, notes)),
        rules=tuple(_rules(talks, wanted, homes)),
        published=schedule,
        title=programme.title or None,
    )
    return Imported(problem, schedule, tuple(notes))


# -- what stands when -------------------------------------------------------------------------------------------------


def _plannable(programme: Programme, notes: list[Note]) -> tuple[tuple[Talk, ...], tuple[Talk, ...]]:
    """Return the talks that can be planned, and those that are too long for it."""
    long = tuple(talk for talk in programme.talks if talk.minutes > _LONGEST)
    for talk in long:
        message = f"{talk.id!r} takes {talk.minutes} minutes, more than a day: it is left out, and stays as it is"
        notes.append(Note(talk.where, message))
    return tuple(talk for talk in programme.talks if 0 < talk.minutes <= _LONGEST), long


def _span(talk: Talk) -> Span | None:
    if talk.start is None or talk.room is None:
        return None
    start = talk.start.astimezone(UTC)
    return start, start + timedelta(minutes=talk.minutes)


def _days(talks: Iterable[Talk], tz: ZoneInfo) -> dict[str, int | date]:
    """Return the day of each talk: that of the document, as long as its talks span no more than a day, or its date."""
    dated = [(talk, span) for talk in talks if (span := _span(talk)) is not None]
    told = _hulls((talk.day, span) for talk, span in dated if talk.day is not None)
    long = {day for day, (start, end) in told.items() if end - start > timedelta(days=1)}
    return {
        talk.id: talk.day if talk.day is not None and talk.day not in long else span[0].astimezone(tz).date()
        for talk, span in dated
    }


def _hulls(spans: Iterable[tuple[K, Span]]) -> dict[K, Span]:
    """Return the stretch from the first start to the last end, by key."""
    found: dict[K, Span] = {}
    for key, span in spans:
        first, last = found.get(key, span)
        found[key] = min(first, span[0]), max(last, span[1])
    return found


def _placed(
    talks: Sequence[Talk], programme: Programme, notes: list[Note]
) -> tuple[tuple[Placed, ...], dict[str, tuple[str, ...]]]:
    """Return the talks that have a place, and the rooms of the problem that each room of the programme is."""
    names = Names(room.name for room in programme.rooms)
    places: dict[str, list[str]] = {room.name: [room.name] for room in programme.rooms}
    ends: dict[str, list[Span]] = {}
    found: dict[str, Placed] = {}
    dated = [(span, talk) for talk in talks if (span := _span(talk)) is not None]
    for span, talk in sorted(dated, key=lambda one: one[0]):
        room = str(talk.room)
        mine = ends.setdefault(room, [])
        number = next((number for number, last in enumerate(mine) if last[1] <= span[0]), len(mine))
        mine[number : number + 1] = [span]
        if number == len(places[room]):
            places[room].append(names.free(f"{room} / place {number + 1}"))
        found[talk.id] = Placed(talk, places[room][number], span)
    for room, several in places.items():
        if len(several) > 1:
            message = f"up to {len(several)} events overlap in it as published: it is read as {len(several)} places"
            notes.append(Note(f"room {room!r}", message))
    return tuple(found[talk.id] for talk in talks if talk.id in found), {
        room: tuple(several) for room, several in places.items()
    }


def _opening(
    programme: Programme,
    groups: dict[int | date, Span],
    placed: Sequence[Placed],
    tz: ZoneInfo,
    notes: list[Note],
) -> Opening:
    hours = [span for room in programme.rooms for span in room.hours or ()]
    spans = joined([*groups.values(), *hours, *programme.opening])
    if not spans:
        message = "nothing says when anything can stand"
        raise InputError([Fault("", message, "events with times, rooms with availabilities, or dates.")], programme.id)
    whole = opening_of(spans, tz)
    breaks = []
    for gap in joined(programme.breaks, touching=True):
        if any(one.span[0] < gap[1] and gap[0] < one.span[1] for one in placed):
            start = f"{gap[0].astimezone(tz):%Y-%m-%d %H:%M}"
            notes.append(Note("", f"events were published during the break of {start}: it is no break for all"))
        else:
            breaks.append(gap)
    if not breaks or len(whole.kinds) > 1:
        return whole
    return opening_of(without(whole.spans, breaks), tz)


def _step(programme: Programme, talks: Iterable[Talk], placed: Iterable[Placed], opening: Opening) -> int:
    found = programme.step or _QUARTER
    for talk in talks:
        found = gcd(found, talk.minutes)
    for one in placed:
        for start, end in opening.spans:
            if start <= one.span[0] and one.span[1] <= end:
                found = gcd(found, (one.span[0] - start) // timedelta(minutes=1))
    return found


# -- rooms ------------------------------------------------------------------------------------------------------------


def _rooms(
    programme: Programme,
    placed: Sequence[Placed],
    places: dict[str, tuple[str, ...]],
    long: Iterable[Talk],
    days: dict[str, int | date],
    tz: ZoneInfo,
    notes: list[Note],
) -> tuple[tuple[Room, ...], dict[str, tuple[str, ...]]]:
    published: dict[str, list[Span]] = {}
    for stay in placed:
        published.setdefault(str(stay.talk.room), []).append(stay.span)
    by_day = _hulls(((str(stay.talk.room), days[stay.talk.id]), stay.span) for stay in placed)
    taken: dict[str, list[Span]] = {}
    for talk in long:
        span = _span(talk)
        if span is None:
            continue
        if any(start < span[1] and span[0] < end for start, end in published.get(str(talk.room), ())):
            notes.append(Note(talk.where, f"other events stand in {talk.room!r} meanwhile: the room counts as free"))
        else:
            taken.setdefault(str(talk.room), []).append(span)
    found: list[Room] = []
    for one in programme.rooms:
        mine = tuple(span for (name, _), span in by_day.items() if name == one.name)
        hours = _hours(one, mine, published.get(one.name, ()), notes)
        found += [
            Room(
                place,
                name=None if place == one.name else one.name,
                building=one.building,
                seats=Seats(total=one.capacity),
                hours=periods_of(hours, tz),
                closed=periods_of(taken.get(one.name, ()), tz),
            )
            for place in places[one.name]
        ]
    return tuple(found), places


def _hours(room: Place, days: Iterable[Span], published: Iterable[Span], notes: list[Note]) -> tuple[Span, ...]:
    if room.hours is None:
        hours = tuple(days)
        if not hours:
            notes.append(Note(f"room {room.name!r}", "nothing stands in it as published: it is read as never open"))
        return hours
    whole = joined(room.hours, touching=True)
    outside = [span for span in published if not any(start <= span[0] and span[1] <= end for start, end in whole)]
    if outside:
        message = f"published outside of its hours ({counted(len(outside), 'event')}): it is open for it"
        notes.append(Note(f"room {room.name!r}", message))
    return (*whole, *outside)


# -- sessions and rules -----------------------------------------------------------------------------------------------


@frozen
class _Kept:
    """What a session keeps of what was published."""

    room: str | None = None
    day: Span | None = None
    tz: ZoneInfo | None = None


def _kept(
    talk: Talk,
    wanted: Sequence[str],
    days: dict[str, int | date],
    groups: dict[int | date, Span],
    homes: dict[str, tuple[str, ...]],
    tz: ZoneInfo,
) -> _Kept:
    if _span(talk) is None:
        return _Kept()
    room = homes[str(talk.room)] if "room" in wanted else ()
    return _Kept(room[0] if len(room) == 1 else None, groups[days[talk.id]] if "day" in wanted else None, tz)


def _session(talk: Talk, busy: dict[str, frozenset[str]], opening: Opening, kept: _Kept, notes: list[Note]) -> Session:
    required, invited = _apart(talk.id, talk.speakers, busy)
    segments = []
    for part in talk.parts:
        must, may = _apart(talk.id, tuple(who for who in part.speakers if who not in talk.speakers), busy)
        segments.append(
            Segment(part.minutes, required=must, invited=may, title=clip(part.title, MAX_TITLE), id=part.id)
        )
    title, description = clip(talk.title, MAX_TITLE), clip(talk.description or "")
    if title != talk.title or description != (talk.description or ""):
        notes.append(Note(talk.where, f"the texts of {talk.id!r} are cut in the problem; the document keeps them"))
    return Session(
        talk.id,
        title,
        talk.minutes,
        kind=talk.kind,
        tags=tuple(dict.fromkeys((*((talk.track,) if talk.track else ()), *talk.tags))),
        required=required,
        invited=invited,
        room=kept.room,
        blocks=opening.kinds,
        available=None if kept.day is None or kept.tz is None else periods_of([kept.day], kept.tz),
        description=description or None,
        segments=tuple(segments),
    )


def _apart(
    name: str, speakers: Iterable[str], busy: dict[str, frozenset[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    every = tuple(dict.fromkeys(speakers))
    may = tuple(who for who in every if name in busy.get(who, ()))
    return tuple(who for who in every if who not in may), may


def _rules(talks: Iterable[Talk], wanted: Sequence[str], homes: dict[str, tuple[str, ...]]) -> Iterator[Rule]:
    from unsched.rules import InRoom

    if "room" in wanted:
        several: dict[str, list[str]] = {}
        for talk in talks:
            if _span(talk) is not None and len(homes[str(talk.room)]) > 1:
                several.setdefault(str(talk.room), []).append(talk.id)
        for room, names in several.items():
            yield InRoom(names, homes[room])
    elif "track" in wanted:
        rooms: dict[str, dict[str, None]] = {}
        for talk in talks:
            if talk.track and _span(talk) is not None:
                rooms.setdefault(talk.track, {}).update((place, None) for place in homes[str(talk.room)])
        for track, able in rooms.items():
            yield InRoom(Select(tags=[track]), tuple(able))
