from __future__ import annotations

from unsched import (
    Assumption,
    Booking,
    Breach,
    Delegation,
    Group,
    Period,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Session,
    Venue,
    Window,
)
from unsched.report.text import breach_list, problem_summary, standby_list, timetable
from unsched.rules import EndEarly, OneSessionPerRoom, PreferTime


def booking(session: str, room: str, start: str, end: str, title: str = "") -> Booking:
    return Booking(session, room, start, end, title)


def test_a_timetable_has_each_day_once_with_times_room_title_and_id_in_columns() -> None:
    schedule = Schedule(
        "cstd",
        "Europe/Zurich",
        [
            booking("b", "XXVI", "2010-12-17T15:00+01:00", "2010-12-17T18:00+01:00", "Consultation"),
            booking("a", "E", "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00", "会議"),
            booking("c", "会", "2010-12-16T10:00+01:00", "2010-12-16T10:30+01:00"),
        ],
        revision=2,
    )
    assert timetable(schedule).splitlines() == [
        "cstd, revision 2: 3 sessions, Europe/Zurich time",
        "",
        "Thursday 16 December 2010",
        "  10:00-10:30  会    [c]",
        "",
        "Friday 17 December 2010",
        "  10:00-13:00  E     会議 [a]",
        "  15:00-18:00  XXVI  Consultation [b]",
    ]


def test_an_empty_schedule_is_one_line() -> None:
    assert timetable(Schedule("cstd", "UTC")) == "cstd: 0 sessions, UTC time"


def test_str_of_a_schedule_is_its_timetable() -> None:
    schedule = Schedule("cstd", "UTC")
    assert str(schedule) == timetable(schedule)


def test_a_session_over_midnight_says_how_many_days_later_it_ends() -> None:
    schedule = Schedule("p", "UTC", [booking("a", "I", "2010-12-17T22:00Z", "2010-12-18T01:00Z")])
    assert "22:00-01:00 +1  I" in timetable(schedule)


def test_times_that_the_clocks_show_twice_have_their_offset() -> None:
    schedule = Schedule("p", "Europe/Zurich", [booking("a", "I", "2010-10-31T00:30Z", "2010-10-31T01:30Z")])
    assert "02:30+0200-02:30+0100" in timetable(schedule)


def test_what_is_assumed_stands_at_the_end() -> None:
    value = Assumption("a hall of its size", of="room", id="XXVI", field="seats.table", value=150)
    schedule = Schedule("p", "UTC", assumptions=[value, Assumption("the bells\nring")])
    assert timetable(schedule).splitlines()[1:] == [
        "",
        "Assumed: room XXVI: seats.table = 150 (a hall of its size)",
        "Assumed: the bells ring",
    ]


def test_a_long_title_and_a_long_room_do_not_break_the_columns() -> None:
    long = booking("a", "R" * 200, "2010-12-17T10:00Z", "2010-12-17T11:00Z", "x" * 10_000)
    short = booking("b", "S", "2010-12-17T10:00Z", "2010-12-17T11:00Z", "y")
    one, other = timetable(Schedule("p", "UTC", [long, short])).splitlines()[-2:]
    assert one.endswith(f"{'x' * 97}... [a]")
    assert other == f"  10:00-11:00  S{' ' * 25}y [b]"


def test_a_hostile_title_is_shown_on_its_own_line_and_sends_nothing() -> None:
    title = "Plenary\r\n  10:00-11:00  I  Forged\x1b[2J\x9b\u202e"
    text = timetable(Schedule("p", "UTC", [booking("a", "I", "2010-12-17T10:00Z", "2010-12-17T11:00Z", title)]))
    assert text.splitlines()[-1] == "  10:00-11:00  I  Plenary    10:00-11:00  I  Forged\\x1b[2J\\x9b\\u202e [a]"


def small(**more: object) -> Problem:
    window = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])
    venue = Venue([Room("I", seats=Seats(table=9, side=9))])
    return Problem("p", window, venue, [Session("a", "A", 90), Session("b", "B", 60)], **more)  # type: ignore[arg-type]


