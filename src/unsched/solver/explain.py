"""Why is there no schedule: every independent conflict, and the cheapest ways out, each with its schedule."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import define, field

from unsched.domain.fact import shown
from unsched.domain.price import Price, Prices
from unsched.domain.problem import Problem
from unsched.errors import Fault, InputError
from unsched.rules.severity import Soften
from unsched.solver.compile import compile_problem
from unsched.solver.contradict import contradict
from unsched.solver.explanation import MOST_WAYS, Contradiction, Explanation, WayOut
from unsched.solver.prices import PriceList
from unsched.solver.probe import Bargain, Prober
from unsched.solver.result import Status
from unsched.solver.scope import Members, Scope
from unsched.solver.shortage import find_shortages
from unsched.solver.terms import Guard
from unsched.solver.wayplans import improved
from unsched.solver.waysout import NOT_NEGOTIABLE, Key, cheapest, key

if TYPE_CHECKING:
    from unsched.domain.schedule import Schedule
    from unsched.solver.probe import Answer, Places
    from unsched.solver.stop import Stop

__all__ = ["explain", "find_conflict"]

_SECONDS = 60.0
_LOCAL_SECONDS = 3.0
_SHARE = 0.3
"""How much of the time that is left goes into improving the schedules of the ways out by the preferences."""
_MANY_MEMBERS = 150


def explain(
    problem: Problem,
    *,
    prices: Prices | Iterable[Price] = (),
    ways: int = 5,
    seconds: float = _SECONDS,
    seed: int = 0,
    workers: int = 1,
    stop: Stop | None = None,
) -> Explanation:
    """Say why a problem has no schedule, and what is the least that has to give way.

    What can be told by counting is told first, with its arithmetic. Then conflicts are found, one after another: each
    is a set of rules and facts none of which can be left out, and each is found although the ones before it have
    been resolved. Those that come first are independent: no two have a member in common. Further ones that were found
    share a member with one of them. A way out takes one member of each conflict away; the cheapest by the
    price list comes first, and each comes with a schedule that keeps everything else and breaks as little as it can of
    what is relaxed.

    Preferences take no part in what is found. The schedule of each way out is improved by them for a share of the
    time.

    Args:
        problem: facts and rules.
        prices: what is negotiable, and at what price; the default prices hold for what these do not name.
        ways: how many ways out to look for.
        seconds: wall seconds at most; what has been found by then is returned.
        seed: seed of the search.
        workers: threads for what takes longest.
        stop: what may call it off, such as a `Cancel`: what has been found by then is returned. Its limits are not
            heard.

    Returns:
        the conflicts and the ways out; or a schedule, where there is one after all.

    Raises:
        InputError: what is given is not a problem, not a price, or no number that can be.
        DisagreementError: a rule's `post` and `check` disagree (a bug, never a fault of the input).

    >>> from unsched import Room, Session, Venue, Window
    >>> window = Window("Europe/Zurich", ["2010-12-17"])
    >>> sessions = [Session(name, name, 180) for name in ("a", "b", "c")]
    >>> found = explain(Problem("tight", window, Venue([Room("XXVI")]), sessions))
    >>> for guard in found.contradictions[0].members:
    ...     print(guard)
    'a' is scheduled, for 180 minutes.
    'b' is scheduled, for 180 minutes.
    'c' is scheduled, for 180 minutes.
    Room 'XXVI' holds one session at a time.
    >>> [str(guard) for guard in found.ways[0].relaxed], len(found.ways[0].schedule)
    (["'a' is scheduled, for 180 minutes."], 2)
    """
    _check(problem, ways, seconds, seed, workers)
    begun = time.monotonic()
    prober = Prober(problem, begun + seconds, seed, stop=stop)
    work = _Work(prober, PriceList.of(prices, problem), ways, workers=workers)
    try:
        status = work.run()
    except KeyboardInterrupt:
        work.prober.interrupted = True
        status = Status.INFEASIBLE if work.conflicts else Status.UNKNOWN
    independent = work.independent()
    return Explanation(
        problem.id,
        status,
        tuple(independent),
        work.covered(),
        tuple(work.found),
        work.schedule,
        time.monotonic() - begun,
        work.prober.called_off(),
        tuple(one for one in work.conflicts if one not in independent),
    )


def find_conflict(
    problem: Problem, *, seconds: float = 10.0, seed: int = 0, stop: Stop | None = None
) -> tuple[tuple[Guard, ...], bool]:
    """Return one conflict of a problem that is known to have no schedule, and whether the user interrupted.

    Args:
        problem: facts and rules.
        seconds: wall seconds at most; where they do not suffice, the conflict is that all rules are too much.
        seed: seed of the search.
        stop: what may call it off.
    """
    work = _Work(Prober(problem, time.monotonic() + seconds, seed, stop=stop), PriceList(()), 0)
    try:
        work.look(one=True)
    except KeyboardInterrupt:
        work.prober.interrupted = True
    # What there was no time to confirm may leave out what it takes; that all is too much is certain.
    if work.conflicts and (work.conflicts[0].confirmed or work.conflicts[0].why):
        return work.conflicts[0].members, work.prober.interrupted
    return work.everything(), work.prober.interrupted


def _check(problem: object, ways: object, seconds: object, seed: object, workers: object) -> None:
    faults = []
    if not isinstance(problem, Problem):
        faults.append(Fault("problem", f"{shown(problem)} is not a Problem", "load_problem(path)."))
    for name, value, least in (("ways", ways, 0), ("seed", seed, 0), ("workers", workers, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
            faults.append(Fault(name, f"{shown(value)} is not a number of {least} or more", f"{max(least, 1)}."))
    if isinstance(ways, int) and ways > MOST_WAYS:
        faults.append(Fault("ways", f"{ways} ways out are over the limit of {MOST_WAYS}", "5."))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        faults.append(Fault("seconds", f"{shown(seconds)} is not a number of seconds", "60."))
    if faults:
        raise InputError(faults, "explain")


@define(eq=False)
class _Work:
    """One call of `explain`."""

    prober: Prober
    prices: PriceList
    wanted: int
    workers: int = 1
    conflicts: list[Contradiction] = field(factory=list)
    found: list[WayOut] = field(factory=list)
    complete: bool = False
    freed: list[frozenset[Key]] = field(factory=list)
    schedule: Schedule | None = None
    _costs: dict[Key, int] = field(factory=dict)
    _last: Places | None = None

    @property
    def problem(self) -> Problem:
        return self.prober.problem

    def run(self) -> Status:
        """Find the conflicts, then the ways out."""
        answer = self.look()
        if not self.conflicts:
            if answer is not None and answer.possible:
                self.schedule = self.prober.verified(answer.places)
                return Status.FEASIBLE
            known = answer is not None and answer.possible is False
            return Status.INFEASIBLE if known else Status.UNKNOWN
        self._go_on()
        return Status.INFEASIBLE

    def look(self, *, one: bool = False) -> Answer | None:
        """Find what counting shows, all or one of it; where it shows nothing, ask the solver."""
        board = compile_problem(self.problem, self.prober.rules)
        for shortage in find_shortages(board, self.prober.until):
            told = {guard.about for one in self.conflicts for guard in one.members}
            names = [name for name in shortage.sessions if name not in told]
            whole = len(names) == len(shortage.sessions)
            if names:
                self._add(contradict(self.prober, names, why=shortage.text if whole else ""))
            if one and self.conflicts:
                break
        if self.conflicts:
            return None
        answer = self._ask(())
        if answer.possible is False:
            self._add(contradict(self.prober, self._core(answer)))
        return answer

    def _core(self, answer: Answer) -> Sequence[str]:
        """Return the sessions that cannot all be placed, by as small a core as the solver names at little cost."""
        core = answer.core or tuple(guard.about for guard in answer.musts)
        while True:
            smaller = self.prober.ask(Scope(present=frozenset(core), asks=True)).core
            if not smaller or len(smaller) >= len(core):
                return core
            core = smaller

    def everything(self) -> tuple[Guard, ...]:
        """Return every rule that has anything to say, about nobody in particular."""
        board = compile_problem(self.problem, self.prober.rules)
        rules = {id(guard.rule): guard.rule for guard in board.spoken.values()}
        return tuple(Guard(rule, "") for rule in rules.values())

    def independent(self) -> list[Contradiction]:
        """Return conflicts of which no two have a member in common, in the order in which they were found."""
        told: list[Contradiction] = []
        members: set[Key] = set()
        for one in self.conflicts:
            mine = {key(guard) for guard in one.members}
            if members.isdisjoint(mine):
                told.append(one)
                members |= mine
        return told

    def covered(self) -> bool:
        """Whether it is known that every conflict there is shares a member with one of the independent ones.

        What makes a schedule possible once it is relaxed has a member in every conflict, found or not.
        """
        members = {key(guard) for one in self.independent() for guard in one.members}
        return any(relaxed <= members for relaxed in self.freed)

    def _distinct(self) -> list[Contradiction]:
        """Return the conflicts that differ: no more than half of one is in one before it."""
        told: list[Contradiction] = []
        for one in self.conflicts:
            mine = {key(guard) for guard in one.members}
            shares = (len(mine & {key(guard) for guard in other.members}) for other in told)
            if all(2 * share <= len(mine) for share in shares):
                told.append(one)
        return told

    # -- ways out ---------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Resolve all conflicts known so far, as cheaply as can be, and see whether that is enough."""
        refused: list[tuple[Guard, ...]] = []
        seen: Counter[str] = Counter()
        while self.prober.left > 0 and (len(self.found) < self.wanted or not self.complete):
            members = [one.members for one in self.conflicts]
            relaxed = cheapest(members, self._costs, refused, seen, self.prober.seed)
            if relaxed is None:
                return
            price = sum(self._costs[key(guard)] for guard in relaxed)
            if price >= NOT_NEGOTIABLE and self.complete:
                return
            answer = self._near(relaxed)
            if answer is None:
                answer = self._ask(relaxed)
                if answer.possible is False:
                    if self._too_many() and not self.complete and self._bargain(answer.musts):
                        return
                    if not self._add(contradict(self.prober, self._core_without(answer, relaxed), relaxed)):
                        return
                    continue
                if answer.possible is None:
                    return
                self._last = answer.places
                answer = self._near(relaxed) or answer
            self.complete = True
            self.freed.append(frozenset(key(guard) for guard in relaxed))
            refused.append(relaxed)
            if price >= NOT_NEGOTIABLE:
                return
            self._last = answer.places
            self.found.append(self._way(relaxed, price, answer.places))
            seen.update({guard.rule.kind for guard in relaxed})

    def _way(self, relaxed: tuple[Guard, ...], price: int, places: Places, *, proven: bool = True) -> WayOut:
        """Return a way out, its schedule improved by the preferences for a share of what is left."""
        left = max(1, self.wanted - len(self.found))
        seconds = self.prober.left * _SHARE / left
        better = improved(self.prober, relaxed, places, seconds=seconds, workers=self.workers)
        schedule = self.prober.verified(better, relaxed)
        broken = tuple(breach for breach in schedule.breaches(self.problem) if breach.hard)
        return WayOut(relaxed, price, schedule, broken, proven=proven)

    def _too_many(self) -> bool:
        """Whether conflicts are found again and again that hardly differ from those before."""
        most = max(len(one.members) for one in self.conflicts)
        return (len(self.conflicts) - len(self._distinct())) * most >= _MANY_MEMBERS

    def _bargain(self, musts: Sequence[Guard]) -> bool:
        """Give up as little as possible of what the conflicts are about, and of all sessions.

        Where far too much is asked for, there are more conflicts than can be told: any 13 of 20 sessions that share
        12 hours. Then one model decides what to give up. It knows of no other rule or fact that could be: where that
        is not enough, there is another conflict to be found first.

        Returns:
            whether it was enough.
        """
        known = {key(guard): guard for one in self.conflicts for guard in one.members}
        known.update({key(guard): guard for guard in musts if key(guard) not in known})
        prices: list[tuple[Guard, int]] = []
        for guard in known.values():
            price = self.prices.of_guard(self.problem, guard)
            if price is not None:
                prices.append((guard, price))
                self._costs[key(guard)] = price
        scope = Scope(switched=Members.of(guard for guard, _ in prices))
        refused: list[tuple[Guard, ...]] = []
        while self.prober.left > 0 and len(self.found) < max(1, self.wanted):
            answer = self.prober.ask(scope, bargain=Bargain(prices, refused), workers=self.workers)
            if not answer.possible:
                break
            self.complete = True
            self.freed.append(frozenset(key(guard) for guard in answer.given_up))
            given = tuple(guard.told(self.problem) for guard in answer.given_up)
            price = sum(self._costs[key(guard)] for guard in given)
            if len(self.found) < self.wanted:
                self.found.append(self._way(given, price, answer.places, proven=False))
            refused.append(given)
        return self.complete

    def _core_without(self, answer: Answer, relaxed: Sequence[Guard]) -> Sequence[str]:
        known = {guard.about for guard in answer.musts}
        core = answer.core or tuple(known)
        smaller = self.prober.ask(Scope(present=frozenset(core), relaxed=Members.of(relaxed), asks=True)).core
        return smaller or core

    def _ask(self, relaxed: Sequence[Guard]) -> Answer:
        """Ask of the whole problem."""
        scope = Scope(relaxed=Members.of(relaxed) if relaxed else None, asks=True)
        return self.prober.ask(scope, workers=self.workers)

    def _near(self, relaxed: tuple[Guard, ...]) -> Answer | None:
        """Look for a schedule near the last one that breaks little of what is relaxed, or return `None`."""
        if self._last is None:
            return None
        names = self.problem.sessions_by_id
        free = {guard.about for one in self.conflicts for guard in one.members if guard.about in names}
        before = self.prober.schedule(self._last)
        free.update(name for one in before.breaches(self.problem) if one.hard for name in one.sessions)
        fixed = {name: place for name, place in self._last.items() if name not in free}
        price = next((Soften(guard.rule) for guard in relaxed if guard.rule.softens), None)
        scope = Scope(relaxed=Members.of(relaxed), price=price, present=frozenset({*fixed, *free}), fixed=fixed)
        answer = self.prober.ask(scope, seconds=_LOCAL_SECONDS)
        return answer if answer.possible else None

    def _add(self, conflict: Contradiction | None) -> bool:
        """Keep a conflict, with the price of each of its members; return whether it is a new one."""
        if conflict is None:
            return False
        mine = {key(guard) for guard in conflict.members}
        if any(mine == {key(guard) for guard in other.members} for other in self.conflicts):
            return False
        self.conflicts.append(conflict)
        for guard in conflict.members:
            price = self.prices.of_guard(self.problem, guard)
            self._costs[key(guard)] = NOT_NEGOTIABLE if price is None else price
        return True
