"""What each command does: call the library, and return what to print and with which exit code.

The solver, the calendars and the file formats are loaded by the commands that need them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, frozen

from unsched.commands.answer import GOOD, SHORT, Answer
from unsched.commands.machine import as_json
from unsched.commands.screen import watching
from unsched.commands.sparing import spare
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from argparse import Namespace

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.domain.session import Session
    from unsched.rules.base import Breach, Rule
    from unsched.solver.result import Result
    from unsched.solver.stop import Stop

__all__ = [
    "check",
    "check_folder",
    "demo",
    "plan",
    "report_of",
    "rules",
    "schema",
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
        plain: whether to print nothing but plain text, on terminals too.
        left_out: what of others' calendars could not be read, as text.
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
    plain: bool = False
    left_out: str = ""


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
        as_json=arguments.json,
        quiet=arguments.quiet,
        plain=arguments.plain,
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
        plain=arguments.plain,
    )
    problem = load_problem(arguments.file)
    if not arguments.busy:
        return _solve(problem, task)
    from unsched.commands.busy import cut_busy

    problem, left_out = cut_busy(problem, arguments.busy)
    return _solve(problem, evolve(task, left_out=left_out))


def spare_what_is_read(out: str, file: str) -> None:
    """Refuse a folder in which the schedule would replace the problem that it is made of."""
    spare(Path(out, "schedule.json"), file, remedy="another folder.")


def spare_what_is_published(out: str) -> None:
    """Refuse a folder whose schedule has been published: who has been told of it has no other record."""
    if Path(out, "publication.json").exists() and Path(out, "schedule.json").exists():
        message = f"the schedule in {out!r} has been published, and this one is not made from it"
        remedy = "another folder; or 'unsched repair', which starts from what is published."
        raise InputError([Fault("out", message, remedy)], "the arguments")


def check(arguments: Namespace) -> Answer:
    """Check a schedule without the solver."""
    from unsched.exchange.files import load_problem, load_schedule
    from unsched.report.costs import costs as sums
    from unsched.report.text import breach_list

    problem, schedule = load_problem(arguments.file), load_schedule(arguments.schedule)
    if schedule.problem != problem.id:
        message = f"the schedule is of problem {schedule.problem!r}, and the problem is {problem.id!r}"
        raise InputError([Fault("problem", message, "the file of the other problem.")], arguments.schedule)
    breaches = schedule.breaches(problem)
    code = SHORT if any(breach.hard for breach in breaches) else GOOD
    if arguments.json:
        costs: dict[str, int] = {}
        for tier, _, _, _, cost in sums(breaches):
            if tier is not None:
                costs[str(tier)] = costs.get(str(tier), 0) + cost
        data = {"schema": "unsched/check/1", "problem": problem.id, "holds": code == GOOD, "costs": costs}
        return Answer(as_json({**data, "breaches": [one.to_dict() for one in breaches]}), code)
    return Answer(breach_list(breaches), code)


def rules(arguments: Namespace) -> Answer:
    """List the kinds of rule, or print all about one."""
    from unsched.report.kinds import describe, description_text, kind_list
    from unsched.rules.registry import kinds

    known = kinds()
    if arguments.kind is None:
        return Answer(_rules_json(known.values()) if arguments.json else kind_list(known))
    if arguments.kind not in known:
        message = f"there is no kind of rule {arguments.kind!r}"
        near = nearest(arguments.kind, known) or "one of those that 'unsched rules' lists."
        raise InputError([Fault("kind", message, near)], "the arguments")
    rule = known[arguments.kind]
    return Answer(_rules_json([rule]) if arguments.json else description_text(describe(rule)))


def _rules_json(rules: Iterable[type[Rule]]) -> str:
    from unsched.report.kinds import describe

    return as_json({"schema": "unsched/rules/1", "rules": [asdict(describe(rule)) for rule in rules]})


def schema(arguments: Namespace) -> Answer:
    """Print a JSON Schema."""
    from unsched.domain.changes import Changes
    from unsched.domain.price import Prices
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.embed.schema import message_schema, request_schema
    from unsched.exchange.output import output_schema
    from unsched.exchange.schema import json_schema

    makers = {"output": output_schema, "request": request_schema, "message": message_schema}
    files = {"problem": Problem, "schedule": Schedule, "changes": Changes, "prices": Prices}
    found = makers[arguments.of]() if arguments.of in makers else json_schema(files[arguments.of])
    return Answer(as_json(found))


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
    with watching(quiet=task.quiet, plain=task.plain, most=task.stop.seconds) as tell:
        result = solve(
            problem, stop=task.stop, seed=task.seed, workers=task.workers, on_progress=tell, stamp=task.stamp
        )
    if result.schedule is None:
        said = "\n\n".join(part for part in (f"{result}\n\nNothing was written.", task.left_out) if part)
        return Answer(_json(result, (), (), left_out=task.left_out) if task.as_json else said, SHORT)
    files = write_all(problem, result.schedule, task.out, calendars=task.calendars, problem_too=task.keep_problem)
    breaches = result.schedule.breaches(problem)
    if task.as_json:
        standby = result.schedule.standby(problem)
        return Answer(_json(result, breaches, files, standby, left_out=task.left_out))
    parts = _parts(problem, result, result.schedule, breaches, (written(task.out, files), task.left_out))
    return report_of(problem, result.schedule, parts)


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
        from unsched.commands.paging import page_beside

        files += write_calendars(problem, schedule, folder)
        files += page_beside(problem, schedule, folder)
    if problem_too:
        files.append(save(problem, folder / "problem.json"))
    # The schedule comes last: where it is new, everything is.
    return (*files, save(schedule, folder / "schedule.json"))


def _parts(
    problem: Problem, result: Result, schedule: Schedule, breaches: Iterable[Breach], more: Iterable[str]
) -> tuple[str, ...]:
    """Return what there is to say of a schedule besides its timetable."""
    from unsched.report.text import assumption_list, breach_list, standby_list

    interrupted = "\n  the search was interrupted: this is the best schedule so far" * result.interrupted
    return (
        standby_list(schedule.standby(problem)),
        f"{result}{interrupted}",
        breach_list(breaches),
        assumption_list(schedule.assumptions),
        *more,
    )


def report_of(
    problem: Problem, schedule: Schedule | None, parts: Iterable[str], code: int = GOOD, *, before: Iterable[str] = ()
) -> Answer:
    """Return an answer that is a timetable and what there is to say of it.

    Args:
        problem: the facts.
        schedule: the schedule, or `None` where there is none.
        parts: what is said after it; empty parts are left out.
        code: the exit code.
        before: what is said before it.
    """
    from unsched.report.terminal import Report, TimetableView
    from unsched.report.text import programme

    first, after = (tuple(part for part in several if part) for several in (before, parts))
    timetables = () if schedule is None else (programme(schedule),)
    view = None if schedule is None else TimetableView(schedule, problem)
    return Answer("\n\n".join([*first, *timetables, *after]), code, view=lambda: Report(view, after, first))


def written(out: str, files: Iterable[Path]) -> str:
    """Return what was written to a folder, its own files by name."""
    paths = [file.relative_to(out) for file in files]
    folders = Counter(path.parent for path in paths if path.parent != Path())
    lines = [f"  {path}" for path in sorted(paths) if path.parent == Path()]
    lines += [
        f"  {folder}{os.sep} ({count} file{'' if count == 1 else 's'})" for folder, count in sorted(folders.items())
    ]
    return "\n".join([f"Written to {out}:", *lines])


def _json(
    result: Result,
    breaches: Iterable[Breach],
    files: Iterable[Path],
    standby: Iterable[Session] = (),
    *,
    left_out: str = "",
) -> str:
    data: dict[str, Any] = {
        "schema": "unsched/plan/1",
        **result.to_dict(),
        "conflict": [str(guard) for guard in result.conflict],
        "prices": [breach.to_dict() for breach in breaches],
        "standby": [session.id for session in standby],
        "files": [str(file) for file in files],
        "left_out": left_out.splitlines()[1:],
    }
    del data["roster"]  # `unsched serve` gives it
    return as_json(data)
