from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import EVERY, Select
from unsched.domain.select import to_select

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        (EVERY, "every session"),
        (Select("a"), "'a'"),
        (Select(["a", "b", "c"]), "'a', 'b' or 'c'"),
        (Select(["a", "b"], tags="open"), "every session among 'a' or 'b' and tagged 'open'"),
        (Select(bodies="CSTD", kinds=["plenary"]), "every session of body 'CSTD' and of kind 'plenary'"),
        (Select(delegations="CHE"), "every session that concerns 'CHE'"),
        (Select(groups=["WEOG", "GRULAC"]), "every session that concerns a member of 'WEOG' or 'GRULAC'"),
    ],
)
def test_a_selector_says_itself(selector: Select, text: str) -> None:
    assert str(selector) == text


def test_a_selector_knows_the_fields_that_restrict() -> None:
    assert EVERY.given == {}
    assert Select("a", groups=["WEOG"]).given == {"ids": ("a",), "groups": ("WEOG",)}


def test_ids_make_a_selector() -> None:
    assert to_select("a") == to_select(["a"]) == to_select(iter("a")) == Select("a")
    assert to_select(EVERY) is EVERY


@pytest.mark.parametrize(
    ("value", "path", "message", "remedy"),
    [
        ([], "ids", "an empty list picks no session", "Select() for every session."),
        (None, "ids", "None is not a list", "put it in brackets: [...]."),
        ([1], "ids[0]", "1 is not a string", "'1'."),
        (["a", "a"], "ids[1]", "'a' comes twice", "leave one out."),
    ],
)
def test_what_picks_no_sessions_by_mistake_is_refused(
    refused: Refused, value: list[Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: to_select(value)) == [(path, message, remedy)]


def test_each_field_of_a_selector_is_checked(refused: Refused) -> None:
    fields: dict[str, Any] = {name: [5] for name in ("ids", "tags", "bodies", "kinds", "delegations", "groups")}
    assert refused(lambda: Select(**fields)) == [(f"{name}[0]", "5 is not a string", "'5'.") for name in fields]
