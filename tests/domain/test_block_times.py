from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from unsched import Delegation, InputError, Period, Person, Problem, Room, Session, Venue, Window
from unsched.domain.block_times import Span, _extent, block_times
from unsched.domain.interval import Interval, merge
from unsched.palais import cstd_2010

# Clocks go forward and back, at midnight too, and by half an hour.
ZONES = ["UTC", "Europe/Zurich", "America/Havana", "Australia/Lord_Howe", "Africa/Casablanca"]
DAYS = ["2026-03-08", "2026-03-28", "2026-03-29", "2026-10-04", "2026-10-24", "2026-10-25", "2026-11-01"]


def small(zone: str = "UTC", day: str = "2010-12-17", **more: object) -> Problem:
    people = {"delegations": [Delegation("CH")], "persons": [Person("ann", available=[Period(None, "09:00", "17:00")])]}
    return Problem("p", Window(zone, [day]), Venue([Room("I"), Room("II")]), [Session("a", "A", 60)], **(people | more))  # type: ignore[arg-type]


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2010, 12, 17, hour, minute, second, tzinfo=UTC)


def minutes(window: Window, spans: list[Span]) -> tuple[Interval, ...]:
    minute = timedelta(minutes=1)
    return merge(Interval((a - window.origin) // minute, -((window.origin - b) // minute)) for a, b in spans)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(DAYS),
    st.lists(st.tuples(st.integers(-1500, 3000), st.integers(1, 900)), min_size=1, max_size=5),
)
def test_a_room_is_closed_for_all_the_time_that_it_is_taken_and_little_more(
    zone: str, day: str, given_: list[tuple[int, int]]
) -> None:
    problem = small(zone, day)
    window = problem.window
    begin = [(window.origin + timedelta(minutes=start), length) for start, length in given_]
    spans = [(start, start + timedelta(minutes=length)) for start, length in begin]
    changed = block_times(problem, rooms={"I": spans}, parties={"CH": spans, "ann": spans})
    closed = window.intervals(changed.rooms[0].closed)
    # The days of the window, the one before and the one after are all that anything can touch.
    whole = _extent(window)
    cut = (Interval(max(one.start, whole.start), min(one.end, whole.end)) for one in minutes(window, spans))
    here = [one for one in cut if one.start < one.end]
    for one in here:
        assert any(stretch.holds(one) for stretch in closed)
    lost = sum(one.minutes for one in closed) - sum(one.minutes for one in here)
    assert lost <= 120
    assert changed.rooms[1] == problem.rooms[1]
    for name in ("CH", "ann"):
        party = {**changed.delegations_by_id, **changed.persons_by_id}[name]
        there = changed.present(party)  # type: ignore[arg-type]
        if not here:
            assert party in {*problem.delegations, *problem.persons}
            continue
        assert there is not None
        assert not any(part.overlaps(one) for part in there for one in here)
    # And nobody is there who was not.
    assert all(
        any(old.holds(part) for old in window.intervals(problem.persons[0].available or ()))
        for part in changed.present(changed.persons[0]) or ()
    )


def test_any_part_of_a_minute_takes_all_of_it() -> None:
    changed = block_times(small(), rooms={"I": [(at(10, 0, 59), at(10, 1, 1))]})
    assert [str(one) for one in changed.rooms[0].closed] == ["2010-12-17 10:00-10:02"]


def test_who_is_away_all_day_is_never_there() -> None:
    always = [(datetime(2010, 1, 1, tzinfo=UTC), datetime(2011, 1, 1, tzinfo=UTC))]
    changed = block_times(small(), parties={"CH": always})
    assert changed.delegations[0].available == ()
    assert changed.present(changed.delegations[0]) == ()


def test_nothing_taken_changes_nothing() -> None:
    problem = small()
    assert block_times(problem, rooms={"I": []}, parties={"ann": []}) == problem


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(InputError) as raised:
        block_times(
            small(),
            rooms={"III": [], "I": [(at(10), at(9)), (datetime(2010, 1, 1), at(3)), 7]},  # type: ignore[list-item]
            parties={"DE": []},
        )
    assert len(raised.value.faults) == 5
    assert "'III'" in str(raised.value)


def test_assumptions_of_the_problem_stay_what_they_are() -> None:
    problem = cstd_2010()
    room = problem.rooms[0].id
    taken = datetime(2010, 12, 15, 9, tzinfo=UTC), datetime(2010, 12, 15, 12, tzinfo=UTC)
    changed = block_times(problem, rooms={room: [taken]})
    assert changed.assumptions == problem.assumptions
    assert changed.rooms[1:] == problem.rooms[1:]
    assert changed.rooms[0] == evolve(problem.rooms[0], closed=changed.rooms[0].closed)
