"""The arguments of the commands that publish, send, and read answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from unsched.commands import lifecycle

__all__ = ["add_commands"]

Command = Callable[..., argparse.ArgumentParser]


def add_commands(subparsers: Any, command: Command) -> None:  # noqa: ANN401  argparse has no public name for it
    """Add the commands to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    for add in (_add_publish, _add_send, _add_replies):
        add(subparsers, command)


def _add_publish(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        lifecycle.publish,
        "work out who has to be told what of a schedule",
        "unsched publish week.toml week/schedule.json --state publication.json --out week",
        "Compares the schedule with what everybody has been told, which the state remembers, and writes a calendar "
        "message for each invitee to whom something is new: an invitation, an update, a cancellation. Then the state "
        "is written, and the calendars to subscribe to. Nothing is sent: that is for 'unsched send'.",
        "Publishing the same again tells nobody anything. Whoever is interrupted runs it again. A schedule that is "
        "older than the one that has been published is refused.",
    )
    parser.add_argument("file", metavar="PROBLEM", help="the problem, .toml or .json; it needs an organizer")
    parser.add_argument("schedule", metavar="SCHEDULE", help="the schedule, .json or .toml")
    _add_place(parser, "written to")
    parser.add_argument(
        "--stamp",
        metavar="ISO",
        help="when this revision is made, with its offset (default: SOURCE_DATE_EPOCH, or the clock)",
    )
    parser.add_argument(
        "--calendars", action=argparse.BooleanOptionalAction, default=True, help="whether to write feeds as well"
    )
    parser.add_argument("--base-url", metavar="URL", help="where the feeds will be on the web, to stand in them")
    _add_prints(parser, "only print who would be told what")


def _add_send(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        lifecycle.send,
        "send what has been published to those whom it is for",
        "unsched send --state publication.json --out week --dry-run",
        "Sends each message that 'unsched publish' has written and that has not been sent, as a mail that calendar "
        "programs take for an invitation. An outbox beside the state remembers what has gone out: what fails is tried "
        "again by the next run, and nobody is told twice.",
        "The server is UNSCHED_SMTP_HOST of the environment, with UNSCHED_SMTP_PORT, UNSCHED_SMTP_TLS (starttls, "
        "implicit or none), UNSCHED_SMTP_USER, UNSCHED_SMTP_PASSWORD, and UNSCHED_SMTP_FROM where mails come from "
        "somebody else than the organizer.",
        "The exit code is 1 where a mail could not be sent.",
    )
    _add_place(parser, "read from")
    parser.add_argument("--outbox", metavar="FILE", help="what has gone out (default: beside the state)")
    parser.add_argument("--language", choices=("en", "fr"), default="en", help="language of mails (default: en)")
    _add_prints(parser, "send nothing; print who would be told what")


def _add_replies(subparsers: Any, command: Command) -> None:  # noqa: ANN401  as above
    parser = command(
        subparsers,
        lifecycle.replies,
        "read what invitees have answered, and print who comes",
        "unsched replies inbox/*.ics --state publication.json",
        "Answers are .ics files, or mails as they came (.eml). Each is matched with an invitation; the latest of each "
        "invitee counts, and what answers an earlier time does not. What is known is kept in a file.",
        "With --problem and --to, the problem is written anew with those away who have declined, for 'unsched plan'.",
        "The exit code is 1 where something was left out, and 2 where a file could not be read at all.",
    )
    parser.add_argument("files", metavar="FILE", nargs="*", help="an answer, .ics or .eml")
    parser.add_argument("--state", metavar="FILE", required=True, help="what has been published")
    parser.add_argument("--attendance", metavar="FILE", help="what has been answered (default: beside the state)")
    parser.add_argument("--problem", metavar="FILE", help="the problem, .toml or .json")
    parser.add_argument("--to", metavar="FILE", help="file for the problem with those away who have declined, .json")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")


def _add_place(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--out", metavar="DIR", default="out", help=f"folder that messages are {what} (default: out)")
    parser.add_argument(
        "--state", metavar="FILE", help="what everybody has been told (default: publication.json in that folder)"
    )


def _add_prints(parser: argparse.ArgumentParser, dry_run: str) -> None:
    parser.add_argument("--dry-run", action="store_true", help=dry_run)
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
