from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Assumption, Block, Booking, Period, Problem, Room, Rule, Schedule, Select, Session, Venue, Window
from unsched.domain.timetable import Timetable
from unsched.rules import EndEarly, PreferTime, Soften
from unsched.rules.alike import Different, Same
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

# Thursday and Friday, and the Monday and Tuesday after them.
WEEKS = Window("Europe/Zurich", ["2010-12-16", "2010-12-17", "2010-12-20", "2010-12-21"], step=60)
ROOMS = Venue([Room("I", building="A"), Room("II", building="A"), Room("III", building="E")])


def problem(names: str, *rules: Rule, minutes: int = 60, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), minutes) for name in names]
    good: dict[str, Any] = {"id": "p", "window": WEEKS, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, **fields})


def broken(rule: Rule, facts: Problem, **places: str) -> list[str]:
    """The pairs that break a rule ("ab"), once the solver has agreed, whether it is a must or has a price."""
    bookings = []
    for name, place in places.items():
        clock, _, room = place.partition(" ")
        minute = facts.window.minute(clock)
        start, end = facts.window.wall(minute), facts.window.wall(minute + facts.session(name).length)
        bookings.append(Booking(name, room or "I", start, end))
    schedule = Schedule(facts.id, facts.window.zone, bookings)
    agree(rule, facts, schedule)
    agree(Soften(rule, weight=3), facts, schedule)
    found = list(rule.check(Timetable(facts, schedule)))
    assert all((breach.amount, breach.whom) == (1, breach.sessions) for breach in found)
    return ["".join(breach.sessions) for breach in found]


THU, FRI, MON, TUE = "2010-12-16T", "2010-12-17T", "2010-12-20T", "2010-12-21T"


# -- what is alike ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "one", "alike", "unlike"),
    [
        ("start", f"{THU}10:00", f"{THU}10:00", f"{FRI}10:00"),
        ("time-of-day", f"{THU}10:00", f"{TUE}10:00", f"{THU}11:00"),
        ("day", f"{THU}10:00", f"{THU}17:00", f"{FRI}10:00"),
        ("week", f"{THU}10:00", f"{FRI}15:00", f"{MON}10:00"),
        ("hours", f"{THU}10:00", f"{MON}10:00", f"{THU}11:00"),
    ],
)
def test_times_are_alike_or_not(of: str, one: str, alike: str, unlike: str) -> None:
    facts = problem("abc")
    assert broken(Same(["a", "b"], of), facts, a=one, b=alike) == []
    assert broken(Same(["a", "b"], of), facts, a=one, b=unlike) == ["ab"]
    assert broken(Different(["a", "b"], of), facts, a=one, b=alike) == ["ab"]
    assert broken(Different(["a", "b"], of), facts, a=one, b=unlike) == []
    assert broken(Same(Select(), of), facts, a=one, b=alike, c=unlike) in (["ac", "bc"], ["ac", "cb"])
    assert broken(Different(Select(), of), facts, a=one, b=alike, c=unlike) == ["ab"]


def test_a_weekday_comes_again_next_week() -> None:
    facts = problem("ab", window=Window("Europe/Zurich", ["2010-12-16", "2010-12-17", "2010-12-23"], step=60))
    assert broken(Same(Select(), "weekday"), facts, a=f"{THU}10:00", b="2010-12-23T15:00") == []
    assert broken(Same(Select(), "weekday"), facts, a=f"{FRI}10:00", b="2010-12-23T10:00") == ["ab"]
    assert broken(Different(Select(), "weekday"), facts, a=f"{THU}10:00", b="2010-12-23T15:00") == ["ab"]
    assert broken(Different(Select(), "weekday"), facts, a=f"{THU}10:00", b=f"{FRI}10:00") == []


