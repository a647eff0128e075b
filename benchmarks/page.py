"""The timetable page of a large conference in a browser: how long until it is seen, and until a filter has worked.

The conference is made up, always the same; the browser is Chromium, without a window, driven by Playwright.

python -m benchmarks.page
python -m benchmarks.page --sessions 300 --keep page.html
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from unsched import Booking, Delegation, Group, Person, Problem, Room, Schedule, Seats, Session, Venue, Window

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

__all__ = ["browser", "conference", "main"]

ZONE = "Europe/Zurich"
STAMP = datetime(2026, 9, 1, 12, tzinfo=UTC)
FIRST = date(2026, 10, 5)
ROUNDS = 7

TRACKS = (
    "Access", "Artificial intelligence", "Capacity", "Data governance", "Digital rights",
    "Infrastructure", "Law and policy", "Local content", "Security", "Sustainability",
)  # fmt: skip
_OPENINGS = (
    "Towards",
    "Rethinking",
    "What works in",
    "The next ten years of",
    "Measuring",
    "Paying for",
    "Who decides on",
)
_THINGS = (
    "community networks", "cross-border data flows", "domain names in every script", "encryption", "open standards",
    "public procurement", "rural connectivity", "submarine cables", "universal acceptance", "weather and climate data",
)  # fmt: skip
_TAILS = (
    "",
    "",
    ": lessons from five regions",
    ": a dialogue",
    " for small island States",
    ": from principles to practice",
)
_KINDS = ("Workshop", "Open forum", "Lightning talk", "Main session", "Town hall")
_GIVEN = (
    "Amina",
    "Bo",
    "Carmen",
    "Dmitri",
    "Éloïse",
    "Farid",
    "Grace",
    "Hana",
    "Ivo",
    "Jürgen",
    "Kofi",
    "Lucía",
    "Mei",
)
_FAMILY = ("Adeyemi", "Bernard", "Castro", "Dufour", "Eriksson", "Fernández", "Gupta", "Haddad", "Ito", "Jansen", "Kim")


def conference(sessions: int, rooms: int = 20, seed: int = 1) -> tuple[Problem, Schedule]:
    """Return a conference and its timetable: sessions of half an hour to an hour and a half, side by side in all rooms.

    Args:
        sessions: how many sessions.
        rooms: how many rooms.
        seed: of what is drawn.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    groups = [Group(name) for name in ("Governments", "Business", "Civil society", "Technical community")]
    states = [Delegation(f"d{n}", f"Organization {n}", 20, groups=[groups[n % 4].id]) for n in range(60)]
    people = [
        Person(f"p{n}", f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)} {n}") for n in range(sessions // 2 + 1)
    ]
    listed, bookings = [], []
    # Each room is filled by itself, a day after the other.
    places = [(day, room) for day in range(366) for room in range(rooms)]
    day, room, minute = 0, 0, 9 * 60
    for number in range(sessions):
        minutes = chance.choice((30, 45, 60, 60, 90))
        if minute < 13 * 60 < minute + minutes:
            minute = 14 * 60
        if minute + minutes > 18 * 60:
            places.pop(0)
            day, room = places[0]
            minute = chance.choice((9 * 60, 9 * 60 + 30))
        listed.append(_session(chance, number, minutes, people, states))
        midnight = datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), ZoneInfo(ZONE))
        start = midnight + timedelta(minutes=minute)
        bookings.append(
            Booking(f"s{number:04}", f"r{room}", start, start + timedelta(minutes=minutes), listed[-1].title)
        )
        minute += minutes + 15 * chance.randrange(2)
    problem = Problem(
        "conference",
        Window(ZONE, [FIRST + timedelta(days=number) for number in range(day + 1)], step=15),
        Venue([Room(f"r{n}", f"Room {n + 1}", "AB"[n % 2], Seats(40, 90, 90), 3) for n in range(rooms)], name="Geneva"),
        listed,
        states,
        people,
        groups,
        title=f"Conference of {sessions} sessions",
    )
    return problem, Schedule("conference", ZONE, bookings, 0, STAMP)


