from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Contact, Delegation, Group, Period, Person

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]
MAIL = "an address such as 'office@example.org'."


@pytest.mark.parametrize("cls", [Group, Delegation, Person])
def test_people_read_a_name_or_else_the_id(cls: type[Any]) -> None:
    assert cls("CHE").label == "CHE"
    assert cls("CHE", "Switzerland").label == "Switzerland"


@pytest.mark.parametrize("cls", [Group, Delegation, Person])
@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"id": None}, "id", "None is not a string", "a short name."),
        ({"name": ["x"]}, "name", "['x'] is not a text", "put it in quotes."),
        ({"mail": "office"}, "mail", "'office' is not a mail address", MAIL),
        ({"mail": "a@b.org\nBcc: c@d.org"}, "mail", "'a@b.org\\nBcc: c@d.org' is not a mail address", MAIL),
    ],
)
def test_a_wrong_party_names_field_and_value(
    refused: Refused, cls: type[Any], fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: cls(**{"id": "CHE", **fields})) == [(path, message, remedy)]


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"size": 0}, "size", "0 is less than 1", "1 or more of sessions at once."),
        ({"size": True}, "size", "True is not a whole number of sessions at once", "a number such as 1."),
        ({"groups": ["WEOG", 5]}, "groups[1]", "5 is not a string", "'5'."),
        ({"table_seats": -1}, "table_seats", "-1 is less than 0", "0 or more of seats."),
        ({"side_seats": 0.5}, "side_seats", "0.5 is not a whole number of seats", "a number such as 1."),
        ({"available": Period()}, "available", f"{Period()!r} is not a list", "put it in brackets: [...]."),
        ({"available": ["monday"]}, "available[0]", "'monday' is not a Period", "a Period(...)."),
        ({"source": 2}, "source", "2 is not a text", "put it in quotes."),
    ],
)
def test_a_wrong_delegation_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    found = refused(lambda: Delegation(**{"id": "CHE", **fields}))
    assert [(path, message.replace("\n", " "), remedy) for path, message, remedy in found] == [(path, message, remedy)]


def test_a_delegation_of_one_sits_at_the_table_unless_it_says_otherwise() -> None:
    one = Delegation("CHE", groups="WEOG")
    assert (one.size, one.table_seats, one.side_seats, one.groups, one.available) == (1, 1, 0, ("WEOG",), None)


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"delegation": ""}, "delegation", "'' is empty or has blanks around it"),
        ({"available": 5}, "available", "5 is not a list"),
    ],
)
def test_a_wrong_person_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str
) -> None:
    assert [fault[:2] for fault in refused(lambda: Person(**{"id": "chair", **fields}))] == [(path, message)]


def test_all_that_is_wrong_with_a_contact_is_said_at_once(refused: Refused) -> None:
    fields: dict[str, Any] = {"name": None, "mail": None}
    assert refused(lambda: Contact(**fields)) == [
        ("name", "None is not a text", "a text."),
        ("mail", "None is not a mail address", MAIL),
    ]
    assert Contact("Secretariat", "office@example.org").mail == "office@example.org"
