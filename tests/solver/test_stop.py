"""Stops: what they limit, and how they combine."""

from __future__ import annotations

from math import inf

import pytest

from unsched import Effort, FirstSchedule, InputError, Progress, Stop, TimeLimit

PROGRESS = Progress(tier=1, cost=3, bound=1, seconds=0.5, schedules=2)


def test_a_combination_has_the_least_limit_of_each_kind() -> None:
    stop = TimeLimit(30) | Effort(5) | TimeLimit(20)
    assert (stop.seconds, stop.effort) == (20, 5)


def test_a_time_limit_alone_sets_no_limit_to_effort_and_is_never_content() -> None:
    assert TimeLimit(3).effort == inf
    assert not TimeLimit(3).reached(PROGRESS)


def test_a_combination_is_content_when_a_part_of_it_is() -> None:
    assert (TimeLimit(3) | FirstSchedule()).reached(PROGRESS)
    assert not (TimeLimit(3) | Effort(1)).reached(PROGRESS)


def test_a_stop_of_ones_own_needs_to_say_only_what_it_is_about() -> None:
    class GoodEnough(Stop):
        def reached(self, progress: Progress) -> bool:
            return progress.cost <= 3

    stop = GoodEnough() | TimeLimit(9)
    assert stop.reached(PROGRESS)
    assert stop.seconds == 9


@pytest.mark.parametrize("limit", [0, -1, inf, "60", True, None])
def test_a_limit_that_is_no_positive_number_of_seconds_is_refused(limit: object) -> None:
    for stop in (TimeLimit, Effort):
        with pytest.raises(InputError, match="is not a positive number of seconds"):
            stop(limit)  # type: ignore[arg-type]
