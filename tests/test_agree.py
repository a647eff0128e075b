"""The keystone: for every rule, what is told to the solver agrees with what is checked.

`make agree` holds them against each other on 10,000 triples of a rule, a problem and a schedule, all at random.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import frozen
from drawing import drawn, turned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unsched import Breach, Constraint, Preference, Problem, Room, Rule, Session, Venue, Window
from unsched.rules.registry import kinds
from unsched.testing import agree, problems, schedules

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

# An example has four triples, or three where a rule cannot be turned.
EXAMPLES = -(-int(os.environ.get("UNSCHED_TRIPLES", "2400")) // (4 * len(kinds()) - 1))


@pytest.mark.parametrize("kind", kinds())
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(data=st.data())
def test_the_solver_and_the_check_agree_on_a_rule(kind: str, data: st.DataObject) -> None:
    problem = data.draw(problems())
    rule = data.draw(drawn(problem, kind))
    agree(rule, problem, data.draw(schedules(problem)))
    agree(rule, problem, schedules=2, seed=data.draw(st.integers(0, 999)))
    other_way = data.draw(turned(rule))
    if other_way is not None:
        agree(other_way, problem, schedules=1, seed=data.draw(st.integers(0, 999)))


@frozen
class Deaf(Constraint):
    """A faulty rule: its post forgets what its check remembers."""

    kind: ClassVar[str] = "deaf"

    def post(self, board: Board) -> None:
        """Say nothing."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Refuse everything."""
        for one in timetable.placed:
            yield Breach(self, (one.session.id,), 1, "It stands.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Nothing stands."


@frozen
class Dear(Preference):
    """A faulty rule: its post pays twice what its check counts."""

    kind: ClassVar[str] = "dear"

    def post(self, board: Board) -> None:
        """Price each session twice."""
        for session in board.problem.sessions:
            board.prefer(self, board.placed(session) + board.placed(session))

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count each session once."""
        for one in timetable.placed:
            yield Breach(self, (one.session.id,), 1, "It stands.")

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Nothing stands."


@pytest.mark.parametrize(("rule", "verdict"), [(Deaf(), "accepts this"), (Dear(), "counts 4, the check 2")])
def test_a_rule_whose_post_and_check_differ_is_found_out(rule: Rule, verdict: str) -> None:
    window = Window("UTC", ["2010-12-17"], step=60)
    problem = Problem("p", window, Venue([Room("I")]), [Session("a", "A", 120), Session("b", "B", 60)])
    with pytest.raises(AssertionError, match=verdict):
        agree(rule, problem, schedules=20)


def test_every_rule_is_a_constraint_or_has_a_price() -> None:
    assert all(issubclass(rule, Constraint | Preference) for rule in kinds().values())
