"""What the public schemas of the formats demand of single values, and values that meet it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from unsched.exchange.frab.document import Day, Document, Event
from unsched.exchange.frab.plan import uuid_of
from unsched.exchange.programme.facts import Note
from unsched.exchange.programme.values import line

__all__ = ["Losses", "clock", "duration", "hours_of", "number_of", "slug_of", "unique", "web"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE = re.compile(r"[0-9A-Z]{6}")
_SAFE = "%/:=&?~#+!$,;'@()*[]"
_MOST_PLACES = 3


@frozen
class Losses:
    """Counts what a form cannot say, so that there is one note for each kind of it."""

    counts: Counter[str] = field(factory=Counter)
    places: dict[str, list[str]] = field(factory=dict)

    def add(self, what: str, place: str = "") -> None:
        """Take something that is changed or left out."""
        self.counts[what] += 1
        if place:
            self.places.setdefault(what, []).append(place)

    def notes(self) -> tuple[Note, ...]:
        """Return a note for each kind, in the order in which they came up."""
        found = []
        for what, count in self.counts.items():
            places = list(dict.fromkeys(self.places.get(what, ())))
            some = ", ".join(places[:_MOST_PLACES]) + (", ..." if len(places) > _MOST_PLACES else "")
            found.append(Note(some, what + (f" ({count} times)" if count > 1 else "")))
        return tuple(found)


def web(address: str, base: str = "") -> str:
    """Return a web address with what URIs may have only; a relative one is below `base`, and others are empty.

    >>> web("/media/a b.png", "https://example.org/2024/"), web("ftp://example.org/a"), web("javascript:alert(1)")
    ('https://example.org/media/a%20b.png', '', '')
    """
    from urllib.parse import urljoin

    text = line(address)
    if not text:
        return ""
    try:
        whole = urljoin(base, text) if base and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else text
    except ValueError:
        return ""
    if not re.match(r"https?://.", whole):
        return ""
    return quote(whole, safe=_SAFE)


def slug_of(text: str) -> str:
    """Return a text as part of an address: lower-case letters, digits and hyphens.

    >>> slug_of("Ça ira: die Øffnung!")
    'ca-ira-die-ffnung'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def duration(minutes: int) -> str:
    """Return a length as hours and minutes.

    >>> duration(75), duration(1560)
    ('01:15', '26:00')
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def clock(event: Event) -> tuple[datetime, datetime]:
    """Return when an event begins and ends, by the clock by which it was written."""
    if event.start is None or event.minutes is None:
        raise ValueError(event.where)
    start = event.start
    end = datetime.fromtimestamp(start.timestamp() + event.minutes * 60, start.tzinfo)
    return start, end


def hours_of(document: Document, number: int, day: Day) -> Day:
    """Return a day with everything that its forms demand: its number, its date, its hours."""
    tz = ZoneInfo(document.zone)
    mine = [clock(event) for event in document.events if event.day == number and event.start and event.minutes]
    date = day.date or (min(mine)[0].astimezone(tz).date() if mine else None)
    if date is None:
        date = (day.start or datetime(2000, 1, 1, tzinfo=tz)).date()
    midnight = datetime(date.year, date.month, date.day, tzinfo=tz)
    start = day.start or min((one[0].astimezone(tz) for one in mine), key=datetime.timestamp, default=midnight)
    end = day.end or max((one[1].astimezone(tz) for one in mine), key=datetime.timestamp, default=midnight)
    if end.timestamp() <= start.timestamp():
        end = start + timedelta(days=1)
    return evolve(day, date=date, start=start, end=end)


def number_of(days: Iterable[Day]) -> tuple[int, ...]:
    """Return the numbers of days: their own where all have one and no two the same, or else from 1."""
    several = tuple(days)
    own = [day.index for day in several]
    if all(index is not None and index > 0 for index in own) and len(set(own)) == len(own):
        return tuple(index or 0 for index in own)
    return tuple(range(1, len(several) + 1))


def unique(document: Document, losses: Losses) -> tuple[Event, ...]:
    """Return the events that can be written, each with a number and a UUID of its own."""
    import hashlib

    numbers: dict[str, None] = {}
    guids: dict[str, None] = {}
    codes = Counter(event.code for event in document.events if event.code)
    found = []
    for event in document.events:
        if event.start is None or not event.minutes or not event.room:
            losses.add(
                "an event without a time, a room or a length is left out: the form has no place for it", event.where
            )
            continue
        key = (document.head.acronym, event.guid or event.number or event.code, event.text("title"), event.room)
        number, turn = event.number.lstrip("0"), 0
        while not re.fullmatch(r"[1-9]\d{0,17}", number, re.ASCII) or number in numbers:
            digest = hashlib.sha256("\0".join((*key, str(turn))).encode("utf-8", "replace")).digest()
            number, turn = str(10**9 + int.from_bytes(digest[:8], "big") % 10**9), turn + 1
        if number != event.number:
            losses.add("an event has no number of its own and is given one", event.where)
        guid = event.guid
        if not _UUID.fullmatch(guid) or guid.lower() in guids:
            guid = uuid_of(*key, number)
            losses.add("an event has no UUID of its own and is given one", event.where)
        code = event.code
        if code and (not _CODE.fullmatch(code) or codes[code] > 1):
            code = ""
            losses.add("a code is left out: it is not six capitals and digits, or of several events", event.where)
        numbers[number] = guids[guid.lower()] = None
        found.append(evolve(event, number=number, guid=guid, code=code))
    return tuple(found)


def named(mapping: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return the entries of a mapping that are asked for and not empty."""
    return {name: mapping[name] for name in names if mapping.get(name)}


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID."""
    return bool(_UUID.fullmatch(text))
