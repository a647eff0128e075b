"""A walk: a local search that moves one session, and whoever is in its way, some hundred thousand times a second.

Where all costs follow from where the sessions stand (`formulas`), a move is tried by changing a few numbers. Moves that
break a constraint are taken back; of the others, those that make things worse are kept the less often the longer the
walk has gone on (simulated annealing: Kirkpatrick, Gelatt and Vecchi 1983, Science 220; for course timetabling, Bellio
et al. 2016, Computers and Operations Research 65).
"""

from __future__ import annotations

import logging
import threading
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field

from unsched.solver.formulas import derive
from unsched.solver.ground import Ground
from unsched.solver.layout import (
    AWRY,
    BEST,
    BROKEN,
    COST,
    CURRENT,
    RANDOM,
    RECORD,
    SESSIONS,
    STAY,
    WORK,
)

if TYPE_CHECKING:
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.places import Places

__all__ = ["Walk", "can_walk", "is_warm", "survey", "warm_up"]

log = logging.getLogger(__name__)

_SAMPLE = 2_000
_HOT, _COLD, _LOW = 1.0, 0.12, 0.1


@cache
def can_walk() -> bool:
    """Return whether what compiles the walk is there, and gets on with the numpy that is."""
    try:
        from unsched.solver import kernel
    except ImportError as error:
        log.info("no walks: %s", error)
        return False
    return bool(kernel.__all__)


_warm = threading.Event()
_begun = threading.Lock()


def warm_up() -> None:
    """Compile the walk in a thread of its own, while others make and solve models; the first time takes seconds."""

    def work() -> None:
        try:
            if can_walk():
                from unsched.solver.kernel import warm_up as compile_all

                compile_all()
        finally:
            # Whatever went wrong, nobody waits for ever.
            _warm.set()

    # Whoever asks first; nobody gives the lock back.
    if _begun.acquire(blocking=False):
        threading.Thread(target=work, name="unsched compiler", daemon=True).start()


def is_warm(seconds: float = 0.0) -> bool:
    """Return whether all is compiled, or there is nothing to compile, waiting for it for so long if that has begun."""
    return _warm.wait(max(0.0, seconds)) if _begun.locked() else _warm.is_set()


def survey(flat: Flat, places: Places) -> Ground | None:
    """Return the ground of a model, or `None` where no walk is possible on it."""
    if not can_walk() or places.board.cells:
        return None
    formulas = derive(flat, places.follows)
    if formulas is None:
        return None
    ground = Ground(flat, places, formulas)
    return ground if ground.names else None


@define(eq=False)
class Walk:
    """One walk, and how far it has come.

    Args:
        ground: what it walks on.
        seed: seed of its steps.
        stay: how many of a hundred moves leave a session at its time, where rooms are decided.
        state: where everything stands, at the offsets of the ground's layout.
        hot: the temperature to begin with.
        cold: the temperature at the end.
    """

    ground: Ground
    seed: int
    stay: int
    state: Whole = field(init=False)
    hot: float = field(init=False, default=0.0)
    cold: float = field(init=False, default=0.0)

    def begin(self, values: Whole) -> bool:
        """Begin at a solution; return whether that is possible."""
        _, layout, _ = self.ground.laid_out
        positions = self.ground.position_of(values)
        if positions is None:
            return False
        self.state = self.ground.state_of(positions)
        self.state[layout[CURRENT] : layout[CURRENT] + layout[SESSIONS]] = positions
        self.state[layout[RECORD] : layout[RECORD] + layout[SESSIONS]] = positions
        self.state[layout[RANDOM]] = (self.seed * 2 + 1) * 0x9E3779B97F4A7C15 % 2**63
        self.state[BEST], self.state[STAY] = self.state[COST], self.stay
        return not self.state[BROKEN] and not self.state[AWRY]

    def gauge(self) -> bool:
        """Find out how hot and how cold it should be; return whether any possible move makes things worse."""
        from unsched.solver.kernel import sample

        model, layout, _ = self.ground.laid_out
        worse = sample(model, self.state, layout, _SAMPLE)
        if not len(worse):
            return False
        self.hot, self.cold = _HOT * float(np.quantile(worse, _LOW)), _COLD * float(worse.min())
        self.hot = max(self.hot, 2 * self.cold)
        return True

    def go(self, temperature: float, steps: int) -> int:
        """Go so many steps at a temperature; return how many led anywhere."""
        from unsched.solver.kernel import anneal

        model, layout, _ = self.ground.laid_out
        return int(anneal(model, self.state, layout, temperature, steps))

    @property
    def cost(self) -> int:
        """The cost where it stands."""
        return int(self.state[COST])

    @property
    def best(self) -> int:
        """The least cost that it has come to."""
        return int(self.state[BEST])

    @property
    def work(self) -> int:
        """How many entries it has looked at."""
        return int(self.state[WORK])

    def solution(self) -> Whole:
        """Return the best solution that it has come to."""
        _, layout, _ = self.ground.laid_out
        best = self.state[layout[RECORD] : layout[RECORD] + layout[SESSIONS]]
        return self.ground.solution(best)
