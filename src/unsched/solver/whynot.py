"""Answering a request: why not there, where else, and why there.

As long as nothing else moves, the rules' own checks answer, and no solver is asked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from unsched.domain.fact import shown
from unsched.domain.interval import Interval
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError
from unsched.rules.base import Breach
from unsched.rules.placing import Pin
from unsched.solver.answers import Alternative, Alternatives, Reason, Why, WhyNot
from unsched.solver.contradict import contradict
from unsched.solver.explanation import Contradiction
from unsched.solver.fewest import move_fewest
from unsched.solver.growing import Allowance
from unsched.solver.probe import Prober
from unsched.solver.scope import Scope
from unsched.solver.terms import Guard
from unsched.solver.trial import Trial, consequences, costs_of
from unsched.solver.wording import hours_words

if TYPE_CHECKING:
    from unsched.solver.probe import Places
    from unsched.solver.stop import Stop
    from unsched.solver.trial import Place

__all__ = ["alternatives", "why", "why_not"]

_SECONDS = 10.0
_GROWING = 0.6
_LOCAL_SECONDS = 3.0
_MOST = 1_000


def why_not(
    problem: Problem,
    schedule: Schedule,
    session: str,
    *,
    start: datetime | str | None = None,
    room: str | None = None,
    moving: bool = True,
    seconds: float = _SECONDS,
    seed: int = 0,
    stop: Stop | None = None,
) -> WhyNot:
    """Say whether a session can stand at another place, at what cost and for whom, or what forbids it.

    Where it is possible as it is, nothing else moves, and the solver is not asked. Otherwise as few other sessions
    move as can be found in the time, and `fewest` says whether that is proven to be the fewest; or it is told which
    rules and facts forbid it, whatever moves.

    Args:
        problem: facts and rules.
        schedule: the schedule as it is.
        session: id of the session.
        start: the start asked for, by the wall clock of the window; left out, its own.
        room: id of the room asked for; left out, any.
        moving: whether other sessions may move.
        seconds: wall seconds at most, where others may move.
        seed: seed of the search.
        stop: what may call it off, such as a `Cancel`; its limits are not heard.

    Raises:
        UnknownIdError: there is no such session or room.
        InputError: the schedule is of another problem, the start is none or on a day that is not of the window, or
            neither start nor room is given.
    """
    trial = _trial(problem, schedule, session, seconds)
    span = _asked_span(trial, start, room)
    rooms = [one.id for one in problem.rooms] if room is None else [problem.room(room).id]
    best, forbids = _best_room(trial, span, rooms)
    words = f"on {problem.window.wall(span.start):%a %d %b %H:%M}" + ("" if room is None else f" in {room}")
    if not forbids:
        return WhyNot(session, words, answer=_alternative(trial, best))
    if span not in problem.spans(trial.session):
        # What else would be in its way there is nobody's concern.
        forbids = tuple(one for one in forbids if not one.rule.softens)
        hours = hours_words(problem, trial.session, span, room)
        forbids = tuple(evolve(one, text=f"{one.text} {hours}") for one in forbids)
        members = tuple(Guard(one.rule, session, one.text) for one in forbids)
        return WhyNot(session, words, forbids, conflict=Contradiction(members))
    if not moving:
        return WhyNot(session, words, forbids)
    asked = Pin(session, problem.window.wall(span.start).isoformat(), room)
    pinned = evolve(problem, rules=(*problem.rules, asked))
    prober = Prober(pinned, time.monotonic() + seconds, seed, standing=(session,), stop=stop)
    found = _moving(trial, prober, WhyNot(session, words, forbids))
    return found if found.conflict is None else evolve(found, conflict=_without(found.conflict, asked, words))


def _without(conflict: Contradiction, asked: Pin, words: str) -> Contradiction:
    """Return a conflict in which what is asked for is called that."""
    text = f"What is asked for: {asked.sessions} {words}."
    members = (Guard(one.rule, one.about, text) if one.rule is asked else one for one in conflict.members)
    return evolve(conflict, members=tuple(members))


def alternatives(
    problem: Problem,
    schedule: Schedule,
    session: str,
    n: int = 5,
    *,
    moving: int = 0,
    seconds: float = _SECONDS,
    seed: int = 0,
    stop: Stop | None = None,
) -> Alternatives:
    """Return the best other places of a session, the cheapest first, each with its consequences.

    Args:
        problem: facts and rules.
        schedule: the schedule as it is.
        session: id of the session, which may be one that is not scheduled.
        n: how many places.
        moving: how many other sessions may move to make room for it.
        seconds: wall seconds at most; the best of what was looked at by then is returned.
        seed: seed of the search.
        stop: what may call it off, such as a `Cancel`; its limits are not heard.

    Raises:
        UnknownIdError: there is no such session.
        InputError: the schedule is of another problem, or a number is none.
    """
    trial = _trial(problem, schedule, session, seconds)
    for name, value, least in (("n", n, 1), ("moving", moving, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MOST:
            message = f"{shown(value)} is not a number from {least} to {_MOST}"
            raise InputError([Fault(name, message, f"{max(least, 1)}.")], "alternatives")
    until = time.monotonic() + seconds
    found: list[tuple[tuple[int, ...], int, Alternative | Place]] = []
    blocked: list[tuple[int, int, Place, tuple[str, ...]]] = []
    number, complete = 0, True
    for number, (place, excluded) in enumerate(trial.places(), 1):
        if excluded or not complete:
            continue
        complete = time.monotonic() < until and not (stop is not None and stop.cancelled)
        timetable = trial.at(place)
        broken = trial.broken(timetable, first=not moving, excluded=False)
        if not broken:
            found.append((tuple(costs_of(problem, trial.paid(timetable)).values()), number, place))
        elif moving:
            names = dict.fromkeys(name for one in broken for name in one.sessions if name != session)
            if 0 < len(names) <= moving:
                blocked.append((len(names), number, place, tuple(names)))
    prober = Prober(problem, until, seed, problem.all_rules, stop=stop)
    for _, order, place, others in sorted(blocked, key=lambda one: one[:2]):
        if prober.left <= 0:
            complete = False
            break
        moved, sure = _with_others(trial, prober, place, others)
        complete = complete and sure
        if moved is not None:
            found.append((tuple(moved.costs.values()), order, moved))
    found.sort(key=lambda one: one[:2])
    best = [one if isinstance(one, Alternative) else _alternative(trial, one) for _, _, one in found[:n]]
    return Alternatives(session, tuple(best), number, complete)


def why(problem: Problem, schedule: Schedule, session: str) -> Why:
    """Say what holds a session where it is: what rules the other places out, and which is the next best.

    Args:
        problem: facts and rules.
        schedule: the schedule as it is.
        session: id of the session.

    Raises:
        UnknownIdError: there is no such session.
        InputError: the schedule is of another problem.
    """
    trial = _trial(problem, schedule, session, _SECONDS)
    now = tuple(costs_of(problem, trial.paid_now).values())
    excluded: dict[tuple[str, str], int] = {}
    taken: dict[tuple[str, str], int] = {}
    free: list[tuple[tuple[int, ...], int, Place]] = []
    number = 0
    for number, (place, guards) in enumerate(trial.places(), 1):
        for key in dict.fromkeys((guard.told(problem).text, guard.rule.kind) for guard in guards):
            excluded[key] = excluded.get(key, 0) + 1
        if guards:
            continue
        timetable = trial.at(place)
        broken = trial.broken(timetable, excluded=False)
        for key in dict.fromkeys((one.rule.say(), one.rule.kind) for one in broken):
            taken[key] = taken.get(key, 0) + 1
        if not broken:
            free.append((tuple(costs_of(problem, trial.paid(timetable)).values()), number, place))
    best = min(free, default=None, key=lambda one: one[:2])
    pays = (one for one in trial.paid_now if session in one.sessions or session in one.whom)
    return Why(
        session,
        schedule.get(session),
        number,
        _reasons(excluded),
        _reasons(taken),
        sum(costs > now for costs, _, _ in free),
        tuple(sorted(pays, key=lambda one: -one.cost)),
        None if best is None else _alternative(trial, best[2]),
        len(free),
    )


def _reasons(counts: Mapping[tuple[str, str], int]) -> tuple[Reason, ...]:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return tuple(Reason(text, places, kind) for (text, kind), places in ordered)


def _trial(problem: object, schedule: object, session: str, seconds: object) -> Trial:
    faults = []
    if not isinstance(problem, Problem):
        faults.append(Fault("problem", f"{shown(problem)} is not a Problem", "load_problem(path)."))
    if not isinstance(schedule, Schedule):
        faults.append(Fault("schedule", f"{shown(schedule)} is not a Schedule", "load_schedule(path)."))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        faults.append(Fault("seconds", f"{shown(seconds)} is not a number of seconds", "10."))
    if isinstance(problem, Problem) and isinstance(schedule, Schedule):
        faults += misfits(problem, schedule)
        if not faults:
            return Trial(problem, schedule, problem.session(session))
    raise InputError(faults, "the question")


def _asked_span(trial: Trial, start: datetime | str | None, room: str | None) -> Interval:
    """Return the time that is asked for: of the length that the session has now, or else the longest there."""
    now = trial.now
    if start is None:
        if now is None or room is None:
            message = "neither a start nor a room is asked for" if now else f"{trial.session.id!r} is not scheduled"
            raise InputError([Fault("start", message, "a start, such as 2010-12-17T10:00.")], "the question")
        return now[0]
    try:
        minute = trial.problem.window.minute(start)
    except InputError as error:
        raise InputError([fault.under("start") for fault in error.faults], "the question") from None
    window = trial.problem.window
    day = window.day_of(minute)
    if day not in window.days and not any(span.start <= minute < span.end for span in window.open_time):
        message = f"{trial.session.id!r} cannot start at {window.wall(minute):%Y-%m-%d %H:%M} in the window"
        remedy = window.nearest_start(minute, trial.problem.starts(trial.session))
        raise InputError([Fault("start", message, remedy)], "the question")
    offered = [span for span in trial.problem.spans(trial.session) if span.start == minute]
    length = trial.session.length if now is None else now[0].minutes
    same = [span for span in offered if span.minutes == length]
    longest = max(offered, key=lambda span: span.minutes, default=Interval(minute, minute + length))
    return same[0] if same else longest


def _best_room(trial: Trial, span: Interval, rooms: Sequence[str]) -> tuple[Place, tuple[Breach, ...]]:
    """Return the room that costs least at a time, or else the one that breaks least, and what it breaks."""
    now = trial.now
    tried: list[tuple[int, tuple[int, ...], int, Place, tuple[Breach, ...]]] = []
    for number, room in enumerate(rooms):
        place = (span, room)
        timetable = trial.at(place)
        broken = tuple(trial.broken(timetable))
        costs = () if broken else tuple(costs_of(trial.problem, trial.paid(timetable)).values())
        moved = now is not None and room != now[1]
        tried.append((sum(one.amount for one in broken), costs, 2 * number + moved, place, broken))
    best = min(tried, key=lambda one: one[:3])
    return best[3], best[4]


def _alternative(trial: Trial, place: Place) -> Alternative:
    return _described(trial, trial.schedule_at(place))


def _described(trial: Trial, schedule: Schedule) -> Alternative:
    problem, name = trial.problem, trial.session.id
    after = list(schedule.breaches(problem))
    costs, before = costs_of(problem, after), costs_of(problem, trial.paid_now)
    return Alternative(
        schedule[name],
        costs,
        {tier: cost - before[tier] for tier, cost in costs.items()},
        consequences(trial.paid_now, after),
        tuple(change for change in trial.schedule.diff(schedule) if change.session != name),
        schedule,
    )


# -- where others move ----------------------------------------------------------------------------------------------


def _standing(trial: Trial) -> Places:
    return {one.session.id: (one.span, one.room.id) for one in trial.timetable.placed}


def _moving(trial: Trial, prober: Prober, question: WhyNot) -> WhyNot:
    """Look for the fewest that have to move, or say what forbids it."""
    name = trial.session.id
    now = {other: place for other, place in _standing(trial).items() if other != name}
    conflict = contradict(prober, (name,))
    if conflict is not None:
        return evolve(question, conflict=conflict)
    allowance = Allowance(prober.left * _GROWING, seed=prober.seed)
    moved = move_fewest(prober.problem, trial.schedule, name, allowance)
    if allowance.interrupted:
        return evolve(question, settled=False)
    if moved is not None:
        there = _described(trial, _as_schedule(trial, prober, moved.places))
        return evolve(question, answer=there, fewest=moved.fewest)
    answer = prober.ask(Scope(), near=now)
    if answer.possible:
        there = _described(trial, _as_schedule(trial, prober, answer.places))
        return evolve(question, answer=there, fewest=len(there.moves) <= 1)
    if answer.possible is False:
        core = prober.ask(Scope(asks=True)).core
        names = core or tuple(session.id for session in trial.problem.sessions)
        conflict = contradict(prober, names)
        return evolve(question, conflict=conflict, settled=conflict is not None)
    return evolve(question, settled=False)


def _as_schedule(trial: Trial, prober: Prober, places: Places) -> Schedule:
    """Return places as a schedule that is otherwise like the one that is asked about."""
    return evolve(trial.schedule, bookings=prober.verified(places).bookings)


def _with_others(trial: Trial, prober: Prober, place: Place, names: Sequence[str]) -> tuple[Alternative | None, bool]:
    """Return the best schedule with a session at a place, in which only some others move, and whether that is sure."""
    free = {*names}
    fixed = {other: at for other, at in _standing(trial).items() if other not in free}
    fixed[trial.session.id] = place
    scope = Scope(fixed=fixed, present=frozenset({*fixed, *free}))
    answer = prober.ask(scope, seconds=_LOCAL_SECONDS)
    if not answer.possible:
        return None, answer.possible is False
    return _described(trial, _as_schedule(trial, prober, answer.places)), answer.proven
