from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Equipment, Period, Team

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


def test_a_team_is_always_there_and_its_number_is_not_known_unless_it_says_so() -> None:
    team = Team("fr-1", "fr")
    assert (team.interpreters, team.available, team.source) == (None, None, None)
    assert Team("fr-1", "fr", 2, [Period(["2010-12-17"])]).available == (Period(["2010-12-17"]),)


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"id": ""}, "id", "'' is empty or has blanks around it", "a short name without blanks around it."),
        ({"language": 4}, "language", "4 is not a string", "'4'."),
        ({"interpreters": 0}, "interpreters", "0 is less than 1", "1 or more of interpreters."),
        ({"available": ["monday"]}, "available[0]", "'monday' is not a Period", "a Period(...)."),
        ({"source": 2}, "source", "2 is not a text", "put it in quotes."),
    ],
)
def test_a_wrong_team_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Team(**{"id": "fr-1", "language": "fr", **fields})) == [(path, message, remedy)]


def test_equipment_is_a_number_of_units() -> None:
    kit = Equipment("captioning", 2, "Mobile captioning")
    assert (kit.units, kit.name) == (2, "Mobile captioning")
    assert Equipment("captioning", 0).units == 0


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"id": " kit"}, "id", "' kit' is empty or has blanks around it", "a short name without blanks around it."),
        ({"units": None}, "units", "None is not a whole number of units", "a number such as 1."),
        ({"units": -1}, "units", "-1 is less than 0", "0 or more of units."),
        ({"name": 3}, "name", "3 is not a text", "put it in quotes."),
        ({"source": 3}, "source", "3 is not a text", "put it in quotes."),
    ],
)
def test_wrong_equipment_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: Equipment(**{"id": "kit", "units": 1, **fields})) == [(path, message, remedy)]
