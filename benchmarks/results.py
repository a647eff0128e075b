"""`RESULTS.md`, made of the JSON lines of runs and comparisons; nothing in it is written by hand."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import inf
from pathlib import Path
from statistics import median, median_low
from typing import TypeVar

from benchmarks.arguments import put
from benchmarks.compare import Comparison
from benchmarks.known import Known, read_known
from benchmarks.lines import read_lines
from benchmarks.measure import Record

__all__ = ["add_results", "render"]

T = TypeVar("T")
_NONE: tuple[int, ...] = ()


def add_results(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `results`."""
    text = "write the results page from the JSON lines of runs, suites and comparisons"
    command = commands.add_parser("results", help=text, description=text)
    command.add_argument("lines", nargs="+", type=Path, metavar="FILE.jsonl", help="what --json or a suite wrote")
    command.add_argument("--out", type=Path, metavar="FILE.md", help="where to write it (default: standard output)")
    command.add_argument("--date", metavar="DATE", help="when it was run (default: what the lines say)")
    command.set_defaults(command=_results)


def _results(arguments: argparse.Namespace) -> int:
    records, comparisons = read_lines(arguments.lines)
    page = render(records, comparisons, read_known(), date=arguments.date)
    if arguments.out is None:
        put(page.rstrip("\n"))
    else:
        arguments.out.write_text(page, encoding="utf-8")
    return 0


def render(
    records: Iterable[Record], comparisons: Iterable[Comparison], known: Sequence[Known], *, date: str | None = None
) -> str:
    """Return the results page.

    Args:
        records: runs; of those that differ in the seed alone, medians are shown.
        comparisons: runs of peers beside ours.
        known: what others reached.
        date: when they were made; `None` is what they say themselves.
    """
    runs, compared = _latest(records, _run_key), _latest(comparisons, lambda one: (one.peer.name, *_run_key(one.ours)))
    every = [*runs, *(one.ours for one in compared)]
    parts = ["<!-- Written by `python -m benchmarks results`; do not edit. -->\n# Results\n"]
    parts.append(_made_on(every, date))
    for name in sorted({run.family for run in every}):
        parts.append(f"## {name}\n")
        mine = [run for run in runs if run.family == name]
        if mine:
            parts.append(_runs(mine, [one for one in known if one.family == name]))
        beside = [one for one in compared if one.ours.family == name]
        if beside:
            parts.append(_beside(beside))
    return "\n".join(parts)


def _made_on(runs: Sequence[Record], date: str | None) -> str:
    dates = sorted({run.date for run in runs if run.date})
    when = date or " to ".join(dict.fromkeys([*dates[:1], *dates[-1:]])) or "unknown"
    machines = sorted({str(run.machine) for run in runs})
    seeds = ", ".join(str(seed) for seed in sorted({run.seed for run in runs}))
    return (
        "Costs and bounds are in each family's own scoring, counted by a scorer that knows nothing of unsched, and "
        "level by level where there are several. Of runs that differ in the seed alone, each column has the median. "
        "Seconds are by the wall, from the call of `solve`; building is the share of them that went into models.\n\n"
        + "".join(f"- machine: {machine}\n" for machine in machines)
        + f"- seeds: {seeds or '-'}\n- date: {when}\n"
    )


def _run_key(run: Record) -> tuple[object, ...]:
    return (run.family, run.instance, run.source, run.seconds_allowed, run.workers, run.seed)


def _latest(found: Iterable[T], key: Callable[[T], tuple[object, ...]]) -> list[T]:
    """Keep the last of those that have the same key."""
    return list({key(one): one for one in found}.values())


def _groups(found: Iterable[T], key: Callable[[T], tuple[object, ...]]) -> list[list[T]]:
    groups: dict[tuple[object, ...], list[T]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return [groups[name] for name in sorted(groups, key=str)]


# -- our runs ---------------------------------------------------------------------------------------------------------


def _runs(runs: Sequence[Record], known: Sequence[Known]) -> str:
    named = [one for one in known if any(run.instance in one.costs for run in runs)]
    head = (
        "instance", "sessions x rooms", "limit s", "runs", "cost", "bound", "gap", "status",
        "first s", "best s", "proof s", "building", "peak MB",
    )  # fmt: skip
    rows = []
    for group in _groups(runs, lambda run: (run.instance, f"{run.seconds_allowed:012.3f}", run.workers)):
        one = group[0]
        row = [one.instance, f"{one.sessions} x {one.rooms}", f"{one.seconds_allowed:g}", str(len(group))]
        row += [_cost([_sound(run) for run in group]), _cost([run.bound or None for run in group])]
        row += [_share([run.gap if _sound(run) else None for run in group], 2), _status(group)]
        row += [_seconds([run.first for run in group]), _seconds([run.best for run in group])]
        row += [_seconds([run.seconds if run.status in {"optimal", "infeasible"} else None for run in group])]
        row += [_share([run.build / max(run.seconds, 0.001) for run in group], 0)]
        row += [f"{median(run.peak for run in group):.0f}"]
        rows.append(row + [one_known.shown(one.instance) for one_known in named])
    notes = [f"- {one.name}: {one.source}" for one in named]
    return _table([*head, *(one.name for one in named)], rows) + ("\n" + "\n".join(notes) + "\n" if notes else "")


def _sound(run: Record) -> tuple[int, ...] | None:
    """Return the cost of a run, where its solution breaks nothing."""
    return run.cost if run.cost and not run.faults else None


def _status(group: Sequence[Record]) -> str:
    counts = Counter("BROKEN" if run.faults else run.status for run in group)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


# -- peers ------------------------------------------------------------------------------------------------------------


def _beside(compared: Sequence[Comparison]) -> str:
    head = (
        "instance", "limit s", "runs", "peer", "its cost", "its s", "its last gain s",
        "our cost", "our bound", "no worse after s", "ratio",
    )  # fmt: skip
    rows = []
    for group in _groups(
        compared, lambda one: (one.ours.instance, f"{one.ours.seconds_allowed:012.3f}", one.peer.name, one.peer.version)
    ):
        one = group[0]
        row = [one.ours.instance, f"{one.ours.seconds_allowed:g}", str(len(group))]
        row += [f"{one.peer.name} {one.peer.version}", _cost([two.peer.cost if two.sound else None for two in group])]
        row += [_seconds([two.peer.seconds for two in group]), _seconds([two.peer.best for two in group])]
        row += [_cost([_sound(two.ours) for two in group]), _cost([two.ours.bound or None for two in group])]
        ratio = median(inf if two.ratio is None else two.ratio for two in group)
        row += [_seconds([two.reached for two in group]), "-" if ratio == inf else f"{ratio:.1f}"]
        rows.append(row)
    text = "Peers, on the same machine, one after the other; the ratio is of their last gain to when we were no worse."
    return f"{text}\n\n{_table(head, rows)}"


# -- cells ------------------------------------------------------------------------------------------------------------


def _cost(costs: Sequence[tuple[int, ...] | None]) -> str:
    """Return the median, level by level in order of importance; what is not there is worse than anything."""
    middle = median_low([(cost is None, cost or _NONE) for cost in costs])
    return "-" if middle[0] else "/".join(f"{level:,}" for level in middle[1])


def _seconds(values: Sequence[float | None]) -> str:
    middle = median(inf if value is None else value for value in values)
    return "-" if middle == inf else f"{middle:.{0 if middle >= 100 else 1 if middle >= 10 else 2}f}"


def _share(values: Sequence[float | None], digits: int) -> str:
    middle = median(inf if value is None else value for value in values)
    return "-" if middle == inf else f"{middle:.{digits}%}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
