"""Documents of other tools, read as if a stranger had sent them: bounded, without entities, every fault at once."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn, ParamSpec, TypeVar
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from unsched.domain.fact import shown
from unsched.errors import Fault, InputError
from unsched.exchange.programme.facts import Note

__all__ = ["MAX_BYTES", "Findings", "Node", "Source", "bytes_of", "json_bytes", "parse_json", "parse_xml"]

P = ParamSpec("P")
T = TypeVar("T")

Source = str | os.PathLike[str] | bytes
"""The path of a document, or its content."""

MAX_BYTES: Final = 64_000_000
"""Most bytes of a document, unpacked."""
MAX_NODES: Final = 2_000_000
MAX_DEPTH: Final = 40
MAX_FAULTS: Final = 100
_GZIP: Final = b"\x1f\x8b"


class Findings:
    """Collects what is wrong with a document, and what is worth knowing of it.

    Args:
        source: what the document is called.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.notes: list[Note] = []
        self._more = 0

    def fault(self, path: str, message: str, remedy: str | None = None) -> None:
        """Take a fault; of very many, only the first are kept."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(path, message, remedy))
        else:
            self._more += 1

    def value(self, path: str, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what a reader makes of a value; where it raises `ValueError`, take the fault and return `None`."""
        try:
            return read(*args, **kwargs)
        except (ValueError, OverflowError) as error:
            self.fault(path, str(error))
            return None

    def note(self, place: str, message: str) -> None:
        """Take a note."""
        self.notes.append(Note(place, message))

    def stop(self) -> None:
        """Raise an `InputError` with everything that is wrong, if anything is."""
        if self._more:
            self.faults.append(Fault("", f"and {self._more} faults more"))
            self._more = 0
        if self.faults:
            raise InputError(self.faults, self.source)


def bytes_of(source: Source) -> tuple[bytes, str]:
    """Return the content of a document, unpacked where it is packed by gzip, and what it is called.

    Raises:
        InputError: it cannot be read, or is larger than any programme should be.
    """
    if isinstance(source, bytes):
        name, data = "the document", source
    else:
        path = Path(source)
        name = path.name
        try:
            if path.exists() and not path.is_file():
                _refuse(name, "this is no ordinary file", "the name of a file.")
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            _refuse(name, "there is no such file", "another name or folder.")
        except (OSError, ValueError) as error:
            _refuse(name, f"the file cannot be read: {getattr(error, 'strerror', None) or error}", "another file.")
    if data.startswith(_GZIP):
        data = _unpacked(data, name)
    if len(data) > MAX_BYTES:
        _refuse(name, f"it has over {MAX_BYTES:,} bytes", "a programme without attachments.")
    return data, name


def _unpacked(data: bytes, name: str) -> bytes:
    found = b""
    try:
        while data:
            # 16 and the window: a gzip head. A file may be several of them, one after the other.
            unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            found += unpacker.decompress(data, MAX_BYTES + 1 - len(found))
            if len(found) > MAX_BYTES:
                return found
            if not unpacker.eof:
                _refuse(name, "it is cut off", "the whole file.")
            data = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        _refuse(name, f"it cannot be unpacked: {error}", "the file as it was downloaded.")
    return found


def _refuse(name: str, message: str, remedy: str, path: str = "") -> NoReturn:
    raise InputError([Fault(path, message, remedy)], name) from None


# -- JSON -------------------------------------------------------------------------------------------------------------


def parse_json(data: bytes, name: str) -> Any:  # noqa: ANN401  whatever the document holds
    """Return the content of a JSON document.

    Raises:
        InputError: it is none; or a table has a key twice, of which Python would drop the first without a word.
    """
    repeated: dict[str, None] = {}

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: dict[str, int] = {}
            for key, _ in pairs:
                seen[key] = seen.get(key, 0) + 1
            repeated.update((key, None) for key, times in seen.items() if times > 1)
        return found

    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text, object_pairs_hook=table)
    except UnicodeDecodeError as error:
        _refuse(name, f"byte {error.start} is not UTF-8", "save it as UTF-8.")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        _refuse(name, f"this is not JSON: {error.msg} ({place})", "the file as it was exported.")
    except ValueError as error:  # Python's own limit on the digits of a number
        _refuse(name, f"a number cannot be read: {error}", "a smaller number.")
    except RecursionError:
        _refuse(name, "it is nested too deep", "the file as it was exported.")
    if repeated:
        faults = [Fault("", f"the key {shown(key)} comes twice in one table", "join the two.") for key in repeated]
        raise InputError(faults[:MAX_FAULTS], name)
    return found


def json_bytes(data: object) -> bytes:
    """Return plain data as a JSON document in UTF-8."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return f"{text}\n".encode("utf-8", "replace")


# -- XML --------------------------------------------------------------------------------------------------------------


class Node(Element):
    """An element that knows the line on which it begins."""

    line: int = 0


def parse_xml(data: bytes, name: str) -> Node:
    """Return the root of an XML document; comments are kept, and there are no document types and so no entities.

    Raises:
        InputError: it is no XML, or declares a document type, or is nested too deep or too large.
    """
    parser = expat.ParserCreate()
    # A name that is not declared is kept as it is written: these formats have no name spaces.
    parser.buffer_text = True
    depth, count = 0, 0

    def made(tag: str, attributes: Mapping[str, str]) -> Node:
        node = Node(tag, dict(attributes))
        node.line = parser.CurrentLineNumber
        return node

    builder = TreeBuilder(element_factory=made, insert_comments=True)

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        place = f"line {parser.CurrentLineNumber}"
        if depth > MAX_DEPTH:
            _refuse(name, f"it is nested more than {MAX_DEPTH} deep", "the file as it was exported.", place)
        if count > MAX_NODES:
            _refuse(name, f"it has over {MAX_NODES:,} elements", "a smaller programme.", place)
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def doctype(*_: object) -> None:
        place = f"line {parser.CurrentLineNumber}"
        _refuse(name, "it declares a document type, which is not read", "the same without <!DOCTYPE ...>.", place)

    def comment(text: str) -> None:
        if depth:
            builder.comment(text)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.CommentHandler = builder.data, comment
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat has no names for its arguments
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        _refuse(name, f"this is not XML: {expat.ErrorString(error.code)}", "the file as it was exported.", place)
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        _refuse(name, f"this is not XML that can be read: {error}", "save it as UTF-8.")
    root: Any = builder.close()
    return root  # type: ignore[no-any-return]
