"""DataFrames of facts, schedules and answers; `to_frame` leads here, and `TABLES` says what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest
from unsched.report.columns import OF_A_PROBLEM, TABLES
from unsched.report.costs import costs, tier_of
from unsched.report.frames import Column, make_frame
from unsched.rules.base import Breach, Preference

if TYPE_CHECKING:
    import pandas as pd

    from unsched.domain.attendance import Standing
    from unsched.domain.difference import Diff
    from unsched.domain.problem import Problem
    from unsched.domain.roster import Roster
    from unsched.domain.schedule import Schedule
    from unsched.solver.answers import Alternatives
    from unsched.solver.explanation import Explanation
    from unsched.solver.result import TierResult
    from unsched.solver.stop import Progress

__all__ = [
    "alternatives_frame",
    "assignments_frame",
    "bookings_frame",
    "breaches_frame",
    "changes_frame",
    "conflicts_frame",
    "costs_frame",
    "facts_frame",
    "progress_frame",
    "standings_frame",
    "tiers_frame",
]


def _same(table: str, things: Iterable[object], zone: str = "UTC", **named: str) -> pd.DataFrame:
    """Return a table of things whose attributes are called as its columns, but for some."""
    columns = TABLES[table]
    names = [named.get(one.name, one.name) for one in columns]
    lists = {place for place, one in enumerate(columns) if one.kind == "list"}
    rows = ([getattr(thing, name) for name in names] for thing in things)
    return make_frame(
        columns, ([list(v) if place in lists else v for place, v in enumerate(row)] for row in rows), zone
    )


# -- schedules and problems -------------------------------------------------------------------------------------------


def bookings_frame(schedule: Schedule) -> pd.DataFrame:
    """Return the bookings of a schedule, in its time zone."""
    rows = (
        [one.session, one.title, one.room, one.start, one.end, _minutes(one.start, one.end)]
        for one in schedule.bookings
    )
    return make_frame(TABLES["bookings"], rows, schedule.zone)


def _minutes(start: datetime, end: datetime) -> int:
    return round((end.timestamp() - start.timestamp()) / 60)


def facts_frame(problem: Problem, table: str = "sessions") -> pd.DataFrame:
    """Return one of the tables of a problem; date-times are in the zone of its window.

    Args:
        problem: the problem.
        table: one of `OF_A_PROBLEM`.

    Raises:
        InputError: there is no such table.
    """
    if table not in OF_A_PROBLEM:
        message = f"a problem has no table {shown(table)}"
        remedy = nearest(table, OF_A_PROBLEM) or f"one of {', '.join(OF_A_PROBLEM)}."
        raise InputError([Fault("table", message, remedy)], "to_frame")
    columns, zone = TABLES[table], problem.window.zone
    known = {one.name for one in columns}
    rows = []
    for fact in problem.all_rules if table == "rules" else getattr(problem, table):
        values: dict[str, Any] = {name: getattr(fact, name, None) for name in known}
        values |= _of_its_own(problem, table, fact)
        rows.append([_cell(problem, one, values[one.name]) for one in columns])
    return make_frame(columns, rows, zone)


def _of_its_own(problem: Problem, table: str, fact: Any) -> dict[str, Any]:  # noqa: ANN401  any fact
    """Return what stands in a table and is no attribute of the fact by that name."""
    match table:
        case "rules":
            wish = isinstance(fact, Preference)
            price = {"tier": fact.tier, "weight": fact.weight} if wish else {"tier": None, "weight": None}
            return {"rule": fact.kind, "hard": not wish, "text": fact.say(), **price}
        case "groups":
            return {"group": fact.id, "members": [one.id for one in problem.members[fact.id]]}
        case "rooms":
            seats = {name: getattr(fact.seats, name) for name in ("podium", "table", "side", "total", "accessible")}
            return {"room": fact.id, **seats}
        case "assumptions":
            value = ", ".join(fact.value) if isinstance(fact.value, tuple) else fact.value
            return {"value": None if value is None else str(value)}
        case _:
            return {table if table == "equipment" else table[:-1]: fact.id}


def _cell(problem: Problem, column: Column, value: Any) -> Any:  # noqa: ANN401  whatever facts hold
    if column.kind == "list":
        return [str(one) for one in value or ()]
    if isinstance(value, datetime):
        return value if value.tzinfo else problem.window.wall(problem.window.minute(value))
    return value


# -- what schedules cost ----------------------------------------------------------------------------------------------


def breaches_frame(breaches: Iterable[Breach]) -> pd.DataFrame:
    """Return breaches, such as those of `schedule.breaches(problem)`, in their order."""
    rows = (
        [one.rule.kind, one.hard, tier_of(one), list(one.sessions), list(one.whom), one.amount, one.cost, one.text]
        for one in breaches
    )
    return make_frame(TABLES["breaches"], rows)


def costs_frame(breaches: Iterable[Breach]) -> pd.DataFrame:
    """Return what breaches come to by tier and kind of rule, the dearest kind of each tier first."""
    found = costs(breaches)
    paid: dict[int | None, int] = {}
    for tier, _, _, _, cost in found:
        paid[tier] = paid.get(tier, 0) + cost
    return make_frame(TABLES["costs"], ([*one, one[4] / paid[one[0]] if paid[one[0]] else 0.0] for one in found))


# -- answers ----------------------------------------------------------------------------------------------------------


def tiers_frame(tiers: Iterable[TierResult]) -> pd.DataFrame:
    """Return what a solve came to, tier by tier."""
    return _same("tiers", tiers)


def progress_frame(events: Iterable[Progress]) -> pd.DataFrame:
    """Return progress events in their order, as a solve tells them to its `on_progress`.

    >>> from unsched import Progress
    >>> progress_frame([Progress(1, 200, 150, 2.5, 7)])["gap"].tolist()
    [0.25]
    """
    rows = []
    for one in events:
        known = one.tier is not None
        cost, bound = (one.cost, one.bound) if known else (None, None)
        rows.append([one.seconds, one.tier, cost, bound, one.gap, one.schedules, one.source])
    return make_frame(TABLES["progress"], rows)


def changes_frame(diff: Diff) -> pd.DataFrame:
    """Return what differs between two schedules, session by session."""
    rows = []
    for one in diff.changes:
        places = [getattr(side, name, None) for side in (one.before, one.after) for name in ("start", "end", "room")]
        told = [notice.who for notice in diff.told if one.session in notice.sessions]
        rows.append([one.session, one.what, *places, told])
    return make_frame(TABLES["changes"], rows, diff.zone)


def alternatives_frame(found: Alternatives) -> pd.DataFrame:
    """Return the other places of a session; after the columns of the table, "tier 1" and so on: the change of cost."""
    tiers = sorted({tier for one in found for tier in one.change})
    columns = (*TABLES["alternatives"], *(Column(f"tier {tier}", "count") for tier in tiers))
    rows = (
        [one.place.start, one.place.end, one.place.room, len(one.moves), *(one.change.get(tier, 0) for tier in tiers)]
        for one in found
    )
    zone = next((one.schedule.zone for one in found), "UTC")
    return make_frame(columns, rows, zone)


def assignments_frame(roster: Roster) -> pd.DataFrame:
    """Return which team of interpreters works where."""
    return _same("assignments", roster.assignments, roster.zone)


def conflicts_frame(explanation: Explanation) -> pd.DataFrame:
    """Return the members of the independent conflicts."""
    rows = (
        [number, guard.rule.kind, guard.about, str(guard)]
        for number, one in enumerate(explanation.contradictions, 1)
        for guard in one.members
    )
    return make_frame(TABLES["conflicts"], rows)


def standings_frame(standings: Sequence[Standing], zone: str = "UTC") -> pd.DataFrame:
    """Return where invitees stand with the events they were invited to, as `Attendance.standings` tells it."""
    return _same("standings", standings, zone)
