"""Large neighbourhood search: a schedule improved part by part, several parts at a time, each solved exactly.

Parts go to an executor in the order in which they are proposed. Where a search is to be repeatable, their answers are
taken in that same order, so that what comes out depends on seed, effort and width alone, never on which part was
quicker; else as they come, so that nobody waits for the slowest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field

from unsched.solver.crew import first_done
from unsched.solver.flat import gather
from unsched.solver.neighbourhoods import Move, Neighbourhoods
from unsched.solver.part import Part, Solved, cut, solve_part

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.places import Places, Standing

__all__ = ["Improver"]

_IDLE = 1_000
_TROUBLE = 0.03
"""What cutting and loading a part takes, in deterministic seconds; its search alone is often next to nothing."""


@define(eq=False)
class Improver:
    """A solution, and what makes it better.

    Args:
        flat: the model as arrays.
        places: where the sessions are in it.
        values: a solution of it.
        neighbourhoods: what is freed together.
        seed: seed of the parts.
        rooms: the room that each session had last, as far as known.
        ordered: whether answers are taken in the order of the parts, rather than as they come.
    """

    flat: Flat
    places: Places
    values: Whole
    neighbourhoods: Neighbourhoods
    seed: int = 0
    rooms: dict[str, str] = field(factory=dict)
    ordered: bool = True
    activity: Whole = field(init=False)
    cost: int = field(init=False)
    standing: Standing = field(init=False)
    effort: float = 0.0
    parts: int = 0

    def __attrs_post_init__(self) -> None:
        self.replace(self.values)

    def replace(self, values: Whole) -> None:
        """Go on from another solution."""
        self.values = values
        self.activity = self.flat.activity(values)
        self.cost = self.flat.cost(values)
        self.standing = self.places.standing(values)

    def offer(self, values: Whole, cost: int) -> bool:
        """Go on from another solution if it is one, costs less, and its sessions can have rooms; return whether."""
        if cost >= self.cost or self.flat.broken(values):
            return False
        rooms = self.places.seat(self.places.standing(values), self.standing, self.rooms)
        if isinstance(rooms, tuple):
            return False
        self.rooms.update(rooms)
        self.replace(values)
        return True

    def run(
        self,
        pool: Executor,
        width: int,
        *,
        moves: Iterator[Move],
        over: Callable[[], bool],
        better: Callable[[str], None] = lambda kind: None,
    ) -> None:
        """Improve until it is over, or no move is left, or none has anything to decide.

        Args:
            pool: where the parts are solved.
            width: how many parts are worked on at a time; one more waits, but for 0, which is one after the other.
            moves: what to free; the next is asked for when there is room for it.
            over: whether to stop; asked after each part.
            better: called with the kind of neighbourhood after each gain.
        """
        under_way: dict[Future[Solved], tuple[str, Part]] = {}
        idle = 0
        try:
            while not over() and idle < _IDLE:
                # One more than can be worked on, so that nobody waits while an answer is looked at.
                move = next(moves, None) if len(under_way) <= width else None
                if move is None and not under_way:
                    return
                if move is None:
                    future = next(iter(under_way)) if self.ordered else first_done(under_way)
                    kind, part = under_way.pop(future)
                    self._take(kind, part, future.result(), better)
                    continue
                fresh = self._cut(move)
                if fresh is None and move.hinted:
                    continue
                if fresh is None:
                    idle += 1
                    self.neighbourhoods.learn(move.kind, gain=0.0, effort=move.effort / 50, done=True)
                    continue
                idle = 0
                self.parts += 1
                seed = (self.seed + self.parts) % 2**31
                solving = pool.submit(
                    solve_part, fresh, seed=seed, effort=move.effort, seconds=move.seconds, hinted=move.hinted
                )
                under_way[solving] = move.kind, fresh
        finally:
            for future in under_way:
                future.cancel()

    def _cut(self, move: Move) -> Part | None:
        if not len(move.variables):
            return None
        part = cut(self.flat, self.values, self.activity, move.variables, follows=self.places.follows)
        # Whoever starts from what stands, and cannot cost less, would only find it again.
        return None if part is not None and move.hinted and part.cutoff == part.cheapest else part

    def _take(self, kind: str, part: Part, solved: Solved, better: Callable[[str], None]) -> None:
        before = self.cost
        self.effort += solved.effort + _TROUBLE
        if solved.values is not None:
            self._adopt(part.variables, solved.values)
        gain = (before - self.cost) / max(1, abs(before))
        self.neighbourhoods.learn(kind, gain=gain, effort=solved.effort, done=solved.done)
        if self.cost < before:
            better(kind)

    def _adopt(self, variables: Whole, values: Whole) -> bool:
        """Take over the values of a part, if they still fit and cost no more; others may have changed meanwhile."""
        change = values - self.values[variables]
        moved = np.flatnonzero(change)
        if not len(moved):
            return False
        variables, change = variables[moved], change[moved]
        step = int(self.flat.weights[variables] @ change)
        if step > 0:
            return False
        entries = gather(self.flat.row_starts, variables)
        counts = self.flat.row_starts[variables + 1] - self.flat.row_starts[variables]
        rows = self.flat.rows[entries]
        activity = self.activity.copy()
        np.add.at(activity, rows, self.flat.row_factors[entries] * np.repeat(change, counts))
        if np.any(activity[rows] < self.flat.least[rows]) or np.any(activity[rows] > self.flat.most[rows]):
            return False
        after = self.values.copy()
        after[variables] += change
        standing = self.places.moved(self.standing, after, variables)
        if standing is not self.standing:
            rooms = self.places.seat(standing, self.standing, self.rooms)
            if isinstance(rooms, tuple):
                return False
            self.rooms.update(rooms)
        self.values, self.activity, self.cost, self.standing = after, activity, self.cost + step, standing
        return True
