"""Choosing sessions: by id, tag, body, kind, or by the delegation or group that they concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import Attribute, field, fields, frozen

from unsched.domain.fact import Fact, check_count, check_each, check_id, to_ids, to_tuple
from unsched.errors import Fault, InputError

__all__ = ["EVERY", "Select", "to_select", "to_some_select"]


def _to_numbers(values: int | Iterable[int]) -> tuple[int, ...]:
    return (values,) if isinstance(values, int) else to_tuple(values)


@frozen
class Select(Fact):
    """Which sessions a rule is about: those that match every field that is given, and in it any of the values.

    Args:
        ids: session ids.
        tags: tags, one of which the session has.
        bodies: bodies, one of which meets.
        kinds: kinds of session.
        delegations: delegations, one of which is required or invited, by itself or through a group.
        groups: groups, a delegation of which is required or invited.
        priorities: priorities, one of which the session has.

    >>> print(Select(bodies="CSTD", kinds=["plenary"]))
    every session of body 'CSTD' and of kind 'plenary'
    """

    ids: tuple[str, ...] = field(default=(), converter=to_ids)
    tags: tuple[str, ...] = field(default=(), converter=to_ids)
    bodies: tuple[str, ...] = field(default=(), converter=to_ids)
    kinds: tuple[str, ...] = field(default=(), converter=to_ids)
    delegations: tuple[str, ...] = field(default=(), converter=to_ids)
    groups: tuple[str, ...] = field(default=(), converter=to_ids)
    priorities: tuple[int, ...] = field(default=(), converter=_to_numbers)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this selector by itself."""
        for attribute in _fields():
            check = check_count if attribute.name == "priorities" else check_id
            yield from check_each(attribute.name, getattr(self, attribute.name), check=check)

    @property
    def given(self) -> dict[str, tuple[str | int, ...]]:
        """The fields that restrict, by name."""
        values = {attribute.name: getattr(self, attribute.name) for attribute in _fields()}
        return {name: value for name, value in values.items() if value}

    def __str__(self) -> str:
        given = self.given
        if not given:
            return "every session"
        if set(given) == {"ids"}:
            return _either(self.ids)
        words = {
            "ids": "among {}",
            "tags": "tagged {}",
            "bodies": "of body {}",
            "kinds": "of kind {}",
            "delegations": "that concerns {}",
            "groups": "that concerns a member of {}",
            "priorities": "of priority {}",
        }
        return "every session " + " and ".join(words[name].format(_either(value)) for name, value in given.items())


def _fields() -> tuple[Attribute[Any], ...]:
    return tuple(fields(Select))


def _either(names: Iterable[str | int]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


EVERY = Select()
"""The selector of every session."""


def to_select(value: Select | str | Iterable[str]) -> Select:
    """Make a selector of ids; a selector stays as it is.

    >>> to_select("wg-1").ids
    ('wg-1',)
    """
    if isinstance(value, Select):
        return value
    ids = to_ids(value)
    if ids == ():
        raise InputError([Fault("ids", "an empty list picks no session", "Select() for every session.")], "Select")
    return Select(ids=ids)


def to_some_select(value: Select | str | Iterable[str] | None) -> Select | None:
    """Make a selector of ids, or leave `None`."""
    return None if value is None else to_select(value)
