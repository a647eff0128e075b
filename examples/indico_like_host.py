"""A host: a small conference system with a database of its own, which plans with unsched in process.

    python examples/indico_like_host.py conference.sqlite

Like Indico, it has events with contributions, speakers and rooms, numbered by its database. It makes a problem of them,
shows how the search comes along in its own loop, where a button calls it off, and stores what is found. Then a
speaker's flight is late: what that would cost is looked at first, the timetable is repaired, and only those whose
calendar has to change get a message. Nothing is sent: messages end in a table.
"""

from __future__ import annotations

import json
import queue
import sqlite3
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

from unsched import (
    ArrivesLate,
    Booking,
    Cancel,
    Contact,
    Effort,
    NoImprovement,
    Person,
    Problem,
    Progress,
    Publication,
    Result,
    Room,
    Schedule,
    Seats,
    Select,
    Session,
    TimeLimit,
    Venue,
    Window,
    publish,
    repair,
    rules,
    solve,
    what_if,
)
from unsched.exchange.convert import dump, load

ZONE: Final = "Europe/Zurich"
DAYS: Final = ("2026-03-10", "2026-03-11")

TABLES: Final = """
CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT, organizer TEXT, mail TEXT, revision INTEGER, publication TEXT);
CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT, seats INTEGER);
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, mail TEXT, arrives TEXT);
CREATE TABLE contributions (
    id INTEGER PRIMARY KEY, event INTEGER, title TEXT, minutes INTEGER, track TEXT, expected INTEGER,
    room INTEGER, start TEXT, finish TEXT);
CREATE TABLE speakers (contribution INTEGER, person INTEGER);
CREATE TABLE outbox (key TEXT PRIMARY KEY, person INTEGER, method TEXT, subject TEXT, calendar BLOB);
"""


# -- its database ---------------------------------------------------------------------------------------------------


def fill(db: sqlite3.Connection) -> None:
    """Make a workshop of two days: three rooms, nine speakers, eighteen contributions in three tracks."""
    db.executescript(TABLES)
    db.execute(
        "INSERT INTO events VALUES (1, 'Workshop on timetables', 'Programme chairs', 'chairs@example.org', 0, NULL)"
    )
    db.executemany("INSERT INTO rooms VALUES (?, ?, ?)", [(1, "Auditorium", 200), (2, "Room A", 60), (3, "Room B", 40)])
    names = ("Ada", "Blaise", "Carla", "Dong", "Emmy", "Farid", "Grace", "Hana", "Imre")
    people = [(number, name, f"{name.lower()}@example.org", None) for number, name in enumerate(names, 1)]
    db.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", people)
    tracks = ("theory", "practice", "tools")
    for number in range(1, 19):
        track = tracks[number % 3]
        talk = (number, 1, f"{track.title()} {number}", 60 if number % 4 else 120, track, 20 + number % 3 * 20)
        db.execute("INSERT INTO contributions VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL)", talk)
        db.execute("INSERT INTO speakers VALUES (?, ?)", (number, 1 + number % 9))
    db.commit()


def problem_of(db: sqlite3.Connection, event: int) -> Problem:
    """Return an event as a problem; ids are those of the database, which people never see."""
    title, organizer, mail = db.execute("SELECT title, organizer, mail FROM events WHERE id = ?", (event,)).fetchone()
    sessions, talks = [], "SELECT id, title, minutes, track, expected FROM contributions WHERE event = ? ORDER BY id"
    for number, name, minutes, track, expected in db.execute(talks, (event,)).fetchall():
        speakers = db.execute("SELECT person FROM speakers WHERE contribution = ? ORDER BY person", (number,))
        required = [f"person-{person}" for (person,) in speakers]
        sessions.append(Session(f"talk-{number}", name, minutes, tags=[track], required=required, side_seats=expected))
    rooms = [
        Room(f"room-{number}", name, seats=Seats(side=seats))
        for number, name, seats in db.execute("SELECT id, name, seats FROM rooms ORDER BY id")
    ]
    people = [
        Person(f"person-{number}", name, mail=address, arrives=arrives)
        for number, name, address, arrives in db.execute("SELECT id, name, mail, arrives FROM people ORDER BY id")
    ]
    return Problem(
        f"event-{event}",
        Window(ZONE, DAYS, step=30),
        Venue(rooms),
        sessions,
        persons=people,
        title=title,
        organizer=Contact(organizer, mail),
        rules=[
            *(rules.AtMostTogether(1, Select(tags=[track])) for track in ("theory", "practice", "tools")),
            rules.PreferRoom(Select(tags=["theory"]), "room-1"),
            rules.EndEarly(of="each", tier=2),
        ],
    )