def test_a_week_may_begin_in_one_year_and_end_in_the_next() -> None:
    window = Window("UTC", ["2010-12-31", "2011-01-02", "2011-01-03"], step=60)
    facts = problem("ab", window=window)
    assert broken(Same(Select(), "week"), facts, a="2010-12-31T10:00", b="2011-01-02T10:00") == []
    assert broken(Same(Select(), "week"), facts, a="2011-01-02T10:00", b="2011-01-03T10:00") == ["ab"]


def test_the_hours_of_the_shorter_lie_inside_those_of_the_longer() -> None:
    sessions = [Session("a", "A", 60), Session("b", "B", 120), Session("c", "C", 180)]
    facts = problem("abc", sessions=sessions)
    rule = Same(Select(), "hours")
    assert broken(rule, facts, a=f"{FRI}12:00", b=f"{THU}11:00", c=f"{MON}10:00") == []
    assert broken(rule, facts, a=f"{FRI}10:00", b=f"{THU}11:00", c=f"{MON}10:00") == ["ba"]
    assert broken(rule, facts, a=f"{FRI}15:00", b=f"{THU}15:00", c=f"{MON}10:00") == ["bc", "ac"]
    other = Different(Select(), "hours")
    assert broken(other, facts, a=f"{FRI}12:00", b=f"{THU}10:00", c=f"{MON}15:00") == []
    assert broken(other, facts, a=f"{FRI}11:00", b=f"{THU}10:00", c=f"{MON}15:00") == ["ba"]


def test_a_session_over_midnight_counts_by_its_start_and_its_hours_go_round() -> None:
    window = Window("UTC", ["2010-12-17", "2010-12-18", "2010-12-19"], [Block("22:00", "02:00")], step=60)
    facts = problem("abc", window=window, minutes=120)
    late, night = "2010-12-17T23:00", "2010-12-18T00:00"
    assert broken(Same(Select(), "day"), facts, a="2010-12-17T22:00", b=late, c=night) == ["ac", "bc"]
    assert broken(Same(["a", "b"], "hours"), facts, a=late, b=night) == ["ab"]
    assert broken(Different(["a", "b"], "hours"), facts, a=late, b="2010-12-19T00:00") == ["ab"]
    assert broken(Different(["a", "b"], "hours"), facts, a="2010-12-17T22:00", b="2010-12-19T00:00") == []


def test_sessions_round_the_clock_share_all_its_hours() -> None:
    window = Window("UTC", ["2010-12-17", "2010-12-18"], [Block("00:00", "24:00")], step=60)
    facts = problem("ab", window=window, minutes=24 * 60)
    places = {"a": "2010-12-17T00:00", "b": "2010-12-18T00:00"}
    assert broken(Same(Select(), "hours"), facts, **places) == []
    assert broken(Different(Select(), "hours"), facts, **places) == ["ab"]


def test_the_clock_is_the_one_on_the_wall_when_it_is_changed() -> None:
    """Clocks went forward at 02:00 on 27 March 2011: ten o'clock came 23 hours after ten o'clock."""
    window = Window("Europe/Zurich", ["2011-03-26", "2011-03-27"], [Block("01:00", "12:00")], step=60)
    facts = problem("ab", window=window, minutes=120)
    ten = {"a": "2011-03-26T10:00", "b": "2011-03-27T10:00"}
    assert broken(Same(Select(), "time-of-day"), facts, **ten) == []
    assert broken(Different(Select(), "time-of-day"), facts, **ten) == ["ab"]
    # In that night, two hours from one o'clock are those of 01:00-02:00 and 03:00-04:00.
    assert broken(Different(Select(), "hours"), facts, a="2011-03-26T03:00", b="2011-03-27T01:00") == ["ab"]
    assert broken(Same(Select(), "hours"), facts, a="2011-03-26T01:00", b="2011-03-27T01:00") == ["ab"]


