"""The command that shows a problem or a schedule: as text, as JSON, on a terminal, as a chart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from unsched.commands.answer import Answer
from unsched.commands.machine import as_json
from unsched.errors import Fault, InputError, UnknownIdError, nearest

if TYPE_CHECKING:
    from argparse import Namespace

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["CHARTS", "show"]

CHARTS: Final = ("rooms", "delegation=ID", "interpreters", "cost")
"""What can be drawn."""


def show(arguments: Namespace) -> Answer:
    """Print a problem or a schedule, or draw it."""
    from unsched.domain.problem import Problem
    from unsched.exchange.convert import dump
    from unsched.exchange.files import load_problem
    from unsched.report.text import problem_summary, timetable

    thing = _load(arguments.file)
    problem = None if arguments.problem is None else load_problem(arguments.problem)
    if isinstance(thing, Problem):
        if problem is not None:
            message = f"{arguments.file!r} is a problem already"
            raise InputError([Fault("problem", message, "a schedule as FILE.")], "the arguments")
        if arguments.png is None:
            _no_chart(arguments)
            return Answer(as_json(dump(thing)) if arguments.json else problem_summary(thing))
        if thing.published is None:
            message = f"{arguments.file!r} is a problem, and has no schedule to draw"
            raise InputError([Fault("png", message, "a schedule as FILE, with --problem.")], "the arguments")
        return _draw(arguments, thing.published, thing)
    if problem is not None:
        _belongs(thing, problem, arguments.file)
    if arguments.png is not None:
        return _draw(arguments, thing, problem)
    _no_chart(arguments)
    if arguments.json:
        return Answer(as_json(dump(thing)))
    return Answer(timetable(thing), view=lambda: _view(thing, problem))


def _view(schedule: Schedule, problem: Problem | None) -> Any:  # noqa: ANN401  what rich can draw
    from unsched.report.terminal import Report, TimetableView
    from unsched.report.text import assumption_list

    assumed = assumption_list(schedule.assumptions)
    return Report(TimetableView(schedule, problem), (f"Assumptions\n{assumed}",) if assumed else ())


def _belongs(schedule: Schedule, problem: Problem, file: str) -> None:
    from unsched.domain.timetable import misfits

    faults = misfits(problem, schedule)
    if faults:
        raise InputError(faults, file)


# -- charts ---------------------------------------------------------------------------------------------------------


def _no_chart(arguments: Namespace) -> None:
    """Refuse what is said of a chart that nobody wants."""
    faults = [
        Fault(name, f"--{name} says what to draw, and nothing is drawn", "--png FILE as well.")
        for name in ("chart", "day")
        if getattr(arguments, name)
    ]
    if faults:
        raise InputError(faults, "the arguments")


def _draw(arguments: Namespace, schedule: Schedule, problem: Problem | None) -> Answer:
    from unsched.report.charts import save_chart

    _check_name(arguments.png)
    file = save_chart(_chart(arguments, schedule, problem), arguments.png)
    if arguments.json:
        return Answer(as_json({"schema": "unsched/chart/1", "chart": arguments.chart or "rooms", "files": [str(file)]}))
    return Answer(f"Written: {file}")


def _check_name(name: str) -> None:
    """Find out before drawing that a name says no format; what a problem or a schedule is called, none does."""
    from unsched.report.charts.saving import FORMATS

    if Path(name).suffix.lower().removeprefix(".") not in FORMATS:
        remedy = f"a name that ends with {', '.join(f'.{one}' for one in FORMATS)}."
        raise InputError([Fault("png", f"{name!r} is no name of a chart", remedy)], "the arguments")


def _chart(arguments: Namespace, schedule: Schedule, problem: Problem | None) -> Any:  # noqa: ANN401  of matplotlib
    from unsched.report.charts import plot_agenda, plot_costs, plot_interpreters, plot_rooms

    name, _, who = (arguments.chart or "rooms").partition("=")
    if name == "rooms" and not who:
        return plot_rooms(schedule, problem, days=arguments.day)
    if name not in {"delegation", "interpreters", "cost"} or (name == "delegation") != bool(who):
        near = "delegation=egypt." if name == "delegation" else nearest(name, ("rooms", "interpreters", "cost"))
        message = f"{arguments.chart!r} is no chart"
        raise InputError([Fault("chart", message, near or f"one of {', '.join(CHARTS)}.")], "the arguments")
    if problem is None:
        message = f"the chart {arguments.chart!r} needs the problem"
        raise InputError([Fault("problem", message, "--problem FILE as well.")], "the arguments")
    if name == "interpreters":
        return plot_interpreters(problem, schedule, days=arguments.day)
    if name == "cost":
        return plot_costs(problem, schedule)
    try:
        return plot_agenda(problem, schedule, who, days=arguments.day)
    except UnknownIdError as error:
        message = f"there is no {error.noun} {error.name!r}"
        raise InputError([Fault("chart", message, nearest(error.name, error.known))], "the arguments") from None


# -- reading --------------------------------------------------------------------------------------------------------


def _load(file: str) -> Problem | Schedule:
    """Read a problem or a schedule, whichever the file says it holds."""
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.exchange.files import load_problem, load_schedule
    from unsched.exchange.sheets.suffixes import is_sheets
    from unsched.exchange.version import KEY, TAGS

    if is_sheets(file):
        return load_problem(file)

    try:
        return load_schedule(file)
    except InputError as error:
        if all(fault.path != KEY for fault in error.faults):
            raise
    try:
        return load_problem(file)
    except InputError as error:
        if all(fault.path != KEY for fault in error.faults):
            raise
    message = f"{KEY!r} says neither that it is a problem nor that it is a schedule"
    raise InputError([Fault(KEY, message, f"{TAGS[Problem]!r} or {TAGS[Schedule]!r}.")], file)
