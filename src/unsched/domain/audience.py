"""Who is at what: the stretches of a session, and the delegations and persons that are at each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from unsched.domain.part import Part

if TYPE_CHECKING:
    from unsched.domain.people import Delegation, Person
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session

__all__ = ["Audience", "audiences_of", "duties_of", "invitations_of"]


@frozen(eq=False)
class Audience:
    """Who is at one stretch of a session.

    Args:
        part: the stretch: a segment, or the whole of a session without segments.
        required: the delegations without which it cannot stand, those of required groups included.
        invited: the delegations that are invited and not required.
        required_persons: the persons who must be there: the chair and the co-chairs first.
        invited_persons: the persons who are invited and not required.
    """

    part: Part
    required: tuple[Delegation, ...]
    invited: tuple[Delegation, ...]
    required_persons: tuple[Person, ...]
    invited_persons: tuple[Person, ...]

    @property
    def needed(self) -> Iterator[str]:
        """The ids of all that have to cover it: delegations, persons, and the delegations of those persons."""
        yield from (delegation.id for delegation in self.required)
        for person in self.required_persons:
            yield person.id
            if person.delegation is not None:
                yield person.delegation

    @property
    def welcome(self) -> Iterator[str]:
        """The ids of all that are invited and not required."""
        yield from (delegation.id for delegation in self.invited)
        yield from (person.id for person in self.invited_persons)


def audiences_of(problem: Problem, session: Session) -> tuple[Audience, ...]:
    """Return the audiences of a session's segments, in order; those of the session itself are there throughout."""
    return tuple(_audience(problem, part, required, invited) for part, required, invited in _stretches(session))


def _stretches(session: Session) -> Iterator[tuple[Part, tuple[str, ...], tuple[str, ...]]]:
    chairs = (*((session.chair,) if session.chair else ()), *session.co_chairs)
    required = (*chairs, *session.required)
    at = 0
    for segment in session.segments:
        part = Part(session, at, segment.minutes)
        yield part, (*required, *segment.required), (*session.invited, *segment.invited)
        if segment.minutes is None:
            return
        at += segment.minutes
    if at == 0 or at < session.length:
        yield Part(session, at), required, session.invited


def _audience(problem: Problem, part: Part, required: Iterable[str], invited: Iterable[str]) -> Audience:
    must = _delegations(problem, required)
    persons = _persons(problem, required)
    return Audience(
        part,
        tuple(must.values()),
        tuple(one for name, one in _delegations(problem, invited).items() if name not in must),
        tuple(persons.values()),
        tuple(one for name, one in _persons(problem, invited).items() if name not in persons),
    )


def _delegations(problem: Problem, names: Iterable[str]) -> dict[str, Delegation]:
    found: dict[str, Delegation] = {}
    for name in names:
        if name in problem.delegations_by_id:
            found[name] = problem.delegations_by_id[name]
        for delegation in problem.members.get(name, ()):
            found[delegation.id] = delegation
    return found


def _persons(problem: Problem, names: Iterable[str]) -> dict[str, Person]:
    return {name: problem.persons_by_id[name] for name in names if name in problem.persons_by_id}


def duties_of(problem: Problem) -> Mapping[str, tuple[Part, ...]]:
    """Return what each delegation and person has to be at, by id."""
    found: dict[str, list[Part]] = {party.id: [] for party in problem.parties}
    for session in problem.sessions:
        for audience in problem.audiences(session):
            for name in dict.fromkeys(audience.needed):
                _lengthen(found[name], audience.part)
    return {name: tuple(parts) for name, parts in found.items()}


def invitations_of(problem: Problem) -> Mapping[str, tuple[Part, ...]]:
    """Return what each delegation and person is invited to and has no duty at, by id."""
    found: dict[str, list[Part]] = {party.id: [] for party in problem.parties}
    for session in problem.sessions:
        for audience in problem.audiences(session):
            needed = set(audience.needed)
            for name in audience.welcome:
                if name not in needed:
                    _lengthen(found[name], audience.part)
    return {name: tuple(parts) for name, parts in found.items()}


def _lengthen(parts: list[Part], part: Part) -> None:
    """Add a part to a list, to its last part where that goes over into it."""
    last = parts[-1] if parts else None
    start, minutes = part.start, part.minutes
    if last is not None and last.session.id == part.session.id and start == last.start + (last.minutes or 0):
        parts.pop()
        start = last.start
        minutes = None if minutes is None else minutes + (last.minutes or 0)
    if minutes is not None and start + minutes == part.session.length:
        minutes = None
    parts.append(Part(part.session, start, minutes))
