"""The command that makes a timetable page, and the page that stands beside a schedule and its calendars."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from unsched.commands.answer import Answer
from unsched.commands.machine import as_json
from unsched.commands.planning import check_folder, stamp_of
from unsched.commands.sparing import spare
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.publication import Publication
    from unsched.domain.schedule import Schedule

__all__ = ["PAGE", "add_commands", "page", "page_beside"]

PAGE: Final = "timetable.html"
"""What the page is called beside a schedule."""

_MOST_BESIDE: Final = 3000
"""A longer schedule gets its page when it is asked for: nobody reads a year as one page by chance."""

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

Command = Callable[..., argparse.ArgumentParser]


def add_commands(subparsers: Any, command: Command) -> None:  # noqa: ANN401  argparse has no public name for it
    """Add the command to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    parser = command(
        subparsers,
        page,
        "make a timetable page",
        "unsched page out/problem.json out/schedule.json --out out/timetable.html --calendars out",
        "One HTML file, which fetches nothing: rooms by times, filters, search, everybody's agenda, any time zone, "
        "what is on now, an entry for each session to add to a calendar; on paper, a day a page. '?wall' after its "
        "address is for a screen on a wall.",
        "It shows what programme.ics tells everybody: a session that is not open with its title, a part of one that is "
        "not open without.",
    )
    parser.add_argument("file", metavar="PROBLEM", help="the problem, .toml or .json")
    parser.add_argument("schedule", metavar="SCHEDULE", help="the schedule, .json or .toml")
    parser.add_argument("--out", metavar="FILE", help="the page (default: standard output, unless that is a terminal)")
    parser.add_argument("--language", metavar="LANGUAGE", default="en", help="of the interface: en or fr (default: en)")
    parser.add_argument("--calendars", metavar="WHERE", help="the folder of calendars, or its address, to link to")
    parser.add_argument(
        "--publication", metavar="FILE", help="what 'unsched publish' keeps, for entries of that revision"
    )
    parser.add_argument("--colour", metavar="BY", default="auto", help="body, kind or tag (default: what tells most)")
    parser.add_argument(
        "--now", metavar="ISO", help="the moment taken for now, with its offset (default: each clock's)"
    )
    parser.add_argument(
        "--stamp",
        metavar="ISO",
        help="when the schedule is made, with its offset, for calendar entries "
        "(default: the schedule's own, or SOURCE_DATE_EPOCH, or the clock)",
    )
    parser.add_argument("--json", action="store_true", help="print what was written as one JSON object; needs --out")


def page(arguments: argparse.Namespace) -> Answer:
    """Make the timetable page of a schedule."""
    from unsched.exchange.atomic import write_atomically
    from unsched.exchange.files import load_problem, load_publication, load_schedule
    from unsched.report.page import timetable_page

    if arguments.out is None and arguments.json:
        fault = Fault("out", "the page and JSON would be one text", f"--out {PAGE}.")
        raise InputError([fault], "the arguments")
    if arguments.out is None and sys.stdout is not None and sys.stdout.isatty():
        fault = Fault("out", "a page is no reading for a terminal", f"--out {PAGE}, or '>' and the name of a file.")
        raise InputError([fault], "the arguments")
    if arguments.out is not None:
        check_folder(str(Path(arguments.out).parent))
        spare(arguments.out, arguments.file, arguments.schedule, arguments.publication)
    now = None if arguments.now is None else _moment("now", arguments.now)
    problem, schedule = load_problem(arguments.file), load_schedule(arguments.schedule)
    text = timetable_page(
        problem,
        schedule,
        language=arguments.language,
        calendars=None if arguments.calendars is None else _place(arguments.calendars, arguments.out),
        now=now,
        colour_by=arguments.colour,
        stamp=stamp_of(arguments.stamp) if arguments.stamp is not None or schedule.stamp is None else None,
        publication=None if arguments.publication is None else load_publication(arguments.publication),
    )
    if arguments.out is None:
        return Answer(text.removesuffix("\n"))
    write_atomically(arguments.out, text.encode())
    if arguments.json:
        return Answer(as_json({"schema": "unsched/files/1", "files": [arguments.out]}))
    return Answer(f"Written: {arguments.out}")


def page_beside(
    problem: Problem, schedule: Schedule, folder: Path, *, publication: Publication | None = None
) -> tuple[Path, ...]:
    """Write the page of a schedule beside its calendars; nothing where jinja2 is missing, or there is too much to read.

    Args:
        problem: the facts.
        schedule: the bookings.
        folder: where the schedule and its calendars are written.
        publication: what has been published, if it has.
    """
    if find_spec("jinja2") is None or len(schedule) > _MOST_BESIDE:
        return ()
    from unsched.exchange.atomic import write_atomically
    from unsched.report.page import timetable_page

    text = timetable_page(problem, schedule, calendars=".", publication=publication)
    return (write_atomically(folder / PAGE, text.encode()),)


def _moment(name: str, text: str) -> datetime:
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment
    message = f"{text!r} is not a date and time with an offset"
    raise InputError([Fault(name, message, "one such as 2010-12-16T10:30:00+01:00.")], "the arguments")


def _place(calendars: str, out: str | None) -> str:
    """Return where calendars are as seen from the page: addresses stay, folders become relative."""
    if _ADDRESS.match(calendars):
        return calendars
    if not Path(calendars, "programme.ics").is_file():
        message = f"there is no programme.ics in {calendars!r}"
        remedy = "the folder that 'unsched plan --out' wrote, or an address."
        raise InputError([Fault("calendars", message, remedy)], "the arguments")
    start = Path() if out is None else Path(out).parent
    return Path(os.path.relpath(calendars, start)).as_posix()
