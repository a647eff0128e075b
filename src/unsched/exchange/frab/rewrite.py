"""Changing a document where planning changes it, and nowhere else: what no schema knows of is kept as well."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from unsched.exchange.frab.document import Document, Event
from unsched.exchange.frab.from_json import conference_of
from unsched.exchange.frab.read import Loaded
from unsched.exchange.frab.to_xml import xml_bytes
from unsched.exchange.frab.valid import clock, duration, hours_of, number_of
from unsched.exchange.programme.document import json_bytes

__all__ = ["rewritten"]


def rewritten(loaded: Loaded, after: Document, became: tuple[Event | None, ...]) -> bytes:
    """Return a document in which events stand as planned.

    Args:
        loaded: the document as it was read.
        after: the document as planned: its days, of which there may be more.
        became: what became of each event of the document that was read.
    """
    write: dict[str, Callable[..., bytes]] = {"xml": _xml, "json": _json, "json-2": _json_2}
    return write[loaded.document.form](loaded, after, became)


def _changes(loaded: Loaded, became: tuple[Event | None, ...]) -> Iterator[tuple[int, Event, Event | None]]:
    for index, (before, after) in enumerate(zip(loaded.document.events, became, strict=True)):
        if after is not before:
            yield index, before, after


# -- XML --------------------------------------------------------------------------------------------------------------


def _xml(loaded: Loaded, after: Document, became: tuple[Event | None, ...]) -> bytes:
    root: Element = copy.deepcopy(loaded.tree)
    days = [day for day in root.iter("day") if _is_day(day)]
    places = [(day, room, event) for day in days for room in day.findall("room") for event in room.findall("event")]
    days += [_new_day(root, after, number) for number in range(len(days), len(after.days))]
    for index, before, event in _changes(loaded, became):
        _, parent, element = places[index]
        if event is None:
            _remove(parent, element)
            continue
        start, _ = clock(event)
        _set(element, "date", start.isoformat(timespec="seconds"))
        _set(element, "start", f"{start:%H:%M}")
        if event.minutes != before.minutes:
            _set(element, "duration", duration(event.minutes or 0))
        if event.room != before.room:
            _set(element, "room", event.room)
        if (event.day, event.room) != (before.day, before.room):
            _remove(parent, element)
            room = next((one for one in days[event.day].findall("room") if one.get("name") == event.room), None)
            if room is None:
                room = SubElement(days[event.day], "room", {"name": event.room})
            room.append(element)
    return xml_bytes(root)


def _is_day(day: Element) -> bool:
    return not (day.find("room") is None and day.get("index") is None and day.get("date") is None)


def _new_day(root: Element, after: Document, number: int) -> Element:
    day = hours_of(after, number, after.days[number])
    attributes = {"index": str(number_of(after.days)[number]), "date": f"{day.date}"}
    for name, moment in (("start", day.start), ("end", day.end)):
        if moment is not None:
            attributes[name] = moment.isoformat(timespec="seconds")
    return SubElement(root, "day", attributes)


def _remove(parent: Element, element: Element) -> None:
    """Take an element out, and leave the blanks around it as they were."""
    place = list(parent).index(element)
    if place and element.tail:
        parent[place - 1].tail = element.tail
    parent.remove(element)


def _set(element: Element, name: str, text: str) -> None:
    child = element.find(name)
    if child is None:
        child = SubElement(element, name)
    child.text = text


# -- JSON -------------------------------------------------------------------------------------------------------------


def _json(loaded: Loaded, after: Document, became: tuple[Event | None, ...]) -> bytes:
    tree = copy.deepcopy(loaded.tree)
    _, conference = conference_of(tree)
    days: Any = conference["days"]
    places = [
        (events, raw)
        for day in days
        if isinstance(day, dict) and isinstance(day.get("rooms"), dict)
        for events in day["rooms"].values()
        if isinstance(events, list)
        for raw in events
    ]
    for number in range(len(days), len(after.days)):
        row = _json_day(after, number)
        days.append({**row, "day_start": row.pop("start"), "day_end": row.pop("end"), "rooms": {}})
    for index, before, event in _changes(loaded, became):
        events, raw = places[index]
        if event is None:
            _drop(events, raw)
            continue
        start, _ = clock(event)
        raw["date"] = start.isoformat(timespec="seconds")
        raw["start"] = f"{start:%H:%M}"
        if event.minutes != before.minutes:
            raw["duration"] = duration(event.minutes or 0)
        _end(raw, event)
        if event.room != before.room:
            raw["room"] = event.room
        if (event.day, event.room) != (before.day, before.room):
            _drop(events, raw)
            days[event.day].setdefault("rooms", {}).setdefault(event.room, []).append(raw)
    return json_bytes(tree)


def _json_2(loaded: Loaded, after: Document, became: tuple[Event | None, ...]) -> bytes:
    tree = copy.deepcopy(loaded.tree)
    schedule, conference = conference_of(tree)
    days: Any = conference.get("days")
    if isinstance(days, list):
        days += [_json_day(after, number) for number in range(len(days), len(after.days))]
    every: Any = schedule["events"]
    rooms = {room.name: room for room in loaded.document.head.rooms}
    raws = list(every)
    for index, before, event in _changes(loaded, became):
        raw = raws[index]
        if event is None:
            _drop(every, raw)
            continue
        start, _ = clock(event)
        raw["start"] = start.isoformat(timespec="seconds")
        _end(raw, event)
        if event.minutes != before.minutes and "duration" in raw:
            raw["duration"] = f"PT{event.minutes}M"
        if event.room != before.room:
            note = rooms.get(event.room)
            raw["room"] = {"name": event.room}
            if note is not None:
                slug = note.extra.get("slug")
                raw["room"] |= {"guid": note.guid} | ({"slug": slug} if slug else {})
    return json_bytes(tree)


def _end(raw: dict[str, Any], event: Event) -> None:
    if "end" in raw:
        raw["end"] = clock(event)[1].isoformat(timespec="seconds")


def _json_day(after: Document, number: int) -> dict[str, Any]:
    day = hours_of(after, number, after.days[number])
    start, end = (one.isoformat(timespec="seconds") if one else "" for one in (day.start, day.end))
    return {"index": number_of(after.days)[number], "date": f"{day.date}", "start": start, "end": end}


def _drop(events: list[Any], raw: object) -> None:
    """Take out this very event, and not another that says the same."""
    place = next(index for index, one in enumerate(events) if one is raw)
    del events[place]
