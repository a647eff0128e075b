"""Rooms by counting: Hall's condition over classes of interchangeable rooms.

If every session that runs at an instant can only use rooms of a set, there are at most as many of them as rooms in
the set. Where sessions start and end together this is exact (Hall 1935, "On representatives of subsets"); where
sessions of different length overlap it is a relaxation, which `unsched.solver.matching` verifies.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from unsched.solver.cliques import cliques, crowds

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.solver.board import Board
    from unsched.solver.terms import Literal

__all__ = ["limit_rooms", "price_overflow"]

_Stays: TypeAlias = "dict[tuple[int, int], list[tuple[str, Literal]]]"
"""Sessions that can be somewhere, each with the literal that puts it there, by start and end."""

MOST_FAMILIES = 64
_PRICE_ROUNDS = 3


def limit_rooms(board: Board, stands: Mapping[str, Mapping[tuple[Interval, str], Literal]]) -> None:
    """Add to a board the limits of the rooms that hold one session at a time.

    Args:
        board: the board, after all rules have spoken.
        stands: for the sessions whose rooms are decided in the model, the literals by time and room.
    """
    bit = {room.id: 1 << index for index, room in enumerate(board.problem.rooms)}
    leads = board.leads
    limited = sum(bit[name] for name in leads)
    counted, decided = _counted(board, stands, limited), _decided(stands, {name: bit[name] for name in leads})
    own = (family for family in board.families if not family & ~limited)
    board.counted.update(dict.fromkeys((*decided, *_closed(tuple(counted)), *own)))
    for family in board.counted:
        lead = min(lead for name, lead in leads.items() if bit[name] & family)
        inside: _Stays = {}
        for mask, stays in (*counted.items(), *decided.items()):
            if not mask & ~family:
                for (start, end), some in stays.items():
                    inside.setdefault((start - lead, end), []).extend(some)
        rooms = family.bit_count()
        for group in crowds(inside):
            if len(group) > rooms and len({name for name, _ in group}) > rooms:
                literals = [literal for _, literal in group]
                if rooms == 1:
                    board.model.add_at_most_one(literals)
                else:
                    board.model.add(board.total(literals) <= rooms)


def _counted(board: Board, stands: Mapping[str, object], limited: int) -> dict[int, _Stays]:
    """Return the stays of the sessions that are counted, by the rooms that they can use then."""
    found: dict[int, _Stays] = {}
    for session in board.problem.sessions:
        if session.id not in stands:
            for span in board.spans(session):
                mask = board.mask(session, span)
                if not mask & ~limited:
                    here = found.setdefault(mask, {}).setdefault((span.start, span.end), [])
                    here.append((session.id, board.at(session, span)))
    return found


def _decided(
    stands: Mapping[str, Mapping[tuple[Interval, str], Literal]], bits: Mapping[str, int]
) -> dict[int, _Stays]:
    """Return the stays of the sessions whose rooms are decided, by room."""
    found: dict[int, _Stays] = {}
    for name, places in stands.items():
        for (span, room), literal in places.items():
            if room in bits:
                found.setdefault(bits[room], {}).setdefault((span.start, span.end), []).append((name, literal))
    return found


def _closed(masks: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sets and the unions of those that meet, as far as there are not too many of them.

    The union of sets that share no room says nothing new: its limit is the sum of theirs. So sets that have nothing to
    do with each other, as those of tracks that have rooms of their own, do not count against each other.
    """
    found: dict[int, None] = {}
    for several in _joined(masks):
        family = dict.fromkeys(several)
        fresh = list(several)
        while fresh and len(family) <= MOST_FAMILIES:
            unions = {a | b: None for a in fresh for b in family if a & b and a | b not in family}
            unions.update({a | b: None for a, b in combinations(fresh, 2) if a & b and a | b not in family})
            fresh = list(unions)[: MOST_FAMILIES - len(family) + 1]
            family.update(dict.fromkeys(fresh))
        found.update(family)
    return tuple(found)


def _joined(masks: tuple[int, ...]) -> list[list[int]]:
    """Return sets in groups such that no two of different groups share a room."""
    groups: list[tuple[int, list[int]]] = []
    for mask in masks:
        near = [group for group in groups if group[0] & mask]
        groups = [group for group in groups if not group[0] & mask]
        union = mask
        for rooms, _ in near:
            union |= rooms
        groups.append((union, [*(one for _, several in near for one in several), mask]))
    return [several for _, several in groups]


def price_overflow(board: Board) -> None:
    """Add to a board what prices of rooms come to at least, without deciding who stands in which room.

    If more sessions run at an instant than there are rooms of a set, and each pays at least so much outside that set,
    then those that are too many pay. A set takes its share of each price, so that nothing is counted twice; where
    rooms are nested, as by size, next to nothing of the prices is lost.
    """
    limited = sum(1 << index for index, room in enumerate(board.problem.rooms) if room.id in board.limited_rooms)
    bits = {room.id: 1 << index for index, room in enumerate(board.problem.rooms)}
    for tier, prices in board.overflow.items():
        left = {
            session.id: {room: prices.get(session.id, {}).get(room, 0) for room in board.rooms(session)}
            for session in board.problem.sessions
        }
        for name, by in left.items():
            least = min(by.values(), default=0)
            if least:
                # Whatever the room, it pays that much.
                board.costs.setdefault(tier, []).append((board.placed(board.problem.session(name)), least))
                left[name] = {room: price - least for room, price in by.items()}
        for _ in range(_PRICE_ROUNDS):
            free = {name: sum(bits[room] for room, price in by.items() if not price) for name, by in left.items()}
            paying = {mask: None for name, mask in free.items() if mask and any(left[name].values())}
            for family in sorted(paying, key=lambda mask: (mask.bit_count(), mask)):
                if family & ~limited:
                    continue
                inside = [name for name, mask in free.items() if not mask & ~family]
                outside = [(name, room) for name in inside for room in left[name] if not bits[room] & family]
                price = min((left[name][room] for name, room in outside), default=0)
                if price and _charge(board, tier, inside, family.bit_count(), price):
                    for name, room in outside:
                        left[name][room] -= price


def _charge(board: Board, tier: int, names: list[str], rooms: int, price: int) -> bool:
    """Price the sessions that are too many for some rooms, at instants that share no session."""
    spans = [
        (span.start, span.end, (name, literal))
        for name in names
        for span, literal in board.literals_of_spans.get(name, {}).items()
    ]
    charged: set[int] = set()
    found = False
    for group in cliques(spans):
        several = len({name for name, _ in group})
        if several > rooms and charged.isdisjoint(literal.index for _, literal in group):
            charged.update(literal.index for _, literal in group)
            excess = board.excess(board.total([literal for _, literal in group]), rooms, several)
            board.costs.setdefault(tier, []).append((excess, price))
            found = True
    return found
