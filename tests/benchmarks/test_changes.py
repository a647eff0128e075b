"""Replaying revisions, and knocking things out: what is counted, on programmes of a few events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.__main__ import main
from benchmarks.replay import replay
from benchmarks.upheaval import changes_of

from unsched import Absent, Booking, Problem, Room, RoomLost, Schedule, Session, Venue, Window

if TYPE_CHECKING:
    import pytest


def programme(tmp_path: Path, name: str, *events: str) -> str:
    """Write a programme: each event is "id room start duration person"."""
    rooms: dict[str, list[str]] = {}
    for event in events:
        number, room, start, duration, person = event.split()
        rooms.setdefault(room, []).append(
            f'<event id="{number}"><date>2026-01-31T{start}:00+00:00</date><start>{start}</start>'
            f"<duration>{duration}</duration><title>Talk {number}</title><track>{room}</track>"
            f'<persons><person id="{person}">{person}</person></persons></event>'
        )
    inside = "".join(f'<room name="{room}">{"".join(some)}</room>' for room, some in rooms.items())
    file = tmp_path / f"{name}.xml"
    file.write_text(f'<schedule><day index="1" date="2026-01-31">{inside}</day></schedule>')
    return str(file)


def test_what_the_organizers_moved_is_counted_beside_what_has_to_move(tmp_path: Path) -> None:
    first = programme(
        tmp_path, "1", "1 A 10:00 00:30 ann", "2 A 10:30 00:30 bob", "3 B 10:00 00:30 cid", "9 B 11:30 00:30 eve"
    )
    # They put 4 in the place of 2 and move 2, although there is room for 4 where 2 goes; 9 is gone.
    then = programme(
        tmp_path,
        "2",
        "1 A 10:00 00:30 ann",
        "4 A 10:30 00:30 dan",
        "2 A 11:00 00:30 bob",
        "3 B 10:00 00:45 cid",
    )
    # An hour of new talk fits in only where 1 goes.
    last = programme(
        tmp_path, "3", "1 A 11:30 00:30 ann", "4 A 10:30 00:30 dan", "2 A 11:00 00:30 bob", "3 B 10:00 00:45 cid",
        "5 A 10:00 00:30 cid",
    )  # fmt: skip
    one, other = replay([first, then, last], seconds=10, workers=1)
    assert (one.before, one.after, one.sessions, one.added, one.lost, one.resized) == ("1", "2", 4, 1, 1, 1)
    assert (one.theirs, one.ours, one.bound, one.dropped, one.status) == (1, 0, 0, 0, "optimal")
    assert (other.added, other.theirs, other.ours, other.status) == (1, 1, 0, "optimal")
    assert str(one).startswith("| 1 | 2 | 4 | 1 | 1 | 1 | 1 | 0 | 0 | 0 |")


def test_a_speaker_of_two_talks_gives_way_where_they_would_meet(tmp_path: Path) -> None:
    first = programme(tmp_path, "1", "1 A 10:00 00:30 ann", "2 A 10:30 00:30 bob", "3 B 10:00 00:30 cid")
    then = programme(
        tmp_path, "2", "1 A 10:30 00:30 ann", "2 A 10:00 00:30 bob", "3 B 10:00 00:30 cid", "4 B 10:30 00:30 bob"
    )
    (step,) = replay([first, then], seconds=10, workers=1)
    assert (step.theirs, step.ours, step.bound) == (2, 1, 1)


def problem() -> tuple[Problem, Schedule]:
    window = Window("UTC", ["2010-12-16", "2010-12-17"], step=60)
    sessions = [Session(name, name.upper(), 60) for name in "abc"]
    facts = Problem("p", window, Venue([Room("I"), Room("II")]), sessions)
    places = (("a", "I", 10), ("b", "I", 11), ("c", "II", 15))
    bookings = [
        Booking(name, room, f"2010-12-16T{at}:00+00:00", f"2010-12-16T{at + 1}:00+00:00") for name, room, at in places
    ]
    return facts, Schedule("p", "UTC", bookings)


def test_the_fullest_room_is_lost_and_three_sessions_are_added() -> None:
    found = changes_of(*problem())
    assert list(found) == ["room", "sessions"], "nobody is needed anywhere"
    (lost,) = found["room"]
    assert isinstance(lost, RoomLost)
    assert (lost.room, str(lost.periods[0])) == ("I", "2010-12-16")
    assert len(found["sessions"]) == 3


def test_the_commands_print_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = programme(tmp_path, "1", "1 A 10:00 00:30 ann", "2 A 10:30 00:30 bob")
    assert main(["replay", file, file, "--time", "5", "--workers", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("| 1 | 1 | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |")
    assert main(["upheaval", "frab", file, "--time", "5", "--workers", "1", "--json"]) == 0
    assert '"change": "room"' in capsys.readouterr().out
    assert main(["replay", file, str(tmp_path / "none.xml")]) == 2


def test_who_is_away_is_the_busiest(tmp_path: Path) -> None:
    from benchmarks.family import family

    file = programme(tmp_path, "1", "1 A 10:00 00:30 ann", "2 A 10:30 00:30 bob", "3 A 11:00 00:30 bob")
    facts = family("frab").read(file).problem
    day = "2026-01-31"
    bookings = [
        Booking(name, "A", f"{day}T{at}+00:00", f"{day}T{end}+00:00")
        for name, at, end in (("1", "10:00", "10:30"), ("2", "10:30", "11:00"), ("3", "11:00", "11:30"))
    ]
    (away,) = changes_of(facts, Schedule("frab", "UTC", bookings))["person"]
    assert isinstance(away, Absent)
    assert (away.who, str(away.periods[0])) == ("bob", "2026-01-31 00:00-13:00")
