"""Interpretation: a team for every language, and few teams in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from attrs import evolve, field, frozen

from unsched.domain.fact import check_choice, check_count, check_each, to_ids
from unsched.domain.interval import Interval
from unsched.domain.roster import make_roster
from unsched.errors import Fault, nearest
from unsched.rules.base import Breach, Constraint, Preference
from unsched.solver.cliques import cliques

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.problem import Problem
    from unsched.domain.services import Team
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Attendance, Linear, Literal, Row

__all__ = ["FewTeams", "InterpretersEnough"]


@frozen
class InterpretersEnough(Constraint):
    """Every language of every session has a team of interpreters that is free and within its limits.

    A team works at one session at a time, where it is available for the whole of it, with `rest` minutes or more
    between two. A session counts on the local date on which it starts. One unit of cost is a session that goes
    without a team in one of its languages. The rule holds in every problem that has teams, without limits; to set
    limits, put one with limits in its place. `unsched.roster` says which team works where.

    Counting teams is enough where the teams of a language are alike and there is no limit: an interval graph is
    perfect, so that as many teams as sessions at once can always do. Where possible times fall into slots (all times
    that touch, rest included, overlap), it is enough with limits too: k teams are dealt the sessions in turn, in
    order of start. A slot, a day and a week are each an unbroken stretch of the deal, so that no team has two
    sessions of a slot that has k at most, nor over n of a day that has k times n at most. Otherwise each team is
    decided for by itself.

    Args:
        per_day: the most sessions of a team on a day; `None` is no limit.
        per_week: the most sessions of a team in an ISO week (from Monday on); `None` is no limit.
        rest: the least minutes between two sessions of a team.

    Example: with two teams for each of six languages, at most two interpreted meetings run at once; where a team has
    at most two meetings a day, four are interpreted on a day, however short they are.
    """

    kind: ClassVar[str] = "interpreters-enough"
    unit: ClassVar[str] = "session without a team"
    standard: ClassVar[bool] = True

    per_day: int | None = None
    per_week: int | None = None
    rest: int = 0

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("per_day", self.per_day, least=1, optional=True, unit="sessions a day")
        yield from check_count("per_week", self.per_week, least=1, optional=True, unit="sessions a week")
        yield from check_count("rest", self.rest, unit="minutes")

    def concerns(self, problem: Problem) -> bool:
        """Return whether there are teams at all."""
        return bool(problem.teams)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the languages that no team has, each where it is first named."""
        known = dict.fromkeys(team.language for team in problem.teams)
        needs = Counter(language for session in problem.sessions for language in session.languages)
        told = set(known)
        for index, session in enumerate(problem.sessions):
            for place, language in enumerate(session.languages):
                if language not in told:
                    told.add(language)
                    number = needs[language]
                    whose = "1 session needs" if number == 1 else f"{number} sessions need"
                    message = f"no team interprets into {language!r}, which {whose}"
                    near = nearest(language, known) or f"Team('{language}-1', {language!r}) among the teams."
                    yield Fault(f"sessions[{index}].languages[{place}]", message, near)

    def post(self, board: Board) -> None:
        """Count teams where that is exact, and decide for each team where it is not."""
        for languages, sessions, teams in _alike(board.problem):
            stays = _stays(board, sessions, teams, self.rest)
            for session, alone in _spans_of(stay for stay in stays if not stay.teams):
                for language in languages:
                    board.forbid(self, session, spans=alone, about=language, whom=(language,))
            crew = _crew(board, [stay for stay in stays if stay.teams], self)
            if board.at_a_price:
                amount = board.total([term for group in crew.groups for term in crew.without(group)])
                for language in languages:
                    board.require(self, amount <= 0, about=language, whom=(language,))
            else:
                for row in (row for group in crew.groups for row in crew.rows(group)):
                    board.require(self, row, about=", ".join(languages))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Make the best roster, and tell what it leaves out."""
        without: dict[str, list[str]] = {}
        for name, language in make_roster(timetable, self.per_day, self.per_week, self.rest).without:
            without.setdefault(language, []).append(name)
        for language, names in without.items():
            goes = f"{len(names)} session{'s go' if len(names) > 1 else ' goes'}"
            text = f"At least {goes} without a team for {language!r}, such as {', '.join(map(repr, names))}."
            yield Breach(self, tuple(names), len(names), text, (language,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        limits = [
            *([] if self.per_day is None else [f"at most {self.per_day} a day"]),
            *([] if self.per_week is None else [f"at most {self.per_week} a week"]),
            *([f"at least {self.rest} minutes apart"] if self.rest else []),
        ]
        return f"Each language of a session has a team of interpreters{''.join(f', {limit}' for limit in limits)}."


@frozen(eq=False)
class _Stay:
    """Where a session can stand: until when, rest included, it keeps a team; its day; the teams that are there."""

    session: Session
    span: Interval
    until: int
    day: int
    week: int
    teams: tuple[int, ...]


def _alike(problem: Problem) -> list[tuple[list[str], list[Session], list[Team]]]:
    """Return the languages, those of the same sessions and of equal teams together, which need the same."""
    found: dict[object, tuple[list[str], list[Session], list[Team]]] = {}
    for language in dict.fromkeys(language for session in problem.sessions for language in session.languages):
        sessions = [session for session in problem.sessions if language in session.languages]
        teams = [team for team in problem.teams if team.language == language]
        times = frozenset(Counter(team.available for team in teams).items())
        key = (tuple(session.id for session in sessions), times)
        found.setdefault(key, ([], sessions, teams))[0].append(language)
    return list(found.values())


def _stays(board: Board, sessions: Iterable[Session], teams: Sequence[Team], rest: int) -> list[_Stay]:
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
            found.append(_Stay(session, span, span.end + rest, day.toordinal(), week, able[span]))
    return sorted(found, key=lambda stay: (stay.span, stay.until))


def _crew(board: Board, stays: Sequence[_Stay], rule: InterpretersEnough) -> _Crew:
    """Return the decisions for the teams of a language, under the limits that can make a difference."""
    by_day: dict[int, list[_Stay]] = {}
    by_week: dict[int, list[_Stay]] = {}
    for stay in stays:
        by_day.setdefault(stay.day, []).append(stay)
        by_week.setdefault(stay.week, []).append(stay)
    bites = [
        limit is not None and any(_in_a_row(some) > limit for some in parts.values())
        for limit, parts in ((rule.per_day, by_day), (rule.per_week, by_week))
    ]
    per_day, per_week = rule.per_day if bites[0] else None, rule.per_week if bites[1] else None
    return _Crew(board, per_day, per_week, _groups(stays, days=per_day is not None, weeks=per_week is not None))


def _in_a_row(stays: Iterable[_Stay]) -> int:
    """Return a number that a team's sessions cannot exceed: of sessions, or of times that follow each other."""
    several = sorted(stays, key=lambda stay: stay.until)
    number, free = 0, several[0].span.start
    for stay in several:
        if stay.span.start >= free:
            number, free = number + 1, stay.until
    return min(number, len({stay.session.id for stay in several}))


