from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import pytest
from attrs import field, frozen

from unsched import (
    Block,
    Booking,
    Breach,
    Delegation,
    Effort,
    Group,
    InputError,
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
    Status,
    Venue,
    Window,
    solve,
)
from unsched.domain.segment import Segment
from unsched.domain.timetable import Timetable
from unsched.exchange.convert import dump, load
from unsched.rules import (
    Apart,
    AtMostTogether,
    Available,
    AvoidTime,
    Demand,
    EndEarly,
    Fair,
    InvitedCanAttend,
    Load,
    LocalHours,
    NoDelegationClash,
    OneOf,
    PreferRoom,
    PreferTime,
    Soften,
)
from unsched.testing import agree, random_schedule

if TYPE_CHECKING:
    from unsched.solver.board import Board

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]
Of: TypeAlias = dict[str, dict[str, Any]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=60)
GROUPS = [Group("one"), Group("two")]
OFF = ["no-delegation-clash", "no-person-clash", "seats-enough"]


def problem(of: Of, *rules: Rule, **fields: object) -> Problem:
    sessions = [Session(name, name.upper(), **{"minutes": 60, **more}) for name, more in of.items()]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": Venue([Room("I")]), "sessions": sessions, "off": OFF}
    good["groups"] = GROUPS
    return Problem(**{**good, "rules": rules, **fields})


def laid(facts: Problem, places: dict[str, str]) -> Timetable:
    """The schedule in which sessions stand at some moments ("2010-12-17T10:00"), in the first room."""
    window = facts.window
    bookings = []
    for name, moment in places.items():
        start = window.minute(moment)
        ends = start + facts.session(name).length
        bookings.append(Booking(name, facts.rooms[0].id, window.wall(start), window.wall(ends)))
    return Timetable(facts, Schedule(facts.id, window.zone, bookings))


def late(places: dict[str, str]) -> list[str]:
    return sorted(name for name, place in places.items() if place[3:] >= "13:00")


# -- fair -------------------------------------------------------------------------------------------------------------

# Six meetings of an hour for the six hours of one room; all wish for the three in the morning.
SIX: Of = {name: {"required": name[0].upper()} for name in ("a1", "a2", "a3", "b1", "b2", "c1")}
ABC = [Delegation("A", groups="one"), Delegation("B", groups="one"), Delegation("C", groups="two")]
WISH = PreferTime(Select(), [Period(None, "10:00", "13:00")])


def test_nobody_bears_a_second_refusal_before_all_have_borne_a_first(best: Best) -> None:
    places, cost = best(problem(SIX, Fair([WISH]), delegations=ABC))
    assert ({name[0] for name in late(places)}, cost) == ({"a", "b", "c"}, {1: 3})


@pytest.mark.parametrize(("levels", "those_late", "points"), [(1, ["a1", "a2"], 2), (2, ["bcde"], 4), (4, ["bcde"], 4)])
def test_the_worst_off_comes_first_even_where_all_bear_more_in_sum(
    best: Best, levels: int, those_late: list[str], points: int
) -> None:
    """Either A bears two, which is 1 + 6 points, or four others bear one each; with one level only the sum counts."""
    of: Of = {
        "a1": {"required": "A"},
        "a2": {"required": "A"},
        "bcde": {"required": ["B", "C", "D", "E"], "minutes": 120},
    }
    wish = PreferTime(Select(), [Period(None, "10:00", "12:00")])
    window = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "12:00"), Block("15:00", "17:00")], step=60)
    five = [Delegation(name) for name in "ABCDE"]
    places, cost = best(problem(of, Fair([wish], levels=levels), delegations=five, window=window))
    assert (late(places), cost) == (those_late, {1: points})


