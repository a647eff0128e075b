"""Reading schedule.json: the kind with events by day and room, and the newer one with a single list of events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve

from unsched.domain.fact import shown
from unsched.exchange.frab.document import Day, Document, Event, Head, Link, Participant, RoomNote, Track
from unsched.exchange.frab.from_xml import TEXTS
from unsched.exchange.frab.times import DayTimes, start_of
from unsched.exchange.programme.document import Findings
from unsched.exchange.programme.values import date_of, id_of, length_of, line, moment_of, paragraphs, whole, zone_of

__all__ = ["conference_of", "from_json", "is_second"]

Raw = Mapping[str, Any]

_MOST_EVENTS = 20_000
_OF_DAY = frozenset(("index", "date", "day_start", "day_end", "start", "end", "rooms"))
_OF_SCHEDULE = frozenset(("version", "base_url", "url", "conference", "events"))
_OF_EVENT = frozenset(
    (
        *TEXTS,
        *[
            "id",
            "guid",
            "code",
            "date",
            "start",
            "end",
            "duration",
            "room",
            "persons",
            "participants",
            "links",
            "attachments",
            "recording_license",
        ],
        *["do_not_record", "do_not_stream", "state"],
    )
)
_OF_PERSON = frozenset(("id", "guid", "code", "name", "public_name"))
_OF_CONFERENCE = frozenset(
    [
        "title",
        "acronym",
        "start",
        "end",
        "daysCount",
        "timeslot_duration",
        "time_zone_name",
        "base_url",
        "url",
        "logo",
        "description",
        "tracks",
        "rooms",
        "days",
    ]
)


def from_json(data: object, found: Findings, zone: str | None = None) -> Document:
    """Return what a schedule.json says.

    Args:
        data: the content of the document.
        found: takes faults and notes.
        zone: IANA name of the zone to read it by; by default the one that it names.
    """
    schedule, conference = conference_of(data)
    days_raw = _list(conference.get("days"))
    second = is_second(schedule, conference)
    rows = list(_rows(schedule, days_raw, second=second, found=found))
    if zone is None:
        dates = [row[2].get("start" if second else "date") for row in rows]
        where = "schedule.conference.time_zone_name"
        tz = zone_of(conference.get("time_zone_name"), dates, where=where, notes=found.notes)
    else:
        tz = ZoneInfo(zone)
    days = tuple(_day(raw, f"schedule.conference.days[{number}]", tz, found) for number, raw in enumerate(days_raw))
    if not days and not rows:
        found.fault("schedule.conference.days", "there is no day", "a schedule.json with days.")
    head = _head(schedule, conference, data, found)
    names = {one.guid: one.name for one in head.rooms if one.guid}
    if second:
        events = tuple(_second(raw, path, days, names, tz, found) for path, _, raw, _ in rows)
        if not days:
            days, events = _by_date(events, tz)
    else:
        events = tuple(_first(raw, path, day, room, days[day], tz, found) for path, day, raw, room in rows)
    return Document("json-2" if second else "json", head, days, events, tz.key)


def conference_of(data: object) -> tuple[Raw, Raw]:
    """Return the schedule and the conference of a document, as far as they are there."""
    outer = _table(data)
    schedule = _table(outer.get("schedule", outer))
    return schedule, _table(schedule.get("conference", schedule))


def is_second(schedule: Raw, conference: Raw) -> bool:
    """Whether events stand in a single list."""
    days = _list(conference.get("days"))
    return isinstance(schedule.get("events"), list) and not any("rooms" in _table(day) for day in days)


def _table(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _rows(
    schedule: Raw, days: Iterable[object], *, second: bool, found: Findings
) -> Iterator[tuple[str, int, Raw, str]]:
    """Yield each event with its path, its day, and its room."""
    if second:
        places = ((f"schedule.events[{index}]", 0, raw, "") for index, raw in enumerate(_list(schedule.get("events"))))
    else:
        places = (
            (f"schedule.conference.days[{number}].rooms[{shown(room)}][{index}]", number, raw, room)
            for number, day in enumerate(days)
            for room, events in _table(_table(day).get("rooms")).items()
            for index, raw in enumerate(_list(events))
        )
    for count, (path, number, raw, room) in enumerate(places):
        if count >= _MOST_EVENTS:
            found.fault("", f"there are over {_MOST_EVENTS} events", "a part of them.")
            found.stop()
        if isinstance(raw, dict):
            yield path, number, raw, room
        else:
            found.fault(path, f"{shown(raw)} is no event", "a table.")


def _day(value: object, path: str, tz: ZoneInfo, found: Findings) -> Day:
    raw = _table(value)
    first, last = raw.get("day_start", raw.get("start")), raw.get("day_end", raw.get("end"))
    return Day(
        whole(raw.get("index")),
        found.value(f"{path}.date", date_of, raw.get("date")),
        found.value(f"{path}.day_start", moment_of, first, tz),
        found.value(f"{path}.day_end", moment_of, last, tz),
        tuple(dict.fromkeys(id_of(name) for name in _table(raw.get("rooms")))),
        {name: one for name, one in raw.items() if name not in _OF_DAY},
    )


# -- events -----------------------------------------------------------------------------------------------------------


def _first(raw: Raw, path: str, number: int, room: str, day: Day, tz: ZoneInfo, found: Findings) -> Event:
    times = DayTimes(day.date, day.start)
    start = found.value(f"{path}.date", start_of, raw.get("date"), raw.get("start"), times, tz)
    minutes = found.value(f"{path}.duration", length_of, raw.get("duration"))
    return _event(raw, path, number, id_of(room) or id_of(raw.get("room")), start, minutes, raw.get("persons"))


def _second(
    raw: Raw, path: str, days: tuple[Day, ...], names: Mapping[str, str], tz: ZoneInfo, found: Findings
) -> Event:
    start = found.value(f"{path}.start", moment_of, raw.get("start"), tz)
    end = found.value(f"{path}.end", moment_of, raw.get("end"), tz)
    minutes = found.value(f"{path}.duration", length_of, raw.get("duration"))
    if start is not None and end is not None:
        minutes = int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()) // 60
        if minutes < 0:
            found.fault(f"{path}.end", f"{line(raw.get('end'))} is before the start", "an end after the start.")
    room = raw.get("room")
    name = id_of(_table(room).get("name") or names.get(line(_table(room).get("guid")), "")) or id_of(room)
    return _event(raw, path, _day_at(start, days), name, start, minutes, raw.get("participants", raw.get("persons")))


def _by_date(events: tuple[Event, ...], tz: ZoneInfo) -> tuple[tuple[Day, ...], tuple[Event, ...]]:
    """Return a day for each date on which an event begins, and the events on these days."""
    dates = sorted({event.start.astimezone(tz).date() for event in events if event.start is not None})
    days = tuple(Day(None, date, None, None) for date in dates)
    return days, tuple(
        event if event.start is None else evolve(event, day=dates.index(event.start.astimezone(tz).date()))
        for event in events
    )


def _day_at(start: datetime | None, days: tuple[Day, ...]) -> int:
    """Return the number of the last day that has begun by then."""
    begun = sorted((day.start.astimezone(UTC), number) for number, day in enumerate(days) if day.start is not None)
    if start is None or not begun:
        return 0
    place = bisect_right(begun, (start.astimezone(UTC), len(days)))
    return begun[max(place - 1, 0)][1]


def _event(
    raw: Raw, path: str, day: int, room: str, start: datetime | None, minutes: int | None, persons: object
) -> Event:
    texts = {name: _said(raw[name]) for name in (*TEXTS, "state") if raw.get(name) is not None}
    if isinstance(raw.get("recording_license"), str):
        texts["license"] = paragraphs(raw["recording_license"])
    if raw.get("do_not_stream") is not None:
        texts["do_not_stream"] = str(raw["do_not_stream"]).lower()
    optout = raw.get("do_not_record")
    return Event(
        path,
        day,
        room,
        start,
        minutes,
        number=line(raw.get("id")),
        guid=line(raw.get("guid")),
        code=line(raw.get("code")),
        texts=texts,
        optout=optout if isinstance(optout, bool) else None,
        persons=tuple(_person(one) for one in _list(persons) if isinstance(one, dict | str)),
        links=tuple(_link(one) for one in _list(raw.get("links"))),
        attachments=tuple(_link(one) for one in _list(raw.get("attachments"))),
        extra={name: value for name, value in raw.items() if name not in _OF_EVENT},
    )


def _said(value: object) -> str:
    """Return a text: that of an image or a track is its address or its slug, of several languages the first."""
    if isinstance(value, dict):
        value = value.get("url") or value.get("name") or value.get("slug") or next(iter(value.values()), "")
    return paragraphs(value) if isinstance(value, str) else line(value)


def _person(value: dict[str, Any] | str) -> Participant:
    if isinstance(value, str):
        return Participant(line(value))
    return Participant(
        line(value.get("public_name")) or line(value.get("name")),
        line(value.get("id")),
        line(value.get("guid")),
        line(value.get("code")),
        {name: one for name, one in value.items() if name not in _OF_PERSON},
    )


def _link(value: object) -> Link:
    raw = _table(value)
    return Link(
        line(raw.get("url", raw.get("href", value))),
        line(raw.get("title")),
        line(raw.get("type")),
        line(raw.get("service")),
    )


# -- the head ---------------------------------------------------------------------------------------------------------


def _head(schedule: Raw, conference: Raw, data: object, found: Findings) -> Head:
    texts = {name: _said(conference.get(name)) for name in ("url", "logo", "description")}
    texts["schedule_url"] = _said(schedule.get("url"))
    slot = conference.get("timeslot_duration")
    return Head(
        version=line(schedule.get("version")),
        title=line(conference.get("title")),
        acronym=line(conference.get("acronym")),
        start=line(conference.get("start")),
        end=line(conference.get("end")),
        zone=line(conference.get("time_zone_name")),
        slot=found.value("schedule.conference.timeslot_duration", length_of, slot),
        base_url=line(schedule.get("base_url")) or line(conference.get("base_url")),
        texts={name: text for name, text in texts.items() if text},
        generator={name: line(text) for name, text in _table(_table(data).get("generator")).items()},
        tracks=tuple(_track(one) for one in _list(conference.get("tracks"))),
        rooms=tuple(_room(one) for one in _list(conference.get("rooms"))),
        extra={name: value for name, value in conference.items() if name not in _OF_CONFERENCE},
        beside={} if schedule is conference else {n: v for n, v in schedule.items() if n not in _OF_SCHEDULE},
    )


def _track(value: object) -> Track:
    raw = _table(value)
    return Track(line(raw.get("name", value)), {name: one for name, one in raw.items() if name != "name"})


def _room(value: object) -> RoomNote:
    raw = _table(value)
    capacity = whole(raw.get("capacity"))
    extra = {name: one for name, one in raw.items() if name not in {"name", "guid", "capacity"}}
    return RoomNote(
        id_of(raw.get("name", value)), line(raw.get("guid")), capacity if capacity and capacity > 0 else None, extra
    )
