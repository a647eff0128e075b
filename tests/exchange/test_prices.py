"""Price lists: written and read, in TOML and JSON, with all that is wrong at once."""

from __future__ import annotations

from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from unsched import InputError, Price, Prices, Problem, Room, Session, Venue, Window, explain, load_prices, save
from unsched.exchange.convert import dump
from unsched.exchange.schema import json_schema

LIST = Prices([Price("available", None), Price("available", 1, about=["chair", "egypt"]), Price("pin", 10)], "p")


def test_a_price_list_is_written_and_read_back(tmp_path: Path) -> None:
    assert load_prices(save(LIST, tmp_path / "prices.json")) == LIST


def test_a_price_list_can_be_written_by_hand_in_toml(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        'schema = "unsched/prices/1"\nproblem = "p"\n'
        '[[prices]]\nkind = "available"\nprice = "never"\n'
        '[[prices]]\nkind = "available"\nabout = ["chair", "egypt"]\nprice = 1\n'
        '[[prices]]\nkind = "pin"\nprice = 10\n'
    )
    assert load_prices(file) == LIST


def test_everything_that_is_wrong_with_a_list_is_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(
        'schema = "unsched/prices/1"\n'
        '[[prices]]\nkind = "available"\nprice = "cheap"\n'
        '[[prices]]\nkind = "pin"\n'
        '[[prices]]\nkind = "pin"\nprice = 0\n'
        '[[prices]]\nkind = "pin"\nprice = 3\nabuot = "a"\n'
    )
    with pytest.raises(InputError) as caught:
        load_prices(file)
    assert [fault.path for fault in caught.value.faults] == [
        "prices[0].price",
        "prices[1].price",
        "prices[2].price",
        "prices[3].abuot",
    ]


def test_the_schema_takes_what_is_written_and_refuses_what_is_not_read() -> None:
    schema = json_schema(Prices)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(dump(LIST))
    validator.validate({"schema": "unsched/prices/1", "prices": [{"kind": "pin", "price": "never", "about": "a"}]})
    assert not validator.is_valid({"schema": "unsched/prices/1", "prices": [{"kind": "pin", "price": "cheap"}]})
    assert not validator.is_valid({"schema": "unsched/prices/1", "prices": [{"kind": "pin"}]})


def test_the_list_of_another_problem_is_refused() -> None:
    problem = Problem("q", Window("UTC", ["2010-12-17"]), Venue([Room("VII")]), [Session("a", "A", 60)])
    with pytest.raises(InputError, match="the prices are for problem 'p', not for 'q'"):
        explain(problem, prices=LIST)
