"""From an impossible part of a problem to a contradiction: rules x subjects, none of which can be left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import define, field

from unsched.solver.explanation import Contradiction
from unsched.solver.minimal import minimal
from unsched.solver.scope import Members, Scope

if TYPE_CHECKING:
    from unsched.solver.probe import Answer, Prober
    from unsched.solver.terms import Guard

__all__ = ["contradict"]

_MANY = 60
_CONFIRM_SECONDS = 10.0


def contradict(
    prober: Prober, sessions: Iterable[str], relaxed: Iterable[Guard] = (), why: str = ""
) -> Contradiction | None:
    """Return a contradiction among some sessions, or `None` where they are possible, or time is up.

    First sessions are left out until each is needed: those that are left out stand nowhere, which costs no model. Then
    whole rules, then what is left of them subject by subject. Last, what remains is asked once more as it is, with
    all other sessions free to stand or not, and without presolve. Where a rule demands something of sessions that
    were left out (at least so many on a day), that last question has another answer, and all is done again with the
    other sessions there.

    Args:
        prober: whom to ask.
        sessions: ids of sessions that cannot all be placed.
        relaxed: rules x subjects that are left out of account.
        why: the arithmetic that has shown it, if any.
    """
    names = tuple(dict.fromkeys(sessions))
    for alone in (True, False):
        work = _Work(prober, tuple(relaxed), alone=alone)
        members = work.members(names)
        if members is None:
            continue
        left = min(_CONFIRM_SECONDS, prober.left)
        confirmed = prober.ask(Scope(only=Members.of(members)), presolve=False, seconds=left).possible
        if alone and confirmed:
            continue
        told = tuple(guard.told(prober.problem) for guard in members)
        return Contradiction(told, why, minimal=work.sure, confirmed=confirmed is False)
    return None


@define(eq=False)
class _Work:
    """One way to look for a contradiction.

    Args:
        prober: whom to ask.
        relaxed: rules x subjects that are left out of account.
        alone: whether the sessions that nothing is asked of stand nowhere, or wherever they can.
        sure: whether each question so far has had an answer.
    """

    prober: Prober
    relaxed: tuple[Guard, ...]
    alone: bool
    sure: bool = True
    _musts: dict[str, Guard] = field(init=False, factory=dict)

    def members(self, names: Sequence[str]) -> tuple[Guard, ...] | None:
        """Return the members of a contradiction among some sessions, or `None` where there is none."""
        whole = self._ask(self._placed(names))
        if whole.possible is not False:
            return None
        names = self._needed(names)
        whole = self._ask(self._placed(names))
        stand = self.prober.standing
        needed = [self._musts[name] for name in names if name in self._musts and name not in stand]
        musts = {(id(guard.rule), guard.about) for guard in whole.musts}
        others = [guard for guard in whole.spoken if (id(guard.rule), guard.about) not in musts]
        # What somebody has stated for this problem is told rather than what holds everywhere.
        stated = {id(rule) for rule in self.prober.problem.rules}
        others.sort(key=lambda guard: id(guard.rule) not in stated)
        by_rule: dict[int, list[Guard]] = {}
        for guard in others:
            by_rule.setdefault(id(guard.rule), []).append(guard)
        present = frozenset(names) if self.alone else None

        def conflicting(some: Sequence[Guard]) -> bool:
            return self._conflicts(Scope(only=Members.of(some), present=present))

        def rules_conflict(several: Sequence[Sequence[Guard]]) -> bool:
            return conflicting([*needed, *(guard for some in several for guard in some)])

        rules = minimal(list(by_rule.values()), rules_conflict)
        left = minimal([guard for some in rules for guard in some], conflicting, needed)
        return (*needed, *left)

    def _needed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Leave sessions out until each that is left is needed."""
        if len(names) > _MANY:
            self.sure = False
            return tuple(names)

        def conflicting(some: Sequence[str]) -> bool:
            return self._conflicts(self._placed(some))

        return minimal(names, conflicting)

    def _placed(self, names: Sequence[str]) -> Scope:
        """Return the question whether some sessions can be placed."""
        if self.alone:
            return Scope(relaxed=self._members(self.relaxed), present=frozenset(names))
        if not self._musts:
            # To know which rule demands it of whom.
            self._ask(Scope(present=frozenset(session.id for session in self.prober.problem.sessions)))
        free = (guard for name, guard in self._musts.items() if name not in set(names))
        return Scope(relaxed=self._members((*self.relaxed, *free)))

    @staticmethod
    def _members(guards: Sequence[Guard]) -> Members | None:
        return Members.of(guards) if guards else None

    def _ask(self, scope: Scope) -> Answer:
        found = self.prober.ask(scope)
        self._musts.update({guard.about: guard for guard in found.musts})
        return found

    def _conflicts(self, scope: Scope) -> bool:
        found = self.prober.ask(scope).possible
        if found is None:
            self.sure = False
        return found is False
