"""The arguments of the commands about workbooks and CSV files."""

from __future__ import annotations

import argparse
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
    for add in (_add_template, _add_convert):
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
