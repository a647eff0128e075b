"""What sessions borrow: equipment that there is only so much of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.services import Equipment
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["EquipmentEnough"]


@frozen
class EquipmentEnough(Constraint):
    """No more sessions borrow an equipment at once than there are units of it.

    A session borrows one unit of each equipment that it needs, unless its room has that among its features. The
    amount is, for each equipment, the least number of sessions that would have to go without.

    Example: with two mobile captioning kits, a third captioned session waits, or moves to a room with captioning.
    """

    kind: ClassVar[str] = "equipment-enough"
    unit: ClassVar[str] = "session too many"
    anonymous: ClassVar[bool] = True
    standard: ClassVar[bool] = True

    def concerns(self, problem: Problem) -> bool:
        """Return whether there is any equipment."""
        return bool(problem.equipment)

    def post(self, board: Board) -> None:
        """Limit what is borrowed at once."""
        for equipment in board.problem.equipment:
            own = {room.id for room in board.problem.rooms if equipment.id in room.features}
            needing = [session for session in board.problem.sessions if equipment.id in session.equipment]
            borrowers = [session for session in needing if not own.issuperset(board.rooms(session))]
            if len(borrowers) <= equipment.units:
                continue
            if own.isdisjoint(room for session in borrowers for room in board.rooms(session)):
                board.require(self, board.together(borrowers, equipment.units), about=equipment.id)
            else:
                self._hand_out(board, equipment, borrowers, own)

    def _hand_out(self, board: Board, equipment: Equipment, borrowers: list[Session], own: set[str]) -> None:
        """Decide who gets a unit; whoever gets none has to stand in a room with its own."""
        handed = [board.attendance(session) for session in borrowers]
        board.attend_at_most(equipment.units, (), handed)
        without = []
        for session, unit in zip(borrowers, handed, strict=True):
            equipped = [board.uses(session, room) for room in board.rooms(session) if room in own]
            lacks = unit.missed - board.total(equipped) if equipped else unit.missed
            without.append(board.greatest([lacks], upper=1))
        many = board.total(without)
        board.require(self, board.jointly(many <= 0, amount=lambda: many), about=equipment.id)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Let borrowers go until there are units for the others, and name with each those that it runs with."""
        for equipment in timetable.problem.equipment:
            name, units = equipment.id, equipment.units
            borrowing = [o for o in timetable.placed if name in o.session.equipment and name not in o.room.features]
            for one in timetable.left_out(borrowing, units):
                at_once = tuple(other.session.id for other in borrowing if other.span.overlaps(one.span))
                few = f"there {'is' if units == 1 else 'are'} {units or 'none'}"
                text = f"{one.session.id!r} borrows {name!r}, and {few}: {', '.join(map(repr, at_once))}."
                yield Breach(self, at_once, 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "No more sessions borrow an equipment at once than there are units of it."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands for an equipment."""
        units = problem.equipment_by_id[about].units
        return f"There {'is' if units == 1 else 'are'} {units} of equipment {about!r} to borrow at once."
