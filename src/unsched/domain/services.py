"""Services: teams of interpreters, and equipment that moves from room to room."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from unsched.domain.fact import Fact, check_count, check_each, check_id, check_text
from unsched.domain.time import Period, to_periods
from unsched.errors import Fault

__all__ = ["Equipment", "Team"]


@frozen
class Team(Fact):
    """Interpreters who work together in the booth of one language.

    Args:
        id: what the team is called everywhere, such as "ar-1".
        language: the language into which it interprets, as sessions name it.
        interpreters: how many interpreters it is made of; `None` is unknown.
        available: when it can work; `None` means always.
        source: where these figures come from.
    """

    id: str
    language: str
    interpreters: int | None = None
    available: tuple[Period, ...] | None = field(default=None, converter=to_periods)
    source: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this team."""
        yield from check_id("id", self.id)
        yield from check_id("language", self.language)
        yield from check_count("interpreters", self.interpreters, least=1, optional=True, unit="interpreters")
        if self.available is not None:
            yield from check_each("available", self.available, Period)
        yield from check_text("source", self.source, optional=True)


@frozen
class Equipment(Fact):
    """Things that sessions borrow and that move from room to room, such as mobile captioning kits.

    A room that lists the id among its features has its own, and borrows none.

    Args:
        id: what it is called everywhere, such as "captioning".
        units: how many there are to move about.
        name: its full name.
        source: where these figures come from.
    """

    id: str
    units: int
    name: str | None = None
    source: str | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield everything that is wrong with this equipment."""
        yield from check_id("id", self.id)
        yield from check_count("units", self.units, unit="units")
        yield from check_text("name", self.name, optional=True)
        yield from check_text("source", self.source, optional=True)
