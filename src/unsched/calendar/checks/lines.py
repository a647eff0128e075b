"""Lines: what can be said of a file before anything in it has a meaning (RFC 5545, section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from unsched.calendar.checks import clause as c
from unsched.calendar.finding import Finding

__all__ = ["check_lines", "name_findings"]

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_lines(data: bytes) -> Iterator[Finding]:
    """Yield what is wrong with the lines of a file."""
    number = 0
    for number, line in enumerate(data.split(b"\r\n"), 1):
        if len(line) > 75:
            yield c.LINE_LENGTH.at(number, "", f"the line has {len(line)} octets", "fold it at 75.")
        if b"\n" in line or b"\r" in line:
            yield c.LINE_ENDING.at(number, "", "the line ends in half of CRLF", "CRLF.")
        if _CONTROL.search(line):
            yield c.CONTROL.at(number, "", "there is a control character in it", "leave it out.")
        try:
            line.decode()
        except UnicodeDecodeError:
            yield c.UTF_8.at(number, "", "a character is no UTF-8, or folded in two", "fold it before.")
    if not data.endswith(b"\r\n"):
        yield c.LINE_ENDING.at(number, "", "the last line does not end in CRLF", "CRLF.")


def name_findings(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what the reader of files has found, under the names of the clauses."""
    for one in findings:
        clause = c.CONTENT_LINE if one.clause == c.CONTENT_LINE.section else c.STRUCTURE
        yield evolve(one, code=clause.code, clause=clause.section)
