"""Few are told, nothing crosses the freeze, a room is smaller for a while, and times are as published."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from unsched import (
    Booking,
    Delegation,
    InputError,
    Near,
    Period,
    Person,
    Problem,
    Room,
    Rule,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
)
from unsched.rules import FewTold, Frozen, KeepTime, Reduced

Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]

WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=60)


def book(**places: str) -> Schedule:
    bookings = []
    for name, place in places.items():
        day, start, end, room = place.split()
        bookings.append(Booking(name, room, *(f"2010-12-{day}T{hour}:00+01:00" for hour in (start, end))))
    return Schedule("p", "Europe/Zurich", bookings)


def problem(*rules: Rule) -> Problem:
    people = [Delegation("egypt"), Delegation("brazil")]
    sessions = [
        Session("a", "A", 180, required=["egypt"], chair="chair", podium_seats=2, languages=["fr", "en"]),
        Session("b", "B", 180, invited=["egypt", "brazil"], shortest=60),
        Session("c", "C", 120, required=["brazil"]),
        Session("d", "D", 180, chair="chair"),
    ]
    rooms = [Room(name, seats=Seats(9, 9, 9), booths=2) for name in ("I", "II")]
    published = book(a="16 10 13 I", b="16 15 18 I", c="17 10 13 II")
    return Problem("p", WINDOW, Venue(rooms), sessions, people, [Person("chair")], rules=rules, published=published)


def test_each_counts_once_however_many_of_its_sessions_change(breaches: Breaches) -> None:
    rule = FewTold()
    stay = {"a": "16 10:00 I", "b": "16 15:00 I"}
    assert breaches(rule, problem(rule), {**stay, "d": "17 15:00 I"}) == [
        ("c", 1, "'brazil' has to be told of 'c'."),
    ]
    assert breaches(rule, problem(rule), {"a": "16 10:00 II", "b": "17 15:00 I", "c": "17 10:00 II"}) == [
        ("a b", 1, "'egypt' has to be told of 'a', 'b'."),
        ("a", 1, "'chair' has to be told of 'a'."),
        ("b c", 1, "'brazil' has to be told of 'b', 'c'."),  # c has an hour less than was published
    ]


def test_the_most_urgent_change_says_how_much_somebody_counts(breaches: Breaches) -> None:
    rule = FewTold(today="2010-12-16", near=[Near(0, 5), Near(1, 2)])
    assert [(whom, amount) for whom, amount, _ in breaches(rule, problem(rule), {"a": "16 10:00 I"})] == [
        ("b", 5),
        ("b c", 5),
    ]
    assert [amount for _, amount, _ in breaches(rule, problem(rule), {"a": "16 10:00 I", "b": "16 15:00 I"})] == [2]


def test_before_the_moment_everything_is_as_published(breaches: Breaches) -> None:
    rule = Frozen("2010-12-16T15:00")
    assert breaches(rule, problem(rule), {"a": "17 10:00 II", "b": "16 10:00 I", "d": "16 15:00 I"}) == [
        ("b", 1, "'b' starts on Thu 16 Dec 10:00, where everything stays as published."),
        ("a", 1, "'a' is on Fri 17 Dec 10:00 for 180 minutes, not as published."),
        ("a", 1, "'a' is in room 'II', not in 'I' as published."),
    ]
    assert breaches(rule, problem(rule), {"a": "16 10:00 I", "b": "17 15:00 I"}) == []


def test_a_frozen_session_that_is_longer_now_keeps_its_start(breaches: Breaches) -> None:
    rule = Frozen("2010-12-18T00:00", sessions="c")
    assert breaches(rule, problem(rule), {"c": "17 10:00 II"}) == []


def test_a_time_is_kept_where_the_end_is_kept_as_well(breaches: Breaches) -> None:
    rule = KeepTime()
    assert breaches(rule, problem(rule), {"a": "16 10:00 II", "b": "16 15:00 I", "c": "17 10:00 I"}) == []
    assert breaches(rule, problem(rule), {"c": "17 11:00 II"}) == [
        ("c", 1, "'c' moves from Fri 17 Dec 10:00 to Fri 17 Dec 11:00."),
    ]


def test_a_room_holds_what_its_seats_and_booths_are_left_for(breaches: Breaches) -> None:
    rule = Reduced("I", [Period(["2010-12-16"])], Seats(podium=1, table=0), booths=1)
    short = "2 podium seats and has 1, 1 table seats and has 0, 2 booths and has 1"
    assert breaches(rule, problem(rule), {"a": "16 10:00 I", "b": "17 15:00 I", "c": "16 15:00 II"}) == [
        ("a", 3, f"'a' on Thu 16 Dec 10:00 needs {short} in room 'I'."),
    ]
    whole = Reduced("I", [Period(["2010-12-16"])], Seats(total=2))
    assert [amount for _, amount, _ in breaches(whole, problem(whole), {"a": "16 10:00 I"})] == [1]


@pytest.mark.parametrize(
    ("make", "paths"),
    [
        (lambda: FewTold(near=[Near(1, 2)]), ["today"]),
        (lambda: FewTold(today="soon", near=[3]), ["today", "near[0]"]),
        (lambda: Frozen("soon"), ["until"]),
        (lambda: problem(Frozen("2010-03-28T02:30")), ["rules[0].until"]),
        (lambda: Reduced("I", [], Seats()), ["periods", ""]),
        (
            lambda: Reduced("", [3], 3, -1),  # type: ignore[arg-type]
            ["room", "periods[0]", "seats", "booths"],
        ),
        (lambda: problem(Reduced("X", [Period()], booths=1)), ["rules[0].room"]),
        (lambda: problem(FewTold("d")), ["rules[0].sessions"]),
        (lambda: problem(KeepTime("d")), ["rules[0].sessions"]),
    ],
)
def test_what_is_wrong_with_such_a_rule_is_said(make: Callable[[], object], paths: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert [fault.path for fault in caught.value.faults] == paths


def test_each_says_itself() -> None:
    assert [
        FewTold(today="2010-12-16", near=[Near(1, 2)]).say(),
        Frozen("2010-12-16T15:00", "a").say(),
        KeepTime("a", "people").say(),
        Reduced("I", [Period(["2010-12-16"])], Seats(table=3), 1).say(),
    ] == [
        "Few have to be told of a change: every session, 2 times as much up to 1 day after 2010-12-16.",
        "Everything as published before 2010-12-16 15:00: 'a'.",
        "Times as published: 'a', counted by those to tell.",
        "Room 'I' has only 3 table seats, 1 booths: 2010-12-16.",
    ]
