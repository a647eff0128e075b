"""A time axis on which days stand side by side, each from the same hour to the same hour: nights take no place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import frozen

from unsched.domain.moment import check_dates, to_dates
from unsched.errors import InputError
from unsched.report.charts.canvas import FAINT, INK, PALE, PLAIN
from unsched.report.text import day_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["Days", "days_of", "wanted"]

_DAY = 24 * 60
_NIGHT = 30 * 60
"""What ends by six in the morning is drawn as a part of the evening before."""


@frozen
class Days:
    """Days side by side.

    Args:
        days: the dates, in order.
        first: minute of the day at which each begins.
        last: minute at which each ends, over 1440 where evenings go on after midnight.
        zone: IANA name of the time zone in which people read it.
    """

    days: tuple[date, ...]
    first: int
    last: int
    zone: str

    @property
    def hours(self) -> float:
        """How long a day is drawn, in hours."""
        return (self.last - self.first) / 60

    @property
    def gap(self) -> float:
        """How far days are apart, in hours."""
        return 0.4 + self.hours * 0.05

    @property
    def width(self) -> float:
        """How long all of it is, in hours."""
        return len(self.days) * (self.hours + self.gap) - self.gap

    def left(self, day: date) -> float:
        """Return where a day begins."""
        return self.days.index(day) * (self.hours + self.gap)

    def at(self, day: date, minute: int) -> float:
        """Return where a minute of a day is; what lies outside of it is at its edge."""
        return self.left(day) + (min(max(minute, self.first), self.last) - self.first) / 60

    def pieces(self, start: datetime, end: datetime) -> Iterator[tuple[date, int, int]]:
        """Yield the parts of a stretch of time that can be seen: the day, the first minute, and that after the last."""
        zone = ZoneInfo(self.zone)
        for day, first, last in _by_day(start.astimezone(zone), end.astimezone(zone)):
            if day in self.days and min(last, self.last) > max(first, self.first):
                yield day, max(first, self.first), min(last, self.last)

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[float, float]]:
        """Yield where the parts of a stretch of time that can be seen begin and end."""
        for day, first, last in self.pieces(start, end):
            yield self.at(day, first), self.at(day, last)

    def draw(self, ax: Axes, inches: float) -> None:
        """Draw the axis: the hours below, the days above.

        Args:
            ax: the axes.
            inches: about how wide they are.
        """
        ax.set_xlim(-self.gap, self.width + self.gap)
        fine = max(1, round(inches / 0.42 / max(1, len(self.days))))
        step = next((one for one in (1, 2, 3, 4, 6, 12) if self.hours / one <= fine), 24)
        close = inches * self.gap / self.width < 0.2
        ticks, labels = [], []
        for day in self.days:
            for hour in range(-(-self.first // 60), self.last // 60 + 1):
                # Where there is little room between days, the end of one would run into the beginning of the next.
                if hour % step == 0 and (hour * 60 < self.last or not close or day == self.days[-1]):
                    ticks.append(self.at(day, hour * 60))
                    labels.append(f"{hour % 24}")
        ax.set_xticks(ticks, labels, fontsize=7, color=INK)
        ax.tick_params(axis="x", length=2, color=FAINT, pad=2)
        ax.set_xlabel(f"hour, {self.zone} time", fontsize=8, color=INK, **PLAIN)
        narrow = inches / max(1, len(self.days)) < 1.1
        for day in self.days:
            name = day_name(day).split()
            words = f"{name[0][:3]}\n{name[1]} {name[2][:3]}" if narrow else f"{name[0][:3]} {name[1]} {name[2][:3]}"
            middle = self.left(day) + self.hours / 2
            ax.annotate(
                words,
                (middle, 1),
                (0, 4),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=8,
                color=INK,
                annotation_clip=False,
            )

    def open(self, ax: Axes, problem: Problem, height: float) -> None:
        """Draw when the window is open, as a ground that is lighter than the rest, from 0 up to a height."""
        wall = problem.window.wall
        for day in self.days:
            _ground(ax, self.left(day), self.left(day) + self.hours, height, PALE, 0)
        for span in problem.window.open_time:
            for left, right in self.spans(wall(span.start), wall(span.end)):
                _ground(ax, left, right, height, "white", 0.5)


def _ground(ax: Axes, left: float, right: float, height: float, colour: str, zorder: float) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((left, 0), right - left, height, facecolor=colour, linewidth=0, zorder=zorder))


def _by_day(start: datetime, end: datetime) -> Iterator[tuple[date, int, int]]:
    day = start.date()
    first = start.hour * 60 + start.minute
    last = (end.date() - day).days * _DAY + end.hour * 60 + end.minute
    # In the hour that comes twice, a wall clock stands still or goes back.
    last = max(last, first + round((end.timestamp() - start.timestamp()) / 60) if last <= first else last)
    if last <= _NIGHT:
        yield day, first, last
        return
    while last > 0:
        yield day, first, min(last, _DAY)
        day, first, last = day + timedelta(days=1), 0, last - _DAY


def days_of(schedule: Schedule, problem: Problem | None, only: Sequence[date] = ()) -> Days:
    """Return the days of a schedule, or of its problem's window where that is known.

    Args:
        schedule: the schedule.
        problem: its problem, or `None`.
        only: the dates to show; none is all.
    """
    stretches: list[tuple[datetime, datetime]] = [(one.start, one.end) for one in schedule.bookings]
    if problem is not None:
        wall, zone = problem.window.wall, ZoneInfo(schedule.zone)
        opened = [(wall(span.start), wall(span.end)) for span in problem.window.open_time]
        stretches += [(start.astimezone(zone), end.astimezone(zone)) for start, end in opened]
    pieces = [piece for start, end in stretches for piece in _by_day(start, end) if not only or piece[0] in only]
    if not pieces:
        return Days(tuple(sorted(only)) or (date(1970, 1, 1),), 0, _DAY, schedule.zone)
    first = min(start for _, start, _ in pieces) // 60 * 60
    last = -(-max(end for *_, end in pieces) // 60) * 60
    return Days(tuple(sorted({*only} or {day for day, *_ in pieces})), first, last, schedule.zone)


def wanted(days: Sequence[date | str]) -> tuple[date, ...]:
    """Return dates, or refuse what is none.

    Raises:
        InputError: with everything that is no date.
    """
    found = to_dates(days)
    faults = tuple(check_dates("days", found, unique=False))
    if faults:
        raise InputError(faults, "the chart")
    return found
