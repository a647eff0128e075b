"""Publishes two revisions and sends them, killed at each step in turn; prints what has become of it all as JSON.

Each round is a process of its own, forked, which ends at once (no `finally`, no `except`) right before the step of a
number: whatever it opens for writing, renames, removes, makes, or brings to the disk in its folder. Then somebody runs
the same again, at a later time, as a user would.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unsched import load_problem, load_publication, load_schedule, publish, write_release
from unsched.calendar.dispatch import send_published
from unsched.calendar.message_file import load_messages

NOON = datetime(2010, 12, 6, 12, tzinfo=UTC)
WATCHED = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.fsync"}


class Post:
    """A server that writes the Message-ID of each mail that it takes to a file, at once."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def send_message(self, msg: Any) -> dict[str, tuple[int, bytes]]:
        with self.log.open("a", encoding="utf-8") as stream:
            stream.write(f"{msg['Message-ID']}\n")
        return {}


def work(source: Path, folder: Path, revision: int, hours: int) -> None:
    """Publish a revision and send it, as a user does."""
    state = folder / "state.json"
    problem = load_problem(source / f"problem-{revision}.json")
    schedule = load_schedule(source / f"schedule-{revision}.json")
    known = load_publication(state) if state.exists() else None
    release = publish(problem, schedule, known, stamp=NOON + timedelta(hours=hours))
    write_release(release, folder, state)
    send_published(state, folder, Post(folder / "log"))


def killed(step: int, folder: Path, report: Path) -> None:
    """End this process right before a step; -1 never does."""
    at = 0

    def count(name: str) -> None:
        nonlocal at
        if at == step:
            report.write_text(name, encoding="utf-8")
            os._exit(9)
        at += 1

    def watch(name: str, arguments: tuple[Any, ...]) -> None:
        if name not in WATCHED or report.exists():
            return
        path = str(arguments[0])
        if not path.startswith(str(folder)) or path.endswith(".lock") or path == str(report):
            return
        if name == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        count(name)

    def sync(number: int) -> None:  # noqa: ARG001  what a dead process has written is there, on the disk or not
        count("os.fsync")

    os.fsync = sync  # type: ignore[assignment]  # only ever called with a number here
    sys.addaudithook(watch)


def round_of(source: Path, folder: Path, revision: int, hours: int, step: int) -> tuple[int, str]:
    """Run in a process of its own; return its exit code and before which step it was killed."""
    report = folder.with_name(f"{folder.name}.step")
    child = os.fork()
    if child == 0:
        try:
            killed(step, folder, report)
            work(source, folder, revision, hours)
        except BaseException:  # noqa: BLE001  the parent must not run on in the child
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    name = report.read_text(encoding="utf-8") if report.exists() else ""
    report.unlink(missing_ok=True)
    return os.waitstatus_to_exitcode(status), name


def outcome(folder: Path) -> dict[str, Any]:
    """Return all that there is in the end, but for the times at which it was made."""
    publication = load_publication(folder / "state.json")
    files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    rows = json.loads((folder / "state.outbox.json").read_bytes())["outbox"]
    return {
        "log": (folder / "log").read_text(encoding="utf-8").split(),
        "messages": [
            [one.key for one in load_messages(folder / "messages" / f"{n:06}" / "messages.json")] for n in (1, 2)
        ],
        "entries": [[one.uid, one.sequence, one.issued, one.status, len(one.invitees)] for one in publication.entries],
        "states": [[row["state"], row["message"]] for row in rows],
        # A draft that nobody has finished is left behind, under a name that nobody reads.
        "left": [name for name in files if not name.endswith((".lock", ".tmp"))],
    }


def main(source: Path) -> dict[str, Any]:
    """Run calmly, then be killed at each step of each revision."""
    warm, calm = source / "warm", source / "calm"
    for folder in (warm, calm):
        folder.mkdir()
    work(source, warm, 1, 24)  # so that every process has all modules, and only waits for itself
    for revision in (1, 2):
        code, _ = round_of(source, calm, revision, 24 * revision, -1)
        assert code == 0
    found: dict[str, Any] = {"calm": outcome(calm), "killed": {}}
    for revision in (1, 2):
        runs = found["killed"][str(revision)] = []
        for step in range(1000):
            folder = source / "case"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            if revision == 2:
                assert round_of(source, folder, 1, 24, -1)[0] == 0
            code, name = round_of(source, folder, revision, 24 * revision, step)
            if code == 0:
                break
            assert code == 9, code
            for later in range(revision, 3):
                assert round_of(source, folder, later, 24 * later + 1, -1)[0] == 0, (revision, step)
            runs.append([name, outcome(folder)])
        else:
            raise AssertionError("there is no end of steps")
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
