"""Repair: a published schedule after something has changed, with the least change, as a problem of catalogue rules.

Nothing here searches. The changed problem is stated anew: a rule for what can no longer be changed, rules in tiers of
their own for what is changed, and after them the preferences of the problem (`restate`). `nearby` finds an answer near
what was published, and proves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from attrs import evolve, fields, frozen

from unsched.domain.changes import Changes, to_changes
from unsched.domain.difference import Diff, diff
from unsched.domain.fact import shown
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.errors import Fault, InputError
from unsched.rules.stability import Near
from unsched.solver.explain import find_conflict
from unsched.solver.nearby import Clock, Found
from unsched.solver.nearby import search as look
from unsched.solver.restate import Case, make_case, restate
from unsched.solver.result import Result
from unsched.solver.solve import DEFAULT_STOP
from unsched.solver.stop import Stop

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from unsched.domain.change import Amendment
    from unsched.solver.stop import Progress
    from unsched.solver.terms import Guard

__all__ = ["LEAST", "RISING", "Repair", "Search", "repair"]

LEAST: tuple[str, ...] = ("people", "sessions", "minutes", "rooms")
"""What is kept small, first things first: who has to be told, what takes another time, by how much, other rooms."""

RISING: tuple[Near, ...] = (Near(0, 8), Near(1, 4), Near(3, 2))
"""How much dearer a change is on the day itself, on the day before, and up to three days before."""

_SECONDS = 10.0


class Search(TypedDict, total=False):
    """How to search: the arguments of `solve` that are passed on to it."""

    stop: Stop
    seed: int
    workers: int | None
    on_progress: Callable[[Progress], None] | None
    stamp: datetime | None
    executor: Executor | None


@frozen(kw_only=True)
class Repair(Result):
    """What `repair` returns: a result, and what it means for those who have the published schedule.

    The numbers of its tiers are those of the repair; `meanings` says what each counts.

    Args:
        problem: the problem once the changes are made: the facts that the schedule answers to from now on. Sessions
            that had to be dropped are optional in it.
        published: the schedule that people have.
        changes: what has changed.
        meanings: what each tier counts, by its number.
        dropped: ids of the sessions that had a place, or need one, and have none.
        impossible: whether it is proven that not all sessions that have to stand can; otherwise, where some are
            dropped, more time may show that none need be.
        taken_up: ids of the sessions on standby that have got a place.
        diff: what differs from the published schedule, and who has to be told; `None` where there is no schedule.
    """

    problem: Problem
    published: Schedule
    changes: Changes
    meanings: Mapping[int, str]
    dropped: tuple[str, ...] = ()
    impossible: bool = False
    taken_up: tuple[str, ...] = ()
    diff: Diff | None = None

    def _repr_html_(self) -> str:
        from unsched.report.notebook import repair_html

        return repair_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which JSON can hold; the changed problem is left to `dump`."""
        found = Result.to_dict(self)
        found["tiers"] = [{"counts": self.meanings.get(tier.tier, ""), **tier.to_dict()} for tier in self.tiers]
        return {
            **found,
            "dropped": list(self.dropped),
            "impossible": self.impossible,
            "taken_up": list(self.taken_up),
            "diff": None if self.diff is None else self.diff.to_dict(),
        }

    def __str__(self) -> str:
        from unsched.report.changes import repaired

        return repaired(self)


