"""`python -m benchmarks`: run instances, compare with peers, change what was published, write the results."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.arguments import add_run_arguments, put
from benchmarks.compare import add_compare
from benchmarks.family import FAMILIES, family
from benchmarks.growth import add_growth
from benchmarks.measure import measure_apart
from benchmarks.replay import add_replay
from benchmarks.results import add_results
from benchmarks.suite import add_suite
from benchmarks.upheaval import add_upheaval
from unsched import InputError


def main(argv: list[str] | None = None) -> int:
    """Run a command; return 0 if all went well, 1 if a solution was missing or broken, 2 on bad input."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add_run(commands)
    add_compare(commands)
    add_suite(commands)
    add_growth(commands)
    add_results(commands)
    add_upheaval(commands)
    add_replay(commands)
    arguments = parser.parse_args(argv)
    try:
        code: int = arguments.command(arguments)
    except InputError as error:
        put(str(error), error=True)
        return 2
    return code


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "solve instances of a family, a line each"
    run = commands.add_parser("run", help=text, description=text)
    add_run_arguments(run, sorted(FAMILIES))
    run.add_argument("--solution", type=Path, metavar="OUT", help="native solution: a file, or a folder for several")
    run.set_defaults(command=_run)


def _run(arguments: argparse.Namespace) -> int:
    good = True
    for source in arguments.source:
        record = measure_apart(
            arguments.family,
            source,
            seconds=arguments.time,
            workers=arguments.workers,
            seed=arguments.seed,
            solution=_solution(arguments, source),
        )
        good = good and bool(record.cost) and not record.faults
        put(json.dumps(record.as_data()) if arguments.json else str(record))
    return 0 if good else 1


def _solution(arguments: argparse.Namespace, source: str) -> Path | None:
    out: Path | None = arguments.solution
    if out is None or (len(arguments.source) == 1 and not out.is_dir()):
        return out
    out.mkdir(parents=True, exist_ok=True)
    return out / (Path(source).name.partition(".")[0] + family(arguments.family).suffix)


if __name__ == "__main__":
    sys.exit(main())
