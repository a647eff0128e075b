"""A lock on a file: one process at a time, and none once that process has ended, however it ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unsched.errors import Fault, InputError

__all__ = ["alone"]


@contextmanager
def alone(path: str | os.PathLike[str], doing: str) -> Iterator[None]:
    """Hold the lock of a file, which is another file beside it; the system lets go of it with the process.

    The other file (`publication.json.lock`) is empty, and stays: who deleted it could take away a lock that somebody
    has just taken.

    Args:
        path: the file.
        doing: what nobody else may do meanwhile, such as "publishing".

    Raises:
        InputError: somebody else holds it.
        OSError: there can be no lock there.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        held = target.with_name(f"{target.name}.lock").open("ab")
    except OSError as error:
        # Who is told of it knows the file, and not its lock.
        raise OSError(error.errno, error.strerror, str(target)) from None
    with held as stream:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"somebody else is {doing}: they hold {str(target)!r}"
            raise InputError([Fault("", message, "wait for them, and try again.")], target.name) from None
        yield
