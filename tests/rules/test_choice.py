from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from attrs import evolve

from unsched import Booking, Effort, Problem, Room, Rule, Schedule, Select, Session, Venue, Window, load_problem, solve
from unsched.domain.timetable import Timetable
from unsched.rules import Demand, FullLength, LeaveFewOut, Off, OneOf, PreferOption, Soften

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
MORNING = Window("Europe/Zurich", ["2010-12-17"], DAY.blocks[:1], step=30)


def optional(name: str, minutes: int = 180, priority: int = 0) -> Session:
    return Session(name, name.upper(), minutes, priority=priority, optional=True)


def problem(*sessions: Session, rules: tuple[Rule, ...] = (), window: Window = MORNING, rooms: str = "I") -> Problem:
    return Problem("p", window, Venue([Room(room) for room in rooms.split()]), sessions, rules=rules)


# -- leaving out ------------------------------------------------------------------------------------------------------


def test_one_of_a_higher_priority_is_worth_more_than_all_lower_ones_together(best: Best) -> None:
    sessions = [optional("body"), *(optional(f"ngo-{n}", 60, 1) for n in (1, 2, 3))]
    assert best(problem(*sessions)) == ({"body": "17 10:00 I"}, {0: 3})
    places, cost = best(problem(*sessions, rules=(LeaveFewOut(order="number"),)))
    assert (sorted(places), cost) == (["ngo-1", "ngo-2", "ngo-3"], {0: 1})


def test_the_price_of_a_priority_is_one_more_than_all_below(breaches: Breaches) -> None:
    facts = problem(optional("a"), optional("b", 180, 5), optional("c", 180, 5), optional("d", 180, 9), optional("e"))
    assert breaches(LeaveFewOut(), facts, {"c": "17 10:00 I"}) == [
        ("d", 1, "'d', of priority 9, is left out."),
        ("b", 2, "'b', of priority 5, is left out."),
        ("a", 6, "'a', of priority 0, is left out."),
        ("e", 6, "'e', of priority 0, is left out."),
    ]
    assert [amount for _, amount, _ in breaches(LeaveFewOut(order="number"), facts, {"c": "17 10:00 I"})] == [1] * 4
    # Priorities that are not among the selected sessions have no part in it.
    assert breaches(LeaveFewOut(["b", "e"]), facts, {})[-1][:2] == ("e", 2)


def test_what_has_to_be_scheduled_is_not_counted_and_the_rule_is_silent_without_options(breaches: Breaches) -> None:
    must = Session("must", "Must", 60)
    facts = problem(must, optional("a", 60))
    assert [names for names, _, _ in breaches(LeaveFewOut(), facts, {})] == ["a"]
    assert [rule.kind for rule in facts.all_rules].count("leave-few-out") == 1
    assert "leave-few-out" not in [rule.kind for rule in problem(must).all_rules]


def test_nothing_may_be_left_out_where_that_is_demanded(impossible: Impossible) -> None:
    facts = problem(optional("a"), optional("b"), rules=(Demand(LeaveFewOut()),))
    assert impossible(facts) == ["demand", "one-session-per-room"]


def test_prices_that_would_grow_too_large_are_refused(refused: Refused) -> None:
    def crowd(count: int, *rules: Rule) -> Problem:
        return problem(*(optional(f"s{n}", 30, n) for n in range(count)), rules=rules)

    crowd(31)
    message = "32 optional sessions are too many for prices that rank every priority over the next"
    remedy = "order = 'number', in a rule for each priority (priorities = [0]) with a tier of its own."
    assert refused(lambda: crowd(32)) == [("the standard rule leave-few-out.order", message, remedy)]
    assert refused(lambda: crowd(32, LeaveFewOut())) == [("rules[0].order", message, remedy)]
    crowd(32, LeaveFewOut(order="number"))
    crowd(32, *(LeaveFewOut(Select(priorities=n), "number", tier=n + 1) for n in range(32)))
    # Alternatives have no price here.
    crowd(32, OneOf(["s30", "s31"]))


def test_leaving_out_says_itself() -> None:
    words = "As few optional sessions as can be are left out"
    assert LeaveFewOut().say() == f"{words}, the lowest priority first: every session."
    assert LeaveFewOut("a", "number").say() == f"{words}, whatever their priority: 'a'."


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: LeaveFewOut(order="size"), ("order", "'size' is none of 'priority', 'number'", "'priority'.")),
        (
            lambda: problem(Session("a", "A", 60), rules=(LeaveFewOut(),)),
            ("rules[0].sessions", "none of them is optional", "optional = true for what may be left out."),
        ),
    ],
)
def test_a_wrong_order_and_nothing_to_leave_out_are_refused(
    refused: Refused, make: Callable[[], object], found: tuple[str, str, str]
) -> None:
    assert refused(make) == [found]


# -- one of several options -------------------------------------------------------------------------------------------

LONG_OR_SHORT = OneOf(["long", ["one", "two"]])
DRAFTING = (optional("long"), optional("one", 90), optional("two", 90))


