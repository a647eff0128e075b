"""What machines read: everything as one JSON object, errors included."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from unsched.errors import Fault, InputError, UnknownIdError, nearest

__all__ = ["as_json", "failure"]


def as_json(data: object) -> str:
    r"""Return plain data as JSON of letters that every terminal and every pipe leaves alone.

    >>> print(as_json({"title": "Plénière\x7f"}))
    {
      "title": "Pl\u00e9ni\u00e8re\u007f"
    }
    """
    # The one control character that JSON does not escape, and that a terminal would be spared.
    return json.dumps(data, indent=2).replace("\x7f", "\\u007f")


def failure(error: BaseException, text: str, code: int) -> dict[str, Any]:
    """Return a failure as plain data.

    Args:
        error: what was raised.
        text: what is said of it to people.
        code: the exit code.
    """
    faults: Iterable[Fault] = ()
    if isinstance(error, InputError):
        faults = error.faults
    elif isinstance(error, UnknownIdError):
        message = f"there is no {error.noun} {error.name!r}"
        faults = [Fault("", message, nearest(error.name, error.known))]
    source = error.source if isinstance(error, InputError) else None
    listed = [{"path": one.path, "message": one.message, "remedy": one.remedy} for one in faults]
    return {
        "schema": "unsched/error/1",
        "error": {"exit_code": code, "source": source, "message": text, "faults": listed},
    }
