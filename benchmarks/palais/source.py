"""Making calendars of the Palais up from a line and a seed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import TypeVar

from attrs import define, field

from benchmarks.line import numbers
from benchmarks.palais.facts import DAYS, HALVES, LUNCH, Hall, Meeting, Palais
from benchmarks.palais.halls import HALLS

__all__ = ["make"]

T = TypeVar("T")

_USUAL = {"weeks": 50, "seed": 1}
_MOST_WEEKS = 100
_FIRST = date(2012, 1, 9)
_A_WEEK = (190, 210)
_BODIES, _BRANCHES, _MISSIONS = 60, 12, 80
_BRANCH, _TEAMS, _PER_WEEK, _PLENARIES, _STEP = 3, 7, 7, 2, 30
_SIX = ("Arabic", "Chinese", "English", "French", "Russian", "Spanish")
_LANGUAGES = {_SIX: 0.17, ("English", "French"): 0.05, (): 0.78}
_MINUTES = {180: 0.4, 120: 0.25, 90: 0.2, 60: 0.15}
_SEATS = {6: 0.02, 15: 0.1, 22: 0.08, 50: 0.25, 100: 0.25, 200: 0.22, 250: 0.04, 400: 0.03, 700: 0.01}
_SIDE_EVENT, _PLENARY, _TWO_WEEKS, _OF_MISSIONS = 0.12, 0.06, 0.4, (0, 0, 1, 1, 2, 3)
_DAYS = {None: 0.25, "Monday": 0.05, "Tuesday": 0.25, "Wednesday": 0.2, "Thursday": 0.2, "Friday": 0.05}
_HALVES = {None: 0.15, "morning": 0.7, "afternoon": 0.15}
_TRIES = 50


def make(line: str) -> Palais:
    """Make a calendar from a line such as `weeks=50,seed=1`.

    Each week has about 200 meetings of some twenty bodies, as a year of the Palais has 10,000 in all. There is a
    schedule that leaves nothing out: a half day and a room are drawn for each meeting first, and what is drawn then
    never speaks against them. Mornings in the middle of the week are what most wish for.

    Raises:
        InputError: the line does not say what it should.
    """
    told = numbers(line, _USUAL, most=_MOST_WEEKS)
    chance = random.Random(told["seed"])  # noqa: S311  no secret
    bodies = [_Body(f"body-{number + 1:02d}", f"branch-{number % _BRANCHES + 1:02d}") for number in range(_BODIES)]
    meetings: list[Meeting] = []
    for week in range(told["weeks"]):
        meetings += _Week(week, told["weeks"], chance).draw(bodies)
    return Palais(
        _FIRST,
        told["weeks"],
        HALLS,
        dict.fromkeys(_SIX, _TEAMS),
        _PER_WEEK,
        {f"branch-{number + 1:02d}": _BRANCH for number in range(_BRANCHES)},
        _PLENARIES,
        _STEP,
        tuple(meetings),
    )


@define
class _Body:
    """A body: the branch that serves it, and how many weeks its session goes on."""

    name: str
    branch: str
    weeks_left: int = 0


@define
class _Week:
    """A week while it is drawn: who and what is taken in which half day."""

    number: int
    weeks: int
    chance: random.Random
    taken: set[tuple[str, str]] = field(factory=set)
    counts: Counter[tuple[str, str]] = field(factory=Counter)
    found: list[Meeting] = field(factory=list)

    def draw(self, bodies: list[_Body]) -> list[Meeting]:
        """Draw bodies that meet, those first whose session goes on, until the week is full."""
        chance = self.chance
        many = chance.randint(*_A_WEEK)
        for body in sorted(bodies, key=lambda body: (-min(body.weeks_left, 1), chance.random())):
            if len(self.found) >= many:
                break
            body.weeks_left = body.weeks_left - 1 if body.weeks_left else chance.randint(0, 2)
            priority = 0 if int(body.name[-2:]) % 2 else 1
            for _ in range(min(chance.randint(4, 10), many - len(self.found))):
                self._add(body, priority)
        return self.found

    def _add(self, body: _Body, priority: int) -> None:
        """Draw a meeting until one fits somewhere."""
        chance = self.chance
        for _ in range(_TRIES):
            side = chance.random() < _SIDE_EVENT
            plenary = not side and chance.random() < _PLENARY
            languages = () if side else _SIX if plenary else _pick(chance, _LANGUAGES)
            seats = _pick(chance, _SEATS)
            half = f"{chance.choice(DAYS)} {LUNCH if side else chance.choice(HALVES)}"
            hall = self._hall(half, seats, languages)
            if hall is None or not self._free(half, body, languages, plenary=plenary):
                continue
            missions = [f"mission-{chance.randrange(_MISSIONS) + 1:02d}" for _ in range(chance.choice(_OF_MISSIONS))]
            missions = [mission for mission in dict.fromkeys(missions) if (half, mission) not in self.taken]
            self._take(half, body, hall, (*languages, *(("plenary",) if plenary else ())), missions)
            two = self.number + 1 < self.weeks and chance.random() < _TWO_WEEKS
            self.found.append(
                Meeting(
                    f"w{self.number + 1:02d}-{len(self.found) + 1:03d}",
                    body.name,
                    body.branch,
                    "side-event" if side else "plenary" if plenary else "meeting",
                    90 if side else 180 if plenary else self._minutes(languages),
                    seats,
                    languages,
                    tuple(missions),
                    2 if side else priority,
                    (self.number, self.number + 1) if two else (self.number,),
                    self.number,
                    _pick(chance, _DAYS),
                    None if side else _pick(chance, _HALVES),
                )
            )
            return

    def _minutes(self, languages: tuple[str, ...]) -> int:
        """Draw a length; what is interpreted takes more than half of a half day, so that a team has one in each."""
        return max(_pick(self.chance, _MINUTES), 120 if languages else 0)

    def _hall(self, half: str, seats: int, languages: tuple[str, ...]) -> Hall | None:
        """Return the smallest room that will do and is free."""
        good = (
            hall
            for hall in HALLS
            if hall.seats >= seats and hall.booths >= len(languages) and (half, hall.name) not in self.taken
        )
        return min(good, key=lambda hall: (hall.seats, hall.booths), default=None)

    def _free(self, half: str, body: _Body, languages: tuple[str, ...], *, plenary: bool) -> bool:
        counts = self.counts
        return (
            (half, body.name) not in self.taken
            and counts[half, body.branch] < _BRANCH
            and all(counts[half, language] < _TEAMS for language in languages)
            and all(counts["", language] < _TEAMS * _PER_WEEK for language in languages)
            and not (plenary and counts[half, "plenary"] >= _PLENARIES)
        )

    def _take(self, half: str, body: _Body, hall: Hall, counted: tuple[str, ...], missions: list[str]) -> None:
        self.taken.update((half, name) for name in (body.name, hall.name, *missions))
        self.counts.update((half, name) for name in (body.branch, *counted))
        self.counts.update(("", name) for name in counted)


def _pick(chance: random.Random, weighted: dict[T, float]) -> T:
    return chance.choices(list(weighted), list(weighted.values()))[0]
