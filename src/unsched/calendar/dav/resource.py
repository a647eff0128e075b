"""A feed taken apart into what a CalDAV server keeps: one resource for each UID (RFC 4791, section 4.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from attrs import frozen

from unsched.calendar.head import PRODID
from unsched.calendar.parse import Component, Property, parse, unfold
from unsched.calendar.values import unescape
from unsched.errors import InputError

__all__ = ["Resource", "calendar_name", "fingerprint", "resources"]

_SAFE: Final = re.compile(r"[A-Za-z0-9_.@-]{1,100}")
_MAX_LINE: Final = 75
_HEAD: Final = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n".encode()
_END: Final = b"END:VCALENDAR\r\n"
_ZONE: Final = re.compile(rb"BEGIN:VTIMEZONE\r\n.*?END:VTIMEZONE\r\n", re.DOTALL)
_EVENT: Final = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_STAMP: Final = re.compile(rb"^DTSTAMP:.*\r\n", re.MULTILINE)
_AGENT: Final = re.compile(rb"(ORGANIZER|ATTENDEE)(?=[;:])", re.IGNORECASE)
# What servers set as they like, and what says when a revision was made rather than what is in it.
_VOLATILE: Final = frozenset({"CREATED", "LAST-MODIFIED", "DTSTAMP"})
_KEPT: Final = ("TZID", "VALUE", "RANGE")


@frozen
class Resource:
    """What is kept of one event on a server.

    Args:
        uid: the event's UID.
        name: the last part of its path.
        title: its SUMMARY, for people.
        data: one VCALENDAR without METHOD, with that event, its exceptions and their VTIMEZONE.
    """

    uid: str
    name: str
    title: str
    data: bytes

    @property
    def digest(self) -> str:
        """What tells these bytes from any other that would be news; when they were made (DTSTAMP) is none."""
        return sha256(_STAMP.sub(b"", self.data)).hexdigest()


def resources(feed: bytes) -> dict[str, Resource]:
    """Return the resources of a feed that this library has written, by UID, in the order of the feed.

    METHOD and what the feed says of itself are left out, since a server refuses the one and keeps the other elsewhere.
    ORGANIZER and ATTENDEE say SCHEDULE-AGENT=CLIENT (RFC 6638, section 7.1): the server must send nobody anything, as
    that is done by our mails.
    """
    zones = {one.text("TZID"): data for data in _ZONE.findall(feed) for one in _components(data)}
    texts: dict[str, list[bytes]] = {}
    titles: dict[str, str] = {}
    for data in _EVENT.findall(feed):
        for event in _components(data):
            texts.setdefault(event.text("UID"), []).append(data)
            titles.setdefault(event.text("UID"), unescape(event.text("SUMMARY")))
    found = {}
    for uid, events in texts.items():
        body = b"".join(b"".join(_with_agent(event)) for event in events)
        named = {zone: data for zone, data in zones.items() if f"TZID={zone}:".encode() in body.replace(b'"', b"")}
        found[uid] = Resource(uid, _name(uid), titles[uid], b"".join([_HEAD, *named.values(), body, _END]))
    return found


def calendar_name(feed: bytes) -> tuple[str, str | None]:
    """Return what a feed calls itself, and its colour as `#RRGGBB` if it has one."""
    for calendar in parse(feed).calendars:
        name = calendar.text("NAME") or calendar.text("X-WR-CALNAME")
        return unescape(name), calendar.text("X-APPLE-CALENDAR-COLOR") or None
    return "", None


def fingerprint(data: bytes, *, extensions: bool = True) -> str | None:
    """Return what tells the meaning of a resource from any other, however a server has written it down; or `None`.

    A server may sort properties, fold and escape in its own way, write another VTIMEZONE, and say when it did so.

    Args:
        data: the resource.
        extensions: whether X- properties count: what a client of somebody's has noted down counts, what a server has
            added to something that it was just given does not.
    """
    try:
        events = [one for calendar in parse(data).calendars for one in calendar.components if one.name != "VTIMEZONE"]
    except InputError:
        return None
    said = sorted(json.dumps(_meaning(one, extensions=extensions)) for one in events)
    return sha256(json.dumps(said).encode()).hexdigest() if said else None


def _meaning(component: Component, *, extensions: bool) -> list[object]:
    """Return what a component says, and what the components in it say, such as somebody's alarm."""
    counting = (one for one in component.properties if extensions or not one.name.startswith("X-"))
    said = sorted(_said(one) for one in counting if one.name not in _VOLATILE and one.value.strip())
    inner = sorted(json.dumps(_meaning(one, extensions=extensions)) for one in component.components)
    return [component.name, *said, *inner]


def _components(data: bytes) -> tuple[Component, ...]:
    (calendar,) = parse(b"".join([_HEAD, data, _END])).calendars
    return calendar.components


def _name(uid: str) -> str:
    return f"{uid if _SAFE.fullmatch(uid) else sha256(uid.encode('utf-8', 'surrogatepass')).hexdigest()}.ics"


def _said(prop: Property) -> list[str]:
    value = prop.value.strip()
    # What a URI or a rule has of backslashes is nothing; of texts, each server writes its own.
    parts = [f"{key}={','.join(prop.params[key])}" for key in _KEPT if key in prop.params]
    if prop.name in {"ORGANIZER", "ATTENDEE"}:
        value = value.lower()
    if prop.name == "RRULE":
        value = ";".join(sorted(value.upper().split(";")))
    return [prop.name, unescape(value), *parts]


def _with_agent(event: bytes) -> Iterator[bytes]:
    for _, line in unfold(event):
        found = _AGENT.match(line)
        if found is None or b"SCHEDULE-AGENT=" in line.upper():
            yield _fold(line)
        else:
            yield _fold(line[: found.end()] + b";SCHEDULE-AGENT=CLIENT" + line[found.end() :])


def _fold(line: bytes) -> bytes:
    """Return a content line in lines of at most 75 octets, no character of UTF-8 cut in two."""
    parts, most = [], _MAX_LINE
    while len(line) > most:
        at = most
        while line[at] & 0xC0 == 0x80:
            at -= 1
        parts.append(line[:at])
        line, most = line[at:], _MAX_LINE - 1
    return b"\r\n ".join([*parts, line]) + b"\r\n"
