"""Repair: what need not change stays, what must change is the least that can be, and it is proven."""

from __future__ import annotations

import pytest
from attrs import evolve

from unsched import (
    Absent,
    ArrivesLate,
    Block,
    Booking,
    Delegation,
    Effort,
    InputError,
    Near,
    Period,
    Person,
    Problem,
    Repair,
    Room,
    RoomLost,
    RoomReduced,
    Schedule,
    Seats,
    Session,
    SessionAdded,
    SessionDropped,
    SessionMoved,
    SessionResized,
    Status,
    Team,
    TeamShort,
    Venue,
    Window,
    repair,
    what_if,
)
from unsched.domain.change import Amendment
from unsched.rules import Before, EndEarly, KeepStart, OneOf, Pin, PreferRoom, Soften

WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"], step=60)


def book(**places: str) -> Schedule:
    """Book sessions of three hours ("16 10 XXVI"), or of so many ("16 10 XXVI 1")."""
    bookings = []
    for name, place in places.items():
        day, hour, room, *length = place.split()
        end = int(hour) + int(length[0] if length else 3)
        times = (f"2010-12-{day}T{at}:00+01:00" for at in (hour, end))
        bookings.append(Booking(name, room, *times))
    return Schedule("p", "Europe/Zurich", bookings, revision=4)


def problem(*sessions: Session, rooms: str = "XXVI IX", **more: object) -> Problem:
    return Problem("p", WINDOW, Venue([Room(room) for room in rooms.split()]), sessions, **more)  # type: ignore[arg-type]


def meetings(names: str, minutes: int = 180, **more: object) -> list[Session]:
    return [Session(name, name.upper(), minutes, **more) for name in names.split()]  # type: ignore[arg-type]


def mend(facts: Problem, published: Schedule, *changes: Amendment, **more: object) -> Repair:
    return repair(facts, published, changes, stop=Effort(20), **more)  # type: ignore[arg-type]


def places(found: Repair) -> dict[str, str]:
    assert found.schedule is not None
    return {one.session: f"{one.start:%d %H} {one.room}" for one in found.schedule}


def counted(found: Repair) -> dict[str, int]:
    return {found.meanings[tier.tier]: tier.cost for tier in found.tiers}


# -- what stays and what moves ----------------------------------------------------------------------------------------


def test_without_a_change_everything_stays_however_much_better_it_could_be() -> None:
    facts = problem(*meetings("a b"), rules=[EndEarly(of="each"), PreferRoom(["a", "b"], "XXVI", weight=9)])
    found = mend(facts, book(a="17 15 IX", b="16 10 IX"))
    assert found.status is Status.OPTIMAL
    assert places(found) == {"a": "17 15 IX", "b": "16 10 IX"}
    assert str(found.diff) == "Nothing has changed."
    assert set(counted(found).values()) > {0}, "the wishes that stay open are paid for"


def test_only_what_stood_in_a_lost_room_changes_and_then_only_its_room() -> None:
    facts = problem(*meetings("a b c"), rooms="XXVI IX VII")
    found = mend(facts, book(a="16 10 XXVI", b="16 10 IX", c="17 10 XXVI"), RoomLost("XXVI", [Period(["2010-12-16"])]))
    assert places(found) == {"a": "16 10 VII", "b": "16 10 IX", "c": "17 10 XXVI"}
    assert found.diff is not None
    assert (found.diff.rehoused, found.diff.moved, found.diff.minutes) == (("a",), (), 0)


def test_wishes_choose_among_the_least_changes_and_no_further() -> None:
    facts = problem(*meetings("a b"), rooms="XXVI IX VII", rules=[PreferRoom("a", "VII"), PreferRoom("b", "VII")])
    found = mend(facts, book(a="16 10 XXVI", b="17 10 IX"), RoomLost("XXVI"))
    assert places(found) == {"a": "16 10 VII", "b": "17 10 IX"}


def test_few_people_are_told_before_few_sessions_move() -> None:
    # The plenary could give way by itself; its ten delegations would all have to be told.
    many = [Delegation(f"d{number}", table_seats=0) for number in range(10)]
    facts = problem(
        Session("plenary", "Plenary", 180, required=[one.id for one in many]),
        *meetings("a b", 60),
        Session("new", "New", 180, start="2010-12-16T10:00"),
        rooms="XXVI",
        delegations=many,
    )
    later = evolve(facts, sessions=[one for one in facts.sessions if one.id != "new"])
    published = book(plenary="17 10 XXVI", a="16 10 XXVI 1", b="16 11 XXVI 1")
    added = SessionAdded(facts.session("new"))
    assert {name for name in ("a", "b", "plenary") if places(mend(later, published, added))[name] != "17 10 XXVI"} == {
        "a",
        "b",
    }
    pinned = SessionAdded(evolve(facts.session("new"), start="2010-12-17T10:00"))
    told = mend(later, published, pinned)
    assert counted(told)["people to tell, beyond those of sessions that are gone or added"] == 10
    assert counted(told)["sessions at another time"] == 1