def test_the_summary_of_a_problem_counts_its_facts_and_says_its_rules() -> None:
    text = problem_summary(
        Problem(
            "p",
            Window("Europe/Zurich", ["2010-12-17"], step=30),
            Venue([Room("I", seats=Seats(table=9, side=9))], name="Palais"),
            [Session("a", "A", 120)],
            delegations=[Delegation("d"), Delegation("e")],
            persons=[Person("x")],
            groups=[Group("g")],
            rules=[EndEarly(tier=2, weight=3), PreferTime("a", [Period(start="10:00", end="12:00")])],
            off=["room-open"],
            assumptions=[Assumption("the bells ring")],
            title="The panel\n",
        )
    )
    lines = text.splitlines()
    assert lines[:6] == [
        "The panel [p]",
        "  1 day, 2010-12-17, Europe/Zurich time, on a grid of 30 minutes",
        "  open 10:00-13:00, 15:00-18:00",
        "  1 session of 2 h in all",
        "  1 room in Palais",
        "  2 delegations, 1 person, 1 group",
    ]
    assert "10 constraints:" in lines
    assert "  Every session is scheduled." in lines
    assert "  A room is used only while it is open, and while it is there at all." not in lines
    assert lines[-10:] == [
        "",
        "1 preference of tier 1:",
        "  Wished for 'a': every day 10:00-12:00. (1 for each session)",
        "",
        "1 preference of tier 2:",
        "  An early end of the last of every session. (3 for each open minute)",
        "",
        "Switched off: room-open",
        "",
        "Assumed: the bells ring",
    ]


def test_the_summary_of_a_bare_problem_leaves_out_what_is_not_there() -> None:
    published = Schedule("p", "UTC", [booking("a", "I", "2010-12-17T09:00Z", "2010-12-17T10:30Z")], revision=1)
    lines = problem_summary(small(published=published)).splitlines()
    assert lines[:6] == [
        "p",
        "  2 days, 2010-12-16 to 2010-12-17, Europe/Zurich time, on a grid of 15 minutes",
        "  open 10:00-13:00, 15:00-18:00",
        "  2 sessions of 2 h 30 min in all",
        "  1 room",
        "  published: 1 session (revision 1)",
    ]
    assert not any(line.startswith(("Assumed", "Switched")) for line in lines)


def test_no_breach_is_said_in_words() -> None:
    assert breach_list([]) == "Every rule is kept."


def test_broken_constraints_come_first_and_prices_by_tier_with_their_sum() -> None:
    wish = PreferTime("a", [Period()], weight=2, tier=2)
    found = [
        Breach(wish, ("a",), 3, "too late"),
        Breach(EndEarly(), ("a",), 30, "an end"),
        Breach(OneSessionPerRoom(), ("a", "b"), 1, "they\nshare"),
        Breach(wish, ("b",), 1, "too early"),
    ]
    assert breach_list(found).splitlines() == [
        "1 breach of constraints:",
        "  they share [one-session-per-room]",
        "",
        "Prices paid in tier 1, 30 in all:",
        "  30 for end-early: an end",
        "",
        "Prices paid in tier 2, 8 in all:",
        "  6 for prefer-time: too late",
        "  2 for prefer-time: too early",
    ]


def test_prices_alone_say_that_the_constraints_hold() -> None:
    assert breach_list([Breach(EndEarly(), ("a",), 30, "an end")]).splitlines()[0] == "Every constraint holds."


def test_several_breaches_are_counted() -> None:
    one = Breach(OneSessionPerRoom(), ("a", "b"), 1, "they share")
    assert breach_list([one, one]).splitlines()[0] == "2 breaches of constraints:"


def test_what_waits_is_listed_in_order_with_its_priority_and_sends_nothing() -> None:
    waiting = [
        Session("a", "First", 60, priority=1, optional=True),
        Session("b", "Last\x1b[2J", 60, priority=12, optional=True),
    ]
    assert standby_list(waiting).splitlines() == [
        "2 sessions on standby:",
        "  priority  1  First [a]",
        "  priority 12  Last\\x1b[2J [b]",
    ]
    assert standby_list([]) == ""
