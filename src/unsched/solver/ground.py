"""The ground of a walk: where each session can stand in a model, and what follows from that, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from unsched.solver.flat import gather
from unsched.solver.formulas import Formulas
from unsched.solver.layout import BAD_ROWS, CHAIN, CHANGED, COUNTERS, READ, SIZE, VALUES, Layout
from unsched.solver.rows import rows_of
from unsched.solver.siblings import siblings

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.places import Places

__all__ = ["Ground", "Positions"]


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
            **rows_of(flat, formulas, positions),
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
            "seen": height,
            "served": height,
            "taken": height,
            "current": len(self.names),
            "record": len(self.names),
            "queue": many + 1,
            "waits": many + 1,
            "log": logged,
            "changes": logged,
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


def _ends(sizes: list[int]) -> Whole:
    return _whole([0, *accumulate(sizes)])


def _whole(numbers: list[int]) -> Whole:
    return np.array(numbers, dtype=np.int64)
