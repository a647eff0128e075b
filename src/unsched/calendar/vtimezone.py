"""A time zone as calendars define it: exact over the years that are needed, and nothing besides."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

__all__ = ["vtimezone"]

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


@frozen
class _State:
    """What clocks show for a while: their offset from UTC, the part of it that is for summer, and the abbreviation."""

    offset: timedelta
    saving: timedelta
    name: str


@frozen
class _Onset:
    """A change of the clocks at `wall`, read on a clock that has not been changed yet."""

    wall: datetime
    before: timedelta
    after: _State


def vtimezone(zone: str, first: int, last: int) -> bytes:
    """Return a VTIMEZONE (RFC 5545, section 3.6.5) that is exact from the year `first` to the year `last`.

    A change of the clocks that follows one rule in all those years has an RRULE, as clients that ignore RDATE need;
    any other has an observance of its own. Outside the years it says nothing reliable.

    Args:
        zone: IANA name of the time zone; it becomes the TZID.
        first: first year, by the wall clock.
        last: last year, included.

    Returns:
        the component, as it stands in a calendar.

    >>> for line in vtimezone("Asia/Kolkata", 2026, 2026).decode().splitlines():
    ...     print(line)
    BEGIN:VTIMEZONE
    TZID:Asia/Kolkata
    BEGIN:STANDARD
    DTSTART:20250101T000000
    TZNAME:IST
    TZOFFSETFROM:+0530
    TZOFFSETTO:+0530
    END:STANDARD
    END:VTIMEZONE
    """
    onsets = _onsets(ZoneInfo(zone), first, last)
    # Whatever the data call "saving" (Dublin saves in winter), clients expect DAYLIGHT to be the later clock.
    least = min(onset.after.saving for onset in onsets)
    alike: dict[tuple[timedelta, _State], list[_Onset]] = {}
    for onset in onsets:
        alike.setdefault((onset.before, onset.after), []).append(onset)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    observances: list[tuple[_Onset, str | None]] = []
    for group in alike.values():
        rule = _yearly(group, range(first - 1, last + 1))
        observances += [(group[0], rule)] if rule else [(onset, None) for onset in group]
    for onset, rule in sorted(observances, key=lambda pair: pair[0].wall):
        kind = "STANDARD" if onset.after.saving == least else "DAYLIGHT"
        lines += [f"BEGIN:{kind}", f"DTSTART:{_stamp(onset.wall)}"]
        lines += [f"RRULE:{rule}"] if rule else []
        lines += [f"TZNAME:{onset.after.name}", f"TZOFFSETFROM:{_offset(onset.before)}"]
        lines += [f"TZOFFSETTO:{_offset(onset.after.offset)}", f"END:{kind}"]
    lines += ["END:VTIMEZONE", ""]
    return "\r\n".join(lines).encode()


def _onsets(tz: ZoneInfo, first: int, last: int) -> list[_Onset]:
    """Return the changes of the clocks from the year before `first`, whose last one holds on the first New Year."""
    # Python's years go from 1 to 9999, and an offset must not lead out of them.
    begin = datetime(max(first - 1, 2), 1, 1, tzinfo=UTC)
    end = datetime(min(last + 1, 9999), 1, 1, tzinfo=UTC)
    onsets = list(_changes(tz, begin - _DAY, end + _DAY))
    if not onsets or onsets[0].wall.year >= first:
        state = _state(tz, begin)
        onsets.insert(0, _Onset(begin.replace(tzinfo=None), state.offset, state))
    return onsets


def _changes(tz: ZoneInfo, begin: datetime, end: datetime) -> Iterator[_Onset]:
    days = (begin + number * _DAY for number in range((end - begin).days + 1))
    for (day, before), (_, after) in pairwise((day, _state(tz, day)) for day in days):
        if before != after:
            instant = _first_not(before, tz, day)
            yield _Onset((instant + before.offset).replace(tzinfo=None), before.offset, _state(tz, instant))


def _first_not(state: _State, tz: ZoneInfo, day: datetime) -> datetime:
    seconds = range(_DAY // _SECOND)
    return day + _SECOND * bisect_left(seconds, 1, key=lambda second: int(_state(tz, day + second * _SECOND) != state))


def _state(tz: ZoneInfo, instant: datetime) -> _State:
    local = instant.astimezone(tz)
    return _State(local.utcoffset() or timedelta(), local.dst() or timedelta(), local.tzname() or tz.key)


def _yearly(onsets: list[_Onset], years: range) -> str | None:
    """Return the rule that gives exactly these changes, one in each of the years; `None` where there is none."""
    walls = [onset.wall for onset in onsets]
    if [wall.year for wall in walls] != list(years):
        return None
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    # The last of a month is written as -1: the fourth is the last in some years only.
    from_end = {(monthrange(wall.year, wall.month)[1] - wall.day) // 7 for wall in walls}
    from_start = {(wall.day - 1) // 7 for wall in walls}
    if from_end != {0} and len(from_start) > 1:
        return None
    nth = -1 if from_end == {0} else from_start.pop() + 1
    return f"FREQ=YEARLY;BYDAY={nth}{_DAYS[walls[0].weekday()]};BYMONTH={walls[0].month}"


def _stamp(wall: datetime) -> str:
    return wall.isoformat(timespec="seconds").replace("-", "").replace(":", "")


def _offset(offset: timedelta) -> str:
    minutes, seconds = divmod(abs(offset) // _SECOND, 60)
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
