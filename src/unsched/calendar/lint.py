"""A checker of what we write: does a calendar keep to RFC 5545, 5546, 7986, and to the profile of its kind of file?

It shares no code with what writes calendars, so that it cannot be wrong in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from attrs import frozen

from unsched.calendar.finding import Finding, refuse
from unsched.calendar.parse import Component, Property, parse
from unsched.calendar.values import mail_of, read_length, read_moment, read_offset, read_periods, read_whole, utc_stamp
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest

__all__ = ["PROFILES", "check", "lint"]

_SYNTAX, _METHODS, _NEWER = "RFC 5545, ", "RFC 5546, ", "RFC 7986, "
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TEXT: Final = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
_TEXTS: Final = frozenset({"SUMMARY", "LOCATION", "DESCRIPTION", "UID", "COMMENT", "NAME", "TZNAME", "CONTACT"})
_ONCE: Final = frozenset(
    {"UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "CLASS", "CREATED", "DESCRIPTION", "GEO", "LAST-MODIFIED"}
    | {"LOCATION", "ORGANIZER", "PRIORITY", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "URL", "RECURRENCE-ID"}
    | {"PRODID", "VERSION", "METHOD", "CALSCALE", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "COLOR", "REFRESH-INTERVAL"}
    | {"SOURCE"}
)
_NEEDED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "VCALENDAR": (("PRODID", "3.7.3"), ("VERSION", "3.7.4")),
        "VEVENT": (("UID", "3.8.4.7"), ("DTSTAMP", "3.8.7.2"), ("DTSTART", "3.6.1")),
        "VFREEBUSY": (("UID", "3.8.4.7"), ("DTSTAMP", "3.8.7.2")),
        "VTIMEZONE": (("TZID", "3.6.5"),),
        "STANDARD": (("DTSTART", "3.6.5"), ("TZOFFSETFROM", "3.6.5"), ("TZOFFSETTO", "3.6.5")),
        "DAYLIGHT": (("DTSTART", "3.6.5"), ("TZOFFSETFROM", "3.6.5"), ("TZOFFSETTO", "3.6.5")),
    }
)
_CHOICES: Final[Mapping[str, tuple[frozenset[str], str]]] = MappingProxyType(
    {
        "STATUS": (frozenset({"TENTATIVE", "CONFIRMED", "CANCELLED"}), "3.8.1.11"),
        "TRANSP": (frozenset({"OPAQUE", "TRANSPARENT"}), "3.8.2.7"),
        "VERSION": (frozenset({"2.0"}), "3.7.4"),
    }
)


@frozen
class _Profile:
    """What a kind of file must and must not have; see the table of each property's section in RFC 5546."""

    methods: tuple[str, ...]
    clause: str
    one_uid: bool = False
    event: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    calendar_needs: tuple[str, ...] = ()
    calendar_never: tuple[str, ...] = ()
    status: str = ""


