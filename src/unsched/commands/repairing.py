"""What the commands do that come after publication: repair and diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from unsched.commands.answer import GOOD, SHORT, Answer
from unsched.commands.machine import as_json
from unsched.commands.planning import check_folder, report_of, stamp_of, stop_of, write_all, written
from unsched.commands.screen import watching
from unsched.commands.sparing import spare
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from unsched.domain.changes import Changes
    from unsched.domain.problem import Problem
    from unsched.solver.repair import Repair

__all__ = ["diff", "repair"]


def repair(arguments: Namespace) -> Answer:
    """Repair a published schedule after something has changed."""
    from unsched.exchange.files import load_problem, load_schedule
    from unsched.solver.repair import repair as find

    problem, published = load_problem(arguments.file), load_schedule(arguments.published)
    changes = _changes(arguments)
    if not arguments.what_if:
        _spare(arguments)
        check_folder(arguments.out)
    stop = stop_of(arguments.seconds, arguments.effort)
    with watching(quiet=arguments.quiet, plain=arguments.plain, most=stop.seconds) as tell:
        found = find(
            problem,
            published,
            changes,
            now=_now(arguments.now),
            freeze=arguments.freeze,
            least=arguments.least.split(","),
            stop=stop,
            seed=arguments.seed,
            workers=arguments.workers,
            on_progress=tell,
            stamp=stamp_of(arguments.stamp),
        )
    files: tuple[Path, ...] = ()
    if found.schedule is not None and not arguments.what_if:
        files = write_all(found.problem, found.schedule, arguments.out, calendars=arguments.calendars, problem_too=True)
    code = SHORT if found.schedule is None or _forced(problem, found) else GOOD
    if arguments.json:
        return Answer(as_json(_data(found, files)), code)
    return _report(found, arguments.out, files, code)


def _changes(arguments: Namespace) -> Changes:
    """Return the changes of the files, then those of the arguments; all that is wrong with any, at once."""
    from unsched.domain.changes import Changes
    from unsched.exchange.files import load_changes
    from unsched.exchange.words import read_change

    several = [load_changes(file) for file in arguments.changes]
    faults: list[Fault] = []
    typed = []
    for number, text in enumerate(arguments.change):
        try:
            typed.append(read_change(text))
        except InputError as error:
            faults += [fault.under(f"change[{number}]") for fault in error.faults]
    if faults:
        raise InputError(faults, "the arguments")
    named = [one.problem for one in several if one.problem is not None]
    if len(set(named)) > 1:
        message = f"the files are of several problems: {', '.join(map(repr, dict.fromkeys(named)))}"
        raise InputError([Fault("changes", message, "files of one problem.")], "the arguments")
    return Changes((*(one for each in several for one in each), *typed), named[0] if named else None)


def _now(text: str | None) -> Any:  # noqa: ANN401  a date-time, or none
    from unsched.domain.moment import check_moment, to_moment

    if text is None:
        return None
    moment = to_moment(text)
    faults = tuple(check_moment("now", moment, whole=False))
    if faults:
        raise InputError(faults, "the arguments")
    return moment


def _spare(arguments: Namespace) -> None:
    """Refuse a folder in which something that was read would be replaced: what is published stays."""
    for name in ("schedule.json", "problem.json"):
        read = (arguments.file, arguments.published, *arguments.changes)
        spare(Path(arguments.out, name), *read, remedy="another folder.")


def _forced(problem: Problem, found: Repair) -> bool:
    """Whether a session was dropped that has to stand."""
    known = problem.sessions_by_id
    return any(name not in known or not known[name].optional for name in found.dropped)


def _report(found: Repair, out: str, files: tuple[Path, ...], code: int) -> Answer:
    from unsched.report.text import standby_list

    said = [str(found)]
    after = [written(out, files) if files else "Nothing was written."]
    if found.schedule is not None:
        after.insert(0, standby_list(found.schedule.standby(found.problem)))
    return report_of(found.problem, found.schedule, after, code, before=said)


def _data(found: Repair, files: Iterable[Path]) -> dict[str, Any]:
    data = {
        "schema": "unsched/repair/1",
        **found.to_dict(),
        "conflict": [str(guard) for guard in found.conflict],
        "files": [str(file) for file in files],
    }
    del data["roster"]  # `unsched serve` gives it
    return data


def diff(arguments: Namespace) -> Answer:
    """Say what differs between two schedules, and who has to be told."""
    from unsched.domain.difference import diff as differ
    from unsched.exchange.files import load_problem, load_schedule

    before, after = load_schedule(arguments.before), load_schedule(arguments.after)
    problem = None if arguments.problem is None else load_problem(arguments.problem)
    earlier = None if arguments.earlier is None else load_problem(arguments.earlier)
    found = differ(before, after, problem, earlier)
    if arguments.json:
        return Answer(as_json({"schema": "unsched/diff/1", **found.to_dict()}))
    return Answer(str(found))
