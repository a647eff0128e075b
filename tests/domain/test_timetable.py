from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unsched import Block, Booking, Problem, Room, Schedule, Session, Venue, Window
from unsched.domain.interval import Interval
from unsched.domain.timetable import Timetable

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]
Spans: TypeAlias = list[tuple[int, int]]

DAY = Window("UTC", ["2010-12-17"], [Block("00:00", "24:00")], step=1)


def timetable(spans: Spans, missing: int = 0) -> Timetable:
    """Sessions a, b, c ... by start and length in minutes, in room I; the last few are not scheduled."""
    names = [chr(ord("a") + index) for index in range(len(spans) + missing)]
    problem = Problem("p", DAY, Venue([Room("I")]), [Session(name, name.upper(), 60) for name in names or ["a"]])
    bookings = [
        Booking(name, "I", DAY.wall(start), DAY.wall(start) + timedelta(minutes=minutes))
        for name, (start, minutes) in zip(names, spans, strict=False)
    ]
    return Timetable(problem, Schedule("p", "UTC", bookings))


def test_sessions_are_placed_in_order_of_start() -> None:
    table = timetable([(120, 60), (0, 60), (0, 30)], missing=1)
    problem = table.problem
    assert [one.session.id for one in table.placed] == ["c", "b", "a"]
    first = table.get(problem.session("a"))
    assert first is not None
    assert (first.room.id, first.span) == ("I", Interval(120, 180))
    assert table.when(first) == "Fri 17 Dec 02:00"
    assert table.get(problem.session("d")) is None
    assert [one.session.id for one in table.of(problem.sessions[:2])] == ["b", "a"]
    assert table.of([problem.session("d")]) == ()


def test_bookings_that_the_problem_does_not_know_are_refused_all_at_once(refused: Refused) -> None:
    times = "2010-12-17T10:00Z", "2010-12-17T11:00Z"
    problem = Problem("p", DAY, Venue([Room("XXVI")]), [Session("plenary", "Plenary", 60)])
    schedule = Schedule("p", "UTC", [Booking("plenery", "XXVI", *times), Booking("x", "XXVII", *times)])
    assert refused(lambda: schedule.breaches(problem)) == [
        ("bookings[0].session", "problem 'p' has no session 'plenery'", "'plenary'."),
        ("bookings[1].session", "problem 'p' has no session 'x'", None),
        ("bookings[1].room", "problem 'p' has no room 'XXVII'", "'XXVI'."),
    ]


def test_a_schedule_in_another_zone_is_of_the_same_minutes() -> None:
    problem = Problem("p", DAY, Venue([Room("I")]), [Session("a", "A", 60)])
    booking = Booking("a", "I", "2010-12-17T10:00Z", "2010-12-17T11:00Z")
    [here] = Timetable(problem, Schedule("p", "UTC", [booking])).placed
    [there] = Timetable(problem, Schedule("p", "Asia/Tokyo", [booking])).placed
    assert here == there


def test_pairs_overlap_where_they_share_a_minute() -> None:
    table = timetable([(0, 60), (60, 60), (59, 2)])
    assert [(a.session.id, b.session.id) for a, b in table.overlapping_pairs()] == [("a", "c"), ("c", "b")]
    assert not list(table.overlapping_pairs(table.problem.sessions[:2]))


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=8)


@given(SPANS)
def test_overlapping_pairs_are_all_those_that_share_a_minute(spans: Spans) -> None:
    table = timetable(spans)
    found = [(a.session.id, b.session.id) for a, b in table.overlapping_pairs()]
    placed = table.placed
    wanted = {
        (a.session.id, b.session.id)
        for index, a in enumerate(placed)
        for b in placed[index + 1 :]
        if set(range(a.span.start, a.span.end)) & set(range(b.span.start, b.span.end))
    }
    assert len(found) == len(set(found))
    assert set(found) == wanted


@given(SPANS, st.integers(0, 4))
def test_crowds_are_the_largest_sets_that_run_at_one_time(spans: Spans, most: int) -> None:
    table = timetable(spans)
    found = [frozenset(one.session.id for one in crowd) for crowd in table.crowds(table.problem.sessions, most)]
    running = {
        frozenset(one.session.id for one in table.placed if one.span.start <= minute < one.span.end)
        for minute in range(20)
    }
    largest = {crowd for crowd in running if len(crowd) > most and not any(crowd < other for other in running)}
    assert len(found) == len(set(found))
    assert set(found) == largest


@pytest.mark.parametrize(
    ("spans", "most", "crowds"),
    [
        ([(0, 60), (0, 60), (60, 60)], 1, ["ab"]),
        ([(0, 60), (30, 60), (60, 60)], 1, ["ab", "bc"]),
        ([(0, 90), (0, 30), (30, 30), (60, 30)], 1, ["ab", "ac", "ad"]),
        ([(0, 60), (10, 10), (20, 60)], 2, []),
        ([(0, 60)], 0, ["a"]),
        ([], 0, []),
    ],
)
def test_crowds_come_in_order_of_time(spans: Spans, most: int, crowds: list[str]) -> None:
    table = timetable(spans)
    found = [sorted(one.session.id for one in crowd) for crowd in table.crowds(table.problem.sessions, most)]
    assert ["".join(names) for names in found] == crowds
