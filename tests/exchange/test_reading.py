from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import attrs
import pytest
from attrs import field, frozen
from cattrs.errors import StructureHandlerNotFoundError

from unsched import (
    Block,
    Delegation,
    InputError,
    Period,
    Problem,
    Room,
    Schedule,
    Seats,
    Select,
    SelectRooms,
    Session,
    Venue,
)
from unsched.exchange.convert import dump, load
from unsched.exchange.reading import read
from unsched.exchange.writing import write
from unsched.rules import registry
from unsched.rules.base import Breach, Preference, Rule

if TYPE_CHECKING:
    from decimal import Decimal

    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board


RULE: Any = Rule  # mypy takes it amiss that a type to read may be abstract


def _faults(data: object, kind: type) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read(data, kind)
    return {fault.path: fault.message for fault in caught.value.faults}


class Light(StrEnum):
    DIM = "dim"
    FULL = "full"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Shade(Enum):
    NONE = "none"
    RED = "red"


@frozen
class Lamp:
    """Something inside a rule that is no fact.

    Args:
        watts: how bright it is.
    """

    watts: float = field(validator=attrs.validators.gt(0))


@dataclass(frozen=True)
class Bulb:
    volts: int


@frozen(kw_only=True)
class Lit(Preference):
    """A rule of somebody else, with every kind of field."""

    kind: ClassVar[str] = "lit"

    sessions: Select
    light: Light = Light.DIM
    size: Size = Size.SMALL
    shade: Shade = Shade.NONE
    lamps: tuple[Lamp, ...] = ()
    mode: Literal["on", "off", 3] = "on"
    when: time | None = None
    since: date | datetime | None = None
    _hidden: bool = False
    names: tuple[str, ...] = ()
    made: int = field(init=False, default=7)

    def post(self, board: Board) -> None:
        raise NotImplementedError

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        yield from ()

    def say(self) -> str:
        return f"The light is on in {self.sessions}."


@frozen
class Loose(Lit):
    kind: ClassVar[str] = "loose"
    more: list[Lamp] = field(factory=list)
    by_room: dict[str, int] = field(factory=dict)
    numbers: frozenset[int] = frozenset()
    bulb: Bulb | None = None
    any: Any = None


@frozen
class Unreadable(Lit):
    kind: ClassVar[str] = "unreadable"
    price: Decimal | None = None


@frozen
class Odd(Lit):
    kind: ClassVar[str] = "odd"
    thing: Iterator[int] = field(kw_only=True)


@pytest.fixture(autouse=True)
def _others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_by_hand", {rule.kind: rule for rule in (Lit, Loose, Unreadable, Odd)})


def test_a_rule_of_somebody_else_is_read_and_written_by_its_fields() -> None:
    rule = Lit(
        weight=3,
        sessions=Select(ids="wg"),
        light=Light.FULL,
        size=Size.LARGE,
        shade=Shade.RED,
        lamps=(Lamp(1.5), Lamp(2)),
        mode=3,
        when=time(10, 30, 15),
        since=date(2010, 12, 17),
        hidden=True,
        names=("a",),
    )
    plain = write(rule)
    assert plain == {
        "kind": "lit",
        "weight": 3,
        "sessions": "wg",
        "light": "full",
        "size": 2,
        "shade": "red",
        "lamps": [{"watts": 1.5}, {"watts": 2}],
        "mode": 3,
        "when": "10:30:15",
        "since": "2010-12-17",
        "hidden": True,
        "names": ["a"],
    }
    assert [type(plain[name]) for name in ("light", "size", "shade", "hidden")] == [str, int, str, bool]
    assert read(plain, RULE) == read(json.loads(json.dumps(plain)), RULE) == rule
    moment = attrs.evolve(rule, since=datetime(2010, 12, 17, 10))
    assert read(write(moment), RULE) == moment


def test_every_field_of_somebody_else_s_rule_is_read_strictly() -> None:
    plain = {
        "kind": "lit",
        "sessions": 5,
        "light": "dark",
        "size": 3,
        "shade": "blue",
        "lamps": [{"watts": 1}, {"watts": -1}, {"wats": 1}, 3],
        "mode": "of",
        "when": "noon",
        "since": True,
        "hidden": 1,
        "names": "a",
        "made": 1,
        "weight": -1,
    }
    faults = _faults(plain, RULE)
    assert list(faults) == [
        "sessions",
        "light",
        "size",
        "shade",
        "lamps[1]",
        "lamps[2].wats",
        "lamps[2].watts",
        "lamps[3]",
        "mode",
        "when",
        "since",
        "hidden",
        "names",
        "made",
        "weight",
    ]
    assert faults["light"] == "'dark' is not a valid Light"
    assert faults["lamps[1]"] == "'watts' must be > 0: -1"
    assert faults["since"] == "true is not a date; true is not a date and time"
    assert faults["mode"] == "'of' is no choice here"
    assert _faults({"kind": "lit", "sessions": {}, "mode": 4}, RULE) == {"mode": "4 is no choice here"}


