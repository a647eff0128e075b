"""File names that any file system can hold, made of any ids."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

__all__ = ["MAX_BYTES", "safe_names"]

MAX_BYTES: Final = 100
"""Most bytes of a name in UTF-8; some file systems hold 143, suffix and decomposition included."""

_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)
_SUFFIXED: Final = re.compile(r"(^|-)[0-9a-f]{8}([0-9a-f]{24})?\Z", re.IGNORECASE)
_DIGITS: Final = (0, 8, 32)


def safe_names(ids: Iterable[str]) -> dict[str, str]:
    """Return a file name, without its extension, for each id.

    Letters of any script, digits, "_" and "-" stay (in Unicode's form NFC); everything else becomes "-". An id that
    is not its own name, and those that differ in case alone, have a short hash of the id at the end. So a name
    depends on the other ids only where they differ in case alone, and no two names are the same to a file system
    that ignores case.

    >>> safe_names(["Switzerland", "../etc/passwd"])
    {'Switzerland': 'Switzerland', '../etc/passwd': 'etc-passwd-7fef78f5'}
    """
    levels = {id: int(_base(id) != id or _SUFFIXED.search(id) is not None) for id in ids}
    while True:
        names = {id: _name(id, _DIGITS[level]) for id, level in levels.items()}
        counts = Counter(_key(name) for name in names.values())
        clashing = [id for id, name in names.items() if counts[_key(name)] > 1 and levels[id] < len(_DIGITS) - 1]
        if not clashing:
            return names
        for id in clashing:
            levels[id] += 1


def _name(id: str, digits: int) -> str:
    if not digits:
        return id
    digest = sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    base = _shorten(_base(id), MAX_BYTES - digits - 1)
    return f"{base}-{digest}" if base else digest


def _base(id: str) -> str:
    kept = "".join(char if _stays(char) else "-" for char in unicodedata.normalize("NFC", id))
    # A combining mark with no letter before it is no name to start with.
    start = next((index for index, char in enumerate(kept) if char == "_" or char.isalnum()), len(kept))
    base = _shorten(re.sub("-+", "-", kept[start:]), MAX_BYTES)
    return f"{base}-" if _RESERVED.match(base) else base


def _stays(char: str) -> bool:
    return char == "_" or unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}


def _shorten(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").rstrip("-")


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).upper().casefold()
