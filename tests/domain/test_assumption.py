from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Assumption, Delegation, Period, Room, Seats, Session
from unsched.domain.assumption import assume

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


def about(field: str, value: int | str | tuple[str, ...], of: str = "room", id: str = "XXVI") -> Assumption:
    return Assumption("as good as any", of, id, field, value)


def test_an_assumption_says_itself() -> None:
    assert str(Assumption("The Chair agrees.")) == "The Chair agrees."
    assert str(about("seats.table", 150)) == "room XXVI: seats.table = 150 (as good as any)"
    assert str(about("languages", ("en", "fr"), "session", "wg")) == "session wg: languages = en, fr (as good as any)"


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"why": ""}, "why", "an assumption without a reason", "say what speaks for it."),
        ({"why": None}, "why", "None is not a text", "a text."),
        ({"of": None}, "of", "it is missing, while 'id' is given", "give of, id, field and value."),
        ({"value": None}, "value", "it is missing, while 'of' is given", "give of, id, field and value."),
        ({"of": "table"}, "of", "'table' is none of 'room', 'session', 'delegation', 'person'", "'room'."),
        ({"id": 26}, "id", "26 is not a string", "'26'."),
        ({"field": ["booths"]}, "field", "['booths'] is not a string", "a short name."),
        ({"value": True}, "value", "True is no number, text or list", "a number, a text or a list of texts."),
        ({"value": 1.5}, "value", "1.5 is no number, text or list", "a number, a text or a list of texts."),
        ({"value": ("en", 5)}, "value[1]", "5 is not a string", "'5'."),
    ],
)
def test_a_wrong_assumption_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    good = {"why": "so", "of": "room", "id": "XXVI", "field": "booths", "value": 5}
    assert refused(lambda: Assumption(**{**good, **fields})) == [(path, message, remedy)]


def test_what_is_unknown_is_filled_and_all_else_stays() -> None:
    rooms = (Room("XII", booths=8), Room("XXVI", seats=Seats(podium=9)))
    assumptions = [
        about("booths", 5),
        about("seats.table", 150),
        about("minutes", 60, "session"),
        Assumption("A remark."),
    ]
    filled, faults = assume(rooms, assumptions, "room")
    assert not faults
    assert filled == (rooms[0], Room("XXVI", seats=Seats(podium=9, table=150), booths=5))


def test_the_same_value_as_what_is_known_is_no_contradiction() -> None:
    [room], faults = assume([Room("XXVI", booths=5)], [about("booths", 5), about("booths", 5)], "room")
    assert not faults
    assert room.booths == 5


@pytest.mark.parametrize(
    ("assumption", "path", "message", "remedy"),
    [
        (about("booths", 5, id="XXVII"), "id", "there is no room 'XXVII'", "'XXVI'."),
        (about("booths", 5, id="nowhere"), "id", "there is no room 'nowhere'", None),
        (about("booth", 5), "field", "'booth' is no field of a Room", "'booths'."),
        (about("id", "XX"), "field", "'id' is no field of a Room", None),
        (about("seats.tables", 5), "field", "'tables' is no field of a Seats", "'table'."),
        (about("booths.many", 5), "field", "'booths' has no field 'many'", "'booths'."),
        (about("setup_minutes", 5), "value", "setup_minutes is known to be 0", "leave the assumption out."),
        (about("seats.podium", 5), "value", "podium is known to be 9", "leave the assumption out."),
        (about("booths", "five"), "value", "'five' is not a whole number of booths", "a number such as 1."),
        (about("seats.table", -1), "value", "-1 is less than 0", "0 or more of seats."),
        (about("hours", "always"), "value", "'a' is not a Period", "a Period(...)."),
        (about("hours", 5), "value", "5 is not a list", "put it in brackets: [...]."),
        (about("valid_from", "soon"), "value", "'soon' is not a date", "a date such as '2010-12-17'."),
    ],
)
def test_an_assumption_that_does_not_fit_is_refused(
    assumption: Assumption, path: str, message: str, remedy: str | None
) -> None:
    rooms = (Room("XXVI", seats=Seats(podium=9)),)
    filled, faults = assume(rooms, [Assumption("A remark."), assumption], "room")
    assert filled == rooms
    fault = faults[0]
    assert (fault.path, fault.message) == (f"assumptions[1].{path}", message)
    assert fault.remedy == remedy or (path == "field" and remedy is None)


def test_all_kinds_of_fact_can_be_filled() -> None:
    [session], _ = assume([Session("wg", "WG")], [about("minutes", 180, "session", "wg")], "session")
    assert session.length == 180
    [delegation], _ = assume([Delegation("CHE")], [about("mail", "a@b.org", "delegation", "CHE")], "delegation")
    assert delegation.mail == "a@b.org"
    kept = Delegation("CHE", available=[Period()])
    _, [fault] = assume([kept], [about("available", 5, "delegation", "CHE")], "delegation")
    assert fault.message.startswith("available is known to be (Period(")
