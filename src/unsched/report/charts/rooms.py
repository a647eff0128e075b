"""Room occupation: which session is in which room when, or, of a long time, how many hours a day each room is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from unsched.report.charts.bars import Bar, draw_bars, lanes_of
from unsched.report.charts.canvas import (
    FAINT,
    GREY,
    INK,
    PALETTE,
    Fonts,
    axes_for,
    colours_of,
    headline,
    name_of,
    name_rows,
    theme_legend,
)
from unsched.report.charts.days import Days, days_of, wanted
from unsched.report.themes import themes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["plot_rooms"]

_MOST_DAYS = 14
_TALL = 0.86


def plot_rooms(
    schedule: Schedule,
    problem: Problem | None = None,
    *,
    days: Sequence[date | str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw which room is used when.

    Each session is a bar in the row of its room, in the colour of its body, with as much of its title as fits. Days
    stand side by side, in the schedule's time zone; what is not open is grey. Of over 14 days, the hours of each day
    are drawn instead, the more the darker.

    Args:
        schedule: the schedule.
        problem: its problem, for themes, opening hours and rooms that nobody uses.
        days: the dates to show; none is all.
        ax: where to draw; by default, a figure is made.

    Returns:
        the axes.

    Raises:
        InputError: matplotlib is not installed.
    """
    axis = days_of(schedule, problem, wanted(days))
    rooms = _rooms(schedule, problem)
    if len(axis.days) > _MOST_DAYS:
        return _hours(schedule, axis, rooms, name_of(schedule, problem), ax)
    width = min(24.0, max(8.0, 1.6 + 0.42 * axis.width))
    ax = axes_for(ax, width, min(20.0, 1.6 + 0.5 * max(2, len(rooms))))
    fonts = Fonts()
    axis.draw(ax, width - 1.6)
    if problem is not None:
        axis.open(ax, problem, len(rooms))
    ax.set_ylim(max(1, len(rooms)), 0)
    name_rows(ax, rooms, fonts)
    colours = colours_of(problem)
    themes = themes_of(problem)
    headline(ax, name_of(schedule, problem), "rooms", fonts)
    theme_legend(ax, colours, [themes.get(one.session, "") for one in schedule.bookings], fonts)
    draw_bars(ax, _bars(schedule, axis, rooms, fonts, colours, themes), fonts)
    return ax


def _rooms(schedule: Schedule, problem: Problem | None) -> tuple[str, ...]:
    known = [] if problem is None else [room.id for room in problem.rooms]
    return tuple(dict.fromkeys([*known, *sorted({booking.room for booking in schedule.bookings})]))


def _bars(
    schedule: Schedule,
    axis: Days,
    rooms: Sequence[str],
    fonts: Fonts,
    colours: dict[str, str],
    themes: dict[str, str],
) -> Iterator[Bar]:
    rest = GREY if colours else PALETTE[0]
    for row, room in enumerate(rooms):
        stays = [
            (booking, span)
            for booking in schedule.bookings
            if booking.room == room
            for span in axis.spans(booking.start, booking.end)
        ]
        for (one, (left, right)), (lane, lanes) in zip(stays, lanes_of(span for _, span in stays), strict=True):
            colour = colours.get(themes.get(one.session, ""), rest)
            bottom = row + (1 - _TALL) / 2 + _TALL * lane / lanes
            yield Bar(left, bottom, right - left, _TALL / lanes, fonts.label(one.title, one.session), colour)


def _hours(schedule: Schedule, axis: Days, rooms: Sequence[str], name: str, ax: Axes | None) -> Axes:
    """Draw how many hours each room is used on each day."""
    place = {room: row for row, room in enumerate(rooms)}
    column = {day: number for number, day in enumerate(axis.days)}
    hours = [[0.0] * len(axis.days) for _ in rooms]
    for booking in schedule.bookings:
        for day, first, last in axis.pieces(booking.start, booking.end):
            hours[place[booking.room]][column[day]] += (last - first) / 60
    ax = axes_for(ax, min(24.0, max(8.0, 2.5 + 0.05 * len(axis.days))), min(20.0, 1.6 + 0.24 * max(4, len(rooms))))
    fonts = Fonts()
    edges = list(range(len(axis.days) + 1))
    mesh = ax.pcolormesh(edges, list(range(len(rooms) + 1)), hours, cmap="Blues", vmin=0, rasterized=True)
    ax.set_ylim(len(rooms), 0)
    name_rows(ax, rooms, fonts, lines=False)
    months = [number for number, day in enumerate(axis.days) if not number or day.month != axis.days[number - 1].month]
    ax.set_xticks(months, [f"{axis.days[number]}" for number in months], fontsize=7, rotation=45, ha="right")
    ax.set_xlabel(f"days that are open, {schedule.zone} time", fontsize=8, color=INK, parse_math=False, usetex=False)
    headline(ax, name, "hours a day that rooms are used", fonts, pad=8)
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.01, aspect=40)
    bar.set_label("hours a day", fontsize=8, color=INK)
    bar.outline.set_edgecolor(FAINT)
    bar.ax.tick_params(labelsize=7)
    return ax
