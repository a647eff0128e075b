"""A schedule as Indico knows it: its own export at other times, or the CSV from which Indico makes contributions."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from unsched.domain.people import Person
from unsched.domain.problem import Problem
from unsched.domain.schedule import Booking, Schedule
from unsched.domain.session import Session
from unsched.domain.timetable import misfits
from unsched.errors import InputError
from unsched.exchange.indico.entries import Entry, Export, end_of, entries_of, load_export, shifted
from unsched.exchange.indico.read import BREAK, room_of
from unsched.exchange.programme.document import Findings, Source, json_bytes
from unsched.exchange.programme.facts import Note, Written
from unsched.exchange.programme.values import line

__all__ = ["write_indico_csv", "write_indico_json"]


def write_indico_json(problem: Problem, schedule: Schedule, over: Source) -> Written:
    """Return an export of Indico in which sessions stand as planned, and everything else is as it was.

    What is inside a block moves with it. Indico does not take its own exports back: this is for programs that read
    them, and for scripts that change Indico by hand of it. A session that the export does not have is left out, with a
    note; one that is not scheduled loses its time in the export of an event, and is left out of that of a timetable.

    Args:
        problem: what was read from the export.
        schedule: where each session stands.
        over: the export.

    Raises:
        InputError: the export cannot be read, or the schedule is of another problem.
    """
    faults = misfits(problem, schedule)
    if faults:
        raise InputError(faults, "the schedule")
    before = load_export(over)
    export = Export(before.form, before.source, tree := copy.deepcopy(before.tree), _event_of(tree), before.id)
    found = Findings(export.source)
    entries = entries_of(export, found)
    found.stop()
    notes: list[Note] = []
    known = set()
    for entry in entries:
        if entry.kind == "break" or entry.id in known:
            continue
        known.add(entry.id)
        booking = schedule.get(entry.id)
        if booking is not None:
            _place(entry, booking, problem, export)
        elif entry.id in problem.sessions_by_id and entry.start is not None:
            notes.append(Note(entry.where, f"{entry.id!r} is not scheduled any more"))
            _take_out(entry, export)
    notes += [
        Note("", f"session {booking.session!r} is not in the export: it is left out")
        for booking in schedule.bookings
        if booking.session not in known
    ]
    return Written(json_bytes(tree), tuple(notes))


def _event_of(tree: Any) -> Any:  # noqa: ANN401  a part of a document
    results = tree["results"]
    return results[0] if isinstance(results, list) else next(iter(results.values()))


def _place(entry: Entry, booking: Booking, problem: Problem, export: Export) -> None:
    raw: Any = entry.raw
    label = problem.room(booking.room).label
    event = export.event if export.form == "event" else {}
    if entry.start is None or room_of(raw, event) != label:
        for name in ("room", "roomFullname"):
            if name in raw or name == "room":
                raw[name] = label
        for name in ("inheritRoom", "inheritLoc"):
            if name in raw:
                raw[name] = False
    minutes = int(booking.end.timestamp() - booking.start.timestamp()) // 60
    if entry.start is not None and entry.start.timestamp() == booking.start.timestamp() and entry.minutes == minutes:
        return
    zone = event.get("timezone") or problem.window.zone
    if entry.start is not None:
        by = timedelta(seconds=booking.start.timestamp() - entry.start.timestamp())
        for one in entry.inside:
            if one.start is not None:
                _set(one, one.start.astimezone(UTC) + by, one.minutes, zone)
    _set(entry, booking.start.astimezone(UTC), minutes, zone)
    if export.form == "timetable":
        _to_day(entry, export)


def _set(entry: Entry, start: datetime, minutes: int | None, zone: str) -> None:
    raw: Any = entry.raw
    old = raw.get("startDate") or {"tz": zone}
    raw["startDate"] = shifted(old, start)
    raw["endDate"] = shifted(raw.get("endDate") or old, end_of(start, minutes or 0))
    if "duration" in raw and minutes != entry.minutes:
        raw["duration"] = minutes


def _to_day(entry: Entry, export: Export) -> None:
    """Put an entry of a timetable under the day on which it begins."""
    raw: Any = entry.raw
    day = raw["startDate"]["date"].replace("-", "")
    days: Any = export.event
    rows = days.setdefault(day, {})
    if rows is not entry.within:
        del entry.within[entry.key]
        rows[entry.key] = raw


def _take_out(entry: Entry, export: Export) -> None:
    raw: Any = entry.raw
    if export.form == "timetable":
        del entry.within[entry.key]
    else:
        raw["startDate"] = raw["endDate"] = None


# -- CSV --------------------------------------------------------------------------------------------------------------


def write_indico_csv(problem: Problem, schedule: Schedule) -> Written:
    """Return the CSV from which Indico makes the contributions of an event that has none yet.

    A line has what Indico's "import contributions" takes, and no head: start by the clocks of the event, minutes,
    title, and one speaker (first name, family name, affiliation, mail address). Segments with titles are contributions
    of their own. The format has no room, no second speaker, no description and no number by which a contribution that
    is there already could be changed; notes say what that leaves out. Indico takes a speaker only with an address.

    Args:
        problem: what the sessions and persons are.
        schedule: where each session stands.

    Raises:
        InputError: the schedule is of another problem.
    """
    faults = misfits(problem, schedule)
    if faults:
        raise InputError(faults, "the schedule")
    tz = ZoneInfo(schedule.zone)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    more: list[str] = []
    unaddressed: list[str] = []
    for booking in schedule.bookings:
        for start, minutes, title, persons in _rows(problem, problem.session(booking.session), booking):
            speaker = next((one for one in persons if one.mail), persons[0] if persons else None)
            if len(persons) > 1:
                more.append(booking.session)
            if speaker is not None and not speaker.mail:
                unaddressed.append(booking.session)
            first, _, last = ("", "", "") if speaker is None else line(speaker.label).rpartition(" ")
            cells = (title, first, last, "", (speaker.mail or "") if speaker else "")
            writer.writerow([f"{start.astimezone(tz):%Y-%m-%dT%H:%M}", minutes, *map(_harmless, cells)])
    notes = [Note("", f"the rooms of {len(schedule)} sessions are left out: the format has none")]
    for names, what in (
        (more, "have speakers beside the first, who are left out"),
        (unaddressed, "have a speaker without a mail address, whom Indico leaves out"),
    ):
        several = list(dict.fromkeys(names))
        if several:
            notes.append(Note("", f"{len(several)} sessions {what}: {', '.join(several[:5])}"))
    return Written(text.getvalue().encode("utf-8", "replace"), tuple(notes))


def _rows(
    problem: Problem, session: Session, booking: Booking
) -> Iterator[tuple[datetime, int, str, tuple[Person, ...]]]:
    minutes = int(booking.end.timestamp() - booking.start.timestamp()) // 60
    if not any(part.title and part.title != BREAK for part in session.segments):
        yield booking.start, minutes, session.title, _speakers(problem, session)
        return
    known = problem.persons_by_id
    at = 0
    for part in session.segments:
        length = minutes - at if part.minutes is None else min(part.minutes, minutes - at)
        if part.title and part.title != BREAK and length > 0:
            persons = tuple(known[name] for name in (*part.required, *part.invited) if name in known)
            start = datetime.fromtimestamp(booking.start.timestamp() + at * 60, UTC)
            yield start, length, part.title, persons or _speakers(problem, session)
        at += length


def _speakers(problem: Problem, session: Session) -> tuple[Person, ...]:
    return (*problem.required_persons(session), *problem.invited_persons(session))


def _harmless(text: str) -> str:
    """Return a text on one line that no spreadsheet takes for a formula; Indico strips the blank before it."""
    plain = line(text)
    return f" {plain}" if plain[:1] in tuple("=+-@") else plain
