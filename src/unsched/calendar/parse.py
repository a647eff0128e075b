"""iCalendar files of others, read line by line into components (RFC 5545, section 3).

Whatever is broken is reported with its line and left out, and the rest is read: a calendar with one bad event is still
a calendar. Nothing here gives a value its meaning. Size, number of lines, nesting and length of lines are bounded, and
so is the time: each byte is looked at a fixed number of times.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NoReturn

from attrs import field, frozen

from unsched.calendar.finding import MAX_FINDINGS, Finding
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError

__all__ = ["MAX_BYTES", "Component", "Parsed", "Property", "parse", "read_bytes", "split_line", "unfold"]

MAX_BYTES: Final = 20_000_000
MAX_LINES: Final = 400_000
MAX_LINE: Final = 1_000_000
MAX_COMPONENTS: Final = 50_000
MAX_DEPTH: Final = 6

_BREAK: Final = re.compile(rb"\r\n|\n|\r")
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_ONE: Final = r'(?:"[^"]*"|[^":;,]*)'
_PARAMETER: Final = re.compile(rf";([A-Za-z0-9-]+)=({_ONE}(?:,{_ONE})*)")
_VALUES: Final = re.compile(r'"([^"]*)"|([^":;,]+)')
_CARET: Final = re.compile(r"\^([n^'])")
_MARKS: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
# What stands in a calendar and never inside one of these: where one begins, the END of the one before is missing.
_WHOLE: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"})


@frozen
class Property:
    """A content line: a name, parameters, and a value as it stands in the file.

    Args:
        name: the name, in capitals.
        value: the value, still escaped.
        line: number of its first line, from 1.
        params: the values of each parameter, by its name in capitals.
    """

    name: str
    value: str
    line: int
    params: Mapping[str, tuple[str, ...]] = field(factory=dict)

    def param(self, name: str) -> str | None:
        """Return the first value of a parameter, or `None`."""
        return self.params.get(name, (None,))[0]


@frozen
class Component:
    """A component: its properties and the components in it, in the order of the file.

    Args:
        name: the name, in capitals.
        line: number of the line that begins it.
        properties: its own properties.
        components: the components in it.
    """

    name: str
    line: int
    properties: tuple[Property, ...] = ()
    components: tuple[Component, ...] = ()

    def get(self, name: str) -> Property | None:
        """Return the first property of a name, or `None`."""
        return next((one for one in self.properties if one.name == name), None)

    def all(self, name: str) -> Iterator[Property]:
        """Yield the properties of a name."""
        return (one for one in self.properties if one.name == name)

    def text(self, name: str) -> str:
        """Return the value of the first property of a name without blanks around it, or an empty text."""
        found = self.get(name)
        return "" if found is None else found.value.strip()


@frozen
class Parsed:
    """What a file holds: its calendars, and what was broken and is left out."""

    calendars: tuple[Component, ...]
    findings: tuple[Finding, ...]


def read_bytes(path: str | os.PathLike[str], most: int = MAX_BYTES) -> bytes:
    """Return the content of an ordinary file.

    Raises:
        InputError: there is no such file, or it cannot be read or has over `most` bytes.
    """
    file = Path(path)
    try:
        if file.exists() and not file.is_file():
            _refuse(file.name, "this is no ordinary file", "the name of a file.")
        with file.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        _refuse(file.name, "there is no such file", "another name or folder.")
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        _refuse(file.name, f"it cannot be read: {getattr(error, 'strerror', None) or error}", "another file.")
    if len(data) > most:
        _refuse(file.name, f"it has over {most:,} bytes", "a smaller file.")
    return data


def _refuse(source: str, message: str, remedy: str) -> NoReturn:
    raise InputError([Fault("", message, remedy)], source) from None


def unfold(data: bytes) -> Iterator[tuple[int, bytes]]:
    r"""Yield each content line with the number of its first line; empty ones are left out (RFC 5545, section 3.1).

    >>> list(unfold(b"SUMMARY:Op\r\n ening\r\n\r\nEND:VEVENT"))
    [(1, b'SUMMARY:Opening'), (4, b'END:VEVENT')]
    """
    pieces: list[bytes] = []
    first = number = at = 0
    while at < len(data):
        found = _BREAK.search(data, at)
        end, after = (found.start(), found.end()) if found else (len(data), len(data))
        line = data[at:end]
        at, number = after, number + 1
        if pieces and line[:1] in {b" ", b"\t"}:
            pieces.append(line[1:])
            continue
        if pieces:
            yield first, b"".join(pieces)
        pieces, first = ([line], number) if line.strip() else ([], number)
    if pieces:
        yield first, b"".join(pieces)


def split_line(text: str, line: int) -> Property:
    """Return a content line as a property.

    Raises:
        ValueError: it has no name, or no colon, or a parameter that is none.

    >>> one = split_line('ATTENDEE;CN="Oz, Ann";ROLE=CHAIR:mailto:ann@example.org', 7)
    >>> one.param("CN"), one.value
    ('Oz, Ann', 'mailto:ann@example.org')
    """
    name = _NAME.match(text)
    if name is None:
        raise ValueError(f"{shown(text)} does not start with the name of a property")
    at = name.end()
    params: dict[str, tuple[str, ...]] = {}
    while found := _PARAMETER.match(text, at):
        values = tuple(_decode(one or other) for one, other in _VALUES.findall(found[2]))
        key = found[1].upper()
        params[key] = (*params.get(key, ()), *values) or ("",)
        at = found.end()
    if text[at : at + 1] != ":":
        raise ValueError(f"{shown(text)} has no value after {shown(text[:at][:40])}")
    return Property(name[0].upper(), text[at + 1 :], line, params)


def _decode(value: str) -> str:
    return _CARET.sub(lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], value)


class _Open:
    """A component whose END has not come yet."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.properties: list[Property] = []
        self.components: list[Component] = []
        self.broken = False

    def close(self) -> Component:
        return Component(self.name, self.line, tuple(self.properties), tuple(self.components))


