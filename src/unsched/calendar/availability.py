"""Others' calendars as facts of a problem: rooms that are taken, delegations and persons that are away."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from unsched.calendar.busy import BusyTimes, read_busy
from unsched.calendar.finding import Finding, refuse
from unsched.calendar.own import own_uids
from unsched.domain.block_times import block_times
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from unsched.calendar.instances import Span
    from unsched.domain.problem import Problem

__all__ = ["Source", "read_all_busy", "with_busy"]

Source = BusyTimes | str | os.PathLike[str] | bytes
"""Busy times, or the path or the content of an .ics file."""

_KINDS: Final = ("room", "delegation", "person")


def with_busy(problem: Problem, busy: Mapping[str, Source | Iterable[Source]], *, strict: bool = True) -> Problem:
    r"""Return the same problem in which rooms and people have no time while their calendars say that they are busy.

    What a calendar has of this problem's own events does not count, so that a plan can be made anew from calendars in
    which the last one stands.

    Args:
        problem: the facts.
        busy: calendars, one or several each, by the id of the room, the delegation or the person. Where an id is of
            several kinds, and wherever one likes, "room:XXVI", "delegation:CH" or "person:riehl" says which.
        strict: whether anything in a calendar that cannot be read is an error. Otherwise it is left out: ask
            `read_all_busy` what that is.

    Raises:
        InputError: an id is unknown, a file cannot be read, or, unless `strict` is off, a part of one cannot. Each
            fault names the file, the line and the component.

    >>> from unsched import Problem, Room, Session, Venue, Window
    >>> text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20101217T090000Z\r\nDURATION:PT3H\r\n"
    >>> problem = Problem("p", Window("Europe/Zurich", ["2010-12-17"]), Venue([Room("I")]), [Session("a", "A", 60)])
    >>> print(*with_busy(problem, {"I": text + b"END:VEVENT\r\nEND:VCALENDAR\r\n"}).rooms[0].closed)
    2010-12-17 10:00-13:00
    """
    read = read_all_busy(problem, busy)
    if strict:
        refuse([finding for several in read.values() for one in several for finding in one.findings], "the calendars")
    times: dict[str, dict[str, list[Span]]] = {"room": {}, "party": {}}
    for who, several in read.items():
        kind, _, id = who.partition(":")
        mine = times["room" if kind == "room" else "party"].setdefault(id, [])
        mine += [span for one in several for span in one.periods]
    return block_times(problem, rooms=times["room"], parties=times["party"])


def read_all_busy(problem: Problem, busy: Mapping[str, Source | Iterable[Source]]) -> dict[str, tuple[BusyTimes, ...]]:
    """Return the busy times of rooms and people, and what could not be read of them.

    Args:
        problem: whose rooms and people they are.
        busy: as in `with_busy`.

    Returns:
        the busy times of each calendar, by "room:...", "delegation:..." or "person:...", in the order given.

    Raises:
        InputError: an id is unknown, or a file cannot be read; with all of these.
    """
    own = own_uids(problem)
    faults: list[Fault] = []
    found: dict[str, tuple[BusyTimes, ...]] = {}
    for who, sources in busy.items():
        name = _resolve(problem, who, faults)
        several = [sources] if isinstance(sources, BusyTimes | str | os.PathLike | bytes) else list(sources)
        for source in several:
            try:
                one = source if isinstance(source, BusyTimes) else _read(source, problem, own)
            except InputError as error:
                faults += [Fault(error.source, fault.message, fault.remedy) for fault in error.faults]
                continue
            if name is not None:
                found[name] = (*found.get(name, ()), one)
    if faults:
        raise InputError(faults, "the calendars")
    return found


def findings_of(read: Mapping[str, Iterable[BusyTimes]]) -> tuple[Finding, ...]:
    """Return what could not be read of all of them."""
    return tuple(finding for several in read.values() for one in several for finding in one.findings)


def _read(source: str | os.PathLike[str] | bytes, problem: Problem, own: frozenset[str]) -> BusyTimes:
    name = "the calendar" if isinstance(source, bytes) else str(Path(source))
    return read_busy(source, problem.window, source=name, ignore=own)


def _resolve(problem: Problem, who: object, faults: list[Fault]) -> str | None:
    """Return who is meant as "kind:id", or note down that nobody is."""
    ids: dict[str, Mapping[str, object]] = {
        "room": problem.rooms_by_id,
        "delegation": problem.delegations_by_id,
        "person": problem.persons_by_id,
    }
    if isinstance(who, str):
        kind, colon, id = who.partition(":")
        if colon and kind in ids and id in ids[kind]:
            return who
        meant = [kind for kind in _KINDS if who in ids[kind]]
        if len(meant) == 1:
            return f"{meant[0]}:{who}"
        if meant:
            choice = " or ".join(repr(f"{kind}:{who}") for kind in meant)
            faults.append(Fault(who, f"{shown(who)} is of several kinds", f"{choice}."))
            return None
    known = [name for kind in _KINDS for id in ids[kind] for name in (id, f"{kind}:{id}")]
    remedy = nearest(who, known) if isinstance(who, str) else None
    faults.append(Fault("busy", f"there is no room, delegation or person {shown(who)}", remedy))
    return None
