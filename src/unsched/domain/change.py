"""Changes of a plan: what is no longer as it was, as data, and the draft of a problem that they are made in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from typing import TYPE_CHECKING, ClassVar, TypeVar

from attrs import define, field

from unsched.domain.fact import Fact
from unsched.domain.interval import Interval, merge
from unsched.domain.people import Delegation, Person
from unsched.domain.time import Period
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from unsched.domain.assumption import Assumption
    from unsched.domain.problem import Problem
    from unsched.domain.services import Team
    from unsched.domain.session import Session
    from unsched.domain.venue import Room
    from unsched.domain.window import Window
    from unsched.rules.base import Rule

__all__ = ["Amendment", "Draft", "minus"]

T = TypeVar("T")


class Amendment(Fact, ABC):
    """One change of the facts, after a schedule has been published. Subclasses are frozen attrs classes."""

    __slots__ = ()

    kind: ClassVar[str]
    """A stable tag for files; never renamed."""

    too_late: ClassVar[str | None] = None
    """Of a change to a session, from when it can no longer be made: when the session "starts" or "ends", or when its
    place is "frozen"; `None` is never."""

    @abstractmethod
    def amend(self, draft: Draft) -> None:
        """Make the change in a draft.

        Raises:
            InputError: it cannot be made; paths start at the change.
        """

    @abstractmethod
    def say(self) -> str:
        """Return the change as one sentence, in the names that the user wrote."""


@define
class Draft:
    """A problem that is being changed: its facts by id, and by which change each was touched.

    Args:
        problem: the problem as it was.
        number: the place of the change that is being made, in the list of all.
        gone: ids of the sessions that are dropped.
        tight: ids of the rooms that offer less than before.
        decreed: ids of the sessions that are fixed by a change, and its place in the list of all.
        touched: which change has touched a fact, by the list in which the problem has it and its id.
    """

    problem: Problem
    number: int = 0
    sessions: dict[str, Session] = field(init=False)
    rooms: dict[str, Room] = field(init=False)
    delegations: dict[str, Delegation] = field(init=False)
    persons: dict[str, Person] = field(init=False)
    teams: dict[str, Team] = field(init=False)
    rules: list[Rule] = field(init=False)
    assumptions: list[Assumption] = field(init=False)
    gone: list[str] = field(init=False, factory=list)
    tight: list[str] = field(init=False, factory=list)
    decreed: dict[str, int] = field(init=False, factory=dict)
    touched: dict[tuple[str, str], int] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        was = self.problem
        self.sessions, self.rooms = dict(was.sessions_by_id), dict(was.rooms_by_id)
        self.delegations, self.persons = dict(was.delegations_by_id), dict(was.persons_by_id)
        self.teams = {team.id: team for team in was.teams}
        self.rules, self.assumptions = list(was.rules), list(was.assumptions)

    @property
    def window(self) -> Window:
        """When sessions can stand."""
        return self.problem.window

    def session(self, name: str) -> Session:
        """Return a session, to be changed; raise `InputError` where there is none (any more)."""
        if name in self.gone:
            raise InputError([Fault("session", f"session {name!r} is dropped by an earlier change", "one of the two.")])
        return self._find("sessions", "session", name, self.sessions)

    def room(self, name: str) -> Room:
        """Return a room, to be changed; raise `InputError` where there is none."""
        return self._find("venue.rooms", "room", name, self.rooms)

    def team(self, name: str) -> Team:
        """Return a team of interpreters, to be changed; raise `InputError` where there is none."""
        return self._find("teams", "team", name, self.teams)

    def party(self, name: str) -> Delegation | Person:
        """Return a delegation or a person, to be changed; raise `InputError` where there is none."""
        if name in self.delegations:
            return self._find("delegations", "who", name, self.delegations)
        if name in self.persons:
            return self._find("persons", "who", name, self.persons)
        near = nearest(name, [*self.delegations, *self.persons])
        if name in self.problem.groups_by_id:
            near = "a change for each delegation of that group."
        raise InputError([Fault("who", f"there is no delegation or person {name!r}", near)])

    def put(self, party: Delegation | Person, field: str) -> None:
        """Put a delegation or a person, of which a field has changed, in the place of the one of the same id."""
        self.known_now("person" if isinstance(party, Person) else "delegation", party.id, field)
        if isinstance(party, Person):
            self.persons[party.id] = party
        else:
            self.delegations[party.id] = party

    def known_now(self, of: str, name: str, *names: str) -> None:
        """Forget what was assumed of a fact: a change says it."""
        self.assumptions = [one for one in self.assumptions if (one.of, one.id) != (of, name) or one.field not in names]

    def _find(self, where: str, noun: str, name: str, known: Mapping[str, T]) -> T:
        if name not in known:
            raise InputError([Fault(noun, f"there is no {noun} {name!r}", nearest(name, known))])
        self.touched[where, name] = self.number
        return known[name]


def minus(window: Window, available: Iterable[Period] | None, away: Iterable[Period]) -> tuple[Period, ...]:
    """Return what is left of some times once others are taken out of them; nothing left is never.

    Args:
        window: the days that are meant, and the time zone.
        available: the times; `None` is always.
        away: what is taken out.

    >>> from unsched import Window
    >>> for period in minus(Window("Europe/Zurich", ["2010-12-17"]), None, [Period(["2010-12-17"], "09:00", "13:00")]):
    ...     print(period)
    2010-12-16
    2010-12-17 00:00-09:00
    2010-12-17 13:00-24:00
    2010-12-18
    """
    left = list(window.intervals((Period(),) if available is None else available))
    for gone in window.intervals(away):
        left = [
            part
            for span in left
            for part in (Interval(span.start, min(span.end, gone.start)), Interval(max(span.start, gone.end), span.end))
            if part.start < part.end
        ]
    return tuple(_as_periods(window, merge(left)))


def _as_periods(window: Window, spans: Iterable[Interval]) -> Iterator[Period]:
    for span in spans:
        at = span.start
        while at < span.end:
            day = window.day_of(at)
            midnight = window.intervals((Period((day,)),))[0].end
            end = min(span.end, midnight)
            yield Period((day,), window.wall(at).time(), time(0) if end == midnight else window.wall(end).time())
            at = end
