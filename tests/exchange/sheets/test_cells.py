from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from time import process_time
from typing import Any

import pytest

from unsched.domain.choose_rooms import SelectRooms
from unsched.domain.select import Select
from unsched.exchange.sheets import cells
from unsched.exchange.sheets.cells import CellError, Form
from unsched.exchange.sheets.hours import BLOCKS, PERIODS
from unsched.exchange.sheets.rules import read_settings
from unsched.exchange.sheets.selecting import selector_form

SESSIONS, ROOMS = selector_form(Select), selector_form(SelectRooms)
DAYS = ["2010-12-15", "2010-12-16", "2010-12-17"]


@pytest.mark.parametrize(
    ("form", "cell", "meant"),
    [
        (cells.TEXT, "XXVI", "XXVI"),
        (cells.TEXT, 26, "26"),
        (cells.TEXT, 26.0, "26"),
        (cells.TEXT, 2.5, "2.5"),
        (cells.WHOLE, 3.0, 3),
        (cells.WHOLE, "3", 3),
        (cells.NUMBER, "1.5", 1.5),
        (cells.TRUTH, "Yes", True),
        (cells.TRUTH, "no", False),
        (cells.TRUTH, True, True),
        (cells.TRUTH, 0, False),
        (cells.MINUTES, 90, 90),
        (cells.MINUTES, "90", 90),
        (cells.MINUTES, "1:30", 90),
        (cells.MINUTES, "1 h 30", 90),
        (cells.MINUTES, "3 h", 180),
        (cells.MINUTES, "90 min", 90),
        (cells.MINUTES, time(1, 30), 90),
        (cells.MINUTES, timedelta(hours=25), 1500),
        (cells.DATE, date(2010, 12, 17), "2010-12-17"),
        (cells.DATE, datetime(2010, 12, 17), "2010-12-17"),
        (cells.DATE, "2010-12-7", "2010-12-07"),
        (cells.DATES, "2010-12-15, 2010-12-17", ["2010-12-15", "2010-12-17"]),
        (cells.DATES, "2010-12-15 to 2010-12-17", DAYS),
        (cells.DATES, "2010-12-15..2010-12-17", DAYS),
        (cells.DATES, datetime(2010, 12, 17), ["2010-12-17"]),
        (cells.TIME, "9:30", "09:30"),
        (cells.TIME, time(9, 30), "09:30"),
        (cells.TIME, "24:00", "24:00"),
        (cells.MOMENT, "2010-12-15 9:30", "2010-12-15T09:30:00"),
        (cells.MOMENT, "2010-12-15T09:30+01:00", "2010-12-15T09:30:00+01:00"),
        (cells.MOMENT, datetime(2010, 12, 15, 9, 29, 59, 999_990), "2010-12-15T09:30:00"),
        (cells.IDS, "egypt; brazil,greece\nindia", ["egypt", "brazil", "greece", "india"]),
        (cells.IDS, '"Bonaire, Saba", "a ""b"""', ["Bonaire, Saba", 'a "b"']),
        (cells.IDS, 26, ["26"]),
        (cells.WHOLES, "1, 2", [1, 2]),
        (cells.VALUE, "150", 150),
        (cells.VALUE, "A", "A"),
        (cells.VALUE, '["a", "b"]', ["a", "b"]),
        (PERIODS, "2010-12-17 10:00-13:00", [{"days": ["2010-12-17"], "start": "10:00", "end": "13:00"}]),
        (PERIODS, "2010-12-15 to 2010-12-17", [{"days": DAYS}]),
        (PERIODS, "every day 9:00-24:00; 2010-12-16", [{"start": "09:00"}, {"days": ["2010-12-16"]}]),
        (PERIODS, "09:00 \u2013 18:00", [{"start": "09:00", "end": "18:00"}]),
        (PERIODS, "always", [{}]),
        (PERIODS, "never", []),
        (PERIODS, date(2010, 12, 17), [{"days": ["2010-12-17"]}]),
        (
            BLOCKS,
            "10:00-13:00; 22:00-24:00 (late)",
            [
                {"start": "10:00", "end": "13:00"},
                {"start": "22:00", "end": "24:00", "kind": "late"},
            ],
        ),
        (BLOCKS, "2010-12-16 9:00-10:00", [{"start": "09:00", "end": "10:00", "days": ["2010-12-16"]}]),
        (SESSIONS, "wg-1", "wg-1"),
        (SESSIONS, "ALL", {}),
        (SESSIONS, '"all"', "all"),
        (SESSIONS, "kind: plenary; priorities: 1, 2", {"kinds": ["plenary"], "priorities": [1, 2]}),
        (SESSIONS, "body: CSTD", {"bodies": ["CSTD"]}),
        (ROOMS, "building: E; features: webcast", {"buildings": ["E"], "features": ["webcast"]}),
    ],
)
def test_a_cell_is_read_as_people_write_it(form: Form, cell: Any, meant: object) -> None:
    assert form.read(cell) == meant
    assert type(form.read(cell)) is type(meant)


