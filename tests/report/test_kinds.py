from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import Factory, field, frozen, resolve_types

from unsched import Breach, Constraint, Rule
from unsched.report.kinds import Parameter, describe, description_text, kind_list
from unsched.rules import AtMostTogether, Before, InRoom, Pin, PreferTime, SeatsEnough
from unsched.rules.registry import kinds

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

OWN = {kind: rule for kind, rule in kinds().items() if rule.__module__.startswith("unsched.")}


class Quiet(Constraint):
    __slots__ = ()
    kind: ClassVar[str] = "quiet\x1b[2J"

    def post(self, board: Board) -> None:
        raise NotImplementedError

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        raise NotImplementedError

    def say(self) -> str:
        return "Quiet."


@frozen
class Loud(Quiet):
    """It is loud.

    >>> 1
    1

    Args:
        (in any order)
        level: how loud,
            in decibels.
        hidden: nothing to give.
    """

    kind: ClassVar[str] = "loud"

    level: list[int] = Factory(list)
    since: datetime | None = None
    hidden: int = field(default=0, init=False)


@pytest.mark.parametrize("kind", OWN)
def test_every_rule_of_ours_has_a_sentence_an_example_and_a_text_for_each_parameter(kind: str) -> None:
    one = describe(OWN[kind])
    assert one.sentence.endswith(".")
    assert "\n" not in one.sentence
    assert one.example
    assert all(parameter.text for parameter in one.parameters)


def test_a_constraint_is_described_by_its_docstring_and_fields() -> None:
    one = describe(Before)
    assert (one.kind, one.name, one.label, one.unit) == ("before", "Before", "constraint", "pair of sessions")
    assert one.parameters[0] == Parameter("first", "Select", None, "the earlier sessions.")
    assert one.parameters[3].note == "default None"
    assert one.example == "the regional groups coordinate before the Working Group first meets."


def test_a_standard_rule_is_called_one_and_its_other_paragraphs_are_kept() -> None:
    one = describe(SeatsEnough)
    assert one.label == "standard constraint"
    assert one.parameters == ()
    assert one.body[0].startswith("At the table, the seats of all")


def test_what_a_preference_inherits_comes_last_and_keeps_its_text() -> None:
    names = [parameter.name for parameter in describe(PreferTime).parameters]
    assert names == ["sessions", "periods", "weight", "tier"]
    assert describe(PreferTime).parameters[-1].text.startswith("tiers are satisfied in order")


def test_types_read_the_same_before_and_after_somebody_resolves_them() -> None:
    before = describe(Pin)
    resolve_types(Pin)
    assert describe(Pin) == before
    assert before.parameters[1].type == "datetime | None"


def test_a_foreign_rule_without_docstring_or_fields_is_described_as_far_as_it_goes() -> None:
    one = describe(Quiet)
    assert (one.sentence, one.body, one.parameters, one.example) == ("", (), (), "")


def test_a_foreign_rule_has_its_doctests_and_hidden_fields_left_out() -> None:
    one = describe(Loud)
    assert one.body == ()
    assert one.parameters == (
        Parameter("level", "list[int]", "worked out", "how loud, in decibels."),
        Parameter("since", "datetime | None", "None", ""),
    )


def test_types_that_are_no_text_are_named_without_their_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Loud.__annotations__, "since", datetime | None)
    assert describe(Loud).parameters[1].type == "datetime | None"


def test_the_list_names_every_kind_with_its_sort_unit_and_sentence() -> None:
    lines = kind_list({"before": Before, "seats-enough": SeatsEnough}).splitlines()
    assert lines == [
        "before        constraint, counted by: pair of sessions",
        "    Each session of the first selection ends before any of the second starts.",
        "seats-enough  standard constraint, counted by: missing seat",
        "    A room has the seats of each class that its session needs.",
    ]


def test_no_kinds_make_an_empty_list() -> None:
    assert kind_list({}) == ""


def test_the_text_of_a_preference_says_its_price_and_how_to_select() -> None:
    text = description_text(describe(PreferTime))
    assert text.startswith("prefer-time: preference (class PreferTime)\n\nThe selected sessions lie inside")
    assert "Breaches are counted by: session, each at the price of the weight." in text
    assert "  weight (int, default 1)\n      price of one unit" in text
    assert "A Select says which sessions" in text
    assert "ids, tags, bodies, kinds, delegations, groups" in text.replace("\n", " ")


def test_the_text_of_a_standard_rule_says_how_to_switch_it_off() -> None:
    text = description_text(describe(SeatsEnough))
    assert "off = ['seats-enough'] switches it off." in text
    assert "Parameters" not in text


@pytest.mark.parametrize("rule", [Quiet, Loud])
def test_a_foreign_docstring_sends_nothing_to_the_terminal(rule: type[Rule], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "__doc__", "It is loud\x1b]0;owned\x07.\n\n\x9b2J")
    for text in (description_text(describe(rule)), kind_list({"x": rule})):
        assert all(char.isprintable() for line in text.split("\n") for char in line)


def test_a_rule_that_takes_rooms_says_how_a_file_chooses_them() -> None:
    text = description_text(describe(InRoom))
    assert "A SelectRooms says which rooms" in text
    assert "A Select says which sessions" in text
    assert "SelectRooms says" not in description_text(describe(AtMostTogether))
