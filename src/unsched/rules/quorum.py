"""Quorum: enough delegations of a group, and of its subgroups, can attend."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from operator import mul
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

    Each rule decides by itself: sessions that compete for the same members belong in one rule.

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

_Option: TypeAlias = "frozenset[int]"
"""The needs that a delegation meets by one of its choices."""


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

    Choices are bettered one by one, and mostly shown to be the best by a bound. If they are not, delegations choose
    in turn: what is missing after some have chosen is all that counts for the others. Of what is promising by the
    bound, a number is kept at each turn, and more if something had to be dropped.
    """
    sessions = {one.session.id: None for chooser in choosers for one in chooser.possible}
    items = [key for key, missing in lacking.items() if key[0] in sessions and missing > 0]
    place = {key: index for index, key in enumerate(items)}
    choices = []
    for chooser in choosers:
        keys = [[(one.session.id, name) for one in some for name in chooser.groups] for some in chooser.options()]
        choices.append(list(dict.fromkeys(frozenset(place[key] for key in some if key in place) for some in keys)))
    choices.sort(key=lambda options: (len(options), [sorted(option) for option in options]))
    start = tuple(lacking[key] for key in items)
    best = _bettered(start, choices)
    bound = _Bound(start, choices, sum(best))
    width, complete = 64, False
    while not complete and bound(0, start) < sum(best):
        complete, states = True, [start]
        for index, options in enumerate(choices, start=1):
            found = dict.fromkeys(_after(state, option) for state in states for option in options)
            kept = [(least, sum(one), one) for one in found if (least := bound(index, one)) < sum(best)]
            complete = complete and len(kept) <= width
            states = [state for *_, state in sorted(kept)[:width]]
        best = min([*states, best], key=sum)
        width *= 4
    lacking.update(zip(items, best, strict=True))


def _after(missing: tuple[int, ...], option: _Option) -> tuple[int, ...]:
    return tuple(number - 1 if number and index in option else number for index, number in enumerate(missing))


def _bettered(missing: tuple[int, ...], choices: Sequence[Sequence[_Option]]) -> tuple[int, ...]:
    """Return what is missing when each in turn, a hundred times over, chooses what is best beside all the others."""
    left, best = list(missing), missing
    chosen: list[_Option] = [frozenset()] * len(choices)
    for turn in range(100):
        for index, options in enumerate(choices):
            for item in chosen[index]:
                left[item] += 1
            gains = [sum(left[item] > 0 for item in option) for option in options]
            good = [option for option, gain in zip(options, gains, strict=True) if gain == max(gains)]
            # Taking another of those that are equally good now and then is the way out of a dead end.
            chosen[index] = good[(turn + 1) * (index + 7) % len(good)]
            for item in chosen[index]:
                left[item] -= 1
        best = min(best, tuple(max(0, number) for number in left), key=sum)
        if not any(best):
            break
    return best


class _Bound:
    """How much is missing at least, whatever those choose who have not chosen yet.

    Whatever weights from 0 to 1 the needs are given: the weighted sum of the needs, less the most of it that each of
    those can meet, is no more than what is missing. Good weights are found by small steps uphill (a Lagrangean
    relaxation and its subgradients: Held, Wolfe and Crowder 1974, "Validation of subgradient optimization"), in whole
    thousandths, so that the bound itself is exact.

    Args:
        missing: what is missing before anybody chooses.
        choices: the options of each, as needs that are met.
        reached: what some choice comes to; a bound as high as that is as good as any.
    """

    whole = 1000
    steps = 2000
    most_kept = 8

    def __init__(self, missing: tuple[int, ...], choices: Sequence[Sequence[_Option]], reached: int) -> None:
        alike = Counter(tuple(options) for options in choices)
        at = [float(self.whole)] * len(missing)
        values: dict[tuple[int, ...], int] = {}
        near = 400.0
        for _ in range(self.steps):
            weights = tuple(round(weight) for weight in at)
            value = sum(map(mul, weights, missing))
            slope = [float(number) for number in missing]
            for options, many in alike.items():
                worths = [sum(weights[item] for item in option) for option in options]
                value -= many * max(worths)
                # Those who are alike share what is nearly the best between them, or all would jump to and fro at once.
                shares = [max(0.0, worth - max(worths) + near) for worth in worths]
                for option, share in zip(options, shares, strict=True):
                    for item in option:
                        slope[item] -= many * share / sum(shares)
            values[weights] = value
            steepness = sum(one * one for one in slope)
            if value > self.whole * (reached - 1) or steepness < 1e-9:
                break
            stride = 0.3 * (self.whole * reached - value) / steepness
            at = [min(self.whole, max(0.0, weight + stride * one)) for weight, one in zip(at, slope, strict=True)]
            near = max(5.0, near * 0.99)
        self._weights = sorted(values, key=lambda weights: -values[weights])[: self.most_kept]
        self._supply = [[0] * len(self._weights)]
        for last in reversed(choices):
            most = (max(sum(weights[item] for item in option) for option in last) for weights in self._weights)
            self._supply.append([one + more for one, more in zip(self._supply[-1], most, strict=True)])
        self._supply.reverse()

    def __call__(self, index: int, missing: tuple[int, ...]) -> int:
        """Return it for those from `index` on, where so much is missing before they choose."""
        pairs = zip(self._weights, self._supply[index], strict=True)
        short: int = max(sum(map(mul, weights, missing)) - supply for weights, supply in pairs)
        return max(0, -(-short // self.whole))
