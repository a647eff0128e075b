"""What machines read: everything as one JSON object, errors included."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from unsched.errors import Fault, InputError, UnknownIdError, nearest

if TYPE_CHECKING:
    from unsched.rules.base import Breach

__all__ = ["as_json", "breach_data", "failure"]


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


def breach_data(breach: Breach) -> dict[str, Any]:
    """Return a breach as plain data."""
    return {
        "rule": breach.rule.kind,
        "hard": breach.hard,
        "tier": getattr(breach.rule, "tier", None),
        "sessions": list(breach.sessions),
        "whom": list(breach.whom),
        "amount": breach.amount,
        "cost": breach.cost,
        "text": breach.text,
    }
