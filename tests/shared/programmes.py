"""Small schedule documents, and their schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import jsonschema  # type: ignore[import-untyped]  # it has none
import xmlschema

SCHEMAS = Path(__file__).resolve().parent.parent / "exchange" / "schemas"


@cache
def _xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "schedule.xsd"))


@cache
def _json_schema(version: int) -> jsonschema.Draft6Validator:
    name = {1: "schedule.schema.json", 2: "schedule2.schema.json"}[version]
    return jsonschema.Draft6Validator(json.loads((SCHEMAS / name).read_text(encoding="utf-8")))


def xml_errors(data: bytes) -> list[str]:
    """Return what the public XSD finds wrong."""
    return [f"{error.path}: {error.reason}" for error in _xsd().iter_errors(data.decode())]


def json_errors(data: bytes, version: int = 1) -> list[str]:
    """Return what the public JSON Schema finds wrong."""
    return [f"{error.json_path}: {error.message}" for error in _json_schema(version).iter_errors(json.loads(data))]


def event(number: int, at: str, length: str = "00:30", /, **more: Any) -> dict[str, Any]:
    """Return an event as a schedule.json of the first kind has it."""
    found = {
        "id": number,
        "guid": f"00000000-0000-5000-8000-{number:012}",
        "logo": None,
        "date": at,
        "start": at[11:16],
        "duration": length,
        "slug": f"demo-{number}-talk",
        "url": f"https://example.org/{number}",
        "title": f"Talk {number}",
        "subtitle": "",
        "track": "Main",
        "type": "lecture",
        "language": "en",
        "abstract": f"About {number}.",
        "description": "",
        "recording_license": "CC BY 4.0",
        "do_not_record": False,
        "persons": [{"id": number + 1000, "public_name": f"Person {number}"}],
        "links": [{"url": "https://example.org/slides", "title": "Slides"}],
        "attachments": [],
        **more,
    }
    return {key: value for key, value in found.items() if value is not ...}


def day(index: int, date: str, rooms: Mapping[str, Iterable[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    """Return a day: from 10:00 to 04:00 of the next date, unless said otherwise."""
    listed = {name: [{**one, "room": name} for one in events] for name, events in rooms.items()}
    hours = {"day_start": f"{date}T10:00:00+01:00", "day_end": f"{date[:8]}{int(date[8:]) + 1:02}T04:00:00+01:00"}
    return {"index": index, "date": date, **hours, **more, "rooms": listed}


def document(*days: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a schedule.json of the first kind, valid if its events are."""
    conference = {
        "acronym": "demo",
        "title": "Demo",
        "start": "2024-02-03",
        "end": "2024-02-04",
        "daysCount": len(days),
        "timeslot_duration": "00:15",
        "time_zone_name": "Europe/Brussels",
        "rooms": [],
        "days": list(days),
        **more,
    }
    conference = {key: value for key, value in conference.items() if value is not ...}
    return {"schedule": {"version": "1", "base_url": "https://example.org/", "conference": conference}}


def encoded(data: object) -> bytes:
    """Return plain data as JSON."""
    return json.dumps(data).encode()


def xml(data: Mapping[str, Any]) -> bytes:
    """Return the same document as XML, written by other code than is tested."""
    conference = data["schedule"]["conference"]
    lines = ["<schedule>", "<version>1</version>", "<conference>"]
    lines += [
        f"<{name}>{escape(str(conference[name]))}</{name}>"
        for name in ("title", "acronym", "start", "end", "timeslot_duration", "time_zone_name")
        if name in conference
    ]
    lines.append("</conference>")
    for one in conference["days"]:
        attributes = {"index": one["index"], "date": one["date"], "start": one["day_start"], "end": one["day_end"]}
        lines.append(f"<day {' '.join(f'{name}={quoteattr(str(value))}' for name, value in attributes.items())}>")
        for room, events in one["rooms"].items():
            lines.append(f"<room name={quoteattr(room)}>")
            lines += [line for talk in events for line in _xml_event(talk)]
            lines.append("</room>")
        lines.append("</day>")
    return "\n".join([*lines, "</schedule>", ""]).encode()


def _xml_event(talk: Mapping[str, Any]) -> Iterable[str]:
    ids = " ".join(f"{name}={quoteattr(str(talk[name]))}" for name in ("id", "guid", "code") if name in talk)
    yield f"<event {ids}>"
    names = ("room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "language")
    yield from (f"<{name}>{escape(str(talk[name] or ''))}</{name}>" for name in (*names, "url") if name in talk)
    yield "<persons>"
    for person in talk.get("persons", ()):
        number = f" id={quoteattr(str(person['id']))}" if "id" in person else ""
        yield f"<person{number}>{escape(person.get('public_name') or person['name'])}</person>"
    yield "</persons></event>"
