"""What a schedule of the Palais costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import frozen

from benchmarks.family import Score
from benchmarks.palais.facts import DAYS, HALVES, HOURS, LEFT_OUT, LUNCH, WEIGHTS, WISHES, Hall, Meeting, Palais

__all__ = ["score"]


@frozen
class _Held:
    meeting: Meeting
    day: date
    start: int
    hall: Hall

    @property
    def end(self) -> int:
        return self.start + self.meeting.minutes

    @property
    def half(self) -> str | None:
        inside = (name for name, (start, end) in HOURS.items() if start <= self.start and self.end <= end)
        return next(inside, None)


def score(facts: Palais, solution: str) -> Score:
    """Count wishes that are not met and optional meetings that are left out.

    Args:
        facts: the calendar.
        solution: a line for each meeting that is held: its name, date, start, and room (of one word or two).
    """
    faults: list[str] = []
    held = tuple(_held(facts, solution, faults).values())
    week_of = {day: week for week in range(facts.weeks) for day in facts.days(week)}
    names = {one.meeting.name for one in held}
    musts = (meeting.name for meeting in facts.meetings if meeting.priority < 2)
    faults += [f"{name} is not held" for name in musts if name not in names]
    for one in held:
        faults += _faults_of_one(facts, one, week_of.get(one.day))
    faults += _faults_together(facts, held, week_of)
    out = sum(meeting.priority == 2 and meeting.name not in names for meeting in facts.meetings)
    terms = Counter({"left out": LEFT_OUT * out, "week": 0, "half": 0, "day": 0})
    for one in held:
        meeting = one.meeting
        met = {
            "week": len(meeting.weeks) == 1 or week_of.get(one.day) == meeting.week,
            "half": meeting.half in (None, one.half),
            "day": meeting.day is None or one.day.weekday() == DAYS.index(meeting.day),
        }
        for wish, good in met.items():
            terms[wish] += 0 if good else WISHES[wish] * WEIGHTS[meeting.priority]
    return Score((sum(terms.values()),), dict(terms), tuple(faults))


def _held(facts: Palais, solution: str, faults: list[str]) -> dict[str, _Held]:
    meetings = {meeting.name: meeting for meeting in facts.meetings}
    halls = {hall.name: hall for hall in facts.halls}
    found: dict[str, _Held] = {}
    for number, line in enumerate(solution.splitlines(), 1):
        name, day, clock, room = (*line.split(maxsplit=3), "", "", "", "")[:4]
        try:
            hours, _, minutes = clock.partition(":")
            one = _Held(meetings[name], date.fromisoformat(day), int(hours) * 60 + int(minutes), halls[room.strip()])
        except (KeyError, ValueError):
            faults.append(f"line {number} is not a meeting, a date, a time and a room: {line[:80]!r}")
            continue
        if name in found:
            faults.append(f"{name} is held twice")
        found[name] = one
    return found


def _faults_of_one(facts: Palais, one: _Held, week: int | None) -> Iterator[str]:
    meeting = one.meeting
    if week not in meeting.weeks:
        yield f"{meeting.name} is on {one.day}, which is not in its weeks"
    halves = (LUNCH,) if meeting.kind == "side-event" else HALVES
    if one.half is None or one.half not in halves or (one.start - HOURS[one.half][0]) % facts.step:
        yield f"{meeting.name} cannot start at {one.start // 60:02d}:{one.start % 60:02d}"
    if meeting.seats > one.hall.seats:
        yield f"{meeting.name} needs {meeting.seats} seats, and {one.hall.name} has {one.hall.seats}"
    if len(meeting.languages) > one.hall.booths:
        yield f"{meeting.name} needs {len(meeting.languages)} booths, and {one.hall.name} has {one.hall.booths}"


def _faults_together(facts: Palais, held: Iterable[_Held], week_of: Mapping[date, int]) -> Iterator[str]:
    at_once: dict[tuple[str, str, date], list[_Held]] = defaultdict(list)
    by_week: Counter[tuple[str, int | None]] = Counter()
    for one in held:
        meeting = one.meeting
        for what, name in (
            ("room", one.hall.name),
            ("body", meeting.body),
            ("branch", meeting.branch),
            *(("language", language) for language in meeting.languages),
            *(("mission", mission) for mission in meeting.missions),
            *((("kind", "plenary"),) if meeting.kind == "plenary" else ()),
        ):
            at_once[what, name, one.day].append(one)
        for language in meeting.languages:
            by_week[language, week_of.get(one.day)] += 1
    for (what, name, day), several in at_once.items():
        limits = {
            "branch": facts.branches.get(name, 0),
            "language": facts.teams.get(name, 0),
            "kind": facts.plenaries,
        }
        most = limits.get(what, 1)
        for one in several:
            running = [other.meeting.name for other in several if other.start <= one.start < other.end]
            if len(running) > most:
                yield f"{what} {name} has {len(running)} meetings at once on {day}: {', '.join(sorted(running))}"
    for (language, week), count in by_week.items():
        if count > facts.per_week * facts.teams.get(language, 0):
            yield f"{count} meetings in {language} in week {week} are more than its teams can serve"
