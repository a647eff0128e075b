from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from unsched.domain.moment import (
    check_date,
    check_dates,
    check_moment,
    check_time,
    to_date,
    to_dates,
    to_moment,
    to_some_dates,
    to_time,
)


def test_times_dates_and_moments_are_read_from_iso_8601() -> None:
    assert to_time("10:00") == to_time(time(10)) == time(10)
    assert to_time("24:00") == time(0)
    assert to_date("2010-12-17") == to_date(datetime(2010, 12, 17, 23, tzinfo=UTC)) == date(2010, 12, 17)
    assert to_moment("2010-12-17T10:00Z") == datetime(2010, 12, 17, 10, tzinfo=UTC)


def test_what_cannot_be_read_is_left_as_it_is_for_its_fact_to_refuse() -> None:
    assert {to_time("25:00"), to_date("17.12.2010"), to_moment("noon")} == {"25:00", "17.12.2010", "noon"}
    assert to_moment(None) is None
    assert to_date(None) is None


def test_one_date_is_a_list_of_one() -> None:
    day = date(2010, 12, 17)
    assert to_dates("2010-12-17") == to_dates(day) == to_dates([day]) == to_some_dates("2010-12-17") == (day,)
    assert to_some_dates(None) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("25:00", "'25:00'"),
        (10, "10"),
        (None, "None"),
        (time(10, 0, 1), "10:00:01"),
        (time(10, 0, 0, 1), "10:00:00.000001"),
        (time(10, tzinfo=UTC), "10:00:00+00:00"),
    ],
)
def test_a_time_of_day_has_neither_seconds_nor_a_zone(value: object, text: str) -> None:
    [fault] = check_time("start", value)
    assert (fault.path, fault.message) == ("start", f"{text} is not a time of day in whole minutes")
    assert fault.remedy == "a time such as '10:00'."
    assert not list(check_time("start", time(23, 59)))


@pytest.mark.parametrize("value", ["17.12.2010", 20101217, None])
def test_what_is_no_date_is_refused(value: object) -> None:
    [fault] = check_date("first", value)
    assert (fault.path, fault.message) == ("first", f"{value!r} is not a date")
    assert fault.remedy == "a date such as '2010-12-17'."


@pytest.mark.parametrize("year", [1, 1972, 2200, 9999])
def test_years_that_nobody_plans_for_are_refused(year: int) -> None:
    [fault] = check_date("first", date(year, 6, 1))
    assert (fault.path, fault.message) == ("first", f"{year:04}-06-01 is outside the years 1973 to 2199")
    [fault] = check_moment("start", datetime(year, 6, 1, 10, tzinfo=UTC))
    assert fault.message == f"{year:04}-06-01T10:00:00+00:00 is outside the years 1973 to 2199"


@pytest.mark.parametrize("year", [1973, 2010, 2199])
def test_other_years_are_not(year: int) -> None:
    assert not list(check_date("first", date(year, 6, 1)))
    assert not list(check_moment("start", datetime(year, 6, 1)))


def test_dates_are_checked_each_in_its_place() -> None:
    day = date(2010, 12, 17)
    faults = list(check_dates("days", (day, "x", day, date(1900, 1, 1))))
    assert [(fault.path, fault.message) for fault in faults] == [
        ("days[1]", "'x' is not a date"),
        ("days[2]", "2010-12-17 comes twice"),
        ("days[3]", "1900-01-01 is outside the years 1973 to 2199"),
    ]
    assert not list(check_dates("closed", (day, day), unique=False))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("noon", "'noon' is not a date and time"),
        (date(2010, 12, 17), "2010-12-17 is not a date and time"),
        (datetime(2010, 12, 17, 10, 0, 5), "2010-12-17T10:00:05 is not in whole minutes"),
    ],
)
def test_a_moment_is_a_date_and_time_in_whole_minutes(value: object, message: str) -> None:
    [fault] = check_moment("start", value)
    assert (fault.path, fault.message) == ("start", message)


def test_a_moment_can_be_made_to_say_its_offset_and_may_keep_its_seconds() -> None:
    [fault] = check_moment("stamp", datetime(2010, 12, 17, 10), offset=True)
    assert fault.message == "2010-12-17T10:00:00 is not a date and time with an offset"
    assert fault.remedy == "one such as '2010-12-17T10:00:00+01:00'."
    stamp = datetime(2010, 12, 17, 10, 0, 5, tzinfo=ZoneInfo("Europe/Zurich"))
    assert not list(check_moment("stamp", stamp, offset=True, whole=False))