def test_somebody_who_is_told_of_two_changes_is_told_once() -> None:
    facts = problem(
        *meetings("a b", required="egypt"), delegations=[Delegation("egypt", table_seats=0)], rooms="XXVI IX VII"
    )
    found = mend(facts, book(a="16 10 XXVI", b="16 15 XXVI"), RoomLost("XXVI", [Period(["2010-12-16"])]))
    assert counted(found)["people to tell"] == 1
    assert [(one.who, one.sessions) for one in (found.diff or pytest.fail("no schedule")).told] == [
        ("egypt", ("a", "b"))
    ]


def test_a_session_moves_by_as_few_minutes_as_can_be() -> None:
    found = mend(problem(*meetings("a", 60)), book(a="16 12 XXVI 1"), SessionMoved("a", room="IX"))
    assert places(found) == {"a": "16 12 IX"}
    away = RoomLost("XXVI", [Period(["2010-12-16"], "12:00", "16:00")])
    found = mend(problem(*meetings("a", 60), rooms="XXVI"), book(a="16 12 XXVI 1"), away)
    assert (places(found), counted(found)["minutes moved"]) == ({"a": "16 11 XXVI"}, 60)


def test_prices_in_one_tier_weigh_against_each_other() -> None:
    # Two sessions can change rooms, or one of them can move.
    facts = problem(*meetings("a b"), rules=[Pin("a", room="XXVI")])
    clash = book(a="16 10 IX", b="16 10 XXVI")
    by_time = mend(facts, clash, least=[{"sessions": 1, "rooms": 5}])
    assert counted(by_time)["1 x sessions at another time + 5 x sessions in another room"] == 6
    by_room = mend(facts, clash, least=[{"sessions": 9, "rooms": 1}])
    assert places(by_room) == {"a": "16 10 XXVI", "b": "16 10 IX"}


# -- what has begun, what is frozen, what is near ---------------------------------------------------------------------


def test_what_has_begun_stays_where_it_is_even_in_a_room_that_is_lost() -> None:
    facts = problem(*meetings("a b"), rooms="XXVI IX")
    published = book(a="16 10 XXVI", b="16 15 XXVI")
    lost = RoomLost("XXVI")
    found = mend(facts, published, lost, now="2010-12-16T11:00")
    assert places(found) == {"a": "16 10 XXVI", "b": "16 15 IX"}
    assert found.status is Status.OPTIMAL
    assert counted(found)["rules that what has begun breaks"] == 1
    assert places(mend(facts, published, lost)) == {"a": "16 10 IX", "b": "16 15 IX"}


def test_nothing_is_moved_into_what_is_past() -> None:
    facts = problem(*meetings("a b"), rooms="XXVI", rules=[EndEarly(of="each")])
    found = mend(facts, book(a="16 10 XXVI", b="17 15 XXVI"), RoomLost("XXVI", [Period(["2010-12-17"], "15:00")]))
    assert places(found)["b"] == "17 10 XXVI"
    late = mend(
        facts,
        book(a="16 10 XXVI", b="17 10 XXVI"),
        RoomLost("XXVI", [Period(["2010-12-17"])]),
        now="2010-12-16T14:59:59",
    )
    assert places(late)["b"] == "16 15 XXVI"
    too_late = mend(
        facts,
        book(a="16 10 XXVI", b="17 10 XXVI"),
        RoomLost("XXVI", [Period(["2010-12-17"])]),
        now="2010-12-16T15:00:00",
    )
    assert (places(too_late), too_late.dropped) == ({"a": "16 10 XXVI"}, ("b",))


def test_nothing_crosses_the_freeze() -> None:
    facts = problem(*meetings("a b c"), rooms="XXVI IX")
    published = book(a="16 10 XXVI", b="16 15 XXVI", c="17 10 XXVI")
    lost = RoomLost("XXVI", [Period(["2010-12-17"])])
    assert places(mend(facts, published, lost, now="2010-12-16T09:00", freeze=600))["c"] == "17 10 IX"
    stuck = mend(facts, published, RoomLost("XXVI"), now="2010-12-16T09:00", freeze=600)
    assert stuck.dropped == ("a", "b")
    assert places(stuck) == {"c": "17 10 IX"}
    assert {guard.rule.kind for guard in stuck.conflict} == {"every-session-placed", "frozen", "room-open"}


