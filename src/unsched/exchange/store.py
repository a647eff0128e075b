"""Problems on the disk in whichever form the name says: TOML, JSON, a workbook, or a folder of CSV files."""

from __future__ import annotations

import os
from pathlib import Path

from unsched.domain.problem import Problem
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically
from unsched.exchange.convert import dump
from unsched.exchange.files import save
from unsched.exchange.plain import check_plain
from unsched.exchange.sheets.store import save_sheets
from unsched.exchange.toml import toml_text

__all__ = ["save_problem"]


def save_problem(problem: Problem, path: str | os.PathLike[str]) -> Path:
    """Write a problem so that `load_problem` reads an equal one.

    Args:
        problem: what to write.
        path: a file that ends in `.toml`, `.json` or `.xlsx`, or a folder for CSV files, which has no such ending.

    Returns:
        the path.

    Raises:
        InputError: the name ends in something else, or a text in it is none that such a file can hold.
        OSError: it cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.casefold()
    if suffix == ".json":
        return save(problem, path)
    if suffix == ".toml":
        data = dump(problem)
        faults = tuple(check_plain(data))
        if faults:
            raise InputError(faults, problem.id)
        return write_atomically(path, toml_text(data).encode())
    if suffix in ("", ".xlsx") or path.is_dir():
        return save_sheets(problem, path)
    message = f"a problem is not written as {path.suffix!r}"
    remedy = "a name that ends in '.toml', '.json' or '.xlsx', or that of a folder for CSV files."
    raise InputError([Fault("", message, remedy)], path.name)