def repair(
    problem: Problem,
    published: Schedule,
    changes: Changes | Amendment | Iterable[Amendment] = (),
    *,
    now: datetime | str | None = None,
    freeze: int = 0,
    least: Sequence[str | Mapping[str, int]] = LEAST,
    near: Iterable[Near] = RISING,
    **search: Unpack[Search],
) -> Repair:
    """Return the schedule nearest to a published one that keeps every rule once some changes are made.

    First every constraint holds; then as little as possible is changed; then the preferences of the problem count, in
    their own tiers. Each is brought to its least, with a bound, before the next counts. Sessions on standby are taken
    up in the order of their priority where that changes nothing for others. Where no schedule keeps every constraint,
    the fewest sessions are dropped, those of the highest priority last; `conflict` names what left no other way, where
    the problem is not too large to say.

    What has begun at `now` stays as it is, even where a change makes it break a rule.

    Args:
        problem: the facts and rules as they were.
        published: the schedule that people have; it stays as it is.
        changes: what is no longer as it was.
        now: the time from which things can be changed, by the wall clock of the window or with an offset; `None`: all
            of it lies ahead.
        freeze: minutes from `now` on during which nothing is moved, and into which nothing is moved.
        least: what is kept small, in order, of "people" (who have to be told), "sessions" (at another time), "minutes"
            (by which they move) and "rooms" (that change). A table of prices in place of a name puts several into one
            tier: `[{"people": 5, "sessions": 2}, "rooms"]`.
        near: how many times as much a change counts at short notice; heard only where there is a `now`.
        search: `stop`, `seed`, `workers`, `on_progress`, `stamp` and `executor`, as for `solve`.

    Returns:
        a result, with what has changed, for whom, and what had to be dropped.

    Raises:
        InputError: the schedule is of another problem, or a change cannot be made (any more); with all that are wrong.

    >>> from unsched import Period, Room, RoomLost, Session, Venue, Window, solve
    >>> window = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])
    >>> sessions = [Session("wg", "Working Group", 180, start="2010-12-16T10:00", room="XXVI")]
    >>> problem = Problem("p", window, Venue([Room("XXVI"), Room("IX")]), sessions)
    >>> flooded = RoomLost("XXVI", [Period(["2010-12-16"])])
    >>> print(*repair(problem, solve(problem).schedule, flooded).diff)
    wg: room, 2010-12-16 10:00 XXVI -> 2010-12-16 10:00 IX
    """
    _check(search)
    case = make_case(problem, published, to_changes(changes), now, freeze, tuple(least), tuple(near))

    clock = Clock(search)
    found = look(case, clock)
    result = found.result
    conflict: tuple[Guard, ...] = ()
    if found.impossible and not result.interrupted:
        conflict, _ = find_conflict(
            restate(case).problem, seconds=min(_SECONDS, clock.seconds_left), stop=search.get("stop")
        )
    return _told(case, problem, evolve(found, result=evolve(result, conflict=conflict, seconds=clock.seconds)))


def _check(search: Search) -> None:
    """Refuse to search in a way that cannot be, before anything is done."""
    stop, seed, workers = search.get("stop", DEFAULT_STOP), search.get("seed", 0), search.get("workers")
    faults = []
    if not isinstance(stop, Stop):
        faults.append(Fault("stop", f"{shown(stop)} does not say when to stop", "TimeLimit(30)."))
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**31:
        faults.append(Fault("seed", f"{shown(seed)} is not a seed", f"a whole number from 0 to {2**31 - 1}."))
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        faults.append(Fault("workers", f"{shown(workers)} is not a number of threads", "1 or more."))
    if faults:
        raise InputError(faults, "repair")


def _told(case: Case, problem: Problem, found: Found) -> Repair:
    own = {one.name: getattr(found.result, one.name) for one in fields(Result)}
    after = evolve(case.problem, published=problem.published)
    schedule = found.result.schedule
    dropped: tuple[str, ...] = ()
    taken_up: tuple[str, ...] = ()
    if schedule is not None:
        dropped = case.missing(schedule)
        sessions = [evolve(one, optional=True) if one.id in dropped else one for one in after.sessions]
        after = evolve(after, sessions=sessions)
        known = problem.sessions_by_id
        taken_up = tuple(
            one.session
            for one in schedule.bookings
            if one.session in known and known[one.session].optional and one.session not in case.published
        )
    return Repair(
        **own,
        problem=after,
        published=case.published,
        changes=case.changes,
        meanings=found.stated.meanings,
        dropped=dropped,
        impossible=found.impossible,
        taken_up=taken_up,
        diff=None if schedule is None else diff(case.published, schedule, after, problem),
    )