def _groups(stays: Iterable[_Stay], *, days: bool = False, weeks: bool = False) -> list[list[_Stay]]:
    """Part times, in order of start, where no team that works before is any the less free after."""
    groups: list[list[_Stay]] = []
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
class _Crew:
    """The teams of a language, as decisions about groups of times that have nothing to do with each other."""

    board: Board
    per_day: int | None
    per_week: int | None
    groups: list[list[_Stay]]

    def _counts(self, group: Sequence[_Stay]) -> bool:
        """Whether counting is exact: alike teams, without limits or in slots."""
        if len({stay.teams for stay in group}) > 1:
            return False
        if self.per_day is None and self.per_week is None:
            return True
        slots = _groups(group)
        return all(max(stay.span.start for stay in slot) < min(stay.until for stay in slot) for slot in slots)

    def rows(self, group: Sequence[_Stay]) -> Iterator[Row]:
        """Yield what must hold for a group so that each session in it has a team."""
        for some, most in self._crowds(group):
            yield self.board.total([self.board.at(stay.session, stay.span) for stay in some]) <= most
        if not self._counts(group):
            for here, teams in self._by_session(group):
                yield here <= teams

    def without(self, group: Sequence[_Stay]) -> Iterator[Linear]:
        """Yield numbers whose sum, pushed down, is the least number of sessions of a group that have no team."""
        total = self.board.total
        if not self._counts(group):
            for here, teams in self._by_session(group):
                yield self.board.greatest([here - teams], 1)
            return
        served = [self._attendance(session, spans) for session, spans in _spans_of(group)]
        self._limit(served, group, len(group[0].teams))
        yield total([self.board.at(stay.session, stay.span) for stay in group])
        yield -total([literal for one in served for _, literal in one.at])

    def _crowds(self, group: Sequence[_Stay]) -> Iterator[tuple[list[_Stay], int]]:
        """Yield times of which only so many can be taken, as there are no more teams: at once, in a day, in a week."""
        sets = [(some, 1) for some in cliques((stay.span.start, stay.until, stay) for stay in group)]
        for limit, when in ((self.per_day, attrgetter("day")), (self.per_week, attrgetter("week"))):
            if limit is not None:
                sets += [(list(some), limit) for _, some in groupby(group, key=when)]
        for some, each in sets:
            most = each * len({team for stay in some for team in stay.teams})
            if len({stay.session.id for stay in some}) > most:
                yield some, most

    def _by_session(self, group: Sequence[_Stay]) -> Iterator[tuple[Linear, Linear]]:
        """Yield, for each session of a group, whether it stands there, and how many teams decide to work at it."""
        at_work: dict[str, list[Literal]] = {session.id: [] for session, _ in _spans_of(group)}
        seats: Counter[tuple[_Stay, ...]] = Counter()
        for team in sorted({team for stay in group for team in stay.teams}):
            own = tuple(stay for stay in group if team in stay.teams)
            # Of n teams that are alike, the nth may as well leave the first n - 1 sessions to the others.
            served = [self._attendance(session, spans) for session, spans in _spans_of(own)[seats[own] :]]
            seats[own] += 1
            self._limit(served, own, 1)
            for one in served:
                at_work[one.part.session.id] += [literal for _, literal in one.at]
        for session, spans in _spans_of(group):
            here = self.board.any_at(session, spans.__contains__)
            yield here, self.board.total(at_work[session.id])

    def _attendance(self, session: Session, spans: frozenset[Interval]) -> Attendance:
        return self.board.attendance(session, spans.__contains__)

    def _limit(self, served: Sequence[Attendance], group: Iterable[_Stay], teams: int) -> None:
        """Let so many teams be at no more sessions than they can: at once, in a day, in a week.

        At most so many in a day are at most so many at once, if each session took the whole day.
        """
        when = {stay.span: stay for stay in group}
        for limit, kept in ((1, _with_rest), (self.per_day, _whole_day), (self.per_week, _whole_week)):
            if limit is not None:
                longer = [evolve(one, at=tuple((kept(when[span]), copy) for span, copy in one.at)) for one in served]
                self.board.attend_at_most(limit * teams, (), longer)


