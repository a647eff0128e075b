"""The commands about workbooks and CSV files: a template to fill in, conversion, and schedules to look at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from unsched.commands.answer import Answer
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["convert", "template"]


def template(arguments: Namespace) -> Answer:
    """Write a workbook, or CSV files, to fill in."""
    from unsched.exchange.sheets.template import template_sheets, template_workbook

    if arguments.csv is not None and arguments.out is not None:
        raise _refused("csv", "--csv and --out are given together", "one of them.")
    if arguments.csv is not None:
        from unsched.exchange.sheets.store import write_folder

        folder = Path(arguments.csv)
        if folder.is_dir() and any(folder.glob("*.csv")):
            raise _refused("csv", f"there are CSV files in {arguments.csv!r} already", "another folder.")
        files = write_folder(template_sheets(empty=arguments.empty), folder)
        return Answer("\n".join([f"Written to {arguments.csv}:", *(f"  {file.name}" for file in files)]))
    if arguments.out is not None:
        from unsched.exchange.atomic import write_atomically

        if Path(arguments.out).suffix.casefold() != ".xlsx":
            raise _refused("out", f"{arguments.out!r} is no name of a workbook", "a name that ends in '.xlsx'.")
        return Answer(f"Written: {write_atomically(arguments.out, template_workbook(empty=arguments.empty))}")
    if sys.stdout is not None and sys.stdout.isatty():
        message = "a workbook is nothing for a terminal"
        raise _refused("out", message, "'unsched template > plan.xlsx', or --out plan.xlsx.")
    return Answer("", data=template_workbook(empty=arguments.empty))


def convert(arguments: Namespace) -> Answer:
    """Write a problem in another form."""
    from unsched.exchange.files import load_problem
    from unsched.exchange.store import save_problem

    source, target = Path(arguments.source), Path(arguments.target)
    if source.exists() and target.exists() and source.samefile(target):
        raise _refused("target", f"{arguments.target!r} is what is read", "another name.")
    return Answer(f"Written: {save_problem(load_problem(source), target)}")


def _refused(path: str, message: str, remedy: str) -> InputError:
    return InputError([Fault(path, message, remedy)], "the arguments")
