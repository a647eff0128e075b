from __future__ import annotations

import hashlib
import importlib.resources
import io
import zoneinfo
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from unsched.calendar.vtimezone import vtimezone

HALF_HOUR = timedelta(minutes=30)
SOME = [
    "Europe/Zurich",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/New_York",
    "America/Santiago",
    "America/Nuuk",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
]


def offset(text: str) -> timedelta:
    size = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:] or 0))
    return -size if text[0] == "-" else size


def changes(data: bytes, last: int) -> list[tuple[datetime, timedelta, timedelta]]:
    """Read the changes of the clocks off a VTIMEZONE: wall time before the change, offset before, offset after."""
    found = []
    for part in data.decode().split("BEGIN:")[2:]:
        fields = dict(line.split(":", 1) for line in part.splitlines() if ":" in line)
        start = datetime.fromisoformat(fields["DTSTART"])
        walls = [start]
        if "RRULE" in fields:
            walls = rrulestr(fields["RRULE"], dtstart=start).between(start, datetime(last + 1, 1, 1), inc=True)
        found += [(wall, offset(fields["TZOFFSETFROM"]), offset(fields["TZOFFSETTO"])) for wall in walls]
    return sorted(found)


def years_of_half_hours(first: int, last: int) -> list[datetime]:
    start, end = datetime(first, 1, 1), datetime(last + 1, 1, 1)
    return [start + number * HALF_HOUR for number in range((end - start) // HALF_HOUR)]


def disagreements(zone: str, walls: list[datetime], first: int, last: int) -> list[str]:
    """Compare a VTIMEZONE with zoneinfo at each wall time, both read as RFC 5545, section 3.3.5 says."""
    tz = ZoneInfo(zone)
    bounds, offsets = [0], []
    for wall, before, after in changes(vtimezone(zone, first, last), last):
        # A time that is skipped, and the first of two that are alike, are read with the offset before the change.
        bounds.append(bisect_left(walls, wall + max(after - before, timedelta())))
        offsets.append(before)
    offsets.append(after)
    wrong = []
    for start, end, wanted in zip(bounds, [*bounds[1:], len(walls)], offsets, strict=True):
        if start < end and set(map(tz.utcoffset, walls[start:end])) != {wanted}:
            wrong.append(f"{zone}: not {wanted} all the time from {walls[start]} to {walls[end - 1]}")
    if bounds[1] > 0:
        wrong.append(f"{zone}: nothing holds on {walls[0]}")
    return wrong


def zones() -> list[str]:
    """Return every IANA zone, but one name only of those whose data are the same to the byte."""
    alike: dict[bytes, str] = {}
    for name in sorted(zoneinfo.available_timezones()):
        files = [Path(folder, name) for folder in zoneinfo.TZPATH if Path(folder, name).is_file()]
        data = (files[0] if files else importlib.resources.files("tzdata.zoneinfo").joinpath(name)).read_bytes()
        alike.setdefault(hashlib.sha256(data).digest(), name)
    return list(alike.values())


@pytest.mark.parametrize(("first", "last"), [(2010, 2010), (2025, 2027)])
def test_every_zone_is_exact_at_every_half_hour(first: int, last: int) -> None:
    walls = years_of_half_hours(first, last)
    found = zones()
    assert len(found) > 300
    assert [text for zone in found for text in disagreements(zone, walls, first, last)] == []


@pytest.mark.parametrize("zone", SOME)
@pytest.mark.parametrize("year", [2011, 2025, 2026, 2027])
def test_a_single_year_is_exact_too(zone: str, year: int) -> None:
    assert disagreements(zone, years_of_half_hours(year, year), year, year) == []


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Apia", "Europe/London", "Africa/Monrovia"])
@pytest.mark.parametrize(("first", "last"), [(1939, 1948), (1971, 1973), (2005, 2013), (2030, 2045)])
def test_years_in_which_the_rules_change_are_exact_too(zone: str, first: int, last: int) -> None:
    assert disagreements(zone, years_of_half_hours(first, last), first, last) == []


@pytest.mark.parametrize("zone", SOME)
@pytest.mark.parametrize("year", [2010, 2026])
def test_an_independent_reader_finds_the_same_instants(zone: str, year: int) -> None:
    read = tzical(io.StringIO(vtimezone(zone, year, year).decode())).get(zone)
    tz = ZoneInfo(zone)
    start = datetime(year, 1, 1, 12, tzinfo=UTC)
    for instant in (start + number * timedelta(hours=11) for number in range(790)):
        local = instant.astimezone(tz)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        if not twice and local.year == year:
            assert local.replace(tzinfo=read).utcoffset() == local.utcoffset(), local


def moments(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """Yield every fifth day, and each half hour within three hours of a change of the clocks."""
    start, end = datetime(first, 1, 1, 15, tzinfo=UTC), datetime(last, 12, 31, 9, tzinfo=UTC)
    for number in range((end - start).days):
        day = start + number * timedelta(days=1)
        if number % 5 == 0:
            yield day
        if day.astimezone(zone).utcoffset() == (day + 48 * HALF_HOUR).astimezone(zone).utcoffset():
            continue
        offsets = [(day + part * HALF_HOUR).astimezone(zone).utcoffset() for part in range(49)]
        changes = [part for part in range(48) if offsets[part] != offsets[part + 1]]
        yield from (day + part * HALF_HOUR for change in changes for part in range(change - 6, change + 8))


def stranger_disagrees(zone: str, first: int, last: int) -> list[str]:
    """Compare zoneinfo with dateutil's reading of a VTIMEZONE, at local times that are there once or are the first."""
    tz, read = ZoneInfo(zone), tzical(io.StringIO(vtimezone(zone, first, last).decode())).get(zone)
    wrong = []
    for instant in moments(tz, first, last):
        local = instant.astimezone(tz)
        if not local.fold and local.replace(tzinfo=read).utcoffset() != local.utcoffset():
            wrong.append(f"{zone}: {local}")
    return wrong


@pytest.mark.parametrize(("first", "last"), [(2010, 2010), (2025, 2027)])
def test_dateutil_finds_every_zone_exact_around_each_change(first: int, last: int) -> None:
    found = zones()
    assert [text for zone in found for text in stranger_disagrees(zone, first, last)] == []


def test_a_zone_takes_some_250_bytes() -> None:
    sizes = sorted(len(vtimezone(zone, 2026, 2026)) for zone in zones())
    assert sum(sizes) / len(sizes) < 250
    # Two rules; and Casablanca, whose four changes of the two years have no rule.
    assert sizes[len(sizes) * 9 // 10] < 350
    assert sizes[-1] < 600


@pytest.mark.parametrize("zone", SOME)
def test_icalendar_reads_and_writes_the_same_bytes(zone: str) -> None:
    data = vtimezone(zone, 2026, 2026)
    assert icalendar.Timezone.from_ical(data).to_ical() == data


def test_zurich_in_2010_is_two_rules_and_no_more() -> None:
    data = vtimezone("Europe/Zurich", 2010, 2010)
    assert len(data) < 350
    assert data.count(b"BEGIN:DAYLIGHT") == data.count(b"BEGIN:STANDARD") == 1
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in data
    assert b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in data
    assert b"X-LIC-LOCATION" not in data


def test_a_rule_from_the_start_of_the_month_is_written_so() -> None:
    data = vtimezone("America/New_York", 2026, 2027)
    assert b"BYDAY=2SU;BYMONTH=3" in data
    assert b"BYDAY=1SU;BYMONTH=11" in data


def test_changes_without_a_rule_have_an_observance_each_and_no_rdate() -> None:
    data = vtimezone("Africa/Casablanca", 2026, 2027)
    assert b"RRULE" not in data
    assert b"RDATE" not in data
    assert data.count(b"DTSTART") == 6


def test_a_zone_whose_clocks_never_change_is_standard_time() -> None:
    data = vtimezone("Etc/GMT-14", 2026, 2026)
    assert data.count(b"DTSTART:20250101T000000\r\n") == data.count(b"BEGIN:STANDARD") == 1
    assert b"DAYLIGHT" not in data


def test_summer_is_daylight_even_where_the_data_say_that_winter_saves() -> None:
    assert changes(vtimezone("Europe/Dublin", 2026, 2026), 2026)
    summer = vtimezone("Europe/Dublin", 2026, 2026).decode().partition("BEGIN:DAYLIGHT")[2].partition("END:")[0]
    assert "TZNAME:IST" in summer


def test_offsets_of_old_times_have_seconds() -> None:
    assert b"TZOFFSETTO:+003408\r\n" in vtimezone("Europe/Zurich", 1850, 1850)


@pytest.mark.parametrize("year", [1, 2, 9998, 9999])
def test_the_first_and_the_last_years_there_are_can_be_written(year: int) -> None:
    assert b"BEGIN:STANDARD" in vtimezone("Pacific/Kiritimati", year, year)
    assert b"BEGIN:STANDARD" in vtimezone("America/Nuuk", year, year)
