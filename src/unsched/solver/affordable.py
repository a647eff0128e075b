"""What a repair can still afford: once one is found, most sessions cannot move in any that is as good.

Whose place is gone has to move, and those who are at it are told, whatever the answer. Where one more person told, or
one more session moved, is more than what has been found costs, it need not be tried: so the whole becomes small again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    from unsched.domain.people import Delegation, Person
    from unsched.domain.schedule import Booking
    from unsched.domain.session import Session
    from unsched.solver.restate import Case, Layer, Stated

__all__ = ["Affordable"]


@define(eq=False)
class Affordable:
    """Who can move in a repair that is as good as one that is known.

    Args:
        case: what is repaired.
        stated: the repair as a problem.
        forced: ids of the published sessions that cannot stay where they are, whatever is moved.
        in_time: ids of those of them that cannot keep their times.
    """

    case: Case
    stated: Stated
    forced: tuple[str, ...]
    in_time: tuple[str, ...]
    _told: dict[str, int] = field(init=False, factory=dict)
    _moved: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        for name in self.forced:
            for party, times in self._parties(name):
                self._told[party] = max(self._told.get(party, 0), times)
        self._moved = sum(self._times(self.case.published[name]) for name in self.in_time)

    def can_move(self, names: Iterable[str], costs: Mapping[int, int], bounds: Mapping[int, int]) -> frozenset[str]:
        """Return those of some sessions whose move can be part of a repair that costs no more.

        Args:
            names: ids of published sessions.
            costs: what a repair costs, by tier.
            bounds: what each tier is proven to cost at least, given what those before it cost there.
        """
        limit = [cost for tier, cost in sorted(costs.items()) if tier not in self.stated.wishes]
        return frozenset(name for name in names if any(least <= limit for least in self._least(name, costs, bounds)))

    def _least(self, name: str, costs: Mapping[int, int], bounds: Mapping[int, int]) -> list[list[int]]:
        """Return what each tier costs at least where a session takes another time, and where it changes rooms only."""
        told = dict(self._told)
        for party, times in self._parties(name):
            told[party] = max(told.get(party, 0), times)
        urgent = self._times(self.case.published[name])
        # What is left out is told of, but takes no other time and no other room.
        if any(cost for tier, cost in costs.items() if tier < min(self.stated.layers, default=0)):
            urgent = moved = 0
        else:
            moved = self._moved
        ways = []
        for in_time in (True, False):
            counts = {
                "people": sum(told.values()),
                "sessions": moved + urgent * in_time,
                "minutes": 0,
                "rooms": 0 if in_time else urgent,
            }
            ways.append(
                [
                    max(bounds.get(tier, 0), _priced(self.stated.layers.get(tier, ()), counts))
                    for tier in sorted(costs)
                    if tier not in self.stated.wishes
                ]
            )
        return ways

    def _parties(self, name: str) -> list[tuple[str, int]]:
        problem = self.case.problem
        session: Session = problem.session(name)
        parties: list[Delegation | Person] = [
            *problem.required_delegations(session),
            *problem.invited_delegations(session),
            *problem.required_persons(session),
            *problem.invited_persons(session),
        ]
        times = self._times(self.case.published[name])
        return [(party.id, times) for party in parties]

    def _times(self, booking: Booking) -> int:
        """Return how many times as much a change of a booking counts."""
        today = self.case.today
        if today is None:
            return 1
        days = (booking.start.astimezone(self.case.problem.window.tz).date() - today).days
        return max([1, *(near.times for near in self.case.near if days <= near.days)])


def _priced(layer: Layer, counts: Mapping[str, int]) -> int:
    return sum(price * counts[name] for name, price in layer)
