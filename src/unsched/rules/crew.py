"""Teams of interpreters as decisions: who works where, by counting where that is exact, or team by team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from unsched.domain.interval import Interval
from unsched.solver.cliques import cliques

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.problem import Problem
    from unsched.domain.services import Team
    from unsched.domain.session import Session
    from unsched.solver.board import Board
    from unsched.solver.terms import Attendance, Linear, Literal, Row

__all__: list[str] = []


@frozen(eq=False)
class Stay:
    """Where a session can stand: until when, rest included, it keeps a team; its day; the teams that are there."""

    session: Session
    span: Interval
    until: int
    day: int
    week: int
    teams: tuple[int, ...]


def alike(problem: Problem) -> list[tuple[list[str], list[Session], list[Team]]]:
    """Return the languages, those of the same sessions and of equal teams together, which need the same."""
    found: dict[object, tuple[list[str], list[Session], list[Team]]] = {}
    for language in dict.fromkeys(language for session in problem.sessions for language in session.languages):
        sessions = [session for session in problem.sessions if language in session.languages]
        teams = [team for team in problem.teams if team.language == language]
        times = frozenset(Counter(team.available for team in teams).items())
        key = (tuple(session.id for session in sessions), times)
        found.setdefault(key, ([], sessions, teams))[0].append(language)
    return list(found.values())


def stays_of(board: Board, sessions: Iterable[Session], teams: Sequence[Team], rest: int) -> list[Stay]:
    """Return where sessions can stand, in order of start, with the teams that are there for the whole time."""
    window = board.problem.window
    present = [None if team.available is None else window.intervals(team.available) for team in teams]
    days: dict[int, date] = {}
    able: dict[Interval, tuple[int, ...]] = {}
    found = []
    for session in sessions:
        for span in board.spans(session):
            if span not in able:
                days.setdefault(span.start, window.day_of(span.start))
                able[span] = tuple(
                    index
                    for index, there in enumerate(present)
                    if there is None or any(one.start <= span.start and span.end <= one.end for one in there)
                )
            day = days[span.start]
            week = day.toordinal() - day.weekday()
            found.append(Stay(session, span, span.end + rest, day.toordinal(), week, able[span]))
    return sorted(found, key=lambda stay: (stay.span, stay.until))


def crew_of(board: Board, stays: Sequence[Stay], per_day: int | None, per_week: int | None) -> Crew:
    """Return the decisions for the teams of a language, under the limits that can make a difference."""
    by_day: dict[int, list[Stay]] = {}
    by_week: dict[int, list[Stay]] = {}
    for stay in stays:
        by_day.setdefault(stay.day, []).append(stay)
        by_week.setdefault(stay.week, []).append(stay)
    bites = [
        limit is not None and any(_in_a_row(some) > limit for some in parts.values())
        for limit, parts in ((per_day, by_day), (per_week, by_week))
    ]
    groups = _groups(stays, days=bites[0], weeks=bites[1])
    return Crew(board, per_day if bites[0] else None, per_week if bites[1] else None, groups)


def _in_a_row(stays: Iterable[Stay]) -> int:
    """Return a number that a team's sessions cannot exceed: of sessions, or of times that follow each other."""
    several = sorted(stays, key=lambda stay: stay.until)
    number, free = 0, several[0].span.start
    for stay in several:
        if stay.span.start >= free:
            number, free = number + 1, stay.until
    return min(number, len({stay.session.id for stay in several}))


def _groups(stays: Iterable[Stay], *, days: bool = False, weeks: bool = False) -> list[list[Stay]]:
    """Part times, in order of start, where no team that works before is any the less free after."""
    groups: list[list[Stay]] = []
    until = 0
    for stay in stays:
        last = groups[-1][-1] if groups else None
        if last is None or not (
            stay.span.start < until or (days and stay.day == last.day) or (weeks and stay.week == last.week)
        ):
            groups.append([])
            until = stay.until
        groups[-1].append(stay)
        until = max(until, stay.until)
    return groups


