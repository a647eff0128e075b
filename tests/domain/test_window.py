from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import DAILY, FR, WEEKLY, rrule, rruleset
from hypothesis import given
from hypothesis import strategies as st

from unsched import LUNCH, REGULAR, UN_HOURS, Block, InputError, Period, Window
from unsched.domain.interval import Interval

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

AUTUMN = Window("Europe/Zurich", ["2010-10-31"], [Block("00:00", "24:00")], step=60)
SPRING = Window("Europe/Zurich", ["2011-03-27"], [Block("00:00", "24:00")], step=60)
ZONES = ("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "UTC")


def lengths(window: Window) -> list[int]:
    return [block.span.minutes for block in window.open_blocks]


def walls(window: Window, minutes: tuple[int, ...]) -> list[str]:
    return [f"{window.wall(minute):%d %H:%M %z}" for minute in minutes]


# -- windows ----------------------------------------------------------------------------------------------------------


def test_a_window_of_dates_has_the_united_nations_hours_by_default() -> None:
    window = Window("Europe/Zurich", ["2010-12-17", date(2010, 12, 15)])
    assert window.days == (date(2010, 12, 15), date(2010, 12, 17))
    assert window.blocks == UN_HOURS
    assert [(block.day.day, f"{window.wall(block.span.start):%H:%M}") for block in window.open_blocks] == [
        (15, "10:00"),
        (15, "15:00"),
        (17, "10:00"),
        (17, "15:00"),
    ]
    assert lengths(window) == [180] * 4
    assert window.origin == datetime(2010, 12, 14, 23, tzinfo=UTC)


def test_a_window_between_two_days_holds_both_but_no_closed_day() -> None:
    window = Window.between("UTC", "2010-12-15", date(2010, 12, 18), closed="2010-12-16", step=30)
    assert [day.day for day in window.days] == [15, 17, 18]
    assert window.step == 30
    one_day = Window.between("UTC", "2010-12-15", "2010-12-15", closed=[date(2011, 1, 1), "2011-01-01"])
    assert one_day.days == (date(2010, 12, 15),)


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        (
            {"last": "2010-12-14"},
            "last",
            "there is no day from 2010-12-15 to 2010-12-14",
            "a last day that is not before the first.",
        ),
        ({"last": "2030-01-01"}, "last", "2010-12-15 to 2030-01-01 is over 3700 days", "fewer days."),
        ({"first": "soon"}, "first", "'soon' is not a date", "a date such as '2010-12-17'."),
        ({"last": None}, "last", "None is not a date", "a date such as '2010-12-17'."),
        ({"closed": ["never"]}, "closed[0]", "'never' is not a date", "a date such as '2010-12-17'."),
        ({"closed": ["2010-12-15", "2010-12-16"]}, "days", "the window has no day", "at least one date."),
        ({"blocks": 3}, "blocks", "3 is not a list", "put it in brackets: [...]."),
    ],
)
def test_a_wrong_span_of_days_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    good = {"first": "2010-12-15", "last": "2010-12-16"}
    assert refused(lambda: Window.between("UTC", **{**good, **fields})) == [(path, message, remedy)]


def test_the_longest_window_is_of_3700_days(refused: Refused) -> None:
    first = date(2010, 1, 1)
    assert len(Window.between("UTC", first, first + timedelta(3699)).days) == 3700
    every = [first + timedelta(n) for n in range(3701)]
    assert refused(lambda: Window("UTC", every)) == [("days", "3701 days are over the limit of 3700", "fewer days.")]


def test_a_window_recurs_by_a_rule_a_set_or_their_text() -> None:
    start = datetime(2010, 12, 1)
    rule = rrule(WEEKLY, dtstart=start, count=3, byweekday=FR)
    fridays = (date(2010, 12, 3), date(2010, 12, 10), date(2010, 12, 17))
    assert Window.recurring("UTC", rule).days == fridays
    both = rruleset()
    both.rrule(rule)
    both.exdate(datetime(2010, 12, 3))
    assert Window.recurring("UTC", both).days == fridays[1:]
    text = "DTSTART:20101201\nRRULE:FREQ=WEEKLY;COUNT=3;BYDAY=FR\nEXDATE:20101203"
    window = Window.recurring("UTC", text, closed=["2010-12-10"], blocks=[Block("09:00", "10:00")], step=20)
    assert (window.days, len(window.blocks), window.step) == (fridays[2:], 1, 20)


