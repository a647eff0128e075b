from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from unsched import InputError, Problem, Schedule, Select
from unsched.exchange.convert import dump, load
from unsched.exchange.schema import json_schema, schema_text
from unsched.rules import registry
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject, SearchStrategy

    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

SHAPES = {kind: Draft202012Validator(json.loads(schema_text(kind))) for kind in (Problem, Schedule)}
FOLDER = Path(__file__).parents[2] / "schema"


@frozen
class Vase:
    litres: float
    lid: bool = False


@frozen
class Flowers(Constraint):
    """There are flowers."""

    kind: ClassVar[str] = "flowers"
    colour: Literal["red", "white"]
    sessions: Select
    vases: tuple[Vase, ...] = ()
    notes: dict[str, int] | None = None

    def post(self, board: Board) -> None:
        raise NotImplementedError

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        yield from ()

    def say(self) -> str:
        return "There are flowers."


def _valid(data: object, kind: type = Problem) -> bool:
    return bool(Draft202012Validator(json_schema(kind)).is_valid(data))


@pytest.mark.parametrize("kind", [Problem, Schedule])
def test_the_published_schemas_are_not_stale(kind: type) -> None:
    path = FOLDER / f"{kind.__name__.lower()}.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(kind), f"{path.name} is stale: write schema_text to it"


@pytest.mark.parametrize("kind", [Problem, Schedule])
def test_a_schema_is_a_schema(kind: type) -> None:
    Draft202012Validator.check_schema(json.loads(schema_text(kind)))


@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_what_is_dumped_is_valid(
    problems: SearchStrategy[Problem], schedules: SearchStrategy[Schedule], data: DataObject
) -> None:
    things: tuple[Problem | Schedule, ...] = (data.draw(problems), data.draw(schedules))
    for thing in things:
        SHAPES[type(thing)].validate(json.loads(json.dumps(dump(thing))))


def _mended(plain: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(plain))
    *outer, last = path.split(".")
    node: Any = data
    for step in outer:
        node = node[int(step) if step.isdigit() else step]
    node[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", "unsched/problem/2"),
        ("id", 5),
        ("extra", 1),
        ("window", {"zone": "UTC"}),
        ("window", {"zone": "UTC", "first": "2010-12-15"}),
        ("window", {"zone": "UTC", "days": ["2010-12-15"], "rrule": "DTSTART:20101215"}),
        ("window.blocks", [{"start": "10:00", "end": "25:00"}]),
        ("venue.rooms", {}),
        ("venue.rooms.0.seats.tabel", 1),
        ("sessions.0.minutes", "180"),
        ("sessions.0.minutes", True),
        ("sessions.0.access", "closed"),
        ("sessions.0.within", "week"),
        ("sessions.0.tags", [1]),
        ("sessions.0.start", "at noon"),
        ("rules.0.kind", "befor"),
        ("rules.0.first", []),
        ("rules.0.first", {"tag": "a"}),
        ("rules.0.weight", 1),
        ("rules", [{"kind": "before", "first": "panel"}]),
        ("assumptions", [{"why": "a", "of": "group", "id": "a", "field": "name", "value": "A"}]),
        ("assumptions", [{"why": "a", "of": "room", "id": "XII", "field": "booths", "value": 1.5}]),
        ("published", {"problem": "p", "zone": "UTC", "bookings": [{"session": "wg"}]}),
    ],
)
def test_what_the_schema_refuses_is_refused_by_load_too(plain: dict[str, Any], path: str, value: object) -> None:
    assert _valid(plain)
    data = _mended(plain, path, value)
    assert not _valid(data)
    with pytest.raises(InputError):
        load(data, Problem)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("window", {"zone": "UTC", "first": "2010-12-15", "last": "2010-12-17", "closed": "2010-12-16"}),
        ("window", {"zone": "UTC", "rrule": "DTSTART:20101217\nRRULE:FREQ=DAILY;COUNT=1"}),
        (
            "window.blocks",
            [{"start": "10:00", "end": "24:00", "days": "2010-12-17"}, {"start": "00:00", "end": "10:00:00"}],
        ),
        ("sessions.0.access", "governments"),
        ("sessions.0.within", "day"),
        ("sessions.0.tags", "plenary"),
        ("sessions.0.available", None),
        ("off", "seats-enough"),
        ("assumptions", [{"why": "a", "of": "room", "id": "XXVI", "field": "building", "value": "E"}]),
        ("assumptions", [{"why": "a", "of": None}]),
        ("published", {"schema": "unsched/schedule/1", "problem": "cstd-2010", "zone": "UTC"}),
        ("published", None),
    ],
)
def test_every_way_to_write_something_is_valid_and_loads(plain: dict[str, Any], path: str, value: object) -> None:
    data = _mended(plain, path, value)
    assert _valid(data)
    load(data, Problem)


def test_descriptions_come_from_the_docstrings() -> None:
    schema = json_schema(Problem)
    assert schema["description"] == "Facts and rules: everything that a schedule has to answer to."
    assert schema["properties"]["off"]["description"] == "kinds of standard rule that do not hold here."
    for name, shape in schema["$defs"].items():
        tables = [one for one in shape.get("anyOf", [shape]) if "properties" in one]
        assert all("description" in table for table in tables), name
    rule = schema["$defs"]["rule-end-early"]["properties"]
    assert rule["weight"]["description"] == "price of one unit, compared only inside a tier."


def test_defaults_are_those_of_the_classes() -> None:
    session = json_schema(Problem)["$defs"]["Session"]["properties"]
    assert session["blocks"]["default"] == ["regular"]
    assert session["access"]["default"] == "open"
    assert "default" not in session["minutes"]
    blocks = json_schema(Problem)["$defs"]["Window"]["anyOf"][0]["properties"]["blocks"]["default"]
    assert blocks == [{"start": "10:00", "end": "13:00"}, {"start": "15:00", "end": "18:00"}]


def test_every_kind_of_rule_has_its_place() -> None:
    schema = json_schema(Problem)
    names = [one["$ref"].removeprefix("#/$defs/rule-") for one in schema["$defs"]["Rule"]["oneOf"]]
    assert names == list(registry.kinds())
    assert "rules" not in json_schema(Schedule)["properties"]


def test_a_rule_of_somebody_else_is_in_the_schema_but_not_in_the_published_one(
    monkeypatch: pytest.MonkeyPatch, plain: dict[str, Any]
) -> None:
    before = schema_text(Problem)
    monkeypatch.setattr(registry, "_by_hand", {"flowers": Flowers})
    assert schema_text(Problem) == before
    plain["rules"].append(
        {"kind": "flowers", "colour": "red", "sessions": "wg", "vases": [{"litres": 2.5}], "notes": None}
    )
    assert _valid(plain)
    plain["rules"][-1]["colour"] = "blue"
    assert not _valid(plain)
    plain["rules"][-1] |= {"colour": "red", "vases": [{"litres": "2"}]}
    assert not _valid(plain)
    assert any(name.endswith(".Vase") for name in json_schema(Problem)["$defs"])
