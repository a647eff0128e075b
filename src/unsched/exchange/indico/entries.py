"""Indico's two exports as entries: blocks of sessions, contributions and breaks, each with its own table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

from unsched.domain.fact import shown
from unsched.domain.time import check_zone
from unsched.errors import Fault, InputError
from unsched.exchange.programme.document import Findings, Source, bytes_of, parse_json
from unsched.exchange.programme.values import checked, clock_of, date_of, id_of, length_of, line, local

__all__ = ["Entry", "Export", "entries_of", "load_export", "moment"]

Raw = Mapping[str, Any]


@frozen
class Export:
    """An export.

    Args:
        form: "timetable" (`/export/timetable/ID.json`) or "event" (`/export/event/ID.json`).
        source: what it is called.
        tree: the whole document.
        event: the event of an event export; the days of a timetable.
        id: the number of the event.
    """

    form: str
    source: str
    tree: Any
    event: Raw
    id: str


@frozen
class Entry:
    """A block of a session, a contribution, or a break.

    Args:
        kind: "block", "contribution" or "break".
        id: what the session is called.
        where: its place in the document.
        raw: its table.
        start: when it begins, or `None` where it is not scheduled.
        minutes: its length, or `None`.
        inside: what a block holds, in order of start.
        within: the table that holds it under its key; for rewriting.
        key: its key there.
    """

    kind: str
    id: str
    where: str
    raw: Raw = field(hash=False)
    start: datetime | None
    minutes: int | None
    inside: tuple[Entry, ...] = ()
    within: Any = field(default=None, eq=False, hash=False, repr=False)
    key: str = ""


def load_export(source: Source) -> Export:
    """Read an export of one event.

    Raises:
        InputError: it cannot be read, or is no such export, or is of several events.
    """
    data, name = bytes_of(source)
    tree = parse_json(data, name)
    results = tree.get("results") if isinstance(tree, dict) else None
    if isinstance(results, list) and len(results) == 1 and isinstance(results[0], dict):
        if "contributions" not in results[0] and "sessions" not in results[0]:
            remedy = "the same address with ?detail=sessions."
            raise InputError([Fault("results[0]", "the event comes without its contributions", remedy)], name)
        return Export("event", name, tree, results[0], id_of(results[0].get("id")) or "indico")
    if isinstance(results, dict) and len(results) == 1:
        number, days = next(iter(results.items()))
        if isinstance(days, dict):
            return Export("timetable", name, tree, days, id_of(number) or "indico")
    several = len(results) if isinstance(results, list | dict) else 0
    message = f"it is of {several} events" if several > 1 else "this is no export of Indico"
    remedy = "the answer of /export/event/ID.json?detail=sessions, or of /export/timetable/ID.json."
    raise InputError([Fault("results", message, remedy)], name)


def entries_of(export: Export, found: Findings) -> tuple[Entry, ...]:
    """Return everything that an export has, in its order; what is wrong with any of it goes to `found`."""
    read = _timetable if export.form == "timetable" else _event
    return tuple(read(export, found))


def _timetable(export: Export, found: Findings) -> Iterator[Entry]:
    for day, rows in export.event.items():
        for key, raw in (rows if isinstance(rows, dict) else {}).items():
            path = f"results[{export.id!r}][{day!r}][{key!r}]"
            if not isinstance(raw, dict):
                found.fault(path, f"{shown(raw)} is no entry", "a table.")
                continue
            yield _entry(raw, path, found, rows, key)


def _event(export: Export, found: Findings) -> Iterator[Entry]:
    for name in ("sessions", "contributions"):
        rows = export.event.get(name)
        for index, raw in enumerate(rows if isinstance(rows, list) else ()):
            path = f"results[0].{name}[{index}]"
            if isinstance(raw, dict):
                yield _entry(raw, path, found, rows, "", kind="block" if name == "sessions" else "contribution")
            else:
                found.fault(path, f"{shown(raw)} is no entry", "a table.")


def _entry(raw: Raw, path: str, found: Findings, within: object, key: str, kind: str = "") -> Entry:
    told = line(raw.get("entryType")).lower()
    kind = kind or {"session": "block", "contribution": "contribution", "break": "break"}.get(told, "")
    if not kind:
        found.fault(f"{path}.entryType", f"{shown(raw.get('entryType'))} is no kind of entry", "'Contribution'.")
        kind = "break"
    start = found.value(f"{path}.startDate", moment, raw.get("startDate"))
    end = found.value(f"{path}.endDate", moment, raw.get("endDate"))
    minutes = found.value(f"{path}.duration", length_of, raw.get("duration"))
    if start is not None and end is not None:
        minutes = int(end.timestamp() - start.timestamp()) // 60 or minutes
        if minutes is not None and minutes < 0:
            found.fault(f"{path}.endDate", f"{shown(raw['endDate'])} is before the start", "an end after the start.")
    several: list[Entry] = []
    inner = raw.get("entries", raw.get("contributions")) if kind == "block" else None
    if isinstance(inner, dict):
        rows = [(f"{path}.entries[{name!r}]", name, one) for name, one in inner.items()]
    else:
        rows = [
            (f"{path}.contributions[{i}]", "", one) for i, one in enumerate(inner if isinstance(inner, list) else ())
        ]
    for place, name, one in rows:
        if isinstance(one, dict):
            several.append(_entry(one, place, found, inner, name, "" if "entryType" in one else "contribution"))
        else:
            found.fault(place, f"{shown(one)} is no entry", "a table.")
    several.sort(key=lambda one: (one.start is None, one.start.timestamp() if one.start else 0))
    return Entry(kind, _id(raw, kind, key), path, raw, start, minutes, tuple(several), within, key)


def _id(raw: Raw, kind: str, key: str) -> str:
    """Return what an entry is called: by the number that both exports have, with a letter for its kind."""
    names = {"block": ("sessionSlotId", "id"), "contribution": ("contributionId", "db_id", "id")}.get(kind, ("id",))
    own = next((id_of(raw.get(name)) for name in names if id_of(raw.get(name))), key)
    letter = {"block": "s", "contribution": "c"}.get(kind, "b")
    return own if own.startswith(letter) and not own[1:].strip("0123456789-") and len(own) > 1 else f"{letter}{own}"


def moment(value: object) -> datetime | None:
    """Return the moment of a table of date, time and zone; `None` is none.

    Raises:
        ValueError: it is something else.
    """
    if value is None or value == "":
        return None
    raw = value if isinstance(value, dict) else {}
    day, clock = date_of(raw.get("date")), clock_of(raw.get("time"))
    if day is None or clock is None:
        raise ValueError(f"{shown(value)} is no date, time and zone")
    return checked(local(day, clock, zone_called(raw.get("tz"))), value)


def zone_called(name: object) -> ZoneInfo:
    """Return the zone of a name; where it is none, UTC."""
    text = line(name)
    return ZoneInfo(text) if text and not tuple(check_zone("", text)) else ZoneInfo("UTC")


def shifted(value: object, start: datetime) -> dict[str, str]:
    """Return a moment as Indico writes it, in the zone in which it was written."""
    zone: tzinfo = zone_called(value.get("tz") if isinstance(value, dict) else "UTC")
    there = start.astimezone(zone)
    name = value.get("tz") if isinstance(value, dict) else None
    return {"date": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M:%S}", "tz": line(name) or "UTC"}


def end_of(start: datetime, minutes: int) -> datetime:
    """Return the end of something, in UTC."""
    return start.astimezone(UTC) + timedelta(minutes=minutes)