def test_several_moments_of_a_recurrence_on_a_day_are_one_day() -> None:
    assert len(Window.recurring("UTC", "DTSTART:20101201\nRRULE:FREQ=HOURLY;COUNT=30").days) == 2


def test_moments_with_an_offset_count_on_their_day_in_the_zone() -> None:
    text = "DTSTART:20101201T233000Z\nRRULE:FREQ=DAILY;COUNT=1"
    assert Window.recurring("Europe/Zurich", text).days == (date(2010, 12, 2),)
    assert Window.recurring("America/New_York", text).days == (date(2010, 12, 1),)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=DAILY;COUNT=2", "it has no DTSTART"),
        ("DTSTART:20101201\nRRULE:FREQ=SOMETIMES", "invalid 'FREQ': SOMETIMES"),
        ("DTSTART:20101201", "list index out of range"),
        ("DTSTART:20101201\nEXDATE:20101202T000000Z\nRRULE:FREQ=DAILY;COUNT=3", "can't compare offset-naive"),
        ("DTSTART:20101201\nRRULE:FREQ=DAILY;INTERVAL=-1;COUNT=1", "day is out of range"),
        (5, "it is of type int"),
    ],
)
def test_what_is_no_recurrence_is_refused_with_the_reason(refused: Refused, rule: str, why: str) -> None:
    [(path, message, remedy)] = refused(lambda: Window.recurring("UTC", rule))
    assert (path, remedy) == ("rrule", "a rule as in RFC 5545, with DTSTART.")
    assert message.startswith(f"{rule!r} is not a recurrence (")
    assert why in message


@pytest.mark.parametrize("rule", ["RRULE:FREQ=DAILY", "RRULE:FREQ=SECONDLY"])
def test_a_recurrence_without_an_end_is_refused(refused: Refused, rule: str) -> None:
    [(path, message, remedy)] = refused(lambda: Window.recurring("UTC", f"DTSTART:20101201\n{rule}"))
    assert (path, message) == ("rrule", "the recurrence goes on for over 3700 days")
    assert remedy == "a rule with COUNT or UNTIL."


