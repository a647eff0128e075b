"""A small problem and its schedule to look at: two bodies, two teams, an invitation that is missed, hostile texts."""

from __future__ import annotations

from unsched import (
    Assumption,
    Booking,
    Delegation,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Session,
    Team,
    Venue,
    Window,
)
from unsched.rules import EndEarly, InvitedCanAttend, PreferRoom

__all__ = ["HOSTILE", "booked", "looked_at"]

HOSTILE = (
    "$x^2$ \\frac{1}{0}",
    "[bold red]b[/] :smile:",
    "</td><script>alert(1)</script>",
    "\x1b[2J\x9b\u202e會議",
    "_hidden",
)
"""Titles that are formulas, markup of terminals, markup of pages, commands of terminals, and names that are private."""


def looked_at(titles: tuple[str, ...] = ("Opening", "Side event", "Closing"), **more: object) -> Problem:
    """Return the problem."""
    first, second, third = titles[:3]
    facts: dict[str, object] = {
        "delegations": [Delegation("egypt", "Egypt"), Delegation("brazil", "Brazil")],
        "persons": [Person("chair", "The Chair")],
        "teams": [Team("fr-1", "French")],
        "rules": [InvitedCanAttend(), PreferRoom("closing", "IX", tier=2, weight=3), EndEarly(of="each", tier=3)],
        "off": ["interpreters-enough"],
        "assumptions": [Assumption("The bells ring.")],
        "title": "A small week",
        **more,
    }
    return Problem(
        "small",
        Window("Europe/Zurich", ["2010-12-16", "2010-12-17"]),
        Venue([Room(name, seats=Seats(podium=5, table=9, side=9), booths=2) for name in ("XXVI", "IX")]),
        [
            Session("opening", first, 180, body="CSTD", required=["egypt"], chair="chair", languages=["French"]),
            Session("side", second, 90, body="Side events", invited=["egypt"], languages=["French"]),
            Session("closing", third, 60, body="CSTD", required=["egypt", "brazil"]),
        ],
        **facts,  # type: ignore[arg-type]  # whatever a test wants to be otherwise
    )


def booked(problem: Problem) -> Schedule:
    """Return its schedule: the side event at the time of the opening, which keeps Egypt away from it."""
    titles = {one.id: one.title for one in problem.sessions}
    places = (
        ("opening", "XXVI", "2010-12-16T10:00+01:00", "2010-12-16T13:00+01:00"),
        ("side", "IX", "2010-12-16T11:00+01:00", "2010-12-16T12:30+01:00"),
        ("closing", "XXVI", "2010-12-17T15:00+01:00", "2010-12-17T16:00+01:00"),
    )
    bookings = [Booking(*place, titles[place[0]]) for place in places]
    return Schedule(problem.id, problem.window.zone, bookings, assumptions=problem.assumptions)
