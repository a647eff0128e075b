"""Who sees what: the events of a schedule as each calendar shows them, and what stays closed to its readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from unsched.calendar.event import Issue, cancelled_event, event_of
from unsched.calendar.occasion import occasions_of
from unsched.domain.audience import audiences_of

if TYPE_CHECKING:
    from unsched.calendar.occasion import Occasion
    from unsched.domain.audience import Audience
    from unsched.domain.problem import Problem
    from unsched.domain.publication import Entry
    from unsched.domain.schedule import Schedule
    from unsched.domain.session import Session

__all__ = ["Sight", "concerned", "sights"]

_CLOSED_SESSION: Final = "Closed meeting"
_CLOSED_PART: Final = "Closed part of a session"


@frozen(eq=False)
class Sight:
    """One event, and who may see it.

    Args:
        session: id of the session.
        room: id of the room.
        start: when it starts, in seconds since 1970.
        whole: whether it is the session itself, not a segment of it.
        closed: whether its title is for its audience alone.
        standing: whether it takes place, and has not been cancelled.
        bodies: the bodies that meet in it.
        readers: ids of all whose calendars have it.
        knowing: ids of all whose calendars have it with its title.
    """

    session: str
    room: str
    start: float
    whole: bool
    closed: bool
    standing: bool
    bodies: tuple[str, ...]
    readers: frozenset[str]
    knowing: frozenset[str]
    _make: Callable[[bool, bool], bytes]
    _made: dict[tuple[bool, bool], bytes] = field(factory=dict, init=False)

    @property
    def told(self) -> bytes:
        """The event as its audience sees it."""
        return self._get(words=True, beside=False)

    @property
    def public(self) -> bytes:
        """The event in a calendar of all sessions.

        A segment stands beside its session there: it takes nobody's time twice, and has no title if it is closed.
        """
        return self._get(words=self.whole or not self.closed, beside=not self.whole)

    def seen_by(self, reader: str) -> bytes:
        """Return the event in the calendar of a delegation, a person or a group."""
        return self._get(words=reader in self.knowing, beside=False)

    def _get(self, *, words: bool, beside: bool) -> bytes:
        key = words, beside
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]


def sights(issue: Issue, schedule: Schedule, cancelled: Iterable[Entry] = ()) -> tuple[Sight, ...]:
    """Return every event that some calendar has, in order of start, then of room and session, and then of its parts.

    - A session is seen by those who are there throughout, and a segment that names participants of its own, or whose
      access is another, by those who are there only then: as in invitations (`occasions`), nobody learns of one through
      the other.
    - A group sees the title of what is not open where it is named itself, or each of its delegations is there: else
      it sees that there is something.

    Args:
        issue: what all events have in common.
        schedule: the bookings.
        cancelled: events that have been published and take place no more.
    """
    problem = issue.problem
    found: list[Sight] = []
    for booking in schedule.bookings:
        session = problem.session(booking.session)
        circle = dict(_circles(problem, session))
        there = _readers(problem, *circle[None])
        for occasion in occasions_of(problem, booking):
            names, audience = circle[occasion.segment]
            whole, closed = occasion.segment is None, occasion.session.access != "open"
            readers = there if whole else _readers(problem, names, audience) - there
            outside = _outside(problem, readers, names, _delegations(audience)) if closed else frozenset()
            sight = Sight(
                session=session.id,
                room=booking.room,
                start=occasion.start.timestamp(),
                whole=whole,
                closed=closed,
                standing=True,
                bodies=session.bodies,
                readers=readers,
                knowing=readers - outside,
                make=_maker(issue, occasion),
            )
            found.append(sight)
    for entry in cancelled:
        readers, closed = _told_before(issue, entry), entry.access != "open"
        outside = _outside(problem, readers, (), frozenset(entry.former)) if closed else frozenset()
        sight = Sight(
            session=entry.session,
            room=entry.room,
            start=entry.told.start.timestamp(),
            whole=entry.segment is None,
            closed=closed,
            standing=False,
            bodies=entry.bodies,
            readers=readers,
            knowing=readers - outside,
            make=_canceller(issue, entry),
        )
        found.append(sight)
    return tuple(sorted(found, key=lambda one: (one.start, one.room, one.session, not one.whole)))


def concerned(problem: Problem, session: Session) -> frozenset[str]:
    """Return the ids of all delegations, groups and persons whose calendars have a session, or a part of it."""
    circles = (_readers(problem, *circle) for _, circle in _circles(problem, session))
    return frozenset().union(*circles)


def _circles(problem: Problem, session: Session) -> Iterator[tuple[str | None, tuple[tuple[str, ...], Audience]]]:
    """Yield who is named and who is there, throughout (`None`) and at each segment."""
    names = (*session.required, *session.invited)
    yield None, (names, audiences_of(problem, evolve(session, segments=()))[0])
    for key, segment, audience in zip(session.segment_ids, session.segments, problem.audiences(session), strict=False):
        yield key, ((*names, *segment.required, *segment.invited), audience)


def _delegations(audience: Audience) -> frozenset[str]:
    persons = (one.delegation for one in audience.required_persons if one.delegation is not None)
    return frozenset((*(one.id for one in (*audience.required, *audience.invited)), *persons))


def _readers(problem: Problem, names: Sequence[str], audience: Audience) -> frozenset[str]:
    delegations = _delegations(audience)
    persons = (one.id for one in (*audience.required_persons, *audience.invited_persons))
    groups = (group for id in delegations for group in problem.delegations_by_id[id].groups)
    return frozenset((*names, *delegations, *persons, *groups))


def _told_before(issue: Issue, entry: Entry) -> frozenset[str]:
    """Return whose calendars had an event that has been cancelled."""
    groups = _groups(issue.problem, entry.former)
    session = issue.entries.get(entry.parent or "")
    if session is not None:
        groups -= _groups(issue.problem, (*session.former, *(one.id for one in session.invitees)))
    return groups | frozenset(entry.former)


def _groups(problem: Problem, ids: Iterable[str]) -> frozenset[str]:
    known = problem.delegations_by_id
    return frozenset(group for id in ids if id in known for group in known[id].groups)


def _outside(problem: Problem, readers: frozenset[str], names: Sequence[str], there: frozenset[str]) -> frozenset[str]:
    """Return the groups that are neither named nor there as a whole."""
    return frozenset(
        group
        for group, members in problem.members.items()
        if group in readers and group not in names and any(one.id not in there for one in members)
    )


def _maker(issue: Issue, occasion: Occasion) -> Callable[[bool, bool], bytes]:
    def make(words: bool, beside: bool) -> bytes:  # noqa: FBT001  called with a key
        shown = occasion if words else evolve(occasion, session=_withheld(occasion))
        data: bytes = event_of(issue, shown, transparent=beside).to_ical()
        return data

    return make


def _canceller(issue: Issue, entry: Entry) -> Callable[[bool, bool], bytes]:
    def make(words: bool, beside: bool) -> bytes:  # noqa: FBT001, ARG001  as above; it takes no time in any case
        title = entry.told.title if words else _hidden(entry.segment)
        data: bytes = cancelled_event(issue, entry, title).to_ical()
        return data

    return make


def _hidden(segment: str | None) -> str:
    return _CLOSED_SESSION if segment is None else _CLOSED_PART


def _withheld(occasion: Occasion) -> Session:
    """Return what may be told of a closed session or segment: that there is one."""
    return evolve(
        occasion.session,
        title=_hidden(occasion.segment),
        required=(),
        invited=(),
        chair=None,
        co_chairs=(),
        body=None,
        joint=(),
        kind=None,
        tags=(),
        languages=(),
        features=(),
        description=None,
    )