class _Reader:
    """Puts content lines together into calendars."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.calendars: list[Component] = []
        self.findings: list[Finding] = []
        self.stack: list[_Open] = []
        self.count = 0
        self.too_many = 0

    def report(self, line: int, component: str, message: str, remedy: str | None, clause: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(line, component, message, remedy, f"RFC 5545, {clause}", self.source))
        else:
            self.too_many += 1

    def take(self, line: int, raw: bytes) -> None:
        if len(raw) > MAX_LINE:
            return self.spoil(line, f"the line has over {MAX_LINE:,} bytes", "leave what is attached out.")
        try:
            found = split_line(raw.decode("utf-8", "replace"), line)
        except ValueError as error:
            return self.spoil(line, str(error), "NAME:VALUE, and a blank before what goes on from the line above.")
        if found.name == "BEGIN":
            return self.begin(found.value.strip().upper(), line)
        if found.name == "END":
            return self.end(found.value.strip().upper(), line)
        if not self.stack:
            return self.spoil(line, f"{found.name} stands outside of any calendar", "BEGIN:VCALENDAR before it.")
        self.stack[-1].properties.append(found)
        return None

    def spoil(self, line: int, message: str, remedy: str) -> None:
        """Report a bad line; the component that it is part of cannot be trusted, a calendar's other ones can."""
        inside = self.stack[-1] if self.stack else None
        self.report(line, inside.name if inside else "", message, remedy, "3.1")
        if inside and inside.name != "VCALENDAR":
            inside.broken = True

    def begin(self, name: str, line: int) -> None:
        self.count += 1
        if self.count > MAX_COMPONENTS:
            _refuse(self.source, f"it has over {MAX_COMPONENTS:,} components", "a shorter time.")
        names = [one.name for one in self.stack]
        if name == "VCALENDAR" and names:
            self.leave(0, line)
        elif name in _WHOLE and any(one in _WHOLE for one in names):
            self.leave(next(place for place, one in enumerate(names) if one in _WHOLE), line)
        elif not names and name != "VCALENDAR":
            self.report(line, name, "it stands outside of any calendar", "BEGIN:VCALENDAR before it.", "3.4")
        if len(self.stack) >= MAX_DEPTH:
            message = f"components are nested more than {MAX_DEPTH} deep"
            _refuse(self.source, f"line {line}: {message}", "components that are not inside each other.")
        self.stack.append(_Open(name, line))

    def leave(self, depth: int, line: int) -> None:
        """Close all components from a depth on although they have no END."""
        while len(self.stack) > depth:
            one = self.stack[-1]
            message = f"it has no END (line {line} is where it should have come)"
            self.report(one.line, one.name, message, f"END:{one.name}.", "3.6")
            one.broken = one.name != "VCALENDAR"
            self.close()

    def end(self, name: str, line: int) -> None:
        places = [place for place, one in enumerate(self.stack) if one.name == name]
        if not places:
            inside = self.stack[-1].name if self.stack else ""
            return self.report(line, inside, f"END:{shown(name)[1:-1]} ends nothing", "leave the line out.", "3.6")
        self.leave(places[-1] + 1, line)
        return self.close()

    def close(self) -> None:
        done = self.stack.pop()
        if not self.stack:
            if done.name == "VCALENDAR":
                self.calendars.append(done.close())
        elif not done.broken:
            self.stack[-1].components.append(done.close())
        elif done.name in {"STANDARD", "DAYLIGHT", "AVAILABLE"}:
            # Half a time zone or half of somebody's hours would be wrong in silence.
            self.stack[-1].broken = True


def parse(data: bytes, source: str = "the calendar") -> Parsed:
    r"""Return the calendars of a file, and what is broken in it.

    Lines may end in CRLF, LF or CR; bytes that are not UTF-8 become U+FFFD. A component with a line that is none, or
    without an END, is reported and left out; so is a time zone with a broken observance.

    Args:
        data: the content of the file.
        source: what to call it in findings, such as its name.

    Raises:
        InputError: it is larger than any calendar should be: 20 MB, 400,000 lines, 50,000 components, 6 levels.

    >>> found = parse(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "a.ics")
    >>> found.calendars[0].components, found.findings[0].place
    ((), 'a.ics, line 3, VEVENT')
    """
    if len(data) > MAX_BYTES:
        _refuse(source, f"it has over {MAX_BYTES:,} bytes", "a smaller file.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            _refuse(source, f"it is written in {encoding}", "save it as UTF-8.")
    if len(data) > MAX_LINES and data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES:
        _refuse(source, f"it has over {MAX_LINES:,} lines", "a smaller file.")
    reader = _Reader(source)
    last = 0
    for line, raw in unfold(data.removeprefix(b"\xef\xbb\xbf")):
        last = line
        reader.take(line, raw)
    reader.leave(0, last)
    if not reader.calendars:
        reader.report(0, "", "there is no calendar in it", "BEGIN:VCALENDAR ... END:VCALENDAR.", "3.4")
    if reader.too_many:
        message = f"and {reader.too_many} more findings"
        reader.findings.append(Finding(0, "", message, "mend the others first.", file=source))
    return Parsed(tuple(reader.calendars), tuple(reader.findings))