_NOT_INVITED: Final = ("NAME", "X-WR-CALNAME", "UID", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE", "COLOR")
_ASKED: Final = ("ORGANIZER", "ATTENDEE", "SEQUENCE", "SUMMARY", "LOCATION", "STATUS", "TRANSP")
PROFILES: Final[Mapping[str, _Profile]] = MappingProxyType(
    {
        "invitation": _Profile(
            ("REQUEST",), "3.2.2", one_uid=True, event=_ASKED, never=("VALARM",), calendar_never=_NOT_INVITED
        ),
        "update": _Profile(
            ("REQUEST",), "3.2.2", one_uid=True, event=_ASKED, never=("VALARM",), calendar_never=_NOT_INVITED
        ),
        "cancellation": _Profile(
            ("CANCEL",),
            "3.2.5",
            one_uid=True,
            event=("ORGANIZER", "ATTENDEE", "SEQUENCE", "STATUS"),
            never=("VALARM",),
            calendar_never=_NOT_INVITED,
            status="CANCELLED",
        ),
        "feed": _Profile(
            ("PUBLISH", ""),
            "3.2.1",
            event=("SEQUENCE",),
            never=("ATTENDEE", "VALARM"),
            calendar_needs=("NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"),
        ),
        "freebusy": _Profile(("PUBLISH", ""), "3.3.1", never=("SUMMARY", "DESCRIPTION", "LOCATION", "VALARM")),
        "rich": _Profile(("",), "3.2", event=("SEQUENCE",), never=("VALARM",)),
        "mail": _Profile(
            ("REQUEST", "CANCEL"), "3.2", one_uid=True, event=("ORGANIZER", "ATTENDEE", "SEQUENCE", "STATUS")
        ),
        "caldav": _Profile(("",), "3.2", one_uid=True, calendar_never=_NOT_INVITED),
    }
)
"""The kinds of file that are known, by name."""


def check(data: bytes, profile: str) -> None:
    """Refuse a file that breaks its profile.

    Raises:
        InputError: with everything that is wrong, or there is no such profile.
    """
    refuse(lint(data, profile), f"a file of profile {profile!r}")


def lint(data: bytes, profile: str) -> tuple[Finding, ...]:
    r"""Return all that is wrong with a calendar file, in the order of its lines; nothing is good.

    Args:
        data: the content of the file.
        profile: what kind of file it is: "invitation", "update", "cancellation", "feed", "freebusy", "rich", "mail" or
            "caldav".

    Raises:
        InputError: there is no such profile, or the file is larger than any calendar should be.

    >>> for finding in lint(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//EN\r\nEND:VCALENDAR\r\n", "caldav"):
    ...     print(finding)
    line 1, VCALENDAR: there is no component in it (RFC 5545, 3.6)
      Maybe a VEVENT.
    """
    if profile not in PROFILES:
        raise InputError(
            [Fault("profile", f"there is no profile {shown(profile)}", nearest(profile, PROFILES))], "lint"
        )
    parsed = parse(data, "")
    found = [*_lines(data), *parsed.findings]
    if len(parsed.calendars) > 1:
        place = parsed.calendars[1].line
        found.append(Finding(place, "VCALENDAR", "there are two calendars in one file", "one.", _SYNTAX + "3.4"))
    for calendar in parsed.calendars:
        found += _component(calendar)
        found += _calendar(calendar)
        found += _profile(calendar, PROFILES[profile], profile)
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.component, finding.message)))


def _lines(data: bytes) -> Iterator[Finding]:
    number = 0
    for number, line in enumerate(data.split(b"\r\n"), 1):
        if len(line) > 75:
            yield Finding(number, "", f"the line has {len(line)} octets", "fold it at 75.", _SYNTAX + "3.1")
        if b"\n" in line or b"\r" in line:
            yield Finding(number, "", "the line ends in half of CRLF", "CRLF.", _SYNTAX + "3.1")
        if _CONTROL.search(line):
            yield Finding(number, "", "there is a control character in it", "leave it out.", _SYNTAX + "3.1")
        try:
            line.decode()
        except UnicodeDecodeError:
            yield Finding(number, "", "a character is no UTF-8, or folded in two", "fold it before.", _SYNTAX + "3.1")
    if not data.endswith(b"\r\n"):
        yield Finding(number, "", "the last line does not end in CRLF", "CRLF.", _SYNTAX + "3.1")


def _component(component: Component) -> Iterator[Finding]:
    name = component.name
    for needed, clause in _NEEDED.get(name, ()):
        if not component.text(needed):
            yield Finding(component.line, name, f"there is no {needed}", f"{needed}:...", _SYNTAX + clause)
    seen: set[str] = set()
    for prop in component.properties:
        if prop.name in seen and prop.name in _ONCE and not (name == "VCALENDAR" and prop.name == "NAME"):
            yield Finding(prop.line, name, f"{prop.name} comes twice", "leave one out.", _SYNTAX + "3.6")
        seen.add(prop.name)
        try:
            _value(prop)
        except _WrongError as error:
            yield Finding(prop.line, name, str(error), error.remedy, error.clause)
        except ValueError as error:
            yield Finding(prop.line, name, str(error), "another value.", _SYNTAX + "3.3")
    if name in {"VEVENT", "VFREEBUSY"}:
        yield from _times(component)
    for inner in component.components:
        yield from _component(inner)


