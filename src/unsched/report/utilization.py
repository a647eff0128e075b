"""Utilization: what of the rooms, the interpretation and the meeting time on offer is used, planned against actual.

The words are those of the reports to the Committee on Conferences of the United Nations General Assembly: meeting
ratio, planning accuracy factor, utilization factor, and a benchmark of 80 per cent. How each is worked out here is
said where it is; the reports that could be read (such as A/AC.172/96/Add.5 and the press releases GA/AB/3527 and
GA/AB/4170) give results, and not their formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from unsched.domain.interval import Interval
from unsched.domain.timetable import Timetable, misfits
from unsched.errors import Fault, InputError, nearest
from unsched.report.capacity import Capacity, capacities
from unsched.report.meetings import Meetings, Sitting, tally

if TYPE_CHECKING:
    import pandas as pd

    from unsched.domain.actual import Actual, Actuals
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["BENCHMARK", "TABLES", "Utilization", "utilization"]

BENCHMARK = 0.8
"""The share of the services allotted that ought to be used: the benchmark of the Committee on Conferences."""
TABLES = ("rooms", "booths", "languages", "bodies", "days")
_CAPACITIES = TABLES[:3]
NO_BODY = "(no body)"


@frozen
class Utilization:
    """How far what is on offer is used.

    Args:
        problem: id of the problem.
        actual: whether it is known how meetings went.
        benchmark: the share that ought to be reached, from 0 to 1.
        rooms: room time, for each room and day.
        booths: booth time, for each room whose booths are known, and day.
        languages: interpreters' time, for each language that is interpreted into, and day.
        all: all meetings together.
        interpreted: those that are interpreted.
        bodies: meetings by body; one of several bodies counts for each of them.
        days: meetings by the day on which they are planned, or else were held.
        unknown_booths: ids of the rooms of which nobody knows how many booths they have.
        unreported: ids of the sessions of which nobody has said how they went, where that is known of others.
    """

    problem: str
    actual: bool
    benchmark: float
    rooms: tuple[Capacity, ...]
    booths: tuple[Capacity, ...]
    languages: tuple[Capacity, ...]
    all: Meetings
    interpreted: Meetings
    bodies: tuple[Meetings, ...]
    days: tuple[Meetings, ...]
    unknown_booths: tuple[str, ...] = ()
    unreported: tuple[str, ...] = ()

    def to_frame(self, table: str = "rooms") -> pd.DataFrame:
        """Return one of the tables as a pandas DataFrame: "rooms", "booths", "languages", "bodies" or "days".

        Times are in minutes; factors are from 0 to 1, and nothing where there is nothing to divide by.
        """
        import pandas as pd

        if table not in TABLES:
            message = f"{table!r} is none of {', '.join(map(repr, TABLES))}"
            raise InputError([Fault("table", message, nearest(table, TABLES) or f"{TABLES[0]!r}.")], "the arguments")
        columns = self.columns(table)
        rows = [[row[name] for name in columns] for row in self.rows(table)]
        return pd.DataFrame(rows, columns=list(columns))

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table: those of how meetings went only where that is known."""
        if table in _CAPACITIES:
            return tuple(name for name in Capacity.COLUMNS if self.actual or name not in Capacity.AFTERWARDS)
        return Meetings.COLUMNS if self.actual else Meetings.BEFOREHAND

    def rows(self, table: str) -> tuple[dict[str, Any], ...]:
        """Return the rows of a table, each by column; "all" is a table of the totals."""
        found = (self.all, self.interpreted) if table == "all" else getattr(self, table)
        columns = self.columns(table)
        return tuple({name: getattr(one, name) for name in columns} for one in found)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; times are in minutes."""
        return {
            "problem": self.problem,
            "actual": self.actual,
            "benchmark": self.benchmark,
            **{table: [_plain(row) for row in self.rows(table)] for table in ("all", *TABLES)},
            "unknown_booths": list(self.unknown_booths),
            "unreported": list(self.unreported),
        }

    def __str__(self) -> str:
        from unsched.report.utilization_text import utilization_text

        return utilization_text(self)


def utilization(
    problem: Problem,
    schedule: Schedule,
    actual: Actuals | None = None,
    *,
    blocks: Iterable[str] | None = None,
    benchmark: float = BENCHMARK,
) -> Utilization:
    """Work out how far rooms, interpretation and meeting time are used.

    Args:
        problem: the facts.
        schedule: what is planned.
        actual: how the meetings went, as far as that is known.
        blocks: the kinds of open block that count as on offer; left out, all of them, lunch-time included.
        benchmark: the share that ought to be reached.

    Raises:
        InputError: the schedule or what really happened is of another problem, or names what the problem does not
            have; no block of the window is of such a kind.

    >>> from unsched import Booking, Problem, Room, Schedule, Session, Venue, Window
    >>> problem = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), [Session("a", "A", 180)])
    >>> schedule = Schedule("p", "UTC", [Booking("a", "I", "2010-12-17T10:00+00:00", "2010-12-17T13:00+00:00")])
    >>> found = utilization(problem, schedule)
    >>> found.rooms[0].offered, found.rooms[0].planned
    (360, 180)
    """
    kinds = None if blocks is None else tuple(blocks)
    faults = [*misfits(problem, schedule), *_misfits(problem, actual), *_unknown_kinds(problem, kinds)]
    if faults:
        raise InputError(faults, "the utilization report")
    sittings = tuple(_sittings(problem, schedule, actual))
    room_rows, booth_rows, language_rows = capacities(problem, sittings, kinds, known=actual is not None)
    return Utilization(
        problem.id,
        actual is not None,
        benchmark,
        room_rows,
        booth_rows,
        language_rows,
        tally("all meetings", sittings),
        tally("interpreted meetings", [one for one in sittings if one.session.languages]),
        _grouped(sittings, lambda one: one.session.bodies or (NO_BODY,)),
        _grouped(sittings, lambda one: (one.day.isoformat(),), in_order=True),
        tuple(room.id for room in problem.rooms if room.booths is None),
        tuple(one.session.id for one in sittings if one.report is None) if actual is not None else (),
    )


def _misfits(problem: Problem, actual: Actuals | None) -> Iterator[Fault]:
    if actual is None:
        return
    if actual.problem not in (None, problem.id):
        message = f"the actual times are of problem {actual.problem!r}, not of {problem.id!r}"
        yield Fault("problem", message, "the actual times that belong to it.")
    for index, one in enumerate(actual.meetings):
        path = f"meetings[{index}]"
        for noun, name, known in (
            ("session", one.session, problem.sessions_by_id),
            ("room", one.room, problem.rooms_by_id),
        ):
            if name is not None and name not in known:
                yield Fault(f"{path}.{noun}", f"problem {problem.id!r} has no {noun} {name!r}", nearest(name, known))
        yield from _bad_times(problem, path, one)


def _bad_times(problem: Problem, path: str, one: Actual) -> Iterator[Fault]:
    minutes = []
    for name in ("began", "ended"):
        moment = getattr(one, name)
        if moment is None:
            return
        try:
            minutes.append(problem.window.minute(moment))
        except InputError as error:
            yield from (fault.under(f"{path}.{name}") for fault in error.faults)
    if len(minutes) == 2 and minutes[1] <= minutes[0]:
        yield Fault(f"{path}.ended", f"{one.session!r} ended no later than it began", "a later time.")


def _unknown_kinds(problem: Problem, kinds: tuple[str, ...] | None) -> Iterator[Fault]:
    known = [block.kind for block in problem.window.blocks]
    for index, kind in enumerate(kinds or ()):
        if kind not in known:
            yield Fault(f"blocks[{index}]", f"the window has no block of kind {kind!r}", nearest(kind, known))


def _sittings(problem: Problem, schedule: Schedule, actual: Actuals | None) -> Iterator[Sitting]:
    """Yield every session that is planned, in order of start, then those that were held besides."""
    reports = {} if actual is None else actual.by_session
    window = problem.window

    def span(one: Actual) -> Interval | None:
        if one.began is None or one.ended is None:
            return None
        return Interval(window.minute(one.began), window.minute(one.ended))

    for placed in Timetable(problem, schedule).placed:
        report = reports.get(placed.session.id)
        room = problem.room(report.room) if report is not None and report.room is not None else placed.room
        day = window.day_of(placed.span.start)
        held = None if report is None else span(report)
        yield Sitting(placed.session, day, placed.room, room, placed.span, report, held)
    for report in () if actual is None else actual.meetings:
        held = span(report)
        if report.session not in schedule and held is not None:
            session = problem.session(report.session)
            name = report.room or session.room
            day = window.day_of(held.start)
            yield Sitting(session, day, None, problem.room(name) if name is not None else None, None, report, held)


def _grouped(
    sittings: Iterable[Sitting], names: Callable[[Sitting], Iterable[str]], *, in_order: bool = False
) -> tuple[Meetings, ...]:
    groups: dict[str, list[Sitting]] = {}
    for one in sittings:
        for name in names(one):
            groups.setdefault(name, []).append(one)
    return tuple(tally(name, groups[name]) for name in (sorted(groups) if in_order else groups))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else round(value, 4) if isinstance(value, float) else value
        for key, value in row.items()
    }
