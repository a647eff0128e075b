"""Reading the session requests of an IETF meeting, as the datatracker's test data hold them, from JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from benchmarks.ietf.facts import Meeting, Prices, Request, Slot
from unsched.errors import Fault, InputError

__all__ = ["read"]

_Raw: TypeAlias = Mapping[str, Any]

_LARGEST = 2**24
_MOST = 10_000
_SUNDAY = 6
_PRICE = 10**6
_CONFLICTS = ("chair_conflict", "tech_overlap", "key_participant")
_RELATIONS = ("subsequent-days", "one-day-seperation")


def read(source: str) -> Meeting:
    """Read the regular sessions and slots of a meeting; Sundays and rooms without a capacity are left out.

    Where more is asked for than there are slots of a length (or rooms of a size), requests are cut to what exists,
    the longest (largest) first.

    Raises:
        InputError: the file is not of this form; with the place.
    """
    raw = _Raws(source, _load(source))
    rooms = {_text(room, "name"): room["capacity"] for room in raw.of("rooms", "capacity") if room["capacity"]}
    if any(not _whole(seats) for seats in rooms.values()):
        raise raw.wrong("rooms", "a capacity is no whole number", "seats, or null.")
    slots = _slots(raw, rooms)
    if not slots:
        raise raw.wrong("timeslots", "no regular slot stands in a room with a capacity", "slots for the sessions.")
    requests = _requests(raw)
    if sum(map(len, slots.values())) < len(requests):
        raise raw.wrong("sessions", f"{len(requests)} sessions are more than the slots", "a slot for each.")
    prices = _prices(raw)
    return Meeting(
        _text(raw.whole, "meeting") or "meeting",
        rooms,
        {slot: tuple(some) for slot, some in sorted(slots.items())},
        tuple(_cut(requests, slots, rooms)),
        *_constraints(raw),
        prices,
    )


class _Raws:
    """The JSON, whose parts are looked at before they are used."""

    def __init__(self, source: str, whole: _Raw) -> None:
        self.source = source
        self.whole = whole

    def of(self, name: str, *needs: str) -> Iterator[_Raw]:
        rows = self.whole.get(name)
        if not isinstance(rows, list) or len(rows) > _MOST:
            raise self.wrong(name, "it is not a list", f"a list of {_MOST} rows at most.")
        for index, row in enumerate(rows):
            lacking = [need for need in needs if not isinstance(row, dict) or need not in row]
            if lacking or not isinstance(row, dict):
                raise self.wrong(f"{name}[{index}]", f"it lacks {', '.join(lacking) or 'fields'}", "that field.")
            yield row

    def wrong(self, path: str, message: str, remedy: str) -> InputError:
        return InputError([Fault(path, message, remedy)], self.source)


def _load(source: str) -> _Raw:
    path = Path(source)
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError([Fault("", f"it is over {_LARGEST} bytes", "the requests of one meeting.")], source)
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Fault("", f"it cannot be read: {error}", "session requests in JSON.")], source) from None
    if not isinstance(found, dict):
        raise InputError([Fault("", "it is not an object", "rooms, timeslots, sessions and constraints.")], source)
    return found


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _PRICE


def _text(row: _Raw, name: str) -> str:
    value = row.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def _slots(raw: _Raws, rooms: Mapping[str, int]) -> dict[Slot, list[str]]:
    found: dict[Slot, list[str]] = {}
    for index, row in enumerate(raw.of("timeslots", "type", "start", "minutes", "room")):
        room = _text(row, "room")
        if row["type"] != "regular" or room not in rooms:
            continue
        place = f"timeslots[{index}]"
        try:
            start = datetime.fromisoformat(_text(row, "start")).replace(tzinfo=None)
        except ValueError:
            raise raw.wrong(f"{place}.start", f"{row['start']!r} is no date and time", "2019-11-18T10:00:00.") from None
        if not _whole(row["minutes"]) or not 0 < row["minutes"] < 24 * 60:
            raise raw.wrong(f"{place}.minutes", f"{row['minutes']!r} is no length", "minutes, under a day.")
        slot = Slot(start, row["minutes"])
        if slot.end.date() != start.date():
            raise raw.wrong(place, "it runs past midnight", "slots of one day.")
        if room in found.get(slot, ()):
            raise raw.wrong(place, f"{room!r} has it twice", "leave one out.")
        if start.weekday() != _SUNDAY:
            found.setdefault(slot, []).append(room)
    for one, then in pairwise(sorted(found)):
        if then.start < one.end:
            message = f"the slots of {one.start} and {then.start} overlap, and are not the same"
            raise raw.wrong("timeslots", message, "slots that are at once in all rooms, or not at all.")
    return found


def _requests(raw: _Raws) -> list[Request]:
    rows = [row for row in raw.of("sessions", "group") if row.get("type_id", "regular") == "regular"]
    many, seen = Counter(_text(row, "group") for row in rows), Counter[str]()
    found = []
    for index, row in enumerate(rows):
        group = _text(row, "group").replace(" ", "-")
        minutes, attendees = row.get("requested_minutes") or 0, row.get("attendees") or 0
        if not group or not _whole(minutes) or not _whole(attendees):
            raise raw.wrong(
                f"sessions[{index}]", "a group, minutes or attendees are missing or no number", "all three."
            )
        joint = row.get("joint_with") or ()
        joint = joint.get("acronym__in", ()) if isinstance(joint, dict) else joint
        if not isinstance(joint, list | tuple):
            raise raw.wrong(f"sessions[{index}].joint_with", f"{str(joint)[:40]!r} is no list", "groups.")
        seen[group] += 1
        name = f"{group}-{seen[group]}" if many[_text(row, "group")] > 1 else group
        others = dict.fromkeys(str(other).replace(" ", "-") for other in joint)
        found.append(Request(name, group, minutes, attendees, tuple(other for other in others if other != group)))
    if not found:
        raise raw.wrong("sessions", "no regular session is asked for", "at least one.")
    doubled = [name for name, times in Counter(one.name for one in found).items() if times > 1]
    if doubled:
        raise raw.wrong("sessions", f"two sessions would be called {doubled[0]!r}", "groups of other names.")
    return found


def _cut(requests: list[Request], slots: Mapping[Slot, list[str]], rooms: Mapping[str, int]) -> list[Request]:
    lengths = [slot.minutes for slot, some in slots.items() for _ in some]
    seats = [rooms[room] for some in slots.values() for room in some]
    minutes = _fitted([one.minutes for one in requests], lengths)
    attendees = _fitted([one.attendees for one in requests], seats)
    return [
        attrs.evolve(one, minutes=length, attendees=many)
        for one, length, many in zip(requests, minutes, attendees, strict=True)
    ]


def _fitted(asked: list[int], there: list[int]) -> list[int]:
    """Give each the least of what exists that is enough, the most demanding first, and else the most that is left."""
    left, found = sorted(there), list(asked)
    for index in sorted(range(len(asked)), key=lambda index: -asked[index]):
        enough = next((place for place, size in enumerate(left) if size >= asked[index]), None)
        if enough is None:
            found[index] = left.pop()
        else:
            left.pop(enough)
    return found


def _prices(raw: _Raws) -> Prices:
    table = raw.whole.get("penalties")
    prices = table if isinstance(table, dict) else {}
    names = [field.name for field in attrs.fields(Prices)]
    for name in (*names, *_CONFLICTS):
        if not _whole(prices.get(name)) or not prices[name]:
            raise raw.wrong(f"penalties.{name}", f"{prices.get(name)!r} is no price", f"1 to {_PRICE}.")
    return Prices(*(prices[name] for name in names))


def _constraints(
    raw: _Raws,
) -> tuple[
    dict[tuple[str, str], int],
    dict[str, frozenset[str]],
    dict[str, frozenset[str]],
    dict[str, str],
    dict[str, frozenset[str]],
]:
    conflicts: Counter[tuple[str, str]] = Counter()
    sets: dict[str, dict[str, set[str]]] = {"bethere": {}, "timerange": {}, "wg_adjacent": {}}
    relation: dict[str, str] = {}
    for index, row in enumerate(raw.of("constraints", "source", "kind")):
        group, kind = _text(row, "source").replace(" ", "-"), _text(row, "kind")
        target = _text(row, "target").replace(" ", "-")
        if kind in _CONFLICTS:
            conflicts[group, target] += raw.whole["penalties"][kind]
        elif kind == "time_relation" and row.get("time_relation") in _RELATIONS:
            relation[group] = row["time_relation"]
        elif kind == "timerange" and isinstance(row.get("timeranges"), list):
            sets[kind].setdefault(group, set()).update(map(str, row["timeranges"]))
        elif kind in ("bethere", "wg_adjacent"):
            sets[kind].setdefault(group, set()).add(_text(row, "person") if kind == "bethere" else target)
        else:
            known = f"{', '.join((*_CONFLICTS, *sets))} or time_relation."
            raise raw.wrong(f"constraints[{index}]", f"{kind[:40]!r} is not known, or is not whole", known)
    people, refused, adjacent = ({name: frozenset(some) for name, some in found.items()} for found in sets.values())
    return dict(conflicts), people, refused, relation, adjacent
