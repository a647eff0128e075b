"""Rooms: one session at a time, large enough, equipped, open; and few of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.interval import Interval
from unsched.domain.select import Select, to_select
from unsched.domain.venue import SEAT_CLASSES
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference, opening

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.domain.venue import Room
    from unsched.solver.board import Board

__all__ = ["BoothsEnough", "FeaturesPresent", "OneSessionPerRoom", "RoomOpen", "SameRoom", "SeatsEnough"]


@frozen
class OneSessionPerRoom(Constraint):
    """A room holds one session at a time, and stands empty for its set-up minutes before each.

    Example: in a room with `setup_minutes = 30`, a session that ends at 13:00 is followed at 13:30 or later.
    """

    kind: ClassVar[str] = "one-session-per-room"
    unit: ClassVar[str] = "pair of sessions"
    standard: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Let each room hold one stay at a time, set-up included."""
        for room in board.problem.rooms:
            board.one_at_a_time(self, room, lead=room.setup_minutes)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Compare each session with the next ones in its room."""
        by_room: dict[str, list[int]] = {}
        placed = timetable.placed
        for index, one in enumerate(placed):
            by_room.setdefault(one.room.id, []).append(index)
        for name, indices in by_room.items():
            stays = [placed[index] for index in indices]
            setup = stays[0].room.setup_minutes
            for place, later in enumerate(stays):
                for earlier in stays[:place]:
                    gap = later.span.start - earlier.span.end
                    if gap < setup:
                        pair = (earlier.session.id, later.session.id)
                        text = f"{pair[0]!r} and {pair[1]!r} share room {name!r} on {timetable.when(later)}."
                        if gap >= 0:
                            late = f"{pair[1]!r} starts {gap} minutes after {pair[0]!r}"
                            text = f"{late} in room {name!r}, which needs {setup}."
                        yield Breach(self, pair, 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room holds one session at a time, with its set-up time before each."


def _seats_needed(problem: Problem, session: Session) -> dict[str, int]:
    parties = (*problem.required_delegations(session), *problem.invited_delegations(session))
    return {
        "podium": session.podium_seats,
        "table": sum(party.table_seats for party in parties),
        "side": session.side_seats + sum(party.side_seats for party in parties),
    }


@frozen
class SeatsEnough(Constraint):
    """A room has the seats of each class that its session needs.

    At the table, the seats of all required and invited delegations; at the side, theirs and the expected attendance;
    on the podium, what the session says. A number of seats that nobody knows is a fault of the input, unless the
    problem states an assumption.

    Example: 20 delegations of one table seat each do not fit a table of 18.
    """

    kind: ClassVar[str] = "seats-enough"
    unit: ClassVar[str] = "missing seat"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the classes of seats that a session needs and nobody knows."""
        wanted: dict[tuple[str, str], str] = {}
        for session in problem.sessions:
            for seat_class, need in _seats_needed(problem, session).items():
                for room in problem.rooms:
                    if need and _might_use(session, room) and getattr(room.seats, seat_class) is None:
                        wanted.setdefault((room.id, seat_class), session.id)
        places = {room.id: index for index, room in enumerate(problem.rooms)}
        for (room_id, seat_class), session_id in wanted.items():
            message = f"the {seat_class} seats of room {room_id!r} are not known, and {session_id!r} needs some"
            remedy = f"an assumption with of = 'room', id = {room_id!r}, field = 'seats.{seat_class}'."
            yield Fault(f"venue.rooms[{places[room_id]}].seats.{seat_class}", message, remedy)

    def post(self, board: Board) -> None:
        """Forbid the rooms that are too small."""
        for session in board.problem.sessions:
            need = _seats_needed(board.problem, session)
            small = [
                room.id
                for room in board.problem.rooms
                if any(need[name] > (getattr(room.seats, name) or 0) for name in SEAT_CLASSES)
            ]
            board.forbid(self, session, rooms=small)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count heads against seats."""
        problem = timetable.problem
        for one in timetable.placed:
            coming = problem.required_delegations(one.session) + problem.invited_delegations(one.session)
            heads = {
                "podium": one.session.podium_seats,
                "table": sum(delegation.table_seats for delegation in coming),
                "side": sum(delegation.side_seats for delegation in coming) + one.session.side_seats,
            }
            seats = {"podium": one.room.seats.podium, "table": one.room.seats.table, "side": one.room.seats.side}
            for name, count in heads.items():
                missing = count - (seats[name] or 0)
                if missing > 0:
                    has = "an unknown number" if seats[name] is None else seats[name]
                    text = f"{one.session.id!r} needs {count} {name} seats; room {one.room.id!r} has {has}."
                    yield Breach(self, (one.session.id,), missing, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room has enough seats of each class for its session."


def _might_use(session: Session, room: Room) -> bool:
    return session.room is None or session.room == room.id


@frozen
class BoothsEnough(Constraint):
    """A room has an interpretation booth for each language that its session is interpreted into.

    Booths that nobody has counted are a fault of the input where a session needs some, unless the problem states an
    assumption.

    Example: six languages do not fit Room IX, which has five booths.
    """

    kind: ClassVar[str] = "booths-enough"
    unit: ClassVar[str] = "missing booth"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield the rooms whose booths are needed and not known."""
        for index, room in enumerate(problem.rooms):
            if room.booths is None:
                user = next((s for s in problem.sessions if s.languages and _might_use(s, room)), None)
                if user is not None:
                    message = f"the booths of room {room.id!r} are not known, and {user.id!r} is interpreted"
                    remedy = f"an assumption with of = 'room', id = {room.id!r}, field = 'booths'."
                    yield Fault(f"venue.rooms[{index}].booths", message, remedy)

    def post(self, board: Board) -> None:
        """Forbid the rooms with too few booths."""
        for session in board.problem.sessions:
            need = len(session.languages)
            few = [room.id for room in board.problem.rooms if (room.booths or 0) < need]
            board.forbid(self, session, rooms=few)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Give each language a booth and see which are left without."""
        for one in timetable.placed:
            left = one.session.languages[one.room.booths or 0 :]
            if left:
                text = f"{one.session.id!r} has no booth for {', '.join(left)} in room {one.room.id!r}."
                yield Breach(self, (one.session.id,), len(left), text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room has a booth for each language that its session is interpreted into."


@frozen
class FeaturesPresent(Constraint):
    """A room offers every feature that its session requires.

    Example: a session with `features = ["webcast"]` stands only in rooms with "webcast".
    """

    kind: ClassVar[str] = "features-present"
    unit: ClassVar[str] = "missing feature"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Forbid the rooms that lack one."""
        for session in board.problem.sessions:
            if session.features:
                lacking = [room.id for room in board.problem.rooms if not set(session.features) <= set(room.features)]
                board.forbid(self, session, rooms=lacking)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Look for each required feature in the room."""
        for one in timetable.placed:
            for feature in one.session.features:
                if feature not in one.room.features:
                    text = f"{one.session.id!r} requires {feature!r}, which room {one.room.id!r} lacks."
                    yield Breach(self, (one.session.id,), 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room offers every feature that its session requires."


@frozen
class RoomOpen(Constraint):
    """A room is used only while it is open and valid.

    Sessions lie inside its opening hours, from `valid_from` until the day before `valid_until`.

    Example: a room that reopened on 8 December 2025 holds nothing in 2010.
    """

    kind: ClassVar[str] = "room-open"
    unit: ClassVar[str] = "session"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Forbid each start at which the room would not be open throughout."""
        window = board.problem.window
        for room in board.problem.rooms:
            if room.hours is None and room.valid_from is None and room.valid_until is None:
                continue
            hours = None if room.hours is None else window.intervals(room.hours)
            for session in board.problem.sessions:
                shut = []
                for start in board.starts(session):
                    span = Interval(start, start + session.length)
                    days = window.day_of(span.start), window.day_of(span.end - 1)
                    early = room.valid_from is not None and days[0] < room.valid_from
                    late = room.valid_until is not None and days[1] >= room.valid_until
                    if early or late or (hours is not None and not any(open_.holds(span) for open_ in hours)):
                        shut.append(start)
                if shut:
                    board.forbid(self, session, starts=shut, rooms=[room.id])

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Ask of each booking whether its room is there and open."""
        window = timetable.problem.window
        for one in timetable.placed:
            room = one.room
            # The dates of the window's zone: a schedule can be written in another.
            first_day, last_day = window.wall(one.span.start).date(), window.wall(one.span.end - 1).date()
            text = None
            if (room.valid_from and first_day < room.valid_from) or (room.valid_until and last_day >= room.valid_until):
                text = f"room {room.id!r} is not there for {one.session.id!r} on {timetable.when(one)}."
            elif room.hours is not None:
                shut = one.span.minutes - sum(
                    max(0, min(part.end, one.span.end) - max(part.start, one.span.start))
                    for part in window.intervals(room.hours)
                )
                if shut:
                    text = f"room {room.id!r} is shut for {shut} minutes of {one.session.id!r} ({timetable.when(one)})."
            if text:
                yield Breach(self, (one.session.id,), 1, text[0].upper() + text[1:])

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room is used only while it is open, and while it is there at all."


@frozen
class SameRoom(Preference):
    """The selected sessions stand in as few rooms as can be.

    The amount is the number of rooms that they use beyond the first.

    Args:
        sessions: which sessions.

    Example: the meetings of one body stay in one room, so that nobody has to ask where it is.
    """

    kind: ClassVar[str] = "same-room"
    unit: ClassVar[str] = "room beyond the first"

    sessions: Select = field(converter=to_select, kw_only=False)

    def post(self, board: Board) -> None:
        """Count the rooms in use."""
        sessions = board.problem.select(self.sessions)
        used = []
        for room in board.problem.rooms:
            users = [board.uses(session, room.id) for session in sessions if room.id in board.rooms(session)]
            if users:
                used.append(board.any_of(users))
        board.prefer(self, board.greatest([board.total(used) - 1], upper=len(used)))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Collect the rooms that the sessions stand in."""
        placed = timetable.of(timetable.problem.select(self.sessions))
        rooms = list(dict.fromkeys(one.room.id for one in placed))
        if len(rooms) > 1:
            names = ", ".join(repr(room) for room in rooms)
            text = f"{opening(self.sessions)}: {len(rooms)} rooms are used ({names})."
            yield Breach(self, tuple(one.session.id for one in placed), len(rooms) - 1, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"One room for {self.sessions}."
