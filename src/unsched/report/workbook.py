"""A schedule as a workbook: a timetable for each day, lists, what is broken, and the utilization report.

Nothing in it is a formula or a link, whatever a title says, and the same schedule gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from unsched.domain.timetable import Placed, Timetable, misfits
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically
from unsched.exchange.sheets.csvfiles import csv_text
from unsched.exchange.sheets.drawing import new_workbook
from unsched.report.daysheets import DaySheets
from unsched.report.utilization import TABLES, Utilization, utilization

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from unsched.domain.actual import Actuals
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["save_workbook", "schedule_csv", "schedule_workbook"]

Value: TypeAlias = "str | int | float | date | None"
_LIST = (
    ("day", 12),
    ("start", 8),
    ("end", 8),
    ("minutes", 9),
    ("room", 12),
    ("session", 24),
    ("title", 60),
    ("body", 22),
    ("kind", 16),
    ("access", 12),
    ("chair", 18),
    ("languages", 40),
)
_PARTIES = (
    ("delegation", 24),
    ("name", 30),
    ("day", 12),
    ("start", 8),
    ("end", 8),
    ("room", 12),
    ("session", 24),
    ("title", 60),
    ("needed", 10),
)
_BREACHES = (("holds", 12), ("tier", 7), ("rule", 24), ("amount", 9), ("cost", 9), ("sessions", 36), ("what", 90))
_STANDBY = (("session", 24), ("title", 60), ("priority", 9))
_ASSUMED = (("of", 12), ("id", 20), ("field", 16), ("value", 16), ("why", 90))
_TITLES = {
    "all": "Meetings",
    "rooms": "Rooms: minutes",
    "booths": "Booths: minutes of all booths",
    "languages": "Interpretation: minutes of all teams",
    "bodies": "Meetings by body",
    "days": "Meetings by day",
}
_SHARES = ("share", "ratio", "accuracy", "factor")


def save_workbook(
    problem: Problem, schedule: Schedule, path: str | os.PathLike[str], *, actual: Actuals | None = None
) -> Path:
    """Write a schedule as a workbook (`.xlsx`), or its list of sessions as CSV (`.csv`): whole, or not at all.

    Args:
        problem: the facts.
        schedule: what to write.
        path: the file, whose name says which of the two.
        actual: how the meetings went, for the utilization report.

    Returns:
        the path.

    Raises:
        InputError: the schedule is of another problem, the name ends in something else, or XlsxWriter is not there.
        OSError: the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.casefold()
    if suffix == ".xlsx":
        return write_atomically(path, schedule_workbook(problem, schedule, actual=actual))
    if suffix == ".csv":
        return write_atomically(path, schedule_csv(problem, schedule))
    message = f"a schedule is not written as {path.suffix!r} here"
    raise InputError([Fault("", message, "a name that ends in '.xlsx', or in '.csv' for the list alone.")], path.name)


def schedule_csv(problem: Problem, schedule: Schedule) -> bytes:
    """Return the sessions of a schedule as a CSV file, in which no cell is taken for a formula.

    Raises:
        InputError: the schedule is of another problem.
    """
    timetable = _timetable(problem, schedule)
    return csv_text(
        [[name for name, _ in _LIST], *([_text(value) for value in row] for row in _list(timetable, schedule))]
    )


def _text(value: Value) -> str | int | float | None:
    if isinstance(value, datetime):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def schedule_workbook(problem: Problem, schedule: Schedule, *, actual: Actuals | None = None) -> bytes:
    """Return a schedule as a workbook.

    Raises:
        InputError: the schedule is of another problem, or XlsxWriter is not there.
    """
    timetable = _timetable(problem, schedule)
    book, stream = new_workbook()
    DaySheets(book, timetable).draw()
    tables = _Tables(book)
    tables.draw("List", _LIST, _list(timetable, schedule))
    tables.draw("Delegations", _PARTIES, _parties(timetable, schedule))
    tables.draw("Breaches", _BREACHES, _breaches(problem, schedule))
    standby: list[list[Value]] = [[one.id, one.title, one.priority] for one in schedule.standby(problem)]
    if standby:
        tables.draw("Standby", _STANDBY, standby)
    tables.draw_utilization(utilization(problem, schedule, actual))
    if problem.assumptions:
        assumed: list[list[Value]] = [
            [one.of, one.id, one.field, _plain(one.value), one.why] for one in problem.assumptions
        ]
        tables.draw("Assumed", _ASSUMED, assumed)
    book.close()
    return stream.getvalue()


def _timetable(problem: Problem, schedule: Schedule) -> Timetable:
    faults = misfits(problem, schedule)
    if faults:
        raise InputError(faults, f"the schedule of {schedule.problem!r}")
    return Timetable(problem, schedule)


