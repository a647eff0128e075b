"""Who works on a search, and where."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from attrs import frozen

__all__ = ["Crew", "first_done"]

T = TypeVar("T")

_LOOK = 1.0

log = logging.getLogger(__name__)


@frozen(eq=False)
class Crew:
    """Who works.

    Args:
        workers: threads of CP-SAT, and parts under way at a time.
        seed: seed of the search.
        executor: where parts are solved; `None` makes threads here.
    """

    workers: int
    seed: int
    executor: Executor | None = None

    def excuse(self, error: Exception) -> None:
        """Let somebody else's executor break down, with which nothing is lost that has been found; raise all else."""
        if self.executor is None:
            raise error
        log.warning("the executor failed, and no more parts are solved: %r", error)

    @contextmanager
    def pool(self) -> Iterator[Executor]:
        """Yield what solves parts."""
        if self.executor is not None:
            yield self.executor
            return
        threads = ThreadPoolExecutor(self.workers, "unsched part")
        try:
            yield threads
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def first_done(under_way: Collection[Future[T]]) -> Future[T]:
    """Return the first of those that are done, once any is."""
    while True:
        # Whoever cancels without a word to those who wait would be waited for for ever.
        found = next((future for future in under_way if future.done()), None)
        if found is not None:
            return found
        wait(under_way, timeout=_LOOK, return_when=FIRST_COMPLETED)
