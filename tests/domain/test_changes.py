from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from drawing import drawn
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from unsched import (
    Absent,
    ArrivesLate,
    Assumption,
    Changes,
    Delegation,
    Group,
    InputError,
    LeavesEarly,
    Period,
    Person,
    Problem,
    Room,
    RoomLost,
    RoomReduced,
    Rule,
    Seats,
    Select,
    Session,
    SessionAdded,
    SessionDropped,
    SessionMoved,
    SessionResized,
    Team,
    TeamShort,
    Venue,
    Window,
    apply,
)
from unsched.domain.change import minus
from unsched.domain.changes import CHANGES
from unsched.palais import cstd_2010
from unsched.rules import Before, DeclaredConflicts, NotTogether, OneOf, Ordinals, Pin, PreferTime, Soften
from unsched.rules.parallel import Conflict
from unsched.rules.registry import kinds
from unsched.testing import periods, problems

WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])


def problem(*rules: Rule, **more: object) -> Problem:
    facts: dict[str, object] = {
        "sessions": [
            Session("a", "A", 60, tags="red"),
            Session("b", "B", 90, tags="blue", shortest=60),
            Session("c", "C", 60, room="XXVI", available=[Period(["2010-12-17"])]),
        ],
        "delegations": [Delegation("egypt", groups="g77"), Delegation("brazil")],
        "persons": [Person("chair", available=[Period(["2010-12-17"])])],
        "groups": [Group("g77")],
        "teams": [Team("fr-1", "fr")],
        "rules": rules,
    }
    venue = Venue([Room("XXVI", seats=Seats(table=9, side=20), booths=2), Room("IX", seats=Seats(table=5))])
    return Problem("p", WINDOW, venue, **{**facts, **more})  # type: ignore[arg-type]


def refused(facts: Problem, *changes: object) -> list[tuple[str, str, str | None]]:
    with pytest.raises(InputError) as caught:
        apply(facts, changes)  # type: ignore[arg-type]
    return [(fault.path, fault.message, fault.remedy) for fault in caught.value.faults]


def test_changes_are_made_in_order_and_the_problem_stays_as_it_was() -> None:
    before = problem()
    text = repr(before)
    after = apply(
        before,
        [
            SessionAdded(
                Session("d", "D", 30, required=["minister", "peru"]), [Delegation("peru")], [Person("minister")]
            ),
            SessionMoved("d", "2010-12-17T15:00", "IX"),
            SessionResized("b", 120),
            SessionDropped("a"),
            ArrivesLate("egypt", "2010-12-16T14:00"),
            LeavesEarly("egypt", "2010-12-17T11:00"),
            Absent("brazil"),
            TeamShort("fr-1"),
            RoomReduced("IX", Seats(table=3), booths=0),
        ],
    )
    assert repr(before) == text
    assert [one.id for one in after.sessions] == ["b", "c", "d"]
    assert (after.session("b").minutes, after.session("b").shortest) == (120, 60)
    assert (f"{after.session('d').start:%d %H:%M}", after.session("d").room) == ("17 15:00", "IX")
    assert (f"{after.delegation('egypt').arrives:%d %H}", f"{after.delegation('egypt').leaves:%d %H}") == (
        "16 14",
        "17 11",
    )
    assert (after.present(after.delegation("brazil")), after.teams[0].available) == ((), ())
    assert [one.id for one in after.persons] == ["chair", "minister"]
    assert after.room("IX").seats == Seats(table=3)
    assert (after.room("IX").booths, after.room("XXVI").booths) == (0, 2)


def test_a_room_that_is_lost_is_closed_for_that_time_or_for_good() -> None:
    morning = Period(["2010-12-16"], "10:00", "13:00")
    once = apply(problem(), RoomLost("IX", [morning]))
    assert once.room("IX").closed == (morning,)
    assert apply(once, [RoomLost("IX", [morning]), RoomLost("IX")]).room("IX").closed == (morning, Period())


