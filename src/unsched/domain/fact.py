"""What all facts share: they are frozen, and say everything that is wrong with them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from typing import Any, Protocol

from unsched.errors import Fault, InputError

__all__ = [
    "Fact",
    "Named",
    "check_choice",
    "check_count",
    "check_each",
    "check_id",
    "check_mail",
    "check_text",
    "check_truth",
    "shown",
    "to_ids",
    "to_tuple",
]

MAX_ID = 200
MAX_TEXT = 10_000
MAX_SHOWN = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MAIL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:]+")


class Fact:
    """A plain fact; subclasses are frozen attrs classes and yield their faults."""

    __slots__ = ()

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this fact by itself."""
        yield from ()

    def __attrs_post_init__(self) -> None:
        faults = tuple(self.faults())
        if faults:
            name = getattr(self, "id", None)
            which = f" {shown(name)}" if isinstance(name, str) and name else ""
            raise InputError(faults, f"{type(self).__name__}{which}")


class Named(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> str:
        """The id, as the user wrote it."""
        ...


def to_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    """Make a tuple of any iterable; what is none is left as it is, to be refused by the fact that holds it."""
    return tuple(values) if isinstance(values, Iterable) else values


def to_ids(values: str | Iterable[str]) -> tuple[str, ...]:
    """Make a tuple of ids; a single string is one id, not its letters.

    >>> to_ids("plenary"), to_ids(["a", "b"])
    (('plenary',), ('a', 'b'))
    """
    return (values,) if isinstance(values, str) else to_tuple(values)


def shown(value: object) -> str:
    """Return how a value is named in a message: in one line, and never long.

    >>> shown("plenary"), shown(None), shown(date(2010, 12, 17))
    ("'plenary'", 'None', '2010-12-17')
    """
    text = value.isoformat() if isinstance(value, date | time) else repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def check_id(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is usable as an id: one printable line of 1 to 200 characters."""
    if not isinstance(value, str):
        remedy = f"{str(value)!r}." if isinstance(value, int | float) else "a short name."
        yield Fault(path, f"{shown(value)} is not a string", remedy)
    elif not value.strip() or value != value.strip():
        yield Fault(path, f"{shown(value)} is empty or has blanks around it", "a short name without blanks around it.")
    elif _CONTROL.search(value) or len(value) > MAX_ID:
        message = f"{shown(value)} has control characters or over {MAX_ID} characters"
        yield Fault(path, message, "a shorter, plain name.")


def check_text(path: str, value: object, *, optional: bool = False) -> Iterator[Fault]:
    """Yield a fault unless `value` is a text of at most 10,000 characters (or, if optional, `None`)."""
    if value is None and optional:
        return
    if not isinstance(value, str):
        yield Fault(path, f"{shown(value)} is not a text", "put it in quotes." if value is not None else "a text.")
    elif len(value) > MAX_TEXT:
        yield Fault(path, f"a text of {len(value)} characters is over the limit of {MAX_TEXT}", "a shorter text.")


def check_count(path: str, value: object, *, least: int = 0, optional: bool = False, unit: str = "") -> Iterator[Fault]:
    """Yield a fault unless `value` is a whole number of at least `least` (or, if optional, `None`)."""
    if value is None and optional:
        return
    of_unit = f" of {unit}" if unit else ""
    if isinstance(value, bool) or not isinstance(value, int):
        yield Fault(path, f"{shown(value)} is not a whole number{of_unit}", f"a number such as {max(least, 1)}.")
    elif value < least:
        yield Fault(path, f"{value} is less than {least}", f"{least} or more{of_unit}.")
    elif value > 10**9:
        yield Fault(path, f"{value} is more than {10**9}", "a smaller number.")


def check_truth(path: str, value: object) -> Iterator[Fault]:
    """Yield a fault unless `value` is `True` or `False`."""
    if not isinstance(value, bool):
        yield Fault(path, f"{shown(value)} is not true or false", "true or false.")


def check_choice(path: str, value: object, choices: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault unless `value` is one of `choices`."""
    known = tuple(choices)
    if value not in known:
        yield Fault(path, f"{shown(value)} is none of {', '.join(map(repr, known))}", f"{known[0]!r}.")


def check_mail(path: str, value: object, *, optional: bool = False) -> Iterator[Fault]:
    """Yield a fault unless `value` is a mail address of one line (or, if optional, `None`)."""
    if value is None and optional:
        return
    if not isinstance(value, str) or not _MAIL.fullmatch(value) or not value.isprintable() or len(value) > 254:
        yield Fault(path, f"{shown(value)} is not a mail address", "an address such as 'office@example.org'.")


def check_each(
    path: str,
    values: object,
    kind: type | None = None,
    *,
    unique: bool = True,
    check: Callable[[str, object], Iterable[Fault]] = check_id,
) -> Iterator[Fault]:
    """Yield a fault for each member of a tuple that is not of `kind`, or else fails `check`, or comes twice."""
    if not isinstance(values, tuple):
        yield Fault(path, f"{shown(values)} is not a list", "put it in brackets: [...].")
        return
    seen = set()
    for index, value in enumerate(values):
        place = f"{path}[{index}]"
        found = tuple(check(place, value)) if kind is None else tuple(_check_kind(place, value, kind))
        yield from found
        if found or not unique:
            continue
        try:
            again = value in seen
            seen.add(value)
        except TypeError:
            yield Fault(place, f"{shown(value)} can change (it has no hash)", "a frozen class, with tuples, not lists.")
            continue
        if again:
            yield Fault(place, f"{shown(value)} comes twice", "leave one out.")


def _check_kind(path: str, value: object, kind: type) -> Iterator[Fault]:
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    if not isinstance(value, kind):
        yield Fault(path, f"{shown(value)} is not {article} {kind.__name__}", f"{article} {kind.__name__}(...).")
