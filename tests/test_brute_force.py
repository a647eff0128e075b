"""The solver's optimum is the true optimum: every schedule of a tiny problem is looked at.

`UNSCHED_MIXTURES=5000 pytest tests/test_brute_force.py` looks at more mixtures of rules than the suite does.
"""

from __future__ import annotations

import os
from itertools import product
from math import prod

from attrs import evolve
from drawing import MADE, drawn, turned
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from unsched import Booking, Effort, InputError, Period, Preference, Problem, Rule, Schedule, Status, solve
from unsched.domain.interval import Interval
from unsched.rules.registry import kinds
from unsched.testing import problems

MIXTURES = int(os.environ.get("UNSCHED_MIXTURES", "500"))
MOST_SCHEDULES = 400
# Facts that forbid much: with these rules off, there is more to choose from.
STRICT = ["available", "booths-enough", "features-present", "interpreters-enough", "room-open", "seats-enough"]


def every_place(problem: Problem) -> list[list[tuple[Interval, str] | None]]:
    """Where each session can stand, shortened or not, or that it stands nowhere."""
    return [
        [*((span, room.id) for span in problem.spans(session) for room in problem.rooms), None]
        for session in problem.sessions
    ]


def every_schedule(problem: Problem) -> list[Schedule]:
    wall = problem.window.wall
    names = [session.id for session in problem.sessions]
    return [
        Schedule(
            problem.id,
            problem.window.zone,
            [
                Booking(name, place[1], wall(place[0].start), wall(place[0].end))
                for name, place in zip(names, choice, strict=True)
                if place is not None
            ],
        )
        for choice in product(*every_place(problem))
    ]


def cost_by_tier(problem: Problem, schedule: Schedule) -> tuple[int, ...] | None:
    found = schedule.breaches(problem)
    if any(breach.hard for breach in found):
        return None
    tiers = sorted({rule.tier for rule in problem.all_rules if isinstance(rule, Preference)})
    return tuple(sum(b.cost for b in found if isinstance(b.rule, Preference) and b.rule.tier == t) for t in tiers)


@st.composite
def mixtures(draw: st.DrawFn) -> Problem:
    """Draw a tiny problem with a few rules of any kind, in any severity, and few enough schedules to look at all."""
    problem = draw(problems(most_sessions=3, most_rooms=2))
    sessions = [evolve(session, available=[Period(None, "01:00", "14:00")]) for session in problem.sessions]
    problem = evolve(problem, sessions=sessions)
    assume(0 < prod(len(places) for places in every_place(problem)) <= MOST_SCHEDULES)
    fit = sorted(kinds().keys() - set(MADE))
    chosen: list[Rule] = []
    for kind in draw(st.lists(st.sampled_from(fit), min_size=1, max_size=4, unique=True)):
        rule = draw(drawn(problem, kind))
        other = draw(turned(rule)) if draw(st.booleans()) else None
        chosen.append(other or rule)
    off = draw(st.lists(st.sampled_from(STRICT), unique=True))
    try:
        return evolve(problem, rules=chosen, off=off)
    except InputError:
        assume(condition=False)
        raise


@settings(max_examples=MIXTURES, deadline=None, suppress_health_check=list(HealthCheck))
@given(mixtures())
def test_no_schedule_is_better_than_the_one_that_is_called_optimal(problem: Problem) -> None:
    result = solve(problem, stop=Effort(20))
    found = [cost for schedule in every_schedule(problem) if (cost := cost_by_tier(problem, schedule)) is not None]
    event(f"{'no' if not found else 'some'} schedule, {'a' if any(result.cost.values()) else 'no'} price")
    if not found:
        assert result.status is Status.INFEASIBLE
        assert result.conflict
    else:
        assert result.status is Status.OPTIMAL
        assert tuple(tier.cost for tier in result.tiers) == min(found)
        assert tuple(tier.bound for tier in result.tiers) == min(found)