def test_a_room_that_is_smaller_for_a_while_is_so_by_a_rule() -> None:
    while_ = [Period(["2010-12-16"])]
    after = apply(problem(), RoomReduced("XXVI", Seats(side=5), periods=while_))
    assert after.room("XXVI").seats.side == 20
    assert [rule.say() for rule in after.rules] == ["Room 'XXVI' has only 5 side seats: 2010-12-16."]


@pytest.mark.parametrize(
    ("change", "room"),
    [
        (RoomLost("XXVI", [Period(["2010-12-17"])]), None),
        (RoomLost("XXVI", [Period(["2010-12-17"], "10:00", "13:00")]), "XXVI"),
        (RoomLost("XXVI", [Period(["2010-12-16"])]), "XXVI"),
        (RoomReduced("XXVI", Seats(side=9), periods=[Period(["2010-12-17"])]), None),
        (RoomReduced("XXVI", Seats(side=10)), "XXVI"),
        (RoomLost("IX"), "XXVI"),
    ],
)
def test_a_session_is_let_go_from_a_room_only_where_no_time_is_left_there(change: object, room: str | None) -> None:
    facts = problem()
    sessions = [evolve(one, side_seats=10) if one.id == "c" else one for one in facts.sessions]
    rooms = [evolve(one, seats=Seats(table=9, side=20)) for one in facts.rooms]
    facts = evolve(facts, sessions=sessions, venue=Venue(rooms))
    assert apply(facts, change).session("c").room == room  # type: ignore[arg-type]


def test_a_decree_that_a_rule_forbids_whatever_else_there_is_is_refused() -> None:
    assert refused(problem(), SessionMoved("c", room="XXVI"), RoomLost("XXVI")) == [
        (
            "changes[0]",
            "'c' cannot stand there: Room 'XXVI' is shut for some of 'c' (Fri 17 Dec 17:00).",
            "another place, or a change of what forbids it.",
        )
    ]
    pinned = problem(Pin("a", "2010-12-16T10:00"))
    assert [one[1] for one in refused(pinned, SessionMoved("a", "2010-12-17T10:00"))] == [
        "'a' cannot stand there: 'a' is pinned to Thu 16 Dec 10:00, not Fri 17 Dec 10:00."
    ]
    assert apply(pinned, SessionMoved("a", "2010-12-16T10:00", "IX")).session("a").room == "IX"


def test_a_decree_goes_before_when_a_session_was_said_to_be_able_to_stand() -> None:
    after = apply(problem(), SessionMoved("c", "2010-12-16T10:00"))
    assert (after.session("c").available, after.session("c").room) == (None, "XXVI")
    assert apply(problem(), SessionMoved("c", room="IX")).session("c").available is not None


def test_what_was_assumed_is_forgotten_once_it_is_known() -> None:
    assumed = [
        Assumption("a guess", of="session", id="a", field="minutes", value=60),
        Assumption("a guess", of="session", id="b", field="minutes", value=90),
        Assumption("a guess", of="room", id="IX", field="booths", value=2),
        Assumption("a remark"),
    ]
    sessions = [evolve(one, minutes=None, shortest=None) if one.id in "ab" else one for one in problem().sessions]
    facts = problem(sessions=sessions, assumptions=assumed)
    after = apply(facts, [SessionDropped("a"), SessionResized("b", 45), RoomReduced("IX", booths=1)])
    assert [str(one) for one in after.assumptions] == ["a remark"]
    assert (after.session("b").minutes, after.room("IX").booths) == (45, 1)


