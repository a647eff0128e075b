"""What is read is never written over, whatever a command is told to write."""

from __future__ import annotations

import os
from pathlib import Path

from unsched.errors import Fault, InputError

__all__ = ["same", "spare"]


def spare(out: str | Path, *read: str | None, path: str = "out", remedy: str = "another file.") -> None:
    """Refuse to write over what is read.

    Args:
        out: what would be written.
        read: what is read; `None` where something is not.
        path: the name of the argument that says what to write.
        remedy: what might help.

    Raises:
        InputError: it is one of those.
    """
    for file in read:
        if file is not None and same(out, file):
            message = f"{str(out)!r} would replace {str(file)!r}, which is read"
            raise InputError([Fault(path, message, remedy)], "the arguments")


def same(one: str | Path, other: str | Path) -> bool:
    """Return whether two names are of one file, there or not."""
    if os.path.lexists(one) and os.path.lexists(other):
        return Path(one).exists() and Path(other).exists() and Path(one).samefile(other)
    return Path(one).absolute() == Path(other).absolute()
