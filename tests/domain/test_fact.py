from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from attrs import fields, frozen

from unsched import (
    EVERY,
    Assumption,
    Block,
    Booking,
    Contact,
    Delegation,
    Group,
    InputError,
    Period,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Select,
    Session,
    Venue,
    Walk,
    Window,
    rules,
)
from unsched.domain.fact import Fact, check_choice, check_count, check_each, check_id, check_mail, check_text, shown


@pytest.mark.parametrize(
    ("value", "message", "remedy"),
    [
        (5, "5 is not a string", "'5'."),
        (None, "None is not a string", "a short name."),
        (["a"], "['a'] is not a string", "a short name."),
        ("", "'' is empty or has blanks around it", "a short name without blanks around it."),
        (" a", "' a' is empty or has blanks around it", "a short name without blanks around it."),
        ("a\nb", "'a\\nb' has control characters or over 200 characters", "a shorter, plain name."),
        ("a" * 201, f"'{'a' * 199}... has control characters or over 200 characters", "a shorter, plain name."),
    ],
)
def test_an_id_is_one_short_printable_line(value: object, message: str, remedy: str) -> None:
    [fault] = check_id("rooms[2].id", value)
    assert (fault.path, fault.message, fault.remedy) == ("rooms[2].id", message, remedy)


@pytest.mark.parametrize("value", ["a", "XXVI", "Room XXVI", "../..", "é", "a" * 200])
def test_an_id_may_be_any_printable_name(value: str) -> None:
    assert not list(check_id("id", value))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (5, "5 is not a text"),
        (None, "None is not a text"),
        ("a" * 10_001, "a text of 10001 characters is over the limit of 10000"),
    ],
)
def test_a_text_is_a_string_of_ten_thousand_characters_at_most(value: object, message: str) -> None:
    [fault] = check_text("title", value)
    assert (fault.path, fault.message) == ("title", message)
    assert not list(check_text("title", "a" * 10_000))
    assert not list(check_text("title", None, optional=True))


@pytest.mark.parametrize(
    ("value", "message", "remedy"),
    [
        (-1, "-1 is less than 0", "0 or more of seats."),
        (True, "True is not a whole number of seats", "a number such as 1."),
        (1.5, "1.5 is not a whole number of seats", "a number such as 1."),
        ("3", "'3' is not a whole number of seats", "a number such as 1."),
        (None, "None is not a whole number of seats", "a number such as 1."),
        (10**9 + 1, "1000000001 is more than 1000000000", "a smaller number."),
    ],
)
def test_a_count_is_a_whole_number(value: object, message: str, remedy: str) -> None:
    [fault] = check_count("seats.table", value, unit="seats")
    assert (fault.path, fault.message, fault.remedy) == ("seats.table", message, remedy)
    assert not list(check_count("seats.table", 0))
    assert not list(check_count("seats.table", None, optional=True))


def test_a_choice_names_what_there_is_to_choose() -> None:
    [fault] = check_choice("access", "closed", ("open", "members"))
    assert (fault.path, fault.message, fault.remedy) == (
        "access",
        "'closed' is none of 'open', 'members'",
        "'open'.",
    )
    assert not list(check_choice("access", "members", ("open", "members")))


@pytest.mark.parametrize(
    "value", ["", "office", "a@b@c", "a b@c", "a@b\r\nBCC:c@d", "a@b,c@d", f"{'a' * 250}@b.org", 5, None]
)
def test_what_is_no_mail_address_is_refused(value: object) -> None:
    [fault] = check_mail("mail", value)
    assert (fault.path, fault.message) == ("mail", f"{shown(value)} is not a mail address")


def test_a_mail_address_is_of_one_line_or_left_out_where_that_is_possible() -> None:
    assert not list(check_mail("mail", "office@example.org"))
    assert not list(check_mail("mail", None, optional=True))


def test_each_member_of_a_list_is_checked_in_its_place() -> None:
    faults = list(check_each("tags", ("a", 5, "b", "a", "")))
    assert [(fault.path, fault.message) for fault in faults] == [
        ("tags[1]", "5 is not a string"),
        ("tags[3]", "'a' comes twice"),
        ("tags[4]", "'' is empty or has blanks around it"),
    ]
    assert not list(check_each("tags", ("a", "a"), unique=False))


def test_what_is_no_list_is_refused() -> None:
    [fault] = check_each("tags", 5)
    assert (fault.path, fault.message, fault.remedy) == ("tags", "5 is not a list", "put it in brackets: [...].")


