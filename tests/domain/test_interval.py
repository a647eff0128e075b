from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from unsched.domain.interval import Interval, merge


def test_an_interval_holds_its_start_and_not_its_end() -> None:
    morning = Interval(600, 780)
    assert morning.minutes == 180
    assert not morning.overlaps(Interval(780, 800))
    assert not morning.overlaps(Interval(500, 600))
    assert morning.overlaps(Interval(779, 800))
    assert morning.holds(morning)
    assert morning.holds(Interval(600, 700))
    assert not morning.holds(Interval(599, 700))
    assert not morning.holds(Interval(700, 781))


INTERVALS = st.lists(st.builds(Interval, st.integers(0, 30), st.integers(0, 30)))


@given(INTERVALS)
def test_merged_intervals_hold_the_same_minutes_and_lie_apart(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    held = {minute for one in intervals for minute in range(one.start, one.end)}
    assert {minute for one in merged for minute in range(one.start, one.end)} == held
    assert all(one.end < other.start for one, other in pairwise(merged))
    assert all(one.minutes > 0 for one in merged)
