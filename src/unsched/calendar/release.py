"""Writing a release: the messages first, then the state, so that a crash loses nothing and repeats nothing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unsched.calendar.publish import Release
from unsched.domain.publication import Publication
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically
from unsched.exchange.files import load_publication, save

__all__ = ["write_release"]


def write_release(release: Release, out: str | os.PathLike[str], state: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write the messages of a release to `out/messages/REVISION/`, then the publication to `state`.

    Only folders up to the revision that `state` holds have been published. A folder above it is what a crash left:
    the next release takes its place.

    Args:
        release: what `publish` returned.
        out: the folder for messages.
        state: the publication's file, which ends in `.json`.

    Returns:
        the messages' files, in their order.

    Raises:
        InputError: the file of the publication is not the one that the release was made from, or somebody else is
            publishing at this moment.
        OSError: a file cannot be written; the state is as it was.
    """
    target = Path(state)
    if release.publication == release.previous:
        _check(target, release.previous)
        return ()
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        _check(target, release.previous)
        folder = Path(out, "messages", f"{release.publication.revision:06}")
        if folder.is_symlink():
            raise InputError([Fault("out", f"{str(folder)!r} is a link", "another folder.")], target.name)
        if folder.exists():
            shutil.rmtree(folder)
        files = [write_atomically(folder / f"{one.key}.ics", one.calendar) for one in release.messages]
        save(release.publication, target)
    return tuple(files)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the lock of a publication; the system lets go of it, however this process ends."""
    with target.with_name(f"{target.name}.lock").open("ab") as stream:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"somebody else is publishing: they hold {stream.name!r}"
            raise InputError([Fault("state", message, "wait for them, and publish again.")], target.name) from None
        yield


def _check(target: Path, previous: Publication | None) -> None:
    """Refuse a release that was made from another publication than the stored one."""
    stored = load_publication(target) if target.exists() else None
    if stored != previous:
        which = "holds none" if stored is None else f"holds revision {stored.revision}, of {stored.stamp}"
        made = "no publication" if previous is None else f"revision {previous.revision}, of {previous.stamp}"
        message = f"the file {which}, and this release was made from {made}"
        raise InputError([Fault("state", message, "publish again, from what the file holds.")], target.name)
