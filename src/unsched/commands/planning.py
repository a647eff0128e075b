"""What each command does: call the library, and return what to print and with which exit code.

The solver, the calendars and the file formats are loaded by the commands that need them.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from unsched.commands.answer import GOOD, SHORT, Answer
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from argparse import Namespace

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.domain.session import Session
    from unsched.rules.base import Breach
    from unsched.solver.result import Result
    from unsched.solver.stop import Progress, Stop

__all__ = [
    "check",
    "check_folder",
    "demo",
    "plan",
    "progress_of",
    "rules",
    "schema",
    "show",
    "stamp_of",
    "stop_of",
    "write_all",
    "written",
]

DEMO_SECONDS = 60
DEMO_WORKERS = 2
# Under a limit of effort, workers take turns in a fixed order: the demo finds the same schedule each time.
_DEMO_EFFORT = 10_000
_DEMO_STAMP = datetime(2010, 12, 6, 12, 0, tzinfo=UTC)
"""The day of the founding decision."""


@frozen
class _Task:
    """How to solve a problem and what to write.

    Args:
        out: folder to write to.
        stop: when to stop.
        stamp: when the schedule is made.
        seed: seed of the search.
        workers: threads, or `None`.
        calendars: whether to write calendars.
        keep_problem: whether to write the problem as well.
        as_json: whether to print JSON.
        quiet: whether to keep progress off the terminal.
    """

    out: str
    stop: Stop
    stamp: datetime
    seed: int = 0
    workers: int | None = None
    calendars: bool = True
    keep_problem: bool = False
    as_json: bool = False
    quiet: bool = False


def demo(arguments: Namespace) -> Answer:
    """Solve the founding case."""
    from unsched.palais import cstd_2010
    from unsched.solver.stop import Effort, TimeLimit

    spare_what_is_published(arguments.out)

    seconds = DEMO_SECONDS if arguments.seconds is None else arguments.seconds
    task = _Task(
        out=arguments.out,
        stop=Effort(_DEMO_EFFORT) | TimeLimit(seconds),
        stamp=_DEMO_STAMP,
        workers=DEMO_WORKERS if arguments.workers is None else arguments.workers,
        keep_problem=True,
        quiet=arguments.quiet,
    )
    return _solve(cstd_2010(), task)


def plan(arguments: Namespace) -> Answer:
    """Solve the problem of a file."""
    from unsched.exchange.files import load_problem

    spare_what_is_read(arguments.out, arguments.file)
    spare_what_is_published(arguments.out)
    task = _Task(
        out=arguments.out,
        stop=stop_of(arguments.seconds, arguments.effort),
        stamp=stamp_of(arguments.stamp),
        seed=arguments.seed,
        workers=arguments.workers,
        calendars=arguments.calendars,
        as_json=arguments.json,
        quiet=arguments.quiet,
    )
    problem = load_problem(arguments.file)
    if not arguments.busy:
        return _solve(problem, task)
    from unsched.commands.busy import cut_busy

    problem, left_out = cut_busy(problem, arguments.busy)
    answer = _solve(problem, task)
    return answer if task.as_json or not left_out else Answer(f"{answer.text}\n\n{left_out}", answer.code)


def spare_what_is_read(out: str, file: str) -> None:
    """Refuse a folder in which the schedule would replace the problem that it is made of."""
    target = Path(out, "schedule.json")
    if target.exists() and Path(file).exists() and target.samefile(file):
        raise InputError([Fault("out", f"the schedule would replace {file!r}", "another folder.")], "the arguments")


def spare_what_is_published(out: str) -> None:
    """Refuse a folder whose schedule has been published: who has been told of it has no other record."""
    if Path(out, "publication.json").exists() and Path(out, "schedule.json").exists():
        message = f"the schedule in {out!r} has been published, and this one is not made from it"
        remedy = "another folder; or 'unsched repair', which starts from what is published."
        raise InputError([Fault("out", message, remedy)], "the arguments")


def check(arguments: Namespace) -> Answer:
    """Check a schedule without the solver."""
    from unsched.exchange.files import load_problem, load_schedule
    from unsched.report.text import breach_list

    problem, schedule = load_problem(arguments.file), load_schedule(arguments.schedule)
    if schedule.problem != problem.id:
        message = f"the schedule is of problem {schedule.problem!r}, and the problem is {problem.id!r}"
        raise InputError([Fault("problem", message, "the file of the other problem.")], arguments.schedule)
    breaches = schedule.breaches(problem)
    return Answer(breach_list(breaches), SHORT if any(breach.hard for breach in breaches) else GOOD)


def show(arguments: Namespace) -> Answer:
    """Print a problem or a schedule."""
    from unsched.domain.problem import Problem
    from unsched.report.text import problem_summary, timetable

    thing = _load(arguments.file)
    return Answer(problem_summary(thing) if isinstance(thing, Problem) else timetable(thing))


def rules(arguments: Namespace) -> Answer:
    """List the kinds of rule, or print all about one."""
    from unsched.report.kinds import describe, description_text, kind_list
    from unsched.rules.registry import kinds

    known = kinds()
    if arguments.kind is None:
        return Answer(kind_list(known))
    if arguments.kind not in known:
        message = f"there is no kind of rule {arguments.kind!r}"
        near = nearest(arguments.kind, known) or "one of those that 'unsched rules' lists."
        raise InputError([Fault("kind", message, near)], "the arguments")
    return Answer(description_text(describe(known[arguments.kind])))


def schema(arguments: Namespace) -> Answer:
    """Print a JSON Schema."""
    from unsched.domain.changes import Changes
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.exchange.schema import json_schema

    found = json_schema({"problem": Problem, "schedule": Schedule, "changes": Changes}[arguments.of])
    return Answer(json.dumps(found, ensure_ascii=False, indent=2))


# -- solving --------------------------------------------------------------------------------------------------------


def stop_of(seconds: float | None, effort: float | None) -> Stop:
    """Return when to stop, from the arguments."""
    from unsched.solver.solve import DEFAULT_STOP
    from unsched.solver.stop import Effort, TimeLimit

    if effort is None:
        return DEFAULT_STOP if seconds is None else TimeLimit(seconds)
    return Effort(effort) if seconds is None else TimeLimit(seconds) | Effort(effort)


def stamp_of(text: str | None) -> datetime:
    """Return when the schedule is made: as given, or of the environment, or now (nowhere else is a clock read)."""
    if text is not None:
        remedy = "one such as 2010-12-06T12:00:00+00:00."
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            pass
        raise InputError([Fault("stamp", f"{text!r} is not a date and time with an offset", remedy)], "the arguments")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        message = f"{epoch!r} is not a number of seconds since 1970"
        raise InputError(
            [Fault("SOURCE_DATE_EPOCH", message, "a number such as 1291636800.")], "the environment"
        ) from None


def _solve(problem: Problem, task: _Task) -> Answer:
    from unsched.solver.solve import solve

    check_folder(task.out)
    result = solve(
        problem,
        stop=task.stop,
        seed=task.seed,
        workers=task.workers,
        on_progress=progress_of(quiet=task.quiet),
        stamp=task.stamp,
    )
    if result.schedule is None:
        report = _json(result, (), ()) if task.as_json else f"{result}\n\nNothing was written."
        return Answer(report, SHORT)
    files = write_all(problem, result.schedule, task.out, calendars=task.calendars, problem_too=task.keep_problem)
    breaches = result.schedule.breaches(problem)
    if task.as_json:
        return Answer(_json(result, breaches, files, result.schedule.standby(problem)))
    return Answer(_report(problem, result, result.schedule, breaches, written(task.out, files)))


def progress_of(*, quiet: bool) -> Callable[[Progress], None] | None:
    """Return what shows progress on a terminal, or nothing where there is none or it is to be quiet."""
    return None if quiet or not sys.stderr.isatty() else _show_progress


def _show_progress(progress: Progress) -> None:
    # A terminal that has gone away is no reason to stop the search.
    with contextlib.suppress(OSError):
        text = f"tier {progress.tier}: cost {progress.cost}, bound {progress.bound}"
        if progress.tier is None:  # no preference as yet
            text = "a schedule that keeps every constraint"
        sys.stderr.write(f"{progress.seconds:7.1f} s  {text}\n")
        sys.stderr.flush()


def check_folder(out: str) -> None:
    """Find out before the search, not after, that nothing could be written."""
    place = Path(out)
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        message = f"nothing can be written to {out!r}: {str(place)!r} is no folder that lets files in"
        raise InputError([Fault("out", message, "another folder.")], "the arguments")


def write_all(
    problem: Problem, schedule: Schedule, out: str, *, calendars: bool, problem_too: bool
) -> tuple[Path, ...]:
    """Write a schedule, and with it its calendars and its problem where they are wanted; return the files."""
    from unsched.exchange.files import save

    folder = Path(out)
    files: list[Path] = []
    if calendars:
        from unsched.calendar.feeds import write_calendars

        files += write_calendars(problem, schedule, folder)
    if problem_too:
        files.append(save(problem, folder / "problem.json"))
    # The schedule comes last: where it is new, everything is.
    return (*files, save(schedule, folder / "schedule.json"))


def _report(problem: Problem, result: Result, schedule: Schedule, breaches: Iterable[Breach], written: str) -> str:
    from unsched.report.text import assumption_list, breach_list, programme, standby_list

    parts = [
        programme(schedule),
        standby_list(schedule.standby(problem)),
        f"{result}" + ("\n  the search was interrupted: this is the best schedule so far" * result.interrupted),
        breach_list(breaches),
        assumption_list(schedule.assumptions),
        written,
    ]
    return "\n\n".join(part for part in parts if part)


def written(out: str, files: Iterable[Path]) -> str:
    """Return what was written to a folder, its own files by name."""
    paths = [file.relative_to(out) for file in files]
    folders = Counter(path.parent for path in paths if path.parent != Path())
    lines = [f"  {path}" for path in sorted(paths) if path.parent == Path()]
    lines += [
        f"  {folder}{os.sep} ({count} file{'' if count == 1 else 's'})" for folder, count in sorted(folders.items())
    ]
    return "\n".join([f"Written to {out}:", *lines])


def _json(result: Result, breaches: Iterable[Breach], files: Iterable[Path], standby: Iterable[Session] = ()) -> str:
    data: dict[str, Any] = {
        "status": result.status.value,
        "interrupted": result.interrupted,
        "seconds": round(result.seconds, 3),
        "tiers": [
            {"tier": tier.tier, "cost": tier.cost, "bound": tier.bound, "proven": tier.proven} for tier in result.tiers
        ],
        "conflict": [str(guard) for guard in result.conflict],
        "prices": [
            {
                "rule": breach.rule.kind,
                "sessions": list(breach.sessions),
                "amount": breach.amount,
                "cost": breach.cost,
                "text": breach.text,
            }
            for breach in breaches
        ],
        "schedule": None if result.schedule is None else result.schedule.to_dict(),
        "standby": [session.id for session in standby],
        "files": [str(file) for file in files],
    }
    return json.dumps(data, indent=2)


# -- reading --------------------------------------------------------------------------------------------------------


def _load(file: str) -> Problem | Schedule:
    """Read a problem or a schedule, whichever the file says it holds."""
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.exchange.files import load_problem, load_schedule
    from unsched.exchange.sheets.suffixes import is_sheets
    from unsched.exchange.version import KEY, TAGS

    if is_sheets(file):
        return load_problem(file)
    try:
        return load_schedule(file)
    except InputError as error:
        if all(fault.path != KEY for fault in error.faults):
            raise
    try:
        return load_problem(file)
    except InputError as error:
        if all(fault.path != KEY for fault in error.faults):
            raise
    message = f"{KEY!r} says neither that it is a problem nor that it is a schedule"
    raise InputError([Fault(KEY, message, f"{TAGS[Problem]!r} or {TAGS[Schedule]!r}.")], file)
