from __future__ import annotations

import icalendar
import pytest
from attrs import evolve

from unsched import InputError, Problem, Schedule
from unsched.calendar.feeds import calendars, write_calendars
from unsched.calendar.head import colour


def test_a_colour_is_the_same_for_ever_and_most_calendars_differ() -> None:
    assert colour("rooms/XXVI.ics") == colour("rooms/XXVI.ics") == ("maroon", "#800000")
    assert len({colour(f"rooms/{number}.ics") for number in range(200)}) == 24


def test_a_colour_does_not_depend_on_what_else_there_is(problem: Problem, schedule: Schedule) -> None:
    fewer = evolve(problem, venue=evolve(problem.venue, rooms=[*problem.venue.rooms[:2]]))
    one, other = calendars(problem, schedule), calendars(fewer, schedule)
    assert one["rooms/XII.ics"] == other["rooms/XII.ics"]


@pytest.mark.parametrize("base", ["https://example.org/c", "https://example.org/c/", "webcal://example.org:8080/c"])
def test_a_calendar_says_where_it_is(problem: Problem, schedule: Schedule, base: str) -> None:
    found = calendars(problem, schedule, base_url=base)
    for path, data in found.items():
        if path.endswith(".ics") and not path.startswith("busy/"):
            source = icalendar.Calendar.from_ical(data)["SOURCE"]
            assert source == f"{base.rstrip('/')}/{path}"
            assert source.params["VALUE"] == "URI"
    assert all(b"\r\nSOURCE" not in data for data in calendars(problem, schedule).values())


@pytest.mark.parametrize(
    "base",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://[::1",
        "https://user:secret@example.org/",
        "https://example.org/?key=1",
        "https://example.org/#top",
        "https://example.org/a b",
        "https://example.org/\r\nATTENDEE:mailto:a@b.org",
        "javascript:alert(1)",
        7,
    ],
)
def test_what_is_no_address_of_a_folder_is_refused(problem: Problem, schedule: Schedule, base: str) -> None:
    with pytest.raises(InputError) as caught:
        calendars(problem, schedule, base_url=base)
    (fault,) = caught.value.faults
    assert fault.path == "base_url"
    assert "https://example.org/calendars/" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_is_written_has_its_address_too(problem: Problem, schedule: Schedule, tmp_path: object) -> None:
    paths = write_calendars(problem, schedule, str(tmp_path), base_url="https://example.org")
    assert b"SOURCE;VALUE=URI:https://example.org/bodies/CSTD.ics\r\n" in paths[0].read_bytes()
