"""All calendars of a large meeting, its feeds and everybody's invitations: how long they take, and how much memory.

They are made and written to a folder that is thrown away, in a fresh process.

python -m benchmarks.calendars
python -m benchmarks.calendars --sessions 400 --delegations 193 --digest
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import evolve

from unsched import (
    Booking,
    Contact,
    Delegation,
    Group,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Session,
    Team,
    Venue,
    Window,
    load_publication,
)

__all__ = ["main", "meeting"]

ZONE = "Europe/Zurich"
STAMP = datetime(2026, 9, 1, 12, tzinfo=UTC)
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


def meeting(sessions: int, delegations: int) -> tuple[Problem, Schedule]:
    """Return a problem and its schedule: as many sessions, each with a third of the delegations or a group of them.

    Args:
        sessions: how many sessions, twenty a day in ten rooms.
        delegations: how many delegations, in five groups.
    """
    first = date(2026, 10, 5)
    days = [first + timedelta(days=number) for number in range(-(-sessions // 20))]
    groups = [Group(f"Group {number}") for number in range(5)]
    states = [
        Delegation(
            f"S{number}",
            f"State of {number}, Republic of",
            20,
            groups=[groups[number % 5].id],
            mail=f"office@s{number}.example.org",
        )
        for number in range(delegations)
    ]
    persons = [Person(f"chair-{number}", f"Chair {number}") for number in range(sessions)]
    rooms = [Room(f"R{number}", f"Room {number}", "E", Seats(20, 900, 900), 9) for number in range(10)]
    listed = [
        Session(
            f"s{number}",
            f"Meeting {number} of the Committee",
            60,
            body=f"Committee {number % 7}",
            kind="plenary",
            tags=["main"],
            chair=f"chair-{number}",
            required=[groups[number % 5].id] if number % 2 else [state.id for state in states[number % 3 :: 3]],
            languages=LANGUAGES if number % 4 == 0 else (),
            description="The agenda is in the Journal of the day.\nhttps://example.org/journal",
        )
        for number in range(sessions)
    ]
    teams = [Team(f"{language}-{number}", language) for language in LANGUAGES for number in range(6)]
    problem = Problem(
        "large",
        Window(ZONE, days),
        Venue(rooms, name="Palais des Nations, Geneva"),
        listed,
        states,
        persons,
        groups,
        title="Large meeting",
        organizer=Contact("Secretariat", "office@example.org"),
        teams=teams,
    )
    bookings = []
    for number, session in enumerate(listed):
        day = first + timedelta(days=number // 20)
        start = datetime(day.year, day.month, day.day, 10 if number % 20 < 10 else 15, tzinfo=ZoneInfo(ZONE))
        bookings.append(Booking(session.id, f"R{number % 10}", start, start + timedelta(hours=1)))
    return problem, Schedule("large", ZONE, bookings, 3, "2026-09-01T12:00:00+00:00")


def main(argv: list[str] | None = None) -> int:
    """Make all files once, and print what it took as JSON; return 0."""
    parser = argparse.ArgumentParser("python -m benchmarks.calendars", description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--delegations", type=int, default=60)
    parser.add_argument("--digest", action="store_true", help="print a hash of all files, and nothing that varies")
    arguments = parser.parse_args(argv)
    problem, schedule = meeting(arguments.sessions, arguments.delegations)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = _measure(problem, schedule, folder)
        if arguments.digest:
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            found = {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def _measure(problem: Problem, schedule: Schedule, folder: Path) -> dict[str, object]:
    """Publish a schedule and write everything; then move one session, and publish that."""
    from unsched import publish, write_calendars, write_release

    state, url = folder / "publication.json", "https://example.org/calendars"
    begin, work = time.perf_counter(), time.process_time()
    first = publish(problem, schedule, None, stamp=STAMP)
    messages = write_release(first, folder, state)
    told = time.perf_counter()
    feeds = write_calendars(problem, schedule, folder, base_url=url, publication=first.publication)
    done, worked = time.perf_counter(), time.process_time()
    one = schedule.bookings[0]
    moved = evolve(one, start=one.start - timedelta(hours=1), end=one.end - timedelta(hours=1))
    later = evolve(schedule, bookings=[moved, *schedule.bookings[1:]])
    second = publish(problem, later, load_publication(state), stamp=STAMP + timedelta(days=1))
    write_release(second, folder, state)
    again = time.perf_counter()
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "files": len(feeds),
        "messages": len(messages),
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "seconds": round(done - begin, 2),
        "seconds_of_processor": round(worked - work, 2),
        "seconds_of_messages": round(told - begin, 2),
        "seconds_of_feeds": round(done - told, 2),
        "seconds_of_a_change": round(again - done, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6),
    }


if __name__ == "__main__":
    sys.exit(main())
