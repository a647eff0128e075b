"""A calendar of the Palais as a problem of catalogue rules."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.palais.facts import DAYS, HALVES, HOURS, LEFT_OUT, LUNCH, WEIGHTS, WISHES, Meeting, Palais
from unsched import Block, Delegation, Period, Problem, Room, Rule, Seats, Select, Session, Team, Venue, Window
from unsched.rules import AtMostTogether, InterpretersEnough, LeaveFewOut, NotTogether, PreferTime

__all__ = ["state"]


def state(facts: Palais) -> Problem:
    """State a calendar: small missions and branches of the secretariat are delegations, wishes are tags.

    Seats are counted in all, so that each room has them at the side. That interpreters, missions and branches are
    never wanted by too many at once, and that rooms have the seats and the booths, are standard rules.
    """
    stretches = dict.fromkeys(meeting.weeks for meeting in facts.meetings)
    available = {weeks: (Period([day for week in weeks for day in facts.days(week)]),) for weeks in stretches}
    missions = dict.fromkeys(mission for meeting in facts.meetings for mission in meeting.missions)
    return Problem(
        "palais",
        Window(
            "Europe/Zurich",
            [day for week in range(facts.weeks) for day in facts.days(week)],
            [*(Block(*_hours(half)) for half in HALVES), Block(*_hours(LUNCH), kind=LUNCH)],
            step=facts.step,
        ),
        Venue([Room(hall.name, seats=Seats(side=hall.seats), booths=hall.booths) for hall in facts.halls]),
        [
            Session(
                meeting.name,
                meeting.name,
                meeting.minutes,
                body=meeting.body,
                kind=meeting.kind,
                tags=_wishes(meeting),
                required=(meeting.branch, *meeting.missions),
                side_seats=meeting.seats,
                languages=meeting.languages,
                priority=meeting.priority,
                optional=meeting.priority == 2,
                blocks=(LUNCH,) if meeting.kind == "side-event" else ("regular",),
                available=available[meeting.weeks],
            )
            for meeting in facts.meetings
        ],
        delegations=[
            *(Delegation(name, size=size, table_seats=0) for name, size in facts.branches.items()),
            *(Delegation(name, table_seats=0) for name in missions),
        ],
        teams=[Team(f"{name}-{number + 1}", name) for name, teams in facts.teams.items() for number in range(teams)],
        rules=tuple(_rules(facts)),
    )


def _hours(name: str) -> tuple[str, str]:
    start, end = HOURS[name]
    return f"{start // 60:02d}:{start % 60:02d}", f"{end // 60:02d}:{end % 60:02d}"


def _wishes(meeting: Meeting) -> tuple[str, ...]:
    several = len(meeting.weeks) > 1
    week = (f"week {meeting.week}",) if several else ()
    return (*week, *((meeting.day,) if meeting.day else ()), *((meeting.half,) if meeting.half else ()))


def _rules(facts: Palais) -> Iterator[Rule]:
    yield InterpretersEnough(per_week=facts.per_week)
    yield NotTogether(Select(), sharing="body")
    kinds = {meeting.kind for meeting in facts.meetings}
    if "plenary" in kinds:
        yield AtMostTogether(facts.plenaries, Select(kinds="plenary"))
    if any(meeting.priority == 2 for meeting in facts.meetings):
        yield LeaveFewOut(Select(priorities=2), order="number", tier=1, weight=LEFT_OUT)
    periods: dict[str, tuple[Period, ...]] = {half: (Period(None, *_hours(half)),) for half in HALVES}
    every = [facts.days(week) for week in range(facts.weeks)]
    periods |= {name: (Period([days[place] for days in every]),) for place, name in enumerate(DAYS)}
    periods |= {f"week {week}": (Period(days),) for week, days in enumerate(every)}
    wished = {(wish, meeting.priority): None for meeting in facts.meetings for wish in _wishes(meeting)}
    for wish, priority in wished:
        weight = WISHES["half" if wish in HALVES else "day" if wish in DAYS else "week"] * WEIGHTS[priority]
        yield PreferTime(Select(tags=wish, priorities=priority), periods[wish], weight=weight, tier=1)