def test_one_option_stands_whole_and_the_others_not_at_all(best: Best) -> None:
    facts = problem(*DRAFTING, rules=(LONG_OR_SHORT,), window=DAY)
    assert sorted(best(facts)[0]) in (["long"], ["one", "two"])
    for liked, names in (("long", ["long"]), ("one", ["one", "two"])):
        wish = PreferOption(liked, weight=2)
        places, cost = best(evolve(facts, rules=(LONG_OR_SHORT, wish)))
        # The option that is not taken is not left out: it costs nothing.
        assert (sorted(places), cost) == (names, {0: 0, 1: 0})


def test_the_option_that_fits_is_taken(best: Best, impossible: Impossible) -> None:
    body = Session("body", "Body", 90)
    short = (optional("long"), optional("one", 60), optional("two", 30))
    assert sorted(best(problem(body, *short, rules=(LONG_OR_SHORT,)))[0]) == ["body", "one", "two"]
    found = impossible(problem(body, *DRAFTING, rules=(LONG_OR_SHORT,)))
    assert found == ["every-session-placed", "one-of", "one-session-per-room"]


def test_the_amount_is_the_least_number_of_sessions_to_add_or_drop(breaches: Breaches) -> None:
    facts = problem(*DRAFTING, optional("x"), optional("y"), rooms="I II III IV V")
    rule = OneOf(["long", ["one", "two"], ["x", "y"]])

    def of(names: str) -> list[tuple[str, int, str]]:
        rooms = ["I", "II", "III", "IV", "V"]
        places = {name: f"17 10:00 {room}" for name, room in zip(names.split(), rooms, strict=False)}
        return breaches(rule, facts, places)

    words = "Not exactly one of 'long'; 'one' and 'two'; 'x' and 'y'"
    assert of("long") == of("one two") == of("x y") == []
    assert of("") == [("long", 1, f"{words}: 'long' missing.")]
    assert of("one") == [("two", 1, f"{words}: 'two' missing.")]
    assert of("long x") == [("x", 1, f"{words}: 'x' too many.")]
    assert of("one x") == [("two x", 2, f"{words}: 'two' missing and 'x' too many.")]
    assert of("one two x y") == [("x y", 2, f"{words}: 'x', 'y' too many.")]
    assert of("long one two x y")[0][:2] == ("long x y", 3)


def test_a_price_buys_what_no_option_allows(best: Best) -> None:
    busy = Session("body", "Body", 90)
    places, cost = best(problem(busy, *DRAFTING, rules=(Soften(LONG_OR_SHORT, weight=3),)))
    assert "long" not in places
    assert cost == {0: 0, 1: 3}


def test_the_options_not_taken_wait_for_nothing(breaches: Breaches) -> None:
    facts = problem(*DRAFTING, optional("low", 60, 2), optional("high", 60, 1), rules=(LONG_OR_SHORT,))
    assert facts.alternatives == {"long", "one", "two"}
    assert [one.id for one in Schedule("p", "UTC").standby(facts)] == ["high", "low"]
    assert [names for names, _, _ in breaches(LeaveFewOut(), facts, {})] == ["low", "high"]
    priced = evolve(facts, rules=(Soften(LONG_OR_SHORT),))
    assert priced.alternatives == {"long", "one", "two"}
    # Without the rule they are optional sessions like others.
    off = evolve(facts, rules=(Off(LONG_OR_SHORT),))
    assert [one.id for one in Schedule("p", "UTC").standby(off)] == ["long", "one", "two", "high", "low"]


def test_an_option_has_one_price_however_many_sessions_it_has(breaches: Breaches, refused: Refused) -> None:
    facts = problem(*DRAFTING, Session("must", "Must", 60), rooms="I II")
    rule = PreferOption(["one", "two"])
    missing = "The wished option is not taken: {} missing."
    assert breaches(rule, facts, {"long": "17 10:00 I"}) == [("one two", 1, missing.format("'one', 'two'"))]
    assert breaches(rule, facts, {"one": "17 10:00 I"}) == [("two", 1, missing.format("'two'"))]
    assert breaches(rule, facts, {"one": "17 10:00 I", "two": "17 10:00 II"}) == []
    assert rule.say() == "Wished for, of several options: 'one' and 'two'."
    assert refused(lambda: evolve(facts, rules=(PreferOption("must"),))) == [
        ("rules[0].sessions", "all of them have to be scheduled", "optional = true for what is a choice."),
    ]


