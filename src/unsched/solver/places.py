"""Where the sessions are in the arrays: the variables that place each one, and what a solution says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from attrs import field, frozen

from unsched.solver.cells import Taken, left_by_cells, taken_up
from unsched.solver.matching import NO_PRICES, NO_ROOMS, Stay, match_rooms, seat_soonest
from unsched.solver.part import settle

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.solver.board import Board
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.part import Flags
    from unsched.solver.terms import Cell, Literal

__all__ = ["Places", "Standing", "match_standing", "seat", "standing_of", "times_of"]

K = TypeVar("K")
_DAY = 24 * 60


@frozen(eq=False)
class Standing:
    """Where each session stands in a solution.

    Args:
        spans: the time of each session that is scheduled, by id.
        rooms: the room of each session whose room the model decides, by id.
        taken: the rooms that each cell takes up, as bits, by its number; the sessions in it stand in these.
    """

    spans: Mapping[str, Interval]
    rooms: Mapping[str, str]
    taken: Taken = field(factory=dict)


@frozen(eq=False)
class Places:
    """The variables that place sessions.

    Args:
        board: the board that made the model.
        size: how many variables there are in the arrays.
    """

    board: Board
    size: int
    own: Mapping[str, Whole] = field(init=False)
    in_rooms: Mapping[str, Whole] = field(init=False)

    @own.default
    def _all(self) -> dict[str, Whole]:
        board = self.board
        kinds: tuple[Mapping[str, Mapping[Any, Literal]], ...] = (
            board.literals_of_spans,
            board.literals_of_rooms,
            board.literals_of_places,
        )
        cells: dict[str, list[int]] = {}
        for cell in board.cells.values():
            for name in cell.stays:
                cells.setdefault(name, []).extend(literal.index for literal in cell.rooms.values())
        return {
            name: np.concatenate((_indices(by.get(name, {}) for by in kinds), np.array(cells.get(name, ()), np.int64)))
            for name in (session.id for session in board.problem.sessions)
        }

    @in_rooms.default
    def _rooms_alone(self) -> dict[str, Whole]:
        board = self.board
        kinds: tuple[Mapping[str, Mapping[Any, Literal]], ...] = (board.literals_of_rooms, board.literals_of_places)
        found = {session.id: _indices(by.get(session.id, {}) for by in kinds) for session in board.problem.sessions}
        return {name: indices for name, indices in found.items() if len(indices)}

    @cached_property
    def follows(self) -> Flags:
        """A flag for each variable: whether it follows from where the sessions stand."""
        flags = np.ones(self.size, dtype=bool)
        for indices in self.own.values():
            flags[indices] = False
        return flags

    @cached_property
    def owners(self) -> Whole:
        """The number of the session that each variable places, or -1."""
        found = np.full(self.size, -1, dtype=np.int64)
        for number, indices in enumerate(self.own.values()):
            found[indices] = number
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids of the sessions, by their number."""
        return tuple(self.own)

    @cached_property
    def _times(self) -> tuple[Whole, list[tuple[str, Interval]]]:
        return _table(self.board.literals_of_spans)

    @cached_property
    def _rooms(self) -> tuple[Whole, list[tuple[str, str]]]:
        return _table(self.board.literals_of_rooms)

    def standing(self, values: Whole) -> Standing:
        """Return where each session stands in a solution."""
        times, spans = self._times
        literals, rooms = self._rooms
        return Standing(
            dict(spans[at] for at in np.flatnonzero(values[times])),
            dict(rooms[at] for at in np.flatnonzero(values[literals])),
            self._taken(values),
        )

    @cached_property
    def _cells(self) -> tuple[Whole, list[tuple[int, int]]]:
        """The variables of the cells, and of each the number of its cell and the bit of its room."""
        bits = {room.id: 1 << index for index, room in enumerate(self.board.problem.rooms)}
        pairs = [
            (literal.index, (number, bits[room]))
            for number, cell in enumerate(self.board.cells.values())
            for room, literal in cell.rooms.items()
        ]
        return np.array([index for index, _ in pairs], dtype=np.int64), [place for _, place in pairs]

    def _taken(self, values: Whole) -> dict[int, int]:
        indices, places = self._cells
        found = dict.fromkeys(range(len(self.board.cells)), 0)
        for at in np.flatnonzero(values[indices]):
            number, bit = places[at]
            found[number] |= bit
        return found

    def place(self, spans: Mapping[str, Interval], rooms: Mapping[str, str]) -> Whole:
        """Return values that place sessions, as far as that is possible; what follows from that is 0."""
        values = np.zeros(self.size, dtype=np.int64)
        board = self.board
        for name, span in spans.items():
            room = rooms.get(name)
            literals = (
                board.literals_of_spans.get(name, {}).get(span),
                board.literals_of_rooms.get(name, {}).get(room or ""),
                board.literals_of_places.get(name, {}).get((span, room or "")),
            )
            if literals[0] is not None:
                values[[literal.index for literal in literals if literal is not None]] = 1
            for number in board.cells_at.get((name, span), ()):
                literal = self._numbered[number].rooms.get(room or "")
                if literal is not None:
                    values[literal.index] = 1
        return values

    @cached_property
    def _numbered(self) -> tuple[Cell, ...]:
        return tuple(self.board.cells.values())

    def settle(
        self, flat: Flat, spans: Mapping[str, Interval], rooms: Mapping[str, str], *, seconds: float
    ) -> Whole | None:
        """Return a solution in which sessions stand where they are said to, or `None`; what is not said is decided.

        Args:
            flat: the model as arrays.
            spans: the times of sessions, by id; one that is not named is left out.
            rooms: the rooms of sessions, by id, as far as they are known.
            seconds: wall seconds at most.
        """
        free = self.follows.copy()
        for name, indices in self.in_rooms.items():
            if name in spans and name not in rooms:
                free[indices] = True
        for cell in self._numbered:
            if any(name in spans and name not in rooms for name in cell.stays):
                free[[literal.index for literal in cell.rooms.values()]] = True
        return settle(flat, self.place(spans, rooms), free, seconds=seconds)

    def moved(self, before: Standing, values: Whole, variables: Whole) -> Standing:
        """Return where the sessions stand after some variables have changed; the same object if none has moved."""
        names = [self.names[number] for number in np.unique(self.owners[variables]).tolist() if number >= 0]
        if not names:
            return before
        spans, rooms = dict(before.spans), dict(before.rooms)
        board = self.board
        for name in names:
            spans.pop(name, None)
            rooms.pop(name, None)
            times, uses = board.literals_of_spans.get(name, {}), board.literals_of_rooms.get(name, {})
            spans.update((name, span) for span, literal in times.items() if values[literal.index])
            rooms.update((name, room) for room, literal in uses.items() if values[literal.index])
        taken = self._taken(values)
        if spans == before.spans and rooms == before.rooms and taken == before.taken:
            return before
        return Standing(spans, rooms, taken)

    def seat(self, standing: Standing, before: Standing, known: Mapping[str, str]) -> dict[str, str] | tuple[str, ...]:
        """Give rooms to the sessions of the days on which something has changed, or return ids of some that find none.

        Args:
            standing: where the sessions stand.
            before: where they stood, when all had rooms.
            known: the rooms that they had then, as far as known.
        """
        days = {
            day
            for name, span in standing.spans.items()
            if before.spans.get(name) != span or before.rooms.get(name) != standing.rooms.get(name)
            for day in (span.start // _DAY, (span.end - 1) // _DAY)
        }
        for number, cell in enumerate(self._numbered):
            if standing.taken[number] != before.taken[number]:
                days.update(span.start // _DAY for several in cell.stays.values() for span in several)
        if self._touch:
            near = list(standing.spans)
        else:
            near = [n for n, span in standing.spans.items() if span.start // _DAY in days or span.end // _DAY in days]
        return match_standing(self.board, standing, near, known=known)

    @cached_property
    def _touch(self) -> bool:
        """Whether sessions of different days can be in each other's way in a room."""
        spans = {span for by in self.board.literals_of_spans.values() for span in by}
        lead = max(self.board.leads.values(), default=0)
        return any((span.start - lead) // _DAY != (span.end - 1) // _DAY for span in spans)


def times_of(board: Board, values: Sequence[int]) -> dict[str, Interval]:
    """Return the time of each session that is scheduled in a solution of a board's model, by id."""
    return {
        session.id: span
        for session in board.problem.sessions
        for span, literal in board.literals_of_spans.get(session.id, {}).items()
        if values[literal.index]
    }


def standing_of(board: Board, values: Sequence[int]) -> Standing:
    """Return where each session stands in a solution of a board's model."""
    rooms = {
        name: room
        for name in board.literals_of_rooms
        for room in (board.room_of(board.problem.session(name), values),)
        if room is not None
    }
    return Standing(times_of(board, values), rooms, taken_up(board, values))


def match_standing(
    board: Board,
    standing: Standing,
    among: Iterable[str] | None = None,
    prices: Mapping[str, Mapping[str, int]] | None = None,
    known: Mapping[str, str] = NO_ROOMS,
) -> dict[str, str] | tuple[str, ...]:
    """Give every session its room, or return ids of sessions that cannot all have one at these times.

    Args:
        board: the board, which knows the rooms that are left to each session, and what they cost at least.
        standing: the times, and the rooms that are decided.
        among: ids of the sessions to look at; `None` is all.
        prices: what a session pays in a room, by session and room, in place of what the board knows of that.
        known: rooms that sessions had before some have moved.
    """
    names = list(standing.spans if among is None else among)
    spans = standing.spans
    stays = [
        Stay(name, spans[name], board.names(left_by_cells(board, name, spans[name], standing.taken)))
        for name in names
        if name not in standing.rooms
    ]
    decided = {name: standing.rooms[name] for name in names if name in standing.rooms}
    taken = [(room, spans[name]) for name, room in decided.items()]
    if prices is None:
        prices = board.room_prices if among is None else NO_PRICES
    found = match_rooms(stays, board.leads, taken, prices, known)
    return found if isinstance(found, tuple) else {**decided, **found}


def seat(board: Board, standing: Standing) -> dict[str, str]:
    """Return rooms of sessions that can all have one at their times: one after the other, whoever finds one free."""
    stays = [
        Stay(name, span, board.names(left_by_cells(board, name, span, standing.taken)))
        for name, span in standing.spans.items()
        if name not in standing.rooms
    ]
    taken = [(room, standing.spans[name]) for name, room in standing.rooms.items()]
    return {**standing.rooms, **seat_soonest(stays, board.leads, taken)}


def _indices(several: Iterable[Mapping[Any, Literal]]) -> Whole:
    return np.array([literal.index for by in several for literal in by.values()], dtype=np.int64)


def _table(by_session: Mapping[str, Mapping[K, Literal]]) -> tuple[Whole, list[tuple[str, K]]]:
    pairs = [(literal.index, (name, place)) for name, by in by_session.items() for place, literal in by.items()]
    return np.array([index for index, _ in pairs], dtype=np.int64), [place for _, place in pairs]
