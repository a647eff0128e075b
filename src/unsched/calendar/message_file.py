"""Messages as plain data, and files of them: what is still to be sent must outlive the process that made it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from unsched.calendar.message import Message
from unsched.domain.fact import shown
from unsched.domain.people import Contact
from unsched.domain.publication import Told
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically

__all__ = ["MAX_BYTES", "dump_message", "json_rows", "load_messages", "read_json", "read_message", "save_messages"]

MAX_BYTES: Final = 200_000_000
"""Most bytes of a file that is read; 12,000 messages take some 40 MB."""

_SCHEMA: Final = "unsched/messages/1"
_TEXTS: Final = ("method", "reason", "to", "name", "session", "uid", "title", "location")
_METHODS: Final = {"REQUEST", "CANCEL"}
_REASONS: Final = {"new", "changed", "cancelled", "added", "removed", "readdressed"}


def save_messages(messages: Iterable[Message], path: str | os.PathLike[str]) -> Path:
    """Write messages to a JSON file: whole, or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    return write_atomically(path, json_rows({"schema": _SCHEMA}, "messages", map(dump_message, messages)))


def json_rows(head: Mapping[str, object], name: str, rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return a JSON object as a file with a line for each of many rows: to be read by people, and fast to write.

    >>> print(json_rows({"schema": "s"}, "rows", [{"a": 1}, {"a": 2}]).decode())
    {"schema": "s", "rows": [
    {"a": 1},
    {"a": 2}
    ]}
    <BLANKLINE>
    """
    first = json.dumps(head)[:-1] + (", " if head else "") + f"{json.dumps(name)}: [\n"
    lines = ",\n".join(map(json.dumps, rows))
    return f"{first}{lines}\n]}}\n".encode()


def load_messages(path: str | os.PathLike[str]) -> tuple[Message, ...]:
    """Read the messages of a file that `save_messages` wrote.

    Raises:
        InputError: with everything that is wrong, by path inside the file.
    """
    name = Path(path).name
    data = read_json(path)
    if not isinstance(data, dict) or data.get("schema") != _SCHEMA or not isinstance(data.get("messages"), list):
        raise InputError([Fault("schema", "this is no file of messages", f"a file whose schema is {_SCHEMA!r}.")], name)
    faults: list[Fault] = []
    found = []
    for index, one in enumerate(data["messages"]):
        try:
            found.append(read_message(one))
        except InputError as error:
            faults += [fault.under(f"messages[{index}]") for fault in error.faults]
    if faults:
        raise InputError(faults[:1000], name)
    return tuple(found)


def read_json(path: str | os.PathLike[str]) -> Any:  # noqa: ANN401  any JSON
    """Return what a JSON file holds.

    Raises:
        InputError: there is none, it is too large, or it is no JSON.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) <= MAX_BYTES:
            return json.loads(raw)
        fault = Fault("", f"the file has over {MAX_BYTES:,} bytes", "a smaller file.")
    except OSError as error:
        fault = Fault("", f"the file cannot be read: {error.strerror or error}", "another file.")
    except (ValueError, RecursionError) as error:
        fault = Fault("", f"this is not JSON: {error}", "the file as it was written.")
    raise InputError([fault], path.name)


def dump_message(message: Message) -> dict[str, Any]:
    """Return a message as plain data that JSON can hold."""
    before = message.before
    return {
        **{name: getattr(message, name) for name in _TEXTS},
        "mail": message.mail,
        "segment": message.segment,
        "sequence": message.sequence,
        "revision": message.revision,
        "stamp": message.stamp.isoformat(),
        "start": message.start.isoformat(),
        "end": message.end.isoformat(),
        "organizer": {"name": message.organizer.name, "mail": message.organizer.mail},
        "before": None
        if before is None
        else {
            "title": before.title,
            "location": before.location,
            "start": before.start.isoformat(),
            "end": before.end.isoformat(),
        },
        "calendar": message.calendar.decode(),
    }


def read_message(data: object) -> Message:
    """Return the message that plain data describe.

    Raises:
        InputError: with everything that is wrong.
    """
    if not isinstance(data, Mapping):
        raise InputError([Fault("", f"{shown(data)} is not a message", "the file as it was written.")], "a message")
    take = _Taker(data)
    texts: dict[str, Any] = {name: take(name, _text) for name in _TEXTS}
    for name, known in (("method", _METHODS), ("reason", _REASONS)):
        if texts[name] is not None and texts[name] not in known:
            take.faults.append(Fault(name, f"{shown(texts[name])} is none", f"one of {sorted(known)}."))
    rest: dict[str, Any] = {name: take(name, _moment) for name in ("stamp", "start", "end")}
    rest |= {name: take(name, _text) if data.get(name) is not None else None for name in ("mail", "segment")}
    rest |= {name: take(name, _count) for name in ("sequence", "revision")}
    rest["calendar"] = take("calendar", _bytes)
    rest["organizer"] = take("organizer", _contact)
    rest["before"] = take("before", _told) if data.get("before") is not None else None
    if take.faults:
        raise InputError(take.faults, "a message")
    return Message(**texts, **rest)


class _Taker:
    """Takes the values of a table, and keeps the faults of those that are wrong."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.faults: list[Fault] = []

    def __call__(self, name: str, convert: Callable[[Any], Any]) -> Any:  # noqa: ANN401  as `convert` says
        try:
            return convert(self.data[name])
        except InputError as error:
            self.faults += [fault.under(name) for fault in error.faults]
        except (KeyError, ValueError, TypeError, AttributeError):
            value = shown(self.data[name]) if name in self.data else "nothing"
            self.faults.append(Fault(name, f"{value} cannot stand here", "the file as it was written."))
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _bytes(value: object) -> bytes:
    return _text(value).encode()


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _contact(value: Mapping[str, Any]) -> Contact:
    return Contact(value["name"], value["mail"])


def _told(value: Mapping[str, Any]) -> Told:
    texts = (_text(value["title"]), _text(value["location"]))
    return Told(*texts, _moment(value["start"]), _moment(value["end"]))
