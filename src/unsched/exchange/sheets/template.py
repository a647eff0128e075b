"""The template: a workbook, or CSV files, to fill in."""

from __future__ import annotations

from unsched.exchange.sheets.example import example
from unsched.exchange.sheets.table import SHEETS
from unsched.exchange.sheets.writing import WrittenSheet, write_sheets

__all__ = ["template_sheets", "template_workbook"]

_NOT_FILLED_IN = ("Published", "More")


def template_sheets(*, empty: bool = False) -> tuple[WrittenSheet, ...]:
    """Return the sheets of the template, with an example that has a schedule, or empty."""
    sheets = [WrittenSheet(layout, ()) for layout in SHEETS] if empty else write_sheets(example(), every=True)
    return tuple(sheet for sheet in sheets if sheet.layout.name not in _NOT_FILLED_IN)


def template_workbook(*, empty: bool = False) -> bytes:
    """Return the template as a workbook: the same bytes each time.

    Args:
        empty: without the example.

    Raises:
        InputError: XlsxWriter is not there.
    """
    from unsched.exchange.sheets.drawing import draw_workbook

    return draw_workbook(template_sheets(empty=empty))
