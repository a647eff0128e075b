from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from unsched import Booking, Preference, Problem, Room, Rule, Schedule, Session, Venue, Window
from unsched.rules import KeepRoom, KeepStart

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"])


def booking(session: str, room: str, start: int) -> Booking:
    return Booking(session, room, f"2010-12-17T{start}:00+01:00", f"2010-12-17T{start + 3}:00+01:00")


PUBLISHED = Schedule("p", "Europe/Zurich", [booking("a", "I", 10), booking("b", "II", 10), booking("c", "I", 15)])


def problem(*rules: Rule, rooms: str = "I II", published: Schedule | None = PUBLISHED) -> Problem:
    sessions = [Session(name, name.upper(), 180) for name in "abcd"]
    return Problem("p", DAY, Venue([Room(room) for room in rooms.split()]), sessions, rules=rules, published=published)


def test_what_has_been_published_stays(best: Best) -> None:
    places, cost = best(problem(KeepStart(), KeepRoom(tier=2)))
    assert cost == {1: 0, 2: 0}
    assert places == {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 15:00 I", "d": "17 15:00 II"}


def test_as_little_moves_as_can_be_when_a_room_is_given_to_another(best: Best) -> None:
    lost = Session("lost", "Lost", 180, start="2010-12-17T10:00", room="I")
    facts = problem()
    crowded = Problem(
        "p", DAY, facts.venue, [*facts.sessions[:3], lost], rules=[KeepStart(weight=3)], published=PUBLISHED
    )
    places, cost = best(crowded)
    assert cost == {1: 3}
    assert places["lost"] == "17 10:00 I"
    assert [places["a"][3:8], places["b"][3:8]].count("10:00") == 1
    assert places["c"].startswith("17 15:00")


def test_only_the_selected_sessions_stay(best: Best) -> None:
    swapped = KeepStart("a"), KeepRoom("b")
    places, cost = best(problem(*swapped))
    assert cost == {1: 0}
    assert places["a"].startswith("17 10:00")
    assert places["b"].endswith("II")


def test_what_moves_is_counted_and_what_is_new_or_left_out_is_not(breaches: Breaches) -> None:
    facts = problem()
    moved = {"a": "17 15:00 II", "b": "17 10:00 I", "d": "17 10:00 II"}
    assert breaches(KeepStart(), facts, moved) == [
        ("a", 1, "'a' moves from Fri 17 Dec 10:00 to Fri 17 Dec 15:00."),
    ]
    assert breaches(KeepRoom(), facts, moved) == [
        ("a", 1, "'a' moves from 'I' to 'II'."),
        ("b", 1, "'b' moves from 'II' to 'I'."),
    ]
    assert breaches(KeepRoom("c"), facts, moved) == []


def test_the_same_instant_in_another_zone_is_no_move(breaches: Breaches) -> None:
    elsewhere = Schedule("p", "Asia/Tokyo", PUBLISHED.bookings)
    facts = problem(published=elsewhere)
    assert breaches(KeepStart(), facts, {"a": "17 10:00 I", "b": "17 10:00 I", "c": "17 15:00 I"}) == []
    [(_, _, text)] = breaches(KeepStart(), facts, {"a": "17 15:00 I"})
    assert text == "'a' moves from Fri 17 Dec 10:00 to Fri 17 Dec 15:00."


@pytest.mark.parametrize("rule", [KeepStart(), KeepRoom(), KeepStart("d")])
def test_where_nothing_has_been_published_nothing_can_stay(refused: Refused, rule: Preference) -> None:
    published = PUBLISHED if rule == KeepStart("d") else None
    [found] = refused(lambda: problem(rule, published=published))
    assert found == ("rules[0].sessions", "none of them has been published", "leave the rule out, or give `published`.")


def test_stability_says_itself() -> None:
    assert KeepStart().say() == "Starts as published: every session."
    assert KeepRoom(["a", "b"]).say() == "Rooms as published: 'a' or 'b'."
