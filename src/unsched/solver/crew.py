"""Who works on a search, and where."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from attrs import frozen

__all__ = ["Crew"]

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
