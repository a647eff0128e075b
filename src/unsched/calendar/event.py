"""One session as one calendar event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from attrs import field, frozen
from icalendar import Event, vCalAddress
from icalendar.prop import vCategory

from unsched.calendar.text import Text, one_line, parameter, plain
from unsched.domain.people import Delegation, Group, Person
from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking
from unsched.domain.session import Session

if TYPE_CHECKING:
    from unsched.calendar.occasion import Occasion
    from unsched.domain.publication import Entry

__all__ = [
    "UTC_ZONES",
    "Issue",
    "add_times",
    "cancelled_event",
    "categories",
    "describe",
    "event",
    "event_of",
    "locate",
    "organizer",
    "uid",
]

UTC_ZONES: Final = frozenset({"UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"})
"""The names of UTC, whose times end in "Z" and need no VTIMEZONE."""

_ACCESS: Final = {"open": "open to all", "members": "members only", "governments": "governments only"}


@frozen
class Issue:
    """One issue of a problem's calendars: what all their events have in common.

    Args:
        problem: the facts.
        zone: IANA name of the time zone in which times are written.
        stamp: when this revision was made, in UTC; DTSTAMP.
        revision: SEQUENCE.
        entries: what has been published, by UID: each of these events has its own SEQUENCE and DTSTAMP.
    """

    problem: Problem
    zone: str
    stamp: datetime
    revision: int
    entries: Mapping[str, Entry] = field(factory=dict)

    def add_revision(self, vevent: Event, uid: str) -> None:
        """Add DTSTAMP and SEQUENCE: when what an event says was said, and how often it has said something else."""
        entry = self.entries.get(uid)
        vevent.add("DTSTAMP", self.stamp if entry is None else entry.stamp.astimezone(UTC))
        vevent.add("SEQUENCE", self.revision if entry is None else entry.sequence)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What people call each delegation, group and person, by id."""
        parties: Iterable[Delegation | Group | Person]
        parties = (*self.problem.delegations, *self.problem.groups, *self.problem.persons)
        return {party.id: party.label for party in parties}


def uid(problem: str, session: str) -> str:
    """Return the UID of a session, the same for ever and different for any two pairs of ids (RFC 7986, section 5.3).

    It must not depend on anything else: a client takes an event of another UID for another event.

    >>> uid("cstd-2010", "open-consultation")
    '3265a80e92edc0d87c0f5d75bb18cb6d@unsched'
    """
    digest = sha256(json.dumps([problem, session]).encode()).hexdigest()
    return f"{digest[:32]}@unsched"


def event(issue: Issue, booking: Booking) -> Event:
    """Return the VEVENT (RFC 5545, section 3.6.1) of a booking: of the session as a whole.

    Args:
        issue: what all events have in common.
        booking: the session's room, start and end; the problem has both that session and that room.
    """
    session = issue.problem.session(booking.session)
    return _event(issue, session, uid(issue.problem.id, session.id), booking)


def event_of(issue: Issue, occasion: Occasion, *, transparent: bool = False) -> Event:
    """Return the VEVENT of a session or of a segment of it, which names the session as its PARENT.

    Args:
        issue: what all events have in common.
        occasion: what stands in calendars as one event.
        transparent: whether it takes no time, because its session stands beside it.
    """
    vevent = _event(issue, occasion.session, occasion.uid, occasion, transparent=transparent)
    if occasion.parent is not None:
        vevent.add("RELATED-TO", Text(occasion.parent), {"RELTYPE": "PARENT"})
    return vevent


def cancelled_event(issue: Issue, entry: Entry, title: str) -> Event:
    """Return the VEVENT of what takes place no more, as it was last told, for subscribers to see it go.

    The word stands in SUMMARY, too: not every client shows STATUS.

    Args:
        issue: what all events have in common.
        entry: what has been published of it.
        title: what to call it.
    """
    vevent = Event()
    vevent.add("UID", Text(entry.uid))
    issue.add_revision(vevent, entry.uid)
    tz = ZoneInfo(issue.zone)
    add_times(vevent, entry.told.start.astimezone(tz), entry.told.end.astimezone(tz), issue.zone)
    vevent.add("SUMMARY", Text(f"Cancelled: {one_line(title)}"))
    vevent.add("LOCATION", Text(entry.told.location))
    vevent.add("CLASS", "PUBLIC" if entry.access == "open" else "CONFIDENTIAL")
    vevent.add("STATUS", "CANCELLED")
    _add_time_use(vevent, taken=False)
    if entry.parent is not None:
        vevent.add("RELATED-TO", Text(entry.parent), {"RELTYPE": "PARENT"})
    if issue.problem.organizer is not None:
        vevent.add("ORGANIZER", organizer(issue.problem.organizer.name, issue.problem.organizer.mail))
    return vevent


