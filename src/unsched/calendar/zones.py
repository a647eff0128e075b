"""The time zones that others' calendars name: of the IANA, of Windows, or defined in the file itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo, available_timezones

from attrs import frozen

from unsched.calendar.occurrences import Budget, occurrences
from unsched.calendar.parse import Component
from unsched.calendar.recurrence import read_rule
from unsched.calendar.values import Moment, read_moment, read_moments, read_offset
from unsched.domain.fact import shown

__all__ = ["DefinedZone", "Zone", "Zones"]

_KEY: Final = re.compile(r"[A-Za-z0-9_+.\-/]{1,100}\Z")
_NONE: Final = frozenset({"Factory", "localtime", "posixrules"})
_MOST_PARTS: Final = 8


class Zone(Protocol):
    """What turns a wall clock into an instant."""

    def instant(self, wall: datetime) -> datetime:
        """Return the instant, in UTC, that a local time means."""
        ...


@frozen
class _NamedZone:
    """A zone of the IANA database."""

    tz: ZoneInfo

    def instant(self, wall: datetime) -> datetime:
        """Return the first such instant, or what the clock before a gap would show (RFC 5545, section 3.3.5)."""
        return wall.replace(tzinfo=self.tz).astimezone(UTC)


@frozen
class DefinedZone:
    """A zone as a VTIMEZONE defines it.

    Args:
        onsets: each change of the clocks as the local time from which the new offset is read, and that offset; in
            order. A skipped hour is still read with the offset before, and a repeated one is the first.
        before: the offset before all of them.
    """

    onsets: tuple[tuple[datetime, timedelta], ...]
    before: timedelta

    def instant(self, wall: datetime) -> datetime:
        """Return the instant, in UTC, that a local time means."""
        offset = self.before
        for onset, after in self.onsets:
            if onset > wall:
                break
            offset = after
        return wall.replace(tzinfo=UTC) - offset


class Zones:
    """The zones of one calendar.

    Args:
        calendar: the calendar.
        default: IANA name of the zone of times that name none.
        first: no time earlier than this has to be right.
        last: nor any later.
        budget: what is paid for the rules of VTIMEZONE.
    """

    def __init__(self, calendar: Component, default: str, first: datetime, last: datetime, budget: Budget) -> None:
        self._defined = {one.text("TZID"): one for one in calendar.components if one.name == "VTIMEZONE"}
        self._known: dict[str, Zone | str] = {}
        self._bounds = first.replace(tzinfo=None), last.replace(tzinfo=None)
        self._budget = budget
        self.default: Zone = _NamedZone(ZoneInfo(default))

    def floating(self, name: str) -> None:
        """Let a zone be that of times that name none; raise a `ValueError` if it is not known."""
        self.default = self.find(name)

    def find(self, tzid: str) -> Zone:
        """Return a zone by its TZID.

        The IANA's data come first, since what files define is often cut short; then what the file defines; then the
        names of Windows.

        Raises:
            ValueError: there is no such zone, or its definition is broken.
        """
        if tzid not in self._known:
            try:
                self._known[tzid] = self._find(tzid)
            except ValueError as error:
                self._known[tzid] = str(error)
        found = self._known[tzid]
        if isinstance(found, str):
            raise ValueError(found)  # noqa: TRY004  the text is what is wrong with the value
        return found

    def instant(self, moment: Moment) -> datetime:
        """Return the instant, in UTC, that a moment means; midnight, for a date.

        Raises:
            ValueError: its zone is not known, or it is out of bounds.
        """
        try:
            if moment.utc:
                return moment.wall.replace(tzinfo=UTC)
            return self.zone(moment).instant(moment.wall)
        except OverflowError:
            raise ValueError(f"{moment.wall} is too near to the end of time") from None

    def zone(self, moment: Moment) -> Zone:
        """Return the zone in which a moment is written."""
        if moment.utc:
            return _NamedZone(ZoneInfo("UTC"))
        return self.default if moment.tzid is None or moment.whole_day else self.find(moment.tzid)

    def _find(self, tzid: str) -> Zone:
        name = _named(tzid)
        if name is None and tzid in self._defined:
            return self._define(self._defined[tzid])
        if name is None:
            from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

            name = _named(WINDOWS_TO_OLSON.get(tzid, ""))
        if name is None:
            raise ValueError(f"there is no time zone {shown(tzid)}, and the file does not define it")
        return _NamedZone(ZoneInfo(name))

    def _define(self, zone: Component) -> Zone:
        onsets: dict[datetime, tuple[timedelta, timedelta]] = {}
        for part in zone.components:
            before, after = read_offset(part.text("TZOFFSETFROM")), read_offset(part.text("TZOFFSETTO"))
            for wall in self._onsets(part, before):
                onsets[wall] = before, after
        if not onsets:
            raise ValueError(f"the VTIMEZONE of {shown(zone.text('TZID'))} says nothing about these years")
        ordered = sorted(onsets.items())
        # Where the clock goes forward, the hour that it skips is still read with the offset before.
        told = tuple((wall + max(after - before, timedelta()), after) for wall, (before, after) in ordered)
        return DefinedZone(told, ordered[0][1][0])

    def _onsets(self, part: Component, before: timedelta) -> Iterable[datetime]:
        start = read_moment(part.text("DTSTART")).wall
        # The last change before the first year that matters can be long ago.
        first, last = self._bounds[0] - timedelta(days=800), self._bounds[1] + timedelta(days=2)
        yield start
        for prop in part.all("RRULE"):
            rule = read_rule(prop.value)
            until = rule.until
            end = None if until is None else until.wall + before if until.utc else until.wall
            begin = first if end is None else min(first, max(start, end - timedelta(days=800)))
            # The last onset of a rule that has ended holds until another one begins.
            for wall in occurrences(rule, start, begin, last, self._budget):
                if end is not None and wall > end:
                    break
                yield wall
        for prop in part.all("RDATE"):
            moments = list(read_moments(prop))
            self._budget.spend(len(moments))
            yield from (one.wall for one in moments)


@cache
def _keys() -> frozenset[str]:
    return frozenset(available_timezones()) - _NONE


def _named(tzid: str) -> str | None:
    """Return the IANA name that a TZID is, or ends in ("/example.org/20050126_1/Europe/Zurich"), or `None`."""
    if not _KEY.match(tzid):
        return None
    parts = tzid.lstrip("/").split("/") if tzid.startswith("/") else [tzid]
    for place in range(min(len(parts), _MOST_PARTS)):
        name = "/".join(parts[place:])
        if name in _keys():
            return name
    return None