def test_a_choice_says_itself() -> None:
    assert LONG_OR_SHORT.say() == "Exactly one of these is scheduled: 'long'; 'one' and 'two'."
    assert (
        OneOf([Select(tags="long"), "b"]).say()
        == "Exactly one of these is scheduled: every session tagged 'long'; 'b'."
    )


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("a", ("options", "there are 1, which is no choice", "at least two options.")),
        (Select(), ("options", "there are 1, which is no choice", "at least two options.")),
        ([], ("options", "there are 0, which is no choice", "at least two options.")),
        (["a", "a"], ("options[1]", f"{Select(ids='a')!r} comes twice", "leave one out.")),
        (["a", 5], ("options[1].ids", "5 is not a list", "put it in brackets: [...].")),
        (["a", []], ("options[1].ids", "an empty list picks no session", "Select() for every session.")),
    ],
)
def test_options_that_are_none_are_refused(refused: Refused, options: Any, found: tuple[str, str, str]) -> None:
    [(path, message, remedy)] = refused(lambda: OneOf(options))
    assert (path, message[:200], remedy) == (found[0], found[1][:200], found[2])


def test_options_share_no_session_that_is_there_and_may_be_left_out(refused: Refused) -> None:
    must = Session("must", "Must", 60)
    assert refused(lambda: problem(optional("a"), must, rules=(OneOf(["a", "must"]),))) == [
        ("sessions[1].optional", "'must' is one of several options, and has to be scheduled", "true."),
    ]
    assert refused(lambda: problem(optional("a"), optional("b"), rules=(OneOf([["a", "b"], "b"]),))) == [
        ("rules[0].options[1]", "'b' is of option 0 as well", "options that share no session."),
    ]
    assert refused(lambda: problem(optional("morning"), rules=(OneOf(["morning", ["mourning"]]),))) == [
        ("rules[0].options[1].ids[0]", "nothing has id 'mourning'", "'morning'."),
    ]


def test_a_file_names_the_options_as_ids_lists_or_tables(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    sessions = "".join(f'[[sessions]]\nid = "{n}"\ntitle = "T"\nminutes = 60\noptional = true\n' for n in "abc")
    file.write_text(
        'schema = "unsched/problem/1"\nid = "p"\nwindow = { zone = "UTC", days = [2010-12-17] }\n'
        f'venue = {{ rooms = [{{ id = "I" }}] }}\n{sessions}'
        '[[rules]]\nkind = "one-of"\noptions = ["a", ["b"], { ids = ["c"] }]\n',
        encoding="utf-8",
    )
    assert load_problem(file).rules == (OneOf(["a", "b", "c"]),)


# -- full length ------------------------------------------------------------------------------------------------------


def shortened(minutes: dict[str, int], rule: Rule, facts: Problem) -> list[tuple[str, int, str]]:
    start = facts.window.minute("2010-12-17T10:00")
    wall = facts.window.wall
    bookings = [Booking(name, "I", wall(start), wall(start + length)) for name, length in minutes.items()]
    found = rule.check(Timetable(facts, Schedule("p", "UTC", bookings)))
    return [(" ".join(breach.sessions), breach.amount, breach.text) for breach in found]


@pytest.mark.parametrize(("rule", "cost"), [(FullLength(), 2), (FullLength(growing=False), 2)])
def test_as_little_is_cut_off_as_can_be(rule: FullLength, cost: int) -> None:
    # Four hours for three: two steps of half an hour go, and where the price grows, one of each session.
    sessions = [Session("a", "A", 90, shortest=30), Session("b", "B", 90, shortest=30), Session("c", "C", 60)]
    result = solve(problem(*sessions, rules=(rule,)), stop=Effort(5))
    assert result.cost == {1: cost}
    assert result.schedule is not None
    minutes = {b.session: (b.end - b.start).seconds // 60 for b in result.schedule}
    assert (sum(minutes.values()), minutes["c"]) == (180, 60)
    assert not rule.growing or minutes["a"] == minutes["b"] == 60


def test_steps_are_counted_and_each_further_one_costs_more() -> None:
    facts = problem(Session("a", "A", 180, shortest=60), Session("b", "B", 180, shortest=60), Session("c", "C", 180))
    booked = {"a": 180, "b": 90, "c": 60}
    assert shortened(booked, FullLength(), facts) == [("b", 6, "'b' has 90 of its 180 minutes.")]
    assert shortened(booked, FullLength(growing=False), facts) == [("b", 3, "'b' has 90 of its 180 minutes.")]
    assert shortened(booked, FullLength(["a", "c"]), facts) == []
    # A step that is cut into is cut off.
    assert shortened({"b": 149}, FullLength(), facts)[0][1] == 3
    assert shortened({"b": 240}, FullLength(), facts) == []


def test_full_length_says_itself_and_refuses_what_cannot_be(refused: Refused) -> None:
    assert FullLength("a").say() == "Full length, each step that is cut off costs more than the last: 'a'."
    assert FullLength(growing=False).say() == "Full length, each step has one price: every session."
    assert refused(lambda: FullLength(growing="no")) == [  # type: ignore[arg-type]
        ("growing", "'no' is not true or false", "true or false."),
    ]
    assert refused(lambda: problem(Session("a", "A", 60), rules=(FullLength(),))) == [
        ("rules[0].sessions", "none of them may be shortened", "shortest = 60, or so, for one of them."),
    ]
