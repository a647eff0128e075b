"""Programs that we did not write and that keep a state: what they take, they have until it is taken back.

Xandikos is a CalDAV server that takes mails with invitations; vdirsyncer subscribes to feeds, and mirrors calendars of
a server; both have calendars of their own, in folders. Radicale and khal are in `davserver` and `readers`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from socket import socket

from readers import Seen, with_icalendar

__all__ = ["Mirror", "Xandikos", "xandikos"]

_QUIET = ("-W", "ignore", "-m")


class Xandikos:
    """Xandikos, which keeps a calendar up to date by the mails that it is handed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, mail: EmailMessage) -> None:
        """Hand it a mail, as a mail server does."""
        command = [sys.executable, *_QUIET, "xandikos", "import-imip", "-d", str(self.folder), "--autocreate"]
        run = subprocess.run(command, input=mail.as_bytes(), capture_output=True, check=False)
        assert run.returncode == 0, run.stderr.decode()

    @property
    def calendar(self) -> list[tuple[str, Seen]]:
        """What stands in the calendar, each with its STATUS."""
        found = []
        for file in sorted(self.folder.glob("user/calendars/calendar/*.ics")):
            data = file.read_bytes()
            status = data.partition(b"STATUS:")[2].split()[0].decode()
            found += [(status, one) for one in with_icalendar(data)]
        return found


@contextmanager
def xandikos(folder: Path) -> Iterator[str]:
    """Run Xandikos as a CalDAV server on loopback, and give the address of its user's folder of calendars."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = ["-d", str(folder), "-l", "127.0.0.1", "-p", str(port), "--defaults", "--no-detect-systemd"]
    command = [sys.executable, *_QUIET, "xandikos", "serve", *where]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                with socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/user/calendars/"
        finally:
            process.terminate()


class Mirror:
    """vdirsyncer, which mirrors a feed, or a calendar of a server, to a folder: one file for each UID.

    Args:
        folder: where it works.
        source: the lines that say what it mirrors.
    """

    def __init__(self, folder: Path, source: str) -> None:
        self.folder, self.items = folder, folder / "items"
        folder.mkdir(parents=True, exist_ok=True)
        self.items.mkdir(exist_ok=True)
        self.config = folder / "config"
        self.config.write_text(
            f'[general]\nstatus_path = "{folder / "status"}"\n'
            '[pair mirror]\na = "theirs"\nb = "mine"\ncollections = null\nconflict_resolution = "a wins"\n'
            f"[storage theirs]\n{source}"
            f'[storage mine]\ntype = "filesystem"\npath = "{self.items}"\nfileext = ".ics"\n',
            encoding="utf-8",
        )
        self.run("discover")

    def run(self, command: str) -> str:
        run = subprocess.run(
            [sys.executable, *_QUIET, "vdirsyncer", "-c", str(self.config), command],
            input=b"y\n" * 9,
            capture_output=True,
            check=False,
        )
        said = (run.stdout + run.stderr).decode()
        assert run.returncode == 0, said
        return said

    def look(self) -> list[Seen]:
        """Bring the folder up to date, and return what stands in it."""
        self.run("sync")
        return sorted(seen for file in self.items.glob("*.ics") for seen in with_icalendar(file.read_bytes()))