def test_a_change_on_the_day_itself_is_dearer_than_two_next_week() -> None:
    window = Window("Europe/Zurich", ["2010-12-16", "2010-12-23"], [Block("10:00", "13:00")], step=60)
    people = [Delegation(name, table_seats=0) for name in ("egypt", "brazil")]
    facts = Problem(
        "p",
        window,
        Venue([Room("XXVI", seats=Seats(side=9)), Room("IX", seats=Seats(side=5))]),
        [
            Session("today", "Today", 180, required="egypt", side_seats=1),
            Session("later", "Later", 180, required=["egypt", "brazil"], side_seats=9),
            Session("big", "Big", 180, side_seats=9),
        ],
        people,
    )
    published = book(today="16 10 IX", later="16 10 XXVI", big="23 10 XXVI")
    moved = SessionMoved("big", start="2010-12-16T10:00")
    found = mend(facts, published, moved, now="2010-12-16T08:00", near=[Near(0, 5)])
    assert counted(found)["people to tell, weighted by notice"] == 10
    assert counted(mend(facts, published, moved))["people to tell"] == 2


def test_a_session_that_is_under_way_can_run_over() -> None:
    facts = problem(*meetings("a", 120), *meetings("b", 60), rooms="XXVI IX")
    published = book(a="16 10 XXVI 2", b="16 12 XXVI 1")
    found = mend(facts, published, SessionResized("a", 180), now="2010-12-16T11:30")
    assert places(found) == {"a": "16 10 XXVI", "b": "16 12 IX"}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (SessionDropped("a"), "'a', which starts on 2010-12-16 10:00, has begun"),
        (SessionMoved("a", room="IX"), "'a', which starts on 2010-12-16 10:00, has begun"),
        (SessionMoved("b", room="IX"), "'b', which starts on 2010-12-16 15:00, is frozen"),
    ],
)
def test_a_change_of_what_can_no_longer_be_changed_is_refused(change: Amendment, verdict: str) -> None:
    facts = problem(*meetings("a b"))
    with pytest.raises(InputError) as caught:
        mend(facts, book(a="16 10 XXVI", b="16 15 XXVI"), change, now="2010-12-16T11:00", freeze=300)
    assert [(fault.path, fault.message) for fault in caught.value.faults] == [("changes[0].session", verdict)]


def test_a_session_that_is_over_takes_no_longer_and_a_frozen_one_can_be_called_off() -> None:
    facts = problem(*meetings("a b", 120))
    published = book(a="16 10 XXVI 2", b="16 15 XXVI 2")
    with pytest.raises(InputError, match="'a', which starts on 2010-12-16 10:00, is over"):
        mend(facts, published, SessionResized("a", 180), now="2010-12-16T12:00")
    assert places(mend(facts, published, SessionDropped("b"), now="2010-12-16T12:00", freeze=600)) == {
        "a": "16 10 XXVI"
    }


# -- what has to go ---------------------------------------------------------------------------------------------------


def test_where_there_is_no_place_for_all_the_lowest_priority_goes() -> None:
    facts = problem(*meetings("a b"), *meetings("c d", priority=2), rooms="XXVI")
    published = book(a="16 10 XXVI", b="16 15 XXVI", c="17 10 XXVI", d="17 15 XXVI")
    found = mend(facts, published, RoomLost("XXVI", [Period(["2010-12-16"], "10:00", "13:00")]))
    assert found.status is Status.OPTIMAL
    assert found.dropped in (("c",), ("d",))
    assert counted(found)["sessions of priority 0 dropped"] == 0
    assert counted(found)["sessions of priority 2 dropped"] == 1
    assert {guard.rule.kind for guard in found.conflict} >= {"every-session-placed", "room-open"}
    assert found.schedule is not None
    assert not any(breach.hard for breach in found.schedule.breaches(found.problem))
    assert [one.id for one in found.schedule.standby(found.problem)] == [*found.dropped]