def test_a_dropped_session_leaves_the_rules_and_rules_about_nothing_leave_the_problem() -> None:
    rules = [
        Before("a", "b"),
        NotTogether(["a", "b", "c"]),
        NotTogether(["b", "c"], against="a"),
        Pin("a", "2010-12-16T10:00"),
        PreferTime(Select(tags="red"), [Period(["2010-12-16"])]),
        Soften(Pin(["a", "b"], "2010-12-16T10:00")),
        DeclaredConflicts([Conflict(Select(ids="a"), Select(ids="b")), Conflict(Select(ids="b"), Select(ids="c"))]),
        Ordinals(["a", "b"], [1, 2], ["a", "b", "c"]),
    ]
    after = apply(problem(*rules), SessionDropped("a"))
    assert list(after.rules) == [
        NotTogether(["b", "c"]),
        Soften(Pin(["b"], "2010-12-16T10:00")),
        DeclaredConflicts([Conflict(Select(ids="b"), Select(ids="c"))]),
        Ordinals(["b"], [2], ["b", "c"]),
    ]


def test_a_choice_of_which_one_option_is_left_is_no_rule_any_more() -> None:
    sessions = [evolve(one, optional=True) for one in problem().sessions]
    facts = problem(OneOf(["a", "b"]), sessions=sessions)
    assert apply(facts, SessionDropped("a")).rules == ()


def test_every_change_that_cannot_be_made_is_named_at_once() -> None:
    assert refused(
        problem(),
        SessionDropped("aa"),
        SessionResized("z", 30),
        RoomLost("XXVII"),
        ArrivesLate("egpyt", "2010-12-16T14:00"),
        Absent("g77"),
        TeamShort("fr-2"),
        SessionAdded(Session("a", "A", 60), [Delegation("egypt")], [Person("chair")]),
        SessionMoved("b", room="X"),
        SessionDropped("c"),
        SessionResized("c", 30),
    ) == [
        ("changes[0].session", "there is no session 'aa'", "'a'."),
        ("changes[1].session", "there is no session 'z'", None),
        ("changes[2].room", "there is no room 'XXVII'", "'XXVI'."),
        ("changes[3].who", "there is no delegation or person 'egpyt'", "'egypt'."),
        ("changes[4].who", "there is no delegation or person 'g77'", "a change for each delegation of that group."),
        ("changes[5].team", "there is no team 'fr-2'", "'fr-1'."),
        ("changes[6].session.id", "there is a session 'a' already", "another id: calendars know that one."),
        (
            "changes[6].delegations[0].id",
            "there is a delegation, person or group 'egypt' already",
            "leave it out here.",
        ),
        ("changes[6].persons[0].id", "there is a delegation, person or group 'chair' already", "leave it out here."),
        ("changes[7].room", "there is no room 'X'", "'IX'."),
        ("changes[9].session", "session 'c' is dropped by an earlier change", "one of the two."),
    ]


def test_what_only_the_whole_problem_can_tell_is_said_of_the_change_that_made_it_so() -> None:
    assert refused(problem(), SessionResized("a", 50), SessionMoved("b", "2010-12-16T09:00")) == [
        (
            "changes[0].minutes",
            "50 minutes are not on the window's 15-minute grid",
            "45, or a window with another step.",
        ),
        ("changes[1].start", "'b' of 90 minutes cannot start at 2010-12-16 09:00 in the window", "2010-12-16 10:00."),
    ]
    unknown = SessionAdded(Session("d", "D", 60, required="nobody"))
    assert refused(problem(), LeavesEarly("egypt", "2010-12-17T11:00"), unknown) == [
        ("changes[1].required[0]", "there is no delegation, group or person 'nobody'", None)
    ]


def test_dropping_every_session_is_refused() -> None:
    faults = refused(problem(), *(SessionDropped(name) for name in "abc"))
    assert [message for _, message, _ in faults] == ["there is no session to schedule"]


