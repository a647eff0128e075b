from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unsched import Block, Booking, InputError, Period, Problem, Room, Schedule, Session, Team, Venue, Window
from unsched.domain.actual import Actual, Actuals
from unsched.exchange.files import load_actuals, save
from unsched.report.utilization import utilization
from unsched.report.utilization_text import hours, percent
from unsched.testing import problems, schedules

DAYS = ["2010-12-16", "2010-12-17"]


def at(day: int, clock: str) -> str:
    return f"2010-12-{day}T{clock}:00+01:00"


@pytest.fixture
def problem() -> Problem:
    """Two rooms, one of which opens late, five meetings, and a team for each of two languages."""
    rooms = [Room("I", booths=2), Room("II", hours=[Period(start="11:00", end="18:00")], closed=[Period([DAYS[1]])])]
    blocks = [Block("10:00", "13:00"), Block("15:00", "18:00"), Block("13:15", "14:45", "lunch")]
    return Problem(
        "p",
        Window("Europe/Zurich", DAYS, blocks),
        Venue(rooms),
        [
            Session("a", "A", 180, body="CSTD", languages=["en", "fr"]),
            Session("b", "B", 180, body="CSTD", joint="WG", languages=["en"]),
            Session("c", "C", 60, body="WG"),
            Session("lunch", "L", 90, blocks=["lunch"]),
            Session("extra", "E", 60, body="WG", optional=True),
        ],
        teams=[Team("en-1", "en", 2), Team("fr-1", "fr", 2, available=[Period([DAYS[0]])])],
        off=["seats-enough", "booths-enough"],
    )


@pytest.fixture
def schedule() -> Schedule:
    """Six hours in room I on the first day, one in room II, and lunch on the second."""
    return Schedule(
        "p",
        "Europe/Zurich",
        [
            Booking("a", "I", at(16, "10:00"), at(16, "13:00")),
            Booking("b", "I", at(16, "15:00"), at(16, "18:00")),
            Booking("c", "II", at(16, "11:00"), at(16, "12:00")),
            Booking("lunch", "I", at(17, "13:15"), at(17, "14:45")),
        ],
    )


def column(found: Any, table: str, name: str) -> list[object]:
    return [row[name] for row in found.rows(table)]


def test_rooms_are_on_offer_while_the_window_and_they_are_open(problem: Problem, schedule: Schedule) -> None:
    found = utilization(problem, schedule)
    assert column(found, "rooms", "name") == ["I", "I", "II", "II"]
    assert column(found, "rooms", "offered") == [450, 450, 390, 0]
    assert column(found, "rooms", "planned") == [360, 90, 60, 0]
    assert column(found, "rooms", "share") == [360 / 450, 90 / 450, 60 / 390, None]


def test_blocks_of_one_kind_can_count_alone(problem: Problem, schedule: Schedule) -> None:
    found = utilization(problem, schedule, blocks=["regular"])
    assert column(found, "rooms", "offered") == [360, 360, 300, 0]
    assert column(found, "rooms", "planned") == [360, 0, 60, 0]
    assert column(found, "rooms", "outside") == [0, 90, 0, 0]


def test_booths_count_by_languages_and_those_that_nobody_knows_are_named(problem: Problem, schedule: Schedule) -> None:
    found = utilization(problem, schedule)
    assert column(found, "booths", "offered") == [900, 900]
    assert column(found, "booths", "planned") == [180 * 2 + 180, 0]
    assert found.unknown_booths == ("II",)


def test_teams_are_on_offer_while_they_are_available(problem: Problem, schedule: Schedule) -> None:
    found = utilization(problem, schedule)
    assert column(found, "languages", "name") == ["en", "en", "fr", "fr"]
    assert column(found, "languages", "offered") == [450, 450, 450, 0]
    assert column(found, "languages", "planned") == [360, 0, 180, 0]
    without = utilization(evolve(problem, teams=[]), schedule)
    assert column(without, "languages", "offered") == [None] * 4


def test_meetings_are_counted_by_body_and_day_and_a_joint_one_for_each_of_its_bodies(
    problem: Problem, schedule: Schedule
) -> None:
    found = utilization(problem, schedule)
    assert [(row["name"], row["planned"], row["minutes"]) for row in found.rows("bodies")] == [
        ("CSTD", 2, 360),
        ("WG", 2, 240),
        ("(no body)", 1, 90),
    ]
    assert [(row["name"], row["planned"], row["minutes"]) for row in found.rows("days")] == [
        (DAYS[0], 3, 420),
        (DAYS[1], 1, 90),
    ]
    assert (found.all.planned, found.interpreted.planned) == (4, 2)