def test_fewer_points_are_a_better_lot_of_the_worst_off_then_of_the_next() -> None:
    rule = Fair([WISH])
    facts = problem(SIX, rule, delegations=ABC)
    rng = random.Random(0)  # noqa: S311  nothing secret
    lots: dict[int, set[tuple[int, ...]]] = {}
    for _ in range(300):
        timetable = Timetable(facts, random_schedule(facts, rng))
        borne = dict.fromkeys("abc", 0)
        for breach in WISH.check(timetable):
            borne[breach.sessions[0][0]] += 1
        points = sum(breach.amount for breach in rule.check(timetable))
        lots.setdefault(points, set()).add(tuple(sorted(borne.values(), reverse=True)))
    assert all(len(same) == 1 for same in lots.values())
    ranked = [lot for _, [lot] in sorted(lots.items())]
    assert ranked == sorted(ranked)
    assert ranked[0] == (0, 0, 0)
    assert ranked[-1] == (3, 2, 1)


def test_each_who_bears_anything_is_one_breach_that_names_what(breaches: Breaches) -> None:
    rule = Fair([PreferTime(Select(), [Period(None, "10:00", "13:00")], weight=2)], levels=3)
    facts = problem(SIX, rule, delegations=ABC)
    stand = {"a1": "17 15:00 I", "a2": "17 16:00 I", "b1": "17 17:00 I", "c1": "17 10:00 I"}
    outside = "is outside every day 10:00-13:00."
    assert breaches(rule, facts, stand) == [
        (
            "a1 a2",
            1 + 4 + 16 + 16,
            f"'A' bears 4: 'a1' on Fri 17 Dec 15:00 {outside} 'a2' on Fri 17 Dec 16:00 {outside}",
        ),
        ("b1", 1 + 4, f"'B' bears 2: 'b1' on Fri 17 Dec 17:00 {outside}"),
    ]
    assert rule.say() == (
        "Shared out among delegations, the worst-off first: Wished for every session: every day 10:00-13:00."
    )


def test_of_much_that_one_bears_only_the_beginning_is_told(breaches: Breaches) -> None:
    of: Of = {f"s{n}": {"required": "A", "start": None} for n in range(7)}
    facts = problem(of, delegations=ABC)
    stand = dict.fromkeys(of, "17 15:00 I")
    [(_, _, text)] = breaches(Fair([WISH]), facts, stand)
    assert text.count("is outside") == 5
    assert text.endswith(" And 2 more.")


