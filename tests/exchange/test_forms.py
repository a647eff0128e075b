from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from unsched import Block, InputError, Window
from unsched.exchange.reading import read

ZONE = {"zone": "Europe/Zurich"}
RRULE = "DTSTART:20101215\nRRULE:FREQ=DAILY;COUNT=3"


def _faults(data: object) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read(data, Window)
    return {fault.path: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize(
    "form",
    [
        {"days": ["2010-12-15", date(2010, 12, 17)]},
        {"first": "2010-12-15", "last": date(2010, 12, 17), "closed": ["2010-12-16"]},
        {"first": "2010-12-15", "last": "2010-12-17", "closed": "2010-12-16"},
        {"rrule": RRULE, "closed": date(2010, 12, 16)},
        {"rrule": "DTSTART:20101215\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"},
    ],
)
def test_a_window_is_written_by_days_or_from_first_to_last_or_as_a_recurrence(form: dict[str, Any]) -> None:
    blocks = [{"start": "09:00", "end": "24:00", "kind": "long"}]
    window = read({**ZONE, **form, "blocks": blocks, "step": 30}, Window)
    assert window == Window("Europe/Zurich", ["2010-12-15", "2010-12-17"], [Block("09:00", "00:00", "long")], 30)


@pytest.mark.parametrize(
    "keys", [("days", "first"), ("days", "rrule"), ("last", "rrule"), ("days", "first", "last", "rrule")]
)
def test_two_forms_at_once_are_one_fault(keys: tuple[str, ...]) -> None:
    faults = _faults({**ZONE, **dict.fromkeys(keys, "2010-12-17")})
    assert faults == {"": f"{', '.join(map(repr, keys))} are given together"}


@pytest.mark.parametrize(
    ("form", "path", "message"),
    [
        ({}, "days", "it is missing"),
        ({"first": "2010-12-17"}, "last", "it is missing"),
        ({"last": "2010-12-17"}, "first", "it is missing"),
        ({"first": "2010-12-17", "last": "2010-12-15"}, "last", "there is no day from 2010-12-17 to 2010-12-15"),
        ({"first": "1990-12-17", "last": "2010-12-15"}, "last", "is over 3700 days"),
        ({"first": "2010-12-17", "last": "2010-12-17", "closed": ["2010-12-17"]}, "days", "the window has no day"),
        ({"first": "2010-12-17", "last": "2010-12-17", "closed": ["17"]}, "closed[0]", "'17' is not a date"),
        ({"rrule": 5}, "rrule", "5 is not a text"),
        ({"rrule": "RRULE:FREQ=DAILY;COUNT=3"}, "rrule", "it has no DTSTART"),
        ({"rrule": "DTSTART:20101215\nRRULE:FREQ=DAILY"}, "rrule", "goes on for over 3700 days"),
        (
            {"rrule": "DTSTART:20101215\nRRULE:FREQ=NEVER"},
            "rrule",
            "'NEVER' is not one of DAILY, WEEKLY, MONTHLY, YEARLY",
        ),
        ({"rrule": "DTSTART:20101215\nRRULE:FREQ=secondly;COUNT=3"}, "rrule", "'secondly' is not one of DAILY"),
        ({"rrule": "DTSTART:20101215\nRRULE:COUNT=3"}, "rrule", "is not a recurrence"),
        (
            {"rrule": "DTSTART:20101215\nRRULE:FREQ=DAILY;COUNT=1;INTERVAL=00;BYMONTH=2"},
            "rrule",
            "an interval of less than 1",
        ),
        ({"rrule": "DTSTART:20101215\nRRULE:FREQ=WEEKLY;INTERVAL=-1"}, "rrule", "an interval of less than 1"),
        ({"rrule": "DTSTART:20101215\nRRULE:FREQ=YEARLY;INTERVAL=\u0660"}, "rrule", "an interval of less than 1"),
        ({"rrule": RRULE + "\n" * 1000}, "rrule", "characters is over the limit of 1000"),
    ],
)
def test_what_is_wrong_with_a_form_has_its_key(form: dict[str, Any], path: str, message: str) -> None:
    faults = _faults({**ZONE, **form})
    assert list(faults) == [path]
    assert message in faults[path]


def test_a_window_s_faults_come_with_those_of_its_form() -> None:
    faults = _faults({"zone": "Europe/Zürich", "first": "2010-12-15", "last": "2010-12-17", "stp": 5, "step": 0})
    assert list(faults) == ["stp", "zone", "step"]


@pytest.mark.parametrize("data", [5, "2010-12-17", ["2010-12-17"]])
def test_what_is_no_table_is_no_window(data: object) -> None:
    assert "is not a table" in _faults(data)[""]
