"""jCal: the same calendar as JSON (RFC 7265), made line by line of what is written as iCalendar."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from unsched.domain.fact import shown
from unsched.errors import Fault, InputError

__all__ = ["to_jcal"]

_TYPES: Final = {
    **dict.fromkeys(("DTSTART", "DTEND", "DTSTAMP", "RECURRENCE-ID", "EXDATE", "RDATE", "LAST-MODIFIED"), "date-time"),
    **dict.fromkeys(("TZOFFSETFROM", "TZOFFSETTO"), "utc-offset"),
    **dict.fromkeys(("ORGANIZER", "ATTENDEE"), "cal-address"),
    "SEQUENCE": "integer",
    "FREEBUSY": "period",
    "RRULE": "recur",
    "SOURCE": "uri",
    "REFRESH-INTERVAL": "duration",
}
"""The types of values (RFC 5545, section 8.3.2) of what we write, where they are not text."""

_TEXTS: Final = frozenset(
    [
        "PRODID",
        "VERSION",
        "METHOD",
        "NAME",
        "COLOR",
        "TZID",
        "TZNAME",
        "UID",
        "SUMMARY",
        "LOCATION",
        "DESCRIPTION",
        "CATEGORIES",
        "CLASS",
        "STATUS",
        "TRANSP",
        "RELATED-TO",
        "REFID",
        "PARTICIPANT-TYPE",
    ]
)
_DATE_TIME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
_ESCAPED: Final = re.compile(r"\\(.)")
_COMMA: Final = re.compile(r"(?:[^\\,]|\\.)*")
_LINE: Final = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*))*):(.*)', re.DOTALL)
_PARAMETER: Final = re.compile(r';([A-Za-z0-9-]+)=(?:"([^"]*)"|([^";:]*))')
_CARET: Final = re.compile(r"\^(['n^])")
_MEANT: Final = {"'": '"', "n": "\n", "^": "^"}  # RFC 6868
_NUMBERS: Final = frozenset({"count", "interval", "bymonth", "bymonthday"})


def to_jcal(data: bytes) -> bytes:
    r"""Return a calendar that this library has written as jCal, in ASCII, with one component on each line.

    Args:
        data: one VCALENDAR. What others have written may have properties whose type is not known here: RFC 7265,
            section 5.1, calls their type "unknown" and leaves their value as it is.

    Raises:
        InputError: a line is none of a calendar.

    >>> print(to_jcal(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nNAME:A\\, B\r\nEND:VCALENDAR\r\n").decode())
    ["vcalendar", [["version", {}, "text", "2.0"], ["name", {}, "text", "A, B"]], []]
    <BLANKLINE>
    """
    root: list[Any] = ["", [], []]
    stack = [root]
    for line in data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        name, parameters, value = _parts(line)
        if name == "BEGIN":
            component: list[Any] = [value.lower(), [], []]
            stack[-1][2].append(component)
            stack.append(component)
        elif name == "END":
            stack.pop()
        else:
            given = {key: text for key, text in parameters.items() if key != "value"}
            kind = parameters.get("value", "").lower() or _TYPES.get(name)
            kind = kind or ("text" if name in _TEXTS else "unknown")
            stack[-1][1].append([name.lower(), given, kind, *_values(name, kind, value)])
    (calendar,) = root[2]
    return (_dump(calendar) + "\n").encode()


def _parts(line: str) -> tuple[str, dict[str, str], str]:
    """Return the name, the parameters and the value of a line; icalendar's own reader takes backslashes out of it."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise InputError(
            [Fault("", f"{shown(line)} is no line of a calendar", "a name, a colon and a value.")], "a calendar"
        )
    parameters = {
        key.lower(): _CARET.sub(lambda sign: _MEANT[sign[1]], quoted or bare)
        for key, quoted, bare in _PARAMETER.findall(found[2])
    }
    return found[1].upper(), parameters, found[3]


def _dump(calendar: list[Any]) -> str:
    name, properties, components = calendar
    rows = ",\n".join(json.dumps(component) for component in components)
    return f"[{json.dumps(name)}, {json.dumps(properties)}, [" + (f"\n{rows}\n" if rows else "") + "]]"


def _values(name: str, kind: str, value: str) -> list[Any]:
    match kind:
        case "text" if name == "CATEGORIES":
            return [_text(part) for part in _COMMA.findall(value) if part]
        case "text":
            return [_text(value)]
        case "date-time":
            return [_moment(part) for part in value.split(",")]
        case "period":
            return [_period(part) for part in value.split(",")]
        case "utc-offset":
            return [":".join([value[:3], value[3:5], *([value[5:]] if value[5:] else [])])]
        case "integer":
            return [int(value)]
        case "recur":
            return [_recur(value)]
        case _:
            return [value]


def _text(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _moment(value: str) -> str:
    return _DATE_TIME.sub(r"\1-\2-\3T\4:\5:\6\7", value)


def _period(value: str) -> list[str]:
    return [_moment(part) for part in value.split("/")]


def _recur(value: str) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for part in value.split(";"):
        name, _, text = part.partition("=")
        key = name.lower()
        if key == "until":
            parts[key] = _moment(text)
            continue
        items: list[str | int] = [int(item) if key in _NUMBERS else item for item in text.split(",")]
        parts[key] = items[0] if len(items) == 1 else items
    return parts