def test_an_hour_that_comes_twice_is_one_hour_by_the_clock() -> None:
    """Clocks went back at 03:00 on 31 October 2010."""
    window = Window("Europe/Zurich", ["2010-10-31"], [Block("01:00", "06:00")], step=60)
    facts = problem("ab", window=window)
    first, second = "2010-10-31T02:00+02:00", "2010-10-31T02:00+01:00"
    assert broken(Same(Select(), "start"), facts, a=first, b=second) == ["ab"]
    assert broken(Same(Select(), "time-of-day"), facts, a=first, b=second) == []
    assert broken(Different(Select(), "hours"), facts, a=first, b=second) == ["ab"]


def test_rooms_and_buildings_are_alike_or_not() -> None:
    facts = problem("abc")
    stand = {"a": f"{THU}10:00 I", "b": f"{THU}11:00 I", "c": f"{FRI}10:00 II"}
    assert broken(Different(Select(), "room"), facts, **stand) == ["ab"]
    assert broken(Different(Select(), "building"), facts, **stand) == ["ab", "ac", "bc"]
    assert broken(Different(Select(), "building"), facts, a=f"{THU}10:00 I", b=f"{THU}11:00 III") == []


# -- the best schedule ------------------------------------------------------------------------------------------------


def test_sessions_share_the_day_that_suits_most_of_them(best: Best, impossible: Impossible) -> None:
    rule = Same(Select(), "day")
    wishes = [PreferTime(name, [Period([f"2010-12-{day}"])]) for name, day in zip("abc", (16, 20, 20), strict=True)]
    places, cost = best(problem("abc", rule, *wishes))
    assert {place[:2] for place in places.values()} == {"20"}
    assert cost == {1: 1}
    assert impossible(problem("abcdefghi", Same(Select(), "day"), venue=Venue([Room("I")]))) == [
        "every-session-placed",
        "one-session-per-room",
        "same",
    ]


def test_the_same_hour_at_a_price_weighs_pairs_against_wishes(best: Best) -> None:
    # Three sessions, two hours in one room a day: pairs that differ are two at least, whatever the days.
    window = Window("UTC", ["2010-12-16", "2010-12-17"], [Block("10:00", "12:00")], step=60)
    facts = problem("abc", Soften(Same(Select(), "time-of-day"), weight=4), window=window, venue=Venue([Room("I")]))
    assert best(facts)[1] == {1: 8}


def test_hours_nest_in_the_best_schedule(best: Best) -> None:
    sessions = [Session("a", "A", 60), Session("b", "B", 120, start=f"{FRI}16:00")]
    rules = [Same(Select(), "hours"), EndEarly("a")]
    assert best(problem("ab", sessions=sessions, rules=rules))[0]["a"][:8] == "16 16:00"


@pytest.mark.parametrize(("sessions", "pairs"), [(4, 0), (5, 1), (7, 3), (10, 8), (12, 12)])
def test_sessions_on_different_days_are_dealt_out_evenly_at_a_price(best: Best, sessions: int, pairs: int) -> None:
    rule = Soften(Different(Select(), "day"), weight=2)
    assert best(problem("abcdefghijkl"[:sessions], rule))[1] == {1: 2 * pairs}


def test_more_sessions_than_days_are_impossible(best: Best, impossible: Impossible) -> None:
    rule = Different(Select(), "day")
    assert {place[:2] for place in best(problem("abcd", rule))[0].values()} == {"16", "17", "20", "21"}
    assert impossible(problem("abcde", rule)) == ["different", "every-session-placed"]


def test_more_sessions_than_buildings_are_impossible_or_have_a_price(best: Best, impossible: Impossible) -> None:
    assert impossible(problem("abc", Different(Select(), "building"))) == ["different", "every-session-placed"]
    assert best(problem("abc", Soften(Different(Select(), "building"))))[1] == {1: 1}
    rooms = best(problem("abc", Different(Select(), "room")))[0].values()
    assert {place.split()[2] for place in rooms} == {"I", "II", "III"}