def test_a_slot_that_falls_free_goes_to_the_standby_list_in_its_order() -> None:
    waiting = [Session(f"w{number}", "W", 180, optional=True, priority=number) for number in (3, 1, 2)]
    facts = problem(*meetings("a b"), *waiting, rooms="XXVI")
    published = book(a="16 10 XXVI", b="16 15 XXVI", w3="17 10 XXVI", w2="17 15 XXVI")
    found = mend(facts, published, SessionDropped("a"))
    assert found.taken_up == ("w1",)
    assert places(found) == {"b": "16 15 XXVI", "w3": "17 10 XXVI", "w2": "17 15 XXVI", "w1": "16 10 XXVI"}


def test_nobody_on_standby_moves_anybody_who_has_a_place() -> None:
    waiting = Session("w", "W", 180, optional=True, start="2010-12-16T10:00")
    found = mend(problem(*meetings("a"), waiting, rooms="XXVI"), book(a="16 10 XXVI"))
    assert (places(found), found.taken_up) == ({"a": "16 10 XXVI"}, ())


def test_a_published_session_is_moved_before_it_is_put_on_standby() -> None:
    facts = problem(Session("a", "A", 180, optional=True, priority=9), rooms="XXVI")
    found = mend(facts, book(a="16 10 XXVI"), RoomLost("XXVI", [Period(["2010-12-16"])]))
    assert places(found) == {"a": "17 10 XXVI"}
    gone = mend(facts, book(a="16 10 XXVI"), RoomLost("XXVI"))
    assert (places(gone), gone.dropped, gone.status) == ({}, ("a",), Status.OPTIMAL)


def test_where_even_dropping_does_not_help_there_is_no_schedule() -> None:
    facts = problem(*meetings("a b", optional=True), rules=[OneOf(["a", "b"])], rooms="XXVI")
    found = mend(facts, book(a="16 10 XXVI"), RoomLost("XXVI"))
    assert (found.status, found.schedule, found.diff) == (Status.INFEASIBLE, None, None)
    assert found.conflict


def test_a_rule_that_has_a_price_already_is_left_as_it_is() -> None:
    from unsched.rules import EverySessionPlaced

    facts = problem(*meetings("a b"), rooms="XXVI", rules=[Soften(EverySessionPlaced(), tier=3)])
    found = mend(facts, book(a="16 10 XXVI", b="16 15 XXVI"), RoomLost("XXVI", [Period(["2010-12-16"])]))
    assert sorted(places(found).values()) == ["17 10 XXVI", "17 15 XXVI"]


# -- each kind of change ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        (ArrivesLate("chair", "2010-12-16T14:00"), {"a"}),
        (Absent("chair", [Period(["2010-12-16"], "10:00", "13:00")]), {"a"}),
        (Absent("egypt", [Period(["2010-12-16"], "15:00", "18:00")]), {"b"}),
        (TeamShort("fr-1", [Period(["2010-12-17"], "10:00", "13:00")]), {"c"}),
        (RoomReduced("XXVI", Seats(side=20), periods=[Period(["2010-12-17"])]), {"d"}),
        (RoomReduced("XXVI", Seats(side=20)), {"d"}),
        (RoomReduced("IX", booths=0), {"c"}),
        (SessionMoved("a", "2010-12-17T15:00"), {"a", "d"}),
        (RoomLost("XXVI", [Period(["2010-12-16"], "15:00", "18:00")]), {"b"}),
    ],
)
def test_each_kind_of_change_moves_what_it_is_about(change: Amendment, moves: set[str]) -> None:
    seats = Seats(side=40, table=9)
    facts = Problem(
        "p",
        WINDOW,
        Venue([Room("XXVI", seats=seats, booths=1), Room("IX", seats=seats, booths=1)]),
        [
            Session("a", "A", 180, chair="chair"),
            Session("b", "B", 180, required="egypt"),
            Session("c", "C", 180, languages="fr"),
            Session("d", "D", 180, side_seats=30, required="egypt", chair="chair"),
        ],
        [Delegation("egypt")],
        [Person("chair")],
        teams=[Team("fr-1", "fr")],
    )
    published = book(a="16 10 XXVI", b="16 15 XXVI", c="17 10 IX", d="17 15 XXVI")
    found = mend(facts, published, change)
    assert found.status is Status.OPTIMAL
    assert {one.session for one in found.diff or ()} == moves
    assert not found.dropped


def test_what_was_read_stays_as_it_was_and_the_new_schedule_is_the_next_revision() -> None:
    facts, published = problem(*meetings("a")), book(a="16 10 XXVI")
    before = repr(facts)
    found = mend(facts, published, RoomLost("XXVI"))
    assert repr(facts) == before
    assert published == book(a="16 10 XXVI")
    assert found.schedule is not None
    assert (published.revision, found.schedule.revision) == (4, 5)
    assert found.problem.published is None


