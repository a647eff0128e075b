"""What a family of instances has to say: how it is read, written, and scored in its own terms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from attrs import field, frozen

from unsched import Problem, Schedule

__all__ = ["FAMILIES", "Family", "Instance", "Score", "family", "stem"]

N = TypeVar("N")

FAMILIES = {
    "conference": "benchmarks.conference:ConferenceFamily",
    "cosplib": "benchmarks.cosplib:CosplibFamily",
    "cstd": "benchmarks.cstd:CstdFamily",
    "emf": "benchmarks.emf:EmfFamily",
    "frab": "benchmarks.frab:FrabFamily",
    "grid": "benchmarks.grid:GridFamily",
    "ietf": "benchmarks.ietf:IetfFamily",
    "itc2007": "benchmarks.itc2007:Itc2007Family",
    "meetings": "benchmarks.meetings:MeetingsFamily",
    "palais": "benchmarks.palais:PalaisFamily",
}


@frozen
class Instance(Generic[N]):
    """One instance: the family's own facts, and the problem that they are stated as.

    Args:
        name: what the instance is called in results.
        facts: what its file says, in the family's own terms.
        problem: the same as a problem, made of catalogue rules only.
    """

    name: str
    facts: N
    problem: Problem


@frozen
class Score:
    """What a native solution costs, in the family's own scoring.

    Args:
        levels: the cost, most important level first; one number for most families.
        terms: what the cost is made of, by the family's names.
        faults: hard requirements that it breaks, in words; a solution that has any counts for nothing.
    """

    levels: tuple[int, ...]
    terms: Mapping[str, int] = field(factory=dict)
    faults: tuple[str, ...] = ()


class Family(ABC, Generic[N]):
    """One family of instances.

    A scorer never sees the problem, the schedule, or anything else of unsched: it reads the instance's own facts and
    the text of a native solution, so that its count is that of others.
    """

    summary: ClassVar[str]
    """A line on what it is, with the forms that a source can have."""
    suffix: ClassVar[str] = ".txt"
    """How the name of a native solution file ends."""

    @abstractmethod
    def read(self, source: str) -> Instance[N]:
        """Read an instance from a file's path (or, where the family generates, from a line such as `weeks=4,seed=1`).

        Raises:
            InputError: it is not of this family; with the place and the remedy.
        """

    @abstractmethod
    def write(self, instance: Instance[N], schedule: Schedule) -> str:
        """Return a schedule as the text of a native solution."""

    @abstractmethod
    def score(self, facts: N, solution: str) -> Score:
        """Return what a native solution costs."""

    def levels(self, instance: Instance[N], costs: Mapping[int, int]) -> tuple[int, ...]:
        """Return costs (or bounds) by tier in the levels of the family's own scoring."""
        return tuple(costs[tier] for tier in sorted(costs) if tier > 0) or (0,)


def family(name: str) -> Family[object]:
    """Return a family by name.

    Raises:
        KeyError: there is none of this name.
    """
    module, _, cls = FAMILIES[name].partition(":")
    found: Family[object] = getattr(import_module(module), cls)()
    return found


def stem(source: str) -> str:
    """Return what an instance is called: the name of its file without folder and ending."""
    return Path(source).name.partition(".")[0]
