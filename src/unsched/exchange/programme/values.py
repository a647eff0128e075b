"""Single values of other tools' documents: texts, ids, lengths, moments and time zones."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from unsched.domain.fact import MAX_ID, MAX_TEXT, shown
from unsched.domain.moment import FIRST_YEAR, LAST_YEAR
from unsched.domain.time import check_zone
from unsched.exchange.programme.facts import Note

__all__ = ["Names", "clip", "id_of", "length_of", "line", "local", "moment_of", "paragraphs", "whole", "zone_of"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DURATION = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?", re.ASCII)
_ISO_DURATION = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,2})(?:\.0+)?S)?)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.0+)?)?", re.ASCII)
_HOUR = timedelta(hours=1)


def line(value: object) -> str:
    r"""Return a text or a number as one line without control characters; anything else is empty.

    >>> line(" Opening\r\n of the  session\x07 "), line(12), line(None)
    ('Opening of the session', '12', '')
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(_CONTROL.sub("", str(value)).split())


def paragraphs(value: object) -> str:
    """Return a text with its line breaks, as LF, and without control characters; anything else is empty."""
    if not isinstance(value, str):
        return ""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clip(text: str, most: int = MAX_TEXT) -> str:
    """Return a text that is not longer than allowed, with an ellipsis where it was.

    >>> clip("a long text", 7)
    'a long…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def id_of(value: object) -> str:
    """Return what can be an id: one line, of a length that ids can have."""
    return clip(line(value), MAX_ID - 20)


class Names:
    """Gives out names, none of them twice.

    >>> names = Names()
    >>> names.free("talk"), names.free("talk")
    ('talk', 'talk.2')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = dict.fromkeys(taken, 1)

    def free(self, name: str) -> str:
        """Return the name, or else the first of its numbered variants that nobody has."""
        found, number = name, self._taken.get(name, 0)
        while found in self._taken:
            number += 1
            found = f"{name}.{number}"
        self._taken[name] = max(number, 1)
        self._taken.setdefault(found, 1)
        return found


def whole(value: object) -> int | None:
    """Return a whole number, which may stand in a text; anything else is `None`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value) if abs(value) < 1e9 else None
    if isinstance(value, int):
        return value if abs(value) <= 10**9 else None
    text = line(value)
    return int(text) if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) else None


def length_of(value: object) -> int | None:
    """Return a length in minutes, of "1:15", "26:00", "00:45:00", "PT1H15M" or a number of minutes; `None` is none.

    Raises:
        ValueError: it is something else.

    >>> [length_of(one) for one in ("1:15", "26:00", "00:45:00", "PT1H15M", 20, "", "0:00")]
    [75, 1560, 45, 75, 20, None, None]
    """
    if value is None or value == "":
        return None
    seconds: int | None = None
    number = whole(value)
    if number is not None:
        seconds = number * 60
    elif isinstance(value, str):
        text = value.strip()
        if clock := _DURATION.fullmatch(text):
            hours, minutes, rest = (int(part or 0) for part in clock.groups())
            seconds = (hours * 60 + minutes) * 60 + rest
        elif (iso := _ISO_DURATION.fullmatch(text)) and text[-1] not in "PT":
            days, hours, minutes, rest = (int(part or 0) for part in iso.groups())
            seconds = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    if seconds is None or seconds < 0:
        raise ValueError(f"{shown(value)} is not a length such as '00:45'")
    if seconds % 60:
        raise ValueError(f"a length of {shown(value)} is not in whole minutes")
    return seconds // 60 or None


def moment_of(value: object, zone: zoneinfo.ZoneInfo) -> datetime | None:
    """Return a date-time with its offset; one without is by the clocks of the zone. `None` is none.

    Raises:
        ValueError: it is no date-time, or has seconds, or its year cannot be planned for.
    """
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) and len(value) <= 40 else None
        if found is None or len(str(value).strip()) <= 10:
            raise ValueError  # noqa: TRY301  said below
    except ValueError:
        raise ValueError(f"{shown(value)} is not a date and time such as '2024-02-03T10:00:00+01:00'") from None
    return checked(found if found.tzinfo else local(found.date(), found.time(), zone), value)


def checked(found: datetime, value: object) -> datetime:
    """Return a moment; raise `ValueError` where nothing can be planned for it."""
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{shown(value)} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    if found.second or found.microsecond:
        raise ValueError(f"{shown(value)} is not in whole minutes")
    return found


def local(day: date, clock: time, zone: zoneinfo.ZoneInfo) -> datetime:
    """Return the moment at which the clocks of a zone show a time, the first where they show it twice.

    Raises:
        ValueError: they skip it.
    """
    found = datetime.combine(day, clock, zone)
    back = found.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != found.replace(tzinfo=None):
        raise ValueError(f"{found:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks go forward over it")
    return found


def clock_of(value: object) -> time | None:
    """Return a time of day of "9:30", "09:30" or "09:30:00"; `None` is none.

    Raises:
        ValueError: it is something else.
    """
    text = line(value)
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if match is None or int(match[1]) > 23:
        raise ValueError(f"{shown(value)} is not a time of day such as '10:00'")
    if int(match[3] or 0):
        raise ValueError(f"{shown(value)} is not in whole minutes")
    return time(int(match[1]), int(match[2]))


def date_of(value: object) -> date | None:
    """Return the date of a text that is one, or that begins with one; `None` is none.

    Raises:
        ValueError: it is something else.
    """
    text = line(value)
    if not text:
        return None
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"{shown(value)} is not a date such as '2024-02-03'") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{shown(value)} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def zone_of(named: object, texts: Iterable[object], *, where: str, notes: list[Note]) -> zoneinfo.ZoneInfo:
    """Return the time zone of a document: the one that it names, or else one that has the offset of its times.

    Args:
        named: what the document has as the name of its zone.
        texts: its date-times, as written.
        where: where it would name its zone.
        notes: takes what had to be assumed.
    """
    name = line(named)
    if name and not tuple(check_zone("", name)):
        return zoneinfo.ZoneInfo(name)
    offsets = list(dict.fromkeys(_offsets(texts)))
    found = "UTC"
    if len(offsets) == 1 and offsets[0] % _HOUR == timedelta(0):
        hours = offsets[0] // _HOUR
        # Etc/GMT-1 is one hour ahead of Greenwich.
        found = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    why = f"{shown(name)} is no time zone of the IANA database" if name else "no time zone is named"
    said = f"all times are as in {found}, by their offset" if len(offsets) == 1 and found != "UTC" else f"{found} it is"
    notes.append(Note(where, f"{why}: {said}. Give one (zone=...) to read them by the clocks of a place"))
    return zoneinfo.ZoneInfo(found)


def _offsets(texts: Iterable[object]) -> Iterator[timedelta]:
    for text in texts:
        try:
            found = datetime.fromisoformat(text.strip()) if isinstance(text, str) and len(text) <= 40 else None
        except ValueError:
            continue
        offset = None if found is None else found.utcoffset()
        if offset is not None:
            yield offset
