"""CSV: a file for each sheet, commas or semicolons, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NoReturn

from unsched.errors import Fault, InputError
from unsched.exchange.sheets.cells import Cell
from unsched.exchange.sheets.raw import MAX_COLUMNS, MAX_ROWS, RawSheet
from unsched.exchange.sheets.table import normal

__all__ = ["csv_text", "guarded", "read_csv", "unguarded"]

_GUARDED = re.compile(r"'*[=+\-@\t\r]")
_MARKS = ",;\t"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def guarded(text: str) -> str:
    """Return a text as a cell of a CSV file that no spreadsheet takes for a formula: with an apostrophe before it.

    >>> guarded("=1+1"), guarded("Plenary"), unguarded(guarded("'=1+1"))
    ("'=1+1", 'Plenary', "'=1+1")
    """
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Return a text without the apostrophe that guards it."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def csv_text(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as a CSV file: commas, UTF-8 with the mark by which spreadsheets know it, lines that end in CRLF."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def read_csv(raw: bytes, name: str, headings: Iterable[str]) -> RawSheet:
    """Return the sheet of a CSV file.

    Args:
        raw: the file, in UTF-8, with or without a byte order mark.
        name: its name.
        headings: what can stand in the first line, in small letters: the separator is the one that finds most of it.

    Raises:
        InputError: it is not CSV, or not in UTF-8, or too large.
    """
    if raw.startswith(_WIDE):
        _refuse(name, "it is in UTF-16", "save it as CSV UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(name, f"byte {error.start} (line {line}) is not UTF-8", "save it as CSV UTF-8.")
    known = frozenset(headings)
    mark = max(_MARKS, key=lambda one: (_known(text, one, known), -_MARKS.index(one)))
    rows: list[tuple[int, Sequence[Cell]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for record in reader:
            cells = [unguarded(cell).strip() or None for cell in record]
            if any(cell is not None for cell in cells):
                rows.append((line, cells))
            if len(rows) > MAX_ROWS:
                _refuse(name, f"it has over {MAX_ROWS:,} rows", "fewer rows.")
            if len(cells) > MAX_COLUMNS:
                _refuse(name, f"line {line} has over {MAX_COLUMNS} columns", "fewer columns, or another separator.")
            line = reader.line_num + 1
    except csv.Error as error:
        _refuse(name, f"line {line} is not CSV: {error}", "a quote too few or too many.")
    return RawSheet(name, rows, csv=True)


def _known(text: str, mark: str, headings: frozenset[str]) -> int:
    """Return how many of the headings the first line has, if that is what parts them."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return sum(normal(cell.strip().strip('"')) in headings for cell in first.split(mark))


def _refuse(name: str, message: str, remedy: str) -> NoReturn:
    raise InputError([Fault("", message, remedy)], name) from None