@frozen
class Burden(Preference):
    """A rule of the test: each session costs those named, or, without a name, nobody in particular."""

    kind: ClassVar[str] = "burden"

    whom: tuple[str, ...] = field(kw_only=False)

    def post(self, board: Board) -> None:
        """Price each session."""
        for session in board.problem.sessions:
            board.prefer(self, board.placed(session), whom=self.whom)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Count each session."""
        for one in timetable.placed:
            yield Breach(self, (one.session.id,), 1, f"{one.session.id!r} stands.", self.whom)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Sessions are a burden."


MIXED: dict[str, Any] = {
    "delegations": [
        Delegation("A", groups=["one", "two"]),
        Delegation("B", groups="one", zone="America/New_York"),
        Delegation("C", groups="two"),
    ],
    "persons": [Person("chair", zone="Asia/Tokyo"), Person("minister", delegation="B"), Person("deputy", "", "A")],
}
JOINT: Of = {
    "x": {
        "body": "CSTD",
        "joint": "ITU",
        "required": "A",
        "chair": "chair",
        "segments": [Segment(30, invited="minister"), Segment()],
    },
    "y": {"body": "WSIS"},
}


@pytest.mark.parametrize(
    ("among", "whom", "bearers"),
    [
        ("delegations", ("x",), ["A", "B"]),
        ("delegations", ("minister",), ["B"]),
        ("delegations", ("chair",), []),
        ("delegations", ("one",), ["A", "B"]),
        ("delegations", ("A", "deputy", "x"), ["A", "B"]),
        ("groups", ("x",), ["one", "two"]),
        ("groups", ("B",), ["one"]),
        ("groups", ("minister",), ["one"]),
        ("groups", ("two",), ["two"]),
        ("bodies", ("x",), ["CSTD", "ITU"]),
        ("bodies", ("x", "y"), ["CSTD", "ITU", "WSIS"]),
        ("bodies", ("A",), []),
        ("persons", ("x",), ["chair", "minister"]),
        ("persons", ("deputy", "A", "one"), ["deputy"]),
        ("zones", ("x",), ["Asia/Tokyo", "Europe/Zurich"]),
        ("zones", ("B", "chair"), ["America/New_York", "Asia/Tokyo"]),
        ("zones", ("one",), ["America/New_York", "Europe/Zurich"]),
        ("zones", ("y", "en"), []),
    ],
)
def test_a_cost_falls_once_to_each_whom_it_concerns(among: str, whom: tuple[str, ...], bearers: list[str]) -> None:
    rule = Fair([Burden(whom)], among, levels=2)
    facts = problem(JOINT, **MIXED)
    found = list(rule.check(laid(facts, {"x": "2010-12-17T10:00", "y": "2010-12-17T11:00"})))
    assert sorted(breach.whom[0] for breach in found) == bearers
    parties = {"delegations": 3, "groups": 2, "bodies": 3, "persons": 3, "zones": 3}[among]
    assert {breach.amount for breach in found} <= {1 + (parties + 1)}
    for turned in (rule, Demand(rule, 3)):
        agree(turned, facts, schedules=4)


def test_several_rules_are_added_up_with_their_weights(best: Best) -> None:
    """A invitation missed weighs three refusals; both fall to those invited."""
    of: Of = {"a1": {"invited": "A", "minutes": 180}, "a2": {"invited": "A", "minutes": 180}}
    two = Venue([Room("I"), Room("II")])
    rules = [WISH, InvitedCanAttend(weight=3)]
    assert best(problem(of, Fair(rules, levels=2), delegations=ABC, venue=two))[1] == {1: 1}
    morning = Window("Europe/Zurich", ["2010-12-17"], [Block("10:00", "13:00")])
    tight = problem(of, Fair(rules, levels=2, weight=5), delegations=ABC, venue=two, window=morning)
    assert best(tight)[1] == {1: 5 * (1 + 4 + 4)}


def test_constraints_at_a_price_are_shared_out_too() -> None:
    of: Of = {**SIX, "x": {"required": ["A", "B", "C"]}, "y": {"invited": ["one"]}}
    facts = problem(of, delegations=ABC)
    rule = Fair([Soften(NoDelegationClash(), weight=2), Soften(Available()), InvitedCanAttend()], "groups")
    agree(rule, facts, schedules=10)


def test_a_fair_share_can_be_demanded(impossible: Impossible, best: Best) -> None:
    three = Demand(Fair([WISH]), 3)
    assert {name[0] for name in late(best(problem(SIX, three, delegations=ABC))[0])} == {"a", "b", "c"}
    assert impossible(problem(SIX, Demand(Fair([WISH]), 2), delegations=ABC)) == [
        "demand",
        "every-session-placed",
        "one-session-per-room",
    ]


def test_what_is_shared_out_comes_back_from_a_file_as_it_was() -> None:
    facts = problem(SIX, Fair([WISH, Soften(Available(), weight=2)], "groups", levels=3), delegations=ABC)
    plain = dump(facts)
    assert plain["rules"][0]["among"] == "groups"
    assert plain["rules"][0]["rules"][0]["kind"] == "prefer-time"
    assert load(plain, Problem) == facts


@pytest.mark.parametrize(
    ("make", "path", "message"),
    [
        (lambda: Fair([]), "rules", "there is nothing to share out"),
        (lambda: Fair(["wish"]), "rules[0]", "'wish' is not a Rule"),
        (lambda: Fair(None), "rules", "None is not a list"),  # type: ignore[arg-type]
        (lambda: Fair([WISH, Available()]), "rules[1]", "Available() is not a preference"),
        (
            lambda: Fair([Soften(AtMostTogether(2))]),
            "rules[0]",
            "'at-most-together' does not say who bears what it costs, so it cannot be shared out",
        ),
        (
            lambda: Fair([Fair([WISH])]),
            "rules[0]",
            "'fair' does not say who bears what it costs, so it cannot be shared out",
        ),
        (
            lambda: Fair([WISH], "States"),
            "among",
            "'States' is none of 'delegations', 'groups', 'bodies', 'persons', 'zones'",
        ),
        (lambda: Fair([WISH], levels=0), "levels", "0 is less than 1"),
        (lambda: Fair([WISH], weight=0), "weight", "0 is less than 1"),
    ],
)
def test_a_wrong_share_is_refused(refused: Refused, make: Callable[[], object], path: str, message: str) -> None:
    assert [found[:2] for found in refused(make)] == [(path, message)]


def test_faults_inside_what_is_shared_out_have_their_own_path(refused: Refused) -> None:
    inside = [WISH, PreferTime("x", WISH.periods), PreferRoom("a1", "XX"), PreferRoom("a1", "I")]
    assert refused(lambda: problem(SIX, Fair(inside), delegations=ABC)) == [
        ("rules[0].rules[1].sessions.ids[0]", "nothing has id 'x'", None),
        ("rules[0].rules[2].rooms.ids[0]", "there is no room 'XX'", None),
    ]
    unknown = Fair([LocalHours(), *inside[:1]])
    assert [found[0] for found in refused(lambda: problem(SIX, unknown, delegations=ABC))] == ["rules[0].rules[0].kind"]


def test_among_nobody_nothing_is_shared_out(refused: Refused) -> None:
    [(path, message, remedy)] = refused(lambda: problem(SIX, Fair([WISH], "persons"), delegations=ABC))
    assert (path, message) == ("rules[0].among", "the problem has no persons")
    assert remedy == "one of 'delegations', 'groups', 'bodies', 'persons', 'zones'."


@pytest.mark.parametrize(("weight", "most"), [(1, 20), (2, 19), (10**6, 10)])
def test_levels_that_make_too_large_numbers_are_refused(refused: Refused, weight: int, most: int) -> None:
    """Three delegations: each level is four times as dear as the one before, up to 2 to the power of 40."""
    problem(SIX, Fair([WISH], levels=most, weight=weight), delegations=ABC)
    for levels in (most + 1, 10**9):
        rule = Fair([WISH], levels=levels, weight=weight)
        found = refused(partial(problem, SIX, rule, delegations=ABC))
        message = f"{levels} levels among 3 delegations make numbers over {2**40}"
        assert found == [("rules[0].levels", message, f"{most} levels.")]


def test_a_session_that_is_called_as_a_participant_cannot_be_told_apart(refused: Refused) -> None:
    assert refused(lambda: problem({"A": {}, "one": {}}, Fair([WISH]), delegations=ABC)) == [
        (
            f"sessions[{index}].id",
            f"{name!r} is a participant as well: what falls to whom cannot be told apart",
            "another id for one of them.",
        )
        for index, name in enumerate(["A", "one"])
    ]


def test_a_rule_that_turns_out_to_name_nobody_is_refused_before_solving() -> None:
    with pytest.raises(InputError, match="'burden' does not say who bears what it costs"):
        solve(problem(SIX, Fair([Burden(())]), delegations=ABC))


# -- local hours ------------------------------------------------------------------------------------------------------

FAR = [Delegation("NY", zone="America/New_York"), Delegation("TK", zone="Asia/Tokyo"), Delegation("CH")]


def test_a_remote_delegation_meets_at_hours_of_its_own_day(best: Best, breaches: Breaches) -> None:
    rule = LocalHours()
    facts = problem({"a": {"minutes": 180, "required": "NY"}}, rule, delegations=FAR)
    assert best(facts) == ({"a": "17 15:00 I"}, {1: 0})
    assert breaches(rule, facts, {"a": "17 10:00 I"}) == [("a", 3, "'a' is at Fri 04:00 for 'NY' (America/New_York).")]
    assert rule.say() == "For those far away, between 08:00 and 20:00 by their own clock: every session."


def test_hours_begun_are_counted_for_all_who_have_to_be_or_are_invited_there(best: Best, breaches: Breaches) -> None:
    of: Of = {
        "a": {"minutes": 60, "required": ["CH", "TK"], "invited": ["NY", "mayor", "guest"]},
        "b": {"required": "NY"},
    }
    persons = [Person("mayor", zone="Asia/Tokyo"), Person("guest", zone="Europe/Paris")]
    half = Window("Europe/Zurich", ["2010-12-17"], step=30)
    rule = LocalHours(sessions="a", weight=2)
    facts = problem(of, rule, delegations=FAR, persons=persons, window=half)
    # At 11:30 it is 19:30 in Tokyo, half an hour before the evening, and 05:30 in New York.
    assert breaches(rule, facts, {"a": "17 11:30 I", "b": "17 10:00 I"}) == [
        ("a", 1, "'a' is at Fri 05:30 for 'NY' (America/New_York)."),
        ("a", 1, "'a' is at Fri 19:30 for 'TK' (Asia/Tokyo)."),
        ("a", 1, "'a' is at Fri 19:30 for 'mayor' (Asia/Tokyo)."),
    ]
    places, cost = best(facts)
    assert (places["a"][3:8] <= "11:00", cost) == (True, {1: 2})
    agree(rule, facts, schedules=10)


def test_whoever_is_at_a_segment_has_only_its_hours(breaches: Breaches) -> None:
    of: Of = {"a": {"minutes": 180, "segments": [Segment(60, required="TK"), Segment(required="NY")]}}
    facts = problem(of, delegations=FAR)
    assert [found[1] for found in breaches(LocalHours(), facts, {"a": "17 10:00 I"})] == [2]
    agree(LocalHours(), facts, schedules=5)


@pytest.mark.parametrize(
    ("start", "end", "clock", "amount"),
    [
        ("02:30", "04:30", "07:00", 2),  # 01:00-02:00, then 03:00-05:00: 60 + 30 minutes are outside
        ("02:30", "04:30", "08:00", 2),  # 03:00-06:00: 90 minutes
        ("02:30", "04:30", "05:00", 3),  # 23:00-02:00: all
        ("22:00", "04:00", "05:00", 0),  # over midnight
        ("22:00", "03:30", "07:00", 2),  # 03:30-05:00
        ("22:00", "00:00", "05:00", 2),  # up to midnight
        ("00:00", "01:30", "05:00", 2),  # 23:00-00:00 and 01:30-02:00 are outside
    ],
)
def test_the_clock_on_their_wall_counts_also_when_it_is_changed(start: str, end: str, clock: str, amount: int) -> None:
    """In New York, clocks went from 02:00 to 03:00 on 13 March 2011, when it was 08:00 in Zurich."""
    window = Window("Europe/Zurich", ["2011-03-13"], [Block("04:00", "12:00")], step=60)
    facts = problem({"a": {"minutes": 180, "required": "NY"}}, delegations=FAR, window=window)
    rule = LocalHours(start, end)
    agree(rule, facts, schedules=20)
    found = rule.check(laid(facts, {"a": f"2011-03-13T{clock}"}))
    assert sum(breach.amount for breach in found) == amount


def test_unsocial_hours_are_shared_by_the_zones(best: Best) -> None:
    """Three meetings, each either early in New York or late in Tokyo: two for the one, and one for the other."""
    window = Window(
        "Europe/Zurich", ["2010-12-16", "2010-12-17"], [Block("13:00", "14:00"), Block("15:00", "16:00")], step=60
    )
    of: Of = {name: {"required": ["NY", "TK"]} for name in ("a", "b", "c")}
    hours = LocalHours("08:00", "22:00")
    sums = problem(of, hours, delegations=FAR, window=window)
    # 13:00 is 07:00 in New York and 21:00 in Tokyo; 15:00 is 09:00 and 23:00.
    assert best(sums)[1] == {1: 3}
    shared = problem(of, Fair([hours], "zones"), delegations=FAR, window=window)
    assert best(shared)[1] == {1: 1 + 1 + 4}


@pytest.mark.parametrize(
    ("make", "path", "message"),
    [
        (lambda: LocalHours("8 am"), "start", "'8 am' is not a time of day in whole minutes"),
        (lambda: LocalHours(end="8 pm"), "end", "'8 pm' is not a time of day in whole minutes"),
        (lambda: LocalHours("08:00", "08:00"), "end", "from 08:00:00 to 08:00:00 no hour is unsocial"),
        (lambda: LocalHours(tier=0), "tier", "0 is less than 1"),
    ],
)
def test_wrong_hours_are_refused(refused: Refused, make: Callable[[], object], path: str, message: str) -> None:
    assert [found[:2] for found in refused(make)] == [(path, message)]


def test_where_nobody_is_far_away_no_hours_are_unsocial(refused: Refused) -> None:
    [(path, message, _)] = refused(lambda: problem(SIX, LocalHours(), delegations=ABC))
    assert (path, message) == ("rules[0].kind", "no delegation or person has a time zone of its own")


@pytest.mark.parametrize(
    "rule",
    [Soften(Load(1)), Soften(Load(1, per="body")), Soften(Demand(WISH)), Demand(WISH)],
    ids=["of all", "per body", "demanded at a price", "demanded"],
)
def test_what_falls_to_nobody_is_refused_before_anything_is_solved(refused: Refused, rule: Rule) -> None:
    [(path, _, _)] = refused(lambda: Fair([rule]))
    assert path == "rules[0]"


def test_what_falls_to_sessions_or_to_each_delegation_is_shared(best: Best) -> None:
    close = Soften(Apart(Select(), 60))
    many = Soften(Load(1, per="delegation"))
    sessions = [Session(name, name.upper(), 60, required="a") for name in "xyz"]
    window = Window("UTC", ["2010-12-17"], [Block("10:00", "13:00")], step=60)
    venue = Venue([Room("I", seats=Seats(table=9))])
    facts = Problem("p", window, venue, sessions, [Delegation("a")], rules=[Fair([close, many])])
    # Three in a row: two pairs without an hour between them, and two sessions too many; at 1, 2, 4 and 8 points.
    assert best(facts)[1] == {1: 15}


def test_minutes_are_shared_by_the_step(best: Best) -> None:
    """One bears two hours, or two an hour and a quarter each: two hours of one are worse, if it is by half hours."""
    window = Window("UTC", ["2010-12-17"], step=15)
    shared = [
        Session("long", "Long", 120, required="a", optional=True),
        Session("first", "First", 75, required="a", optional=True),
        Session("second", "Second", 75, required="b", optional=True),
    ]
    either = OneOf(["long", ["first", "second"]])
    late = AvoidTime(Select(), [Period(None, "10:00", "18:00")])
    for step, taken in ((10**6, ["long"]), (30, ["first", "second"])):
        rule = Fair([late], step=step)
        people = [Delegation("a"), Delegation("b")]
        facts = Problem("p", window, Venue([Room("I", seats=Seats(table=9))]), shared, people, rules=[either, rule])
        assert sorted(best(facts)[0]) == taken


def test_large_numbers_are_proven_to_the_last_unit() -> None:
    """A bound of billions comes back as a double that is a little more than it should be."""
    people = [Delegation(f"d{n}", table_seats=0) for n in range(193)]
    names = [person.id for person in people]
    sessions = [Session("a", "A", 60, required=names[:60]), Session("b", "B", 60, required=names[30:90])]
    rule = Fair([EndEarly(of="each", weight=5)], levels=4)
    facts = Problem("p", Window("UTC", ["2010-12-17"], step=60), Venue([Room("I")]), sessions, people, rules=[rule])
    result = solve(facts, stop=Effort(20))
    assert result.status is Status.OPTIMAL
    assert result.cost == result.bound
