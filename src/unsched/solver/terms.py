"""What rules and the board hand to each other: decisions, requirements, and what they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.part import Part
    from unsched.domain.problem import Problem
    from unsched.rules.base import Rule

__all__ = ["Attendance", "Cell", "Exclusion", "Guard", "Linear", "Literal", "Requirement", "RoomsAskedError", "Row"]

Literal: TypeAlias = cp_model.IntVar
"""A decision that is 0 or 1; opaque to rules, which add, compare and pass it on."""

Linear: TypeAlias = cp_model.LinearExpr
"""A sum of decisions."""

Row: TypeAlias = cp_model.BoundedLinearExpression | bool


class RoomsAskedError(Exception):
    """A preference speaks of rooms where the model is to decide times alone; it is left to the next model."""


@frozen
class Requirement:
    """What must hold, not yet demanded.

    Args:
        rows: comparisons of sums.
        at_most_one: sets of literals of which at most one is true.
        cap: where it limits what runs at once, the keys of the parts that it limits, and how many may.
        amount: makes the amount by which it is broken, for where it has a price; `None` is 1 where it does not hold.
    """

    rows: tuple[Row, ...] = ()
    at_most_one: tuple[Sequence[Literal], ...] = ()
    cap: tuple[frozenset[tuple[str, int, int]], int] | None = None
    amount: Callable[[], Linear] | None = None


@frozen
class Guard:
    """A rule as applied to one subject: what is demanded, and what an explanation is made of.

    Args:
        rule: the rule.
        about: the session, room, person ... that it is applied to, in the user's names.
        text: what it demands there, as one sentence.
    """

    rule: Rule
    about: str
    text: str = field(default="", eq=False)

    def told(self, problem: Problem) -> Guard:
        """Return the same with its sentence."""
        return self if self.text else Guard(self.rule, self.about, self.rule.say_about(problem, self.about))

    def to_dict(self) -> dict[str, str]:
        """Return it as plain data: the kind of rule, what it is about, and its sentence."""
        return {"rule": self.rule.kind, "about": self.about, "text": str(self)}

    def __str__(self) -> str:
        if self.text:
            return self.text
        return f"{self.rule.say()} [{self.about}]" if self.about else self.rule.say()


@frozen
class Exclusion:
    """Times, rooms, or rooms at some times that a rule forbids to a session; `None` means all."""

    guard: Guard
    session: str
    spans: tuple[Interval, ...] | None
    rooms: tuple[str, ...] | None


@frozen
class Attendance:
    """Somebody's decision to attend: a literal by time, and one that says that it takes place without them.

    Of several who are alike, each is the number of them instead.
    """

    part: Part
    at: tuple[tuple[Interval, Literal], ...]
    missed: Literal
    many: int = 1


@frozen(eq=False)
class Cell:
    """Some sessions in a stretch of time, and whether they take up each room in it.

    Args:
        stays: the times of each session that lie in the stretch, by id.
        rooms: whether any of them takes one of these times in a room, by id of the room; only to push down.
    """

    stays: Mapping[str, tuple[Interval, ...]]
    rooms: Mapping[str, Literal]
