from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from attrs import evolve

from unsched import (
    Booking,
    Delegation,
    Group,
    Near,
    Period,
    Person,
    Preference,
    Problem,
    Room,
    Rule,
    Schedule,
    Seats,
    Select,
    Session,
    Venue,
    Window,
)
from unsched.domain.segment import Segment
from unsched.rules import KeepDay, KeepRoom, KeepStart, Pin

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


@pytest.mark.parametrize("rule", [KeepStart(), KeepRoom(), KeepDay(), KeepStart("d")])
def test_where_nothing_has_been_published_nothing_can_stay(refused: Refused, rule: Preference) -> None:
    published = PUBLISHED if rule == KeepStart("d") else None
    [found] = refused(lambda: problem(rule, published=published))
    assert found == ("rules[0].sessions", "none of them has been published", "leave the rule out, or give `published`.")


# -- days, people and notice ------------------------------------------------------------------------------------------

TWO_DAYS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])


def week(*rules: Rule, published: Schedule = PUBLISHED) -> Problem:
    """Three published sessions: 'a' concerns nobody, 'b' two delegations and two persons, 'c' one of each."""
    parties: dict[str, Any] = {
        "delegations": [Delegation("greece", groups="weog"), Delegation("kenya", groups="african")],
        "persons": [Person("riehl"), Person("speaker", delegation="kenya")],
        "groups": [Group("weog"), Group("african")],
    }
    sessions = [
        Session("a", "A", 180),
        Session("b", "B", 180, required="weog", invited=["kenya", "speaker"], chair="riehl"),
        Session("c", "C", 180, shortest=60, segments=[Segment(60, required="greece"), Segment(invited="riehl")]),
    ]
    seats = Seats(podium=3, table=9)
    venue = Venue([Room(name, seats=seats) for name in ("I", "II")])
    return Problem("p", TWO_DAYS, venue, sessions, rules=rules, published=published, **parties)


def test_another_hour_of_the_day_is_no_other_day(best: Best, breaches: Breaches) -> None:
    moved = {"a": "17 15:00 I", "b": "16 15:00 I", "c": "16 10:00 II"}
    assert breaches(KeepDay(), week(), moved) == [
        ("b", 1, "'b' moves from Fri 17 Dec to Thu 16 Dec."),
        ("c", 1, "'c' moves from Fri 17 Dec to Thu 16 Dec."),
    ]
    assert breaches(KeepDay("b"), week(), {"a": "16 10:00 I"}) == []
    elsewhere = Pin("b", "2010-12-16T10:00"), Pin("c", "2010-12-16T15:00")
    places, cost = best(week(KeepDay(weight=2), *elsewhere))
    assert (places["a"][:2], cost) == ("17", {1: 4})


def test_the_day_is_that_of_the_window_and_not_of_the_zone_of_what_was_published(breaches: Breaches) -> None:
    # In Kiribati, the morning of 17 December in Geneva is the night of the same and the afternoon is the next day.
    elsewhere = Schedule("p", "Pacific/Kiritimati", PUBLISHED.bookings)
    stay = {"a": "17 10:00 I", "b": "17 15:00 II", "c": "17 10:00 I"}
    assert breaches(KeepDay(), week(published=elsewhere), stay) == []


@pytest.mark.parametrize(
    ("rule", "say"),
    [
        (KeepStart, "'{}' moves from Fri 17 Dec 1{}:00 to Thu 16 Dec 10:00, {} to tell."),
        (KeepDay, "'{}' moves from Fri 17 Dec to Thu 16 Dec, {} to tell."),
    ],
)
def test_a_move_costs_as_many_units_as_have_to_be_told(
    best: Best, breaches: Breaches, rule: type[KeepStart | KeepDay], say: str
) -> None:
    told = rule(count="people")
    places = {"a": "16 10:00 I", "b": "16 10:00 II", "c": "16 10:00 I"}
    hours = {"a": 0, "b": 0, "c": 5}
    expected = []
    for name, amount in (("a", 1), ("b", 4), ("c", 2)):
        text = say.format(name, hours[name], amount) if rule is KeepStart else say.format(name, amount)
        expected.append((name, amount, text))
    assert breaches(told, week(), places) == expected
    # In one room, one of them has to give way: the one of which nobody has to be told.
    places, cost = best(week(told, Pin(Select(), room="I")))
    assert cost == {1: 1}
    assert places["b"].startswith("17 10:00" if rule is KeepStart else "17")


