"""Which of many intervals can run at one and the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

__all__ = ["cliques", "crowds"]

T = TypeVar("T")


def cliques(spans: Iterable[tuple[int, int, T]]) -> Iterator[list[T]]:
    """Yield the largest sets of half-open intervals that share an instant, in order of time.

    Limiting every set limits what runs together at any instant: an instant between them sees a subset of one.

    Args:
        spans: start, end (not included) and a label for each interval; empty intervals are left out.

    >>> list(cliques([(0, 60, "a"), (30, 90, "b"), (60, 120, "c")]))
    [['a', 'b'], ['b', 'c']]
    """
    # Many intervals are the same: those of sessions of one length.
    alike: dict[tuple[int, int], list[T]] = {}
    for start, end, label in spans:
        if start < end:
            alike.setdefault((start, end), []).append(label)
    yield from crowds(alike)


def crowds(alike: Mapping[tuple[int, int], Iterable[T]]) -> Iterator[list[T]]:
    """Yield the same as `cliques`, of intervals that are none of them empty, given as labels by start and end."""
    begin: dict[int, list[int]] = {}
    finish: dict[int, list[int]] = {}
    for start, end in alike:
        begin.setdefault(start, []).append(end)
        finish.setdefault(end, []).append(start)
    running: dict[tuple[int, int], Iterable[T]] = {}
    grown = False
    for instant in sorted({*begin, *finish}):
        ending = finish.get(instant, ())
        if ending and grown:
            yield list(chain.from_iterable(running.values()))
            grown = False
        for start in ending:
            del running[start, instant]
        for end in begin.get(instant, ()):
            running[instant, end] = alike[instant, end]
            grown = True
