"""Rosters: which team of interpreters works at which meeting, found without the solver."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from unsched.domain.dealing import COUNTING, SEARCH, TURNS, Limits, Meeting, Shares, meeting, share_out
from unsched.domain.timetable import Timetable
from unsched.errors import UnknownIdError

if TYPE_CHECKING:
    import pandas as pd

    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule

__all__ = ["Assignment", "Roster", "make_roster", "roster"]


@frozen
class Assignment:
    """A team at a meeting, the half-open interval from `start` to `end`.

    Args:
        session: id of the session.
        language: the language into which the team interprets.
        team: id of the team.
        start: first instant, with the offset from UTC.
        end: first instant after it, with the offset from UTC.
    """

    session: str
    language: str
    team: str
    start: datetime
    end: datetime


@frozen
class Roster:
    """Which team works at which meeting, and why that is enough.

    Args:
        teams: ids of all teams, in the order of the problem.
        assignments: who works where, in order of start, then session, then language.
        without: the meetings that have no team in a language, as (session, language), in the same order.
        why: a sentence that says why no roster does better.
        zone: IANA name of the time zone in which people read it.
    """

    teams: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    without: tuple[tuple[str, str], ...]
    why: str
    zone: str = "UTC"

    @cached_property
    def _by_team(self) -> dict[str, tuple[Assignment, ...]]:
        return {team: tuple(one for one in self.assignments if one.team == team) for team in self.teams}

    def of(self, team_id: str) -> tuple[Assignment, ...]:
        """Return where a team works, in order of start.

        Raises:
            UnknownIdError: there is no such team.
        """
        try:
            return self._by_team[team_id]
        except (KeyError, TypeError):
            raise UnknownIdError("team", team_id, self._by_team) from None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data, which JSON can hold."""
        return {
            "teams": list(self.teams),
            "assignments": [
                {
                    "session": one.session,
                    "language": one.language,
                    "team": one.team,
                    "start": one.start.isoformat(),
                    "end": one.end.isoformat(),
                }
                for one in self.assignments
            ],
            "without": [{"session": session, "language": language} for session, language in self.without],
            "why": self.why,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the assignments as a pandas DataFrame: team, language, session, start, end."""
        from unsched.report.tables import assignments_frame

        return assignments_frame(self)

    def _repr_html_(self) -> str:
        from unsched.report.notebook import roster_html

        return roster_html(self)

    def __str__(self) -> str:
        from unsched.report.printable import clean
        from unsched.report.text import clock, day_name

        lines = []
        for team in self.teams:
            lines.append(clean(team))
            for one in self.of(team):
                hours = f"{day_name(one.start.date())} {clock(one.start)}-{clock(one.end)}"
                lines.append(f"  {hours}  {clean(one.session)} ({clean(one.language)})")
        lines += [f"Without a team: {clean(session)} ({clean(language)})" for session, language in self.without]
        return "\n".join([*lines, clean(self.why)])


def roster(problem: Problem, schedule: Schedule) -> Roster:
    """Return who interprets what in a schedule, within the limits of the problem's `InterpretersEnough` rule.

    Limits that have a price are kept where everything has a team within them. Where that cannot be, and fewer go
    without a team under the limits that must hold, only those are kept.

    Args:
        problem: the facts and rules; without teams, the roster is empty.
        schedule: its schedule.

    Raises:
        InputError: the schedule books a session or a room that the problem does not have.

    >>> from unsched import Booking, Problem, Room, Schedule, Session, Team, Venue, Window
    >>> problem = Problem(
    ...     "p", Window("UTC", ["2010-12-17"]), Venue([Room("I", booths=1)]),
    ...     [Session("wg", "Working Group", 180, languages=["fr"])], teams=[Team("fr-1", "fr")],
    ... )
    >>> hours = "2010-12-17T10:00+00:00", "2010-12-17T13:00+00:00"
    >>> print(roster(problem, Schedule("p", "UTC", [Booking("wg", "I", *hours)])))
    fr-1
      Friday 17 December 2010 10:00-13:00  wg (fr)
    Every meeting has its teams. Counting is enough: no limit is set, and as many teams as run at once can always do.
    """
    from unsched.rules.base import Constraint
    from unsched.rules.languages import InterpretersEnough

    found = [(rule, rule.plain) for rule in problem.all_rules]
    rules = [(isinstance(rule, Constraint), plain) for rule, plain in found if isinstance(plain, InterpretersEnough)]
    timetable = Timetable(problem, schedule)
    strict = _within(timetable, (plain for _, plain in rules))
    if strict.without and not all(hard for hard, _ in rules):
        firm = _within(timetable, (plain for hard, plain in rules if hard))
        if len(firm.without) < len(strict.without):
            return evolve(firm, why=f"{firm.why} Limits that have a price are exceeded.")
    return strict


def _within(timetable: Timetable, rules: Iterable[Any]) -> Roster:
    """Return the roster within the strictest of the limits of several rules."""
    several = tuple(rules)
    days = [rule.per_day for rule in several if rule.per_day is not None]
    weeks = [rule.per_week for rule in several if rule.per_week is not None]
    rest = max((rule.rest for rule in several), default=0)
    return make_roster(timetable, min(days, default=None), min(weeks, default=None), rest)


def make_roster(timetable: Timetable, per_day: int | None = None, per_week: int | None = None, rest: int = 0) -> Roster:
    """Return a roster for the teams of a timetable's problem, in which the fewest meetings go without a team.

    A team works where it is available for the whole of a meeting, at one meeting at a time. Meetings are dealt out to
    the teams of a language in turn, so that the load is even where that costs nothing.

    Args:
        timetable: a schedule and its problem.
        per_day: how many meetings a team has at most on a local date; `None` is no limit.
        per_week: how many it has at most in an ISO week; `None` is no limit.
        rest: the least minutes between two meetings of a team.
    """
    problem = timetable.problem
    limits = Limits(per_day, per_week, rest)
    found: list[tuple[Meeting, str, str | None]] = []
    hows: dict[str, list[str]] = {}
    known: dict[tuple[tuple[str, tuple[int, ...]], ...], tuple[Shares, str]] = {}
    languages = dict.fromkeys(language for session in problem.sessions for language in session.languages)
    for language in languages if problem.teams else ():
        teams = [team for team in problem.teams if team.language == language]
        present = [None if one.available is None else problem.window.intervals(one.available) for one in teams]
        placed = timetable.of(session for session in problem.sessions if language in session.languages)
        meetings = [meeting(timetable, one, present, rest) for one in placed]
        # Languages that ask for the same get the same.
        key = tuple((one.placed.session.id, one.teams) for one in meetings)
        if key not in known:
            known[key] = share_out(meetings, len(teams), limits)
        shares, how = known[key]
        found += [(one, language, None if team is None else teams[team].id) for one, team in shares]
        if shares:
            hows.setdefault(how, []).append(language)
    found.sort(key=lambda one: (one[0].placed.span, one[0].placed.session.id, one[1]))
    without = tuple((one.placed.session.id, language) for one, language, team in found if team is None)
    wall = problem.window.wall
    return Roster(
        tuple(team.id for team in problem.teams),
        tuple(
            Assignment(one.placed.session.id, language, team, wall(one.placed.span.start), wall(one.placed.span.end))
            for one, language, team in found
            if team is not None
        ),
        without,
        _why(hows, len(without), teams=bool(problem.teams)),
        problem.window.zone,
    )


_REASONS = {
    COUNTING: "Counting is enough{}: no limit is set, and as many teams as run at once can always do.",
    TURNS: "Dealing out in turn is enough{}: meetings fall into slots, and no team has more than its even share.",
    SEARCH: "A search that leaves nothing untried dealt them out{}.",
}


def _why(hows: dict[str, list[str]], without: int, *, teams: bool) -> str:
    if not hows:
        return "Nothing is interpreted." if teams else "There are no teams: interpreters are out of account."
    verdict = "Every meeting has its teams."
    if without:
        verdict = f"{without} {'goes' if without == 1 else 'go'} without a team: no roster leaves fewer."
    reasons = []
    for how, reason in _REASONS.items():
        if how in hows:
            names = "" if len(hows) == 1 else f" for {', '.join(map(repr, hows[how]))}"
            reasons.append(reason.format(names))
    return " ".join([verdict, *reasons])
