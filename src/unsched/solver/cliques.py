"""Which of many intervals can run at one and the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

__all__ = ["cliques"]

T = TypeVar("T")


def cliques(spans: Iterable[tuple[int, int, T]]) -> Iterator[list[T]]:
    """Yield the largest sets of half-open intervals that share an instant, in order of time.

    Limiting every set limits what runs together at any instant: an instant between them sees a subset of one.

    Args:
        spans: start, end (not included) and a label for each interval; empty intervals are left out.

    >>> list(cliques([(0, 60, "a"), (30, 90, "b"), (60, 120, "c")]))
    [['a', 'b'], ['b', 'c']]
    """
    begin: dict[int, list[int]] = {}
    finish: dict[int, list[int]] = {}
    labels: list[T] = []
    for start, end, label in spans:
        if start < end:
            begin.setdefault(start, []).append(len(labels))
            finish.setdefault(end, []).append(len(labels))
            labels.append(label)
    running: dict[int, T] = {}
    grown = False
    for instant in sorted({*begin, *finish}):
        ending = finish.get(instant, ())
        if ending and grown:
            yield list(running.values())
            grown = False
        for index in ending:
            del running[index]
        for index in begin.get(instant, ()):
            running[index] = labels[index]
            grown = True
