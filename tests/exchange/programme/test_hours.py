from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from unsched import Window
from unsched.exchange.programme.hours import joined, opening_of, periods_of, without

ZONE = ZoneInfo("Europe/Zurich")
# From the day before the clocks go forward, or back.
BASES = st.sampled_from([datetime(2024, 3, 30, tzinfo=UTC), datetime(2024, 10, 26, tzinfo=UTC)])
STRETCHES = st.lists(
    st.tuples(st.integers(0, 4 * 24 * 4), st.integers(1, 30 * 4)).map(
        lambda one: (15 * one[0], 15 * (one[0] + one[1]))
    ),
    min_size=1,
    max_size=6,
)


def spans(base: datetime, stretches: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    return [(base + timedelta(minutes=start), base + timedelta(minutes=end)) for start, end in stretches]


def total(several: Iterable[tuple[datetime, datetime]]) -> timedelta:
    return sum((end - start for start, end in several), timedelta())


@given(base=BASES, stretches=STRETCHES)
def test_blocks_cover_every_stretch_in_any_night(base: datetime, stretches: list[tuple[int, int]]) -> None:
    wanted = spans(base, stretches)
    opening = opening_of(wanted, ZONE)
    window = Window(ZONE.key, opening.days, opening.blocks, 15)
    open_time = [
        (window.wall(one.start).astimezone(UTC), window.wall(one.end).astimezone(UTC)) for one in window.open_time
    ]
    for start, end in wanted:
        assert any(first <= start and end <= last for first, last in joined(open_time, touching=True))
        assert not opening.holds((start, end)) or any(
            window.wall(block.span.start) <= start and end <= window.wall(block.span.end)
            for block in window.open_blocks
        )
        assert end - start > timedelta(hours=11) or opening.holds((start, end))


@given(base=BASES, stretches=STRETCHES)
@example(base=datetime(2024, 3, 30, tzinfo=UTC), stretches=[(60, 1500)])
def test_periods_say_the_same_stretches_by_the_wall_clock(base: datetime, stretches: list[tuple[int, int]]) -> None:
    wanted = joined(spans(base, stretches), touching=True)
    window = Window(ZONE.key, ["2024-03-29", "2024-11-05"], step=15)
    found = [
        (window.wall(one.start).astimezone(UTC), window.wall(one.end).astimezone(UTC))
        for one in window.intervals(periods_of(wanted, ZONE))
    ]
    for start, end in wanted:
        assert any(first <= start and end <= last for first, last in found)
    # Longer they are only where a wall clock comes twice, and so cannot say which of the two is meant.
    over = total(found) - total(wanted)
    assert timedelta(0) <= over <= timedelta(hours=2)


def test_what_is_left_of_a_day_without_its_breaks() -> None:
    noon = datetime(2024, 2, 3, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    day = (noon - 2 * hour, noon + 2 * hour)
    breaks = [(noon, noon + hour), (noon - 3 * hour, noon - hour)]
    assert without([day], breaks) == ((noon - hour, noon), (noon + hour, noon + 2 * hour))
