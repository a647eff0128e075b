"""A line of JSON to a call and back: what each line is wrapped in, and what is said of lines that are no request.

Lines come from another program, and are as hostile as files: they are limited in length and depth, and whatever is
wrong with one is said in one answer, which ends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from attrs import field, frozen

from unsched.domain.fact import check_id
from unsched.errors import Fault, InputError, nearest
from unsched.exchange.files import parse_json
from unsched.exchange.plain import MAX_SHOWN, Repeating, check_plain, place, shown

__all__ = [
    "BAD_INPUT",
    "BUG",
    "BUSY",
    "CANCELLED",
    "CODES",
    "DUPLICATE",
    "MALFORMED",
    "MAX_LINE",
    "PROTOCOL",
    "VERSION",
    "Call",
    "Id",
    "RefusedError",
    "encode",
    "lines_of",
    "read_call",
    "say_error",
]

Id = str | int
PROTOCOL: Final = 1
"""The number of the protocol, in every message under "unsched"; it goes up when programs would have to be changed."""
MAX_LINE: Final = 40_000_000
"""Most bytes of a line: twice as many as of a file, since a request has a problem and a schedule, and a bit."""

MALFORMED: Final = "malformed"
VERSION: Final = "version"
BAD_INPUT: Final = "bad-input"
DUPLICATE: Final = "duplicate-id"
BUSY: Final = "busy"
CANCELLED: Final = "cancelled"
BUG: Final = "bug"
CODES: Final = (MALFORMED, VERSION, DUPLICATE, BUSY, BAD_INPUT, CANCELLED, BUG)
"""What kinds of error there are; hosts take one that they do not know as they take "bug"."""

_CHUNK: Final = 65_536
_MOST_FAULTS: Final = 1_000
_MOST_TEXT: Final = 2_000


class RefusedError(Exception):
    """A line is no request, or one that is not done.

    Args:
        code: which kind of error it is.
        message: what is wrong, as one sentence.
        id: the id of the request, where it is known.
        faults: what is wrong, each by its path.
    """

    def __init__(self, code: str, message: str, id: Id | None = None, faults: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.id = id
        self.faults = tuple(faults)


@frozen
class Call:
    """A request, its parameters as yet unread.

    Args:
        id: what the answer will be known by.
        request: the kind of request.
        params: what it needs.
    """

    id: Id
    request: str
    params: Mapping[str, Any] = field(factory=dict)


def lines_of(source: BinaryIO, most: int = MAX_LINE) -> Iterator[bytes | RefusedError]:
    """Yield the lines of a stream that are not blank, without their ends; what is too long is passed over.

    A last line without an end counts like any other: half of an object is never an object.
    """
    while line := source.readline(most + 2):
        ended = line.endswith(b"\n")
        if len(line.rstrip(b"\r\n")) > most or (not ended and len(line) > most):
            while line and not line.endswith(b"\n"):
                line = source.readline(_CHUNK)
            yield RefusedError(MALFORMED, f"the line has over {most:,} bytes")
        elif line.strip():
            yield line.rstrip()


def read_call(line: bytes, known: Collection[str]) -> Call:
    """Return the request of a line.

    Args:
        line: the line.
        known: the kinds of request that there are.

    Raises:
        RefusedError: it is none, with everything that is wrong with it; and with its id, where it has one.
    """
    data = _parse(line)
    if not isinstance(data, dict):
        raise RefusedError(MALFORMED, f"a message is an object, and this is {shown(data)}")
    faults = list(_check_keys(data))
    named = data.get("id")
    wrong = () if _is_number(named) else (*check_id("id", named), *(one.under("id") for one in check_plain(named)))
    id: Id | None = None if wrong else named
    version = data.get("unsched")
    if type(version) is int and version != PROTOCOL:
        message = f"version {shown(version)} of the protocol is not spoken here, only {PROTOCOL}"
        raise RefusedError(VERSION, message, id, [Fault("unsched", message, f"{PROTOCOL}.")])
    if "id" in data:
        faults += wrong
    if "unsched" in data and type(version) is not int:
        faults.append(Fault("unsched", f"{shown(version)} is no version of the protocol", f"{PROTOCOL}."))
    request, params = data.get("request"), data.get("params", {})
    if "request" in data and (not isinstance(request, str) or request not in known):
        near = nearest(request, known) if isinstance(request, str) and len(request) <= MAX_SHOWN else None
        remedy = near or f"one of {', '.join(map(repr, known))}."
        faults.append(Fault("request", f"there is no request {shown(request)}", remedy))
    if not isinstance(params, dict):
        faults.append(Fault("params", f"{shown(params)} is not a table", "an object."))
    if faults or id is None or not isinstance(request, str):
        raise RefusedError(MALFORMED, _sentence(faults), id, faults)
    return Call(id, request, params)


def _parse(line: bytes) -> object:
    try:
        return parse_json(line.decode())
    except UnicodeDecodeError as error:
        raise RefusedError(MALFORMED, f"the line is not UTF-8: byte {error.start}") from None
    except json.JSONDecodeError as error:
        whole = "" if line.endswith(b"}") else "; it may have been cut off"
        raise RefusedError(MALFORMED, f"the line is not JSON: {error.msg} (column {error.colno}){whole}") from None
    except ValueError as error:  # Python's own limit on the digits of a number
        raise RefusedError(MALFORMED, f"a number in the line cannot be read: {error}") from None
    except RecursionError:
        raise RefusedError(MALFORMED, "the line is nested too deep") from None


def _check_keys(data: dict[str, Any]) -> Iterator[Fault]:
    keys = ("unsched", "id", "request", "params")
    if isinstance(data, Repeating):
        for key in data.repeated:
            yield Fault(place(key), f"the key {shown(key)} comes more than once", "leave all but one out.")
    for key in data:
        if key not in keys:
            near = nearest(key, keys) if len(key) <= MAX_SHOWN else None
            yield Fault(place(key), f"the key {shown(key)} is not known", near or f"one of {', '.join(keys)}.")
    for key in keys[:3]:
        if key not in data:
            yield Fault(key, "it is missing", f"{PROTOCOL}." if key == "unsched" else f"add {key!r}.")


def _is_number(id: object) -> bool:
    return type(id) is int and -(2**53) < id < 2**53  # what every reader of JSON keeps


def _sentence(faults: list[Fault]) -> str:
    count = len(faults)
    first = faults[0]
    place = f"{first.path}: " if first.path else ""
    return f"{place}{first.message}" + (f", and {count - 1} more fault{'s' * (count > 2)}" * (count > 1))


def say_error(error: RefusedError | InputError, id: Id | None, code: str = BAD_INPUT) -> dict[str, Any]:
    """Return the message that says what is wrong.

    Args:
        error: what is wrong.
        id: the request that is answered by it, and is over; `None` where it answers none.
        code: which kind of error it is, where it does not say so itself.
    """
    faults = error.faults[:_MOST_FAULTS]
    source = None if isinstance(error, RefusedError) else error.source
    message = error.message if isinstance(error, RefusedError) else _sentence(list(error.faults))
    return {
        "unsched": PROTOCOL,
        "type": "error",
        "id": id,
        "error": {
            "code": error.code if isinstance(error, RefusedError) else code,
            "message": message[:_MOST_TEXT],
            "source": source,
            "faults": [{"path": one.path, "message": one.message, "remedy": one.remedy} for one in faults],
        },
    }


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message as a line. It is ASCII: no reader can take anything in it for the end of the line."""
    return json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n"
