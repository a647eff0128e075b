"""The requests of a meeting as a problem of catalogue rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from math import gcd
from typing import TypeVar

from benchmarks.ietf.facts import Meeting, Request, Slot
from unsched import Block, Period, Problem, Room, Rule, Session, Venue, Window
from unsched.rules import (
    Conflict,
    DaysApart,
    DeclaredConflicts,
    FullLength,
    InOrder,
    Neighbour,
    NotTogether,
    Off,
    Outside,
    PreferRoom,
    PreferTime,
    Soften,
    WholeBlock,
)

__all__ = ["state"]

T = TypeVar("T")

_MOST = 10**6
_NEAR = 30


def state(facts: Meeting) -> Problem:
    """State a meeting: each slot is an open block, which a session takes whole.

    That a room holds one session, and only in a slot that it has, are standard rules. All else has a price.
    """
    lengths = [slot.minutes for slot in facts.slots]
    return Problem(
        facts.name.replace(" ", "-"),
        Window(
            "UTC",
            sorted({slot.start.date() for slot in facts.slots}),
            [Block(slot.start.time(), slot.end.time(), days=[slot.start.date()]) for slot in facts.slots],
            step=gcd(*lengths),
        ),
        Venue(
            [
                Room(name, hours=_periods(slot for slot, some in facts.slots.items() if name in some))
                for name in _used(facts)
            ]
        ),
        [
            Session(one.name, one.name, max(lengths), shortest=min(lengths), body=one.group, joint=one.joint)
            for one in facts.requests
        ],
        rules=tuple(_rules(facts)),
    )


def _used(facts: Meeting) -> tuple[str, ...]:
    return tuple(dict.fromkeys(room for some in facts.slots.values() for room in some))


def _periods(slots: Iterable[Slot]) -> tuple[Period, ...]:
    """Return slots as periods, those of one clock time together."""
    dates: dict[tuple[datetime, datetime], list[Slot]] = {}
    for slot in slots:
        clock = (slot.start.replace(2000, 1, 1), slot.end.replace(2000, 1, 1))
        dates.setdefault(clock, []).append(slot)
    return tuple(
        Period([slot.start.date() for slot in some], start.time(), end.time()) for (start, end), some in dates.items()
    )


def _rules(facts: Meeting) -> Iterator[Rule]:
    yield WholeBlock()
    yield Off(FullLength())
    rows = [
        Conflict([one.name], [other.name], part)
        for one, other, cost in facts.pairs()
        for part in (*[_MOST] * (cost // _MOST), cost % _MOST)
        if part
    ]
    if rows:
        yield DeclaredConflicts(rows, weight=1, tier=1)
    yield from _slots(facts)
    for group, sessions in facts.groups.items():
        yield from _group(facts, group, [one.name for one in sessions])
    for beside, names in _alike(facts, facts.wanted_beside):
        if beside:
            others = [one.name for one in facts.requests if one.group in beside]
            yield Neighbour(names, others, within=_NEAR, room="same", weight=facts.prices.wg_adjacent, tier=1)


def _slots(facts: Meeting) -> Iterator[Rule]:
    trim = facts.prices.session_requires_trim
    for minutes, names in _alike(facts, lambda one: one.minutes):
        long = [slot for slot in facts.slots if slot.minutes >= minutes]
        if len(long) < len(facts.slots):
            yield PreferTime(names, _periods(long), weight=trim, tier=1)
    for attendees, names in _alike(facts, lambda one: one.attendees):
        large = [room for room in _used(facts) if facts.rooms[room] >= attendees]
        if len(large) < len(_used(facts)):
            yield PreferRoom(names, large, weight=trim, tier=1)
    for refused, names in _alike(facts, facts.refused_by):
        bad = [slot for slot in facts.slots if slot.range in refused]
        if bad:
            yield Soften(Outside(names, _periods(bad)), weight=facts.prices.timerange, tier=1)


def _group(facts: Meeting, group: str, names: list[str]) -> Iterator[Rule]:
    if len(names) < 2:
        return
    yield NotTogether(names)
    yield Soften(InOrder(names), weight=facts.prices.sessions_out_of_order * len(names), tier=1)
    relation = facts.relation_of(group)
    if relation is not None:
        days = DaysApart(names[:2], 1, 1) if relation == "subsequent-days" else DaysApart(names[:2], never=[1])
        yield Soften(days, weight=facts.prices.time_relation * len(names), tier=1)


def _alike(facts: Meeting, key: Callable[[Request], T]) -> Iterator[tuple[T, list[str]]]:
    found: dict[T, list[str]] = {}
    for one in facts.requests:
        found.setdefault(key(one), []).append(one.name)
    yield from found.items()
