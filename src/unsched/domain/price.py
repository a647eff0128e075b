"""What is negotiable, and at what price: which rules and facts may give way so that there is a schedule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count, check_each, check_id, to_ids, to_tuple
from unsched.errors import Fault

__all__ = ["NEVER", "Price", "Prices"]

NEVER = "never"
"""The price of what is not negotiable, as files and the command line say it."""
_MOST = 10**6


def _to_price(price: int | str | None) -> int | Literal["never"] | None:
    return None if price == NEVER else price  # type: ignore[return-value]  # what is neither is found by `faults`


@frozen
class Price(Fact):
    """What it costs, once, that a rule is relaxed about a subject.

    Args:
        kind: the kind of rule, such as "room-open".
        price: a whole number from 1 to a million; "never" (or `None`, which it becomes) is not negotiable.
        about: ids of the subjects meant (rooms, persons, sessions ...); none at all is every subject.

    >>> print(Price("room-open", 1, about="XXVI"))
    room-open about XXVI: 1
    """

    kind: str
    price: int | Literal["never"] | None = field(converter=_to_price)
    about: tuple[str, ...] = field(default=(), converter=to_ids)

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this price by itself."""
        yield from check_id("kind", self.kind)
        yield from check_count("price", self.price, least=1, optional=True)
        if isinstance(self.price, int) and self.price > _MOST:
            yield Fault("price", f"{self.price} is more than {_MOST}", "'never', where it is not negotiable.")
        yield from check_each("about", self.about)

    @property
    def amount(self) -> int | None:
        """What it costs; `None` is not negotiable."""
        return self.price if isinstance(self.price, int) else None

    def __str__(self) -> str:
        about = f" about {', '.join(self.about)}" if self.about else ""
        return f"{self.kind}{about}: {'not negotiable' if self.price is None else self.price}"


@frozen
class Prices(Fact):
    """A price list: what a file of prices holds.

    Args:
        prices: the prices; of several that fit, the first counts, and one about a subject before one about all.
        problem: id of the problem that they are for; `None` is any.
    """

    prices: tuple[Price, ...] = field(converter=to_tuple)
    problem: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with these prices by themselves."""
        yield from check_each("prices", self.prices, Price, unique=False)
        if self.problem is not None:
            yield from check_id("problem", self.problem)

    def __len__(self) -> int:
        return len(self.prices)

    def __iter__(self) -> Iterator[Price]:
        return iter(self.prices)
