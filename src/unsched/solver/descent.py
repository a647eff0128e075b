"""A descent to ever lower costs: what has been found, what may still be spent, and the two things that all search does.

The whole model is given to CP-SAT, or parts of it are solved while the rest stands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from unsched.solver.engine import NOTHING_FOUND, Manner, Run, run
from unsched.solver.news import News

if TYPE_CHECKING:
    from unsched.solver.board import Board
    from unsched.solver.budget import Budget
    from unsched.solver.crew import Crew
    from unsched.solver.improve import Improver
    from unsched.solver.neighbourhoods import Move
    from unsched.solver.tiers import TierGroup

__all__ = ["NOTHING_KNOWN", "Descent", "Foreknown"]


@frozen
class Foreknown:
    """What is known of a search before it begins.

    Args:
        far: whether a part of it has ended so far from its bound that the whole cannot be solved outright.
        warm: whether the start is as good as it can be in most of what counts.
        bound: what the objective does not go below.
        narrowed: whether only a part of what is possible is looked at, so that what is proven of it proves nothing.
    """

    far: bool = False
    warm: bool = False
    bound: int = 0
    narrowed: bool = False


NOTHING_KNOWN = Foreknown()
"""Nothing but that costs are never negative."""


@define(eq=False)
class Descent:
    """The best so far, and who brings it down.

    Args:
        board: the board, with the objective in its model.
        group: the tiers.
        crew: who works.
        budget: what may be spent.
        until: when it is over.
        effort: deterministic seconds that may be spent here.
        partial: whether the model leaves a part of the costs out.
        known: what is known before it begins.
        best: the best so far.
        offset: the constant of the objective, which what the arrays count lacks.
    """

    board: Board
    group: TierGroup
    crew: Crew
    budget: Budget
    until: float
    effort: float
    partial: bool = False
    known: Foreknown = NOTHING_KNOWN
    best: Run = NOTHING_FOUND
    offset: int = 0
    news: News = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.news = News(self.group, self.budget, self.partial)

    def outright(self, effort: float) -> Run:
        """Let CP-SAT work on the whole, until that comes to a standstill."""
        self._take(self._whole(self.crew.workers, effort=effort, over=self.news.hopeless()))
        return self.best

    def _over(self) -> bool:
        return self.budget.called_off() or self.budget.content or time.monotonic() >= self.until or self.effort <= 0

    def _left(self) -> float:
        """Return the wall seconds that are left."""
        if self._over():
            return 0.0
        return inf if self.budget.repeatable else self.until - time.monotonic()

    def _share(self, share: float) -> float:
        now = time.monotonic()
        return now + share * (self.until - now)

    @contextmanager
    def _at_work(self, search: Improver) -> Iterator[Executor]:
        """Open the pool, and keep what has been found, whatever ends the work in it."""
        with self.crew.pool() as pool:
            try:
                yield pool
            except KeyboardInterrupt:
                self.budget.interrupted = True
                self._adopt(search)
            except Exception as error:  # noqa: BLE001  raised again, unless it is somebody else's executor's
                self.crew.excuse(error)
                self._adopt(search)

    def _whole(
        self, workers: int, *, effort: float, over: Callable[[], bool] = lambda: False, proving: bool = False
    ) -> Run:
        found = run(
            self.board.model,
            seconds=self.until - time.monotonic(),
            effort=effort,
            workers=workers,
            seed=self.crew.seed,
            enough=lambda cost, bound: self.news.tell(cost, bound, "search"),
            over=lambda: over() or self.budget.called_off(),
            manner=Manner.BOUND if proving else Manner.THOROUGH,
            alike=not proving,
        )
        self.effort -= found.effort
        self.budget.effort_used += found.effort
        self.budget.interrupted = self.budget.interrupted or found.interrupted
        return found

    def _take(self, now: Run) -> None:
        """Take over what is better, and what is proven."""
        bound = max(self.best.bound, now.bound)
        if not self.best.solved:
            self.best = now
        elif now.solved and now.objective < self.best.objective:
            self.best = evolve(now, earlier=[self.best.values, *self.best.earlier])
        self.best = evolve(self.best, bound=bound)
        if self.best.solved and bound >= self.best.objective:
            self.best = self.best.as_proven()

    def _parts(
        self,
        search: Improver,
        pool: Executor,
        width: int,
        over: Callable[[], bool] = lambda: False,
        *,
        effort: float = inf,
        moves: Iterator[Move] | None = None,
    ) -> None:
        """Solve parts until it is over; what they take is counted at the end."""
        before = search.effort
        most = min(effort, self.effort)

        def better(kind: str) -> None:
            self.news.tell(search.cost + self.offset, self.best.bound, f"neighbourhood {kind}")

        try:
            search.run(
                pool,
                width,
                moves=search.neighbourhoods.moves(search) if moves is None else moves,
                over=lambda: over() or self._over() or search.effort - before >= most,
                better=better,
            )
        finally:
            self.effort -= search.effort - before
            self.budget.effort_used += search.effort - before
        self._adopt(search)

    def _adopt(self, search: Improver) -> None:
        """Make what the parts have come to the best."""
        cost = search.cost + self.offset
        if cost < self.best.objective:
            values: Sequence[int] = search.values[: search.flat.known].tolist()
            self.best = evolve(
                self.best,
                values=values,
                earlier=[self.best.values, *self.best.earlier[:7]],
                objective=cost,
                rooms=dict(search.rooms),
            )
            if self.best.bound >= cost:
                self.best = self.best.as_proven()