def test_what_has_begun_cannot_be_dropped_whatever_it_is() -> None:
    from unsched.rules import EverySessionPlaced

    priced = [Soften(EverySessionPlaced(), tier=3)]
    facts = problem(*meetings("a"), *meetings("b", optional=True), *meetings("c"), rules=priced)
    published = book(a="16 10 XXVI", b="16 10 IX", c="17 10 IX")
    lost = [RoomLost("XXVI"), RoomLost("IX")]
    found = mend(facts, published, *lost, now="2010-12-16T10:00")
    assert places(found) == {"a": "16 10 XXVI", "b": "16 10 IX"}
    assert (found.status, found.dropped) == (Status.OPTIMAL, ("c",))


def test_the_repaired_problem_can_be_repaired_again() -> None:
    facts = problem(*meetings("a b"), rules=[Before("a", "b"), KeepStart(weight=3)], published=book(a="16 10 IX"))
    first = mend(facts, book(a="16 10 XXVI", b="16 15 XXVI"), RoomLost("XXVI", [Period(["2010-12-16"])]))
    assert first.schedule is not None
    again = mend(first.problem, first.schedule, SessionDropped("a"))
    assert places(again) == {"b": "16 15 IX"}


def test_what_a_change_moves_is_the_last_to_be_dropped() -> None:
    facts = problem(Session("a", "A", 180, priority=5), *meetings("b"), rooms="XXVI")

    facts = evolve(facts, rules=[Pin("b", "2010-12-16T15:00")])
    found = mend(facts, book(a="16 10 XXVI", b="16 15 XXVI"), SessionMoved("a", "2010-12-16T15:00"))
    assert "a" not in found.dropped
    assert "b" in found.dropped
    assert places(found)["a"] == "16 15 XXVI"


def test_people_told_of_what_a_change_drops_are_not_said_to_be_none() -> None:
    sessions = [evolve(one, required=("egypt",)) for one in meetings("a b")]
    facts = problem(*sessions, delegations=[Delegation("egypt", "Egypt", table_seats=0)])
    found = mend(facts, book(a="16 10 XXVI", b="16 15 XXVI"), SessionDropped("a"))
    assert counted(found)["people to tell, beyond those of sessions that are gone or added"] == 0
    assert "Delegations to tell (1)" in str(found)


def test_what_if_tells_the_price_of_wishes_too() -> None:
    facts = problem(*meetings("a"), rules=[PreferRoom("a", "XXVI", weight=7, tier=3)])
    price = what_if(facts, book(a="16 10 XXVI"), RoomLost("XXVI"), stop=Effort(5))
    assert (price.before, price.after, price.possible) == ({3: 0}, {3: 7}, True)
    assert str(price).startswith("Wishes of tier 3 would cost 7, and cost 0 now.\noptimal: 1 session scheduled")
    impossible = what_if(problem(*meetings("a"), rooms="IX"), book(a="16 10 IX"), RoomLost("IX"), stop=Effort(5))
    assert (impossible.possible, impossible.repair.dropped) == (False, ("a",))


# -- bad input --------------------------------------------------------------------------------------------------------


def test_what_is_wrong_with_the_arguments_is_said_at_once() -> None:
    facts = problem(*meetings("a"))
    other = Schedule("q", "Europe/Zurich", book(a="16 10 XXVI").bookings)
    with pytest.raises(InputError) as caught:
        mend(facts, other, freeze=-1, least=["peopel", {"rooms": 0}], near=["soon"])
    assert [fault.path for fault in caught.value.faults] == [
        "published.problem",
        "near[0]",
        "freeze",
        "now",
        "least[0]",
        "least[1]",
    ]
    with pytest.raises(InputError, match="problem 'p' has none of its 1 sessions"):
        mend(facts, book(z="16 10 XXVI"))
    with pytest.raises(InputError, match="does not exist"):
        mend(facts, book(a="16 10 XXVI"), now="2010-03-28T02:30")
    with pytest.raises(InputError, match="3 is no change"):
        repair(facts, book(a="16 10 XXVI"), 3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is not a Schedule"):
        repair(facts, None)  # type: ignore[arg-type]


def test_sessions_that_have_gone_since_are_dropped_and_told() -> None:
    found = mend(problem(*meetings("a")), book(a="16 10 XXVI", gone="16 15 XXVI"))
    assert (found.diff or pytest.fail("no schedule")).dropped == ("gone",)
    assert found.dropped == (), "nothing that there is has lost its place"
