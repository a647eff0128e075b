"""The commands of planners who work with spreadsheets: a template, conversion, a schedule as a workbook, its use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from unsched.commands.answer import Answer
from unsched.commands.machine import as_json
from unsched.commands.sparing import spare
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["convert", "template", "utilization", "workbook"]


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
        return _written(arguments, *files)
    if arguments.out is not None:
        from unsched.exchange.atomic import write_atomically

        if Path(arguments.out).suffix.casefold() != ".xlsx":
            raise _refused("out", f"{arguments.out!r} is no name of a workbook", "a name that ends in '.xlsx'.")
        return _written(arguments, write_atomically(arguments.out, template_workbook(empty=arguments.empty)))
    if sys.stdout is not None and sys.stdout.isatty():
        message = "a workbook is nothing for a terminal"
        raise _refused("out", message, "'unsched template > plan.xlsx', or --out plan.xlsx.")
    return Answer("", data=template_workbook(empty=arguments.empty))


def convert(arguments: Namespace) -> Answer:
    """Write a problem in another form."""
    from unsched.exchange.files import load_problem
    from unsched.exchange.store import save_problem

    spare(arguments.target, arguments.source, path="target")
    return _written(arguments, save_problem(load_problem(arguments.source), arguments.target))


def workbook(arguments: Namespace) -> Answer:
    """Write a schedule as a workbook, or its list as CSV."""
    from unsched.exchange.files import load_actuals, load_problem, load_schedule
    from unsched.report.workbook import save_workbook

    problem, schedule = load_problem(arguments.file), load_schedule(arguments.schedule)
    actual = None if arguments.actual is None else load_actuals(arguments.actual)
    spare(arguments.out, arguments.file, arguments.schedule, arguments.actual)
    return _written(arguments, save_workbook(problem, schedule, arguments.out, actual=actual))


def utilization(arguments: Namespace) -> Answer:
    """Say how far rooms, interpretation and meeting time are used."""
    from unsched.exchange.files import load_actuals, load_problem, load_schedule
    from unsched.report.utilization import utilization as work_out

    found = work_out(
        load_problem(arguments.file),
        load_schedule(arguments.schedule),
        None if arguments.actual is None else load_actuals(arguments.actual),
        blocks=arguments.blocks,
        benchmark=arguments.benchmark / 100,
    )
    if arguments.json:
        return Answer(as_json({"schema": "unsched/utilization/1", **found.to_dict()}))
    return Answer(str(found))


def _written(arguments: Namespace, *files: Path) -> Answer:
    names = [str(file) for file in files]
    if arguments.json:
        return Answer(as_json({"schema": "unsched/files/1", "files": names}))
    return Answer(f"Written: {names[0]}" if len(names) == 1 else "\n".join(["Written:", *(f"  {n}" for n in names)]))


def _refused(path: str, message: str, remedy: str) -> InputError:
    return InputError([Fault(path, message, remedy)], "the arguments")
