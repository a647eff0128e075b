"""Kinds of file: what each must have and must not have.

RFC 5546 says so for messages, RFC 7986 for feeds, RFC 4791 for servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.calendar.checks import clause as c
from unsched.calendar.finding import Finding
from unsched.calendar.parse import Component, Property
from unsched.calendar.values import read_moment, unescape
from unsched.domain.fact import shown

__all__ = ["PROFILES", "Profile", "check_profile"]

_ABOUT_CALENDARS: Final = frozenset(
    {"NAME", "X-WR-CALNAME", "UID", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE", "COLOR", "X-APPLE-CALENDAR-COLOR"}
)
_GUESTS: Final = frozenset({"INDIVIDUAL", "GROUP"})
_TAKING_PART: Final = frozenset({"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"})
_CANCELLED: Final = ("cancel", "annul")
_PARTS: Final = ("VLOCATION", "PARTICIPANT", "VRESOURCE")


@frozen
class Held:
    """What is held against a profile.

    Args:
        calendar: all of it.
        events: the components that the profile is about.
    """

    calendar: Component
    events: tuple[Component, ...]


Check = Callable[[Held], Iterator[Finding]]


@frozen
class Profile:
    """A kind of file.

    Args:
        methods: what METHOD may be; "" is none at all.
        component: the name of its components, besides VTIMEZONE.
        checks: what else it has to keep to.
    """

    methods: tuple[str, ...]
    component: str
    checks: tuple[Check, ...]


def check_profile(calendar: Component, profile: Profile, name: str) -> Iterator[Finding]:
    """Yield where a calendar is not of its kind."""
    method = calendar.get("METHOD")
    value = "" if method is None else method.value.strip().upper()
    if value not in profile.methods or (method is not None and not value):
        line = calendar.line if method is None else method.line
        clause = c.NO_METHOD if name == "caldav" else c.METHOD
        wanted = " or ".join(one or "none" for one in profile.methods)
        yield clause.at(line, "VCALENDAR", f"METHOD is {shown(value)} in a file of profile {name!r}", f"{wanted}.")
    for one in calendar.components:
        if one.name not in {profile.component, "VTIMEZONE"}:
            message = f"{one.name} is not for a file of profile {name!r}"
            yield c.COMPONENTS.at(one.line, one.name, message, "another file.")
    held = Held(calendar, tuple(one for one in calendar.components if one.name == profile.component))
    for check in profile.checks:
        yield from check(held)


# -- what several kinds share -----------------------------------------------------------------------------------------


def _one_uid(clause: c.Clause) -> Check:
    def check(file: Held) -> Iterator[Finding]:
        uids = {one.text("UID") for one in file.events}
        if len(uids) != 1 and file.calendar.components:
            yield clause.at(
                file.calendar.line, "VCALENDAR", f"{len(uids)} UIDs are in it, and one has to be", "a file for each."
            )

    return check


def _single(file: Held) -> Iterator[Finding]:
    """Yield a finding where several components are in a message, even of one UID."""
    if len(file.events) > 1:
        yield c.ONE_UID.at(
            file.events[1].line, "VEVENT", f"{len(file.events)} events are in one message", "a message for each."
        )


def _organizer(file: Held) -> Iterator[Finding]:
    if file.calendar.text("METHOD"):
        for one in file.events:
            if not one.text("ORGANIZER"):
                yield c.ORGANIZER.at(one.line, one.name, "there is no ORGANIZER", "ORGANIZER:mailto:...")


def _no_alarm(file: Held) -> Iterator[Finding]:
    for one in file.events:
        for part in one.components:
            if part.name == "VALARM":
                yield c.NO_ALARM.at(part.line, one.name, "there is a VALARM", "leave it out.")


def _no_calendar(file: Held) -> Iterator[Finding]:
    for prop in file.calendar.properties:
        if prop.name in _ABOUT_CALENDARS:
            message = f"{prop.name} makes clients open a new calendar"
            yield c.NO_CALENDAR.at(prop.line, "VCALENDAR", message, "leave it out.")


def _missing(clause: c.Clause, names: str) -> Check:
    def check(file: Held) -> Iterator[Finding]:
        for one in file.events:
            for name in names.split():
                if not one.text(name):
                    yield clause.at(one.line, one.name, f"there is no {name}", f"{name}:...")

    return check


# -- messages ---------------------------------------------------------------------------------------------------------


def _not_cancelled(file: Held) -> Iterator[Finding]:
    for one in file.events:
        if one.text("STATUS").upper() == "CANCELLED":
            yield c.NOT_CANCELLED.at(one.line, one.name, "STATUS is CANCELLED in a REQUEST", "METHOD:CANCEL.")


def _cancelled(file: Held) -> Iterator[Finding]:
    for one in file.events:
        if one.text("STATUS").upper() != "CANCELLED":
            message = f"STATUS is {shown(one.text('STATUS'))}"
            yield c.CANCEL_NEEDED.at(one.line, one.name, message, "CANCELLED.")


def _kind(attendee: Property) -> str:
    return (attendee.param("CUTYPE") or "INDIVIDUAL").upper()


def _invitee(file: Held) -> Iterator[Finding]:
    for one in file.events:
        guests = [prop for prop in one.all("ATTENDEE") if _kind(prop) in _GUESTS]
        if len(guests) != 1:
            message = f"{len(guests)} invitees are named, and one has to be"
            line = guests[1].line if len(guests) > 1 else one.line
            yield c.ONE_INVITEE.at(line, one.name, message, "a message for each.")


def _asked(file: Held) -> Iterator[Finding]:
    for one in file.events:
        for prop in one.all("ATTENDEE"):
            if _kind(prop) in _GUESTS:
                role = (prop.param("ROLE") or "REQ-PARTICIPANT").upper()
                answer, asked = (prop.param("PARTSTAT") or "NEEDS-ACTION").upper(), (prop.param("RSVP") or "").upper()
                if role not in _TAKING_PART or (answer, asked) != ("NEEDS-ACTION", "TRUE"):
                    message = f"the invitee is {role}, {answer}, and RSVP is {asked or 'FALSE'}"
                    yield c.ASKED.at(prop.line, one.name, message, "PARTSTAT=NEEDS-ACTION;RSVP=TRUE.")


def _room(file: Held) -> Iterator[Finding]:
    wanted = {"ROLE": "NON-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    for one in file.events:
        rooms = [prop for prop in one.all("ATTENDEE") if _kind(prop) not in _GUESTS]
        if len(rooms) != 1 or _kind(rooms[0]) != "ROOM":
            yield c.ROOM.at(one.line, one.name, f"{len(rooms)} rooms are named, and one has to be", "CUTYPE=ROOM.")
        for prop in rooms:
            for name, value in wanted.items():
                if (prop.param(name) or "").upper() != value:
                    message = f"{name} of the room is {shown(prop.param(name) or '')}"
                    yield c.ROOM.at(prop.line, one.name, message, f"{value}.")


# -- feeds ------------------------------------------------------------------------------------------------------------


def _head(file: Held) -> Iterator[Finding]:
    for name in ("NAME", "X-WR-CALNAME", "COLOR", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        if not file.calendar.text(name):
            yield c.FEED_HEAD.at(file.calendar.line, "VCALENDAR", f"there is no {name}", f"{name}:...")
    for one, other in (("NAME", "X-WR-CALNAME"), ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")):
        if (
            file.calendar.text(one)
            and file.calendar.text(other)
            and file.calendar.text(one) != file.calendar.text(other)
        ):
            line = (file.calendar.get(other) or file.calendar.properties[0]).line
            yield c.FEED_HEAD.at(line, "VCALENDAR", f"{other} is not what {one} is", "the same.")


def _order(file: Held) -> Iterator[Finding]:
    before: datetime | None = None
    for one in file.events:
        # An exception stands with what it is an exception to.
        start = None if one.get("RECURRENCE-ID") else _instant(one.get("DTSTART"))
        if start is not None:
            if before is not None and start < before:
                yield c.FEED_ORDER.at(one.line, one.name, "it starts before the one above it", "order by start.")
            before = start


def _instant(prop: Property | None) -> datetime | None:
    try:
        moment = None if prop is None else read_moment(prop.value, prop.param("TZID"))
        zone = UTC if moment is None or moment.tzid is None else ZoneInfo(moment.tzid)
    except (ValueError, OSError, KeyError):  # said already, or no zone that is known here
        return None
    return None if moment is None else moment.wall.replace(tzinfo=zone).astimezone(UTC)


def _says_cancelled(file: Held) -> Iterator[Finding]:
    for one in file.events:
        title = unescape(one.text("SUMMARY")).lower()
        if one.text("STATUS").upper() == "CANCELLED" and not any(word in title for word in _CANCELLED):
            yield c.FEED_CANCELLED.at(
                one.line, one.name, "it is cancelled, and SUMMARY does not say so", "Cancelled: ..."
            )


def _no_attendee(file: Held) -> Iterator[Finding]:
    for one in file.events:
        for prop in one.all("ATTENDEE"):
            yield c.NO_ATTENDEE.at(prop.line, one.name, "there is ATTENDEE", "leave it out.")


# -- busy times, the rich programme, servers --------------------------------------------------------------------------


def _busy(file: Held) -> Iterator[Finding]:
    allowed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "FREEBUSY", "URL", "CONTACT"}
    if len(file.events) != 1 and file.calendar.components:
        yield c.BUSY_ALONE.at(file.calendar.line, "VCALENDAR", f"there are {len(file.events)} VFREEBUSY", "one.")
    for one in file.events:
        for prop in one.properties:
            if prop.name not in allowed:
                yield c.BUSY_ALONE.at(prop.line, one.name, f"{prop.name} says what for", "leave it out.")
        for name in ("DTSTART", "DTEND"):
            if not one.text(name).endswith("Z"):
                yield c.BUSY_ALONE.at(one.line, one.name, f"there is no {name} in UTC", f"{name}:20101217T000000Z.")


def _rich_parts(file: Held) -> Iterator[Finding]:
    seen: set[str] = set()
    for one in file.events:
        for part in one.components:
            uid = part.text("UID")
            if part.name in _PARTS and uid and uid in seen:
                yield c.PART_UID.at(part.line, part.name, f"the UID {shown(uid)} comes twice", "one of its own.")
            seen.add(uid)
            if part.get("CALENDAR-ADDRESS") is not None or "mailto:" in "".join(
                p.value.lower() for p in part.properties
            ):
                yield c.PART_ADDRESS.at(part.line, part.name, "there is an address of somebody", "leave it out.")


def _agent(file: Held) -> Iterator[Finding]:
    for one in file.events:
        for prop in one.properties:
            if prop.name in {"ORGANIZER", "ATTENDEE"} and (prop.param("SCHEDULE-AGENT") or "").upper() != "CLIENT":
                message = f"{prop.name} has the server send mails"
                yield c.AGENT.at(prop.line, one.name, message, "SCHEDULE-AGENT=CLIENT.")


_MESSAGE: Final = (_one_uid(c.ONE_UID), _single, _organizer, _no_alarm, _no_calendar, _invitee)
_REQUEST: Final = (
    *_MESSAGE,
    _missing(c.NEEDED, "SEQUENCE SUMMARY LOCATION STATUS TRANSP"),
    _not_cancelled,
    _asked,
    _room,
)
PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        "invitation": Profile(("REQUEST",), "VEVENT", _REQUEST),
        "update": Profile(("REQUEST",), "VEVENT", _REQUEST),
        "cancellation": Profile(
            ("CANCEL",), "VEVENT", (*_MESSAGE, _missing(c.CANCEL_NEEDED, "SEQUENCE ATTENDEE"), _cancelled)
        ),
        "feed": Profile(
            ("PUBLISH", ""),
            "VEVENT",
            (
                _organizer,
                _no_alarm,
                _head,
                _missing(c.FEED_SEQUENCE, "SEQUENCE"),
                _order,
                _says_cancelled,
                _no_attendee,
            ),
        ),
        "freebusy": Profile(("PUBLISH", ""), "VFREEBUSY", (_organizer, _no_alarm, _busy)),
        "rich": Profile(
            ("",),
            "VEVENT",
            (_no_alarm, _head, _missing(c.FEED_SEQUENCE, "SEQUENCE"), _order, _no_attendee, _rich_parts),
        ),
        "caldav": Profile(("",), "VEVENT", (_one_uid(c.ONE_RESOURCE), _no_calendar, _agent)),
    }
)
"""The kinds of calendar file, by name."""
