"""What a terminal is shown in place of plain text, where it can show more and rich is installed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from math import inf
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from unsched.solver.stop import Progress

__all__ = ["can_draw", "drawn", "watching"]


def can_draw(stream: TextIO | None, *, plain: bool = False) -> bool:
    """Return whether a stream is a terminal on which more than plain text can be drawn.

    Args:
        stream: the stream, or `None` where it is closed.
        plain: whether plain text is asked for.
    """
    if plain or stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    # What is no Unicode would come out as question marks.
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
    return encoding.startswith("utf8") and importlib.util.find_spec("rich") is not None


def drawn(thing: Any, stream: TextIO) -> str:  # noqa: ANN401  whatever rich can draw
    """Return what a terminal is sent to show a thing: as wide as it is, in as many colours as it has."""
    from rich.console import Console

    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)
    with console.capture() as captured:
        console.print(thing)
    return captured.get()


@contextlib.contextmanager
def watching(*, quiet: bool, plain: bool, most: float = inf) -> Iterator[Callable[[Progress], None] | None]:
    """Show progress on the error stream while something is solved, if it is a terminal.

    Args:
        quiet: whether to show nothing.
        plain: whether to show a line of plain text for each event.
        most: seconds after which the solve ends.

    Yields:
        what to tell each event, or `None`.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
    elif can_draw(sys.stderr, plain=plain):
        from unsched.report.live import watch

        with watch(sys.stderr, most) as tell:
            yield tell
    else:
        yield _show


def _show(progress: Progress) -> None:
    # A terminal that has gone away is no reason to stop the search.
    with contextlib.suppress(OSError):
        text = f"tier {progress.tier}: cost {progress.cost}, bound {progress.bound}"
        if progress.tier is None:  # no preference as yet
            text = "a schedule that keeps every constraint"
        sys.stderr.write(f"{progress.seconds:7.1f} s  {text}\n")
        sys.stderr.flush()
