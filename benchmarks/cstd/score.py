"""What a schedule of the founding case costs; its rules are written down here a second time, without unsched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import combinations

from attrs import frozen

from benchmarks.cstd.facts import SEATS, Case, Meeting, Place
from benchmarks.family import Score

__all__ = ["score"]

_REGULAR = ((10 * 60, 13 * 60), (15 * 60, 18 * 60))
_LUNCH = ((13 * 60 + 15, 14 * 60 + 45),)
_STEP = 15
_FIXED = {"panel-opening": "2010-12-15 10:00", "consultation-morning": "2010-12-17 10:00"}
_INTERPRETED_AT_ONCE, _AT_ONCE = 2, 6
_OTHERS = ("bureau", "coordination", "drafting", "working-group")


@frozen
class _Held:
    name: str
    meeting: Meeting
    room: str
    place: Place
    start: datetime

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.meeting.minutes)

    @property
    def clock(self) -> tuple[int, int]:
        """The minutes of the day from start to end."""
        minute = self.start.hour * 60 + self.start.minute
        return minute, minute + self.meeting.minutes

    def meets(self, other: _Held) -> bool:
        return self.start < other.end and other.start < self.end


def score(facts: Case, solution: str) -> Score:
    """Count the four levels of the case.

    Args:
        facts: the case.
        solution: a line for each session: its name, date, start, and room.
    """
    faults: list[str] = []
    held = _held(facts, solution, faults)
    faults += [f"{name} is not held" for name in facts.meetings if name not in held]
    for one in held.values():
        faults += _alone(one)
    faults += _pairs(facts, held)
    faults += _crowds(facts, held)
    faults += _order(held)
    kinds: dict[str, list[_Held]] = defaultdict(list)
    for one in held.values():
        kinds[one.meeting.kind].append(one)
    levels = {
        "invitations missed": sum(_missed(facts, held, party) for party in facts.sizes),
        "times": _times(held, kinds),
        "rooms": _rooms(held, kinds),
        "ends": sum(_open_until(facts, one) for kind in ("drafting", "coordination") for one in kinds[kind]),
    }
    return Score(tuple(levels.values()), levels, tuple(faults))


def _held(facts: Case, solution: str, faults: list[str]) -> dict[str, _Held]:
    found: dict[str, _Held] = {}
    for number, line in enumerate(solution.splitlines(), 1):
        words = line.split()
        try:
            name, day, clock, room = words
            start = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M")  # noqa: DTZ007  the wall clock in Geneva
            one = _Held(name, facts.meetings[name], room, facts.places[room], start)
        except (KeyError, ValueError):
            faults.append(f"line {number} is not a session, a date, a time and a room: {line[:80]!r}")
            continue
        if name in found:
            faults.append(f"{name} is held twice")
        found[name] = one
    return found


# -- what must hold ------------------------------------------------------------------------------------------------


def _alone(one: _Held) -> Iterator[str]:
    meeting, (start, end) = one.meeting, one.clock
    blocks = (*(_REGULAR if meeting.regular else ()), *(_LUNCH if meeting.lunch else ()))
    if not any(first <= start and end <= last and not (start - first) % _STEP for first, last in blocks):
        yield f"{one.name} is at {one.start:%H:%M}"
    if one.start.date() not in meeting.days:
        yield f"{one.name} is on {one.start.date()}"
    if meeting.room not in (None, one.room):
        yield f"{one.name} is in {one.room}, not in {meeting.room}"
    if meeting.booths > one.place.booths:
        yield f"{one.name} has too few booths in {one.room}"
    for name in SEATS:
        if meeting.seats[name] > one.place.seats[name]:
            yield f"{one.name} has too few {name} seats in {one.room}"
    if one.name in _FIXED and f"{one.start:%Y-%m-%d %H:%M}" != _FIXED[one.name]:
        yield f"{one.name} is not at {_FIXED[one.name]}"


def _pairs(facts: Case, held: Mapping[str, _Held]) -> Iterator[str]:
    for one, other in combinations(held.values(), 2):
        if one.meets(other) and (one.room == other.room or _apart(one, other) or _apart(other, one)):
            yield f"{one.name} and {other.name} are at once"
    for person in sorted(facts.walkers):
        mine = [held[name] for name in facts.duties[person] if name in held]
        for one, other in combinations(mine, 2):
            walk = timedelta(minutes=0 if one.place.building == other.place.building else facts.walk)
            if one.start < other.end + walk and other.start < one.end + walk:
                yield f"{person} cannot be at {one.name} and {other.name}"


def _apart(one: _Held, other: _Held) -> bool:
    """Whether the first of two must not run against the second."""
    return (
        (one.meeting.body == other.meeting.body == "CSTD Panel")
        or (one.meeting.kind == "plenary" and other.meeting.kind in _OTHERS)
        or (one.meeting.kind == "panel" and other.meeting.kind == "working-group")
        or (one.name == "panel-wsis" and other.meeting.kind == "consultation")
    )


def _crowds(facts: Case, held: Mapping[str, _Held]) -> Iterator[str]:
    limits: list[tuple[str, list[_Held], int]] = [
        ("all", list(held.values()), _AT_ONCE),
        ("interpreted", [one for one in held.values() if one.meeting.booths], _INTERPRETED_AT_ONCE),
    ]
    for party, size in facts.sizes.items():
        limits.append((party, [held[name] for name in facts.duties[party] if name in held], size))
    for what, some, most in limits:
        for one in some:
            running = [other.name for other in some if other.start <= one.start < other.end]
            if len(running) > most:
                yield f"{what}: too many at once: {', '.join(running)}"


def _order(held: Mapping[str, _Held]) -> Iterator[str]:
    of = {
        kind: [name for name, one in held.items() if one.meeting.kind == kind]
        for kind in ("panel", "coordination", "drafting")
    }
    for first, then, least in (
        (["consultation-morning"], ["consultation-afternoon"], 0),
        (["panel-opening"], of["panel"], 0),
        (of["panel"], ["panel-closing"], 0),
        (["panel-technologies-1"], ["panel-technologies-2"], 0),
        (["panel-impact-1"], ["panel-impact-2"], 0),
        (of["coordination"], ["wg-first"], 0),
        (["bureau-1"], ["wg-first"], 0),
        (["wg-first"], ["drafting-1"], 0),
        (["drafting-1"], ["drafting-2"], 60),
        (of["drafting"], ["wg-second"], 30),
        (["drafting-1"], ["bureau-2"], 0),
        (["bureau-2"], ["consultation-morning"], 0),
    ):
        for one in first:
            for other in then:
                if one in held and other in held and held[one].end + timedelta(minutes=least) > held[other].start:
                    yield f"{other} starts too soon after {one}"


# -- what is wished ------------------------------------------------------------------------------------------------


def _missed(facts: Case, held: Mapping[str, _Held], party: str) -> int:
    """Go through the day, and leave whatever ends last where more runs at once than the party can be at."""
    duties = [held[name] for name in facts.duties[party] if name in held]
    wanted = [held[name] for name in facts.invitations[party] if name in held]
    going: list[_Held] = []
    missed = 0
    for moment in sorted({one.start for one in (*duties, *wanted)}):
        going = [one for one in going if one.end > moment]
        going += [one for one in wanted if one.start == moment]
        going.sort(key=lambda one: one.end)
        free = max(0, facts.sizes[party] - sum(one.start <= moment < one.end for one in duties))
        missed += max(0, len(going) - free)
        going = going[:free]
    return missed


def _times(held: Mapping[str, _Held], kinds: Mapping[str, Iterable[_Held]]) -> int:
    first, second, third = date(2010, 12, 15), date(2010, 12, 16), date(2010, 12, 17)

    def outside(name: str, weight: int, day: date, hours: tuple[int, int] = (0, 24 * 60)) -> int:
        if name not in held:
            return 0
        start, end = held[name].clock
        return 0 if held[name].start.date() == day and hours[0] <= start and end <= hours[1] else weight

    late = sum(not (_REGULAR[0][0] <= one.clock[0] and one.clock[1] <= _REGULAR[0][1]) for one in kinds["drafting"])
    return (
        outside("wg-first", 4, first, _REGULAR[1])
        + outside("panel-wsis", 3, second)
        + outside("panel-closing", 3, third, _REGULAR[1])
        + 2 * late
        + sum(one.start.date() == third for one in kinds["side-event"])
    )


def _rooms(held: Mapping[str, _Held], kinds: Mapping[str, list[_Held]]) -> int:
    panel = [one for one in held.values() if one.meeting.body == "CSTD Panel"]
    few = sum(
        weight * max(0, len({one.room for one in some}) - 1)
        for some, weight in ((panel, 4), (kinds["drafting"], 2), (kinds["side-event"], 2))
    )
    wished = (
        (panel, ("XX",), 1),
        (kinds["working-group"], ("XXVI",), 3),
        (kinds["coordination"], ("XXIV", "XXVI", "E-2"), 1),
        (kinds["side-event"], ("VII", "IX"), 1),
        ([*kinds["bureau"], *kinds["drafting"]], ("II", "E-2"), 1),
    )
    return few + sum(weight * sum(one.room not in rooms for one in some) for some, rooms, weight in wished)


def _open_until(facts: Case, one: _Held) -> int:
    """Count the open minutes, of whatever kind, that have passed when a session ends."""
    blocks = (*_REGULAR, *_LUNCH)
    before = sum(day < one.start.date() for day in facts.days) * sum(last - first for first, last in blocks)
    return before + sum(max(0, min(one.clock[1], last) - first) for first, last in blocks)
