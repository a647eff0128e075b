"""Problems and schedules to plain data and back: what JSON and TOML files hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any, TypeVar

from attrs import evolve, fields_dict

from unsched.domain.actual import Actuals
from unsched.domain.attendance import Attendance
from unsched.domain.changes import Changes
from unsched.domain.people import Delegation, Person
from unsched.domain.price import Prices
from unsched.domain.problem import Problem
from unsched.domain.publication import Publication
from unsched.domain.schedule import Schedule
from unsched.domain.session import Session
from unsched.domain.state import SearchState
from unsched.domain.venue import Room
from unsched.errors import Fault, InputError
from unsched.exchange.plain import check_plain
from unsched.exchange.reading import read
from unsched.exchange.version import KEY, TAGS
from unsched.exchange.writing import write

__all__ = ["dump", "load"]

T = TypeVar("T", Problem, Schedule, SearchState, Publication, Attendance, Changes, Prices, Actuals)
MAX_FAULTS = 1_000


def dump(
    thing: Problem | Schedule | SearchState | Publication | Attendance | Changes | Prices | Actuals,
) -> dict[str, Any]:
    """Return a problem, a schedule or the state of a search as plain data that JSON and TOML can hold.

    Keys come in the order of the fields, and fields at their default are left out. What a problem's assumptions fill
    in is left out of its facts: it is not known.

    >>> from unsched import Schedule
    >>> dump(Schedule("cstd-2010", "Europe/Zurich", revision=2))
    {'schema': 'unsched/schedule/1', 'problem': 'cstd-2010', 'zone': 'Europe/Zurich', 'revision': 2}
    """
    data = {KEY: TAGS[type(thing)], **write(thing)}
    if isinstance(thing, Problem):
        _write_unknown(thing, data)
    return data


def load(data: object, kind: type[T], source: str = "the input") -> T:
    """Return the problem or the schedule that plain data describe.

    Args:
        data: tables, lists, texts, numbers, and dates and times (or their ISO 8601 texts), as JSON and TOML have them.
        kind: `Problem`, `Schedule`, `SearchState`, `Publication`, `Changes` or `Prices`.
        source: what to call the data in messages, such as the name of a file.

    Raises:
        InputError: with everything that is wrong, by path (after 1,000 faults, only how many more there are).

    >>> from unsched import Schedule
    >>> load({"schema": "unsched/schedule/1", "problem": "cstd-2010", "zoen": "Europe/Zurich"}, Schedule)
    Traceback (most recent call last):
        ...
    unsched.errors.InputError: 2 faults in the input
      $.zoen: the key 'zoen' is not known
        Maybe 'zone'.
      $.zone: it is missing
        Maybe add 'zone'.
    """
    faults: list[Fault] = []
    try:
        unusable = tuple(check_plain(data))
        if unusable:
            raise InputError(unusable)  # noqa: TRY301  as `read` does
        if isinstance(data, Mapping) and KEY not in data:
            faults.append(Fault(KEY, "it is missing", f"{KEY} = {TAGS[kind]!r}."))
        thing = read(data, kind)
    except InputError as error:
        faults += error.faults
    else:
        if not faults:
            return thing
    raise InputError(_first(faults), source)


def _first(faults: list[Fault]) -> list[Fault]:
    rest = len(faults) - MAX_FAULTS
    return faults if rest <= 0 else [*faults[:MAX_FAULTS], Fault("", f"and {rest} more faults", "mend these first.")]


def _write_unknown(problem: Problem, data: dict[str, Any]) -> None:
    places: dict[str, tuple[Iterable[Room | Session | Delegation | Person], list[Any]]] = {
        "room": (problem.rooms, data["venue"]["rooms"]),
        "session": (problem.sessions, data["sessions"]),
        "delegation": (problem.delegations, data.get("delegations", [])),
        "person": (problem.persons, data.get("persons", [])),
    }
    for noun, (facts, tables) in places.items():
        assumed: dict[str, list[str]] = {}
        for assumption in problem.assumptions:
            if assumption.of == noun:
                assumed.setdefault(str(assumption.id), []).append(str(assumption.field))
        for index, fact in enumerate(facts):
            if fact.id in assumed:
                tables[index] = write(reduce(_without, assumed[fact.id], fact))


def _without(fact: Any, path: str) -> Any:  # noqa: ANN401  any fact
    name, _, rest = path.partition(".")
    if rest:
        return evolve(fact, **{name: _without(getattr(fact, name), rest)})
    # Only what is `None` where nobody knows is filled in; anything else was known, and the same.
    return evolve(fact, **{name: None}) if fields_dict(type(fact))[name].default is None else fact
