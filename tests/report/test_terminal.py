from __future__ import annotations

import io
import re
from typing import Any

import pytest
from looks import HOSTILE, booked, looked_at
from rich.console import Console

from unsched import Booking, Room, Schedule, Session
from unsched.report.terminal import Report, TimetableView

PROBLEM = looked_at()
SCHEDULE = booked(PROBLEM)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def shown(thing: Any, width: int = 100, colours: Any = "truecolor") -> str:
    into = io.StringIO()
    console = Console(
        file=into, width=width, force_terminal=True, color_system=colours, no_color=colours is None, highlight=False,
        markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    console.print(thing)
    return into.getvalue()


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in ESCAPES.sub("", text).splitlines()]


def test_rooms_stand_beside_each_other_where_the_width_allows_it() -> None:
    found = lines(shown(TimetableView(SCHEDULE, PROBLEM)))
    assert found[0] == "small: 3 sessions, Europe/Zurich time"
    assert "▌ CSTD ▌ Side events" in found
    assert "Thursday 16 December 2010" in found
    assert "Time XXVI IX" in found
    assert "10:00-13:00 ▌ Opening" in found
    assert "11:00-12:30 │ ▌ Side event" in found  # the opening goes on beside it
    assert "Time XXVI" in found  # on Friday, the other room is not used


def test_where_it_does_not_sessions_are_a_list_with_their_ids() -> None:
    found = lines(shown(TimetableView(SCHEDULE, PROBLEM), width=50))
    assert "10:00-13:00 XXVI ▌ Opening [opening]" in found
    assert "15:00-16:00 XXVI ▌ Closing [closing]" in found  # all days alike, although Friday would have place
    assert all(len(line) <= 40 for line in ESCAPES.sub("", shown(TimetableView(SCHEDULE), 40)).splitlines())


def test_a_session_that_ends_before_others_of_its_row_says_when() -> None:
    sooner = SCHEDULE.rebooked(Booking("side", "IX", "2010-12-16T10:00+01:00", "2010-12-16T11:30+01:00", "Side event"))
    assert "10:00-13:00 ▌ Opening ▌ Side event (until 11:30)" in lines(shown(TimetableView(sooner, PROBLEM)))


def test_bodies_have_colours_of_their_own_and_without_colours_nothing_else_is_lost() -> None:
    coloured = shown(TimetableView(SCHEDULE, PROBLEM))
    # rich remembers how it wrote a colour first, be it for a terminal of fewer colours.
    assert len({*re.findall(r"\x1b\[38;[25];[0-9;]*m", coloured)}) == 2
    bare = shown(TimetableView(SCHEDULE, PROBLEM), colours=None)
    assert "38;" not in bare
    assert lines(bare) == lines(coloured)


def test_without_the_problem_there_are_no_colours() -> None:
    text = shown(TimetableView(SCHEDULE))
    assert "38;" not in text
    assert "▌" not in text


@pytest.mark.parametrize("width", [40, 120])
def test_titles_are_neither_markup_nor_commands(width: int) -> None:
    for titles in (HOSTILE[:3], HOSTILE[2:]):
        problem = looked_at(titles=titles)
        schedule = Schedule("small", "Europe/Zurich", booked(problem).bookings)
        text = shown(Report(TimetableView(schedule, problem), ("head\n" + HOSTILE[3], HOSTILE[1])), width)
        assert set(re.findall(r"\x1b[^m]*m?", text)) <= set(ESCAPES.findall(text))
        assert "\x9b" not in text
        assert "\u202e" not in text
        assert "31m" not in text  # nothing has become red
        if HOSTILE[1] in titles:
            assert ":smile:" in text


def test_a_room_or_a_session_may_be_called_anything() -> None:
    name = "[red]:smile:"
    schedule = Schedule("p", "UTC", [Booking(name, name, "2010-12-16T10:00+00:00", "2010-12-16T11:00+00:00")])
    assert name in shown(TimetableView(schedule), 120)
    assert name in shown(TimetableView(schedule), 40)


def test_a_report_has_the_timetable_between_what_comes_before_and_after_it() -> None:
    found = lines(shown(Report(TimetableView(SCHEDULE), ("After:\n  one",), ("Before",))))
    assert found.index("Before") < found.index("Friday 17 December 2010") < found.index("After:") < found.index("one")
    assert lines(shown(Report(None, ("Nothing",)))) == ["Nothing"]


def test_more_bodies_than_colours_are_others() -> None:
    sessions = [Session(f"s{n}", f"S {n}", 15, body=f"Body {n}") for n in range(9)]
    from attrs import evolve

    problem = evolve(PROBLEM, sessions=sessions, rules=())
    moments = [f"2010-12-16T{10 + n // 4:02}:{n % 4 * 15:02}+01:00" for n in range(10)]
    schedule = Schedule("small", "UTC", [Booking(f"s{n}", "IX", moments[n], moments[n + 1]) for n in range(9)])
    assert lines(shown(TimetableView(schedule, problem)))[1].endswith("▌ Body 5 ▌ others")
    assert Room("IX").id in shown(TimetableView(schedule, problem))
