"""From a problem and a schedule to a schedule document, over the one that they were read from or without any."""

from __future__ import annotations

from typing import Literal

from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.errors import Fault, InputError
from unsched.exchange.frab.document import Document
from unsched.exchange.frab.plan import document_of, planned
from unsched.exchange.frab.read import Loaded, load, names_of
from unsched.exchange.frab.rewrite import rewritten
from unsched.exchange.frab.to_json import to_json
from unsched.exchange.frab.to_xml import to_xml
from unsched.exchange.frab.valid import Losses
from unsched.exchange.programme.document import Source
from unsched.exchange.programme.facts import Note, Written

__all__ = ["rewrite", "write_frab_json", "write_frab_xml"]


def write_frab_xml(problem: Problem, schedule: Schedule, over: Source | None = None) -> Written:
    """Return a schedule as `schedule.xml`, valid against the public XSD.

    Args:
        problem: what the sessions, rooms and persons are.
        schedule: where each session stands.
        over: the document that they were read from, of any form: everything that it says of its events is carried over
            as far as the schema has a place for it. Without it, the document is made of the problem alone, with UUIDs
            that are the same each time.

    Raises:
        InputError: the document cannot be read, or the schedule is of another problem.
    """
    document, notes = _document(problem, schedule, over)
    losses = Losses()
    return Written(to_xml(document, losses), (*notes, *losses.notes()))


def write_frab_json(
    problem: Problem, schedule: Schedule, over: Source | None = None, *, version: Literal[1, 2] = 1
) -> Written:
    """Return a schedule as `schedule.json`, valid against the public JSON Schema.

    Args:
        problem: what the sessions, rooms and persons are.
        schedule: where each session stands.
        over: as in `write_frab_xml`.
        version: 1 has events by day and room, as all tools read it; 2 has a single list of events.

    Raises:
        InputError: the document cannot be read, or the schedule is of another problem.
    """
    document, notes = _document(problem, schedule, over)
    losses = Losses()
    return Written(to_json(document, losses, version), (*notes, *losses.notes()))


def rewrite(source: Source, schedule: Schedule, problem: Problem | None = None, *, form: str | None = None) -> Written:
    """Return a document in which events stand as planned, and everything else is as it was written.

    It is as valid as the document was: fields that no schema knows of are kept. Only date, start, duration and room
    change, and only where they differ; a session that the document does not have is left out, with a note.

    Args:
        source: the path of the document that the problem was read from, or its content.
        schedule: where each session stands.
        problem: what the sessions and rooms are; without it, rooms are called as they were read.
        form: what the document has to be, of "xml", "json" and "json-2"; by default, whatever it is.

    Raises:
        InputError: the document cannot be read or is of another form, or the schedule is of another problem.
    """
    _check(problem, schedule)
    loaded = _load(source, schedule)
    if form is not None and loaded.document.form != form:
        message = f"it is of the form {loaded.document.form!r}, and stays so when it is changed as it is"
        raise InputError([Fault("", message, f"the form {loaded.document.form!r}, or not as it is.")], loaded.source)
    after, became, notes = planned(loaded.document, schedule, problem)
    lost = [
        Note(note.place, f"{note.message.partition(':')[0]}: it is left out, for its form is the document's own")
        if note.message.endswith("made for it")
        else note
        for note in notes
    ]
    return Written(rewritten(loaded, after, became), (*loaded.notes, *lost))


def _document(problem: Problem, schedule: Schedule, over: Source | None) -> tuple[Document, tuple[Note, ...]]:
    _check(problem, schedule)
    if over is None:
        return document_of(problem, schedule), ()
    loaded = _load(over, schedule)
    document, _, notes = planned(loaded.document, schedule, problem)
    return document, (*loaded.notes, *notes)


def _load(source: Source, schedule: Schedule) -> Loaded:
    """Read a document by the clocks by which the schedule is read; refuse one that has nothing of it."""
    loaded = load(source, zone=schedule.zone)
    if len(schedule) and not any(name in schedule for name in names_of(loaded.document)):
        message = f"it has none of the sessions of {schedule.problem!r}"
        raise InputError([Fault("", message, "the document that the problem was imported from.")], loaded.source)
    return loaded


def _check(problem: Problem | None, schedule: Schedule) -> None:
    from unsched.domain.timetable import misfits

    faults: list[Fault] = [] if problem is None else misfits(problem, schedule)
    if faults:
        raise InputError(faults, "the schedule")
