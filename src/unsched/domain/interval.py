"""Half-open stretches of minutes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from attrs import frozen

__all__ = ["Interval", "merge", "touching"]


@frozen(cache_hash=True)
class Interval:
    """A half-open stretch of minutes `[start, end)`.

    >>> Interval(0, 60).overlaps(Interval(60, 90))
    False
    """

    start: int
    end: int

    def __lt__(self, other: Interval) -> bool:
        return self.start < other.start or (self.start == other.start and self.end < other.end)

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share at least one minute."""
        return self.start < other.end and other.start < self.end

    def shared(self, other: Interval) -> int:
        """Return how many minutes the two share.

        >>> Interval(0, 60).shared(Interval(45, 90))
        15
        """
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Interval) -> int:
        """Return the minutes between the two; negative where they overlap.

        >>> Interval(0, 60).gap(Interval(90, 120)), Interval(0, 60).gap(Interval(45, 120))
        (30, -15)
        """
        return max(self.start, other.start) - min(self.end, other.end)

    def holds(self, other: Interval) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the union of intervals as sorted intervals that neither touch nor overlap.

    >>> merge([Interval(5, 9), Interval(0, 5), Interval(20, 30)])
    (Interval(start=0, end=9), Interval(start=20, end=30))
    """
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if interval.end <= interval.start:
            continue
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)


def touching(stretches: Sequence[Interval], span: Interval) -> Sequence[Interval]:
    """Return those of sorted stretches, which do not overlap, that share a minute with an interval.

    >>> touching([Interval(0, 10), Interval(20, 30), Interval(40, 50)], Interval(5, 25))
    [Interval(start=0, end=10), Interval(start=20, end=30)]
    """
    first = bisect_right(stretches, span.start, key=attrgetter("end"))
    return stretches[first : bisect_left(stretches, span.end, lo=first, key=attrgetter("start"))]
