from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Period, Problem, Room, Rule, Session, Venue, Window
from unsched.domain.services import Equipment
from unsched.rules import EquipmentEnough, Soften
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
MORNING = [Period(None, "10:00", "13:00")]
SOFT = Soften(EquipmentEnough(), weight=10)


def problem(names: str, units: int, *rules: Rule, rooms: str = "I II III", own: str = "", **fields: Any) -> Problem:
    """Sessions that all need a kit and fill the morning; the rooms in `own` have kits of their own."""
    sessions = [Session(name, name, 180, equipment="kit", available=MORNING, **fields) for name in names]
    venue = Venue([Room(room, features="kit" if room in own.split() else ()) for room in rooms.split()])
    return Problem("p", DAY, venue, sessions, rules=rules, equipment=[Equipment("kit", units)])


def test_no_more_sessions_borrow_at_once_than_there_are_units(best: Best, impossible: Impossible) -> None:
    assert len(best(problem("ab", 2))[0]) == 2
    assert impossible(problem("abc", 2)) == ["available", "equipment-enough", "every-session-placed"]
    assert impossible(problem("a", 0)) == ["equipment-enough", "every-session-placed"]


def test_a_unit_goes_from_a_session_to_the_next(best: Best) -> None:
    sessions = [Session(name, name, 180, equipment="kit") for name in "ab"]
    venue = Venue([Room("I"), Room("II")])
    places, _ = best(Problem("p", DAY, venue, sessions, equipment=[Equipment("kit", 1)]))
    assert {place[3:8] for place in places.values()} == {"10:00", "15:00"}


def test_a_room_with_its_own_borrows_none(best: Best, impossible: Impossible) -> None:
    places, _ = best(problem("abc", 2, own="III"))
    assert sum(place.endswith(" III") for place in places.values()) == 1
    places, _ = best(problem("ab", 0, own="I III"))
    assert {place.split()[2] for place in places.values()} == {"I", "III"}
    assert "equipment-enough" in impossible(problem("abc", 1, own="III"))


@pytest.mark.parametrize(
    ("names", "units", "own", "cost"),
    [("abc", 3, "", 0), ("abc", 1, "", 20), ("abc", 0, "", 30), ("abc", 1, "III", 10), ("abc", 0, "II III", 10)],
)
def test_at_a_price_it_is_the_least_number_that_goes_without(
    best: Best, names: str, units: int, own: str, cost: int
) -> None:
    assert best(problem(names, units, SOFT, own=own))[1] == {1: cost}


def test_sessions_that_are_not_scheduled_borrow_nothing(best: Best) -> None:
    assert len(best(problem("abc", 1, optional=True))[0]) == 1
    # At a price, and in a later tier than what is left out, all stand and one goes without.
    places, cost = best(problem("abc", 1, SOFT, own="III", optional=True))
    assert (len(places), cost) == (3, {0: 0, 1: 10})


@pytest.mark.parametrize("own", ["", "II", "I III"])
@pytest.mark.parametrize("units", [0, 1, 2])
@pytest.mark.parametrize("rule", [EquipmentEnough(), SOFT], ids=["hard", "priced"])
def test_what_is_posted_is_what_is_checked(rule: Rule, units: int, own: str) -> None:
    sessions = [
        Session("a", "A", 60, equipment="kit"),
        Session("b", "B", 120, equipment="kit", shortest=60, optional=True),
        Session("c", "C", 180, equipment="kit", room="II"),
        Session("d", "D", 60, equipment="kit"),
        Session("e", "E", 60),
    ]
    venue = Venue([Room(room, features="kit" if room in own.split() else ()) for room in ("I", "II", "III")])
    morning = Window("Europe/Zurich", ["2010-12-17"], step=60)
    agree(rule, Problem("p", morning, venue, sessions, equipment=[Equipment("kit", units)]), schedules=20, seed=units)


def test_borrowers_too_many_are_named(breaches: Breaches) -> None:
    facts = problem("abcd", 1, own="III", rooms="I II III IV")
    at_once = {"a": "17 10:00 I", "b": "17 11:00 II", "c": "17 10:00 III"}
    assert breaches(EquipmentEnough(), facts, at_once) == [
        ("a b", 1, "'b' borrows 'kit', and there is 1: 'a', 'b'."),
    ]
    assert breaches(EquipmentEnough(), facts, {**at_once, "b": "17 13:00 II"}) == []
    [(_, _, text)] = breaches(EquipmentEnough(), problem("a", 0), {"a": "17 10:00 I"})
    assert text == "'a' borrows 'kit', and there are none: 'a'."
    two = {"a": "17 10:00 I", "b": "17 10:00 II", "d": "17 10:00 IV"}
    assert [amount for _, amount, _ in breaches(EquipmentEnough(), facts, two)] == [1, 1]
    assert EquipmentEnough().say() == "No more sessions borrow an equipment at once than there are units of it."


def test_the_rule_is_heard_where_there_is_equipment() -> None:
    plain = Problem("p", DAY, Venue([Room("I")]), [Session("a", "A", 60)])
    assert not any(isinstance(rule, EquipmentEnough) for rule in plain.all_rules)
    assert any(isinstance(rule, EquipmentEnough) for rule in problem("a", 1).all_rules)
