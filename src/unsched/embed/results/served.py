"""What is answered about the server itself, and what is wrong with a line."""

from __future__ import annotations

from typing import Any, TypedDict

__all__ = ["Cancelled", "Error", "Fault", "Hello", "Schema"]


class Hello(TypedDict):
    """Who is there.

    Args:
        version: the release of unsched.
        protocols: the protocols that are spoken.
        requests: the kinds of request.
        files: the kinds of document, each with its version.
        rules: the kinds of rule that are installed.
        limits: most bytes of a line; how many requests are done at once; how many may be unanswered.
    """

    version: str
    protocols: list[int]
    requests: list[str]
    files: list[str]
    rules: list[str]
    limits: dict[str, int]


class Cancelled(TypedDict):
    """Whether anything was called off.

    Args:
        found: whether there was a request of that id without an answer.
    """

    found: bool


class Schema(TypedDict):
    """A JSON Schema.

    Args:
        schema: the schema.
    """

    schema: dict[str, Any]


class Fault(TypedDict):
    """One thing that is wrong with a request.

    Args:
        path: where, as a path from the parameters.
        message: what is wrong.
        remedy: what might mend it, to be read after "Maybe".
    """

    path: str
    message: str
    remedy: str | None


class Error(TypedDict):
    """What is wrong.

    Args:
        code: "malformed", "version", "duplicate-id", "busy", "bad-input", "cancelled" or "bug"; hosts take one that
            they do not know as they take "bug".
        message: the first that is wrong, as a sentence.
        source: what it is wrong with, in words.
        faults: everything that is wrong.
    """

    code: str
    message: str
    source: str | None
    faults: list[Fault]
