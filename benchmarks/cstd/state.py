"""The plain facts of the founding case, taken from its problem."""

from __future__ import annotations

from benchmarks.cstd.facts import SEATS, Case, Meeting, Place
from unsched import Problem

__all__ = ["facts_of"]


def facts_of(problem: Problem) -> Case:
    """Return the facts of the founding case; a rule of it is stated anew where it is scored."""
    meetings = {}
    for session in problem.sessions:
        coming = (*problem.required_delegations(session), *problem.invited_delegations(session))
        meetings[session.id] = Meeting(
            session.length,
            session.body or "",
            session.kind or "",
            "lunch" in session.blocks,
            "regular" in session.blocks,
            tuple(day for period in session.available for day in period.days or problem.window.days)
            if session.available
            else problem.window.days,
            session.room,
            len(session.languages),
            {
                "podium": session.podium_seats,
                "table": sum(one.table_seats for one in coming),
                "side": session.side_seats + sum(one.side_seats for one in coming),
            },
        )
    return Case(
        problem.window.days,
        max(walk.minutes for walk in problem.venue.walking),
        {
            room.id: Place(
                room.building or "", {name: getattr(room.seats, name) or 0 for name in SEATS}, room.booths or 0
            )
            for room in problem.rooms
        },
        meetings,
        {**{one.id: one.size for one in problem.delegations}, **{one.id: 1 for one in problem.persons}},
        {name: tuple(part.session.id for part in parts) for name, parts in problem.duties.items()},
        {name: tuple(part.session.id for part in parts) for name, parts in problem.invitations.items()},
        frozenset(one.id for one in problem.persons),
    )
