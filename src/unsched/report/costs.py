"""What breaches come to, by tier and kind of rule."""

from __future__ import annotations

from collections.abc import Iterable

from unsched.rules.base import Breach, Preference

__all__ = ["costs", "tier_of"]


def tier_of(breach: Breach) -> int | None:
    """Return the tier in which a breach is paid for; `None` where its rule must hold."""
    return breach.rule.tier if isinstance(breach.rule, Preference) else None


def costs(breaches: Iterable[Breach]) -> list[tuple[int | None, str, int, int, int]]:
    """Return what breaches come to by tier and kind of rule: tier, kind, how many, their amount, their cost.

    Broken constraints come first, under the tier `None`; then tier by tier, the dearest kind first.
    """
    sums: dict[tuple[int | None, str], list[int]] = {}
    for one in breaches:
        entry = sums.setdefault((tier_of(one), one.rule.kind), [0, 0, 0])
        for place, more in enumerate((1, one.amount, one.cost)):
            entry[place] += more
    found = [(tier, kind, count, amount, cost) for (tier, kind), (count, amount, cost) in sums.items()]
    return sorted(found, key=lambda one: (one[0] or 0, -one[4], -one[3], one[1]))
