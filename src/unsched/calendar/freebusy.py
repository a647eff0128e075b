"""When rooms are taken, without a word of what for (RFC 5545, section 3.6.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from icalendar import FreeBusy, vPeriod

from unsched.calendar.event import Issue, organizer
from unsched.calendar.head import END, opening
from unsched.calendar.names import safe_names
from unsched.calendar.text import Text
from unsched.domain.interval import Interval, merge

if TYPE_CHECKING:
    from icalendar import Calendar

    from unsched.domain.schedule import Schedule
    from unsched.domain.venue import Room

__all__ = ["busy_rooms", "room_busy", "room_closed"]

_DAY: Final = timedelta(days=1)


def busy_rooms(issue: Issue, schedule: Schedule) -> dict[str, bytes]:
    """Return a calendar with one VFREEBUSY for each room, by the name of its file: `busy/rooms/...ics`.

    BUSY is when a session is in the room, BUSY-UNAVAILABLE when the room is closed, between the start of the first day
    of the window, or of the first session where that is earlier, and the end of the last. All is in UTC, as the RFC
    asks. What two sessions touch is one period, so that not even their number is told. Nothing else says anything of
    the sessions: neither titles nor ids nor who comes.

    Args:
        issue: the problem and when the revision was made.
        schedule: the bookings.
    """
    names = safe_names(room.id for room in issue.problem.rooms)
    taken: dict[str, list[Interval]] = {room.id: [] for room in issue.problem.rooms}
    for booking in schedule.bookings:
        taken[booking.room].append(Interval(_minute(booking.start), _minute(booking.end)))
    first, last = _extent(issue, [one for some in taken.values() for one in some])
    files = {}
    for room in issue.problem.rooms:
        component = _vfreebusy(issue, room.id, Interval(first, last), merge(taken[room.id]), room_closed(issue, room))
        files[f"busy/rooms/{names[room.id]}.ics"] = b"".join([opening(_method(issue)), component.to_ical(), END])
    return files


def room_busy(problem: str, room: str) -> str:
    """Return the UID of a room's busy times, the same for ever.

    >>> room_busy("cstd-2010", "XXVI")
    '754450c1bc556800aa0d204b533e94d4@unsched'
    """
    digest = sha256(json.dumps(["busy", problem, "room", room]).encode()).hexdigest()
    return f"{digest[:32]}@unsched"


def room_closed(issue: Issue, room: Room) -> tuple[Interval, ...]:
    """Return when a room cannot be used, in minutes of UTC: outside its hours and validity, or out of service.

    Only the days of the window are looked at: what a room does on others, the problem does not say.
    """
    window, tz = issue.problem.window, issue.problem.window.tz
    origin = _minute(window.origin)
    shut: list[Interval] = []
    for day in window.days:
        midnight = datetime(day.year, day.month, day.day, tzinfo=tz)
        # A day of the wall clock, which may have 23 or 25 hours.
        here = Interval(_minute(midnight), _minute((midnight.replace(tzinfo=None) + _DAY).replace(tzinfo=tz)))
        early = room.valid_from is not None and day < room.valid_from
        if early or (room.valid_until is not None and day >= room.valid_until):
            shut.append(here)
            continue
        if room.hours is not None:
            shut += _outside(here, _shift(window.intervals(room.hours), origin))
        shut += _inside(here, _shift(window.intervals(room.closed), origin))
    return merge(shut)


def _vfreebusy(
    issue: Issue, room: str, extent: Interval, busy: tuple[Interval, ...], closed: tuple[Interval, ...]
) -> FreeBusy:
    component = FreeBusy()
    component.add("UID", Text(room_busy(issue.problem.id, room)))
    component.add("DTSTAMP", issue.stamp)
    component.add("DTSTART", _instant(extent.start))
    component.add("DTEND", _instant(extent.end))
    if issue.problem.organizer is not None:
        component.add("ORGANIZER", organizer(issue.problem.organizer.name, issue.problem.organizer.mail))
    # Where a session stands in a room that is closed, the session is what counts.
    left = [part for one in closed for part in _outside(one, busy)]
    periods = [(one, "BUSY") for one in busy]
    periods += [(part, "BUSY-UNAVAILABLE") for one in left for part in _inside(extent, (one,))]
    for one, kind in sorted(periods, key=lambda pair: pair[0]):
        period = vPeriod((_instant(one.start), _instant(one.end)))
        # It is the only type that FREEBUSY has; said again, it is a parameter that some readers do not expect.
        period.params.pop("VALUE", None)
        component.add("FREEBUSY", period, {"FBTYPE": kind})
    return component


def _method(issue: Issue) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    # RFC 5546, section 3.3.1: what is published has an ORGANIZER.
    if issue.problem.organizer is not None:
        calendar.add("METHOD", Text("PUBLISH"))
    return calendar


def _extent(issue: Issue, taken: list[Interval]) -> tuple[int, int]:
    window = issue.problem.window
    first, last = min(window.days), max(window.days) + _DAY
    edges = [_minute(datetime(day.year, day.month, day.day, tzinfo=window.tz)) for day in (first, last)]
    return min([edges[0], *(one.start for one in taken)]), max([edges[1], *(one.end for one in taken)])


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _instant(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def _shift(intervals: tuple[Interval, ...], by: int) -> tuple[Interval, ...]:
    return tuple(Interval(one.start + by, one.end + by) for one in intervals)


def _inside(whole: Interval, parts: tuple[Interval, ...]) -> Iterator[Interval]:
    for one in parts:
        if whole.overlaps(one):
            yield Interval(max(whole.start, one.start), min(whole.end, one.end))


def _outside(whole: Interval, parts: tuple[Interval, ...]) -> Iterator[Interval]:
    at = whole.start
    for one in merge(_inside(whole, parts)):
        if at < one.start:
            yield Interval(at, one.start)
        at = one.end
    if at < whole.end:
        yield Interval(at, whole.end)
