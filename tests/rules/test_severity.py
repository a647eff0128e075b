from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import (
    Constraint,
    Period,
    Preference,
    Problem,
    Room,
    Rule,
    Seats,
    Select,
    Session,
    Venue,
    Window,
)
from unsched.exchange.reading import table_fields
from unsched.rules import (
    AtMostTogether,
    BoothsEnough,
    Demand,
    EndEarly,
    NotTogether,
    Off,
    OneSessionPerRoom,
    PreferTime,
    SeatsEnough,
    Soften,
    WithinWindow,
)
from unsched.rules.registry import kinds

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[[Rule, Problem, dict[str, str]], list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

MORNING = [Period(None, "10:00", "13:00")]
HALF_DAY = Window("Europe/Zurich", ["2010-12-17"], step=60)
ROOMS = Venue([Room("I", seats=Seats(side=10)), Room("II", seats=Seats(side=4))])


def problem(names: str, *rules: Rule, minutes: int = 180, **fields: Any) -> Problem:
    sessions = [Session(name, name.upper(), minutes, tags=f"tag-{name}", side_seats=7) for name in names]
    return Problem(**{"id": "p", "window": HALF_DAY, "venue": ROOMS, "sessions": sessions, "rules": rules, **fields})


# -- at a price -------------------------------------------------------------------------------------------------------


def test_a_constraint_at_a_price_is_kept_where_it_can_be(best: Best, impossible: Impossible) -> None:
    roomy: dict[str, Any] = {"off": ["seats-enough"]}
    assert impossible(problem("abc", NotTogether(Select()), **roomy)) == ["every-session-placed", "not-together"]
    # Three sessions in two halves of a day: two of them have to meet, and one pair is the least.
    assert best(problem("abc", Soften(NotTogether(Select()), weight=5), **roomy))[1] == {1: 5}
    assert best(problem("ab", Soften(NotTogether(Select()), weight=5), **roomy))[1] == {1: 0}


def test_a_price_is_paid_for_each_unit_that_is_missing(best: Best, breaches: Breaches) -> None:
    rule = Soften(SeatsEnough(), weight=2)
    # One of three has to take the room with four seats for seven.
    assert best(problem("abc", rule))[1] == {1: 6}
    found = breaches(rule, problem("abc", rule), {"a": "17 10:00 II"})
    assert found == [("a", 3, "'a' needs 7 side seats; room 'II' has 4.")]
    assert rule.say() == "At a price: A room has enough seats of each class for its session."


def test_a_standard_rule_at_a_price_takes_its_own_place() -> None:
    kinds = [rule.kind for rule in problem("a", Soften(SeatsEnough())).all_rules]
    assert "seats-enough" not in kinds
    assert kinds[-1] == "soften"


def test_even_one_room_for_two_sessions_has_a_price(best: Best) -> None:
    one: dict[str, Any] = {"venue": Venue([Room("I")]), "off": ["seats-enough"], "minutes": 180}
    # Five sessions in two half days of one room: 3 and 2 at once, which is 3 + 1 pairs.
    assert best(problem("abcde", Soften(OneSessionPerRoom()), **one))[1] == {1: 4}


def test_the_sessions_too_many_are_counted_and_not_their_pairs(best: Best) -> None:
    wide: dict[str, Any] = {"venue": Venue([Room(f"R{n}") for n in range(5)]), "off": ["seats-enough"]}
    assert best(problem("abcde", Soften(AtMostTogether(1)), **wide))[1] == {1: 3}


def test_a_price_has_a_tier_like_any_other(best: Best) -> None:
    wish = PreferTime(Select(), MORNING, tier=1)
    apart = Soften(NotTogether(Select()), tier=2)
    assert best(problem("ab", wish, apart, off=["seats-enough"]))[1] == {1: 0, 2: 1}
    turned = PreferTime(Select(), MORNING, tier=2), Soften(NotTogether(Select()), tier=1)
    assert best(problem("ab", *turned, off=["seats-enough"]))[1] == {1: 0, 2: 1}


# -- demanded ---------------------------------------------------------------------------------------------------------


def test_a_demanded_wish_is_kept_whatever_it_costs(best: Best, impossible: Impossible) -> None:
    rule = Demand(PreferTime("a", [Period(None, "15:00", "18:00")]))
    assert best(problem("a", rule, EndEarly()))[0]["a"].startswith("17 15:00")
    both = Demand(PreferTime(Select(), MORNING)), NotTogether(Select())
    assert impossible(problem("ab", *both)) == ["demand", "every-session-placed", "not-together"]


def test_so_much_of_a_wish_may_be_refused(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    wish = PreferTime(Select(), MORNING)
    rules = [NotTogether(Select())]
    assert best(problem("ab", Demand(wish, 1), *rules))[1] == {}
    assert "demand" in impossible(problem("ab", Demand(wish), *rules))
    places = {"a": "17 15:00 I", "b": "17 16:00 I"}
    text = "'a' on Fri 17 Dec 15:00 is outside every day 10:00-13:00."
    more = "'b' on Fri 17 Dec 16:00 is outside every day 10:00-13:00. (2 over all, at most 1)"
    assert breaches(Demand(wish, 1), problem("ab", minutes=60), places) == [("a b", 1, f"{text} {more}")]
    assert breaches(Demand(wish, 2), problem("ab", minutes=60), places) == []
    assert Demand(wish).say() == "Must hold: Wished for every session: every day 10:00-13:00."
    assert Demand(wish, 1).say() == "Must hold, but for 1: Wished for every session: every day 10:00-13:00."


def test_a_price_can_itself_be_limited(best: Best, impossible: Impossible) -> None:
    short = Demand(Soften(SeatsEnough()), 3)
    assert best(problem("abc", short))[1] == {}
    assert impossible(problem("abcd", short)) == ["demand", "every-session-placed", "one-session-per-room"]


# -- off --------------------------------------------------------------------------------------------------------------


def test_a_rule_that_is_off_says_nothing_and_stays(best: Best, breaches: Breaches) -> None:
    rule = Off(NotTogether(Select()))
    found = problem("ab", rule, Off(SeatsEnough()))
    assert best(found)[1] == {}
    assert [one.kind for one in found.rules] == ["off", "off"]
    assert not {"off", "seats-enough"} & {one.kind for one in found.all_rules}
    assert breaches(rule, found, {"a": "17 10:00 I", "b": "17 10:00 II"}) == []
    assert rule.say() == "Off: No two at once: every session."
    nothing: Any = None  # it speaks to no board
    rule.post(nothing)


def test_a_rule_that_is_off_may_name_what_is_not_there() -> None:
    assert problem("a", Off(NotTogether("gone"))).all_rules


# -- faults -----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_turned_is_refused(refused: Refused) -> None:
    [(path, message, remedy)] = refused(lambda: Soften(EndEarly()))
    assert (path, remedy) == ("rule", "a constraint; a preference has a weight of its own.")
    assert message.startswith("EndEarly(")
    assert refused(lambda: Soften(WithinWindow())) == [
        ("rule", "'within-window' cannot be broken at a price", "leave it as it is, or off."),
    ]
    [(path, _, remedy)] = refused(lambda: Demand(BoothsEnough()))
    assert (path, remedy) == ("rule", "a preference; a constraint has to hold anyhow.")
    assert refused(lambda: Demand(EndEarly(), -1)) == [("most", "-1 is less than 0", "0 or more.")]
    assert refused(lambda: Off("it")) == [("rule", "'it' is not a rule", "a rule.")]  # type: ignore[arg-type]


@pytest.mark.parametrize("turn", [Soften, lambda rule: Demand(Soften(rule))])
def test_names_inside_a_turned_rule_are_looked_up(refused: Refused, turn: Callable[[Rule], Rule]) -> None:
    found = refused(lambda: problem("a", turn(NotTogether(Select(tags="tag-x")))))
    assert found == [("rules[0].sessions.tags[0]", "nothing is tagged 'tag-x'", "'tag-a'.")]


def test_what_a_rule_needs_to_know_is_asked_for_at_a_price_too(refused: Refused) -> None:
    unknown: dict[str, Any] = {"venue": Venue([Room("I")])}
    [(path, _, _)] = refused(lambda: problem("a", Soften(SeatsEnough()), **unknown))
    assert path == "venue.rooms[0].seats.side"
    [(path, _, _)] = refused(lambda: problem("a", Demand(Soften(SeatsEnough())), **unknown))
    assert path == "venue.rooms[0].seats.side"


def test_no_rule_has_fields_that_a_file_needs_for_its_severity() -> None:
    for rule in kinds().values():
        taken = {"kind", "severity"} | ({"weight", "tier"} if issubclass(rule, Constraint) else set())
        assert not taken & table_fields(rule).keys(), rule
        assert issubclass(rule, Constraint | Preference)
