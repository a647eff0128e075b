"""Why there is no schedule, as an answer: contradictions, and ways out of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import frozen

from unsched.domain.schedule import Schedule
from unsched.rules.base import Breach
from unsched.solver.result import Status
from unsched.solver.terms import Guard

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_WAYS", "Contradiction", "Explanation", "WayOut"]

MOST_WAYS = 50
"""How many ways out are looked for at most."""

_NAMED = 8


@frozen
class Contradiction:
    """Rules and facts that cannot all hold, none of which can be left out.

    Args:
        members: rules, each as applied to a subject.
        why: the arithmetic that shows it, as a sentence; "" where it takes a search to see it.
        minimal: whether it is known that each member is needed.
        confirmed: whether the solver has found it impossible a second time, without its presolve.
    """

    members: tuple[Guard, ...]
    why: str = ""
    minimal: bool = True
    confirmed: bool = True

    def __str__(self) -> str:
        lines = [self.why] if self.why else []
        lines += [f"- {text}" for text in self.sentences]
        return "\n".join([*lines, *self.doubts])

    @property
    def sentences(self) -> tuple[str, ...]:
        """The members as sentences, those of many subjects of one rule as one."""
        return tuple(_sentences(self.members))

    @property
    def doubts(self) -> tuple[str, ...]:
        """What there was no time to find out, as sentences in brackets; none where it is certain."""
        lines = []
        if not self.minimal:
            lines.append("(Maybe not all of these are needed: there was no time to find out.)")
        if not self.confirmed:
            lines.append("(This was not confirmed without presolve: there was no time.)")
        return tuple(lines)

    @property
    def cut(self) -> tuple[str, ...]:
        """What there was no time for, in words."""
        parts = [] if self.minimal else ["whether each member of the conflict is needed"]
        return (*parts, *([] if self.confirmed else ["to confirm the conflict without presolve"]))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "why": self.why,
            "members": [guard.to_dict() for guard in self.members],
            "minimal": self.minimal,
            "confirmed": self.confirmed,
        }

    def _repr_html_(self) -> str:
        from unsched.report.notebook import contradiction_html

        return contradiction_html(self)


@frozen
class WayOut:
    """Rules and facts to relax, none of them without need, and the schedule that this makes possible.

    Args:
        relaxed: what is relaxed.
        price: what that costs by the price list.
        schedule: a schedule, which keeps everything else.
        broken: where it breaks what is relaxed.
        proven: whether no set of rules and facts that helps is cheaper, but for those of the ways before it.
    """

    relaxed: tuple[Guard, ...]
    price: int
    schedule: Schedule
    broken: tuple[Breach, ...]
    proven: bool = True

    def __str__(self) -> str:
        maybe = "" if self.proven else " (maybe there is a cheaper one)"
        lines = [f"price {self.price}{maybe}: without this:"]
        lines += [f"- {text}" for text in _sentences(self.relaxed)]
        if self.broken:
            count = len(self.schedule)
            lines.append(f"then {count} session{'s stand' if count != 1 else ' stands'}, and:")
            lines += [f"- {breach.text}" for breach in self.broken[:_NAMED]]
            if len(self.broken) > _NAMED:
                lines.append(f"- and {len(self.broken) - _NAMED} more")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "price": self.price,
            "proven": self.proven,
            "relaxed": [guard.to_dict() for guard in self.relaxed],
            "broken": [
                {"rule": breach.rule.kind, "sessions": list(breach.sessions), "text": breach.text}
                for breach in self.broken
            ],
            "schedule": self.schedule.to_dict(),
        }

    def _repr_html_(self) -> str:
        from unsched.report.notebook import way_html

        return way_html(self)


@frozen
class Explanation:
    """What `explain` returns.

    Args:
        problem: id of the problem.
        status: "infeasible" where it is proven that there is no schedule; "feasible" where there is one; "unknown".
        contradictions: why there is none: contradictions that are independent, each minimal. No two have a member in
            common.
        complete: whether these are all that are independent: any other shares a member with one of them.
        ways: ways out, the cheapest first.
        schedule: where there is a schedule, one.
        seconds: wall seconds in all.
        interrupted: whether the user interrupted it, or it was called off.
        further: other contradictions that were found, each of which shares a member with one of these.
    """

    problem: str
    status: Status
    contradictions: tuple[Contradiction, ...] = ()
    complete: bool = False
    ways: tuple[WayOut, ...] = ()
    schedule: Schedule | None = None
    seconds: float = 0.0
    interrupted: bool = False
    further: tuple[Contradiction, ...] = ()

    def __str__(self) -> str:
        took = f"({self.seconds:.2f} s{', interrupted' * self.interrupted})"
        parts = [f"{self.heading} {took}"]
        several = len(self.contradictions) > 1
        for number, one in enumerate(self.contradictions, 1):
            head = f"Conflict {number}: these" if several else "These"
            parts.append("\n".join([f"{head} cannot all hold:", *(f"  {line}" for line in str(one).splitlines())]))
        for number, way in enumerate(self.ways, 1):
            first, *rest = str(way).splitlines()
            parts.append("\n".join([f"Way out {number}, {first}", *(f"  {line}" for line in rest)]))
        if self.contradictions and self.complete and not self.ways:
            parts.append("No way out was found by what is negotiable.")
        return "\n\n".join(parts)

    @property
    def heading(self) -> str:
        """In one sentence, what was found."""
        if self.status is Status.FEASIBLE:
            return f"{self.problem}: there is a schedule"
        if self.status is Status.UNKNOWN:
            return f"{self.problem}: neither a schedule nor a proof that there is none was found"
        count = len(self.contradictions)
        if not count:
            return f"{self.problem}: there is no schedule; there was no time to say why"
        number = f"{count} independent conflict{'' if count == 1 else 's'}"
        if self.further:
            more, which = len(self.further), "it" if count == 1 else "one of them"
            number += f", and {more} more that share{'s' * (more == 1)} a rule or fact with {which}"
        number += "" if self.complete else "; there may be others"
        return f"{self.problem}: there is no schedule: {number}"

    @property
    def cut(self) -> tuple[str, ...]:
        """What there was no time for, in words; where there is nothing, the clock has no part in the answer."""
        parts = [] if self.status is not Status.UNKNOWN else ["whether there is a schedule"]
        if self.status is Status.INFEASIBLE and not self.complete:
            parts.append("whether there are other independent conflicts")
        parts += [part for one in (*self.contradictions, *self.further) for part in one.cut]
        parts += ["whether a way out is cheaper"] * any(not way.proven for way in self.ways)
        return tuple(dict.fromkeys(parts))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "problem": self.problem,
            "status": self.status.value,
            "complete": self.complete,
            "cut": list(self.cut),
            "conflicts": [one.to_dict() for one in self.contradictions],
            "further": [one.to_dict() for one in self.further],
            "ways": [way.to_dict() for way in self.ways],
            "schedule": None if self.schedule is None else self.schedule.to_dict(),
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the members as a pandas DataFrame: conflict (numbered from 1), rule, about, text."""
        from unsched.report.tables import conflicts_frame

        return conflicts_frame(self)

    def _repr_html_(self) -> str:
        from unsched.report.notebook import explanation_html

        return explanation_html(self)


def _sentences(guards: Iterable[Guard]) -> list[str]:
    """Return the sentences of rules x subjects, those of many subjects of one rule as one."""
    by_rule: dict[int, list[Guard]] = {}
    for guard in guards:
        by_rule.setdefault(id(guard.rule), []).append(guard)
    found: list[str] = []
    for same in by_rule.values():
        if len(same) <= _NAMED:
            found += dict.fromkeys(str(guard) for guard in same)
        else:
            names = ", ".join(repr(guard.about) for guard in same[:_NAMED])
            found.append(f"{same[0].rule.say()} This is about {names} and {len(same) - _NAMED} more.")
    return found
