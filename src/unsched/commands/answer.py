"""What a command comes to: a text to print, and an exit code."""

from __future__ import annotations

from attrs import frozen

__all__ = ["BAD_INPUT", "BUG", "GOOD", "INTERRUPTED", "SHORT", "Answer"]

GOOD, SHORT, BAD_INPUT, BUG, INTERRUPTED = 0, 1, 2, 3, 130


@frozen
class Answer:
    """What a command has to say, and its exit code; data that is none to read goes out as it is, without a text."""

    text: str
    code: int = GOOD
    data: bytes | None = None
