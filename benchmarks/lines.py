"""JSON lines of runs and comparisons, as the commands print them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cattrs

from benchmarks.compare import Comparison
from benchmarks.measure import Record
from unsched.errors import Fault, InputError

__all__ = ["read_lines"]


def read_lines(paths: Iterable[Path]) -> tuple[list[Record], list[Comparison]]:
    """Read what runs and comparisons came to.

    Raises:
        InputError: a file cannot be read, or a line is neither.
    """
    records: list[Record] = []
    comparisons: list[Comparison] = []
    for path in paths:
        for data in _objects(path):
            try:
                if "peer" in data:
                    comparisons.append(cattrs.structure({"peer": data["peer"], "ours": data["ours"]}, Comparison))
                else:
                    records.append(cattrs.structure(data, Record))
            except (cattrs.BaseValidationError, KeyError, TypeError, ValueError) as error:
                raise _wrong(path, f"a line is neither a run nor a comparison ({type(error).__name__})") from None
    return records, comparisons


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, f"it cannot be read: {error}") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise _wrong(path, f"line {number} is not a JSON object")
        yield data


def _wrong(path: Path, message: str) -> InputError:
    return InputError([Fault("", message, "a file of what run --json, compare --json or suite wrote.")], str(path))
