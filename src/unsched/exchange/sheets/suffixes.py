"""By which names files are sheets; looking at a name loads nothing."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["OTHERS", "WORKBOOKS", "is_sheets"]

WORKBOOKS = (".xlsx", ".xlsm")
"""How the names of workbooks end."""
OTHERS = {".xls": "a workbook of the old kind is", ".ods": "OpenDocument is", ".csv": "a single sheet is"}
"""How the names of what is not read as a problem end, and what that is."""
_PROBLEM_FILES = (".toml", ".json")


def is_sheets(path: str | os.PathLike[str]) -> bool:
    """Whether a problem stands in sheets there: in a workbook, or in a folder of CSV files.

    >>> is_sheets("plan.xlsx"), is_sheets("plan.toml")
    (True, False)
    """
    suffix = Path(path).suffix.casefold()
    return suffix in WORKBOOKS or suffix in OTHERS or (suffix not in _PROBLEM_FILES and Path(path).is_dir())
