"""Which tool a document comes from, by what is in it."""

from __future__ import annotations

from pathlib import Path

from unsched.errors import Fault, InputError
from unsched.exchange.frab import read_frab
from unsched.exchange.indico import read_indico
from unsched.exchange.pretalx import read_pretalx
from unsched.exchange.programme.document import Source, bytes_of, parse_json
from unsched.exchange.programme.facts import Imported

__all__ = ["READERS", "guess", "read_programme"]

READERS = {"frab": read_frab, "pretalx": read_pretalx, "indico": read_indico}
"""What reads the documents of each tool."""


def guess(source: Source) -> str:
    """Return which tool a document comes from: "frab", "pretalx" or "indico".

    Raises:
        InputError: it cannot be read, or is of none of them, or could be of several.
    """
    if not isinstance(source, bytes) and Path(source).is_dir():
        return "pretalx"
    data, name = bytes_of(source)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return "frab"
    content = parse_json(data, name)
    table = content if isinstance(content, dict) else {}
    signs = {
        "frab": isinstance(table.get("schedule"), dict) or "conference" in table,
        "pretalx": "submissions" in table or "talks" in table,
        "indico": "results" in table and "submissions" not in table,
    }
    found = [tool for tool, sign in signs.items() if sign]
    if len(found) == 1:
        return found[0]
    message = f"it could be of {' and '.join(found)}" if found else "it is of none of the tools that are known"
    raise InputError([Fault("", message, f"say which, of {', '.join(READERS)}.")], name)


def read_programme(
    source: Source, tool: str | None = None, *, zone: str | None = None, keep: tuple[str, ...] = ()
) -> Imported:
    """Read a document of another tool.

    Args:
        source: the path of the document, or its content.
        tool: "frab", "pretalx" or "indico"; by default, what is in it says so.
        zone: IANA name of the time zone; by default the one that it names.
        keep: what else of the published schedule is kept, of "day", "room" and "track".

    Raises:
        InputError: with everything that is wrong.
    """
    chosen = tool or guess(source)
    if chosen not in READERS:
        message = f"{chosen!r} is no tool that is known"
        raise InputError([Fault("tool", message, f"one of {', '.join(READERS)}.")], "the arguments")
    return READERS[chosen](source, zone=zone, keep=keep)
