"""The board: where rules speak to CP-SAT, and the only place that decides on a representation.

Times come first: a literal for each session and time that is left after the narrowing rules. Rooms enter the model
as counting limits (`unsched.solver.counting`); only a session of which a rule asks in which room it stands gets
literals for its rooms. Whatever is chosen, rules say the same words. A rule can be heard in two other ways: at a
price (`priced`), where what it demands may be broken, and for its amounts alone (`collected`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import field, frozen

from unsched.solver.attending import Key
from unsched.solver.cliques import cliques
from unsched.solver.terms import Exclusion, Guard, Linear, Literal, Requirement, Row
from unsched.solver.vocabulary import Vocabulary

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from unsched.domain.interval import Interval
    from unsched.domain.session import Session
    from unsched.domain.venue import Room
    from unsched.rules.base import Constraint, Preference, Rule

__all__ = ["Board"]

Amounts = list[tuple[Linear, int, tuple[str, ...]]]


@frozen(eq=False)
class Board(Vocabulary):
    """A model under construction: what is decided, and what is said about it."""

    guards: dict[Guard, Literal] = field(init=False, factory=dict)
    exclusions: list[Exclusion] = field(init=False, factory=list)
    costs: dict[int, list[tuple[Linear, int]]] = field(init=False, factory=dict)
    limited_rooms: dict[str, tuple[Rule, int]] = field(init=False, factory=dict)
    spoken: dict[tuple[int, str], Guard] = field(init=False, factory=dict)
    caps: list[tuple[Guard, frozenset[Key], int]] = field(init=False, factory=list)
    musts: dict[str, Rule] = field(init=False, factory=dict)
    placings: dict[str, int] = field(init=False, factory=dict)
    counted: dict[int, None] = field(init=False, factory=dict)
    _prices: list[Preference] = field(init=False, factory=list)
    _collections: list[Amounts] = field(init=False, factory=list)

    # -- saying it --------------------------------------------------------------------------------------------------

    def forbid(
        self,
        rule: Constraint,
        session: Session,
        *,
        spans: Iterable[Interval] | None = None,
        rooms: Iterable[str] | None = None,
        about: str | None = None,
        amount: int = 1,
        whom: tuple[str, ...] = (),
    ) -> None:
        """Forbid times, rooms, or (with both) these rooms at these times to a session.

        Args:
            rule: the rule that says so.
            session: the session.
            spans: times in minutes; left out, all.
            rooms: ids of rooms; left out, all.
            about: whom or what the rule is applied to (default: the session).
            amount: by how much it is broken, where it has a price.
            whom: ids of those who bear it, where it has a price (default: the session).
        """
        times = None if spans is None else tuple(spans)
        names = None if rooms is None else tuple(rooms)
        if times == () or names == () or not self.scope.has(session.id):
            return
        subject = session.id if about is None else about
        if not self._prices and not self._hears(rule, subject):
            if self.scope.price is not None and self.scope.relaxes(rule, subject):
                with self.priced(self.scope.price):
                    self.forbid(rule, session, spans=times, rooms=names, amount=amount, whom=whom)
            return
        if self._prices and names and times is None and self._roomless(session) and not self._collections:
            price = self._prices[-1]
            prices = self.overflow.setdefault(price.tier, {}).setdefault(session.id, {})
            for name in names:
                prices[name] = prices.get(name, 0) + amount * price.weight
        elif self._prices:
            places = self._places(session, times, names)
            self.prefer(self._prices[-1], self.total(places, [amount] * len(places)), whom=whom or (session.id,))
        else:
            self._take_away(Exclusion(Guard(rule, subject), session.id, times, names))

    def _take_away(self, gone: Exclusion) -> None:
        """Take places away from a session: for good, or under a guard."""
        rule, about = gone.guard.rule, gone.guard.about
        session = self.problem.session(gone.session)
        if self.scope.switches(rule, about):
            self.under(rule, about, self.model.add(self.total(self._places(session, gone.spans, gone.rooms)) == 0))
        elif self.guarded:
            self.exclusions.append(gone)
        elif gone.rooms is None:
            left = self._left(session)
            for span in tuple(left) if gone.spans is None else gone.spans:
                left.pop(span, None)
        elif gone.spans is None:
            self._masks[session.id] &= ~self._bits(gone.rooms)
        else:
            bits = self._bits(gone.rooms)
            for span in gone.spans:
                self._shut[session.id, span] = self._shut.get((session.id, span), 0) | bits

    def _places(
        self, session: Session, times: tuple[Interval, ...] | None, names: tuple[str, ...] | None
    ) -> list[Literal]:
        if names is None:
            return [self.at(session, span) for span in (self.spans(session) if times is None else times)]
        if times is None:
            return [self.uses(session, name) for name in names]
        return [self.stands(session, span, name) for span in times for name in names]

    def keep_within(self, rule: Constraint, session: Session, periods: Sequence[Interval]) -> None:
        """Forbid a session every time that does not lie wholly inside one of some periods, which do not touch."""
        kept: dict[Interval, Literal | None] = dict.fromkeys(self.spans_within(session, periods))
        if self._prices or self.guarded or not self.scope.hears_all:
            self.forbid(rule, session, spans=[span for span in self.spans(session) if span not in kept])
        else:
            if len(kept) < len(self.spans(session)):
                self._speaks(rule, session.id)
            self._spans[session.id] = kept

    def keep_start(self, rule: Constraint, session: Session, start: int) -> None:
        """Forbid every other start to a session."""
        self.forbid(rule, session, spans=[span for span in self.spans(session) if span.start != start])

    def keep_rooms(self, rule: Constraint, session: Session, rooms: Iterable[str]) -> None:
        """Forbid every other room to a session."""
        kept = set(rooms)
        self.forbid(rule, session, rooms=[room.id for room in self.problem.rooms if room.id not in kept])

    def require(
        self, rule: Constraint, requirement: Requirement | Row, *, about: str = "", whom: tuple[str, ...] = ()
    ) -> None:
        """Demand something for a rule.

        Args:
            rule: the rule that says so.
            requirement: one of the board's requirements, or a comparison of sums (`board.total(...) <= 2`).
            about: whom or what the rule is applied to, in the user's names.
            whom: ids of those who bear it, where it has a price: parties or sessions.
        """
        if not isinstance(requirement, Requirement):
            requirement = Requirement((requirement,))
        price = self._prices[-1] if self._prices else self.scope.price
        if self._prices or not self._hears(rule, about):
            if price is not None and (self._prices or self.scope.relaxes(rule, about)):
                self.prefer(price, self.broken(requirement), whom=whom)
            return
        if requirement.cap is not None and not self.guarded and not self.scope.switches(rule, about):
            self._caps.append(requirement.cap)
            self.caps.append((Guard(rule, about), *requirement.cap))
        for row in requirement.rows:
            self.under(rule, about, self.model.add(row))
        for literals in requirement.at_most_one:
            self.under(rule, about, self.model.add_at_most_one(literals))

    def must_place(self, rule: Constraint, session: Session) -> None:
        """Demand that a session is scheduled."""
        price = self._prices[-1] if self._prices else self.scope.price
        if not self.scope.has(session.id):
            return
        if self._prices or not self._hears(rule, session.id):
            if price is not None and (self._prices or self.scope.relaxes(rule, session.id)):
                self.prefer(price, 1 - self.placed(session), whom=(session.id,))
        else:
            self.musts[session.id] = rule

    def one_at_a_time(self, rule: Constraint, room: Room, *, lead: int = 0) -> None:
        """Demand that a room holds one session at a time, and stands empty for `lead` minutes before each.

        At a price, its amount is the number of pairs of sessions that do not leave each other alone.
        """
        if not self._prices and not self._hears(rule, room.id):
            if self.scope.price is not None and self.scope.relaxes(rule, room.id):
                with self.priced(self.scope.price):
                    self.one_at_a_time(rule, room, lead=lead)
            return
        if not self._prices:
            if room.id not in self.limited_rooms or self.limited_rooms[room.id][1] < lead:
                self.limited_rooms[room.id] = (rule, lead)
            return
        users = [session for session in self.problem.sessions if room.id in self.rooms(session)]
        for index, later in enumerate(users):
            for earlier in users[:index]:
                spans = [
                    (span.start - lead, span.end, (session.id, self.stands(session, span, room.id)))
                    for session in (earlier, later)
                    for span in self.spans(session)
                ]
                clash = self.model.new_bool_var("")
                for group in cliques(spans):
                    if len({name for name, _ in group}) > 1:
                        self.model.add(self.total([literal for _, literal in group]) <= 1 + clash)
                self.prefer(self._prices[-1], clash, whom=(earlier.id, later.id))

    def prefer(self, rule: Preference, amount: Linear, *, whom: tuple[str, ...] = ()) -> None:
        """Let a rule pay its weight for each unit of an amount, which is never negative.

        Args:
            rule: the rule.
            amount: a sum of decisions.
            whom: ids of those who bear it: parties or sessions.
        """
        if self._collections:
            self._collections[-1].append((amount, rule.weight, whom))
        else:
            self.costs.setdefault(rule.tier, []).append((amount, rule.weight))

    def minutes_of_pairs(self, sessions: Iterable[Session]) -> Linear:
        """Return for how many minutes pairs of some sessions run at once, all together; only for a cost to push down.

        Of n at a moment there are (n - 1) + (n - 2) + ... + 1 pairs, each a number that is over a limit.
        """
        stays = {session: self.spans(session) for session in sessions}
        bounds = sorted({bound for mine in stays.values() for span in mine for bound in (span.start, span.end)})
        places = {bound: place for place, bound in enumerate(bounds)}
        running: list[list[Literal]] = [[] for _ in bounds]
        for session, mine in stays.items():
            here: dict[int, list[Interval]] = {}
            for span in mine:
                for place in range(places[span.start], places[span.end]):
                    here.setdefault(place, []).append(span)
            for place, spans in here.items():
                running[place].append(self.takes_one(session, spans))
        exclusive = all(room.id in self.limited_rooms for room in self.problem.rooms)
        rooms = len(self.problem.rooms) if exclusive else len(stays)
        terms: list[Linear] = []
        minutes: list[int] = []
        for place, (start, end) in enumerate(pairwise(bounds)):
            at_once = self.total(running[place])
            several = len(running[place])
            most = min(several, rooms)
            terms += [self.excess(at_once, over, several) for over in range(1, most)]
            minutes += [end - start] * max(0, most - 1)
        return self.total(terms, minutes)

    @contextmanager
    def priced(self, rule: Preference) -> Iterator[None]:
        """Hear a constraint at a price: what it demands costs the weight of `rule` for each unit that is missing."""
        self._prices.append(rule)
        try:
            yield
        finally:
            self._prices.pop()

    @property
    def at_a_price(self) -> bool:
        """Whether the rule that speaks is heard at a price, so that what it demands may be broken."""
        return bool(self._prices)

    @property
    def bearers_asked(self) -> bool:
        """Whether it is asked who bears each amount; otherwise an amount may be said for all together."""
        return bool(self._collections)

    @contextmanager
    def collected(self) -> Iterator[Amounts]:
        """Hear preferences without pricing them: collect each amount, its weight, and the ids of those who bear it."""
        found: Amounts = []
        self._collections.append(found)
        try:
            yield found
        finally:
            self._collections.pop()

    def _hears(self, rule: Rule, about: str) -> bool:
        """Whether a rule is heard about a subject; if so, it has spoken."""
        heard = self.scope.hears_all or self.scope.hears(rule, about)
        if heard:
            self._speaks(rule, about)
        return heard

    def _speaks(self, rule: Rule, about: str) -> None:
        # Not by the rule itself: to hash one that lists thousands of pairs, thousands of times, takes minutes.
        key = id(rule), about
        if key not in self.spoken:
            self.spoken[key] = Guard(rule, about)

    def under(self, rule: Rule, about: str, constraint: cp_model.Constraint) -> None:
        """Let a constraint hold under the guard of a rule x subject, or for good where there are no guards."""
        if self.guarded or self.scope.switches(rule, about):
            constraint.only_enforce_if(self.guard(Guard(rule, about)))

    def guard(self, guard: Guard) -> Literal:
        """Return the literal under which what a rule demands of a subject holds."""
        if guard not in self.guards:
            self.guards[guard] = self.model.new_bool_var(f"guard {len(self.guards)}")
        return self.guards[guard]

    # -- finishing --------------------------------------------------------------------------------------------------

    @property
    def leads(self) -> dict[str, int]:
        """The rooms that hold one session at a time, each with the minutes that it stands empty before."""
        return {name: lead for name, (_, lead) in self.limited_rooms.items()}

    @property
    def room_prices(self) -> Mapping[str, Mapping[str, int]]:
        """What sessions pay for rooms that this model leaves open, by session and room, in the first tier of such."""
        return self.overflow[min(self.overflow)] if self.overflow else {}

    def settle(self) -> None:
        """Drop the times at which no room is left."""
        for session in self.problem.sessions:
            for span in self.spans(session):
                if not self.mask(session, span):
                    del self._left(session)[span]

    def hint(self, values: Sequence[int]) -> None:
        """Start the next search from a solution of this model."""
        self.model.proto.clear_solution_hint()
        self.model.proto.solution_hint.vars.extend(range(len(values)))
        self.model.proto.solution_hint.values.extend(values)

    def cost(self, tier: int) -> Linear:
        """Return the cost of a tier as a sum of decisions."""
        return self.total([amount for amount, _ in self.costs[tier]], [weight for _, weight in self.costs[tier]])
