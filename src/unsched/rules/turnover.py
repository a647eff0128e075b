"""From one session to the next: time to change the layout of a room, few such changes, time to walk."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_count
from unsched.domain.part import Part
from unsched.domain.select import EVERY, Select, to_select
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference
from unsched.solver.cliques import cliques

if TYPE_CHECKING:
    from unsched.domain.people import Delegation
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.domain.venue import Room
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal, Requirement, Row

__all__ = ["DelegationsWalk", "FewLayouts", "Turnaround"]


@frozen
class Turnaround(Constraint):
    """Between two sessions of different layout in one room there is time to lay it out anew.

    A session without a layout takes the room as it finds it. Each pair of sessions that are less than so many minutes
    apart in one room counts once, whether or not another stands between them.

    Args:
        minutes: least minutes from the end of the one to the start of the other.
        sessions: which sessions.

    Example: a theatre at 13:00 is a hollow square at 14:00 at the earliest.
    """

    kind: ClassVar[str] = "turnaround"
    unit: ClassVar[str] = "pair of sessions"

    minutes: int
    sessions: Select = field(default=EVERY, converter=to_select)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("minutes", self.minutes, least=1, unit="minutes")

    def post(self, board: Board) -> None:
        """Let the stays in a room, each with its minutes behind it, be of one layout at a time; or price each pair."""
        sessions = [session for session in board.problem.select(self.sessions) if session.layout is not None]
        if not board.at_a_price:
            for room in board.problem.rooms:
                users = [session for session in sessions if room.id in board.rooms(session)]
                if len({session.layout for session in users}) > 1:
                    self._lay_out(board, room, users)
            return
        for one, other in combinations(sessions, 2):
            if one.layout != other.layout and set(board.rooms(one)) & set(board.rooms(other)):
                pair = board.all_of([board.overlap(one, other, gap=self.minutes), board.share_room(one, other)])
                board.require(self, _never(board, pair), about=f"{one.id}, {other.id}", whom=(one.id, other.id))

    def _lay_out(self, board: Board, room: Room, users: Iterable[Session]) -> None:
        """Say how a room is laid out at each instant, in one way at most."""
        stays = [
            (span.start, span.end + self.minutes, (session, board.stands(session, span, room.id)))
            for session in users
            for span in board.spans(session)
            if room.id in board.rooms_at(session, span)
        ]
        rows: list[Row] = []
        for crowd in cliques(stays):
            layouts: dict[str | None, dict[str, list[Literal]]] = {}
            for session, literal in crowd:
                layouts.setdefault(session.layout, {}).setdefault(session.id, []).append(literal)
            if len(layouts) > 1:
                # A session stands once, so its stays in a crowd add up to 0 or 1.
                stands = [[board.total(literals) for literals in one.values()] for one in layouts.values()]
                laid_out = [one[0] if len(one) == 1 else board.greatest(one, upper=1) for one in stands]
                rows.append(board.total(laid_out) <= 1)
        board.require(self, board.jointly(*rows), about=room.id)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each session with those that come before it in its room."""
        by_room: dict[str, list[int]] = {}
        placed = timetable.of(timetable.problem.select(self.sessions))
        for index, one in enumerate(placed):
            if one.session.layout is not None:
                by_room.setdefault(one.room.id, []).append(index)
        for name, indices in by_room.items():
            for place, later in enumerate(indices):
                for earlier in indices[:place]:
                    before, after = placed[earlier], placed[later]
                    gap = after.span.start - before.span.end
                    if before.session.layout == after.session.layout or gap >= self.minutes:
                        continue
                    pair = (before.session.id, after.session.id)
                    layouts = f"{before.session.layout!r} to {after.session.layout!r}"
                    text = f"Room {name!r} has {max(gap, 0)} minutes from {pair[0]!r} to {pair[1]!r}: {layouts}"
                    yield Breach(self, pair, 1, f"{text} takes {self.minutes}.", pair)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"A room is laid out anew in {self.minutes} minutes: {self.sessions}."


