"""What every request is: facts that are read like those of a file, and an answer of plain data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import frozen

from unsched.domain.fact import Fact, check_count
from unsched.embed.wire import Id
from unsched.errors import Fault

if TYPE_CHECKING:
    from unsched.solver.stop import Cancel, Progress

__all__ = ["Desk", "Request", "check_workers"]

_MOST_WORKERS: Final = 256


@frozen(eq=False)
class Desk:
    """What a request has around it.

    Args:
        call_off: calls another request off, by its id; returns whether there is one.
        limits: what the process does at most.
        cancel: called off when this request is.
        tell: tells how far a search has come, at most so many times a second.
    """

    call_off: Callable[[Id], bool]
    limits: Mapping[str, int]
    cancel: Cancel
    tell: Callable[[Progress, float], None]


class Request(Fact, ABC):
    """Something that is asked for; subclasses are frozen attrs classes, whose fields are the parameters."""

    __slots__ = ()

    kind: ClassVar[str]
    """What it is called in messages; never renamed."""
    result: ClassVar[type]
    """The shape of what is answered."""
    quick: ClassVar[bool] = False
    """Whether it is answered before the next line is read."""

    @abstractmethod
    def answer(self, desk: Desk) -> dict[str, Any]:
        """Do what is asked for, and return what came of it."""


def check_workers(value: int | None) -> Iterator[Fault]:
    """Yield a fault unless `value` is a number of threads that a machine can have, or `None`."""
    yield from check_count("workers", value, least=1, optional=True)
    if isinstance(value, int) and value > _MOST_WORKERS:
        yield Fault("workers", f"{value} is more than {_MOST_WORKERS}", "fewer, or none named.")
