"""What others reached on the same instances, with where that is from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

__all__ = ["Known", "read_known"]


@frozen
class Known:
    """What one source says of some instances of a family.

    Args:
        family: the family.
        name: what it is called at the head of a column.
        source: where the figures are from.
        costs: by instance, a cost, a cost by level, or words.
    """

    family: str
    name: str
    source: str
    costs: Mapping[str, int | Sequence[int] | str]

    def shown(self, instance: str) -> str:
        """Return what is known of an instance, as people read it."""
        cost = self.costs.get(instance, "-")
        if isinstance(cost, str):
            return cost
        return f"{cost:,}" if isinstance(cost, int) else "/".join(f"{level:,}" for level in cost)


def read_known() -> list[Known]:
    """Read the file of figures, which is part of the benchmarks."""
    path = Path(__file__).with_name("known.toml")
    return [Known(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["known"]]
