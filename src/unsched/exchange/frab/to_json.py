"""Writing schedule.json, valid against the public JSON Schemas of both kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from unsched.exchange.frab.document import Document, Event, Head, Link, Participant, RoomNote
from unsched.exchange.frab.plan import uuid_of
from unsched.exchange.frab.to_xml import acronym_of
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
from unsched.exchange.programme.document import json_bytes
from unsched.exchange.programme.values import line

__all__ = ["to_json"]

_ACRONYM = re.compile(r"[a-z0-9_-][a-z0-9_]{3,}(?:-2[0-9]{3}-[a-z]+)?")
_ZONE = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+.*|.*UTC")
_SLUG = re.compile(r"[a-z0-9_-]+[a-z0-9]")
_CODE = re.compile(r"[A-Z0-9]+")
_REFERENCES = {
    1: frozenset(["slides", "paper", "web", "blog", "article", "media", "related", "activitypub"]),
    2: frozenset(
        ["SLIDES", "PAPER", "WEB", "BLOG", "ARTICLE", "BOOK", "MEDIA", "RELATED", "FEEDBACK", "ORIGIN", "ACTIVITYPUB"]
    ),
}
_SERVICES = frozenset(
    ["MASTODON", "BLUESKY", "INSTAGRAM", "THREADS", "TWITTER", "FORGEJO", "GITHUB", "GITLAB", "MEDIACCCDE", "PEERTUBE"]
)
_KINDS = {
    "lecture": "TALK",
    "lightning_talk": "LIGHTNING_TALK",
    "lightning": "LIGHTNING_TALK",
    "podium": "DISCUSSION",
    "panel": "DISCUSSION",
    "bof": "MEETING",
    "party": "PERFORMANCE",
}
_OWN_KINDS = frozenset(
    [
        "TALK",
        "WORKSHOP",
        "HANDS-ON",
        "MEETING",
        "DISCUSSION",
        "PERFORMANCE",
        "CONCERT",
        "GAME",
        "LIGHTNING_TALK",
        "OTHER",
    ]
)
_STATES = frozenset(
    ["DRAFT", "SUBMITTED", "ACCEPTED", "REJECTED", "CONFIRMED", "DELAYED", "CANCELED", "WITHDRAWN", "DELETED"]
)
_ROOM = {
    1: ("slug", "type", "stream_id", "description", "url", "features", "assembly"),
    2: ("slug", "type", "stream_id", "description", "url", "features", "parent"),
}
_ROOM_TYPES = {
    1: frozenset(["lecturehall", "stage", "workshop", "outside", "online", "project", "bbb", "hangar", "other"]),
    2: frozenset(["LECTURE_HALL", "STAGE", "WORKSHOP", "OUTSIDE", "VIRTUAL", "PROJECT", "HANGAR", "OTHER"]),
}
_OF_TRACK = frozenset(("slug", "color", "type", "colors"))
_OF_CONFERENCE = {1: ("colors", "keywords", "meta"), 2: ("colors", "keywords", "languages", "defaults", "meta")}


def to_json(document: Document, losses: Losses, version: int = 1) -> bytes:
    """Return a schedule.json; what the schema has no place for is left out, and counted.

    Args:
        document: what to write.
        losses: takes what is changed or left out.
        version: 1, with events by day and room, or 2, with a single list of events.
    """
    events = unique(document, losses)
    days = [hours_of(document, number, day) for number, day in enumerate(document.days)]
    rooms = _rooms(document, events, version, losses)
    conference: dict[str, Any] = {
        "acronym": acronym_of(document.head, _ACRONYM, losses, hyphens=False),
        "title": document.head.title,
        **_frame(document, version, losses),
        "rooms": list(rooms.values()),
        "days": [],
    }
    numbers = number_of(document.days)
    for number, day in enumerate(days):
        start, end = (one.isoformat(timespec="seconds") if one else "" for one in (day.start, day.end))
        row: dict[str, Any] = {"index": numbers[number], "date": f"{day.date}"}
        if version == 1:
            mine = [event for event in events if event.day == number]
            names = dict.fromkeys((*day.rooms, *(event.room for event in mine)))
            row |= {"day_start": start, "day_end": end}
            row["rooms"] = {
                name: [_event_1(one, document, losses) for one in _in_order(mine) if one.room == name] for name in names
            }
        else:
            row |= {"start": start, "end": end}
        conference["days"].append(row)
    schedule: dict[str, Any] = {"version": document.head.version or "0"}
    # Only what was JSON can be JSON again: of XML, there is no more than the text.
    schedule |= _beside(document, losses)
    if version == 1:
        base = web(document.head.base_url)
        schedule |= {"base_url": base} if base else {}
        schedule["conference"] = conference
    else:
        schedule["conference"] = conference
        schedule["events"] = [_event_2(one, document, rooms, losses) for one in _in_order(events)]
    schemas = {1: "https://c3voc.de/schedule/schema.json", 2: "https://c3voc.de/schema/schedule2"}
    generator = named(document.head.generator, "name", "version") or {"name": "unsched"}
    return json_bytes({"$schema": schemas[version], "generator": generator, "schedule": schedule})


def _beside(document: Document, losses: Losses) -> dict[str, Any]:
    lost = [(name, "of a day") for day in document.days for name in day.extra]
    kept = document.head.beside if document.form.startswith("json") else {}
    lost += [(name, "beside the conference") for name in document.head.beside if name not in kept]
    for name, of in lost:
        losses.add(f"{name!r} {of} is left out: the schema has no place for it")
    return {name: value for name, value in kept.items() if name != "rooms"}


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: clock(event)[0].timestamp())


# -- the head ---------------------------------------------------------------------------------------------------------


def _frame(document: Document, version: int, losses: Losses) -> dict[str, Any]:
    head = document.head
    found: dict[str, Any] = dict(zip(("start", "end"), _bounds(document, version), strict=True))
    if version == 1:
        found["daysCount"] = len(document.days)
        found["timeslot_duration"] = duration(head.slot or 5)
    elif head.slot:
        found["timeslot_duration"] = f"PT{head.slot}M"
    if _ZONE.fullmatch(document.zone):
        found["time_zone_name"] = document.zone
    else:
        losses.add(
            f"the time zone {document.zone!r} is left out: the schema has no place for such a name", "conference"
        )
    found |= _addresses(head, version, losses)
    if head.texts.get("description"):
        found["description"] = head.texts["description"]
    if head.tracks:
        found["tracks"] = [_track(one.name, one.extra) for one in head.tracks]
        for name in (name for one in head.tracks for name in one.extra if name not in _OF_TRACK):
            losses.add(f"{name!r} of a track is left out: the schema has no place for it")
    for name, value in head.extra.items():
        if name in _OF_CONFERENCE[version] and not isinstance(value, str):
            found[name] = value
        else:
            losses.add(f"{name!r} of the conference is left out: the schema has no place for it")
    return found


def _addresses(head: Head, version: int, losses: Losses) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("logo", "url"):
        address = web(head.texts.get(name, ""), head.base_url)
        if address:
            found[name] = {"type": "Image", "url": address} if name == "logo" and version == 2 else address
        elif head.texts.get(name):
            losses.add(f"{name} is left out: it is no address on the web", "conference")
    return found


def _bounds(document: Document, version: int) -> tuple[str, str]:
    head, days = document.head, [hours_of(document, number, day) for number, day in enumerate(document.days)]
    firsts = [day.start for day in days if day.start]
    lasts = [day.end for day in days if day.end]
    found = []
    for text, moment in (
        (head.start, min(firsts, key=datetime.timestamp, default=None)),
        (head.end, max(lasts, key=datetime.timestamp, default=None)),
    ):
        if version == 1 or "T" in text:
            found.append(text or (f"{moment.date()}" if moment else ""))
        elif moment is not None:
            found.append(moment.isoformat(timespec="seconds"))
        else:
            found.append(datetime.combine(date(2000, 1, 1), time(), ZoneInfo(document.zone)).isoformat())
    return found[0], found[1]


def _track(name: str, extra: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "slug": _slug(line(extra.get("slug")), name)}
    for key in ("color", "type"):
        if isinstance(extra.get(key), str):
            found[key] = extra[key]
    if isinstance(extra.get("colors"), dict):
        found["colors"] = extra["colors"]
    return found


def _slug(own: str, name: str) -> str:
    if _SLUG.fullmatch(own):
        return own
    found = slug_of(own or name)
    return found if _SLUG.fullmatch(found) else f"none-{found}".rstrip("-")


def _rooms(document: Document, events: Iterable[Event], version: int, losses: Losses) -> dict[str, dict[str, Any]]:
    notes = {room.name: room for room in document.head.rooms}
    names = (*notes, *(name for day in document.days for name in day.rooms), *(event.room for event in events))
    found = {}
    for name in dict.fromkeys(names):
        if name:
            found[name] = _room(document.head, notes.get(name, RoomNote(name)), version, losses)
    return found


def _room(head: Head, room: RoomNote, version: int, losses: Losses) -> dict[str, Any]:
    guid = room.guid if is_uuid(room.guid) else uuid_of(head.acronym, "room", room.name)
    found: dict[str, Any] = {"name": room.name, "guid": guid}
    if room.capacity is not None or version == 1:
        found["capacity"] = room.capacity
    for name, value in room.extra.items():
        good = {
            "slug": isinstance(value, str) and bool(_SLUG.fullmatch(value)),
            "type": value in _ROOM_TYPES[version] if isinstance(value, str) else False,
            "stream_id": isinstance(value, str | None),
            "description": isinstance(value, str | None),
            "url": isinstance(value, str) and bool(web(value)),
        }.get(name, isinstance(value, dict))
        if name in _ROOM[version] and good and name not in {"features", "assembly", "parent"}:
            found[name] = value
        else:
            losses.add(f"{name!r} of a room is left out: the schema has no place for it", f"room {room.name!r}")
    return found


# -- events -----------------------------------------------------------------------------------------------------------


def _event_1(event: Event, document: Document, losses: Losses) -> dict[str, Any]:
    start, _ = clock(event)
    base = document.head.base_url
    found: dict[str, Any] = {"guid": event.guid, "id": int(event.number)}
    if _CODE.fullmatch(event.code):
        found["code"] = event.code
    found |= {
        "logo": web(event.text("logo"), base) or (None if "logo" not in event.texts else ""),
        "date": start.isoformat(timespec="seconds"),
        "start": f"{start:%H:%M}",
        "duration": duration(event.minutes or 0),
        "room": event.room,
        "slug": _event_slug(event, document, losses),
        "url": _url(event, document),
        "title": event.text("title"),
        "subtitle": event.texts.get("subtitle"),
        "track": event.texts.get("track"),
        "type": event.text("type"),
        "language": event.texts.get("language"),
        "abstract": event.texts.get("abstract"),
        "description": event.texts.get("description"),
        "recording_license": event.text("license"),
        "do_not_record": event.optout,
    }
    if event.text("do_not_stream"):
        found["do_not_stream"] = {"true": True, "false": False}.get(event.text("do_not_stream"))
    found["persons"] = [_person_1(one, event, losses) for one in event.persons]
    found["links"] = _references(event.links, 1, document, event, losses)
    for name in ("feedback_url", "origin_url"):
        if web(event.text(name), base):
            found[name] = web(event.text(name), base)
    found["attachments"] = _references(event.attachments, 1, document, event, losses)
    for name in (
        *event.extra,
        *(n for n in ("video_download_url", "recording_url", "recording_link", "state") if event.text(n)),
    ):
        losses.add(f"{name!r} of an event is left out: the schema has no place for it", event.where)
    return found


def _event_2(
    event: Event, document: Document, rooms: Mapping[str, Mapping[str, Any]], losses: Losses
) -> dict[str, Any]:
    start, end = clock(event)
    base = document.head.base_url
    logo = web(event.text("logo"), base)
    found: dict[str, Any] = {"guid": event.guid}
    if _CODE.fullmatch(event.code):
        found["code"] = event.code
    track = event.text("track")
    found |= {
        "logo": {"type": "Image", "url": logo} if logo else None,
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "room": {name: rooms[event.room][name] for name in ("name", "slug", "guid") if name in rooms[event.room]},
        "slug": _event_slug(event, document, losses),
        "url": _url(event, document),
        "title": event.text("title"),
        "subtitle": event.texts.get("subtitle"),
        "track": {"name": track, "slug": _slug(_track_slug(document, track), track)},
        "type": _kind(event, losses),
        "language": _language(event, losses),
        "abstract": event.texts.get("abstract"),
        "description": event.texts.get("description"),
        "participants": [_person_2(one, document, event, losses) for one in event.persons],
        "links": _references(event.links, 2, document, event, losses),
        "attachments": _references(event.attachments, 2, document, event, losses),
    }
    if event.text("state").upper() in _STATES:
        found["state"] = event.text("state").upper()
    for name, kind in (("feedback_url", "FEEDBACK"), ("origin_url", "ORIGIN")):
        address = web(event.text(name), base)
        if address and all(one["url"] != address for one in found["links"]):
            found["links"].append({"type": kind, "url": address})
    said = ("license", "do_not_stream", "video_download_url", "recording_url", "recording_link")
    lost = [
        "id",
        *event.extra,
        *(name for name in said if event.text(name)),
        *(["do_not_record"] if event.optout else []),
    ]
    for name in lost:
        losses.add(f"{name!r} of an event is left out: the schema has no place for it", event.where)
    return found


def _track_slug(document: Document, name: str) -> str:
    return next((line(one.extra.get("slug")) for one in document.head.tracks if one.name == name), "")


def _event_slug(event: Event, document: Document, losses: Losses) -> str:
    own = event.text("slug")
    if _SLUG.fullmatch(own):
        return own
    found = _slug(own, f"{document.head.acronym}-{event.number}-{event.text('title')}"[:150])
    if own:
        losses.add("a slug is written in lower case, with hyphens", event.where)
    return found


def _url(event: Event, document: Document) -> str:
    """Return the address of an event, which the schema demands: where it has none, one that leads nowhere."""
    return web(event.text("url"), document.head.base_url) or f"urn:uuid:{event.guid}"


def _kind(event: Event, losses: Losses) -> str:
    own = event.text("type")
    plain = own.upper().replace(" ", "_")
    if plain in _OWN_KINDS:
        return plain
    words = re.split(r"[^a-z_]+", own.lower())
    for word in words:
        if word.upper() in _OWN_KINDS or word in _KINDS:
            losses.add(f"the type {own!r} is written as {_KINDS.get(word, word.upper())!r}", event.where)
            return _KINDS.get(word, word.upper())
    losses.add(f"the type {own!r} is written as 'OTHER'", event.where)
    return "OTHER"


def _language(event: Event, losses: Losses) -> str:
    own = event.text("language").lower()
    if re.fullmatch(r"[a-z]{2}(?:[-_].*)?", own):
        return own[:2]
    losses.add("a language is written as 'en': the schema demands one", event.where)
    return "en"


def _person_1(person: Participant, event: Event, losses: Losses) -> dict[str, Any]:
    for name in person.extra:
        if name not in _PERSON_EXTRA:
            losses.add(f"{name!r} of a person is left out: the schema has no place for it", event.where)
    # One of two kinds, and never what could be both: with a number, frab's; else pretalx's, with a name.
    extra = {name: value for name, value in person.extra.items() if name in _PERSON_EXTRA}
    if re.fullmatch(r"-?\d{1,18}", person.number, re.ASCII):
        found: dict[str, Any] = {"id": int(person.number), "public_name": person.name}
    else:
        found = {"name": person.name}
    if is_uuid(person.guid):
        found["guid"] = person.guid
    if _CODE.fullmatch(person.code):
        found["code"] = person.code
    return {**extra, **found}


_PERSON_EXTRA = ("url", "links", "avatar", "biography", "answers")


def _person_2(person: Participant, document: Document, event: Event, losses: Losses) -> dict[str, Any]:
    own_ids = (("id", person.number), ("code", person.code))
    for name in (*(name for name, text in own_ids if text), *(name for name in person.extra if name != "role")):
        losses.add(f"{name!r} of a person is left out: the schema has no place for it", event.where)
    own = person.guid if is_uuid(person.guid) else ""
    role = line(person.extra.get("role")).upper()
    found = {
        "guid": own or uuid_of(document.head.acronym, "person", person.code or person.number or person.name),
        "name": person.name,
    }
    if role in {"SPEAKER", "MODERATOR", "CONTRIBUTOR", "HOST", "GUEST"}:
        found["role"] = role
    return found


def _references(
    links: Iterable[Link], version: int, document: Document, event: Event, losses: Losses
) -> list[dict[str, Any]]:
    found = []
    for link in links:
        one: dict[str, Any] = {"url": web(link.url, document.head.base_url) or link.url}
        if link.title:
            one["title"] = link.title
        kind = link.type.lower() if version == 1 else link.type.upper()
        if kind in _REFERENCES[version]:
            one["type"] = kind
        elif kind:
            losses.add(f"the type {link.type!r} of a link is left out: the schema has no such kind", event.where)
        if version == 2 and link.service.upper() in _SERVICES:
            one["service"] = link.service.upper()
        elif link.service:
            losses.add("'service' of a link is left out: the schema has no place for it", event.where)
        found.append(one)
    return found