def test_another_room_is_told_as_well(best: Best, breaches: Breaches) -> None:
    told = KeepRoom(count="people", today="2010-12-16", near=[Near(1, 3)])
    swapped = {"a": "17 10:00 II", "b": "17 10:00 I"}
    assert breaches(told, week(), swapped) == [
        ("a", 3, "'a' moves from 'I' to 'II', 1 to tell, 3 times as much so near."),
        ("b", 12, "'b' moves from 'II' to 'I', 4 to tell, 3 times as much so near."),
    ]
    assert best(week(told, Pin("b", room="I")))[1] == {1: 12}


@pytest.mark.parametrize(
    ("today", "amount"),
    [("2010-12-06", 1), ("2010-12-07", 2), ("2010-12-14", 2), ("2010-12-15", 5), ("2010-12-17", 5), ("2011-01-01", 5)],
)
def test_the_nearer_a_session_is_the_more_it_costs_to_move(
    best: Best, breaches: Breaches, today: str, amount: int
) -> None:
    rule = KeepDay("a", today=today, near=[Near(2, 5), Near(10, 2)])
    [(_, found, text)] = breaches(rule, week(), {"a": "16 10:00 I"})
    assert found == amount
    assert text.endswith(f"Thu 16 Dec, {amount} times as much so near." if amount > 1 else "Thu 16 Dec.")
    assert best(week(rule, Pin("a", "2010-12-16T10:00")))[1] == {1: amount}
    # Today alone changes nothing.
    assert breaches(KeepDay("a", today=today), week(), {"a": "16 10:00 I"})[0][1] == 1


def test_a_session_that_is_shortened_at_its_published_start_has_not_moved(best: Best) -> None:
    # 'c' is published for 15:00 to 18:00, and the chair has to leave at 17:00.
    facts = week(KeepStart(weight=9), KeepDay(), KeepRoom())
    sessions = [evolve(facts.session("c"), available=[Period(None, "15:00", "17:00")])]
    # All that it costs is the length: four steps are 1 + 2 + 3 + 4.
    assert best(evolve(facts, sessions=sessions)) == ({"c": "17 15:00 I"}, {1: 10})


@pytest.mark.parametrize(
    ("fields", "path", "message", "remedy"),
    [
        ({"count": "heads"}, "count", "'heads' is none of 'sessions', 'people'", "'sessions'."),
        ({"near": [Near(1, 2)]}, "today", "what is near cannot be said without a date", "a date such as '2010-12-06'."),
        ({"today": "soon"}, "today", "'soon' is not a date", "a date such as '2010-12-17'."),
        ({"today": "2010-12-06", "near": [3]}, "near[0]", "3 is not a Near", "a Near(...)."),
        ({"weight": 0}, "weight", "0 is less than 1", "1 or more."),
    ],
)
def test_what_cannot_be_counted_is_refused(
    refused: Refused, fields: dict[str, Any], path: str, message: str, remedy: str
) -> None:
    for rule in (KeepStart, KeepDay, KeepRoom):
        assert refused(lambda rule=rule: rule(**fields)) == [(path, message, remedy)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("days", "times", "found"),
    [
        (-1, 2, ("days", "-1 is less than 0", "0 or more of days.")),
        (1, 0, ("times", "0 is less than 1", "1 or more.")),
        (1, 1001, ("times", "1001 is more than 1000", "an earlier tier, where that comes first.")),
        (1, "2", ("times", "'2' is not a whole number", "a number such as 1.")),
    ],
)
def test_notice_is_in_days_and_a_price_some_times_as_much(
    refused: Refused, days: int, times: Any, found: tuple[str, str, str]
) -> None:
    assert refused(lambda: Near(days, times)) == [found]


def test_stability_says_itself() -> None:
    assert KeepStart().say() == "Starts as published: every session."
    assert KeepRoom(["a", "b"]).say() == "Rooms as published: 'a' or 'b'."
    rule = KeepDay(count="people", today="2010-12-06", near=[Near(1, 5), Near(7, 2)])
    assert rule.say() == (
        "Days as published: every session, counted by those to tell, 5 times as much up to 1 day after 2010-12-06, "
        "2 times as much up to 7 days after 2010-12-06."
    )


def test_a_move_can_be_counted_by_the_minute(best: Best, breaches: Breaches) -> None:
    rule = KeepStart(per="minute")
    assert best(problem(rule, Pin("b", start="2010-12-17T15:00")))[1] == {1: 300}
    moved = {"a": "17 10:30 I", "b": "17 10:00 II", "c": "17 14:00 I"}
    assert [one[:2] for one in breaches(rule, problem(), moved)] == [("a", 30), ("c", 60)]
