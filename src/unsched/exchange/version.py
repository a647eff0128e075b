"""Which kind of file it is, and of which version: the key "schema" of every file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from unsched.domain.actual import Actuals
from unsched.domain.attendance import Attendance
from unsched.domain.changes import Changes
from unsched.domain.price import Prices
from unsched.domain.problem import Problem
from unsched.domain.publication import Publication
from unsched.domain.schedule import Schedule
from unsched.domain.state import SearchState
from unsched.errors import Fault
from unsched.exchange.plain import shown

__all__ = ["KEY", "TAGS", "check_tag"]

KEY = "schema"
TAGS: Mapping[type, str] = MappingProxyType(
    {
        Problem: "unsched/problem/1",
        Schedule: "unsched/schedule/1",
        SearchState: "unsched/searchstate/1",
        Publication: "unsched/publication/1",
        Attendance: "unsched/attendance/1",
        Changes: "unsched/changes/1",
        Prices: "unsched/prices/1",
        Actuals: "unsched/actuals/1",
    }
)
"""What the key "schema" says, by what the file holds; the number goes up when old files can no longer be read."""


def check_tag(value: object, kind: type) -> Iterator[Fault]:
    """Yield a fault unless `value` is the tag of files of this kind, in the version that is read here.

    >>> [str(fault) for fault in check_tag("unsched/problem/1", Problem)]
    []
    """
    tag = TAGS[kind]
    if value == tag:
        return
    noun = _noun(kind)
    message = f"{shown(value)} is not {tag!r}"
    for other, others in TAGS.items():
        if value == others:
            message = f"this is {_noun(other)}, and {noun} is wanted"
    if isinstance(value, str) and value.startswith(tag.rstrip("1")):
        message = f"version {shown(value)} cannot be read here, only {tag!r}"
    yield Fault(KEY, message, f"{tag!r}, if it is {noun}.")


def _noun(kind: type) -> str:
    lists: dict[type, str] = {Changes: "list of changes", Prices: "list of prices", Actuals: "list of actual times"}
    name = lists.get(kind, kind.__name__.lower())
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
