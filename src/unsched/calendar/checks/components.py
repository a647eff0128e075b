"""Components: what each has to have, and how its properties have to go together (RFC 5545, section 3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from unsched.calendar.checks import clause as c
from unsched.calendar.checks.clause import Clause
from unsched.calendar.checks.names import COMPONENTS, words
from unsched.calendar.checks.values import check_value
from unsched.calendar.finding import Finding
from unsched.calendar.parse import Component, Property
from unsched.calendar.recurrence import read_rule
from unsched.calendar.values import Moment, read_moment, read_moments
from unsched.domain.fact import shown

__all__ = ["check_calendar", "check_component"]

_ONCE: Final = words("""
    UID DTSTAMP DTSTART DTEND DURATION CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION ORGANIZER PRIORITY
    SEQUENCE STATUS SUMMARY TRANSP URL RECURRENCE-ID RRULE PRODID VERSION METHOD CALSCALE TZID TZOFFSETFROM
    TZOFFSETTO COLOR REFRESH-INTERVAL SOURCE X-WR-CALNAME X-PUBLISHED-TTL X-MICROSOFT-CDO-BUSYSTATUS PARTICIPANT-
    TYPE
""")
_NEEDED: Final[Mapping[str, tuple[tuple[str, Clause], ...]]] = MappingProxyType(
    {
        "VCALENDAR": (("PRODID", c.PRODID), ("VERSION", c.VERSION)),
        "VEVENT": (("UID", c.UID), ("DTSTAMP", c.DTSTAMP), ("DTSTART", c.DTSTART)),
        "VFREEBUSY": (("UID", c.UID), ("DTSTAMP", c.DTSTAMP)),
        "VTIMEZONE": (("TZID", c.ZONE_PARTS),),
        "STANDARD": (("DTSTART", c.ZONE_RULE), ("TZOFFSETFROM", c.ZONE_RULE), ("TZOFFSETTO", c.ZONE_RULE)),
        "DAYLIGHT": (("DTSTART", c.ZONE_RULE), ("TZOFFSETFROM", c.ZONE_RULE), ("TZOFFSETTO", c.ZONE_RULE)),
        "VLOCATION": (("UID", c.PART_UID),),
        "VRESOURCE": (("UID", c.PART_UID),),
        "PARTICIPANT": (("UID", c.PART_UID), ("PARTICIPANT-TYPE", c.PART_TYPE)),
    }
)


def check_component(component: Component) -> Iterator[Finding]:
    """Yield what is wrong with a component, and with those in it."""
    name = component.name
    if name not in COMPONENTS and not name.startswith("X-"):
        yield c.REGISTERED.at(component.line, name, f"there is no component {shown(name)}", "another name, or X-.")
    for needed, clause in _NEEDED.get(name, ()):
        if not component.text(needed):
            yield clause.at(component.line, name, f"there is no {needed}", f"{needed}:...")
    seen: set[str] = set()
    for prop in component.properties:
        if prop.name in seen and prop.name in _ONCE:
            yield c.ONCE.at(prop.line, name, f"{prop.name} comes twice", "leave one out.")
        seen.add(prop.name)
        yield from check_value(prop, name)
    if name in {"VEVENT", "VFREEBUSY"}:
        yield from _times(component)
    if name == "VEVENT":
        yield from _busy_status(component)
        yield from _recurrence(component)
    if name in {"STANDARD", "DAYLIGHT"}:
        start = component.get("DTSTART")
        if start is not None and (start.param("TZID") or start.value.endswith("Z")):
            yield c.ZONE_RULE.at(start.line, name, "DTSTART is not by the local clock", "no TZID and no Z.")
    for inner in component.components:
        yield from check_component(inner)


def _times(component: Component) -> Iterator[Finding]:
    start, end = component.get("DTSTART"), component.get("DTEND")
    if end is not None and component.get("DURATION") is not None:
        yield c.END_ONCE.at(end.line, component.name, "there are DTEND and DURATION", "one of them.")
    first, last = _moment(start), _moment(end)
    if first is None or last is None or end is None:
        return
    if first.whole_day != last.whole_day:
        yield c.END_TYPE.at(end.line, component.name, "DTEND is not of the type of DTSTART", "the same VALUE.")
    elif first.form == last.form and last.wall <= first.wall:
        yield c.END_TYPE.at(end.line, component.name, "DTEND is not after DTSTART", "a later end.")


def _moment(prop: Property | None) -> Moment | None:
    try:
        return None if prop is None else read_moment(prop.value, prop.param("TZID"))
    except ValueError:
        return None


def _busy_status(event: Component) -> Iterator[Finding]:
    found = event.get("X-MICROSOFT-CDO-BUSYSTATUS")
    if found is not None:
        free = found.value.upper() == "FREE"
        if free != (event.text("TRANSP").upper() == "TRANSPARENT"):
            message = f"X-MICROSOFT-CDO-BUSYSTATUS is {shown(found.value)}, and TRANSP is {shown(event.text('TRANSP'))}"
            yield c.BUSY_STATUS.at(found.line, event.name, message, "the same of both.")


def _recurrence(event: Component) -> Iterator[Finding]:
    start = _moment(event.get("DTSTART"))
    rule = event.get("RRULE")
    if rule is not None and start is not None:
        try:
            until = read_rule(rule.value).until
        except ValueError:
            until = None
        zoned = start.utc or start.tzid is not None
        if until is not None and (until.whole_day != start.whole_day or (zoned and not until.utc)):
            yield c.RRULE.at(
                rule.line, event.name, "UNTIL is not of the type of DTSTART", "UTC, where there is a zone."
            )
    for prop in event.all("EXDATE"):
        try:
            forms = {moment.form for moment in read_moments(prop)}
        except ValueError:
            continue
        if start is not None and forms - {start.form}:
            message = "EXDATE is not of the type and zone of DTSTART"
            yield c.EXCEPTION.at(prop.line, event.name, message, "the same VALUE and TZID.")


# -- all together -----------------------------------------------------------------------------------------------------


def check_calendar(calendar: Component) -> Iterator[Finding]:
    """Yield what is wrong with how the components of a calendar go together."""
    if not calendar.components:
        yield c.NOT_EMPTY.at(calendar.line, "VCALENDAR", "there is no component in it", "a VEVENT.")
    defined: dict[str, Component] = {}
    for zone in calendar.components:
        if zone.name != "VTIMEZONE":
            continue
        if zone.text("TZID") in defined:
            yield c.ZONE_ONCE.at(zone.line, "VTIMEZONE", f"{shown(zone.text('TZID'))} comes twice", "one of them.")
        defined.setdefault(zone.text("TZID"), zone)
        if not any(part.name in {"STANDARD", "DAYLIGHT"} for part in zone.components):
            yield c.ZONE_PARTS.at(zone.line, "VTIMEZONE", "it has no STANDARD or DAYLIGHT", "STANDARD.")
    for one in calendar.components:
        if one.name != "VTIMEZONE":
            yield from _zones(one, defined)
    yield from _identities(calendar)


def _zones(component: Component, defined: Mapping[str, Component]) -> Iterator[Finding]:
    for prop in component.properties:
        tzid = prop.param("TZID")
        if tzid is None:
            continue
        if tzid not in defined:
            message = f"the time zone {shown(tzid)} is not defined"
            yield c.ZONE_DEFINED.at(prop.line, component.name, message, "a VTIMEZONE.")
        elif not _covers(defined[tzid], prop):
            message = f"the VTIMEZONE of {shown(tzid)} begins only later"
            yield c.ZONE_COVERS.at(prop.line, component.name, message, "an earlier DTSTART there.")


def _covers(zone: Component, prop: Property) -> bool:
    try:
        starts = [read_moment(part.text("DTSTART")).wall for part in zone.components]
        return not starts or min(starts) <= read_moment(prop.value).wall
    except ValueError:
        return True


def _identities(calendar: Component) -> Iterator[Finding]:
    masters: dict[str, Component] = {}
    seen: set[tuple[str, str, str]] = set()
    events = [one for one in calendar.components if one.name in {"VEVENT", "VFREEBUSY"}]
    for one in events:
        key = one.name, one.text("UID"), one.text("RECURRENCE-ID")
        if key in seen:
            yield c.UID_ONCE.at(one.line, one.name, f"the UID {shown(key[1])} comes twice", "one.")
        seen.add(key)
        if not key[2]:
            masters.setdefault(key[1], one)
    for one in events:
        found = one.get("RECURRENCE-ID")
        if found is None:
            continue
        master = masters.get(one.text("UID"))
        if master is None or master.get("RRULE") is None:
            message = f"nothing that recurs has the UID {shown(one.text('UID'))}"
            yield c.SAME_UID.at(one.line, one.name, message, "the event with the RRULE beside it.")
            continue
        start, moment = _moment(master.get("DTSTART")), _moment(found)
        if start is not None and moment is not None and start.form != moment.form:
            message = "RECURRENCE-ID is not of the type and zone of the DTSTART of what recurs"
            yield c.EXCEPTION.at(found.line, one.name, message, "the same VALUE and TZID.")
