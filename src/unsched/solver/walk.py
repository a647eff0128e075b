"""A walk: a local search that moves one session, and whoever is in its way, some hundred thousand times a second.

Where all costs follow from where the sessions stand (`formulas`), a move is tried by changing a few numbers. Moves that
break a constraint are taken back; of the others, those that make things worse are kept the less often the longer the
walk has gone on (simulated annealing: Kirkpatrick, Gelatt and Vecchi 1983, Science 220; for course timetabling, Bellio
et al. 2016, Computers and Operations Research 65).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field, frozen

from unsched.solver.flat import gather
from unsched.solver.formulas import Formulas, derive
from unsched.solver.layout import (
    AWRY,
    BAD_ROWS,
    BEST,
    BROKEN,
    CHAIN,
    CHANGED,
    COST,
    COUNTERS,
    CURRENT,
    DECIDED,
    MIXED,
    RANDOM,
    READ,
    RECORD,
    SESSIONS,
    SHARED,
    SIZE,
    STAY,
    VALUES,
    WORK,
    Layout,
)
from unsched.solver.siblings import siblings

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.places import Places

__all__ = ["Ground", "Walk", "can_walk", "is_warm", "survey", "warm_up"]

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


def is_warm() -> bool:
    """Return whether all is compiled, or there is nothing to compile."""
    return _warm.is_set()


@frozen(eq=False)
class Positions:
    """Where sessions can stand, one position after the other, those of a session in order of hour and room.

    Args:
        starts: where the positions of each session start, and at last where the last session's end.
        hours: of each position, a number that is the same for the same time.
        rooms: of each position, a number that is the same for the same room.
        literal_starts: where the literals of each position start.
        literals: the literals that are true where a session stands there.
        rooms_many: how many rooms there are; 1 where the model decides none.
    """

    starts: Whole
    hours: Whole
    rooms: Whole
    literal_starts: Whole
    literals: Whole
    rooms_many: int


@frozen(eq=False)
class Ground:
    """A model on which a walk is possible: what follows from what, and where each session can stand.

    Args:
        flat: the model.
        places: where the sessions are in it.
        formulas: what follows from where they stand.
    """

    flat: Flat
    places: Places
    formulas: Formulas

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of the sessions that can stand anywhere, by their number, which is the walk's own."""
        return tuple(self._stands)

    @cached_property
    def _stands(self) -> dict[str, list[tuple[Interval | None, str | None, tuple[int, ...]]]]:
        """Where each session can stand: its time, its room where the model decides it, and what says so."""
        found = {name: list(self._stands_of(name)) for name in self.places.names}
        return {name: several for name, several in found.items() if several}

    def _stands_of(self, name: str) -> Iterator[tuple[Interval | None, str | None, tuple[int, ...]]]:
        board = self.places.board
        session = board.problem.session(name)
        times = {span: literal.index for span, literal in board.literals_of_spans.get(name, {}).items()}
        uses = {room: literal.index for room, literal in board.literals_of_rooms.get(name, {}).items()}
        stands = {place: literal.index for place, literal in board.literals_of_places.get(name, {}).items()}
        optional = False
        for span in board.spans(session):
            if span not in times:
                continue
            optional = name not in board.placings
            rooms = board.rooms_at(session, span) if uses or stands else ()
            if not rooms:
                yield span, None, (times[span],)
            for room in rooms:
                several = (times[span], uses.get(room), stands.get((span, room)))
                yield span, room, tuple(one for one in several if one is not None)
        if optional:
            yield None, None, ()

    @cached_property
    def positions(self) -> Positions:
        """Where the sessions can stand, one position after the other."""
        by_name = list(self._stands.values())
        hours = {span: number for number, span in enumerate(sorted({s for by in by_name for s, _, _ in by if s}))}
        rooms = {room.id: number for number, room in enumerate(self.places.board.problem.rooms)}
        several = any(room is not None for by in by_name for _, room, _ in by)
        every = []
        for by in by_name:
            numbered = [
                (len(hours) if span is None else hours[span], 0 if room is None else rooms[room], literals)
                for span, room, literals in by
            ]
            every += sorted(numbered)
        return Positions(
            _ends([len(by) for by in by_name]),
            _whole([hour for hour, _, _ in every]),
            _whole([room for _, room, _ in every]),
            _ends([len(literals) for _, _, literals in every]),
            _whole([literal for _, _, literals in every for literal in literals]),
            len(rooms) if several else 1,
        )

    @cached_property
    def owners(self) -> Whole:
        """The number (of `names`) of the session that each variable places at a time, or -1."""
        board = self.places.board
        owners = np.full(len(self.flat.lower), -1, dtype=np.int64)
        for number, name in enumerate(self.names):
            for literals in (board.literals_of_spans.get(name, {}), board.literals_of_places.get(name, {})):
                owners[[literal.index for literal in literals.values()]] = number
        return owners

    @cached_property
    def siblings(self) -> tuple[Whole, Whole]:
        """Where the siblings of each session start, and the numbers of those who share a price of rooms with it."""
        numbers = {name: number for number, name in enumerate(self.names)}
        found = [
            [numbers[one] for one in several if one in numbers]
            for several in siblings(self.flat, self.places, self.names).values()
        ]
        return _ends([len(several) for several in found]), _whole([one for several in found for one in several])

    @cached_property
    def laid_out(self) -> tuple[Whole, Layout, int]:
        """All that the kernel reads as one array, where everything is in it, and how long the array of a state is."""
        flat, formulas, positions = self.flat, self.formulas, self.positions
        read = {
            "lower": flat.lower,
            "upper": flat.upper,
            "weights": flat.weights,
            "starts": flat.starts,
            "columns": flat.columns,
            "factors": flat.factors,
            "row_starts": flat.row_starts,
            "rows": flat.rows,
            "row_factors": flat.row_factors,
            "heads": self._heads(),
            "order": formulas.order,
            "directions": formulas.directions,
            "rule_starts": formulas.starts,
            "rule_rows": formulas.rows,
            "rule_factors": formulas.factors,
            "given": formulas.ranks[formulas.variables],
            "given_factors": formulas.row_factors,
            "owners": self.owners,
            "stand_starts": positions.starts,
            "hours": positions.hours,
            "in_rooms": positions.rooms,
            "literal_starts": positions.literal_starts,
            "literals": positions.literals,
            "sibling_starts": self.siblings[0],
            "siblings": self.siblings[1],
        }
        size, height, many = len(flat.lower), len(flat.least), len(formulas.order)
        # Each session of a chain changes each variable that follows once at most, and the literals of two positions.
        longest = int(np.diff(positions.literal_starts).max(initial=0))
        logged = (CHAIN + 1) * (many + 2 * longest)
        changed = {
            "values": size,
            "activity": height,
            "current": len(self.names),
            "record": len(self.names),
            "queue": many + 1,
            "waits": many + 1,
            "log": logged,
            "old": logged,
            "suspects": BAD_ROWS,
            "random": 1,
        }
        ends = accumulate((len(read[name]) for name in READ), initial=0)
        places = accumulate((changed[name] for name in CHANGED), initial=COUNTERS)
        counts = (len(self.names), size, height, many, positions.rooms_many)
        layout = (*counts, *list(ends)[:-1], *list(places)[:-1])
        return np.concatenate([read[name] for name in READ]), layout, COUNTERS + sum(changed.values())

    def state_of(self, positions: Whole) -> Whole:
        """Return a state in which the sessions stand at some positions, and all that follows from it."""
        from unsched.solver.kernel import evaluate

        model, layout, length = self.laid_out
        state = np.zeros(length, dtype=np.int64)
        starts = self.positions.literal_starts
        state[layout[VALUES] + self.positions.literals[gather(starts, positions)]] = 1
        fixed = np.flatnonzero((self.flat.lower == self.flat.upper) & (self.formulas.ranks < 0))
        state[layout[VALUES] + fixed] = self.flat.lower[fixed]
        evaluate(model, state, layout)
        return state

    def solution(self, positions: Whole) -> Whole:
        """Return the value of each variable where the sessions stand at some positions."""
        _, layout, _ = self.laid_out
        values = self.state_of(positions)[layout[VALUES] : layout[VALUES] + layout[SIZE]]
        return self.flat.complete(values.tolist()) if self.flat.choices else values.copy()

    def _heads(self) -> Whole:
        """Return four numbers for each row, which the kernel wants together."""
        flat, formulas = self.flat, self.formulas
        of_row = np.repeat(np.arange(len(flat.least)), np.diff(flat.starts))
        mixed = np.bincount(of_row[formulas.ranks[flat.columns] >= 0], minlength=len(flat.least)) > 0
        counted = np.where(formulas.counted, np.where(mixed, MIXED, DECIDED), 0)
        given = formulas.row_starts
        heads = np.stack(
            [flat.least, flat.most, counted + SHARED * formulas.shared + 2 * SHARED * np.diff(given), given[:-1]],
            axis=1,
        )
        return np.asarray(heads.ravel(), dtype=np.int64)

    def position_of(self, values: Whole) -> Whole | None:
        """Return the position of each session in a solution, or `None` where one has none."""
        positions = self.positions
        starts, sizes = positions.literal_starts, np.diff(positions.literal_starts)
        true = np.concatenate(([0], np.cumsum(values[positions.literals])))
        stands = (sizes > 0) & (true[starts[1:]] - true[starts[:-1]] == sizes)
        found = np.empty(len(self.names), dtype=np.int64)
        for number in range(len(self.names)):
            first, last = positions.starts[number], positions.starts[number + 1]
            here = np.flatnonzero(stands[first:last])
            if len(here):
                found[number] = first + here[0]
            elif sizes[last - 1] == 0:
                found[number] = last - 1
            else:
                return None
        return found


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


def _ends(sizes: list[int]) -> Whole:
    return _whole([0, *accumulate(sizes)])


def _whole(numbers: list[int]) -> Whole:
    return np.array(numbers, dtype=np.int64)
