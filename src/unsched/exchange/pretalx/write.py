"""A schedule as pretalx's API takes it: which slots have to be changed, and how."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError
from unsched.exchange.pretalx.read import Slot, room_names, room_of, slots_of
from unsched.exchange.pretalx.tables import Tables, load_tables
from unsched.exchange.programme.document import Source, json_bytes
from unsched.exchange.programme.facts import Note, Written
from unsched.exchange.programme.values import line, moment_of, whole

__all__ = ["write_pretalx"]

_SLUG = re.compile(r"[A-Za-z0-9.-]{1,100}")


def write_pretalx(problem: Problem, schedule: Schedule, over: Source, *, version: str | None = None) -> Written:
    """Return what has to be sent to pretalx so that its schedule becomes this one: a JSON list of requests.

    Only slots that differ are changed (`PATCH /api/events/EVENT/slots/ID/` with start, end and room); a session that is
    not scheduled loses its time and its room. The last request, where a version is given, releases the schedule under
    its name. Nothing is sent here. The numbers of the slots must be those of the schedule that pretalx is working on
    ("wip"): no other can be changed there.

    Args:
        problem: what was read from pretalx.
        schedule: where each session stands.
        over: what it was read from.
        version: the name of the release.

    Raises:
        InputError: the source cannot be read or does not say of which event it is; or the schedule is of another
            problem.
    """
    tables = load_tables(over)
    faults = misfits(problem, schedule)
    event = line(tables.event.get("slug")) or problem.id
    if not _SLUG.fullmatch(event):
        faults.append(Fault("event.slug", f"{event!r} is no short form of an event", "that of the event's address."))
    if faults:
        raise InputError(faults, "the schedule")
    base = f"/api/events/{quote(event, safe='')}"
    notes: list[Note] = []
    requests: list[dict[str, Any]] = []
    numbers = {name: number for number, name in room_names(tables).items() if isinstance(number, int)}
    known = set()
    for slot in slots_of(tables):
        known.add(slot.name)
        booking = schedule.get(slot.name)
        if slot.name not in problem.sessions_by_id:
            continue
        data = _data(slot, booking, problem, numbers, notes)
        if data is None or not _differs(slot, booking, data, tables, schedule.zone):
            continue
        if slot.number is None:
            message = f"{slot.name!r} is to change, and its slot has no number: read /slots/ of pretalx as well"
            notes.append(Note(slot.where, message))
            continue
        requests.append({"method": "PATCH", "path": f"{base}/slots/{slot.number}/", "data": data})
    notes += [
        Note("", f"session {booking.session!r} is not in pretalx: it has to be made there first")
        for booking in schedule.bookings
        if booking.session not in known
    ]
    if version is not None:
        requests.append({"method": "POST", "path": f"{base}/schedules/release/", "data": {"version": version}})
    return Written(json_bytes(requests), tuple(notes))


def _data(
    slot: Slot, booking: Booking | None, problem: Problem, numbers: dict[str, int], notes: list[Note]
) -> dict[str, Any] | None:
    if booking is None:
        return {"start": None, "end": None, "room": None}
    label = problem.room(booking.room).label
    if label not in numbers:
        notes.append(Note(slot.where, f"room {label!r} is not in pretalx: {slot.name!r} cannot be moved there"))
        return None
    return {
        "start": booking.start.isoformat(timespec="seconds"),
        "end": booking.end.isoformat(timespec="seconds"),
        "room": numbers[label],
    }


def _differs(slot: Slot, booking: Booking | None, data: dict[str, Any], tables: Tables, zone: str) -> bool:
    if booking is None:
        return slot.start is not None
    tz = ZoneInfo(zone)
    try:
        start, end = moment_of(slot.start, tz), moment_of(slot.end, tz)
    except ValueError:
        return True
    rooms = room_names(tables)
    same_room = rooms.get(data["room"]) == room_of(slot.room, rooms, line(tables.event.get("locale")))
    minutes = whole(slot.minutes)
    ends = booking.end.timestamp()
    if end is not None:
        same_end = end.timestamp() == ends
    else:
        same_end = minutes is None or booking.start.timestamp() + minutes * 60 == ends
    return start is None or start.timestamp() != booking.start.timestamp() or not same_end or not same_room
