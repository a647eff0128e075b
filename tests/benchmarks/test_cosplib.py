"""Conference workbooks: what is read, what is refused, what the scorer counts, and that the problem says the same."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from benchmarks.cosplib import CosplibFamily
from benchmarks.cosplib.facts import WEIGHTS, Conference
from benchmarks.cosplib.read import read
from benchmarks.cosplib.score import score
from benchmarks.cosplib.state import day_of, state
from benchmarks.family import Instance
from openpyxl import Workbook

from unsched import Booking, InputError, Preference, Schedule, TimeLimit, solve

Sheets = dict[str, list[list[Any]]]

TRACKS, SESSIONS, ROOMS = ["ml", "or"], ["Mon", "Tue", "Wed"], ["Hall", "Den"]


def sheets(**weights: int) -> Sheets:
    """A conference of two tracks, in which every term has something to count."""
    hours: list[tuple[str, object]] = [
        ("Local time zone:", "GMT+1"),
        ("Suitable scheduling times", None),
        ("From:", "09:30:00"),
        ("To:", time(21, 30)),
        ("Less suitable scheduling times", None),
        ("From:", "07:00:00"),
        ("To:", "23:00:00"),
        ("Penalty:", 1),
        ("Unsuitable scheduling times", None),
        ("Penalty:", "10"),
    ]
    rows = [[*(hours[at] if at < len(hours) else (None, None)), None, f"{name}:", 0] for at, name in enumerate(WEIGHTS)]
    for row in rows:
        row[4] = weights.get(row[3].split("|")[0].rstrip(":").replace(" ", "_"), 0)
    about = ["Reference", "Track", "Required Timeslots", "Order", "Time Zone", "Presenters", "Attendees"]
    return {
        "parameters": [["Sessions", None, None, "Weights", None], *rows],
        "submissions": [
            [*about, *SESSIONS, *ROOMS],
            ["a", "ml", 1, 2, "GMT+1", "Ann", None, None, None, None, None, 4],
            ["b", "ml", "2", 1, "GMT+9", "Ann, Bob", "Eve", 3, None, None, None, None],
            ["c", "ml", 1, 0, None, "Cyd", None, None, None, None, None, None],
            ["d", "or", 1, 1, "GMT-8", "Dan", "Ann", None, 2, None, 1, None],
            ["e", "or", 1, 0, "GMT+0", "Bob", "Eve", None, None, None, None, None],
        ],
        "tracks": [["Tracks", "Chairs"], ["ml", "Eve, Cyd"], ["or", None]],
        "sessions": [
            ["Sessions", "Max Number of Timeslots", "Date", "Start Time", "End Time"],
            ["Mon", 2, "x", "09:00:00", "10:00:00"],
            ["Tue", 2, None, datetime(2020, 1, 1, 12), time(13)],
            ["Wed", 3, None, "14:00", "15:30"],
        ],
        "rooms": [["Rooms"], ["Hall"], ["Den"]],
        "tracks_sessions|penalty": [[None, *SESSIONS], ["ml", 5, None, None], ["or", None, None, 1]],
        "tracks_rooms|penalty": [[None, "Den", "Hall"], ["ml", 7, None], ["or", None, 2]],
        "similar tracks": [[None, *TRACKS], ["ml", None, 6], ["or", None, None]],
        "sessions_rooms|penalty": [[None, *ROOMS], ["Mon", None, 3]],
    }


ALL = {name.split("|")[0].replace(" ", "_"): at + 1 for at, name in enumerate(WEIGHTS)}


def save(path: Path, content: Sheets) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in content.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def conference(tmp_path: Path) -> Callable[..., Conference]:
    def make(**weights: int) -> Conference:
        return read(save(tmp_path / "tiny.xlsx", sheets(**weights)))

    return make


# -- reading ----------------------------------------------------------------------------------------------------------


def test_a_workbook_is_read_by_its_labels(conference: Callable[..., Conference]) -> None:
    facts = conference(**ALL)
    assert (facts.name, facts.rooms, list(facts.tracks)) == ("tiny", ("Hall", "Den"), TRACKS)
    assert (facts.sittings["Tue"].start, facts.sittings["Tue"].end, facts.sittings["Wed"].slots) == (720, 780, 3)
    assert (facts.submissions["b"].slots, facts.submissions["d"].offset) == (2, -480)
    assert facts.track_room == {("ml", "Den"): 7, ("or", "Hall"): 2}
    assert facts.similar == {("ml", "or"): 6}
    assert facts.submission_sitting == {("b", "Mon"): 3, ("d", "Tue"): 2}
    assert facts.submission_room == {("a", "Den"): 4, ("d", "Hall"): 1}
    assert facts.weights == {name: at + 1 for at, name in enumerate(WEIGHTS)}
    assert (facts.zones.offset, facts.zones.suitable, facts.zones.passable) == (60, (570, 1290), (420, 1380))
    assert (facts.zones.small, facts.zones.big) == (1, 10)


def test_who_meets_whom_is_worked_out(conference: Callable[..., Conference]) -> None:
    facts = conference()
    assert facts.shared_presenters == {("a", "b"), ("b", "e")}
    # Eve attends b and e and chairs the track of b; Ann, who attends d, presents a and b.
    assert facts.shared_attendees == {("b", "e"), ("a", "d"), ("b", "d"), ("a", "e"), ("c", "e")}
    assert facts.shared_chairs == {("ml", "or")}


@pytest.mark.parametrize(
    ("submission", "sitting", "penalty"),
    [
        ("a", "Mon", 1),  # from 9:00
        ("b", "Mon", 0),  # from 17:00
        ("b", "Wed", 1),  # until 23:30, by the clock of the conference 15:30
        ("d", "Mon", 10),  # from midnight
        ("e", "Wed", 0),
    ],
)
def test_hours_cost_by_the_clock_of_who_presents(
    conference: Callable[..., Conference], submission: str, sitting: str, penalty: int
) -> None:
    facts = conference()
    found = facts.hours_penalty(facts.submissions[submission], facts.sittings[sitting])
    assert found == (10 if (submission, sitting) == ("b", "Wed") else penalty)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "path", "message"),
    [
        ("submissions", 1, 1, "mll", "submissions!B2", "there is no track 'mll'"),
        ("submissions", 2, 0, "a", "submissions!A3", "'a' is there twice"),
        ("submissions", 1, 2, 0, "submissions!C2", "'0' is not the number of time slots"),
        ("submissions", 1, 2, "two", "submissions!C2", "'two' is not the number of time slots"),
        ("submissions", 1, 4, "CET", "submissions!E2", "'CET' is not a time zone"),
        ("submissions", 0, 7, "Sun", "submissions!H1", "'Sun' is not one of 3 names"),
        ("submissions", 1, 8, -1, "submissions!I2", "'-1' is not the penalty"),
        ("sessions", 1, 3, "25:00", "sessions!D2", "'25:00' is not a time of day"),
        ("tracks_rooms|penalty", 1, 0, "nn", "tracks_rooms|penalty!A2", "nothing is called 'nn'"),
        ("tracks_rooms|penalty", 1, 1, 1.5, "tracks_rooms|penalty!B2", "'1.5' is not the penalty"),
        ("similar tracks", 0, 2, "nn", "similar tracks!C1", "nothing is called 'nn'"),
        ("parameters", 1, 4, "inf", "parameters!E2", "'inf' is not the weight"),
        ("parameters", 2, 3, "?", "parameters!D1", "there is no weight 'Tracks_Rooms|Penalty'"),
        ("rooms", 1, 0, None, "rooms!A3", "'Den' is there twice"),
    ],
)
def test_what_is_wrong_in_a_cell_is_named(
    tmp_path: Path, sheet: str, row: int, column: int, value: object, path: str, message: str
) -> None:
    content = sheets()
    content[sheet][row][column] = value
    if value is None:
        content[sheet][row][column] = "Den"
    with pytest.raises(InputError) as caught:
        read(save(tmp_path / "x.xlsx", content))
    assert (path, message) in [(fault.path, fault.message) for fault in caught.value.faults]


def test_what_is_no_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(InputError) as caught:
            read(path)
        return caught.value.faults[0].message

    text = tmp_path / "text.xlsx"
    text.write_text("no workbook")
    empty = tmp_path / "empty.xlsx"
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("a", "b")
    lacking = sheets()
    del lacking["rooms"]
    assert refused(tmp_path / "none.xlsx").startswith("it cannot be read")
    assert refused(text) == "it is not a workbook (BadZipFile)"
    assert refused(empty).startswith("it is not a workbook")
    assert refused(save(tmp_path / "lacking.xlsx", lacking)) == "it has no sheet 'rooms'"
    whole = save(tmp_path / "whole.xlsx", sheets())
    for limit, message in (
        ("_MOST_ROWS", "is larger than"),
        ("_MOST_UNPACKED", "unpacks to more than"),
        ("_MOST_BYTES", "it is larger than"),
    ):
        monkeypatch.setattr(import_module("benchmarks.cosplib.read"), limit, 3)
        assert message in refused(whole)


# -- scoring ----------------------------------------------------------------------------------------------------------

HEAD = "Session,Room,Track,Time Slot,Submission\n"
GOOD = HEAD + ("Mon,Hall,ml,1,b\nMon,Hall,ml,2,b\nMon,Den,or,1,e\nTue,Hall,or,1,d\nWed,Hall,ml,1,a\nWed,Den,ml,1,c\n")


def test_the_scorer_counts_every_term(conference: Callable[..., Conference]) -> None:
    found = score(conference(**dict.fromkeys(ALL, 1)), GOOD)
    assert found.faults == ()
    assert found.terms == {
        "Tracks_Sessions|Penalty": 5,
        "Tracks_Rooms|Penalty": 2 + 7,
        "Sessions_Rooms|Penalty": 3,
        "Similar Tracks": 6,
        "Number of Rooms per Track": 2,
        "Parallel Tracks": 1,
        "Consecutive Tracks": 1,  # ml is on Monday and Wednesday
        "Submissions_Timezones": 0 + 1 + 10,  # e begins at 8:00, d at 3:00
        "Submissions Order": 1,  # d is alone in its place; a and b are in order, and d before e is not
        "Submissions_Sessions|Penalty": 2 * 3 + 2,
        "Submissions_Rooms|Penalty": 1,
        "Presenters Conflicts": 1,
        "Attendees Conflicts": 1,
        "Chairs Conflicts": 1,
        "Presenters Conflicts Timeslot Level": 1,
        "Attendees Conflicts Timeslot Level": 1,
    }
    assert found.levels == (sum(found.terms.values()),)


def test_ordered_submissions_in_one_slot_cost_a_slot_at_a_time(conference: Callable[..., Conference]) -> None:
    facts = conference(Submissions_Order=1)
    both = GOOD.replace("Wed,Hall,ml,1,a", "Mon,Den,ml,2,a").replace("Mon,Den,or,1,e", "Tue,Hall,or,2,e")
    # b is first and a second, in another room; d, which is to be first of its track, is.
    assert score(facts, both).levels == (1,)
    assert score(facts, both.replace("or,1,d", "or,2,d").replace("or,2,e", "or,1,e")).levels == (2,)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Mon,Den,or,1,e\n", "", "'e' does not have 1 consecutive time slots in one session and room"),
        ("Mon,Hall,ml,2,b", "Tue,Den,ml,2,b", "'b' does not have 2 consecutive time slots in one session and room"),
        ("Mon,Den,or,1,e", "Mon,Den,or,3,e", "line 4: session 'Mon' has no time slot 3"),
        ("Mon,Den,or,1,e", "Mon,Den,or,x,e", "line 4: session 'Mon' has no time slot x"),
        ("Mon,Den,or,1,e", "Sun,Den,or,1,e", "line 4: no such session, room or track"),
        ("Mon,Den,or,1,e", "Mon,Den,or,1,z", "line 4: no submission 'z'"),
        ("Mon,Den,or,1,e", "Mon,Den,ml,1,e", "line 4: 'e' is not of track 'ml'"),
        ("Mon,Den,or,1,e", "Wed,Hall,or,2,e", "line 6: room 'Hall' holds track 'or' in session 'Wed'"),
        ("Wed,Den,ml,1,c", "Mon,Hall,ml,2,c", "line 7: time slot 2 of 'Mon' in 'Hall' is taken"),
        ("Mon,Den,or,1,e", "Mon,Den,or,1", "line 4: 4 values, not 5"),
        ("Session,", "Sitting,", "the first line is not Session,Room,Track,Time Slot,Submission"),
    ],
)
def test_what_a_solution_breaks_is_named(conference: Callable[..., Conference], old: str, new: str, fault: str) -> None:
    assert fault in score(conference(), GOOD.replace(old, new)).faults


# -- the problem ------------------------------------------------------------------------------------------------------


def drawn(facts: Conference, chance: random.Random) -> Schedule | None:
    """Draw a schedule that keeps what is hard, or come to nothing."""
    places = {sitting: at for at, sitting in enumerate(facts.sittings)}
    free = {
        (sitting, room): list(range(facts.sittings[sitting].slots))
        for sitting in facts.sittings
        for room in facts.rooms
    }
    held: dict[tuple[str, str], str] = {}
    bookings = []
    for one in chance.sample(list(facts.submissions.values()), len(facts.submissions)):
        choices = [
            (cell, slot)
            for cell, slots in free.items()
            for slot in slots
            if held.get(cell, one.track) == one.track and all(slot + step in slots for step in range(one.slots))
        ]
        if not choices:
            return None
        cell, slot = chance.choice(choices)
        held[cell] = one.track
        free[cell] = [left for left in free[cell] if not slot <= left < slot + one.slots]
        start = datetime.combine(day_of(places[cell[0]]), time(0, slot), UTC)
        bookings.append(Booking(one.name, cell[1], start, start + timedelta(minutes=one.slots)))
    return Schedule(facts.name, "UTC", bookings)


@pytest.mark.parametrize("weights", [ALL, dict.fromkeys(ALL, 1), {"Submissions_Order": 3_000_000}])
def test_problem_and_scorer_agree_on_random_schedules(tmp_path: Path, weights: dict[str, int]) -> None:
    family = CosplibFamily()
    instance = family.read(str(save(tmp_path / "tiny.xlsx", sheets(**weights))))
    chance = random.Random(1)  # noqa: S311  no secret
    compared = 0
    for _ in range(80):
        schedule = drawn(instance.facts, chance)
        if schedule is not None:
            breaches = schedule.breaches(instance.problem)
            found = family.score(instance.facts, family.write(instance, schedule))
            assert not any(breach.hard for breach in breaches)
            assert (found.levels, found.faults) == ((sum(breach.cost for breach in breaches),), ())
            compared += 1
    assert compared > 40


@pytest.mark.parametrize("weights", [ALL, {**dict.fromkeys(ALL, 1), "Parallel_Tracks": 0, "Submissions_Order": 9}])
def test_the_least_cost_of_a_tiny_conference_is_proven(tmp_path: Path, weights: dict[str, int]) -> None:
    family = CosplibFamily()
    instance = family.read(str(save(tmp_path / "tiny.xlsx", sheets(**weights))))
    result = solve(instance.problem, stop=TimeLimit(10), workers=1)
    assert (result.status.value, result.schedule is not None) == ("optimal", True)
    assert result.schedule is not None
    found = family.score(instance.facts, family.write(instance, result.schedule))
    assert (family.levels(instance, result.cost), found.faults) == (found.levels, ())
    chance = random.Random(2)  # noqa: S311  no secret
    others = [schedule for _ in range(150) if (schedule := drawn(instance.facts, chance)) is not None]
    assert min(family.score(instance.facts, family.write(instance, one)).levels for one in others) >= found.levels


def test_what_is_switched_off_says_nothing(conference: Callable[..., Conference]) -> None:
    instance = Instance("tiny", conference(), state(conference()))
    assert not [rule for rule in instance.problem.rules if isinstance(rule, Preference)]
