"""What times without rooms teach: how the next model of the same problem has to see rooms.

Rooms are counted where they can be, which says nothing false and not always enough: where rooms are open at different
hours, say, sessions of different lengths can be too many for rooms that are enough at every instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.solver.board import Board

__all__ = ["Lessons", "places_of"]

_MOST_PLACES = 250_000
_DAY = 24 * 60


@define(eq=False)
class Lessons:
    """What has been learned so far.

    Args:
        in_rooms: ids of the sessions whose rooms are decided in the model.
        families: sets of rooms, as bits in the order of the problem, whose sessions are counted besides the usual.
    """

    in_rooms: set[str] = field(factory=set)
    families: dict[int, None] = field(factory=dict)

    @property
    def many(self) -> tuple[int, int]:
        """How much has been learned, to see whether more has been since."""
        return len(self.in_rooms), len(self.families)

    def learn(self, board: Board, spans: Mapping[str, Interval], sessions: Iterable[str]) -> None:
        """Learn that some sessions cannot all have rooms, which the model did not know.

        The set of rooms that they can use is counted from now on. Where that is done already, it is decided in the
        model in which rooms they stand, and with them all those who can stand in no others, or at least those of the
        day: one after the other, each would be found out by a model of its own.

        Args:
            board: the board of the model.
            spans: the time of each session, by id.
            sessions: ids of sessions that cannot all have a room at these times.
        """
        names = tuple(sessions)
        family = 0
        for name in names:
            family |= board.mask(board.problem.session(name), spans[name])
        in_cells = any((name, spans[name]) in board.cells_at for name in names)
        known = family in self.families or family in board.counted or bool(self.in_rooms & set(names))
        if not in_cells and not known:
            self.families[family] = None
            return
        those, days = set(board.names(family)), {spans[name].start // _DAY for name in names}
        rivals = [one for one in board.problem.sessions if those.issuperset(board.rooms(one) or (None,))]
        today = [one for one in rivals if days & {span.start // _DAY for span in board.spans(one)}]
        for several in (rivals, today):
            together = {*(one.id for one in several), *names, *self.in_rooms}
            if places_of(board, together) <= _MOST_PLACES:
                self.in_rooms |= together
                return
        self.in_rooms.update(names)


def places_of(board: Board, sessions: Iterable[str]) -> int:
    """Return how many times and rooms some sessions have together."""
    several = map(board.problem.session, sessions)
    return sum(len(board.spans(one)) * len(board.rooms(one)) for one in several)