def test_a_session_that_is_left_out_breaks_nothing(best: Best) -> None:
    sessions = [
        Session("a", "A", 60, start=f"{THU}10:00"),
        Session("b", "B", 60, start=f"{FRI}10:00", optional=True),
        Session("c", "C", 60, start=f"{THU}15:00", optional=True),
    ]
    assert set(best(problem("abc", Same(Select(), "day"), sessions=sessions))[0]) <= {"a", "c"}
    assert set(best(problem("abc", Different(Select(), "day"), sessions=sessions))[0]) <= {"a", "b"}
    facts = problem("abc", sessions=sessions)
    assert broken(Same(Select(), "day"), facts, b=f"{FRI}10:00") == []
    assert broken(Different(Select(), "day"), facts, b=f"{FRI}10:00") == []


def test_sessions_that_can_be_shortened_are_compared_by_the_time_they_take() -> None:
    sessions = [Session("a", "A", 120, shortest=60), Session("b", "B", 180, shortest=60), Session("c", "C", 60)]
    facts = problem("abc", sessions=sessions, window=Window("UTC", ["2010-12-16", "2010-12-17"], step=60))
    for rule in (Same(Select(), "hours"), Different(Select(), "hours"), Same(Select(), "time-of-day")):
        agree(rule, facts, schedules=15)
        agree(Soften(rule), facts, schedules=15)


# -- words ------------------------------------------------------------------------------------------------------------


def test_breaches_name_the_pair_and_what_it_shares_or_does_not(breaches: Breaches) -> None:
    facts = problem("ab")
    stand = {"a": "16 10:00 I", "b": "17 10:00 I"}
    pair = "'a' on Thu 16 Dec 10:00 and 'b' on Fri 17 Dec 10:00"
    assert breaches(Same(Select(), "day"), facts, stand) == [("a b", 1, f"{pair} do not share the day.")]
    assert breaches(Different(Select(), "room"), facts, stand) == [("a b", 1, f"{pair} share the room.")]


def test_the_rules_say_themselves() -> None:
    assert Same(["a", "b"], "hours").say() == "The same hours by the clock: 'a' or 'b'."
    assert Different(Select(), "day").say() == "Never twice the same day: every session."


@pytest.mark.parametrize("of", ["month", None, 5])
def test_what_is_compared_is_one_of_a_few_things(refused: Refused, of: Any) -> None:
    times = "'start', 'time-of-day', 'hours', 'day', 'week', 'weekday'"
    assert refused(lambda: Same("a", of)) == [("of", f"{of!r} is none of {times}", "'start'.")]
    wrong = f"{of!r} is none of {times}, 'room', 'building'"
    assert refused(lambda: Different("a", of)) == [("of", wrong, "'start'.")]


def test_rooms_are_no_times(refused: Refused) -> None:
    [(path, message, _)] = refused(lambda: Same("a", "room"))
    assert (path, message.split(" is ")[0]) == ("of", "'room'")


def test_a_building_that_nobody_knows_is_a_fault_where_a_session_may_use_it(best: Best, refused: Refused) -> None:
    venue = Venue([Room("I", building="A"), Room("II")])
    rule = Different(["a", "b"], "building")
    message = "the building of room 'II' is not known, and 'a' has to be in another"
    remedy = "an assumption with of = 'room', id = 'II', field = 'building'."
    assert refused(lambda: problem("ab", rule, venue=venue)) == [("venue.rooms[1].building", message, remedy)]
    assumed = [Assumption("a pavilion of its own", "room", "II", "building", "B")]
    places = best(problem("ab", rule, venue=venue, assumptions=assumed))[0].values()
    assert {place.split()[2] for place in places} == {"I", "II"}
    problem("ab", Different(["a", "b"], "room"), venue=venue)


def test_a_building_that_nobody_knows_and_nobody_uses_is_like_no_other() -> None:
    venue = Venue([Room("I", building="A"), Room("II"), Room("III")])
    sessions = [Session(name, name.upper(), 60, room="I") for name in "ab"]
    facts = problem("ab", venue=venue, sessions=sessions)
    assert broken(Different(Select(), "building"), facts, a=f"{THU}10:00 II", b=f"{THU}11:00 III") == []
