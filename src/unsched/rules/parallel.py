"""Sessions at one time: not together, not too many together, conflicts declared, crowds torn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import field, frozen

from unsched.domain.crosscheck import faults_of_selectors
from unsched.domain.fact import Fact, check_choice, check_count, check_each, to_tuple
from unsched.domain.part import Part, whole
from unsched.domain.people import Delegation
from unsched.domain.select import EVERY, Select, to_select, to_some_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference, opening

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Requirement

__all__ = ["AtMostTogether", "Conflict", "CrowdsApart", "DeclaredConflicts", "NotTogether"]

_PEOPLE = ("delegation", "group", "person")
_SHARED = ("body", "kind", "tag", *_PEOPLE)
_Pair: TypeAlias = tuple[str, str]
"""Ids of two sessions, sorted."""


def _pair(one: str, other: str) -> _Pair:
    return (one, other) if one < other else (other, one)


# -- not together -----------------------------------------------------------------------------------------------------


@frozen
class NotTogether(Constraint):
    """No two of the selected sessions run at once; or, with `against`, none of them while one of those does.

    With `sharing`, only those are kept apart that have a value in common, such as a track, or somebody who is to be at
    both; whoever is at a segment only counts for that. The amount is the number of pairs that run at once, however
    many values a pair shares.

    Args:
        sessions: which sessions.
        against: the other sessions, or `None` for the same ones.
        sharing: what two sessions must share to be kept apart: "body", "kind", "tag", "person" or "delegation"
            (required or invited), or "group" (a delegation of it is at each); `None` is nothing.

    Example: nothing of the Commission runs against its plenary for those whom the plenary concerns
    (`sharing = "delegation"`), and no two sessions of one track run at once (`sharing = "tag"`).
    """

    kind: ClassVar[str] = "not-together"
    unit: ClassVar[str] = "pair of sessions"

    sessions: Select = field(converter=to_select)
    against: Select | None = field(default=None, converter=to_some_select)
    sharing: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        if self.sharing is not None:
            yield from check_choice("sharing", self.sharing, _SHARED)

    def post(self, board: Board) -> None:
        """Let one of those that share a value run at a time; at a price, or against others, pair by pair."""
        mine = self._by_value(board.problem, self.sessions)
        if self.against is None and not board.at_a_price:
            for value, parts in mine.items():
                if len({part.session.id for part in parts}) > 1:
                    about = value if self.sharing else ", ".join(part.session.id for part in parts)
                    board.require(self, board.together(parts, 1), about=about)
            return
        others = mine if self.against is None else self._by_value(board.problem, self.against)
        meetings: dict[_Pair, dict[tuple[object, ...], Linear]] = {}
        for value, parts in mine.items():
            for one in parts:
                for other in others.get(value, ()):
                    if one.session.id != other.session.id:
                        of_pair = meetings.setdefault(_pair(one.session.id, other.session.id), {})
                        of_pair.setdefault(tuple(sorted((one.key, other.key))), board.overlap(one, other))
        for pair, clashes in meetings.items():
            apart = _apart(board, tuple(clashes.values()))
            board.require(self, apart, about=", ".join(pair), whom=pair)

    def _by_value(self, problem: Problem, sessions: Select) -> dict[str, list[Part]]:
        """Return the parts that must not meet, by what they share; parts of one session never overlap."""
        found: dict[str, list[Part]] = {}
        for session in problem.select(sessions):
            stretches: Iterable[tuple[Part, Iterable[str]]]
            if self.sharing in _PEOPLE:
                audiences = problem.audiences(session)
                stretches = ((a.part, self._of(problem, (*a.needed, *a.welcome))) for a in audiences)
            else:
                values = {"body": session.bodies, "kind": (session.kind or "",), "tag": session.tags, None: ("all",)}
                stretches = [(whole(session), filter(None, values[self.sharing]))]
            for part, shared in stretches:
                for value in dict.fromkeys(shared):
                    found.setdefault(value, []).append(part)
        return found

    def _of(self, problem: Problem, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            delegation = problem.delegations_by_id.get(name)
            if self.sharing == "group":
                yield from delegation.groups if delegation else ()
            elif (self.sharing == "delegation") == (delegation is not None):
                yield name

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look at each pair that overlaps, and, with `sharing`, at what the two share meanwhile."""
        mine = {session.id for session in timetable.problem.select(self.sessions)}
        others = mine
        if self.against is not None:
            others = {session.id for session in timetable.problem.select(self.against)}
        people = _who_is_where(timetable, self.sharing) if self.sharing in _PEOPLE else {}
        for a, b in timetable.overlapping_pairs():
            pair = (a.session.id, b.session.id)
            if not ((pair[0] in mine and pair[1] in others) or (pair[1] in mine and pair[0] in others)):
                continue
            text = f"{pair[0]!r} and {pair[1]!r} run at once on {timetable.when(b)}"
            if self.sharing in _PEOPLE:
                one, other = (people.get(name, {}) for name in pair)
                shared = [name for name in one if any(i.overlaps(j) for i in one[name] for j in other.get(name, ()))]
            else:
                shared = [name for name in _marks(a.session, self.sharing) if name in _marks(b.session, self.sharing)]
            if self.sharing is None:
                yield Breach(self, pair, 1, f"{text}.", pair)
            elif shared:
                yield Breach(self, pair, 1, f"{text}, and share {self.sharing} {', '.join(map(repr, shared))}.", pair)

    def say(self) -> str:
        """Return the rule as a sentence."""
        shared = f" that share a {self.sharing}" if self.sharing else ""
        if self.against is None:
            return f"No two at once{shared}: {self.sessions}."
        return f"Not at once with {self.against}{shared}: {self.sessions}."