def test_a_recurrence_in_an_unknown_zone_is_refused(refused: Refused) -> None:
    [(path, message, _)] = refused(lambda: Window.recurring("Zurich", rrule(DAILY, count=1)))
    assert (path, message) == ("zone", "'Zurich' is not an IANA time zone")


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"zone": "Europe/Zürich"}, "zone", "'Europe/Zürich' is not an IANA time zone", "'Europe/Zurich'."),
        ({"zone": None}, "zone", "None is not an IANA time zone", "a name such as 'Europe/Zurich'."),
        ({"days": None}, "days", "None is not a list", "put it in brackets: [...]."),
        ({"days": []}, "days", "the window has no day", "at least one date."),
        ({"days": ["2010-12-17", "2010-12-17"]}, "days[1]", "2010-12-17 comes twice", "leave one out."),
        ({"blocks": []}, "blocks", "the window has no block", "leave blocks out to have the UN hours."),
        ({"blocks": ["10:00"]}, "blocks[0]", "'10:00' is not a Block", "a Block(...)."),
        ({"step": 0}, "step", "0 is less than 1", "1 or more of minutes."),
        ({"step": 7.5}, "step", "7.5 is not a whole number of minutes", "a number such as 1."),
        (
            {"blocks": [Block("10:00", "13:00"), Block("15:00", "18:00", days="2010-12-18")]},
            "blocks[1].days",
            "2010-12-18 is not a day of the window",
            "one of its days.",
        ),
        (
            {"blocks": [Block("10:00", "13:00"), Block("12:00", "18:00")]},
            "blocks",
            "two regular blocks overlap on 2010-12-17",
            "join them, or give one another kind.",
        ),
    ],
)
def test_a_wrong_window_names_field_and_value(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    good: dict[str, Any] = {"zone": "UTC", "days": ["2010-12-17"]}
    assert refused(lambda: Window(**{**good, **fields})) == [(path, message, remedy)]


def test_all_that_is_wrong_with_a_window_is_said_at_once(refused: Refused) -> None:
    found = refused(lambda: Window("Nowhere", ["soon"], [], step=-1))
    assert [path for path, _, _ in found] == ["zone", "days[0]", "blocks", "step"]


# -- blocks -----------------------------------------------------------------------------------------------------------


def test_a_block_can_reach_over_midnight_and_belongs_to_the_day_on_which_it_starts() -> None:
    window = Window("UTC", ["2010-12-16", "2010-12-17"], [Block("22:00", "02:00")])
    assert [(block.day.day, block.span) for block in window.open_blocks] == [
        (16, Interval(1320, 1560)),
        (17, Interval(2760, 3000)),
    ]


def test_a_block_can_reach_to_the_end_of_the_day_or_be_the_whole_day() -> None:
    assert lengths(Window("UTC", ["2010-12-17"], [Block("18:00", "24:00")])) == [360]
    assert lengths(Window("UTC", ["2010-12-17"], [Block("10:00", "10:00")])) == [1440]


def test_blocks_over_midnight_overlap_those_of_the_next_day(refused: Refused) -> None:
    blocks = [Block("22:00", "02:00"), Block("01:00", "03:00")]
    found = refused(lambda: Window("UTC", ["2010-12-16", "2010-12-17"], blocks))
    assert found == [("blocks", "two regular blocks overlap on 2010-12-17", "join them, or give one another kind.")]
    assert len(Window("UTC", ["2010-12-16"], blocks).open_blocks) == 2


def test_a_block_can_be_open_on_some_days_only_and_for_some_kinds_of_session() -> None:
    blocks = [*UN_HOURS, Block("13:15", "14:45", LUNCH, "2010-12-17")]
    window = Window("UTC", ["2010-12-16", "2010-12-17"], blocks)
    lunch = [block for block in window.open_blocks if block.kind == LUNCH]
    assert [(block.day.day, block.span.minutes) for block in lunch] == [(17, 90)]
    assert walls(window, window.starts(90, (LUNCH,))) == ["17 13:15 +0000"]
    assert len(window.starts(180)) == len(window.starts(180, (REGULAR, LUNCH))) == 4
    assert window.starts(60, ("overtime",)) == ()


def test_open_time_is_the_union_of_blocks_of_all_kinds() -> None:
    blocks = [Block("10:00", "13:00"), Block("12:00", "14:00", LUNCH), Block("14:00", "15:00", "late")]
    assert Window("UTC", ["2010-12-17"], blocks).open_time == (Interval(600, 900),)


# -- starts -----------------------------------------------------------------------------------------------------------


def test_starts_lie_on_the_grid_of_their_block_and_leave_room_for_the_session() -> None:
    window = Window("UTC", ["2010-12-17"], [Block("10:10", "11:00"), Block("15:00", "16:00")], step=20)
    assert walls(window, window.starts(40)) == ["17 10:10 +0000", "17 15:00 +0000", "17 15:20 +0000"]
    assert window.starts(60) == (900,)
    assert window.starts(61) == ()


def test_a_session_within_a_day_may_run_over_its_breaks_but_ends_in_open_time() -> None:
    window = Window("UTC", ["2010-12-16", "2010-12-17"], step=60)
    assert walls(window, window.starts(420, within="day")) == [
        "16 10:00 +0000",
        "16 11:00 +0000",
        "17 10:00 +0000",
        "17 11:00 +0000",
    ]
    assert window.starts(420) == ()
    # From 10:00, five hours end at 15:00: the end is exclusive, so no minute of the afternoon is used.
    assert walls(window, window.starts(300, within="day"))[:2] == ["16 11:00 +0000", "16 12:00 +0000"]


def test_a_session_within_a_day_never_ends_in_a_block_of_another_day() -> None:
    window = Window("UTC", ["2010-12-16", "2010-12-17"], [Block("22:00", "02:00"), Block("10:00", "11:00")], step=60)
    assert walls(window, window.starts(960, within="day")) == ["16 10:00 +0000", "17 10:00 +0000"]
    late = Window(
        "UTC", ["2010-12-16", "2010-12-17"], [Block("22:00", "03:00"), Block("01:00", "02:00", LUNCH)], step=60
    )
    both = (REGULAR, LUNCH)
    assert walls(late, late.starts(120, both, "day")) == [
        "16 22:00 +0000",
        "16 23:00 +0000",
        "17 00:00 +0000",
        "17 01:00 +0000",
        "17 22:00 +0000",
        "17 23:00 +0000",
        "18 00:00 +0000",
        "18 01:00 +0000",
    ]


@given(
    minutes=st.integers(1, 40).map(lambda n: n * 10),
    within=st.sampled_from(["block", "day"]),
    kinds=st.sampled_from([(REGULAR,), (LUNCH,), (REGULAR, LUNCH)]),
    step=st.sampled_from([10, 15, 20]),
)
def test_starts_are_all_those_from_which_a_session_lies_in_open_time(
    minutes: int, within: str, kinds: tuple[str, ...], step: int
) -> None:
    blocks = [Block("01:00", "03:30"), Block("10:00", "12:00"), Block("12:00", "13:00", LUNCH)]
    window = Window("Europe/Zurich", ["2011-03-26", "2011-03-27"], blocks, step)
    usable = [block for block in window.open_blocks if block.kind in kinds]
    found = {
        start
        for first in usable
        for last in usable
        if first == last or (within == "day" and first.day == last.day)
        for start in range(first.span.start, first.span.end)
        if (start - first.span.start) % step == 0 and last.span.start < start + minutes <= last.span.end
    }
    assert window.starts(minutes, kinds, within) == tuple(sorted(found))


def test_the_nearest_start_is_said_by_the_wall_clock() -> None:
    window = Window("Europe/Zurich", ["2010-12-17"])
    starts = window.starts(180)
    nearest = [
        window.nearest_start(window.minute(f"2010-12-{day}"), starts) for day in ("16T10:00", "17T11:00", "19T00:00")
    ]
    assert nearest == ["2010-12-17 10:00.", "2010-12-17 10:00.", "2010-12-17 15:00."]
    assert window.nearest_start(starts[1], starts) == "2010-12-17 15:00."
    assert window.nearest_start(0, ()) is None


# -- the night on which the clocks change -----------------------------------------------------------------------------


def test_the_day_is_as_long_as_it_really_is_when_the_clocks_change() -> None:
    assert lengths(AUTUMN) == [25 * 60]
    assert lengths(SPRING) == [23 * 60]
    lord_howe = [
        Window("Australia/Lord_Howe", [day], [Block("00:00", "24:00")]) for day in ("2010-04-04", "2010-10-03")
    ]
    assert [lengths(window) for window in lord_howe] == [[24 * 60 + 30], [24 * 60 - 30]]


@pytest.mark.parametrize(
    ("start", "end", "autumn", "spring"),
    [
        ("01:00", "04:00", 240, 120),
        ("01:00", "02:30", 90, 90),
        ("02:00", "03:00", 120, None),
        ("02:30", "03:00", 90, None),
        ("02:30", "04:00", 150, 30),
        ("03:00", "04:00", 60, 60),
        ("22:00", "03:00", 300, 300),
    ],
)
def test_a_block_over_the_change_has_its_true_length(start: str, end: str, autumn: int, spring: int | None) -> None:
    block = Block(start, end)
    assert lengths(Window("Europe/Zurich", ["2010-10-31"], [block])) == [autumn]
    assert lengths(Window("Europe/Zurich", ["2011-03-27"], [block])) == ([spring] if spring else [])


def test_a_block_of_the_evening_before_reaches_over_the_change() -> None:
    block = Block("22:00", "03:00")
    assert lengths(Window("Europe/Zurich", ["2010-10-30"], [block])) == [360]
    assert lengths(Window("Europe/Zurich", ["2011-03-26"], [block])) == [240]


def test_starts_over_the_change_are_of_true_minutes() -> None:
    assert walls(AUTUMN, AUTUMN.starts(1380)) == ["31 00:00 +0200", "31 01:00 +0200", "31 02:00 +0200"]
    assert walls(AUTUMN, AUTUMN.starts(60)[1:5]) == [
        "31 01:00 +0200",
        "31 02:00 +0200",
        "31 02:00 +0100",
        "31 03:00 +0100",
    ]
    assert walls(SPRING, SPRING.starts(60)[:3]) == ["27 00:00 +0100", "27 01:00 +0100", "27 03:00 +0200"]


def test_a_time_that_comes_twice_is_the_first_unless_it_says_its_offset() -> None:
    assert AUTUMN.minute("2010-10-31T02:30") == AUTUMN.minute("2010-10-31T02:30+02:00") == 150
    assert AUTUMN.minute("2010-10-31T02:30+01:00") == 210
    second = datetime(2010, 10, 31, 2, 30, fold=1)
    assert AUTUMN.minute(second) == AUTUMN.minute(second.replace(tzinfo=ZoneInfo("Europe/Zurich"))) == 210


@pytest.mark.parametrize("tzinfo", [None, ZoneInfo("Europe/Zurich")])
def test_a_time_that_does_not_exist_is_refused_with_the_one_meant(refused: Refused, tzinfo: ZoneInfo | None) -> None:
    gap = datetime(2011, 3, 27, 2, 30, tzinfo=tzinfo)
    message = "2011-03-27 02:30 does not exist in Europe/Zurich: the clocks go forward over it"
    assert refused(lambda: SPRING.minute(gap)) == [("", message, "2011-03-27 03:30.")]


def test_a_change_of_half_an_hour_is_understood(refused: Refused) -> None:
    window = Window("Australia/Lord_Howe", ["2010-10-03"])
    message = "2010-10-03 02:15 does not exist in Australia/Lord_Howe: the clocks go forward over it"
    assert refused(lambda: window.minute("2010-10-03T02:15")) == [("", message, "2010-10-03 02:45.")]
    assert window.minute("2010-10-03T02:30") - window.minute("2010-10-03T01:59") == 1


def test_a_day_whose_midnight_does_not_exist_begins_after_it() -> None:
    window = Window("America/Sao_Paulo", ["2010-10-17"], [Block("00:00", "03:00")])
    assert (f"{window.wall(0):%d %H:%M}", lengths(window)) == ("17 01:00", [120])


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        ("noon", "'noon' is not a date and time"),
        (None, "None is not a date and time"),
        (date(2010, 12, 17), "2010-12-17 is not a date and time"),
        ("2010-12-17T10:00:30", "2010-12-17T10:00:30 is not in whole minutes"),
        ("1950-12-17T10:00", "1950-12-17T10:00:00 is outside the years 1973 to 2199"),
        (datetime.max, "9999-12-31T23:59:59.999999 is not in whole minutes"),  # noqa: DTZ901
    ],
)
def test_what_is_no_moment_is_refused(refused: Refused, moment: datetime | str, message: str) -> None:
    [(path, found, _)] = refused(lambda: AUTUMN.minute(moment))
    assert (path, found) == ("", message)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(1973, 2, 1), date(2197, 12, 31)),
    minute=st.integers(-3 * 1440, 400 * 1440),
)
def test_the_wall_clock_and_the_minutes_are_inverse(zone: str, day: date, minute: int) -> None:
    window = Window(zone, [day])
    wall = window.wall(minute)
    assert window.minute(wall) == window.minute(wall.astimezone(UTC)) == window.minute(wall.isoformat()) == minute
    assert window.day_of(minute) == wall.date()
    try:
        read = window.minute(wall.replace(tzinfo=None))
    except InputError:
        pytest.fail(f"{wall} is shown, so it exists")
    assert read == minute


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2009, 1, 1), date(2012, 12, 31)),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_a_block_is_as_long_as_the_time_that_passes_between_its_ends(
    zone: str, day: date, start: time, end: time
) -> None:
    window = Window(zone, [day], [Block(start, end)])
    tz = ZoneInfo(zone)
    last = day if end > start else day + timedelta(1)
    passing = datetime.combine(last, end, tz).timestamp() - datetime.combine(day, start, tz).timestamp()
    assert lengths(window) == ([passing / 60] if passing > 0 else [])


