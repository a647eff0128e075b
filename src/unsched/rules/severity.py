"""How firmly a rule holds: must, should, or off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from unsched.domain.fact import check_count, shown
from unsched.errors import Fault
from unsched.rules.base import Breach, Constraint, Preference, Rule

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["Demand", "Off", "Soften"]


def _wrong(rule: object, noun: str, why: str, *, good: bool) -> Iterator[Fault]:
    if not good:
        yield Fault("rule", f"{shown(rule)} is not a {noun}", why)


@frozen
class Soften(Preference):
    """A constraint that pays when it does not hold, instead of having to.

    Each unit by which it is broken costs the weight: the unit is that of the constraint. A file says it in the rule's
    own table, with `severity = "should"`, and a weight and a tier if they are not 1.

    Args:
        rule: the constraint.

    Example: seats are short at a price, so that a full hall is better than none.
    """

    kind: ClassVar[str] = "soften"
    unit: ClassVar[str] = "unit of the constraint"

    rule: Rule = field(kw_only=False)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from super().faults()
        yield from _wrong(
            self.rule,
            "constraint",
            "a constraint; a preference has a weight of its own.",
            good=isinstance(self.rule, Constraint),
        )
        if isinstance(self.rule, Rule) and not self.rule.softens:
            yield Fault("rule", f"{self.rule.kind!r} cannot be broken at a price", "leave it as it is, or off.")

    @property
    def plain(self) -> Rule:
        """The constraint."""
        return self.rule.plain

    @property
    def inside(self) -> tuple[Rule, ...]:
        """The constraint, and what it is made of."""
        return self.rule.inside

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield what is wrong with the constraint in this problem."""
        yield from self.rule.faults_in(problem)

    def post(self, board: Board) -> None:
        """Let the constraint speak, and price what it demands."""
        with board.priced(self):
            self.rule.post(board)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Yield the breaches of the constraint as prices paid."""
        for breach in self.rule.check(timetable):
            yield Breach(self, breach.sessions, breach.amount, breach.text, breach.whom)

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"At a price: {self.rule.say()}"


@frozen
class Demand(Constraint):
    """A preference that must not cost more than so many units.

    With `most` at 0, it has to be satisfied wholly; its weight and tier play no part. A file says that in the rule's
    own table, with `severity = "must"`.

    Args:
        rule: the preference.
        most: the greatest amount, in the unit of the preference, that is put up with.

    Example: the wished hours of the ministers are kept, whatever it costs.
    """

    kind: ClassVar[str] = "demand"
    unit: ClassVar[str] = "unit of the preference"
    anonymous: ClassVar[bool] = True

    rule: Rule
    most: int = 0

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from _wrong(
            self.rule,
            "preference",
            "a preference; a constraint has to hold anyhow.",
            good=isinstance(self.rule, Preference),
        )
        yield from check_count("most", self.most)

    @property
    def plain(self) -> Rule:
        """The preference."""
        return self.rule.plain

    @property
    def inside(self) -> tuple[Rule, ...]:
        """The preference, and what it is made of."""
        return self.rule.inside

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield what is wrong with the preference in this problem."""
        yield from self.rule.faults_in(problem)

    def post(self, board: Board) -> None:
        """Let the preference speak, and limit the sum of what it prices."""
        with board.collected() as amounts:
            self.rule.post(board)
        board.require(self, board.total([amount for amount, _, _ in amounts]) <= self.most, about=self.rule.kind)

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Add up what the preference counts."""
        found = list(self.rule.check(timetable))
        amount = sum(breach.amount for breach in found)
        if amount > self.most:
            sessions = tuple(dict.fromkeys(name for breach in found for name in breach.sessions))
            limit = f" ({amount} over all, at most {self.most})" if self.most else ""
            text = f"{' '.join(breach.text for breach in found)}{limit}"
            yield Breach(self, sessions, amount - self.most, text)

    def say(self) -> str:
        """Return the rule as a sentence."""
        limit = f", but for {self.most}" if self.most else ""
        return f"Must hold{limit}: {self.rule.say()}"


@frozen
class Off(Constraint):
    """A rule that is kept in the file and does not hold.

    A standard rule that is off does not hold either. A file says it in the rule's own table, with `severity = "off"`.

    Args:
        rule: the rule.

    Example: try the week without the cap on parallel meetings, and leave the cap in the file.
    """

    kind: ClassVar[str] = "off"
    unit: ClassVar[str] = "nothing"

    rule: Rule

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from _wrong(self.rule, "rule", "a rule.", good=isinstance(self.rule, Rule))

    @property
    def plain(self) -> Rule:
        """The rule that does not hold."""
        return self.rule.plain

    @property
    def inside(self) -> tuple[Rule, ...]:
        """Nothing: what does not hold may name what is not there."""
        return ()

    @property
    def holds(self) -> bool:
        """No."""
        return False

    def post(self, board: Board) -> None:
        """Say nothing."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Yield nothing."""
        yield from ()

    def say(self) -> str:
        """Return the rule as a sentence."""
        return f"Off: {self.rule.say()}"
