"""`python -m benchmarks`: run instances, compare with peers, write the results."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.family import FAMILIES, family
from benchmarks.measure import Record, measure
from unsched import InputError


def main(argv: list[str] | None = None) -> int:
    """Run a command; return 0 if all went well, 1 if a solution was missing or broken, 2 on bad input."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="solve instances of a family, a line each")
    run.add_argument("family", choices=sorted(FAMILIES), metavar="FAMILY", help=", ".join(sorted(FAMILIES)))
    run.add_argument("source", nargs="+", metavar="FILE", help="instances, as files (or lines such as weeks=4,seed=1)")
    run.add_argument("--time", type=float, default=60, metavar="S", help="wall seconds for each (default: 60)")
    run.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N", help="threads (default: all)")
    run.add_argument("--seed", type=int, default=0, metavar="K", help="seed of the search (default: 0)")
    run.add_argument("--solution", type=Path, metavar="OUT", help="native solution: a file, or a folder for several")
    run.add_argument("--json", action="store_true", help="print a JSON object a line")
    run.set_defaults(command=_run)
    arguments = parser.parse_args(argv)
    try:
        code: int = arguments.command(arguments)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return code


def _run(arguments: argparse.Namespace) -> int:
    good = True
    for source in arguments.source:
        # A process for each, so that the peak of memory is its own.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            record: Record = pool.submit(
                measure,
                arguments.family,
                source,
                seconds=arguments.time,
                workers=arguments.workers,
                seed=arguments.seed,
                solution=_solution(arguments, source),
            ).result()
        good = good and bool(record.cost) and not record.faults
        sys.stdout.write((json.dumps(record.as_data()) if arguments.json else str(record)) + "\n")
        sys.stdout.flush()
    return 0 if good else 1


def _solution(arguments: argparse.Namespace, source: str) -> Path | None:
    out: Path | None = arguments.solution
    if out is None or (len(arguments.source) == 1 and not out.is_dir()):
        return out
    out.mkdir(parents=True, exist_ok=True)
    return out / (Path(source).name.partition(".")[0] + family(arguments.family).suffix)


if __name__ == "__main__":
    sys.exit(main())
