"""Workbooks and CSV files that nobody means well with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from unsched import InputError, Problem, load_problem
from unsched.exchange.sheets import workbook
from unsched.exchange.sheets.csvfiles import read_csv
from unsched.exchange.sheets.example import example
from unsched.exchange.sheets.workbook import read_workbook

Changed = Callable[[Mapping[str, Any]], bytes]


def refused(raw: bytes) -> str:
    with pytest.raises(InputError) as error:
        read_workbook(raw, "plan.xlsx")
    (fault,) = error.value.faults
    return fault.message


def with_part(raw: bytes, name: str, data: bytes) -> bytes:
    """Return a workbook with another part in place of one, or besides."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return stream.getvalue()


def sheet_of(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(template: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 3_000_000)
    bomb = with_part(template, "xl/media/bomb.bin", b"\0" * 4_000_000)
    assert len(bomb) < 100_000
    assert refused(bomb) == "unpacked it has over 3,000,000 bytes"


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further_than_the_limit(
    template: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 3_000_000)
    bomb = with_part(template, "xl/media/bomb.bin", b"\0" * 4_000_000)
    lying = bomb.replace((4_000_000).to_bytes(4, "little"), (40).to_bytes(4, "little"))
    assert lying != bomb
    assert "this is not a workbook that can be read" in refused(lying) or "unpacked" in refused(lying)


def test_a_workbook_of_very_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch, template: bytes) -> None:
    monkeypatch.setattr(workbook, "MAX_PARTS", 5)
    assert refused(template) == "it has over 5 parts"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(template: bytes, encoding: str) -> None:
    text = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet/>'
    evil = with_part(template, "xl/worksheets/sheet2.xml", text.encode(encoding))
    assert refused(evil) == "its part 'xl/worksheets/sheet2.xml' declares a DOCTYPE, as no workbook does"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "this is not a workbook that can be read: 'File is not a zip file'"),
        (b"PK\x03\x04 and so on", "this is not a workbook that can be read: 'File is not a zip file'"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
            "this is a workbook of the old kind, or one with a password",
        ),
    ],
)
def test_what_is_no_workbook_is_refused(raw: bytes, message: str) -> None:
    assert refused(raw) == message


def test_another_archive_is_no_workbook() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    assert refused(stream.getvalue()).startswith("this is not a workbook that can be read: ")


def test_damaged_sheets_are_refused(template: bytes) -> None:
    broken = with_part(template, "xl/worksheets/sheet3.xml", b"<worksheet><sheetData><row><c t='s'><v>99999999</v>")
    assert refused(broken).startswith("this is not a workbook that can be read: ")


def test_a_cell_far_away_is_refused_in_a_moment(template: bytes) -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    low = with_part(template, "xl/worksheets/sheet3.xml", sheet_of(rows))
    assert "has over 20,000 rows" in refused(low)
    wide = with_part(template, "xl/worksheets/sheet3.xml", sheet_of(b'<row r="1"><c r="GS1"><v>1</v></c></row>'))
    assert "goes beyond 200 columns" in refused(wide)


def test_texts_and_numbers_beyond_all_measure_are_refused(
    template: bytes, read: Callable[[bytes], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (b'<c r="A1" t="inlineStr"><is><t>id</t></is></c>', b'<c r="B1" t="inlineStr"><is><t>size</t></is></c>')
    head = b'<row r="1">' + b"".join(names) + b"</row>"
    long = b'<c r="A2" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c>"
    row = b'<row r="2">' + long + b'<c r="B2"><v>' + b"9" * 400 + b"</v></c></row>"
    # The sheets are: Read me, Rooms, Walking, Groups, Delegations.
    with pytest.raises(InputError) as error:
        read(with_part(template, "xl/worksheets/sheet5.xml", sheet_of(head + row)))
    messages = [f"{fault.path}: {fault.message}" for fault in error.value.faults]
    assert "Delegations!A2: a text of 40,000 characters is over the limit of 32,767" in messages
    assert "Delegations!B2: the number is beyond 1,000,000,000,000,000" in messages
    monkeypatch.setattr(workbook, "MAX_TEXT", 1_000)
    assert refused(template) == "its cells have over 1,000 characters"


def test_far_away_cells_that_are_empty_are_no_fault(template: bytes, read: Callable[[bytes], Problem]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template))
    book["Rooms"].cell(30_000, 2).font = Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue()) == example()


