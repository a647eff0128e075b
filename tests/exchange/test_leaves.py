from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from unsched import InputError
from unsched.exchange.leaves import LEAVES

NOON = datetime(2010, 12, 17, 12)
DAY = date(2010, 12, 17)
VALUES: list[Any] = ["5", "x", "", 5, 0, 1.0, 2.5, True, False, None, [], {}, DAY, time(10), NOON]
GOOD: dict[type, list[Any]] = {
    str: ["5", "x", ""],
    int: [5, 0],
    bool: [True, False],
    float: [5, 0, 1.0, 2.5],
    date: [DAY],
    time: [time(10), "5"],
    datetime: [NOON],
}


@pytest.mark.parametrize("kind", LEAVES)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_nothing_is_turned_into_what_it_is_not(kind: type, value: object) -> None:
    if any(type(value) is type(good) and value == good for good in GOOD[kind] if not (kind is time and good == "5")):
        assert LEAVES[kind](value) is value
    else:
        with pytest.raises(InputError) as caught:
            LEAVES[kind](value)
        (fault,) = caught.value.faults
        assert fault.path == ""
        assert fault.remedy


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (date, "2010-12-17", DAY),
        (time, "10:00", time(10)),
        (time, "24:00", time(0)),
        (datetime, "2010-12-17T12:00", NOON),
        (datetime, "2010-12-17 12:00:00", NOON),
        (datetime, "2010-12-17T12:00Z", NOON.replace(tzinfo=UTC)),
    ],
)
def test_dates_and_times_may_be_iso_texts(kind: type, text: str, value: object) -> None:
    assert LEAVES[kind](text) == value


@pytest.mark.parametrize(
    ("kind", "value", "remedy"),
    [
        (int, "180", "180, without quotes."),
        (int, 180.0, "180."),
        (int, 1.5, "a whole number such as 1."),
        (int, "9" * 30, "a whole number such as 1."),
        (int, "²", "a whole number such as 1."),
        (int, math.inf, "a whole number such as 1."),
        (str, 7, "'7', in quotes."),
        (str, None, "a text, in quotes."),
        (float, math.nan, "a number such as 1.5."),
        (date, "2010-02-30", "a date such as 2010-12-17."),
        (datetime, "2010-02-30T10:00", "one such as '2010-12-17T10:00'."),
        (time, "25:00", "a time such as '10:00'."),
    ],
)
def test_a_refusal_says_what_might_be_meant(kind: type, value: object, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        LEAVES[kind](value)
    assert caught.value.faults[0].remedy == remedy