def _session(
    chance: random.Random, number: int, minutes: int, people: list[Person], states: list[Delegation]
) -> Session:
    thing = chance.choice(_THINGS)
    return Session(
        f"s{number:04}",
        f"{chance.choice(_OPENINGS)} {thing}{chance.choice(_TAILS)}",
        minutes,
        body=chance.choice(TRACKS),
        kind=chance.choice(_KINDS),
        chair=chance.choice(people).id,
        required=[one.id for one in chance.sample(states, 3)],
        invited=[one.id for one in chance.sample(people, 2)],
        languages=("English", "French") if number % 4 == 0 else (),
        description=f"Speakers from several regions say what they learnt of {thing}, and what they would do again.",
    )


def browser() -> str | None:
    """Return the path of a Chromium that is installed, or `None`."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name)) is not None), None)


def main(argv: list[str] | None = None) -> int:
    """Make the page, look at it in a browser, and print what it took as JSON; return 0, or 2 without a browser."""
    parser = argparse.ArgumentParser("python -m benchmarks.page", description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--rooms", type=int, default=20)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="where the page is kept")
    arguments = parser.parse_args(argv)
    path = browser()
    if path is None:
        sys.stderr.write("there is no Chromium here\n")
        return 2
    from unsched.report.page import timetable_page

    problem, schedule = conference(arguments.sessions, arguments.rooms)
    begin = time.perf_counter()
    text = timetable_page(problem, schedule)
    seconds = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.keep or Path(folder, "timetable.html")
        file.write_text(text, encoding="utf-8")
        found = _look(path, file)
    made = {
        "sessions": len(schedule),
        "kilobytes": round(len(text.encode()) / 1000),
        "seconds_to_make": round(seconds, 2),
    }
    sys.stdout.write(json.dumps(made | found) + "\n")
    return 0


# Choose a value, and wait until the browser has painted what comes of it.
_CHOOSE = """async ([id, value, event]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  await painted();
  const control = document.getElementById(id);
  const begin = performance.now();
  control.value = value;
  control.dispatchEvent(new Event(event, { bubbles: true }));
  await painted();
  if (event === "input") await painted();
  return [performance.getEntriesByName("filter").at(-1).duration, performance.now() - begin];
}"""

_CHANGES = (
    ("track", "Security", "change"),
    ("track", "", "change"),
    ("delegation", "d7", "change"),
    ("delegation", "", "change"),
    ("q", "cables", "input"),
    ("q", "", "input"),
)


def _look(path: str, file: Path) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    painted, ready, loaded, scripts, shown, worked = [], [], [], [], [], []
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for _ in range(ROUNDS):
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            tools = page.context.new_cdp_session(page)
            tools.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(file.absolute().as_uri(), wait_until="load")
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            ready.append(page.evaluate("performance.getEntriesByName('ready')[0].startTime"))
            loaded.append(_work(tools))
            for change in _CHANGES:
                before = _work(tools)
                script, seen = page.evaluate(_CHOOSE, list(change))
                worked.append(_work(tools) - before)
                scripts.append(script)
                shown.append(seen)
            page.close()
        chromium.close()
    return {
        "browser": path.rpartition("/")[2],
        "first_paint_ms": round(statistics.median(painted)),
        "ready_ms": round(statistics.median(ready)),
        "load_processor_ms": round(statistics.median(loaded)),
        "filter_script_ms": round(statistics.median(scripts), 1),
        "filter_to_paint_ms": round(statistics.median(shown)),
        "filter_to_paint_worst_ms": round(max(shown)),
        "filter_processor_ms": round(statistics.median(worked)),
        "filter_processor_worst_ms": round(max(worked)),
    }


def _work(tools: CDPSession) -> float:
    """Return how long the page's own thread has worked, in milliseconds of the processor: waiting does not count."""
    metrics = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    return 1000 * float(metrics["TaskDuration"])


if __name__ == "__main__":
    sys.exit(main())
