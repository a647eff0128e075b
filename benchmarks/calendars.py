"""All calendars of a large meeting: how long they take to make, and how much memory, in a fresh process.

python -m benchmarks.calendars
python -m benchmarks.calendars --sessions 400 --delegations 193 --digest
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

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
)

__all__ = ["main", "meeting"]

ZONE = "Europe/Zurich"
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
        Delegation(f"S{number}", f"State of {number}, Republic of", 20, groups=[groups[number % 5].id])
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
    from unsched import calendars

    parser = argparse.ArgumentParser("python -m benchmarks.calendars", description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--delegations", type=int, default=60)
    parser.add_argument("--digest", action="store_true", help="print a hash of all files, and nothing that varies")
    arguments = parser.parse_args(argv)
    problem, schedule = meeting(arguments.sessions, arguments.delegations)
    begin = time.perf_counter()
    files = calendars(problem, schedule, base_url="https://example.org/calendars")
    seconds = time.perf_counter() - begin
    found: dict[str, object]
    if arguments.digest:
        found = {name: sha256(data).hexdigest() for name, data in files.items()}
    else:
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
        size = sum(map(len, files.values()))
        found = {"files": len(files), "bytes": size, "seconds": round(seconds, 2), "peak_mb": round(peak)}
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
