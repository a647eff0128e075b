"""When a component of a calendar takes place: its instances, exceptions included (RFC 5545, section 3.8.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from unsched.calendar.occurrences import Budget, occurrences
from unsched.calendar.parse import Component
from unsched.calendar.recurrence import Rule, read_rule
from unsched.calendar.values import Length, Moment, read_length, read_moment, read_moments, read_periods
from unsched.calendar.zones import Zones

__all__ = ["Span", "instances", "moment_of"]

Span = tuple[datetime, datetime]
"""A half-open stretch of time, in UTC."""

_DAY: Final = timedelta(days=1)


def moment_of(component: Component, name: str) -> Moment | None:
    """Return the date or date-time that a property of a component has, or `None`."""
    found = component.get(name)
    return None if found is None else read_moment(found.value.strip(), found.param("TZID"))


@frozen
class _Times:
    """The start of a component, and how long it takes."""

    start: Moment
    length: Length | timedelta
    zones: Zones

    def span(self, wall: datetime) -> Span:
        """Return when an instance takes place that starts at a wall clock: days by the calendar, the rest exactly."""
        zone = self.zones.zone(self.start)
        begin = zone.instant(wall)
        if isinstance(self.length, timedelta):
            return begin, begin + self.length
        end = zone.instant(wall + timedelta(days=self.length.days)) if self.length.days else begin
        return begin, end + timedelta(seconds=self.length.seconds)

    @property
    def about(self) -> timedelta:
        return self.length if isinstance(self.length, timedelta) else self.length.about


def _times(component: Component, zones: Zones) -> _Times:
    start = moment_of(component, "DTSTART")
    if start is None:
        raise ValueError("there is no DTSTART")
    end, duration = moment_of(component, "DTEND"), component.get("DURATION")
    length: Length | timedelta = Length(int(start.whole_day), 0)
    if end is not None and end.whole_day and start.whole_day:
        length = Length((end.wall - start.wall).days, 0)
    elif end is not None:
        # With DTEND every instance is exactly as long, and with DURATION by the calendar (RFC 5545, section 3.8.5.3).
        length = zones.instant(end) - zones.instant(start)
    elif duration is not None:
        length = read_length(duration.value)
    times = _Times(start, length, zones)
    if times.about < timedelta():
        raise ValueError("it ends before it starts")
    return times


def instances(
    master: Component,
    changes: Sequence[Component],
    zones: Zones,
    within: Span,
    budget: Budget,
    counts: Callable[[Component], bool] = lambda _: True,
) -> Iterator[Span]:
    """Yield when a component takes place, as far as that touches a stretch of time.

    Args:
        master: the component without RECURRENCE-ID.
        changes: its exceptions, each with a RECURRENCE-ID; one with RANGE=THISANDFUTURE changes what follows as well.
        zones: the zones of its calendar.
        within: the stretch of time.
        budget: what the work is paid from.
        counts: whether a component counts; one that does not still takes the place of what it changes.

    Raises:
        ValueError: a value of it is broken, or it recurs too often.
    """
    times = _times(master, zones)
    later: list[tuple[datetime, _Change]] = []
    gone: set[datetime] = set()
    gone_days: set[datetime] = set()
    for one in changes:
        change = _change(one, zones)
        at = zones.instant(change.id)
        if change.future:
            later.append((at, change))
        else:
            (gone_days if change.id.whole_day and not times.start.whole_day else gone).add(
                change.id.wall if change.id.whole_day and not times.start.whole_day else at
            )
            if counts(one):
                yield from _touching(change.times.span(change.times.start.wall), within)
    later.sort(key=lambda pair: pair[0])
    for moment in (moment for prop in master.all("EXDATE") for moment in read_moments(prop)):
        budget.spend(2)
        if moment.whole_day and not times.start.whole_day:
            gone_days.add(moment.wall)
        else:
            gone.add(zones.instant(moment))
    reach = max([times.about, *(change.times.about + abs(change.shift) for _, change in later)])
    for wall, own in _walls(master, times, within, reach, budget):
        begin, end = own or times.span(wall)
        if begin in gone or wall.replace(hour=0, minute=0, second=0) in gone_days:
            continue
        follows = next((one for at, one in reversed(later) if at <= begin), None)
        if follows is None:
            if counts(master):
                yield from _touching((begin, end), within)
        elif counts(follows.component):
            yield from _touching(follows.times.span(wall + follows.shift), within)


@frozen
class _Change:
    component: Component
    id: Moment
    times: _Times
    shift: timedelta
    future: bool


def _change(component: Component, zones: Zones) -> _Change:
    found = component.get("RECURRENCE-ID")
    id = moment_of(component, "RECURRENCE-ID")
    if found is None or id is None:
        raise ValueError("there is no RECURRENCE-ID")
    times = _times(component, zones)
    same = id.form == times.start.form
    shift = times.start.wall - id.wall if same else zones.instant(times.start) - zones.instant(id)
    return _Change(component, id, times, shift, (found.param("RANGE") or "").upper() == "THISANDFUTURE")


def _walls(
    master: Component, times: _Times, within: Span, reach: timedelta, budget: Budget
) -> Iterator[tuple[datetime, Span | None]]:
    """Yield the wall clock of each instance that may touch a stretch of time, with its own span where it has one."""
    start, zones = times.start, times.zones
    try:
        first, last = (
            within[0].replace(tzinfo=None) - reach - 2 * _DAY,
            within[1].replace(tzinfo=None) + reach + 2 * _DAY,
        )
    except OverflowError:
        raise ValueError("it is longer than all time") from None
    rules = [read_rule(prop.value) for prop in master.all("RRULE")]
    without: set[datetime] = set()
    for prop in master.all("EXRULE"):
        rule = read_rule(prop.value)
        without.update(occurrences(rule, start.wall, first, last, budget, _until(rule, times)))
    without.discard(start.wall)
    seen: set[datetime] = set()
    for found in (
        [start.wall],
        *(occurrences(rule, start.wall, first, last, budget, _until(rule, times)) for rule in rules),
    ):
        for wall in found:
            if wall not in seen and wall not in without:
                seen.add(wall)
                yield wall, None
    for prop in master.all("RDATE"):
        if (prop.param("VALUE") or "").upper() == "PERIOD":
            for begin, end in read_periods(prop):
                budget.spend(2)
                own = _Times(
                    begin, end if isinstance(end, Length) else zones.instant(end) - zones.instant(begin), zones
                )
                yield begin.wall, own.span(begin.wall)
            continue
        for moment in read_moments(prop):
            budget.spend(2)
            if moment.form == start.form and moment.wall in seen:
                continue
            yield moment.wall, _Times(moment, times.length, zones).span(moment.wall)


def _until(rule: Rule, times: _Times) -> Callable[[datetime], bool]:
    until = rule.until
    if until is None:
        return lambda _: True
    if until.whole_day:
        return lambda wall: wall < until.wall + _DAY
    if not until.utc:
        return lambda wall: wall <= until.wall
    end, zone = times.zones.instant(until), times.zones.zone(times.start)
    if times.start.whole_day:  # a date is not in a zone, and neither is its end
        return lambda wall: wall <= until.wall
    return lambda wall: zone.instant(wall) <= end


def _touching(span: Span, within: Span) -> Iterator[Span]:
    begin, end = max(span[0], within[0]), min(span[1], within[1])
    if begin < end:
        yield begin, end
