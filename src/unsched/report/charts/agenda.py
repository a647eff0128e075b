"""A delegation's day, or days: what it has to be at, and what it is invited to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from unsched.domain.interval import Interval
from unsched.domain.people import Delegation, Person
from unsched.domain.timetable import Placed, Timetable
from unsched.errors import UnknownIdError
from unsched.report.charts.bars import DASHES, Bar, draw_bars, lanes_of
from unsched.report.charts.canvas import (
    FAINT,
    GREY,
    INK,
    PALE,
    PALETTE,
    PLAIN,
    Fonts,
    axes_for,
    colours_of,
    headline,
    name_of,
    theme_legend,
)
from unsched.report.charts.days import Days, days_of, wanted
from unsched.report.extras import need
from unsched.report.text import clock, day_name
from unsched.report.themes import themes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["plot_agenda"]

_MOST_DAYS = 7
_WIDE = 0.96


def plot_agenda(
    problem: Problem,
    schedule: Schedule,
    who: str,
    *,
    days: Sequence[date | str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw where somebody has to be: a column for each day, time running down, in the schedule's time zone.

    What they are only invited to has a dashed edge, and stands beside what runs at the same time. Hours at which they
    are away are grey.

    Args:
        problem: the facts.
        schedule: its schedule.
        who: id of a delegation or a person.
        days: the dates to show; none is the first seven of the window.
        ax: where to draw; by default, a figure is made.

    Returns:
        the axes.

    Raises:
        UnknownIdError: there is no such delegation or person.
        InputError: the schedule is of another problem, or matplotlib is not installed.
    """
    patches = need("matplotlib.patches", "Charts", "charts")
    party = _party(problem, who)
    axis = days_of(schedule, problem, wanted(days) or problem.window.days[:_MOST_DAYS])
    ax = axes_for(ax, max(4.5, 1.2 + 2.6 * len(axis.days)), min(14.0, 1.8 + 0.62 * axis.hours))
    fonts = Fonts()
    _ground(ax, axis, problem, party)
    _name(ax, axis)
    headline(ax, name_of(schedule, problem), party.label, fonts)
    timetable = Timetable(problem, schedule)
    stays = [(one, False) for one in timetable.parts(problem.duties.get(who, ()))]
    stays += [(one, True) for one in timetable.parts(problem.invitations.get(who, ()))]
    colours, themes = colours_of(problem), themes_of(problem)
    handle = patches.Patch(facecolor="white", edgecolor=INK, linewidth=0.6, linestyle=DASHES)
    more = [(handle, "invited, not required")] if any(invited for _, invited in stays) else []
    theme_legend(ax, colours, [themes.get(one.session.id, "") for one, _ in stays], fonts, more=more, below=10)
    draw_bars(ax, _bars(problem, axis, stays, fonts, colours, themes), fonts)
    return ax


def _party(problem: Problem, who: str) -> Delegation | Person:
    known = {one.id: one for one in problem.parties}
    if who not in known:
        raise UnknownIdError("delegation or person", who, known)
    return known[who]


def _bars(
    problem: Problem,
    axis: Days,
    stays: Sequence[tuple[Placed, bool]],
    fonts: Fonts,
    colours: dict[str, str],
    themes: dict[str, str],
) -> Iterator[Bar]:
    wall, zone = problem.window.wall, ZoneInfo(axis.zone)
    for column, day in enumerate(axis.days):
        here = [
            (one, invited, first, last)
            for one, invited in stays
            for when, first, last in axis.pieces(wall(one.span.start), wall(one.span.end))
            if when == day
        ]
        lanes = lanes_of((first, last) for *_, first, last in here)
        for (one, invited, first, last), (lane, count) in zip(here, lanes, strict=True):
            title = fonts.label(one.session.title, one.session.id)
            room = fonts.drawable(one.room.id)
            start, end = (clock(wall(minute).astimezone(zone)) for minute in (one.span.start, one.span.end))
            text = f"{start}-{end}, {room}\n{title}"
            colour = colours.get(themes.get(one.session.id, ""), GREY if colours else PALETTE[0])
            left = column + (1 - _WIDE) / 2 + _WIDE * lane / count
            yield Bar(left, first / 60, _WIDE / count, (last - first) / 60, text, colour, dashed=invited)


def _ground(ax: Axes, axis: Days, problem: Problem, party: Delegation | Person) -> None:
    """Draw when the window is open and they are there, on a ground that says that they are not."""
    from matplotlib.patches import Rectangle

    wall = problem.window.wall
    present = problem.present(party)  # None is always
    for column, day in enumerate(axis.days):
        ax.add_patch(Rectangle((column, axis.first / 60), 1, axis.hours, facecolor=PALE, linewidth=0, zorder=0))
        for span in problem.window.open_time:
            both = [
                Interval(max(span.start, one.start), min(span.end, one.end))
                for one in ((span,) if present is None else present)
            ]
            for part in (one for one in both if one.minutes > 0):
                for when, first, last in axis.pieces(wall(part.start), wall(part.end)):
                    if when == day:
                        size = (last - first) / 60
                        ax.add_patch(Rectangle((column, first / 60), 1, size, facecolor="white", linewidth=0, zorder=0))
        if column:
            ax.axvline(column, color=FAINT, linewidth=0.6, zorder=1)


def _name(ax: Axes, axis: Days) -> None:
    ax.set_xlim(0, len(axis.days))
    ax.set_ylim(axis.last / 60, axis.first / 60)
    names = [day_name(day).split() for day in axis.days]
    ax.set_xticks(
        [column + 0.5 for column in range(len(axis.days))],
        [f"{name[0][:3]} {name[1]} {name[2][:3]}" for name in names],
        fontsize=8,
        color=INK,
    )
    hours = range(axis.first // 60, axis.last // 60 + 1)
    ax.set_yticks(list(hours), [f"{hour % 24}:00" for hour in hours], fontsize=7, color=INK)
    ax.tick_params(axis="x", length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    ax.tick_params(axis="y", length=0)
    ax.set_ylabel(f"{axis.zone} time", fontsize=8, color=INK, **PLAIN)
    ax.grid(axis="y", color=FAINT, linewidth=0.4)
    ax.set_axisbelow(True)
    for side in ax.spines.values():
        side.set_color(FAINT)
