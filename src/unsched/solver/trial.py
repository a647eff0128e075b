"""Trying a session at other places while everything else stays: what it breaks and what it costs, by check alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from unsched.domain.timetable import Timetable
from unsched.rules.base import Breach, Preference
from unsched.solver.answers import Consequence
from unsched.solver.compile import exclusions
from unsched.solver.elsewhere import Elsewhere, elsewhere

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Schedule
    from unsched.domain.session import Session
    from unsched.rules.base import Rule
    from unsched.solver.terms import Guard

__all__ = ["Place", "Trial", "consequences", "costs_of", "newly_broken"]

Place: TypeAlias = "tuple[Interval, str]"
"""A time, in minutes, and the id of a room."""

_TOLD = 2
_Key: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...]]"


@frozen(eq=False)
class Trial:
    """A session in its schedule, and what comes of it elsewhere.

    Args:
        problem: the facts and rules.
        schedule: the schedule; nothing else of it moves.
        session: the session, which may be left out of the schedule so far.
    """

    problem: Problem
    schedule: Schedule
    session: Session
    timetable: Timetable = field(init=False)
    _known: dict[tuple[int, Interval], tuple[Breach, ...]] = field(init=False, factory=dict)
    before: Mapping[int, tuple[Breach, ...]] = field(init=False)
    hard: list[Rule] = field(init=False)
    soft: tuple[Rule, ...] = field(init=False)

    @timetable.default
    def _look_up(self) -> Timetable:
        return Timetable(self.problem, self.schedule)

    @before.default
    def _breaches(self) -> dict[int, tuple[Breach, ...]]:
        return {id(rule): tuple(rule.check(self.timetable)) for rule in self.problem.all_rules}

    @hard.default
    def _constraints(self) -> list[Rule]:
        return [rule for rule in self.problem.all_rules if not isinstance(rule, Preference)]

    @soft.default
    def _preferences(self) -> tuple[Rule, ...]:
        found = [rule for rule in self.problem.all_rules if isinstance(rule, Preference)]
        return tuple(sorted(found, key=lambda rule: rule.tier))

    @property
    def now(self) -> Place | None:
        """Where the session stands, or `None`."""
        placed = self.timetable.get(self.session)
        return None if placed is None else (placed.span, placed.room.id)

    def all_breaches(self) -> list[Breach]:
        """Return the breaches of the schedule as it is."""
        return [breach for some in self.before.values() for breach in some]

    def places(self) -> Iterator[tuple[Place, tuple[Guard, ...]]]:
        """Yield every other place that the window and the rooms offer, and what excludes it before any search."""
        times: dict[Interval, list[Guard]] = {}
        rooms: dict[str, list[Guard]] = {}
        both: dict[Place, list[Guard]] = {}
        for one in exclusions(self.problem)[self.session.id]:
            if one.rooms is None:
                for span in one.spans or self.problem.spans(self.session):
                    times.setdefault(span, []).append(one.guard)
            elif one.spans is None:
                for room in one.rooms:
                    rooms.setdefault(room, []).append(one.guard)
            else:
                for span in one.spans:
                    for room in one.rooms:
                        both.setdefault((span, room), []).append(one.guard)
        now = self.now
        for span in self.problem.spans(self.session):
            for room in (room.id for room in self.problem.rooms):
                if (span, room) != now:
                    excluded = (*times.get(span, ()), *rooms.get(room, ()), *both.get((span, room), ()))
                    yield (span, room), excluded

    def at(self, place: Place) -> Elsewhere:
        """Return the timetable with the session at another place."""
        return elsewhere(self.timetable, self.session, self.problem.room(place[1]), place[0])

    def _check(self, rule: Rule, timetable: Elsewhere) -> tuple[Breach, ...]:
        """Return the breaches of a rule; what does not depend on the room is found out once for each time."""
        key = id(rule), timetable.span
        if key not in self._known:
            timetable.watch.looked = False
            found = tuple(rule.check(timetable))
            if timetable.watch.looked:
                return found
            self._known[key] = found
        return self._known[key]

    def broken(self, timetable: Elsewhere, *, first: bool = False, excluded: bool = True) -> list[Breach]:
        """Return what a timetable breaks that is not broken as it is.

        Args:
            timetable: the session at another place.
            first: whether the breaches of one rule are enough.
            excluded: whether the place may be one that is excluded before any search, so that the rules that exclude
                have to be asked as well.
        """
        found: list[Breach] = []
        for place, rule in enumerate(self.hard):
            if rule.narrows and not excluded:
                continue
            found += newly_broken(self.before[id(rule)], self._check(rule, timetable))
            if first and found:
                # What has refused one place is likely to refuse the next.
                self.hard.insert(0, self.hard.pop(place))
                break
        return found

    def paid(self, timetable: Elsewhere) -> list[Breach]:
        """Return the prices paid in a timetable."""
        return [breach for rule in self.soft for breach in self._check(rule, timetable)]

    def schedule_at(self, place: Place) -> Schedule:
        """Return the schedule with the session at another place."""
        return self.at(place).schedule

    @property
    def paid_now(self) -> list[Breach]:
        """The prices paid as it is."""
        return [breach for rule in self.soft for breach in self.before[id(rule)]]


def newly_broken(before: Sequence[Breach], after: Sequence[Breach]) -> list[Breach]:
    """Return the breaches of one rule that there are more of than before: by the sessions and those who bear it."""
    known: Counter[_Key] = Counter()
    for breach in before:
        known[breach.sessions, breach.whom] += breach.amount
    found = []
    for breach in after:
        key = breach.sessions, breach.whom
        known[key] -= breach.amount
        if known[key] < 0:
            found.append(breach)
    return found


def costs_of(problem: Problem, breaches: Sequence[Breach]) -> dict[int, int]:
    """Return what breaches cost by tier, in order."""
    tiers = sorted({rule.tier for rule in problem.all_rules if isinstance(rule, Preference)})
    found = dict.fromkeys(tiers, 0)
    for breach in breaches:
        if isinstance(breach.rule, Preference):
            found[breach.rule.tier] += breach.cost
    return found


def consequences(before: Sequence[Breach], after: Sequence[Breach]) -> tuple[Consequence, ...]:
    """Return which rules get worse and which better, and who pays: by tier, what gets worse first.

    A price that nobody in particular bears is added up over all sessions.

    Args:
        before: prices paid before.
        after: prices paid after.
    """
    sums: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    texts: dict[tuple[int, tuple[str, ...]], list[list[str]]] = {}
    rules: dict[int, Preference] = {}
    for side, breaches in enumerate((before, after)):
        for breach in breaches:
            if isinstance(breach.rule, Preference):
                key = id(breach.rule), breach.whom
                rules[id(breach.rule)] = breach.rule
                sums.setdefault(key, [0, 0])[side] += breach.cost
                texts.setdefault(key, [[], []])[side].append(breach.text)
    found = []
    for (rule_id, whom), (old, new) in sums.items():
        if old != new:
            said, other = texts[rule_id, whom][new > old], texts[rule_id, whom][new <= old]
            fresh = [text for text in said if text not in other] or said
            rule = rules[rule_id]
            more = f" And {len(fresh) - _TOLD} more." if len(fresh) > _TOLD else ""
            found.append(Consequence(rule.kind, rule.tier, whom, new - old, " ".join(fresh[:_TOLD]) + more))
    return tuple(sorted(found, key=lambda one: (one.tier, one.cost < 0, -abs(one.cost))))
