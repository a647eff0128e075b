"""Interpretation: a team for every language, and few teams in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_choice, check_count, check_each, to_ids
from unsched.domain.part import whole
from unsched.domain.roster import make_roster
from unsched.errors import Fault, nearest
from unsched.rules.base import Breach, Constraint, Preference
from unsched.rules.crew import alike, crew_of, spans_of, stays_of
from unsched.solver.cliques import cliques

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

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
    anonymous: ClassVar[bool] = True
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
        from unsched.solver.terms import Requirement

        for languages, sessions, teams in alike(board.problem):
            stays = stays_of(board, sessions, teams, self.rest)
            for session, alone in spans_of(stay for stay in stays if not stay.teams):
                for language in languages:
                    board.forbid(self, session, spans=alone, about=language, whom=(language,))
            crew = crew_of(board, [stay for stay in stays if stay.teams], self.per_day, self.per_week)
            if board.at_a_price:
                amount = board.total([term for group in crew.groups for term in crew.without(group)])
                for language in languages:
                    board.require(self, amount <= 0, about=language, whom=(language,))
            else:
                about = ", ".join(languages)
                for row in (row for group in crew.groups for row in crew.rows(group)):
                    board.require(self, row, about=about)
                # It follows from these, and can be told by counting.
                if len(sessions) > len(teams):
                    at_once = frozenset(whole(session).key for session in sessions)
                    board.require(self, Requirement(cap=(at_once, len(teams))), about=about)

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

    def say_about(self, problem: Problem, about: str) -> str:
        """Return how many teams there are for a language, or for each of several that are alike."""
        languages = about.split(", ")
        teams = sum(team.language == languages[0] for team in problem.teams)
        each = "for each of" if len(languages) > 1 else "for"
        are = "is 1 team" if teams == 1 else f"are {teams} teams"
        hours = " (with hours of their own)" if any(team.available for team in problem.teams) else ""
        return f"There {are} of interpreters{hours} {each} {', '.join(map(repr, languages))}: {self.say()}"


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
    anonymous: ClassVar[bool] = True

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
                counted = self.count if amount > 1 else self.count[:-1]
                text = f"{runs} in {language!r}: {', '.join(map(repr, busiest))} ({amount} {counted})."
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
