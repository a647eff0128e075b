"""Attending: what somebody misses who can be at so many sessions at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from unsched.domain.part import Part, whole
from unsched.solver.cliques import cliques
from unsched.solver.decisions import Decisions
from unsched.solver.terms import Attendance, Linear, Literal

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.session import Session

__all__ = ["Attending", "Key", "to_part"]

Key = tuple[str, int, int]
Crowd = list[tuple[Key, bool, Literal]]


@frozen(eq=False)
class Attending(Decisions):
    """Who attends what, made of decisions."""

    _caps: list[tuple[frozenset[Key], int]] = field(init=False, factory=list)

    def missed(
        self,
        most: int,
        duties: Iterable[Session | Part],
        wanted: Iterable[Session | Part],
        fits: Callable[[Interval], bool] = lambda _: True,
    ) -> Linear:
        """Return how many sessions somebody has to miss who can be at so many at once; only for a cost to push down.

        Where times fall into slots, so that each is in one crowd, that is what is too many in each slot, which takes a
        number a slot; otherwise somebody decides about each time of each session whether to be there.

        Args:
            most: at how many somebody can be at once.
            duties: what comes first, and is not missed.
            wanted: sessions, or parts of sessions, that are.
            fits: whether somebody is there at a time at all.
        """
        own, others = tuple(to_part(one) for one in duties), tuple(to_part(one) for one in wanted)
        busy = [(span, part.key, True, literal) for part in own for span, literal in self.stays(part)]
        free = [(span, part.key, False, literal) for part in others for span, literal in self.stays(part)]
        stays = [*busy, *(stay for stay in free if fits(stay[0]))]
        everybody = cliques((span.start, span.end, (key, duty, literal)) for span, key, duty, literal in stays)
        crowds = [crowd for crowd in everybody if len({key for key, _, _ in crowd}) > most]
        counted = [literal.index for crowd in crowds for _, _, literal in crowd]
        busiest = max((len({key for key, duty, _ in crowd if duty}) for crowd in crowds), default=0)
        if len(counted) > len(set(counted)) or not (busiest <= most or self._kept(own, most)):
            attended = [self.attendance(part, fits) for part in others]
            self.attend_at_most(most, own, attended)
            return self.total([one.missed for one in attended])
        crowds = [crowd for crowd in crowds if not all(duty for _, duty, _ in crowd)]
        beyond = [
            self.excess(self.total([literal for _, _, literal in crowd]), most, len({key for key, _, _ in crowd}))
            for crowd in crowds
        ]
        self._count_over(most, crowds, beyond)
        return self.total([*beyond, *(literal for span, _, _, literal in free if not fits(span))])

    def _count_over(self, most: int, crowds: Sequence[Crowd], beyond: Sequence[Linear]) -> None:
        """Say at once what adding up the slots would show: where the parts are more than their slots hold together.

        It says nothing new, but the solver sees it before it has added up anything.
        """
        slots: dict[Key, dict[int, None]] = {}
        for index, crowd in enumerate(crowds):
            for key, _, _ in crowd:
                slots.setdefault(key, {})[index] = None
        for places in dict.fromkeys((frozenset(range(len(crowds))), *map(frozenset, slots.values()))):
            inside = {key for key, mine in slots.items() if places.issuperset(mine)}
            if len(inside) > most * len(places):
                order = sorted(places)
                literals = [literal for index in order for key, _, literal in crowds[index] if key in inside]
                over = self.total(literals) - most * len(order)
                self.model.add(self.total([beyond[index] for index in order]) >= over)

    def _kept(self, duties: Iterable[Part], most: int) -> bool:
        """Whether it is demanded anyway that of some duties at most so many run at once."""
        keys = frozenset(part.key for part in duties)
        return any(keys <= capped and cap <= most for capped, cap in self._caps)

    def attend_at_most(self, most: int, duties: Iterable[Session | Part], attended: Iterable[Attendance]) -> None:
        """Let somebody attend, beside what is a duty, no more than so many at once.

        Where duties alone are too many, nothing else is attended; that they are too many is another rule's matter.
        Several who are alike can share what their numbers allow: intervals in time always let them.
        """
        own = tuple(to_part(duty) for duty in duties)
        decided = tuple(attended)
        many = decided[0].many if decided else 1
        kept = self._kept(own, most)
        spans: list[tuple[int, int, tuple[Key, bool, Literal]]] = [
            (span.start, span.end, (part.key, True, literal)) for part in own for span, literal in self.stays(part)
        ]
        for attendance in decided:
            spans += [(span.start, span.end, (attendance.part.key, False, copy)) for span, copy in attendance.at]
        for group in cliques(spans):
            if all(duty for _, duty, _ in group) or len({key for key, _, _ in group}) <= most:
                continue
            busy = [literal for _, duty, literal in group if duty]
            if not kept and len({key for key, duty, _ in group if duty}) > most:
                excess = self.model.new_int_var(0, len(own), "")
                self.model.add_max_equality(excess, [0, self.total(busy) - most])
                left = most + excess - self.total(busy)
                self.model.add(self.total(copy for _, duty, copy in group if not duty) <= many * left)
            elif most == 1 and many == 1:
                self.model.add_at_most_one(literal for _, _, literal in group)
            else:
                weights = [many if duty else 1 for _, duty, _ in group]
                self.model.add(self.total([term for _, _, term in group], weights) <= many * most)


def to_part(one: Session | Part) -> Part:
    """Return a part of a session as it is, and a session as a part that is all of it."""
    return one if isinstance(one, Part) else whole(one)
