"""The feeds of a folder, as `write_calendars` has written them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from unsched.calendar.dav.sync import select_feeds
from unsched.calendar.lint import lint
from unsched.calendar.parse import read_bytes
from unsched.errors import Fault, InputError

__all__ = ["read_feeds"]

_MOST: Final = 10_000


def read_feeds(folder: str | os.PathLike[str], kinds: Iterable[str]) -> dict[str, bytes]:
    """Return the feeds of some kinds that are in a folder, by path, such as "rooms/XXVI.ics".

    Args:
        folder: the folder that `write_calendars` wrote to.
        kinds: such as "rooms" and "delegations".

    Raises:
        InputError: there is no such folder, or no feed of these kinds in it, or a file is not a feed such as this
            library writes.
    """
    root, wanted = Path(folder), tuple(kinds)
    faults: list[Fault] = []
    found: dict[str, bytes] = {}
    for kind in wanted:
        for file in _files(root, kind):
            path = file.relative_to(root).as_posix()
            if len(found) == _MOST:
                raise InputError([Fault("", f"there are over {_MOST:,} feeds", "fewer kinds.")], str(folder))
            try:
                found[path] = read_bytes(file)
            except InputError as error:
                faults += [Fault(path, fault.message, fault.remedy) for fault in error.faults]
                continue
            faults += [Fault(f"{path}, {one.place}", one.message, one.remedy) for one in lint(found[path], "feed")[:9]]
    if not found and not faults:
        message = f"there is no feed of {' or '.join(wanted)} in {str(folder)!r}"
        faults.append(Fault("", message, "the folder that 'unsched plan' wrote to."))
    if faults:
        raise InputError(faults, f"the feeds of {str(folder)!r}")
    return select_feeds(found, wanted)


def _files(root: Path, kind: str) -> Iterator[Path]:
    single = root / f"{kind}.ics"
    if single.is_file():
        yield single
    if (root / kind).is_dir():
        yield from sorted((root / kind).glob("*.ics"))
