from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import frozen

from unsched import Breach, Constraint, Preference, Problem, Room, Rule, Session, Venue, Window, rules
from unsched.rules.registry import kinds

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board


@frozen
class Quiet(Preference):
    """A preference that says nothing but what it must."""

    kind: ClassVar[str] = "quiet"

    def post(self, board: Board) -> None:
        """Say nothing."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Find nothing."""
        yield from ()

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Quiet."


def test_a_constraint_has_no_price_and_a_preference_one_by_its_weight() -> None:
    hard = Breach(rules.RoomOpen(), ("a",), 3, "It is shut.")
    soft = Breach(Quiet(weight=4), ("a", "b"), 3, "It is loud.")
    assert (hard.hard, hard.cost, str(hard)) == (True, 0, "It is shut.")
    assert (soft.hard, soft.cost, str(soft)) == (False, 12, "It is loud. (cost 12)")
    assert (Quiet().weight, Quiet().tier) == (1, 1)


def test_a_rule_finds_no_fault_in_a_problem_unless_it_looks_for_some() -> None:
    problem = Problem("p", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), [Session("a", "A", 60)], rules=[Quiet()])
    assert list(Quiet().faults_in(problem)) == []
    assert problem.all_rules[-1] == Quiet()


@pytest.mark.parametrize("cls", [Rule, Constraint, Preference])
def test_a_rule_without_its_three_sentences_is_abstract(cls: type[Rule]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        cls()


@pytest.mark.parametrize("kind", kinds())
def test_every_rule_has_a_kind_a_unit_and_a_docstring_of_its_own(kind: str) -> None:
    rule = kinds()[kind]
    assert rule.kind == kind == kind.lower().strip("-")
    assert rule.unit
    text = rule.__doc__ or ""
    assert text.splitlines()[0].endswith((".", ";"))
    assert "Example: " in text


def test_every_rule_can_be_imported_from_the_folder_of_rules() -> None:
    assert all(getattr(rules, rule.__name__) is rule for rule in kinds().values())
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _ = rules.Nonsense  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="_private"):
        _ = rules._private  # type: ignore[attr-defined]
