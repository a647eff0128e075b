"""Leaving out what is not needed."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from unsched.solver.minimal import minimal

causes = st.lists(st.frozensets(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=4)


@given(causes, st.permutations(range(10)))
def test_what_is_left_conflicts_and_nothing_more_can_be_left_out(wrong: list[frozenset[int]], order: list[int]) -> None:
    def conflicting(some: Sequence[int]) -> bool:
        return any(cause <= set(some) for cause in wrong)

    found = minimal(order, conflicting)
    assert conflicting(found)
    assert not any(conflicting([one for one in found if one != left]) for left in found)


@given(causes)
def test_few_questions_are_asked_where_little_matters(wrong: list[frozenset[int]]) -> None:
    asked = []

    def conflicting(some: Sequence[int]) -> bool:
        asked.append(some)
        return wrong[0] <= set(some)

    minimal(range(1000), conflicting)
    assert len(asked) <= 2 + len(wrong[0]) * 22


def test_a_background_that_conflicts_by_itself_needs_nothing_more() -> None:
    assert minimal([1, 2], lambda some: 0 in some, [0]) == ()
