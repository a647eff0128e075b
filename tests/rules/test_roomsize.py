"""Large rooms first. That no room is too large is tested beside the other rules on which room a session gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Booking, Period, Problem, Room, Rule, Schedule, Seats, Session, Venue, Window
from unsched.domain.timetable import Timetable
from unsched.rules import LargeRoomsFirst, PreferRoom, PreferTime

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)


def problem(names: str, *rules: Rule, **fields: Any) -> Problem:
    return Problem("p", DAY, sessions=[Session(name, name, 60) for name in names], rules=rules, **fields)


def wish(session: str, start: str) -> PreferTime:
    end = f"{int(start[:2]) + 1}:00"
    return PreferTime(session, [Period(None, start, end)], weight=10)


def test_large_rooms_come_first(best: Best) -> None:
    """Two want the small room at once, and the third comes later: it pays for each that began in the small one."""
    halls = Venue([Room("Large", seats=Seats(side=90)), Room("Small", seats=Seats(side=9))])
    early = [PreferRoom(["a"], "Small", weight=50), PreferRoom(["c"], "Large", weight=50), wish("c", "11:00")]
    cost = best(problem("abc", LargeRoomsFirst(seats="side"), *early, wish("a", "10:00"), venue=halls))[1]
    assert cost == {1: 1}
    cost = best(problem("ac", LargeRoomsFirst(seats="side"), *early, wish("a", "11:00"), venue=halls))[1]
    assert cost == {1: 0}


@pytest.mark.parametrize("seats", ["podium", "table", "side", "total"])
def test_seats_are_of_a_class_or_all_of_them_added_up(seats: str) -> None:
    """The first room is smaller by the table and in all, where its source gives no total; else it is larger."""
    rooms = [Room("I", seats=Seats(podium=4, table=10, side=20)), Room("II", seats=Seats(podium=3, table=30, side=5))]
    facts = problem("ab", venue=Venue(rooms))
    first, second = (
        Booking(name, room, f"2010-12-17T{hour}:00+01:00", f"2010-12-17T{hour + 1}:00+01:00")
        for name, room, hour in (("a", "I", 10), ("b", "II", 11))
    )
    timetable = Timetable(facts, Schedule("p", "Europe/Zurich", [first, second]))
    found = list(LargeRoomsFirst(seats=seats).check(timetable))
    assert bool(found) == (seats in ("table", "total"))


def test_rooms_whose_seats_are_not_known_are_named(refused: Refused) -> None:
    halls = Venue([Room("Large", seats=Seats(side=90)), Room("Unknown")])
    [fault] = refused(lambda: problem("a", LargeRoomsFirst(seats="side"), venue=halls))
    assert fault[0] == "venue.rooms[1].seats.side"
    assert [fault[0] for fault in refused(lambda: LargeRoomsFirst(seats="bar"))] == ["seats"]
