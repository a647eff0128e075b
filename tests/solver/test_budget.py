"""What may still be spent, and what is told."""

from __future__ import annotations

import time
from math import inf

import pytest

from unsched import Cancel, Effort, FirstSchedule, Gap, NoImprovement, Progress, TimeLimit
from unsched.solver.budget import Budget
from unsched.solver.tiers import TierGroup

GROUP = TierGroup({1: 100, 2: 1})


def test_what_is_left_is_what_is_not_spent() -> None:
    budget = Budget(TimeLimit(60) | Effort(5))
    budget.begun -= 20
    budget.effort_used = 2.0
    assert 39 < budget.seconds_left <= 40
    assert budget.effort_left == 3.0
    assert not budget.over()
    budget.effort_used = 5.0
    assert budget.over()
    assert not budget.called_off(), "effort is a limit; nobody has called anything off"


def test_only_a_limit_to_effort_is_repeatable() -> None:
    assert not Budget(TimeLimit(60)).repeatable
    assert Budget(TimeLimit(60) | Effort(5)).repeatable
    assert Budget(TimeLimit(60)).effort_left == inf


def test_time_that_is_up_calls_it_off() -> None:
    budget = Budget(TimeLimit(60))
    assert not budget.called_off()
    budget.begun -= 61
    assert budget.called_off()
    assert budget.over()


def test_an_interrupt_or_a_cancel_calls_it_off() -> None:
    budget = Budget(TimeLimit(60))
    budget.interrupted = True
    assert budget.called_off()
    cancel = Cancel()
    budget = Budget(TimeLimit(60) | cancel)
    assert not budget.called_off()
    cancel.cancel()
    assert budget.called_off()


def test_patience_begins_with_a_schedule() -> None:
    budget = Budget(NoImprovement(10))
    budget.begun -= 100
    assert not budget.called_off()
    budget.tell(GROUP, 342, 0, "start", better=True)
    assert not budget.called_off()
    budget.last_better = time.monotonic() - 11
    assert budget.called_off()
    budget.tell(GROUP, 342, 200, "bound", better=False)
    assert budget.called_off(), "a better bound is no better schedule"
    budget.tell(GROUP, 341, 200, "search", better=True)
    assert not budget.called_off()


def test_progress_is_of_the_first_tier_that_is_not_proven() -> None:
    told: list[Progress] = []
    budget = Budget(TimeLimit(60), told.append)
    budget.tell(GROUP, 342, 150, "search", better=True)
    budget.tell(GROUP, 342, 330, "bound", better=False)
    budget.tell(GROUP, 342, 342, "bound", better=False)
    assert [(one.tier, one.cost, one.bound) for one in told] == [(1, 3, 1), (2, 42, 30), (2, 42, 42)]
    assert [one.schedules for one in told] == [1, 1, 1]
    assert [one.source for one in told] == ["search", "bound", "bound"]
    assert all(one.costs == {1: 3, 2: 42} for one in told)


def test_where_nothing_is_improved_no_cost_is_told() -> None:
    told: list[Progress] = []
    budget = Budget(FirstSchedule(), told.append)
    assert not budget.tell(None, 0, 0, "start", better=True)
    assert (told[0].tier, told[0].cost, told[0].schedules) == (None, 0, 1)


def test_costs_that_are_counted_in_part_are_nobodys_business_but_the_stops() -> None:
    told: list[Progress] = []
    budget = Budget(Gap(0.5), told.append)
    assert budget.tell(GROUP, 342, 299, "search", better=True, partial=True)
    assert (told[0].tier, dict(told[0].costs)) == (None, {})
    assert budget.content


@pytest.mark.parametrize(("below", "content"), [(100, False), (299, True)])
def test_a_stop_that_is_reached_is_content(below: int, *, content: bool) -> None:
    budget = Budget(Gap(0.5))
    assert budget.tell(GROUP, 342, below, "search", better=True) is content
    assert budget.content is content
