from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeAlias

import pytest

from unsched import Period, Session

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


def test_a_session_is_read_from_plain_values() -> None:
    session = Session("wg", "Working Group", 180, tags="open", start="2010-12-17T10:00", blocks="lunch")
    assert (session.tags, session.blocks) == (("open",), ("lunch",))
    assert session.start == datetime(2010, 12, 17, 10)
    assert session.length == 180


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"id": " wg"}, "id", "' wg' is empty or has blanks around it", "a short name without blanks around it."),
        ({"title": None}, "title", "None is not a text", "a text."),
        ({"minutes": 0}, "minutes", "0 is less than 1", "1 or more of minutes."),
        ({"minutes": 90.0}, "minutes", "90.0 is not a whole number of minutes", "a number such as 1."),
        ({"body": 5}, "body", "5 is not a string", "'5'."),
        ({"kind": ""}, "kind", "'' is empty or has blanks around it", "a short name without blanks around it."),
        ({"chair": ["riehl"]}, "chair", "['riehl'] is not a string", "a short name."),
        ({"room": 26}, "room", "26 is not a string", "'26'."),
        ({"tags": ["open", "open"]}, "tags[1]", "'open' comes twice", "leave one out."),
        ({"required": None}, "required", "None is not a list", "put it in brackets: [...]."),
        ({"invited": [7]}, "invited[0]", "7 is not a string", "'7'."),
        ({"languages": {"en": 1, "": 2}}, "languages[1]", "'' is empty or has blanks around it", None),
        ({"blocks": []}, "blocks", "the session may use no block", "leave blocks out to mean 'regular'."),
        ({"side_seats": -5}, "side_seats", "-5 is less than 0", "0 or more of seats."),
        ({"podium_seats": "2"}, "podium_seats", "'2' is not a whole number of seats", "a number such as 1."),
        ({"access": "closed"}, "access", "'closed' is none of 'open', 'members', 'governments'", "'open'."),
        ({"start": "ten"}, "start", "'ten' is not a date and time", "one such as '2010-12-17T10:00'."),
        (
            {"start": date(2010, 12, 17)},
            "start",
            "2010-12-17 is not a date and time",
            "one such as '2010-12-17T10:00'.",
        ),
        (
            {"start": "2010-12-17T10:00:01"},
            "start",
            "2010-12-17T10:00:01 is not in whole minutes",
            "leave the seconds out.",
        ),
        (
            {"start": "1066-10-14T09:00"},
            "start",
            "1066-10-14T09:00:00 is outside the years 1973 to 2199",
            "another year.",
        ),
        ({"priority": -1}, "priority", "-1 is less than 0", "0 or more."),
        ({"within": "week"}, "within", "'week' is none of 'block', 'day'", "'block'."),
        ({"available": [None]}, "available[0]", "None is not a Period", "a Period(...)."),
        ({"description": 5}, "description", "5 is not a text", "put it in quotes."),
        ({"source": 5}, "source", "5 is not a text", "put it in quotes."),
        (
            {"required": ["CHE"], "invited": ["BRA", "CHE"]},
            "invited",
            "'CHE' is required as well",
            "leave it out here.",
        ),
    ],
)
def test_a_wrong_session_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str | None
) -> None:
    [found] = refused(lambda: Session(**{"id": "wg", "title": "Working Group", "minutes": 180, **fields}))
    assert found == (path, message, remedy or found[2])


def test_all_that_is_wrong_with_a_session_is_said_at_once(refused: Refused) -> None:
    fields: dict[str, Any] = {"required": [[]], "invited": [[]], "start": "ten", "available": [Period(), 5]}
    assert [path for path, _, _ in refused(lambda: Session("wg", "Working Group", -1, **fields))] == [
        "minutes",
        "required[0]",
        "invited[0]",
        "start",
        "available[1]",
        "invited",
    ]


def test_an_unknown_length_is_asked_for_in_vain(refused: Refused) -> None:
    session = Session("wg", "Working Group")
    assert session.minutes is None
    remedy = "state an assumption in the problem."
    assert refused(lambda: session.length) == [("minutes", "the length of 'wg' is not known", remedy)]
