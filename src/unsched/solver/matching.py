"""Rooms by matching: once the times stand, give each session a room, or say which sessions cannot all have one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import inf

from attrs import define, field, frozen
from ortools.sat.python import cp_model

from unsched.domain.interval import Interval
from unsched.solver.cliques import cliques

__all__ = ["Stay", "match_rooms", "seat_soonest"]

_EFFORT = 1.0
"""Deterministic seconds after which sessions are taken for too many."""
_MOST_STEPS = 2_000
NO_PRICES: Mapping[str, Mapping[str, int]] = {}
NO_ROOMS: Mapping[str, str] = {}


@frozen
class Stay:
    """A session whose time stands and whose room is open.

    Args:
        session: id of the session.
        span: its time, half-open, in minutes.
        rooms: ids of the rooms that it can use then, in order of liking.
    """

    session: str
    span: Interval
    rooms: tuple[str, ...]


def match_rooms(
    stays: Sequence[Stay],
    leads: Mapping[str, int],
    taken: Sequence[tuple[str, Interval]] = (),
    prices: Mapping[str, Mapping[str, int]] = NO_PRICES,
    known: Mapping[str, str] = NO_ROOMS,
) -> dict[str, str] | tuple[str, ...]:
    """Give each stay a room that is free.

    Args:
        stays: the sessions.
        leads: the rooms that hold one session at a time, each with the minutes that it stands empty before.
        taken: rooms that are in use already, and when.
        prices: what a session pays in a room, by session and room; what is not named is free.
        known: rooms that sessions had before some have moved; whoever can keep the room does, unless rooms have prices.

    Returns:
        the room of each session, or the ids of some sessions that cannot all have a room.

    >>> match_rooms([Stay("a", Interval(0, 60), ("I", "II")), Stay("b", Interval(0, 60), ("I",))], {"I": 0, "II": 0})
    {'a': 'II', 'b': 'I'}
    """
    found: dict[str, str] = {}
    for part in _components(stays, max(leads.values(), default=0)):
        priced = any(prices.get(stay.session) for stay in part)
        if priced:
            rooms = _cheapest(part, leads, taken, prices) or _seated(part, leads, taken, known)
        else:
            rooms = _seated(part, leads, taken, known)
        seated = rooms or _exact(part, leads, taken)
        if isinstance(seated, tuple):
            return seated
        found.update(seated)
    return {stay.session: found[stay.session] for stay in stays}


def seat_soonest(
    stays: Sequence[Stay], leads: Mapping[str, int], taken: Sequence[tuple[str, Interval]] = ()
) -> dict[str, str]:
    """Give rooms to as many stays as find one free, in order of time; the others are left out.

    >>> seat_soonest([Stay("b", Interval(30, 90), ("I",)), Stay("a", Interval(0, 60), ("I",))], {"I": 0})
    {'a': 'I'}
    """
    seating = _seating(leads, taken)
    for stay in sorted(stays, key=lambda stay: (stay.span, len(stay.rooms), stay.session)):
        free = next((room for room in stay.rooms if not seating.in_the_way(room, stay)), None)
        if free is not None:
            seating.sit(stay, free)
    return seating.rooms


def _components(stays: Sequence[Stay], lead: int) -> list[list[Stay]]:
    """Return the stays in groups so far apart in time that they never meet in a room."""
    groups: list[list[Stay]] = []
    end = 0
    for stay in sorted(stays, key=lambda stay: (stay.span, stay.session)):
        if not groups or stay.span.start >= end + lead:
            groups.append([])
        end = max(end, stay.span.end) if groups[-1] else stay.span.end
        groups[-1].append(stay)
    return groups


def _seating(leads: Mapping[str, int], taken: Sequence[tuple[str, Interval]]) -> _Seating:
    seating = _Seating(leads)
    for room, span in taken:
        seating.used[room].append((span, None))
    return seating


def _seated(
    stays: Sequence[Stay],
    leads: Mapping[str, int],
    taken: Sequence[tuple[str, Interval]],
    known: Mapping[str, str],
) -> dict[str, str] | None:
    """Leave everybody in the known room who can stay there, and let the others in; `None` if not all come in soon."""
    seating = _seating(leads, taken)
    for stay in stays:
        before = known.get(stay.session)
        if before is not None and before in stay.rooms and not seating.in_the_way(before, stay):
            seating.sit(stay, before)
    # Whoever has the fewest rooms first.
    for stay in sorted(stays, key=lambda stay: (len(stay.rooms), stay.span, stay.session)):
        if stay.session not in seating.rooms and not seating.let_in(stay):
            return None
    return seating.rooms


@define(eq=False)
class _Seating:
    """Who sits where, while one after the other comes in.

    Args:
        leads: the rooms that hold one session at a time, each with the minutes that it stands empty before.
        used: when each room is in use, and by whom; `None` does not move.
        rooms: who sits where.
        moved: how often each session has had to move.
        steps: how many have had to move.
    """

    leads: Mapping[str, int]
    used: defaultdict[str, list[tuple[Interval, Stay | None]]] = field(factory=lambda: defaultdict(list))
    rooms: dict[str, str] = field(factory=dict)
    moved: Counter[str] = field(factory=Counter)
    steps: int = 0

    def in_the_way(self, room: str, stay: Stay) -> list[Stay | None]:
        lead = self.leads.get(room)
        if lead is None:
            return []
        start, end = stay.span.start - lead, stay.span.end + lead
        return [other for span, other in self.used[room] if start < span.end and span.start < end]

    def sit(self, stay: Stay, room: str) -> None:
        self.rooms[stay.session] = room
        self.used[room].append((stay.span, stay))

    def let_in(self, stay: Stay) -> bool:
        """Let a session in, if need be in place of those who have moved the least, who then come in elsewhere."""
        waiting = [stay]
        while waiting:
            one = waiting.pop()
            best = self._cheapest_room(one)
            if best is None:
                return False
            room, leaving = best
            self.steps += len(leaving)
            if self.steps > _MOST_STEPS:
                return False
            for other in leaving:
                self.used[room].remove((other.span, other))
                del self.rooms[other.session]
                self.moved[other.session] += 1
            waiting += leaving
            self.sit(one, room)
        return True

    def _cheapest_room(self, stay: Stay) -> tuple[str, list[Stay]] | None:
        """Return a room of a session from which those have to move who have moved the least, and who they are."""
        least, best = inf, None
        for room in stay.rooms:
            others = self.in_the_way(room, stay)
            moving = [other for other in others if other is not None]
            price = sum(1 + self.moved[other.session] for other in moving)
            if len(moving) == len(others) and price < least:
                least, best = price, (room, moving)
            if not least:
                break
        return best


def _cheapest(
    stays: Sequence[Stay],
    leads: Mapping[str, int],
    taken: Sequence[tuple[str, Interval]],
    prices: Mapping[str, Mapping[str, int]],
) -> dict[str, str] | None:
    model = cp_model.CpModel()
    in_room = _literals(model, stays, leads, taken)
    for by in in_room.values():
        model.add_exactly_one(by.values())
    pairs = [(lit, prices.get(name, {}).get(room, 0)) for name, by in in_room.items() for room, lit in by.items()]
    model.minimize(cp_model.LinearExpr.weighted_sum([lit for lit, _ in pairs], [price for _, price in pairs]))
    solver = _solver()
    solver.parameters.max_deterministic_time = 1.0
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {name: next(room for room, lit in by.items() if solver.value(lit)) for name, by in in_room.items()}


def _literals(
    model: cp_model.CpModel,
    stays: Sequence[Stay],
    leads: Mapping[str, int],
    taken: Sequence[tuple[str, Interval]],
) -> dict[str, dict[str, cp_model.IntVar]]:
    """Return a literal for each session and room that is free, of which a room can take one at a time."""
    in_room = {}
    seating = _seating(leads, taken)
    for stay in stays:
        free = [room for room in stay.rooms if not seating.in_the_way(room, stay)]
        in_room[stay.session] = {room: model.new_bool_var("") for room in free}
    for room, lead in leads.items():
        spans = [
            (stay.span.start - lead, stay.span.end, in_room[stay.session][room])
            for stay in stays
            if room in in_room[stay.session]
        ]
        for group in cliques(spans):
            model.add_at_most_one(group)
    return in_room


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # The linear relaxation sees at once that rooms are too few: 20 sessions that took 7 s take 0.02 s.
    solver.parameters.linearization_level = 2
    solver.parameters.catch_sigint_signal = False
    return solver


def _exact(
    stays: Sequence[Stay], leads: Mapping[str, int], taken: Sequence[tuple[str, Interval]]
) -> dict[str, str] | tuple[str, ...]:
    model = cp_model.CpModel()
    in_room = _literals(model, stays, leads, taken)
    wanted = {}
    for name, by in in_room.items():
        wanted[name] = model.new_bool_var("")
        model.add(cp_model.LinearExpr.sum(list(by.values())) == wanted[name])
    model.add_assumptions(list(wanted.values()))
    solver = _solver()
    solver.parameters.max_deterministic_time = _EFFORT
    if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {name: next(room for room, lit in by.items() if solver.value(lit)) for name, by in in_room.items()}
    core = set(solver.sufficient_assumptions_for_infeasibility())
    names = tuple(name for name, literal in wanted.items() if literal.index in core)
    return names or tuple(wanted)
