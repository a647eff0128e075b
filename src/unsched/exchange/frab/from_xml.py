"""Reading schedule.xml, as pentabarf, frab, pretalx and others write it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from unsched.exchange.frab.document import Day, Document, Event, Head, Link, Participant, RoomNote, Track
from unsched.exchange.frab.times import DayTimes, start_of
from unsched.exchange.programme.document import Findings
from unsched.exchange.programme.values import (
    clock_of,
    date_of,
    id_of,
    length_of,
    line,
    moment_of,
    paragraphs,
    whole,
    zone_of,
)

__all__ = ["TEXTS", "from_xml", "zone_in_xml"]

TEXTS = (
    "title",
    "subtitle",
    "type",
    "language",
    "abstract",
    "description",
    "slug",
    "track",
    "logo",
    "url",
    "feedback_url",
    "origin_url",
    "video_download_url",
)
"""Elements of an event that are plain texts, called alike in XML and JSON."""

_MOST_EVENTS = 20_000
_OF_EVENT = frozenset((*TEXTS, "room", "date", "start", "duration", "persons", "recording", "links", "attachments"))
_OF_CONFERENCE = frozenset(
    [
        "title",
        "acronym",
        "start",
        "end",
        "days",
        "timeslot_duration",
        "base_url",
        "url",
        "logo",
        "time_zone_name",
        "color",
        "track",
    ]
)
_OF_DAY = frozenset(("index", "date", "start", "end"))
_OF_SCHEDULE = frozenset(("generator", "url", "version", "conference", "day", "tracks"))
_TRUE = frozenset(("true", "1", "yes"))


def from_xml(root: Element, found: Findings, zone: str | None = None) -> Document:
    """Return what a schedule.xml says.

    Args:
        root: its root.
        found: takes faults and notes.
        zone: IANA name of the zone to read it by; by default the one that it names.
    """
    if root.tag != "schedule":
        found.fault("", f"the root is <{line(root.tag)}>", "a schedule.xml, whose root is <schedule>.")
        found.stop()
    conference = root.find("conference")
    if conference is None:
        conference = Element("conference")
    tz = ZoneInfo(zone) if zone else zone_in_xml(root, found)
    days: list[Day] = []
    events: list[Event] = []
    change = found.value("schedule.conference.day_change", clock_of, _text(conference, "day_change"))
    for number, element in enumerate(root.iter("day")):
        if element.find("room") is None and element.get("index") is None and element.get("date") is None:
            continue
        path = f"schedule.day[{number}]{_line(element)}"
        day = Day(
            whole(element.get("index")),
            found.value(f"{path}.date", date_of, element.get("date")),
            found.value(f"{path}.start", moment_of, element.get("start"), tz),
            found.value(f"{path}.end", moment_of, element.get("end"), tz),
            tuple(dict.fromkeys(id_of(room.get("name")) for room in element.findall("room"))),
            {name: line(text) for name, text in element.attrib.items() if name not in _OF_DAY},
        )
        times = DayTimes(day.date, day.start, change)
        for place, event, room in _events(element, number):
            if len(events) >= _MOST_EVENTS:
                found.fault("", f"there are over {_MOST_EVENTS} events", "a part of them.")
                found.stop()
            events.append(_event(event, place, len(days), room, times, tz, found))
        days.append(day)
    if not days:
        found.fault("schedule", "there is no day", "a schedule.xml with <day> in it.")
    return Document("xml", _head(root, conference, found), tuple(days), tuple(events), tz.key)


def zone_in_xml(root: Element, found: Findings) -> ZoneInfo:
    """Return the zone that a document names, or else what its times show."""
    named = root.findtext("conference/time_zone_name")
    texts = [event.findtext("date") for event in root.iter("event")]
    return zone_of(named, texts, where="schedule.conference.time_zone_name", notes=found.notes)


def _events(day: Element, number: int) -> Iterator[tuple[str, Element, Element]]:
    for place, room in enumerate(day.findall("room")):
        for index, event in enumerate(room.findall("event")):
            yield f"schedule.day[{number}].room[{place}].event[{index}]{_line(event)}", event, room


def _line(element: Element) -> str:
    number = getattr(element, "line", 0)
    return f" (line {number})" if number else ""


def _text(element: Element, name: str) -> str:
    return line(element.findtext(name))


def _event(
    element: Element, path: str, day: int, room: Element, times: DayTimes, tz: ZoneInfo, found: Findings
) -> Event:
    recording = element.find("recording")
    texts = {name: paragraphs(element.findtext(name)) for name in TEXTS if element.find(name) is not None}
    if recording is not None:
        for name, mine in (("license", "license"), ("url", "recording_url"), ("link", "recording_link")):
            if recording.find(name) is not None:
                texts[mine] = paragraphs(recording.findtext(name))
    optout = None if recording is None else line(recording.findtext("optout")).lower()
    unknown = {child.tag: paragraphs(child.text) for child in element if isinstance(child.tag, str)}
    for attribute in element.attrib:
        if attribute not in {"id", "guid", "code"}:
            unknown[f"@{attribute}"] = element.attrib[attribute]
    return Event(
        path,
        day,
        id_of(room.get("name")) or id_of(element.findtext("room")),
        found.value(f"{path}.start", start_of, element.findtext("date"), element.findtext("start"), times, tz),
        found.value(f"{path}.duration", length_of, line(element.findtext("duration"))),
        number=line(element.get("id")),
        guid=line(element.get("guid")),
        code=line(element.get("code")),
        texts=texts,
        optout=None if not optout else optout in _TRUE,
        persons=tuple(
            Participant(
                line(one.text),
                line(one.get("id")),
                line(one.get("guid")),
                line(one.get("code")),
                {name: line(text) for name, text in one.attrib.items() if name not in {"id", "guid", "code"}},
            )
            for one in element.iterfind("persons/person")
        ),
        links=tuple(_link(one) for one in element.iterfind("links/link")),
        attachments=tuple(_link(one) for one in element.iterfind("attachments/attachment")),
        extra={name: text for name, text in unknown.items() if name not in _OF_EVENT},
    )


def _link(element: Element) -> Link:
    return Link(line(element.get("href")), line(element.text), line(element.get("type")), line(element.get("service")))


def _head(root: Element, conference: Element, found: Findings) -> Head:
    generator = root.find("generator")
    texts = {"schedule_url": _text(root, "url")}
    texts.update((name, _text(conference, name)) for name in ("url", "logo"))
    color = conference.find("color")
    tracks = [*conference.findall("track"), *root.iterfind("tracks/track")]
    rooms: dict[str, RoomNote] = {}
    for room in root.iterfind("day/room"):
        name = id_of(room.get("name"))
        own = {key: line(text) for key, text in room.attrib.items() if key not in {"name", "guid"}}
        if (room.get("guid") or own) and name not in rooms:
            rooms[name] = RoomNote(name, line(room.get("guid")), extra=own)
    extra: dict[str, object] = {
        child.tag: paragraphs(child.text)
        for child in conference
        if isinstance(child.tag, str) and child.tag not in _OF_CONFERENCE
    }
    if color is not None:
        extra["colors"] = dict(color.attrib)
    return Head(
        version=_text(root, "version"),
        title=_text(conference, "title"),
        acronym=_text(conference, "acronym"),
        start=_text(conference, "start"),
        end=_text(conference, "end"),
        zone=_text(conference, "time_zone_name"),
        slot=found.value("schedule.conference.timeslot_duration", length_of, _text(conference, "timeslot_duration")),
        base_url=_text(conference, "base_url"),
        texts={name: text for name, text in texts.items() if text},
        generator={} if generator is None else {name: line(text) for name, text in generator.attrib.items()},
        tracks=tuple(
            Track(
                line(one.get("name")) or line(one.text),
                {name: line(text) for name, text in one.attrib.items() if name != "name"},
            )
            for one in tracks
        ),
        rooms=tuple(rooms.values()),
        extra=extra,
        beside={
            child.tag: paragraphs(child.text)
            for child in root
            if isinstance(child.tag, str) and child.tag not in _OF_SCHEDULE
        },
    )
