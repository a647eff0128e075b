"""Gathering: the selected sessions by body, delegation, person ..., for rules that hold for each of these by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from unsched.domain.fact import shown
from unsched.domain.part import Part, whole
from unsched.errors import Fault, nearest

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.select import Select
    from unsched.domain.session import Session

__all__ = ["PER", "bearers", "check_per", "for_whom", "gather"]

PER = ("body", "kind", "tag", "delegation", "person", "group")
"""By what sessions can be gathered."""


def check_per(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is one of `PER`, or `None`, which gathers all sessions in one."""
    if value is not None and value not in PER:
        remedy = nearest(value, PER) if isinstance(value, str) else None
        message = f"{shown(value)} is none of {', '.join(map(repr, PER))}"
        yield Fault(path, message, remedy or "leave it out for all of them together.")


def gather(problem: Problem, selector: Select, per: str | None) -> Mapping[str, tuple[Part, ...]]:
    """Return the selected sessions by what they have in common, as parts, in the order of the problem.

    Args:
        problem: the facts.
        selector: which sessions.
        per: `None` (all in one, under the name ""); "body", "kind" or "tag" (whole sessions, those of joint bodies
            under each); "delegation" or "person" (what each has to be at; a delegation also covers what requires a
            person of it); "group" (whole sessions that require or invite a member).

    Returns:
        The parts by id of body, delegation ...; none is empty.
    """
    sessions = problem.select(selector)
    found: dict[str, list[Part]] = {}
    if per in ("delegation", "person"):
        chosen = {session.id for session in sessions}
        for party in problem.delegations if per == "delegation" else problem.persons:
            found[party.id] = [part for part in problem.duties[party.id] if part.session.id in chosen]
    elif per == "group":
        for group in problem.groups:
            members = problem.members[group.id]
            concerned = {
                part.session.id
                for member in members
                for part in (*problem.duties[member.id], *problem.invitations[member.id])
            }
            found[group.id] = [whole(session) for session in sessions if session.id in concerned]
    else:
        for session in sessions:
            for name in _names(session, per):
                found.setdefault(name, []).append(whole(session))
    return {name: tuple(parts) for name, parts in found.items() if parts}


def _names(session: Session, per: str | None) -> tuple[str, ...]:
    if per is None:
        return ("",)
    if per == "kind":
        return (session.kind,) if session.kind else ()
    return session.bodies if per == "body" else session.tags


def bearers(per: str | None, name: str) -> tuple[str, ...]:
    """Return who bears what it costs that a rule does not hold for `name`: a delegation or person, or nobody named.

    >>> bearers("delegation", "egypt"), bearers("body", "CSTD")
    (('egypt',), ())
    """
    return (name,) if per in ("delegation", "person") else ()


def for_whom(name: str) -> str:
    """Return for whom something holds, to be put into a sentence.

    >>> "2 sessions" + for_whom("egypt"), "2 sessions" + for_whom("")
    ("2 sessions for 'egypt'", '2 sessions')
    """
    return f" for {name!r}" if name else ""
