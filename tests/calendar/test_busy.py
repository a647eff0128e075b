from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unsched import InputError, Window
from unsched.calendar.busy import _STEPS_EACH, BusyTimes, read_busy
from unsched.calendar.occurrences import Budget

WINDOW = Window("Europe/Zurich", ["2010-12-17"])
ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:16010101T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n"
    "TZOFFSETFROM:+0300\nTZOFFSETTO:+0200\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0300\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


def read(body: str, head: str = "", window: Window = WINDOW) -> BusyTimes:
    return read_busy(f"BEGIN:VCALENDAR\n{head}{body}END:VCALENDAR\n".encode(), window, source="a.ics")


def event(*lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def said(busy: BusyTimes) -> list[str]:
    return [f"{a:%d %H:%M}-{b:%d %H:%M}" for a, b in busy.periods]


@pytest.mark.parametrize(
    ("start", "want"),
    [
        ("DTSTART:20101217T100000", "17 09:00-17 10:00"),
        ("DTSTART:20101217T100000Z", "17 10:00-17 11:00"),
        ("DTSTART;TZID=America/New_York:20101217T100000", "17 15:00-17 16:00"),
        ("DTSTART;TZID=/example.org/2005_1/Europe/Athens:20101217T100000", "17 08:00-17 09:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20101217T100000", "17 09:00-17 10:00"),
        ("DTSTART;TZID=Here:20101217T100000", "17 08:00-17 09:00"),
    ],
)
def test_every_kind_of_time_is_an_instant(start: str, want: str) -> None:
    assert said(read(ZONE + event("UID:1", start, "DURATION:PT1H"))) == [want]


def test_what_is_free_or_cancelled_is_not_busy() -> None:
    start = "DTSTART:20101217T100000Z", "DURATION:PT1H"
    body = event("UID:1", *start, "TRANSP:TRANSPARENT") + event("UID:2", *start, "STATUS:CANCELLED")
    assert said(read(body)) == []


def test_an_all_day_event_takes_a_local_day() -> None:
    assert said(read(event("UID:1", "DTSTART;VALUE=DATE:20101217"))) == ["16 23:00-17 23:00"]
    assert said(read(event("UID:1", "DTSTART;VALUE=DATE:20101217"), "X-WR-TIMEZONE:Asia/Tokyo\n")) == [
        "16 15:00-17 15:00"
    ]


def test_exceptions_replace_instances() -> None:
    master = event("UID:1", "DTSTART:20101101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "EXDATE:20101216T100000Z")
    moved = event("UID:1", "RECURRENCE-ID:20101217T100000Z", "DTSTART:20101217T150000Z", "DURATION:PT2H")
    assert said(read(master + moved)) == ["17 15:00-17 17:00", "18 10:00-18 11:00"]


def test_a_change_of_this_and_future_moves_all_that_follows() -> None:
    master = event("UID:1", "DTSTART:20101101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    later = event(
        "UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20101217T100000Z", "DTSTART:20101217T120000Z", "DURATION:PT30M"
    )
    assert said(read(master + later)) == ["16 10:00-16 11:00", "17 12:00-17 12:30", "18 12:00-18 12:30"]


def test_free_busy_times_and_availability_are_read() -> None:
    body = (
        "BEGIN:VFREEBUSY\nFREEBUSY:20101217T100000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20101217T120000Z/PT1H\nEND:VFREEBUSY\n"
    )
    assert said(read(body)) == ["17 10:00-17 11:00"]
    hours = "BEGIN:AVAILABLE\nUID:a\nDTSTART:20101201T090000Z\nDURATION:PT8H\nRRULE:FREQ=DAILY\nEND:AVAILABLE\n"
    body = f"BEGIN:VAVAILABILITY\nDTSTART:20101217T000000Z\nDTEND:20101218T000000Z\n{hours}END:VAVAILABILITY\n"
    assert said(read(body)) == ["17 00:00-17 09:00", "17 17:00-18 00:00"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=999999999",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=MINUTELY;INTERVAL=999999999",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=17;BYHOUR="
        + ",".join(map(str, range(24)))
        + ";BYMINUTE="
        + ",".join(map(str, range(60)))
        + ";BYSECOND="
        + ",".join(map(str, range(60))),
    ],
)
def test_a_bomb_costs_nothing_and_the_rest_is_read(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.process_time()
    spent: list[int] = []
    pay = Budget.spend

    def noted(budget: Budget, steps: int) -> None:
        spent.append(steps)
        pay(budget, steps)

    monkeypatch.setattr(Budget, "spend", noted)
    bomb = event("UID:1", "DTSTART:19700101T000000Z", "DURATION:PT0S", f"RRULE:{rule}")
    found = read(bomb + event("UID:2", "DTSTART:20101217T100000Z", "DURATION:PT1H"))
    assert said(found) == ["17 10:00-17 11:00"]
    # What a rule may cost is paid for each budget and for the one above it. Unrolled, a bomb would take hours.
    assert 0 < sum(spent) <= 2 * 2 * _STEPS_EACH
    assert time.process_time() - begun < 60


def test_a_broken_component_is_reported_with_file_line_and_component() -> None:
    found = read(
        event("UID:1", "DTSTART:20101317T100000Z") + event("UID:2", "DTSTART:20101217T100000Z", "DURATION:PT1H")
    )
    assert said(found) == ["17 10:00-17 11:00"]
    assert [finding.place for finding in found.findings] == ["a.ics, line 2, VEVENT"]


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no such file"):
        read_busy("nowhere.ics", WINDOW)


SEED = ZONE + event("UID:1", "DTSTART;TZID=Here:20101101T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=90")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), st.binary(max_size=6)), min_size=1, max_size=8))
def test_mutated_bytes_raise_nothing_but_input_errors(changes: list[tuple[int, bytes]]) -> None:
    data = f"BEGIN:VCALENDAR\n{SEED}END:VCALENDAR\n".encode()
    for at, piece in changes:
        data = data[:at] + piece + data[at + len(piece) // 2 :]
    found = read_busy(data, WINDOW)
    assert all(a < b for a, b in found.periods)
    assert all(a >= datetime(2010, 12, 15, 23, tzinfo=UTC) for a, _ in found.periods)
