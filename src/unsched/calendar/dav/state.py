"""What we have put on a server, kept as a file: without it, nobody could tell our own event from a foreign change."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from unsched.calendar.message_file import read_json
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically

__all__ = ["Kept", "State", "load_state", "save_state"]

_SCHEMA: Final = "unsched/caldav/1"
_HEX: Final = re.compile(r"[0-9a-f]{64}")


@frozen
class Kept:
    """One event as we have put it on a server.

    Args:
        name: the last part of its path.
        etag: the ETag that it has had since; `None` while it is not known whether it got there.
        digest: of the bytes that were sent.
        title: what people call it.
        draft: fingerprints of what has been on its way: found on the server, they are ours.
    """

    name: str
    etag: str | None
    digest: str
    title: str = ""
    draft: tuple[str, ...] = ()


@frozen
class State:
    """What is on a server of ours.

    Args:
        url: the folder on the server.
        calendars: by the path of the feed, then by UID, what we have put there.
    """

    url: str
    calendars: Mapping[str, Mapping[str, Kept]] = field(factory=dict)


def load_state(path: str | os.PathLike[str], url: str) -> State:
    """Return what a file says that we have put on a server; nothing, where there is no file.

    Raises:
        InputError: the file is of another server, or is no such file.
    """
    if not Path(path).exists():
        return State(url)
    name = Path(path).name
    data = read_json(path)
    if not isinstance(data, dict) or data.get("schema") != _SCHEMA:
        raise InputError(
            [Fault("schema", "this is no state of a server", f"a file whose schema is {_SCHEMA!r}.")], name
        )
    if data.get("url") != url:
        message = f"the file is of {data.get('url')!r}, not of {url!r}"
        raise InputError([Fault("url", message, "another file for another server.")], name)
    try:
        calendars = {
            str(path): {str(uid): _kept(one) for uid, one in several.items()}
            for path, several in data["calendars"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        fault = Fault("calendars", "this is no state of a server", "the file as it was written.")
        raise InputError([fault], name) from None
    return State(url, calendars)


def save_state(state: State, path: str | os.PathLike[str]) -> None:
    """Write a state to a file: whole, or not at all."""
    calendars = {
        feed: {
            uid: {
                "name": one.name,
                "etag": one.etag,
                "digest": one.digest,
                "title": one.title,
                "draft": list(one.draft),
            }
            for uid, one in sorted(several.items())
        }
        for feed, several in sorted(state.calendars.items())
    }
    data = {"schema": _SCHEMA, "url": state.url, "calendars": calendars}
    write_atomically(path, f"{json.dumps(data, indent=1)}\n".encode())


def _kept(data: Mapping[str, Any]) -> Kept:
    name, etag, digest, title = data["name"], data["etag"], data["digest"], data["title"]
    draft = tuple(data["draft"])
    # A name becomes part of an address, and the file may come from a stranger.
    texts = all(isinstance(one, str) for one in (name, digest, title)) and (etag is None or isinstance(etag, str))
    if not texts or "/" in name or not name.endswith(".ics") or name.startswith(".."):
        raise ValueError
    if etag is not None and not etag.isprintable():
        raise ValueError
    if not all(isinstance(one, str) and _HEX.fullmatch(one) for one in draft):
        raise ValueError
    return Kept(name, etag, digest, title, draft)
