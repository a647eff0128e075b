"""Properties by themselves: whether each value is one of its type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from unsched.calendar.checks import clause as c
from unsched.calendar.checks.clause import Clause
from unsched.calendar.checks.names import COLOURS, PARAMETERS, PROPERTIES, RELATIONS, words
from unsched.calendar.finding import Finding
from unsched.calendar.parse import Property
from unsched.calendar.recurrence import read_rule
from unsched.calendar.values import (
    mail_of,
    read_length,
    read_moment,
    read_moments,
    read_offset,
    read_periods,
    read_whole,
    utc_stamp,
)
from unsched.domain.fact import shown

__all__ = ["check_value"]

_TEXT: Final = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_TEXT_LIST: Final = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
_TEXTS: Final = words(
    "SUMMARY LOCATION DESCRIPTION UID COMMENT NAME TZNAME CONTACT PRODID RELATED-TO REFID X-WR-CALNAME"
)
_WORDS: Final[Mapping[str, tuple[Clause, frozenset[str]]]] = MappingProxyType(
    {
        "STATUS": (c.STATUS, frozenset({"TENTATIVE", "CONFIRMED", "CANCELLED"})),
        "TRANSP": (c.TRANSP, frozenset({"OPAQUE", "TRANSPARENT"})),
        "CLASS": (c.CLASS, frozenset({"PUBLIC", "PRIVATE", "CONFIDENTIAL"})),
        "VERSION": (c.VERSION, frozenset({"2.0"})),
        "CALSCALE": (c.CALSCALE, frozenset({"GREGORIAN"})),
    }
)
_CHOICES: Final[Mapping[str, tuple[Clause, frozenset[str]]]] = MappingProxyType(
    {
        "CUTYPE": (c.CUTYPE, frozenset({"INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"})),
        "PARTSTAT": (c.PARTSTAT, frozenset({"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"})),
        "ROLE": (c.ROLE, frozenset({"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"})),
        "RSVP": (c.RSVP, frozenset({"TRUE", "FALSE"})),
        "FBTYPE": (c.FBTYPE, frozenset({"FREE", "BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"})),
        "RELTYPE": (c.RELTYPE, RELATIONS),
    }
)


def check_value(prop: Property, component: str) -> Iterator[Finding]:
    """Yield what is wrong with a property of a component."""
    name, value = prop.name, prop.value
    if not _registered(name, PROPERTIES):
        yield c.REGISTERED.at(prop.line, component, f"there is no property {shown(name)}", "another name, or X-.")
    pattern = _TEXT if name in _TEXTS else _TEXT_LIST if name == "CATEGORIES" else None
    if pattern is not None and not pattern.fullmatch(value):
        yield c.TEXT.at(prop.line, component, f"{name} is not escaped: {shown(value)}", "\\; \\, and \\\\.")
    if name in _WORDS and value.upper() not in _WORDS[name][1]:
        clause, words = _WORDS[name]
        yield clause.at(prop.line, component, f"{name} is {shown(value)}", " or ".join(sorted(words)) + ".")
    if name == "COLOR" and value.lower() not in COLOURS:
        yield c.COLOR.at(prop.line, component, f"there is no colour {shown(value)}", "one such as 'teal'.")
    for names, clause, read in _TYPED:
        if name in names:
            try:
                read(prop)
            except ValueError as error:
                yield clause.at(prop.line, component, f"{name}: {error}", "another value.")
    yield from _parameters(prop, component)


def _registered(name: str, known: frozenset[str]) -> bool:
    return name in known or name.startswith("X-")


def _parameters(prop: Property, component: str) -> Iterator[Finding]:
    for name, values in prop.params.items():
        if not _registered(name, PARAMETERS):
            yield c.REGISTERED.at(prop.line, component, f"there is no parameter {shown(name)}", "another name, or X-.")
        if name in _CHOICES:
            clause, words = _CHOICES[name]
            for value in values:
                if value.upper() not in words and not value.upper().startswith("X-"):
                    remedy = " or ".join(sorted(words)) + "."
                    yield clause.at(prop.line, component, f"{name} is {shown(value)}", remedy)
        if name == "CN" and any(sign in value for value in values for sign in '"\n^'):
            yield c.COMMON_NAME.at(prop.line, component, f"CN is {shown(values[0])}", "a plain name.")
    gap = prop.param("GAP")
    if gap is not None:
        try:
            read_length(gap)
        except ValueError as error:
            yield c.RELTYPE.at(prop.line, component, f"GAP: {error}", "one such as PT15M.")
    if prop.name in {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}:
        yield from _moment_type(prop, component)


def _moment_type(prop: Property, component: str) -> Iterator[Finding]:
    try:
        moments = [] if (prop.param("VALUE") or "").upper() == "PERIOD" else list(read_moments(prop))
    except ValueError:
        return  # said already
    for moment in moments:
        if moment.whole_day != ((prop.param("VALUE") or "").upper() == "DATE"):
            message = f"{prop.name} is no {prop.param('VALUE') or 'DATE-TIME'}"
            yield c.VALUE_TYPE.at(prop.line, component, message, "VALUE=DATE for a date alone.")
        if moment.utc and prop.param("TZID"):
            yield c.UTC_TZID.at(prop.line, component, f"{prop.name} in UTC has a TZID", "leave TZID out.")


# -- types ------------------------------------------------------------------------------------------------------------


def _refresh(prop: Property) -> None:
    if (prop.param("VALUE") or "").upper() != "DURATION":
        raise ValueError("there is no VALUE=DURATION")


def _address(prop: Property) -> None:
    value = prop.value
    good = mail_of(value) is not None if value.lower().startswith("mailto:") else bool(_URI.fullmatch(value))
    # An address list, or what a mail program would take for one, is none.
    if not good or any(sign in (mail_of(value) or "") for sign in ", ;<>"):
        raise ValueError(f"{shown(value)} is no address")


def _uri(prop: Property) -> None:
    if not _URI.fullmatch(prop.value):
        raise ValueError(f"{shown(prop.value)} is no address")


def _free_busy(prop: Property) -> None:
    before = None
    for start, end in read_periods(prop):
        if not start.utc or not getattr(end, "utc", True):
            raise ValueError("a period is not in UTC")
        if before is not None and start.wall < before:
            raise ValueError("the periods are not in order")
        if hasattr(end, "wall") and end.wall <= start.wall:
            raise ValueError("a period ends before it starts")
        before = start.wall


_TYPED: Final[tuple[tuple[frozenset[str], Clause, Callable[[Property], object]], ...]] = (
    (frozenset({"DTSTAMP"}), c.DTSTAMP, lambda prop: utc_stamp(prop.value)),
    (frozenset({"CREATED", "LAST-MODIFIED"}), c.TIMESTAMP, lambda prop: utc_stamp(prop.value)),
    (frozenset({"DTSTART", "DTEND", "RECURRENCE-ID"}), c.DATE_TIME, lambda prop: read_moment(prop.value)),
    (frozenset({"EXDATE"}), c.DATE_TIME, lambda prop: list(read_moments(prop))),
    (frozenset({"DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}), c.DURATION, lambda prop: read_length(prop.value)),
    (frozenset({"REFRESH-INTERVAL"}), c.REFRESH, _refresh),
    (frozenset({"SEQUENCE"}), c.INTEGER, lambda prop: read_whole(prop.value, 0, 2**31 - 1)),
    (frozenset({"TZOFFSETFROM", "TZOFFSETTO"}), c.OFFSET, lambda prop: read_offset(prop.value)),
    (frozenset({"ORGANIZER", "ATTENDEE"}), c.ADDRESS, _address),
    (frozenset({"URL", "SOURCE"}), c.URI, _uri),
    (frozenset({"FREEBUSY"}), c.FREE_BUSY, _free_busy),
    (frozenset({"RRULE"}), c.RRULE, lambda prop: read_rule(prop.value)),
)
