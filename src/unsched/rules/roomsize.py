"""Sizes of rooms: none that is too large, and the large ones first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_choice
from unsched.domain.select import EVERY, Select, to_select
from unsched.domain.venue import SEAT_CLASSES
from unsched.errors import Fault
from unsched.rules.base import Breach, Preference
from unsched.rules.roomfit import assumption_for, possible_rooms

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.domain.venue import Room
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal

__all__ = ["LargeRoomsFirst", "SmallestRoom"]


@frozen
class SmallestRoom(Preference):
    """The selected sessions stand in the smallest rooms that hold them.

    The amount is the number of seats that stay empty, summed over the sessions; that a room is too small is another
    rule's matter. At the table, the seats of all required and invited delegations are taken; at the side, theirs and
    the expected attendance; on the podium, what the session says; where segments have audiences of their own, those
    of the largest. In total is the sum of these, and a room whose source gives no total has the sum of its classes.

    Args:
        sessions: which sessions.
        seats: the class of seats that is counted: "podium", "table", "side" or "total".

    Example: a drafting group of ten does not take the hall of 200 from those who need it.
    """

    kind: ClassVar[str] = "smallest-room"
    unit: ClassVar[str] = "empty seat"

    sessions: Select = field(converter=to_select, kw_only=False)
    seats: str = field(default="table", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("seats", self.seats, ("table", "podium", "side", "total"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the rooms whose seats are asked for and not known."""
        yield from _unknown(problem, self.sessions, self.seats)

    def post(self, board: Board) -> None:
        """Price each room by the seats that would stay empty."""
        problem = board.problem
        seats = {room.id: _seats(room, self.seats) or 0 for room in problem.rooms}
        for session in problem.select(self.sessions):
            groups = [(*audience.required, *audience.invited) for audience in problem.audiences(session)]
            need = {
                "podium": session.podium_seats,
                "table": max(sum(party.table_seats for party in group) for group in groups),
                "side": session.side_seats + max(sum(party.side_seats for party in group) for group in groups),
            }
            heads = need.get(self.seats, sum(need.values()))
            empty = {room: seats[room] - heads for room in board.rooms(session) if seats[room] > heads}
            if empty:
                taken = [board.uses(session, room) for room in empty]
                board.prefer(self, board.total(taken, empty.values()), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Seat everybody, class by class, and count what is left."""
        problem = timetable.problem
        for one in timetable.of(problem.select(self.sessions)):
            at_table = at_side = 0
            for audience in problem.audiences(one.session):
                coming = audience.required + audience.invited
                at_table = max(at_table, sum(delegation.table_seats for delegation in coming))
                at_side = max(at_side, sum(delegation.side_seats for delegation in coming))
            counted = ("podium", "table", "side") if self.seats == "total" else (self.seats,)
            taken = {"podium": one.session.podium_seats, "table": at_table, "side": at_side + one.session.side_seats}
            heads = sum(taken[name] for name in counted)
            seats = one.room.seats
            there = {"podium": seats.podium, "table": seats.table, "side": seats.side}
            have = seats.total if self.seats == "total" else there[self.seats]
            if self.seats == "total" and have is None and None not in there.values():
                have = sum(count or 0 for count in there.values())
            left = (have or 0) - heads
            if left > 0:
                kind = "" if self.seats == "total" else f"{self.seats} "
                text = f"{one.session.id!r} leaves {left} of {left + heads} {kind}seats of room {one.room.id!r} empty."
                yield Breach(self, (one.session.id,), left, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        kind = "seats" if self.seats == "total" else f"{self.seats} seats"
        return f"Few empty {kind}: {self.sessions}."


@frozen
class LargeRoomsFirst(Preference):
    """Of two sessions, that which starts earlier has no smaller room.

    The amount is the number of pairs of the selected sessions in which the one that starts earlier stands in a room
    with fewer seats. A room whose source gives no total has the sum of its classes.

    Args:
        sessions: which sessions.
        seats: "podium", "table", "side" or "total".

    Example: a fair fills its large halls in the morning, and leaves the small rooms for those who come late.
    """

    kind: ClassVar[str] = "large-rooms-first"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)
    seats: str = field(default="total", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("seats", self.seats, (*SEAT_CLASSES, "total"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the rooms whose seats are asked for and not known."""
        yield from _unknown(problem, self.sessions, self.seats)

    def post(self, board: Board) -> None:
        """Count, at each start and for each size, what has begun in smaller rooms; a session in that size pays it."""
        sessions = board.problem.select(self.sessions)
        sizes_of = {room.id: _seats(room, self.seats) or 0 for room in board.problem.rooms}
        begins: dict[int, dict[int, list[tuple[str, Literal]]]] = {}
        for session in sessions:
            for span in board.spans(session):
                for name in board.rooms_at(session, span):
                    literal = board.stands(session, span, name)
                    begins.setdefault(sizes_of[name], {}).setdefault(span.start, []).append((session.id, literal))
        starts = sorted({start for here in begins.values() for start in here})
        most = len(sessions) - 1
        sizes = sorted(begins)
        pays: dict[str, list[Linear]] = {session.id: [] for session in sessions}
        for place, size in enumerate(sizes[1:], 1):
            smaller = [begins[other] for other in sizes[:place]]
            steps = [board.total(copy for here in smaller for _, copy in here.get(start, ())) for start in starts]
            begun = board.running(steps, len(sessions))
            for start, before in zip(starts[1:], begun, strict=False):
                mine: dict[str, list[Literal]] = {}
                for name, literal in begins[size].get(start, ()):
                    mine.setdefault(name, []).append(literal)
                for name, literals in mine.items():
                    pays[name].append(before - len(sessions) * (1 - board.total(literals)))
        for name, terms in pays.items():
            if terms:
                board.prefer(self, board.greatest(terms, upper=most), whom=(name,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Add up the seats of the rooms of each pair."""
        for one, other in combinations(timetable.of(timetable.problem.select(self.sessions)), 2):
            there = []
            for seats in (one.room.seats, other.room.seats):
                classes = {"podium": seats.podium, "table": seats.table, "side": seats.side}
                added = sum(count or 0 for count in classes.values()) if seats.total is None else seats.total
                there.append(classes.get(self.seats, added) or 0)
            if one.span.start < other.span.start and there[0] < there[1]:
                text = f"{one.session.id!r} is in {one.room.id!r} before {other.session.id!r} in {other.room.id!r}."
                yield Breach(self, (one.session.id, other.session.id), 1, text, (other.session.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Large rooms first, by {self.seats} seats: {self.sessions}."


def _unknown(problem: Problem, sessions: Select, seats: str) -> Iterator[Fault]:
    """Yield the rooms in which sessions might stand, and whose seats are asked for and not known."""
    for index, room, user in possible_rooms(problem, sessions):
        if _seats(room, seats) is None:
            kind = "seats in total" if seats == "total" else f"{seats} seats"
            message = f"the {kind} of room {room.id!r} are not known, and {user.id!r} might stand there"
            yield Fault(f"venue.rooms[{index}].seats.{seats}", message, assumption_for(room, f"seats.{seats}"))


def _seats(room: Room, kind: str) -> int | None:
    """Return the seats of a class, or all, as far as they are known."""
    if kind != "total" or room.seats.total is not None:
        seats: int | None = getattr(room.seats, kind)
        return seats
    classes = [getattr(room.seats, name) for name in SEAT_CLASSES]
    return None if None in classes else sum(classes)