@pytest.mark.parametrize(
    ("form", "cell", "remedy"),
    [
        (cells.TEXT, datetime(2010, 12, 15), "an apostrophe before it, or a cell formatted as text."),
        (cells.TEXT, True, "an apostrophe before it, or a cell formatted as text."),
        (cells.WHOLE, "3.5", "a whole number such as 1."),
        (cells.WHOLE, True, "a whole number such as 1."),
        (cells.NUMBER, "1e999", "a number such as 1.5."),
        (cells.TRUTH, "perhaps", "'yes' or 'no'."),
        (cells.MINUTES, "1:75", "minutes, such as 90, or hours and minutes: 1:30."),
        (cells.MINUTES, 1.5, "minutes, such as 90, or hours and minutes: 1:30."),
        (cells.MINUTES, " ", "minutes, such as 90, or hours and minutes: 1:30."),
        (cells.DATE, 40527, "one such as 2010-12-17, or a cell formatted as a date."),
        (cells.DATE, "2010-02-30", "a date such as 2010-12-17."),
        (cells.DATE, "05/12/2010", "2010-12-05 or 2010-05-12."),
        (cells.DATE, "17.12.2010", "2010-12-17."),
        (cells.DATE, "1/2/3", "a date such as 2010-12-17."),
        (cells.DATE, datetime(2010, 12, 17, 9), "2010-12-17."),
        (cells.DATES, "2010-12-17 to 2010-12-15", "the earlier day first, and fewer days."),
        (cells.DATES, "2010-12-01..2010-12-02..2010-12-03", "a range such as 2010-12-15 to 2010-12-17."),
        (cells.DATES, "1999-01-01 to 2199-01-01", "the earlier day first, and fewer days."),
        (cells.TIME, "25:00", "a time such as 10:00."),
        (cells.TIME, "10:7", "a time such as 10:00."),
        (cells.MOMENT, "15/12/2010 09:30", "2010-12-15 09:30."),
        (cells.MOMENT, "2010-12-15", "2010-12-15 10:00."),
        (cells.MOMENT, date(2010, 12, 15), "2010-12-15 10:00."),
        (cells.MOMENT, "noon", "one such as 2010-12-17 10:00, or a cell formatted as a date."),
        (cells.IDS, '"egypt', "one more quote, or none."),
        (cells.JSON, "{", "a text in double quotes, a number, [...] or {...}."),
        (cells.VALUE, 1.5, "a whole number such as 1."),
        (PERIODS, "10:00-13:00 sharp", "one such as 2010-12-17 10:00-13:00; several are parted by semicolons."),
        (PERIODS, "mornings", "one such as 2010-12-17 10:00-13:00; several are parted by semicolons."),
        (PERIODS, 7, "one such as 2010-12-17 10:00-13:00; several are parted by semicolons."),
        (BLOCKS, "(lunch)", "one such as 2010-12-17 10:00-13:00; several are parted by semicolons."),
        (BLOCKS, "2010-12-17", "hours such as 10:00-13:00."),
        (BLOCKS, 10, "hours such as 10:00-13:00; 15:00-18:00."),
        (
            SESSIONS,
            "tags: a; wg-1",
            ("tags: ...; with one of ids, tags, bodies, kinds, delegations, groups, priorities before each colon."),
        ),
        (
            SESSIONS,
            "tag: a; tags: b",
            ("tags: ...; with one of ids, tags, bodies, kinds, delegations, groups, priorities before each colon."),
        ),
    ],
)
def test_what_could_mean_two_things_or_none_is_refused_with_what_to_write_instead(
    form: Form, cell: Any, remedy: str
) -> None:
    with pytest.raises(CellError) as error:
        form.read(cell)
    assert error.value.remedy == remedy


@pytest.mark.parametrize(
    "read",
    [
        *(form.read for form in (cells.DATES, cells.IDS, cells.MINUTES, cells.MOMENT, cells.NUMBER, cells.JSON)),
        *(PERIODS.read, BLOCKS.read, SESSIONS.read, lambda cell: list(read_settings("before", cell))),
    ],
)
@pytest.mark.parametrize("filler", [" ", "\n", "(", "1", "10:00", ";", "a=", ",", '"', "[", "'", "to "])
def test_no_cell_takes_long_to_read_whatever_is_in_it(read: Callable[[Any], object], filler: str) -> None:
    cell = f"2010-12-15{filler * (100_000 // len(filler))}x"
    start = process_time()
    with contextlib.suppress(CellError):
        read(cell)
    assert process_time() - start < 2
