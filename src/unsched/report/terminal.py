"""Schedules for a terminal, drawn by rich: rooms beside each other where the width allows it, else a list.

What is drawn is made of `rich.text.Text`, in which nothing is markup, from texts in which control characters are shown
and not sent. Colours mark the body of each session; without colours, nothing is lost but them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from unsched.report.printable import clean, clean_lines, columns, shorten
from unsched.report.text import clock, day_name
from unsched.report.themes import minutes_of, themes_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.table import Table
    from rich.text import Text

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking, Schedule

__all__ = ["Report", "TimetableView"]

_COLOURS: Final = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")
"""The qualitative scheme "bright" of Paul Tol (SRON/EPS/TN/09-002): for black and white, and the colour-blind."""

_REST: Final = "#bbbbbb"
_BAR: Final = "\N{LEFT HALF BLOCK} "
_GOES_ON: Final = "\N{BOX DRAWINGS LIGHT VERTICAL}"
_LEAST: Final = 16
"""Columns that a room needs; where there are fewer, a list is easier to read."""

_TITLE: Final = 100


@frozen
class TimetableView:
    """A timetable, day by day, as rich draws it.

    Args:
        schedule: the schedule.
        problem: its problem, for bodies; `None` leaves out colours.
    """

    schedule: Schedule
    problem: Problem | None = None
    _themes: dict[str, str] = field(init=False)
    _colours: dict[str, str] = field(init=False)

    @_themes.default
    def _find_themes(self) -> dict[str, str]:
        return themes_of(self.problem)

    @_colours.default
    def _choose_colours(self) -> dict[str, str]:
        minutes = minutes_of(self.problem)
        order = {theme: place for place, theme in enumerate(minutes)}
        large = sorted(order, key=lambda theme: (-minutes[theme], order[theme]))[: len(_COLOURS)]
        free = iter(_COLOURS)
        return {theme: next(free) if theme in large else _REST for theme in order}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Any]:
        """Yield the head, the legend, and each day."""
        from rich.text import Text

        schedule = self.schedule
        revision = f", revision {schedule.revision}" if schedule.revision else ""
        count = f"{len(schedule)} session{'' if len(schedule) == 1 else 's'}"
        yield Text.assemble((clean(schedule.problem), "bold"), f"{revision}: {count}, {clean(schedule.zone)} time")
        if self._colours:
            yield self._legend()
        days = [(day, list(some)) for day, some in groupby(schedule.bookings, key=lambda one: one.start.date())]
        abreast = all(self._fits(bookings, options.max_width) for _, bookings in days)
        for day, bookings in days:
            yield Text()
            yield self._grid(day, bookings) if abreast else self._list(day, bookings)

    def _legend(self) -> Text:
        from rich.text import Text

        here = {self._themes.get(one.session, "") for one in self.schedule.bookings}
        named = [theme for theme, colour in self._colours.items() if theme in here and colour != _REST]
        parts = [part for theme in named for part in ((_BAR, self._colours[theme]), f"{clean(theme)}  ")]
        if any(self._colours.get(theme, _REST) == _REST for theme in here):
            parts += [(_BAR, _REST), "others"]
        return Text.assemble(*parts)

    def _fits(self, bookings: Sequence[Booking], width: int) -> bool:
        clocks = max(columns(_hours(one)) for one in bookings)
        return clocks + 4 + len(self._rooms(bookings)) * (_LEAST + 3) <= width

    def _rooms(self, bookings: Sequence[Booking]) -> list[str]:
        used = {one.room for one in bookings}
        known = [] if self.problem is None else [room.id for room in self.problem.rooms if room.id in used]
        return list(dict.fromkeys([*known, *sorted(used)]))

    def _table(self, day: date, **style: Any) -> Table:  # noqa: ANN401  of rich
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        title = Text(day_name(day), "bold")
        return Table(title=title, title_justify="left", title_style="", box=SIMPLE_HEAD, padding=(0, 1), **style)

    def _list(self, day: date, bookings: Sequence[Booking]) -> Table:
        from rich.text import Text

        table = self._table(day, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, max_width=24)
        table.add_column(overflow="fold")
        for one in bookings:
            table.add_row(Text(_hours(one)), Text(clean(one.room)), self._session(one, tail=f" [{clean(one.session)}]"))
        return table

    def _grid(self, day: date, bookings: Sequence[Booking]) -> Table:
        from rich.text import Text

        rooms = self._rooms(bookings)
        table = self._table(day)
        table.add_column(Text("Time"), no_wrap=True)
        for room in rooms:
            table.add_column(Text(clean(room)), ratio=1, overflow="fold")
        for start in sorted({one.start.timestamp() for one in bookings}):
            here = [one for one in bookings if one.start.timestamp() == start]
            last = max(one.end for one in here)
            cells: list[Text] = [Text(_span(here[0].start, last), "bold")]
            for room in rooms:
                beginning = [one for one in here if one.room == room]
                on = any(one.room == room and one.start.timestamp() < start < one.end.timestamp() for one in bookings)
                tails = [f" (until {clock(one.end)})" if one.end < last else "" for one in beginning]
                parts = [self._session(one, tail=tail) for one, tail in zip(beginning, tails, strict=True)]
                cells.append(Text("\n").join(parts) if parts else Text(_GOES_ON if on else "", "dim"))
            table.add_row(*cells)
        return table

    def _session(self, booking: Booking, *, tail: str) -> Text:
        from rich.text import Text

        title = shorten(clean(booking.title).strip(), _TITLE) or clean(booking.session)
        if not self._colours:
            return Text.assemble(title, (tail, "dim"))
        colour = self._colours.get(self._themes.get(booking.session, ""), _REST)
        return Text.assemble((_BAR, colour), title, (tail, "dim"))


def _hours(booking: Booking) -> str:
    return _span(booking.start, booking.end)


def _span(start: datetime, end: datetime) -> str:
    days = (end.date() - start.date()).days
    return f"{clock(start)}-{clock(end)}" + (f" +{days}" if days else "")


@frozen
class Report:
    """A timetable, and what there is to say of it, part by part.

    Args:
        view: the timetable; `None` where there is none.
        parts: what stands after it: texts, the first line of each of which is a heading.
        before: what stands before it.
    """

    view: TimetableView | None
    parts: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Any]:
        """Yield the timetable, then each part with its heading in bold."""
        from rich.text import Text

        first = True
        for part in (*self.before, self.view, *self.parts):
            if part is None:
                continue
            if not first:
                yield Text()
            first = False
            if isinstance(part, TimetableView):
                yield part
                continue
            head, _, rest = clean_lines(part).partition("\n")
            yield Text(head, "bold")
            if rest:
                yield Text(rest)
