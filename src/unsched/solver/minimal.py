"""Finding a smallest part that still has a property: what is left when nothing more can be left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["minimal"]

T = TypeVar("T")


def minimal(
    items: Sequence[T], conflicting: Callable[[Sequence[T]], bool], background: Sequence[T] = ()
) -> tuple[T, ...]:
    """Return items that, with the background, conflict, and of which none can be left out.

    It divides and conquers: where few of many matter, few questions are asked (Junker 2004, "QuickXplain: preferred
    explanations and relaxations for over-constrained problems"). Of several such sets, the one of earlier items is
    preferred.

    Args:
        items: what can be left out, in order of liking; together with the background they conflict.
        conflicting: whether some items conflict. What holds of some must hold of more.
        background: what is there in any case.

    >>> minimal([1, 2, 3, 4, 5, 6], lambda some: sum(some) >= 9)
    (2, 3, 4)
    """
    if conflicting(background):
        return ()
    return tuple(_parts(tuple(items), conflicting, tuple(background)))


def _parts(items: tuple[T, ...], conflicting: Callable[[Sequence[T]], bool], background: tuple[T, ...]) -> list[T]:
    """Return a smallest part of items that conflicts with a background which does not conflict by itself."""
    if len(items) <= 1:
        return list(items)
    half = len(items) // 2
    first, second = items[:half], items[half:]
    with_first = (*background, *first)
    later = [] if conflicting(with_first) else _parts(second, conflicting, with_first)
    with_later = (*background, *later)
    earlier = [] if later and conflicting(with_later) else _parts(first, conflicting, with_later)
    return [*earlier, *later]
