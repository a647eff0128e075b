from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any

import pytest

from unsched import InputError
from unsched.exchange import plain
from unsched.exchange.plain import Repeating, check_plain, place, shown


def _paths(data: object) -> list[str]:
    return [fault.path for fault in check_plain(data)]


def test_what_files_hold_is_plain() -> None:
    data = {
        "a": [1, 2.5, True, None, "Ω\U0001f600"],
        "b": {"c": date(2010, 12, 17), "d": (time(10), datetime(2010, 1, 1))},
    }
    assert _paths(data) == []


def test_each_value_that_no_file_holds_has_its_place() -> None:
    data: dict[Any, Any] = {
        "nan": math.nan,
        "list": [1, math.inf, -math.inf],
        "big": {"ok": 2**63 - 1, "no": 2**63, "low": -(2**63)},
        "half": "\ud800",
        "bytes": b"x",
        "set": {1},
        "odd key": 5 + 1j,
        7: 1,
        "\ud800": 1,
    }
    assert _paths(data) == [
        "nan",
        "list[1]",
        "list[2]",
        "big.no",
        "big.low",
        "half",
        "bytes",
        "set",
        '["odd key"]',
        "",
        '["\\ud800"]',
    ]


def test_a_number_too_long_to_print_is_named_by_its_size() -> None:
    (fault,) = check_plain([1 << 50_000])
    assert fault.message == "a number of 50001 bits is over the limit of 63"


def test_deep_nesting_is_refused_and_a_usual_one_is_not() -> None:
    def nested(depth: int) -> object:
        data: object = 1
        for _ in range(depth):
            data = [data]
        return data

    assert _paths(nested(plain.MAX_DEPTH)) == []
    assert _paths(nested(plain.MAX_DEPTH + 1)) == ["[0]" * plain.MAX_DEPTH]


def test_a_table_that_holds_itself_comes_to_an_end() -> None:
    data: dict[str, Any] = {}
    data["a"] = data
    assert _paths(data) == [".".join("a" * plain.MAX_DEPTH)]


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MAX_VALUES", 10)
    assert _paths([0] * 9) == []
    with pytest.raises(InputError, match="over 10 values"):
        _paths([0] * 10)


def test_repeated_keys_are_faults_where_they_are() -> None:
    data = {"rooms": [Repeating([("id", 1), ("id", 2)], ["id"])]}
    assert [str(fault) for fault in check_plain(data)] == [
        "$.rooms[0].id: the key 'id' comes more than once\n  Maybe leave all but one out."
    ]


@pytest.mark.parametrize(
    ("key", "step"),
    [
        ("minutes", "minutes"),
        ("", '[""]'),
        ('a"\n', '["a\\"\\n"]'),
        ("a" * 100, f'["{"a" * 77}..."]'),
        ("größe", "größe"),
    ],
)
def test_a_key_is_one_step_of_one_line(key: str, step: str) -> None:
    assert place(key) == step


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        ({}, "a table"),
        ((), "a list"),
        (1.0, "1.0"),
        ("a\nb", r"'a\nb'"),
        (date(2010, 12, 17), "2010-12-17"),
        (time(10), "10:00:00"),
        ("x" * 1000, repr("x" * 77 + "...")),
    ],
)
def test_a_value_is_shown_short_and_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text
