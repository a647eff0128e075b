"""Interpreters in use against those available, language by language, as steps over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from unsched.domain.interval import Interval
from unsched.domain.roster import roster
from unsched.domain.timetable import Timetable
from unsched.report.charts.canvas import INK, PALETTE, SHORT, Fonts, axes_for, headline, legend, name_of, name_rows
from unsched.report.charts.days import Days, days_of, wanted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.domain.services import Team

__all__ = ["plot_interpreters"]

_ROOM = 0.35
"""What is left free above the steps of a language, as a share of the highest."""

_EVER = 10**9


@frozen
class _Language:
    """How many are in use and available, over the stretches of time in which either is known."""

    name: str
    spans: tuple[Interval, ...]
    used: tuple[int, ...]
    there: tuple[int | None, ...]

    @property
    def peak(self) -> int:
        return max(self.used, default=0)


def plot_interpreters(
    problem: Problem,
    schedule: Schedule,
    *,
    by: Literal["language", "team"] = "language",
    days: Sequence[date | str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw how many teams of interpreters are in use, and how many there are, a row for each language or team.

    The filled steps are sessions that are interpreted into the language, one team each; the line is how many teams are
    available; what is above the line is red. Where the problem has no teams, there is no line. By team, the steps are
    the sessions at which it works, as `roster` deals them out.

    Args:
        problem: the facts.
        schedule: its schedule.
        by: what has a row: "language" or "team".
        days: the dates to show; none is all of the window.
        ax: where to draw; by default, a figure is made.

    Returns:
        the axes.

    Raises:
        InputError: the schedule is of another problem, or matplotlib is not installed.
    """
    axis = days_of(schedule, problem, wanted(days))
    if by == "team":
        languages = _teams(problem, schedule)
    else:
        languages = [_language(problem, Timetable(problem, schedule), name) for name in _names(problem)]
    width = min(24.0, max(8.0, 1.8 + 0.3 * axis.width))
    ax = axes_for(ax, width, min(16.0, 1.7 + 0.62 * max(2, len(languages))))
    fonts = Fonts()
    axis.draw(ax, width - 1.8)
    axis.open(ax, problem, max(1, len(languages)))
    ax.set_ylim(max(1, len(languages)), 0)
    most = max([1, *(count for one in languages for count in (*one.used, *(n for n in one.there if n is not None)))])
    for row, one in enumerate(languages):
        _draw(ax, axis, problem, one, row + 1, (1 - _ROOM) / most)
    _name(ax, languages, fonts, by_team=by == "team")
    headline(ax, name_of(schedule, problem), "interpretation", fonts)
    _legend(ax, languages, fonts)
    if not languages:
        ax.text(axis.width / 2, 0.5, "Nothing is interpreted.", ha="center", va="center", fontsize=9, color=INK)
    return ax


def _names(problem: Problem) -> tuple[str, ...]:
    teams = (team.language for team in problem.teams)
    return tuple(dict.fromkeys([*teams, *(language for one in problem.sessions for language in one.languages)]))


def _language(problem: Problem, timetable: Timetable, name: str) -> _Language:
    """Return the steps of a language."""
    meetings = [one.span for one in timetable.placed if name in one.session.languages]
    return _steps(problem, name, meetings, [team for team in problem.teams if team.language == name])


def _teams(problem: Problem, schedule: Schedule) -> list[_Language]:
    """Return the steps of each team."""
    found, minute = roster(problem, schedule), problem.window.minute
    return [
        _steps(
            problem,
            f"{team.id} ({team.language})",
            [Interval(minute(one.start), minute(one.end)) for one in found.of(team.id)],
            [team],
        )
        for team in problem.teams
    ]


def _steps(problem: Problem, name: str, meetings: Sequence[Interval], teams: Sequence[Team]) -> _Language:
    """Return steps that are cut wherever a meeting or the presence of a team begins or ends."""
    always = (Interval(-_EVER, _EVER),)
    presence = [always if team.available is None else problem.window.intervals(team.available) for team in teams]
    open_time = problem.window.open_time
    ends = (bound for one in (*meetings, *open_time) for bound in (one.start, one.end))
    shifts = (bound for team in presence for one in team for bound in (one.start, one.end) if abs(bound) < _EVER)
    cuts = sorted({*ends, *shifts})
    spans = [
        span
        for span in map(Interval, cuts, cuts[1:])
        if any(one.holds(span) for one in open_time) or any(one.holds(span) for one in meetings)
    ]
    there = [sum(any(one.holds(span) for one in team) for team in presence) for span in spans]
    return _Language(
        name,
        tuple(spans),
        tuple(sum(one.holds(span) for one in meetings) for span in spans),
        tuple(there if problem.teams else [None] * len(spans)),
    )


def _draw(ax: Axes, axis: Days, problem: Problem, one: _Language, base: float, scale: float) -> None:
    wall = problem.window.wall
    for span, used, there in zip(one.spans, one.used, one.there, strict=True):
        served = used if there is None else min(used, there)
        for left, right in axis.spans(wall(span.start), wall(span.end)):
            for low, high, colour in ((0, served, PALETTE[0]), (served, used, SHORT)):
                if high > low:
                    edges = ([left, right], base - low * scale, base - high * scale)
                    ax.fill_between(*edges, color=colour, linewidth=0, zorder=2)
            if there is not None:
                ax.plot([left, right], [base - there * scale] * 2, color=INK, linewidth=1.4, zorder=3)


def _name(ax: Axes, languages: Sequence[_Language], fonts: Fonts, *, by_team: bool) -> None:
    names = []
    for one in languages:
        teams = [count for count in one.there if count is not None]
        of = f"at most {one.peak} of {max(teams)}" if teams else f"at most {one.peak}"
        name = fonts.fit(fonts.drawable(one.name), 100, 1, 8)
        names.append(name if by_team else f"{name}\n{of}")
    name_rows(ax, names, fonts, cut=False)


def _legend(ax: Axes, languages: Sequence[_Language], fonts: Fonts) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    steps = [(used, there) for one in languages for used, there in zip(one.used, one.there, strict=True)]
    entries: list[tuple[Any, str]] = []
    if any(used for used, _ in steps):
        entries.append((Patch(facecolor=PALETTE[0]), "teams in use"))
    if any(there is not None and used > there for used, there in steps):
        entries.append((Patch(facecolor=SHORT), "asked for, and not there"))
    if any(there is not None for _, there in steps):
        entries.append((Line2D([], [], color=INK, linewidth=1.4), "teams available"))
    legend(ax, entries, fonts)
