"""From stretches of time to what facts are made of: the open blocks of days, and periods by the wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.domain.time import REGULAR, Block, Period
from unsched.exchange.programme.facts import Span

__all__ = ["OVERNIGHT", "Opening", "joined", "opening_of", "periods_of", "without"]

OVERNIGHT = "overnight"
"""The blocks from noon to noon of a programme that never closes."""

_DAY = timedelta(days=1)


@frozen
class Opening:
    """When sessions can stand.

    Args:
        blocks: the blocks of the window.
        days: its dates.
        kinds: the kinds of block that each session may use.
        spans: each block on each day, half open.
    """

    blocks: tuple[Block, ...]
    days: tuple[date, ...]
    kinds: tuple[str, ...]
    spans: tuple[Span, ...]

    def holds(self, span: Span) -> bool:
        """Whether a stretch lies inside one block."""
        return any(start <= span[0] and span[1] <= end for start, end in self.spans)


def joined(spans: Iterable[Span], *, touching: bool = False) -> tuple[Span, ...]:
    """Return the union of stretches in order; those that only touch are joined if `touching`."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and (start < found[-1][1] or (touching and start == found[-1][1])):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return tuple(found)


def without(spans: Iterable[Span], gaps: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of stretches outside of some others."""
    left = tuple(spans)
    for begin, close in gaps:
        left = tuple(
            part
            for start, end in left
            for part in ((start, min(end, begin)), (max(start, close), end))
            if part[0] < part[1]
        )
    return tuple(sorted(dict.fromkeys(left)))


def opening_of(spans: Iterable[Span], tz: ZoneInfo) -> Opening:
    """Return blocks that cover stretches of time.

    Each stretch is a block, as long as none takes over a day. A programme that never closes has, on each date, a block
    from midnight to midnight and an overnight one from noon to noon, so that what crosses midnight fits as well.
    """
    stretches = joined((_floor(start, tz), _ceiling(end, tz)) for start, end in spans)
    if all(_length(span) <= _DAY and _local_length(span, tz) <= _DAY for span in stretches):
        return _opening((REGULAR,), [(REGULAR, *span) for span in stretches], tz)
    found: list[tuple[str, datetime, datetime]] = []
    for start, end in joined(stretches, touching=True):
        day = start.astimezone(tz).date() - _DAY
        while (noon := _at(day, time(12), tz)) < end:
            midnight, next_noon = _at(day + _DAY, time(0), tz), _at(day + _DAY, time(12), tz)
            found.append((REGULAR, _at(day, time(0), tz), midnight))
            found.append((OVERNIGHT, noon, next_noon))
            day += _DAY
    kept = [one for one in dict.fromkeys(found) if any(one[1] < end and start < one[2] for start, end in stretches)]
    return _opening((REGULAR, OVERNIGHT), kept, tz)


def _opening(kinds: Sequence[str], blocks: Iterable[tuple[str, datetime, datetime]], tz: ZoneInfo) -> Opening:
    days: dict[tuple[time, time, str], list[date]] = {}
    spans = []
    for kind, start, end in blocks:
        first, last = start.astimezone(tz), end.astimezone(tz)
        days.setdefault((first.time(), last.time(), kind), []).append(first.date())
        spans.append((start, end))
    found = tuple(Block(start, end, kind, several) for (start, end, kind), several in days.items())
    used = tuple(kind for kind in kinds if any(block.kind == kind for block in found))
    return Opening(found, tuple(sorted({day for several in days.values() for day in several})), used, tuple(spans))


def periods_of(spans: Iterable[Span], tz: ZoneInfo) -> tuple[Period, ...]:
    """Return stretches of time as periods by the wall clock; those of the same hours are one, of several days."""
    days: dict[tuple[time, time], list[date]] = {}
    for start, end in joined(((_floor(start, tz), _ceiling(end, tz)) for start, end in spans), touching=True):
        begin = start.astimezone(tz)
        while begin < end:
            # No period is longer than from a time of day to the same on the next date.
            limit = _at(begin.date() + _DAY, begin.time(), tz) if _local_length((begin, end), tz) > _DAY else end
            if _local_length((begin, limit), tz) > _DAY:
                # There is no such time on the next date, since clocks go forward.
                limit = _at(begin.date() + _DAY, time(0), tz)
            close = min(limit, end).astimezone(tz)
            days.setdefault((begin.time(), close.time()), []).append(begin.date())
            begin = close
    return tuple(Period(several, start, end) for (start, end), several in days.items())


def _length(span: Span) -> timedelta:
    return span[1].astimezone(UTC) - span[0].astimezone(UTC)


def _local_length(span: Span, tz: ZoneInfo) -> timedelta:
    return span[1].astimezone(tz).replace(tzinfo=None) - span[0].astimezone(tz).replace(tzinfo=None)


def _at(day: date, clock: time, tz: ZoneInfo) -> datetime:
    """Return when a day has come so far; comparable with every other moment."""
    return datetime.combine(day, clock, tz).astimezone(UTC)


def _floor(moment: datetime, tz: ZoneInfo) -> datetime:
    """Return the moment, or the first one of the same wall clock: that is what a wall clock alone means."""
    return moment.astimezone(tz).replace(fold=0).astimezone(UTC)


def _ceiling(moment: datetime, tz: ZoneInfo) -> datetime:
    """Return the moment, or the next one whose wall clock comes only once or for the first time."""
    found = moment.astimezone(tz)
    while found.fold:
        found = (found.astimezone(UTC) + timedelta(minutes=1)).astimezone(tz)
    return found.astimezone(UTC)
