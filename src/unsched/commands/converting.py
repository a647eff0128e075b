"""What the commands do that speak with other tools: import and export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from unsched.commands.answer import GOOD, Answer
from unsched.commands.machine import as_json
from unsched.commands.sparing import same, spare
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    from argparse import Namespace

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.exchange.programme.facts import Note, Written

__all__ = ["FORMS", "TOOLS", "export", "import_"]

TOOLS = ("frab", "pretalx", "indico")
FORMS = ("frab-xml", "frab-json", "frab-json-2", "pretalx", "indico-json", "indico-csv")
_MOST_NOTES = 40


def import_(arguments: Namespace) -> Answer:
    """Read a document of another tool into a problem and the schedule that was published."""
    from unsched.exchange.files import save
    from unsched.exchange.programme.guess import read_programme

    spare(arguments.out, arguments.file)
    spare(arguments.schedule, arguments.file, path="schedule")
    if same(arguments.out, arguments.schedule):
        fault = Fault("schedule", "the problem and the schedule would be one file", "another name for one of them.")
        raise InputError([fault], "the arguments")
    found = read_programme(arguments.file, arguments.tool, zone=arguments.zone, keep=tuple(arguments.keep))
    files = (save(found.problem, arguments.out), save(found.schedule, arguments.schedule))
    problem = found.problem
    if arguments.json:
        data = {
            "schema": "unsched/import/1",
            "problem": str(files[0]),
            "schedule": str(files[1]),
            "id": problem.id,
            "zone": problem.window.zone,
            "sessions": len(problem.sessions),
            "scheduled": len(found.schedule),
            "rooms": len(problem.rooms),
            "persons": len(problem.persons),
            "notes": _as_data(found.notes),
        }
        return Answer(as_json(data), GOOD)
    head = (
        f"{problem.id}: {len(problem.sessions)} sessions, of which {len(found.schedule)} are scheduled; "
        f"{len(problem.rooms)} rooms, {len(problem.persons)} persons; {problem.window.zone} time"
    )
    written = "\n".join(["Written:", *(f"  {file}" for file in files)])
    return Answer("\n\n".join(part for part in (head, _listed(found.notes), written) if part), GOOD)


def export(arguments: Namespace) -> Answer:
    """Write a schedule as a document of another tool."""
    from unsched.exchange.atomic import write_atomically
    from unsched.exchange.files import load_problem, load_schedule

    spare(arguments.out, arguments.file, arguments.schedule, arguments.over)
    problem, schedule = load_problem(arguments.file), load_schedule(arguments.schedule)
    written = _written(problem, schedule, arguments)
    file = write_atomically(arguments.out, written.data)
    if arguments.json:
        data = {
            "schema": "unsched/export/1",
            "file": str(file),
            "bytes": len(written.data),
            "notes": _as_data(written.notes),
        }
        return Answer(as_json(data), GOOD)
    return Answer("\n\n".join(part for part in (_listed(written.notes), f"Written: {file}") if part), GOOD)


def _written(problem: Problem, schedule: Schedule, arguments: Namespace) -> Written:
    form, over = arguments.to, arguments.over
    faults = []
    if over is None and (form in {"pretalx", "indico-json"} or arguments.as_is):
        faults.append(Fault("over", "nothing says which document is to be changed", "--over with what was imported."))
    if arguments.as_is and not form.startswith("frab"):
        faults.append(Fault("as-is", f"{form!r} has no schema that could leave anything out", "no --as-is."))
    if arguments.release is not None and form != "pretalx":
        faults.append(Fault("release", "only pretalx has releases", "--to pretalx."))
    if faults:
        raise InputError(faults, "the arguments")
    if form == "pretalx":
        from unsched.exchange.pretalx import write_pretalx

        return write_pretalx(problem, schedule, over, version=arguments.release)
    if form.startswith("indico"):
        from unsched.exchange.indico import write_indico_csv, write_indico_json

        return (
            write_indico_csv(problem, schedule) if form == "indico-csv" else write_indico_json(problem, schedule, over)
        )
    from unsched.exchange.frab import rewrite, write_frab_json, write_frab_xml

    if arguments.as_is:
        return rewrite(over, schedule, problem, form=form.removeprefix("frab-"))
    if form == "frab-xml":
        return write_frab_xml(problem, schedule, over)
    return write_frab_json(problem, schedule, over, version=2 if form == "frab-json-2" else 1)


def _listed(notes: Iterable[Note]) -> str:
    lines = [f"  {note}" for note in notes]
    if len(lines) > _MOST_NOTES:
        lines[_MOST_NOTES:] = [f"  and {len(lines) - _MOST_NOTES} more (all of them with --json)"]
    return "\n".join(["Worth knowing:", *lines]) if lines else ""


def _as_data(notes: Iterable[Note]) -> list[dict[str, Any]]:
    return [{"place": note.place, "message": note.message} for note in notes]