def test_what_only_cattrs_knows_is_read_by_cattrs() -> None:
    rule = Loose(sessions=Select(), more=[Lamp(1)], by_room={"a b": 3}, any={"x": [1]})
    plain = write(rule)
    assert plain == {"kind": "loose", "sessions": {}, "more": [{"watts": 1}], "by_room": {"a b": 3}, "any": {"x": [1]}}
    assert read(plain, RULE) == rule
    plain["by_room"] = {"XII": "2", "a b": "3", "XIV": 1}
    plain["more"] = "dim"
    assert _faults(plain, RULE) == {
        "more": "'dim' is not a list",
        "by_room.XII": "'2' is not a whole number",
        'by_room["a b"]': "'3' is not a whole number",
    }
    plain |= {"by_room": {}, "more": [], "numbers": [1, "2"], "bulb": {"volts": "12", "amps": 1}}
    assert _faults(plain, RULE) == {
        "numbers[1]": "'2' is not a whole number",
        "bulb.volts": "'12' is not a whole number",
        "bulb": "Extra fields in constructor for Bulb: amps",
    }
    plain |= {"by_room": 5, "numbers": [1, 2], "bulb": {"volts": 12}}
    assert list(_faults(plain, RULE)) == ["by_room"]


def test_a_choice_is_not_taken_for_an_equal_value_of_another_type() -> None:
    assert list(_faults({"kind": "lit", "sessions": {}, "mode": 3.0}, RULE)) == ["mode"]


def test_what_the_author_of_a_rule_has_to_mend_is_said_to_the_author() -> None:
    with pytest.raises(TypeError, match="the types of Unreadable must be imported at run time: name 'Decimal'"):
        write(Unreadable(sessions=Select()))
    assert "must be imported at run time" in _faults([{"kind": "unreadable"}], list[Rule])["[0]"]
    with pytest.raises(StructureHandlerNotFoundError):
        read([{"kind": "odd", "sessions": {}, "thing": [1]}], tuple[Rule, ...])


@pytest.mark.parametrize(
    ("given", "selector"),
    [
        ("wg", Select(ids="wg")),
        (["wg", "panel"], Select(ids=("wg", "panel"))),
        ({"tags": "plenary", "groups": ["Asia", "Africa"]}, Select(tags="plenary", groups=("Asia", "Africa"))),
        ({}, Select()),
    ],
)
def test_a_selector_is_an_id_or_ids_or_a_table(given: object, selector: Select) -> None:
    assert read(given, Select) == selector
    assert read(write(selector), Select) == selector


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ("", [""]),
        ([], [""]),
        (5, [""]),
        (None, [""]),
        (["a", 5, " "], ["[1]"]),
        (["a", "a", " b"], ["[1]", "[2]"]),
        ({"tag": "a", "kinds": 5, "ids": ["a", "a"]}, ["tag", "kinds", "ids[1]"]),
        ([{"tags": "a"}], ["[0]"]),
    ],
)
def test_a_wrong_selector_is_refused_where_it_is_wrong(given: object, paths: list[str]) -> None:
    assert list(_faults(given, Select)) == paths


@pytest.mark.parametrize(
    ("given", "selector"),
    [
        ("XXVI", SelectRooms("XXVI")),
        (["XX", "XXVI"], SelectRooms(["XX", "XXVI"])),
        ({"buildings": "E", "features": ["webcast"]}, SelectRooms(buildings="E", features="webcast")),
        ({}, SelectRooms()),
    ],
)
def test_a_selector_of_rooms_is_written_like_one_of_sessions(given: object, selector: SelectRooms) -> None:
    assert read(given, SelectRooms) == selector
    assert read(write(selector), SelectRooms) == selector


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ([], {"": "an empty list selects no room"}),
        ("", {"": "an empty text selects no room"}),
        (5, {"": "5 selects no rooms"}),
        (["a", 5], {"[1]": "5 is not a text"}),
        ({"tags": "a"}, {"tags": "the key 'tags' is not known"}),
    ],
)
def test_a_wrong_selector_of_rooms_is_refused_where_it_is_wrong(given: object, faults: dict[str, str]) -> None:
    assert _faults(given, SelectRooms) == faults


def test_an_empty_list_is_not_taken_for_every_session(plain: dict[str, Any]) -> None:
    plain["rules"][1]["sessions"] = []
    with pytest.raises(InputError, match=r"\$.rules\[1\].sessions: an empty list selects no session"):
        load(plain, Problem)


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        (5, "", "5 is not a table"),
        ({}, "kind", "it is missing"),
        ({"kind": None}, "kind", "there is no kind of rule nothing"),
        ({"kind": 5}, "kind", "there is no kind of rule 5"),
        ({"kind": "befor"}, "kind", "there is no kind of rule 'befor'"),
        ({"kind": "x" * 5000}, "kind", f"there is no kind of rule '{'x' * 77}...'"),
    ],
)
def test_a_rule_without_a_known_kind_is_refused(data: object, path: str, message: str) -> None:
    assert _faults(data, RULE) == {path: message}


