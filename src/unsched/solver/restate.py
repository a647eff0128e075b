"""A repair stated as a problem: what is frozen, what a change costs, what may be dropped, and then the wishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import define, evolve, field, frozen

from unsched.domain.change_sessions import SessionAdded, SessionMoved
from unsched.domain.changes import Changes, apply
from unsched.domain.fact import check_count, check_each, shown
from unsched.domain.moment import check_moment, to_moment
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.errors import Fault, InputError, nearest
from unsched.rules.base import Preference, Rule
from unsched.rules.choice import LeaveFewOut, PreferOption
from unsched.rules.notice import FewTold, Frozen
from unsched.rules.placing import EverySessionPlaced
from unsched.rules.severity import Demand, Soften
from unsched.rules.stability import KeepRoom, KeepStart, KeepTime, Near

__all__ = ["Case", "Stated", "make_case", "restate"]

_WORDS: Mapping[str, str] = {
    "people": "people to tell",
    "sessions": "sessions at another time",
    "minutes": "minutes moved",
    "rooms": "sessions in another room",
}
_MAX_FREEZE = 10**6
Layer = tuple[tuple[str, int], ...]


@frozen
class Case:
    """A published schedule and what has changed since.

    Args:
        problem: the problem once the changes are made, with the schedule as what is published.
        published: the schedule.
        changes: what has changed.
        begun: ids of the sessions that have begun.
        until: when the first session starts that can be moved, or `None` where all lies ahead.
        least: what is kept small: for each tier, measures and their prices.
        today: the date from which notice is counted.
        near: how many times as much a change counts at short notice.
    """

    problem: Problem
    published: Schedule
    changes: Changes
    begun: tuple[str, ...]
    until: datetime | None
    least: tuple[Layer, ...]
    today: date | None
    near: tuple[Near, ...]

    @property
    def droppable(self) -> tuple[str, ...]:
        """Ids of the sessions that have to stand, and could be dropped all the same, since they have not begun."""
        placing = (rule for rule in self.problem.all_rules if isinstance(rule, EverySessionPlaced))
        named = {one.id for rule in placing for one in self.problem.select(rule.sessions) if not one.optional}
        return tuple(one.id for one in self.problem.sessions if one.id in named and one.id not in self.begun)

    @property
    def decreed(self) -> tuple[str, ...]:
        """Ids of the droppable sessions that a change adds or moves: it was made for them to stand."""
        added = {one.session.id for one in self.changes if isinstance(one, SessionAdded)}
        moved = {one.session for one in self.changes if isinstance(one, SessionMoved)}
        return tuple(name for name in self.droppable if name in added or name in moved)

    @property
    def invited(self) -> tuple[str, ...]:
        """Ids of the sessions that may be left out, and that a change moves: it was made for them to stand, too."""
        moved = {one.session for one in self.changes if isinstance(one, SessionMoved)}
        apart = self.problem.alternatives
        return tuple(
            one.id
            for one in self.problem.sessions
            if one.id in moved and one.optional and one.id not in apart and one.id not in self.begun
        )

    def missing(self, schedule: Schedule) -> tuple[str, ...]:
        """Return the ids of the sessions that had a place, or need one, and have none in a schedule."""
        needed = {*self.droppable, *self.invited, *(booking.session for booking in self.published.bookings)}
        apart = self.problem.alternatives
        return tuple(
            one.id
            for one in self.problem.sessions
            if one.id in needed and one.id not in schedule and one.id not in apart
        )


# -- what is asked -----------------------------------------------------------------------------------------------------


def make_case(
    problem: Problem,
    published: Schedule,
    changes: Changes,
    now: datetime | str | None,
    freeze: int,
    least: Sequence[str | Mapping[str, int]],
    near: tuple[Near, ...],
) -> Case:
    """Return what is to be repaired, from the arguments of `repair`.

    Raises:
        InputError: with everything that is wrong with them.
    """
    faults = [*_not_of(problem, published), *check_each("near", near, Near)]
    faults += check_count("freeze", freeze, unit="minutes")
    if isinstance(freeze, int) and freeze > _MAX_FREEZE:
        faults.append(Fault("freeze", f"{freeze} minutes are over the limit of {_MAX_FREEZE}", "fewer minutes."))
    now = to_moment(now)
    if now is not None:
        faults += check_moment("now", now, whole=False)
    elif freeze:
        faults.append(Fault("now", "from when on it is frozen cannot be said without it", "a date and time."))
    layers = tuple(_layer(f"least[{index}]", one, faults) for index, one in enumerate(least))
    if faults:
        raise InputError(faults, "repair")
    minute = None if now is None else _minute(problem, now)
    until = None if minute is None else minute + freeze + 1
    _check_late(problem, published, changes, minute, until)
    changed = evolve(apply(problem, changes), published=published)
    wall, first = problem.window.wall, problem.window.minute
    return Case(
        changed,
        published,
        changes,
        tuple(one.session for one in published.bookings if minute is not None and first(one.start) <= minute),
        None if until is None else wall(until),
        layers,
        None if minute is None else wall(minute).date(),
        () if minute is None else near,
    )


def _not_of(problem: Problem, published: object) -> Iterator[Fault]:
    if not isinstance(problem, Problem):
        yield Fault("problem", f"{shown(problem)} is not a Problem", "load_problem(path).")
    elif not isinstance(published, Schedule):
        yield Fault("published", f"{shown(published)} is not a Schedule", "load_schedule(path).")
    elif published.problem != problem.id:
        message = f"the schedule is of problem {published.problem!r}, not of {problem.id!r}"
        yield Fault("published.problem", message, "the schedule that was published of this problem.")
    elif published.bookings and not any(one.session in problem.sessions_by_id for one in published.bookings):
        message = f"problem {problem.id!r} has none of its {len(published)} sessions"
        yield Fault("published.bookings", message, "the schedule that was published of this problem.")


def _layer(path: str, layer: object, faults: list[Fault]) -> Layer:
    prices: Mapping[Any, Any] = layer if isinstance(layer, Mapping) else {layer: 1}
    for name, price in prices.items():
        if name not in _WORDS:
            near = nearest(str(name), _WORDS) or f"one of {', '.join(map(repr, _WORDS))}."
            faults.append(Fault(path, f"{shown(name)} cannot be kept small", near))
        faults += check_count(path, price, least=1)
    return tuple(prices.items())


def _minute(problem: Problem, now: datetime) -> int:
    try:
        return problem.window.minute(now.replace(second=0, microsecond=0))
    except InputError as error:
        raise InputError([fault.under("now") for fault in error.faults], "repair") from None


def _check_late(problem: Problem, published: Schedule, changes: Changes, minute: int | None, until: int | None) -> None:
    """Refuse what comes too late: changes of sessions that are over, or that cross the freeze."""
    faults = []
    for number, one in enumerate(changes):
        booking = published.get(getattr(one, "session", "")) if one.too_late else None
        if minute is None or until is None or booking is None:
            continue
        start, end = problem.window.minute(booking.start), problem.window.minute(booking.end)
        limits = {"starts": (start, minute + 1), "ends": (end, minute + 1), "frozen": (start, until)}
        at, limit = limits[one.too_late or ""]
        if at < limit:
            state = "is over" if end <= minute else "has begun" if start <= minute else "is frozen"
            message = f"{booking.session!r}, which starts on {booking.start:%Y-%m-%d %H:%M}, {state}"
            faults.append(Fault(f"changes[{number}].session", message, "leave the change out."))
    if faults:
        raise InputError(faults, "the changes")


# -- what is stated ----------------------------------------------------------------------------------------------------


@define
class _Tiers:
    """The tiers of a repair, numbered as they come, and what each counts."""

    meanings: dict[int, str] = field(factory=dict)
    layers: dict[int, Layer] = field(factory=dict)

    def next(self, meaning: str) -> int:
        number = len(self.meanings) + 1
        self.meanings[number] = meaning
        return number


@frozen
class Stated:
    """A repair as a problem.

    Args:
        problem: the problem.
        meanings: what each of its tiers counts, by number.
        wishes: the numbers of those in which the wishes count, after what is changed.
        drops: the numbers of those in which sessions are dropped that have to stand.
        layers: by the number of each tier in which changes count, what it measures, and at what prices.
    """

    problem: Problem
    meanings: Mapping[int, str]
    wishes: tuple[int, ...]
    drops: tuple[int, ...]
    layers: Mapping[int, Layer]

    def rules_of(self, tier: int) -> tuple[Preference, ...]:
        """Return the rules whose costs one of its tiers adds up."""
        return tuple(rule for rule in self.problem.rules if isinstance(rule, Preference) and rule.tier == tier)


def restate(case: Case, *, drop: bool = False) -> Stated:
    """Return a repair as a problem of catalogue rules.

    Args:
        case: what is to be repaired.
        drop: whether sessions that have to stand may be dropped, at a price that comes before all others.
    """
    problem, tiers = case.problem, _Tiers()
    own = {id(rule) for rule in problem.rules}
    kept = {id(rule): rule for rule in problem.rules}
    kept |= _excused(case, tiers)
    more: list[Rule] = []
    if drop:
        for rule in problem.all_rules:
            if isinstance(rule, EverySessionPlaced):
                kept.pop(id(rule), None)
        more += _placing(case, tiers)
    elif case.invited:
        more.append(Demand(LeaveFewOut(case.invited, order="number")))
    drops = tuple(dict.fromkeys(rule.tier for rule in more if isinstance(rule, Soften | LeaveFewOut)))
    more += _least_change(case, tiers)
    wishes = [rule for rule in problem.all_rules if isinstance(rule, Preference)]
    numbers = {tier: tiers.next(f"wishes of tier {tier}") for tier in sorted({rule.tier for rule in wishes})}
    for rule in wishes:
        later = evolve(rule, tier=numbers[rule.tier])
        if id(rule) in own:
            kept[id(rule)] = later
        else:
            more.append(later)
    stated = evolve(problem, rules=[*kept.values(), *more])
    return Stated(stated, tiers.meanings, tuple(numbers.values()), drops, tiers.layers)


def _excused(case: Case, tiers: _Tiers) -> dict[int, Rule]:
    """Return at a price the rules that what has begun breaks, now that something has changed."""
    problem, begun = case.problem, case.begun
    past = [one for one in case.published.bookings if one.session in begun and one.session in problem.sessions_by_id]
    past = [one for one in past if one.room in problem.rooms_by_id]
    if not past:
        return {}
    broken = {
        id(breach.rule): breach.rule
        for breach in Schedule(problem.id, problem.window.zone, past).breaches(problem)
        if breach.hard and breach.sessions and set(breach.sessions) <= set(begun) and breach.rule.softens
    }
    if not broken:
        return {}
    tier = tiers.next("rules that what has begun breaks")
    return {name: Soften(rule, tier=tier) for name, rule in broken.items()}


def _placing(case: Case, tiers: _Tiers) -> Iterator[Rule]:
    """Yield that sessions stand, at a price: those that a change is made for, then those of the highest priority."""
    free = {*case.droppable} - {*case.decreed}
    yield from _decreed(case, tiers, case.decreed)
    by_priority: dict[int, list[str]] = {}
    for session in case.problem.sessions:
        if session.id in free:
            by_priority.setdefault(session.priority, []).append(session.id)
    for priority in sorted(by_priority):
        tier = tiers.next(f"sessions of priority {priority} dropped")
        yield Soften(EverySessionPlaced(by_priority[priority]), tier=tier)


def _decreed(case: Case, tiers: _Tiers, needed: Sequence[str]) -> Iterator[Rule]:
    """Yield that those stand for which a change was made, at a price; those that are optional, too."""
    if not needed and not case.invited:
        return
    tier = tiers.next("sessions dropped that a change adds or moves")
    if needed:
        yield Soften(EverySessionPlaced(needed), tier=tier)
    if case.invited:
        yield LeaveFewOut(case.invited, order="number", tier=tier)


def _least_change(case: Case, tiers: _Tiers) -> Iterator[Rule]:
    """Yield what is frozen, and what each change costs."""
    problem = case.problem
    there = [problem.session(one.session) for one in case.published.bookings if one.session in problem.sessions_by_id]
    decreed = {*case.invited}
    optional = [session.id for session in there if session.optional and session.id not in decreed]
    if case.until is not None:
        yield Frozen(case.until)
        begun = [session.id for session in there if session.id in case.begun]
        if begun:
            yield EverySessionPlaced(begun)
        if any(name in case.begun for name in optional):
            yield Demand(PreferOption(begun))
    held = {*optional, *case.droppable, *case.begun, *decreed}
    loose = [session.id for session in there if session.id not in held]
    if loose:
        # Nothing demands them; to drop them would be the cheapest way not to move them.
        yield Soften(EverySessionPlaced(loose), tier=tiers.next("published sessions dropped"))
    if optional:
        tier = tiers.next("published sessions put on standby, by priority")
        by_priority = LeaveFewOut(optional, tier=tier)
        # Where there are too many for prices that rank them, each counts the same.
        yield evolve(by_priority, order="number") if any(by_priority.faults_in(problem)) else by_priority
    if not there:
        return
    said = dict(_WORDS)
    apart = _uncounted(case)
    if apart:
        # They are told whatever the repair does, or because a slot that fell free was taken up; and so do not count.
        said["people"] += f", beyond those of sessions that are {' or '.join(apart)}"
    for layer in case.least:
        words = [f"{price} x {said[name]}" if len(layer) > 1 else said[name] for name, price in layer]
        tier = tiers.next(" + ".join(words) + (", weighted by notice" if case.near else ""))
        tiers.layers[tier] = layer
        for name, price in layer:
            yield _measure(name, price, tier, case)


def _uncounted(case: Case) -> list[str]:
    """Return in words of which sessions people are told without being counted."""
    known = case.problem.sessions_by_id
    added = any(isinstance(one, SessionAdded) for one in case.changes)
    gone = any(one.session not in known for one in case.published.bookings)
    moved = {*case.invited}
    waiting = any(
        one.optional and one.id not in case.published and one.id not in moved for one in case.problem.sessions
    )
    return ["gone or added"] * (added or gone) + ["taken up from standby"] * waiting


def _measure(name: str, price: int, tier: int, case: Case) -> Rule:
    if name == "people":
        return FewTold(today=case.today, near=case.near, weight=price, tier=tier)
    if name == "minutes":
        return KeepStart(today=case.today, near=case.near, per="minute", weight=price, tier=tier)
    keep = KeepTime if name == "sessions" else KeepRoom
    return keep(today=case.today, near=case.near, weight=price, tier=tier)
