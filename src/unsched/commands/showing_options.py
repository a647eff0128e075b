"""The arguments of the command that shows a problem or a schedule."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from unsched.commands import showing

__all__ = ["add_show"]


def add_show(subparsers: Any, command: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401  of argparse
    """Add the command to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    parser = command(
        subparsers,
        showing.show,
        "print a problem or a schedule, or draw it",
        "unsched show out/schedule.json --problem out/problem.json --png rooms.png",
        "Of a problem: its facts counted, and its rules as sentences. Of a schedule: its timetable. Of both: "
        'everything that is assumed. The key "schema" of the file says which it is. On a terminal, rooms stand beside '
        "each other where there is place, and with --problem in the colours of bodies (needs the extra 'terminal').",
        "With --png, a chart is drawn (needs the extra 'charts'): which room is used when (rooms); where a delegation "
        "or a person has to be (delegation=ID); teams of interpreters in use against those available (interpreters); "
        "what is paid by rule and tier (cost). All but the first need the problem.",
    )
    parser.add_argument("file", metavar="FILE", help="a problem or a schedule, .toml or .json")
    parser.add_argument("--problem", metavar="FILE", help="the problem of the schedule")
    parser.add_argument("--png", metavar="FILE", help="draw a chart into this file: .png, .svg or .pdf")
    parser.add_argument("--chart", metavar="CHART", help=f"what to draw: {', '.join(showing.CHARTS)} (default: rooms)")
    parser.add_argument(
        "--day", metavar="DATE", action="append", default=[], help="a day to draw; may be given again (default: all)"
    )
    parser.add_argument("--plain", action="store_true", help="nothing but plain text, on a terminal too")
    parser.add_argument("--json", action="store_true", help="print the file as JSON, or what was drawn")
