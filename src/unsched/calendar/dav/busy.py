"""Busy times read from a calendar on a CalDAV server."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from unsched.calendar.busy import BusyTimes, read_several
from unsched.calendar.dav.remote import Remote

if TYPE_CHECKING:
    from unsched.domain.window import Window

__all__ = ["read_busy_from"]

_DAY = timedelta(days=1)


def read_busy_from(
    remote: Remote, window: Window, *, tentative: bool = True, ignore: Collection[str] = ()
) -> BusyTimes:
    """Return when a calendar on a server is busy, from the day before a window to the day after it.

    The server is asked only for events that touch that time (RFC 4791, section 7.8), and each is read as `read_busy`
    reads files: the server's own idea of what recurs does not matter.

    Args:
        remote: the server, at the address of the calendar.
        window: as in `read_busy`.
        tentative: as in `read_busy`.
        ignore: as in `read_busy`.

    Returns:
        the busy times; findings name the path on the server.

    Raises:
        DavError: there is no such calendar, or the server cannot be reached.
    """
    first = window.origin - _DAY
    last = datetime.combine(window.days[-1] + 2 * _DAY, time(0), window.tz).astimezone(first.tzinfo)
    calendar = unquote(urlsplit(remote.url).path)
    files = remote.events(calendar, *(f"{moment:%Y%m%dT%H%M%SZ}" for moment in (first, last)))
    return read_several(files, window, remote.url, tentative=tentative, ignore=ignore)
