"""Keeps a published schedule up to date, as cron runs it every night: a dry run, unless it is told to publish.

    python examples/nightly_replan.py examples/nightly
    python examples/nightly_replan.py examples/nightly --publish

The folder has `problem.toml` (or `.json`), the `schedule.json` that people have, `changes/` with what has changed since
(files of changes), and `busy/room`, `busy/delegation` and `busy/person` with calendars, each named by the id: XXVI.ics.

A dry run writes `report.txt` and, into `proposal/`, the schedule and the problem that it would come to. Nothing that is
published is touched until everything else has been done, and then in one step a file. Changes that have been published
move to `changes/done`.

Exit codes: 0, nothing has to change, or it is published; 1, somebody has to look: not everything has a place any more,
or a proposal waits to be published; 2, something cannot be read or written; 75, another run is under way.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from unsched import (
    Changes,
    Effort,
    InputError,
    Problem,
    Publication,
    Release,
    Repair,
    Schedule,
    TimeLimit,
    apply,
    load_changes,
    load_problem,
    load_publication,
    load_schedule,
    publish,
    repair,
    save,
    with_busy,
    write_calendars,
    write_release,
)
from unsched.exchange.atomic import write_atomically
from unsched.exchange.lock import alone

GOOD, LOOK, BAD, LATER = 0, 1, 2, 75
KINDS = ("room", "delegation", "person")


@frozen
class Folder:
    """What a folder has.

    Args:
        path: the folder.
        problem: the problem as it was published.
        schedule: the schedule that people have.
        publication: what they have been told; `None` is nothing yet.
        files: the files of changes, in the order of their names.
        changes: what they say.
        busy: the calendars of rooms, delegations and persons.
    """

    path: Path
    problem: Problem
    schedule: Schedule
    publication: Publication | None
    files: tuple[Path, ...]
    changes: Changes
    busy: dict[str, Path]

    @classmethod
    def read(cls, path: Path) -> Folder:
        """Read a folder.

        Raises:
            InputError: something in it cannot be read.
        """
        made = path / "problem.json"
        problem = load_problem(made if made.exists() else path / "problem.toml")
        state = path / "publication.json"
        files = tuple(sorted(file for file in (path / "changes").glob("*.*") if file.suffix in {".toml", ".json"}))
        changes = Changes([change for file in files for change in load_changes(file)], problem.id)
        # A name is looked up among the ids of the problem, and is never made into a path.
        busy = {f"{kind}:{file.stem}": file for kind in KINDS for file in sorted((path / "busy" / kind).glob("*.ics"))}
        known = load_publication(state) if state.exists() else None
        return cls(path, problem, load_schedule(path / "schedule.json"), known, files, changes, busy)


def report(found: Repair, release: Release | None) -> str:
    """Return what somebody reads in the morning."""
    lines = [str(found), ""]
    if release is not None:
        lines.append(f"{len(release.messages)} messages:")
        lines += [f"  {one.name}: {one.reason}, {one.title}" for one in release.messages]
    return "\n".join(lines) + "\n"


def run(path: Path, *, now: datetime, publishing: bool) -> int:
    """Do a night's work; return the exit code."""
    folder = Folder.read(path)
    problem = with_busy(folder.problem, folder.busy) if folder.busy else folder.problem
    found = repair(problem, folder.schedule, folder.changes, now=now, stop=Effort(60) | TimeLimit(600), stamp=now)
    if found.schedule is None or found.diff is None:
        write_atomically(path / "report.txt", report(found, None).encode())
        print(found)
        return LOOK
    # Not `found.problem`: what calendars say tonight is asked anew tomorrow.
    problem = apply(folder.problem, folder.changes)
    release = publish(problem, found.schedule, folder.publication, stamp=now)
    write_atomically(path / "report.txt", report(found, release).encode())
    print(report(found, release), end="")
    if not release.messages and not found.diff.changes:
        return GOOD
    save(problem, path / "proposal" / "problem.json")
    save(found.schedule, path / "proposal" / "schedule.json")
    if found.dropped or not publishing:
        return LOOK
    accept(folder, problem, found.schedule, release)
    return GOOD


def accept(folder: Folder, problem: Problem, schedule: Schedule, release: Release) -> None:
    """Publish: messages first, then what has been told, then the schedule, then the problem.

    Whoever is interrupted in between runs it again: what has been told is compared with what is to be told, so that
    nobody is told twice.
    """
    path = folder.path
    write_release(release, path, path / "publication.json")
    write_calendars(problem, schedule, path / "calendars", publication=release.publication)
    save(schedule, path / "schedule.json")
    save(problem, path / "problem.json")
    done = path / "changes" / "done"
    done.mkdir(parents=True, exist_ok=True)
    for file in folder.files:
        file.rename(done / file.name)


def main(argv: Sequence[str] | None = None) -> int:
    """Read the arguments, do the work, and return the exit code."""
    parser = argparse.ArgumentParser(description="Keep a published schedule up to date.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--publish", action="store_true", help="not a dry run")
    parser.add_argument("--now", type=datetime.fromisoformat, help="for tests; by default, the clock")
    arguments = parser.parse_args(argv)
    now = arguments.now or datetime.now(UTC).replace(microsecond=0)
    folder: Path = arguments.folder
    if not folder.is_dir():
        print(f"there is no folder {folder}", file=sys.stderr)
        return BAD
    with ExitStack() as held:
        try:
            held.enter_context(alone(folder / "nightly", "re-planning"))
        except InputError as error:
            print(error, file=sys.stderr)
            return LATER
        try:
            return run(folder, now=now, publishing=arguments.publish)
        except (InputError, OSError) as error:
            print(f"nothing was published: {error}", file=sys.stderr)
            return BAD


if __name__ == "__main__":
    sys.exit(main())
