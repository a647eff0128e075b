"""A timetable in which one session stands elsewhere, and which notices whether anybody asks in which room.

What a rule finds without asking for the room of the session holds in every room. So of 30 rooms, most rules need to be
asked about one; that is known by watching them, not by knowing which rule it is.
"""

from __future__ import annotations

from bisect import insort
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import define

from unsched.domain.schedule import Booking, Schedule
from unsched.domain.timetable import Placed, Timetable

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.session import Session
    from unsched.domain.venue import Room

__all__ = ["Elsewhere", "elsewhere"]


@define(eq=False)
class Watch:
    """Whether somebody has looked at the room."""

    looked: bool = False


class _Watched(Placed):
    """The session that stands elsewhere: it notices when its room is looked at."""

    __slots__ = ("_watch", "_where")
    _where: Room
    _watch: Watch

    def __new__(cls, session: Session, room: Room, span: Interval) -> Placed:  # type: ignore[misc]
        # A copy that a rule makes with other values (`attrs.evolve`): to do so, it has looked at the room.
        return Placed(session, room, span)

    @classmethod
    def make(cls, session: Session, room: Room, span: Interval, watch: Watch) -> _Watched:
        found = object.__new__(cls)
        values: dict[str, object] = {"session": session, "span": span, "_where": room, "_watch": watch}
        for name, value in values.items():
            object.__setattr__(found, name, value)
        return found

    @property
    def room(self) -> Room:
        self._watch.looked = True
        return self._where

    def during(self, span: Interval) -> _Watched:
        return self.make(self.session, self._where, span, self._watch)

    # Of one timetable, all that is placed of a session is in one room.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Watched) and self.session is other.session and self.span == other.span

    def __hash__(self) -> int:
        return hash((self.session.id, self.span))


class Elsewhere(Timetable):
    """A timetable with one session at another place.

    The schedule that belongs to it is made only if somebody asks for it, which counts as looking at the room.
    """

    __slots__ = ("__dict__",)
    watch: Watch
    span: Interval
    _base: Timetable
    _moved: _Watched

    @property
    def schedule(self) -> Schedule:
        """The schedule, made anew."""
        self.watch.looked = True
        window, moved = self.problem.window, self._moved
        start, end = window.wall(moved.span.start), window.wall(moved.span.end)
        room = moved._where.id  # noqa: SLF001  a class of this module
        return self._base.schedule.rebooked(Booking(moved.session.id, room, start, end, moved.session.title))

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """All placed sessions in order of start."""
        found = [one for one in self._base.placed if one.session.id != self._moved.session.id]
        insort(found, self._moved, key=lambda one: (one.span, one.session.id))
        return tuple(found)


def elsewhere(base: Timetable, session: Session, room: Room, span: Interval) -> Elsewhere:
    """Return a timetable in which a session stands at another place, or is placed at all.

    Args:
        base: the timetable as it is.
        session: the session.
        room: its room.
        span: its time.
    """
    found = object.__new__(Elsewhere)
    watch = Watch()
    moved = _Watched.make(session, room, span, watch)
    others: Any = base._placed  # noqa: SLF001  the same timetable but for one
    values: dict[str, object] = {
        "problem": base.problem,
        "_placed": {**others, session.id: moved},
        "watch": watch,
        "span": span,
        "_base": base,
        "_moved": moved,
    }
    for name, value in values.items():
        object.__setattr__(found, name, value)
    return found
