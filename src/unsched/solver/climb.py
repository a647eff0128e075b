"""Improving a schedule while time lasts: CP-SAT on the whole model, neighbourhoods beside it, and a bound throughout.

What is small is solved outright, by CP-SAT with one worker, and then with all. Once that comes to a standstill, one
worker goes on proving while the others improve parts; from time to time all of them improve, since a better schedule
also makes the next proof easier.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, evolve
from ortools.sat.python import cp_model

from unsched.solver.anneal import Walker
from unsched.solver.by_windows import ByWindows
from unsched.solver.engine import Run
from unsched.solver.flat import Flat, Whole
from unsched.solver.improve import Improver
from unsched.solver.neighbourhoods import Neighbourhoods
from unsched.solver.news import STANDSTILL, is_far
from unsched.solver.pieces import LONGER
from unsched.solver.places import Places
from unsched.solver.start import construct
from unsched.solver.walk import is_warm, survey, warm_up
from unsched.solver.windows import falls_apart, windows, windows_by_rooms

if TYPE_CHECKING:
    from unsched.domain.interval import Interval

__all__ = ["WAIT", "WALKED", "Climb", "Start"]

Start: TypeAlias = "tuple[Mapping[str, Interval], Mapping[str, str]]"
"""Where sessions stand, by id: when, and in which room, as far as that is known."""

log = logging.getLogger(__name__)

_WINDOW, _SHORT_WINDOW = 1_000, 200
_IMPROVING, _PROVING = 0.4, 0.2
_LARGE, _SOON_SOLVED = 50_000, 15_000
WALKED, _SEVERAL = 8, 60
WAIT = 0.05
_FIRST_WALK, _SHORT_WALK, _RACING, _ROUND, _WALK_EFFORT = 0.01, 0.02, 0.75, 1.5, 0.5
_OUTRIGHT_EFFORT, _PARTS_EFFORT = 0.4, 0.7
_STROLL = 0.5


@define(eq=False)
class Climb(ByWindows):
    """One descent to ever lower costs, by all means that there are.

    Args:
        walks: who walks, once that has been asked for.
        length: wall seconds of the next walk.
        proofs: how often the whole has been proven.
        asked: whether CP-SAT has been asked for the whole.
    """

    walks: Walker | None = None
    length: float = _ROUND
    proofs: int = 0
    asked: bool = False

    def from_nothing(self) -> bool:
        """Ask CP-SAT for the whole before anything is laid out for parts; return whether there is more to do."""
        if len(self.board.model.proto.variables) > _LARGE:
            return True
        self.asked = True
        self.outright(self.effort * _OUTRIGHT_EFFORT)
        return self.best.solved and not self.best.proven and not self._over()

    def from_start(self, flat: Flat, places: Places, starts: Sequence[Start]) -> Run:
        """Improve what is known to begin with, or whatever CP-SAT finds first."""
        self.begin(flat, places, starts)
        if self.best.proven:
            return self.best
        rooms = windows_by_rooms(self.board)
        apart = falls_apart(rooms)
        tried = flat.known <= _LARGE and not self.known.far and not self.asked
        if self.best.solved and tried and len(places.names) >= WALKED:
            # A good schedule makes the proof easier.
            self._walk_first(self.improver(flat, places), _FIRST_WALK)
            self.board.hint(self.best.values)
        # What falls apart is soon solved one by one; of what is narrowed, a bound would prove nothing.
        tried = tried and not (apart and self.known.narrowed)
        if not self.best.solved or (tried and not self.best.proven):
            self.outright(self.effort * _OUTRIGHT_EFFORT)
        if not self.best.solved or self.best.proven or self._over():
            return self.best
        search = self.improver(flat, places)
        size, several = (0, []) if apart else self._windows(flat, places)
        self.whole = flat.known <= _LARGE or not (apart or several)
        with self._at_work(search) as pool:
            if several:
                self._by_windows(search, pool, several, size)
            elif len(rooms) > 1 and len(places.names) >= _SEVERAL and _largest(places, rooms) <= _SOON_SOLVED:
                # Much of what windows would find one by one is found by a walk at once, before and after them.
                self._walk_first(search, _SHORT_WALK)
                self._by_rooms(search, pool, rooms)
                self._walk_first(search, _SHORT_WALK)
                self._prove_rooms(search, pool, rooms)
            if not self.best.proven:
                self._by_effort(search, pool) if self.budget.repeatable else self._by_clock(search, pool)
        return self.best

    @staticmethod
    def _windows(flat: Flat, places: Places) -> tuple[int, list[tuple[str, ...]]]:
        """Return the longest windows of which each can be solved at once, and about how many sessions they have."""
        for size in (_WINDOW, _SHORT_WINDOW) if flat.known > _LARGE else (_SHORT_WINDOW,):
            several = windows(places, size) if flat.known > _LARGE or len(places.names) >= 2 * size else []
            if len(several) > 1 and _largest(places, several) <= _LARGE:
                return size, several
        return 0, []

    def stroll(self, search: Improver) -> None:
        """Walk until it is over, and do nothing else."""
        if self.walker(search).ground is not None:
            # Who has made ready to walk takes at least a moment for it.
            self.until = max(self.until, time.monotonic() + min(_STROLL, self.budget.seconds_left / 4))
            self.walk(search, seconds=self.until - time.monotonic(), effort=self.effort)

    def prove(self, flat: Flat, places: Places) -> None:
        """Prove what any schedule costs at least, by windows where there are several."""
        search = self.improver(flat, places)
        _, several = self._windows(flat, places)
        if several:
            with self._at_work(search) as pool:
                self._bound(search, pool, several, width=self.crew.workers)
        else:
            self._take(self._whole(1, effort=self.effort, proving=True))

    def begin(self, flat: Flat, places: Places, starts: Sequence[Start]) -> None:
        """Take over the first start that is a solution; of a large model without one, construct one."""
        # What the arrays count lacks the constant of the objective.
        self.offset = round(self.board.model.proto.objective.offset)
        settled = (places.settle(flat, *start, seconds=self.until - time.monotonic()) for start in starts)
        values = next((values for values in settled if values is not None), None)
        if values is None and flat.known > _LARGE:
            values = self._construct(flat, places)
        if values is None:
            return
        self.best = evolve(
            self.best,
            status=cp_model.FEASIBLE,
            values=values[: flat.known].tolist(),
            objective=flat.cost(values) + self.offset,
        )
        if self.best.bound >= self.best.objective:
            self.best = self.best.as_proven()
        self.board.hint(self.best.values)
        self.news.tell(self.best.objective, self.best.bound, "start")

    def improver(self, flat: Flat, places: Places) -> Improver:
        """Return what improves parts, from the best so far."""
        chance = random.Random(self.crew.seed)  # noqa: S311  no secret
        values = flat.complete(self.best.values)
        rooms = dict(self.best.rooms)
        around = Neighbourhoods(flat, places, chance)
        return Improver(flat, places, values, around, self.crew.seed, rooms, ordered=self.budget.repeatable)

    def _construct(self, flat: Flat, places: Places) -> Whole | None:
        with self.crew.pool() as pool:
            try:
                values, effort, _ = construct(
                    flat, places, pool=pool, width=self.crew.workers, seed=self.crew.seed, over=self._over
                )
            except Exception as error:  # noqa: BLE001  raised again, unless it is somebody else's executor's
                self.crew.excuse(error)
                return None
        self.effort -= effort
        self.budget.effort_used += effort
        return values

    def walker(self, search: Improver) -> Walker:
        """Return who walks on the model of a search; surveyed when it is first asked for."""
        if self.walks is None:
            ground = survey(search.flat, search.places)
            self.walks = Walker(ground, self.crew.workers, self.crew.seed, self.known.warm)
        return self.walks

    def walk(self, search: Improver, *, seconds: float, effort: float) -> None:
        """Walk for so long; where nothing sets an end to it, for a round."""
        used = 0.0
        try:
            used = self.walker(search).improve(
                search,
                seconds=min(seconds, _ROUND) if effort == inf and self.until == inf else seconds,
                effort=effort,
                over=lambda: self._over() or search.cost + self.offset <= self.best.bound,
                better=lambda: self.news.tell(search.cost + self.offset, self.best.bound, "walk"),
            )
        except KeyboardInterrupt:
            self.budget.interrupted = True
        self.effort -= used
        self.budget.effort_used += used
        self._adopt(search)

    def _walk_first(self, search: Improver, share: float) -> None:
        """Walk for a share of what is left, if who walks has made ready, or has in a moment."""
        seconds = self._share(share) - time.monotonic()
        ready = self.budget.repeatable or is_warm(min(1.0, self.budget.seconds_left * WAIT))
        if ready and not self._over() and self.walker(search).ground is not None:
            self.walk(search, seconds=seconds, effort=self.effort * share)

    def _walks(self, search: Improver) -> bool:
        """Return whether to go on walking: not on a few sessions, nor where windows have been solved exactly."""
        if not self.whole or len(search.places.names) < WALKED:
            return False
        warm_up()
        return self.walker(search).ground is not None

    def _race(self, search: Improver, pool: Executor, until: float) -> None:
        """Walk and solve parts in turns: whichever has gained more in its time goes on, until neither gains.

        What one walk has not found, a longer one may: where time is limited and a proof far away, they go on.
        """
        worth = {"walk": inf, "parts": inf}
        last = "parts"
        while not self._over() and not self.best.proven and time.monotonic() < until - 0.1:
            left = until - time.monotonic()
            longer = 4 * self.length <= left < inf and is_far(search.cost + self.offset, self.best.bound)
            if not any(worth.values()) and not longer:
                return
            begun, before = time.monotonic(), search.cost
            last = max(worth, key=lambda kind: (worth[kind], kind != last))
            if last == "walk" and not is_warm():
                # Parts go on as long as the walk is being compiled.
                self._parts(search, pool, self.crew.workers, _past(min(until, begun + _ROUND)))
                continue
            if last == "walk":
                left = until - begun
                self.walk(search, seconds=left if left < 4 * self.length else self.length, effort=inf)
                self.length *= 3
            else:
                self._parts(search, pool, self.crew.workers, _past(min(until, begun + max(_ROUND, self.length / 6))))
            worth[last] = (before - search.cost) / max(1e-3, time.monotonic() - begun)

    def _by_clock(self, search: Improver, pool: Executor) -> None:
        """Take turns: all improve, until that comes to a standstill; then one proves while the others improve."""
        proving = _PROVING
        racing = _RACING
        while not self._over() and not self.best.proven:
            if not self.whole and self._next_piece() is None:
                # Nobody proves anything any more: to stop would only lose the parts that are under way.
                self._parts(search, pool, self.crew.workers)
                continue
            if self._walks(search):
                self._race(search, pool, self._share(racing))
            else:
                still, enough = self.news.standstill(), _past(self._share(_IMPROVING))
                self._parts(search, pool, self.crew.workers, lambda: still() or enough())  # noqa: B023  called in here
            if self.best.proven or self._over():
                return
            before = self.best.bound
            self._prove_beside(search, pool, max(self._share(proving), time.monotonic() + STANDSTILL))
            # Where a proof has come no further, the next has to make do with less.
            proving = _PROVING if self.best.bound > before else proving / 2
            racing = max(_IMPROVING, 1 - 4 * proving)
            values = search.flat.complete(self.best.values)
            if search.flat.cost(values) < search.cost:
                search.replace(values)

    def _prove_beside(self, search: Improver, pool: Executor, until: float) -> None:
        enough = threading.Event()
        piece = self._next_piece()
        if piece is None and not self.whole:
            return
        # A proof begins again from nothing, and has to come further than the last.
        past = _past(until if piece is None else max(until, time.monotonic() + LONGER * piece.seconds))
        self.board.hint(self.best.values)
        with ThreadPoolExecutor(1, "unsched proof") as beside:
            # In turns, as there are two kinds of proof, and nobody knows which this one will be. Of a large model, the
            # bound of the linear relaxation is all that there is time for.
            if piece is not None:
                proof = beside.submit(self._piece, piece, lambda: enough.is_set() or past())
            else:
                self.proofs += 1
                own = (self.proofs % 2 == 1) == (search.flat.known <= _LARGE)
                proof = beside.submit(self._whole, 1, effort=inf, over=lambda: enough.is_set() or past(), proving=own)
            try:
                self._parts(search, pool, max(1, self.crew.workers - 1), proof.done)
            finally:
                enough.set()
            self._take(proof.result())
        self.news.tell(self.best.objective, self.best.bound, "proof")

    def _by_effort(self, search: Improver, pool: Executor) -> None:
        if self._walks(search):
            self.walk(search, seconds=inf, effort=self.effort * _WALK_EFFORT)
        if self.best.proven or self._over():
            return
        self._parts(search, pool, self.crew.workers, effort=self.effort * _PARTS_EFFORT)
        if self.whole and not self._over():
            self.board.hint(self.best.values)
            self._take(self._whole(self.crew.workers, effort=self.effort))


def _largest(places: Places, several: Sequence[Sequence[str]]) -> int:
    """Return how many variables place the sessions of the largest of some windows."""
    return max((sum(len(places.own[name]) for name in names) for names in several), default=0)


def _past(moment: float) -> Callable[[], bool]:
    return lambda: time.monotonic() > moment
