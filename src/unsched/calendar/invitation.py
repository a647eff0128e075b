"""Invitations: REQUEST and CANCEL for one event and one invitee (RFC 5546, sections 3.2.2 and 3.2.5)."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from icalendar import Event, vCalAddress

from unsched.calendar.event import UTC_ZONES, Issue, add_times, describe, locate, organizer
from unsched.calendar.occasion import Occasion
from unsched.calendar.text import Text, one_line, parameter
from unsched.calendar.vtimezone import vtimezone
from unsched.domain.people import Contact
from unsched.domain.problem import Problem
from unsched.domain.publication import Entry, Invitee, Told

__all__ = ["address_of", "cancellation_body", "content_digest", "invitation", "request_body", "told", "zone_of"]

_PRODID: Final = "-//unsched//unsched//EN"
_END: Final = b"END:VEVENT\r\n"


@frozen
class _Address:
    """A room or an invitee without a mail address: a URN, which nobody can mail by mistake."""

    problem: str
    kind: str
    id: str

    def __str__(self) -> str:
        # RFC 5545 takes any URI here. A made-up mailto would be somebody else's mailbox, or bounce.
        return uuid5(NAMESPACE_URL, json.dumps([self.problem, self.kind, self.id])).urn


def told(problem: Problem, occasion: Occasion) -> Told:
    """Return what an event says, in short."""
    title = one_line(occasion.session.title) or one_line(occasion.session.id)
    return Told(title, locate(problem, occasion.room), occasion.start, occasion.end)


def content_digest(issue: Issue, occasion: Occasion) -> str:
    """Return what tells the content of an event from any other, whatever its revision, its guests and its organizer.

    It is made of facts, not of the lines of a file: neither the name of the zone, in which the same instants may be
    written in another way, nor another release of the library that writes files is news to anybody.
    """
    what, room = told(issue.problem, occasion), issue.problem.room(occasion.room)
    texts = (what.title, what.location, _text(issue, occasion), _class(occasion), occasion.parent, room.id, room.label)
    times = (int(what.start.timestamp()), int(what.end.timestamp()))
    return sha256(json.dumps([*texts, *times]).encode()).hexdigest()


def _text(issue: Issue, occasion: Occasion) -> str:
    # Who else comes stands in no message to anybody: they may not know of each other.
    return describe(evolve(occasion.session, required=(), invited=()), issue.labels)


def _class(occasion: Occasion) -> str:
    return "PUBLIC" if occasion.session.access == "open" else "CONFIDENTIAL"


def request_body(issue: Issue, occasion: Occasion, sequence: int) -> bytes:
    """Return the VEVENT of an invitation, without the invitee and its last line."""
    problem = issue.problem
    event = _head(occasion.uid, occasion.parent, told(problem, occasion), issue, sequence, problem.organizer)
    if text := _text(issue, occasion):
        event.add("DESCRIPTION", Text(text))
    event.add("CLASS", _class(occasion))
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "OPAQUE")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", Text("BUSY"))
    room = problem.room(occasion.room)
    event.add("ATTENDEE", _room(problem.id, room.id, room.label), encode=False)
    data: bytes = event.to_ical()
    return data.removesuffix(_END)


def cancellation_body(issue: Issue, entry: Entry, sequence: int) -> bytes:
    """Return the VEVENT of a cancellation, as last told by whom, without the invitee and its last line."""
    event = _head(entry.uid, entry.parent, entry.told, issue, sequence, entry.organizer)
    event.add("STATUS", "CANCELLED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", Text("FREE"))
    data: bytes = event.to_ical()
    return data.removesuffix(_END)


def invitation(method: str, body: bytes, zone: bytes, invitee: Invitee, problem: str) -> bytes:
    """Return a whole message: the VEVENT, with this invitee and no other."""
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{_PRODID}\r\nCALSCALE:GREGORIAN\r\nMETHOD:{method}\r\n".encode()
    return b"".join((head, zone, body, _attendee(method, invitee, problem), _END, b"END:VCALENDAR\r\n"))


def zone_of(zone: str, start: datetime, end: datetime) -> bytes:
    """Return the VTIMEZONE of an event; nothing in UTC."""
    if zone in UTC_ZONES:
        return b""
    tz = ZoneInfo(zone)
    return vtimezone(zone, start.astimezone(tz).year, end.astimezone(tz).year)


def address_of(problem: str, invitee: Invitee) -> str:
    """Return the URI that stands for an invitee in messages, and that replies come back with."""
    kind = "GROUP" if invitee.group else "INDIVIDUAL"
    return _mailto(invitee.mail) if invitee.mail else str(_Address(problem, kind, invitee.id))


def _attendee(method: str, invitee: Invitee, problem: str) -> bytes:
    kind = "GROUP" if invitee.group else "INDIVIDUAL"
    address = vCalAddress(address_of(problem, invitee))
    if name := parameter(invitee.name):
        address.params["CN"] = name
    address.params["CUTYPE"] = kind
    address.params["ROLE"] = invitee.role
    if method == "REQUEST":
        address.params["PARTSTAT"] = "NEEDS-ACTION"
        address.params["RSVP"] = "TRUE"
    event = Event()
    event.add("ATTENDEE", address, encode=False)
    data: bytes = event.to_ical()
    return data.removeprefix(b"BEGIN:VEVENT\r\n").removesuffix(_END)


def _room(problem: str, id: str, label: str) -> vCalAddress:
    address = vCalAddress(str(_Address(problem, "ROOM", id)))
    if name := parameter(label):
        address.params["CN"] = name
    address.params.update({"CUTYPE": "ROOM", "ROLE": "NON-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return address


def _mailto(mail: str) -> str:
    return "mailto:" + quote(mail, safe="@!$*+")


def _head(uid: str, parent: str | None, what: Told, issue: Issue, sequence: int, contact: Contact | None) -> Event:
    event = Event()
    event.add("UID", Text(uid))
    event.add("DTSTAMP", issue.stamp)
    event.add("SEQUENCE", sequence)
    # What has been told comes from a file, with no more than an offset, maybe of another zone.
    tz = ZoneInfo(issue.zone)
    add_times(event, what.start.astimezone(tz), what.end.astimezone(tz), issue.zone)
    event.add("SUMMARY", Text(what.title))
    event.add("LOCATION", Text(what.location))
    if parent is not None:
        event.add("RELATED-TO", Text(parent), {"RELTYPE": "PARENT"})
    if contact is not None:
        event.add("ORGANIZER", organizer(contact.name, contact.mail))
    return event
