"""The price list of a problem: the user's prices before the default ones, and what each rule x subject costs by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from unsched.domain.fact import shown, to_tuple
from unsched.domain.price import Price, Prices
from unsched.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.solver.terms import Guard

__all__ = ["DEFAULT_PRICES", "PriceList"]

_REST = 2


DEFAULT_PRICES: tuple[Price, ...] = (
    Price("fixed-places", 2),
    Price("pin", 2),
    Price("room-open", 3),
    Price("available", 4),
    Price("features-present", 4),
    Price("equipment-enough", 4),
    Price("seats-enough", 5),
    Price("booths-enough", 5),
    Price("interpreters-enough", 5),
    Price("no-delegation-clash", 6),
    Price("every-session-placed", 8),
    Price("no-person-clash", None),
    Price("one-session-per-room", None),
    Price("within-window", None),
)
"""What planners find out first when they ask around; any other rule, since somebody has stated it, costs 2.

The laws of nature are not negotiable: two sessions in one room, one person in two places. To leave a session out is
dearest, and dearer the higher its priority.
"""


@frozen
class PriceList:
    """Prices, the user's before the default ones, and those about a subject before those about all."""

    _prices: tuple[Price, ...]

    @classmethod
    def of(cls, prices: Prices | Iterable[Price], problem: Problem) -> PriceList:
        """Make the list.

        Raises:
            InputError: what is given is no price, or names a kind of rule that the problem does not have, or it is
                the list of another problem.
        """
        if isinstance(prices, Prices) and prices.problem not in (None, problem.id):
            message = f"the prices are for problem {prices.problem!r}, not for {problem.id!r}"
            raise InputError([Fault("problem", message, "the price list of this problem.")], "the prices")
        given: Sequence[object] = prices.prices if isinstance(prices, Prices) else to_tuple(prices)
        known = {rule.kind for rule in problem.all_rules}
        standard = {price.kind for price in DEFAULT_PRICES}
        faults = []
        for index, price in enumerate(given):
            if not isinstance(price, Price):
                faults.append(Fault(f"prices[{index}]", f"{shown(price)} is not a Price", "Price(kind, 3)."))
            elif price.kind not in known | standard:
                near = nearest(price.kind, sorted(known)) or f"one of {', '.join(sorted(known))}."
                faults.append(Fault(f"prices[{index}].kind", f"the problem has no rule {price.kind!r}", near))
            elif price.kind in standard:
                faults += _strangers(problem, f"prices[{index}].about", price.about)
        if faults:
            raise InputError(faults, "the prices")
        return cls((*given, *DEFAULT_PRICES))  # type: ignore[arg-type]  # checked one by one

    def of_guard(self, problem: Problem, guard: Guard) -> int | None:
        """Return what it costs to relax a rule about a subject, or `None` where that is not negotiable."""
        if not guard.rule.softens:
            return None
        mine = [price for price in self._prices if price.kind == guard.rule.kind]
        named = next((price for price in mine if guard.about in price.about), None)
        found = named or next((price for price in mine if not price.about), None)
        if found is None:
            return _REST
        if found in DEFAULT_PRICES and found.kind == "every-session-placed":
            return _of_session(problem, guard.about, found.amount)
        return found.amount


def _strangers(problem: Problem, path: str, names: Sequence[str]) -> Iterator[Fault]:
    """Yield names of nothing; standard rules are about sessions, rooms, parties, equipment and languages."""
    known = dict.fromkeys(
        (
            *problem.sessions_by_id,
            *problem.rooms_by_id,
            *problem.persons_by_id,
            *problem.delegations_by_id,
            *problem.equipment_by_id,
            *(language for session in problem.sessions for language in session.languages),
        )
    )
    for index, name in enumerate(names):
        if name not in known and ", " not in name:
            yield Fault(f"{path}[{index}]", f"there is nothing called {name!r}", nearest(name, known))


def _of_session(problem: Problem, name: str, price: int | None) -> int | None:
    session = problem.sessions_by_id.get(name)
    return price if session is None or price is None else price + max(0, 4 - session.priority)
