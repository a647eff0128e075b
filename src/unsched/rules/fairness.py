"""Fairness: what cannot be spared is shared out, the worst-off first; and nobody far away meets at night."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.crosscheck import faults_of_selectors
from unsched.domain.fact import check_choice, check_count, check_each, shown, to_tuple
from unsched.domain.moment import check_time, to_time
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault, InputError
from unsched.rules.base import Breach, Preference, Rule

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear

__all__ = ["Fair", "LocalHours"]

_AMONG = ("delegations", "groups", "bodies", "persons", "zones")
_MOST = 2**40
_USUAL = 2**30
_DEEPEST = 12
_MOST_TEXTS = 5
_DAY = 24 * 60


# -- fair -------------------------------------------------------------------------------------------------------------


@frozen
class Fair(Preference):
    """What some preferences cost is shared out fairly: the worst-off comes first, then the next.

    Each of the rules keeps its weight, and what it costs (weight times amount) is borne by those whom it concerns;
    its tier plays no part. Delegations bear what falls to them and to their persons, groups what falls to their
    delegations, zones what falls to all who sit in them, and what falls to a session falls to all who are required or
    invited there, or, among bodies, to those that meet. Whoever is named twice for one thing bears it once; what
    falls to a party alone falls to no body.

    With n of them, the first unit that each bears is one point, the second n + 1 points, the third (n + 1) times as
    many again. So it is worth more that one who bears two bears only one, than that all others bear nothing: up to
    `levels` units each, the cheapest sharing is exactly the one whose worst-off is best off, then the next, and so
    on. Every further unit is as dear as the last level. Where the units are small, such as minutes, a `step` of 30
    lets the price rise with each half hour only, and reaches further.

    Args:
        rules: the preferences, or constraints at a price; each must say whom it concerns.
        among: "delegations", "groups", "bodies", "persons" or "zones": IANA time zones, those who have none being in
            the zone of the window.
        levels: up to how many units (or steps) each the price goes on rising; left out, as many as keep the numbers
            small, 12 at most.
        step: after how many units the price rises.

    Example: nobody is refused a second wish while others have not yet been refused a first.
    """

    kind: ClassVar[str] = "fair"
    unit: ClassVar[str] = "point"
    anonymous: ClassVar[bool] = True

    rules: tuple[Rule, ...] = field(converter=to_tuple, kw_only=False)
    among: str = field(default="delegations", kw_only=False)
    levels: int | None = field(default=None, kw_only=False)
    step: int = field(default=1, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("rules", self.rules, Rule)
        if self.rules == ():
            yield Fault("rules", "there is nothing to share out", "at least one preference.")
        for index, rule in enumerate(self.rules if isinstance(self.rules, tuple) else ()):
            if not isinstance(rule, Rule):
                continue
            if not isinstance(rule, Preference):
                message = f"{shown(rule)} is not a preference"
                yield Fault(f"rules[{index}]", message, "the rule at a price: Soften(...), or severity = 'should'.")
            elif _names_nobody(rule):
                yield _nobody_named(rule).under(f"rules[{index}]")
        yield from check_choice("among", self.among, _AMONG)
        yield from check_count("levels", self.levels, least=1, optional=True)
        yield from check_count("step", self.step, least=1, unit="units")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield what is wrong with the rules in this problem, prices too large, and costs that fall to nobody."""
        for index, rule in enumerate(self.rules):
            path = f"rule.rules[{index}]"
            found = [fault for one in rule.inside for fault in faults_of_selectors(problem, one, path)]
            yield from found
            for fault in () if found else rule.faults_in(problem):
                inner = fault.path.removeprefix("rule.")
                yield fault if inner == fault.path else Fault(f"{path}.{inner}", fault.message, fault.remedy)
        count = len(_parties(problem, self.among))
        if not count:
            yield Fault("rule.among", f"the problem has no {self.among}", f"one of {', '.join(map(repr, _AMONG))}.")
        elif self.levels is not None and self._heaviest * (count + 1) ** min(self.levels, 41) > _MOST:
            fit = max((n for n in range(42) if self._heaviest * (count + 1) ** n <= _MOST), default=1)
            message = f"{self.levels} levels among {count} {self.among} make numbers over {_MOST}"
            yield Fault("rule.levels", message, f"{max(fit, 1)} levels.")
        parties = {one.id for one in (*problem.parties, *problem.groups)}
        for index, session in enumerate(problem.sessions):
            if session.id in parties:
                message = f"{session.id!r} is a participant as well: what falls to whom cannot be told apart"
                yield Fault(f"sessions[{index}].id", message, "another id for one of them.")

    @property
    def _heaviest(self) -> int:
        return self.weight * max(rule.weight for rule in self.rules if isinstance(rule, Preference))

    def _prices(self, problem: Problem) -> list[int]:
        """Return the price of a unit at each level; each is more than all parties can come to a level below."""
        scale = len(_parties(problem, self.among)) + 1
        usual = max(n for n in range(1, _DEEPEST + 1) if n == 1 or self._heaviest * scale**n <= _USUAL)
        return [scale**level for level in range(usual if self.levels is None else self.levels)]

    def post(self, board: Board) -> None:
        """Add up what each bears, and let it rise ever more steeply."""
        from unsched.solver.terms import Requirement

        problem = board.problem
        shares: dict[str, tuple[list[Linear], list[int]]] = {}
        for rule in self.rules:
            with board.collected() as amounts:
                rule.post(board)
            for amount, weight, whom in amounts:
                if not whom:
                    raise InputError([_nobody_named(rule)], "the rules that are shared out")
                for bearer in dict.fromkeys(one for name in whom for one in _bearers(problem, self.among, name)):
                    terms, weights = shares.setdefault(bearer, ([], []))
                    terms.append(amount)
                    weights.append(weight)
        steep = self._prices(problem)
        for bearer, (terms, weights) in shares.items():
            borne = board.total(terms, weights)
            points, prices = [borne], [1]
            for level, (before, price) in enumerate(pairwise(steep), start=1):
                points.append(board.broken(Requirement((borne <= level * self.step,))))
                prices.append(price - before)
            board.prefer(self, board.total(points, prices), whom=(bearer,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Go through all that anybody bears, one by one."""
        found = [breach for rule in self.rules for breach in rule.check(timetable)]
        by_name: dict[str, list[int]] = {}
        for index, breach in enumerate(found):
            for name in breach.whom or breach.sessions:
                by_name.setdefault(name, []).append(index)
        answers = _answers_for(timetable.problem, self.among)
        for bearer, names in answers.items():
            mine = [found[index] for index in sorted({index for name in names for index in by_name.get(name, ())})]
            borne = sum(breach.cost for breach in mine)
            if not borne:
                continue
            steep = self._prices(timetable.problem)
            points = sum(steep[min(unit // self.step, len(steep) - 1)] for unit in range(borne))
            sessions = tuple(dict.fromkeys(name for breach in mine for name in breach.sessions))
            texts = [breach.text for breach in mine[:_MOST_TEXTS]]
            more = f" And {len(mine) - len(texts)} more." if len(mine) > len(texts) else ""
            yield Breach(self, sessions, points, f"{bearer!r} bears {borne}: {' '.join(texts)}{more}", (bearer,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Shared out among {self.among}, the worst-off first: {' '.join(rule.say() for rule in self.rules)}"


def _names_nobody(rule: Rule) -> bool:
    """Whether what a rule costs falls to nobody: as it says itself, or as a rule inside it does."""
    inner = getattr(rule, "rule", None)
    return rule.anonymous or (isinstance(inner, Rule) and _names_nobody(inner))


def _nobody_named(rule: Rule) -> Fault:
    message = f"{rule.plain.kind!r} does not say who bears what it costs, so it cannot be shared out"
    return Fault("", message, "leave it by itself, beside what is shared out.")


def _parties(problem: Problem, among: str) -> tuple[str, ...]:
    """Return the names of those among whom something is shared out."""
    zones = (party.zone or problem.window.zone for party in problem.parties)
    names: Mapping[str, Iterable[str]] = {
        "delegations": problem.delegations_by_id,
        "groups": problem.groups_by_id,
        "bodies": (body for session in problem.sessions for body in session.bodies),
        "persons": problem.persons_by_id,
        "zones": zones,
    }
    return tuple(dict.fromkeys(names[among]))


def _bearers(problem: Problem, among: str, name: str) -> Iterator[str]:
    """Yield who bears, for the solver, what a rule says to concern a session, a delegation, a group or a person."""
    session = problem.sessions_by_id.get(name)
    if among == "bodies":
        yield from session.bodies if session else ()
        return
    if among == "groups" and name in problem.groups_by_id:
        yield name
        return
    names: Iterable[str] = (member.id for member in problem.members.get(name, ()))
    if session is not None:
        names = (one for audience in problem.audiences(session) for one in (*audience.needed, *audience.welcome))
    elif name not in problem.groups_by_id:
        names = (name,)
    for one in names:
        person = problem.persons_by_id.get(one)
        home = problem.delegations_by_id.get((person.delegation or "") if person else one)
        party = person or home
        if among == "persons" and person is not None:
            yield person.id
        elif among == "delegations" and home is not None:
            yield home.id
        elif among == "groups" and home is not None:
            yield from home.groups
        elif among == "zones" and party is not None:
            yield party.zone or problem.window.zone


def _answers_for(problem: Problem, among: str) -> dict[str, set[str]]:
    """Return, for the check, all sessions and participants whose costs each one bears."""
    if among == "bodies":
        bodies = dict.fromkeys(body for session in problem.sessions for body in session.bodies)
        return {body: {one.id for one in problem.sessions if body in one.bodies} for body in bodies}
    staff: dict[str, list[str]] = {one.id: [one.id] for one in problem.delegations}
    for person in problem.persons:
        if person.delegation is not None:
            staff[person.delegation].append(person.id)
    joined = {one.id: set(one.groups) for one in problem.delegations}
    found: dict[str, set[str]] = {}
    if among == "persons":
        found = {one.id: {one.id} for one in problem.persons}
    elif among == "delegations":
        found = {one: {*names, *joined[one]} for one, names in staff.items()}
    elif among == "groups":
        for group in problem.groups:
            mine = (names for one, names in staff.items() if group.id in joined[one])
            found[group.id] = {group.id, *(name for names in mine for name in names)}
    else:
        for party in problem.parties:
            names = found.setdefault(party.zone or problem.window.zone, set())
            names |= {party.id, *joined.get(party.id, ())}
    for names in found.values():
        parties = [name for name in names if name in problem.duties]
        for name in parties:
            names |= {part.session.id for part in (*problem.duties[name], *problem.invitations[name])}
    return found


# -- local hours ------------------------------------------------------------------------------------------------------


@frozen
class LocalHours(Preference):
    """Remote participants meet at hours that are sociable by their own clock.

    The amount is, added up over all delegations and persons that have a `zone`, the hours begun of each session that
    they have to be at, or are invited to, outside the sociable hours by the wall clock of their zone. Whoever is at a
    segment only counts for that.

    Args:
        start: the first sociable minute of the day.
        end: the first minute no longer sociable; before the start, it is on the next day.
        sessions: which sessions.

    Example: a meeting in Geneva at 10:00 is at 17:00 in Hong Kong, and at 04:00 in New York, where three hours of it
    are three unsocial hours for each who follows it; `fair` with `among = "zones"` shares such nights out.
    """

    kind: ClassVar[str] = "local-hours"
    unit: ClassVar[str] = "unsocial hour"

    start: time = field(default=time(8), converter=to_time, kw_only=False)
    end: time = field(default=time(20), converter=to_time, kw_only=False)
    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_time("start", self.start)
        yield from check_time("end", self.end)
        if self.start == self.end:
            yield Fault("end", f"from {shown(self.start)} to {shown(self.end)} no hour is unsocial", "another end.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield a fault where nobody is remote."""
        if not any(party.zone for party in problem.parties):
            remedy = "zone = 'America/New_York' at a delegation or a person."
            yield Fault("rule.kind", "no delegation or person has a time zone of its own", remedy)

    def post(self, board: Board) -> None:
        """Price the hours of each part once for all who sit in one zone."""
        problem = board.problem
        chosen = {session.id for session in problem.select(self.sessions)}
        clocks: dict[str, _Clock] = {}
        hours: dict[tuple[object, ...], Linear | None] = {}
        for party in problem.parties:
            if party.zone is None:
                continue
            clock = clocks.setdefault(party.zone, _Clock(problem.window.origin, zoneinfo.ZoneInfo(party.zone)))
            for part in (*problem.duties[party.id], *problem.invitations[party.id]):
                if part.session.id not in chosen:
                    continue
                key = (party.zone, part.key)
                if key not in hours:
                    late = [
                        (literal, -(-minutes // 60))
                        for span, literal in board.stays(part)
                        if (minutes := clock.minutes_outside(span, self.start, self.end))
                    ]
                    terms, weights = [literal for literal, _ in late], [weight for _, weight in late]
                    # One number for many saves adding up the same times again for each of them.
                    upper = max(weights, default=0)
                    hours[key] = board.greatest([board.total(terms, weights)], upper=upper) if late else None
                if (amount := hours[key]) is not None:
                    board.prefer(self, amount, whom=(party.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Read each one's clock minute by minute."""
        problem = timetable.problem
        chosen = {session.id for session in problem.select(self.sessions)}

        @cache
        def unsocial(zone: str, minute: int) -> bool:
            clock = problem.window.wall(minute).astimezone(zoneinfo.ZoneInfo(zone)).time()
            if self.start < self.end:
                return not self.start <= clock < self.end
            return self.end <= clock < self.start

        for party in problem.parties:
            if party.zone is None:
                continue
            for one in timetable.parts((*problem.duties[party.id], *problem.invitations[party.id])):
                if one.session.id not in chosen:
                    continue
                minutes = sum(unsocial(party.zone, minute) for minute in range(one.span.start, one.span.end))
                if minutes:
                    there = problem.window.wall(one.span.start).astimezone(zoneinfo.ZoneInfo(party.zone))
                    text = f"{one.session.id!r} is at {there:%a %H:%M} for {party.id!r} ({party.zone})."
                    yield Breach(self, (one.session.id,), -(-minutes // 60), text, (party.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return (
            f"For those far away, between {self.start:%H:%M} and {self.end:%H:%M} by their own clock: {self.sessions}."
        )


@frozen
class _Clock:
    """The wall clock of a zone, in minutes since the origin of the window."""

    origin: datetime
    zone: zoneinfo.ZoneInfo

    def _reading(self, minute: int) -> int:
        """Return the minute of the local day, plus a day for each since the year 1."""
        local = (self.origin + timedelta(minutes=minute)).astimezone(self.zone).replace(tzinfo=UTC)
        return (local - datetime.min.replace(tzinfo=UTC)) // timedelta(minutes=1)

    def minutes_outside(self, span: Interval, start: time, end: time) -> int:
        """Return how many minutes of a time lie outside the hours from start to end."""
        first, last = self._reading(span.start), self._reading(span.end - 1) + 1
        begin, stop = (moment.hour * 60 + moment.minute for moment in (start, end))
        length = (stop - begin) % _DAY
        if last - first != span.minutes:  # the clock is changed meanwhile
            readings = (self._reading(minute) for minute in range(span.start, span.end))
            return sum((reading - begin) % _DAY >= length for reading in readings)

        def inside(before: int) -> int:
            days, rest = divmod(before - begin, _DAY)
            return days * length + min(rest, length)

        return span.minutes - (inside(last) - inside(first))
