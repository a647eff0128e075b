"""Choosing rooms: by id, by building, or by what they offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import field, fields, frozen

from unsched.domain.fact import Fact, check_each, to_ids
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.venue import Room

__all__ = ["SelectRooms", "faults_of_rooms", "rooms_of", "to_rooms"]


@frozen
class SelectRooms(Fact):
    """Which rooms a rule is about: those that match every field that is given, and in it any of the values.

    Args:
        ids: room ids.
        buildings: buildings, in one of which the room is.
        features: features, one of which the room offers.

    >>> print(SelectRooms(buildings="E", features=["webcast", "captioning"]))
    a room in building 'E' with 'webcast' or 'captioning'
    """

    ids: tuple[str, ...] = field(default=(), converter=to_ids)
    buildings: tuple[str, ...] = field(default=(), converter=to_ids)
    features: tuple[str, ...] = field(default=(), converter=to_ids)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this selector by itself."""
        for attribute in fields(SelectRooms):
            yield from check_each(attribute.name, getattr(self, attribute.name))

    @property
    def given(self) -> dict[str, tuple[str, ...]]:
        """The fields that restrict, by name."""
        values = {attribute.name: getattr(self, attribute.name) for attribute in fields(SelectRooms)}
        return {name: value for name, value in values.items() if value}

    def __str__(self) -> str:
        given = self.given
        if set(given) == {"ids"}:
            return f"room {_either(self.ids)}"
        words = {"ids": "among {}", "buildings": "in building {}", "features": "with {}"}
        return " ".join(["a room" if given else "any room", *(words[k].format(_either(v)) for k, v in given.items())])


def _either(names: Iterable[str]) -> str:
    return " or ".join(map(repr, names))


def to_rooms(value: SelectRooms | str | Iterable[str]) -> SelectRooms:
    """Make a selector of ids; a selector stays as it is.

    >>> to_rooms("XXVI").ids
    ('XXVI',)
    """
    if isinstance(value, SelectRooms):
        return value
    ids = to_ids(value)
    if ids == ():
        raise InputError([Fault("ids", "an empty list picks no room", "SelectRooms() for every room.")], "SelectRooms")
    return SelectRooms(ids=ids)


def rooms_of(problem: Problem, selector: SelectRooms) -> tuple[Room, ...]:
    """Return the rooms that a selector picks, in the order of the problem."""
    return tuple(room for room in problem.rooms if _picks(selector, room))


def _picks(selector: SelectRooms, room: Room) -> bool:
    return (
        (not selector.ids or room.id in selector.ids)
        and (not selector.buildings or room.building in selector.buildings)
        and (not selector.features or any(feature in selector.features for feature in room.features))
    )


def faults_of_rooms(problem: Problem, path: str, selector: SelectRooms) -> Iterator[Fault]:
    """Yield what is wrong with a selector in a problem: names of nothing, or that it picks no room.

    Args:
        problem: the facts.
        path: the field that holds the selector, such as "rule.rooms".
        selector: the selector.
    """
    known: dict[str, tuple[str, Iterable[str]]] = {
        "ids": ("there is no room {}", problem.rooms_by_id),
        "buildings": ("no room is in building {}", {room.building for room in problem.rooms if room.building}),
        "features": ("no room offers {}", {feature for room in problem.rooms for feature in room.features}),
    }
    good = True
    for name, wanted in selector.given.items():
        message, have = known[name]
        for index, value in enumerate(wanted):
            if value not in have:
                good = False
                yield Fault(f"{path}.{name}[{index}]", message.format(repr(value)), nearest(value, sorted(have)))
    if good and not rooms_of(problem, selector):
        yield Fault(path, f"no room of the venue is {selector}", "a selector that is less narrow.")
