"""What rules and the board hand to each other: decisions, requirements, and what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from unsched.domain.session import Session
    from unsched.rules.base import Rule

__all__ = ["Attendance", "Exclusion", "Guard", "Linear", "Literal", "Requirement", "Row"]

Literal: TypeAlias = cp_model.IntVar
"""A decision that is 0 or 1; opaque to rules, which add, compare and pass it on."""

Linear: TypeAlias = cp_model.LinearExpr
"""A sum of decisions."""

Row: TypeAlias = cp_model.BoundedLinearExpression | bool


@frozen
class Requirement:
    """What must hold, not yet demanded: rows of comparisons, and sets of literals of which at most one is true."""

    rows: tuple[Row, ...] = ()
    at_most_one: tuple[Sequence[Literal], ...] = ()
    cap: tuple[frozenset[str], int] | None = None


@frozen
class Guard:
    """A rule as applied to one subject: what is demanded, and what an explanation is made of.

    Args:
        rule: the rule.
        about: the session, room, person ... that it is applied to, in the user's names.
    """

    rule: Rule
    about: str

    def __str__(self) -> str:
        return f"{self.rule.say()} [{self.about}]" if self.about else self.rule.say()


@frozen
class Exclusion:
    """Starts, rooms, or rooms at some starts that a rule forbids to a session; `None` means all."""

    guard: Guard
    session: str
    starts: tuple[int, ...] | None
    rooms: tuple[str, ...] | None


@frozen
class Attendance:
    """Somebody's decision to attend a session: literals by start, and one that says that it takes place without."""

    session: Session
    at: Mapping[int, Literal]
    missed: Literal