# -- periods in minutes -----------------------------------------------------------------------------------------------


def test_periods_become_minutes_and_those_that_touch_are_one() -> None:
    window = Window("UTC", ["2010-12-17"])
    periods = [Period("2010-12-17", "10:00", "12:00"), Period("2010-12-17", "12:00", "13:00")]
    assert window.intervals(periods) == window.intervals(iter(periods)) == (Interval(600, 780),)
    assert window.intervals([]) == ()
    assert window.intervals([Period("2010-12-20", "00:00", "01:00")]) == (Interval(4320, 4380),)


def test_a_period_of_every_day_reaches_from_the_day_before_to_the_day_after() -> None:
    window = Window("UTC", ["2010-12-16", "2010-12-17"])
    assert window.intervals([Period()]) == (Interval(-1440, 3 * 1440),)
    assert window.intervals([Period(None, "22:00", "02:00")]) == tuple(
        Interval(day * 1440 - 120, day * 1440 + 120) for day in range(4)
    )


def test_a_period_over_the_change_is_of_true_minutes() -> None:
    assert AUTUMN.intervals([Period("2010-10-31")]) == (Interval(0, 1500),)
    assert SPRING.intervals([Period("2011-03-27", "02:00", "03:00")]) == ()


def test_open_minutes_before_a_minute_leave_out_what_is_shut() -> None:
    window = Window("UTC", ["2010-12-16", "2010-12-17"])
    moments = ["16T00:00", "16T10:00", "16T10:01", "16T14:00", "16T16:00", "17T00:00", "17T10:30", "18T00:00"]
    passed = [window.open_minutes_before(window.minute(f"2010-12-{moment}")) for moment in moments]
    assert passed == [0, 0, 1, 180, 240, 360, 390, 720]