def test_a_formula_counts_by_the_value_that_was_saved_with_it_and_is_refused_without(
    template: bytes, changed: Changed, read: Callable[[bytes], Problem]
) -> None:
    with pytest.raises(InputError) as error:
        read(changed({"Sessions!C2": "=30+30"}))
    assert [str(fault) for fault in error.value.faults] == [
        "Sessions!C2: the formula '=30+30' has no value\n  Maybe open it in a spreadsheet and save it again."
    ]
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        # The sheets are: Read me, Rooms, Walking, Groups, Delegations, People, Sessions.
        sessions = archive.read("xl/worksheets/sheet7.xml")
    with_value = sessions.replace(b"<v>60</v>", b"<f>30+30</f><v>60</v>", 1)
    assert with_value != sessions
    assert read(with_part(template, "xl/worksheets/sheet7.xml", with_value)) == example()


def test_a_cell_that_shows_an_error_is_refused(template: bytes, read: Callable[[bytes], Problem]) -> None:
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        sessions = archive.read("xl/worksheets/sheet7.xml")
    at = sessions.index(b'<c r="C2"')
    wrong = sessions[:at] + sessions[at:].replace(b"><v>60</v>", b' t="e"><v>#REF!</v>', 1)
    with pytest.raises(InputError, match=r"Sessions!C2: the cell shows the error '#REF!'"):
        read(with_part(template, "xl/worksheets/sheet7.xml", wrong))


def test_macros_are_no_more_than_bytes(template: bytes, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsm"
    path.write_bytes(with_part(template, "xl/vbaProject.bin", b"Sub Evil()"))
    assert load_problem(path) == example()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("plan.xls", "a workbook of the old kind is not read"),
        ("plan.ods", "OpenDocument is not read"),
        ("plan.csv", "a single sheet is not read"),
        ("plan.xlsx", "there is no such file"),
    ],
)
def test_what_is_not_read_says_so(name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        load_problem(tmp_path / name)


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, template: bytes) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"Maybe pip install 'unsched\[spreadsheets\]'"):
        read_workbook(template, "plan.xlsx")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    from unsched.exchange.sheets.template import template_workbook

    with pytest.raises(InputError, match=r"Maybe pip install 'unsched\[spreadsheets\]'"):
        template_workbook()


# -- CSV ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfei\0d\0", "it is in UTF-16"),
        (b"id,name\nI,\xe9\n", r"byte 10 \(line 2\) is not UTF-8"),
        (b'id,name\nI,"never closed\n', "line 2 is not CSV: unexpected end of data"),
        (b'id,name\nI,"a"b\n', "line 2 is not CSV: ',' expected after '\"'"),
        (b"id\n" + b"x\n" * 20_001, "it has over 20,000 rows"),
        (b"id" + b"," * 200 + b"x\n", "line 1 has over 200 columns"),
        (b"id\n" + b"x" * 200_000, "line 2 is not CSV: field larger than field limit"),
    ],
)
def test_what_is_no_csv_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_csv(raw, "rooms.csv", ["id", "name"])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_whatever_parts_it(mark: str, bom: bytes, end: str) -> None:
    text = end.join([mark.join(["id", "table seats", "name"]), mark.join(["XXVI", "120", '"a,b;c\td"']), "", ""])
    sheet = read_csv(bom + text.encode(), "rooms.csv", ["id", "table seats", "name"])
    assert list(sheet.rows) == [(1, ["id", "table seats", "name"]), (2, ["XXVI", "120", "a,b;c\td"])]


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    from unsched.exchange.sheets.store import save_sheets

    save_sheets(example(), tmp_path)
    file = tmp_path / "sessions.csv"
    text = file.read_text(encoding="utf-8-sig").replace("African States: coordination", '"African\nStates"', 1)
    file.write_text(text.replace(",120,", ",two hours,"), encoding="utf-8", newline="")
    with pytest.raises(InputError) as error:
        load_problem(tmp_path)
    assert [str(fault).partition("\n")[0] for fault in error.value.faults] == [
        "sessions.csv:6 column minutes: 'two hours' is not a length of time"
    ]


def test_other_files_of_a_folder_are_left_alone_unless_they_look_like_mistakes(tmp_path: Path) -> None:
    from unsched.exchange.sheets.store import save_sheets

    save_sheets(example(), tmp_path)
    (tmp_path / "budget.csv").write_bytes(b"\xff\xfe")
    assert load_problem(tmp_path) == example()
    (tmp_path / "sesions.csv").write_text("id\n")
    with pytest.raises(InputError, match=r"sesions\.csv: 'sesions' is no sheet that is read here"):
        load_problem(tmp_path)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rooms.csv").mkdir()
    with pytest.raises(InputError, match="this is no ordinary file"):
        load_problem(tmp_path)
