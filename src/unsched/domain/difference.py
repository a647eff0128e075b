"""What differs between two schedules, and who has to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from unsched.domain.people import Delegation, Person
from unsched.domain.problem import Problem
from unsched.domain.schedule import Change, Schedule
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

    from unsched.domain.schedule import Booking
    from unsched.domain.session import Session

__all__ = ["Diff", "Notice", "diff"]


@frozen
class Notice:
    """Somebody who has to be told of changes.

    Args:
        who: id of the delegation or person.
        name: what people call them.
        person: whether it is a person, not a delegation.
        sessions: ids of the sessions that are no longer as they knew them, in the order of the changes.
    """

    who: str
    name: str
    person: bool
    sessions: tuple[str, ...]


@frozen
class Diff:
    """What differs between two schedules.

    Args:
        zone: IANA name of the time zone in which people read it.
        changes: each session that differs, in the order of the later schedule, dropped sessions last.
        told: who has to be told: delegations, then persons, in the order of the problem.
    """

    zone: str
    changes: tuple[Change, ...]
    told: tuple[Notice, ...] = ()

    def _which(self, *words: str) -> tuple[str, ...]:
        return tuple(one.session for one in self.changes if set(words) & set(one.what.split(" and ")))

    @property
    def added(self) -> tuple[str, ...]:
        """Ids of the sessions that only the later schedule has."""
        return self._which("added")

    @property
    def dropped(self) -> tuple[str, ...]:
        """Ids of the sessions that only the earlier schedule has."""
        return self._which("dropped")

    @property
    def moved(self) -> tuple[str, ...]:
        """Ids of the sessions that take another time, be it only longer or shorter."""
        return self._which("time")

    @property
    def rehoused(self) -> tuple[str, ...]:
        """Ids of the sessions that stand in another room."""
        return self._which("room")

    @property
    def reopened(self) -> tuple[str, ...]:
        """Ids of the sessions that are open to others than before."""
        return self._which("access")

    @cached_property
    def minutes(self) -> int:
        """By how many minutes starts are moved, all together."""
        both = ((one.before, one.after) for one in self.changes)
        pairs = ((a.start.timestamp(), b.start.timestamp()) for a, b in both if a is not None and b is not None)
        return sum(round(abs(after - before) / 60) for before, after in pairs)

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data, which JSON can hold."""
        return {
            "changes": [
                {
                    "session": one.session,
                    "what": one.what,
                    "before": _data(one.before),
                    "after": _data(one.after),
                    "access": None if one.access is None else list(one.access),
                }
                for one in self.changes
            ],
            "told": [
                {"who": one.who, "name": one.name, "person": one.person, "sessions": list(one.sessions)}
                for one in self.told
            ],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the changes as a pandas DataFrame: session, what, then start, end and room before and after, told."""
        from unsched.report.tables import changes_frame

        return changes_frame(self)

    def _repr_html_(self) -> str:
        from unsched.report.notebook import diff_html

        return diff_html(self)

    def __str__(self) -> str:
        from unsched.report.changes import difference

        return difference(self)


def _data(booking: Booking | None) -> dict[str, str] | None:
    if booking is None:
        return None
    return {"room": booking.room, "start": booking.start.isoformat(), "end": booking.end.isoformat()}


def diff(before: Schedule, after: Schedule, problem: Problem | None = None, earlier: Problem | None = None) -> Diff:
    """Return what differs between two schedules, and who has to be told of it.

    Told are those who are required or invited at a session that is added, dropped, or elsewhere than before; and those
    who are asked to a session, or no longer asked to one, that has stayed.

    Args:
        before: the earlier schedule.
        after: the later one.
        problem: the facts of the later one; without them, nobody is told and access is not known.
        earlier: the facts of the earlier one, where they were others.

    Raises:
        InputError: the schedules are of different problems, or not of those that are given.

    >>> from unsched import Booking
    >>> hours = "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00"
    >>> one, other = (Schedule("p", "Europe/Zurich", [Booking("wg", room, *hours)]) for room in ("VII", "XXVI"))
    >>> diff(one, other).rehoused
    ('wg',)
    """
    _check(before, after, problem, earlier)
    changes = {change.session: change for change in before.diff(after)}
    if problem is None:
        return Diff(after.zone, tuple(changes.values()))
    was = problem if earlier is None else earlier
    for booking in after.bookings:
        access = tuple(_access(one.sessions_by_id.get(booking.session)) for one in (was, problem))
        if booking.session in before and access[0] != access[1] and all(access):
            change = changes.get(booking.session) or Change(booking.session, before[booking.session], booking)
            changes[booking.session] = evolve(change, access=(access[0], access[1]))
    order = [booking.session for booking in after.bookings]
    order += [booking.session for booking in before.bookings if booking.session not in after]
    told: dict[str, list[str]] = {}
    for name in order:
        audience = [_audience(*one) for one in ((was, before, name), (problem, after, name))]
        for party in dict.fromkeys([*audience[0], *audience[1]]):
            if name in changes or (party in audience[0]) != (party in audience[1]):
                told.setdefault(party, []).append(name)
    known = {**{one.id: one for one in was.parties}, **{one.id: one for one in problem.parties}}
    notices = _notices(known, told)
    return Diff(after.zone, tuple(changes[name] for name in order if name in changes), notices)


def _notices(known: Mapping[str, Delegation | Person], told: Mapping[str, Iterable[str]]) -> tuple[Notice, ...]:
    parties = [known[name] for name in known if name in told]
    parties.sort(key=lambda party: isinstance(party, Person))
    return tuple(Notice(one.id, one.label, isinstance(one, Person), tuple(told[one.id])) for one in parties)


def _check(before: Schedule, after: Schedule, problem: Problem | None, earlier: Problem | None) -> None:
    faults = []
    if before.problem != after.problem:
        message = f"one is of problem {before.problem!r}, the other of {after.problem!r}"
        faults.append(Fault("", message, "two schedules of one problem."))
    elif problem is not None:
        # Of the earlier one, what has gone since is no fault: it is what is to be told.
        faults += misfits(problem, after)
        if earlier is not None and earlier.id != problem.id:
            message = f"the earlier problem is {earlier.id!r}, the later one {problem.id!r}"
            faults.append(Fault("earlier", message, "the same problem as it was."))
    if faults:
        raise InputError(faults, "the two schedules")


def _audience(problem: Problem, schedule: Schedule, name: str) -> tuple[str, ...]:
    """Return the ids of those who are asked to a session of a schedule; nobody, where it does not stand in it."""
    session = problem.sessions_by_id.get(name)
    if session is None or name not in schedule:
        return ()
    parties: list[Delegation | Person] = [*problem.required_delegations(session), *problem.invited_delegations(session)]
    parties += [*problem.required_persons(session), *problem.invited_persons(session)]
    return tuple(party.id for party in parties)


def _access(session: Session | None) -> str:
    """Return to whom a session and its segments are open, each once; nothing where it is not known."""
    if session is None:
        return ""
    return ", ".join(dict.fromkeys((session.access, *(segment.access for segment in session.segments))))