@pytest.fixture
def actuals() -> Actuals:
    """One late and early, one not held, one in another room and over time, one besides."""
    return Actuals(
        [
            Actual("a", "2010-12-16T10:20", "2010-12-16T12:30"),
            Actual("b", held=False),
            Actual("c", at(16, "11:30"), at(16, "12:15"), room="I"),
            Actual("extra", at(17, "10:00"), at(17, "10:45"), room="II"),
        ]
    )


def test_what_was_lost_is_told_by_its_cause(problem: Problem, schedule: Schedule, actuals: Actuals) -> None:
    found = utilization(problem, schedule, actuals)
    one = found.all
    assert (one.planned, one.held, one.cancelled, one.added, one.unreported) == (4, 2, 1, 1, 1)
    assert (one.minutes, one.allotted) == (510, 180 + 180 + 60 + 60)
    assert (one.late, one.early, one.not_held, one.overtime) == (20 + 30, 30 + 15, 180, 15)
    assert (one.lost, one.used) == (275, 205)
    assert found.unreported == ("lunch",)


def test_the_factors_are_what_they_say(problem: Problem, schedule: Schedule, actuals: Actuals) -> None:
    one = utilization(problem, schedule, actuals).all
    assert one.ratio == 3 / 3  # two of the three known were held, and one besides
    assert one.accuracy == 2 / 4
    assert one.factor == 205 / 480


def test_what_was_used_counts_where_and_when_it_was(problem: Problem, schedule: Schedule, actuals: Actuals) -> None:
    found = utilization(problem, schedule, actuals)
    assert column(found, "rooms", "used") == [130, 0, 0, 0]  # 'c' lies inside 'a', in one room
    assert column(found, "booths", "used") == [260, 0]
    assert column(found, "languages", "used") == [130, 0, 130, 0]
    moved = Actuals([Actual("a", at(17, "10:00"), at(17, "13:00"))])
    assert column(utilization(problem, schedule, moved), "rooms", "used") == [0, 180, 0, 0]


@pytest.mark.parametrize(
    ("began", "ended", "lost", "overtime"),
    [
        ("10:00", "13:00", 0, 0),
        ("09:30", "13:30", 0, 60),
        ("13:00", "14:00", 180, 60),
        ("08:00", "10:00", 180, 120),
        ("12:50", "13:10", 170, 10),
    ],
)
def test_overtime_makes_up_for_nothing(
    problem: Problem, schedule: Schedule, began: str, ended: str, lost: int, overtime: int
) -> None:
    one = utilization(problem, schedule, Actuals([Actual("a", at(16, began), at(16, ended))])).all
    assert (one.lost, one.overtime, one.used) == (lost, overtime, 180 - lost)


def test_everything_wrong_with_actual_times_is_told_at_once(problem: Problem, schedule: Schedule) -> None:
    wrong = Actuals([Actual("x", held=False), Actual("a", at(16, "13:00"), at(16, "10:00"), room="III")], "q")
    with pytest.raises(InputError) as error:
        utilization(problem, schedule, wrong, blocks=["lunsh"])
    assert [(fault.path, fault.message) for fault in error.value.faults] == [
        ("problem", "the actual times are of problem 'q', not of 'p'"),
        ("meetings[0].session", "problem 'p' has no session 'x'"),
        ("meetings[1].room", "problem 'p' has no room 'III'"),
        ("meetings[1].ended", "'a' ended no later than it began"),
        ("blocks[0]", "the window has no block of kind 'lunsh'"),
    ]


def test_an_actual_time_that_the_clocks_skip_is_refused() -> None:
    night = Window("Europe/Zurich", ["2011-03-27"], [Block("01:00", "05:00")])
    problem = Problem("p", night, Venue([Room("I")]), [Session("a", "A", 60)])
    found = Actuals([Actual("a", "2011-03-27T02:30", "2011-03-27T04:00")])
    with pytest.raises(InputError, match="does not exist"):
        utilization(problem, Schedule("p", "Europe/Zurich"), found)


