"""Calendars as files: the family's facts as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cattrs
from attrs import asdict
from cattrs import transform_error
from cattrs.errors import BaseValidationError

from benchmarks.palais.facts import DAYS, HALVES, WEIGHTS, Palais
from unsched.errors import Fault, InputError

__all__ = ["load", "save"]

_LARGEST = 64_000_000
_MOST_WEEKS, _MOST_MEETINGS, _MOST_FAULTS = 500, 100_000, 20
_SHORT = 90
_KINDS = ("plenary", "meeting", "side-event")


def save(facts: Palais, path: Path) -> None:
    """Write a calendar to a file."""
    data = asdict(facts, value_serializer=lambda _, __, value: value.isoformat() if isinstance(value, date) else value)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(source: str) -> Palais:
    """Read a calendar from a file.

    Raises:
        InputError: there is no such file, or it is no calendar.
    """
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    try:
        path = Path(source)
        if path.stat().st_size > _LARGEST:
            fault = Fault("", f"the file is over {_LARGEST} bytes", "a calendar of fewer weeks.")
            raise InputError([fault], source)
        facts = converter.structure(json.loads(path.read_text(encoding="utf-8")), Palais)
    except OSError as error:
        raise InputError([Fault("", f"it cannot be read: {error.strerror}", "another path.")], source) from None
    except BaseValidationError as error:
        faults = [Fault(place.rpartition(" @ ")[2], place.rpartition(" @ ")[0]) for place in transform_error(error)]
        raise InputError(faults[:_MOST_FAULTS], source) from None
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        remedy = "a file that `benchmarks.palais.saved.save` wrote, or a line such as weeks=4,seed=1."
        raise InputError([Fault("", f"it is no JSON of a calendar: {error}", remedy)], source) from None
    faults = list(_faults(facts))
    if faults:
        raise InputError(faults[:_MOST_FAULTS], source)
    return facts


def _faults(facts: Palais) -> Iterator[Fault]:
    """Yield what a problem would not tell, or not in the calendar's own terms."""
    for name, number, most in (("weeks", facts.weeks, _MOST_WEEKS), ("step", facts.step, 180)):
        if not 1 <= number <= most:
            yield Fault(name, f"{number} is not from 1 to {most}")
            return
    if facts.first.weekday():
        yield Fault("first", f"{facts.first} is no Monday")
    if not 1 <= len(facts.meetings) <= _MOST_MEETINGS:
        yield Fault("meetings", f"{len(facts.meetings)} is not from 1 to {_MOST_MEETINGS}")
    for index, meeting in enumerate(facts.meetings):
        path = f"meetings[{index}]"
        for name, value, known in (
            ("kind", meeting.kind, _KINDS),
            ("priority", meeting.priority, WEIGHTS),
            ("day", meeting.day, (None, *DAYS)),
            ("half", meeting.half, (None, *HALVES)),
            ("branch", meeting.branch, facts.branches),
            ("week", meeting.week, meeting.weeks),
        ):
            if value not in known:
                yield Fault(f"{path}.{name}", f"{value!r} is none of {', '.join(map(str, known))}")
        if not all(0 <= week < facts.weeks for week in meeting.weeks):
            yield Fault(f"{path}.weeks", f"{meeting.weeks} are not all from 0 to {facts.weeks - 1}")
        if meeting.languages and meeting.minutes <= _SHORT:
            # Then a team has one meeting in a half day at most, and teams can be counted.
            yield Fault(f"{path}.minutes", f"{meeting.minutes} minutes are too few to interpret", f"over {_SHORT}.")
        if meeting.name.split() != [meeting.name]:
            yield Fault(f"{path}.name", f"{meeting.name!r} is not one word")
