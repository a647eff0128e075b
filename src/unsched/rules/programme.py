"""The printed programme: what it lists in which order, without holes, and what stands beside each other in a block."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import evolve, field, frozen

from unsched.domain.crosscheck import faults_of_selectors
from unsched.domain.fact import check_choice, check_count, check_each, to_ids, to_tuple
from unsched.domain.prune import without
from unsched.domain.select import Select, to_select
from unsched.errors import Fault, nearest
from unsched.rules.base import Breach, Preference, Rule, opening
from unsched.rules.parallel import Conflict
from unsched.rules.themes import stays_of, stretch_of

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Placed, Timetable
    from unsched.domain.window import Window
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear

__all__ = ["BlockConflicts", "Ordinals", "Unbroken"]

_EACH = ("block", "day")
_Pair: TypeAlias = "tuple[str, str]"
_MOST_ROWS = 3
"""How many rows of a table a sentence names."""


def _stretches(window: Window, sessions: tuple[Session, ...], each: str) -> list[Hashable]:
    """Return the blocks that sessions may use, or all days, in order."""
    if each == "day":
        return list(window.days)
    kinds = {kind for session in sessions for kind in session.blocks}
    return list(dict.fromkeys(block.span for block in window.open_blocks if block.kind in kinds))


@frozen
class BlockConflicts(Preference):
    """Sessions that somebody has declared to conflict do not stand in different rooms in one open block.

    Nobody who follows both has to change rooms, then, before the next break. The amount is, added up over all pairs
    of sessions that start in one block (or on one day) and stand in different rooms, the weights of the rows that name
    the pair. A row counts once for a pair, even where it names it both ways, and says nothing about a session and
    itself.

    Args:
        conflicts: the rows of the table; in a file each has `sessions`, `against` and `weight`.
        each: "block" or "day".

    Example: two papers of one presenter stand in one room, or in different blocks.
    """

    kind: ClassVar[str] = "block-conflicts"
    unit: ClassVar[str] = "unit of weight"

    conflicts: tuple[Conflict, ...] = field(converter=to_tuple, kw_only=False)
    each: str = field(default="block", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("conflicts", self.conflicts, Conflict, unique=False)
        if self.conflicts == ():
            yield Fault("conflicts", "no conflict is declared", "at least one Conflict(...).")
        yield from check_choice("each", self.each, _EACH)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield what rows select that is not there, and rows that name no two sessions."""
        for index, row in enumerate(self.conflicts):
            found = tuple(faults_of_selectors(problem, row, f"rule.conflicts[{index}]"))
            yield from found
            sides = () if found else (*problem.select(row.sessions), *problem.select(row.against))
            if not found and len({session.id for session in sides}) == 1:
                message = f"{row.sessions} conflicts with nothing but itself"
                yield Fault(f"rule.conflicts[{index}].against", message, "another session.")

    def post(self, board: Board) -> None:
        """Price each pair that a row names, first those of which it is known that they never share a room."""
        pairs: dict[_Pair, int] = {}
        for row in self.conflicts:
            mine = [session.id for session in board.problem.select(row.sessions)]
            others = [session.id for session in board.problem.select(row.against)]
            named = dict.fromkeys((min(a, b), max(a, b)) for a in mine for b in others if a != b)
            for pair in named:
                pairs[pair] = pairs.get(pair, 0) + row.weight
        session = board.problem.session
        by_name: dict[str, dict[Hashable, Linear]] = {}
        for name in dict.fromkeys(name for pair in pairs for name in pair):
            stays = stays_of(board, [session(name)], self.each)
            by_name[name] = {stretch: board.takes_one(session(name), spans[name]) for stretch, spans in stays.items()}
        apart = {pair: self.each == "block" and board.are_apart(*map(session, pair)) for pair in pairs}
        for pair in sorted(pairs, key=lambda pair: (not apart[pair], pair)):
            mine_in, yours_in = (by_name[name] for name in pair)
            both = [mine_in[stretch] + yours_in[stretch] for stretch in mine_in if stretch in yours_in]
            if both:
                together = 0 if apart[pair] else board.same_room(*map(session, pair))
                found = board.greatest([sums - 1 - together for sums in both], upper=1)
                board.prefer(self, board.total([found], [pairs[pair]]), whom=pair)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Ask of each pair in one block which rows name it."""
        problem = timetable.problem
        sides = dict.fromkeys(side for row in self.conflicts for side in (row.sessions, row.against))
        picked = {side: {session.id for session in problem.select(side)} for side in sides}
        by_stretch: dict[object, list[Placed]] = {}
        for one in timetable.placed:
            stretch = stretch_of(timetable, one, self.each)
            if stretch is not None:
                by_stretch.setdefault(stretch, []).append(one)
        for placed in by_stretch.values():
            here = {one.session.id: one for one in placed}
            weights: dict[frozenset[str], int] = {}
            for row in self.conflicts:
                sessions, against = picked[row.sessions] & here.keys(), picked[row.against] & here.keys()
                for names in {frozenset((a, b)) for a in sessions for b in against if a != b}:
                    weights[names] = weights.get(names, 0) + row.weight
            for names in sorted(weights, key=sorted):
                a, b = sorted(names)
                if here[a].room != here[b].room:
                    when = timetable.when(here[a])
                    text = (
                        f"{a!r} and {b!r}, declared to conflict, are in different rooms in the {self.each} of {when}."
                    )
                    yield Breach(self, (a, b), weights[names], text, (a, b))

    def say(self) -> str:
        """Return the rule as a sentence."""
        rows = [f"{row.sessions} against {row.against}" for row in self.conflicts[:_MOST_ROWS]]
        more = len(self.conflicts) - len(rows)
        rest = f"; and {more} more" if more else ""
        return f"In one {self.each}, declared conflicts share a room: {'; '.join(rows)}{rest}."


@frozen
class Unbroken(Preference):
    """The open blocks in which the selected sessions stand follow each other without a hole.

    The amount is 1 if there is a block (or a day of the window) between the first and the last of them in which none
    of them starts. Only blocks that some of them may use count, in order of their start.

    Args:
        sessions: which sessions.
        each: "block" or "day".

    Example: a track runs through the whole of Tuesday, and does not come back on Thursday.
    """

    kind: ClassVar[str] = "unbroken"
    unit: ClassVar[str] = "programme with a hole"
    anonymous: ClassVar[bool] = True

    sessions: Select = field(converter=to_select, kw_only=False)
    each: str = field(default="block", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("each", self.each, _EACH)

    def post(self, board: Board) -> None:
        """Look in each block whether some sessions are before it and some after, and none in it."""
        sessions = board.problem.select(self.sessions)
        stretches = _stretches(board.problem.window, sessions, self.each)
        stays = stays_of(board, sessions, self.each)
        here: list[list[Linear]] = [
            [board.takes_one(board.problem.session(name), spans) for name, spans in stays.get(stretch, {}).items()]
            for stretch in stretches
        ]
        count = len(stretches)
        until: list[Linear] = []
        since: list[Linear] = []
        for index in range(count):
            until.append(board.greatest([*here[index], *until[-1:]], upper=1))
            since.append(board.greatest([*here[count - 1 - index], *since[-1:]], upper=1))
        since.reverse()
        holes: list[Linear] = []
        for index in range(1, count - 1):
            filled = board.backed(board.total(here[index]) >= 1) if here[index] else 0
            holes.append(until[index - 1] + since[index + 1] - filled - 1)
        if holes:
            board.prefer(self, board.greatest(holes, upper=1))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """List the blocks in use, and look for one that is skipped."""
        window = timetable.problem.window
        sessions = timetable.problem.select(self.sessions)
        kinds = {kind for session in sessions for kind in session.blocks}
        order: list[object] = list(window.days)
        if self.each == "block":
            spans = ((one.span.start, one.span.end) for one in window.open_blocks if one.kind in kinds)
            order = list(dict.fromkeys(spans))
        placed = timetable.of(sessions)
        used = sorted({order.index(stretch) for one in placed if (stretch := stretch_of(timetable, one, self.each))})
        if used and used[-1] - used[0] >= len(used):
            text = f"{opening(self.sessions)}: there is a {self.each} without them between their first and their last."
            yield Breach(self, tuple(one.session.id for one in placed), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"No {self.each} is skipped: {self.sessions}."


@frozen
class Ordinals(Preference):
    """Sessions stand at their number in the programme, which lists block by block, room by room, hour by hour.

    Rooms come in the order of the venue. The amount is the number of numbered sessions that stand at another place
    than theirs among the selected sessions, counted from 1.

    Args:
        sessions: ids of the numbered sessions.
        numbers: the number of each.
        among: the sessions that the programme lists, numbered or not.
        each: "block" or "day": what the programme lists room by room.

    Example: the nominees for the best paper are presented in the order of their submission.
    """

    kind: ClassVar[str] = "ordinals"
    unit: ClassVar[str] = "session out of place"

    sessions: tuple[str, ...] = field(converter=to_ids, kw_only=False)
    numbers: tuple[int, ...] = field(converter=to_tuple, kw_only=False)
    among: Select = field(converter=to_select, kw_only=False)
    each: str = field(default="block", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_each("sessions", self.sessions)
        if self.sessions == ():
            yield Fault("sessions", "no session is numbered", "the id of one or more.")
        if isinstance(self.numbers, tuple):
            for index, number in enumerate(self.numbers):
                yield from check_count(f"numbers[{index}]", number, least=1)
            if len(self.numbers) != len(self.sessions):
                message = f"{len(self.numbers)} numbers do not go with {len(self.sessions)} sessions"
                yield Fault("numbers", message, "a number for each session.")
        yield from check_choice("each", self.each, _EACH)

    def without(self, sessions: frozenset[str]) -> Rule | None:
        """Return the rule with the numbers of the sessions that are left."""
        among = without(self.among, sessions)
        left = [pair for pair in zip(self.sessions, self.numbers, strict=True) if pair[0] not in sessions]
        if among is None or not left:
            return None
        return evolve(self, sessions=[name for name, _ in left], numbers=[at for _, at in left], among=among)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield numbered sessions that the programme does not list."""
        listed = [session.id for session in problem.select(self.among)]
        for index, name in enumerate(self.sessions):
            if name not in listed:
                remedy = nearest(name, listed) or "one that is among them."
                yield Fault(f"rule.sessions[{index}]", f"{name!r} is not among {self.among}", remedy)

    def post(self, board: Board) -> None:
        """Compare the places of each numbered session and of the others in the list."""
        listed = board.problem.select(self.among)
        stretches = {s: at for at, s in enumerate(_stretches(board.problem.window, listed, self.each))}
        rooms = {room.id: at for at, room in enumerate(board.problem.rooms)}
        places: dict[str, list[tuple[tuple[int, int, int], Linear]]] = {session.id: [] for session in listed}
        for stretch, stays in stays_of(board, listed, self.each).items():
            for name, spans in stays.items():
                session = board.problem.session(name)
                for span in spans:
                    for room in board.rooms_at(session, span):
                        place = (stretches[stretch], rooms[room], span.start)
                        places[name].append((place, board.stands(session, span, room)))
        known = sorted({place for mine in places.values() for place, _ in mine})
        rank = {place: at for at, place in enumerate(known)}
        # Whoever is not scheduled comes after all others.
        at = {
            name: len(rank) + board.total([one for _, one in mine], [rank[place] - len(rank) for place, _ in mine])
            for name, mine in places.items()
        }
        for name, number in zip(self.sessions, self.numbers, strict=True):
            before = board.total([board.less(at[u.id], at[name], reach=len(rank)) for u in listed if u.id != name])
            right = board.backed(before >= number - 1, before <= number - 1)
            wrong = board.greatest([board.placed(board.problem.session(name)) - right], upper=1)
            board.prefer(self, wrong, whom=(name,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Write the list, and look at the place of each numbered session."""
        problem = timetable.problem
        order = {room.id: at for at, room in enumerate(problem.rooms)}
        listed = []
        for one in timetable.of(problem.select(self.among)):
            day = timetable.problem.window.wall(one.span.start).date()
            block = stretch_of(timetable, one, "block")
            if block is not None:
                stretch = (day.toordinal(), 0) if self.each == "day" else block
                listed.append(((stretch, order[one.room.id], one.span.start), one))
        wanted = dict(zip(self.sessions, self.numbers, strict=True))
        for place, one in listed:
            number = 1 + sum(other < place for other, _ in listed)
            if wanted.get(one.session.id, number) != number:
                name = one.session.id
                text = f"{name!r} is number {number} of the programme, not {wanted[name]}."
                yield Breach(self, (name,), 1, text, (name,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        pairs = zip(self.sessions[:_MOST_ROWS], self.numbers, strict=False)
        rows = [f"{name!r} is number {number}" for name, number in pairs]
        more = len(self.sessions) - len(rows)
        rest = f"; and {more} more" if more else ""
        return f"Among {self.among}, {'; '.join(rows)}{rest}."
