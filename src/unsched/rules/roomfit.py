"""Which room for which session: only these, never those, rather this one, the same one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.choose_rooms import SelectRooms, faults_of_rooms, rooms_of, to_rooms
from unsched.domain.fact import check_choice, check_each
from unsched.domain.interval import touching
from unsched.domain.select import Select, to_select
from unsched.domain.time import Period, to_periods
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference, opening
from unsched.rules.themes import stays_of, stretch_of

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Placed, Timetable
    from unsched.domain.venue import Room
    from unsched.solver.board import Board
    from unsched.solver.terms import Linear, Literal

__all__ = ["InRoom", "NotInRoom", "PreferRoom", "SameRoom"]


@frozen
class InRoom(Constraint):
    """The selected sessions stand only in certain rooms.

    Each session that stands anywhere else counts once.

    Args:
        sessions: which sessions.
        rooms: the rooms: by id, by building, or by what they offer.

    Example: side events stand in building E only.
    """

    kind: ClassVar[str] = "in-room"
    unit: ClassVar[str] = "session"
    narrows: ClassVar[bool] = True

    sessions: Select = field(converter=to_select)
    rooms: SelectRooms = field(converter=to_rooms)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield names of nothing, and a selector that picks no room."""
        yield from faults_of_rooms(problem, "rule.rooms", self.rooms)

    def post(self, board: Board) -> None:
        """Keep the sessions to the rooms."""
        kept = [room.id for room in rooms_of(board.problem, self.rooms)]
        for session in board.problem.select(self.sessions):
            board.keep_rooms(self, session, kept)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for each room among those that are allowed."""
        allowed = rooms_of(timetable.problem, self.rooms)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if one.room not in allowed:
                text = f"{one.session.id!r} is in {one.room.id!r}, and may only be in {self.rooms}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Only in {self.rooms}: {self.sessions}."


@frozen
class NotInRoom(Constraint):
    """The selected sessions stand in none of certain rooms, ever or while they touch certain periods.

    Each session that does counts once.

    Args:
        sessions: which sessions.
        rooms: the rooms: by id, by building, or by what they offer.
        periods: when; `None` is always.

    Example: an open consultation never stands in a room with "badge-control".
    """

    kind: ClassVar[str] = "not-in-room"
    unit: ClassVar[str] = "session"
    narrows: ClassVar[bool] = True

    sessions: Select = field(converter=to_select)
    rooms: SelectRooms = field(converter=to_rooms)
    periods: tuple[Period, ...] | None = field(default=None, converter=to_periods)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        if self.periods is not None:
            yield from check_each("periods", self.periods, Period)
            if self.periods == ():
                yield Fault("periods", "no period is given", "at least one, or leave it out to mean always.")

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield names of nothing, and a selector that picks no room."""
        yield from faults_of_rooms(problem, "rule.rooms", self.rooms)

    def post(self, board: Board) -> None:
        """Forbid the rooms, at the times that touch a period."""
        refused = [room.id for room in rooms_of(board.problem, self.rooms)]
        shut = None if self.periods is None else board.problem.window.intervals(self.periods)
        for session in board.problem.select(self.sessions):
            spans = None if shut is None else [span for span in board.spans(session) if touching(shut, span)]
            board.forbid(self, session, spans=spans, rooms=refused)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for each room among those that are refused."""
        refused = rooms_of(timetable.problem, self.rooms)
        shut = None if self.periods is None else timetable.problem.window.intervals(self.periods)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if one.room in refused and (shut is None or any(span.shared(one.span) > 0 for span in shut)):
                text = f"{one.session.id!r} is in {one.room.id!r}, and may not be in {self.rooms}{self._when()}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Never in {self.rooms}{self._when()}: {self.sessions}."

    def _when(self) -> str:
        return "" if self.periods is None else f" during {'; '.join(map(str, self.periods))}"


@frozen
class PreferRoom(Preference):
    """The selected sessions stand in one of the wished rooms.

    The amount is the number of those that do not.

    Args:
        sessions: which sessions.
        rooms: the wished rooms: by id, by building, or by what they offer.

    Example: the Panel would rather sit in Room XXVI.
    """

    kind: ClassVar[str] = "prefer-room"
    unit: ClassVar[str] = "session"

    sessions: Select = field(converter=to_select, kw_only=False)
    rooms: SelectRooms = field(converter=to_rooms, kw_only=False)

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield names of nothing, and a selector that picks no room."""
        yield from faults_of_rooms(problem, "rule.rooms", self.rooms)

    def post(self, board: Board) -> None:
        """Price every other room."""
        wished = {room.id for room in rooms_of(board.problem, self.rooms)}
        for session in board.problem.select(self.sessions):
            others = [board.uses(session, room) for room in board.rooms(session) if room not in wished]
            board.prefer(self, board.total(others), whom=(session.id,))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each room with the wish."""
        wished = rooms_of(timetable.problem, self.rooms)
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if one.room not in wished:
                text = f"{one.session.id!r} is in {one.room.id!r}, not in {self.rooms}."
                yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Wished for {self.sessions}: {self.rooms}."


@frozen
class SameRoom(Preference):
    """The selected sessions stand in as few rooms, or in as few buildings, as can be.

    The amount is the number of rooms, or of buildings, that they use beyond the first: over all, or in each open
    block or on each day in which some of them start, added up.

    Args:
        sessions: which sessions.
        of: "rooms" or "buildings".
        each: "block", "day", or "time", which is over all.

    Example: the meetings of one body stay in one room, so that nobody has to ask where it is.
    """

    kind: ClassVar[str] = "same-room"
    unit: ClassVar[str] = "room or building beyond the first"
    anonymous: ClassVar[bool] = True

    sessions: Select = field(converter=to_select, kw_only=False)
    of: str = field(default="rooms", kw_only=False)
    each: str = field(default="time", kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from check_choice("of", self.of, ("rooms", "buildings"))
        yield from check_choice("each", self.each, ("time", "block", "day"))

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the rooms whose building is asked for and not known."""
        if self.of == "buildings":
            for index, room, user in possible_rooms(problem, self.sessions):
                if not room.building:
                    message = f"the building of room {room.id!r} is not known, and {user.id!r} might stand there"
                    yield Fault(f"venue.rooms[{index}].building", message, assumption_for(room, "building"))

    def post(self, board: Board) -> None:
        """Count the rooms, or the buildings, in use."""
        sessions = board.problem.select(self.sessions)
        if len(sessions) < 2:
            return
        if self.each == "time":
            board.prefer(self, self._beyond_first(board, self._users(board, sessions)))
            return
        for stays in stays_of(board, sessions, self.each).values():
            taken = board.takes(stays)
            board.prefer(self, self._beyond_first(board, {room: [literal] for room, literal in taken.items()}))

    def _users(self, board: Board, sessions: tuple[Session, ...]) -> dict[str, list[Literal]]:
        # Where rules speak of the rooms that these sessions take up, rooms need not be decided for this one either.
        cells = board.cells_of(sessions)
        users: dict[str, list[Literal]] = {}
        for room in board.problem.rooms:
            here = [cell.rooms[room.id] for cell in cells if room.id in cell.rooms]
            if not cells:
                here = [board.uses(session, room.id) for session in sessions if room.id in board.rooms(session)]
            if here:
                users[room.id] = here
        return users

    def _beyond_first(self, board: Board, users: Mapping[str, Sequence[Literal]]) -> Linear:
        places: dict[str | None, list[Literal]] = {}
        for room, literals in users.items():
            building = board.problem.room(room).building
            places.setdefault(room if self.of == "rooms" else building, []).extend(literals)
        used = [board.any_of(literals) for literals in places.values()]
        return board.greatest([board.total(used) - 1], upper=len(used))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Collect where the sessions stand."""
        by_stretch: dict[object, list[Placed]] = {}
        for one in timetable.of(timetable.problem.select(self.sessions)):
            stretch = None if self.each == "time" else stretch_of(timetable, one, self.each)
            if stretch is not None or self.each == "time":
                by_stretch.setdefault(stretch, []).append(one)
        for placed in by_stretch.values():
            if self.of == "rooms":
                places = list(dict.fromkeys(one.room.id for one in placed))
            else:
                places = list(dict.fromkeys(one.room.building or "" for one in placed))
            if len(places) > 1:
                when = "" if self.each == "time" else f" in one {self.each}"
                held = f"{len(places)} {self.of} are used{when} ({', '.join(map(repr, places))})"
                names = tuple(one.session.id for one in placed)
                yield Breach(self, names, len(places) - 1, f"{opening(self.sessions)}: {held}.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        each = "" if self.each == "time" else f" in each {self.each}"
        return f"One {self.of.removesuffix('s')}{each} for {self.sessions}."


def possible_rooms(problem: Problem, selector: Select) -> Iterator[tuple[int, Room, Session]]:
    """Yield each room in which a selected session might stand, with its place in the venue, and the first such."""
    sessions = problem.select(selector)
    for index, room in enumerate(problem.rooms):
        user = next((session for session in sessions if session.room in (None, room.id)), None)
        if user is not None:
            yield index, room, user


def assumption_for(room: Room, name: str) -> str:
    return f"an assumption with of = 'room', id = {room.id!r}, field = {name!r}."
