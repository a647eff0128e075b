"""How time and memory grow with the number of weeks of a palais."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from math import log
from pathlib import Path

from benchmarks.arguments import add_limits, put
from benchmarks.measure import Record, measure_apart
from unsched.errors import Fault, InputError

__all__ = ["add_growth", "draw", "table"]

_GAP = 0.01


def add_growth(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `growth`."""
    text = f"run the palais of so many weeks, each until the gap is {_GAP:.0%}: time and memory by size"
    command = commands.add_parser("growth", help=text, description=text)
    command.add_argument("--weeks", default="1,2,5,10,20,50", metavar="N,N", help="(default: 1,2,5,10,20,50)")
    command.add_argument(
        "--out",
        type=Path,
        default=Path("growth.txt"),
        metavar="FILE.txt",
        help="the table; the runs go beside it as .jsonl, and a plot as .svg (default: growth.txt)",
    )
    add_limits(command, seconds=300)
    command.set_defaults(command=_growth)


def _growth(arguments: argparse.Namespace) -> int:
    records = []
    lines = arguments.out.with_suffix(".jsonl")
    lines.write_text("", encoding="utf-8")
    for weeks in _weeks(arguments.weeks):
        record = measure_apart(
            "palais",
            f"weeks={weeks},seed=1",
            seconds=arguments.time,
            workers=arguments.workers,
            seed=arguments.seed,
            gap=_GAP,
        )
        put(str(record))
        records.append(record)
        with lines.open("a", encoding="utf-8") as out:
            out.write(json.dumps(record.as_data()) + "\n")
    text = table(records)
    put(text.rstrip("\n"))
    arguments.out.write_text(text, encoding="utf-8")
    if not draw(records, arguments.out.with_suffix(".svg")):
        put("no plot: matplotlib is not installed: pip install matplotlib", error=True)
    return 0 if all(record.cost and not record.faults for record in records) else 1


def _weeks(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.strip().isdecimal() and int(part) for part in parts):
        raise InputError([Fault("weeks", f"{text[:40]!r} is not a list of numbers of weeks", "1,2,5,10.")], "growth")
    return [int(part) for part in parts]


def table(records: Sequence[Record]) -> str:
    """Return what the runs took, and the time by n log n, as a multiple of that of the first."""
    head = ("sessions", "variables", "read s", "build s", "first s", "total s", "by n log n", "gap", "peak MB")
    lines = ["".join(f"{name:>12}" for name in head)]
    for record in records:
        share = "-" if record.gap is None else f"{record.gap:.2%}"
        first = "-" if record.first is None else f"{record.first:.2f}"
        growth = _by_size(record) / max(_by_size(records[0]), 1e-9)
        cells = (
            str(record.sessions),
            str(record.variables),
            f"{record.read:.2f}",
            f"{record.build:.2f}",
            first,
            f"{record.seconds:.2f}",
            f"{growth:.2f}",
            share,
            f"{record.peak:.0f}",
        )
        lines.append("".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines) + "\n"


def _by_size(record: Record) -> float:
    size = max(2, record.sessions)
    return (record.read + record.seconds) / (size * log(size))


def draw(records: Sequence[Record], path: Path) -> bool:
    """Draw time and memory over the number of sessions; return whether there is anything to draw with."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        return False
    sizes = [record.sessions for record in records]
    first = records[0]
    with mpl.rc_context({"svg.hashsalt": "unsched", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 4), layout="constrained")
        times, memory = figure.subplots(1, 2)
        times.loglog(
            sizes,
            [record.read + record.seconds for record in records],
            "o-",
            label=f"to a gap of {_GAP:.0%}, or the limit",
        )
        times.loglog(sizes, [record.read + record.build for record in records], "s-", label="reading and building")
        least = _by_size(first)
        times.loglog(sizes, [least * n * log(max(2, n)) for n in sizes], "--", color="grey", label="n log n")
        times.set(xlabel="sessions", ylabel="seconds")
        times.legend()
        memory.loglog(sizes, [record.peak for record in records], "o-", label="peak")
        scale = first.peak / (max(2, first.sessions) * log(max(2, first.sessions)))
        memory.loglog(sizes, [scale * n * log(max(2, n)) for n in sizes], "--", color="grey", label="n log n")
        memory.set(xlabel="sessions", ylabel="MB")
        memory.legend()
        figure.savefig(path, metadata={"Date": None})
    return True