class _WrongError(ValueError):
    def __init__(self, message: str, remedy: str, clause: str) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.clause = clause


def _value(prop: Property) -> None:
    name, value = prop.name, prop.value
    if name in _TEXTS and not _TEXT.fullmatch(value):
        raise _WrongError(f"{name} is not escaped: {shown(value)}", "\\; \\, and \\\\.", _SYNTAX + "3.3.11")
    if name in _CHOICES and value.upper() not in _CHOICES[name][0]:
        values, clause = _CHOICES[name]
        raise _WrongError(f"{name} is {shown(value)}", " or ".join(sorted(values)) + ".", _SYNTAX + clause)
    if name in {"DTSTAMP", "CREATED", "LAST-MODIFIED"}:
        try:
            utc_stamp(value)
        except ValueError as error:
            clause = "3.8.7.2" if name == "DTSTAMP" else "3.8.7"
            raise _WrongError(str(error), "20101206T120000Z.", _SYNTAX + clause) from None
    if name in {"DTSTART", "DTEND", "RECURRENCE-ID"}:
        moment = read_moment(value, prop.param("TZID"))
        if moment.whole_day != ((prop.param("VALUE") or "").upper() == "DATE"):
            raise _WrongError(f"{name} is no {prop.param('VALUE') or 'DATE-TIME'}", "VALUE=DATE.", _SYNTAX + "3.2.20")
        if moment.utc and prop.param("TZID"):
            raise _WrongError(f"{name} in UTC has a TZID", "leave TZID out.", _SYNTAX + "3.2.19")
    if name in {"DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}:
        read_length(value)
        if name == "REFRESH-INTERVAL" and (prop.param("VALUE") or "").upper() != "DURATION":
            raise _WrongError("REFRESH-INTERVAL has no VALUE", "VALUE=DURATION.", _NEWER + "5.7")
    _more(prop)


def _more(prop: Property) -> None:
    name, value = prop.name, prop.value
    if name == "SEQUENCE":
        read_whole(value, 0, 2**31 - 1)
    if name in {"TZOFFSETFROM", "TZOFFSETTO"}:
        read_offset(value)
    if name in {"ORGANIZER", "ATTENDEE"} and not _is_address(value):
        raise _WrongError(f"{name} is no address: {shown(value)}", "mailto:office@example.org.", _SYNTAX + "3.3.3")
    if name == "FREEBUSY" and not all(start.utc for start, _ in read_periods(prop)):
        raise _WrongError("FREEBUSY is not in UTC", "times that end in Z.", _SYNTAX + "3.8.2.6")


def _is_address(value: str) -> bool:
    """Whether it is a CAL-ADDRESS: any URI, and where that is a mail address, a good one."""
    return mail_of(value) is not None if value.lower().startswith("mailto:") else bool(_URI.fullmatch(value))


def _times(component: Component) -> Iterator[Finding]:
    start, end = component.get("DTSTART"), component.get("DTEND")
    if end is not None and component.get("DURATION") is not None:
        yield Finding(end.line, component.name, "there are DTEND and DURATION", "one of them.", _SYNTAX + "3.6.1")
    if start is None or end is None:
        return
    try:
        first, last = read_moment(start.value, start.param("TZID")), read_moment(end.value, end.param("TZID"))
    except ValueError:
        return
    clause = _SYNTAX + "3.8.2.2"
    if first.whole_day != last.whole_day:
        yield Finding(end.line, component.name, "DTEND is not of the type of DTSTART", "the same VALUE.", clause)
    elif first.form == last.form and last.wall <= first.wall:
        yield Finding(end.line, component.name, "DTEND is not after DTSTART", "a later end.", clause)


def _calendar(calendar: Component) -> Iterator[Finding]:
    if not calendar.components:
        yield Finding(calendar.line, "VCALENDAR", "there is no component in it", "a VEVENT.", _SYNTAX + "3.6")
    defined = {one.text("TZID"): one for one in calendar.components if one.name == "VTIMEZONE"}
    for zone in defined.values():
        if not any(part.name in {"STANDARD", "DAYLIGHT"} for part in zone.components):
            yield Finding(zone.line, "VTIMEZONE", "it has no STANDARD or DAYLIGHT", "STANDARD.", _SYNTAX + "3.6.5")
    for one in calendar.components:
        for prop in one.properties:
            tzid = prop.param("TZID")
            if tzid is not None and tzid not in defined:
                message = f"the time zone {shown(tzid)} is not defined"
                yield Finding(prop.line, one.name, message, "a VTIMEZONE.", _SYNTAX + "3.2.19")
            elif tzid is not None and not _covers(defined[tzid], prop):
                message = f"the VTIMEZONE of {shown(tzid)} begins only later"
                yield Finding(prop.line, one.name, message, "an earlier DTSTART there.", _SYNTAX + "3.6.5")


def _covers(zone: Component, prop: Property) -> bool:
    try:
        starts = [read_moment(part.text("DTSTART")).wall for part in zone.components]
        return not starts or min(starts) <= read_moment(prop.value).wall
    except ValueError:
        return True


def _profile(calendar: Component, profile: _Profile, name: str) -> Iterator[Finding]:
    clause = _METHODS + profile.clause
    method = calendar.text("METHOD").upper()
    if method not in profile.methods:
        wanted = " or ".join(one or "none" for one in profile.methods)
        message = f"METHOD is {shown(method)} in a file of profile {name!r}"
        yield Finding(calendar.line, "VCALENDAR", message, f"{wanted}.", clause)
    for needed in profile.calendar_needs:
        if not calendar.text(needed):
            yield Finding(calendar.line, "VCALENDAR", f"there is no {needed}", f"{needed}:...", _NEWER + "5")
    for prop in calendar.properties:
        if prop.name in profile.calendar_never:
            message = f"{prop.name} makes clients open a new calendar"
            yield Finding(prop.line, "VCALENDAR", message, "leave it out.", _NEWER + "5")
    kind = "VFREEBUSY" if name == "freebusy" else "VEVENT"
    events = [one for one in calendar.components if one.name == kind]
    for one in calendar.components:
        if one.name not in {kind, "VTIMEZONE"}:
            yield Finding(one.line, one.name, f"it is not for a file of profile {name!r}", "another file.", clause)
    uids: set[tuple[str, str]] = set()
    for one in events:
        key = one.text("UID"), one.text("RECURRENCE-ID")
        if key in uids:
            yield Finding(one.line, kind, f"the UID {shown(key[0])} comes twice", "one.", _SYNTAX + "3.8.4.7")
        uids.add(key)
        yield from _event(one, profile, method, clause)
    if profile.one_uid and len({uid for uid, _ in uids}) != 1 and calendar.components:
        message = f"{len({uid for uid, _ in uids})} UIDs are in it, and one has to be"
        rule = "RFC 4791, 4.1" if name == "caldav" else clause
        yield Finding(calendar.line, "VCALENDAR", message, "a file for each.", rule)


def _event(event: Component, profile: _Profile, method: str, clause: str) -> Iterator[Finding]:
    needed = (*profile.event, *(("ORGANIZER",) if method == "PUBLISH" else ()))
    for name in dict.fromkeys(needed):
        if not event.text(name):
            yield Finding(event.line, event.name, f"there is no {name}", f"{name}:...", clause)
    never = {*profile.never, *(("ATTENDEE",) if method == "PUBLISH" else ())}
    inside: tuple[Property | Component, ...] = (*event.properties, *event.components)
    for found in inside:
        if found.name in never:
            yield Finding(found.line, event.name, f"there is {found.name}", "leave it out.", clause)
    if profile.status and event.text("STATUS").upper() != profile.status:
        message = f"STATUS is {shown(event.text('STATUS'))}"
        yield Finding(event.line, event.name, message, f"{profile.status}.", clause)
