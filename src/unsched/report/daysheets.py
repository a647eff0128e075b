"""Timetables in a workbook: a sheet a day, rooms across, time down, a coloured cell for each session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from unsched.domain.timetable import Placed, Timetable
from unsched.report.text import clock, day_name

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

__all__ = ["DaySheets", "lanes"]

# Light enough for black text on any of them (contrast of over 7 to 1).
_COLOURS = (
    "#CFE2F3", "#D9EAD3", "#FFF2CC", "#F4CCCC", "#D9D2E9", "#FCE5CD",
    "#D0E0E3", "#EAD1DC", "#E2EFDA", "#DDEBF7", "#FFE699", "#E4DFEC",
)  # fmt: skip
_NONE = "#EDEDED"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_POINTS_A_MINUTE, _LEAST, _MOST = 0.5, 18, 120


def lanes(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Return sessions of one room in as few columns as keep them from overlapping: in a good schedule, one."""
    found: list[list[Placed]] = []
    for one in placed:
        free = next((lane for lane in found if lane[-1].span.end <= one.span.start), None)
        if free is None:
            found.append([one])
        else:
            free.append(one)
    return found


@frozen(eq=False)
class DaySheets:
    """Draws the timetables.

    Args:
        book: what to draw in.
        timetable: the sessions where they stand.
    """

    book: Workbook
    timetable: Timetable

    def draw(self) -> None:
        """Draw a sheet for each day on which anything stands."""
        window = self.timetable.problem.window
        days: dict[date, list[Placed]] = {}
        for one in self.timetable.placed:
            days.setdefault(window.day_of(one.span.start), []).append(one)
        head = self.book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "align": "center"})
        hours = self.book.add_format({"valign": "top", "font_color": "#404040"})
        title = self.book.add_format({"bold": True, "font_size": 14})
        colours = self._colours()
        for day in sorted(days):
            self._draw_day(day, days[day], (title, head, hours), colours)

    def _colours(self) -> dict[str, Format]:
        """Return a format for each body, or, of sessions without one, for each kind."""
        names = sorted({_theme(one) for one in self.timetable.placed} - {""})
        look = {"border": 1, "border_color": "#7F7F7F", "text_wrap": True, "valign": "top"}
        formats = {
            name: self.book.add_format({**look, "bg_color": _COLOURS[index % len(_COLOURS)]})
            for index, name in enumerate(names)
        }
        return {**formats, "": self.book.add_format({**look, "bg_color": _NONE})}

    def _draw_day(
        self, day: date, placed: Sequence[Placed], looks: tuple[Format, Format, Format], colours: dict[str, Format]
    ) -> None:
        title, head, hours = looks
        wall = self.timetable.problem.window.wall
        page = self.book.add_worksheet(f"{day.isoformat()} {_WEEKDAYS[day.weekday()]}")
        page.write_string(0, 0, day_name(day), title)
        times = sorted({minute for one in placed for minute in (one.span.start, one.span.end)})
        rows = {minute: row for row, minute in enumerate(times, start=2)}
        page.set_column(0, 0, 14)
        for start, end in pairwise(times):
            page.write_string(rows[start], 0, f"{clock(wall(start))}-{clock(wall(end))}", hours)
            page.set_row(rows[start], min(max((end - start) * _POINTS_A_MINUTE, _LEAST), _MOST))
        column = 0
        for room in self.timetable.problem.rooms:
            for lane in lanes(one for one in placed if one.room.id == room.id):
                column += 1
                page.set_column(column, column, 26)
                page.write_string(1, column, room.label, head)
                for one in lane:
                    first, last = rows[one.span.start], rows[one.span.end] - 1
                    look = colours[_theme(one)]
                    if last > first:
                        page.merge_range(first, column, last, column, "", look)
                    # Not by way of the merging, which would take some texts for formulas.
                    page.write_string(first, column, _label(one, self.timetable), look)
        page.freeze_panes(2, 1)
        page.set_landscape()
        page.fit_to_pages(1, 1)


def _theme(one: Placed) -> str:
    return one.session.body or one.session.kind or ""


def _label(one: Placed, timetable: Timetable) -> str:
    wall = timetable.problem.window.wall
    lines = [one.session.title or one.session.id, f"{clock(wall(one.span.start))}-{clock(wall(one.span.end))}"]
    return "\n".join([*lines, *([one.session.body] if one.session.body else [])])