@frozen
class FewLayouts(Preference):
    """Rooms are laid out in few ways on one day.

    The amount is, summed over rooms and local days, the number of layouts in use beyond the first.

    Args:
        sessions: which sessions.

    Example: the classroom sessions of a day share a room, and the staff moves no tables at lunchtime.
    """

    kind: ClassVar[str] = "few-layouts"
    unit: ClassVar[str] = "layout beyond the first"
    anonymous: ClassVar[bool] = True

    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def post(self, board: Board) -> None:
        """Count the layouts of each room and day."""
        day_of = board.problem.window.day_of
        sessions = [session for session in board.problem.select(self.sessions) if session.layout is not None]
        for room in board.problem.rooms:
            users = [session for session in sessions if room.id in board.rooms(session)]
            if len({session.layout for session in users}) < 2:
                continue
            days: dict[date, dict[str | None, list[Linear]]] = {}
            for session in users:
                by_day: dict[date, list[Literal]] = {}
                for span in board.spans(session):
                    if room.id in board.rooms_at(session, span):
                        by_day.setdefault(day_of(span.start), []).append(board.stands(session, span, room.id))
                for day, literals in by_day.items():
                    days.setdefault(day, {}).setdefault(session.layout, []).append(board.total(literals))
            for layouts in days.values():
                if len(layouts) > 1:
                    in_use = board.total([board.greatest(terms, upper=1) for terms in layouts.values()])
                    board.prefer(self, board.excess(in_use, 1, len(layouts)))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Collect the layouts that each room goes through in a day."""
        window = timetable.problem.window
        found: dict[tuple[str, date], dict[str, list[str]]] = {}
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if one.session.layout is not None:
                place = (one.room.id, window.wall(one.span.start).date())
                found.setdefault(place, {}).setdefault(one.session.layout, []).append(one.session.id)
        for (room, day), layouts in found.items():
            if len(layouts) > 1:
                names = tuple(name for several in layouts.values() for name in several)
                text = f"Room {room!r} has {len(layouts)} layouts on {day:%a %d %b}: {', '.join(map(repr, layouts))}."
                yield Breach(self, names, len(layouts) - 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Few layouts a room and day: {self.sessions}."


@frozen
class DelegationsWalk(Constraint):
    """A delegation of one has time to walk from a duty to the next, between buildings.

    A duty that starts while another runs is another rule's matter; so are delegations that can be in several places.
    A segment counts as a duty by itself where the delegation is needed for that only. Each pair of duties that are too
    close counts once for each delegation that has both. A walking time that is needed and not given is a fault of the
    input; a venue without any leaves walking out of account.

    Args:
        sessions: which duties.

    Example: twelve minutes from building A to E; after a session in A until 11:00 nobody is due in E at 11:10.
    """

    kind: ClassVar[str] = "delegations-walk"
    unit: ClassVar[str] = "pair of duties"

    sessions: Select = field(default=EVERY, converter=to_select)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the pairs of buildings whose distance is needed and not known."""
        if not self._shared(problem):
            return
        missing: dict[str, str] = {}
        for (place, room), (index, other) in combinations(enumerate(problem.rooms), 2):
            if problem.venue.walk(room, other) is None:
                ends = " and ".join(one.building or f"room {one.id!r}" for one in (room, other))
                nowhere = [at for at, one in ((place, room), (index, other)) if not one.building]
                missing.setdefault(ends, f"venue.rooms[{nowhere[0]}].building" if nowhere else "venue.walking")
        for ends, path in missing.items():
            message = f"the walking time between {ends} is not known, and delegations may need it"
            yield Fault(path, message, "name the building, or its walking minutes; none at all leaves walking out.")

    def _shared(self, problem: Problem) -> dict[tuple[Hashable, Hashable], tuple[Part, Part, list[str]]]:
        """Return the pairs of duties of delegations of one, each with the delegations that have both."""
        found: dict[tuple[Hashable, Hashable], tuple[Part, Part, list[str]]] = {}
        if problem.venue.walking:
            chosen = {session.id for session in problem.select(self.sessions)}
            for delegation in problem.delegations:
                mine = [part for part in problem.duties[delegation.id] if part.session.id in chosen]
                for one, other in combinations(mine if delegation.size == 1 else (), 2):
                    if one.session.id != other.session.id:
                        found.setdefault((one.key, other.key), (one, other, []))[2].append(delegation.id)
        return found

    def post(self, board: Board) -> None:
        """Keep the duties of each pair apart, or together, where they stand in different buildings."""
        # What many delegations share is said once for all.
        for one, other, delegations in self._shared(board.problem).values():
            terms = list(_too_close(board, one, other))
            if not terms:
                continue
            about = f"{one.session.id}, {other.session.id}"
            if board.at_a_price:
                broken = board.greatest(terms, upper=1)
                for name in delegations:
                    board.require(self, _never(board, broken), about=about, whom=(name,))
            else:
                board.require(self, board.jointly(*(term <= 0 for term in terms)), about=about)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Follow each delegation of one through the day."""
        problem = timetable.problem
        chosen = {one.session.id for one in timetable.of(problem.select(self.sessions))}
        for delegation in problem.delegations:
            if delegation.size == 1:
                yield from self._follow(timetable, delegation, chosen)

    def _follow(self, timetable: Timetable, delegation: Delegation, chosen: set[str]) -> Iterator[Breach]:
        problem = timetable.problem
        mine = [one for one in timetable.parts(problem.duties[delegation.id]) if one.session.id in chosen]
        for index, later in enumerate(mine):
            for earlier in mine[:index]:
                gap = later.span.start - earlier.span.end
                walk = problem.venue.walk(earlier.room, later.room) or 0
                if 0 <= gap < walk:
                    pair = (earlier.session.id, later.session.id)
                    text = f"{delegation.id!r} needs {walk} minutes to walk from {pair[0]!r} to {pair[1]!r}, not {gap}."
                    yield Breach(self, pair, 1, text, (delegation.id,))

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"A delegation of one has time to walk between buildings: {self.sessions}."


def _never(board: Board, term: Linear) -> Requirement:
    return board.jointly(term <= 0, amount=lambda: term)


def _too_close(board: Board, one: Part, other: Part) -> Iterator[Linear]:
    """Yield, for each two buildings, a term that is 1 where the parts are there, and nearer than the walk between."""
    walks: list[tuple[int, list[Room], list[Room]]] = []
    yours = _by_building(board, other.session)
    for here in _by_building(board, one.session).values():
        for there in yours.values():
            walk = board.problem.venue.walk(here[0], there[0])
            if walk:
                walks.append((walk, here, there))
    near = _follows(board, one, other, sorted({walk for walk, _, _ in walks}))
    for walk, here, there in walks:
        if walk in near:
            in_mine = board.total([board.uses(one.session, room.id) for room in here])
            in_yours = board.total([board.uses(other.session, room.id) for room in there])
            yield near[walk] + in_mine + in_yours - 2


def _by_building(board: Board, session: Session) -> dict[str | None, list[Room]]:
    found: dict[str | None, list[Room]] = {}
    for name in board.rooms(session):
        room = board.problem.room(name)
        found.setdefault(room.building, []).append(room)
    return found


def _follows(board: Board, one: Part, other: Part, withins: Iterable[int]) -> dict[int, Linear]:
    """Return, for each number of minutes, a term that is 1 where one starts within less after the end of the other."""
    mine, yours = board.stays(one), board.stays(other)
    by_start = sorted(yours, key=lambda stay: stay[0].start)
    by_end = sorted(yours, key=lambda stay: stay[0].end)
    starts, ends = [span.start for span, _ in by_start], [span.end for span, _ in by_end]
    found: dict[int, Linear] = {}
    # On a coarse grid, different walks often come to the same.
    known: dict[tuple[tuple[int, int, int, int], ...], Linear] = {}
    for within in withins:
        bounds = tuple(
            (
                bisect_left(starts, span.end),
                bisect_left(starts, span.end + within),
                bisect_right(ends, span.start - within),
                bisect_right(ends, span.start),
            )
            for span, _ in mine
        )
        if bounds not in known:
            terms = []
            for (_, literal), (after, until, before, here) in zip(mine, bounds, strict=True):
                near = [copy for _, copy in (*by_start[after:until], *by_end[before:here])]
                if near:
                    terms.append(board.total([literal, *near]) - 1)
            if not terms:
                continue
            known[bounds] = board.greatest(terms, upper=1)
        found[within] = known[bounds]
    return found
