"""By what sessions are coloured: their body, or else their kind, or else their first tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unsched.domain.problem import Problem

__all__ = ["minutes_of", "themes_of"]


def themes_of(problem: Problem | None) -> dict[str, str]:
    """Return the theme of each session that has one, by its id, in the order of the problem.

    It is the body; in a problem in which no session names a body, the kind; and where none has a kind, the first tag.

    >>> from unsched import Problem, Room, Session, Venue, Window
    >>> sessions = [Session("a", "A", 60, kind="plenary"), Session("b", "B", 60)]
    >>> themes_of(Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), sessions))
    {'a': 'plenary'}
    """
    sessions = () if problem is None else problem.sessions
    for found in (
        {one.id: one.body for one in sessions if one.body},
        {one.id: one.kind for one in sessions if one.kind},
        {one.id: one.tags[0] for one in sessions if one.tags},
    ):
        if found:
            return found
    return {}


def minutes_of(problem: Problem | None) -> Mapping[str, int]:
    """Return how many minutes there are of each theme, in the order in which sessions name them."""
    themes = themes_of(problem)
    minutes: dict[str, int] = {}
    for session in () if problem is None else problem.sessions:
        if session.id in themes:
            minutes[themes[session.id]] = minutes.get(themes[session.id], 0) + session.length
    return minutes
