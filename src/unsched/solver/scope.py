"""Which part of a question is asked: who is heard, which sessions there are, and which of them stand fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from unsched.domain.interval import Interval
    from unsched.domain.problem import Problem
    from unsched.domain.session import Session
    from unsched.rules.base import Preference, Rule
    from unsched.solver.terms import Guard

__all__ = ["EVERYTHING", "Members", "Scope"]


@frozen(eq=False)
class Members:
    """A set of rules, each as applied to a subject."""

    _rules: Mapping[tuple[str, str], tuple[Rule, ...]]
    _whole: Mapping[str, tuple[Rule, ...]]

    @classmethod
    def of(cls, guards: Iterable[Guard]) -> Members:
        """Make the set."""
        rules: dict[tuple[str, str], tuple[Rule, ...]] = {}
        whole: dict[str, tuple[Rule, ...]] = {}
        for guard in guards:
            key = guard.rule.kind, guard.about
            rules[key] = (*rules.get(key, ()), guard.rule)
            known = whole.get(guard.rule.kind, ())
            if not any(rule is guard.rule for rule in known):
                whole[guard.rule.kind] = (*known, guard.rule)
        return cls(rules, whole)

    def has(self, rule: Rule, about: str) -> bool:
        """Return whether a rule is in it, as applied to a subject."""
        return _among(rule, self._rules.get((rule.kind, about), ()))

    def names(self, rule: Rule) -> bool:
        """Return whether a rule is in it at all."""
        return _among(rule, self._whole.get(rule.kind, ()))


def _among(rule: Rule, rules: tuple[Rule, ...]) -> bool:
    return any(one is rule for one in rules) or any(one == rule for one in rules)


@frozen(eq=False)
class Scope:
    """Which part of a question is asked.

    Args:
        only: the rules x subjects that are heard, and no others of the constraints; `None` is all.
        relaxed: the rules x subjects that are not heard.
        price: at what price the relaxed ones are heard all the same; `None` is not at all.
        present: ids of the sessions that can stand somewhere; `None` is all.
        fixed: the time and the room of sessions that stand nowhere else, by id.
        asks: whether that a session must be placed is an assumption, so that a core can name it.
        switched: the rules x subjects that hold only if their guards do; no limit of a room is switched.
    """

    only: Members | None = None
    relaxed: Members | None = None
    price: Preference | None = None
    present: frozenset[str] | None = None
    fixed: Mapping[str, tuple[Interval, str]] = field(factory=dict)
    asks: bool = False
    switched: Members | None = None

    @property
    def hears_all(self) -> bool:
        """Whether every rule is heard about every subject."""
        return self.only is None and self.relaxed is None and self.switched is None

    def hears(self, rule: Rule, about: str) -> bool:
        """Return whether a rule is heard about a subject."""
        return (self.only is None or self.only.has(rule, about)) and not self.relaxes(rule, about)

    def relaxes(self, rule: Rule, about: str) -> bool:
        """Return whether a rule is relaxed about a subject."""
        return self.relaxed is not None and self.relaxed.has(rule, about)

    def switches(self, rule: Rule, about: str) -> bool:
        """Return whether a rule holds about a subject only if its guard does."""
        return self.switched is not None and self.switched.has(rule, about)

    def concerns(self, rule: Rule) -> bool:
        """Return whether a rule is heard about anything."""
        return self.only is None or self.only.names(rule) or (self.relaxed is not None and self.relaxed.names(rule))

    def has(self, session: str) -> bool:
        """Return whether a session can stand somewhere."""
        return self.present is None or session in self.present

    def spans(self, problem: Problem, session: Session) -> tuple[Interval, ...]:
        """Return the times that a session is offered before any rule."""
        if not self.has(session.id):
            return ()
        if session.id in self.fixed:
            return (self.fixed[session.id][0],)
        return problem.spans(session)


EVERYTHING = Scope()
"""The whole question."""
