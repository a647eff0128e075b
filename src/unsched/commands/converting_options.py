"""The arguments of the commands that speak with other tools."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from unsched.commands import converting

__all__ = ["add_commands"]

Command = Callable[..., argparse.ArgumentParser]


def add_commands(subparsers: Any, command: Command) -> None:  # noqa: ANN401  argparse has no public name for it
    """Add the commands to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    _add_import(subparsers, command)
    _add_export(subparsers, command)


def _add_import(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        converting.import_,
        "read the programme of frab, pretalx or Indico",
        "unsched import schedule.xml --out problem.json --schedule published.json",
        "Reads schedule.xml and schedule.json (frab, pentabarf, pretalx and others; .gz as well), what pretalx's API "
        "says (one file with a key for each resource, or a folder with a file for each), or an export of Indico (event "
        "or timetable). Writes a problem, in which everything can move within the hours of the rooms, and the schedule "
        "that was published. Prints what had to be assumed and what was left out.",
        "From there, 'unsched plan', 'unsched repair' and all others take these files as any; 'unsched export' writes "
        "a schedule back.",
    )
    parser.add_argument("file", metavar="FILE", help="the document, or the folder of pretalx's answers")
    parser.add_argument(
        "--from", dest="tool", choices=converting.TOOLS, help="which tool it is of (default: its content says so)"
    )
    parser.add_argument("--out", metavar="FILE", default="problem.json", help="the problem (default: problem.json)")
    parser.add_argument(
        "--schedule", metavar="FILE", default="published.json", help="the schedule (default: published.json)"
    )
    parser.add_argument("--zone", metavar="ZONE", help="IANA time zone (default: the one that the document names)")
    parser.add_argument(
        "--keep",
        metavar="WHAT",
        action="append",
        default=[],
        choices=("day", "room", "track"),
        help="what stays as published: each session's day, its room, or the rooms of its track; may be given again",
    )
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")


def _add_export(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        converting.export,
        "write a schedule for frab's kin, pretalx or Indico",
        "unsched export problem.json out/schedule.json --to frab-xml --over schedule.xml --out new.xml",
        "frab-xml and frab-json (frab-json-2: the newer kind) are valid against the public schemas; with --over, "
        "everything that the original says of its events is carried over, and what the schema has no place for is "
        "printed. With --as-is, the original is changed in place and time alone, and is as valid as it was. pretalx is "
        "the list of requests that its API takes; indico-json is Indico's export at other times; indico-csv is what "
        "Indico makes new contributions from.",
    )
    parser.add_argument("file", metavar="PROBLEM", help="the problem, .toml or .json")
    parser.add_argument("schedule", metavar="SCHEDULE", help="the schedule, .json or .toml")
    parser.add_argument("--to", choices=converting.FORMS, required=True, help="what to write")
    parser.add_argument("--over", metavar="ORIGINAL", help="the document that the problem was imported from")
    parser.add_argument("--as-is", action="store_true", help="change time and place in the original, and nothing else")
    parser.add_argument("--release", metavar="NAME", help="of pretalx: release the schedule under this name")
    parser.add_argument("--out", metavar="FILE", required=True, help="the file to write")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
