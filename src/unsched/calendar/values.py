"""The values of others' calendars: moments, durations, periods, texts (RFC 5545, section 3.3).

Each function raises a `ValueError` with a sentence that names the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import unquote

from attrs import frozen

from unsched.calendar.parse import Property
from unsched.domain.fact import shown

__all__ = [
    "Length",
    "Moment",
    "mail_of",
    "read_length",
    "read_moment",
    "read_moments",
    "read_offset",
    "read_periods",
    "read_whole",
    "unescape",
    "utc_stamp",
]

_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?\Z")
_LENGTH: Final = re.compile(
    r"([+-]?)P(?=[0-9T])(?:([0-9]{1,7})W)?(?:([0-9]{1,7})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,10})S)?)?\Z"
)
_OFFSET: Final = re.compile(r"([+-])([0-9]{2})([0-5][0-9])([0-5][0-9])?\Z")
_ESCAPE: Final = re.compile(r"\\([\\;,nN])")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,10}\Z")


@frozen
class Moment:
    """A DATE or a DATE-TIME, before it is known which instant it means.

    Args:
        wall: the date and time as written; midnight for a date.
        whole_day: whether it is a date.
        utc: whether it ends in "Z".
        tzid: the time zone that is named, or `None`.
    """

    wall: datetime
    whole_day: bool = False
    utc: bool = False
    tzid: str | None = None

    @property
    def form(self) -> tuple[bool, bool, str | None]:
        """What two moments share if the difference of their clocks means something."""
        return self.whole_day, self.utc, self.tzid


@frozen
class Length:
    """A duration: days by the calendar, then exact seconds (RFC 5545, section 3.3.6)."""

    days: int
    seconds: int

    @property
    def about(self) -> timedelta:
        """About how long it is: no clock change is longer than a day."""
        return timedelta(days=self.days, seconds=self.seconds)


def read_moment(value: str, tzid: str | None = None) -> Moment:
    """Return a DATE or a DATE-TIME.

    >>> read_moment("20101217T100000Z").wall
    datetime.datetime(2010, 12, 17, 10, 0)
    """
    found = _DATE.match(value)
    if found is None:
        raise ValueError(f"{shown(value)} is not a date or a date-time, such as 20101217T100000Z")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        if found[4] is None:
            return Moment(datetime(year, month, day), whole_day=True)  # noqa: DTZ001  no zone is known yet
        # A leap second is the second before it (RFC 5545, section 3.3.12).
        wall = datetime(year, month, day, int(found[4]), int(found[5]), min(int(found[6]), 59))  # noqa: DTZ001
    except ValueError:
        raise ValueError(f"{shown(value)} is no day or hour that there is") from None
    if int(found[6]) > 60:
        raise ValueError(f"{shown(value)} is no day or hour that there is")
    utc = bool(found[7])
    return Moment(wall, utc=utc, tzid=None if utc else tzid)


def read_moments(prop: Property) -> Iterator[Moment]:
    """Yield the dates or date-times of a property, each with its time zone."""
    for value in prop.value.split(","):
        yield read_moment(value.strip(), prop.param("TZID"))


def read_length(value: str) -> Length:
    """Return a duration.

    >>> read_length("P1DT2H")
    Length(days=1, seconds=7200)
    """
    found = _LENGTH.match(value.strip())
    if found is None:
        raise ValueError(f"{shown(value)} is not a duration, such as PT1H30M")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    sign = -1 if found[1] == "-" else 1
    length = Length(sign * (7 * weeks + days), sign * (3600 * hours + 60 * minutes + seconds))
    if abs(length.days) > 400_000 or abs(length.seconds) > 10**10:
        raise ValueError(f"{shown(value)} is longer than anything that is planned")
    return length


def read_periods(prop: Property) -> Iterator[tuple[Moment, Moment | Length]]:
    """Yield the periods of a property: each its start, and its end or its length."""
    for value in prop.value.split(","):
        start, slash, end = value.strip().partition("/")
        if not slash:
            raise ValueError(f"{shown(value)} is not a period, such as 20101217T100000Z/PT1H")
        first = read_moment(start, prop.param("TZID"))
        yield first, read_length(end) if "P" in end else read_moment(end, prop.param("TZID"))


def read_offset(value: str) -> timedelta:
    """Return an offset from UTC.

    >>> read_offset("-0330")
    datetime.timedelta(days=-1, seconds=73800)
    """
    found = _OFFSET.match(value.strip())
    if found is None or int(found[2]) > 23:
        raise ValueError(f"{shown(value)} is not an offset from UTC, such as +0100")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -offset if found[1] == "-" else offset


def read_whole(value: str, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    if not _WHOLE.match(value.strip()) or not least <= int(value) <= most:
        raise ValueError(f"{shown(value)} is not a whole number from {least} to {most}")
    return int(value)


def unescape(value: str) -> str:
    r"""Return a TEXT as people read it.

    >>> unescape(r"Oz\, Ann\nRoom C:\\New")
    'Oz, Ann\nRoom C:\\New'
    """
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def mail_of(address: str) -> str | None:
    """Return the mail address of a CAL-ADDRESS, in lower case, or `None` where it is none.

    >>> mail_of("MAILTO:Office%26Press@Example.org")
    'office&press@example.org'
    """
    scheme, colon, rest = address.strip().partition(":")
    if not colon or scheme.lower() != "mailto":
        return None
    mail = unquote(rest.partition("?")[0]).strip().lower()
    return mail if mail.count("@") == 1 and mail.isprintable() and len(mail) <= 254 else None


def utc_stamp(value: str) -> datetime:
    """Return a date-time in UTC, as DTSTAMP has to be (RFC 5545, section 3.8.7.2)."""
    moment = read_moment(value.strip())
    if not moment.utc:
        raise ValueError(f"{shown(value)} is not in UTC")
    return moment.wall.replace(tzinfo=UTC)
