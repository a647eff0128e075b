"""When an event begins, of what the forms of the document write about it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.exchange.programme.values import clock_of, date_of, line, local, moment_of

__all__ = ["DayTimes", "start_of"]


@frozen
class DayTimes:
    """What a day of the document says of its hours.

    Args:
        date: its date.
        start: when it begins, or `None`.
        change: the time of day before which an event belongs to the night after, where the document says so.
    """

    date: date | None
    start: datetime | None
    change: time | None = None


def start_of(written: object, clock: object, day: DayTimes, zone: ZoneInfo) -> datetime | None:
    """Return when an event begins: its date-time, or else its time on the date of its day.

    A time before the day begins is on the night after: a day from 10:00 to 04:00 has its 01:30 on the next date.

    Args:
        written: the date-time of the event, its date alone, or nothing.
        clock: the time of day of the event, or nothing.
        day: the day under which it stands.
        zone: the time zone of what has no offset.

    Raises:
        ValueError: one of them is none, or there is no such time.
    """
    text = line(written)
    if len(text) > 10:
        return moment_of(text, zone)
    at = clock_of(clock)
    if at is None:
        return None
    if text:
        own = date_of(text)
        return None if own is None else local(own, at, zone)
    if day.date is None:
        return None
    begins = day.change
    if begins is None and day.start is not None and day.start.astimezone(zone).date() == day.date:
        begins = day.start.astimezone(zone).time()
    late = begins is not None and at < begins
    return local(day.date + timedelta(days=1) if late else day.date, at, zone)
