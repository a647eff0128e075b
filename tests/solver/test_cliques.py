"""Cliques of intervals, against every instant looked at one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unsched.solver.cliques import cliques

spans = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


@given(spans)
def test_every_instant_is_inside_a_clique_and_every_clique_is_at_an_instant(pairs: list[tuple[int, int]]) -> None:
    found = [set(group) for group in cliques((start, end, index) for index, (start, end) in enumerate(pairs))]
    instants = [{i for i, (start, end) in enumerate(pairs) if start <= now < end} for now in range(30)]
    assert all(any(running <= group for group in found) for running in instants if running)
    assert all(group in instants for group in found)


@given(spans)
def test_no_clique_lies_inside_another(pairs: list[tuple[int, int]]) -> None:
    found = [set(group) for group in cliques((start, end, index) for index, (start, end) in enumerate(pairs))]
    assert not any(a <= b for i, a in enumerate(found) for j, b in enumerate(found) if i != j)


def test_a_session_that_starts_as_another_ends_is_in_no_clique_with_it() -> None:
    assert list(cliques([(0, 60, "a"), (60, 120, "b")])) == [["a"], ["b"]]
