"""One thing that is wrong, or worth knowing, in a calendar file: which file, which line, which component."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from unsched.errors import Fault, InputError

__all__ = ["MAX_FINDINGS", "Finding", "refuse"]

MAX_FINDINGS = 1_000
"""How many findings are kept of one file; of more, only how many there are."""


@frozen
class Finding:
    """What was found at one place of a calendar file.

    Args:
        line: number of the line, from 1; 0 is the file as a whole.
        component: name of the component that the line is part of, such as "VEVENT"; empty is none.
        message: what is wrong, naming the value.
        remedy: what might mend it.
        clause: the section of the RFC that says so, such as "RFC 5545, 3.6.1".
        file: name of the file, where there are several.
        code: the name of the clause that is not kept, where it has one.

    >>> print(Finding(4, "VEVENT", "there is no UID", "UID:...", "RFC 5545, 3.6.1", "room.ics"))
    room.ics, line 4, VEVENT: there is no UID (RFC 5545, 3.6.1)
      Maybe UID:...
    """

    line: int
    component: str
    message: str
    remedy: str | None = None
    clause: str = ""
    file: str = ""
    code: str = ""

    @property
    def place(self) -> str:
        """Where: the file, the line and the component, as far as they are known."""
        line = f"line {self.line}" if self.line else ""
        return ", ".join(part for part in (self.file, line, self.component) if part) or "the file"

    @property
    def fault(self) -> Fault:
        """The same as a fault of the input."""
        clause = f" ({self.clause})" if self.clause else ""
        return Fault(self.place, f"{self.message}{clause}", self.remedy)

    def __str__(self) -> str:
        clause = f" ({self.clause})" if self.clause else ""
        text = f"{self.place}: {self.message}{clause}"
        return f"{text}\n  Maybe {self.remedy}" if self.remedy else text


def refuse(findings: Iterable[Finding], source: str) -> None:
    """Raise an `InputError` with all findings, if there is one."""
    faults = tuple(finding.fault for finding in findings)
    if faults:
        raise InputError(faults, source)