def _apart(board: Board, clashes: tuple[Linear, ...]) -> Requirement:
    clash = clashes[0] if len(clashes) == 1 else board.greatest(clashes, upper=1)
    return board.jointly(clash <= 0, amount=lambda: clash)


def _marks(session: Session, sharing: str | None) -> tuple[str, ...]:
    if sharing == "tag":
        return session.tags
    if sharing == "body":
        return session.bodies
    return (session.kind,) if sharing == "kind" and session.kind else ()


def _who_is_where(timetable: Timetable, sharing: str | None) -> dict[str, dict[str, list[Interval]]]:
    """Return the stretches of each session by the delegation, group or person that is there."""
    problem = timetable.problem
    found: dict[str, dict[str, list[Interval]]] = {}
    for party in problem.persons if sharing == "person" else problem.delegations:
        names = party.groups if sharing == "group" and isinstance(party, Delegation) else (party.id,)
        for one in timetable.parts((*problem.duties[party.id], *problem.invitations[party.id])):
            for name in names:
                found.setdefault(one.session.id, {}).setdefault(name, []).append(one.span)
    return found


# -- not too many together --------------------------------------------------------------------------------------------


@frozen
class AtMostTogether(Constraint):
    """At most n of the selected sessions run at once.

    The amount is the least number of sessions that would have to go.

    Args:
        most: the cap.
        sessions: which sessions.

    Example: the UNFCCC holds at most six meetings at once, and at most two plenary or contact group meetings.
    """

    kind: ClassVar[str] = "at-most-together"
    unit: ClassVar[str] = "session too many"
    anonymous: ClassVar[bool] = True

    most: int
    sessions: Select = field(default=EVERY, converter=to_select)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("most", self.most, least=1, unit="sessions at once")

    def post(self, board: Board) -> None:
        """Cap the sessions that run together."""
        sessions: tuple[Session, ...] = board.problem.select(self.sessions)
        board.require(self, board.together(sessions, self.most), about=str(self.sessions))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Let sessions go until no more run together, and name with each those that it runs with."""
        placed = timetable.of(timetable.problem.select(self.sessions))
        for one in timetable.left_out(placed, self.most):
            names = tuple(other.session.id for other in placed if other.span.overlaps(one.span))
            listed = ", ".join(map(repr, names))
            text = f"{one.session.id!r} is one session too many, over {self.most} at once: {listed}."
            yield Breach(self, names, 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"At most {self.most} at once: {self.sessions}."


# -- conflicts declared -----------------------------------------------------------------------------------------------


@frozen
class Conflict(Fact):
    """Somebody's word that sessions should not run against others: one row of a table of conflicts.

    Args:
        sessions: the sessions on the one side, such as `Select(bodies="dnsop")`.
        against: the sessions on the other side; those of one side do not conflict with each other.
        weight: how much each pair at once costs.
    """

    sessions: Select = field(converter=to_select)
    against: Select = field(converter=to_select)
    weight: int = 1

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this row."""
        yield from check_count("weight", self.weight, least=1)
        if isinstance(self.weight, int) and self.weight > 10**6:
            yield Fault("weight", f"{self.weight} is more than {10**6}", "a rule of an earlier tier.")

    def _repr_html_(self) -> str:
        from unsched.report.notebook import sentence_html

        return sentence_html(f"{opening(self.sessions)} should not run against {self.against}", f"weight {self.weight}")


