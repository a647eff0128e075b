"""Schedules as HTML, for notebooks: one table, nothing that runs, nothing that is fetched."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from unsched.report.printable import clean
from unsched.report.text import clock, day_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unsched.domain.assumption import Assumption
    from unsched.domain.schedule import Booking, Schedule

__all__ = ["LEFT", "markup_of", "table"]

LEFT = 'style="text-align:left"'
"""What cells need: notebooks align to the right."""


def table(schedule: Schedule) -> str:
    """Return a schedule as an HTML table, day by day, with what it assumes at its foot.

    >>> from unsched import Schedule
    >>> print(table(Schedule("<cstd>", "Europe/Zurich")))
    <table class="unsched-schedule">
    <caption>&lt;cstd&gt;, Europe/Zurich time</caption>
    <thead><tr><th scope="col">Time</th><th scope="col">Room</th><th scope="col">Session</th></tr></thead>
    </table>
    """
    revision = f", revision {schedule.revision}" if schedule.revision else ""
    headings = "".join(f'<th scope="col">{name}</th>' for name in ("Time", "Room", "Session"))
    return "\n".join(
        [
            '<table class="unsched-schedule">',
            f"<caption>{markup_of(schedule.problem)}{revision}, {markup_of(schedule.zone)} time</caption>",
            f"<thead><tr>{headings}</tr></thead>",
            *_days(schedule),
            *_foot(schedule.assumptions),
            "</table>",
        ]
    )


def _days(schedule: Schedule) -> Iterator[str]:
    for day, bookings in groupby(schedule.bookings, key=lambda booking: booking.start.date()):
        yield f'<tbody>\n<tr><th scope="rowgroup" colspan="3">{day_name(day)}</th></tr>'
        yield from map(_row, bookings)
        yield "</tbody>"


def _row(booking: Booking) -> str:
    moments = (booking.start, booking.end)
    time = "&ndash;".join(f'<time datetime="{moment.isoformat()}">{clock(moment)}</time>' for moment in moments)
    # dir="auto" keeps a title from right to left inside its own cell.
    title = markup_of(booking.title or booking.session)
    session = f'<td dir="auto" title="{markup_of(booking.session)}">{title}</td>'
    return f"<tr><td>{time}</td><td>{markup_of(booking.room)}</td>{session}</tr>"


def _foot(assumptions: tuple[Assumption, ...]) -> Iterator[str]:
    if assumptions:
        items = "".join(f"<li>{markup_of(str(assumption))}</li>" for assumption in assumptions)
        details = f"<details><summary>Assumed</summary><ul>{items}</ul></details>"
        yield f'<tfoot><tr><td colspan="3">{details}</td></tr></tfoot>'


def markup_of(text: str) -> str:
    """Return a text as HTML that shows it as it is, control characters escaped."""
    return escape(clean(text))
