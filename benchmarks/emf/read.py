"""Reading the talks of a camp from the JSON that slotmachine reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.emf.facts import Camp, Stretch, Talk, joined
from unsched.errors import Fault, InputError

__all__ = ["read"]

_Raw: TypeAlias = Mapping[str, Any]

_LARGEST = 2**24
_MOST = 5_000
_DAY = 24 * 60


def read(source: str) -> Camp:
    """Read the talks of a camp.

    Raises:
        InputError: the file is not of this form; with the place.
    """
    try:
        if Path(source).stat().st_size > _LARGEST:
            raise InputError([Fault("", f"it is over {_LARGEST} bytes", "the talks of one camp.")], source)
        raw = json.loads(Path(source).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError([Fault("", f"it cannot be read: {error}", "a JSON file of talks.")], source) from None
    rows = raw.get("talks") if isinstance(raw, dict) else raw
    if not isinstance(rows, list) or not 0 < len(rows) <= _MOST:
        raise InputError([Fault("talks", "it is not a list of talks", f"1 to {_MOST} talks.")], source)
    talks: dict[str, Talk] = {}
    for index, row in enumerate(rows):
        place = f"talks[{index}]"
        try:
            talk = _talk(row)
        except (KeyError, TypeError, AttributeError) as error:
            fault = Fault(place, f"it is not a talk: {error!r}", "id, duration, speakers and venue_times.")
            raise InputError([fault], source) from None
        except ValueError as error:
            raise InputError([Fault(place, str(error), "what slotmachine reads.")], source) from None
        if talk.name in talks:
            raise InputError([Fault(place, f"{talk.name!r} comes twice", "leave one out.")], source)
        talks[talk.name] = talk
    return Camp(tuple(talks.values()))


def _talk(row: _Raw) -> Talk:
    """Make a talk; raise `ValueError` with what is wrong with it."""
    minutes = row["duration"]
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= _DAY:
        raise ValueError(f"its duration is {minutes!r}, and not minutes up to a day")
    venues: dict[str, tuple[Stretch, ...]] = {}
    for one in row["venue_times"]:
        name = _id(one["venue"])
        venues[name] = joined([*venues.get(name, ()), *(_stretch(time) for time in one["times"])])
    if not any(venues.values()):
        raise ValueError("no venue takes it at any time")
    venue, time = row.get("venue"), row.get("time")
    if (venue is None) != (time is None):
        raise ValueError("it has a venue without a time, or a time without a venue")
    return Talk(
        _id(row["id"]),
        " ".join(str(row.get("title") or "").split()) or _id(row["id"]),
        minutes,
        tuple(dict.fromkeys(_id(name) for name in row["speakers"])),
        venues,
        None if venue is None else _id(venue),
        None if time is None else _moment(time),
    )


def _id(value: object) -> str:
    name = "-".join(str(value).split()) if isinstance(value, str | int) else ""
    if not name:
        raise ValueError(f"{str(value)[:40]!r} is no id")
    return name


def _moment(text: object) -> datetime:
    if not isinstance(text, str):
        raise ValueError(f"{str(text)[:40]!r} is no date and time")  # noqa: TRY004  all that is wrong is said so
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _stretch(row: _Raw) -> Stretch:
    start, end = _moment(row["start"]), _moment(row["end"])
    if not start < end <= start + timedelta(days=1):
        raise ValueError(f"from {start} to {end} is no stretch of a day at most")
    return start, end