@frozen(eq=False)
class Crew:
    """The teams of a language, as decisions about groups of times that have nothing to do with each other."""

    board: Board
    per_day: int | None
    per_week: int | None
    groups: list[list[Stay]]

    def _counts(self, group: Sequence[Stay]) -> bool:
        """Whether counting is exact: alike teams, without limits or in slots."""
        if len({stay.teams for stay in group}) > 1:
            return False
        if self.per_day is None and self.per_week is None:
            return True
        slots = _groups(group)
        return all(max(stay.span.start for stay in slot) < min(stay.until for stay in slot) for slot in slots)

    def rows(self, group: Sequence[Stay]) -> Iterator[Row]:
        """Yield what must hold for a group so that each session in it has a team."""
        for some, most in self._crowds(group):
            yield self.board.total([self.board.at(stay.session, stay.span) for stay in some]) <= most
        if not self._counts(group):
            for here, teams in self._by_session(group):
                yield here <= teams

    def without(self, group: Sequence[Stay]) -> Iterator[Linear]:
        """Yield numbers whose sum, pushed down, is the least number of sessions of a group that have no team."""
        total = self.board.total
        if not self._counts(group):
            for here, teams in self._by_session(group):
                yield self.board.greatest([here - teams], 1)
            return
        served = [self._attendance(session, spans) for session, spans in spans_of(group)]
        self._limit(served, group, len(group[0].teams))
        yield total([self.board.at(stay.session, stay.span) for stay in group])
        yield -total([literal for one in served for _, literal in one.at])

    def _crowds(self, group: Sequence[Stay]) -> Iterator[tuple[list[Stay], int]]:
        """Yield times of which only so many can be taken, as there are no more teams: at once, in a day, in a week."""
        sets = [(some, 1) for some in cliques((stay.span.start, stay.until, stay) for stay in group)]
        for limit, when in ((self.per_day, attrgetter("day")), (self.per_week, attrgetter("week"))):
            if limit is not None:
                sets += [(list(some), limit) for _, some in groupby(group, key=when)]
        for some, each in sets:
            most = each * len({team for stay in some for team in stay.teams})
            if len({stay.session.id for stay in some}) > most:
                yield some, most

    def _by_session(self, group: Sequence[Stay]) -> Iterator[tuple[Linear, Linear]]:
        """Yield, for each session of a group, whether it stands there, and how many teams decide to work at it."""
        at_work: dict[str, list[Literal]] = {session.id: [] for session, _ in spans_of(group)}
        seats: Counter[tuple[Stay, ...]] = Counter()
        for team in sorted({team for stay in group for team in stay.teams}):
            own = tuple(stay for stay in group if team in stay.teams)
            # Of n teams that are alike, the nth may as well leave the first n - 1 sessions to the others.
            served = [self._attendance(session, spans) for session, spans in spans_of(own)[seats[own] :]]
            seats[own] += 1
            self._limit(served, own, 1)
            for one in served:
                at_work[one.part.session.id] += [literal for _, literal in one.at]
        for session, spans in spans_of(group):
            here = self.board.any_at(session, spans.__contains__)
            yield here, self.board.total(at_work[session.id])

    def _attendance(self, session: Session, spans: frozenset[Interval]) -> Attendance:
        return self.board.attendance(session, spans.__contains__)

    def _limit(self, served: Sequence[Attendance], group: Iterable[Stay], teams: int) -> None:
        """Let so many teams be at no more sessions than they can: at once, in a day, in a week.

        At most so many in a day are at most so many at once, if each session took the whole day.
        """
        when = {stay.span: stay for stay in group}
        for limit, kept in ((1, _with_rest), (self.per_day, _whole_day), (self.per_week, _whole_week)):
            if limit is not None:
                longer = [evolve(one, at=tuple((kept(when[span]), copy) for span, copy in one.at)) for one in served]
                self.board.attend_at_most(limit * teams, (), longer)


def _with_rest(stay: Stay) -> Interval:
    return Interval(stay.span.start, stay.until)


def _whole_day(stay: Stay) -> Interval:
    return Interval(stay.day, stay.day + 1)


def _whole_week(stay: Stay) -> Interval:
    return Interval(stay.week, stay.week + 1)


def spans_of(stays: Iterable[Stay]) -> list[tuple[Session, frozenset[Interval]]]:
    """Return the sessions of some times, each with its own."""
    found: dict[str, tuple[Session, list[Interval]]] = {}
    for stay in stays:
        found.setdefault(stay.session.id, (stay.session, []))[1].append(stay.span)
    return [(session, frozenset(spans)) for session, spans in found.values()]
