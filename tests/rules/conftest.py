from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import pytest

from unsched import Booking, Effort, InputError, Problem, Rule, Schedule, Status, solve
from unsched.domain.timetable import Timetable

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[[Rule, Problem, dict[str, str]], list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


@pytest.fixture
def best() -> Best:
    """Where each session stands in the best schedule ("17 10:00 XXVI"), and what that costs by tier."""

    def find(problem: Problem) -> tuple[dict[str, str], dict[int, int]]:
        result = solve(problem, stop=Effort(5))
        assert result.status is Status.OPTIMAL
        assert result.schedule is not None
        places = {booking.session: f"{booking.start:%d %H:%M} {booking.room}" for booking in result.schedule}
        return places, result.cost

    return find


@pytest.fixture
def impossible() -> Impossible:
    """The kinds of the rules that cannot all hold, each once, where there is no schedule."""

    def find(problem: Problem) -> list[str]:
        result = solve(problem, stop=Effort(5))
        assert (result.status, result.schedule) == (Status.INFEASIBLE, None)
        return sorted({guard.rule.kind for guard in result.conflict})

    return find


@pytest.fixture
def breaches() -> Breaches:
    """What a rule finds wrong where sessions stand ("17 10:00 XXVI"): sessions, amount and text of each breach."""

    def find(rule: Rule, problem: Problem, places: dict[str, str]) -> list[tuple[str, int, str]]:
        bookings = []
        for name, place in places.items():
            day, clock, room = place.split()
            start = problem.window.wall(problem.window.minute(f"2010-12-{day}T{clock}"))
            bookings.append(Booking(name, room, start, start + timedelta(minutes=problem.session(name).length)))
        found = list(rule.check(Timetable(problem, Schedule(problem.id, problem.window.zone, bookings))))
        assert all(breach.rule is rule for breach in found)
        return [(" ".join(breach.sessions), breach.amount, breach.text) for breach in found]

    return find


@pytest.fixture
def refused() -> Refused:
    """What is wrong with what a call would make: path, message and remedy of each fault."""

    def faults(make: Callable[[], object]) -> list[tuple[str, str, str | None]]:
        with pytest.raises(InputError) as caught:
            make()
        return [(fault.path, fault.message, fault.remedy) for fault in caught.value.faults]

    return faults