@pytest.mark.parametrize(
    ("meeting", "message"),
    [
        ({"session": "a"}, "it is missing"),
        ({"session": "a", "held": False, "began": at(16, "10:00")}, "'a' was not held"),
        ({"session": "a", "held": "no"}, "'no' is not true or false"),
        ({"session": "a", "began": "noon", "ended": at(16, "10:00")}, "'noon' is not a date and time"),
    ],
)
def test_a_meeting_was_held_at_times_or_not_at_all(meeting: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Actual(**meeting)


def test_a_meeting_is_reported_once() -> None:
    with pytest.raises(InputError, match="session 'a' is reported twice"):
        Actuals([Actual("a", held=False), Actual("a", held=False)])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_is_used_that_is_not_on_offer_and_what_is_planned_is_all_there(data: st.DataObject) -> None:
    problem = data.draw(problems())
    schedule = data.draw(schedules(problem))
    found = utilization(problem, schedule)
    for one in found.rooms:
        assert 0 <= one.planned <= (one.offered or 0)
    minutes = sum(int(b.end.timestamp() - b.start.timestamp()) // 60 for b in schedule)
    assert sum(one.planned + one.outside for one in found.rooms) <= minutes == found.all.minutes
    exact = Actuals([Actual(booking.session, booking.start, booking.end) for booking in schedule])
    after = utilization(problem, schedule, exact)
    assert after.all.lost == after.all.overtime == 0
    assert [one.used for one in after.rooms] == [one.planned for one in after.rooms]


def test_the_report_says_it_in_words(problem: Problem, schedule: Schedule, actuals: Actuals) -> None:
    text = str(utilization(problem, schedule, actuals))
    assert text.startswith("p: utilization, planned and actual\n")
    assert "Lost: 0:50 by late starts, 0:45 by early ends, 3:00 not held." in text
    assert "Interpreted meetings used 36.1 % of the time set aside: that is below the benchmark of 80.0 %." in text
    assert text.endswith("Not known: the booths of II.\nNobody has said how these went: lunch.")
    met = Actuals([Actual("a", at(16, "10:00"), at(16, "12:24"))])
    assert "used 80.0 % of the time set aside: that meets the benchmark" in str(utilization(problem, schedule, met))


def test_a_share_is_never_rounded_up_to_what_it_misses() -> None:
    assert [percent(share) for share in (0.79999, 0.8, 1.0, 0.29, None)] == [
        "79.9 %",
        "80.0 %",
        "100.0 %",
        "29.0 %",
        "-",
    ]
    assert [hours(minutes) for minutes in (0, 75, 6_000)] == ["0:00", "1:15", "100:00"]


@pytest.mark.parametrize("table", ["rooms", "booths", "languages", "bodies", "days"])
def test_each_table_is_a_frame_and_plain_data(
    problem: Problem, schedule: Schedule, actuals: Actuals, table: str
) -> None:
    for found in (utilization(problem, schedule), utilization(problem, schedule, actuals)):
        frame = found.to_frame(table)
        assert tuple(frame.columns) == found.columns(table)
        assert len(frame) == len(found.rows(table)) > 0
        assert json.loads(json.dumps(found.to_dict()))[table] == found.to_dict()[table]


def test_a_table_that_is_none_is_refused(problem: Problem, schedule: Schedule) -> None:
    with pytest.raises(InputError, match="Maybe 'rooms'"):
        utilization(problem, schedule).to_frame("room")


def test_actual_times_come_from_any_kind_of_file(actuals: Actuals, tmp_path: Path) -> None:
    import openpyxl

    rows: list[list[str | None]] = [
        ["session", "began", "ended", "held", "room"],
        ["a", "2010-12-16 10:20", "2010-12-16 12:30", None, None],
        ["b", None, None, "no", None],
        ["c", "2010-12-16 11:30+01:00", "2010-12-16T12:15+01:00", "yes", "I"],
        ["extra", "2010-12-17 10:00+01:00", "2010-12-17 10:45+01:00", None, "II"],
    ]
    (tmp_path / "a.csv").write_text("\n".join(";".join(cell or "" for cell in row) for row in rows))
    book = openpyxl.Workbook()
    sheet = book.create_sheet("actual")
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    save(actuals, tmp_path / "a.json")
    for name in ("a.csv", "a.xlsx", "a.json"):
        assert load_actuals(tmp_path / name) == actuals


def test_faults_of_actual_times_are_told_with_their_cells(tmp_path: Path) -> None:
    file = tmp_path / "actual.csv"
    file.write_text("session,began,ended,held\na,10:00,2010-12-16 12:00,\nb,,,maybe\n,,,no\n")
    with pytest.raises(InputError) as error:
        load_actuals(file)
    assert [str(fault).partition("\n")[0] for fault in error.value.faults] == [
        "actual.csv:2 column began: '10:00' is not a date and time",
        "actual.csv:3 column began: it is missing",
        "actual.csv:3 column ended: it is missing",
        "actual.csv:3 column held: 'maybe' is neither yes nor no",
        "actual.csv:4 column session: it is missing",
    ]


def test_a_workbook_without_the_sheet_and_a_folder_are_refused(tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="there is no sheet 'Actual'"):
        load_actuals(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="one file, not a folder"):
        load_actuals(tmp_path)
