"""One file of each kind that we write, of one problem, for the checkers and the readers."""

from __future__ import annotations

from datetime import UTC, datetime

from attrs import evolve

from unsched import Booking, Problem, Schedule, calendars, publish
from unsched.calendar.dav.resource import resources
from unsched.calendar.mail import mail
from unsched.calendar.message import Message

__all__ = ["FIRST", "SECOND", "THIRD", "kinds", "life", "with_mails"]

FIRST, SECOND, THIRD = (datetime(2010, 12, day, 12, tzinfo=UTC) for day in (6, 7, 8))


def with_mails(problem: Problem) -> Problem:
    """Return the problem with a mail address for every delegation and every person."""
    return evolve(
        problem,
        delegations=[evolve(one, mail=f"{one.id.lower()}@example.org") for one in problem.delegations],
        persons=[evolve(one, mail=f"{one.id}@example.org") for one in problem.persons],
    )


def life(problem: Problem, schedule: Schedule, session: str = "drafting") -> tuple[Message, Message, Message]:
    """Return what one invitee is told when a session is published, moves by an hour, and is called off."""
    (booking,) = (one for one in schedule.bookings if one.session == session)
    others = [one for one in schedule.bookings if one.session != session]
    later = evolve(schedule, bookings=[*others, Booking(session, "XII", *_hours(booking, 1))])
    one = publish(problem, schedule, None, stamp=FIRST)
    two = publish(problem, later, one.publication, stamp=SECOND)
    three = publish(problem, evolve(schedule, bookings=others), two.publication, stamp=THIRD)
    found = [next(each for each in release.messages if each.session == session) for release in (one, two, three)]
    return found[0], found[1], found[2]


def _hours(booking: Booking, hours: int) -> tuple[str, str]:
    start, end = (each.timestamp() + 3600 * hours for each in (booking.start, booking.end))
    tz = booking.start.tzinfo
    return datetime.fromtimestamp(start, tz).isoformat(), datetime.fromtimestamp(end, tz).isoformat()


def kinds(problem: Problem, schedule: Schedule) -> dict[str, bytes]:
    """Return one file of each kind by the name of its profile."""
    invited = with_mails(problem)
    first, second, third = life(invited, schedule)
    files = calendars(invited, schedule, base_url="https://example.org/calendars/")
    (resource,) = resources(files["rooms/XXVI.ics"]).values()
    return {
        "invitation": first.calendar,
        "update": second.calendar,
        "cancellation": third.calendar,
        "feed": files["programme.ics"],
        "freebusy": files["busy/rooms/XII.ics"],
        "rich": files["rich/programme.ics"],
        "jcal": files["rich/programme.json"],
        "caldav": resource.data,
        "mail": mail(first).as_bytes(),
    }
