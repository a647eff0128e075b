from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import frozen

from unsched import (
    Breach,
    Constraint,
    register,
)
from unsched.cli import main

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board


def test_rules_lists_every_kind_with_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    text = capsys.readouterr().out
    assert "one-session-per-room  standard constraint, counted by: pair of sessions\n    A room holds one" in text
    assert "end-early             preference, counted by: open minute\n" in text


def test_rules_explains_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "before"]) == 0
    text = capsys.readouterr().out
    assert "  greatest (int | None, default None)\n      greatest such minutes, or `None`.\n" in text
    assert "Example: the regional groups coordinate" in text


def test_an_unknown_kind_is_bad_input_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "bfore"]) == 2
    assert "there is no kind of rule 'bfore'\n    Maybe 'before'." in capsys.readouterr().err
    assert main(["rules", "\x1bzzz"]) == 2
    assert "Maybe one of those that 'unsched rules' lists." in capsys.readouterr().err


def test_a_registered_rule_is_listed_and_explained_and_in_the_schema(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unsched.rules.registry._by_hand", {})

    @register
    @frozen
    class Quiet(Constraint):
        """Nobody speaks."""

        kind: ClassVar[str] = "quiet"

        def post(self, board: Board) -> None:
            raise NotImplementedError

        def check(self, timetable: Timetable) -> Iterator[Breach]:
            raise NotImplementedError

        def say(self) -> str:
            raise NotImplementedError

    assert main(["rules"]) == 0
    assert "quiet                 constraint, counted by: breach\n    Nobody speaks.\n" in capsys.readouterr().out
    assert main(["rules", "quiet"]) == 0
    assert capsys.readouterr().out.startswith("quiet: constraint (class Quiet)\n\nNobody speaks.\n")
    assert main(["schema"]) == 0
    assert '"quiet"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "tag"),
    [([], "unsched/problem/1"), (["problem"], "unsched/problem/1"), (["schedule"], "unsched/schedule/1")],
)
def test_schema_prints_the_json_schema(arguments: list[str], tag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["schema"]["const"] == tag
