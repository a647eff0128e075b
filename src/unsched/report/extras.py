"""Libraries that are only needed for one way to look at things: imported when used, named where they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from unsched.errors import Fault, InputError

__all__ = ["need"]


def need(library: str, what: str, extra: str) -> Any:  # noqa: ANN401  a module
    """Return a library, imported.

    Args:
        library: its name for `import`; of a part of one, such as "matplotlib.figure", too.
        what: what needs it, as the subject of a sentence in the plural.
        extra: the extra of unsched that installs it.

    Raises:
        InputError: it is not installed; the remedy names the extra.

    >>> need("no_such_library", "Pictures", "charts")
    Traceback (most recent call last):
    unsched.errors.InputError: 1 fault in the installation
      $: Pictures need the library no_such_library, which is not installed
        Maybe pip install 'unsched[charts]'.
    """
    name = library.partition(".")[0]
    try:
        return importlib.import_module(library)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != name:  # it is there, and something that it needs is not
            raise
        message = f"{what} need the library {name}, which is not installed"
        raise InputError([Fault("", message, f"pip install 'unsched[{extra}]'.")], "the installation") from None
