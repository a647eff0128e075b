"""The arguments of the commands that answer questions."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from unsched.commands import answering

__all__ = ["add_questions"]

_Command = Callable[..., argparse.ArgumentParser]


def add_questions(subparsers: Any, command: _Command, seed: Callable[[str], int]) -> None:  # noqa: ANN401  of argparse
    """Add the commands `explain`, `why-not`, `alternatives` and `why`.

    Args:
        subparsers: where commands are added.
        command: makes a command of a function, a summary, an example and details.
        seed: reads a seed.
    """
    explain = command(
        subparsers,
        answering.explain,
        "say why a problem has no schedule, and what is the least that has to give way",
        "unsched explain week.toml --prices prices.toml --price pin=never",
        "Prints the independent conflicts: rules and facts that cannot all hold, none of which can be left out, and no "
        "two of which have one in common. Conflicts that share one with these are counted (--json has them). Then the "
        "cheapest ways out, each with what the schedule that it makes possible breaks.",
        "The exit code is 0 where there is a schedule after all.",
    )
    explain.add_argument("file", metavar="FILE", help="the problem, .toml or .json")
    explain.add_argument("--ways", metavar="N", type=int, default=5, help="ways out to look for (default: 5)")
    explain.add_argument(
        "--price",
        metavar="KIND[:ID]=N",
        action="append",
        default=[],
        help="what it costs to relax a kind of rule (about ID alone), or 'never'; repeatable",
    )
    explain.add_argument(
        "--prices",
        metavar="FILE",
        action="append",
        default=[],
        help="a price list, .toml or .json, which comes after any --price; repeatable",
    )
    explain.add_argument(
        "--out", metavar="DIR", help="folder to write the schedules of the ways out to; no file is replaced"
    )
    explain.add_argument("--seed", metavar="N", type=seed, default=0, help="seed of the search (default: 0)")
    explain.add_argument("--workers", metavar="N", type=int, default=1, help="threads that search (default: 1)")
    _add_common(explain, 60)
    there = command(
        subparsers,
        answering.why_not,
        "say why a session cannot stand at another place, or what it would cost",
        "unsched why-not week.toml week/schedule.json wg-1 --start 2010-12-17T10:00 --room XXVI",
        "Where it is possible as it is, says what gets dearer and for whom. Otherwise as few other sessions move as "
        "possible; or prints the rules and facts that forbid it, whatever moves.",
        "The exit code is 1 where it is impossible.",
    )
    _add_session(there)
    there.add_argument("--start", metavar="ISO", help="the start asked for, by the wall clock (default: its own)")
    there.add_argument("--room", metavar="ID", help="the room asked for (default: its own, or with --start any)")
    there.add_argument(
        "--moving", action=argparse.BooleanOptionalAction, default=True, help="whether other sessions may move"
    )
    _add_common(there, 10)
    others = command(
        subparsers,
        answering.alternatives,
        "list the best other places for one session",
        "unsched alternatives week.toml week/schedule.json wg-1 -n 3 --moving 1",
        "Ranked by what the whole schedule would cost, each with which rules get worse and who pays. With --moving, "
        "up to so many other sessions may make room.",
        "The exit code is 1 where there is none.",
    )
    _add_session(others)
    others.add_argument("-n", metavar="N", type=int, default=5, help="how many places (default: 5)")
    others.add_argument("--moving", metavar="K", type=int, default=0, help="other sessions that may move (default: 0)")
    _add_common(others, 10)
    here = command(
        subparsers,
        answering.why,
        "say what holds a session where it is",
        "unsched why week.toml week/schedule.json wg-1",
        "Counts what rules its other places out, whatever else is scheduled or because of it; and the next best.",
    )
    _add_session(here)
    here.add_argument("--json", action="store_true", help="print everything as one JSON object")


def _add_session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the problem, .toml or .json")
    parser.add_argument("schedule", metavar="SCHEDULE", help="the schedule, .json or .toml; it is not written to")
    parser.add_argument("session", metavar="SESSION", help="the id of the session")


def _add_common(parser: argparse.ArgumentParser, seconds: int) -> None:
    parser.add_argument(
        "--seconds", metavar="S", type=float, default=float(seconds), help=f"seconds at most (default: {seconds})"
    )
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
