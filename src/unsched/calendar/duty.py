"""Interpreters' rosters as calendars: one for each language, and one for each team."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from attrs import frozen
from icalendar import Event

from unsched.calendar.event import Issue, add_times, locate, organizer, uid
from unsched.calendar.names import safe_names
from unsched.calendar.text import Text, one_line
from unsched.domain.roster import roster
from unsched.domain.schedule import Booking, Schedule

__all__ = ["Duty", "duties", "duty_event", "duty_feeds", "duty_uid"]


@frozen
class Duty:
    """What has to be interpreted: a booked session into a language, by a team.

    Args:
        booking: the session, its room and its time.
        language: the language into which it is interpreted.
        team: id of the team; `None` where no team can do it.
    """

    booking: Booking
    language: str
    team: str | None


def duties(issue: Issue, schedule: Schedule) -> tuple[Duty, ...]:
    """Return who interprets what by `roster`, and what nobody can interpret, in order of start, then of language.

    Args:
        issue: what all events have in common; without teams in its problem, there is nothing.
        schedule: the bookings.
    """
    if not issue.problem.teams:
        return ()
    found = roster(issue.problem, schedule)
    given: dict[tuple[str, str], str | None] = {(one.session, one.language): one.team for one in found.assignments}
    given.update(dict.fromkeys(found.without))
    return tuple(
        Duty(booking, language, given[booking.session, language])
        for booking in schedule.bookings
        for language in sorted(issue.problem.session(booking.session).languages)
        if (booking.session, language) in given
    )


def duty_uid(problem: str, session: str, language: str) -> str:
    """Return the UID of a session's interpretation into a language: another event than the session, for ever.

    The team is no part of it: when another takes over, the event changes hands and stays the same event.

    >>> duty_uid("cstd-2010", "consultation", "fr") != uid("cstd-2010", "consultation")
    True
    """
    digest = sha256(json.dumps(["interpretation", problem, session, language]).encode()).hexdigest()
    return f"{digest[:32]}@unsched"


def duty_event(issue: Issue, duty: Duty) -> Event:
    """Return the VEVENT of a duty: the session's title and place for those who work there, and nothing of who comes.

    What has no team yet is TENTATIVE and takes nobody's time.
    """
    problem, session = issue.problem, issue.problem.session(duty.booking.session)
    team = "no team" if duty.team is None else one_line(duty.team)
    title = one_line(session.title) or one_line(session.id)
    vevent = Event()
    vevent.add("UID", Text(duty_uid(problem.id, session.id, duty.language)))
    vevent.add("DTSTAMP", issue.stamp)
    vevent.add("SEQUENCE", issue.revision)
    add_times(vevent, duty.booking.start, duty.booking.end, issue.zone)
    vevent.add("SUMMARY", Text(f"{title} ({one_line(duty.language)}: {team})"))
    vevent.add("LOCATION", Text(locate(problem, duty.booking.room)))
    languages = ", ".join(one_line(language) for language in session.languages)
    vevent.add("DESCRIPTION", Text(f"Team: {team}\nInto: {one_line(duty.language)}\nAll languages: {languages}"))
    vevent.add("RELATED-TO", Text(uid(problem.id, session.id)))
    vevent.add("CLASS", "PUBLIC" if session.access == "open" else "CONFIDENTIAL")
    taken = duty.team is not None
    vevent.add("STATUS", "CONFIRMED" if taken else "TENTATIVE")
    vevent.add("TRANSP", "OPAQUE" if taken else "TRANSPARENT")
    vevent.add("X-MICROSOFT-CDO-BUSYSTATUS", Text("BUSY" if taken else "FREE"))
    if problem.organizer is not None:
        vevent.add("ORGANIZER", organizer(problem.organizer.name, problem.organizer.mail))
    return vevent


def duty_feeds(issue: Issue, schedule: Schedule) -> Iterator[tuple[str, str, tuple[bytes, ...]]]:
    """Yield the path, the name and the events, in order of start, of each language's and each team's calendar.

    A language has a calendar if a team interprets into it or a session asks for it; without teams there is none.
    """
    problem = issue.problem
    if not problem.teams:
        return
    events = {duty: duty_event(issue, duty).to_ical() for duty in duties(issue, schedule)}
    asked = [language for session in problem.sessions for language in session.languages]
    languages = dict.fromkeys((*(team.language for team in problem.teams), *asked))
    for language, name in safe_names(languages).items():
        found = tuple(event for duty, event in events.items() if duty.language == language)
        yield f"interpreters/{name}.ics", f"Interpretation: {language}", found
    for team, name in safe_names(team.id for team in problem.teams).items():
        found = tuple(event for duty, event in events.items() if duty.team == team)
        yield f"teams/{name}.ics", team, found
