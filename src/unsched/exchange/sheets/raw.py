"""Sheets as they were found, before anybody knows what they mean: cells, and where each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import frozen

from unsched.errors import Fault
from unsched.exchange.sheets.cells import Cell

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "Broken", "CellFault", "RawSheet", "letters"]

MAX_ROWS = 20_000
MAX_COLUMNS = 200


@frozen
class Broken:
    """A cell in which there is something, but nothing that can be read."""

    message: str
    remedy: str


Found: TypeAlias = "Cell | Broken"


@frozen
class CellFault(Fault):
    """A fault of which a cell is the place, such as `Sessions!D7`."""

    def under(self, prefix: str) -> Fault:
        """Return the same fault: a cell is where it is, from wherever it is seen."""
        return self

    def __str__(self) -> str:
        text = f"{self.path}: {self.message}" if self.path else self.message
        return f"{text}\n  Maybe {self.remedy}" if self.remedy else text


def letters(column: int) -> str:
    """Return the letters of a column that is counted from 0, as spreadsheets have them.

    >>> letters(3), letters(27)
    ('D', 'AB')
    """
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@frozen(eq=False)
class RawSheet:
    """A sheet as it was found.

    Args:
        name: its name as it stands in the workbook, or the name of its file.
        rows: its rows that are not empty, each with its number, from 1; empty cells are `None`.
        csv: whether it is a file.
    """

    name: str
    rows: Sequence[tuple[int, Sequence[Found]]]
    csv: bool = False

    @property
    def title(self) -> str:
        """What it is called, without the end of a file's name."""
        return self.name[: -len(".csv")] if self.csv else self.name

    def place(self, row: int, column: int = 0, heading: str = "") -> str:
        """Return where a cell is: its row from 1, its column from 0 and what stands above that."""
        if self.csv:
            return f"{self.name}:{row}" + (f" column {heading}" if heading else "")
        return f"{self.name}!{letters(column)}{row}"
