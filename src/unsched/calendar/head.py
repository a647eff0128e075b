"""What a calendar says of itself: its name, its colour, where it is, and how often to ask for it again (RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from icalendar import Calendar

from unsched.calendar.text import Text, one_line
from unsched.domain.fact import shown
from unsched.errors import Fault

if TYPE_CHECKING:
    from unsched.domain.problem import Problem

__all__ = ["END", "PRODID", "REFRESH", "address", "check_base_url", "colour", "head", "opening"]

PRODID: Final = "-//unsched//unsched//EN"
"""What made the calendars; never the version, which would change every file with each release."""

REFRESH: Final = "PT1H"
"""How often a client should ask for the calendar again (RFC 7986, section 5.7)."""

END: Final = b"END:VCALENDAR\r\n"

# Names of CSS (RFC 7986, section 5.9) on which white letters can be read, and the same for Apple Calendar.
_COLOURS: Final = (
    ("blueviolet", "#8A2BE2"),
    ("brown", "#A52A2A"),
    ("chocolate", "#D2691E"),
    ("crimson", "#DC143C"),
    ("darkcyan", "#008B8B"),
    ("darkgreen", "#006400"),
    ("darkmagenta", "#8B008B"),
    ("darkolivegreen", "#556B2F"),
    ("darkslateblue", "#483D8B"),
    ("darkslategray", "#2F4F4F"),
    ("firebrick", "#B22222"),
    ("indigo", "#4B0082"),
    ("maroon", "#800000"),
    ("mediumblue", "#0000CD"),
    ("mediumvioletred", "#C71585"),
    ("midnightblue", "#191970"),
    ("olive", "#808000"),
    ("royalblue", "#4169E1"),
    ("saddlebrown", "#8B4513"),
    ("seagreen", "#2E8B57"),
    ("sienna", "#A0522D"),
    ("slategray", "#708090"),
    ("steelblue", "#4682B4"),
    ("teal", "#008080"),
)


def colour(path: str) -> tuple[str, str]:
    """Return the colour of a calendar as a name of CSS and as `#RRGGBB`, the same for ever for one path.

    >>> colour("rooms/XXVI.ics")
    ('maroon', '#800000')
    """
    return _COLOURS[int.from_bytes(sha256(path.encode()).digest()[:8]) % len(_COLOURS)]


def check_base_url(value: object) -> Iterator[Fault]:
    """Yield a fault unless a value is the address of a folder on a web server, which calendars can be found under."""
    remedy = "one such as 'https://example.org/calendars/'."
    if not isinstance(value, str):
        yield Fault("base_url", f"{shown(value)} is not an address", remedy)
        return
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    plain = value.isascii() and value.isprintable() and not any(sign in value for sign in ' "<>\\^`{|}?#')
    if parts.scheme not in {"http", "https", "webcal", "webcals"} or not host or not plain:
        yield Fault("base_url", f"{shown(value)} is not the address of a folder on a web server", remedy)
    elif parts.username is not None:
        yield Fault("base_url", "the address has a user's name in it, which everybody would read", remedy)


def address(base_url: str, path: str) -> str:
    """Return where a calendar is found.

    >>> address("https://example.org/cstd", "delegations/Côte-d-Ivoire.ics")
    'https://example.org/cstd/delegations/C%C3%B4te-d-Ivoire.ics'
    """
    return f"{base_url.rstrip('/')}/{quote(path)}"


def head(problem: Problem, path: str, whose: str | None, base_url: str | None = None, *, method: bool = True) -> bytes:
    """Return how a feed begins, down to where its components follow.

    METHOD is PUBLISH if the problem has an organizer. Without one there is no METHOD at all, since RFC 5546,
    section 3.2.1, asks for an ORGANIZER in what is published.

    Args:
        problem: the facts.
        path: the name of the file, which its colour and its address follow.
        whose: whose calendar it is; `None` is everybody's.
        base_url: the address that the path is found under; `None` is unknown, and leaves SOURCE out.
        method: whether it is published by METHOD at all.
    """
    title = one_line(problem.title or "") or one_line(problem.id)
    name = Text(f"{one_line(whose)} - {title}" if whose else title)
    css, rgb = colour(path)
    calendar = Calendar()
    if method and problem.organizer is not None:
        calendar.add("METHOD", Text("PUBLISH"))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("COLOR", Text(css))
    calendar.add("X-APPLE-CALENDAR-COLOR", Text(rgb))
    calendar.add("REFRESH-INTERVAL", Text(REFRESH), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", Text(REFRESH))
    if base_url is not None:
        # A URI, so that a comma in it stays what it is.
        calendar.add("SOURCE", _Uri(address(base_url, path)), {"VALUE": "URI"})
    return opening(calendar)


def opening(calendar: Calendar | None = None) -> bytes:
    """Return a calendar's own properties, without its end; by default only those that each calendar has."""
    calendar = Calendar() if calendar is None else calendar
    calendar.add("PRODID", Text(PRODID))
    calendar.add("VERSION", Text("2.0"))
    data: bytes = calendar.to_ical()
    return data.removesuffix(END)


class _Uri(Text):
    """A URI, which is written as it is (RFC 5545, section 3.3.13)."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the address; `quote` has left nothing in it that would need more."""
        return self.encode()
