"""Workbooks of a problem on the disk: read as if a stranger had sent them, and written to the byte alike."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from unsched.errors import Fault, InputError
from unsched.exchange.plain import shown
from unsched.exchange.sheets.raw import MAX_COLUMNS, MAX_ROWS, Broken, Found, RawSheet, letters

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.workbook import Workbook

__all__ = ["MAX_UNPACKED", "read_workbook"]

MAX_UNPACKED = 100_000_000
"""Most bytes of all parts of a workbook, unpacked."""
MAX_PARTS = 2_000
MAX_SHEETS = 100
MAX_CELLS = 1_000_000
MAX_PLACES = 20_000_000
MAX_TEXT = 20_000_000
_LONGEST = 32_767
_GREATEST = 10**15
_EXTRA = "pip install 'unsched[spreadsheets]'"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_DECLARES = b"<!DOCTYPE"


def read_workbook(raw: bytes, name: str) -> tuple[RawSheet, ...]:
    """Return the sheets of a workbook.

    Values are read, never formulas: of a formula, the value that was there when the workbook was saved. Nothing that
    it links to is opened, and macros are no more than bytes.

    Args:
        raw: the file.
        name: what to call it in messages.

    Raises:
        InputError: it is no workbook, or a larger one than anybody means, or openpyxl is not there.
    """
    openpyxl = _openpyxl()
    _check_parts(raw, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that are not kept, such as drop-downs: nothing is lost here
        values = _open(openpyxl, raw, name, data_only=True)
        formulas = _open(openpyxl, raw, name, data_only=False) if _has_formulas(raw) else None
        try:
            titles = [sheet.title for sheet in values.worksheets]
            if len(titles) > MAX_SHEETS:
                _refuse(name, f"it has over {MAX_SHEETS} sheets", "fewer sheets.")
            sheets = tuple(RawSheet(title, _rows(values, formulas, title, name)) for title in titles)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001  whatever a damaged workbook makes a reader do
            _refuse_damaged(name, error)
        finally:
            values.close()
            if formulas is not None:
                formulas.close()
    # One text may stand in very many cells, and be long.
    if sum(len(cell) for sheet in sheets for _, row in sheet.rows for cell in row if isinstance(cell, str)) > MAX_TEXT:
        _refuse(name, f"its cells have over {MAX_TEXT:,} characters", "a smaller workbook.")
    return sheets


def _openpyxl() -> Any:  # noqa: ANN401  a module
    try:
        import openpyxl
    except ImportError:
        _refuse("a workbook", "workbooks need openpyxl, which is not installed", f"{_EXTRA}, or CSV files.")
    return openpyxl


def _open(openpyxl: Any, raw: bytes, name: str, *, data_only: bool) -> Workbook:  # noqa: ANN401  a module
    try:
        book: Workbook = openpyxl.load_workbook(
            io.BytesIO(raw), read_only=True, data_only=data_only, keep_links=False, keep_vba=False
        )
    except Exception as error:  # noqa: BLE001  whatever a damaged workbook makes a reader do
        _refuse_damaged(name, error)
    return book


def _refuse(name: str, message: str, remedy: str) -> NoReturn:
    raise InputError([Fault("", message, remedy)], name) from None


def _refuse_damaged(name: str, error: Exception) -> NoReturn:
    why = str(error).partition("\n")[0] or type(error).__name__
    _refuse(name, f"this is not a workbook that can be read: {shown(why)}", "save it again as .xlsx.")


# -- before anything is unpacked ------------------------------------------------------------------------------------


def _check_parts(raw: bytes, name: str) -> None:
    """Refuse what would take much more memory than its file, and XML that declares entities."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse(name, "this is a workbook of the old kind, or one with a password", "save it as .xlsx, without one.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                _refuse(name, f"it has over {MAX_PARTS:,} parts", "a simpler workbook.")
            if any(part.flag_bits & 1 for part in parts):
                _refuse(name, "it needs a password", "save it without one.")
            left = MAX_UNPACKED
            for part in parts:
                # What a part says of its size may be untrue: it is unpacked up to what is left, and no further.
                with archive.open(part) as stream:
                    data = stream.read(left + 1) if part.file_size <= left else b""
                if part.file_size > left or len(data) > left:
                    _refuse(name, f"unpacked it has over {MAX_UNPACKED:,} bytes", "a smaller workbook.")
                left -= len(data)
                if _DECLARES in data.replace(b"\0", b""):  # in any encoding, whatever the part is called
                    remedy = "leave it out, or save it again as .xlsx."
                    _refuse(name, f"its part {shown(part.filename)} declares a DOCTYPE, as no workbook does", remedy)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001  zlib and others have errors of their own
        _refuse_damaged(name, error)


def _has_formulas(raw: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return any(_FORMULA.search(archive.read(part)) for part in archive.infolist())


# -- cells ----------------------------------------------------------------------------------------------------------


def _rows(values: Workbook, formulas: Workbook | None, title: str, name: str) -> list[tuple[int, Sequence[Found]]]:
    found: list[tuple[int, Sequence[Found]]] = []
    count = 0
    for number, cells in _cells(values, title, name):
        row = [_value(cell) for cell in cells]
        if any(cell is not None for cell in row):
            found.append((number, row))
            count += len(row)
            if count > MAX_CELLS:
                _refuse(name, f"the sheet {shown(title)} has over {MAX_CELLS:,} cells", "fewer of them.")
    if formulas is None:
        return found
    known = dict(found)
    for number, cells in _cells(formulas, title, name):
        for column, cell in enumerate(cells):
            if getattr(cell, "data_type", "") != "f":
                continue
            row = list(known.get(number, ()))
            row += [None] * (column + 1 - len(row))
            if row[column] is None:
                text = shown(str(cell.value))
                row[column] = Broken(f"the formula {text} has no value", "open it in a spreadsheet and save it again.")
                known[number] = row
    return sorted(known.items())


def _cells(book: Workbook, title: str, name: str) -> Iterator[tuple[int, Sequence[ReadOnlyCell]]]:
    sheet: Any = book[title]
    sheet.reset_dimensions()  # what a file says of them may be untrue
    places = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        places += len(cells)
        if places > MAX_PLACES:
            _refuse(name, f"the sheet {shown(title)} has over {MAX_PLACES:,} places for cells", "fewer columns.")
        end = len(cells)
        while end and cells[end - 1].value is None:
            end -= 1
        if not end:
            continue
        if number > MAX_ROWS:
            _refuse(name, f"the sheet {shown(title)} has over {MAX_ROWS:,} rows", "fewer rows.")
        if end > MAX_COLUMNS:
            place = f"{letters(end - 1)}{number}"
            _refuse(name, f"the sheet {shown(title)} goes beyond {MAX_COLUMNS} columns: {place}", "fewer columns.")
        yield number, cells[:end]


def _value(cell: ReadOnlyCell) -> Found:
    value: Any = cell.value
    if isinstance(value, str):
        if cell.data_type == "e":
            return Broken(f"the cell shows the error {shown(value)}", "mend its formula, or type a value.")
        if len(value) > _LONGEST:
            return Broken(f"a text of {len(value):,} characters is over the limit of {_LONGEST:,}", "a shorter text.")
        return value.strip() or None
    if isinstance(value, int) and abs(value) > _GREATEST:
        return Broken(f"the number is beyond {_GREATEST:,}", "a smaller number.")
    return value  # type: ignore[no-any-return]
