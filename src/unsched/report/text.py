"""Schedules, problems and breaches as plain text, for terminals, mails and logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from unsched.report.printable import clean, columns, pad, shorten
from unsched.rules.base import Preference

if TYPE_CHECKING:
    from datetime import date

    from unsched.domain.assumption import Assumption
    from unsched.domain.problem import Problem
    from unsched.domain.schedule import Booking, Schedule
    from unsched.domain.session import Session
    from unsched.domain.window import Window
    from unsched.rules.base import Breach, Rule

__all__ = [
    "assumption_list",
    "breach_list",
    "clock",
    "day_name",
    "problem_facts",
    "problem_summary",
    "programme",
    "standby_list",
    "timetable",
]

TITLE_WIDTH = 100
ROOM_WIDTH = 24

# Not strftime's, which follow the locale of the process.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def timetable(schedule: Schedule) -> str:
    """Return a schedule day by day, with what it assumes at the end.

    >>> from unsched import Booking, Schedule
    >>> start, end = "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00"
    >>> print(timetable(Schedule("cstd-2010", "Europe/Zurich", [Booking("wg", "XXVI", start, end, "Working Group")])))
    cstd-2010: 1 session, Europe/Zurich time
    <BLANKLINE>
    Friday 17 December 2010
      10:00-13:00  XXVI  Working Group [wg]
    """
    return "\n\n".join(part for part in (programme(schedule), assumption_list(schedule.assumptions)) if part)


def programme(schedule: Schedule) -> str:
    """Return a schedule day by day: times, room, title and id of each session."""
    revision = f", revision {schedule.revision}" if schedule.revision else ""
    lines = [f"{clean(schedule.problem)}{revision}: {_count(len(schedule), 'session')}, {schedule.zone} time"]
    rooms = {booking.room: clean(booking.room) for booking in schedule.bookings}
    room_width = min(max(map(columns, rooms.values()), default=0), ROOM_WIDTH)
    hours = {booking.session: _hours(booking) for booking in schedule.bookings}
    hours_width = max(map(columns, hours.values()), default=0)
    for day, bookings in groupby(schedule.bookings, key=lambda booking: booking.start.date()):
        lines += ["", day_name(day)]
        for booking in bookings:
            time_and_room = f"{pad(hours[booking.session], hours_width)}  {pad(rooms[booking.room], room_width)}"
            lines.append(f"  {time_and_room}  {_title(booking.session, booking.title)}")
    return "\n".join(lines)


def standby_list(sessions: Iterable[Session]) -> str:
    """Return the sessions that wait for a place, one a line, in their order; nothing where none does.

    >>> from unsched import Session
    >>> print(standby_list([Session("ngo-7", "Open data", 60, priority=2, optional=True)]))
    1 session on standby:
      priority 2  Open data [ngo-7]
    """
    waiting = tuple(sessions)
    if not waiting:
        return ""
    width = max(len(str(session.priority)) for session in waiting)
    lines = [f"  priority {session.priority:>{width}}  {_title(session.id, session.title)}" for session in waiting]
    return "\n".join([f"{_count(len(waiting), 'session')} on standby:", *lines])


def _title(session: str, text: str) -> str:
    name = clean(session)
    title = shorten(clean(text).strip(), TITLE_WIDTH)
    return f"{title} [{name}]" if title else f"[{name}]"


def _hours(booking: Booking) -> str:
    days = (booking.end.date() - booking.start.date()).days
    return f"{clock(booking.start)}-{clock(booking.end)}" + (f" +{days}" if days else "")


def clock(moment: datetime) -> str:
    """Return the time of day, with its offset from UTC where the clocks show that time twice.

    >>> from zoneinfo import ZoneInfo
    >>> clock(datetime(2010, 10, 31, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Zurich")))
    '02:30+0100'
    """
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{moment:%H:%M%z}" if twice else f"{moment:%H:%M}"


def day_name(day: date) -> str:
    """Return a date as people read it.

    >>> from datetime import date
    >>> day_name(date(2010, 12, 17))
    'Friday 17 December 2010'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def assumption_list(assumptions: Iterable[Assumption]) -> str:
    """Return what is taken for granted, one a line; nothing where nothing is."""
    return "\n".join(f"Assumed: {clean(str(assumption))}" for assumption in assumptions)


def problem_summary(problem: Problem) -> str:
    """Return what a problem is about: its facts counted, its rules as sentences, its assumptions."""
    title = f"{clean(problem.title).strip()} [{clean(problem.id)}]" if problem.title else clean(problem.id)
    lines = [title, *(f"  {line}" for line in problem_facts(problem)), "", *_rules(problem.all_rules)]
    if problem.off:
        lines += ["", f"Switched off: {clean(', '.join(problem.off))}"]
    assumed = assumption_list(problem.assumptions)
    return "\n".join([*lines, "", assumed] if assumed else lines)


def problem_facts(problem: Problem) -> Iterable[str]:
    """Yield what a problem is about, one fact a line: its days, hours, sessions, rooms and people."""
    yield _days(problem.window)
    yield f"open {clean(', '.join(dict.fromkeys(map(str, problem.window.blocks))))}"
    minutes = sum(session.length for session in problem.sessions)
    hours = f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    yield f"{_count(len(problem.sessions), 'session')} of {hours} in all"
    place = f" in {clean(problem.venue.name)}" if problem.venue.name else ""
    yield f"{_count(len(problem.rooms), 'room')}{place}"
    parties = ((problem.delegations, "delegation"), (problem.persons, "person"), (problem.groups, "group"))
    counts = [_count(len(facts), noun) for facts, noun in parties if facts]
    if counts:
        yield ", ".join(counts)
    if problem.published is not None:
        yield f"published: {_count(len(problem.published), 'session')} (revision {problem.published.revision})"


def _days(window: Window) -> str:
    first, last = window.days[0], window.days[-1]
    span = f"{first}" if first == last else f"{first} to {last}"
    return f"{_count(len(window.days), 'day')}, {span}, {window.zone} time, on a grid of {window.step} minutes"


def _rules(rules: Sequence[Rule]) -> Iterable[str]:
    constraints = [rule for rule in rules if not isinstance(rule, Preference)]
    yield f"{_count(len(constraints), 'constraint')}:"
    yield from (f"  {clean(rule.say())}" for rule in constraints)
    preferences = [rule for rule in rules if isinstance(rule, Preference)]
    for tier in sorted({rule.tier for rule in preferences}):
        wishes = [rule for rule in preferences if rule.tier == tier]
        yield ""
        yield f"{_count(len(wishes), 'preference')} of tier {tier}:"
        yield from (f"  {clean(rule.say())} ({rule.weight} for each {clean(rule.unit)})" for rule in wishes)


def breach_list(breaches: Iterable[Breach]) -> str:
    """Return what a schedule breaks, then what it pays, tier by tier.

    >>> breach_list([])
    'Every rule is kept.'
    """
    found = tuple(breaches)
    if not found:
        return "Every rule is kept."
    broken = [breach for breach in found if breach.hard]
    lines = [f"{_count(len(broken), 'breach', 'breaches')} of constraints:" if broken else "Every constraint holds."]
    lines += [f"  {clean(breach.text)} [{breach.rule.kind}]" for breach in broken]
    tiers = {breach.rule.tier for breach in found if isinstance(breach.rule, Preference)}
    for tier in sorted(tiers):
        paid = [breach for breach in found if isinstance(breach.rule, Preference) and breach.rule.tier == tier]
        lines += ["", f"Prices paid in tier {tier}, {sum(breach.cost for breach in paid)} in all:"]
        lines += [f"  {breach.cost} for {breach.rule.kind}: {clean(breach.text)}" for breach in paid]
    return "\n".join(lines)


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