def stored(db: sqlite3.Connection, event: int) -> Schedule:
    """Return what the database has as the schedule."""
    (revision,) = db.execute("SELECT revision FROM events WHERE id = ?", (event,)).fetchone()
    rows = db.execute("SELECT id, room, start, finish, title FROM contributions WHERE event = ? AND room", (event,))
    bookings = [Booking(f"talk-{id}", f"room-{room}", start, end, title) for id, room, start, end, title in rows]
    return Schedule(f"event-{event}", ZONE, bookings, revision=revision)


def store(db: sqlite3.Connection, event: int, problem: Problem, schedule: Schedule, now: datetime) -> int:
    """Store a schedule and the messages that tell of it, all or nothing; return how many messages there are."""
    (text,) = db.execute("SELECT publication FROM events WHERE id = ?", (event,)).fetchone()
    known = None if text is None else load(json.loads(text), Publication)
    release = publish(problem, schedule, known, stamp=now)
    with db:  # one transaction
        db.execute("UPDATE contributions SET room = NULL, start = NULL, finish = NULL WHERE event = ?", (event,))
        for one in schedule:
            place = (_number(one.room), one.start.isoformat(), one.end.isoformat(), _number(one.session))
            db.execute("UPDATE contributions SET room = ?, start = ?, finish = ? WHERE id = ?", place)
        for message in release.messages:
            mail = (message.key, _number(message.to), message.method, message.title, message.calendar)
            db.execute("INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, ?, ?)", mail)
        kept = json.dumps(dump(release.publication))
        db.execute("UPDATE events SET revision = ?, publication = ? WHERE id = ?", (schedule.revision, kept, event))
    return len(release.messages)


def _number(id: str) -> int:
    return int(id.rpartition("-")[2])


# -- its user interface ---------------------------------------------------------------------------------------------


def plan(problem: Problem, *, patience: int = 1_000) -> Result:
    """Solve in a thread, and show in the meantime how it comes along, as a window or a web page would.

    Args:
        problem: the problem.
        patience: after how many better schedules the user presses the button.
    """
    news: queue.SimpleQueue[Progress] = queue.SimpleQueue()
    button = Cancel()
    stop = button | Effort(20) | TimeLimit(60) | NoImprovement(20)
    with ThreadPoolExecutor(1) as pool:
        # `put` is called in a thread of the solver, and returns at once.
        work: Future[Result] = pool.submit(solve, problem, stop=stop, on_progress=news.put)
        while not work.done():
            try:
                progress = news.get(timeout=0.05)
            except queue.Empty:
                continue  # here a window would handle its other events
            print(f"  {progress.schedules} found, cost {progress.cost}, at least {progress.bound}")
            if progress.schedules >= patience and not button.cancelled:
                print("  [Use this one] is pressed")
                button.cancel()
        return work.result()


def hear(db: sqlite3.Connection, event: int, late: ArrivesLate, now: datetime) -> None:
    """Hear that somebody arrives late: say what that would cost, mend the timetable, tell those whom it concerns."""
    problem, before = problem_of(db, event), stored(db, event)
    weighed = what_if(problem, before, late, now=now, stop=Effort(10))
    print(f"  possible: {weighed.possible}; it would move {len(weighed.repair.diff or ())} talks")
    found = repair(problem, before, late, now=now, stop=Effort(10))
    if found.schedule is None or found.diff is None:
        raise SystemExit(str(found))
    for change in found.diff:
        print(f"  {change}")
    # Part of the transaction that `store` ends.
    db.execute("UPDATE people SET arrives = ? WHERE id = ?", (late.at.isoformat(), _number(late.who)))
    count = store(db, event, found.problem, found.schedule, now)
    print(f"  {count} message{'s' * (count != 1)}, to {', '.join(one.name for one in found.diff.told)}")


def main(path: str = ":memory:") -> sqlite3.Connection:
    """Plan a workshop, publish it, and change it; return the database."""
    db = sqlite3.connect(path)
    fill(db)
    problem = problem_of(db, 1)

    print("A first look:")
    print(f"  {plan(problem, patience=1).status.value}")
    print("The plan:")
    result = plan(problem)
    if result.schedule is None:
        raise SystemExit(str(result))
    print(f"  {result.status.value}, {len(result.schedule)} talks")
    sent = store(db, 1, problem, result.schedule, datetime(2026, 2, 1, 12, tzinfo=UTC))
    print(f"  {sent} invitations")

    print("Emmy's flight lands at noon:")
    hear(db, 1, ArrivesLate("person-5", "2026-03-10T12:00"), datetime(2026, 3, 3, 9, tzinfo=UTC))
    return db


if __name__ == "__main__":
    main(*sys.argv[1:2])
