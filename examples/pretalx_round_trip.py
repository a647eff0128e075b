"""A conference in pretalx, planned anew: what its API says is read, a speaker comes late, and the changes go back.

    python examples/pretalx_round_trip.py out

Writes to `out` what pretalx's API has to be sent (`requests.json`), the schedule that everybody else reads
(`schedule.xml`), and the problem and the schedule themselves. Nothing is sent. The data (`pretalx.json`) is what the
API answers for submissions, speakers, rooms, slots, tracks and submission types, in one file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from unsched import ArrivesLate, Effort, repair, save
from unsched.exchange.frab import write_frab_xml
from unsched.exchange.pretalx import read_pretalx, write_pretalx

EXPORT = Path(__file__).with_name("pretalx.json")


def main(out: str) -> None:
    """Read, repair, write back."""
    read = read_pretalx(EXPORT)
    problem, published = read.problem, read.schedule
    print(f"{problem.title}: {len(problem.sessions)} sessions, {len(published)} of them scheduled")
    for note in read.notes:
        print(f"  {note}")

    # Sara Bekele's train is late; and two submissions that were accepted since have no place yet.
    late = ArrivesLate("BEKELE", "2026-06-11T11:00")
    found = repair(problem, published, [late], stop=Effort(20))
    if found.schedule is None:
        sys.exit(str(found))
    print(f"\n{found}\n\n{found.schedule}\n")

    requests = write_pretalx(found.problem, found.schedule, EXPORT, version="2nd draft")
    programme = write_frab_xml(found.problem, found.schedule)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "requests.json").write_bytes(requests.data)
    (folder / "schedule.xml").write_bytes(programme.data)
    save(found.problem, folder / "problem.json")
    save(found.schedule, folder / "schedule.json")
    for request in json.loads(requests.data):
        print(request["method"], request["path"], json.dumps(request["data"], ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "out")
