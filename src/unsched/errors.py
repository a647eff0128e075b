"""What can go wrong, one small class a failure, each over the builtin that it resembles."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from unsched.rules.base import Rule

__all__ = ["DisagreementError", "Fault", "InputError", "UnknownIdError", "UnschedError", "nearest"]


class UnschedError(Exception):
    """Everything that unsched raises on purpose."""


@frozen
class Fault:
    """One thing that is wrong with the input.

    Args:
        path: where, as a path from the object or file that was read (`rooms[3].seats.table`).
        message: what is wrong, naming the value.
        remedy: what might mend it; shown on a line of its own after "Maybe".
    """

    path: str
    message: str
    remedy: str | None = None

    def under(self, prefix: str) -> Fault:
        """Return the same fault as seen from one level further out.

        >>> Fault("seats.table", "-1 is less than 0").under("rooms[3]").path
        'rooms[3].seats.table'
        """
        if not self.path or self.path.startswith("["):
            return Fault(prefix + self.path, self.message, self.remedy)
        return Fault(f"{prefix}.{self.path}", self.message, self.remedy)

    def __str__(self) -> str:
        place = "$" if not self.path else f"$.{self.path}"
        text = f"{place}: {self.message}"
        return f"{text}\n  Maybe {self.remedy}" if self.remedy else text


class InputError(UnschedError, ValueError):
    """The input is wrong; `faults` holds all that was found, `source` where it came from.

    >>> print(InputError([Fault("step", "0 is less than 1", "15.")], "Window"))
    1 fault in Window
      $.step: 0 is less than 1
        Maybe 15.
    """

    def __init__(self, faults: Iterable[Fault], source: str = "the input") -> None:
        self.faults = tuple(faults)
        self.source = source
        super().__init__(self.faults, source)

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{count} fault{'' if count == 1 else 's'} in {self.source}"
        lines = [f"  {line}" for fault in self.faults for line in str(fault).splitlines()]
        return "\n".join([head, *lines])


class UnknownIdError(UnschedError, KeyError):
    """There is no room, session, delegation ... of that id."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        self.noun = noun
        self.name = name
        self.known = tuple(known)
        super().__init__(noun, name, self.known)

    def __str__(self) -> str:
        near = nearest(self.name, self.known)
        return f"there is no {self.noun} {self.name!r}" + (f"\n  Maybe {near}" if near else "")


class DisagreementError(UnschedError, RuntimeError):
    """A rule's `post` and `check` disagree: a bug in that rule or in the solver's model, never in the input."""

    def __init__(self, rule: Rule | None, message: str) -> None:
        self.rule = rule
        self.message = message
        super().__init__(rule, message)

    def __str__(self) -> str:
        name = "the sum of all rules" if self.rule is None else f"rule {self.rule.kind!r}"
        return f"{name}: {self.message}. This is a bug, not a fault of the input: please report it."


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like `name`, quoted and with a full stop, or `None`.

    >>> nearest("plenery", ["plenary", "side-event"])
    "'plenary'."
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6) if isinstance(name, str) else None
    return f"{near[0]!r}." if near else None
