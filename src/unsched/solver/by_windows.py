"""A descent by windows: each solved by itself, and proven as if nobody else were in its way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from unsched.solver.descent import Descent
from unsched.solver.engine import NOTHING_FOUND, Manner, Run, run
from unsched.solver.part import model_of
from unsched.solver.pieces import worth_while
from unsched.solver.split import Proof, bound_by_windows, moves_by_windows
from unsched.solver.windows import windows

if TYPE_CHECKING:
    from unsched.solver.improve import Improver
    from unsched.solver.pieces import Unproven

__all__ = ["ByWindows"]

_PASSES, _LITTLE, _EFFORT_EACH, _PIECES = 4, 0.02, 0.04, 0.1


@define(eq=False)
class ByWindows(Descent):
    """What windows come to, and what they prove.

    Args:
        whole: whether the whole is not too much for one proof.
        proof: what windows have proven.
    """

    whole: bool = True
    proof: Proof = field(factory=Proof)

    def _by_windows(self, search: Improver, pool: Executor, several: Sequence[Sequence[str]], size: int) -> None:
        """Solve long windows of about a size, then others that overlap them, and prove what they prove of the whole."""
        for one in (several, windows(search.places, size, first=size // 2)):
            for turn in moves_by_windows(search.places, one, left=self._left, hinted=True):
                self._parts(search, pool, self.crew.workers, moves=turn)
        known: dict[bytes, int] = {}
        self._bound(search, pool, several, width=self.crew.workers, known=known)
        # Two windows as one prove more, since fewer sessions stand between them; one at a time, for the memory.
        windowed, at, took = list(several), 0, 0.0
        # Half a proof is none.
        while at + 1 < len(windowed) and self._left() > took / 2 and not self.best.proven:
            before, since = self.best.bound, time.monotonic()
            joined = [*windowed[:at], (*windowed[at], *windowed[at + 1]), *windowed[at + 2 :]]
            self._bound(search, pool, joined, width=1, known=known)
            windowed, at = (joined, at + 1) if self.best.bound > before else (windowed, at + 2)
            took = max(took, time.monotonic() - since)

    def _by_rooms(self, search: Improver, pool: Executor, several: Sequence[Sequence[str]]) -> None:
        """Solve those who share their rooms with nobody else."""
        for _ in range(_PASSES):
            if self.best.proven:
                break
            before = search.cost
            # What shares no rooms may share people: where a window does not fit what others have come to meanwhile, it
            # is solved again.
            for turn in moves_by_windows(search.places, several, each=_EFFORT_EACH, left=self._left, hinted=True):
                self._parts(search, pool, self.crew.workers, moves=turn)
            if self._over() or before - search.cost <= _LITTLE * abs(before):
                break

    def _prove_rooms(self, search: Improver, pool: Executor, several: Sequence[Sequence[str]]) -> None:
        """Prove what those who share their rooms with nobody else prove of the whole."""
        self._bound(search, pool, several, width=self.crew.workers)
        if self.budget.repeatable or self.budget.endless:
            return
        # What one worker has not proven, several may at once, and then nobody has to prove beside the search. Nothing
        # better is found meanwhile: whoever has no more patience than that still gets what comes after it.
        until = min(self._share(_PIECES), time.monotonic() + self.budget.stop.patience / 2)
        for piece in sorted(self.proof.unproven, key=lambda piece: piece.effort):
            if self._over() or self.best.proven or time.monotonic() >= until:
                break
            self._take(self._piece(piece, lambda: time.monotonic() >= until, workers=self.crew.workers))
            self.news.tell(self.best.objective, self.best.bound, "windows")

    def _bound(
        self,
        search: Improver,
        pool: Executor,
        several: Sequence[Sequence[str]],
        *,
        width: int,
        known: dict[bytes, int] | None = None,
    ) -> None:
        if self._over() or self.best.proven or self.known.narrowed:
            return
        self.proof = bound_by_windows(
            search.flat,
            search.places,
            several,
            search.values,
            pool=pool,
            width=width,
            seed=self.crew.seed,
            left=self._left,
            known=known,
        )
        if known is None:
            search.neighbourhoods.proof = self.proof
        self.effort -= self.proof.effort
        self.budget.effort_used += self.proof.effort
        self._take(evolve(NOTHING_FOUND, bound=self.proof.bound + self.offset))
        self.news.tell(self.best.objective, self.best.bound, "windows")

    def _next_piece(self) -> Unproven | None:
        """Return the piece of a bound that has had the least; those not worth going on with are left alone for good."""
        self.proof.unproven = worth_while(self.proof.unproven, self.until - time.monotonic())
        return min(self.proof.unproven, key=lambda piece: piece.effort, default=None)

    def _piece(self, piece: Unproven, over: Callable[[], bool], workers: int = 1) -> Run:
        """Prove a piece of a bound anew; what more it comes to, the whole does."""
        begun = time.monotonic()
        found = run(
            model_of(piece.part, hinted=True),
            seconds=self.until - time.monotonic(),
            workers=workers,
            seed=self.crew.seed,
            over=lambda: over() or self.budget.called_off(),
            manner=Manner.LIGHT if workers == 1 else Manner.THOROUGH,
        )
        self.proof.advance(piece, found.bound + piece.part.cheapest)
        piece.effort += found.effort
        piece.seconds = max(piece.seconds, time.monotonic() - begun)
        self.budget.effort_used += found.effort
        self.budget.interrupted = self.budget.interrupted or found.interrupted
        if found.proven:
            self.proof.unproven.remove(piece)
        # By itself: what else is known of the whole may rest on the same prices.
        return evolve(NOTHING_FOUND, bound=self.proof.bound + self.offset)