def test_a_member_of_another_kind_and_one_that_can_change_are_refused() -> None:
    faults = list(check_each("rooms", (Room("a"), "a"), Room))
    assert [(fault.path, fault.message, fault.remedy) for fault in faults] == [
        ("rooms[1]", "'a' is not a Room", "a Room(...)."),
    ]
    [fault] = check_each("assumptions", ("a",), Assumption)
    assert fault.message == "'a' is not an Assumption"
    [fault] = check_each("lists", ([],), list)
    assert (fault.path, fault.message) == ("lists[0]", "[] can change (it has no hash)")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "'a\\nb'"),
        (date(2010, 12, 17), "2010-12-17"),
        (datetime(2010, 12, 17, 10, tzinfo=UTC), "2010-12-17T10:00:00+00:00"),
        (time(10), "10:00:00"),
        ("x" * 500, "'" + "x" * 199 + "..."),
    ],
)
def test_a_value_is_named_in_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text


@frozen
class Lamp(Fact):
    watts: Any = 1


def test_a_fact_without_faults_of_its_own_takes_anything() -> None:
    assert Lamp("bright").watts == "bright"


WINDOW = Window("Europe/Zurich", ["2010-12-17"])
GOOD: list[tuple[type[Any], dict[str, Any]]] = [
    (Period, {}),
    (Block, {"start": "10:00", "end": "13:00"}),
    (Window, {"zone": "UTC", "days": ["2010-12-17"]}),
    (Seats, {"podium": 1, "table": 1, "side": 1, "total": 3}),
    (Room, {"id": "a"}),
    (Walk, {"between": ["a", "b"], "minutes": 1}),
    (Venue, {"rooms": [Room("a")]}),
    (Contact, {"name": "a", "mail": "a@b.c"}),
    (Group, {"id": "a"}),
    (Delegation, {"id": "a"}),
    (Person, {"id": "a"}),
    (Session, {"id": "a", "title": "A", "minutes": 60}),
    (Select, {}),
    (Assumption, {"why": "x", "of": "room", "id": "a", "field": "booths", "value": 1}),
    (Booking, {"session": "a", "room": "b", "start": "2010-12-17T10:00Z", "end": "2010-12-17T11:00Z"}),
    (Schedule, {"problem": "p", "zone": "UTC"}),
    (Problem, {"id": "p", "window": WINDOW, "venue": Venue([Room("a")]), "sessions": [Session("s", "S", 60)]}),
    (rules.AtMostTogether, {"most": 1}),
    (rules.Before, {"first": "a", "then": "b"}),
    (rules.EndEarly, {}),
    (rules.InvitedCanAttend, {}),
    (rules.KeepRoom, {}),
    (rules.KeepStart, {}),
    (rules.NotTogether, {"sessions": "a"}),
    (rules.Pin, {"sessions": "a", "room": "r"}),
    (rules.PreferRoom, {"sessions": "a", "rooms": ["a"]}),
    (rules.PreferTime, {"sessions": "a", "periods": [Period()]}),
    (rules.SameRoom, {"sessions": "a"}),
]


class Odd:
    __hash__ = None  # type: ignore[assignment]  # the point of it

    def __repr__(self) -> str:
        return "Odd()"


ODD: list[Any] = [
    *(None, True, 1, -1, 10**10, 1.5, float("nan"), float("inf"), b"x", range(3), {1}, (), [], {}, {"a": 1}),
    *("", "x", " x ", "a\nb", "x" * 300, "x" * 20_000, "../..", "/etc/passwd", "\ud800", "10:00", "2010-12-17"),
    *([None], [1], ["x", None], [[]], [{}], [Odd()], Odd(), object(), Seats, Seats(), [Seats()], EVERY),
    *(date(2010, 12, 17), [date(2010, 12, 17)], date.min, date.max, [date.min], [date.max], time(10), timedelta(1)),
    *(datetime(2010, 12, 17), datetime.min, datetime.max, datetime.max.replace(tzinfo=UTC)),  # noqa: DTZ901
    *(Period(), [Period()], [Period([date(2010, 12, 17)])]),
]


@pytest.mark.parametrize(("cls", "good"), GOOD, ids=lambda value: getattr(value, "__name__", ""))
def test_any_value_makes_a_fact_or_one_clear_error(cls: type[Any], good: dict[str, Any]) -> None:
    refused: list[InputError] = []
    for attribute in fields(cls):
        for value in ODD if attribute.init else ():
            try:
                made = cls(**{**good, attribute.name: value})
            except InputError as error:
                refused.append(error)
            else:
                assert hash(made) == hash(cls(**{**good, attribute.name: value})), attribute.name
    assert all(error.faults for error in refused)
    lines = [line for error in refused for line in str(error).splitlines()]
    assert lines
    assert all(line.isprintable() and len(line) < 600 for line in lines)


@pytest.mark.parametrize(("cls", "good"), GOOD, ids=lambda value: getattr(value, "__name__", ""))
def test_facts_of_the_same_values_are_equal_and_frozen(cls: type[Any], good: dict[str, Any]) -> None:
    made = cls(**good)
    assert made == cls(**good)
    assert {made: 1}[cls(**good)] == 1
    with pytest.raises(AttributeError):
        setattr(made, fields(cls)[0].name, None)
