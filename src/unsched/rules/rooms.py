"""Rooms: one session at a time, large enough, equipped, and open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from attrs import frozen

from unsched.domain.interval import Interval, touching
from unsched.domain.venue import SEAT_CLASSES
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, named

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.domain.venue import Room
    from unsched.domain.window import Window
    from unsched.solver.board import Board

__all__ = ["BoothsEnough", "FeaturesPresent", "OneSessionPerRoom", "RoomOpen", "SeatsEnough", "seats_needed"]


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

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands of a room."""
        room = problem.rooms_by_id.get(about)
        setup = f", and stands empty for {room.setup_minutes} minutes before" if room and room.setup_minutes else ""
        return f"Room {named(problem, about)} holds one session at a time{setup}."


_CLASSES = (*SEAT_CLASSES, "accessible")


def seats_needed(problem: Problem, session: Session) -> dict[str, int]:
    """Return the seats of each class that a session needs, for its largest audience."""
    groups = [(*audience.required, *audience.invited) for audience in problem.audiences(session)]
    return {
        "podium": session.podium_seats,
        "table": max(sum(party.table_seats for party in group) for group in groups),
        "side": session.side_seats + max(sum(party.side_seats for party in group) for group in groups),
        "accessible": session.accessible_seats,
    }


@frozen
class SeatsEnough(Constraint):
    """A room has the seats of each class that its session needs.

    At the table, the seats of all required and invited delegations; at the side, theirs and the expected attendance;
    on the podium, and accessible, what the session says; where segments have audiences of their own, those of the
    largest. A number of seats that nobody knows is a fault of the input, unless the
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
            for seat_class, need in seats_needed(problem, session).items():
                for room in problem.rooms:
                    if need and _might_use(session, room) and getattr(room.seats, seat_class) is None:
                        wanted.setdefault((room.id, seat_class), session.id)
        places = {room.id: index for index, room in enumerate(problem.rooms)}
        for (room_id, seat_class), session_id in wanted.items():
            message = f"the {seat_class} seats of room {room_id!r} are not known, and {session_id!r} needs some"
            remedy = f"an assumption with of = 'room', id = {room_id!r}, field = 'seats.{seat_class}'."
            yield Fault(f"venue.rooms[{places[room_id]}].seats.{seat_class}", message, remedy)

    def post(self, board: Board) -> None:
        """Forbid the rooms that are too small, those first that lack the same number of seats."""
        for session in board.problem.sessions:
            need = seats_needed(board.problem, session)
            small: dict[int, list[str]] = {}
            for room in board.problem.rooms:
                lacking = sum(max(0, need[name] - (getattr(room.seats, name) or 0)) for name in _CLASSES)
                if lacking:
                    small.setdefault(lacking, []).append(room.id)
            for amount, rooms in small.items():
                board.forbid(self, session, rooms=rooms, amount=amount)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count heads against seats."""
        problem = timetable.problem
        for one in timetable.placed:
            heads = {"podium": one.session.podium_seats, "table": 0, "side": 0}
            heads["accessible"] = one.session.accessible_seats
            for audience in problem.audiences(one.session):
                coming = audience.required + audience.invited
                at_table = sum(delegation.table_seats for delegation in coming)
                at_side = sum(delegation.side_seats for delegation in coming) + one.session.side_seats
                heads["table"], heads["side"] = max(heads["table"], at_table), max(heads["side"], at_side)
            known = one.room.seats
            seats = {"podium": known.podium, "table": known.table, "side": known.side, "accessible": known.accessible}
            for name, count in heads.items():
                missing = count - (seats[name] or 0)
                if missing > 0:
                    has = "an unknown number" if seats[name] is None else seats[name]
                    text = f"{one.session.id!r} needs {count} {name} seats; room {one.room.id!r} has {has}."
                    yield Breach(self, (one.session.id,), missing, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room has enough seats of each class for its session."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands for a session."""
        need = seats_needed(problem, problem.session(about)).items()
        seats = " and ".join(f"{count} {name}" for name, count in need if count)
        return f"{named(problem, about)} needs {seats} seats."


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
            few: dict[int, list[str]] = {}
            for room in board.problem.rooms:
                few.setdefault(len(session.languages) - (room.booths or 0), []).append(room.id)
            for missing, rooms in few.items():
                if missing > 0:
                    board.forbid(self, session, rooms=rooms, amount=missing)

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

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands for a session."""
        count = len(problem.session(about).languages)
        return f"{named(problem, about)} needs {count} interpretation booth{'' if count == 1 else 's'}."


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
            for feature in session.features:
                lacking = [room.id for room in board.problem.rooms if feature not in room.features]
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

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what it demands for a session."""
        return f"{named(problem, about)} needs a room with {', '.join(map(repr, problem.session(about).features))}."


@frozen
class RoomOpen(Constraint):
    """A room is used only while it is open and valid.

    Sessions lie inside its opening hours and outside the times at which it is out of service (`closed`), from
    `valid_from` until the day before `valid_until`.

    Example: a room that reopened on 8 December 2025 holds nothing in 2010.
    """

    kind: ClassVar[str] = "room-open"
    unit: ClassVar[str] = "session"
    standard: ClassVar[bool] = True
    narrows: ClassVar[bool] = True

    def post(self, board: Board) -> None:
        """Forbid each start at which the room would not be open throughout."""
        sessions = [(session, frozenset(board.rooms(session))) for session in board.problem.sessions]
        for room in board.problem.rooms:
            if room.hours is None and not room.closed and room.valid_from is None and room.valid_until is None:
                continue
            shut = _shut(board.problem.window, room)
            for session, able in sessions:
                spans = [span for span in board.spans(session) if shut(span)] if room.id in able else []
                board.forbid(self, session, spans=spans, rooms=[room.id], about=room.id, whom=(session.id,))

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
            else:
                shut = sum(one.span.shared(stretch) for stretch in window.intervals(room.closed))
                if room.hours is not None:
                    shut += one.span.minutes - sum(one.span.shared(part) for part in window.intervals(room.hours))
                if shut:
                    text = f"room {room.id!r} is shut for some of {one.session.id!r} ({timetable.when(one)})."
            if text:
                yield Breach(self, (one.session.id,), 1, text[0].upper() + text[1:])

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "A room is used only while it is open, and while it is there at all."

    def say_about(self, problem: Problem, about: str) -> str:
        """Return when a room is open."""
        room = problem.room(about)
        words = [] if room.hours is None else [f"is open only {'; '.join(map(str, room.hours))}"]
        words += [f"is closed {'; '.join(map(str, room.closed))}"] if room.closed else []
        words += [] if room.valid_from is None else [f"is there only from {room.valid_from} on"]
        words += [] if room.valid_until is None else [f"is no longer there on {room.valid_until}"]
        return f"Room {named(problem, about)} {' and '.join(words)}."


def _shut(window: Window, room: Room) -> Callable[[Interval], bool]:
    """Return what tells whether a room is shut for some of a time; many sessions ask of the same times."""
    closed = window.intervals(room.closed)
    hours = None if room.hours is None else window.intervals(room.hours)

    @cache
    def shut(span: Interval) -> bool:
        early = room.valid_from is not None and window.day_of(span.start) < room.valid_from
        late = room.valid_until is not None and window.day_of(span.end - 1) >= room.valid_until
        outside = hours is not None and not any(open_.holds(span) for open_ in touching(hours, span))
        return early or late or outside or bool(touching(closed, span))

    return shut
