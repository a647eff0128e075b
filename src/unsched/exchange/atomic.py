"""Writing a file so that it is either the old one or the new one, never half of each."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["write_atomically"]


def write_atomically(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write a file in one step: a reader sees what was there before, or all of `data`.

    The bytes go to a file of another name in the same folder, which takes the place of `path` once they are safely on
    the disk. A symbolic link at `path` is replaced, not followed. Folders that are missing are made.

    Args:
        path: the file.
        data: all that it is to hold.

    Returns:
        the path.

    Raises:
        OSError: it could not be written; what was there before is as it was, and nothing else is left behind.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Mode "x" never opens what is there already, and leaves the permissions to the user's umask.
    draft = target.with_name(f".unsched-{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return target
