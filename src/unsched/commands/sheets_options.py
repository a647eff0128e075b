"""The arguments of the commands about workbooks and CSV files."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from typing import Any

from unsched.commands import sheets

__all__ = ["add_commands"]

Command = Callable[..., argparse.ArgumentParser]


def add_commands(subparsers: Any, command: Command) -> None:  # noqa: ANN401  argparse has no public name for it
    """Add the commands to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    for add in (_add_template, _add_convert, _add_workbook, _add_utilization):
        add(subparsers, command)


def _add_template(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        sheets.template,
        "write a workbook to fill in",
        "unsched template > plan.xlsx",
        "Sheets for rooms, delegations, people, sessions, conflicts, rules and the window, with drop-downs, and a note "
        "at each heading. It is filled with an example, which 'unsched plan plan.xlsx' plans at once.",
    )
    parser.add_argument("--out", metavar="FILE", help="the workbook, .xlsx (default: standard output)")
    parser.add_argument("--csv", metavar="DIR", help="write CSV files to a folder instead, one for each sheet")
    parser.add_argument("--empty", action="store_true", help="without the example")
    _add_json(parser)


def _add_convert(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        sheets.convert,
        "write a problem in another form",
        "unsched convert plan.xlsx plan.toml",
        "From and to TOML (.toml), JSON (.json), a workbook (.xlsx) and a folder of CSV files; nothing is lost: what "
        "has no column of its own stands under 'more'.",
    )
    parser.add_argument("source", metavar="FROM", help="the problem: .toml, .json, .xlsx, or a folder of CSV files")
    parser.add_argument("target", metavar="TO", help="what to write, by the ending of its name")
    _add_json(parser)


def _add_workbook(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        sheets.workbook,
        "write a schedule as a workbook",
        "unsched workbook plan.xlsx week/schedule.json --out week.xlsx",
        "A timetable for each day, with the rooms across, a list of all sessions, what concerns each delegation, what "
        "is broken or paid for, and the utilization report. With a name that ends in '.csv', the list alone.",
    )
    _add_schedule(parser)
    parser.add_argument("--out", metavar="FILE", required=True, help="the workbook, .xlsx, or the list, .csv")
    _add_json(parser)


def _add_utilization(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        sheets.utilization,
        "say how far rooms, interpretation and meeting time are used",
        "unsched utilization plan.xlsx week/schedule.json --actual actual.csv",
        "Hours on offer and planned, by room, booth and language, by body and by day. With the actual times: meetings "
        "held, cancelled and added, hours lost, and the utilization factor against the benchmark.",
        "Actual times are a CSV file with the columns session, began, ended, held and room, the sheet 'Actual' of a "
        "workbook, or TOML or JSON with a list of 'meetings'.",
    )
    _add_schedule(parser)
    parser.add_argument(
        "--blocks", metavar="KIND", action="append", help="count as on offer only blocks of a kind (repeatable)"
    )
    parser.add_argument(
        "--benchmark", metavar="PERCENT", type=_percent, default=80.0, help="what ought to be used (default: 80)"
    )
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")


def _add_schedule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="PROBLEM", help="the problem, .toml, .json, .xlsx or a folder of CSV files")
    parser.add_argument("schedule", metavar="SCHEDULE", help="the schedule, .json or .toml")
    parser.add_argument("--actual", metavar="FILE", help="when meetings began and ended, .csv, .xlsx, .toml or .json")


def _percent(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 100:
            return float(text)
    message = f"{text!r} is not a percentage from 0 to 100"
    raise argparse.ArgumentTypeError(message)