def _event(issue: Issue, session: Session, own: str, stay: Booking | Occasion, *, transparent: bool = False) -> Event:
    """Return a VEVENT.

    CLASS is PUBLIC where the session is open and CONFIDENTIAL where it is not: clients that share a calendar then
    show others that time as busy, whereas PRIVATE would hide that there is a session at all.
    """
    problem = issue.problem
    vevent = Event()
    vevent.add("UID", Text(own))
    issue.add_revision(vevent, own)
    add_times(vevent, stay.start, stay.end, issue.zone)
    vevent.add("SUMMARY", Text(one_line(session.title) or one_line(session.id)))
    vevent.add("LOCATION", Text(locate(problem, stay.room)))
    vevent.add("DESCRIPTION", Text(describe(session, issue.labels)))
    if words := categories(session):
        values = vCategory([])
        values.cats = [Text(word) for word in words]
        vevent.add("CATEGORIES", values)
    vevent.add("CLASS", "PUBLIC" if session.access == "open" else "CONFIDENTIAL")
    vevent.add("STATUS", "CONFIRMED")
    _add_time_use(vevent, taken=not transparent)
    if problem.organizer is not None:
        vevent.add("ORGANIZER", organizer(problem.organizer.name, problem.organizer.mail))
    return vevent


def _add_time_use(vevent: Event, *, taken: bool) -> None:
    vevent.add("TRANSP", "OPAQUE" if taken else "TRANSPARENT")
    # Outlook reads this, and not TRANSP.
    vevent.add("X-MICROSOFT-CDO-BUSYSTATUS", Text("BUSY" if taken else "FREE"))


def add_times(vevent: Event, start: datetime, end: datetime, zone: str) -> None:
    """Add DTSTART and DTEND by the wall clock of a zone, or in UTC where that alone is plain."""
    times = {"DTSTART": start, "DTEND": end}
    # A local time that comes twice means the first (RFC 5545, section 3.3.5), but ical.js (Thunderbird) and node-ical
    # read the second where the clocks go back at that very minute: such a time is said in UTC, whichever it is.
    if zone in UTC_ZONES or any(_comes_twice(time) for time in times.values()):
        for name, time in times.items():
            vevent.add(name, time.astimezone(UTC))
    else:
        for name, time in times.items():
            vevent.add(name, time.replace(tzinfo=None), {"TZID": zone})


def _comes_twice(time: datetime) -> bool:
    return time.replace(fold=0).utcoffset() != time.replace(fold=1).utcoffset()


def organizer(name: str, mail: str) -> vCalAddress:
    """Return an ORGANIZER: a `mailto:` address (RFC 6068) with a name.

    >>> organizer("Secretariat", "office&press@example.org")
    vCalAddress('mailto:office%26press@example.org')
    """
    address = vCalAddress("mailto:" + quote(mail, safe="@!$*+"))
    if common_name := parameter(name):
        address.params["CN"] = common_name
    return address


def locate(problem: Problem, room: str) -> str:
    """Return where a room is: its name, its building and the name of the venue, as far as they are known."""
    place = problem.room(room)
    building = place.building
    # A bare "E" says nothing to somebody who reads it on a telephone.
    if building is not None and len(building) <= 2:
        building = f"building {building}"
    return ", ".join(_lines((place.label, building, problem.venue.name)))


def categories(session: Session) -> tuple[str, ...]:
    """Return what a session is sorted by: its body, its kind and its tags, each once."""
    return tuple(dict.fromkeys(_lines((session.body, session.kind, *session.tags))))


def describe(session: Session, labels: Mapping[str, str]) -> str:
    """Return the text of a session: its description, then a line for each thing that people who come need to know.

    Args:
        session: the session.
        labels: what people call each delegation, group and person, by id.

    >>> print(describe(Session("wg", "Drafting", access="members", required=["CH"]), {"CH": "Switzerland"}))
    Access: members only
    Required: Switzerland
    """
    facts = (
        ("Body", (session.body,)),
        ("Chair", (session.chair and labels[session.chair],)),
        ("Access", (_ACCESS[session.access],)),
        ("Interpretation", session.languages),
        ("Provided", session.features),
        ("Required", tuple(labels[name] for name in session.required)),
        ("Invited", tuple(labels[name] for name in session.invited)),
    )
    lines = [f"{name}: {_join(words)}" for name, values in facts if (words := _lines(values))]
    text = plain(session.description or "").strip()
    return "\n".join([text, "", *lines] if text else lines)


def _join(words: list[str]) -> str:
    # Some names have commas of their own ("Iran, Islamic Republic of").
    return ("; " if any("," in word for word in words) else ", ").join(words)


def _lines(texts: Iterable[str | None]) -> list[str]:
    return [line for text in texts if text and (line := one_line(text))]
