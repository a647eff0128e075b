"""How large a day can be printed so that it stays on one page, A4 or Letter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

__all__ = ["SIZES", "constants", "print_size"]

SIZES: Final = (
    (11.0, 1), (9.5, 1), (8.5, 2), (7.75, 2), (7.0, 2), (7.0, 3), (6.5, 3), (6.0, 3), (5.5, 3), (5.0, 4),
)  # fmt: skip
"""Of each size, the letters in points and how many columns; the style sheet has the same as `.p0` to `.p9`."""

# The narrower of A4 and Letter is 210 mm wide, the shorter 279 mm high; less the margins, the day's head and the foot.
_WIDTH_MM: Final = 190
_HEIGHT_MM: Final = 234
_GAP_MM: Final = 6
_POINT_MM: Final = 25.4 / 72
_TIME_EM: Final = 6.6  # a column of its own where there is one column, else in front of the title
_TIME_LETTERS: Final = 13
_LETTER_EM: Final = 0.56  # wide, as mixed text goes
_LINE_EM: Final = 1.25
_PADDING_EM: Final = 0.65
_COLUMNS_UNEVEN: Final = 1.05


def print_size(texts: Iterable[tuple[int, int]]) -> int:
    """Return the number of the largest size at which a day stays on one page, or else of the smallest.

    Args:
        texts: of each session, the letters of its title, and those of what stands below.

    >>> print_size([(40, 30)] * 18), print_size([(40, 30)] * 100)
    (0, 8)
    """
    lengths = tuple(texts)
    for number, (points, columns) in enumerate(SIZES):
        em = points * _POINT_MM
        width = (_WIDTH_MM - _GAP_MM * (columns - 1)) / columns / em - (_TIME_EM if columns == 1 else 0)
        letters = max(1, int(width / _LETTER_EM))
        before = 0 if columns == 1 else _TIME_LETTERS
        lines = sum(_lines(before + title, letters) + _lines(below, letters) for title, below in lengths)
        height = (lines * _LINE_EM + len(lengths) * _PADDING_EM) * em
        if height * (_COLUMNS_UNEVEN if columns > 1 else 1) <= _HEIGHT_MM * columns:
            return number
    return len(SIZES) - 1


def _lines(letters: int, most: int) -> int:
    return max(1, math.ceil(letters / most))


def constants() -> dict[str, object]:
    """Return what the page needs to work out the same for the sessions that a filter leaves."""
    return {
        "sizes": SIZES,
        "width": _WIDTH_MM,
        "height": _HEIGHT_MM,
        "gap": _GAP_MM,
        "point": _POINT_MM,
        "time": _TIME_EM,
        "before": _TIME_LETTERS,
        "letter": _LETTER_EM,
        "line": _LINE_EM,
        "padding": _PADDING_EM,
        "uneven": _COLUMNS_UNEVEN,
    }
