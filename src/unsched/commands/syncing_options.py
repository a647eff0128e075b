"""The arguments of the command that brings calendars on a server up to date."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from unsched.commands import syncing

__all__ = ["add_commands"]

Command = Callable[..., argparse.ArgumentParser]


def add_commands(subparsers: Any, command: Command) -> None:  # noqa: ANN401  argparse has no public name for it
    """Add the command to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    parser = command(
        subparsers,
        syncing.sync,
        "bring calendars on a CalDAV server up to date",
        "unsched sync https://dav.example.org/calendars/office/ --from out --dry-run",
        "Puts the feeds of a folder, as 'unsched plan' writes them, on a server: one calendar each, made where it is "
        "missing, and by as few writes as there are differences. What somebody else has changed on the server is left "
        "alone and printed as a conflict, until --take-ours says that our word counts. A run after a failure goes on "
        "where that one ended.",
        "The user is UNSCHED_CALDAV_USER of the environment; the password is UNSCHED_CALDAV_PASSWORD, or else what the "
        "keyring has for the service 'unsched:HOST'. No redirect is followed.",
    )
    parser.add_argument("url", metavar="URL", help="the folder on the server in which calendars are")
    parser.add_argument("--from", dest="folder", metavar="DIR", default="out", help="folder of feeds (default: out)")
    parser.add_argument("--state", metavar="FILE", help="what was put there before (default: caldav.json in DIR)")
    parser.add_argument(
        "--feeds",
        metavar="KIND",
        action="append",
        choices=syncing.KINDS,
        help=f"kind of feed, of {', '.join(syncing.KINDS)}; may be given again (default: delegations and rooms)",
    )
    parser.add_argument(
        "--take-ours",
        metavar="WHICH",
        action="append",
        default=[],
        help="replace what somebody else has changed: the UID of an event, the path of a feed, or all",
    )
    parser.add_argument("--discover", action="store_true", help="ask the server for the user's own folder, from URL on")
    parser.add_argument("--allow-http", action="store_true", help="send the password in the clear to another machine")
    parser.add_argument("--timeout", metavar="S", type=int, default=30, help="seconds of silence (default: 30)")
    parser.add_argument("--dry-run", action="store_true", help="only print what would be done")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
