"""The contract of a rule: one class, three sentences."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count
from unsched.domain.prune import without
from unsched.errors import Fault

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = ["Breach", "Constraint", "Preference", "Rule", "named", "opening"]


def named(problem: Problem, name: str) -> str:
    """Return an id of a session, a room or somebody as people read it: in quotes, with the title or name if it has one.

    >>> from unsched import Problem, Room, Session, Venue, Window
    >>> window = Window("UTC", ["2010-12-17"])
    >>> problem = Problem("p", window, Venue([Room("I")]), [Session("wg", "Working Group", 60)])
    >>> named(problem, "wg"), named(problem, "I")
    ("'wg' (Working Group)", "'I'")
    """
    session = problem.sessions_by_id.get(name)
    known = (problem.persons_by_id, problem.delegations_by_id, problem.groups_by_id, problem.rooms_by_id)
    title = session.title if session else next((by[name].name for by in known if name in by), None)
    return f"{name!r} ({title})" if title and title != name else repr(name)


def opening(text: object) -> str:
    """Return a text as the opening of a sentence.

    >>> opening("every session of body 'CSTD'")
    "Every session of body 'CSTD'"
    """
    words = str(text)
    return words[:1].upper() + words[1:]


@frozen
class Breach:
    """A place where a schedule falls short of a rule.

    Args:
        rule: the rule.
        sessions: ids of the sessions concerned.
        amount: by how much, in the rule's own unit of cost (at least 1).
        text: one sentence, in the names that the user wrote.
        whom: ids of those who bear it, as `post` names them: parties or sessions; nobody named means the sessions.
    """

    rule: Rule
    sessions: tuple[str, ...]
    amount: int
    text: str
    whom: tuple[str, ...] = ()

    @property
    def hard(self) -> bool:
        """Whether the rule must hold."""
        return isinstance(self.rule, Constraint)

    @property
    def cost(self) -> int:
        """Weight times amount of a preference; 0 for a constraint, which has no price."""
        return self.rule.weight * self.amount if isinstance(self.rule, Preference) else 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, which JSON can hold; `tier` is `None` for a constraint."""
        return {
            "rule": self.rule.kind,
            "hard": self.hard,
            "tier": self.rule.tier if isinstance(self.rule, Preference) else None,
            "sessions": list(self.sessions),
            "whom": list(self.whom),
            "amount": self.amount,
            "cost": self.cost,
            "text": self.text,
        }

    def __str__(self) -> str:
        price = "" if self.hard else f" (cost {self.cost})"
        return f"{self.text}{price}"


class Rule(Fact, ABC):
    """Something that a good schedule keeps to.

    A rule says itself three times: to the solver (`post`), over a finished schedule (`check`) and to people (`say`).
    `post` and `check` are written independently, so that a mistake in one shows against the other:
    `unsched.testing.agree` compares them. Subclasses are frozen attrs classes.
    """

    __slots__ = ()

    kind: ClassVar[str]
    """A stable tag for files; never renamed."""

    unit: ClassVar[str] = "breach"
    """What one unit of `Breach.amount` is."""

    standard: ClassVar[bool] = False
    """Whether one of unsched's own rules holds in every problem that does not switch it off (without an argument)."""

    softens: ClassVar[bool] = True
    """Whether the rule can be priced, or demanded: not where the board itself cannot do otherwise."""

    narrows: ClassVar[bool] = False
    """Whether `post` only forbids starts and rooms; such rules go first, so that what they forbid costs nothing."""

    @abstractmethod
    def post(self, board: Board) -> None:
        """Say the rule to the solver, in the vocabulary of the board."""

    @abstractmethod
    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Yield every breach of the rule in a schedule, without the solver; sessions may be missing from it."""

    @abstractmethod
    def say(self) -> str:
        """Return the rule as one sentence, in the names that the user wrote."""

    def say_about(self, problem: Problem, about: str) -> str:
        """Return what the rule demands of one subject, as one sentence with the facts that make it do so.

        Args:
            problem: the facts.
            about: what `post` has named as the subject, or "" where it named none.
        """
        del problem
        return f"{self.say()} [{about}]" if about else self.say()

    def _repr_html_(self) -> str:
        from unsched.report.notebook import sentence_html

        if isinstance(self, Preference):
            return sentence_html(self.say(), f"tier {self.tier}, {self.weight} for each {self.unit}")
        return sentence_html(self.say(), "must hold")

    @property
    def plain(self) -> Rule:
        """The rule itself: a rule that only changes how another holds returns that one."""
        return self

    @property
    def inside(self) -> tuple[Rule, ...]:
        """The rules whose selectors and names a problem has to know: itself, or those that it is made of."""
        return (self,)

    @property
    def anonymous(self) -> bool:
        """Whether what the rule costs falls to nobody in particular, so that it cannot be shared out."""
        return False

    @property
    def holds(self) -> bool:
        """Whether the rule is heard at all."""
        return True

    def concerns(self, problem: Problem) -> bool:
        """Return whether a standard rule has anything to say in a problem."""
        del problem
        return True

    def decides(self, problem: Problem) -> tuple[Session, ...]:
        """Return the optional sessions of which the rule itself says whether they stand: it is no loss if not."""
        del problem
        return ()

    def without(self, sessions: frozenset[str]) -> Rule | None:
        """Return the rule once some sessions are no more; `None` where it is about nothing else.

        As it stands, their ids are taken out of selectors. A rule that names sessions in another way says how.
        """
        left: Rule | None = without(self, sessions)
        return left

    def faults_in(self, problem: Problem) -> Iterator[Fault]:
        """Yield what is wrong with this rule in this problem (unknown names, facts that it needs and nobody knows).

        Paths are those of the problem (`sessions[3].room`) or, for the rule's own fields, start with "rule.".
        Selectors are looked up by the problem itself.
        """
        yield from ()


class Constraint(Rule):
    """A rule that must hold."""

    __slots__ = ()


@frozen(kw_only=True)
class Preference(Rule):
    """A rule that pays when it does not hold: weight x amount, in its tier.

    Args:
        weight: price of one unit, compared only inside a tier.
        tier: tiers are satisfied in order, 1 first: no gain in a later tier pays for a loss in an earlier one.
    """

    weight: int = field(default=1)
    tier: int = field(default=1)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this rule by itself."""
        yield from check_count("weight", self.weight, least=1)
        if isinstance(self.weight, int) and self.weight > 10**6:
            yield Fault("weight", f"{self.weight} is more than {10**6}", "an earlier tier, where a rule comes first.")
        yield from check_count("tier", self.tier, least=1)