@frozen
class DeclaredConflicts(Preference):
    """Sessions that somebody has declared to conflict do not run at once.

    The amount is, added up over all pairs of sessions that run at once, the weight of the declared conflict; where
    several rows name a pair, their sum, or the greatest. A row counts once for a pair, even where it names it both
    ways, and says nothing about a session and itself. A row that selects by body reaches every session in which that
    body meets, also those that it joins.

    Args:
        conflicts: the rows of the table; in a file each has `sessions`, `against` and `weight`.
        both: "sum" or "greatest", of the weights of several rows that name one pair.
        per: "pair" (a pair at once counts once) or "minute" (it counts for each minute that the two share).

    Example: the working groups of the IETF list the groups that they must not, and would rather not, meet against.
    """

    kind: ClassVar[str] = "declared-conflicts"
    unit: ClassVar[str] = "unit of weight"

    conflicts: tuple[Conflict, ...] = field(converter=to_tuple, kw_only=False)
    both: str = field(default="sum", kw_only=False)
    per: str = field(default="pair", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("conflicts", self.conflicts, Conflict, unique=False)
        if self.conflicts == ():
            yield Fault("conflicts", "no conflict is declared", "at least one Conflict(...).")
        yield from check_choice("both", self.both, ("sum", "greatest"))
        yield from check_choice("per", self.per, ("pair", "minute"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield what rows select that is not there, and rows that name no two sessions."""
        picked: dict[Select, set[str]] = {}
        for index, row in enumerate(self.conflicts):
            sides = (row.sessions, row.against)
            if any(side not in picked for side in sides):
                found = tuple(faults_of_selectors(problem, row, f"rule.conflicts[{index}]"))
                yield from found
                if found:
                    continue
                picked |= {side: {session.id for session in problem.select(side)} for side in sides}
            if len(picked[row.sessions] | picked[row.against]) == 1:
                message = f"{row.sessions} conflicts with nothing but itself"
                yield Fault(f"rule.conflicts[{index}].against", message, "another session.")

    def post(self, board: Board) -> None:
        """Price each pair that a row names."""
        selectors = dict.fromkeys(side for row in self.conflicts for side in (row.sessions, row.against))
        chosen = {side: board.problem.select(side) for side in selectors}
        counted = [row for row in self.conflicts if self._counts_all(board, row)]
        for row in counted:
            board.prefer(self, row.weight * board.minutes_of_pairs(chosen[row.sessions]))
        pairs: dict[_Pair, tuple[Session, Session, list[int]]] = {}
        for row in self.conflicts:
            if row in counted:
                continue
            mine, others = chosen[row.sessions], chosen[row.against]
            named = {_pair(a.id, b.id): (a, b) for a in mine for b in others if a.id != b.id}
            for pair, (one, other) in named.items():
                pairs.setdefault(pair, (one, other, []))[2].append(row.weight)
        add_up = sum if self.both == "sum" else max
        for pair, (one, other, weights) in pairs.items():
            amount = board.overlap(one, other) if self.per == "pair" else board.minutes_shared(one, other)
            board.prefer(self, board.total([amount], [add_up(weights)]), whom=pair)

    def _counts_all(self, board: Board, row: Conflict) -> bool:
        """Whether a row names all pairs of some sessions, so that it is enough to count how many run at a moment."""
        return row.sessions == row.against and self.per == "minute" and self.both == "sum" and not board.bearers_asked

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Ask of each pair at once which rows name it."""
        mine, against = ({session.id: set[int]() for session in timetable.problem.sessions} for _ in range(2))
        selectors = dict.fromkeys(side for row in self.conflicts for side in (row.sessions, row.against))
        picked = {side: [session.id for session in timetable.problem.select(side)] for side in selectors}
        for number, row in enumerate(self.conflicts):
            for name in picked[row.sessions]:
                mine[name].add(number)
            for name in picked[row.against]:
                against[name].add(number)
        for a, b in timetable.overlapping_pairs():
            one, other = a.session.id, b.session.id
            rows = (mine[one] & against[other]) | (mine[other] & against[one])
            weights = [self.conflicts[number].weight for number in rows]
            if weights:
                amount = sum(weights) if self.both == "sum" else max(weights)
                amount *= a.span.shared(b.span) if self.per == "minute" else 1
                text = f"{one!r} and {other!r}, declared to conflict, run at once on {timetable.when(b)}."
                yield Breach(self, (one, other), amount, text, (one, other))

    def say(self) -> str:
        """Return the rule as a sentence."""
        rows = [f"{row.sessions} against {row.against}" for row in self.conflicts[:_MOST_ROWS]]
        more = len(self.conflicts) - len(rows)
        rest = f"; and {more} more" if more else ""
        return f"Declared conflicts are kept apart: {'; '.join(rows)}{rest}."


_MOST_ROWS = 3
"""How many rows of a table a sentence names."""


# -- crowds -----------------------------------------------------------------------------------------------------------


@frozen
class CrowdsApart(Preference):
    """Sessions that many are expected at do not run against each other.

    The amount is, added up over all pairs of the selected sessions that run at once, the smaller of the two expected
    attendances: so many at most are torn between the two. Expected are those at the side (`side_seats`) and all seats
    of the delegations that are required or invited.

    Args:
        sessions: which sessions; each pair of them is looked at, so rather the popular ones than all.

    Example: the ministerial panel, for which 300 are expected, and the opening of the exhibition, with 200, tear 200
    people if they run at once.
    """

    kind: ClassVar[str] = "crowds-apart"
    unit: ClassVar[str] = "person torn"

    sessions: Select = field(converter=to_select, kw_only=False)

    def post(self, board: Board) -> None:
        """Price each pair by the smaller crowd."""
        problem = board.problem
        crowds: list[tuple[int, Session]] = []
        for session in problem.select(self.sessions):
            coming = (*problem.required_delegations(session), *problem.invited_delegations(session))
            crowd = session.side_seats + sum(one.table_seats + one.side_seats for one in coming)
            if crowd:
                crowds.append((crowd, session))
        for index, (crowd, one) in enumerate(crowds):
            for other_crowd, other in crowds[:index]:
                torn = board.total([board.overlap(other, one)], [min(crowd, other_crowd)])
                board.prefer(self, torn, whom=(other.id, one.id))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count who would have to be at both sessions of each pair at once."""
        for a, b in timetable.overlapping_pairs(timetable.problem.select(self.sessions)):
            torn = min(_expected(timetable.problem, one.session) for one in (a, b))
            if torn:
                pair = (a.session.id, b.session.id)
                text = f"{torn} are torn between {pair[0]!r} and {pair[1]!r} on {timetable.when(b)}."
                yield Breach(self, pair, torn, text, pair)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Crowds are not torn: {self.sessions}."


def _expected(problem: Problem, session: Session) -> int:
    """Return how many are expected at a session, all segments together."""
    coming = {one.id for audience in problem.audiences(session) for one in (*audience.required, *audience.invited)}
    seats = (problem.delegation(name) for name in coming)
    return sum((one.table_seats + one.side_seats for one in seats), session.side_seats)