def test_a_change_with_something_wrong_in_it_does_not_exist() -> None:
    wrong: list[tuple[object, list[str]]] = [
        (lambda: SessionMoved("a"), [""]),
        (lambda: SessionMoved("", "noon", 3), ["session", "start", "room"]),  # type: ignore[arg-type]
        (lambda: SessionResized("a", 0), ["minutes"]),
        (lambda: SessionAdded("a"), ["session"]),  # type: ignore[arg-type]
        (lambda: RoomReduced("IX"), [""]),
        (lambda: RoomReduced("IX", 3, -1), ["seats", "booths"]),  # type: ignore[arg-type]
        (lambda: RoomLost(" ", ["noon"]), ["room", "periods[0]"]),
        (lambda: ArrivesLate("a", "soon"), ["at"]),
        (lambda: LeavesEarly("", None), ["who", "at"]),
        (lambda: Changes(["a"], ""), ["changes[0]", "problem"]),
    ]
    for make, paths in wrong:
        with pytest.raises(InputError) as caught:
            make()  # type: ignore[operator]
        assert [fault.path for fault in caught.value.faults] == paths


def test_changes_of_another_problem_are_refused() -> None:
    with pytest.raises(InputError, match="these are changes of problem 'q', not of 'p'"):
        apply(problem(), Changes([RoomLost("IX")], "q"))


def test_each_kind_says_itself() -> None:
    said = [
        SessionAdded(Session("d", "D", 60)),
        SessionDropped("a"),
        SessionResized("a", 90),
        SessionMoved("a", "2010-12-16T10:00", "IX"),
        RoomLost("IX", [Period(["2010-12-16"])]),
        RoomReduced("IX", Seats(total=9), 1),
        ArrivesLate("egypt", "2010-12-16T10:00"),
        LeavesEarly("egypt", "2010-12-16T10:00"),
        Absent("egypt"),
        TeamShort("fr-1", [Period(["2010-12-16"], "10:00", "13:00")]),
    ]
    assert sorted(one.kind for one in said) == sorted(CHANGES)
    assert [one.say() for one in said] == [
        "Session 'd' is added.",
        "Session 'a' is dropped.",
        "Session 'a' takes 90 minutes.",
        "Session 'a' stands at 2010-12-16 10:00 in room 'IX', by decree.",
        "Room 'IX' is lost: 2010-12-16.",
        "Room 'IX' has only 9 seats in all, 1 booths: from now on.",
        "'egypt' arrives at 2010-12-16 10:00.",
        "'egypt' leaves at 2010-12-16 10:00.",
        "'egypt' is away: from now on.",
        "The team 'fr-1' is missing: 2010-12-16 10:00-13:00.",
    ]


def test_the_consultation_is_let_go_when_its_room_is_flooded_on_its_day() -> None:
    flooded = RoomLost("XXVI", [Period([date(2010, 12, 17)])])
    after = apply(cstd_2010(), flooded)
    assert [one.room for one in after.sessions if one.kind == "consultation"] == [None, None]


@pytest.mark.parametrize("kind", sorted(kinds()))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_session_can_be_dropped_whatever_rule_names_it(kind: str, data: st.DataObject) -> None:
    facts = data.draw(problems())
    assume(len(facts.sessions) > 1)
    try:
        facts = evolve(facts, rules=[data.draw(drawn(facts, kind))])
    except InputError:  # a problem can be none for that rule, or none at all
        assume(condition=False)
    gone = data.draw(st.sampled_from(facts.sessions)).id
    after = apply(facts, SessionDropped(gone))
    assert [one.id for one in after.sessions] == [one.id for one in facts.sessions if one.id != gone]
    assert len(after.rules) <= 1
    assert f"'{gone}'" not in " ".join(rule.say() for rule in after.rules)


SPRING = Window("Europe/Zurich", ["2011-03-26", "2011-03-27"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.none(), st.lists(periods(), max_size=2)), st.lists(periods(), max_size=3))
def test_taking_times_out_of_times_leaves_each_minute_that_is_in_the_first_alone(
    available: list[Period] | None, away: list[Period]
) -> None:
    # On a night on which the clocks go forward, that is.
    def minutes(some: object) -> set[int]:
        return {minute for span in SPRING.intervals(some) for minute in range(span.start, span.end)}  # type: ignore[arg-type]

    whole = [Period()] if available is None else available
    assert minutes(minus(SPRING, available, away)) == minutes(whole) - minutes(away)
