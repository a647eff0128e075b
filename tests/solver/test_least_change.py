"""No repair changes less than the one that is called the least: every schedule of a tiny problem is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import prod

from attrs import evolve
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from unsched import (
    Booking,
    Changes,
    Effort,
    InputError,
    Period,
    Problem,
    RoomLost,
    Schedule,
    SessionResized,
    Status,
    apply,
    repair,
)
from unsched.domain.change import Amendment
from unsched.testing import problems


def every_schedule(facts: Problem) -> Iterable[Schedule]:
    wall = facts.window.wall
    choices = [
        [*((span, room.id) for span in facts.spans(session) for room in facts.rooms), None]
        for session in facts.sessions
    ]
    for choice in product(*choices):
        yield Schedule(
            facts.id,
            facts.window.zone,
            [
                Booking(session.id, place[1], wall(place[0].start), wall(place[0].end))
                for session, place in zip(facts.sessions, choice, strict=True)
                if place is not None
            ],
        )


def change_of(facts: Problem, published: Schedule, schedule: Schedule) -> tuple[int, ...]:
    """Count what has changed, from the bookings alone: people, times, minutes, rooms."""
    told: set[str] = set()
    moved = minutes = rooms = 0
    for session in facts.sessions:
        then, now = published.get(session.id), schedule.get(session.id)
        if then is None or then == now:
            continue
        if now is None or then.start != now.start or then.end != now.end or then.room != now.room:
            people = [
                *session.required,
                *session.invited,
                *session.co_chairs,
                *([session.chair] if session.chair else []),
            ]
            for segment in session.segments:
                people += [*segment.required, *segment.invited]
            for name in people:
                told |= {one.id for one in facts.members[name]} if name in facts.groups_by_id else {name}
        if now is None:
            continue
        lengths = [(one.end - one.start).total_seconds() // 60 for one in (then, now)]
        shorter = lengths[0] != lengths[1] and lengths[0] in session.lengths(facts.window.step)
        moved += then.start.timestamp() != now.start.timestamp() or shorter
        minutes += round(abs(then.start.timestamp() - now.start.timestamp()) / 60)
        rooms += then.room != now.room
    return len(told), moved, minutes, rooms


@st.composite
def upheavals(draw: st.DrawFn) -> tuple[Problem, Changes]:
    facts = draw(problems(most_sessions=3, most_rooms=2))
    sessions = [
        evolve(one, available=[Period(None, "01:00", "14:00")], start=None, room=None) for one in facts.sessions
    ]
    facts = evolve(facts, sessions=sessions, off=["available", "booths-enough", "features-present", "seats-enough"])
    assume(facts.published)
    some: list[Amendment] = []
    for _ in range(draw(st.integers(0, 2))):
        room = draw(st.sampled_from(facts.rooms)).id
        day = draw(st.sampled_from(facts.window.days))
        some.append(RoomLost(room, [Period([day], "00:00", draw(st.sampled_from(["03:00", "11:00"])))]))
    if draw(st.booleans()):
        name = draw(st.sampled_from(facts.sessions)).id
        some.append(SessionResized(name, draw(st.sampled_from([30, 60]))))
    try:
        apply(facts, some)
    except InputError:  # segments that no longer fit
        assume(condition=False)
    return facts, Changes(some)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(upheavals())
def test_no_schedule_changes_less_than_the_one_that_is_called_the_least(upheaval: tuple[Problem, Changes]) -> None:
    facts, changes = upheaval
    published = facts.published
    assert published is not None
    changed = apply(facts, changes)
    size = prod(len(changed.spans(one)) * len(changed.rooms) + 1 for one in changed.sessions)
    assume(size <= 400)
    must = [one.id for one in changed.sessions if not one.optional]
    held = evolve(changed, off=[*changed.off, "every-session-placed"])
    found: list[tuple[tuple[int, ...], ...]] = []
    priorities = sorted({one.priority for one in changed.sessions if not one.optional})
    for schedule in every_schedule(held):
        if any(breach.hard for breach in schedule.breaches(held)):
            continue
        missing = [changed.session(name).priority for name in must if name not in schedule]
        standby = [one for one in changed.sessions if one.optional and one.id in published and one.id not in schedule]
        levels = sorted({one.priority for one in changed.sessions if one.optional and one.id in published})
        dropped = tuple(missing.count(priority) for priority in priorities)
        waiting = tuple(sum(one.priority == level for one in standby) for level in levels)
        found.append((dropped, waiting, change_of(changed, published, schedule)))
    result = repair(facts, published, changes, stop=Effort(20))
    least = min(found)
    event(f"{'some' if any(least[0]) else 'none'} dropped, {'some' if any(least[2]) else 'no'} change")
    assert result.status is Status.OPTIMAL
    assert result.schedule is not None
    costs = {result.meanings[tier.tier]: tier.cost for tier in result.tiers}
    assert tuple(costs.get(f"sessions of priority {one} dropped", 0) for one in priorities) == least[0]
    if any(one.session in changed.sessions_by_id for one in published):
        words = ("people to tell", "sessions at another time", "minutes moved", "sessions in another room")
        counted = {text.partition(",")[0]: cost for text, cost in costs.items()}
        assert tuple(counted[word] for word in words) == least[2]
        assert change_of(changed, published, result.schedule) == least[2]
