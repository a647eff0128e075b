"""Draw what khal, a calendar that we did not write, shows of a calendar file: `docs/picture.py FILE FROM UNTIL OUT`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from html import escape
from pathlib import Path

CONFIG = """
[calendars]
[[calendar]]
path = {folder}/events
[locale]
local_timezone = Europe/Zurich
default_timezone = Europe/Zurich
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = calendar
"""
FORMAT = "{start-end-time-style}  {title}\n             {location}"
WIDTH, LINE = 115, 18
NO_BREAK = "\N{NO-BREAK SPACE}"  # browsers make one of several spaces


def shown(data: bytes, first: str, last: str) -> str:
    """Return what khal lists of a calendar between two dates."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "events").mkdir()
        (folder / "config").write_text(CONFIG.format(folder=folder), encoding="utf-8")
        (folder / "file.ics").write_bytes(data)
        khal = [sys.executable, "-m", "khal", "-c", str(folder / "config")]
        listing = ["list", "--format", FORMAT, "--day-format", "{date-long}", first, last]
        environment = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
        printed = ""
        for arguments in (["import", "--batch", str(folder / "file.ics")], listing):
            command = [*khal, "--no-color", *arguments]
            run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)  # noqa: S603
            printed = run.stdout
        return printed


def draw(text: str) -> str:
    """Return lines of text as an SVG."""
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, WIDTH, drop_whitespace=False) or [""])]
    rows = []
    for number, row in enumerate(lines):
        weight = "" if row.startswith(" ") or row[2:3] == ":" else ' font-weight="bold"'
        rows.append(f'<text x="14" y="{24 + LINE * number}"{weight}>{escape(row.replace(" ", NO_BREAK))}</text>')
    height = LINE * len(lines) + 24
    size = f'width="1000" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 {height}" {size}>',
        f'<rect {size} rx="6" fill="#1e1e1e"/>',
        '<g font-family="monospace" font-size="14" fill="#e6e6e6">',
        *rows,
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def main() -> int:
    """Draw a file; return 0."""
    source, first, last, out = sys.argv[1:]
    Path(out).write_text(draw(shown(Path(source).read_bytes(), first, last)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
