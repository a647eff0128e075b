"""Text that a terminal can be given: nothing in it is a command, and columns stay columns.

Titles and names come from files that nobody vouches for. A control character in them could move the cursor, change
the colours or the window's title, or make a line look as if it said something else (ECMA-48; Unicode Annex 9).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

__all__ = ["clean", "clean_lines", "columns", "listed", "pad", "shorten"]

_BLANKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_REORDERING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_ELLIPSIS = "..."


def clean(text: str) -> str:
    r"""Return a text on one line, in which control characters are shown and not sent.

    Tabs and line breaks become blanks. Other control characters, those that reorder what follows, and halves of
    surrogate pairs become escapes. Letters of any script, combining marks and emoji stay as they are.

    >>> clean("Plenary\r\nRoom\x1b[2J")
    'Plenary  Room\\x1b[2J'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def listed(names: Iterable[str]) -> str:
    """Return names as a list on one line, in which it can be seen where one ends, even where they have commas.

    >>> listed(["Egypt", "Brazil"]), listed(["Korea, Republic of", "Brazil"])
    ('Egypt, Brazil', 'Korea, Republic of; Brazil')
    """
    several = [clean(name) for name in names]
    if not any("," in name for name in several):
        return ", ".join(several)
    if not any(";" in name for name in several):
        return "; ".join(several)
    return ", ".join(f'"{name}"' for name in several)


def clean_lines(text: str) -> str:
    """Return a text of several lines, each of them clean; only line feeds part them."""
    return "\n".join(clean(line) for line in text.split("\n"))


def _shown(char: str) -> str:
    if char in _BLANKS:
        return " "
    if unicodedata.category(char) in {"Cc", "Cs"} or unicodedata.bidirectional(char) in _REORDERING:
        return f"\\x{ord(char):02x}" if char <= "\xff" else f"\\u{ord(char):04x}"
    return char


def columns(text: str) -> int:
    """Return how many columns of a terminal a clean text takes (Unicode Annex 11).

    Wide and full-width characters take two, combining marks and format characters none.

    >>> columns("IGF"), columns("会議"), columns("e\u0301")
    (3, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def pad(text: str, width: int) -> str:
    """Return a clean text with blanks after it, so that it takes `width` columns; a longer one stays as it is."""
    return text + " " * (width - columns(text))


def shorten(text: str, width: int) -> str:
    """Return a clean text, cut where it would take over `width` columns or be of over four times as many characters.

    >>> shorten("Working Group", 10)
    'Working...'
    """
    if len(text) <= width * 4 and columns(text) <= width:
        return text
    taken = 0
    for index, char in enumerate(text[: width * 4]):
        taken += _columns(char)
        if taken > width - len(_ELLIPSIS):
            return text[:index] + _ELLIPSIS
    return text[: width * 4] + _ELLIPSIS