def test_a_kind_that_is_like_no_other_is_answered_with_all_kinds() -> None:
    with pytest.raises(InputError) as caught:
        read({"kind": "q"}, RULE)
    remedy = caught.value.faults[0].remedy
    assert remedy is not None
    assert all(repr(kind) in remedy for kind in registry.kinds())


def test_one_text_stands_for_a_list_of_ids_and_one_date_for_a_list_of_dates() -> None:
    assert read({"id": "s", "title": "S", "tags": "a"}, Session).tags == ("a",)
    assert read({"days": "2010-12-17"}, Period).days == (date(2010, 12, 17),)
    assert read({"days": date(2010, 12, 17)}, Period) == read({"days": ["2010-12-17"]}, Period)
    assert list(_faults({"rooms": "XII", "walking": [{"between": "A", "minutes": 1}]}, Venue)) == [
        "rooms",
        "walking[0].between",
    ]


@pytest.mark.parametrize(
    ("end", "text"), [("13:00", "13:00"), ("00:00", "24:00"), ("24:00", "24:00"), (time(0), "24:00")]
)
def test_a_block_that_ends_at_midnight_ends_at_24(end: object, text: str) -> None:
    block = read({"start": "10:00", "end": end}, Block)
    assert write(block) == {"start": "10:00", "end": text}
    assert read(write(block), Block) == block


def test_what_is_read_in_spite_of_a_fault_is_still_checked() -> None:
    data = {"id": " a ", "seats": {"table": 9, "total": 3, "sides": 1}, "valid_from": "2010", "booths": -1}
    assert list(_faults(data, Room)) == ["seats.sides", "seats.total", "valid_from", "id", "booths"]


def test_what_cannot_be_checked_without_what_is_unread_is_left_for_later() -> None:
    assert list(_faults({"rooms": 5, "name": 7}, Venue)) == ["rooms", "name"]
    assert list(_faults({"kind": "before", "then": "a", "least": -1}, RULE)) == ["first"]
    assert list(_faults({"zone": "UTC", "problem": "p", "bookings": [{}], "revision": -1}, Schedule)) == [
        "bookings[0].session",
        "bookings[0].room",
        "bookings[0].start",
        "bookings[0].end",
        "revision",
    ]


def test_a_key_that_is_no_word_is_quoted_in_the_path() -> None:
    faults = _faults({"id": "CH", "a.b\n": 1, "x" * 500: 2}, Delegation)
    assert list(faults) == ['["a.b\\n"]', f'["{"x" * 77}..."]']


def test_a_toml_date_where_a_time_is_meant_is_refused() -> None:
    assert _faults({"id": "s", "title": "S", "start": date(2010, 12, 17)}, Session) == {
        "start": "2010-12-17 is not a date and time"
    }


def test_whole_tables_are_read_alike_from_toml_and_json() -> None:
    native = {"id": "s", "title": "S", "start": datetime(2010, 12, 17, 10), "available": [{"start": time(9)}]}
    text = {"id": "s", "title": "S", "start": "2010-12-17T10:00", "available": [{"start": "09:00"}]}
    assert read(native, Session) == read(text, Session)


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_rule_s_types_are_there_at_run_time(kind: str) -> None:
    faults = _faults({"kind": kind, "no-such-key": 1}, RULE)
    assert '["no-such-key"]' in faults
    assert all(message in ("it is missing", "the key 'no-such-key' is not known") for message in faults.values())


def test_a_value_of_several_types_is_refused_in_all_of_them(plain: dict[str, Any]) -> None:
    plain["assumptions"] = [
        {"why": "a", "of": "room", "id": "XXVI", "field": "booths", "value": 1.5},
        {"why": "a", "of": "room", "id": "XXVI", "field": "features", "value": ["x", 5]},
    ]
    with pytest.raises(InputError) as caught:
        load(plain, Problem)
    assert [(fault.path, fault.message) for fault in caught.value.faults] == [
        ("assumptions[0].value", "1.5 is not a whole number; 1.5 is not a text; 1.5 is not a list"),
        ("assumptions[1].value[1]", "5 is not a text"),
    ]


def test_a_rule_of_somebody_else_goes_through_a_whole_problem(plain: dict[str, Any]) -> None:
    plain["rules"].append({"kind": "lit", "sessions": {"tags": ["plenary"]}, "light": "full"})
    problem = load(plain, Problem)
    assert isinstance(problem.rules[-1], Lit)
    assert dump(problem)["rules"][-1] == plain["rules"][-1] | {"sessions": {"tags": ["plenary"]}}
    assert load(dump(problem), Problem) == problem


def test_seats_are_unknown_unless_given() -> None:
    assert read({"id": "XII"}, Room).seats == Seats()
    assert read({"id": "XII", "seats": {"table": None}}, Room).seats == Seats()
