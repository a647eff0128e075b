"""All instances of a folder, each for as long as its figure to reach says, from several seeds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from attrs import frozen

from benchmarks.arguments import add_workers, put
from benchmarks.family import FAMILIES
from benchmarks.lines import read_lines
from benchmarks.measure import measure_apart
from unsched.errors import Fault, InputError

__all__ = ["PLAN", "Entry", "Planned", "add_suite", "plan"]


@frozen
class Entry:
    """What a suite runs of a family.

    Args:
        family: the family.
        sources: patterns of files below the folder, or lines that instances are generated from.
        seconds: wall seconds for each; where a proof is to be reached, more than it may take.
        but: pattern of names that are no instances.
    """

    family: str
    sources: tuple[str, ...]
    seconds: tuple[float, ...]
    but: str = ""


PLAN: Sequence[Entry] = (
    Entry("grid", ("sessions=300,rooms=11,slots=30,seed=1",), (30,)),
    Entry("emf", ("emf/*.json",), (60,)),
    Entry("ietf", ("ietf/*.json",), (60,)),
    Entry("meetings", ("meetings/*.txt",), (30,)),
    Entry("conference", ("talks=173,slots=180,rooms=9,seed=1",), (60,)),
    Entry("itc2007", ("itc2007/*.ctt",), (60, 600)),
    # Of the revisions of one programme, the last.
    Entry("frab", ("published/*.gz", "published/*-history/13-*.gz", "published/*.json"), (120,), but="schema*"),
    Entry("cosplib", ("cosplib/*.xlsx",), (300,)),
    Entry("palais", ("weeks=50,seed=1",), (300,)),
)


@frozen
class Planned:
    """One run of a suite."""

    family: str
    source: str
    seconds: float
    workers: int
    seed: int

    @property
    def key(self) -> tuple[str, str, float, int, int]:
        """What tells it from the other runs."""
        return self.family, Path(self.source).name, self.seconds, self.workers, self.seed


def add_suite(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `suite`."""
    text = "run all instances of a folder (cosplib/*.xlsx, itc2007/*.ctt ...), and go on where an earlier run ended"
    command = commands.add_parser("suite", help=text, description=text)
    command.add_argument("folder", type=Path, metavar="DIR", help="the folder, with a folder in it for each family")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.jsonl", help="a line for each run")
    command.add_argument("--seeds", default="1,2,3", metavar="K,K", help="seeds (default: 1,2,3)")
    command.add_argument("--family", action="append", choices=sorted(FAMILIES), help="only this family (repeatable)")
    command.add_argument("--list", action="store_true", help="print what would be run, and how long it may take")
    add_workers(command)
    command.set_defaults(command=_suite)


def plan(folder: Path, seeds: Sequence[int], workers: int, families: Sequence[str] | None = None) -> Iterator[Planned]:
    """Yield the runs of a suite: one seed of everything after the other, what is quickest first.

    Args:
        folder: the folder, with a folder in it for each family.
        seeds: the seeds.
        workers: threads.
        families: the families to run; `None` is all.
    """
    for seed in seeds:
        for entry in sorted(PLAN, key=lambda entry: entry.seconds):
            if families and entry.family not in families:
                continue
            for seconds in entry.seconds:
                for source in _sources(folder, entry):
                    yield Planned(entry.family, source, seconds, workers, seed)


def _sources(folder: Path, entry: Entry) -> Iterator[str]:
    for pattern in entry.sources:
        if "=" in pattern:
            yield pattern
        else:
            found = sorted(folder.glob(pattern))
            yield from (str(path) for path in found if not (entry.but and fnmatch(path.name, entry.but)))


def _suite(arguments: argparse.Namespace) -> int:
    if not arguments.folder.is_dir():
        raise InputError(
            [Fault("", "it is no folder", "one with a folder in it for each family.")], str(arguments.folder)
        )
    done = read_lines([arguments.out])[0] if arguments.out.exists() else []
    have = {(run.family, run.source, run.seconds_allowed, run.workers, run.seed) for run in done}
    runs = plan(arguments.folder, _seeds(arguments.seeds), arguments.workers, arguments.family)
    left = [run for run in runs if run.key not in have]
    put(f"{len(left)} runs, {sum(run.seconds for run in left) / 3600:.1f} hours at most")
    good = True
    for run in left:
        if arguments.list:
            put(f"{run.family} {run.source} for {run.seconds:g} s, seed {run.seed}")
            continue
        try:
            record = measure_apart(run.family, run.source, seconds=run.seconds, workers=run.workers, seed=run.seed)
        except InputError as error:
            put(str(error), error=True)
            good = False
            continue
        with arguments.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(record.as_data()) + "\n")
        put(str(record))
        good = good and bool(record.cost) and not record.faults
    return 0 if good else 1


def _seeds(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError([Fault("seeds", f"{text[:40]!r} is not a list of whole numbers", "1,2,3.")], "suite") from None