def _plain(value: int | str | tuple[str, ...] | None) -> int | str | None:
    return ", ".join(value) if isinstance(value, tuple) else value


def _list(timetable: Timetable, schedule: Schedule) -> Iterable[list[Value]]:
    for one in timetable.placed:
        session = one.session
        yield [
            *_when(one, schedule),
            one.span.minutes,
            one.room.id,
            session.id,
            session.title,
            ", ".join(session.bodies),
            session.kind,
            session.access,
            session.chair,
            ", ".join(session.languages),
        ]


def _when(one: Placed, schedule: Schedule) -> list[Value]:
    booking = schedule[one.session.id]
    start, end = booking.start.replace(tzinfo=None), booking.end.replace(tzinfo=None)
    return [start.date(), start, end]


def _parties(timetable: Timetable, schedule: Schedule) -> Iterable[list[Value]]:
    problem = timetable.problem
    rows: dict[str, list[tuple[Placed, str]]] = {delegation.id: [] for delegation in problem.delegations}
    for one in timetable.placed:
        asked = (
            (problem.required_delegations(one.session), "required"),
            (problem.invited_delegations(one.session), "invited"),
        )
        for delegations, needed in asked:
            for delegation in delegations:
                rows[delegation.id].append((one, needed))
    for delegation in problem.delegations:
        for one, needed in rows[delegation.id]:
            when = _when(one, schedule)
            yield [
                delegation.id, delegation.name, *when, one.room.id, one.session.id, one.session.title, needed,
            ]  # fmt: skip


def _breaches(problem: Problem, schedule: Schedule) -> Iterable[list[Value]]:
    for breach in schedule.breaches(problem):
        hard = breach.hard
        tier = None if hard else getattr(breach.rule, "tier", None)
        word = "broken" if hard else "price paid"
        cost = None if hard else breach.cost
        yield [word, tier, breach.rule.kind, breach.amount, cost, ", ".join(breach.sessions), breach.text]


class _Tables:
    """Draws sheets that are lists."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head: Format = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "top"})
        self.plain: Format = book.add_format({"valign": "top", "text_wrap": True})
        self.day: Format = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        self.clock: Format = book.add_format({"valign": "top", "num_format": "hh:mm", "align": "left"})
        self.share: Format = book.add_format({"valign": "top", "num_format": "0.0%"})
        self.below: Format = book.add_format({"valign": "top", "num_format": "0.0%", "bg_color": "#F8CBAD"})
        self.bold: Format = book.add_format({"bold": True})

    def draw(self, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> None:
        """Draw a list with a heading above each column."""
        page = self.book.add_worksheet(name)
        for index, (heading, width) in enumerate(columns):
            page.write_string(0, index, heading, self.head)
            page.set_column(index, index, width)
        last = 0
        for last, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                self.cell(page, last, index, value)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(columns) - 1)
        page.set_landscape()
        page.repeat_rows(0)
        page.fit_to_pages(1, 0)

    def cell(self, page: Worksheet, row: int, column: int, value: Value, form: Format | None = None) -> None:
        """Write one cell as what it is: a text is never anything else."""
        if isinstance(value, datetime):
            page.write_datetime(row, column, value, form or self.clock)
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), form or self.day)  # noqa: DTZ001
        elif isinstance(value, str):
            page.write_string(row, column, value, form or self.plain)
        elif value is not None:
            page.write_number(row, column, value, form or self.plain)

    def draw_utilization(self, found: Utilization) -> None:
        """Draw the tables of the utilization report, one below the other."""
        page = self.book.add_worksheet("Utilization")
        page.set_column(0, 0, 28)
        page.set_column(1, 20, 11)
        how = "planned and actual" if found.actual else "as planned"
        page.write_string(0, 0, f"Utilization, {how}; times in minutes, benchmark {found.benchmark:.0%}", self.bold)
        at = 2
        for table in ("all", *TABLES):
            at = self._table(page, at, _TITLES[table], found.rows(table), found.benchmark)
        if found.unknown_booths:
            page.write_string(at, 0, f"Not known: the booths of {', '.join(found.unknown_booths)}.")

    def _table(self, page: Worksheet, at: int, title: str, rows: Sequence[dict[str, Any]], benchmark: float) -> int:
        if not rows:
            return at
        page.write_string(at, 0, title, self.bold)
        for index, heading in enumerate(rows[0]):
            page.write_string(at + 1, index, heading, self.head)
        for number, row in enumerate(rows, start=at + 2):
            for index, (heading, value) in enumerate(row.items()):
                below = heading == "factor" and "accuracy" in row and value is not None and value < benchmark
                share = (self.below if below else self.share) if heading in _SHARES else None
                self.cell(page, number, index, value, share)
        return at + len(rows) + 3
