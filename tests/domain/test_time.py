from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any, TypeAlias

import pytest

from unsched import LUNCH, Block, Period
from unsched.domain.time import check_within, check_zone, to_periods

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]


def test_a_period_says_itself() -> None:
    assert str(Period()) == "every day"
    assert str(Period("2010-12-17")) == "2010-12-17"
    assert str(Period(["2010-12-16", date(2010, 12, 17)], "10:00", "13:00")) == "2010-12-16, 2010-12-17 10:00-13:00"
    assert str(Period(None, time(18), "24:00")) == "every day 18:00-24:00"
    assert to_periods(None) is None
    assert to_periods([Period()]) == (Period(),)


def test_a_block_says_itself() -> None:
    assert str(Block("10:00", "13:00")) == "10:00-13:00"
    assert str(Block("22:00", "24:00", LUNCH)) == "22:00-24:00 (lunch)"


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"start": "25:00"}, "start", "'25:00' is not a time of day in whole minutes", "a time such as '10:00'."),
        ({"end": 13}, "end", "13 is not a time of day in whole minutes", "a time such as '10:00'."),
        ({"days": []}, "days", "an empty list means no day at all", "leave days out to mean every day."),
        ({"days": ["17.12.2010"]}, "days[0]", "'17.12.2010' is not a date", "a date such as '2010-12-17'."),
        ({"days": 17}, "days", "17 is not a list", "put it in brackets: [...]."),
        ({"days": ["2010-12-17"] * 2}, "days[1]", "2010-12-17 comes twice", "leave one out."),
    ],
)
@pytest.mark.parametrize("cls", [Period, Block])
def test_a_wrong_period_or_block_names_field_and_value(
    refused: Refused, cls: type[Any], fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    assert refused(lambda: cls(**{"start": "10:00", "end": "13:00", **fields})) == [(path, message, remedy)]


def test_all_that_is_wrong_with_a_block_is_said_at_once(refused: Refused) -> None:
    found = refused(lambda: Block("ten", "noon", "", "someday"))
    assert [path for path, _, _ in found] == ["start", "end", "kind", "days[0]"]


@pytest.mark.parametrize("zone", ["posix/Europe/Zurich", "right/UTC", "posixrules", "localtime", "Factory", "", "../x"])
def test_what_is_a_zone_on_some_machines_only_or_counts_leap_seconds_is_none(zone: str) -> None:
    [fault] = check_zone("zone", zone)
    assert (fault.path, fault.message) == ("zone", f"{zone!r} is not an IANA time zone")


def test_a_session_reaches_over_a_block_or_a_day() -> None:
    [fault] = check_within("within", "week")
    assert (fault.path, fault.message, fault.remedy) == ("within", "'week' is none of 'block', 'day'", "'block'.")
