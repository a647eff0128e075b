"""Writing schedule.xml, valid against the public XSD."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from unsched.exchange.frab.document import Document, Event, Head, Link, RoomNote
from unsched.exchange.frab.valid import (
    Losses,
    clock,
    duration,
    hours_of,
    is_uuid,
    named,
    number_of,
    slug_of,
    unique,
    web,
)
from unsched.exchange.programme.values import line, paragraphs

__all__ = ["acronym_of", "to_xml", "xml_bytes"]

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")
_TRACK_SLUG = re.compile(r"[a-z][a-z0-9-]+")
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?", re.ASCII)
_LONGEST = 99 * 60 + 59


def to_xml(document: Document, losses: Losses) -> bytes:
    """Return a schedule.xml; what the schema has no place for is left out, and counted."""
    events = unique(document, losses)
    root = Element("schedule")
    _head(root, document, losses)
    slugs: dict[str, None] = {}
    told: dict[str, None] = {}
    numbers = number_of(document.days)
    for number, one in enumerate(document.days):
        day = hours_of(document, number, one)
        start, end = day.start, day.end
        if start is None or end is None:
            continue
        _unsaid(day.extra, "of a day", losses)
        mine = [event for event in events if event.day == number]
        element = SubElement(
            root,
            "day",
            {
                "index": str(numbers[number]),
                "date": f"{day.date}",
                "start": start.isoformat(timespec="seconds"),
                "end": end.isoformat(timespec="seconds"),
            },
        )
        for name in dict.fromkeys((*day.rooms, *(event.room for event in mine))):
            room = SubElement(element, "room", {"name": name})
            note = next((note for note in document.head.rooms if note.name == name), RoomNote(name))
            if is_uuid(note.guid):
                room.set("guid", note.guid)
            said = [*note.extra, *(("capacity",) if note.capacity is not None else ())]
            _unsaid(said if name not in told else (), "of a room", losses, f"room {name!r}")
            told[name] = None
            for event in sorted((event for event in mine if event.room == name), key=_begins):
                _event(SubElement(room, "event"), event, document, slugs, losses)
    return xml_bytes(root, pretty=True)


def xml_bytes(root: Element, *, pretty: bool = False) -> bytes:
    """Return a document in UTF-8."""
    if pretty:
        indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'.encode("utf-8", "replace")


def _begins(event: Event) -> float:
    return clock(event)[0].timestamp()


def acronym_of(head: Head, pattern: re.Pattern[str], losses: Losses, *, hyphens: bool) -> str:
    """Return the acronym of a conference as a schema has it: lower case, four letters or more."""
    if pattern.fullmatch(head.acronym):
        return head.acronym
    found = slug_of(head.acronym or head.title) or "conference"
    if not hyphens:
        found = found.replace("-", "_")
    while len(found) < 4:
        found += "_"
    losses.add(f"the acronym {head.acronym!r} is written as {found!r}", "conference")
    return found


def _head(root: Element, document: Document, losses: Losses) -> None:
    head = document.head
    generator = named(head.generator, "name", "system", "version")
    SubElement(root, "generator", generator or {"name": "unsched"})
    schedule_url = web(head.texts.get("schedule_url", ""), head.base_url)
    if schedule_url:
        _sub(root, "url", schedule_url)
    _sub(root, "version", head.version or "0")
    conference = SubElement(root, "conference")
    _sub(conference, "title", head.title)
    _sub(conference, "acronym", acronym_of(head, re.compile(r"[a-z0-9_-]{4,}"), losses, hyphens=True))
    for name, text in (("start", head.start), ("end", head.end)):
        if _DATE.fullmatch(text):
            _sub(conference, name, text)
        elif text:
            losses.add("the first or the last day is left out: it is no date", "conference")
    _sub(conference, "days", str(len(document.days)))
    if head.slot:
        _sub(conference, "timeslot_duration", duration(head.slot))
    for name, text in (("base_url", head.base_url), *((name, head.texts.get(name, "")) for name in ("logo", "url"))):
        address = web(text, head.base_url)
        if address:
            _sub(conference, name, address)
        elif text:
            losses.add(f"{name} is left out: it is no address on the web", "conference")
    _sub(conference, "time_zone_name", document.zone)
    colors = head.extra.get("colors")
    color = {name: line(value) for name, value in colors.items()} if isinstance(colors, dict) else {}
    if _COLOR.fullmatch(color.get("primary", "")):
        SubElement(conference, "color", {n: v for n, v in color.items() if n == "primary" or _COLOR.fullmatch(v)})
    _tracks(conference, head, losses)
    _unsaid((name for name in head.extra if name != "colors"), "of the conference", losses)
    _unsaid(head.beside, "beside the conference", losses)
    _unsaid(("description",) if head.texts.get("description") else (), "of the conference", losses)


def _tracks(conference: Element, head: Head, losses: Losses) -> None:
    for track in head.tracks:
        if not track.name:
            continue
        element = SubElement(conference, "track", {"name": track.name})
        for name, pattern in (("color", _COLOR), ("slug", _TRACK_SLUG)):
            if pattern.fullmatch(line(track.extra.get(name))):
                element.set(name, line(track.extra.get(name)))
        _unsaid((name for name in track.extra if name not in element.attrib), "of a track", losses)


def _unsaid(names: Iterable[str], of: str, losses: Losses, place: str = "") -> None:
    for name in names:
        losses.add(f"{name!r} {of} is left out: the schema has no place for it", place)


def _sub(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = paragraphs(text)
    return element


def _event(element: Element, event: Event, document: Document, slugs: dict[str, None], losses: Losses) -> None:
    element.set("guid", event.guid)
    element.set("id", event.number)
    if event.code:
        element.set("code", event.code)
    start, _ = clock(event)
    minutes = event.minutes or 0
    if minutes > _LONGEST:
        minutes = _LONGEST
        losses.add("a length is written as 99:59, the longest that the schema has", event.where)
    _sub(element, "date", start.isoformat(timespec="seconds"))
    _sub(element, "start", f"{start:%H:%M}")
    _sub(element, "duration", duration(minutes))
    _sub(element, "room", event.room)
    slug = event.text("slug").lower()
    if _SLUG.fullmatch(slug) and slug not in slugs:
        if slug != event.text("slug"):
            losses.add("a slug is written in lower case", event.where)
        slugs[slug] = None
        _sub(element, "slug", slug)
    elif slug:
        losses.add("a slug is left out: it is not of the form that the schema has", event.where)
    base = document.head.base_url
    _addresses(element, event, base, losses)
    for name in ("title", "subtitle", "track", "type", "language", "abstract", "description"):
        if name in event.texts or name in {"title", "track", "type", "abstract"}:
            _sub(element, name, event.text(name))
    _recording(element, event, losses)
    _persons(element, event, losses)
    _links(element, "links", "link", event.links, base)
    _links(element, "attachments", "attachment", event.attachments, base)
    _unsaid(
        (*event.extra, *(n for n in ("do_not_stream", "state") if event.text(n))), "of an event", losses, event.where
    )


def _addresses(element: Element, event: Event, base: str, losses: Losses) -> None:
    for name in ("url", "feedback_url", "origin_url", "video_download_url", "logo"):
        address = web(event.text(name), base)
        if address:
            _sub(element, name, address)
        elif event.text(name):
            losses.add(f"{name} of an event is left out: it is no address on the web", event.where)


def _persons(element: Element, event: Event, losses: Losses) -> None:
    persons = SubElement(element, "persons")
    for person in event.persons:
        one = _sub(persons, "person", person.name)
        if _INTEGER.fullmatch(person.number):
            one.set("id", person.number)
        if is_uuid(person.guid):
            one.set("guid", person.guid)
        _unsaid((*person.extra, *(("code",) if person.code else ())), "of a person", losses, event.where)


def _recording(element: Element, event: Event, losses: Losses) -> None:
    if event.optout is None and "license" not in event.texts:
        return
    recording = SubElement(element, "recording")
    _sub(recording, "license", event.text("license"))
    _sub(recording, "optout", "true" if event.optout else "false")
    for name in ("url", "link"):
        address = web(event.text(f"recording_{name}"))
        if address:
            _sub(recording, name, address)
        elif event.text(f"recording_{name}"):
            losses.add("an address of a recording is left out: it is none on the web", event.where)


def _links(element: Element, several: str, single: str, links: Iterable[Link], base: str) -> None:
    parent = SubElement(element, several)
    for link in links:
        one = _sub(parent, single, link.title or link.url)
        one.set("href", web(link.url, base) or link.url)
        if link.type:
            one.set("type", link.type)
        if link.service and single == "link":
            one.set("service", link.service)
