"""Quorum: enough delegations of a group, and of its subgroups, can attend."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import field, frozen

from unsched.domain.fact import check_count, check_each, check_id, to_ids
from unsched.domain.interval import Interval
from unsched.domain.select import Select, to_select
from unsched.errors import Fault, nearest
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from unsched.domain.people import Delegation
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Placed, Timetable
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear

__all__ = ["Quorum"]


@frozen
class Quorum(Constraint):
    """At each of the selected sessions, at least so many delegations of a group can attend.

    A delegation that has a duty at the session, or at a segment of it, is there by duty. Any other one attends if it
    is present throughout, and if it is then in no more places at once than it can cover, counting its duties and the
    other sessions of this rule that it attends: whom it sends where is decided together with the times. The amount
    is the number of missing delegations, summed over the sessions, for the group and for each subgroup, if the
    delegations choose so that the fewest are missing.

    Args:
        sessions: which sessions.
        group: id of the group.
        least: how many of its delegations have to be able to attend.
        of_each: ids of subgroups, of which that many have to be able to attend as well; only delegations that are in
            the group, too, count.
        least_of_each: how many delegations of each subgroup.

    Example: the Working Group decides with at least 12 of its 20 Member States, and one of each regional group.
    """

    kind: ClassVar[str] = "quorum"
    unit: ClassVar[str] = "missing delegation"

    sessions: Select = field(converter=to_select)
    group: str
    least: int
    of_each: tuple[str, ...] = field(default=(), converter=to_ids)
    least_of_each: int = 1

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_id("group", self.group)
        yield from check_count("least", self.least, least=1, unit="delegations")
        yield from check_each("of_each", self.of_each)
        if isinstance(self.of_each, tuple) and self.group in self.of_each:
            yield Fault(f"of_each[{self.of_each.index(self.group)}]", f"{self.group!r} is the group", "a part of it.")
        yield from check_count("least_of_each", self.least_of_each, least=1, unit="delegations")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield unknown groups, and groups that are too small."""
        places = {"rule.group": self.group} | {f"rule.of_each[{n}]": name for n, name in enumerate(self.of_each)}
        for path, name in places.items():
            if name not in problem.groups_by_id:
                yield Fault(path, f"there is no group {name!r}", nearest(name, problem.groups_by_id))
                continue
            known = sum(name in one.groups for one in problem.members.get(self.group, ()))
            own = path == "rule.group"
            whose = f"group {name!r}" if own else f"subgroup {name!r} that are in {self.group!r}"
            if self.group in problem.groups_by_id and known < (self.least if own else self.least_of_each):
                least, wanted = ("least", self.least) if own else ("least_of_each", self.least_of_each)
                message = f"{wanted} is more than the {known} delegations of {whose}"
                remedy = f"{known} or less." if known else f"groups = [{name!r}] at its delegations."
                yield Fault(f"rule.{least}" if known else path, message, remedy)

    def _needs(self) -> dict[str, int]:
        return {self.group: self.least, **dict.fromkeys(self.of_each, self.least_of_each)}

    def post(self, board: Board) -> None:
        """Let each delegation decide what to attend, and count those who are at each session."""
        problem = board.problem
        sessions = problem.select(self.sessions)
        alike: dict[tuple[tuple[str, ...], object], list[Delegation]] = {}
        for delegation in problem.members[self.group]:
            groups = tuple(name for name in self._needs() if name in delegation.groups)
            duties = tuple(duty.key for duty in problem.duties[delegation.id])
            key = (groups, (delegation.size, problem.present(delegation), duties))
            alike.setdefault(key, []).append(delegation)
        there: dict[tuple[str, str, Interval], list[Linear]] = {}
        for (groups, _), several in alike.items():
            first, many, attended = several[0], len(several), []
            for session in sessions:
                bound, free = _times(board, session, first)
                found = [(span, board.at(session, span) * many) for span in bound]
                if free:
                    attended.append(board.attendance(session, free.__contains__, many=many))
                    found += attended[-1].at
                for name in groups:
                    for span, number in found:
                        there.setdefault((session.id, name, span), []).append(number)
            board.attend_at_most(first.size, problem.duties[first.id], attended)
        for session in sessions:
            for name, least in self._needs().items():
                # Time by time says more, before any time is fixed, than one sum over all of them.
                missing = [
                    board.at(session, span) * least - board.total(there.get((session.id, name, span), ()))
                    for span in board.spans(session)
                ]
                amount = partial(board.greatest, [board.total(missing)], least)
                enough = board.jointly(*(term <= 0 for term in missing), amount=amount)
                board.require(self, enough, about=f"{session.id}, {name}", whom=(self.group,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count those who can attend; where delegations have to choose, search for the best choice."""
        placed = timetable.of(timetable.problem.select(self.sessions))
        needs = self._needs()
        lacking = {(one.session.id, name): least for one in placed for name, least in needs.items()}
        undecided: list[_Chooser] = []
        for delegation in timetable.problem.members[self.group]:
            duties = timetable.parts(timetable.problem.duties[delegation.id])
            bound = {duty.session.id for duty in duties}
            groups = tuple(name for name in needs if name in delegation.groups)
            for one in placed:
                if one.session.id in bound:
                    _count(lacking, one, groups)
            others = (one for one in placed if one.session.id not in bound)
            possible = tuple(one for one in others if _is_present(timetable.problem, delegation, one))
            undecided.append(_Chooser(groups, delegation.size, tuple(duty.span for duty in duties), possible))
        before: list[_Chooser] = []
        while undecided != before:
            before, undecided = undecided, [one for two in undecided for one in _settle(two, lacking)]
        for choosers in _clusters(undecided):
            _search(choosers, lacking)
        for one in placed:
            for name in needs:
                missing = lacking[one.session.id, name]
                if missing > 0:
                    text = (
                        f"{needs[name] - missing} of {name!r} can attend {one.session.id!r} on {timetable.when(one)}, "
                        f"and at least {needs[name]} have to."
                    )
                    yield Breach(self, (one.session.id,), missing, text, (self.group,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        each = f", and {self.least_of_each} of each of {', '.join(map(repr, self.of_each))}" if self.of_each else ""
        return f"At least {self.least} of {self.group!r} can attend{each}: {self.sessions}."


def _times(board: Board, session: Session, delegation: Delegation) -> tuple[list[Interval], list[Interval]]:
    """Return the times of a session at which a delegation has a duty there, and those at which it can choose."""
    present = board.problem.present(delegation)
    duties = [duty for duty in board.problem.duties[delegation.id] if duty.session.id == session.id]
    bound = [span for span in board.spans(session) if any(duty.within(span).minutes > 0 for duty in duties)]
    free = [
        span
        for span in board.spans(session)
        if span not in bound and (present is None or any(stretch.holds(span) for stretch in present))
    ]
    return bound, free


# -- who attends what, without a solver -------------------------------------------------------------------------------

_Lacking: TypeAlias = "dict[tuple[str, str], int]"
"""How many delegations are still missing, by session and group."""


@frozen
class _Chooser:
    """A delegation that can attend some sessions, maybe not all of them.

    Args:
        groups: the groups for which it counts.
        size: in how many places it can be at once.
        duties: when it has duties, in order of start.
        possible: the sessions, in order of start, at which it would be of use.
    """

    groups: tuple[str, ...]
    size: int
    duties: tuple[Interval, ...]
    possible: tuple[Placed, ...]

    def can(self, chosen: Sequence[Placed]) -> bool:
        """Whether it can attend all of these."""
        spans = [*self.duties, *(one.span for one in chosen)]
        for one in chosen:
            instants = {one.span.start, *(span.start for span in spans if one.span.start < span.start < one.span.end)}
            if any(sum(span.start <= at < span.end for span in spans) > self.size for at in instants):
                return False
        return True

    def options(self) -> list[tuple[Placed, ...]]:
        """Return the largest sets of sessions that it can attend."""
        sets: list[tuple[Placed, ...]] = [()]
        for one in self.possible:
            sets += [(*some, one) for some in sets if self.can((*some, one))]
        return [some for some in sets if not any(self.can((*some, one)) for one in self.possible if one not in some)]


def _is_present(problem: Problem, delegation: Delegation, one: Placed) -> bool:
    present = problem.present(delegation)
    return present is None or sum(stretch.shared(one.span) for stretch in present) == one.span.minutes


def _count(lacking: _Lacking, one: Placed, groups: Sequence[str]) -> None:
    for name in groups:
        lacking[one.session.id, name] -= 1


def _settle(chooser: _Chooser, lacking: _Lacking) -> Iterator[_Chooser]:
    """Let a delegation attend all that is not in the way of anything else, and yield what it has to choose between."""
    useful = [one for one in chooser.possible if any(lacking[one.session.id, name] > 0 for name in chooser.groups)]
    starts = [duty.start for duty in chooser.duties]
    longest = max((duty.minutes for duty in chooser.duties), default=0)
    crowds: list[list[Placed]] = []
    end = 0
    for one in useful:
        if not crowds or one.span.start >= end:
            crowds.append([])
        crowds[-1].append(one)
        end = max(end, one.span.end) if len(crowds[-1]) > 1 else one.span.end
    for crowd in crowds:
        first, last = crowd[0].span.start, max(one.span.end for one in crowd)
        near = chooser.duties[bisect_left(starts, first - longest) : bisect_left(starts, last)]
        mine = _Chooser(chooser.groups, chooser.size, near, tuple(crowd))
        mine = _Chooser(mine.groups, mine.size, near, tuple(one for one in crowd if mine.can((one,))))
        if not mine.can(mine.possible):
            yield mine
            continue
        for one in mine.possible:
            _count(lacking, one, mine.groups)


def _clusters(choosers: Sequence[_Chooser]) -> list[list[_Chooser]]:
    """Return the choosers in sets that have no session in common."""
    clusters: list[tuple[set[str], list[_Chooser]]] = []
    for chooser in choosers:
        names, members = {one.session.id for one in chooser.possible}, [chooser]
        apart = []
        for cluster in clusters:
            if names.isdisjoint(cluster[0]):
                apart.append(cluster)
            else:
                names |= cluster[0]
                members = [*cluster[1], *members]
        clusters = [*apart, (names, members)]
    return [members for _, members in clusters]


def _search(choosers: Sequence[_Chooser], lacking: _Lacking) -> None:
    """Let delegations choose so that the fewest are missing: an exact search over what each of them can attend.

    What is missing after some have chosen is all that counts for the others, and a set of needs that the others cannot
    meet between them is missed by whatever they choose. A search that keeps the best few at each step is mostly shown
    to be exact by that; if not, it keeps more.
    """
    sessions = {one.session.id: None for chooser in choosers for one in chooser.possible}
    items = [key for key, missing in lacking.items() if key[0] in sessions and missing > 0]
    place = {key: index for index, key in enumerate(items)}
    choices = []
    for chooser in choosers:
        keys = [[(one.session.id, name) for one in some for name in chooser.groups] for some in chooser.options()]
        choices.append(list(dict.fromkeys(frozenset(place[key] for key in some if key in place) for some in keys)))
    choices.sort(key=lambda options: (len(options), [sorted(option) for option in options]))
    bounds = _Bounds(items, choices)
    start = best = tuple(lacking[key] for key in items)
    width, complete = 4, False
    while not complete and bounds.least(0, start) < sum(best):
        complete, states = True, [start]
        for index, options in enumerate(choices, start=1):
            found = dict.fromkeys(_after(state, option) for state in states for option in options)
            promising = [
                (least, sum(state), sorted(state, reverse=True), state)
                for state in found
                if (least := bounds.least(index, state)) < sum(best)
            ]
            complete = complete and len(promising) <= width
            states = [state for *_, state in sorted(promising)[:width]]
        best = min([*states, best], key=sum)
        width *= 8
    lacking.update(zip(items, best, strict=True))


def _after(missing: tuple[int, ...], option: frozenset[int]) -> tuple[int, ...]:
    return tuple(number - 1 if number and index in option else number for index, number in enumerate(missing))


class _Bounds:
    """How much is missing at least, whatever those choose who have not chosen yet.

    Of a set of needs, at least what is left when each of them meets as much of it as any of its options does. What is
    missing in sets that have no need in common adds up: so for each group by itself, or for all groups at once.
    """

    def __init__(self, items: Sequence[tuple[str, str]], choices: Sequence[Sequence[frozenset[int]]]) -> None:
        sessions, groups = dict.fromkeys(key[0] for key in items), dict.fromkeys(key[1] for key in items)
        sizes = range(1, len(sessions) + 1) if len(sessions) <= 5 else (1, 2, len(sessions))
        together = [some for size in sizes for some in combinations(sessions, size)]
        self._blocks = [
            dict.fromkeys(
                frozenset(i for i, key in enumerate(items) if key[0] in some and key[1] in names) for some in together
            )
            for names in (tuple(groups), *((name,) for name in groups))
        ]
        sets = dict.fromkeys(some for block in self._blocks for some in block)
        self._supply = [dict.fromkeys(sets, 0)]
        for options in reversed(choices):
            later = self._supply[-1]
            self._supply.append({some: later[some] + max(len(some & option) for option in options) for some in sets})
        self._supply.reverse()

    def least(self, index: int, missing: Sequence[int]) -> int:
        """Return it for those from `index` on, where so much is missing before they choose."""
        supply = self._supply[index]
        at_once, *by_group = (
            max(0, *(sum(missing[i] for i in some) - supply[some] for some in block)) for block in self._blocks
        )
        return max(at_once, sum(by_group))
