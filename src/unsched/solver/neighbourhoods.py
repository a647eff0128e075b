"""Neighbourhoods: which sessions are worth deciding anew together, in the planner's own terms.

A neighbourhood frees the sessions of some hours, rooms, bodies or people, or those behind a cost; the rest of the
schedule stands. Which kinds help differs from problem to problem, and is learned while searching (adaptive large
neighbourhood search: Ropke and Pisinger 2006, Transportation Science 40(4)).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from typing import TYPE_CHECKING, Protocol

import numpy as np
from attrs import define, field, frozen

from unsched.solver.flat import distinct, gather
from unsched.solver.windows import falls_apart, windows_by_rooms

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.solver.flat import Flat, Whole
    from unsched.solver.places import Places, Standing
    from unsched.solver.split import Proof

__all__ = ["Move", "Neighbourhoods"]

_FIRST_SIZE, _FIRST_VARIABLES = 12.0, 2_000
_LEAST_SIZE = 3.0
_GROW, _LEAP, _SHRINK = 1.05, 1.3, 0.9
_WORTHWHILE = 0.006
_TROUBLE = 0.03
"""What proposing, cutting and loading a part takes, in deterministic seconds; its search is often next to nothing."""
_FORGET = 0.9
_FLOOR = 0.05
_DAY = 24 * 60
_WINDOWS_EFFORT, _WINDOWS_FLOOR, _TRIES, _KINDRED = 1.0, 0.15, 30, 0.5
_BEYOND = 0.8


class Search(Protocol):
    """What has a solution that changes."""

    values: Whole
    standing: Standing


@frozen(eq=False)
class Move:
    """What is freed together.

    Args:
        kind: name of the kind of neighbourhood.
        variables: the variables that place the sessions that are freed.
        effort: deterministic seconds that it is worth.
        seconds: wall seconds that it may take at most.
        hinted: whether its search starts from what stands, rather than from anything that costs no more.
    """

    kind: str
    variables: Whole
    effort: float = 0.25
    seconds: float = inf
    hinted: bool = False


@define
class _Record:
    size: float
    worth: float = 1.0
    takes: float = _TROUBLE

    @property
    def chance(self) -> float:
        """How often to choose it, so that it takes as much of the time as it is worth."""
        return self.worth / self.takes


@define(eq=False)
class Neighbourhoods:
    """The kinds of neighbourhood of one model, how large they are at present, and how well each has done.

    Args:
        flat: the model as arrays.
        places: where the sessions are in it.
        random: what chooses.
        proof: what is known to have to be paid, and where: what is paid beyond that is looked at most.
    """

    flat: Flat
    places: Places
    random: random.Random
    proof: Proof | None = None
    idle: int = 0
    records: dict[str, _Record] = field(init=False)
    _kin: dict[str, list[tuple[str, ...]]] = field(init=False)
    _window_of: dict[str, tuple[str, ...]] = field(init=False, factory=dict)
    _seen: tuple[Whole | None, int] = field(init=False, default=(None, 0))
    _dear: Whole = field(init=False, factory=lambda: np.zeros(0, dtype=np.int64))

    def __attrs_post_init__(self) -> None:
        self._kin = _kin_of(self.places)
        several = len(self.places.names) > 1
        kinds = ["random", "hours", "instants", "day", "cost", *self._kin]
        if self.places.in_rooms and several:
            kinds += ["rooms", "rooms only"]
        rooms = windows_by_rooms(self.places.board)
        if falls_apart(rooms):
            kinds.append("windows")
            self._window_of = {name: names for names in rooms for name in names}
        # Where a session has many variables, a dozen of them would be most of the problem.
        size = _FIRST_VARIABLES * len(self.places.names) / max(1, self.flat.known)
        self.records = {kind: _Record(min(_FIRST_SIZE, max(_LEAST_SIZE, size))) for kind in kinds}

    def propose(self, standing: Standing, values: Whole) -> Move:
        """Choose a kind by how well it has done, and what it frees of a solution."""
        kinds = list(self.records)
        kind = self.random.choices(kinds, [self.records[kind].chance for kind in kinds])[0]
        count = min(len(self.places.names), max(1, round(self.records[kind].size)))
        names = self._sessions(kind, count, standing, values)
        own = self.places.in_rooms if kind == "rooms only" else self.places.own
        variables = [own[name] for name in dict.fromkeys(names) if name in own]
        # Sessions of one cell share the variables of its rooms.
        freed = np.unique(np.concatenate(variables)) if variables else np.zeros(0, dtype=np.int64)
        return Move(kind, freed, _WINDOWS_EFFORT) if kind == "windows" else Move(kind, freed)

    def moves(self, search: Search) -> Iterator[Move]:
        """Yield moves for ever, each from what the search has come to."""
        while True:
            yield self.propose(search.standing, search.values)

    def let_in(self, missing: Sequence[str], standing: Standing) -> Move:
        """Free some sessions that are left out, and as many of those that stand where they could as may help."""
        count = round(self.records["random"].size) + 6
        own = self.random.sample(list(missing), min(len(missing), max(1, count // 4)))
        starts = {span.start for name in own for span in self._options(name)}
        near = [name for name, span in standing.spans.items() if span.start in starts]
        names = [*own, *self.random.sample(near, min(len(near), count))]
        return Move("random", np.concatenate([self.places.own[name] for name in names]))

    def learn(self, kind: str, *, gain: float, effort: float, done: bool) -> None:
        """Note what came of a move; one of a kind that is not chosen here teaches nothing.

        Args:
            kind: its kind.
            gain: by which share the cost fell.
            effort: what it took.
            done: whether it was searched to its end; then the next may be larger.
        """
        self.idle = 0 if gain > 0 else self.idle + 1
        record = self.records.get(kind)
        if record is None:
            return
        # Many small parts do better than few large ones, as long as a part is worth the trouble of cutting it.
        # The longer nothing has been gained, the larger they may become.
        quick = done and effort < _WORTHWHILE * min(1 + self.idle / 100, 10)
        # What took next to nothing was far too small.
        growth = _LEAP if effort < _WORTHWHILE / 10 else _GROW
        record.size = min(record.size * growth, 10_000.0) if quick else max(record.size * _SHRINK, _LEAST_SIZE)
        record.takes = _FORGET * record.takes + (1 - _FORGET) * (_TROUBLE + effort)
        worth = gain / max(effort, 1e-3)
        floor = _WINDOWS_FLOOR if kind == "windows" else _FLOOR
        record.worth = max(floor, _FORGET * record.worth + (1 - _FORGET) * min(worth * 100, 20.0))

    def _sessions(self, kind: str, count: int, standing: Standing, values: Whole) -> Iterable[str]:
        if kind == "cost":
            return self._behind_costs(count, standing, values)
        if kind == "windows":
            return self._whole_windows(standing, values)
        about = self._about(values)
        if kind in ("random", "rooms only"):
            return [*about, *self.random.sample(self.places.names, count)][:count]
        if kind in self._kin:
            return self._of_one_kin(self._kin[kind], count, about)
        return self._by_place(kind, count, standing, about)

    def _about(self, values: Whole) -> list[str]:
        """Return a session for which more is paid than is proven, if any is known: mostly, others cannot gain."""
        beyond = self._beyond(values)
        if not len(beyond):
            return []
        speakers = self._speakers(int(beyond[self.random.randrange(len(beyond))]), values)
        return [self.random.choice(speakers)] if speakers else []

    def _by_place(self, kind: str, count: int, standing: Standing, about: Sequence[str]) -> Iterable[str]:
        by_start = sorted(standing.spans, key=lambda name: (standing.spans[name], name))
        by_start += [name for name in self.places.names if name not in standing.spans]
        if kind == "hours":
            first = self.random.randrange(len(by_start))
            if about:
                first = by_start.index(about[0]) - self.random.randrange(count)
            return [by_start[(first + step) % len(by_start)] for step in range(count)]
        if kind == "day":
            day_of = self.places.board.problem.window.day_of
            groups = _grouped(by_start, lambda n: day_of(standing.spans[n].start) if n in standing.spans else None)
            members = self.random.choice([group for group in groups if set(about) <= set(group)])
            return [*about, *self.random.sample(members, min(count, len(members)))][:count]
        if kind == "instants":
            groups = _grouped(by_start, lambda n: standing.spans[n].start if n in standing.spans else None)
        else:
            groups = _grouped(by_start, standing.rooms.get)
        return self._fill(groups, count, about)

    def _fill(self, groups: Sequence[Sequence[str]], count: int, about: Sequence[str]) -> list[str]:
        """Take whole groups until there are enough, of the last only what is missing; first those about somebody."""
        found = dict.fromkeys(about)
        several = self.random.sample(groups, len(groups))
        for group in sorted(several, key=lambda group: not found.keys() & set(group)) if about else several:
            fresh = [name for name in group if name not in found]
            found.update(dict.fromkeys(self.random.sample(fresh, min(len(fresh), count - len(found)))))
            if len(found) >= count:
                break
        return list(found)

    def _of_one_kin(self, families: Sequence[Sequence[str]], count: int, about: Sequence[str]) -> list[str]:
        found = self._fill(families, max(1, count // 2 if self.random.random() < 0.5 else count), about)
        others = self.random.sample(self.places.names, min(len(self.places.names), count))
        return list(dict.fromkeys([*found, *others]))[:count]

    def _behind_costs(self, count: int, standing: Standing, values: Whole) -> list[str]:
        """Free the sessions of which some costs speak, and others that stand where those could go."""
        paid = self._paid(values)
        found: dict[str, None] = {}
        for at in self.random.sample(range(len(paid)), min(len(paid), 1 + count // 8)):
            for name in self._speakers(int(paid[at]), values):
                found[name] = None
        most = max(1, count // 2)
        own = self.random.sample(list(found), min(len(found), most))
        starts = {span.start for name in own for span in self._options(name)}
        near = [name for name, span in standing.spans.items() if span.start in starts and name not in own]
        return [*own, *self.random.sample(near, min(len(near), count - len(own)))]

    def _paid(self, values: Whole) -> Whole:
        """Return the variables for which something is paid; mostly only those where that is more than is proven."""
        beyond = self._beyond(values)
        return beyond if len(beyond) else np.flatnonzero(self.flat.weights * values > 0)

    def _beyond(self, values: Whole) -> Whole:
        """Return the variables for which more is paid than is proven; of nothing, now and then, to look elsewhere."""
        if self.proof is None or self.random.random() >= _BEYOND:
            return np.zeros(0, dtype=np.int64)
        seen = values, self.proof.bound
        if self._seen[0] is not values or self._seen[1] != self.proof.bound:
            self._seen, self._dear = seen, np.flatnonzero(self.proof.beyond(self.flat, values))
        return self._dear

    def _whole_windows(self, standing: Standing, values: Whole) -> list[str]:
        """Free all of a window in which something is paid, and of another of its day that pays or has to do with it."""
        paid = self._paid(values)
        payers: dict[str, None] = {}
        for at in self.random.sample(range(len(paid)), min(len(paid), _TRIES)):
            speakers = self._speakers(int(paid[at]), values)
            payers.update(dict.fromkeys(name for name in speakers if name in standing.spans))
        first = next(iter(payers), None)
        if first is None:
            return []
        others = self._kindred(first) if self.random.random() < _KINDRED else payers
        own, day = self._window_of[first], standing.spans[first].start // _DAY
        today = (name for name in others if name in standing.spans and standing.spans[name].start // _DAY == day)
        second = next((window for name in today if (window := self._window_of[name]) is not own), ())
        return [*own, *second]

    def _kindred(self, name: str) -> Sequence[str]:
        """Return, in any order, sessions that have a body, a tag or a participant in common with one."""
        own = self._window_of[name]
        families = [family for several in self._kin.values() for family in several if name in family]
        families = [family for family in families if any(self._window_of.get(one, own) is not own for one in family)]
        family = self.random.choice(families) if families else ()
        return self.random.sample(family, len(family))

    def _options(self, name: str) -> list[Interval]:
        spans = list(self.places.board.literals_of_spans.get(name, {}))
        return self.random.sample(spans, min(2, len(spans)))

    def _speakers(self, variable: int, values: Whole) -> list[str]:
        """Return the sessions from whose places a variable follows, through others that follow from them."""
        flat, places = self.flat, self.places
        seen = {variable}
        fresh = np.array([variable])
        owners = places.owners
        if owners[variable] >= 0:
            return [places.names[owners[variable]]]
        for _ in range(3):
            columns = distinct(flat.columns[gather(flat.starts, flat.rows_of(fresh))], len(flat.lower))
            numbers = np.unique(owners[columns[values[columns] > 0]])
            numbers = numbers[numbers >= 0]
            if len(numbers):
                return [places.names[number] for number in numbers]
            fresh = np.array([column for column in columns.tolist() if column not in seen], dtype=np.int64)
            seen.update(fresh.tolist())
        return []


def _grouped(names: Iterable[str], key: Callable[[str], object]) -> list[list[str]]:
    groups: dict[object, list[str]] = {}
    for name in names:
        groups.setdefault(key(name), []).append(name)
    return list(groups.values())


def _kin_of(places: Places) -> dict[str, list[tuple[str, ...]]]:
    """Return the sessions of each body, of each tag, and of each participant, by what they have in common."""
    problem = places.board.problem
    kinds: dict[str, dict[str, dict[str, None]]] = {"body": {}, "tag": {}, "people": {}}
    for session in problem.sessions:
        for body in session.bodies:
            kinds["body"].setdefault(body, {})[session.id] = None
        for tag in session.tags:
            kinds["tag"].setdefault(tag, {})[session.id] = None
    for parts in (problem.duties, problem.invitations):
        for party, mine in parts.items():
            for part in mine:
                kinds["people"].setdefault(party, {})[part.session.id] = None
    found = {kind: [tuple(mine) for mine in by.values() if len(mine) > 1] for kind, by in kinds.items()}
    return {kind: families for kind, families in found.items() if families}
