"""Requirements between sessions: not together, before, apart; and what it comes to where they are broken."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise, starmap
from typing import TYPE_CHECKING

from attrs import field, frozen

from unsched.domain.interval import Interval
from unsched.solver.attending import Attending, Key, to_part
from unsched.solver.cliques import cliques
from unsched.solver.terms import Cell, Linear, Literal, Requirement, Row

if TYPE_CHECKING:
    from unsched.domain.part import Part
    from unsched.domain.session import Session
    from unsched.domain.venue import Room

__all__ = ["Vocabulary"]


@frozen(eq=False)
class Vocabulary(Attending):
    """The ready-made requirements, made of decisions."""

    cells: dict[Hashable, Cell] = field(init=False, factory=dict)
    cells_at: dict[tuple[str, Interval], list[int]] = field(init=False, factory=dict)
    _takes_one: dict[str, dict[tuple[Interval, ...], Literal]] = field(init=False, factory=dict)
    _apart: list[Mapping[str, frozenset[str]]] = field(init=False, factory=list)
    _overlaps: dict[tuple[Key, Key, int], Literal] = field(init=False, factory=dict)
    _shared: dict[tuple[str, str], Literal] = field(init=False, factory=dict)

    # -- words: pairs -----------------------------------------------------------------------------------------------

    def overlap(self, one: Session | Part, other: Session | Part, *, gap: int = 0) -> Literal:
        """Return a literal that is true where two run at once; only for a cost to push down, or for a ban.

        Args:
            one: a session, or a part of one.
            other: another.
            gap: also where less than so many minutes lie between them.
        """
        parts = sorted((to_part(one), to_part(other)), key=lambda part: part.key)
        key = (parts[0].key, parts[1].key, gap)
        if key not in self._overlaps:
            spans = [
                (span.start, span.end + gap, (index, literal))
                for index, part in enumerate(parts)
                for span, literal in self.stays(part)
            ]
            crowds = [group for group in cliques(spans) if len({index for index, _ in group}) == 2]
            found = self.model.new_bool_var("") if crowds else self.model.new_constant(0)
            for group in crowds:
                self.model.add(self.total([literal for _, literal in group]) <= 1 + found)
            self._overlaps[key] = found
        return self._overlaps[key]

    def minutes_shared(self, one: Session | Part, other: Session | Part) -> Linear:
        """Return for how many minutes two run at once; only for a cost to push down."""
        mine, yours = self.stays(one), self.stays(other)
        bounds = sorted({bound for span, _ in (*mine, *yours) for bound in (span.start, span.end)})
        terms: list[Linear] = []
        minutes: list[int] = []
        for stretch in starmap(Interval, pairwise(bounds)):
            sides = [[literal for span, literal in side if span.overlaps(stretch)] for side in (mine, yours)]
            if all(sides):
                terms.append(self.greatest([self.total([*sides[0], *sides[1]]) - 1], upper=1))
                minutes.append(stretch.minutes)
        return self.total(terms, minutes)

    def share_room(self, one: Session, other: Session) -> Literal:
        """Return a literal that is true where two sessions stand in one room, at whatever times; only to push down."""
        key = (min(one.id, other.id), max(one.id, other.id))
        if key not in self._shared:
            both = [name for name in self.rooms(one) if name in self.rooms(other)]
            found = self.model.new_bool_var("") if both else self.model.new_constant(0)
            for name in both:
                self.model.add(self.uses(one, name) + self.uses(other, name) <= 1 + found)
            self._shared[key] = found
        return self._shared[key]

    def in_turn(self, parts: Iterable[Part]) -> bool:
        """Return whether some parts are known never to run at once, because a constraint has said so."""
        keys = frozenset(part.key for part in parts)
        return any(most == 1 and keys <= capped for capped, most in self._caps)

    # -- words: rooms taken up --------------------------------------------------------------------------------------

    def takes_one(self, session: Session, spans: Sequence[Interval]) -> Literal:
        """Return whether a session takes one of some times: one literal, however many rules ask for it."""
        if len(spans) == 1:
            return self.at(session, spans[0])
        known = self._takes_one.setdefault(session.id, {})
        key = tuple(sorted(spans))
        if key not in known:
            known[key] = self.model.new_bool_var("")
            self.model.add(self.total([self.at(session, span) for span in key]) == known[key])
        return known[key]

    def weigh(self, session: Session, weights: Mapping[Interval, int]) -> Linear:
        """Return the weight of the time that a session takes, from the fewest literals that there are for that.

        Args:
            session: the session.
            weights: the weight of each time; what is not named weighs nothing.
        """
        left = {span: weight for span, weight in weights.items() if weight}
        terms: list[tuple[Literal, int]] = []
        for spans, literal in self._takes_one.get(session.id, {}).items():
            weight = left.get(spans[0], 0)
            if weight and all(left.get(span) == weight for span in spans):
                terms.append((literal, weight))
                for span in spans:
                    del left[span]
        terms += [(self.at(session, span), weight) for span, weight in left.items()]
        return self.total([literal for literal, _ in terms], [weight for _, weight in terms])

    def takes(self, stays: Mapping[str, Sequence[Interval]]) -> Mapping[str, Literal]:
        """Return, by room, whether any of some sessions takes one of some times there; only for a cost, or for a ban.

        Rooms of the sessions are not decided for that: if so many of them run at once, they take up so many rooms.

        Args:
            stays: times that are left to each session, by id.
        """
        key = tuple((name, tuple(spans)) for name, spans in stays.items() if spans)
        if key not in self.cells:
            mask = 0
            for name, spans in key:
                session = self.problem.session(name)
                self.takes_one(session, spans)
                for span in spans:
                    mask |= self.mask(session, span)
            rooms = {name: self.model.new_bool_var("") for name in self.names(mask)}
            self.cells[key] = Cell(dict(key), rooms)
        return self.cells[key].rooms

    def cells_of(self, sessions: Iterable[Session]) -> list[Cell]:
        """Return the cells of some sessions, and no others, that rules have asked for; none, unless they hold all."""
        mine = {session.id: session for session in sessions}
        found = [cell for cell in self.cells.values() if cell.stays.keys() <= mine.keys()]
        times = {name: dict.fromkeys(span for cell in found for span in cell.stays.get(name, ())) for name in mine}
        return found if all(len(times[name]) == len(self.spans(mine[name])) for name in mine) else []

    def set_apart(self, themes: Mapping[str, frozenset[str]]) -> None:
        """Note that a constraint keeps sessions that have no theme in common from sharing a room in one block."""
        self._apart.append(themes)

    def are_apart(self, one: Session, other: Session) -> bool:
        """Return whether two sessions are known never to stand in one room in one block."""
        mine, yours = one.id, other.id
        return any(mine in by and yours in by and not by[mine] & by[yours] for by in self._apart)

    # -- words: for a gain ------------------------------------------------------------------------------------------

    def backed(self, *rows: Row) -> Literal:
        """Return a literal that can be true only where some comparisons of sums hold; for what gains by it."""
        found = self.model.new_bool_var("")
        for row in rows:
            self.model.add(row).only_enforce_if(found)
        return found

    def same_room(self, one: Session, other: Session) -> Literal:
        """Return a literal that can be true only where two sessions do not stand in different rooms, for a gain."""
        here, there = self.rooms(one), self.rooms(other)
        found = self.model.new_bool_var("")
        for name in dict.fromkeys((*here, *there)):
            mine = self.uses(one, name) if name in here else 0
            yours = self.uses(other, name) if name in there else 0
            self.model.add(found + mine <= 1 + yours)
        return found

    def less(self, one: Linear, other: Linear, *, reach: int) -> Literal:
        """Return whether a sum is less than another.

        Args:
            one: the one.
            other: the other.
            reach: by how much they can differ.
        """
        found = self.model.new_bool_var("")
        self.model.add(one - other <= reach - (reach + 1) * found)
        self.model.add(one - other >= -reach * found)
        return found

    # -- words: requirements ----------------------------------------------------------------------------------------

    def together(self, of: Iterable[Session | Part], most: int) -> Requirement:
        """Demand that at most so many of the sessions, or parts of sessions, run at once.

        At a price, its amount is the least number that would have to go.
        """
        parts = tuple(to_part(one) for one in of)
        spans = [
            (span.start, span.end, (key, literal))
            for part in parts
            for key in (part.key,)
            for span, literal in self.stays(part)
        ]
        crowds = (group for group in cliques(spans) if len({key for key, _ in group}) > most)
        groups = tuple([literal for _, literal in group] for group in crowds)
        cap = (frozenset(part.key for part in parts), most)

        def too_many() -> Linear:
            return self.missed(most, (), parts)

        if most == 1:
            return Requirement(at_most_one=groups, cap=cap, amount=too_many)
        return Requirement(tuple(self.total(group) <= most for group in groups), cap=cap, amount=too_many)

    def before(self, first: Session, then: Session, least: int = 0, greatest: int | None = None) -> Requirement:
        """Demand that, where both are scheduled, one ends before the other starts.

        Args:
            first: the earlier session.
            then: the later session.
            least: least minutes between them.
            greatest: greatest minutes between them, or `None`.
        """
        early, late = self.stays(first), self.stays(then)
        groups = []
        for end in sorted({span.end for span, _ in early}):
            from_here = [literal for span, literal in early if span.end >= end]
            too_soon = [literal for span, literal in late if span.start < end + least]
            if too_soon:
                groups.append(from_here + too_soon)
            if greatest is not None:
                until_here = [literal for span, literal in early if span.end <= end]
                too_late = [literal for span, literal in late if span.start > end + greatest]
                if too_late:
                    groups.append(until_here + too_late)
        return Requirement(at_most_one=tuple(groups))

    def apart(self, one: Session | Part, other: Session | Part, gap: Callable[[Room, Room], int | None]) -> Requirement:
        """Demand a gap of minutes between two sessions that depends on the rooms in which they stand.

        Args:
            one: a session, or a part of one.
            other: another.
            gap: the minutes between two rooms; 0 or `None` demands nothing.
        """
        my, your = to_part(one), to_part(other)
        mine = [self.problem.room(name) for name in self.rooms(my.session)]
        yours = [self.problem.room(name) for name in self.rooms(your.session)]
        gaps = {(a.id, b.id): gap(a, b) or 0 for a in mine for b in yours}
        if not any(gaps.values()):
            return Requirement()
        rows: list[Row] = []
        for my_class in _alike(mine, lambda a: tuple(gaps[a.id, b.id] for b in yours)):
            for your_class in _alike(yours, lambda b: tuple(gaps[a.id, b.id] for a in mine)):
                minutes = gaps[my_class[0].id, your_class[0].id]
                if not minutes:
                    continue
                here = self.total([self.uses(my.session, room.id) for room in my_class])
                there = self.total([self.uses(your.session, room.id) for room in your_class])
                others = self.stays(your)
                for span, literal in self.stays(my):
                    near = [copy for then, copy in others if span.gap(then) < minutes]
                    if near:
                        rows.append(self.total([literal, *near]) + here + there <= 3)
        return Requirement(tuple(rows))

    def jointly(self, *several: Requirement | Row, amount: Callable[[], Linear] | None = None) -> Requirement:
        """Demand several requirements as one, which at a price is broken once, whatever of it does not hold.

        Args:
            several: requirements, or comparisons of sums.
            amount: makes the amount by which it is broken, where that is more than once.
        """
        parts = [one if isinstance(one, Requirement) else Requirement((one,)) for one in several]
        rows = tuple(row for part in parts for row in part.rows)
        groups = tuple(group for part in parts for group in part.at_most_one)
        return Requirement(rows, groups, amount=amount or (lambda: self._any_broken(rows, groups)))

    def broken(self, requirement: Requirement) -> Linear:
        """Return by how much a requirement is broken, for a cost to push down.

        That is the requirement's own amount if it has one; of a single comparison, by how much it is missed; of any
        other requirement, 1 where anything of it does not hold.
        """
        if requirement.amount is not None:
            return requirement.amount()
        if len(requirement.rows) == 1 and not requirement.at_most_one:
            return self._missed(requirement.rows[0])
        return self._any_broken(requirement.rows, requirement.at_most_one)

    def _any_broken(self, rows: tuple[Row, ...], groups: tuple[Sequence[Literal], ...]) -> Linear:
        if not rows and not groups:
            return self.total([])
        found = self.model.new_bool_var("")
        for row in rows:
            self.model.add(row).only_enforce_if(~found)
        for literals in groups:
            self.model.add_at_most_one(literals).only_enforce_if(~found)
        return found

    def _missed(self, row: Row) -> Linear:
        if isinstance(row, bool):
            return self.total([]) if row else self.total([]) + 1
        bounds = row.bounds.flattened_intervals()
        ends = []
        for one, weight in zip(row.vars, row.coeffs, strict=True):
            domain = list(self.model.proto.variables[one.index].domain)
            ends.append(sorted((weight * domain[0], weight * domain[-1])))
        low, high = (row.offset + sum(pair[side] for pair in ends) for side in (0, 1))
        value = self.total(row.vars, row.coeffs) + row.offset
        # A side without a bound has one of 2**63, near which sums overflow.
        missed = [(bounds[0] - value, bounds[0] - low)] if bounds[0] > low else []
        missed += [(value - bounds[-1], high - bounds[-1])] if bounds[-1] < high else []
        return self.greatest([term for term, _ in missed], upper=max((most for _, most in missed), default=0))


def _alike(rooms: list[Room], key: Callable[[Room], tuple[int, ...]]) -> list[list[Room]]:
    classes: dict[tuple[int, ...], list[Room]] = {}
    for room in rooms:
        classes.setdefault(key(room), []).append(room)
    return list(classes.values())
