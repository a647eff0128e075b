"""jCal (RFC 7265): its own form, and the calendar that it stands for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from unsched.calendar.checks import clause as c
from unsched.calendar.finding import Finding
from unsched.calendar.parse import MAX_DEPTH, Component, Property
from unsched.domain.fact import shown

__all__ = ["MOST", "read_jcal"]

MOST: Final = 50_000_000
"""Most bytes of a file of jCal that is looked at."""

_NAME: Final = re.compile(r"[a-z0-9-]+")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ?)?")
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "utc-offset": re.compile(r"[+-]\d\d:\d\d(:\d\d)?"),
    "duration": re.compile(r"[+-]?P[0-9TDHMSW]+"),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+"),
    "cal-address": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+"),
}
_STANDARD: Final[Mapping[str, str]] = {
    **dict.fromkeys(("dtstart", "dtend", "dtstamp", "recurrence-id", "exdate", "rdate", "created"), "date-time"),
    **dict.fromkeys(("tzoffsetfrom", "tzoffsetto"), "utc-offset"),
    **dict.fromkeys(("organizer", "attendee"), "cal-address"),
    "sequence": "integer",
    "freebusy": "period",
    "rrule": "recur",
    "refresh-interval": "duration",
    "duration": "duration",
    "source": "uri",
    "url": "uri",
}


def read_jcal(data: bytes) -> tuple[Component | None, tuple[Finding, ...]]:
    """Return the calendar that jCal stands for, and what is wrong with its form.

    Lines are counted in the file as far as a component begins on a line of its own, as it does in what we write.
    """
    try:
        text = data.decode()
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        return None, (c.JCAL.at(0, "", f"this is not JSON: {error}", "JSON in UTF-8."),)
    found: list[Finding] = []
    calendar = _component(root, found, 1)
    if calendar is not None and calendar.name != "VCALENDAR":
        found.append(c.JCAL.at(0, calendar.name, "the first component is no vcalendar", '["vcalendar", ...].'))
    return calendar, tuple(found)


def _component(data: Any, found: list[Finding], depth: int) -> Component | None:  # noqa: ANN401  any JSON
    good = isinstance(data, list) and len(data) == 3 and isinstance(data[0], str) and _NAME.fullmatch(data[0])
    if not good or not isinstance(data[1], list) or not isinstance(data[2], list) or depth > MAX_DEPTH:
        found.append(c.JCAL.at(0, "", f"{shown(data)} is no component", "[name, [properties], [components]]."))
        return None
    name = data[0].upper()
    properties = [one for item in data[1] for one in _property(item, name, found)]
    inner = [_component(item, found, depth + 1) for item in data[2]]
    return Component(name, 0, tuple(properties), tuple(one for one in inner if one is not None))


def _property(data: Any, component: str, found: list[Finding]) -> Iterator[Property]:  # noqa: ANN401  likewise
    good = isinstance(data, list) and len(data) >= 4 and all(isinstance(data[place], str) for place in (0, 2))
    if not good or not _NAME.fullmatch(data[0]) or not isinstance(data[1], dict) or not _NAME.fullmatch(data[2]):
        found.append(c.JCAL_PROPERTY.at(0, component, f"{shown(data)} is no property", "[name, {}, type, value]."))
        return
    name, parameters, kind = data[0], data[1], data[2]
    params = {}
    for key, value in parameters.items():
        values = value if isinstance(value, list) else [value]
        if not _NAME.fullmatch(key) or key == "value" or not all(isinstance(one, str) for one in values):
            message = f"{shown(key)} of {name} is no parameter"
            found.append(c.JCAL_PROPERTY.at(0, component, message, "a name in lower case, and a text; no value."))
        params[key.upper()] = tuple(str(one) for one in values)
    standard = _STANDARD.get(name)
    if (kind != standard if kind in {"text", "unknown"} else False) and standard is not None:
        message = f"{name} is of type {kind!r}"
        found.append(c.JCAL_PROPERTY.at(0, component, message, f"{standard!r}."))
    if kind in {"date", "duration", "uri"} and kind != (standard or "text"):
        params["VALUE"] = (kind.upper(),)
    if kind == "duration" and name == "refresh-interval":
        params["VALUE"] = ("DURATION",)
    written = []
    for value in data[3:]:
        text = _value(kind, value)
        if text is None:
            found.append(c.JCAL_VALUE.at(0, component, f"{shown(value)} is no value of type {kind!r}", "another."))
        else:
            written.append(text)
    yield Property(name.upper(), ",".join(written), 0, params)


def _value(kind: str, value: Any) -> str | None:  # noqa: ANN401  likewise
    """Return a value as iCalendar writes it, or `None` where it is none of its type."""
    if kind == "integer":
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
    if kind == "recur":
        return _recur(value)
    if kind == "period":
        good = isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value)
        good = good and _MOMENT.fullmatch(value[0]) is not None
        return "/".join(_compact(one) for one in value) if good else None
    if not isinstance(value, str):
        return None
    if kind in _FORMS:
        return _compact(value) if _FORMS[kind].fullmatch(value) else None
    if kind == "text":
        return re.sub(r"([\\;,])", r"\\\1", value).replace("\n", "\\n")
    return value


def _compact(value: str) -> str:
    if re.fullmatch(r"[+-]\d\d:.*", value) or _MOMENT.fullmatch(value):
        return value.replace(":", "") if value[0] in "+-" else value.replace("-", "").replace(":", "")
    return value


def _recur(value: Any) -> str | None:  # noqa: ANN401  likewise
    if not isinstance(value, dict) or not isinstance(value.get("freq"), str):
        return None
    parts = []
    for key, item in value.items():
        items = item if isinstance(item, list) else [item]
        if not _NAME.fullmatch(key) or not all(isinstance(one, str | int) for one in items):
            return None
        parts.append(f"{key.upper()}={','.join(_compact(str(one)) for one in items)}")
    return ";".join(parts)