def _with_rest(stay: _Stay) -> Interval:
    return Interval(stay.span.start, stay.until)


def _whole_day(stay: _Stay) -> Interval:
    return Interval(stay.day, stay.day + 1)


def _whole_week(stay: _Stay) -> Interval:
    return Interval(stay.week, stay.week + 1)


def _spans_of(stays: Iterable[_Stay]) -> list[tuple[Session, frozenset[Interval]]]:
    """Return the sessions of some times, each with its own."""
    found: dict[str, tuple[Session, list[Interval]]] = {}
    for stay in stays:
        found.setdefault(stay.session.id, (stay.session, []))[1].append(stay.span)
    return [(session, frozenset(spans)) for session, spans in found.values()]


@frozen
class FewTeams(Preference):
    """Few teams of interpreters are needed.

    A language needs as many teams as sessions that are interpreted into it run at once at the busiest minute. The
    amount is that number, summed over the languages; or, counted in interpreters, each team as many as it is made of.
    Those numbers come from the teams of the problem, and are the same for all teams of a language.

    Args:
        languages: which languages; left out, all that sessions name.
        count: "teams" or "interpreters".

    Example: one meeting in six languages takes six teams, which are 14 interpreters where Arabic and Chinese take
    three each and the others two; a second one at the same time takes as many again, and one after it none.
    """

    kind: ClassVar[str] = "few-teams"
    unit: ClassVar[str] = "team"

    languages: tuple[str, ...] = field(default=(), converter=to_ids, kw_only=False)
    count: str = field(default="teams", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("languages", self.languages)
        yield from check_choice("count", self.count, ("teams", "interpreters"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the languages that nobody speaks, and those whose teams do not say how large they are."""
        known = dict.fromkeys(language for session in problem.sessions for language in session.languages)
        for index, language in enumerate(self.languages):
            if language not in known:
                message = f"no session is interpreted into {language!r}"
                near = nearest(language, known) or "leave languages out to mean all."
                yield Fault(f"rule.languages[{index}]", message, near)
        if self.count == "interpreters":
            for language in known:
                if language in (self.languages or known):
                    yield from _faults_of_sizes(problem, language)

    def post(self, board: Board) -> None:
        """Price the busiest minute of each language; those with the same sessions are busy alike."""
        interpreted: dict[tuple[str, ...], list[str]] = {}
        for language in self._meant(board.problem):
            names = tuple(session.id for session in board.problem.sessions if language in session.languages)
            interpreted.setdefault(names, []).append(language)
        for names, languages in interpreted.items():
            sessions = [board.problem.session(name) for name in names]
            stays = [
                (span.start, span.end, board.at(session, span)) for session in sessions for span in board.spans(session)
            ]
            peak = board.greatest([board.total(crowd) for crowd in cliques(stays)], len(sessions))
            each = sum(self._each(board.problem, language) for language in languages)
            board.prefer(self, board.total([peak], [each]))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Find the busiest start of each language."""
        problem = timetable.problem
        for language in self._meant(problem):
            placed = timetable.of(session for session in problem.sessions if language in session.languages)
            crowds = [
                tuple(other.session.id for other in placed if other.span.start <= one.span.start < other.span.end)
                for one in placed
            ]
            busiest = max(crowds, key=len, default=())
            if busiest:
                amount = len(busiest) * self._each(problem, language)
                runs = "1 session runs" if len(busiest) == 1 else f"{len(busiest)} sessions run at once"
                text = f"{runs} in {language!r}: {', '.join(map(repr, busiest))} ({amount} {self.count})."
                yield Breach(self, busiest, amount, text)

    def _meant(self, problem: Problem) -> tuple[str, ...]:
        known = dict.fromkeys(language for session in problem.sessions for language in session.languages)
        return tuple(language for language in known if language in (self.languages or known))

    def _each(self, problem: Problem, language: str) -> int:
        if self.count == "teams":
            return 1
        return next(team.interpreters or 0 for team in problem.teams if team.language == language)

    def say(self) -> str:
        """Return the rule as a sentence."""
        which = f" for {', '.join(map(repr, self.languages))}" if self.languages else ""
        counted = ", counted in interpreters" if self.count == "interpreters" else ""
        return f"Few teams of interpreters{which}{counted}."


def _faults_of_sizes(problem: Problem, language: str) -> Iterator[Fault]:
    teams = [(index, team) for index, team in enumerate(problem.teams) if team.language == language]
    if not teams:
        message = f"no team tells how many interpreters {language!r} takes"
        yield Fault("teams", message, f"Team('{language}-1', {language!r}, interpreters=2), or the number that it is.")
    first = next((team for _, team in teams if team.interpreters is not None), None)
    for index, team in teams:
        path = f"teams[{index}].interpreters"
        if team.interpreters is None:
            message = f"it is not known of how many interpreters {team.id!r} is made, and a rule counts them"
            yield Fault(path, message, "its number, or count = 'teams'.")
        elif first is not None and team.interpreters != first.interpreters:
            message = f"{team.id!r} has {team.interpreters} interpreters, and {first.id!r} has {first.interpreters}"
            yield Fault(path, message, f"{first.interpreters}, or count = 'teams'.")
