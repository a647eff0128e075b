"""The command for programs: requests and answers as JSON, a line each, on standard input and output."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from unsched.commands.answer import Answer
from unsched.errors import Fault, InputError

__all__ = ["add_commands", "serve"]

Command = Callable[..., argparse.ArgumentParser]


def serve(arguments: argparse.Namespace) -> Answer:
    """Answer requests until standard input ends."""
    if sys.stdin is None or sys.stdout is None:
        message = "standard input or standard output is closed"
        raise InputError([Fault("", message, "both, as pipes to another program.")], "the process")
    from unsched.embed.loop import serve as answer_all

    with _output() as sink, _bugs_told():
        answer_all(sys.stdin.buffer, sink, at_once=arguments.at_once)
    return Answer("")


@contextlib.contextmanager
def _output() -> Iterator[BinaryIO]:
    """Yield what was standard output; what anybody prints meanwhile goes to standard error, and is no message."""
    out = sys.stdout.fileno()
    sys.stdout.flush()
    mine = os.dup(out)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (mine, sys.stdin.fileno()):
            msvcrt.setmode(descriptor, os.O_BINARY)
    try:
        os.dup2(2, out)
    except OSError:  # closed by whoever started this process
        os.dup2(os.open(os.devnull, os.O_WRONLY), out)
    sink = os.fdopen(mine, "wb")
    try:
        yield sink
    finally:
        sys.stdout.flush()
        os.dup2(mine, out)
        with contextlib.suppress(OSError):  # nobody reads any more
            sink.close()


@contextlib.contextmanager
def _bugs_told() -> Iterator[None]:
    """Write what no host can mend, a bug and where it is, to standard error, for whoever reports it."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.ERROR)
    log = logging.getLogger("unsched.embed")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def add_commands(subparsers: Any, command: Command) -> None:  # noqa: ANN401  argparse has no public name for it
    """Add the command to a parser's own.

    Args:
        subparsers: what argparse adds commands to.
        command: makes one of what it runs, a summary, an example and details.
    """
    parser = command(
        subparsers,
        serve,
        "answer the requests of another program",
        'echo \'{"unsched": 1, "id": 1, "request": "hello"}\' | unsched serve',
        "Reads requests from standard input and writes answers to standard output, in JSON, a line each: solve, "
        "repair, what_if, explain, why_not, alternatives, why, check, diff, apply, calendars, publish, busy, cancel, "
        "schema and hello. Several are done at once; a search tells how far it has come, and can be called off.",
        "At the end of the input, what has been asked for is finished and answered. Nothing is read from or written to "
        "files. 'schema' of 'request' and of 'message' describes both in JSON Schema.",
    )
    parser.add_argument("--at-once", metavar="N", type=int, default=4, help="requests done at a time (default: 4)")
