"""When rooms and people are busy, read from calendars of others: events, free/busy times, availability."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from unsched.calendar.finding import Finding
from unsched.calendar.instances import Span, instances, moment_of
from unsched.calendar.occurrences import Budget
from unsched.calendar.parse import Component, Parsed, parse, read_bytes
from unsched.calendar.values import Length, read_periods, read_whole, unescape, utc_stamp
from unsched.calendar.zones import Zones

if TYPE_CHECKING:
    from unsched.domain.window import Window

__all__ = ["BusyTimes", "read_busy", "read_several"]

_STEPS: Final = 3_000_000
_STEPS_EACH: Final = 150_000
_ANSWERS: Final = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"})
_OLDEST: Final = "00010101T000000Z"


@frozen
class BusyTimes:
    """When somebody or something is busy; never why.

    Args:
        source: name of the file.
        periods: half-open stretches of time, in UTC, in order; no two touch.
        findings: what could not be read and is left out, each with its file, line and component.
    """

    source: str
    periods: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        lines = [f"{start:%Y-%m-%d %H:%M}-{end:%Y-%m-%d %H:%M} UTC" for start, end in self.periods]
        return "\n".join([f"{self.source}: busy {len(lines)} times", *lines, *map(str, self.findings)])


def read_busy(
    data: bytes | str | os.PathLike[str],
    window: Window,
    *,
    source: str | None = None,
    tentative: bool = True,
    ignore: Collection[str] = (),
) -> BusyTimes:
    r"""Return when a calendar is busy, from the day before a window to the day after it.

    - An event is busy unless it is cancelled or transparent (RFC 5545, section 3.8.2.7); one that recurs is expanded
      in the window only, with its exceptions.
    - VFREEBUSY is busy where it says BUSY, BUSY-UNAVAILABLE or BUSY-TENTATIVE, or anything unknown.
    - VAVAILABILITY is busy outside of what is AVAILABLE; a higher priority goes before a lower one (RFC 7953).

    Times without a zone, and whole days, are in the zone of X-WR-TIMEZONE, or else in the window's.

    Args:
        data: the content of an .ics file, or the path of one.
        window: the time that matters, and its zone.
        source: what to call the file in findings; by default the name of the path.
        tentative: whether what is tentative is busy.
        ignore: UIDs of what does not count, such as what is about to be planned anew.

    Raises:
        InputError: there is no such file, or it is larger than any calendar should be.

    >>> from unsched import Window
    >>> text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20101217T100000\r\nDURATION:PT3H\r\n"
    >>> print(read_busy(text + b"END:VEVENT\r\nEND:VCALENDAR", Window("Europe/Zurich", ["2010-12-17"]), source="a.ics"))
    a.ics: busy 1 times
    2010-12-17 09:00-2010-12-17 12:00 UTC
    """
    if isinstance(data, bytes):
        name = source or "the calendar"
    else:
        name = source or Path(data).name
        data = read_bytes(data)
    return read_several({name: data}, window, name, tentative=tentative, ignore=ignore)


def read_several(
    files: Mapping[str, bytes], window: Window, source: str, *, tentative: bool = True, ignore: Collection[str] = ()
) -> BusyTimes:
    """Return when any of several calendars is busy; together, they may cost no more than one.

    Args:
        files: the content of each, by what to call it in findings.
        window: as in `read_busy`.
        source: what to call all of them.
        tentative: as in `read_busy`.
        ignore: as in `read_busy`.

    Raises:
        InputError: one is larger than any calendar should be.
    """
    budget = Budget(_STEPS)
    busy: list[Span] = []
    findings: list[Finding] = []
    for name, data in files.items():
        reader = _Reader(window, name, parse(data, name), budget, tentative=tentative, ignore=frozenset(ignore))
        reader.read()
        busy += reader.busy
        findings += sorted(reader.findings, key=lambda finding: finding.line)
    return BusyTimes(source, _union(busy), tuple(findings))


class _Reader:
    def __init__(
        self,
        window: Window,
        source: str,
        parsed: Parsed,
        budget: Budget,
        *,
        tentative: bool,
        ignore: frozenset[str],
    ) -> None:
        self.window, self.source, self.parsed, self.tentative = window, source, parsed, tentative
        self.ignore = ignore
        day = timedelta(days=1)
        midnight = datetime.combine(window.days[-1] + 2 * day, time(0), window.tz)
        self.within: Span = (window.origin - day, midnight.astimezone(window.origin.tzinfo))
        self.budget = budget
        self.busy: list[Span] = []
        self.findings = list(parsed.findings)

    def report(self, component: Component, error: ValueError) -> None:
        remedy = "mend it, or add the time by hand: what it says is left out."
        self.findings.append(Finding(component.line, component.name, str(error), remedy, file=self.source))

    def read(self) -> None:
        hours: list[tuple[int, list[Span], list[Span]]] = []
        for calendar in self.parsed.calendars:
            method = calendar.text("METHOD").upper()
            zones = Zones(calendar, self.window.zone, *self.within, self.budget)
            if method in _ANSWERS:
                self.report(calendar, ValueError(f"METHOD is {method}: an answer to an invitation, and not a calendar"))
                continue
            if name := unescape(calendar.text("X-WR-TIMEZONE")):
                try:
                    zones.floating(name)
                except ValueError as error:
                    self.report(calendar, error)
            if method != "CANCEL":
                self.busy += self.events(calendar, zones)
            for one in calendar.components:
                if one.text("UID") in self.ignore:
                    continue
                try:
                    if one.name == "VFREEBUSY":
                        self.busy += self.free_busy(one, zones)
                    elif one.name == "VAVAILABILITY":
                        hours.append(self.hours(one, zones))
                except ValueError as error:
                    self.report(one, error)
        away: tuple[Span, ...] = ()
        # Of those with the same priority, each can only take time away.
        for priority in sorted({rank for rank, _, _ in hours}, reverse=True):
            alike = [(span, free) for rank, span, free in hours if rank == priority]
            away = _less(away, [one for span, _ in alike for one in span])
            away = _union([*away, *(one for span, free in alike for one in _less(span, free))])
        self.busy += away

    # -- events -----------------------------------------------------------------------------------------------------

    def counts(self, event: Component) -> bool:
        status = event.text("STATUS").upper()
        if status == "CANCELLED" or (status == "TENTATIVE" and not self.tentative):
            return False
        # Outlook's own word counts where the standard's is not there.
        shown = event.text("TRANSP").upper() or event.text("X-MICROSOFT-CDO-BUSYSTATUS").upper()
        return shown not in {"TRANSPARENT", "FREE"}

    def events(self, calendar: Component, zones: Zones) -> list[Span]:
        by_uid: dict[str, list[Component]] = {}
        for number, event in enumerate(one for one in calendar.components if one.name == "VEVENT"):
            if event.text("UID") in self.ignore:
                continue
            by_uid.setdefault(event.text("UID") or f"\0{number}", []).append(event)
        found: list[Span] = []
        for several in by_uid.values():
            changes = [one for one in several if one.get("RECURRENCE-ID")]
            masters = _latest([one for one in several if not one.get("RECURRENCE-ID")])
            by_id: dict[str, list[Component]] = {}
            for one in changes:
                by_id.setdefault(one.text("RECURRENCE-ID"), []).append(one)
            changes = [one for group in by_id.values() for one in _latest(group)[-1:]]
            found += self.series(masters, self.readable(changes, zones), zones)
        return found

    def readable(self, changes: list[Component], zones: Zones) -> list[Component]:
        good = []
        for one in changes:
            try:
                list(instances(_alone(one), (), zones, self.within, Budget(_STEPS_EACH, self.budget)))
                zones.instant(moment_of(one, "RECURRENCE-ID") or moment_of(one, "DTSTART"))  # type: ignore[arg-type]
            except ValueError as error:
                self.report(one, error)
            else:
                good.append(one)
        return good

    def series(self, masters: list[Component], changes: list[Component], zones: Zones) -> Iterator[Span]:
        for one in masters:
            if not changes and not self.counts(one):
                continue
            try:
                yield from list(
                    instances(one, changes, zones, self.within, Budget(_STEPS_EACH, self.budget), self.counts)
                )
            except ValueError as error:
                self.report(one, error)
        for one in [] if masters else changes:
            if self.counts(one):
                yield from instances(_alone(one), (), zones, self.within, Budget(_STEPS_EACH, self.budget))

    # -- free/busy and availability -----------------------------------------------------------------------------------

    def free_busy(self, component: Component, zones: Zones) -> list[Span]:
        found = []
        for prop in component.all("FREEBUSY"):
            kind = (prop.param("FBTYPE") or "BUSY").upper()
            if kind == "FREE" or (kind == "BUSY-TENTATIVE" and not self.tentative):
                continue
            for start, end in read_periods(prop):
                self.budget.spend(3)
                begin = zones.instant(start)
                found.append((begin, begin + end.about if isinstance(end, Length) else zones.instant(end)))
        return [span for one in found for span in _clip(one, self.within)]

    def hours(self, component: Component, zones: Zones) -> tuple[int, list[Span], list[Span]]:
        """Return the rank of some hours, the time that they are about, and when there is time in it."""
        rank = read_whole(component.text("PRIORITY") or "0", 0, 9) or 10
        start, end = moment_of(component, "DTSTART"), moment_of(component, "DTEND")
        first = self.within[0] if start is None else zones.instant(start)
        last = self.within[1] if end is None else zones.instant(end)
        duration = component.get("DURATION")
        if end is None and duration is not None and start is not None:
            last = next(
                iter(instances(_alone(component), (), zones, (first, self.within[1]), self.budget)), (first,) * 2
            )[1]
        span = list(_clip((first, last), self.within))
        parts = [one for one in component.components if one.name == "AVAILABLE"]
        by_uid: dict[str, list[Component]] = {}
        for number, one in enumerate(parts):
            by_uid.setdefault(one.text("UID") or f"\0{number}", []).append(one)
        free: list[Span] = []
        for several in by_uid.values():
            changes = [one for one in several if one.get("RECURRENCE-ID")]
            for one in several:
                if not one.get("RECURRENCE-ID"):
                    budget = Budget(_STEPS_EACH, self.budget)
                    free += list(instances(one, changes, zones, self.within, budget))
        if component.text("BUSYTYPE").upper() == "BUSY-TENTATIVE" and not self.tentative:
            return rank, span, span
        return rank, span, free


def _latest(several: list[Component]) -> list[Component]:
    """Return those of the latest revision: what is older has been replaced (RFC 5546, section 2.1.5)."""
    if len(several) < 2:
        return several
    ranks = []
    for one in several:
        try:
            rank = read_whole(one.text("SEQUENCE") or "0", 0, 2**31 - 1)
            ranks.append((rank, utc_stamp(one.text("DTSTAMP") or _OLDEST)))
        except ValueError:
            return several
    return [one for one, rank in zip(several, ranks, strict=True) if rank == max(ranks)]


def _alone(component: Component) -> Component:
    kept = tuple(one for one in component.properties if one.name not in {"RRULE", "RDATE", "EXDATE", "EXRULE"})
    return Component(component.name, component.line, kept)


def _clip(span: Span, within: Span) -> Iterator[Span]:
    begin, end = max(span[0], within[0]), min(span[1], within[1])
    if begin < end:
        yield begin, end


def _union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the union of stretches of time, in order; no two of them touch."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def _less(spans: Iterable[Span], without: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is in some stretches of time and in none of the others."""
    gaps = _union(without)
    left: list[Span] = []
    for span in _union(spans):
        start, end = span
        for begin, close in gaps:
            if close <= start or begin >= end:
                continue
            left += [(start, begin)] if start < begin else []
            start = close
        left += [(start, end)] if start < end else []
    return tuple(left)
