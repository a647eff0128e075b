"""Leaving sessions out of what selects them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import evolve, fields, has

from unsched.domain.fact import Fact
from unsched.domain.select import Select
from unsched.errors import InputError

__all__ = ["without"]


def without(fact: Any, sessions: Iterable[str]) -> Any:  # noqa: ANN401  any fact, and the same kind of fact
    """Return a fact, such as a rule, that no longer names some sessions; `None` where nothing is left to say.

    Args:
        fact: what holds selectors, or lists of facts that do.
        sessions: ids of the sessions that are no more.

    >>> without(Select(ids=["wg-1", "wg-2"]), ["wg-1"]).ids
    ('wg-2',)
    >>> without(Select(ids="wg-1"), ["wg-1"]) is None
    True
    """
    gone = frozenset(sessions)
    if isinstance(fact, Select):
        left = tuple(name for name in fact.ids if name not in gone)
        if left == fact.ids:
            return fact
        return evolve(fact, ids=left) if left else None
    changed: dict[str, Any] = {}
    for attribute in fields(type(fact)):
        value = getattr(fact, attribute.name)
        new = _left(value, gone)
        if new is None and value is not None:
            return None
        if new is not value:
            changed[attribute.name] = new
    try:
        return evolve(fact, **changed) if changed else fact
    except InputError:  # such as a choice of which one option is left
        return None


def _left(value: Any, gone: frozenset[str]) -> Any:  # noqa: ANN401  whatever a field holds
    if isinstance(value, tuple):
        kept = [_left(one, gone) for one in value]
        if all(new is old for new, old in zip(kept, value, strict=True)):
            return value
        return tuple(one for one in kept if one is not None) or None
    own: Any = getattr(value, "without", None)
    if own is not None and isinstance(value, Fact):
        return own(gone)
    return without(value, gone) if isinstance(value, Fact) and has(type(value)) else value
