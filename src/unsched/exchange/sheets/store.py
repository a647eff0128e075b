"""Problems in workbooks and in folders of CSV files: reading and writing them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from unsched.domain.problem import Problem
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically
from unsched.exchange.sheets.cells import Cell
from unsched.exchange.sheets.csvfiles import csv_text, read_csv
from unsched.exchange.sheets.raw import RawSheet
from unsched.exchange.sheets.reading import read_sheets
from unsched.exchange.sheets.suffixes import OTHERS, WORKBOOKS
from unsched.exchange.sheets.table import SHEETS, normal
from unsched.exchange.sheets.workbook import read_workbook
from unsched.exchange.sheets.writing import WrittenSheet, write_sheets

__all__ = ["load_sheets", "read_bytes", "save_sheets", "write_folder"]

MAX_BYTES = 20_000_000
MAX_FILES = 1_000


def load_sheets(path: str | os.PathLike[str]) -> Problem:
    """Read a problem from a workbook (`.xlsx`) or from a folder of CSV files.

    Raises:
        InputError: with everything that is wrong, each fault with its cell; a file of over 20 MB is not read.
    """
    path = Path(path)
    suffix = path.suffix.casefold()
    if path.is_dir():
        return read_sheets(_folder(path), path.name or str(path))
    if suffix in OTHERS:
        remedy = "the folder that it is in." if suffix == ".csv" else "save it as .xlsx, or as CSV files in a folder."
        _refuse(path.name, f"{OTHERS[suffix]} not read", remedy)
    return read_sheets(read_workbook(read_bytes(path), path.name), path.name)


def save_sheets(problem: Problem, path: str | os.PathLike[str]) -> Path:
    """Write a problem as a workbook (`.xlsx`), or as CSV files into a folder; what is read from there is equal to it.

    Args:
        problem: what to write.
        path: the workbook, or else the folder, which may be there.

    Returns:
        the path.

    Raises:
        InputError: a text cannot stand in a cell, or XlsxWriter is not there.
        OSError: it cannot be written.
    """
    path = Path(path)
    if path.suffix.casefold() in WORKBOOKS:
        from unsched.exchange.sheets.drawing import draw_workbook

        return write_atomically(path, draw_workbook(write_sheets(problem)))
    # A file that is there from before, and would say more than the problem does, is written anew as well.
    sheets = write_sheets(problem, every=True)
    write_folder([sheet for sheet in sheets if sheet.rows or (path / sheet.layout.file).exists()], path)
    return path


def write_folder(sheets: Sequence[WrittenSheet], folder: Path) -> tuple[Path, ...]:
    """Write each sheet as a CSV file into a folder; return the files."""
    return tuple(write_atomically(folder / sheet.layout.file, csv_text(_lines(sheet))) for sheet in sheets)


def _lines(sheet: WrittenSheet) -> Iterator[Sequence[Cell]]:
    if sheet.layout.upright:
        row = sheet.rows[0] if sheet.rows else {}
        yield ("what", "value")
        yield from ((column.heading, row.get(column.heading)) for column in sheet.layout.columns)
        return
    yield sheet.headings
    for row in sheet.rows:
        yield [row.get(heading) for heading in sheet.headings]


def _folder(folder: Path) -> Iterator[RawSheet]:
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.casefold() == ".csv")
    except OSError as error:
        _refuse(folder.name, f"the folder cannot be read: {error.strerror or error}", "another folder.")
    if len(files) > MAX_FILES:
        _refuse(folder.name, f"it has over {MAX_FILES:,} CSV files", "fewer files.")
    known = {normal(layout.name): layout for layout in SHEETS}
    for file in files:
        layout = known.get(normal(file.stem))
        if layout is None:  # only its name is looked at
            yield RawSheet(file.name, (), csv=True)
        else:
            yield read_csv(read_bytes(file), file.name, (*layout.by_heading, "what", "value"))


def read_bytes(path: Path) -> bytes:
    """Return what is in a file of sheets.

    Raises:
        InputError: there is no such file, it is none, or it has over 20 MB.
    """
    try:
        if path.exists() and not path.is_file():
            _refuse(path.name, "this is no ordinary file", "the name of a file.")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except InputError:
        raise
    except FileNotFoundError:
        _refuse(path.name, "there is no such file", "another name or folder.")
    except (OSError, ValueError) as error:
        _refuse(path.name, f"the file cannot be read: {getattr(error, 'strerror', None) or error}", "another file.")
    if len(raw) > MAX_BYTES:
        _refuse(path.name, f"the file has over {MAX_BYTES:,} bytes", "a smaller file.")
    return raw


def _refuse(name: str, message: str, remedy: str) -> NoReturn:
    raise InputError([Fault("", message, remedy)], name) from None
