"""The founding case as it lives: published, changed, and published again. What does each delegation receive?

    python examples/move_the_consultation.py out

Everything is written below `out`: the state (publication.json), the messages of each revision, a folder for each
invitee in it, and the calendars to subscribe to. Nothing is sent.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import evolve

from unsched import (
    Effort,
    Publication,
    Release,
    Schedule,
    load_publication,
    publish,
    save,
    solve,
    write_calendars,
    write_release,
)
from unsched.calendar.telling import tell
from unsched.palais import cstd_2010

DECIDED = datetime(2010, 12, 6, 12, 0, tzinfo=UTC)
CHANGED = datetime(2010, 12, 13, 9, 0, tzinfo=UTC)


def change(schedule: Schedule) -> Schedule:
    """Return the schedule in which the consultation starts half an hour later, and a side event is called off."""
    consultation = schedule["consultation-morning"]
    later = evolve(consultation, start=consultation.start + timedelta(minutes=30))
    kept = [booking for booking in schedule if booking.session not in {"consultation-morning", "side-regional-forums"}]
    return evolve(schedule, bookings=[*kept, later], revision=schedule.revision + 1)


def main(out: str) -> tuple[Release, Release]:
    """Publish the case, change it, publish it again; print who is told what by the change."""
    problem, folder = cstd_2010(), Path(out)
    state = folder / "publication.json"
    schedule = solve(problem, stop=Effort(10_000), workers=2).schedule
    assert schedule is not None  # noqa: S101  the case has one

    first = publish(problem, schedule, None, stamp=DECIDED)
    write_release(first, folder, state)
    write_calendars(problem, schedule, folder, publication=first.publication)
    save(problem, folder / "problem.json")
    print(f"{len(first.messages)} invitations to {len({one.to for one in first.messages})} invitees")

    known: Publication = load_publication(state)
    schedule = change(schedule)
    second = publish(problem, schedule, known, stamp=CHANGED)
    write_release(second, folder, state)
    write_calendars(problem, schedule, folder, publication=second.publication)
    save(schedule, folder / "schedule.json")
    print(f"{len(second.messages)} messages tell {len({one.to for one in second.messages})} invitees of the change:")
    print(tell(second.messages, schedule.zone))
    return first, second


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "out")
