"""The solver's optimum is the true optimum: every schedule of a tiny problem is looked at."""

from __future__ import annotations

from itertools import product

from attrs import evolve
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from unsched import Booking, Effort, InputError, Period, Preference, Problem, Rule, Schedule, Status, rules, solve
from unsched.testing import periods, problems

MOST_SCHEDULES = 3_000


def every_schedule(problem: Problem) -> list[Schedule]:
    places = [
        [(session, start, room) for start in problem.starts(session) for room in problem.rooms]
        for session in problem.sessions
    ]
    wall = problem.window.wall
    return [
        Schedule(
            "drawn", problem.window.zone, [Booking(s.id, room.id, wall(t), wall(t + s.length)) for s, t, room in choice]
        )
        for choice in product(*places)
    ]


def cost_by_tier(problem: Problem, schedule: Schedule) -> tuple[int, ...] | None:
    found = schedule.breaches(problem)
    if any(breach.hard for breach in found):
        return None
    tiers = sorted({rule.tier for rule in problem.all_rules if isinstance(rule, Preference)})
    return tuple(sum(b.cost for b in found if isinstance(b.rule, Preference) and b.rule.tier == t) for t in tiers)


@st.composite
def mixtures(draw: st.DrawFn) -> Problem:
    """Draw a tiny problem with a few rules of its own, and few enough starts to look at all schedules."""
    problem = draw(problems(most_sessions=3, most_rooms=2))
    names = [session.id for session in problem.sessions]
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    price = {"weight": st.integers(1, 3), "tier": st.integers(1, 2)}
    wish = st.one_of(
        st.builds(rules.EndEarly, some, st.sampled_from(["last", "each"]), **price),
        st.builds(rules.InvitedCanAttend, some, **price),
        st.builds(rules.KeepRoom, **price),
        st.builds(rules.KeepStart, **price),
        st.builds(rules.PreferRoom, some, st.just(problem.rooms[0].id), **price),
        st.builds(rules.PreferTime, some, st.lists(periods(), min_size=1, max_size=1), **price),
        st.builds(rules.SameRoom, some, **price),
        st.builds(rules.AtMostTogether, st.integers(1, 2), some),
        st.builds(rules.NotTogether, some),
    )
    chosen: list[Rule] = draw(st.lists(wish, min_size=1, max_size=3, unique_by=lambda rule: rule.kind))
    if len(names) > 1 and draw(st.booleans()):
        chosen.append(rules.Before(names[0], names[-1], draw(st.sampled_from([0, 30]))))
    # Most drawn facts forbid something; switching some rules off leaves more to choose from.
    off = draw(
        st.lists(st.sampled_from(["available", "booths-enough", "features-present", "seats-enough"]), unique=True)
    )
    sessions = [evolve(session, available=[Period(None, "01:00", "14:00")]) for session in problem.sessions]
    try:
        mixed = evolve(problem, sessions=sessions, rules=chosen, off=off)
    except InputError:
        assume(condition=False)
    count = 1
    for session in problem.sessions:
        count *= len(problem.starts(session)) * len(problem.rooms)
    assume(0 < count <= MOST_SCHEDULES)
    return mixed


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
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
