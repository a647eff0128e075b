"""Invitations: REQUEST and CANCEL for one event and one invitee (RFC 5546, sections 3.2.2 and 3.2.5)."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from attrs import evolve, frozen
from icalendar import Event, vCalAddress

from unsched.calendar.event import UTC_ZONES, Issue, add_times, describe, locate, organizer
from unsched.calendar.occasion import Occasion
from unsched.calendar.text import Text, one_line, parameter
from unsched.calendar.vtimezone import vtimezone
from unsched.domain.people import Contact
from unsched.domain.problem import Problem
from unsched.domain.publication import Entry, Invitee, Told

__all__ = ["cancellation_body", "content_digest", "invitation", "request_body", "told", "zone_of"]

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


def content_digest(problem: Problem, occasion: Occasion, zone: str) -> str:
    """Return what tells the content of an event from any other, whatever its revision and its guests."""
    body = request_body(problem, occasion, zone, datetime.fromtimestamp(0, tz=occasion.start.tzinfo), 0)
    return sha256(body).hexdigest()


def request_body(problem: Problem, occasion: Occasion, zone: str, stamp: datetime, sequence: int) -> bytes:
    """Return the VEVENT of an invitation, without the invitee and its last line."""
    labels = Issue(problem, zone, stamp, sequence).labels
    event = _head(problem, occasion.uid, occasion.parent, told(problem, occasion), zone, stamp, sequence)
    # Who else comes stands in no message to anybody: they may not know of each other.
    text = describe(evolve(occasion.session, required=(), invited=()), labels)
    if text:
        event.add("DESCRIPTION", Text(text))
    event.add("CLASS", "PUBLIC" if occasion.session.access == "open" else "CONFIDENTIAL")
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "OPAQUE")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", Text("BUSY"))
    room = problem.room(occasion.room)
    event.add("ATTENDEE", _room(problem.id, room.id, room.label), encode=False)
    data: bytes = event.to_ical()
    return data.removesuffix(_END)


def cancellation_body(problem: Problem, entry: Entry, zone: str, stamp: datetime, sequence: int) -> bytes:
    """Return the VEVENT of a cancellation, as last told, without the invitee and its last line."""
    event = _head(problem, entry.uid, entry.parent, entry.told, zone, stamp, sequence)
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
    return b"" if zone in UTC_ZONES else vtimezone(zone, start.year, end.year)


def _attendee(method: str, invitee: Invitee, problem: str) -> bytes:
    kind = "GROUP" if invitee.group else "INDIVIDUAL"
    mail = invitee.mail
    address = vCalAddress(_mailto(mail) if mail else str(_Address(problem, kind, invitee.id)))
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


def _head(
    problem: Problem, uid: str, parent: str | None, what: Told, zone: str, stamp: datetime, sequence: int
) -> Event:
    event = Event()
    event.add("UID", Text(uid))
    event.add("DTSTAMP", stamp)
    event.add("SEQUENCE", sequence)
    add_times(event, what.start, what.end, zone)
    event.add("SUMMARY", Text(what.title))
    event.add("LOCATION", Text(what.location))
    if parent is not None:
        event.add("RELATED-TO", Text(parent), {"RELTYPE": "PARENT"})
    contact: Contact | None = problem.organizer
    if contact is not None:
        event.add("ORGANIZER", organizer(contact.name, contact.mail))
    return event
