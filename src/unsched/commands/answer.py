"""What a command comes to: a text to print, and an exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

__all__ = ["BAD_INPUT", "BUG", "GOOD", "INTERRUPTED", "SHORT", "Answer"]

GOOD, SHORT, BAD_INPUT, BUG, INTERRUPTED = 0, 1, 2, 3, 130


@frozen
class Answer:
    """What a command has to say, and its exit code.

    Args:
        text: plain text, or JSON.
        code: the exit code.
        data: what is none to read, and goes out as it is, in place of the text.
        view: makes what rich draws of it on a terminal, in place of the text; `None` where the text is all there is.
    """

    text: str
    code: int = GOOD
    data: bytes | None = None
    view: Callable[[], Any] | None = None
