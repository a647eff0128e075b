"""What several commands share: arguments, and where their lines go."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

__all__ = ["add_limits", "add_run_arguments", "add_workers", "put"]


def add_limits(command: argparse.ArgumentParser, *, seconds: float) -> None:
    """Add how long, with how many threads, and from which seed."""
    text = f"wall seconds for each (default: {seconds:g})"
    command.add_argument("--time", type=_positive, default=seconds, metavar="S", help=text)
    add_workers(command)
    command.add_argument("--seed", type=_count, default=0, metavar="K", help="seed of the search (default: 0)")


def add_workers(command: argparse.ArgumentParser) -> None:
    """Add with how many threads."""
    command.add_argument("--workers", type=_threads, default=os.cpu_count(), metavar="N", help="threads (default: all)")


def add_run_arguments(command: argparse.ArgumentParser, families: Sequence[str]) -> None:
    """Add which instances of which family, for how long."""
    command.add_argument("family", choices=families, metavar="FAMILY", help=", ".join(families))
    text = "instances, as files (or lines such as weeks=4,seed=1)"
    command.add_argument("source", nargs="+", metavar="FILE", help=text)
    add_limits(command, seconds=60)
    command.add_argument("--json", action="store_true", help="print a JSON object a line")


def put(line: str, *, error: bool = False) -> None:
    """Print a line at once."""
    stream = sys.stderr if error else sys.stdout
    stream.write(f"{line}\n")
    stream.flush()


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 10**7:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to {2**31 - 1}")
    return value


def _threads(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1024:
        raise argparse.ArgumentTypeError(f"{text} is not a number of threads")
    return value
