"""What is not known and had to be assumed, said openly and in one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from attrs import evolve, fields_dict, frozen

from unsched.domain.fact import Fact, Named, check_choice, check_each, check_id, check_text, shown
from unsched.errors import Fault, InputError, nearest

__all__ = ["ASSUMABLE", "Assumption", "assume"]

ASSUMABLE = ("room", "session", "delegation", "person")
F = TypeVar("F", bound=Named)


@frozen
class Assumption(Fact):
    """A value for something that nobody knows, or a remark about what was taken for granted.

    It fills a field that is `None`, and is refused where something else is known. All four of `of`, `id`, `field`
    and `value` are given, or none (a remark).

    Args:
        why: what speaks for it.
        of: "room", "session", "delegation" or "person".
        id: which one.
        field: the field that is not known, such as "booths" or "seats.table".
        value: what to take it for.

    >>> print(Assumption("a hall of its size", of="room", id="XXVI", field="seats.table", value=150))
    room XXVI: seats.table = 150 (a hall of its size)
    """

    why: str
    of: str | None = None
    id: str | None = None
    field: str | None = None
    value: int | str | tuple[str, ...] | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this assumption by itself."""
        yield from check_text("why", self.why)
        if self.why == "":
            yield Fault("why", "an assumption without a reason", "say what speaks for it.")
        given = [name for name in ("of", "id", "field", "value") if getattr(self, name) is not None]
        if not given:
            return
        for name in ("of", "id", "field", "value"):
            if name not in given:
                yield Fault(name, f"it is missing, while {given[0]!r} is given", "give of, id, field and value.")
        if self.of is not None:
            yield from check_choice("of", self.of, ASSUMABLE)
        for name in ("id", "field"):
            if getattr(self, name) is not None:
                yield from check_id(name, getattr(self, name))
        if isinstance(self.value, tuple):
            yield from check_each("value", self.value)
        elif isinstance(self.value, bool) or not isinstance(self.value, int | str | None):
            message = f"{shown(self.value)} is no number, text or list"
            yield Fault("value", message, "a number, a text or a list of texts.")

    def __str__(self) -> str:
        if self.of is None:
            return self.why
        value = ", ".join(self.value) if isinstance(self.value, tuple) else self.value
        return f"{self.of} {self.id}: {self.field} = {value} ({self.why})"


def assume(facts: Iterable[F], assumptions: Iterable[Assumption], noun: str) -> tuple[tuple[F, ...], list[Fault]]:
    """Fill in what is unknown of the facts that `noun` names.

    Returns:
        the facts, filled in, and the faults found, with paths from the problem.
    """
    filled = list(facts)
    names = [fact.id for fact in filled]
    faults = []
    for index, assumption in enumerate(assumptions):
        if assumption.of != noun:
            continue
        prefix = f"assumptions[{index}]"
        if assumption.id not in names:
            near = nearest(str(assumption.id), names)
            faults.append(Fault(f"{prefix}.id", f"there is no {noun} {assumption.id!r}", near))
            continue
        place = names.index(assumption.id)
        try:
            filled[place] = _fill(filled[place], str(assumption.field).split("."), assumption.value)
        except InputError as error:
            faults += [fault.under(prefix) for fault in error.faults]
    return tuple(filled), faults


def _fill(fact: Any, path: list[str], value: object) -> Any:  # noqa: ANN401  a fact, and the same kind of fact
    name, *rest = path
    known = fields_dict(type(fact))
    if name not in known or name == "id":
        message = f"{name!r} is no field of a {type(fact).__name__}"
        raise InputError([Fault("field", message, nearest(name, known))])
    present = getattr(fact, name)
    if rest:
        if not isinstance(present, Fact):
            raise InputError([Fault("field", f"{name!r} has no field {rest[0]!r}", f"{name!r}.")])
        return evolve(fact, **{name: _fill(present, rest, value)})
    if present is not None and present != value:
        raise InputError([Fault("value", f"{name} is known to be {present!r}", "leave the assumption out.")])
    try:
        return evolve(fact, **{name: value})
    except InputError as error:
        raise InputError(Fault("value", fault.message, fault.remedy) for fault in error.faults) from None
