"""A checker of calendar files: RFC 5545 and its kin, and what each kind of file that we write has to keep to.

It shares no code with what writes calendars, so that it cannot be wrong in the same way. Each thing that it looks at is
a clause with a name, in `unsched.calendar.checks.clause`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from unsched.calendar.checks import clause as c
from unsched.calendar.checks.components import check_calendar, check_component
from unsched.calendar.checks.jcal import MOST as MOST_JCAL
from unsched.calendar.checks.jcal import read_jcal
from unsched.calendar.checks.lines import check_lines, name_findings
from unsched.calendar.checks.mime import MOST as MOST_MAIL
from unsched.calendar.checks.mime import calendar_of, check_mail
from unsched.calendar.checks.profiles import PROFILES as _PROFILES
from unsched.calendar.checks.profiles import check_profile
from unsched.calendar.checks.sequel import check_sequel
from unsched.calendar.finding import Finding, refuse
from unsched.calendar.parse import Component, parse
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest

__all__ = ["PROFILES", "check", "lint"]

PROFILES: Final = (*_PROFILES, "mail", "jcal")
"""The kinds of file that are known, by name."""

_IN_MAIL: Final = {"REQUEST": "invitation", "CANCEL": "cancellation"}


def check(data: bytes, profile: str, *, before: bytes | None = None) -> None:
    """Refuse a file that breaks its profile.

    Args:
        data: the content of the file.
        profile: as in `lint`.
        before: as in `lint`.

    Raises:
        InputError: with everything that is wrong, or there is no such profile.
    """
    refuse(lint(data, profile, before=before), f"a file of profile {profile!r}")


def lint(data: bytes, profile: str, *, before: bytes | None = None) -> tuple[Finding, ...]:
    r"""Return all that is wrong with a calendar file, in the order of its lines; nothing is good.

    Args:
        data: the content of the file.
        profile: what kind of file it is: "invitation", "update", "cancellation", "feed", "freebusy", "rich", "caldav"
            (a resource on a server), "mail" (a whole .eml) or "jcal".
        before: of an update or a cancellation, what was told of the same event before it.

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
    if profile == "mail":
        found = _mail(data)
    elif profile == "jcal":
        found = _jcal(data)
    else:
        found = _file(data, profile)
    if before is not None:
        found = [*found, *check_sequel(data, before)]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.component, finding.message)))


def _file(data: bytes, profile: str) -> list[Finding]:
    parsed = parse(data, "")
    found = [*check_lines(data), *name_findings(parsed.findings)]
    if len(parsed.calendars) > 1:
        place = parsed.calendars[1].line
        found.append(c.ONE_CALENDAR.at(place, "VCALENDAR", "there are two calendars in one file", "one."))
    for calendar in parsed.calendars:
        found += _calendar(calendar, profile)
    return found


def _calendar(calendar: Component, profile: str) -> Iterator[Finding]:
    yield from check_component(calendar)
    yield from check_calendar(calendar)
    yield from check_profile(calendar, _PROFILES[profile], profile)


def _mail(data: bytes) -> list[Finding]:
    _refuse_large(data, MOST_MAIL)
    try:
        found, inside = list(check_mail(data)), calendar_of(data)
    except RecursionError:
        return [c.MAIL_PARTS.at(0, "", "its parts are nested too deep", "a mail such as we write.")]
    if inside is not None:
        calendar, method = inside
        profile = _IN_MAIL.get(method.upper(), "invitation")
        found += [evolve(one, file="text/calendar") for one in _file(calendar, profile)]
    return found


def _jcal(data: bytes) -> list[Finding]:
    _refuse_large(data, MOST_JCAL)
    calendar, found = read_jcal(data)
    return [*found, *(_calendar(calendar, "rich") if calendar is not None else ())]


def _refuse_large(data: bytes, most: int) -> None:
    if len(data) > most:
        raise InputError([Fault("", f"it has over {most:,} bytes", "a smaller file.")], "lint")
