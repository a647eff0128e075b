"""How meetings went, as a CSV file or as the sheet "Actual" of a workbook: one row a meeting."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from unsched.domain.actual import Actuals
from unsched.errors import Fault, InputError
from unsched.exchange.convert import load
from unsched.exchange.sheets.cells import MOMENT, TEXT, TRUTH
from unsched.exchange.sheets.csvfiles import read_csv
from unsched.exchange.sheets.places import Ledger
from unsched.exchange.sheets.raw import RawSheet
from unsched.exchange.sheets.rows import Rows
from unsched.exchange.sheets.store import read_bytes
from unsched.exchange.sheets.table import Column, Layout, normal
from unsched.exchange.sheets.workbook import read_workbook
from unsched.exchange.version import KEY, TAGS

__all__ = ["ACTUAL", "load_actual_sheet"]

ACTUAL = Layout(
    "Actual",
    "meetings",
    "meeting",
    [
        Column("session", "session", TEXT, required=True),
        Column("began", "began", MOMENT, note="When it was called to order."),
        Column("ended", "ended", MOMENT, note="When it rose."),
        Column("held", "held", TRUTH, note="Left out: yes."),
        Column("room", "room", TEXT, note="Where it was, if not where it was planned."),
    ],
    "How each meeting went.",
)


def load_actual_sheet(path: str | os.PathLike[str]) -> Actuals:
    """Read how meetings went from a CSV file, or from the sheet "Actual" of a workbook.

    Raises:
        InputError: with everything that is wrong, each fault with its cell.
    """
    path = Path(path)
    if path.suffix.casefold() == ".csv":
        return _read(read_csv(read_bytes(path), path.name, ACTUAL.by_heading), path.name)
    if path.is_dir():
        message, remedy = "actual times are one file, not a folder", "the name of a file."
        raise InputError([Fault("", message, remedy)], path.name)
    sheet = _one(read_workbook(read_bytes(path), path.name))
    if sheet is None:
        message = f"there is no sheet {ACTUAL.name!r}"
        raise InputError([Fault("", message, f"a sheet of that name, with {', '.join(ACTUAL.by_heading)}.")], path.name)
    return _read(sheet, path.name)


def _one(sheets: Iterable[RawSheet]) -> RawSheet | None:
    return next((sheet for sheet in sheets if normal(sheet.title) == normal(ACTUAL.name)), None)


def _read(sheet: RawSheet, source: str) -> Actuals:
    ledger = Ledger([ACTUAL])
    rows = Rows(ledger, ACTUAL, sheet)
    meetings = [rows.table(row, f"meetings[{index}]") for index, row in enumerate(rows.rows)]
    data = {KEY: TAGS[Actuals], "meetings": meetings}
    try:
        found = load(data, Actuals, source)
    except InputError as error:
        ledger.take(error.faults)
        raise InputError(ledger.sorted(), source) from None
    if ledger.faulty:
        raise InputError(ledger.sorted(), source)
    return found
