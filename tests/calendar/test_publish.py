from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from icalendar import Calendar

from unsched import Booking, InputError, Problem, Schedule, Segment
from unsched.calendar.occasion import occasions
from unsched.calendar.publish import publish
from unsched.calendar.release import write_release
from unsched.exchange.files import load_publication, save

FIRST = datetime(2010, 12, 6, 12, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)


def moved(schedule: Schedule, session: str, minutes: int) -> Schedule:
    by = timedelta(minutes=minutes)
    return evolve(
        schedule,
        bookings=[
            Booking(b.session, b.room, b.start + by, b.end + by) if b.session == session else b for b in schedule
        ],
    )


def without(schedule: Schedule, session: str) -> Schedule:
    return evolve(schedule, bookings=[b for b in schedule if b.session != session])


def test_publishing_twice_tells_nobody_anything_again(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    assert first.messages
    again = publish(problem, schedule, first.publication, stamp=LATER)
    assert again.messages == ()
    assert again.publication == first.publication


def test_a_move_reaches_its_invitees_alone_with_the_next_sequence(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(problem, moved(schedule, "drafting", 60), first.publication, stamp=LATER)
    assert [(m.to, m.method, m.reason, m.sequence) for m in second.messages] == [("IR", "REQUEST", "changed", 1)]
    event = Calendar.from_ical(second.messages[0].calendar).events[0]
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC) == datetime(2010, 12, 17, 15, tzinfo=UTC)
    assert second.messages[0].before is not None
    assert second.messages[0].before.start.astimezone(UTC) == datetime(2010, 12, 17, 14, tzinfo=UTC)


def test_cancelled_and_back_keeps_the_uid_and_raises_the_sequence(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(problem, without(schedule, "drafting"), first.publication, stamp=LATER)
    third = publish(problem, schedule, second.publication, stamp=LATER + timedelta(days=1))
    told = [*second.messages, *third.messages]
    assert [(m.to, m.method, m.reason, m.sequence) for m in told] == [
        ("IR", "CANCEL", "cancelled", 1),
        ("IR", "REQUEST", "new", 2),
    ]
    assert told[0].uid == told[1].uid == next(m.uid for m in first.messages if m.session == "drafting")


def test_who_is_removed_and_added_is_told_alone(problem: Problem, schedule: Schedule) -> None:
    sessions = [evolve(s, required=["CH"]) if s.id == "drafting" else s for s in problem.sessions]
    changed = evolve(problem, sessions=sessions)
    first = publish(problem, schedule, None, stamp=FIRST)
    second = publish(changed, schedule, first.publication, stamp=LATER)
    assert [(m.to, m.method, m.reason) for m in second.messages] == [
        ("IR", "CANCEL", "removed"),
        ("CH", "REQUEST", "added"),
    ]
    third = publish(problem, schedule, second.publication, stamp=LATER + timedelta(days=1))
    back = next(m for m in third.messages if m.to == "IR")
    assert back.sequence > second.messages[0].sequence


def test_an_older_stamp_and_a_missing_organizer_are_refused(problem: Problem, schedule: Schedule) -> None:
    first = publish(problem, schedule, None, stamp=LATER)
    with pytest.raises(InputError, match="before the last publication"):
        publish(problem, schedule, first.publication, stamp=FIRST)
    with pytest.raises(InputError, match="has no organizer"):
        publish(evolve(problem, organizer=None), schedule, None, stamp=FIRST)


def test_a_closed_part_is_known_to_its_own_guests_alone(problem: Problem, schedule: Schedule) -> None:
    parts = [Segment(60, invited=["LT"]), Segment(60, "governments", required=["IR"], title="Sanctions")]
    sessions = [evolve(s, segments=parts) if s.id == "consultation" else s for s in problem.sessions]
    case = evolve(problem, sessions=sessions)
    assert [one.segment for one in occasions(case, schedule) if one.session.id == "consultation"].count("2") == 1
    messages = publish(case, schedule, None, stamp=FIRST).messages
    assert {m.to for m in messages if b"Sanctions" in m.calendar} == {"IR"}
    assert any(m.to == "LT" and m.segment == "1" for m in messages)


def test_a_release_is_written_once_and_never_over_another(problem: Problem, schedule: Schedule, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    first = publish(problem, schedule, None, stamp=FIRST)
    files = write_release(first, tmp_path, state)
    assert [file.read_bytes() for file in files] == [m.calendar for m in first.messages]
    stored = load_publication(state)
    assert stored == first.publication
    assert write_release(publish(problem, schedule, stored, stamp=LATER), tmp_path, state) == ()
    with pytest.raises(InputError, match="holds revision 1"):
        write_release(first, tmp_path, state)


KILLED = """
import os, sys
from pathlib import Path
from unsched.calendar import release
save = release.save
def die(publication, path):
    if sys.argv[1] == "after":
        save(publication, path)
    os._exit(9)
release.save = die
from unsched import load_problem, load_schedule, load_publication, publish
from datetime import UTC, datetime
folder = Path(sys.argv[2])
problem, schedule = load_problem(folder / "p.json"), load_schedule(folder / "s.json")
made = publish(problem, schedule, None, stamp=datetime(2010, 12, 6, tzinfo=UTC))
release.write_release(made, folder, folder / "state.json")
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_is_killed_while_writing_loses_nothing_and_repeats_nothing(
    problem: Problem, schedule: Schedule, tmp_path: Path, moment: str
) -> None:
    save(problem, tmp_path / "p.json")
    save(schedule, tmp_path / "s.json")
    run = subprocess.run([sys.executable, "-c", KILLED, moment, str(tmp_path)], check=False)
    assert run.returncode == 9
    state = tmp_path / "state.json"
    known = load_publication(state) if state.exists() else None
    assert (known is not None) == (moment == "after")
    again = publish(problem, schedule, known, stamp=datetime(2010, 12, 6, tzinfo=UTC))
    assert bool(again.messages) == (moment == "before")
    write_release(again, tmp_path, state)
    told = publish(problem, schedule, None, stamp=datetime(2010, 12, 6, tzinfo=UTC))
    assert {path.stem for path in (tmp_path / "messages").glob("*/*.ics")} == {one.key for one in told.messages}
